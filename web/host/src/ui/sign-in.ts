// Signing in: a phone number, then the six digits that came to it.
import { css, html, nothing } from "lit";
import { consumer, type Challenge } from "../consumer";
import { Problem } from "../fetching";
import { accountWords } from "../words/account";
import { overlayWords } from "../words/overlays";
import { Element, base } from "./base";
import { icons, seal } from "./icons";
import type { ProgramSign } from "./overlays";
import "./tile";

/** s before another code can be asked for */
const pause = 60;

/** Says mm-done once the consumer is signed in, mm-cancel when they leave it. */
export class SignIn extends Element {
  static override properties = {
    program: { attribute: false }, sent: { state: true }, busy: { state: true }, wrong: { state: true }, wait: { state: true }, demo: { state: true }, late: { state: true },
  };
  /** who needs it, or null */
  declare program: ProgramSign | null;
  /** the code on its way, and the phone it goes to */
  declare sent: (Challenge & { phone: string }) | null;
  declare busy: boolean;
  /** what is wrong, and with which field; "" for the whole */
  declare wrong: { field: "phone" | "code" | ""; message: string } | null;
  declare wait: number;
  declare demo: string;
  declare late: boolean;
  private readonly over = new AbortController();
  private clock: ReturnType<typeof setInterval> | undefined;
  private again = 0;

