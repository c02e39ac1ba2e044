// What a program was allowed to learn, with a way to take it back.
import { css, html, nothing } from "lit";
import { consents, withdraw, type Consent } from "../consents";
import { consumer } from "../consumer";
import { accountWords } from "../words/account";
import { day } from "../words/lang";
import { Element, base } from "./base";

/** Consents of one program. Says mm-withdrawn after one was taken back. */
export class Allowed extends Element {
  static override properties = { app: {}, compact: { type: Boolean }, list: { state: true }, failed: { state: true }, busy: { state: true } };
  declare app: string;
  /** without purposes and dates, and nothing at all when nothing was allowed */
  declare compact: boolean;
  declare list: Consent[] | null;
  declare failed: boolean;
  declare busy: string;
  private readonly over = new AbortController();

  constructor() {
    super();
    this.app = this.busy = "";
    this.compact = this.failed = false;
    this.list = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.over.abort();
  }

  private async load(): Promise<void> {
    this.failed = false;
    try {
      this.list = (await consents(consumer.ask, this.over.signal)).filter((c) => c.app === this.app);
    } catch {
      this.failed = !this.over.signal.aborted;
    }
  }

  private async takeBack(c: Consent): Promise<void> {
    this.busy = c.kind;
    try {
      await withdraw(consumer.ask, c.app, c.kind);
      this.list = this.list!.filter((l) => l !== c);
      this.emit("mm-withdrawn", c);
    } catch {
      this.failed = true;
    } finally {
      this.busy = "";
    }
  }

  static override styles = [base, css`
    :host { display: block; }
    .list { background: var(--card); border-radius: 14px; padding: 0 4px 0 16px; }
    li { display: flex; align-items: center; gap: 12px; padding: 10px 0; font-size: 14px; line-height: 20px; }
    li + li { border-top: 1px solid var(--line); }
    li div { flex: 1; min-width: 0; }
    b { display: block; font-weight: 600; font-size: 15px; line-height: 22px; }
    b::first-letter { text-transform: uppercase; }
    span { display: block; color: var(--ink-2); font-size: 13px; line-height: 19px; overflow-wrap: anywhere; }
    button { min-height: 44px; padding: 0 12px; color: var(--accent); font-size: 14px; font-weight: 600; border-radius: 12px; flex: none; }
    button:hover { background: var(--press); }
    p { padding: 14px 0; font-size: 14px; color: var(--ink-2); }
  `];

  protected override render() {
    const t = accountWords();
    if (this.failed) return html`<div class="list"><ul><li role="alert"><div>${t.loadFailed}</div><button @click=${() => this.load()}>${t.retry}</button></li></ul></div>`;
    if (!this.list || (this.compact && this.list.length === 0)) return nothing;
    if (this.list.length === 0) return html`<div class="list"><p>${t.nothingAllowed}</p></div>`;
    return html`<div class="list"><ul>${this.list.map((c) => html`<li data-kind=${c.kind}><div><b>${this.compact ? `${t.allowedNow} · ${t[c.kind]}` : t[c.kind]}</b>
        ${this.compact ? nothing : html`<span>${c.purpose}</span><span>${t.allowedAt(day(c.givenAt))} · ${c.lastUsedAt > 0 ? t.usedAt(day(c.lastUsedAt)) : t.neverUsed}</span>`}</div>
      <button aria-label=${t.withdrawOf(t[c.kind])} ?disabled=${this.busy !== ""} @click=${() => this.takeBack(c)}>${t.withdraw}</button></li>`)}</ul></div>`;
  }
}

customElements.define("mm-allowed", Allowed);
