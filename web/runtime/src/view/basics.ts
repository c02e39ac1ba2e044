// The built-ins nearly every page has: image, button, navigator.
import { Builtin, type Behaviour, type Builtins } from "./builtin";
import type { El } from "./types";

class Image extends Builtin {
  private img!: HTMLImageElement;
  private shown = "";

  override mount(): void {
    const img = (this.img = document.createElement("img"));
    img.alt = "";
    img.decoding = "async";
    // A picture that cannot be had leaves its place empty, as on a phone, and not a browser's sign of breakage.
    const seen = (yes: boolean): void => void (img.style.visibility = yes ? "" : "hidden");
    img.onload = () => {
      seen(true);
      this.fire("load", { width: img.naturalWidth, height: img.naturalHeight });
    };
    img.onerror = () => {
      seen(false);
      this.fire("error", { errMsg: `GET ${this.str("src").slice(0, 200)} failed` });
    };
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
    else if (open) this.view.ask((m) => m.openType(this, open));
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

export function defineBasics(builtins: Builtins): void {
  const tags: Record<string, CustomElementConstructor> = { image: Image, button: Button, navigator: Navigator };
  for (const tag in tags) builtins.define(tag, tags[tag]!);
}
