// Events of components: triggerEvent, and the way it takes through templates, slots and component borders.
import { CATCH, MUT, type Events, type MiniEvent, type Target } from "../shared/protocol";
import type { Instance } from "./instance";
import type { Log } from "./log";
import type { Block, Host } from "./tree";

export interface EventOptions { bubbles?: boolean; composed?: boolean; capturePhase?: boolean }
interface Step { host: Host; owner: Instance; target: Host }

/** Calls a handler by the name the template gives it. */
export function invoke(inst: Instance, handler: unknown, event: unknown, log: Log): void {
  if (typeof handler !== "string" || handler === "") return;
  const fn = inst.self[handler];
  if (typeof fn === "function") log.guard(fn, inst.self, [event], `${inst.unit} ${handler}`);
  else log.warn(`Component "${inst.unit}" does not have a method "${handler}" to handle event "${(event as MiniEvent).type}".`);
}

/** Fires at the component's element in its owner's template; with bubbles at what encloses it there; composed also inside and outside. */
export function trigger(inst: Instance, type: string, detail: unknown, options: EventOptions, now: number, log: Log): void {
  if (!inst.host || inst.gone) return;
  const steps = path(inst, !!options.composed);
  const marks: Record<string, unknown> = {};
  for (let i = steps.length - 1; i >= 0; i--) Object.assign(marks, steps[i]!.host.attributes.mark);
  let mutated = false;
  const fire = (s: Step, entry: [string, number] | undefined): boolean => {
    if (!entry) return true;
    const [handler, flags] = entry;
    if (!(flags & MUT && mutated)) {
      if (flags & MUT) mutated = true;
      const event: MiniEvent = { type, timeStamp: now, detail: detail === undefined ? {} : detail, target: about(s.target), currentTarget: about(s.host), mark: { ...marks } };
      invoke(s.owner, handler, event, log);
    }
    return !(flags & CATCH);
  };
  if (options.capturePhase) for (let i = steps.length - 1; i >= 0; i--) if (!fire(steps[i]!, handlers(steps[i]!.host, "^" + type))) return;
  for (const s of options.bubbles ? steps : steps.slice(0, 1)) if (!fire(s, handlers(s.host, type))) return;
}

function handlers(h: Host, type: string): [string, number] | undefined {
  const { e, E } = h.spec;
  const own = (o: Events | 0 | undefined) => (o && Object.hasOwn(o, type) ? o[type] : undefined);
  return (E && own(E(h.f))) || own(e);
}

function about(h: Host): Target {
  const a = h.attributes;
  return { id: a.id === undefined || a.id === null ? "" : String(a.id), dataset: { ...a.data }, offsetLeft: 0, offsetTop: 0 };
}

function path(inst: Instance, composed: boolean): Step[] {
  const steps: Step[] = [];
  let host: Host = inst.host!, owner = inst.owner!;
  const climb = (from: Host, owner: Instance, target: Host): void => {
    for (let below = from, h = from.outer; h; below = h, h = h.outer) {
      if (composed && h.inst) inside(h, below, target);
      steps.push({ host: h, owner, target });
    }
  };
  /** Content of a slot passes through the elements around the slot, in the template of the component it was given to. */
  const inside = (h: Host, content: Host, target: Host): void => {
    const at = h.inst!.slotAt.get(slotOf(h, content.block));
    if (!at) return;
    for (let around = at.host, last: Host | null = null; around; last = around, around = around.outer) {
      if (around.inst && last) inside(around, last, target);
      steps.push({ host: around, owner: h.inst!, target });
    }
  };
  for (;;) {
    // Outside of a component, what happened inside happened at the component.
    steps.push({ host, owner, target: host });
    climb(host, owner, host);
    if (!composed || !owner.host) return steps;
    host = owner.host;
    owner = owner.owner!;
  }
}

/** Name of the slot of h that the block's content was given to. */
function slotOf(h: Host, block: Block | null): string {
  for (let b = block; b; b = b.up) for (const name in h.slots) if (h.slots[name] === b) return name;
  return "";
}
