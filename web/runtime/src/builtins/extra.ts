// Components fewer pages need: icon, page-meta, progress, rich-text, movable-view, cover-image, match-media, root-portal, page-container.
import { Icon } from "./_icon";
import { length, part } from "./_kit";
import { MovableArea, MovableView } from "./_movable";
import { PageMeta } from "./_page-meta";
import { RichText } from "./_rich-text";
const { Builtin, view, addSheet, calm } = window.$M;

addSheet(`
mm-progress{display:flex;align-items:center}
.mm-track{flex:1;overflow:hidden;background:#ebebeb;height:6px}
.mm-track>div{height:100%;width:0;background:#09bb07}
.mm-percent{min-width:2em;margin-left:15px;font-size:16px}
mm-rich-text img{max-width:100%}
mm-movable-area{display:block;position:relative;width:10px;height:10px}
mm-movable-view{display:inline-block;position:absolute;left:0;top:0;width:10px;height:10px;will-change:translate}
mm-cover-view{white-space:normal;line-height:1.2}
mm-cover-image{display:inline-block;overflow:hidden}
mm-cover-image>img{display:block;width:100%;height:100%}
mm-root-portal[popover]{position:fixed;inset:0;width:auto;height:auto;margin:0;padding:0;border:0;background:none;color:inherit;overflow:visible;pointer-events:none}
mm-root-portal[popover]>*{pointer-events:auto}
mm-page-container{position:fixed;inset:0;flex-direction:column;justify-content:flex-end}
mm-page-container:not([mm-open]){display:none}
mm-page-container[mm-open]{display:flex}
mm-page-container[mm-at=top]{justify-content:flex-start}
mm-page-container[mm-at=center]{justify-content:center}
mm-page-container[mm-at=right]{justify-content:flex-start;align-items:flex-end}
mm-page-container>*{background:#fff}
mm-page-container[mm-at=right]>:not(.mm-veil){height:100%}
mm-page-container[mm-round][mm-at=bottom]>.mm-veil+*{border-radius:16px 16px 0 0}
mm-page-container>.mm-veil{position:absolute;inset:0;background:rgba(0,0,0,.5);z-index:-1}
`, true);

class Progress extends Builtin {
  private track!: HTMLElement;
  private bar!: HTMLElement;
  private words!: HTMLElement;
  private shown = 0;
  override mount(): void {
    this.setAttribute("role", "progressbar");
    this.track = part("div", "mm-track");
    this.bar = document.createElement("div");
    this.words = part("span", "mm-percent");
    this.track.append(this.bar);
    this.append(this.track, this.words);
  }
  override changed(name: string): void {
    if (this.live) this.draw(name === "percent");
  }
  override ready(): void {
    this.draw(true);
  }
  private draw(moved: boolean): void {
    const percent = Math.min(100, Math.max(0, this.num("percent", 0)));
    const color = (...names: string[]): string => names.map((n) => this.str(n)).find(Boolean) || "";
    this.track.style.height = length(this.attr("stroke-width"), "6px");
    this.track.style.borderRadius = length(this.attr("border-radius"), "0px");
    this.track.style.background = color("backgroundColor", "background-color");
    this.bar.style.background = color("activeColor", "active-color", "color");
    this.words.hidden = !this.attr("show-info");
    this.words.style.fontSize = length(this.attr("font-size"), "16px");
    this.words.textContent = percent + "%";
    this.setAttribute("aria-valuenow", String(percent));
    if (!moved) return;
    const from = this.attr("active-mode") === "forwards" ? this.shown : 0;
    this.shown = percent;
    this.bar.style.width = percent + "%";
    if (!this.attr("active")) return;
    // duration: ms for each percent
    const ms = calm() ? 1 : Math.max(1, Math.abs(percent - from) * this.num("duration", 30));
    const a = this.bar.animate([{ width: from + "%" }, { width: percent + "%" }], { duration: ms });
    a.onfinish = () => void this.fire("activeend", { curPercent: percent });
  }
}

class CoverImage extends Builtin {
  private img!: HTMLImageElement;
  override mount(): void {
    this.img = part("img");
    this.img.alt = "";
    this.img.onload = () => void this.fire("load", {});
    this.img.onerror = () => void this.fire("error", { errMsg: `GET ${this.str("src").slice(0, 200)} failed` });
    this.append(this.img);
  }
  override changed(name: string, value: unknown): void {
    if (name !== "src") return;
    const src = view.builtins.asset(value, this);
    if (src) this.img.src = src;
    else this.img.removeAttribute("src");
  }
}

