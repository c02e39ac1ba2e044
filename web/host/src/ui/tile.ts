// A program's icon: its picture, or its first character on a colour of its own when there is none or it does not load.
import { css, html } from "lit";
import { Element, base } from "./base";

export class ProgramIcon extends Element {
  static override properties = { name: {}, src: {}, key: {}, failed: { state: true } };
  declare name: string;
  declare src: string;
  /** what the colour is made from: the program's id */
  declare key: string;
  declare failed: boolean;

  constructor() {
    super();
    this.name = this.src = this.key = "";
    this.failed = false;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("src")) this.failed = false;
    if (changed.has("key")) this.style.setProperty("--hue", String(hue(this.key)));
  }

  static override styles = [base, css`
    :host { display: block; aspect-ratio: 1; width: var(--size, 60px); border-radius: 23%; overflow: hidden; background: var(--card); flex: none; }
    img { width: 100%; height: 100%; object-fit: cover; display: block; }
    /* Lightness is fixed so that white stays readable on every hue. */
    .letter { width: 100%; height: 100%; display: grid; place-items: center; color: #fff; font-weight: 600; font-size: calc(var(--size, 60px) * .42); background: linear-gradient(160deg, hsl(var(--hue) 55% 46%), hsl(var(--hue) 60% 36%)); }
  `];

  protected override render() {
    return this.src && !this.failed
      ? html`<img src=${this.src} alt="" @error=${() => (this.failed = true)}>`
      : html`<div class="letter" aria-hidden="true">${[...this.name][0] ?? "·"}</div>`;
  }
}

function hue(key: string): number {
  let h = 7;
  for (const ch of key) h = (h * 31 + ch.codePointAt(0)!) >>> 0;
  return (h * 47) % 360;
}

customElements.define("mm-program-icon", ProgramIcon);
