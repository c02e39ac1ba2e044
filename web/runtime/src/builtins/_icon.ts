// icon: a small set of drawings.
const { Builtin } = window.$M;

const CIRCLE = '<path fill="C" d="M12 1a11 11 0 1 0 0 22 11 11 0 0 0 0-22z"/>';
const RING = '<path fill="none" stroke="C" stroke-width="1.4" d="M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20z"/>';
const line = (d: string, color = "#fff"): string => `<path fill="none" stroke="${color}" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" d="${d}"/>`;
/** type → colour, drawing on a 24 × 24 field; C stands for the colour */
const ICONS: Record<string, [string, string]> = {
  success: ["#09bb07", CIRCLE + line("M7 12.4l3.4 3.4L17 9")],
  success_no_circle: ["#09bb07", line("M5 12.6l4.6 4.6L19 7.6", "C")],
  info: ["#10aeff", CIRCLE + line("M12 10.8v6.2M12 7.2v.1")],
  warn: ["#f76260", CIRCLE + line("M12 6.6v6.6M12 16.8v.1")],
  waiting: ["#10aeff", CIRCLE + line("M11.6 6.6v6l4.2 2.6")],
  cancel: ["#f43530", RING + line("M8.4 8.4l7.2 7.2M15.6 8.4l-7.2 7.2", "C")],
  download: ["#09bb07", RING + line("M12 6.6v9.2M8.6 12.6l3.4 3.4 3.4-3.4", "C")],
  search: ["#b2b2b2", '<circle cx="10.5" cy="10.5" r="6.5" fill="none" stroke="C" stroke-width="1.8"/>' + line("M15.4 15.4L21 21", "C")],
  clear: ["#b2b2b2", CIRCLE + line("M8.4 8.4l7.2 7.2M15.6 8.4l-7.2 7.2")],
};
ICONS.info_circle = ["#10aeff", RING + line("M12 10.8v6.2M12 7.2v.1", "C")];
ICONS.success_circle = ["#09bb07", RING + line("M7 12.4l3.4 3.4L17 9", "C")];
ICONS.waiting_circle = ["#10aeff", RING + line("M11.6 6.6v6l4.2 2.6", "C")];

export class Icon extends Builtin {
  override changed(): void {
    this.draw();
  }
  override ready(): void {
    this.draw();
  }
  private draw(): void {
    if (!this.live) return;
    const type = this.str("type");
    const [preset, drawing] = Object.hasOwn(ICONS, type) ? ICONS[type]! : ["", ""];
    this.innerHTML = drawing ? `<svg mm-in viewBox="0 0 24 24" width="100%" height="100%" aria-hidden="true">${drawing.replace(/"C"/g, '"currentColor"')}</svg>` : "";
    const svg = this.firstElementChild as SVGElement | null;
    if (!svg) return;
    const size = this.attr("size");
    const px = size === undefined || size === null || size === "" ? "23px" : /^[\d.]+$/.test(String(size)) ? size + "px" : String(size).replace(/([\d.]+)rpx/, "calc(100vw / 750 * $1)");
    svg.style.width = svg.style.height = px;
    svg.style.color = this.str("color") || preset;
  }
}
