// The screen of one program: title bar, sandbox, tab bar, and over all of it the capsule, which the program cannot reach.
import { css, html, nothing, type PropertyValues } from "lit";
import type { Chrome, TabBar } from "../../../runtime/src/shared/protocol";
import { programAddress, type Address } from "../address";
import { consumer } from "../consumer";
import { copy } from "../bridge/device";
import { BAR_HEIGHT, CAPSULE, TABS_HEIGHT, type Geometry } from "../runner/env";
import type { Launch } from "../runner/launch";
import { readTabBar } from "../runner/messages";
import { Program, type Failure, type LogEntry, type Screen } from "../runner/program";
import { isFavourite, rememberOpened, toggleFavourite, type Listed } from "../shelf";
import { followTheme, shown } from "../theme";
import { overlayWords } from "../words/overlays";
import { runnerWords } from "../words/runner";
import { sharingWords } from "../words/sharing";
import { Element, base } from "./base";
import { icons } from "./icons";
import { Overlays, type ProgramCard } from "./overlays";
import "./overlays-view";
import { styled } from "./styled";
import "./tile";

type ProgramAddress = Extract<Address, { at: "program" }>;

export class Runner extends Element implements Screen {
  static override properties = {
    address: { attribute: false }, launch: { state: true }, bar: { state: true }, tabs: { state: true }, ready: { state: true },
    failure: { state: true }, unresponsive: { state: true }, failedWhere: { state: true },
  };
  declare address: ProgramAddress;
  declare launch: Launch | null;
  declare bar: Chrome | null;
  declare tabs: TabBar | null;
  declare ready: boolean;
  declare failure: Failure | null;
  declare unresponsive: boolean;
  /** source position of the failure, once the preview server has found it */
  declare failedWhere: string;
  readonly overlays = new Overlays();
  private program: Program | null = null;
  private readonly sizes = new ResizeObserver(() => this.program?.resized());
  private stopTheme: (() => void) | null = null;
  private stopOverlays: (() => void) | null = null;
  private backWas = false;
  private inkWas = "";
  private restarts = 0;

  constructor() {
    super();
    this.reset();
  }

  get stage(): HTMLElement {
    return this.renderRoot.querySelector<HTMLElement>("#stage")!;
  }

  /** True when going back stays in the program: a dialog to cancel, or a page below the one on top. */
  get canGoBack(): boolean {
    return this.overlays.dialogs.length > 0 || (this.bar?.back ?? false);
  }

  /** Goes back within the program: cancels the dialog on top, else leaves the page on top. */
  goBack(): void {
    if (this.overlays.cancelTop()) return;
    this.program?.back();
  }

  /** Starts the program again. */
  restart(): void {
    this.program?.close();
    this.reset();
    const restarts = ++this.restarts;
    void this.updateComplete.then(() => {
      if (restarts === this.restarts) this.start(); // asked for twice at once, it still starts once
    });
  }

  private reset(): void {
    this.launch = null;
    this.bar = null;
    this.tabs = null;
    this.ready = false;
    this.failure = null;
    this.unresponsive = false;
    this.failedWhere = "";
    this.tellDepth();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.stopTheme = followTheme(() => {
      this.program?.themed(shown());
      this.requestUpdate();
    });
    this.stopOverlays = this.overlays.follow(() => {
      this.requestUpdate(); // what lies under a dialog is inert
      this.tellDepth();
    });
    if (this.hasUpdated) this.restart();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.program?.close();
    this.program = null;
    this.sizes.disconnect();
    this.stopTheme?.();
    this.stopOverlays?.();
  }

  protected override firstUpdated(): void {
    this.start();
  }

  private start(): void {
    if (!this.isConnected) return;
    this.sizes.disconnect();
    this.program = new Program(this.address.app, this.address, this);
    this.sizes.observe(this.stage);
    void this.program.open();
  }

  geometry(): Geometry {
    const own = this.getBoundingClientRect(), stage = this.stage.getBoundingClientRect();
    const probe = this.renderRoot.querySelector<HTMLElement>("#probe")!.getBoundingClientRect();
    return {
      screenWidth: Math.round(own.width), screenHeight: Math.round(own.height), windowWidth: Math.round(stage.width), windowHeight: Math.round(stage.height),
      statusBar: Math.round(probe.width), safeBottom: Math.round(probe.height),
    };
  }

  theme(): "light" | "dark" {
    return shown();
  }

