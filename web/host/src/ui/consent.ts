// The sheet of consent: who asks, what they would get, what for. Drawn by the host, outside the sandbox; both answers weigh the same.
import { css, html, nothing } from "lit";
import { accountWords } from "../words/account";
import { day } from "../words/lang";
import { Element, base } from "./base";
import { faceOf } from "./face";
import { seal } from "./icons";
import { UNREAD, type Dialog } from "./overlays";
import "./tile";

type Question = Extract<Dialog, { kind: "consent" }>;

/** Says mm-agree or mm-refuse. */
export class Consent extends Element {
  static override properties = { question: { attribute: false }, readable: { state: true } };
  declare question: Question;
  /** it has been there long enough to be read */
  declare readable: boolean;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.readable = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = setTimeout(() => (this.readable = true), UNREAD + 50);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  static override styles = [base, css`
    :host { display: block; padding: 16px 24px 16px; background: var(--card); border-radius: 18px 18px 0 0; }
    .host { display: flex; align-items: center; gap: 8px; font-size: 13px; color: var(--ink-2); }
    .who { display: flex; align-items: center; gap: 12px; margin-top: 18px; --size: 44px; }
    .who div { min-width: 0; }
    .who b, .who span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .who b { font-size: 16px; line-height: 22px; }
    .who span { font-size: 13px; line-height: 18px; color: var(--ink-2); }
    h2 { margin-top: 16px; font-size: 20px; line-height: 28px; text-wrap: balance; overflow-wrap: anywhere; }
    .gets { display: flex; align-items: center; gap: 14px; margin-top: 14px; padding: 14px 16px; border-radius: 14px; background: var(--paper); font-size: 17px; line-height: 24px; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
    .gets small { display: block; font-size: 12px; line-height: 16px; color: var(--ink-2); }
    .face { width: 44px; height: 44px; border-radius: 50%; flex: none; }
    dl { margin-top: 16px; font-size: 14px; line-height: 21px; }
    dt { font-size: 12px; color: var(--ink-2); }
    dd { overflow-wrap: anywhere; }
    dt em { font-style: normal; padding: 0 6px; margin-left: 6px; border-radius: 6px; background: var(--press); }
    blockquote { margin: 4px 0 0; padding: 2px 0 2px 12px; border-left: 3px solid var(--line); color: var(--ink-2); overflow-wrap: anywhere; }
    dd + dt { margin-top: 12px; }
    .note { margin-top: 16px; font-size: 12px; line-height: 18px; color: var(--ink-2); }
    .answers { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; margin-top: 14px; }
    .answers button { min-height: 50px; border-radius: 25px; font-size: 17px; font-weight: 600; padding: 0 12px; }
    .answers button:disabled { cursor: default; }
    #agree { background: var(--accent); color: var(--accent-ink); }
    #agree:disabled { opacity: .55; }
    #refuse { background: var(--paper); box-shadow: inset 0 0 0 1.5px var(--ink-2); }
  `];

  protected override render() {
    const t = accountWords();
    const q = this.question;
    return html`
      <p class="host">${seal(20)}${t.question}</p>
      <div class="who"><mm-program-icon .name=${q.name} .src=${q.icon} .key=${q.app}></mm-program-icon><div><b>${q.name}</b>${q.organisation ? html`<span>${t.madeBy(q.organisation)}</span>` : nothing}</div></div>
      <h2>${t.asks(t[q.what])}</h2>
      <div class="gets">${this.gets(q)}</div>
      <dl><dt>${t.purpose}<em>${t.stated}</em></dt><dd id="purpose">${q.purpose}</dd>
        ${q.words ? html`<dt>${t.itsWords}</dt><dd><blockquote id="words">“${q.words}”</blockquote></dd>` : nothing}</dl>
      <p class="note">${q.what === "phone-number" ? t.once : t.lasts}</p>
      <div class="answers"><button id="refuse" @click=${() => this.emit("mm-refuse")}>${t.refuse}</button><button id="agree" ?disabled=${!this.readable} @click=${() => this.emit("mm-agree")}>${t.agree}</button></div>`;
  }

  private gets({ what, me }: Question) {
    const t = accountWords();
    if (what === "profile") return html`${faceOf(me)}<div><small>${t.willGet}</small>${me.nickname}</div>`;
    if (what === "phone-number") return html`<div><small>${t.willGet}</small>${me.phone || t.noPhone}</div>`;
    const until = me.plus.until > 0 ? day(me.plus.until) : "";
    return html`<div><small>${t.willGet}</small>${me.plus.level === "plus" ? t.plusUntil(until) : t.plusNone}</div>`;
  }
}

customElements.define("mm-consent", Consent);
