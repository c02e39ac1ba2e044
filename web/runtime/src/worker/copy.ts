// Copies of data: what a program passes to setData is its own afterwards, and so is what a component gets as a property.
import type { Path } from "../shared/protocol";

const ancestors: object[] = [];

/** Only arrays and objects of literals are data that can be looked into; dates, maps and buffers are values. */
export function isPlain(v: unknown): v is Record<string, unknown> {
  if (v === null || typeof v !== "object" || Array.isArray(v)) return false;
  const tag = Object.prototype.toString.call(v);
  return tag === "[object Object]";
}

/** Deep copy. Functions, dates and buffers are kept by reference; a value inside itself throws. */
export function copy<T>(v: T): T {
  if (v === null || typeof v !== "object") return v;
  // A getter that threw may have left some behind.
  ancestors.length = 0;
  return clone(v);
}

function clone<T>(v: T): T {
  if (v === null || typeof v !== "object") return v;
  const array = Array.isArray(v);
  if (!array && !isPlain(v)) return v;
  if (ancestors.indexOf(v) >= 0) throw new Error("the value contains itself; data must be a tree");
  ancestors.push(v);
  let out: any;
  if (array) {
    const n = v.length;
    out = new Array(n);
    for (let i = 0; i < n; i++) {
      const e = v[i];
      out[i] = e !== null && typeof e === "object" ? clone(e) : e;
    }
  } else {
    out = {};
    for (const k of Object.keys(v)) {
      if (k === "__proto__") continue;
      const e = (v as any)[k];
      out[k] = e !== null && typeof e === "object" ? clone(e) : e;
    }
  }
  ancestors.pop();
  return out;
}

const tooMany = 64;

/**
 * What to write at path so that `old` becomes a copy of `next`: a few deep entries when little differs, else the whole.
 * A page that changes one field of a large object it passes on must not ship the object again.
 */
export function differences(old: unknown, next: unknown, path: Path): [Path, unknown][] {
  const out: [Path, unknown][] = [];
  return compare(old, next, path, out) ? out : [[path, copy(next)]];
}

function compare(old: any, next: any, path: Path, out: [Path, unknown][]): boolean {
  if (Object.is(old, next)) return true;
  if (Array.isArray(old) && Array.isArray(next) && next.length >= old.length) {
    for (let i = 0; i < next.length; i++) {
      if (i < old.length) {
        if (!compare(old[i], next[i], path.concat(i), out)) return false;
      } else if (out.push([path.concat(i), copy(next[i])]) > tooMany) return false;
    }
    return true;
  }
  if (isPlain(old) && isPlain(next)) {
    const keys = Object.keys(next);
    // Without a way to say "this key is gone", a lost key means the whole object.
    if (Object.keys(old).every((k) => k in next)) {
      for (const k of keys) if (!compare(old[k], next[k], path.concat(k), out)) return false;
      return true;
    }
  }
  if (path.length < 2) return false;
  return out.push([path, copy(next)]) <= tooMany;
}
