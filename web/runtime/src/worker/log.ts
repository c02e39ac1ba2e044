// The program's console, and where every error of it ends up.
import type { WorkerToHost } from "../shared/protocol";

type Level = "debug" | "info" | "log" | "warn" | "error";
export type Fn = (...args: any[]) => any;

/** Lines a second that reach the host; what is above is counted and said once. */
const perSecond = 100;
const longest = 8000;

/** What an error says. */
export const reason = (e: unknown): string => (e instanceof Error ? e.message : String(e));

export interface Log {
  console: Record<string, Fn>;
  write(level: Level, args: unknown[], stack?: string): void;
  warn(text: string): void;
  /** An error of the program: logged with its stack, told to `onError`. where names the function it came from. */
  error(e: unknown, where: string): void;
  /** Calls fn; what it throws is reported and undefined returned. */
  guard(fn: Fn | undefined, self: unknown, args: unknown[], where: string): any;
  onError: (message: string) => void;
}

export function createLog(post: (m: WorkerToHost) => void, now: () => number): Log {
  let second = 0, count = 0, dropped = 0, telling = false;
  const timers = new Map<string, number>(), counts = new Map<string, number>();
  const log: Log = {
    console: {},
    onError: () => {},
    write(level, args, stack) {
      const s = Math.floor(now() / 1000);
      if (s !== second) {
        if (dropped) post({ ev: "log", level: "warn", args: [`console: ${dropped} more lines were dropped, at most ${perSecond} a second are shown`] });
        second = s;
        count = dropped = 0;
      }
      if (++count > perSecond) dropped++;
      else post(stack ? { ev: "log", level, args: args.map(show), stack } : { ev: "log", level, args: args.map(show) });
    },
    warn: (text) => log.write("warn", [text]),
    error(e, where) {
      const text = e instanceof Error ? `${e.name}: ${e.message}` : show(e);
      log.write("error", [where ? `${text} (in ${where})` : text], e instanceof Error ? e.stack : undefined);
      // An onError that throws must not call itself for ever.
      if (telling) return;
      telling = true;
      try {
        log.onError(e instanceof Error && e.stack ? (e.stack.includes(e.message) ? e.stack : text + "\n" + e.stack) : text);
      } catch (e2) {
        log.write("error", [`onError threw ${show(e2)}`], e2 instanceof Error ? e2.stack : undefined);
      }
      telling = false;
    },
    guard(fn, self, args, where) {
      if (typeof fn !== "function") return undefined;
      try {
        return fn.apply(self, args);
      } catch (e) {
        log.error(e, where);
        return undefined;
      }
    },
  };
  for (const level of ["debug", "info", "log", "warn", "error"] as const) log.console[level] = (...args: unknown[]) => log.write(level, args, level === "error" ? new Error().stack : undefined);
  const c = log.console;
  c.dir = c.dirxml = c.table = c.group = c.groupCollapsed = c.log!;
  c.groupEnd = c.clear = () => {};
  c.trace = (...args: unknown[]) => log.write("debug", args, new Error().stack);
  c.assert = (ok: unknown, ...args: unknown[]) => ok || log.write("error", ["Assertion failed:", ...args]);
  c.time = (label = "default") => void timers.set(label, now());
  c.timeEnd = c.timeLog = (label = "default") => timers.has(label) && log.write("info", [`${label}: ${now() - timers.get(label)!} ms`]);
  c.count = (label = "default") => {
    counts.set(label, (counts.get(label) || 0) + 1);
    log.write("info", [`${label}: ${counts.get(label)}`]);
  };
  return log;
}

/** A value as text for a developer: bounded in depth and length, never throws, never calls getters. */
export function show(v: unknown): string {
  if (typeof v === "string") return v.length > longest ? v.slice(0, longest) + "…" : v;
  let left = longest;
  const seen: object[] = [];
  const walk = (v: any, depth: number): string => {
    if (left <= 0) return "…";
    let s: string;
    if (typeof v === "string") s = JSON.stringify(v.length > 500 ? v.slice(0, 500) + "…" : v);
    else if (typeof v === "function") s = `ƒ ${v.name || "anonymous"}()`;
    else if (typeof v === "bigint") s = v + "n";
    else if (v === null || typeof v !== "object") s = String(v);
    else if (v instanceof Error) s = v.stack || `${v.name}: ${v.message}`;
    else if (v instanceof Date) s = isNaN(+v) ? "Invalid Date" : v.toISOString();
    else if (v instanceof RegExp) s = String(v);
    else if (v instanceof ArrayBuffer) s = `ArrayBuffer(${v.byteLength})`;
    else if (seen.includes(v)) s = "[circular]";
    else if (depth > 4) s = Array.isArray(v) ? `[… ${v.length}]` : "{…}";
    else {
      seen.push(v);
      left -= 2;
      if (v instanceof Map) s = "Map " + walk([...v.entries()].slice(0, 100), depth + 1);
      else if (v instanceof Set) s = "Set " + walk([...v].slice(0, 100), depth + 1);
      else if (Array.isArray(v)) s = "[" + v.slice(0, 100).map((e) => walk(e, depth + 1)).join(", ") + (v.length > 100 ? `, … ${v.length - 100} more` : "") + "]";
      else {
        const keys = Object.keys(v);
        s = "{" + keys.slice(0, 100).map((k) => {
          const d = Object.getOwnPropertyDescriptor(v, k);
          return `${k}: ${d && "value" in d ? walk(d.value, depth + 1) : "(…)"}`;
        }).join(", ") + (keys.length > 100 ? `, … ${keys.length - 100} more` : "") + "}";
      }
      seen.pop();
      return s;
    }
    left -= s.length;
    return s;
  };
  try {
    return walk(v, 0);
  } catch {
    return Object.prototype.toString.call(v);
  }
}
