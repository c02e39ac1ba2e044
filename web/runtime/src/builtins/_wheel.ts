// A column that turns: native scrolling that snaps, so that fingers, wheels and keys all work.

export interface Wheel {
  el: HTMLElement;
  /** where it came to rest last */
  index(): number;
  /** what is in the middle right now */
  facing(): number;
  go(index: number, smooth?: boolean): void;
}

/**
 * Makes an element with vertical scrolling a wheel. `item` is the height of one item in px, `count` how many there are;
 * `settled` is called when it has come to rest at another index.
 */
export function wheel(el: HTMLElement, item: () => number, count: () => number, settled: (index: number) => void, moving?: () => void): Wheel {
  let at = 0;
  let timer = 0;
  let silent = -1;
  const clamp = (i: number): number => Math.min(Math.max(0, count() - 1), Math.max(0, i));
  const index = (): number => (el.clientHeight > 0 ? clamp(Math.round(el.scrollTop / Math.max(1, item()))) : at);
  el.addEventListener("scroll", () => {
    if (silent < 0 && !timer) moving?.();
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      timer = 0;
      const now = index();
      const own = silent === now;
      silent = -1;
      if (now === at || own) {
        at = now;
        return;
      }
      at = now;
      settled(now);
    }, 120);
  }, { passive: true });
  // A mouse drags it, or presses an item to bring it to the middle.
  el.addEventListener("pointerdown", (down) => {
    if (down.pointerType !== "mouse" || down.button !== 0) return;
    const top = el.scrollTop;
    let moved = false;
    const move = (e: PointerEvent): void => {
      const dy = down.clientY - e.clientY;
      if (Math.abs(dy) > 4) moved = true;
      if (!moved) return;
      el.style.scrollSnapType = "none";
      el.scrollTop = top + dy;
    };
    const up = (e: PointerEvent): void => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", up);
      const off = moved ? 0 : Math.round((e.clientY - el.getBoundingClientRect().top - el.clientHeight / 2) / Math.max(1, item()));
      el.scrollTo({ top: clamp(index() + off) * item(), behavior: "smooth" });
      setTimeout(() => (el.style.scrollSnapType = ""), 300);
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up);
  });
  return {
    el,
    index: () => at,
    facing: index,
    go(i, smooth = false) {
      at = clamp(i);
      const top = at * item();
      if (Math.abs(el.scrollTop - top) < 1) return;
      silent = at;
      el.scrollTo({ top, behavior: smooth ? "smooth" : "instant" });
    },
  };
}
