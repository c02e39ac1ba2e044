// `$lib` of JDS and WXS modules: what the language calls global. Copies, frozen: a module can neither reach nor bend the realm's own.

/** Own names but `prototype`, which is the realm's. */
function copy(from: object): Record<string, unknown> {
  const to: Record<string, unknown> = Object.create(null);
  for (const name of Object.getOwnPropertyNames(from)) if (name !== "prototype") to[name] = (from as Record<string, unknown>)[name];
  return Object.freeze(to);
}

/** `getRegExp(pattern, flags)`. A pattern that is none throws a SyntaxError naming it. */
const getRegExp = (pattern: unknown, flags?: unknown): RegExp => new RegExp(String(pattern), flags === undefined ? "" : String(flags));

/** `getDate()`, `getDate(ms)`, `getDate("2026-01-31")`, `getDate(y, m, d, …)`, as `new Date` would. */
const getDate = (...args: unknown[]): Date => new (Date as new (...args: unknown[]) => Date)(...args);

const say = (level: "log" | "info" | "warn" | "error" | "debug") => (...args: unknown[]): void => console[level](...args);

export const jdsLibrary: Readonly<Record<string, unknown>> = Object.freeze(
  Object.assign(Object.create(null) as Record<string, unknown>, {
    getRegExp,
    getDate,
    Math: copy(Math),
    JSON: copy(JSON),
    Number: copy(Number),
    Date: copy(Date),
    console: Object.freeze({ log: say("log"), info: say("info"), warn: say("warn"), error: say("error"), debug: say("debug") }),
    parseInt, parseFloat, isNaN, isFinite, decodeURI, decodeURIComponent, encodeURI, encodeURIComponent,
    NaN, Infinity, undefined,
  }),
);
