// A part of a page that shows what the platform answers: loading, failed with a way to try again, or there.
import { css, html, type TemplateResult } from "lit";
import { meWords } from "../words/me";
import { Element, base } from "./base";

export type Loaded<T> = { is: "loading" } | { is: "failed"; message: string } | { is: "there"; value: T };

export abstract class Part<T> extends Element {
  static override properties: Record<string, object> = { loaded: { state: true } };
  declare loaded: Loaded<T>;
  protected over = new AbortController();

  constructor() {
    super();
    this.loaded = { is: "loading" };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.over = new AbortController();
    void this.reload();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.over.abort();
  }

  /** Asks anew; what is shown stays until the answer is here. */
  async reload(): Promise<void> {
    const { signal } = this.over;
    if (this.loaded.is !== "there") this.loaded = { is: "loading" };
    try {
      const value = await this.load(signal);
      if (!signal.aborted) this.loaded = { is: "there", value };
    } catch (e) {
      if (!signal.aborted) this.loaded = { is: "failed", message: e instanceof Error ? e.message : String(e) };
    }
  }

  protected abstract load(signal: AbortSignal): Promise<T>;
  protected abstract show(value: T): TemplateResult;

  static override styles = [base, css`
    :host { display: block; }
    .loading { display: flex; justify-content: center; gap: 6px; padding: 56px 0; }
    .loading i { width: 7px; height: 7px; border-radius: 50%; background: var(--ink-2); animation: breathe 1.1s ease-in-out infinite; }
    .loading i:nth-child(2) { animation-delay: .15s; }
    .loading i:nth-child(3) { animation-delay: .3s; }
    @keyframes breathe { 0%, 60%, 100% { opacity: .25; } 30% { opacity: 1; } }
    .message { text-align: center; padding: 56px 16px; color: var(--ink-2); font-size: 14px; }
    .message > svg { width: 44px; height: 44px; margin: 0 auto 14px; opacity: .6; stroke-width: 1.4; }
    .message h2 { font-size: 17px; color: var(--ink); margin-bottom: 6px; }
    .message button { margin-top: 20px; }
    .hint { font-size: 14px; line-height: 21px; color: var(--ink-2); }
    h2 { font-size: 15px; font-weight: 600; margin: 24px 0 10px; }
    .list { background: var(--card); border-radius: 16px; box-shadow: var(--shadow); overflow: hidden; }
    .list > li + li { border-top: 1px solid var(--line); }
  `];

  protected override render() {
    const t = meWords();
    const { loaded } = this;
    if (loaded.is === "loading") return html`<div class="loading" role="status" aria-label=${t.loading}><i></i><i></i><i></i></div>`;
    if (loaded.is === "failed") return html`<div class="message" role="alert"><h2>${t.failed}</h2><p>${loaded.message}</p><button class="plain" @click=${() => this.reload()}>${t.retry}</button></div>`;
    return this.show(loaded.value);
  }
}
