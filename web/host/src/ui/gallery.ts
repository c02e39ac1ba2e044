// Pictures over the whole screen: swipe or arrow keys from one to the next, double tap or the button to zoom, drag when zoomed.
import { css, html, nothing } from "lit";
import { overlayWords } from "../words/overlays";
import { Element, base } from "./base";
import { styled } from "./styled";
import { icons } from "./icons";

const zoomed = 2.5;
/** px a finger moves before a tap becomes a swipe, and share of the width that turns the page */
const slop = 8, turn = 0.22;

export class Gallery extends Element {
  static override properties = { urls: { attribute: false }, at: { type: Number }, shift: { state: true }, zoom: { state: true }, pan: { state: true }, broken: { state: true } };
  declare urls: string[];
  declare at: number;
  /** px the pictures are dragged aside */
  declare shift: number;
  declare zoom: boolean;
  declare pan: { x: number; y: number };
  declare broken: ReadonlySet<number>;
  private drag: { id: number; x: number; y: number; panX: number; panY: number; moved: boolean } | null = null;
  private lastTap = 0;
  private closing: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.urls = [];
    this.at = 0;
    this.shift = 0;
    this.zoom = false;
    this.pan = { x: 0, y: 0 };
    this.broken = new Set();
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>(".reel")?.focus({ preventScroll: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.closing);
  }

  static override styles = [base, css`
    :host { position: absolute; inset: 0; background: #000; color: #fff; touch-action: none; user-select: none; -webkit-user-select: none; }
    .reel { position: absolute; inset: 0; display: flex; overflow: hidden; cursor: zoom-in; }
    .reel.zoom { cursor: grab; }
    figure { margin: 0; flex: none; width: 100%; height: 100%; display: grid; place-items: center; transition: transform .25s cubic-bezier(.2, .8, .3, 1); }
    .dragging figure, .dragging img { transition: none; }
    img { max-width: 100%; max-height: 100%; object-fit: contain; transition: transform .2s; -webkit-user-drag: none; }
    .top { position: absolute; top: calc(var(--status) + 6px); left: 8px; display: flex; align-items: center; gap: 4px; height: 32px; font-size: 14px; }
    button { width: 44px; height: 44px; display: grid; place-items: center; border-radius: 50%; background: rgb(0 0 0 / 45%); color: #fff; }
    .side { position: absolute; top: 50%; margin-top: -22px; }
    .previous { left: 8px; }
    .next { right: 8px; }
    @media (hover: none) { .side { display: none; } }
    .bottom { position: absolute; bottom: calc(max(var(--bottom), 8px) + 8px); right: 12px; }
    .count { padding: 4px 12px; border-radius: 14px; background: rgb(0 0 0 / 45%); }
    p { color: #d0d0d4; font-size: 14px; }
  `];

  protected override render() {
    const t = overlayWords();
    const count = String(this.urls.length);
    return html`
      <div class="reel ${this.zoom ? "zoom" : ""} ${this.drag?.moved ? "dragging" : ""}" tabindex="0" aria-label=${t.gallery(String(this.at + 1), count)}
        @pointerdown=${this.down} @pointermove=${this.move} @pointerup=${this.up} @pointercancel=${this.up} @keydown=${this.key}>
        ${this.urls.map((url, i) => html`<figure ?inert=${i !== this.at} ${styled({ transform: `translateX(calc(${-this.at * 100}% + ${this.shift}px))` })}>
          ${Math.abs(i - this.at) > 1 ? nothing : this.broken.has(i) ? html`<p>${t.pictureFailed}</p>`
            : html`<img src=${url} alt=${t.gallery(String(i + 1), count)} draggable="false" @error=${() => (this.broken = new Set([...this.broken, i]))}
                ${styled({ transform: i === this.at && this.zoom ? `translate(${this.pan.x}px, ${this.pan.y}px) scale(${zoomed})` : "none" })}>`}</figure>`)}
      </div>
      <div class="top"><button id="close" aria-label=${t.close} @click=${() => this.emit("mm-close")}>${icons.close}</button>
        ${this.urls.length > 1 ? html`<span class="count" aria-live="polite">${this.at + 1} / ${count}</span>` : nothing}</div>
      ${this.at > 0 ? html`<button class="side previous" aria-label=${t.previous} @click=${() => this.go(-1)}>${icons.back}</button>` : nothing}
      ${this.at < this.urls.length - 1 ? html`<button class="side next" aria-label=${t.next} @click=${() => this.go(1)}>${icons.forward}</button>` : nothing}
      <div class="bottom"><button aria-label=${t.zoom} aria-pressed=${this.zoom ? "true" : "false"} @click=${() => this.zoomTo(!this.zoom)}>${icons.search}</button></div>`;
  }

  private go(by: number): void {
    this.at = Math.min(this.urls.length - 1, Math.max(0, this.at + by));
    this.zoomTo(false);
  }

  private zoomTo(zoom: boolean): void {
    this.zoom = zoom;
    this.pan = { x: 0, y: 0 };
  }

  private key(e: KeyboardEvent): void {
    if (e.key === "ArrowLeft") this.go(-1);
    else if (e.key === "ArrowRight") this.go(1);
    else if (e.key === "Enter" || e.key === " ") this.zoomTo(!this.zoom);
    else return;
    e.preventDefault();
  }

  private down(e: PointerEvent): void {
    if (this.drag || e.button !== 0) return;
    (e.currentTarget as HTMLElement).setPointerCapture(e.pointerId);
    this.drag = { id: e.pointerId, x: e.clientX, y: e.clientY, panX: this.pan.x, panY: this.pan.y, moved: false };
  }

  private move(e: PointerEvent): void {
    const d = this.drag;
    if (!d || d.id !== e.pointerId) return;
    const dx = e.clientX - d.x, dy = e.clientY - d.y;
    if (!d.moved && Math.hypot(dx, dy) < slop) return;
    d.moved = true;
    if (this.zoom) {
      const x = (this.clientWidth * (zoomed - 1)) / 2, y = (this.clientHeight * (zoomed - 1)) / 2;
      this.pan = { x: Math.max(-x, Math.min(x, d.panX + dx)), y: Math.max(-y, Math.min(y, d.panY + dy)) };
    } else {
      const edge = (dx > 0 && this.at === 0) || (dx < 0 && this.at === this.urls.length - 1);
      this.shift = edge ? dx / 3 : dx;
    }
  }

  private up(e: PointerEvent): void {
    const d = this.drag;
    if (!d || d.id !== e.pointerId) return;
    this.drag = null;
    const { shift } = this;
    this.shift = 0;
    if (d.moved) {
      if (!this.zoom && e.type === "pointerup" && Math.abs(shift) > this.clientWidth * turn) this.go(shift < 0 ? 1 : -1);
      else this.requestUpdate();
      return;
    }
    if (e.type !== "pointerup") return;
    // One tap closes, as consumers know it; a second one soon after means zoom instead.
    clearTimeout(this.closing);
    if (e.timeStamp - this.lastTap < 300) {
      this.lastTap = 0;
      this.zoomTo(!this.zoom);
    } else {
      this.lastTap = e.timeStamp;
      if (!this.zoom) this.closing = setTimeout(() => this.emit("mm-close"), 300);
    }
  }
}

customElements.define("mm-gallery", Gallery);
