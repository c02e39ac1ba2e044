// What all elements of the host share: they follow the language, and one sheet of small rules.
import { css, LitElement } from "lit";
import { followLang } from "../words/lang";

/** An element that draws itself again when the language changes. */
export class Element extends LitElement {
  private stopFollowing: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.stopFollowing = followLang(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stopFollowing?.();
    this.stopFollowing = null;
  }

  protected emit(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

export const base = css`
  *, ::before, ::after { box-sizing: border-box; }
  :host { font-family: var(--font); color: var(--ink); -webkit-tap-highlight-color: transparent; }
  button, input, textarea { font: inherit; color: inherit; }
  button { border: 0; background: none; padding: 0; margin: 0; cursor: pointer; touch-action: manipulation; }
  button:focus-visible, a:focus-visible, input:focus-visible, textarea:focus-visible, [tabindex]:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
  h1, h2, h3, p, ul, ol, dl, dd { margin: 0; padding: 0; }
  ul, ol { list-style: none; }
  svg { display: block; }
  [hidden] { display: none !important; }
  .filled { background: var(--accent); color: var(--accent-ink); border-radius: 22px; min-height: 44px; padding: 0 28px; font-weight: 600; }
  .plain { border: 1px solid var(--line); background: var(--card); border-radius: 22px; min-height: 44px; padding: 0 28px; }
  .filled:active, .plain:active { opacity: .8; }
  @media (prefers-reduced-motion: reduce) { *, ::before, ::after { animation-duration: .01ms !important; transition-duration: .01ms !important; } }
`;
