// The host: decides what the address asks for, and draws the desk around the phone.
import { css, html, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { meAddress, parseAddress, SCENE, type Address } from "../address";
import { consumer } from "../consumer";
import { placeOfDiagnostic, Preview, type Build } from "../preview/client";
import type { Launch } from "../runner/launch";
import type { LogEntry } from "../runner/program";
import { Steps, type Place } from "../steps";
import { deskWords } from "../words/desk";
import { homeWords } from "../words/home";
import { locale } from "../words/lang";
import { previewWords } from "../words/preview";
import { Element, base } from "./base";
import "./console";
import "./home";
import "./me";
import { Overlays } from "./overlays";
import { battery, icons, seal } from "./icons";
import { versionLabel } from "./overlays-view";
import type { Runner } from "./runner";
import "./runner";

/** What the address bar asks for. A program opened from home says so in the history, not in an address that may be passed on. */
function here(): Address {
  const url = new URL(location.href);
  const address = parseAddress(url);
  const fromHome = (history.state as { fromHome?: unknown } | null)?.fromHome === true;
  return address.at === "program" && fromHome && !url.searchParams.has("scene") ? { ...address, scene: SCENE.home } : address;
}

export class Host extends Element {
  static override properties = { address: { state: true }, launch: { state: true }, sheet: { state: true }, dismissed: { state: true }, clock: { state: true }, ink: { state: true } };
  declare address: Address;
  declare launch: Launch | null;
  /** the console as a sheet on a phone */
  declare sheet: boolean;
  /** the build whose errors were put aside */
  declare dismissed: Build | null;
  declare clock: string;
  /** colour of the desk phone's status bar over a program: black, white, or "" for the host's own */
  declare ink: string;
  private preview: Preview | null = null;
  /** grows with each opened program, so that the same one opened anew is a new element */
  private run = 0;
  /** over home and the consumer's own pages; a program's screen has its own */
  private readonly overlays = new Overlays();
  private readonly steps = new Steps(history, {
    arrive: () => this.arrive(),
    stepBack: () => {
      const { runner } = this;
      if (!runner) return this.overlays.cancelTop();
      if (!runner.canGoBack) return false;
      runner.goBack();
      return true;
    },
  });
  private readonly over = new AbortController();

  constructor() {
    super();
    this.address = here();
    this.launch = null;
    this.sheet = false;
    this.dismissed = null;
    this.clock = "";
    this.ink = "";
  }

  private get runner(): Runner | null {
    return this.renderRoot.querySelector<Runner>("mm-runner");
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { signal } = this.over;
    this.steps.start(this.place);
    this.overlays.follow(() => {
      if (this.address.at !== "program") this.steps.guard(this.overlays.dialogs.length > 0);
      this.requestUpdate(); // what lies under a dialog is inert
    });
    void consumer.ready();
    signal.addEventListener("abort", consumer.follow(() => this.requestUpdate()));
    window.addEventListener("popstate", () => this.steps.popped(), { signal });
    window.addEventListener("keydown", (e) => this.key(e), { signal });
    const tick = () => (this.clock = new Date().toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit", hour12: false }));
    tick();
    const timer = setInterval(tick, 10_000);
    signal.addEventListener("abort", () => clearInterval(timer));
    this.followPreview();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.over.abort();
    this.preview?.close();
  }

  private followPreview(): void {
    const wanted = this.address.at === "program" && this.address.preview;
    if (wanted === (this.preview !== null)) return;
    this.preview?.close();
    this.preview = wanted ? new Preview({
      changed: () => this.requestUpdate(),
      reload: () => this.runner?.restart(),
      built: () => this.runner?.failure && this.runner.restart(), // what kept it from opening may be mended
      log: (line) => this.runner?.located(line),
    }) : null;
  }

  private get place(): Place {
    return this.address.at === "nowhere" ? "home" : this.address.at;
  }

  /** Shows what the address in the address bar says. */
  private arrive(): void {
    this.overlays.clear();
    this.address = here();
    this.launch = null;
    this.ink = "";
    this.run++;
    this.followPreview();
    if (this.address.at !== "program") document.title = homeWords().title + (homeWords().title === "Minimart" ? "" : " Minimart");
  }

  private go(address: string): void {
    const to = parseAddress(new URL(address, location.origin)).at;
    this.steps.open(address, this.place, to === "me" ? "me" : "program");
  }

  /** Back from one of the consumer's own pages. */
  private up(): void {
    if (this.address.at === "me" && this.address.page !== "me") this.steps.close(meAddress(), "me");
    else this.steps.close();
  }

  /** The person on the home screen: signing in first, where that is needed. */
  private async person(): Promise<void> {
    await consumer.ready();
    if (consumer.me || (await this.overlays.open({ kind: "sign-in", program: null }).catch(() => null)) !== null) this.go(meAddress());
  }

  private key(e: KeyboardEvent): void {
    if (e.key !== "Escape" || e.defaultPrevented) return;
    const runner = this.runner;
    if (this.sheet) this.sheet = false;
    else if (runner?.canGoBack) runner.goBack();
    else if (this.address.at === "me") this.up();
  }

  static override styles = [base, css`
    :host { position: fixed; inset: 0; display: block; --status: env(safe-area-inset-top, 0px); --bottom: env(safe-area-inset-bottom, 0px); }
    .phone { position: absolute; inset: 0; overflow: hidden; background: var(--paper); isolation: isolate; }
    .screen { position: absolute; inset: 0; overflow: hidden; }
    .own { height: 100%; }
    mm-overlays { z-index: 8; }
    .status, aside { display: none; }
    .sheet-button { position: fixed; left: 12px; bottom: calc(var(--bottom) + 62px); display: flex; align-items: center; gap: 6px; height: 40px; padding: 0 14px 0 10px; border-radius: 20px; background: rgb(30 30 34 / 88%); color: #fff; font-size: 13px; }
    .sheet-button.bad { background: #a8231b; }
    .sheet-button svg { width: 20px; height: 20px; }
    mm-console.sheet { position: absolute; z-index: 10; inset: auto 0 0; height: 62%; border-radius: 18px 18px 0 0; box-shadow: 0 -8px 40px rgb(0 0 0 / 30%); padding-bottom: var(--bottom); }
    .build { position: absolute; z-index: 6; inset: calc(var(--status) + 52px) 8px auto; max-height: calc(100% - var(--status) - 52px - var(--bottom) - 8px); overflow: auto; background: var(--card); border-radius: 16px; box-shadow: 0 12px 48px rgb(0 0 0 / 35%); padding: 18px; border-top: 4px solid #d92d20; user-select: text; -webkit-user-select: text; }
    .build header { display: flex; gap: 8px; align-items: flex-start; margin-bottom: 10px; }
    .build h2 { font-size: 17px; color: var(--error); }
    .build header p { font-size: 13px; color: var(--ink-2); }
    .build header div { flex: 1; }
    .build header button { width: 36px; height: 36px; display: grid; place-items: center; border-radius: 10px; color: var(--ink-2); flex: none; }
    .build li { padding: 12px 0; border-top: 1px solid var(--line); font-size: 14px; overflow-wrap: anywhere; }
    .build code { display: block; font: 12px/1.6 var(--mono); color: var(--error); }
    .build li p + p { color: var(--ink-2); font-size: 13px; margin-top: 2px; }
    @media (min-width: 501px) and (min-height: 500px) {
      :host { background: radial-gradient(120% 90% at 50% 0, var(--desk-glow), var(--desk) 70%); --status: 44px; --bottom: 20px; display: grid; grid-template: minmax(0, 1fr) / minmax(0, 1fr) auto minmax(0, 1fr); align-items: center; justify-items: center; gap: 40px; padding: 24px; }
      .phone { position: relative; inset: auto; grid-column: 2; width: min(390px, calc(100vw - 48px)); height: min(844px, 100dvh - 48px); border-radius: 46px; background: var(--bezel); box-shadow: 0 0 0 9px var(--bezel), 0 0 0 10px rgb(255 255 255 / 14%), 0 30px 80px rgb(0 0 0 / 28%); }
      .screen { border-radius: 46px; }
      .status { display: flex; position: absolute; z-index: 11; inset: 0 0 auto; height: 44px; padding: 6px 28px 0 34px; align-items: center; justify-content: space-between; pointer-events: none; font-size: 15px; font-weight: 600; font-variant-numeric: tabular-nums; color: var(--ink); }
      .status.black { color: #1d1d1f; }
      .status.white { color: #fff; }
      .sheet-button { position: absolute; }
    }
    @media (min-width: 1000px) and (min-height: 500px) {
      aside { display: block; width: 100%; max-width: 340px; color: var(--ink); }
      aside.left { justify-self: end; }
      aside.right { justify-self: start; }
      aside .mark { display: flex; align-items: center; gap: 12px; font-size: 24px; font-weight: 700; letter-spacing: .02em; margin-bottom: 18px; }
      aside p { text-wrap: pretty; }
      aside > p { font-size: 15px; line-height: 1.75; color: var(--ink-2); }
      aside h2 { font-size: 22px; line-height: 1.3; overflow-wrap: anywhere; }
      aside ul { display: grid; gap: 22px; }
      aside li b { display: block; font-size: 15px; font-weight: 600; }
      aside li span { font-size: 14px; color: var(--ink-2); }
      aside dl { margin-top: 20px; font-size: 14px; }
      aside dl > div { display: flex; gap: 16px; padding: 9px 0; border-top: 1px solid var(--line); }
      aside dt { flex: 0 0 104px; color: var(--ink-2); }
      aside dd { overflow-wrap: anywhere; min-width: 0; }
      aside .program { display: grid; gap: 14px; --size: 64px; }
      aside .program mm-program-icon { box-shadow: var(--shadow); }
      aside .program p { color: var(--ink-2); font-size: 14px; }
      aside kbd { font: inherit; }
      aside .keys { margin-top: 18px; font-size: 13px; }
      aside.console { align-self: stretch; max-width: 560px; min-width: 0; display: flex; }
      aside.console mm-console { flex: 1; border-radius: 20px; box-shadow: var(--shadow); border: 1px solid var(--line); }
      .sheet-button, mm-console.sheet { display: none; }
    }
  `];

  protected override render() {
    const at = this.address;
    const preview = this.preview;
    const build = preview?.build;
    return html`
      <aside class="left">${this.left()}</aside>
      <div class="phone">
        <div class="screen" @mm-open=${(e: CustomEvent<string>) => this.go(e.detail)} @mm-exit=${() => this.steps.close()} @mm-depth=${(e: CustomEvent<boolean>) => this.steps.guard(e.detail)}
          @mm-ink=${(e: CustomEvent<string>) => (this.ink = e.detail)} @mm-person=${() => this.person()} @mm-up=${() => this.up()}
          @mm-launched=${(e: CustomEvent<Launch>) => (this.launch = e.detail)} @mm-log=${(e: CustomEvent<LogEntry>) => this.preview?.send(e.detail)}>
          ${at.at === "program" ? keyed(this.run, html`<mm-runner .address=${at}>${preview && !this.sheet ? this.consoleButton(preview) : nothing}</mm-runner>`) : this.own(at)}
        </div>
        ${build && build.errors.length > 0 && build !== this.dismissed ? this.buildErrors(build) : nothing}
        ${preview && this.sheet ? this.console(preview, true) : nothing}
        <div class="status ${this.ink}" aria-hidden="true"><span>${this.clock}</span>${battery}</div>
      </div>
      ${preview ? html`<aside class="right console">${this.console(preview, false)}</aside>` : html`<aside class="right">${at.at === "program" ? this.facts() : this.promises()}</aside>`}`;
  }

  private own(at: Exclude<Address, { at: "program" }>) {
    const covered = this.overlays.dialogs.length > 0;
    return html`<div class="own" ?inert=${covered}>${at.at === "me" ? keyed(this.run, html`<mm-me .page=${at.page} .app=${at.app} .overlays=${this.overlays}></mm-me>`) : html`<mm-home .nowhere=${at.at === "nowhere" ? at.path : ""}></mm-home>`}</div>
      <mm-overlays .overlays=${this.overlays}></mm-overlays>`;
  }

  private left() {
    const t = deskWords();
    const l = this.launch;
    const brand = html`<div class="mark">${seal(44)}<span>小集 Minimart</span></div>`;
    if (this.address.at !== "program" || !l) return html`${brand}<p>${t.about}</p>`;
    return html`<div class="program"><mm-program-icon .name=${l.name} .src=${l.icon ?? ""} .key=${l.app}></mm-program-icon><h2>${l.name}</h2>${l.summary ? html`<p>${l.summary}</p>` : nothing}<p class="keys">${t.keys}</p></div>`;
  }

  private promises() {
    const t = deskWords();
    return html`<ul>${[[t.instant, t.instantMore], [t.sandbox, t.sandboxMore], [t.open, t.openMore]].map(([title, more]) => html`<li><b>${title}</b><span>${more}</span></li>`)}</ul>`;
  }

  private facts() {
    const t = deskWords();
    const l = this.launch;
    if (!l) return nothing;
    return html`<dl><div><dt>${t.version}</dt><dd>${versionLabel(l)}</dd></div><div><dt>${t.dialect}</dt><dd>${l.dialect === "wx" ? t.wx : t.jd}</dd></div>
      <div><dt>${t.pages}</dt><dd>${Object.keys(l.pages).length}</dd></div><div><dt>${t.connects}</dt><dd>${l.domains.request.join(", ") || t.connectsNone}</dd></div></dl>`;
  }

  private console(p: Preview, closable: boolean) {
    return html`<mm-console class=${closable ? "sheet" : ""} .lines=${p.lines} .build=${p.build} .connected=${p.connected} .closable=${closable} @mm-clear=${() => p.clear()} @mm-hide=${() => (this.sheet = false)}></mm-console>`;
  }

  private consoleButton(p: Preview) {
    const bad = p.lines.some((l) => l.level === "error");
    return html`<button slot="tools" class="sheet-button ${bad ? "bad" : ""}" @click=${() => (this.sheet = true)}>${icons.console}${previewWords().show(String(p.lines.length))}</button>`;
  }

  private buildErrors(b: Build) {
    const t = previewWords();
    return html`<section class="build" role="alert"><header><div><h2>${t.buildFailed(String(b.errors.length))}</h2><p>${t.buildHint}</p></div>
        <button aria-label=${t.dismiss} title=${t.dismiss} @click=${() => (this.dismissed = b)}>${icons.close}</button></header>
      <ol>${b.errors.map((e) => html`<li><code>${placeOfDiagnostic(e)}</code><p>${e.message}</p>${e.hint ? html`<p>${t.hint}${e.hint}</p>` : nothing}</li>`)}</ol></section>`;
  }
}
