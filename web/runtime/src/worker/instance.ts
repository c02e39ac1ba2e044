// Pages and components that live: data, properties, observers, lifetimes, and the tree they stand in.
import { mark, setAt } from "../shared/change";
import { placeOf } from "../shared/list";
import type { Change, InstanceOptions, Isolation, Path } from "../shared/protocol";
import type { EventChannel } from "./channel";
import type { TitleBar } from "./chrome";
import { copy, differences } from "./copy";
import { coerce, type Definition, type Observer } from "./definition";
import type { Fn, Log } from "./log";
import type { Outbox } from "./outbox";
import { link, unlink } from "./relation";
import { Block, eachHost, type Frame, type Host } from "./tree";
import type { Units } from "./units";

/** Finds the instance behind `this` of a program; not enumerable, so copies of `this` stay ordinary objects. */
export const INSTANCE = Symbol("instance");

/** Components inside components, and observers setting data, end somewhere even when a program does not. */
const deepest = 250, rounds = 200;

export class Instance {
  data: Record<string, unknown>;
  /** data as templates see it: without pure data fields */
  view: Record<string, unknown>;
  self: any;
  root: Block | null = null;
  frame: Frame;
  /** changes the own template has not seen yet */
  tree: Change = undefined;
  /** changes the view has not seen yet, by path; null before the view knows the instance */
  patch: Map<string, [Path, unknown]> | null = null;
  attached = false;
  ready = false;
  gone = false;
  busy = true;
  page: Instance;
  depth: number;
  /** external classes */
  x: Record<string, string> = {};
  generics: Record<string, string> = {};
  /** blocks in which this instance's slots stand, by slot name */
  slotAt = new Map<string, Block>();
  links = new Map<string, Instance[]>();
  queued = new Set<Observer>();
  queuedProps = new Map<string, unknown>();
  draining = false;
  /** observers of properties that set properties */
  nested = 0;
  attaching = false;
  newborn: Instance[] = [];
  /** only pages: how it was opened, what APIs changed of its title bar, whether it shows, its opener's channel */
  query: Record<string, string> = {};
  bar: TitleBar = {};
  shown = false;
  channel: EventChannel | null = null;
  constructor(readonly id: number, readonly unit: string, readonly def: Definition, readonly owner: Instance | null, readonly host: Host | null) {
    this.page = owner ? owner.page : this;
    let around: Host | null = host && host.outer;
    while (around && !around.inst) around = around.outer;
    this.depth = owner ? (around?.inst || owner).depth + 1 : 0;
    this.data = copy(def.data);
    for (const name in def.props) this.data[name] = copy(def.props[name]!.value);
    this.view = this.data;
    const pure = def.options.pureDataPattern;
    if (pure) {
      this.view = {};
      for (const k of Object.keys(this.data)) if (!pure.test(k)) this.view[k] = this.data[k];
    }
    this.frame = { i: this, d: this.view, u: undefined };
  }
  life(name: string, log: Log): void {
    this.def.life[name]?.forEach((fn) => log.guard(fn, this.self, [], `${this.unit} ${name}`));
  }
  /** Path of the element in the owner's tree, as both sides compute it. */
  get place(): string {
    return this.host ? placeOf(this.host.block, this.host.no) : "";
  }
}

export interface Instances {
  all: Map<number, Instance>;
  /** Makes a page (no owner) or the instance of a component node, with everything below it; it is attached later. */
  create(unit: string, owner: Instance | null, host: Host | null, query?: Record<string, string>): Instance;
  /** setData: origin says who may need to hear of it. */
  change(inst: Instance, entries: [Path, unknown][], origin: "self" | "view"): void;
  /** Property values from the owner's template. */
  pass(inst: Instance, pairs: [string, unknown][]): void;
  attach(inst: Instance): void;
  destroy(inst: Instance): void;
  destroyBlock(block: Block): void;
  /** Lifetimes of the page (show, hide, resize, routeDone) told to every component in it. */
  tellPage(page: Instance, name: string, args: unknown[]): void;
  moved(block: Block): void;
}

