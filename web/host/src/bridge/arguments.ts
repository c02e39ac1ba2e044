// What a program passes to a host call is foreign: it is read through here, field by field, and never trusted to have a shape.

/** A call that fails for a reason the developer should read. The bridge puts "name:fail " in front. */
export class CallFailed extends Error {
  constructor(reason: string, readonly code?: number) {
    super(reason);
  }
}

export class Args {
  private readonly raw: Record<string, unknown>;

  /** raw is whatever came over the port; undefined and null are an empty object. */
  constructor(raw: unknown) {
    if (raw === undefined || raw === null) raw = {};
    if (typeof raw !== "object" || Array.isArray(raw)) throw new CallFailed(`the argument should be an object, not ${kind(raw)}`);
    this.raw = raw as Record<string, unknown>;
  }

  has(name: string): boolean {
    return this.raw[name] !== undefined && this.raw[name] !== null;
  }

  /** A string of at most max characters; numbers are written out, as mini-program code often passes them. */
  text(name: string, o: { max: number; or?: string }): string {
    const v = this.raw[name];
    if (v === undefined || v === null) return this.fallback(name, o.or, "a string");
    if (typeof v === "number") return String(v);
    if (typeof v !== "string") throw new CallFailed(`${name} should be a string, not ${kind(v)}`);
    if (v.length > o.max) throw new CallFailed(`${name} has ${v.length} characters, at most ${o.max} fit`);
    return v;
  }

  number(name: string, o: { min: number; max: number; or?: number }): number {
    const v = this.raw[name];
    if (v === undefined || v === null) return this.fallback(name, o.or, "a number");
    if (typeof v !== "number" || !Number.isFinite(v)) throw new CallFailed(`${name} should be a number, not ${kind(v)}`);
    if (v < o.min || v > o.max) throw new CallFailed(`${name} is ${v}, it should be from ${o.min} to ${o.max}`);
    return v;
  }

  flag(name: string, or: boolean): boolean {
    const v = this.raw[name];
    if (v === undefined || v === null) return or;
    if (typeof v !== "boolean") throw new CallFailed(`${name} should be true or false, not ${kind(v)}`);
    return v;
  }

  choice<T extends string>(name: string, choices: readonly T[], or: T): T {
    const v = this.raw[name];
    if (v === undefined || v === null || v === "") return or;
    if (!choices.includes(v as T)) throw new CallFailed(`${name} should be one of ${choices.join(", ")}, not ${kind(v)}`);
    return v as T;
  }

  texts(name: string, o: { min: number; max: number; each: number; or?: string[] }): string[] {
    const v = this.raw[name];
    if (v === undefined || v === null) return this.fallback(name, o.or, "a list of strings");
    if (!Array.isArray(v)) throw new CallFailed(`${name} should be a list of strings, not ${kind(v)}`);
    if (v.length < o.min || v.length > o.max) throw new CallFailed(`${name} has ${v.length} entries, it should have ${o.min} to ${o.max}`);
    return v.map((s, i) => {
      if (typeof s !== "string") throw new CallFailed(`${name}[${i}] should be a string, not ${kind(s)}`);
      if (s.length > o.each) throw new CallFailed(`${name}[${i}] has ${s.length} characters, at most ${o.each} fit`);
      return s;
    });
  }

  /** Names and values of a plain object, values as strings: headers, form fields. */
  pairs(name: string, o: { max: number; each: number }): Record<string, string> {
    const v = this.raw[name];
    const out: Record<string, string> = Object.create(null);
    if (v === undefined || v === null) return out;
    if (typeof v !== "object" || Array.isArray(v)) throw new CallFailed(`${name} should be an object, not ${kind(v)}`);
    const entries = Object.entries(v);
    if (entries.length > o.max) throw new CallFailed(`${name} has ${entries.length} entries, at most ${o.max} fit`);
    for (const [key, value] of entries) {
      if (value === undefined || value === null) continue;
      const text = typeof value === "object" ? JSON.stringify(value) : String(value);
      if (text.length > o.each) throw new CallFailed(`${name}.${key} has ${text.length} characters, at most ${o.each} fit`);
      out[key] = text;
    }
    return out;
  }

  /** Text or bytes; undefined when absent. */
  body(name: string): string | ArrayBuffer | undefined {
    const v = this.raw[name];
    if (v === undefined || v === null) return undefined;
    if (typeof v === "string" || v instanceof ArrayBuffer) return v;
    if (ArrayBuffer.isView(v)) return new Uint8Array(v.buffer, v.byteOffset, v.byteLength).slice().buffer;
    throw new CallFailed(`${name} should be a string or an ArrayBuffer, not ${kind(v)}`);
  }

  private fallback<T>(name: string, or: T | undefined, what: string): T {
    if (or === undefined) throw new CallFailed(`${name} is missing: it should be ${what}`);
    return or;
  }
}

function kind(v: unknown): string {
  if (v === null) return "null";
  if (Array.isArray(v)) return "a list";
  if (typeof v === "string") return JSON.stringify(v.length > 40 ? v.slice(0, 40) + "…" : v);
  if (typeof v === "number" || typeof v === "boolean") return String(v);
  return typeof v === "object" ? "an object" : typeof v;
}

/**
 * Rough bytes a value takes, or Infinity as soon as it is more than `limit` or nested deeper than 64: cheap enough to ask of
 * every message, and it never walks further than the limit.
 */
export function weigh(value: unknown, limit: number): number {
  let bytes = 0;
  const walk = (v: unknown, depth: number): boolean => {
    if (depth > 64) return false;
    bytes += 8;
    if (typeof v === "string") bytes += v.length * 2;
    else if (v instanceof ArrayBuffer) bytes += v.byteLength;
    else if (ArrayBuffer.isView(v)) bytes += v.byteLength;
    else if (v instanceof Map || v instanceof Set) return false; // no call takes these
    else if (Array.isArray(v)) {
      for (let i = 0; i < v.length; i++) if (bytes > limit || !walk(v[i], depth + 1)) return false; // by index: for…in would list all keys first
    } else if (v !== null && typeof v === "object") {
      for (const key in v) {
        bytes += key.length * 2;
        if (bytes > limit || !walk((v as Record<string, unknown>)[key], depth + 1)) return false;
      }
    }
    return bytes <= limit;
  };
  return walk(value, 0) ? bytes : Infinity;
}
