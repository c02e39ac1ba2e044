// Blocks: static markup cloned, with the nodes that change picked out. Where they stand is the business of regions (ops.ts).
import { classIn, styleText, type Scope } from "./scope";
import type { Block, BlockDef, El, Frame, Instance, Prepared, Stat, State } from "./types";

/** Looks at markup before it is cloned. */
export interface Meet {
  /** each element, once per block: to fetch built-ins that are not there yet */
  meet(el: Element): void;
  /** each static entry, once per block: what it means for the markup; true when every clone needs `cloned` too */
  fixed(el: El, s: Stat): boolean;
  cloned(el: El): void;
}

export function stateOf(b: Block, n: number): State {
  const el = b.n[n] as El;
  return el.$ || (el.$ = { b, s: null, e: null, d: null, m: null, a: null, x: "" });
}

function prepare(def: BlockDef, meet: Meet): Prepared {
  const template = document.createElement("template");
  template.innerHTML = def.html;
  // Clones of nodes of the template's own document would be adopted one by one; these belong to ours already.
  const content = document.importNode(template.content, true);
  if (!content.firstChild) content.append(document.createComment(""));
  content.querySelectorAll("*").forEach(meet.meet);
  const each: number[] = [];
  for (const [n, s] of def.stat || []) {
    const el = def.paths[n]!.reduce<Node>((at, i) => at.childNodes[i]!, content) as El;
    if ((s.a || s.e) && meet.fixed(el, s)) each.push(n);
  }
  const only = content.childNodes.length === 1 ? content.firstChild! : null;
  const single = only !== null && only.nodeType !== 8;
  const at = single ? 1 : 0; // a single node is the root itself: the first step of each path is made
  return (def.ready = {
    content,
    single,
    steps: def.paths.map((path, i) => shortest(def.paths, i, at)),
    sources: new Map(),
    slots: 0,
    top: def.paths.map((path) => path.length === 1),
    each: each.length > 0 ? each : null,
  });
}

/** The way to node i: from the root, or from an earlier node above or beside it when that is nearer. */
function shortest(paths: number[][], i: number, at: number): number[] {
  const path = paths[i]!;
  let best = [-1, ...down(path, at)];
  let cost = price(best);
  for (let j = Math.max(0, i - 64); j < i; j++) {
    const other = paths[j]!;
    let same = 0;
    while (same < other.length && same < path.length && other[same] === path[same]) same++;
    let way: number[] | undefined;
    if (same === other.length) way = [j, ...down(path, same)];
    else if (same === other.length - 1 && same < path.length && same >= at && other[same]! < path[same]!)
      way = [j, path[same]! - other[same]!, ...down(path, same + 1)];
    if (way && price(way) < cost) cost = price((best = way));
  }
  return best;
}

function down(path: number[], from: number): number[] {
  const way: number[] = [];
  for (let i = from; i < path.length; i++) {
    way.push(0);
    if (path[i]! > 0) way.push(path[i]!);
  }
  return way;
}

const price = (way: number[]): number => way.reduce((sum, step, i) => sum + (i === 0 ? 0 : step || 1), 0);

function source(ready: Prepared, scope: Scope): Node {
  const copy = ready.content.cloneNode(true) as DocumentFragment;
  for (const el of copy.querySelectorAll<HTMLElement>("[class]")) el.className = classIn(scope, el.className);
  for (const el of copy.querySelectorAll<HTMLElement>("[style*=rpx]")) el.style.cssText = styleText(el.getAttribute("style")!);
  const root = ready.single ? copy.firstChild! : copy;
  ready.sources.set(scope, root);
  return root;
}

/** A new block, run once, still outside the document. */
export function make(def: BlockDef, i: Instance, up: Block | null, pk: string | number, f: Frame, m: boolean, meet: Meet): Block {
  const ready = def.ready || prepare(def, meet);
  const scope = i.scope;
  const root = (ready.sources.get(scope) || source(ready, scope)).cloneNode(true);
  const steps = ready.steps;
  const n: Node[] = new Array(steps.length);
  for (let k = 0; k < steps.length; k++) {
    const way = steps[k]!;
    let at = way[0]! < 0 ? root : n[way[0]!]!;
    for (let s = 1; s < way.length; s++) {
      let step = way[s]!;
      if (step === 0) at = at.firstChild!;
      else while (step-- > 0) at = at.nextSibling!;
    }
    n[k] = at;
  }
  const b: Block = {
    up, pk, i, d: def, n, r: null, v: new Array(ready.slots), f,
    a: ready.single ? root : root.firstChild!, z: ready.single ? root : root.lastChild!, t: root, m,
  };
  if (def.stat) {
    for (const [node, s] of def.stat) (n[node] as El).$ = { b, s, e: null, d: null, m: null, a: null, x: "" };
  }
  if (m) for (let at: Node | null = b.a; at; at = at === b.z ? null : at.nextSibling) (at as El).$o = i;
  if (def.fn) {
    def.fn(b, f, true);
    // An array that grows by itself takes room for sixteen more; a thousand rows would pay for it.
    if (b.v.length > ready.slots) ready.slots = b.v.length;
  }
  if (ready.each) for (const k of ready.each) meet.cloned(n[k] as El);
  return b;
}

/** Puts a block that is outside the document in front of a node. */
export function insert(b: Block, parent: Node, ref: Node | null): void {
  parent.insertBefore(b.t!, ref);
  b.t = null;
}

/** Moves a block that is in its place in front of another node. */
export function move(b: Block, parent: Node, ref: Node | null): void {
  let at: Node | null = firstNode(b);
  while (at) {
    const next: Node | null = at === b.z ? null : at.nextSibling;
    parent.insertBefore(at, ref);
    at = next;
  }
}

/** Takes a block out of its place; it can be inserted again. */
export function detach(b: Block): void {
  if (b.t) return;
  let at: Node | null = firstNode(b);
  if (at === b.z) {
    (at as ChildNode).remove();
    b.t = at;
    return;
  }
  const out = document.createDocumentFragment();
  while (at) {
    const next: Node | null = at === b.z ? null : at.nextSibling;
    out.append(at);
    at = next;
  }
  b.t = out;
}

/** First node of a block in its place: its own first node, or what stands in the region in front of it. */
export function firstNode(b: Block): Node {
  if (b.r && b.a.nodeType === 8) {
    for (const r of b.r) {
      if (!r || r.t === 4 || r.a !== b.a) continue;
      const inner = r.t === 1 ? r.bs[0] : r.t === 5 ? r.content?.b : r.b;
      if (inner) return firstNode(inner);
    }
  }
  return b.a;
}
