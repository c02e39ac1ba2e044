// Fingers, mouse and keyboard: taps, touches, long presses, pressed looks. One set of listeners on the document for everything.
import type { Touch } from "../shared/protocol";
import { attributeOf } from "./builtin";
import type { View } from "./core";
import { ownerOf } from "./events";
import { classIn } from "./scope";
import type { El } from "./types";

/** How far (px) a finger may wander and still press. */
const SLACK = 10;
/** ms until a press is a long one */
const LONG = 350;

/** Follows a finger that pulls: the page's and the scroll view's refreshers. `take` says whether it wants this one. */
export interface Puller {
  start(path: El): boolean;
  /** px since the start; false gives the finger back */
  move(dx: number, dy: number): boolean;
  end(): void;
}

interface Press {
  target: El;
  x: number;
  y: number;
  moved: boolean;
  timer: number;
  /** a longpress handler ran: no tap */
  long: boolean;
  pull: Puller | null;
}

export function createInput(view: View): void {
  const { events } = view;
  const { pullers } = view.builtins;
  let press: Press | null = null;
  /** the click that the browser sends after a drag or a long press is not a tap */
  let swallow = false;
  let mouseDown = false;

  const pageScroll = (el: Element): { left: number; top: number } => {
    const page = el.closest("mm-page");
    return page ? { left: page.scrollLeft, top: page.scrollTop } : { left: 0, top: 0 };
  };

  const point = (t: { clientX: number; clientY: number; identifier?: number; force?: number }, at: { left: number; top: number }): Touch => ({
    identifier: t.identifier ?? 0, clientX: t.clientX, clientY: t.clientY, pageX: t.clientX + at.left, pageY: t.clientY + at.top, force: t.force ?? 1,
  });

  /** What the program knows of under the pointer: parts that built-ins are made of count as the built-in. */
  const elementOf = (t: EventTarget | null): El | null => {
    let el = t instanceof Element ? (t as El) : t instanceof Node ? (t.parentElement as El | null) : null;
    for (let part = el && el.closest("[mm-in]"); part; part = el && el.closest("[mm-in]")) el = part.parentElement as El | null;
    return el;
  };

  function touch(type: string, target: El, all: Touch[], changed: Touch[]): void {
    const first = changed[0] || all[0];
    events.dispatch(type, target, first ? { x: first.pageX, y: first.pageY } : {}, { touches: all, changedTouches: changed });
  }

  function start(target: El, x: number, y: number, all: Touch[], changed: Touch[]): void {
    swallow = false;
    touch("touchstart", target, all, changed);
    if (press) finish();
    if (all.length > 1) return;
    const now: Press = (press = { target, x, y, moved: false, timer: 0, long: false, pull: pullers.find((p) => p.start(target)) || null });
    if (events.has("longpress") || events.has("longtap"))
      now.timer = window.setTimeout(() => {
        const detail = { x: changed[0]!.pageX, y: changed[0]!.pageY };
        const extra = { touches: all, changedTouches: changed };
        if (events.dispatch("longpress", target, detail, extra).calls > 0) now.long = true;
        events.dispatch("longtap", target, detail, extra);
      }, LONG);
    hover(target);
  }

  function moved(x: number, y: number): void {
    if (!press) return;
    const dx = x - press.x, dy = y - press.y;
    if (!press.moved && Math.hypot(dx, dy) > SLACK) {
      press.moved = true;
      clearTimeout(press.timer);
      unhover();
    }
    if (press.pull && !press.pull.move(dx, dy)) press.pull = null;
  }

  function finish(): void {
    if (!press) return;
    clearTimeout(press.timer);
    press.pull?.end();
    swallow = press.long || (press.moved && mouseDown);
    press = null;
    unhover();
  }

  // Fingers. Passive: what must not scroll says so in CSS (touch-action), so scrolling never waits for us.
  const onTouch = (type: string, also: (e: TouchEvent, target: El, all: Touch[], changed: Touch[]) => void) =>
    document.addEventListener(type, (event) => {
      const e = event as TouchEvent;
      const target = elementOf(e.target);
      if (!target) return;
      const at = pageScroll(target);
      also(e, target, Array.from(e.touches, (t) => point(t, at)), Array.from(e.changedTouches, (t) => point(t, at)));
    }, { passive: true });
  onTouch("touchstart", (e, target, all, changed) => start(target, e.touches[0]!.clientX, e.touches[0]!.clientY, all, changed));
  onTouch("touchmove", (e, target, all, changed) => {
    if (events.has("touchmove")) touch("touchmove", target, all, changed);
    if (e.touches.length === 1) moved(e.touches[0]!.clientX, e.touches[0]!.clientY);
  });
  onTouch("touchend", (e, target, all, changed) => {
    touch("touchend", target, all, changed);
    if (e.touches.length === 0) finish();
  });
  onTouch("touchcancel", (_e, target, all, changed) => {
    touch("touchcancel", target, all, changed);
    finish();
  });

  // A mouse is one finger while its button is down.
  document.addEventListener("pointerdown", (e) => {
    const target = elementOf(e.target);
    if (e.pointerType !== "mouse" || e.button !== 0 || !target) return;
    mouseDown = true;
    const t = point(e, pageScroll(target));
    start(target, e.clientX, e.clientY, [t], [t]);
  }, { passive: true });
  document.addEventListener("pointermove", (e) => {
    if (!mouseDown || e.pointerType !== "mouse" || !press) return;
    const t = point(e, pageScroll(press.target));
    if (events.has("touchmove")) touch("touchmove", press.target, [t], [t]);
    moved(e.clientX, e.clientY);
  }, { passive: true });
  const release = (type: string) => (e: PointerEvent) => {
    if (!mouseDown || e.pointerType !== "mouse") return;
    if (press) {
      const t = point(e, pageScroll(press.target));
      touch(type, press.target, [], [t]);
    }
    finish();
    mouseDown = false;
  };
  document.addEventListener("pointerup", release("touchend"), { passive: true });
  document.addEventListener("pointercancel", release("touchcancel"), { passive: true });
  document.addEventListener("dragstart", (e) => e.preventDefault());

  document.addEventListener("click", (e) => {
    const target = elementOf(e.target);
    if (!target) return;
    if (swallow) {
      swallow = false;
      return;
    }
    const button = target.closest<El>("mm-button");
    if (button && attributeOf(button, "disabled")) return;
    let { clientX, clientY } = e;
    if (e.detail === 0 && clientX === 0 && clientY === 0) {
      // From the keyboard: the middle of the control.
      const r = target.getBoundingClientRect();
      clientX = r.left + r.width / 2;
      clientY = r.top + r.height / 2;
    }
    const t = point({ clientX, clientY }, pageScroll(target));
    events.dispatch("tap", target, { x: t.pageX, y: t.pageY }, { touches: [t], changedTouches: [t] });
    view.builtins.tapped(target);
  });

  document.addEventListener("keydown", (e) => {
    const target = elementOf(e.target);
    if ((e.key !== "Enter" && e.key !== " ") || !target || !/^(button|link|checkbox|radio|switch)$/.test(target.getAttribute("role") || "")) return;
    e.preventDefault();
    if (!e.repeat) target.click();
  });

  for (const type of ["transitionend", "animationstart", "animationiteration", "animationend"])
    document.addEventListener(type, (e) => {
      const target = elementOf(e.target);
      if (!target || target !== e.target) return;
      const a = e as AnimationEvent & TransitionEvent;
      events.dispatch(type, target, { elapsedTime: a.elapsedTime, ...(a.animationName ? { animationName: a.animationName } : { propertyName: a.propertyName }) });
    }, { passive: true });

  // ---- pressed looks
  let hovered: { el: El; classes: string[]; stay: number; on: boolean; timer: number }[] = [];

  function hover(target: El): void {
    for (let el: El | null = target; el; el = el.parentElement as El | null) {
      const tag = el.localName;
      const preset = tag === "mm-button" ? "button-hover" : tag === "mm-navigator" ? "navigator-hover" : "";
      const name = attributeOf(el, "hover-class") ?? preset;
      if (!name || name === "none" || (tag === "mm-button" && (attributeOf(el, "disabled") || attributeOf(el, "loading")))) continue;
      const number = (key: string, otherwise: number): number => {
        const v = Number(attributeOf(el!, key) ?? otherwise);
        return Number.isFinite(v) ? v : otherwise;
      };
      const owner = ownerOf(el);
      const scoped = owner ? classIn(owner.scope, String(name)) : "";
      const entry = {
        el, classes: (name === preset ? scoped + " " + preset : scoped).split(" ").filter((c) => c && !el!.classList.contains(c)),
        stay: number("hover-stay-time", preset === "button-hover" ? 70 : preset ? 600 : 400), on: false, timer: 0,
      };
      entry.timer = window.setTimeout(() => {
        entry.on = true;
        entry.el.classList.add(...entry.classes);
      }, number("hover-start-time", preset === "button-hover" ? 20 : 50));
      hovered.push(entry);
      if (attributeOf(el, "hover-stop-propagation")) break;
    }
  }

  function unhover(): void {
    const was = hovered;
    hovered = [];
    for (const entry of was) {
      clearTimeout(entry.timer);
      if (entry.on) setTimeout(() => entry.el.classList.remove(...entry.classes), entry.stay);
    }
  }
}
