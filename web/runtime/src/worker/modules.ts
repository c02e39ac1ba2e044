// Script modules of the package: CommonJS, resolved by package path, run once, with the browser's globals out of sight.
import { MODULE_PARAMS } from "../shared/protocol";
import type { Fn, Log } from "./log";

interface Module { id: string; exports: any; loaded: boolean; failed?: unknown }

export interface Modules {
  define(file: string, fn: Fn): void;
  /** Runs the module and returns its exports. Throws what it throws, each time it is asked for. */
  require(id: string, from: string): any;
  has(id: string): boolean;
  /** Values of MODULE_PARAMS beside module, exports and require; names not in it are undefined inside modules. */
  scope: Record<string, unknown>;
}

export function createModules(log: Log): Modules {
  const code = new Map<string, Fn>(), done = new Map<string, Module>();
  const scope: Record<string, unknown> = {};

  const find = (path: string): string | undefined => [path, path + ".js", path + "/index.js", path + ".json", path + "/index"].find((p) => code.has(p));

  /** `./x`, `../x`, `/x`, a path from the root, from the file's folder, or a package in miniprogram_npm above the file. */
  function resolve(id: string, from: string): string | undefined {
    const dir = from.split("/").slice(0, -1);
    if (id[0] === "/") return find(join([], id));
    if (id[0] === ".") return find(join(dir, id));
    let hit = find(join(dir, id)) || find(id);
    for (let i = dir.length; !hit && i >= 0; i--) hit = find(join(dir.slice(0, i), "miniprogram_npm/" + id));
    return hit;
  }

  function load(file: string): any {
    let m = done.get(file);
    if (m) {
      if (m.failed !== undefined) throw m.failed;
      return m.exports;
    }
    m = { id: file, exports: {}, loaded: false };
    done.set(file, m);
    const req = (id: string) => modules.require(id, file);
    const params = MODULE_PARAMS.map((name) => (name === "module" ? m : name === "exports" ? m!.exports : name === "require" ? req : scope[name]));
    try {
      code.get(file)!.apply(m.exports, params);
      m.loaded = true;
    } catch (e) {
      // The package knows the module by name; the stack alone may be in a bundle.
      if (e instanceof Error && !(e as any).module) {
        (e as any).module = file;
        log.error(e, `module ${file}`);
      } else if (!(e instanceof Error)) log.error(e, `module ${file}`);
      m.failed = e === undefined ? new Error(`module ${file} threw undefined`) : e;
      throw m.failed;
    }
    return m.exports;
  }

  const modules: Modules = {
    scope,
    define: (file, fn) => void (code.has(file) || code.set(file, fn)),
    has: (id) => find(join([], id)) !== undefined,
    require(id, from) {
      if (typeof id !== "string") throw new TypeError(`require in ${from}: the module's name must be a string`);
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

const builtins =
  "Object Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError JSON Math Intl ArrayBuffer Atomics Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array Float32Array Float64Array Uint8ClampedArray BigUint64Array BigInt64Array DataView Map BigInt Set WeakMap WeakSet WeakRef FinalizationRegistry Proxy Reflect decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape isFinite isNaN queueMicrotask structuredClone TextEncoder TextDecoder URL URLSearchParams crypto performance atob btoa";

/**
 * The object that `Function("return this")()` answers: the language's own names and nothing of the browser.
 * Bundlers ask for it to find Object, Promise and timers, and to leave things on it.
 */
export function createGlobal(real: Record<string, any>, extra: Record<string, unknown>): Record<string, any> {
  const g: Record<string, any> = {};
  for (const name of builtins.split(" ")) {
    if (!(name in real)) continue;
    const v = real[name];
    // Functions of the platform want their own `this`.
    g[name] = name === "atob" || name === "btoa" || name === "queueMicrotask" || name === "structuredClone" ? v.bind(real) : v;
  }
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
    throw new EvalError("Function: code cannot be made from text in a mini program; write it in a module");
  };
  Safe.prototype = Function.prototype;
  return Safe;
}
