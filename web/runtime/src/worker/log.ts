// The program's console, and where every error of it ends up.
import type { WorkerToHost } from "../shared/protocol";

type Level = "debug" | "info" | "log" | "warn" | "error";
export type Fn = (...args: any[]) => any;

/** Lines a second that reach the host; what is above is counted and said once. */
const perSecond = 100;
const longest = 8000;

/** Bytes in UTF-8. */
export const bytes = (s: string): number => new TextEncoder().encode(s).length;

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

/** Whether one more thing may happen in this second. */
export function createRate(most: number, now: () => number): () => boolean {
  let until = -1, left = 0;
  return () => {
    if (now() > until) {
      until = now() + 1000;
      left = most;
    }
    return left-- > 0;
  };
}

/** entered: the host wants to know what is about to run, for when it never ends. */
export function createLog(post: (m: WorkerToHost) => void, now: () => number, entered?: boolean): Log {
  let dropped = 0, telling = false;
  const mayLog = createRate(perSecond, now), mayEnter = createRate(perSecond, now);
  const log: Log = {
    console: {},
    onError: () => {},
    write(level, args, stack) {
      if (!mayLog()) return void dropped++;
      if (dropped) post({ ev: "log", level: "warn", args: [`console: ${dropped} more lines were dropped, at most ${perSecond} a second are shown`] });
      dropped = 0;
      post({ ev: "log", level, args: args.map(show), ...(stack ? { stack } : {}) });
    },
    warn: (text) => log.write("warn", [text]),
    error(e, where) {
      const text = e instanceof Error ? String(e) : show(e), stack = e instanceof Error ? e.stack : undefined;
      log.write("error", [where ? `${text} (in ${where})` : text], stack);
      // An onError that throws must not call itself for ever.
      if (telling) return;
      telling = true;
      try {
        log.onError(stack?.includes(text) ? stack : text + (stack ? "\n" + stack : ""));
      } catch (e2) {
        log.write("error", ["onError:", e2]);
      }
      telling = false;
    },
    guard(fn, self, args, where) {
      if (typeof fn !== "function") return undefined;
      if (entered && mayEnter()) post({ ev: "in", where, code: String(fn).slice(0, 300) });
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
  c.dir = c.table = c.trace = c.count = c.group = c.groupCollapsed = c.log!;
  c.groupEnd = c.clear = () => {};
  c.assert = (ok: unknown, ...args: unknown[]) => ok || log.write("error", ["Assertion failed:", ...args]);
  // Two lines with the time, ms: the difference is the reader's.
  c.time = c.timeEnd = (label = "default") => log.write("debug", [label, now()]);
  return log;
}

/** Things in a value that are shown; what is above is an ellipsis, so that logging a large object stays cheap. */
const mostThings = 500;

/** A value as text for a developer: JSON with what JSON lacks, bounded, never throws. */
export function show(v: unknown): string {
  if (typeof v === "string") return cut(v, longest);
  if (v instanceof Error) return v.stack || String(v);
  const around: unknown[] = [];
  let things = 0;
  try {
    const text = JSON.stringify(v, function (this: unknown, _k: string, v: any) {
      if (++things > mostThings) return things > mostThings + 1 ? undefined : "…";
      if (typeof v === "function") return `ƒ ${v.name}()`;
      if (typeof v === "string") return cut(v, 500);
      if (v === undefined || v !== v || /bigint|symbol/.test(typeof v)) return String(v);
      if (v === null || typeof v !== "object") return v;
      // around holds the objects this value lies in.
      while (around.length && around[around.length - 1] !== this) around.pop();
      if (around.includes(v)) return "[circular]";
      around.push(v);
      return v instanceof Error ? v.stack : v instanceof Map || v instanceof Set ? [...v] : v;
    });
    // What is a string at the top was not one in the program: a date, a function.
    return text[0] === '"' ? JSON.parse(text) : cut(text, longest);
  } catch {
    return Object.prototype.toString.call(v);
  }
}

const cut = (s: string, most: number): string => (s.length > most ? s.slice(0, most) + "…" : s);
