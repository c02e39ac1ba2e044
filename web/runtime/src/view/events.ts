// From a DOM event to the program's handlers: which elements heard it, in which order, as whose event.
import { CATCH, MUT, type MiniEvent, type Path, type Target, type Touch } from "../shared/protocol";
import type { View } from "./core";
import type { El, Instance } from "./types";

export interface Extra { touches?: Touch[]; changedTouches?: Touch[] }
/** handlers called; whether one of them was a catch */
export interface Outcome { calls: number; caught: boolean }

export interface Events {
  /** Handlers of this type exist from now on: what nobody hears is not even looked for. */
  listen(type: string, flags: number): void;
  has(type: string): boolean;
  /** Along the path from the page to the target and back. */
  dispatch(type: string, target: El, detail: unknown, extra?: Extra): Outcome;
  /** An event of a built-in: heard on the element alone. False when nobody listens. */
  fire(el: El, type: string, detail: unknown): boolean;
  /** Two-way binding: the value goes to the data that the attribute was bound to. */
  model(el: El, name: string, value: unknown): void;
  /** Calls a handler the program did not write, in the instance the element belongs to. */
  call(el: El, handler: string, type: string, detail: unknown): void;
  ownerOf(el: El): Instance | null;
  target(el: El): Target;
}

/** The instance whose template an element comes from: for a component host the one around it. */
export function ownerOf(el: El): Instance | null {
  if (el.$) return el.$.b.i;
  if (el.$o) return el.$o;
  if (el.$h) return el.$h.parent || el.$h;
  for (let at = el.parentElement as El | null; at; at = at.parentElement as El | null) {
    if (at.$h) return at.$h;
    if (at.$o) return at.$o;
    if (at.$) return at.$.b.i;
  }
  return null;
}

export function datasetOf(el: El): Record<string, unknown> {
  return { ...el.$?.s?.d, ...el.$?.d };
}

export function markOf(el: El): Record<string, unknown> {
  return { ...el.$?.s?.m, ...el.$?.m };
}

function handlerOf(el: El, key: string): [string, number] | undefined {
  const st = el.$;
  return st && ((st.e && st.e[key]) || (st.s && st.s.e && st.s.e[key]) || undefined);
}

export const target = (el: El): Target => ({ id: el.id, dataset: datasetOf(el), offsetLeft: el.offsetLeft, offsetTop: el.offsetTop });

export function createEvents(view: View): Events {
  const types = new Set<string>();

  function dispatch(type: string, from: El, detail: unknown, extra?: Extra): Outcome {
    const out: Outcome = { calls: 0, caught: false };
    if (!types.has(type)) return out;
    const path: El[] = [];
    for (let at: El | null = from; at; at = at.parentElement as El | null) path.push(at);
    const owners: (Instance | null)[] = [];
    const ownerAt = (i: number) => (owners[i] === undefined ? (owners[i] = ownerOf(path[i]!)) : owners[i]!);
    const message: [number, string, MiniEvent][] = [];
    const timeStamp = Math.round(performance.now());
    let mutated = false;

    const hear = (i: number, key: string): boolean => {
      const h = handlerOf(path[i]!, key);
      if (!h) return false;
      const [name, flags] = h;
      if (flags & MUT) {
        if (mutated) return false;
        mutated = true;
      }
      if (name) {
        const inst = ownerAt(i)!;
        let origin = i;
        let marks: Record<string, unknown> | undefined;
        for (let j = 0; j < path.length; j++) {
          if (ownerAt(j) !== inst) continue;
          if (j < origin) origin = j;
          const st = path[j]!.$;
          if (st && (st.m || (st.s && st.s.m))) marks = { ...markOf(path[j]!), ...marks };
        }
        const event: MiniEvent = { type, timeStamp, detail, target: target(path[origin]!), currentTarget: target(path[i]!), mark: marks || {} };
        if (extra) Object.assign(event, extra);
        message.push([inst.id, name, event]);
      }
      return (flags & CATCH) !== 0;
    };

    for (let i = path.length - 1; i >= 0 && !out.caught; i--) out.caught = hear(i, "^" + type);
    for (let i = 0; i < path.length && !out.caught; i++) out.caught = hear(i, type);
    out.calls = message.length;
    if (message.length > 0) view.post({ e: message });
    return out;
  }

  function call(el: El, handler: string, type: string, detail: unknown): void {
    const inst = ownerOf(el);
    if (!inst) return;
    const t = target(el);
    view.post({ e: [[inst.id, handler, { type, timeStamp: Math.round(performance.now()), detail, target: t, currentTarget: t, mark: markOf(el) }]] });
  }

  return {
    listen: (type) => void types.add(type[0] === "^" ? type.slice(1) : type),
    has: (type) => types.has(type),
    dispatch,
    fire(el, type, detail) {
      const h = handlerOf(el, type) || handlerOf(el, "^" + type);
      if (h && h[0]) call(el, h[0], type, detail);
      return !!h;
    },
    model(el, name, value) {
      const path = el.$?.s?.a?.["model:" + name];
      const inst = el.$?.b.i;
      if (Array.isArray(path) && inst) view.post({ w: [inst.id, path as Path, value] });
    },
    call,
    ownerOf,
    target,
  };
}