/** prototypeOf gives each instance's `this`. */
export function createInstances(units: Units, out: Outbox, log: Log): Instances {
  const all = new Map<number, Instance>();
  let lastId = 0;

  function create(unit: string, owner: Instance | null, host: Host | null, query?: Record<string, string>): Instance {
    const def = units.definition(unit);
    const inst = new Instance(++lastId, unit, def, owner, host);
    if (inst.depth > deepest) throw new Error(`components are nested more than ${deepest} deep: does ${unit} contain itself?`);
    all.set(inst.id, inst);
    const self = (inst.self = Object.create(def.proto));
    Object.defineProperty(self, INSTANCE, { value: inst });
    for (const k in def.fields) self[k] = copy(def.fields[k]);
    self.is = unit;
    // One object under two names, as in the platforms this follows.
    self.data = self.properties = inst.data;
    if (query) {
      inst.query = query;
      self.options = query;
      self.route = self.__route__ = unit;
    }
    const spec = host?.spec;
    if (spec?.g) for (const name in spec.g) inst.generics[name] = units.resolve(owner!, spec.g[name]!) || "";
    out.born(inst);
    const pairs: [string, unknown][] = query ? Object.entries(query) : [];
    if (spec?.p) spec.p(host!.f, true, (name, value) => pairs.push([name, value]));
    set(inst, pairs, true);
    const template = units.root(unit);
    if (template) {
      inst.root = new Block(null, "", null, template, inst.frame);
      inst.tree = undefined;
      build(inst, inst.root, inst.frame, true);
    }
    // After those in its own template, before its slot content and before observers hear of the first values.
    inst.life("created", log);
    inst.busy = false;
    // Before its slot content, so that it is attached first.
    if (owner?.attached) owner.newborn.push(inst);
    if (host && spec?.s) {
      for (const name in spec.s) {
        const fn = spec.s[name];
        if (fn) build(owner!, (host.slots[name] = new Block(host.block, "", host, fn, host.f)), host.f, true);
      }
    }
    drain(inst);
    return inst;
  }

  /** Runs a block; a template that throws (a script module of it did) must not take the page with it. */
  function build(inst: Instance, block: Block, f: Frame, c: boolean): void {
    try {
      block.fn(block, f, c);
    } catch (e) {
      log.error(e, `template of ${inst.unit}`);
    }
  }

  function write(inst: Instance, path: Path, value: unknown): void {
    const name = path[0] as string;
    const changed = setAt(inst.data, path, value);
    if (inst.view !== inst.data) {
      if (inst.def.options.pureDataPattern!.test(name)) return;
      inst.view[name] = inst.data[name];
    }
    inst.tree = mark(inst.tree, changed);
    if (inst.patch) {
      const key = path.join("\u0001");
      // Entries apply in order, so the newest goes last.
      inst.patch.delete(key);
      inst.patch.set(key, [path, value]);
      out.dirty(inst);
    }
  }

  /** given: the value as it came. The same object once more is no news to the observer of its property, whatever was done to it. */
  function queue(inst: Instance, path: Path, before: unknown, given: unknown): void {
    for (const o of inst.def.observers) if (!inst.queued.has(o) && o.paths.some((p) => hits(p.path, p.deep, path))) inst.queued.add(o);
    const name = path[0] as string, prop = inst.def.props[name];
    if (prop?.observer && !inst.queuedProps.has(name) && (path.length > 1 || before !== given)) inst.queuedProps.set(name, before);
  }

  function change(inst: Instance, entries: [Path, unknown][], origin: "self" | "view"): void {
    if (inst.gone) return;
    const up: [Path, unknown][] = [];
    for (const [path, raw] of entries) {
      const name = path[0] as string, prop = inst.def.props[name], before = inst.data[name];
      let value: unknown;
      try {
        value = copy(raw);
      } catch (e) {
        log.error(e, `${inst.unit} setData "${path.join(".")}"`);
        continue;
      }
      if (prop && path.length === 1) value = coerce(prop, value, name, inst.unit, log);
      write(inst, path, value);
      queue(inst, path, before, raw);
      const bound = inst.host?.spec.o && inst.host.spec.o[name];
      if (bound && inst.owner) up.push([bound, inst.data[name]]);
    }
    drain(inst);
    if (up.length) change(inst.owner!, up, origin);
  }

  /** Sets properties; first: compared with the defaults, before the template is built. */
  function set(inst: Instance, pairs: [string, unknown][], first: boolean): void {
    let classes = false;
    for (const [name, raw] of pairs) {
      const prop = inst.def.props[name];
      if (!prop) {
        const outer = inst.def.external.find((e) => e === name || camel(e) === name);
        if (outer && inst.x[outer] !== String(raw ?? "")) {
          inst.x[outer] = String(raw ?? "");
          classes = true;
        }
        continue;
      }
      const before = inst.data[name], value = coerce(prop, raw, name, inst.unit, log);
      const plain = value === null || typeof value !== "object";
      if (plain && Object.is(before, value)) {
        // A first value is told also when it is the default: components set themselves up by it.
        if (first) queue(inst, [name], before, before);
        continue;
      }
      // An observer that compares with the value before needs that value whole.
      for (const [path, v] of plain || first || prop.observer ? [[[name], copy(value)] as [Path, unknown]] : differences(before, value, [name])) write(inst, path, v);
      queue(inst, [name], before, raw);
    }
    if (classes && !first) out.op(["x", inst.id, inst.x]);
  }

  function pass(inst: Instance, pairs: [string, unknown][]): void {
    if (inst.gone) return;
    set(inst, pairs, false);
    drain(inst);
  }

  /** Runs observers until none is due, lets the template see what changed, then tells those properties name themselves. */
  function drain(inst: Instance): void {
    if (inst.draining) return;
    inst.draining = true;
    const run = (fn: unknown, args: unknown[]) => log.guard(typeof fn === "string" ? inst.self[fn] : fn, inst.self, args, `${inst.unit} observer`);
    for (let n = 0; inst.queued.size; n++) {
      if (n > rounds) {
        endless(inst, "observers");
        break;
      }
      // One that an earlier one has triggered again runs once, with the newest values.
      for (const o of inst.def.observers) if (inst.queued.delete(o)) run(o.fn, o.paths.map((p) => read(inst.data, p.path)));
    }
    inst.draining = false;
    update(inst);
    if (!inst.queuedProps.size) return;
    const props = [...inst.queuedProps];
    inst.queuedProps.clear();
    if (++inst.nested > rounds) endless(inst, "observers");
    else for (const [name, before] of props) run(inst.def.props[name]!.observer, [inst.data[name], before, [name]]);
    inst.nested--;
  }

  /** Gives up on a circle; what is queued for it is dropped, or it would go on with the next change. */
  function endless(inst: Instance, what: string): void {
    inst.queued.clear();
    inst.queuedProps.clear();
    log.error(new Error(`${what} of ${inst.unit} set data that triggers them again, more than ${rounds} times over`), "");
  }

  function update(inst: Instance): void {
    if (inst.busy || inst.gone) return;
    inst.busy = true;
    for (let n = 0; inst.tree !== undefined && !inst.gone; n++) {
      const u = inst.tree;
      inst.tree = undefined;
      if (!inst.root) break;
      if (n > rounds) {
        endless(inst, "components");
        break;
      }
      inst.frame.u = u;
      build(inst, inst.root, inst.frame, false);
      inst.frame.u = undefined;
    }
    inst.busy = false;
    // What came while `attached` ran is attached after it, with the rest of the template.
    while (inst.newborn.length && !inst.attaching) {
      const born = inst.newborn;
      inst.newborn = [];
      for (const b of born) attach(b);
    }
  }

  /** Calls visit for the components directly below: the own template's, then slot content's, or the other way round. */
  function below(inst: Instance, visit: (i: Instance) => void, contentFirst?: boolean): void {
    const enter = (h: Host) => {
      if (h.inst) visit(h.inst);
      else for (const k in h.slots) eachHost(h.slots[k]!, enter);
    };
    if (inst.root && !contentFirst) eachHost(inst.root, enter);
    if (inst.host) for (const k in inst.host.slots) eachHost(inst.host.slots[k]!, enter);
    if (inst.root && contentFirst) eachHost(inst.root, enter);
  }

  function attach(inst: Instance): void {
    if (inst.attached || inst.gone) return;
    inst.attached = true;
    inst.attaching = true;
    inst.life("attached", log);
    inst.attaching = false;
    link(inst, log);
    below(inst, attach);
    inst.newborn.forEach(attach);
    inst.newborn = [];
  }

  function destroy(inst: Instance): void {
    if (inst.gone) return;
    below(inst, destroy, true);
    inst.gone = true;
    if (inst.attached) {
      inst.life("detached", log);
      unlink(inst, log);
    }
    all.delete(inst.id);
    out.dead(inst);
  }

  const destroyBlock = (block: Block): void =>
    eachHost(block, (h) => {
      if (h.inst) destroy(h.inst);
      else for (const k in h.slots) destroyBlock(h.slots[k]!);
    });

  function tellPage(page: Instance, name: string, args: unknown[]): void {
    const tell = (i: Instance) => {
      i.def.pageLife[name]?.forEach((fn) => log.guard(fn, i.self, args, `${i.unit} pageLifetimes.${name}`));
      below(i, tell);
    };
    tell(page);
  }

  const moved = (block: Block): void => eachHost(block, (h) => h.inst && h.inst.life("moved", log));

  return { all, create, change, pass, attach, destroy, destroyBlock, tellPage, moved };
}

