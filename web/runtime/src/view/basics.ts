// The built-ins nearly every page has: image, scroll-view, button, navigator, icon, label, page-meta.
import { Builtin, type Behaviour, type Builtins } from "./builtin";
import type { Puller } from "./input";
import type { El } from "./types";

class Image extends Builtin {
  private img!: HTMLImageElement;
  private shown = "";

  override mount(): void {
    const img = (this.img = document.createElement("img"));
    img.alt = "";
    img.decoding = "async";
    img.onload = () => void this.fire("load", { width: img.naturalWidth, height: img.naturalHeight });
    img.onerror = () => void this.fire("error", { errMsg: `GET ${this.str("src").slice(0, 200)} failed` });
    if (this.attr("lazy-load")) img.loading = "lazy";
    this.append(img);
  }
  override changed(name: string, value: unknown): void {
    if (name === "mode") {
      const mode = String(value ?? "");
      this.setAttribute("mode", mode);
      // top, bottom, center, left, right and the corners: the picture in its own size, that part of it
      const crop = /^((top|bottom)( (left|right))?|center|left|right)$/.test(mode);
      this.toggleAttribute("mm-crop", crop);
      this.img.style.objectPosition = crop ? mode : "";
    } else if (name === "src") {
      const src = this.view.builtins.asset(value, this);
      if (src === this.shown) return;
      this.shown = src;
      if (src) this.img.src = src;
      else {
        this.img.removeAttribute("src");
        if (value) queueMicrotask(() => this.fire("error", { errMsg: `GET ${String(value).slice(0, 200)} 404 (not in the package)` }));
      }
    } else if (name === "lazy-load") this.img.loading = value ? "lazy" : "eager";
    else if (name === "aria-label") this.img.alt = String(value ?? "");
  }
  property(name: string): unknown {
    return name === "src" ? this.attr("src") : undefined;
  }
}

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

/** open-type → the event that brings its result. What asks the platform for a person's data fails until the platform can be asked. */
const ASKS: Record<string, string> = {
  getPhoneNumber: "getphonenumber", getRealtimePhoneNumber: "getrealtimephonenumber", getUserInfo: "getuserinfo", contact: "contact",
  launchApp: "error", openSetting: "opensetting", chooseAvatar: "chooseavatar", agreePrivacyAuthorization: "agreeprivacyauthorization",
};

class Button extends Builtin implements Behaviour {
  override mount(): void {
    if (!this.hasAttribute("role")) this.setAttribute("role", "button");
    this.tabIndex = 0;
  }
  override changed(name: string, value: unknown): void {
    if (name === "type" || name === "size") this.setAttribute(name, String(value ?? "default"));
    else if (name === "plain" || name === "loading") this.toggleAttribute("mm-" + name, !!value);
    else if (name === "disabled") {
      this.setAttribute("aria-disabled", String(!!value));
      this.tabIndex = value ? -1 : 0;
    }
  }
  tapped(): boolean {
    if (this.attr("disabled")) return true;
    const form = this.str("form-type"), open = this.str("open-type");
    if (form === "submit" || form === "reset") (this.closest("mm-form") as (El & { submit?(from: El): void; reset?(): void }) | null)?.[form]?.(this);
    if (open === "share") this.view.events.call(this, "$share", "share", {});
    else if (Object.hasOwn(ASKS, open)) this.fire(ASKS[open]!, { errMsg: `${open}:fail not available: this platform does not offer it yet` });
    return true;
  }
  activate(): void {
    this.click();
  }
}

class Navigator extends Builtin implements Behaviour {
  override mount(): void {
    if (!this.hasAttribute("role")) this.setAttribute("role", "link");
    this.tabIndex = 0;
  }
  tapped(): boolean {
    const openType = this.str("open-type", "navigate") || "navigate";
    const url = this.str("url");
    this.view.events.call(this, "$navigate", "navigate", {
      openType, ...(url ? { url } : null), ...(openType === "navigateBack" ? { delta: this.num("delta", 1) } : null),
    });
    return true;
  }
}

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

class Icon extends Builtin {
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
    this.innerHTML = drawing ? `<svg viewBox="0 0 24 24" width="100%" height="100%" aria-hidden="true">${drawing.replace(/"C"/g, '"currentColor"')}</svg>` : "";
    const svg = this.firstElementChild as SVGElement | null;
    if (!svg) return;
    const size = this.attr("size");
    const px = size === undefined || size === null || size === "" ? "23px" : /^[\d.]+$/.test(String(size)) ? size + "px" : String(size).replace(/([\d.]+)rpx/, "calc(100vw / 750 * $1)");
    svg.style.width = svg.style.height = px;
    svg.style.color = this.str("color") || preset;
  }
}

class Label extends Builtin implements Behaviour {
  tapped(): boolean {
    const id = this.str("for");
    const owner = this.view.events.ownerOf(this);
    const named = id && owner?.el ? Array.from(owner.el.querySelectorAll<El>("#" + CSS.escape(id))).find((el) => this.view.events.ownerOf(el) === owner) : undefined;
    const control = (named || (id ? null : Array.from(this.querySelectorAll<El>("*")).find((el) => "activate" in el))) as (El & Behaviour) | null | undefined;
    control?.activate?.();
    return true;
  }
}

class PageMeta extends Builtin {
  override changed(name: string, value: unknown): void {
    const page = this.closest<HTMLElement>("mm-page");
    if (!page) return;
    const text = String(value ?? "");
    if (name === "page-style") page.style.cssText = text;
    else if (name === "background-color" || name === "root-background-color") page.parentElement!.style.background = text;
    else if (name === "root-font-size" || name === "page-font-size") (name === "root-font-size" ? document.documentElement : page).style.fontSize = text;
    else if (name === "scroll-top" && page && value !== "" && Number.isFinite(Number(value))) this.view.after(() => {
      const owner = this.view.events.ownerOf(this);
      if (owner) this.view.pages.scrollTo(owner.page, Number(value), this.num("scroll-duration", 300));
    });
  }
}

export function defineBasics(builtins: Builtins): void {
  const tags: Record<string, CustomElementConstructor> = { image: Image, "scroll-view": ScrollView, button: Button, navigator: Navigator, icon: Icon, label: Label, "page-meta": PageMeta };
  for (const tag in tags) builtins.define(tag, tags[tag]!);
  builtins.pullers.push(refresherPuller());
  document.addEventListener("scroll", (e) => (e.target as El & Behaviour).scrolled?.(), { capture: true, passive: true });
}
