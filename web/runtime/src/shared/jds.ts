// `$lib` of JDS and WXS modules: what the language calls global, and the members that are only found at run time. Copies, frozen:
// a module can neither reach nor bend the realm's own. What it must offer is written down in program/script/README.md.

/** Own members of a namespace or class, but those by which functions are reached; a class also as the function it is. */
function copy(from: object, names = Object.getOwnPropertyNames(from), to: any = Object.create(null)): any {
  for (const name of names) if (!/^(prototype|length|name)$/.test(name)) to[name] = (from as any)[name];
  return Object.freeze(to);
}
const callable = (type: any, names?: string[]) => copy(type, names, (...v: unknown[]) => type(...v));

/** Type of a value, as the language's `x.constructor` says it. */
const ctor = (x: unknown): string | undefined => (x === null || x === undefined ? undefined : Object.prototype.toString.call(x).slice(8, -1));

/** A key, turned into text once: an object could answer twice. */
const text = (k: unknown): string | number => (typeof k === "number" ? k : String(k));
const way = /^(constructor|prototype|__(proto|(define|lookup)(Getter|Setter))__)$/;

/** `getRegExp(pattern, flags)`. A pattern that is none throws a SyntaxError naming it. */
const getRegExp = (pattern: unknown, flags?: unknown): RegExp => new RegExp(String(pattern), flags === undefined ? "" : String(flags));

/** `getDate()`, `getDate(ms)`, `getDate("2026-01-31")`, `getDate(y, m, d, …)`, as `new Date` would. */
const getDate = (...args: []): Date => new Date(...args);

const talk: any = {};
for (const level of ["log", "info", "warn", "error", "debug"] as const) talk[level] = (...args: unknown[]) => console[level](...args);

/** Called after each `every` calls and turns of loops. Only a page is kept from drawing; logic has a watchdog in the host. */
export const steps = { every: 1e6, left: 1e6, over(): void {} };

export const jdsLibrary: Readonly<Record<string, unknown>> = Object.freeze(
  Object.assign(Object.create(null), {
    getRegExp, getDate, ctor,
    step() {
      if (--steps.left < 0) {
        steps.left = steps.every;
        steps.over();
      }
    },
    /** `o[k]` with a key that is not known before: no way to a function's constructor leads through it. */
    get(o: any, k: unknown) {
      const name = text(k);
      return name === "constructor" ? ctor(o) : way.test(name as string) ? undefined : o?.[name];
    },
    /** The key of `o[k](…)` and `o[k] = …`; one that must not be used becomes one that nothing has. */
    key(k: unknown, writing?: unknown) {
      const name = text(k);
      return way.test(name as string) || (writing && /^(call|apply|bind)$/.test(name as string)) ? "\u0000" : name;
    },
    Math: copy(Math), JSON: copy(JSON), Date: copy(Date), Array: copy(Array, ["isArray"]), Object: copy(Object, ["keys", "values", "entries"]),
    Number: callable(Number), String: callable(String, ["fromCharCode"]), Boolean: callable(Boolean),
    console: Object.freeze(talk),
    parseInt, parseFloat, isNaN, isFinite, decodeURI, decodeURIComponent, encodeURI, encodeURIComponent,
    NaN, Infinity, undefined,
  }),
);
