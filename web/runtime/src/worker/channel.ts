// Event channels between a page and the one that opened it.
import type { Instance } from "./instance";
import type { Fn, Log } from "./log";

export class EventChannel {
  private listeners = new Map<string, { fn: Fn; once: boolean }[]>();
  /** Where emit goes; without a counterpart, to its own listeners. */
  private other: EventChannel | null = null;
  constructor(private readonly log: Log) {}
  static pair(log: Log): [EventChannel, EventChannel] {
    const a = new EventChannel(log), b = new EventChannel(log);
    a.other = b;
    b.other = a;
    return [a, b];
  }
  on(name: string, fn: Fn): void {
    this.add(name, fn, false);
  }
  once(name: string, fn: Fn): void {
    this.add(name, fn, true);
  }
  off(name: string, fn?: Fn): void {
    this.listeners.set(name, fn ? (this.listeners.get(name) || []).filter((l) => l.fn !== fn) : []);
  }
  emit(name: string, ...args: unknown[]): void {
    const to = this.other || this;
    for (const l of (to.listeners.get(name) || []).slice()) {
      if (l.once) to.off(name, l.fn);
      this.log.guard(l.fn, undefined, args, `event channel "${name}"`);
    }
  }
  private add(name: string, fn: Fn, once: boolean): void {
    const l = this.listeners.get(name);
    if (l) l.push({ fn, once });
    else this.listeners.set(name, [{ fn, once }]);
  }
}

export type Channels = WeakMap<Instance, EventChannel>;
