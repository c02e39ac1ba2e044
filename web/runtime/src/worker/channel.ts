// Event channels between a page and the one that opened it.
import type { Fn, Log } from "./log";

export interface EventChannel {
  on(name: string, fn: Fn): void;
  once(name: string, fn: Fn): void;
  off(name: string, fn?: Fn): void;
  emit(name: string, ...args: unknown[]): void;
}

type Listener = { name: string; fn: Fn; once?: boolean };

/** An end that hears what is emitted at the other, whose listeners are `to`; alone, it hears itself. */
function end(own: Listener[], to: Listener[], log: Log): EventChannel {
  const off = (list: Listener[], name: string, fn?: Fn) => {
    for (let i = list.length; i--; ) if (list[i]!.name === name && (!fn || list[i]!.fn === fn)) list.splice(i, 1);
  };
  return {
    on: (name, fn) => void own.push({ name, fn }),
    once: (name, fn) => void own.push({ name, fn, once: true }),
    off: (name, fn) => off(own, name, fn),
    emit(name, ...args) {
      for (const l of to.filter((l) => l.name === name)) {
        if (l.once) off(to, name, l.fn);
        log.guard(l.fn, undefined, args, `listener of "${name}"`);
      }
    },
  };
}

/** One end alone: what it emits its own listeners hear. */
export function emitter(log: Log): EventChannel {
  const own: Listener[] = [];
  return end(own, own, log);
}

export function channelPair(log: Log): [EventChannel, EventChannel] {
  const a: Listener[] = [], b: Listener[] = [];
  return [end(a, b, log), end(b, a, log)];
}
