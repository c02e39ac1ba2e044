// What every built-in module starts from, and what form controls have in common.
import type { Behaviour } from "../view/builtin";
import type { Kit } from "../view/main";
import type { El } from "../view/types";

declare global {
  interface Window { $M: Kit }
}
export type { Behaviour, El };

/** A control of a form: named by its attribute `name`. */
export interface Field {
  fieldValue(): unknown;
  fieldReset(): void;
}

/** A part of a built-in: taps on it are taps on the built-in. */
export function part<K extends keyof HTMLElementTagNameMap>(tag: K, className = ""): HTMLElementTagNameMap[K] {
  const el = document.createElement(tag);
  el.setAttribute("mm-in", "");
  if (className) el.className = className;
  return el;
}

/** A length attribute: numbers are px, rpx is understood. */
export function length(value: unknown, otherwise: string): string {
  if (value === undefined || value === null || value === "") return otherwise;
  const text = String(value);
  if (/^-?[\d.]+$/.test(text)) return text + "px";
  return text.replace(/(-?[\d.]+)rpx/g, "calc(100vw / 750 * $1)");
}

export interface Drag {
  /** px along x and y since the finger came down; the first call is the first beyond the slack */
  move(dx: number, dy: number, e: PointerEvent): void;
  /** px per ms over the last moves */
  end(vx: number, vy: number, cancelled: boolean): void;
}

/** Follows one pointer, mouse or finger. `start` answers null when the drag is not wanted; `axis` gives up drags across it. */
export function dragging(el: HTMLElement, axis: "x" | "y" | "xy" | (() => "x" | "y" | "xy"), start: (e: PointerEvent) => Drag | null): void {
  el.addEventListener("pointerdown", (down) => {
    if (down.button !== 0 || !down.isPrimary) return;
    let drag: Drag | null = null;
    let last = { x: down.clientX, y: down.clientY, t: down.timeStamp }, vx = 0, vy = 0;
    const id = down.pointerId;
    const stop = (): void => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", up);
      window.removeEventListener("pointercancel", cancel);
    };
    const move = (e: PointerEvent): void => {
      if (e.pointerId !== id) return;
      const dx = e.clientX - down.clientX, dy = e.clientY - down.clientY;
      if (!drag) {
        if (Math.hypot(dx, dy) < 6) return;
        const along = typeof axis === "function" ? axis() : axis;
        if ((along === "x" && Math.abs(dy) > Math.abs(dx)) || (along === "y" && Math.abs(dx) > Math.abs(dy)) || !(drag = start(down))) return stop();
        // Not before it is a drag: a captured pointer's click goes to the capturing element.
        try {
          el.setPointerCapture(id);
        } catch {
          // the pointer went meanwhile
        }
      }
      const dt = Math.max(1, e.timeStamp - last.t);
      vx = 0.6 * ((e.clientX - last.x) / dt) + 0.4 * vx;
      vy = 0.6 * ((e.clientY - last.y) / dt) + 0.4 * vy;
      last = { x: e.clientX, y: e.clientY, t: e.timeStamp };
      drag.move(dx, dy, e);
    };
    const finish = (e: PointerEvent, cancelled: boolean): void => {
      if (e.pointerId !== id) return;
      stop();
      const still = e.timeStamp - last.t > 80;
      drag?.end(still ? 0 : vx, still ? 0 : vy, cancelled);
    };
    const up = (e: PointerEvent): void => finish(e, false);
    const cancel = (e: PointerEvent): void => finish(e, true);
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up);
    window.addEventListener("pointercancel", cancel);
  });
}
