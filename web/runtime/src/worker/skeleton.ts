// R on the logic side: runs the skeletons, so that the tree of components is known at once after every setData.
import { g1, gn, u1, u2, un } from "../shared/change";
import { entries, listKeys } from "../shared/list";
import type { Change } from "../shared/protocol";
import type { Instances } from "./instance";
import type { Log } from "./log";
import { relinked } from "./relation";
import { Block, eachHost, Host, type BlockFn, type Frame, type Region, type Spec } from "./tree";
import type { TemplateFile, Units } from "./units";

export function createSkeleton(units: Units, instances: Instances, log: Log, script: (id: string) => unknown) {
  const warned = new Set<string>();
  const warn = (text: string) => void (warned.has(text) || (warned.add(text), log.warn(text)));

  function grow(up: Block, pk: string | number, fn: BlockFn, f: Frame): Block {
    const b = new Block(up, pk, up.host, fn, f);
    fn(b, f, true);
    return b;
  }
  const rerun = (b: Block) => b.fn(b, b.f, false);

  function item(b: Block, f: Frame, key: string | number, v: unknown, k: unknown, block: BlockFn): Block {
    return grow(b, key, block, { i: f.i, d: f.d, u: f.u, p: f, v, k, w: true, x: true });
  }
  function visit(b: Block, f: Frame, v: unknown, k: unknown, w: Change, oc: boolean): void {
    const own = b.f, x = own.k !== k;
    if (w === undefined && own.v !== v) w = true;
    own.v = v;
    own.k = k;
    if (w === undefined && !x && !oc) return;
    own.d = f.d;
    own.u = f.u;
    own.w = w;
    own.x = x;
    rerun(b);
  }

  function region(b: Block, r: number): Region {
    return (b.r[r] as Region | undefined) || (b.r[r] = { blocks: [] });
  }

  return {
    u1, u2, un, g1, gn,
    y: (v: unknown) => (v === null || v === undefined ? "" : v),
    w: script,
    b: (fn: BlockFn) => fn,

    f(b: Block, r: number, f: Frame, list: unknown, ul: Change, oc: boolean, key: 0 | string, block: BlockFn): void {
      const g = region(b, r), old = g.blocks, oldKeys = g.keys || [];
      if (g.keys && ul === undefined && !oc) return;
      const { items, index } = entries(list);
      const n = items.length;
      const at = (i: number) => (index ? index[i]! : i);
      // One item changed in place: the others are not looked at.
      if (g.keys && ul !== true && ul !== undefined && !oc && !index && n === old.length) {
        const changed = Object.keys(ul);
        const same = (i: number) => {
          const it = items[i] as any;
          return key === 0 || (key !== "*this" && key !== "$this" && key !== "this" && it !== null && it !== undefined && String(it[key]) === oldKeys[i]);
        };
        if (changed.every((k) => +k >= 0 && +k < n && same(+k))) {
          for (const k of changed) visit(old[+k]!, f, items[+k], +k, ul[k], false);
          return;
        }
      }
      const keys = listKeys(items, key);
      const had = new Map<string | number, number>();
      for (let i = 0; i < old.length; i++) had.set(oldKeys[i]!, i);
      const blocks: Block[] = new Array(n), before: number[] = new Array(n);
      for (let i = 0; i < n; i++) {
        const j = had.get(keys[i]!);
        before[i] = j === undefined ? -1 : j;
        if (j !== undefined) {
          blocks[i] = old[j]!;
          had.delete(keys[i]!);
        }
      }
      for (const j of had.values()) instances.destroyBlock(old[j]!);
      g.keys = keys;
      g.blocks = blocks;
      let last = -1;
      for (let i = 0; i < n; i++) {
        const j = before[i]!;
        if (j < 0) blocks[i] = item(b, f, keys[i]!, items[i], at(i), block);
        else {
          visit(blocks[i]!, f, items[i], at(i), ul === undefined || ul === true ? ul : j === i ? ul[at(i)] : true, oc);
          if (j < last) {
            instances.moved(blocks[i]!);
            eachHost(blocks[i]!, (h) => h.inst && relinked(h.inst, log));
          } else last = j;
        }
      }
    },

    q(b: Block, r: number, f: Frame, which: number, blocks: (BlockFn | 0)[]): void {
      const g = region(b, r);
      if (g.which === which) {
        if (g.blocks[0]) rerun(g.blocks[0]);
        return;
      }
      const old = g.blocks;
      g.which = which;
      g.blocks = [];
      old.forEach(instances.destroyBlock);
      const fn = which >= 0 ? blocks[which] : 0;
      if (fn) g.blocks = [grow(b, "", fn, f)];
    },

    p(b: Block, r: number, f: Frame, no: number, name: unknown, data: unknown, u: Change, T: TemplateFile): void {
      const g = region(b, r);
      if (g.fn && g.name === name) {
        if (!g.blocks[0]) return;
        const own = g.blocks[0].f;
        own.d = data ?? {};
        if (!some(u)) return;
        own.u = u;
        rerun(g.blocks[0]);
        return;
      }
      const old = g.blocks;
      g.blocks = [];
      old.forEach(instances.destroyBlock);
      g.name = name as string;
      let fn = named(T, name as string);
      for (let i = (T.i?.length || 0) - 1; fn === undefined && i >= 0; i--) {
        const imported = units.template(T.i![i]!);
        if (imported) fn = named(imported, name as string);
      }
      if (fn === undefined && name) warn(`${f.i.unit}: there is no template "${String(name)}" in the files it imports`);
      g.fn = fn || nothing;
      if (fn) g.blocks = [grow(b, "@" + no, fn, { i: f.i, d: data ?? {}, u })];
    },

    k(b: Block, r: number, f: Frame, no: number, tag: string, _c: boolean, spec: Spec): void {
      const h = b.r[r] as Host | undefined;
      if (!h) {
        const host = (b.r[r] = new Host(b, f, no, spec, tag));
        const unit = units.resolve(f.i, tag);
        if (!unit || !units.logic(unit)) warn(`${f.i.unit}: <${tag}> is no component here; declare it under usingComponents`);
        else host.inst = instances.create(unit, f.i, host);
        return;
      }
      if (!h.inst) return;
      if (spec.p) {
        const pairs: [string, unknown][] = [];
        spec.p(f, false, (name, value) => pairs.push([name, value]));
        if (pairs.length) instances.pass(h.inst, pairs);
      }
      for (const name in h.slots) rerun(h.slots[name]!);
    },

    o(b: Block, r: number, f: Frame, name: unknown): void {
      const g = region(b, r), slot = name === undefined || name === null ? "" : String(name);
      if (g.name === slot) return;
      if (g.name !== undefined && f.i.slotAt.get(g.name) === b) f.i.slotAt.delete(g.name);
      g.name = slot;
      f.i.slotAt.set(slot, b);
    },

    l(b: Block, r: number, f: Frame, spec: Spec, block: BlockFn): void {
      const h = b.r[r] as Host | undefined;
      if (h) return rerun(h.slots[""]!);
      const host = (b.r[r] = new Host(b, f, -1, spec, ""));
      const inner = (host.slots[""] = new Block(b, "", host, block, f));
      block(inner, f, true);
    },
  };
}

/** The tree of a literal has an entry for each of its names, changed or not. */
function some(u: Change): boolean {
  if (u === true || u === undefined) return u === true;
  for (const k in u) if (u[k] !== undefined) return true;
  return false;
}

const nothing: BlockFn = () => {};

/** Named templates are own properties: a name from data must not reach Object.prototype. */
function named(T: TemplateFile, name: string): BlockFn | 0 | undefined {
  return T.t && Object.hasOwn(T.t, name) ? T.t[name] : undefined;
}