/** Shows its content while the window matches all its conditions. */
class MatchMedia extends Builtin {
  private query: MediaQueryList | null = null;
  private readonly judge = (): void => void (this.hidden = !this.query?.matches);
  override changed(): void {
    if (this.live) this.ask();
  }
  override ready(): void {
    this.ask();
  }
  private ask(): void {
    const parts: string[] = [];
    for (const name of ["min-width", "max-width", "width", "min-height", "max-height", "height"]) {
      const v = this.attr(name);
      if (v !== undefined && v !== "" && Number.isFinite(Number(v))) parts.push(`(${name}:${Number(v)}px)`);
    }
    const turn = this.str("orientation");
    if (turn === "landscape" || turn === "portrait") parts.push(`(orientation:${turn})`);
    this.query?.removeEventListener("change", this.judge);
    this.query = matchMedia(parts.join(" and ") || "all");
    this.query.addEventListener("change", this.judge);
    this.judge();
  }
  override leave(): void {
    this.query?.removeEventListener("change", this.judge);
  }
  override enter(): void {
    if (this.query) this.ask();
  }
}

/** Above everything on the page, whatever clips or stacks around it: the browser's top layer, so that the nodes stay in their place. */
class RootPortal extends Builtin {
  override changed(name: string): void {
    if (name === "enable" && this.live) this.raise();
  }
  override enter(): void {
    this.raise();
  }
  private raise(): void {
    const on = this.attr("enable") !== false && this.isConnected && typeof this.showPopover === "function";
    if (on) {
      this.setAttribute("popover", "manual");
      if (!this.matches(":popover-open")) this.showPopover();
    } else this.removeAttribute("popover");
  }
}

/** A half page: comes in from a side over a veil. */
class PageContainer extends Builtin {
  private veil!: HTMLElement;
  private open = false;
  override mount(): void {
    this.veil = part("div", "mm-veil");
    this.veil.onclick = (e) => {
      e.stopPropagation();
      this.fire("clickoverlay", {});
    };
    this.prepend(this.veil);
  }
  override changed(name: string, value: unknown): void {
    if (name === "overlay") this.veil.hidden = value === false;
    else if (name === "overlay-style") this.veil.style.cssText = String(value ?? "");
    else if (name === "show" && this.live) void this.turn(!!value);
  }
  override ready(): void {
    if (this.attr("show")) void this.turn(true);
  }
  private async turn(on: boolean): Promise<void> {
    if (on === this.open) return;
    this.open = on;
    const names = on ? ["beforeenter", "enter", "afterenter"] : ["beforeleave", "leave", "afterleave"];
    this.fire(names[0]!, {});
    const side = this.str("position", "bottom");
    const hidden = side === "top" ? "translateY(-100%)" : side === "right" ? "translateX(100%)" : side === "center" ? "scale(.8)" : "translateY(100%)";
    const ms = calm() ? 0 : this.num("duration", 300);
    if (on) {
      this.setAttribute("mm-at", side);
      this.toggleAttribute("mm-round", !!this.attr("round"));
      this.toggleAttribute("mm-open", true);
      this.style.zIndex = String(this.num("z-index", 100));
    }
    this.fire(names[1]!, {});
    const steps = [{ transform: hidden, opacity: side === "center" ? 0 : 1 }, { transform: "none", opacity: 1 }];
    if (!on) steps.reverse();
    const moves = Array.from(this.children).filter((el) => el !== this.veil).map((el) => el.animate(steps, { duration: ms, easing: "ease-out" }).finished.catch(() => {}));
    moves.push(this.veil.animate([{ opacity: on ? 0 : 1 }, { opacity: on ? 1 : 0 }], { duration: ms }).finished.catch(() => {}));
    await Promise.all(moves);
    if (this.open !== on) return;
    if (!on) this.toggleAttribute("mm-open", false);
    this.fire(names[2]!, {});
  }
}

const tags: Record<string, CustomElementConstructor> = {
  icon: Icon, "page-meta": PageMeta, progress: Progress, "rich-text": RichText, "movable-area": MovableArea, "movable-view": MovableView,
  "cover-image": CoverImage, "match-media": MatchMedia, "root-portal": RootPortal, "page-container": PageContainer,
};
for (const tag in tags) view.builtins.define(tag, tags[tag]!);
