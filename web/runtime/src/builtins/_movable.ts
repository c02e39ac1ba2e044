// movable-area and movable-view: a thing that a finger moves. Scaling with two fingers is not supported.
import { dragging, length } from "./_kit";
const { Builtin, view, calm } = window.$M;

export class MovableArea extends Builtin {}

export class MovableView extends Builtin {
  private x = 0;
  private y = 0;
  private placing: Animation | null = null;
  private run = 0;

  private bounds(): { minX: number; maxX: number; minY: number; maxY: number } {
    const area = this.closest<HTMLElement>("mm-movable-area") || this.parentElement!;
    const dx = area.clientWidth - this.offsetWidth, dy = area.clientHeight - this.offsetHeight;
    // A thing larger than its area moves behind it.
    return { minX: Math.min(0, dx), maxX: Math.max(0, dx), minY: Math.min(0, dy), maxY: Math.max(0, dy) };
  }
  private direction(): string {
    return this.str("direction", "none");
  }
  override mount(): void {
    dragging(this, () => ({ horizontal: "x", vertical: "y" } as Record<string, "x" | "y">)[this.direction()] || "xy", () => {
      if (this.attr("disabled") || !["all", "horizontal", "vertical"].includes(this.direction())) return null;
      cancelAnimationFrame(this.run);
      const { x, y } = this;
      const free = !!this.attr("out-of-bounds");
      const b = this.bounds();
      const give = (v: number, min: number, max: number): number => (v < min ? (free ? min + (v - min) / 3 : min) : v > max ? (free ? max + (v - max) / 3 : max) : v);
      return {
        move: (dx, dy) => {
          if (this.direction() !== "vertical") this.x = give(x + dx, b.minX, b.maxX);
          if (this.direction() !== "horizontal") this.y = give(y + dy, b.minY, b.maxY);
          this.put();
          this.tell(this.x !== x + dx || this.y !== y + dy ? "touch-out-of-bounds" : "touch");
        },
        end: (vx, vy) => {
          const friction = Math.max(0.5, this.num("friction", 2));
          const far = this.attr("inertia") ? 150 / friction : 0;
          const to = {
            x: Math.min(b.maxX, Math.max(b.minX, this.x + (this.direction() === "vertical" ? 0 : vx * far))),
            y: Math.min(b.maxY, Math.max(b.minY, this.y + (this.direction() === "horizontal" ? 0 : vy * far))),
          };
          this.glide(to.x, to.y, this.x < b.minX || this.x > b.maxX || this.y < b.minY || this.y > b.maxY ? "out-of-bounds" : "friction");
        },
      };
    });
  }
  override changed(name: string, value: unknown): void {
    if (name === "direction") this.style.touchAction = value === "all" ? "none" : value === "horizontal" ? "pan-y" : value === "vertical" ? "pan-x" : "";
    else if ((name === "x" || name === "y") && this.live) view.after(() => this.go());
  }
  override ready(): void {
    requestAnimationFrame(() => this.go(false));
  }
  private go(smooth = this.attr("animation") !== false): void {
    if (!this.isConnected) return;
    const px = (name: string): number => {
      const probe = length(this.attr(name), "0px");
      const rpx = /calc\(100vw \/ 750 \* (-?[\d.]+)\)/.exec(probe);
      return rpx ? (innerWidth / 750) * +rpx[1]! : parseFloat(probe) || 0;
    };
    const b = this.bounds();
    const x = Math.min(b.maxX, Math.max(b.minX, px("x"))), y = Math.min(b.maxY, Math.max(b.minY, px("y")));
    if (smooth) this.glide(x, y, "");
    else {
      this.x = x;
      this.y = y;
      this.put();
    }
  }
  private glide(x: number, y: number, source: string): void {
    cancelAnimationFrame(this.run);
    const fromX = this.x, fromY = this.y;
    if (fromX === x && fromY === y) return;
    const begin = performance.now();
    const step = (now: number): void => {
      const t = calm() ? 1 : Math.min(1, Math.max(0, (now - begin) / 250));
      const k = 1 - (1 - t) ** 3;
      this.x = fromX + (x - fromX) * k;
      this.y = fromY + (y - fromY) * k;
      this.put();
      this.tell(source);
      if (t < 1) this.run = requestAnimationFrame(step);
    };
    this.run = requestAnimationFrame(step);
  }
  private tell(source: string): void {
    this.fire("change", { x: Math.round(this.x * 10) / 10, y: Math.round(this.y * 10) / 10, source });
  }
  /** As an animation that stands still: the style attribute belongs to the program. */
  private put(): void {
    const translate = `${this.x}px ${this.y}px`;
    const frames = [{ translate }, { translate }];
    if (this.placing) (this.placing.effect as KeyframeEffect).setKeyframes(frames);
    else this.placing = this.animate(frames, { duration: 1, fill: "both" });
  }
}
