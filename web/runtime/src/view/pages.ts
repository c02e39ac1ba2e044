// Pages: stacked layers, how they come and go, their scrolling, and the pull-down refresh.
import type { View } from "./core";
import type { Puller } from "./input";
import type { El, Instance } from "./types";

export interface Pages {
  /** A page's layer and tree, not yet shown. */
  add(page: Instance, grow: (page: Instance, el: El) => void): void;
  show(how: "push" | "pop" | "replace" | "tab" | "relaunch", id: number): void;
  leave(page: Instance): void;
  /** After a flush: layers of pages that are gone go, once nothing moves over them. */
  settle(): void;
  current(): Instance | null;
  scrollTo(page: Instance, top: number, duration: number, done?: () => void): void;
  pull(page: Instance, on: boolean): void;
  background(page: Instance, color?: string, textStyle?: string): void;
}

interface Sheet {
  page: Instance;
  layer: HTMLElement;
  el: El;
  pull: HTMLElement | null;
  /** refreshing, with the indicator open */
  busy: boolean;
  /** last scroll position and height that reached the bottom */
  top: number;
  bottom: number;
  frame: number;
}

/** px the content gives way for the refresh indicator, and the pull it takes to set it off */
const OPEN = 50;
const MOVE = 240;

export const calm = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

