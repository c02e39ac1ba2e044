// swiper: items side by side, one in view. Items stay where the program put them; slots of a shadow tree carry and move them,
// so that no style of the program's is touched.
import { dragging, length, type Behaviour } from "./_kit";
const { Builtin, view, addSheet, calm } = window.$M;

addSheet(`
mm-swiper-item{display:block;width:100%;height:100%;overflow:hidden;box-sizing:border-box}
mm-swiper{position:relative}
`, true);

const INNER = `
:host{touch-action:pan-y}
:host([mm-vertical]){touch-action:pan-x}
.track{position:absolute;inset:0}
.cell{position:absolute;inset:0;will-change:transform}
.dots{position:absolute;left:0;right:0;bottom:10px;display:flex;justify-content:center;gap:8px;pointer-events:none}
:host([mm-vertical]) .dots{inset:0 10px 0 auto;flex-direction:column;align-items:center}
.dots i{width:8px;height:8px;border-radius:50%;background:var(--dot)}
.dots i[on]{background:var(--on)}
`;

const EASE = (t: number): number => 1 - (1 - t) ** 3;

class Swiper extends Builtin implements Behaviour {
  private track!: HTMLElement;
  private dots!: HTMLElement;
  private cells: { cell: HTMLElement; item: Element }[] = [];
  private current = 0;
  /** which place of the row is in view, in items; any number when circular */
  private at = 0;
  private frame = 0;
  private timer = 0;
  private held = false;

  override mount(): void {
    const root = this.attachShadow({ mode: "open", slotAssignment: "manual" });
    root.innerHTML = `<style>${INNER}</style><div class="track" part="track"></div><div class="dots" aria-hidden="true"></div>`;
    this.track = root.querySelector(".track")!;
    this.dots = root.querySelector(".dots")!;
    new MutationObserver(() => this.collect()).observe(this, { childList: true });
    dragging(this, () => (this.attr("vertical") ? "y" : "x"), () => {
      if (this.attr("disable-touch") || this.cells.length === 0) return null;
      this.held = true;
      cancelAnimationFrame(this.frame);
      this.frame = 0;
      clearTimeout(this.timer);
      const from = this.at;
      return {
        move: (dx, dy) => {
          const size = this.step() || 1;
          const by = (this.attr("vertical") ? dy : dx) / size;
          let to = from - by;
          if (!this.circular()) {
            // The ends give way, but less and less.
            const last = this.last();
            if (to < 0) to /= 3;
            else if (to > last) to = last + (to - last) / 3;
          }
          this.lay(to);
          this.fire("transition", this.attr("vertical") ? { dx: 0, dy: (to - from) * size } : { dx: (to - from) * size, dy: 0 });
        },
        end: (vx, vy) => {
          this.held = false;
          const v = this.attr("vertical") ? vy : vx;
          let to = Math.abs(v) > 0.25 ? Math.round(from) + (v < 0 ? 1 : -1) : Math.round(this.at);
          if (Math.abs(v) > 0.25 && Math.abs(this.at - from) > 1) to = v < 0 ? Math.ceil(this.at) : Math.floor(this.at);
          if (!this.circular()) to = Math.min(this.last(), Math.max(0, to));
          this.turn(to, "touch");
        },
      };
    });
  }
  override ready(): void {
    this.collect();
  }
  override enter(): void {
    this.collect();
  }
  override leave(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    clearTimeout(this.timer);
  }
  override changed(name: string, value: unknown): void {
    if (name === "vertical") this.toggleAttribute("mm-vertical", !!value);
    if (!this.live) return;
    if (name === "current") {
      const to = Math.trunc(Number(value));
      if (Number.isFinite(to)) view.after(() => this.show(to));
    } else if (name === "current-item-id") view.after(() => this.show(this.cells.findIndex((c) => this.idOf(c.item) === value)));
    else {
      this.look();
      this.lay(this.at);
      this.wind();
    }
  }

  private shown(): number {
    return Math.max(1, Math.min(this.cells.length || 1, Math.trunc(this.num("display-multiple-items", 1)) || 1));
  }
  private circular(): boolean {
    return !!this.attr("circular") && this.cells.length > this.shown();
  }
  private last(): number {
    return Math.max(0, this.cells.length - this.shown());
  }
  /** px from one item to the next */
  private step(): number {
    return (this.attr("vertical") ? this.track.clientHeight : this.track.clientWidth) / this.shown();
  }
  private idOf(item: Element | undefined): string {
    return item instanceof Item ? item.str("item-id") : "";
  }