  constructor() {
    super();
    this.program = null;
    this.sent = null;
    this.busy = this.late = false;
    this.wrong = null;
    this.wait = 0;
    this.demo = "";
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.clock);
    this.over.abort();
  }

  protected override firstUpdated(): void {
    this.focusOn("#phone");
  }

  private focusOn(field: string): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(field)?.focus({ preventScroll: true }));
  }

  private async send(phone: string): Promise<void> {
    if (this.busy || !phone) return;
    this.busy = true;
    this.wrong = null;
    try {
      const challenge = await consumer.requestCode(phone);
      this.sent = { ...challenge, phone };
      this.demo = "";
      this.count(pause);
      this.focusOn("#code");
      void consumer.demoCode(phone, this.over.signal).then((code) => (this.demo = code));
    } catch (e) {
      this.tell(e, "phone");
      this.focusOn("#phone");
      if (e instanceof Problem && e.retryAfter > 0) this.count(Math.min(e.retryAfter, 3600));
    } finally {
      this.busy = false;
    }
  }

  /** Counts down to when another code may be asked for, and notices when the one that was sent is too old. */
  private count(seconds: number): void {
    this.again = Date.now() + seconds * 1000;
    this.late = false;
    const tick = () => {
      this.wait = Math.max(0, Math.ceil((this.again - Date.now()) / 1000));
      this.late = this.sent !== null && this.sent.expiresAt > 0 && Date.now() > this.sent.expiresAt;
    };
    tick();
    clearInterval(this.clock);
    this.clock = setInterval(tick, 500);
  }

  private async answer(code: string): Promise<void> {
    if (this.busy || !this.sent || code.length !== 6) return;
    this.busy = true;
    this.wrong = null;
    try {
      await consumer.signIn(this.sent.challenge, code);
      this.emit("mm-done");
    } catch (e) {
      this.tell(e, "code");
      const field = this.renderRoot.querySelector<HTMLInputElement>("#code");
      if (field) field.value = "";
      this.focusOn("#code");
    } finally {
      this.busy = false;
    }
  }

  private tell(e: unknown, field: "phone" | "code"): void {
    const t = accountWords();
    if (!(e instanceof Problem)) this.wrong = { field: "", message: e instanceof Error ? e.message : String(e) };
    else if (e.status === 0) this.wrong = { field: "", message: t.unreachable };
    else this.wrong = e.fields[field] ? { field, message: e.fields[field] } : { field: "", message: e.message };
  }

  static override styles = [base, css`
    :host { display: block; padding: 24px 24px 12px; background: var(--card); border-radius: 18px 18px 0 0; }
    header { display: flex; align-items: center; gap: 12px; min-height: 44px; }
    header h2 { flex: 1; font-size: 20px; line-height: 28px; }
    .close { width: 44px; height: 44px; margin-right: -10px; display: grid; place-items: center; border-radius: 50%; color: var(--ink-2); }
    .for { display: flex; align-items: center; gap: 10px; margin-top: 14px; padding: 10px 12px; border-radius: 12px; background: var(--paper); font-size: 14px; overflow-wrap: anywhere; --size: 28px; }
    .hint { margin-top: 10px; font-size: 14px; color: var(--ink-2); }
    label { display: block; margin-top: 18px; font-size: 13px; color: var(--ink-2); }
    input { display: block; width: 100%; height: 52px; margin-top: 6px; padding: 0 16px; border: 1px solid var(--line); border-radius: 14px; background: var(--paper); color: var(--ink); font-size: 18px; font-variant-numeric: tabular-nums; }
    input::placeholder { color: var(--ink-2); opacity: 1; font-size: 16px; }
    input:focus { outline: 2px solid var(--focus); outline-offset: -1px; border-color: transparent; }
    input[aria-invalid="true"] { border-color: var(--error); }
    #code { letter-spacing: .5em; text-align: center; font-size: 24px; padding-left: calc(16px + .5em); }
    .wrong { margin-top: 8px; font-size: 13px; line-height: 20px; color: var(--error); }
    .demo { display: flex; align-items: center; gap: 8px; margin-top: 12px; padding: 10px 8px 10px 14px; border-radius: 12px; border: 1px dashed currentColor; background: var(--warn-ground); color: var(--warn); font-size: 13px; line-height: 18px; font-variant-numeric: tabular-nums; }
    .demo span { flex: 1; }
    .demo button { min-height: 36px; padding: 0 12px; border-radius: 10px; font-weight: 600; flex: none; }
    .go { display: block; width: 100%; min-height: 50px; margin-top: 18px; border-radius: 25px; font-size: 17px; }
    .go:disabled { opacity: .45; cursor: default; }
    .row { display: flex; justify-content: space-between; gap: 12px; margin-top: 4px; font-size: 14px; }
    .row button { min-height: 44px; color: var(--accent); }
    .row button:disabled { color: var(--ink-2); cursor: default; font-variant-numeric: tabular-nums; }
    .note { margin: 8px 0 4px; font-size: 12px; color: var(--ink-2); }
  `];

  protected override render() {
    const t = accountWords();
    const { sent, wrong, program } = this;
    const problem = (field: "phone" | "code") => (wrong && (wrong.field === field || wrong.field === "") ? html`<p class="wrong" id="wrong" role="alert">${wrong.message}</p>` : nothing);
    return html`
      <header>${seal(36)}<h2>${t.signIn}</h2><button class="close" type="button" aria-label=${overlayWords().close} @click=${() => this.emit("mm-cancel")}>${icons.close}</button></header>
      ${program ? html`<p class="for"><mm-program-icon .name=${program.name} .src=${program.icon} .key=${program.app}></mm-program-icon><span>${t.signInFor(program.name)}</span></p>` : nothing}
      ${sent ? this.second(sent, problem("code")) : html`
        ${program ? nothing : html`<p class="hint">${t.signInHint}</p>`}
        <form novalidate @submit=${(e: Event) => { e.preventDefault(); void this.send(this.typed("#phone").replace(/\s/g, "")); }}>
          <label for="phone">${t.phone}</label>
          <input id="phone" type="tel" inputmode="tel" autocomplete="tel" maxlength="24" placeholder=${t.phoneExample} aria-invalid=${wrong?.field === "phone"} aria-describedby="wrong" ?readonly=${this.busy} @input=${() => this.requestUpdate()}>
          ${problem("phone")}
          <button class="filled go" ?disabled=${this.busy || this.wait > 0 || this.typed("#phone") === ""}>${this.busy ? t.working : this.wait > 0 ? t.againIn(String(this.wait)) : t.getCode}</button>
        </form>
        <p class="note">${program ? t.signInHint : t.neverAsked}</p>`}`;
  }

  private second(sent: Challenge & { phone: string }, problem: unknown) {
    const t = accountWords();
    const minutes = Math.max(1, Math.round((sent.expiresAt - Date.now()) / 60_000));
    return html`<form novalidate @submit=${(e: Event) => { e.preventDefault(); void this.answer(this.digits()); }}>
        <p class="hint">${t.sentTo(spaced(sent.phone))}${sent.expiresAt > 0 && !this.late ? html` · ${t.holds(String(minutes))}` : nothing}</p>
        <label for="code">${t.code}</label>
        <input id="code" inputmode="numeric" autocomplete="one-time-code" maxlength="6" pattern="[0-9]*" aria-invalid=${this.wrong?.field === "code"} aria-describedby="wrong" ?readonly=${this.busy} @input=${this.typing}>
        ${problem}${this.late ? html`<p class="wrong" role="alert">${t.expired}</p>` : nothing}
        ${this.demo ? html`<p class="demo" role="status"><span>${t.demo(this.demo)}</span><button type="button" @click=${this.fill}>${t.fill}</button></p>` : nothing}
        <button class="filled go" ?disabled=${this.busy || this.digits().length !== 6}>${this.busy ? t.working : t.signIn}</button>
      </form>
      <div class="row"><button type="button" @click=${this.back}>${t.otherPhone}</button>
        <button type="button" id="again" ?disabled=${this.wait > 0 || this.busy} @click=${() => this.send(sent.phone)}>${this.wait > 0 ? t.againIn(String(this.wait)) : t.again}</button></div>
      <p class="note">${t.neverAsked}</p>`;
  }

  private readonly typing = (e: Event) => {
    const field = e.target as HTMLInputElement;
    const digits = field.value.replace(/\D/g, "").slice(0, 6);
    if (digits !== field.value) field.value = digits;
    this.requestUpdate();
    if (digits.length === 6) void this.answer(digits);
  };

  private readonly fill = () => {
    const field = this.renderRoot.querySelector<HTMLInputElement>("#code")!;
    field.value = this.demo;
    void this.answer(this.demo);
  };

  private readonly back = () => {
    this.sent = null;
    this.wrong = null;
    this.late = false;
    this.focusOn("#phone");
  };

  private typed(field: string): string {
    return this.renderRoot?.querySelector<HTMLInputElement>(field)?.value.trim() ?? "";
  }

  private digits(): string {
    return this.typed("#code");
  }
}

/** "138 0013 8000" */
const spaced = (phone: string): string => (/^1\d{10}$/.test(phone) ? `${phone.slice(0, 3)} ${phone.slice(3, 7)} ${phone.slice(7)}` : phone);

customElements.define("mm-sign-in", SignIn);
