// Script modules of the package: CommonJS, resolved by package path, run once, with the browser's globals out of sight.
import type { Fn, Log } from "./log";

interface Module { id: string; exports: any; loaded: boolean; failed?: unknown }

export interface Modules {
  /** Whether the error was logged already, as that of a module. */
  told(e: unknown): boolean;
  /** packages: what the module's names for npm packages mean, which the compiler has looked up */
  define(file: string, fn: Fn, packages?: Record<string, string>): void;
  /** Runs the module and returns its exports. Throws what it throws, each time it is asked for. */
  require(id: string, from: string): any;
  /** Values of MODULE_PARAMS after module, exports and require, in its order, as far as they have any. */
  scope: unknown[];
}

export function createModules(log: Log): Modules {
  const told = new Set<unknown>(), code = new Map<string, Fn>(), done = new Map<string, Module>();

  const find = (path: string): string | undefined => ["", ".js", "/index.js", ".json"].map((end) => path + end).find((p) => code.has(p));

  /** `./x`, `../x`, `/x`, a path from the file's folder or from the root. */
  function resolve(id: string, from: string): string | undefined {
    const dir = from.split("/").slice(0, -1);
    if (/^[./]/.test(id)) return find(join(dir, id));
    return find((code.get(from) as any)?.packages?.[id] || join(dir, id)) || find(id);
  }

  function load(file: string): any {
    let m = done.get(file);
    if (m) {
      if (m.failed !== undefined) throw m.failed;
      return m.exports;
    }
    m = { id: file, exports: {}, loaded: false };
    done.set(file, m);
    try {
      // In the order of MODULE_PARAMS; what comes after these is undefined, and hides the browser.
      code.get(file)!.call(m.exports, m, m.exports, (id: string) => modules.require(id, file), ...modules.scope);
      m.loaded = true;
    } catch (e) {
      // Once, where it happened: modules that need this one fail with the same error.
      m.failed = e ?? new Error(`module ${file} threw ${e}`);
      if (!told.has(m.failed)) log.error(e, `module ${file}`);
      told.add(m.failed);
      throw m.failed;
    }
    return m.exports;
  }

  const modules: Modules = {
    scope: [],
    told: (e) => told.has(e),
    define: (file, fn, packages) => void code.set(file, Object.assign(fn, { packages })),
    require(id, from) {
      if (typeof id !== "string") throw new TypeError(`require in ${from}: the name must be a string`);
      const file = resolve(id, from);
      if (!file) throw new Error(`module "${id}" is not in the package, required by ${from}`);
      return load(file);
    },
  };
  return modules;
}

/** Joins a folder and a relative path; `..` above the root stays at the root. */
export function join(dir: string[], path: string): string {
  const out = path[0] === "/" ? [] : dir.slice();
  for (const part of path.split("/")) {
    if (part === "..") out.pop();
    else if (part && part !== ".") out.push(part);
  }
  return out.join("/");
}

/**
 * How the language's names begin, among those of the global object. Some of the platform's pass too (URL, TextEncoder; what
 * must not be had is closed before), but not all: a browser makes each of its 240 classes when it is first named, which
 * is several ms before the first line of the program.
 */
const builtins = /^([ABDF-JMNRSTU][abeghilnortuvy]|E[rv]|Ob|Pro|JS|UR|Weak|parse|is[FN]|(de|en)codeURI|(un)?escape$)/;

/**
 * The object that `Function("return this")()` answers: the language's own names and nothing of the browser.
 * Bundlers ask for it to find Object, Promise and timers, and to leave things on it.
 */
export function createGlobal(real: Record<string, any>, extra: Record<string, unknown>): Record<string, any> {
  const g: Record<string, any> = {};
  for (const name of Object.getOwnPropertyNames(real)) if (builtins.test(name)) g[name] = real[name];
  return Object.assign(g, extra);
}

/**
 * `Function` as modules see it: answers `return this` with the substitute global and the one idiom regenerator-runtime uses,
 * and refuses everything else, as the content security policy does with the real one.
 */
export function createFunction(g: Record<string, any>): Fn {
  const Safe = function (...args: unknown[]) {
    const body = String(args.length ? args[args.length - 1] : "").trim().replace(/;$/, "");
    if (args.length < 2 && (body === "return this" || body === "return globalThis")) return () => g;
    if (args.length === 2 && body === "regeneratorRuntime = r") return (r: unknown) => void ((globalThis as any).regeneratorRuntime = g.regeneratorRuntime = r);
    throw new EvalError("Function: a mini program cannot make code from text");
  };
  Safe.prototype = Function.prototype;
  return Safe;
}