  launched(launch: Launch): void {
    this.launch = launch;
    // What app.json says about the window holds until the worker speaks: no jump between splash and first page.
    const w = launch.config.window ?? {};
    this.bar = {
      page: launch.entry, title: String(w.navigationBarTitleText ?? ""), foreground: w.navigationBarTextStyle === "white" ? "white" : "black",
      background: /^#[0-9a-f]{3,8}$/i.test(String(w.navigationBarBackgroundColor)) ? String(w.navigationBarBackgroundColor) : w.navigationBarTextStyle === "white" ? "#000000" : "#ffffff",
      custom: w.navigationStyle === "custom", loading: false, back: false, home: false, tab: -1, share: false,
    };
    const tab = launch.config.tabBar;
    const start = this.address.path || launch.entry;
    const at = tab?.list?.findIndex((i) => i.pagePath === start) ?? -1;
    if (tab && at >= 0 && !tab.custom) {
      const picture = (src: string) => {
        const name = launch.assets[src.replace(/^\/+/, "")];
        return name === undefined ? null : new URL(name, new URL(launch.base, location.origin)).href;
      };
      this.tabs = readTabBar({
        color: tab.color, selectedColor: tab.selectedColor, background: tab.backgroundColor, border: tab.borderStyle,
        list: tab.list.map((i) => ({ pagePath: i.pagePath, text: i.text, icon: i.iconPath, selectedIcon: i.selectedIconPath })),
      }, picture);
      this.bar = { ...this.bar, tab: at };
    }
    if (!launch.ticket) rememberOpened(this.listed(launch)); // a ticket runs out, and is nobody else's
    this.emit("mm-launched", launch);
  }

  chrome(chrome: Chrome): void {
    this.bar = chrome;
    // Without a tab bar the page is higher: its program knows before the page is ready, not a frame later.
    void this.updateComplete.then(() => this.program?.resized());
    this.tellDepth();
  }

  private tellDepth(): void {
    if (this.canGoBack === this.backWas) return;
    this.backWas = this.canGoBack;
    this.emit("mm-depth", this.backWas);
  }

  tabBar(bar: TabBar | null): void {
    this.tabs = bar;
  }

  painted(): void {
    this.ready = true;
  }

