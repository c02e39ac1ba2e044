// scroll-view: offsets, thresholds, scroll-into-view, the refresher.
import type { Puller } from "../view/input";
import type { Behaviour, El } from "./_kit";
const { Builtin, view } = window.$M;

class ScrollView extends Builtin implements Behaviour {
  private left = 0;
  private top = 0;
  private edge = { top: true, bottom: false, left: true, right: false };
  private frame = 0;
  refresher: HTMLElement | null = null;
  refreshing = false;

  override enter(): void {
    // Leaving the document forgets how far it was scrolled.
    if (this.top || this.left) this.scrollTo({ left: this.left, top: this.top, behavior: "instant" });
  }
  override changed(name: string, value: unknown): void {
    const { view } = this;
    switch (name) {
      case "scroll-x": return void this.toggleAttribute("mm-x", !!value);
      case "scroll-y": return void this.toggleAttribute("mm-y", !!value);
      case "enable-flex": return void this.toggleAttribute("mm-flex", !!value);
      case "scroll-top":
      case "scroll-left": {
        const to = Number(value);
        if (value !== undefined && value !== null && value !== "" && Number.isFinite(to)) view.after(() => this.go(name === "scroll-top" ? { top: to } : { left: to }));
        return;
      }
      case "scroll-into-view":
        if (typeof value === "string" && value) view.after(() => this.reveal("#" + CSS.escape(value)));
        return;
      case "refresher-enabled": return this.prepare(!!value);
      case "refresher-background": return void (this.refresher && (this.refresher.style.background = String(value ?? "")));
      case "refresher-triggered": return void (this.refresher && view.after(() => (value ? this.refresh() : this.restore())));
    }
  }
  override ready(): void {
    // Content of the first flush is in the document only after it.
    for (const name of ["scroll-top", "scroll-left", "scroll-into-view"]) if (this.attr(name)) queueMicrotask(() => this.changed(name, this.attr(name)));
  }

  go(to: { left?: number; top?: number }, smooth = !!this.attr("scroll-with-animation")): void {
    this.scrollTo({ ...to, behavior: smooth && !matchMedia("(prefers-reduced-motion: reduce)").matches ? "smooth" : "instant" });
  }
  reveal(selector: string): void {
    const el = this.querySelector(selector);
    if (!el) return;
    const own = this.getBoundingClientRect(), its = el.getBoundingClientRect();
    this.go({
      ...(this.attr("scroll-y") ? { top: this.scrollTop + its.top - own.top - this.clientTop } : null),
      ...(this.attr("scroll-x") ? { left: this.scrollLeft + its.left - own.left - this.clientLeft } : null),
    });
  }

  scrolled(): void {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      const { scrollLeft, scrollTop, scrollWidth, scrollHeight, clientWidth, clientHeight } = this;
      const deltaX = this.left - scrollLeft, deltaY = this.top - scrollTop;
      this.left = scrollLeft;
      this.top = scrollTop;
      if (!deltaX && !deltaY) return;
      this.fire("scroll", { scrollLeft, scrollTop, scrollWidth, scrollHeight, deltaX, deltaY });
      const upper = this.num("upper-threshold", 50), lower = this.num("lower-threshold", 50);
      const now = {
        top: !!this.attr("scroll-y") && scrollTop <= upper, bottom: !!this.attr("scroll-y") && scrollTop + clientHeight + lower >= scrollHeight,
        left: !!this.attr("scroll-x") && scrollLeft <= upper, right: !!this.attr("scroll-x") && scrollLeft + clientWidth + lower >= scrollWidth,
      };
      const was = this.edge;
      this.edge = now;
      if (now.top && !was.top && deltaY > 0) this.fire("scrolltoupper", { direction: "top" });
      if (now.left && !was.left && deltaX > 0) this.fire("scrolltoupper", { direction: "left" });
      if (now.bottom && !was.bottom && deltaY < 0) this.fire("scrolltolower", { direction: "bottom" });
      if (now.right && !was.right && deltaX < 0) this.fire("scrolltolower", { direction: "right" });
    });
  }

  // ---- refresher: an element in front of the content that grows
  private prepare(on: boolean): void {
    if (!on) {
      this.refresher?.remove();
      this.refresher = null;
      return;
    }
    if (this.refresher) return;
    const el = (this.refresher = document.createElement("mm-refresher"));
    el.setAttribute("mm-in", "");
    const style = this.str("refresher-default-style", "black");
    if (style !== "none") el.innerHTML = `<div style="height:50px;display:flex;align-items:center;justify-content:center;gap:8px"><i></i><i></i><i></i></div>`;
    el.style.background = this.str("refresher-background");
    this.prepend(el);
    if (this.attr("refresher-triggered")) this.view.after(() => this.refresh());
  }
  give(px: number, smooth: boolean): void {
    const el = this.refresher;
    if (!el) return;
    el.style.transition = smooth ? "height .2s" : "";
    el.style.height = px + "px";
  }
  refresh(): void {
    if (!this.refresher || this.refreshing) return;
    this.refreshing = true;
    this.refresher.toggleAttribute("mm-busy", true);
    this.give(this.num("refresher-threshold", 45), true);
    this.fire("refresherrefresh", {});
  }
  restore(): void {
    if (!this.refresher || !this.refreshing) return;
    this.refreshing = false;
    this.refresher.toggleAttribute("mm-busy", false);
    this.give(0, true);
    this.fire("refresherrestore", {});
  }

  property(name: string): unknown {
    return name === "scrollX" ? !!this.attr("scroll-x") : name === "scrollY" ? !!this.attr("scroll-y") : undefined;
  }
  context(method: string, args: unknown[]): unknown {
    const a = args[0] as any;
    if (method === "scrollTo") this.go({ ...(a?.top !== undefined ? { top: +a.top } : null), ...(a?.left !== undefined ? { left: +a.left } : null) }, a?.animated !== false && !!a?.animated);
    else if (method === "scrollIntoView") this.reveal(String(a));
    else if (method === "triggerRefresh") this.refresh();
    else if (method === "closeRefresh") this.restore();
    else throw new Error(`scroll-view has no method ${method}`);
    return undefined;
  }
}

/** The gesture for scroll views with a refresher. */
function refresherPuller(): Puller {
  let view: ScrollView | null = null;
  let way = 0;
  return {
    start(target) {
      const el = target.closest("mm-scroll-view") as ScrollView | null;
      view = el && el.refresher && !el.refreshing && el.scrollTop <= 0 ? el : null;
      way = 0;
      return view !== null;
    },
    move(dx, dy) {
      if (!view || (way === 0 && (dy < -5 || Math.abs(dx) > Math.max(10, Math.abs(dy)) || view.scrollTop > 0))) return false;
      way = Math.max(0, dy - 10) * 0.5;
      view.give(way, false);
      if (way > 0) view.fire("refresherpulling", { dy: way });
      return true;
    },
    end() {
      if (!view || way === 0) return;
      if (way >= view.num("refresher-threshold", 45)) view.refresh();
      else {
        view.give(0, true);
        view.fire("refresherabort", {});
      }
    },
  };
}

view.builtins.define("scroll-view", ScrollView);
view.builtins.pullers.unshift(refresherPuller());
document.addEventListener("scroll", (e) => (e.target as El & Behaviour).scrolled?.(), { capture: true, passive: true });
