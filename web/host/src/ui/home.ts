// The home screen: search, recent programs, favourites, everything that is released.
import { css, html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { programAddress } from "../address";
import { consumer } from "../consumer";
import { Problem } from "../fetching";
import { prefetchLaunch } from "../runner/launch";
import { favourites, listPrograms, recents, type Listed } from "../shelf";
import { setTheme, theme, type Theme } from "../theme";
import { homeWords } from "../words/home";
import { lang, setLang } from "../words/lang";
import { Element, base } from "./base";
import { faceOf } from "./face";
import { icons, seal } from "./icons";
import "./tile";

type State = { is: "loading" } | { is: "failed"; problem: unknown } | { is: "listed"; items: Listed[]; next: string; more: boolean };

export class Home extends Element {
  static override properties = { state: { state: true }, query: { state: true }, nowhere: {} };
  declare state: State;
  declare query: string;
  /** A path that is no address of this host, to be said so; "" for none. */
  declare nowhere: string;
  private asking: AbortController | null = null;
  private stopConsumer: (() => void) | null = null;
  private typing: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.state = { is: "loading" };
    this.query = "";
    this.nowhere = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.stopConsumer = consumer.follow(() => this.requestUpdate());
    void this.ask();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stopConsumer?.();
    clearTimeout(this.typing);
    this.asking?.abort();
  }

  private async ask(): Promise<void> {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    // What is on the screen stays while a search runs; the skeleton is for when there is nothing yet.
    if (this.state.is !== "listed") this.state = { is: "loading" };
    try {
      const { items, next } = await listPrograms(this.query.trim(), "", asking.signal);
      if (!asking.signal.aborted) this.state = { is: "listed", items, next, more: false };
    } catch (problem) {
      if (!asking.signal.aborted) this.state = { is: "failed", problem };
    }
  }

  private async more(): Promise<void> {
    const before = this.state;
    if (before.is !== "listed" || before.more) return;
    this.state = { ...before, more: true };
    const { signal } = this.asking ?? new AbortController();
    try {
      const { items, next } = await listPrograms(this.query.trim(), before.next, signal);
      const known = new Set(before.items.map((i) => i.id));
      if (!signal.aborted) this.state = { is: "listed", items: [...before.items, ...items.filter((i) => !known.has(i.id))], next, more: false };
    } catch {
      if (!signal.aborted) this.state = { ...before, more: false }; // the button is there again
    }
  }

  private typed(query: string): void {
    this.query = query;
    clearTimeout(this.typing);
    this.typing = setTimeout(() => void this.ask(), 200);
  }

  private search(query: string): void {
    this.query = query;
    clearTimeout(this.typing);
    void this.ask();
    this.renderRoot.querySelector("input")?.focus();
  }

  static override styles = [base, css`
    :host { display: block; height: 100%; overflow: hidden auto; overscroll-behavior: contain; background: var(--paper); scrollbar-width: none; }
    .top { position: sticky; top: 0; z-index: 1; padding: calc(var(--status) + 10px) 20px 10px; background: color-mix(in srgb, var(--paper) 86%, transparent); backdrop-filter: saturate(1.6) blur(16px); -webkit-backdrop-filter: saturate(1.6) blur(16px); }
    .brand { display: flex; align-items: center; gap: 10px; min-height: 44px; }
    .brand h1 { font-size: 22px; line-height: 1.2; font-weight: 700; letter-spacing: .02em; flex: 1; min-width: 0; }
    .brand small { display: block; font-size: 12px; font-weight: 400; color: var(--ink-2); letter-spacing: 0; }
    .tool { width: 44px; height: 44px; border-radius: 50%; display: grid; place-items: center; font-size: 14px; font-weight: 600; color: var(--ink-2); }
    .tools { display: flex; margin: 0 -10px 0 -6px; }
    .tool .face { width: 30px; height: 30px; border-radius: 50%; }
    .tool:hover { background: var(--press); }
    .search { display: flex; align-items: center; gap: 8px; margin-top: 8px; height: 44px; padding: 0 4px 0 12px; border-radius: 14px; background: var(--card); border: 1px solid var(--line); color: var(--ink-2); }
    .search:focus-within { border-color: var(--focus); box-shadow: 0 0 0 1px var(--focus); }
    .search input { flex: 1; min-width: 0; border: 0; outline: 0; background: none; color: var(--ink); font-size: 16px; appearance: none; }
    .search input::placeholder { color: var(--ink-2); opacity: 1; }
    .search input::-webkit-search-cancel-button { display: none; }
    .search button { width: 36px; height: 36px; display: grid; place-items: center; }
    .search svg { width: 20px; height: 20px; }
    main { padding: 8px 20px calc(32px + env(safe-area-inset-bottom)); }
    section { margin-top: 20px; }
    section:first-child { margin-top: 6px; }
    h2 { font-size: 15px; font-weight: 600; margin-bottom: 10px; }
    .row { display: flex; gap: 6px; overflow-x: auto; scrollbar-width: none; margin: 0 -20px; padding: 2px 14px; scroll-snap-type: x proximity; }
    .row a { --size: 56px; flex: none; width: 80px; padding: 6px 4px; border-radius: 14px; text-align: center; scroll-snap-align: start; }
    .row mm-program-icon { margin: 0 auto 6px; box-shadow: var(--shadow); }
    .row span { display: block; font-size: 12px; line-height: 16px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    a { color: inherit; text-decoration: none; display: block; }
    .tiles { background: var(--card); border-radius: 18px; box-shadow: var(--shadow); overflow: hidden; }
    .tiles a, .bone { --size: 56px; display: flex; align-items: center; gap: 14px; padding: 12px 16px; position: relative; min-height: 80px; }
    .tiles li + li a::before { content: ""; position: absolute; top: 0; left: 86px; right: 0; border-top: 1px solid var(--line); }
    .tiles a:hover, .row a:hover { background: var(--press); }
    .tiles a:focus-visible { outline-offset: -3px; border-radius: 18px; }
    .words { flex: 1; min-width: 0; }
    .words b { display: block; font-weight: 600; font-size: 16px; line-height: 22px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .words span { display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; font-size: 13px; line-height: 18px; color: var(--ink-2); }
    .go { color: var(--ink-2); opacity: .5; }
    .go svg { width: 18px; height: 18px; }
    .bone i { display: block; background: var(--press); border-radius: 8px; animation: breathe 1.4s ease-in-out infinite alternate; }
    .bone i:first-child { width: 56px; height: 56px; border-radius: 13px; }
    .bone div { flex: 1; display: grid; gap: 8px; }
    .bone div i:first-child { width: 42%; height: 14px; border-radius: 7px; }
    .bone div i:last-child { width: 78%; height: 12px; border-radius: 6px; }
    @keyframes breathe { to { opacity: .4; } }
    .message { text-align: center; padding: 56px 24px; color: var(--ink-2); font-size: 14px; }
    .message svg { width: 44px; height: 44px; margin: 0 auto 14px; opacity: .6; stroke-width: 1.4; }
    .message h2 { font-size: 17px; color: var(--ink); margin-bottom: 6px; }
    .message button { margin-top: 20px; }
    .message code { font: 12px/1.5 var(--mono); display: block; margin-top: 10px; overflow-wrap: anywhere; }
    .more { display: block; width: 100%; margin-top: 14px; }
    .note { background: var(--warn-ground); color: var(--warn); border-radius: 14px; padding: 12px 16px; font-size: 14px; overflow-wrap: anywhere; }
  `];

  protected override render() {
    const t = homeWords();
    const searching = this.query.trim() !== "";
    return html`
      <header class="top">
        <div class="brand">${seal(36)}<h1>${t.title}<small>${t.tagline}</small></h1><div class="tools">${this.themeButton()}
          <button class="tool" id="language" lang=${lang() === "zh" ? "en" : "zh-CN"} aria-label=${t.language} title=${t.language} @click=${() => setLang(lang() === "zh" ? "en" : "zh")}>${t.languageShort}</button>
          ${consumer.available ? html`<button class="tool" id="me" aria-label=${consumer.me ? t.me(consumer.me.nickname) : t.signIn} title=${consumer.me ? t.me(consumer.me.nickname) : t.signIn} @click=${() => this.emit("mm-person")}>${consumer.me ? faceOf(consumer.me) : icons.person}</button>` : nothing}</div>
        </div>
        <form class="search" role="search" @submit=${(e: Event) => { e.preventDefault(); this.search(this.query); }}>${icons.search}
          <input type="search" enterkeyhint="search" autocomplete="off" spellcheck="false" maxlength="60" placeholder=${t.search} aria-label=${t.search} .value=${this.query} @input=${(e: Event) => this.typed((e.target as HTMLInputElement).value)}>
          ${this.query ? html`<button type="button" aria-label=${t.clear} @click=${() => this.search("")}>${icons.close}</button>` : nothing}
        </form>
      </header>
      <main>
        ${this.nowhere ? html`<p class="note" role="alert"><b>${t.nowhere}</b><br>${t.nowhereHint(this.nowhere)}</p>` : nothing}
        ${searching ? nothing : [this.row(t.recent, recents()), this.row(t.favourites, favourites())]}
        <section aria-busy=${this.state.is === "loading" ? "true" : "false"} aria-live="polite">${this.list(searching ? t.results(this.query.trim()) : t.all)}</section>
      </main>`;
  }

  private themeButton() {
    const t = homeWords();
    const next: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };
    const label = { system: t.themeSystem, light: t.themeLight, dark: t.themeDark }[theme()];
    const icon = { system: icons.auto, light: icons.sun, dark: icons.moon }[theme()];
    return html`<button class="tool" id="theme" aria-label=${label} title=${label} @click=${() => { setTheme(next[theme()]); this.requestUpdate(); }}>${icon}</button>`;
  }

  private row(title: string, programs: Listed[]) {
    if (programs.length === 0) return nothing;
    return html`<section><h2>${title}</h2><div class="row">${repeat(programs, (p) => p.id, (p) => html`
      <a href=${programAddress(p.id)} @click=${(e: MouseEvent) => this.go(e, p)} @pointerdown=${() => prefetchLaunch(p.id)}>
        <mm-program-icon .name=${p.name} .src=${p.icon} .key=${p.id}></mm-program-icon><span>${p.name}</span></a>`)}</div></section>`;
  }

  private list(title: string) {
    const t = homeWords();
    const { state } = this;
    if (state.is === "loading") {
      return html`<h2>${title}</h2><div class="tiles" role="status" aria-label=${t.loading}>${[1, 2, 3, 4].map(() => html`<div class="bone"><i></i><div><i></i><i></i></div></div>`)}</div>`;
    }
    if (state.is === "failed") {
      const unreachable = state.problem instanceof Problem && state.problem.status === 0;
      return html`<div class="message" role="alert">${icons.fail}<h2>${unreachable ? t.unreachable : t.failed}</h2><p>${unreachable ? t.unreachableHint : nothing}</p>
        ${unreachable ? nothing : html`<code>${state.problem instanceof Error ? state.problem.message : String(state.problem)}</code>`}
        <button class="filled" @click=${() => this.ask()}>${t.retry}</button></div>`;
    }
    if (state.items.length === 0) {
      const query = this.query.trim();
      return html`<div class="message">${query ? icons.search : icons.home}<h2>${query ? t.nothing(query) : t.empty}</h2><p>${query ? t.nothingHint : t.emptyHint}</p>
        ${query ? html`<button class="plain" @click=${() => this.search("")}>${t.showAll}</button>` : nothing}</div>`;
    }
    return html`<h2>${title}</h2><ul class="tiles">${repeat(state.items, (p) => p.id, (p) => html`
      <li><a href=${programAddress(p.id)} data-app=${p.id} @click=${(e: MouseEvent) => this.go(e, p)} @pointerdown=${() => prefetchLaunch(p.id)}>
        <mm-program-icon .name=${p.name} .src=${p.icon} .key=${p.id}></mm-program-icon>
        <div class="words"><b>${p.name}</b>${p.summary ? html`<span>${p.summary}</span>` : nothing}</div><div class="go">${icons.forward}</div></a></li>`)}</ul>
      ${state.next ? html`<button class="plain more" ?disabled=${state.more} @click=${() => this.more()}>${state.more ? t.loading : t.more}</button>` : nothing}`;
  }

  private go(e: MouseEvent, p: Listed): void {
    if (e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return; // a new tab is the browser's business
    e.preventDefault();
    this.emit("mm-open", programAddress(p.id));
  }
}

customElements.define("mm-home", Home);
