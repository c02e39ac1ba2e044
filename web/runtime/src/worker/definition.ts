// What Page(), Component() and Behavior() were given, flattened: behaviors merged, short forms spelt out.
import { parsePath } from "../shared/change";
import type { Isolation, Path } from "../shared/protocol";
import { copy, isPlain } from "./copy";
import type { Fn, Log } from "./log";

export interface Prop { type: unknown; also: unknown[]; value: unknown; observer?: Fn | string }
export interface Observer { paths: { path: Path; deep: boolean }[]; fn: Fn | string }
export interface Relation { key: string; type: "parent" | "child" | "ancestor" | "descendant"; target?: unknown; on: Record<string, Fn | undefined> }

export class Definition {
  data: Record<string, unknown> = Object.create(null);
  props: Record<string, Prop> = Object.create(null);
  methods: Record<string, Fn> = {};
  /** fields of Page() that are neither functions nor known: copied to each instance */
  fields: Record<string, unknown> = {};
  life: Record<string, Fn[]> = {};
  pageLife: Record<string, Fn[]> = {};
  observers: Observer[] = [];
  relations: Relation[] = [];
  external: string[] = [];
  behaviors = new Set<unknown>();
  options: { virtualHost?: boolean; addGlobalClass?: boolean; styleIsolation?: Isolation; pureDataPattern?: RegExp; multipleSlots?: boolean } = {};
  exports?: Fn;
  proto: any;
  constructor(public isPage: boolean) {}
}

/** A behavior as programs hold it: opaque. */
export class BehaviorHandle {
  constructor(readonly config: any) {}
}


/** Behavior(): definitionFilters of the behaviors it uses run on it, as they do on components. */
export function behavior(config: any): BehaviorHandle {
  config = config || {};
  filter(config);
  return new BehaviorHandle(config);
}

function filter(config: any): void {
  for (const b of list(config.behaviors)) {
    if (b instanceof BehaviorHandle && typeof b.config.definitionFilter === "function") {
      b.config.definitionFilter(config, list(b.config.behaviors).map((x: any) => x?.config?.definitionFilter).filter(Boolean));
    }
  }
}

const list = (v: unknown): any[] => (Array.isArray(v) ? v : []);

/** Merges a Page() or Component() configuration. base is the prototype of all instances. */
export function define(config: any, isPage: boolean, base: object, unit: string, log: Log): Definition {
  config = config || {};
  const def = new Definition(isPage);
  if (!isPage) filter(config);
  absorb(def, config, unit, log, isPage);
  Object.assign(def.options, config.options);
  def.proto = Object.assign(Object.create(base), def.methods);
  return def;
}

function absorb(def: Definition, config: any, unit: string, log: Log, page: boolean): void {
  for (const b of list(config.behaviors)) {
    if (typeof b === "string") builtin(def, b, unit, log);
    else if (b instanceof BehaviorHandle) {
      // A behavior used twice gives its lifetimes and observers once.
      if (!def.behaviors.has(b)) {
        def.behaviors.add(b);
        absorb(def, b.config, unit, log, false);
      }
    } else log.warn(`${unit}: behaviors holds ${String(b)}, which is no Behavior()`);
  }
  for (const [k, v] of Object.entries(config.data || {})) {
    const had = def.data[k];
    def.data[k] = isPlain(had) && isPlain(v) ? merge(had, v) : v;
  }
  if (page) {
    for (const k of Object.keys(config)) {
      if (/^(data|options|behaviors)$/.test(k)) continue;
      if (typeof config[k] === "function") def.methods[k] = config[k];
      else def.fields[k] = config[k];
    }
    return;
  }
  for (const [name, p] of Object.entries<any>(config.properties || {})) def.props[name] = property(p);
  Object.assign(def.methods, config.methods);
  for (const name of ["created", "attached", "ready", "moved", "detached", "error"]) push(def.life, name, config.lifetimes?.[name] || config[name]);
  for (const name of ["show", "hide", "resize", "routeDone"]) push(def.pageLife, name, config.pageLifetimes?.[name]);
  for (const [fields, fn] of Object.entries<any>(config.observers || {})) {
    try {
      def.observers.push({ paths: fields.split(",").map(watch), fn });
    } catch (e) {
      log.error(e, `${unit}: observers "${fields}"`);
    }
  }
  for (const [key, r] of Object.entries<any>(config.relations || {})) def.relations.push({ key, type: r.type, target: r.target, on: r });
  def.external.push(...list(config.externalClasses));
  def.options.pureDataPattern = config.options?.pureDataPattern || def.options.pureDataPattern;
  def.exports = config.export || def.exports;
}

function merge(a: Record<string, unknown>, b: Record<string, unknown>): Record<string, unknown> {
  const out = { ...a };
  for (const k of Object.keys(b)) out[k] = isPlain(out[k]) && isPlain(b[k]) ? merge(out[k], b[k]) : b[k];
  return out;
}

function push(to: Record<string, Fn[]>, name: string, fn: unknown): void {
  if (typeof fn === "function") (to[name] ||= []).push(fn as Fn);
}

function watch(field: string): { path: Path; deep: boolean } {
  field = field.trim();
  if (field === "**") return { path: [], deep: true };
  const deep = field.endsWith(".**");
  return { path: parsePath(deep ? field.slice(0, -3) : field), deep };
}

function builtin(def: Definition, name: string, unit: string, log: Log): void {
  const known = /^(?:wx|jd):(\/\/(form-field(-group|-button)?|component-export))$/.exec(name)?.[1];
  if (!known) return log.warn(`${unit}: there is no built-in behavior "${name}"`);
  def.behaviors.add(known);
  if (known === "//form-field") {
    def.props.name ||= property(String);
    def.props.value ||= property(null);
  }
}

const empty = (type: unknown): unknown => (type === String ? "" : type === Number ? 0 : type === Boolean ? false : type === Array ? [] : null);

function property(p: any): Prop {
  const full = p !== null && typeof p === "object";
  const type = full ? (p.type === undefined ? null : p.type) : p;
  return { type, also: full ? list(p.optionalTypes) : [], value: full && p.value !== undefined ? p.value : empty(type), observer: full ? p.observer : undefined };
}

/**
 * A value as the property's type has it, by the rules of glass-easel: undefined is a value like any other, so it replaces the
 * default by the type's empty value. What does not fit at all becomes that too, with a warning.
 */
export function coerce({ type, also }: Prop, value: unknown, name: string, unit: string, log: Log): unknown {
  if (also.some((t) => fits(t, value))) return value;
  if (type === Boolean) return !!value;
  const kind = kindOf(value);
  if (kind === "undefined") return empty(type);
  if (type === null || (type === Object && typeof value === "object") || kind === (type as any).name) return value;
  if (type === String && typeof value !== "object") return String(value);
  if (type === Number && isFinite(value as number)) return Number(value);
  log.warn(`Component "${unit}": property "${name}" received type-uncompatible value: expected <${(type as any).name}> but got <${kind}>`);
  return type === String && value !== null ? String(value) : empty(type);
}

/** undefined, Null, Array, Object, String … */
const kindOf = (v: unknown): string => (v === undefined ? "undefined" : Object.prototype.toString.call(v).slice(8, -1));

/** Whether a value is of one of the optionalTypes as it is. */
const fits = (type: any, v: unknown): boolean => (type === null ? v !== undefined : kindOf(v) === type?.name || (v === null && type === Object));
