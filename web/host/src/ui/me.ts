// The consumer's own page: who they are, PLUS, what programs know, where they are signed in.
import { css, html, nothing } from "lit";
import { meAddress, type MePage } from "../address";
import { consumer, type Avatar, type Me as Person } from "../consumer";
import { Problem } from "../fetching";
import { day } from "../words/lang";
import { meWords } from "../words/me";
import { Element, base } from "./base";
import { faceOf } from "./face";
import { icons } from "./icons";
import "./me-devices";
import "./me-plus";
import "./me-privacy";
import type { Overlays } from "./overlays";

export class Me extends Element {
  static override properties = { page: {}, app: {}, overlays: { attribute: false }, ready: { state: true }, editing: { state: true }, faces: { state: true }, busy: { state: true }, wrong: { state: true } };
  declare page: MePage;
  /** of the program whose permissions are looked at, "" for none */
  declare app: string;
  declare overlays: Overlays;
  declare ready: boolean;
  /** the profile as it would be, or null */
  declare editing: { nickname: string; avatar: string } | null;
  /** to choose from */
  declare faces: Avatar[];
  declare busy: boolean;
  declare wrong: string;
  private stop: (() => void) | null = null;

  constructor() {
    super();
    this.page = "me";
    this.app = this.wrong = "";
    this.ready = this.busy = false;
    this.editing = null;
    this.faces = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.stop = consumer.follow(() => this.requestUpdate());
    void consumer.ready().then(() => (this.ready = true));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop?.();
  }

  private say(title: string, icon: "success" | "none" = "success"): void {
    this.overlays.showToast({ title, icon, image: null, mask: false }, icon === "success" ? 1500 : 2500);
  }