  /** Items came or went. */
  private collect(): void {
    const items = Array.from(this.children).filter((el) => el.localName === "mm-swiper-item");
    if (this.cells.length !== items.length || this.cells.some((c, i) => c.item !== items[i])) {
      const old = new Map(this.cells.map((c) => [c.item, c.cell]));
      this.cells = items.map((item) => {
        let cell = old.get(item);
        old.delete(item);
        if (!cell) {
          cell = document.createElement("div");
          cell.className = "cell";
          cell.append(document.createElement("slot"));
        }
        return { cell, item };
      });
      for (const cell of old.values()) cell.remove();
      for (const { cell, item } of this.cells) {
        if (!cell.isConnected) this.track.append(cell);
        (cell.firstChild as HTMLSlotElement).assign(item);
      }
      if (!this.frame && !this.held) {
        const wanted = this.live || this.attr("current") === undefined ? this.current : this.num("current", 0);
        this.current = Math.min(this.last(), Math.max(0, Math.trunc(wanted)));
        const first = this.cells.length > 0 && old.size === 0;
        if (first) {
          const named = this.cells.findIndex((c) => this.attr("current-item-id") && this.idOf(c.item) === this.attr("current-item-id"));
          const given = this.attr("current");
          if (named >= 0) this.current = named;
          else if (given !== undefined) this.current = Math.min(this.last(), Math.max(0, Math.trunc(Number(given)) || 0));
        }
        this.at = this.current;
      }
    }
    this.look();
    this.lay(this.at);
    this.wind();
  }

  private look(): void {
    const { track, dots } = this;
    const before = length(this.attr("previous-margin"), "0px"), after = length(this.attr("next-margin"), "0px");
    track.style.inset = this.attr("vertical") ? `${before} 0 ${after}` : `0 ${after} 0 ${before}`;
    dots.hidden = !this.attr("indicator-dots");
    dots.style.display = dots.hidden ? "none" : "";
    dots.style.setProperty("--dot", this.str("indicator-color", "rgba(0,0,0,.3)"));
    dots.style.setProperty("--on", this.str("indicator-active-color", "#000"));
    while (dots.childElementCount > this.cells.length) dots.lastChild!.remove();
    while (dots.childElementCount < this.cells.length) dots.append(document.createElement("i"));
    this.mark();
  }
  private mark(): void {
    Array.from(this.dots.children).forEach((dot, i) => dot.toggleAttribute("on", i === this.current));
  }

  private lay(at: number): void {
    this.at = at;
    const n = this.cells.length, k = this.shown(), round = this.circular(), vertical = this.attr("vertical");
    this.cells.forEach(({ cell }, i) => {
      let place = i - at;
      if (round) {
        // Each item stands on the side nearer to the view, a little after it rather than before.
        place = ((place % n) + n) % n;
        if (place > (n + k - 1) / 2) place -= n;
      }
      cell.style.transform = vertical ? `translateY(${place * 100}%)` : `translateX(${place * 100}%)`;
      if (k > 1) cell.style[vertical ? "height" : "width"] = 100 / k + "%";
      else cell.style.width = cell.style.height = "";
      cell.style.visibility = place > -1.999 && place < k + 0.999 ? "" : "hidden";
    });
  }

  /** Moves to a place of the row and says so. */
  private turn(to: number, source: "touch" | "autoplay" | ""): void {
    const n = this.cells.length;
    if (n === 0) return;
    const next = ((to % n) + n) % n;
    const changed = next !== this.current;
    this.current = next;
    this.mark();
    const detail = { current: next, currentItemId: this.idOf(this.cells[next]?.item), source };
    if (changed) {
      view.events.model(this, "current", next);
      this.fire("change", detail);
    }
    cancelAnimationFrame(this.frame);
    const from = this.at;
    const ms = calm() || document.hidden ? 0 : Math.max(0, this.num("duration", 500));
    const arrive = (): void => {
      this.frame = 0;
      this.lay(next);
      if (changed || from !== to) this.fire("animationfinish", detail);
      this.wind();
    };
    if (ms === 0 || from === to) return arrive();
    const begin = performance.now();
    const step = (now: number): void => {
      const t = Math.min(1, Math.max(0, (now - begin) / ms));
      if (t >= 1) return arrive();
      this.lay(from + (to - from) * EASE(t));
      this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }

  /** The program wants an item. */
  private show(to: number): void {
    const n = this.cells.length;
    if (n === 0 || to === this.current || to < 0 || this.held) return;
    to = Math.min(to, this.circular() ? n - 1 : this.last());
    if (to === this.current) return;
    let way = to - this.current;
    if (this.circular() && Math.abs(way) > n / 2) way += way > 0 ? -n : n;
    this.turn(this.current + way, "");
  }

  private wind(): void {
    clearTimeout(this.timer);
    if (!this.attr("autoplay") || !this.isConnected || this.cells.length < 2 || this.held) return;
    this.timer = window.setTimeout(() => {
      // What nobody sees does not move.
      if (this.closest("[mm-off]") || document.hidden || this.held) return this.wind();
      if (this.circular()) this.turn(this.current + 1, "autoplay");
      else this.turn(this.current >= this.last() ? 0 : this.current + 1, "autoplay");
    }, Math.max(100, this.num("interval", 5000)));
  }

  property(name: string): unknown {
    return name === "current" ? this.current : undefined;
  }
}

class Item extends Builtin {}

view.builtins.define("swiper-item", Item);
view.builtins.define("swiper", Swiper);