  failed(failure: Failure): void {
    this.failure = failure;
    this.unresponsive = false;
    this.bar = null;
    this.tabs = null;
    this.tellDepth();
    if (failure.kind === "fatal" || failure.kind === "flood" || failure.kind === "left") {
      this.log({ level: "error", text: failure.message, ...(failure.stack ? { stack: failure.stack } : {}), ...(failure.code ? { code: failure.code } : {}) });
    }
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(".failure button")?.focus());
  }

  silent(yes: boolean): void {
    this.unresponsive = yes;
  }

  log(entry: LogEntry): void {
    this.emit("mm-log", entry);
  }

  exit(): void {
    this.emit("mm-exit");
  }

  leave(address: string): void {
    this.emit("mm-open", address);
  }

  /** The preview server has found where in the source a line was logged. */
  located({ text, where, stack }: { text: string; where: string; stack: string }): void {
    if (!where || this.failure?.message !== text) return;
    this.failedWhere = where;
    if (stack) this.failure = { ...this.failure, stack };
  }

  private listed(l: Launch): Listed {
    return { id: l.app, name: l.name, icon: l.icon ?? "", summary: l.summary ?? "" };
  }

  private card(): ProgramCard {
    const l = this.launch;
    const t = overlayWords();
    return {
      id: this.address.app, name: l?.name ?? this.address.app, icon: l?.icon ?? "", version: l?.label || l?.version || "", versionType: l?.versionType ?? "release",
      summary: l?.summary ?? "", domains: l?.domains.request ?? [], organisation: l?.organisation ?? "",
      asked: [...(this.program?.asked ?? [])].map(([thing, allowed]) => ({ thing: t[thing], allowed })),
    };
  }

  private async menu(): Promise<void> {
    const program = this.card();
    const running = this.launch !== null && this.failure === null;
    const done = await this.overlays.open({ kind: "menu", program, canShare: running && (this.bar?.share ?? false), favourite: isFavourite(program.id) }).catch(() => null);
    const say = (title: string) => this.overlays.showToast({ title, icon: "success", image: null, mask: false }, 1500);
    switch (done?.choice) {
      case "share":
        return this.program?.share();
      case "link":
        return copy(new URL(programAddress(program.id, this.address.path), location.origin).href).then(() => say(sharingWords().copied), () => {});
      case "favourite":
        return say(toggleFavourite({ id: program.id, name: program.name, icon: program.icon, summary: program.summary }) ? runnerWords().favourited : runnerWords().unfavourited);
      case "restart":
        return this.restart();
      case "about":
        await this.about().catch(() => null);
    }
  }

  async about(): Promise<void> {
    await consumer.ready();
    await this.overlays.open({ kind: "about", program: this.card() });
  }

  /** Lets the consumer sign in, and tries again what failed for want of that. */
  private async signIn(): Promise<void> {
    const { launch, address } = this;
    const done = await this.overlays.open({ kind: "sign-in", program: launch ? { app: launch.app, name: launch.name, icon: launch.icon ?? "" } : null }).catch(() => null);
    if (done !== null && this.address === address) this.restart();
  }

  static override styles = [base, css`
    :host { position: absolute; inset: 0; display: block; overflow: hidden; background: var(--card); --bar: ${BAR_HEIGHT}px; }
    #probe { position: absolute; visibility: hidden; width: var(--status); height: var(--bottom); pointer-events: none; }
    #bar { position: absolute; inset: 0 0 auto; height: calc(var(--status) + var(--bar)); padding-top: var(--status); z-index: 2; }
    #bar.custom { background: none !important; pointer-events: none; }
    #bar.custom > * { display: none; }
    .title { position: absolute; left: 100px; right: ${CAPSULE.width + CAPSULE.right + 6}px; bottom: 0; height: var(--bar); display: flex; align-items: center; justify-content: center; gap: 8px; }
    .title h1 { font-size: 17px; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .spin { width: 16px; height: 16px; border-radius: 50%; border: 2px solid currentColor; border-right-color: transparent; animation: turn .9s linear infinite; flex: none; }
    @keyframes turn { to { transform: rotate(360deg); } }
    .lead { position: absolute; left: 4px; bottom: 0; width: 44px; height: 44px; display: grid; place-items: center; color: inherit; }
    .lead:active { opacity: .5; }
    #stage { position: absolute; left: 0; right: 0; z-index: 1; background: #fff; }
    #stage iframe { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; display: block; }
    #tabs { position: absolute; inset: auto 0 0; z-index: 2; height: calc(${TABS_HEIGHT}px + var(--bottom)); padding-bottom: var(--bottom); display: flex; }
    #tabs::before { content: ""; position: absolute; inset: 0 0 auto; border-top: 1px solid var(--edge); }
    #tabs button { flex: 1; min-width: 0; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 2px; font-size: 11px; line-height: 14px; }
    #tabs button:focus-visible { outline-offset: -4px; }
    #tabs.words button { font-size: 16px; }
    #tabs i { position: relative; display: block; }
    #tabs img { width: 26px; height: 26px; display: block; object-fit: contain; }
    .badge { position: absolute; left: calc(100% - 10px); top: -5px; min-width: 17px; height: 17px; padding: 0 5px; border-radius: 9px; background: #d92d20; color: #fff; font: 600 11px/17px var(--font); text-align: center; }
    .dot { position: absolute; left: calc(100% - 3px); top: -2px; width: 8px; height: 8px; border-radius: 50%; background: #d92d20; }
    #capsule { position: absolute; z-index: 9; top: calc(var(--status) + ${(BAR_HEIGHT - CAPSULE.height) / 2}px); right: ${CAPSULE.right}px; width: ${CAPSULE.width}px; height: ${CAPSULE.height}px; display: flex; border-radius: 16px; border: 1px solid rgb(0 0 0 / 10%); background: rgb(255 255 255 / 72%); color: #1d1d1f; backdrop-filter: blur(8px); -webkit-backdrop-filter: blur(8px); }
    #capsule.white { border-color: rgb(255 255 255 / 26%); background: rgb(0 0 0 / 28%); color: #fff; }
    #capsule button { flex: 1; display: grid; place-items: center; border-radius: 16px; position: relative; }
    #capsule button::before { content: ""; position: absolute; inset: -6px 0; } /* a finger needs 44 px */
    #capsule button:active { opacity: .55; }
    #capsule button + button::after { content: ""; position: absolute; left: 0; top: 7px; bottom: 7px; border-left: 1px solid currentColor; opacity: .2; }
    .type { position: absolute; left: 12px; bottom: 11px; height: 22px; padding: 0 7px; border-radius: 7px; border: 1px solid currentColor; font: 600 12px/20px var(--font); opacity: .8; pointer-events: none; z-index: 3; }
    .lead + .type, .type.after { left: 46px; }
    #bar.custom > .type { display: block; }
    .splash, .failure { position: absolute; inset: 0; z-index: 4; background: var(--card); display: flex; flex-direction: column; align-items: center; justify-content: center; padding: 64px 32px; text-align: center; }
    .splash { --size: 72px; gap: 16px; transition: opacity .2s; }
    .splash.gone { opacity: 0; pointer-events: none; visibility: hidden; transition: opacity .2s, visibility 0s .2s; }
    .splash b { font-size: 18px; font-weight: 600; }
    .splash .blank { width: 72px; height: 72px; border-radius: 17px; background: var(--press); }
    .wait { display: flex; gap: 6px; }
    .wait i { width: 7px; height: 7px; border-radius: 50%; background: var(--ink-2); animation: breathe 1.1s ease-in-out infinite; }
    .wait i:nth-child(2) { animation-delay: .15s; }
    .wait i:nth-child(3) { animation-delay: .3s; }
    @keyframes breathe { 0%, 60%, 100% { opacity: .25; } 30% { opacity: 1; } }
    .failure { overflow-y: auto; justify-content: safe center; }
    .failure > svg { width: 48px; height: 48px; color: var(--ink-2); opacity: .7; margin-bottom: 14px; flex: none; }
    .failure h2 { font-size: 18px; }
    .failure p { margin-top: 6px; font-size: 14px; color: var(--ink-2); }
    .failure .buttons { display: flex; gap: 12px; margin-top: 24px; }
    .failure details { margin-top: 24px; width: 100%; text-align: left; font-size: 13px; color: var(--ink-2); }
    .failure summary { cursor: pointer; text-align: center; min-height: 32px; }
    .failure pre { margin: 8px 0 0; padding: 12px; border-radius: 12px; background: var(--error-ground); color: var(--error); font: 12px/1.6 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; user-select: text; }
    .silent { position: absolute; z-index: 5; left: 12px; right: 12px; top: calc(var(--status) + var(--bar) + 8px); display: flex; align-items: center; gap: 4px; padding: 8px 8px 8px 16px; border-radius: 14px; background: var(--warn-ground); color: var(--warn); font-size: 14px; box-shadow: var(--shadow); }
    .silent span { flex: 1; }
    .silent button { min-height: 36px; padding: 0 12px; font-weight: 600; border-radius: 10px; }
    .silent button:hover { background: var(--press); }
    slot { position: absolute; z-index: 6; display: block; }
    mm-overlays { z-index: 8; }
  `];

  protected override render() {
    const t = runnerWords();
    const { bar } = this;
    const custom = bar?.custom ?? false;
    // A custom tab bar is a part of the page.
    const tabs = this.tabs && !this.tabs.hidden && !this.launch?.config.tabBar?.custom && (bar?.tab ?? -1) >= 0 ? this.tabs : null;
    const covered = this.overlays.dialogs.length > 0;
    const failure = this.failure;
    return html`
      <div id="probe"></div>
      <header id="bar" class=${custom ? "custom" : ""} ?inert=${covered || failure !== null} ${styled({ background: bar?.background ?? "", color: bar?.foreground === "white" ? "#fff" : "#1d1d1f" })}>
        ${bar?.back ? html`<button class="lead" id="back" aria-label=${t.back} @click=${() => this.goBack()}>${icons.back}</button>`
          : bar?.home ? html`<button class="lead" id="home" aria-label=${t.home} @click=${() => this.program?.home()}>${icons.home}</button>` : nothing}
        ${this.launch && this.launch.versionType !== "release" ? html`<span class="type">${this.launch.versionType === "trial" ? t.trial : t.develop}</span>` : nothing}
        <div class="title">${bar?.loading ? html`<span class="spin" role="status" aria-label=${t.loading}></span>` : nothing}<h1>${bar?.title ?? ""}</h1></div>
      </header>
      <div id="stage" ?inert=${covered || failure !== null} ${styled({ top: custom ? "0" : "calc(var(--status) + var(--bar))", bottom: tabs ? `calc(${TABS_HEIGHT}px + var(--bottom))` : "0" })}></div>
      ${tabs ? this.tabRow(tabs, bar!.tab, covered) : nothing}
      ${this.splash()}
      ${this.unresponsive && !failure ? html`<div class="silent" role="alert"><span>${t.silent}</span><button @click=${() => (this.unresponsive = false)}>${t.wait}</button><button @click=${() => this.exit()}>${t.stop}</button></div>` : nothing}
      ${failure ? this.failurePage(failure) : nothing}
      <slot name="tools"></slot>
      <mm-overlays .overlays=${this.overlays}></mm-overlays>
      <div id="capsule" class=${this.foreground} role="group" aria-label=${this.launch?.name ?? this.address.app}>
        <button id="menu" aria-label=${t.menu} aria-haspopup="dialog" @click=${() => this.menu()}>${icons.more}</button>
        <button id="close" aria-label=${t.close} @click=${() => this.exit()}>${icons.leave}</button>
      </div>`;
  }

  private tabRow(tabs: TabBar, at: number, covered: boolean) {
    const t = runnerWords();
    const pictures = tabs.list.some((i) => i.icon);
    return html`<nav id="tabs" class=${pictures ? "" : "words"} aria-label=${t.tabs} ?inert=${covered || this.failure !== null} ${styled({ background: tabs.background, "--edge": tabs.border === "white" ? "rgb(255 255 255 / 30%)" : "rgb(0 0 0 / 10%)" })}>
      ${tabs.list.map((item, i) => html`<button data-tab=${i} aria-current=${i === at ? "page" : nothing} ${styled({ color: i === at ? tabs.selectedColor : tabs.color })} @click=${() => this.program?.tab(i)}>
        <i>${item.icon ? html`<img src=${i === at ? (item.selectedIcon ?? item.icon) : item.icon} alt="">` : nothing}
          ${item.badge ? html`<span class="badge" role="status" aria-label=${t.badge(item.badge)}>${item.badge}</span>` : item.dot ? html`<span class="dot" role="status" aria-label=${t.dot}></span>` : nothing}</i>${item.text}</button>`)}</nav>`;
  }

  private splash() {
    const t = runnerWords();
    const l = this.launch;
    return html`<div class="splash ${this.ready ? "gone" : ""}" role="status" aria-hidden=${this.ready || this.failure ? "true" : "false"} aria-label=${l ? t.opening(l.name) : t.opening1}>
      ${l ? html`<mm-program-icon .name=${l.name} .src=${l.icon ?? ""} .key=${l.app}></mm-program-icon><b>${l.name}</b>` : html`<div class="blank"></div><b>&nbsp;</b>`}
      <div class="wait"><i></i><i></i><i></i></div></div>`;
  }

  private failurePage(f: Failure) {
    const t = runnerWords();
    const [title, hint] = {
      missing: [t.missing, f.message], // the server knows whether it is not there, not out, or suspended
      unreachable: [t.unreachable, t.unreachableHint],
      unavailable: [t.unavailable, f.message],
      ticket: [consumer.available && !consumer.me ? t.ticketFirst : t.ticket, f.message],
      suspended: [t.suspended, f.message],
      boot: [t.boot, f.message.startsWith("the sandbox document") ? t.bootHint : ""],
      fatal: [t.fatal, t.fatalHint],
      flood: [t.flood, t.floodHint],
      left: [t.left, t.leftHint],
      version: [t.version, ""],
    }[f.kind] as [string, string];
    const preview = this.address.preview;
    const stack = preview ? (f.stack ?? "") : "";
    const detail = [this.failedWhere, stack.includes(f.message) ? "" : f.message, stack].filter(Boolean).join("\n");
    return html`<div class="failure" role="alert">${icons.fail}<h2>${title}</h2>${hint ? html`<p>${hint}</p>` : nothing}
      <div class="buttons">${f.kind === "ticket" && consumer.available && !consumer.me ? html`<button class="filled" id="sign-in" @click=${() => this.signIn()}>${t.signIn}</button>`
        : html`<button class="filled" @click=${() => this.restart()}>${t.retry}</button>`}${f.kind === "ticket" ? html`<button class="plain" id="released" @click=${() => this.leave(programAddress(this.address.app))}>${t.released}</button>` : preview ? nothing : html`<button class="plain" @click=${() => this.exit()}>${t.leave}</button>`}</div>
      ${["missing", "unavailable", "ticket", "suspended"].includes(f.kind) ? nothing : html`<details ?open=${preview}><summary>${preview ? t.forDevelopers : t.details}</summary><pre>${detail}</pre></details>`}</div>`;
  }

  /** Colour of what lies over the page: capsule, and status bar on a desk. */
  private get foreground(): "black" | "white" {
    if (this.overlays.dialogs.some((d) => d.dialog.kind === "gallery")) return "white";
    if (this.failure || !this.ready) return shown() === "dark" ? "white" : "black";
    return this.bar?.foreground ?? "black";
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("launch") && this.launch) document.title = this.launch.name;
    if (this.foreground === this.inkWas) return;
    this.inkWas = this.foreground;
    this.emit("mm-ink", this.foreground);
  }
}

customElements.define("mm-runner", Runner);