  private edit(me: Person): void {
    this.editing = { nickname: me.nickname, avatar: me.avatar };
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("#nickname")?.focus());
    if (this.faces.length === 0) void consumer.avatars().then((faces) => (this.faces = faces), () => {}); // the name can be changed all the same
  }

  private async save(): Promise<void> {
    const { editing } = this;
    if (!editing || this.busy) return;
    this.busy = true;
    this.wrong = "";
    try {
      await consumer.change({ nickname: editing.nickname.trim(), avatar: editing.avatar });
      this.editing = null;
      this.say(meWords().saved);
    } catch (e) {
      this.wrong = e instanceof Problem ? (e.fields.nickname ?? e.fields.avatar ?? e.message) : String(e);
    } finally {
      this.busy = false;
    }
  }

  private async signOut(): Promise<void> {
    const t = meWords();
    const yes = await this.overlays.open({ kind: "modal", title: t.signOut, content: t.signOutHint, cancel: "", confirm: t.signOut }).catch(() => null);
    if (yes === null) return;
    try {
      await consumer.signOut();
      this.say(t.signedOutNow);
      this.emit("mm-up");
    } catch (e) {
      this.say(e instanceof Error ? e.message : String(e), "none");
    }
  }

  private signIn(): void {
    void this.overlays.open({ kind: "sign-in", program: null }).catch(() => null);
  }

  private readonly go = (e: MouseEvent) => {
    if (e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
    e.preventDefault();
    this.emit("mm-open", (e.currentTarget as HTMLAnchorElement).getAttribute("href"));
  };

  static override styles = [base, css`
    :host { display: block; height: 100%; overflow: hidden auto; overscroll-behavior: contain; background: var(--paper); scrollbar-width: none; }
    header { position: sticky; top: 0; z-index: 1; display: flex; align-items: center; padding: calc(var(--status) + 4px) 8px 4px; background: color-mix(in srgb, var(--paper) 86%, transparent); backdrop-filter: saturate(1.6) blur(16px); -webkit-backdrop-filter: saturate(1.6) blur(16px); }
    header button, header i { width: 44px; height: 44px; display: grid; place-items: center; border-radius: 50%; flex: none; }
    header button:hover { background: var(--press); }
    header h1 { flex: 1; text-align: center; font-size: 17px; font-weight: 600; }
    main { padding: 8px 20px calc(40px + var(--bottom)); }
    .person { display: flex; align-items: center; gap: 16px; padding: 18px 16px; background: var(--card); border-radius: 18px; box-shadow: var(--shadow); }
    .person .face { width: 60px; height: 60px; border-radius: 50%; flex: none; background: var(--press); }
    .person div { flex: 1; min-width: 0; }
    .person b { display: block; font-size: 20px; line-height: 28px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .person span { font-size: 14px; color: var(--ink-2); font-variant-numeric: tabular-nums; }
    .person button { min-height: 44px; padding: 0 12px; border-radius: 12px; font-size: 14px; color: var(--accent); flex: none; }
    .edit { display: block; margin-top: 12px; padding: 18px 16px 16px; background: var(--card); border-radius: 18px; box-shadow: var(--shadow); }
    label, legend { display: block; padding: 0; font-size: 13px; color: var(--ink-2); }
    input[type="text"] { display: block; width: 100%; height: 48px; margin: 6px 0 0; padding: 0 14px; border: 1px solid var(--line); border-radius: 12px; background: var(--paper); font-size: 16px; }
    fieldset { border: 0; margin: 16px 0 0; padding: 0; min-width: 0; }
    .faces { display: grid; grid-template-columns: repeat(6, 1fr); gap: 8px; margin-top: 8px; }
    .faces label { position: relative; aspect-ratio: 1; border-radius: 50%; cursor: pointer; }
    .faces img { width: 100%; height: 100%; border-radius: 50%; display: block; background: var(--press); }
    .faces input { position: absolute; inset: 0; opacity: 0; margin: 0; width: 100%; height: 100%; cursor: pointer; }
    .faces input:checked + img { box-shadow: 0 0 0 2px var(--card), 0 0 0 4px var(--accent); }
    .faces input:focus-visible + img { outline: 2px solid var(--focus); outline-offset: 5px; }
    .wrong { margin-top: 8px; font-size: 13px; color: var(--error); }
    .buttons { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; margin-top: 18px; }
    .plus { display: flex; align-items: center; gap: 14px; margin-top: 16px; padding: 16px; border-radius: 18px; color: #f4e3c1; background: linear-gradient(120deg, #2b2622, #4a3d2f); text-decoration: none; }
    .plus i { width: 40px; height: 40px; border-radius: 12px; display: grid; place-items: center; background: rgb(244 227 193 / 14%); flex: none; }
    .plus div { flex: 1; min-width: 0; }
    .plus b { display: block; font-size: 16px; line-height: 22px; }
    .plus span { font-size: 13px; opacity: .86; }
    .plus em { font-style: normal; font-size: 14px; font-weight: 600; padding: 7px 14px; border-radius: 16px; background: #f4e3c1; color: #2b2622; flex: none; }
    .rows { margin-top: 16px; background: var(--card); border-radius: 18px; box-shadow: var(--shadow); overflow: hidden; }
    .rows a, .rows button { display: flex; align-items: center; gap: 14px; width: 100%; min-height: 60px; padding: 8px 12px 8px 16px; color: inherit; text-decoration: none; text-align: left; font-size: 16px; }
    .rows li + li { border-top: 1px solid var(--line); }
    .rows a:hover, .rows button:hover { background: var(--press); }
    .rows :is(a, button):focus-visible { outline-offset: -3px; border-radius: 18px; }
    .rows svg { color: var(--ink-2); flex: none; }
    .rows span { flex: 1; }
    .rows .forward svg { width: 18px; height: 18px; }
    .message { text-align: center; padding: 72px 24px; color: var(--ink-2); font-size: 14px; }
    .message > svg { width: 48px; height: 48px; margin: 0 auto 14px; opacity: .6; stroke-width: 1.4; }
    .message h2 { font-size: 17px; color: var(--ink); margin-bottom: 6px; }
    .message button { margin-top: 20px; }
  `];

  protected override render() {
    const t = meWords();
    const title = { me: t.me, plus: t.plus, privacy: t.privacy, devices: t.devices }[this.page];
    return html`<header><button id="up" aria-label=${t.back} @click=${() => this.emit("mm-up")}>${icons.back}</button><h1>${title}</h1><i></i></header><main>${this.body()}</main>`;
  }

  protected override updated(): void {
    const t = meWords();
    document.title = { me: t.me, plus: t.plus, privacy: t.privacy, devices: t.devices }[this.page];
  }

  private body() {
    const t = meWords();
    if (!this.ready) return nothing;
    const { me } = consumer;
    if (!me) return html`<div class="message">${icons.person}<h2>${t.signedOut}</h2><p>${t.signedOutHint}</p>${consumer.available ? html`<button class="filled" id="sign-in" @click=${this.signIn}>${t.signIn}</button>` : nothing}</div>`;
    if (this.page === "plus") return html`<mm-me-plus .overlays=${this.overlays}></mm-me-plus>`;
    if (this.page === "privacy") return this.app ? html`<mm-me-program .app=${this.app} .overlays=${this.overlays}></mm-me-program>` : html`<mm-me-privacy></mm-me-privacy>`;
    if (this.page === "devices") return html`<mm-me-devices .overlays=${this.overlays}></mm-me-devices>`;
    return this.overview(me);
  }

  private overview(me: Person) {
    const t = meWords();
    const member = me.plus.level === "plus";
    const row = (page: MePage, icon: unknown, label: string) => html`<li><a href=${meAddress(page)} data-page=${page} @click=${this.go}>${icon}<span>${label}</span><i class="forward">${icons.forward}</i></a></li>`;
    return html`
      <section class="person">${faceOf(me)}<div><b>${me.nickname}</b><span>${me.phone || t.noPhone}</span></div>
        ${this.editing ? nothing : html`<button id="edit" @click=${() => this.edit(me)}>${t.edit}</button>`}</section>
      ${this.editing ? this.editor(this.editing) : nothing}
      <a class="plus" href=${meAddress("plus")} data-page="plus" @click=${this.go}><i>${icons.plus}</i><div><b>${t.plus}</b><span>${member ? t.plusUntil(day(me.plus.until)) : t.plusNone}</span></div>${member ? icons.forward : html`<em>${t.join}</em>`}</a>
      <ul class="rows">${row("privacy", icons.shield, t.privacy)}${row("devices", icons.devices, t.devices)}
        <li><button id="sign-out" @click=${() => this.signOut()}>${icons.leaveDoor}<span>${t.signOut}</span></button></li></ul>`;
  }

  private editor(edit: { nickname: string; avatar: string }) {
    const t = meWords();
    return html`<form class="edit" @submit=${(e: Event) => { e.preventDefault(); void this.save(); }}>
      <label for="nickname">${t.nickname}</label>
      <input id="nickname" type="text" maxlength="20" autocomplete="nickname" .value=${edit.nickname} aria-invalid=${this.wrong !== ""} aria-describedby="wrong" @input=${(e: Event) => (this.editing = { ...edit, nickname: (e.target as HTMLInputElement).value })}>
      <fieldset><legend>${t.picture}</legend><div class="faces">${this.faces.map(({ key, url }) => html`<label><input type="radio" name="avatar" value=${key} aria-label=${t.pictureOf(key)} .checked=${key === edit.avatar} @change=${() => (this.editing = { ...edit, avatar: key })}><img src=${url} alt=""></label>`)}</div></fieldset>
      ${this.wrong ? html`<p class="wrong" id="wrong" role="alert">${this.wrong}</p>` : nothing}
      <div class="buttons"><button class="plain" type="button" @click=${() => { this.editing = null; this.wrong = ""; }}>${t.cancel}</button><button class="filled" id="save" ?disabled=${this.busy || edit.nickname.trim() === ""}>${t.save}</button></div></form>`;
  }
}

customElements.define("mm-me", Me);
