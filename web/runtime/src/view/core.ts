// The view without its surroundings: takes registrations and flushes, keeps the document in step. main.ts connects it to the
// ports; a benchmark drives it by hand:
//
//	const view = createView({ post: console.log });
//	view.template("index.jxml", (R) => ({ b: R.b("<mm-view> </mm-view>", [[0, 0]], 0, …), t: {}, i: [] }));
//	view.unit("index", { prefix: "p1--", tpl: "index.jxml" });
//	view.apply({ s: 1, o: [["n", 1, 0, "", "index", { rows: [] }, {}], ["t", "push", 1]] });
import { mark, setAt } from "../shared/change";
import type { Change, Flush, FromView, InstanceOptions, Op, UnitView, ViewToHost } from "../shared/protocol";
import { defineBasics } from "./basics";
import { createBuiltins, type Builtins } from "./builtin";
import { insert, make } from "./block";
import { addSheet, BASE } from "./css";
import { createEvents, type Events } from "./events";
import { createInput } from "./input";
import type { Methods } from "./methods";
import { createOps, type Ops, type TemplateFile } from "./ops";
import { createPages, type Pages } from "./pages";
import { jdsLibrary, steps } from "../shared/jds";
import { classIn, scopeFor } from "./scope";
import type { El, Frame, Hole, Instance } from "./types";

export interface ViewOptions {
  /** to the worker */
  post(message: FromView): void;
  /** to the host */
  tell?(message: ViewToHost): void;
  /** asset path → URL */
  assets?: Record<string, string>;
  /** where pages go; the body when left out */
  root?: HTMLElement;
}

export interface View {
  readonly R: Ops["R"];
  readonly instances: Map<number, Instance>;
  readonly pages: Pages;
  readonly events: Events;
  readonly builtins: Builtins;
  readonly assets: Record<string, string>;
  readonly root: HTMLElement;
  post(message: FromView): void;
  tell(message: ViewToHost): void;
  /** `$U`, `$T` and `$S` of view bundles */
  unit(name: string, u: UnitView): void;
  template(file: string, fn: (R: Ops["R"]) => TemplateFile): void;
  script(id: string, fn: ScriptFn): void;
  /** Applies a flush now, or as soon as the code of all its units is there; flushes keep their order. */
  apply(flush: Flush): void;
  /** Tries again what waits, after new code has run. */
  resume(): void;
  /** Runs once the document agrees with the data: at the end of this flush. */
  after(fn: () => void): void;
  report(error: unknown, where?: string): void;
  /** What measures and animates comes with the module "methods", fetched when first asked for. Asked things keep their order. */
  ask(fn: (methods: Methods) => void): void;
  /** the module is here */
  provide(methods: Methods): void;
}

/** ms that template scripts may take of one task */
const longest = 2000;
let since = 0;
steps.over = () => {
  const now = performance.now();
  // Promises wait for the task to end, which a loop does not let it.
  if (!since) void Promise.resolve().then(() => (since = 0));
  since ||= now;
  if (now - since < longest) return;
  steps.left = 0; // what else runs in this task ends at its first step
  throw new RangeError(`scripts of templates ran for ${longest / 1000} s without an end`);
};

type ScriptFn = (module: { exports: unknown }, exports: unknown, require: (id: string) => unknown, lib: unknown) => void;