/** What the view must know beside the data; json is the unit's. */
export function optionsOf({ def, x, owner }: Instance, json: Record<string, any>): InstanceOptions {
  const o: InstanceOptions = {}, { options } = def;
  if (Object.keys(x).length) o.x = x;
  if (options.virtualHost || json.virtualHost) o.virtual = 1;
  const iso = options.styleIsolation || json.styleIsolation || ((options.addGlobalClass || json.addGlobalClass) && "apply-shared");
  if (iso) o.iso = iso as Isolation;
  if (def.behaviors.has("//form-field")) o.field = 1;
  if (!owner) {
    o.page = {
      pullRefresh: String(json.enablePullDownRefresh) === "true", reachBottom: Number(json.onReachBottomDistance ?? 50),
      background: json.backgroundColor, scroll: !json.disableScroll, refreshStyle: json.backgroundTextStyle,
    };
  }
  return o;
}

const camel = (s: string): string => s.replace(/-([a-z])/g, (_, c: string) => c.toUpperCase());

/** A change at `path` concerns an observer of `own`: at it, above it, or with ** below it. */
function hits(own: Path, deep: boolean, path: Path): boolean {
  if (!deep && path.length > own.length) return false;
  const n = Math.min(own.length, path.length);
  for (let i = 0; i < n; i++) if (String(own[i]) !== String(path[i])) return false;
  return true;
}

const read = (data: any, path: Path): unknown => path.reduce((v, k) => v?.[k], data);