export function createPages(view: View): Pages {
  const sheets = new Map<Instance, Sheet>();
  let current: Sheet | null = null;
  let leaving: Sheet[] = [];
  let painted = false;

  const sheetOf = (page: Instance): Sheet | undefined => sheets.get(page.page);

  function add(page: Instance, grow: (page: Instance, el: El) => void): void {
    const layer = document.createElement("mm-layer");
    const el = document.createElement("mm-page") as El;
    const options = page.options.page || {};
    if (page.view.prefix) el.className = page.view.prefix;
    layer.setAttribute("mm-off", "");
    if (options.scroll === false) el.setAttribute("mm-still", "");
    layer.append(el);
    const sheet: Sheet = { page, layer, el, pull: null, busy: false, top: 0, bottom: -1, frame: 0 };
    sheets.set(page, sheet);
    if (options.background) layer.style.background = options.background;
    grow(page, el);
    view.root.append(layer);
  }

  function glide(layer: HTMLElement, from: string, to: string, then: () => void): void {
    if (calm() || document.hidden) return then();
    layer.setAttribute("mm-moving", "");
    const a = layer.animate([{ transform: from }, { transform: to }], { duration: MOVE, easing: "cubic-bezier(.32,.72,0,1)" });
    const end = (): void => {
      layer.removeAttribute("mm-moving");
      then();
    };
    a.onfinish = end;
    a.oncancel = end;
  }

  function show(how: "push" | "pop" | "replace" | "tab" | "relaunch", id: number): void {
    const page = view.instances.get(id);
    const next = page && sheets.get(page);
    if (!next) throw new Error(`page ${id} is to be shown but not there`);
    const old = current;
    if (old === next) return;
    current = next;
    next.layer.removeAttribute("mm-off");
    next.layer.style.zIndex = "";
    const conceal = (): void => {
      if (!old || old === current) return;
      old.layer.style.zIndex = "";
      old.layer.setAttribute("mm-off", "");
      (document.activeElement as HTMLElement | null)?.closest("mm-layer") === old.layer && (document.activeElement as HTMLElement).blur();
    };
    if (old && how === "push") {
      next.layer.style.zIndex = "2";
      glide(next.layer, "translateX(100%)", "none", () => {
        next.layer.style.zIndex = "";
        conceal();
      });
    } else if (old && how === "pop") {
      old.layer.style.zIndex = "2";
      glide(old.layer, "none", "translateX(100%)", conceal);
    } else conceal();
    if (!painted) {
      painted = true;
      requestAnimationFrame(() => view.tell({ painted: Math.round(performance.now()) }));
    }
  }

  function leave(page: Instance): void {
    const sheet = sheets.get(page);
    if (!sheet) return;
    sheets.delete(page);
    leaving.push(sheet);
  }

  function settle(): void {
    if (leaving.length === 0) return;
    for (const sheet of leaving) {
      if (current === sheet) current = null;
      const go = (): void => sheet.layer.remove();
      if (sheet.layer.hasAttribute("mm-moving")) sheet.layer.getAnimations()[0]?.finished.then(go, go);
      else go();
    }
    leaving = [];
  }

  // ---- scrolling: one listener for all, once per frame

  document.addEventListener("scroll", (e) => {
    const el = e.target as El;
    if (el.localName !== "mm-page" || !el.$h) return;
    const sheet = sheetOf(el.$h);
    if (!sheet || sheet.frame) return;
    sheet.frame = requestAnimationFrame(() => {
      sheet.frame = 0;
      const top = el.scrollTop;
      view.post({ p: [sheet.page.id, "pageScroll", { scrollTop: top }] });
      const distance = sheet.page.options.page?.reachBottom ?? 50;
      const height = el.scrollHeight;
      if (height - top - el.clientHeight > distance) sheet.bottom = -1;
      else if (top > sheet.top && sheet.bottom !== height) {
        sheet.bottom = height; // again only once content came below, or after a way up
        view.post({ p: [sheet.page.id, "reachBottom"] });
      }
      sheet.top = top;
    });
  }, { capture: true, passive: true });

  let size = [innerWidth, innerHeight];
  window.addEventListener("resize", () => {
    if (!current || (size[0] === innerWidth && size[1] === innerHeight)) return;
    size = [innerWidth, innerHeight];
    view.post({ p: [current.page.id, "resize", { size: { windowWidth: innerWidth, windowHeight: innerHeight } }] });
  });

  function scrollTo(page: Instance, top: number, duration: number, done?: () => void): void {
    const el = sheetOf(page)?.el;
    if (!el) return done?.();
    const from = el.scrollTop;
    const to = Math.max(0, Math.min(top, el.scrollHeight - el.clientHeight));
    if (!(duration > 0) || calm() || document.hidden || from === to) {
      el.scrollTop = to;
      return done?.();
    }
    const begin = performance.now();
    const step = (now: number): void => {
      const t = Math.min(1, Math.max(0, (now - begin) / duration));
      el.scrollTop = from + (to - from) * (1 - (1 - t) ** 3);
      if (t < 1) requestAnimationFrame(step);
      else done?.();
    };
    requestAnimationFrame(step);
  }

  // ---- pull-down refresh

  function indicator(sheet: Sheet): HTMLElement {
    if (!sheet.pull) {
      sheet.pull = document.createElement("mm-pull");
      sheet.pull.innerHTML = "<i></i><i></i><i></i>";
      if (sheet.page.options.page?.refreshStyle === "light") sheet.pull.setAttribute("mm-light", "");
      sheet.layer.prepend(sheet.pull);
    }
    return sheet.pull;
  }

  /** Moves the page down by its place, not by a transform: that would make what is fixed to the screen scroll with the page. */
  function offset(sheet: Sheet, px: number, smooth: boolean): void {
    indicator(sheet).style.visibility = px > 0 ? "visible" : "";
    const el = sheet.el;
    el.style.transition = smooth && !calm() ? "top .2s,bottom .2s" : "";
    el.style.top = px > 0 ? px + "px" : "";
    el.style.bottom = px > 0 ? -px + "px" : "";
  }

  function pull(page: Instance, on: boolean): void {
    const sheet = sheetOf(page);
    if (!sheet || sheet.busy === on) return;
    sheet.busy = on;
    indicator(sheet).toggleAttribute("mm-busy", on);
    offset(sheet, on ? OPEN : 0, true);
    if (on) sheet.el.scrollTop = 0;
  }

  let pulled: Sheet | null = null;
  let way = 0;
  const puller: Puller = {
    start(target) {
      const el = target.closest<El>("mm-page");
      const sheet = el && el.$h ? sheetOf(el.$h) : undefined;
      if (!sheet || sheet !== current || sheet.busy || !sheet.page.options.page?.pullRefresh || sheet.el.scrollTop > 0) return false;
      // Something inside that scrolls, or moves by itself, has its own use for the finger.
      for (let at: Element | null = target; at && at !== el; at = at.parentElement)
        if (at.hasAttribute("mm-catch") || (at.localName === "mm-scroll-view" && at.hasAttribute("mm-y")) || /^mm-(movable-view|slider|picker-view|canvas|map)$/.test(at.localName)) return false;
      pulled = sheet;
      way = 0;
      return true;
    },
    move(dx, dy) {
      if (!pulled) return false;
      if (way === 0 && (dy < -5 || Math.abs(dx) > Math.max(10, Math.abs(dy)) || pulled.el.scrollTop > 0)) return false;
      way = Math.max(0, dy - 10) * 0.5;
      offset(pulled, way, false);
      return true;
    },
    end() {
      const sheet = pulled;
      pulled = null;
      if (!sheet || way === 0) return;
      if (way >= OPEN) {
        pull(sheet.page, true);
        view.post({ p: [sheet.page.id, "pullDownRefresh"] });
      } else offset(sheet, 0, true);
    },
  };
  view.builtins.pullers.push(puller);

  return {
    add, show, leave, settle, scrollTo, pull,
    current: () => current?.page ?? null,
    background(page, color, textStyle) {
      const sheet = sheetOf(page);
      if (!sheet) return;
      if (color) sheet.layer.style.background = color;
      if (textStyle) indicator(sheet).toggleAttribute("mm-light", textStyle === "light");
    },
  };
}