export function createView(options: ViewOptions): View {
  const units = new Map<string, UnitView>();
  const files = new Map<string, { fn: ((R: Ops["R"]) => TemplateFile) | null; file: TemplateFile | null }>();
  const scripts = new Map<string, { fn: ScriptFn | null; exports: unknown }>();
  const instances = new Map<number, Instance>();
  const waiting: Flush[] = [];
  const later: (() => void)[] = [];
  let dirty: Instance[] = [];
  let fresh: Instance[] = [];
  let gone: Instance[] = [];
  let running = false;
  let methods: Methods | null = null;
  const asked: ((methods: Methods) => void)[] = [];

  if (!document.querySelector("style[mm-base]")) addSheet(BASE, true);

  const file = (name: string): TemplateFile | undefined => {
    const entry = files.get(name);
    if (!entry) return undefined;
    if (entry.fn) {
      const fn = entry.fn;
      entry.fn = null;
      entry.file = fn(R);
    }
    return entry.file || undefined;
  };

  const script = (id: string): unknown => {
    const entry = scripts.get(id);
    if (!entry) throw new Error(`script module ${id} is not there`);
    if (entry.fn) {
      const fn = entry.fn;
      const module = { exports: (entry.exports = {}) as unknown };
      entry.fn = null; // first, so that modules in a circle meet what is there so far, as in CommonJS
      fn(module, module.exports, (other) => script(relative(id, other)), jdsLibrary);
      entry.exports = module.exports;
    }
    return entry.exports;
  };

  const report = (error: unknown, where?: string): void => {
    const e = error instanceof Error ? error : new Error(String(error));
    view.post({ err: { message: e.message, stack: e.stack, where } });
  };

  const ops = createOps({ meet: { meet: (el) => builtins.meet(el), fixed: (el, s) => builtins.fixed(el, s), cloned: (el) => builtins.cloned(el) }, mount, file, script, listen: (type, flags) => events.listen(type, flags),
    attribute: (el, name, value) => builtins.attribute(el, name, value) });
  const R = ops.R;

  const view: View = {
    R, instances, pages: null!, events: null!, builtins: null!, assets: options.assets || {}, root: options.root || document.body,
    post: options.post,
    tell: options.tell || (() => {}),
    unit(name, u) {
      if (units.has(name)) return;
      units.set(name, u);
      if (u.css) addSheet(u.css);
    },
    template(name, fn) {
      if (!files.has(name)) files.set(name, { fn, file: null });
    },
    script(id, fn) {
      if (!scripts.has(id)) scripts.set(id, { fn, exports: undefined });
    },
    apply(flush) {
      waiting.push(flush);
      if (waiting.length === 1) view.resume();
    },
    resume() {
      while (waiting.length > 0 && waiting[0]!.o.every(hasCode)) {
        const flush = waiting[0]!;
        run(flush);
        waiting.shift();
        view.post({ a: flush.s });
      }
    },
    after: (fn) => void (running ? later.push(fn) : queueMicrotask(fn)),
    report,
    ask(fn) {
      if (methods) return fn(methods);
      if (asked.push(fn) === 1) view.tell({ need: "methods" });
    },
    provide(m) {
      if (methods) return;
      methods = m;
      for (const fn of asked) fn(m);
      asked.length = 0;
    },
  };
  const w = view as { -readonly [K in keyof View]: View[K] };
  const builtins = (w.builtins = createBuiltins(view));
  const events = (w.events = createEvents(view));
  const pages = (w.pages = createPages(view));
  defineBasics(builtins);
  createInput(view);
  // What view bundles call. `$D` is for the worker's bundles, should one ever be sent here.
  Object.assign(window, { $U: view.unit, $T: view.template, $S: view.script, $D: () => {} });
  return view;

  function hasCode(op: Op): boolean {
    if (op[0] !== "n") return true;
    const unit = units.get(op[4]);
    return unit !== undefined && (!unit.tpl || hasFile(unit.tpl));
  }

  function hasFile(name: string): boolean {
    if (!files.has(name)) return false;
    const f = file(name);
    return !f || (f.i || []).every((other) => files.has(other));
  }

  function run(flush: Flush): void {
    running = true;
    for (const op of flush.o) {
      try {
        step(op);
      } catch (e) {
        report(e, op[0]);
      }
    }
    commit();
    running = false;
    pages.settle();
  }

  function step(op: Op): void {
    switch (op[0]) {
      case "n":
        return meetInstance(op[1], op[2], op[3], op[4], op[5], op[6]);
      case "u": {
        const inst = instances.get(op[1]);
        if (!inst) return;
        if (inst.u === undefined) dirty.push(inst);
        for (let i = 2; i < op.length; i++) {
          const [path, value] = op[i] as [(string | number)[], unknown];
          inst.u = mark(inst.u, setAt(inst.data, path, value));
          if (path.length > 1) inst.deep = true;
        }
        return;
      }
      case "x": {
        const inst = instances.get(op[1]);
        if (inst) external(inst, op[2]);
        return;
      }
      case "d":
        return forget(op[1]);
      case "t":
        commit();
        return pages.show(op[1], op[2]);
      case "q":
        commit();
        return view.ask((m) => m.answer(op[1], op[2]));
      case "m":
        commit();
        return view.ask((m) => m.call(op[1], op[2], op[3]));
    }
  }

  function meetInstance(id: number, parentId: number, place: string, unit: string, data: Record<string, unknown>, opts: InstanceOptions): void {
    const parent = parentId ? instances.get(parentId) || null : null;
    if (parentId && !parent) throw new Error(`instance ${id} (${unit}) came before its parent ${parentId}`);
    const inst: Instance = {
      id, unit, place, parent, page: null!, depth: parent ? parent.depth + 1 : 0, view: units.get(unit)!, options: opts, data, u: undefined,
      scope: null!, kids: new Map(), holes: new Map(), hole: null, outlets: [], el: null, root: null, gone: false, deep: false,
    };
    inst.page = parent ? parent.page : inst;
    rescope(inst);
    instances.set(id, inst);
    if (parent) parent.kids.set(place, inst);
    fresh.push(inst);
  }

  function rescope(inst: Instance): void {
    const x = inst.options.x;
    let resolved: Record<string, string> | null = null;
    if (x && inst.parent) {
      resolved = {};
      for (const name in x) resolved[name] = classIn(inst.parent.scope, String(x[name] ?? ""));
    }
    inst.scope = scopeFor(inst.view.prefix, inst.page.view.prefix, inst.options.iso, !inst.parent, resolved);
  }

  /** Classes handed down have changed: elements that carry their names get the new ones. */
  function external(inst: Instance, x: Record<string, string>): void {
    const old = inst.scope.external || {};
    inst.options = { ...inst.options, x };
    rescope(inst);
    const now = inst.scope.external || {};
    for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) {
      if (old[name] === now[name] || !inst.el) continue;
      for (const el of inst.el.querySelectorAll<El>("." + CSS.escape(inst.scope.own + name))) {
        if (events.ownerOf(el) !== inst) continue;
        for (const token of split(old[name])) el.classList.remove(token);
        for (const token of split(now[name])) el.classList.add(token);
      }
    }
    for (const kid of inst.kids.values()) if (kid.options.x) external(kid, kid.options.x);
  }

  function forget(id: number): void {
    const inst = instances.get(id);
    if (!inst) return;
    instances.delete(id);
    inst.gone = true;
    methods?.forget(inst);
    if (inst.parent) {
      if (inst.parent.kids.get(inst.place) === inst) inst.parent.kids.delete(inst.place);
      gone.push(inst);
    } else pages.leave(inst);
  }

  function mount(inst: Instance, hole: Hole): void {
    hole.child = inst;
    inst.hole = hole;
    const el = hole.el;
    if (inst.view.prefix) el.classList.add(inst.view.prefix);
    el.toggleAttribute("mm-virtual", !!inst.options.virtual);
    grow(inst, el);
  }

  /** Builds an instance's tree into its element. What goes wrong inside stays inside. */
  function grow(inst: Instance, el: El): void {
    inst.el = el;
    el.$h = inst;
    inst.u = undefined;
    const tpl = inst.view.tpl && file(inst.view.tpl);
    if (!tpl || !tpl.b) return;
    const f: Frame = { i: inst, d: inst.data, u: undefined, p: null, v: undefined, k: undefined, w: undefined, x: undefined };
    try {
      inst.root = make(tpl.b, inst, null, "", f, false, builtins);
      insert(inst.root, el, null);
    } catch (e) {
      report(e, inst.unit);
      if (!inst.parent) view.tell({ ev: "lost" });
    }
  }

  /** Takes out of a hole an instance that is gone. */
  function empty(hole: Hole): void {
    const child = hole.child!;
    hole.child = null;
    ops.unmount(child);
    hole.el.textContent = "";
    if (child.view.prefix) hole.el.classList.remove(child.view.prefix);
  }

  /** Brings the document up to the data: parents first, since what they do decides which children have a place. */
  function commit(): void {
    if (dirty.length === 0 && fresh.length === 0 && gone.length === 0 && later.length === 0) return;
    const changed = dirty, arrived = fresh, left = gone;
    dirty = [];
    fresh = [];
    gone = [];
    for (const inst of arrived) if (!inst.parent && !inst.gone) pages.add(inst, grow);
    if (changed.length > 1) changed.sort((a, b) => a.depth - b.depth);
    for (const inst of changed) {
      const u: Change = inst.u;
      inst.u = undefined;
      if (!inst.root || inst.gone || u === undefined) continue;
      const f = inst.root.f;
      f.u = u;
      ops.trust(!inst.deep);
      inst.deep = false;
      try {
        ops.update(inst.root, f);
      } catch (e) {
        report(e, inst.unit);
      }
      f.u = undefined;
    }
    // A place that stood while its instance was exchanged, or was there before its instance.
    for (const inst of arrived) {
      if (inst.hole || !inst.parent || inst.gone) continue;
      const hole = inst.parent.holes.get(inst.place);
      if (!hole) continue;
      if (hole.child) empty(hole);
      mount(inst, hole);
    }
    for (const inst of left) if (inst.hole) empty(inst.hole);
    for (let i = 0; i < later.length; i++) {
      try {
        later[i]!();
      } catch (e) {
        report(e);
      }
    }
    later.length = 0;
  }
}

const split = (names: string | undefined): string[] => (names ? names.split(/\s+/).filter(Boolean) : []);

/** Id of the module that `require(other)` in module id means: both are package paths, inline ones end in "#name". */
export function relative(id: string, other: string): string {
  if (other.startsWith("/")) return other.slice(1);
  const parts = id.replace(/#.*$/, "").split("/");
  parts.pop();
  for (const piece of other.split("/")) {
    if (piece === "..") parts.pop();
    else if (piece !== ".") parts.push(piece);
  }
  return parts.join("/");
}
