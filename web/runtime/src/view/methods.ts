// View methods (op "m"): what the logic side asks of the document beside data. Names and arguments: ViewMethods in protocol.ts.
import type { Query, ViewMethods } from "../shared/protocol";
import { animate, keyframes } from "./animate";
import type { Behaviour, Builtin } from "./builtin";
import type { View } from "./core";
import { datasetOf } from "./events";
import { MODULES } from "./modules";
import { answer, rectOf, select } from "./query";
import { watchText } from "./text";
import type { El, Instance } from "./types";

export interface Methods {
  call(target: number, name: string, arg: unknown): void;
  /** Posts what a query finds, once elements whose module is on its way are what they will be. */
  answer(request: number, query: Query): void;
  /** the `animation` attribute */
  play(el: El, value: unknown): void;
  /** space and decode of a text */
  text(el: El): void;
  /** A button of an open-type was tapped: the host is asked, and the element told what it says. */
  openType(el: El & Pick<Builtin, "fire">, type: string): void;
  forget(inst: Instance): void;
}

/** How many thresholds a ratio has reached; 0 while apart. Observers fire when it changes. */
export function reached(ratio: number, touching: boolean, thresholds: number[]): number {
  return touching ? thresholds.filter((t) => ratio >= t).length || (thresholds.length ? 0 : 1) : 0;
}

/** open-type → the event that brings its result; of other types nothing is known, and nothing happens. */
const RESULTS: Record<string, string> = {
  getPhoneNumber: "getphonenumber", getRealtimePhoneNumber: "getrealtimephonenumber", getUserInfo: "getuserinfo", contact: "contact",
  launchApp: "error", openSetting: "opensetting", chooseAvatar: "chooseavatar", agreePrivacyAuthorization: "agreeprivacyauthorization",
};

/** ms an observer waits for its elements, and a query for modules */
const patience = 1000;

/** Elements whose module is not here yet: a page that is measured now would change its size a moment later. */
const unfinished = `:is(${Object.keys(MODULES).join()}):not(:defined)`;

