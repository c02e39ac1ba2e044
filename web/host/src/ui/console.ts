// The developer's console: what the program logged, with the lines of its source.
import { css, html, nothing, type PropertyValues } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { placeOfDiagnostic, type Build, type LogLine } from "../preview/client";
import { locale } from "../words/lang";
import { previewWords } from "../words/preview";
import { Element, base } from "./base";
import { icons } from "./icons";

let clockOf = "", made: Intl.DateTimeFormat | undefined;
/** Writes a time of the day; making one is slow, and each of a thousand lines needs it. */
function clock(): Intl.DateTimeFormat {
  if (!made || clockOf !== locale()) {
    clockOf = locale();
    made = new Intl.DateTimeFormat(clockOf, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
  }
  return made;
}

type Level = "all" | "error" | "warn" | "info" | "debug";

export class Console extends Element {
  static override properties = { lines: { attribute: false }, build: { attribute: false }, connected: { type: Boolean }, closable: { type: Boolean }, level: { state: true }, text: { state: true } };
  declare lines: LogLine[];
  declare build: Build | null;
  declare connected: boolean;
  /** shown as a sheet that can be hidden */
  declare closable: boolean;
  declare level: Level;
  declare text: string;
  private follows = true;

  constructor() {
    super();
    this.lines = [];
    this.build = null;
    this.connected = this.closable = false;
    this.level = "all";
    this.text = "";
  }

  protected override willUpdate(): void {
    const list = this.renderRoot?.querySelector("ol");
    // Who has scrolled up is reading: new lines do not carry them away.
    this.follows = !list || list.scrollTop + list.clientHeight >= list.scrollHeight - 24;
  }

  protected override updated(changed: PropertyValues): void {
    const list = this.renderRoot.querySelector("ol");
    if (list && this.follows && (changed.has("lines") || changed.has("level") || changed.has("text"))) list.scrollTop = list.scrollHeight;
  }

  static override styles = [base, css`
    :host { display: flex; flex-direction: column; min-height: 0; background: var(--card); overflow: hidden; font-size: 13px; }
    header { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; padding: 8px 8px 8px 16px; border-bottom: 1px solid var(--line); flex: none; }
    h2 { font-size: 14px; flex: 1; }
    .tool { width: 36px; height: 36px; display: grid; place-items: center; border-radius: 10px; color: var(--ink-2); }
    .tool:hover { background: var(--press); }
    .tool svg { width: 20px; height: 20px; }
    input, select { height: 32px; border: 1px solid var(--line); border-radius: 9px; background: var(--paper); padding: 0 10px; font: inherit; color: inherit; min-width: 0; }
    input { flex: 1 1 100px; }
    .filters { display: flex; gap: 8px; width: 100%; padding-right: 8px; }
    .state { width: 100%; padding-right: 8px; font-size: 12px; color: var(--ink-2); display: flex; align-items: center; gap: 6px; }
    .state::before { content: ""; width: 8px; height: 8px; border-radius: 50%; background: #2e9e5b; flex: none; }
    .state.off::before { background: #d98a00; }
    .state.bad::before { background: #d92d20; }
    ol { flex: 1; min-height: 0; overflow: auto; overscroll-behavior: contain; font: 12px/1.6 var(--mono); user-select: text; -webkit-user-select: text; }
    li { padding: 5px 16px; border-bottom: 1px solid var(--line); }
    li p { white-space: pre-wrap; overflow-wrap: anywhere; }
    li small { display: flex; justify-content: space-between; gap: 12px; font-size: 11px; color: var(--ink-2); }
    li small span { overflow-wrap: anywhere; }
    li.error { background: var(--error-ground); color: var(--error); }
    li.warn { background: var(--warn-ground); color: var(--warn); }
    li.error small, li.warn small { color: inherit; }
    li.debug { color: var(--ink-2); }
    details { margin-top: 2px; }
    summary { cursor: pointer; }
    pre { margin: 4px 0 0; font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; }
    .empty { padding: 40px 24px; text-align: center; color: var(--ink-2); }
  `];

  protected override render() {
    const t = previewWords();
    const wanted = this.text.trim().toLowerCase();
    const lines = this.lines.filter((l) => (this.level === "all" || l.level === this.level || (this.level === "info" && l.level === "log")) && (!wanted || (l.text + "\n" + l.where).toLowerCase().includes(wanted)));
    const bad = (this.build?.errors.length ?? 0) > 0;
    return html`
      <header><h2>${t.title}</h2>
        <button class="tool" aria-label=${t.clear} title=${t.clear} @click=${() => this.emit("mm-clear")}>${icons.trash}</button>
        ${this.closable ? html`<button class="tool" aria-label=${t.hide} title=${t.hide} @click=${() => this.emit("mm-hide")}>${icons.down}</button>` : nothing}
        <p class="state ${!this.connected ? "off" : bad ? "bad" : ""}" role="status">${!this.connected ? t.disconnected : bad ? t.buildFailed(String(this.build!.errors.length)) : this.build ? t.built(String(this.build.millis)) + (this.build.warnings.length ? " · " + t.warningCount(String(this.build.warnings.length)) : "") : t.connected}</p>
        <div class="filters">
          <select aria-label=${t.filter} @change=${(e: Event) => (this.level = (e.target as HTMLSelectElement).value as Level)}>
            ${([["all", t.all], ["error", t.errors], ["warn", t.warnings], ["info", t.infos], ["debug", t.debugs]] as const).map(([value, label]) => html`<option value=${value} ?selected=${value === this.level}>${label}</option>`)}</select>
          <input type="search" aria-label=${t.filter} placeholder=${t.filter} spellcheck="false" .value=${this.text} @input=${(e: Event) => (this.text = (e.target as HTMLInputElement).value)}></div>
      </header>
      <ol tabindex="0" role="log" aria-label=${t.title}>
        ${this.build?.warnings.map((w) => html`<li class="warn"><p>${w.message}</p><small><span>${w.hint ? t.hint + w.hint : ""}</span><span>${placeOfDiagnostic(w)}</span></small></li>`) ?? nothing}
        ${repeat(lines, (l) => l, (l) => this.line(l))}
        ${lines.length === 0 ? html`<li class="empty">${this.lines.length ? t.emptyFiltered : t.empty}</li>` : nothing}</ol>`;
  }

  private line(l: LogLine) {
    const time = clock().format(l.at);
    const stack = l.level === "error" && l.stack.includes("\n") ? l.stack : "";
    return html`<li class=${l.level}><p>${l.text}</p>${stack ? html`<details><summary>${l.where || "stack"}</summary><pre>${stack}</pre></details>` : nothing}<small><span>${stack ? "" : l.where}</span><time>${time}</time></small></li>`;
  }
}

customElements.define("mm-console", Console);
