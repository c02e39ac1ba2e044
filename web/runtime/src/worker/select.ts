// selectComponent and selectAllComponents: selectors over the components of an instance's template.
import type { Instance } from "./instance";
import { ownHosts, type Host } from "./tree";

interface Compound { id?: string; tag?: string; classes: string[] }
/** outer: the compounds before it, with `cross` where `>>>` stood in between */
type Selector = { parts: Compound[]; cross: boolean[] };

/** Throws on what is not id, class, tag, descendant, child or `>>>`. */
export function parseSelector(text: string): Selector[] {
  return String(text).split(",").map((one) => {
    const parts: Compound[] = [], cross: boolean[] = [];
    const tokens = one.trim().replace(/\s*(>>>|>)\s*/g, " $1 ").split(/\s+/).filter(Boolean);
    let crossing = false;
    for (const t of tokens) {
      if (t === ">>>") crossing = true;
      else if (t !== ">") {
        const m = /^([a-zA-Z][\w-]*)?((?:[.#][\w\u0080-\uffff-]+)*)$/.exec(t);
        if (!m || !t) throw new Error(`selector "${text}": "${t}" is not understood; use #id, .class, a descendant or >>>`);
        const c: Compound = { classes: [] };
        if (m[1]) c.tag = m[1];
        for (const p of m[2]!.match(/[.#][^.#]+/g) || []) if (p[0] === "#") c.id = p.slice(1); else c.classes.push(p.slice(1));
        parts.push(c);
        cross.push(crossing);
        crossing = false;
      }
    }
    if (!parts.length) throw new Error(`selector "${text}" is empty`);
    return { parts, cross };
  });
}

function fits(h: Host, c: Compound): boolean {
  if (c.tag && c.tag !== h.tag) return false;
  if (!c.id && !c.classes.length) return true;
  const a = h.attributes;
  if (c.id && String(a.id ?? "") !== c.id) return false;
  if (!c.classes.length) return true;
  const classes = String(a.class ?? "").split(/\s+/);
  return c.classes.every((k) => classes.includes(k));
}

/** Components that match, in template order. */
export function select(inst: Instance, text: string): Instance[] {
  const out = new Set<Instance>();
  for (const s of parseSelector(text)) find(inst, s.parts, s.cross, 0, out);
  return [...out];
}

function find(inst: Instance, parts: Compound[], cross: boolean[], from: number, out: Set<Instance>): void {
  let to = from;
  while (to + 1 < parts.length && !cross[to + 1]) to++;
  // Plain elements are not known here, so ancestors within one template cannot be checked and are taken to be there.
  const last = parts[to]!;
  for (const h of ownHosts(inst)) {
    if (!h.inst || !fits(h, last)) continue;
    if (to + 1 === parts.length) out.add(h.inst);
    else across(h.inst, parts, cross, to + 1, out);
  }
}

/** After `>>>` any depth of components inside counts. */
function across(inst: Instance, parts: Compound[], cross: boolean[], from: number, out: Set<Instance>): void {
  find(inst, parts, cross, from, out);
  for (const h of ownHosts(inst)) if (h.inst) across(h.inst, parts, cross, from, out);
}
