// R: what compiled view code calls. Each operation writes what differs from the last run, and nothing else.
import { g1, gn, u1, u2, un } from "../shared/change";
import { entries, listKeys, placeOf } from "../shared/list";
import type { Change } from "../shared/protocol";
import { detach, firstNode, insert, make, move, stateOf, type Meet } from "./block";
import { lis } from "./lis";
import { classIn, styleText } from "./scope";
import type { Block, BlockDef, BlockFn, BranchRegion, CallRegion, El, Frame, Hole, Instance, ListRegion, Region, SlotRegion, Stat } from "./types";

/** A template file as compiled. */
export interface TemplateFile { b: BlockDef | 0; t: Record<string, BlockDef>; i: string[] }

export interface OpsHost {
  meet: Meet;
  /** the instance's tree, into its hole's element */
  mount(child: Instance, hole: Hole): void;
  file(name: string): TemplateFile | undefined;
  script(id: string): unknown;
  /** handlers of this type exist */
  listen(type: string, flags: number): void;
  attribute(el: El, name: string, value: unknown): void;
}

export type Ops = ReturnType<typeof createOps>;

export function createOps(host: OpsHost) {
  const { meet } = host;

  const text = (value: unknown): string => {
    if (typeof value === "string") return value;
    if (value === null || value === undefined) return "";
    // Data may hold objects that cannot be made a string.
    try {
      return "" + value;
    } catch {
      return Object.prototype.toString.call(value);
    }
  };

  function update(b: Block, f: Frame): void {
    b.f = f;
    if (b.d.fn) b.d.fn(b, f, false);
  }

  function region(b: Block, r: number, g: Region): void {
    (b.r || (b.r = []))[r] = g;
  }

  /** Ends what a block holds beside nodes: its component nodes, its slots. Before its nodes go. */
  function drop(b: Block): void {
    if (!b.r) return;
    for (const g of b.r) {
      if (!g) continue;
      if (g.t === 1) g.bs.forEach(drop);
      else if (g.t === 4) {
        if (g.owner.holes.get(g.place) === g) g.owner.holes.delete(g.place);
        const child = g.child;
        g.child = null;
        for (const content of g.content.values()) {
          if (content.in) content.in.content = content.in = null;
          drop(content.b);
        }
        if (child) unmount(child);
        g.content.clear();
      } else if (g.t === 5) {
        const at = g.i.outlets.indexOf(g);
        if (at >= 0) g.i.outlets.splice(at, 1);
        vacate(g);
      } else if (g.b) drop(g.b);
    }
  }

  /** The instance leaves its place; its nodes are the caller's to remove. */
  function unmount(child: Instance): void {
    const root = child.root;
    const hole = child.hole;
    child.hole = child.root = null;
    // Content of slots belongs to the owner: it is taken out first and outlives the tree around it.
    if (hole) for (const content of hole.content.values()) {
      if (content.in) {
        content.in.content = content.in = null;
        detach(content.b);
      }
    }
    child.outlets.length = 0;
    if (root) drop(root);
    if (child.el) child.el.$h = null;
    child.el = null;
  }

  function remove(b: Block): void {
    drop(b);
    if (b.a === b.z && b.a.nodeType !== 8) (b.a as ChildNode).remove();
    else detach(b);
  }

  // ---- slots

  function fill(g: SlotRegion): void {
    const hole = g.i.hole;
    if (!hole || !hole.slots || g.content) return;
    const def = Object.hasOwn(hole.slots, g.name) && hole.slots[g.name];
    if (!def) return;
    let content = hole.content.get(g.name);
    if (content && content.in) return; // shown by an earlier slot of this name
    if (!content) {
      content = { b: make(def, hole.owner, hole.b, "", hole.f, true, meet), in: null };
      hole.content.set(g.name, content);
    }
    content.in = g;
    g.content = content;
    insert(content.b, g.a.parentNode!, g.a);
  }

  /** The slot goes; its content waits for the next of the same name. */
  function vacate(g: SlotRegion): void {
    const content = g.content;
    if (!content) return;
    g.content = content.in = null;
    detach(content.b);
    const next = g.i.outlets.find((o) => o.name === g.name && o !== g);
    if (next) fill(next);
  }

  // ---- lists

  /** Nothing was changed inside objects since the last run: what is compared with an old item is what its row shows. */
  let whole = false;

  /** Two records of plain values that agree: the row need not run. */
  function alike(a: any, b: any): boolean {
    if (a === null || b === null || typeof a !== "object" || typeof b !== "object" || a === b) return a === b && typeof a !== "object";
    let n = 0;
    for (const k in b) {
      const v = b[k];
      if (a[k] !== v || (typeof v === "object" && v !== null)) return false;
      n++;
    }
    for (const _ in a) n--;
    return n === 0;
  }

  function rerow(rb: Block, f: Frame, v: unknown, k: unknown, w: Change, oc: boolean): void {
    const rf = rb.f;
    rf.d = f.d;
    rf.u = f.u;
    rf.p = f;
    rf.v = v;
    rf.x = rf.k !== k || undefined;
    rf.k = k;
    rf.w = w;
    if ((w !== undefined || oc || rf.x) && rb.d.fn) rb.d.fn(rb, rf, false);
  }

  /** Rows whose item changed in place are run without a look at the others. False when the rows themselves differ. */
  function inPlace(g: ListRegion, f: Frame, list: unknown[], ul: Exclude<Change, true>, oc: boolean, key: 0 | string): boolean {
    const bs = g.bs;
    if (key !== 0 && ul) {
      const self = key === "*this" || key === "$this" || key === "this";
      for (const i in ul) {
        const change = ul[i];
        if (change === undefined || !(+i < bs.length)) continue;
        if (change !== true && (self || change[key] === undefined)) continue;
        const item = list[+i] as any;
        const name = self ? item : item === null || item === undefined ? undefined : item[key];
        if (name !== g.ks[+i] && (g.plain || name === null || name === undefined || String(name) !== g.ks[+i])) return false;
      }
    }
    if (oc) for (let i = 0; i < bs.length; i++) rerow(bs[i]!, f, list[i], i, ul && ul[i], true);
    else for (const i in ul) if (ul[i] !== undefined && +i < bs.length) rerow(bs[+i]!, f, list[+i], +i, ul[i], false);
    return true;
  }

  /** What names the rows: the key values themselves when they are plain and tell the rows apart, else the keys of listKeys. */
  function identify(g: ListRegion, items: unknown[], index: unknown, key: 0 | string): unknown[] {
    if (key !== 0 && !index && (g.plain || g.bs.length === 0)) {
      const n = items.length;
      const self = key === "*this" || key === "$this" || key === "this";
      const ids: unknown[] = new Array(n);
      let i = 0;
      for (; i < n; i++) {
        const item = items[i] as any;
        const id = self ? item : item === null || item === undefined ? undefined : item[key];
        if (typeof id !== "string" && typeof id !== "number") break;
        ids[i] = id;
      }
      if (i === n) {
        g.plain = true;
        return ids;
      }
    }
    return named(g, listKeys(items, key));
  }

  function named(g: ListRegion, keys: (string | number)[]): unknown[] {
    if (g.plain) {
      g.plain = false;
      g.ks = g.bs.map((b) => b.pk);
    }
    return keys;
  }

  function reconcile(g: ListRegion, b: Block, f: Frame, items: unknown[], index: (string | number)[] | null, key: 0 | string, ul: Change, oc: boolean, def: BlockDef): void {
    let ids = identify(g, items, index, key);
    const nn = items.length;
    const ob = g.bs, on = ob.length;
    let s = 0, oe = on - 1, ne = nn - 1;
    let src: Int32Array | null = null;
    let from: Map<unknown, number> | null = null;
    let keys: (string | number)[] | null = g.plain ? null : (ids as (string | number)[]);
    let hits = 0, moved = false;
    for (;;) {
      const ok = g.ks;
      s = 0;
      while (s < on && s < nn && ok[s] === ids[s]) s++;
      oe = on - 1;
      ne = nn - 1;
      while (oe >= s && ne >= s && ok[oe] === ids[ne]) oe--, ne--;
      hits = 0;
      moved = false;
      from = null;
      src = null;
      if (s <= oe && s <= ne) {
        from = new Map();
        for (let i = s; i <= oe; i++) from.set(ok[i], i);
        src = new Int32Array(ne - s + 1);
        for (let j = s, last = -1; j <= ne; j++) {
          const i = from.get(ids[j]);
          if (i === undefined) {
            src[j - s] = -1;
            continue;
          }
          src[j - s] = i;
          from.delete(ids[j]);
          hits++;
          if (i < last) moved = true;
          last = i;
        }
      }
      // Rows to make need keys; and only now can the same key come twice, which key values cannot tell apart.
      if (keys || hits === ne - s + 1) break;
      keys = listKeys(items, key);
      let twice = false;
      for (let j = s; j <= ne && !twice; j++) twice = keys[j] !== String(ids[j]);
      for (let j = ne + 1; j < nn && !twice; j++) twice = keys[j] !== String(ids[j]);
      if (!twice) break;
      ids = named(g, keys);
    }

    const nb: Block[] = new Array(nn);
    const anchor = g.a, oi = g.index;
    const at = (j: number): string | number => (index ? index[j]! : j);
    const keep = (i: number, j: number): void => {
      const k = at(j);
      const w = ul === true ? (whole && alike(ob[i]!.f.v, items[j]) ? undefined : true) : ul === undefined ? ul : i === j && (!oi || !index || oi[i] === k) ? ul[k] : true;
      rerow((nb[j] = ob[i]!), f, items[j], k, w, oc);
    };
    const add = (j: number): Block => (nb[j] = make(def, b.i, b, keys![j]!, { i: f.i, d: f.d, u: f.u, p: f, v: items[j], k: at(j), w: true, x: true }, g.m, meet));
    const addAll = (to: number, ref: Node): void => {
      const out = document.createDocumentFragment();
      for (let j = s; j <= to; j++) insert(add(j), out, null);
      ref.parentNode!.insertBefore(out, ref);
    };
    g.index = index;
    g.ks = ids;
    g.bs = nb;

    for (let i = 0; i < s; i++) keep(i, i);
    for (let i = oe + 1, j = ne + 1; j < nn; i++, j++) keep(i, j);
    if (s > ne && s > oe) return;
    const ref = ne + 1 < nn ? firstNode(nb[ne + 1]!) : anchor;
    if (hits === 0) {
      if (s === 0 && oe === on - 1) clear(ob, anchor);
      else for (let i = s; i <= oe; i++) remove(ob[i]!);
      if (s <= ne) addAll(ne, ref);
      return;
    }
    for (const i of from!.values()) remove(ob[i]!);
    for (let j = s; j <= ne; j++) if (src![j - s]! >= 0) keep(src![j - s]!, j);
    const still = moved ? lis(src!) : null;
    let q = still ? still.length - 1 : 0;
    const parent = anchor.parentNode!;
    let next: Node = ref;
    for (let j = ne; j >= s; j--) {
      if (src![j - s]! < 0) insert(add(j), parent, next);
      else if (still) {
        if (q >= 0 && still[q] === j - s) q--;
        else move(nb[j]!, parent, next);
      }
      next = firstNode(nb[j]!);
    }
  }

  /** Takes all rows away, at once when nothing else stands beside them. */
  function clear(rows: Block[], anchor: Node): void {
    if (rows.length === 0) return;
    rows.forEach(drop);
    const parent = anchor.parentNode!;
    if (anchor === parent.lastChild && firstNode(rows[0]!) === parent.firstChild) {
      parent.textContent = "";
      parent.appendChild(anchor);
    } else {
      // One range instead of a removal per row: the nodes between are ours alone.
      const range = document.createRange();
      range.setStartBefore(firstNode(rows[0]!));
      range.setEndBefore(anchor);
      range.deleteContents();
    }
  }

  function find(T: TemplateFile, name: string): BlockDef | undefined {
    if (T.t && Object.hasOwn(T.t, name)) return T.t[name];
    const files = T.i || [];
    for (let i = files.length - 1; i >= 0; i--) {
      const t = host.file(files[i]!)?.t;
      if (t && Object.hasOwn(t, name)) return t[name];
    }
    return undefined;
  }

  const R = {
    u1, u2, un, g1, gn,
    y: text,
    w: (id: string): unknown => host.script(id),

    b(html: string, paths: number[][], stat: 0 | [number, Stat][], fn: 0 | BlockFn): BlockDef {
      if (stat) for (const [, s] of stat) if (s.e) for (const type in s.e) host.listen(type, s.e[type]![1]);
      return { html, paths, stat, fn, ready: null };
    },

    t(b: Block, v: number, n: number, value: unknown): void {
      const s = typeof value === "string" ? value : text(value);
      if (b.v[v] !== s) (b.n[n] as Text).data = b.v[v] = s;
    },

    c(b: Block, v: number, n: number, value: unknown): void {
      if (b.v[v] === value) return;
      b.v[v] = value;
      const el = b.n[n] as El;
      const name = classIn(b.i.scope, value === true || value === false ? "" : Array.isArray(value) ? value.join(" ") : text(value));
      const own = el.$h && el.$h.view.prefix;
      el.className = own ? name + " " + own : name;
    },

    s(b: Block, v: number, n: number, value: unknown): void {
      if (b.v[v] === value) return;
      b.v[v] = value;
      const el = b.n[n] as El;
      const css = typeof value === "string" ? styleText(value) : "";
      el.style.cssText = el.$ && el.$.x ? css + ";" + el.$.x : css;
    },

    i(b: Block, v: number, n: number, value: unknown): void {
      const s = text(value);
      if (b.v[v] !== s) (b.n[n] as El).id = b.v[v] = s as any;
    },

    h(b: Block, v: number, n: number, value: unknown): void {
      if (b.v[v] !== !!value) (b.n[n] as El).hidden = (b.v[v] = !!value) as boolean;
    },

    d(b: Block, n: number, name: string, value: unknown): void {
      const st = stateOf(b, n);
      (st.d || (st.d = {}))[name] = value;
    },

    m(b: Block, n: number, name: string, value: unknown): void {
      const st = stateOf(b, n);
      (st.m || (st.m = {}))[name] = value;
    },

    a(b: Block, v: number, n: number, name: string, value: unknown, u: Change): void {
      // The same value once more is news only for objects, changed in place. What a person typed meanwhile stays, as it does
      // in WeChat: Taro writes the old value after every key into inputs whose value its program does not follow.
      if (b.v[v] === value && (u === undefined || value === null || typeof value !== "object")) return;
      b.v[v] = value;
      const el = b.n[n] as El;
      const st = stateOf(b, n);
      (st.a || (st.a = {}))[name] = value;
      host.attribute(el, name, value);
    },

    e(b: Block, n: number, type: string, flags: number, value: unknown): void {
      const st = stateOf(b, n);
      const handler = typeof value === "string" ? value : "";
      (st.e || (st.e = {}))[type] = [handler, handler || flags & 1 ? flags : 0];
      host.listen(type, flags);
      if (flags & 1 && (type === "touchmove" || type === "^touchmove")) (b.n[n] as El).toggleAttribute("mm-catch", true);
    },

    f(b: Block, r: number, n: number, f: Frame, list: unknown, ul: Change, oc: unknown, key: 0 | string, def: BlockDef): void {
      let g = b.r ? (b.r[r] as ListRegion | undefined) : undefined;
      if (!g) region(b, r, (g = { t: 1, a: b.n[n]!, bs: [], ks: [], plain: false, index: null, m: b.m && b.d.ready!.top[n]! }));
      else if (ul === undefined && !oc) return;
      else if (ul !== true && !g.index && Array.isArray(list) && list.length === g.bs.length && inPlace(g, f, list, ul, !!oc, key)) return;
      const { items, index } = entries(list);
      reconcile(g, b, f, items, index, key, ul, !!oc, def);
    },

    q(b: Block, r: number, n: number, f: Frame, which: number, blocks: (BlockDef | 0)[]): void {
      let g = b.r ? (b.r[r] as BranchRegion | undefined) : undefined;
      if (!g) region(b, r, (g = { t: 2, a: b.n[n]!, w: -1, b: null, m: b.m && b.d.ready!.top[n]! }));
      if (g.w === which) {
        if (g.b) update(g.b, f);
        return;
      }
      const old = g.b;
      g.w = which;
      g.b = null;
      if (old) remove(old);
      const def = blocks[which];
      if (def) insert((g.b = make(def, b.i, b, "", f, g.m, meet)), g.a.parentNode!, g.a);
    },

    p(b: Block, r: number, n: number, f: Frame, no: number, name: unknown, data: unknown, u: Change, T: TemplateFile): void {
      let g = b.r ? (b.r[r] as CallRegion | undefined) : undefined;
      if (g && g.name === name) {
        g.f.d = data || {};
        if (!g.b || u === undefined) return;
        if (u !== true) {
          // A literal's tree has an entry for each name in it; none of them may be set.
          let some = false;
          for (const k in u) if (u[k] !== undefined) { some = true; break; }
          if (!some) return;
        }
        g.f.u = u;
        update(g.b, g.f);
        return;
      }
      if (!g) region(b, r, (g = { t: 3, a: b.n[n]!, name, b: null, f: null!, m: b.m && b.d.ready!.top[n]! }));
      const old = g.b;
      g.b = null;
      g.name = name;
      if (old) remove(old);
      g.f = { i: f.i, d: data || {}, u: true, p: null, v: undefined, k: undefined, w: undefined, x: undefined };
      const def = find(T, text(name));
      if (def) insert((g.b = make(def, b.i, b, "@" + no, g.f, g.m, meet)), g.a.parentNode!, g.a);
    },

    k(b: Block, r: number, n: number, f: Frame, no: number, slots: 0 | Record<string, BlockDef>): void {
      let g = b.r ? (b.r[r] as Hole | undefined) : undefined;
      if (g) {
        g.f = f;
        for (const content of g.content.values()) update(content.b, f);
        return;
      }
      const owner = b.i;
      const place = placeOf(b, no);
      region(b, r, (g = { t: 4, el: b.n[n] as El, b, f, place, owner, child: null, slots, content: new Map() }));
      owner.holes.set(place, g);
      const child = owner.kids.get(place);
      if (child) host.mount(child, g);
    },

    o(b: Block, r: number, n: number, f: Frame, name: unknown): void {
      const now = text(name);
      let g = b.r ? (b.r[r] as SlotRegion | undefined) : undefined;
      if (g) {
        if (g.name === now) return;
        vacate(g);
        g.name = now;
      } else {
        region(b, r, (g = { t: 5, a: b.n[n]!, i: b.i, name: now, content: null }));
        b.i.outlets.push(g);
      }
      fill(g);
    },
  };
  return { R, drop, unmount, update, trust: (on: boolean): void => void (whole = on) };
}
