// selectComponent and selectAllComponents: selectors over the components of an instance's template.
import type { Instance } from "./instance";
import { ownHosts, type Host } from "./tree";

interface Compound { id: string; tag: string; classes: string[]; /** stands after `>>>` */ cross: boolean }

/** Throws on what is not id, class, tag, descendant, child or `>>>`. */
export function parseSelector(text: string): Compound[][] {
  return String(text).split(",").map((one) => {
    let cross = false;
    const parts: Compound[] = [];
    for (const t of one.replace(/>>>|>/g, " $& ").trim().split(/\s+/)) {
      const m = /^([a-z][\w-]*)?([.#][^.#[\]:*]+)*$/i.exec(t);
      if (t === ">>>") cross = true;
      else if (t !== ">") {
        if (!m || !t) throw new Error(`selector "${text}": "${t}" is not understood; use #id, .class, a descendant or >>>`);
        const names = (mark: string) => (t.match(/[.#][^.#]+/g) || []).filter((p) => p[0] === mark).map((p) => p.slice(1));
        parts.push({ tag: m[1] || "", id: names("#")[0] || "", classes: names("."), cross });
        cross = false;
      }
    }
    return parts;
  });
}

function fits(h: Host, c: Compound): boolean {
  const a = h.attributes, classes = String(a.class ?? "").split(/\s+/);
  return (!c.tag || c.tag === h.tag) && (!c.id || String(a.id) === c.id) && c.classes.every((k) => classes.includes(k));
}

/** Components that match, in template order. */
export function select(inst: Instance, text: string): Instance[] {
  const out = new Set<Instance>();
  for (const parts of parseSelector(text)) find(inst, parts, 0, out);
  return [...out];
}

function find(inst: Instance, parts: Compound[], at: number, out: Set<Instance>): void {
  // Plain elements are not known here, so ancestors within one template cannot be checked and are taken to be there.
  while (parts[at + 1] && !parts[at + 1]!.cross) at++;
  for (const h of ownHosts(inst)) {
    if (!h.inst || !parts[at] || !fits(h, parts[at]!)) continue;
    if (parts[at + 1]) across(h.inst, parts, at + 1, out);
    else out.add(h.inst);
  }
}

/** After `>>>` any depth of components inside counts. */
function across(inst: Instance, parts: Compound[], at: number, out: Set<Instance>): void {
  find(inst, parts, at, out);
  for (const h of ownHosts(inst)) if (h.inst) across(h.inst, parts, at, out);
}