export function createMethods(view: View): Methods {
  const observers = new Map<number, { inst: Instance; io: IntersectionObserver[] }>();
  const animations = new WeakMap<El, Animation[]>();
  let asks = 0;

  /** Null while there is nothing to watch, or nothing to watch it by. */
  function watch(inst: Instance, a: ViewMethods["observe"]): IntersectionObserver | null {
    const relative = a.relative.length > 0 ? a.relative : [{ margins: [0, 0, 0, 0] as [number, number, number, number] }];
    // Several reference areas: the last that is there counts. None: the viewport.
    const ref = relative[relative.length - 1]!;
    const found = select(inst, a.select);
    const root = ref.select ? select(inst, ref.select)[0] : undefined;
    if (found.length === 0 || (ref.select && !root)) return null;
    const thresholds = a.thresholds.length > 0 ? a.thresholds.map((t) => Math.min(1, Math.max(0, Number(t) || 0))) : [0];
    const state = new Map<Element, number>();
    const io = new IntersectionObserver((entries) => {
      for (const e of entries) {
        const before = state.get(e.target) ?? reached(a.initial, a.initial > 0, thresholds);
        const now = reached(e.intersectionRatio, e.isIntersecting, thresholds);
        state.set(e.target, now);
        if (now === before) continue;
        const el = e.target as El;
        const box = (r: DOMRectReadOnly | null) => r && { left: r.left, top: r.top, right: r.right, bottom: r.bottom, width: r.width, height: r.height };
        view.post({ x: [a.id, {
          id: el.id, dataset: datasetOf(el), time: Math.round(e.time), intersectionRatio: e.intersectionRatio,
          boundingClientRect: rectOf(el), intersectionRect: box(e.intersectionRect), relativeRect: box(e.rootBounds),
        }] });
      }
    }, { root: root || document, rootMargin: ref.margins.map((m) => (Number(m) || 0) + "px").join(" "), threshold: thresholds });
    for (const el of a.all ? found : found.slice(0, 1)) io.observe(el);
    return io;
  }

  const all: { [K in keyof ViewMethods]: (inst: Instance | undefined, arg: ViewMethods[K]) => unknown } = {
    scrollTo(page, a) {
      if (!page) return undefined;
      let top = a.top ?? 0;
      if (a.select) {
        const el = select(page, a.select)[0];
        const at = page.page.el;
        if (!el || !at) throw new Error(`pageScrollTo: nothing matches ${a.select}`);
        top = at.scrollTop + el.getBoundingClientRect().top - at.getBoundingClientRect().top + (a.offset ?? 0);
      }
      return new Promise<void>((done) => view.pages.scrollTo(page.page, top, a.duration, done));
    },
    startPullDownRefresh(page) {
      const at = page ? page.page : view.pages.current();
      if (!at) return;
      view.pages.pull(at, true);
      view.post({ p: [at.id, "pullDownRefresh"] });
    },
    stopPullDownRefresh(page) {
      const at = page ? page.page : view.pages.current();
      if (at) view.pages.pull(at, false);
    },
    observe(inst, a) {
      if (!inst) return;
      const entry = observers.get(a.id) || { inst, io: [] };
      observers.set(a.id, entry);
      // Libraries observe as soon as they know that something will show, which takes the rest of this flush, or a transition.
      const until = performance.now() + patience;
      const look = (): void => {
        if (observers.get(a.id) !== entry || inst.gone) return;
        const io = watch(inst, a);
        if (io) entry.io.push(io);
        else if (performance.now() < until) requestAnimationFrame(look);
      };
      queueMicrotask(look);
    },
    unobserve(_inst, a) {
      observers.get(a.id)?.io.forEach((io) => io.disconnect());
      observers.delete(a.id);
    },
    async animate(inst, a) {
      const started = inst ? select(inst, a.select).map((el) => {
        const animation = el.animate(keyframes(a.keyframes), { duration: a.duration, fill: "forwards", easing: "linear" });
        animations.set(el, [...(animations.get(el) || []), animation]);
        return animation;
      }) : [];
      await Promise.all(started.map((s) => s.finished.catch(() => {})));
    },
    clearAnimation(inst, a) {
      for (const el of inst ? select(inst, a.select) : []) {
        animations.get(el)?.forEach((animation) => animation.cancel());
        animations.delete(el);
      }
    },
    blur() {
      (document.activeElement as HTMLElement | null)?.blur?.();
    },
    context(inst, a) {
      const el = inst && (select(inst, a.select)[0] as (El & Behaviour) | undefined);
      if (!el) throw new Error(`${a.method}: nothing matches ${a.select}`);
      if (!el.context) throw new Error(`${a.method}: ${a.select} is <${el.localName.replace(/^(mm|x)-/, "")}>, which has no methods`);
      return el.context(a.method, a.args);
    },
    background(page, a) {
      const at = page ? page.page : view.pages.current();
      if (at) view.pages.background(at, a.color, a.textStyle);
    },
  };

  return {
    call(id, name, arg) {
      const reply = (arg as { call?: number } | null)?.call;
      const answer = (ok: boolean, value: unknown): void => {
        if (reply !== undefined) view.post({ v: [reply, ok, value] });
      };
      const fail = (e: unknown): void => {
        if (reply === undefined) view.report(e, name);
        answer(false, e instanceof Error ? e.message : String(e));
      };
      try {
        if (!Object.hasOwn(all, name)) throw new Error(`the view has no method ${name}`);
        const out = (all as Record<string, (i: Instance | undefined, a: any) => unknown>)[name]!(view.instances.get(id), arg);
        if (out instanceof Promise) out.then((value) => answer(true, value), fail);
        else answer(true, out);
      } catch (e) {
        fail(e);
      }
    },
    answer(request, query) {
      const late = new Set(Array.from(document.querySelectorAll(unfinished), (el) => el.localName));
      const post = (): void => view.post({ q: request, r: answer(view, query) });
      if (late.size === 0) return post();
      const here = Promise.all(Array.from(late, (tag) => customElements.whenDefined(tag)));
      void Promise.race([here, new Promise((done) => setTimeout(done, patience))]).then(post);
    },
    text: watchText,
    openType(el, type) {
      if (!Object.hasOwn(RESULTS, type)) return;
      const id = ++asks;
      view.tell({ ev: "ask", id, openType: type });
      addEventListener("mm-asked", function hear(e) {
        const { detail } = e as CustomEvent<{ id: number; detail: unknown }>;
        if (detail.id !== id) return;
        removeEventListener("mm-asked", hear);
        el.fire(RESULTS[type]!, detail.detail);
      });
    },
    play: (el, value) => animate(el, el.$!, value),
    forget(inst) {
      for (const [id, o] of observers) if (o.inst === inst) {
        o.io.forEach((io) => io.disconnect());
        observers.delete(id);
      }
    },
  };
}
