// `$lib` of JDS and WXS modules: what the language calls global. Copies, frozen: a module can neither reach nor bend the realm's own.

function copy(from: object, names?: string[]): Record<string, unknown> {
  const to: Record<string, unknown> = Object.create(null);
  for (const name of names || Object.getOwnPropertyNames(from)) to[name] = (from as Record<string, unknown>)[name];
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
    JSON: copy(JSON, ["parse", "stringify"]),
    Number: copy(Number, ["MAX_VALUE", "MIN_VALUE", "NEGATIVE_INFINITY", "POSITIVE_INFINITY", "EPSILON", "MAX_SAFE_INTEGER", "MIN_SAFE_INTEGER", "isFinite", "isInteger", "isNaN", "isSafeInteger", "parseFloat", "parseInt"]),
    Date: copy(Date, ["now", "parse", "UTC"]),
    console: Object.freeze({ log: say("log"), info: say("info"), warn: say("warn"), error: say("error"), debug: say("debug") }),
    parseInt, parseFloat, isNaN, isFinite, decodeURI, decodeURIComponent, encodeURI, encodeURIComponent,
    NaN, Infinity, undefined,
  }),
);
