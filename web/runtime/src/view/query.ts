// Selector queries: what selectorQuery().exec() asks, answered from the document as it is now.
import type { Query, QueryFields } from "../shared/protocol";
import { attributeOf, type Behaviour } from "./builtin";
import type { View } from "./core";
import { datasetOf, markOf, ownerOf } from "./events";
import type { El, Instance } from "./types";

/** A package selector in the document's words: classes in the instance's scope, tags as elements. */
export function selectorIn(own: string, selector: string): string {
  // Strings in attribute selectors stay as they are.
  return selector.replace(/\[[^\]]*\]|([.#]?)(-?[A-Za-z_\u0080-\uffff][\w\u0080-\uffff-]*)|(::?[\w-]+(?:\([^()]*\))?)/g, (all, kind, name) => {
    if (name === undefined) return all;
    if (kind === "#") return all;
    if (kind === ".") return "." + CSS.escape(own + name);
    return `:is(mm-${name},x-${name})`;
  });
}

/** Elements of the instance's own template that match, in document order; `.a >>> .b` goes on into components below. */
export function select(inst: Instance, selector: string): El[] {
  const root = inst.el;
  if (!root) return [];
  const out: El[] = [];
  for (const one of selector.split(",")) {
    const [here, ...deeper] = one.split(">>>").map((s) => s.trim());
    if (!here) continue;
    let found: El[];
    try {
      found = Array.from(root.querySelectorAll<El>(selectorIn(inst.scope.own, here))).filter((el) => ownerOf(el) === inst);
    } catch {
      throw new Error(`select("${selector}"): this selector cannot be read; use #id, .class, descendants, > and >>>`);
    }
    if (deeper.length > 0) {
      const rest = deeper.join(" >>> ");
      const inside = new Set<Instance>();
      for (const el of found) for (const at of [el, ...el.querySelectorAll<El>("*")]) if (at.$h) inside.add(at.$h);
      found = Array.from(inside).flatMap((i) => select(i, rest));
    }
    for (const el of found) if (!out.includes(el)) out.push(el);
  }
  if (out.length > 1) out.sort((a, b) => (a.compareDocumentPosition(b) & 4 ? -1 : 1));
  return out;
}

/** Rectangle in the page's own window, even while the page slides in. */
export function rectOf(el: Element): { left: number; top: number; right: number; bottom: number; width: number; height: number } {
  const r = el.getBoundingClientRect();
  const layer = el.closest("mm-layer")?.getBoundingClientRect();
  const x = layer ? layer.left : 0, y = layer ? layer.top : 0;
  return { left: r.left - x, top: r.top - y, right: r.right - x, bottom: r.bottom - y, width: r.width, height: r.height };
}

const scrollOf = (el: Element) => ({ scrollLeft: el.scrollLeft, scrollTop: el.scrollTop, scrollWidth: el.scrollWidth, scrollHeight: el.scrollHeight });

function fieldsOf(el: El & Behaviour, f: QueryFields): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  if (f.id) out.id = el.id;
  if (f.dataset) out.dataset = datasetOf(el);
  if (f.mark) out.mark = markOf(el);
  if (f.rect || f.size) {
    const r = rectOf(el);
    if (f.rect) Object.assign(out, { left: r.left, right: r.right, top: r.top, bottom: r.bottom });
    if (f.size) Object.assign(out, { width: r.width, height: r.height });
  }
  if (f.scrollOffset) Object.assign(out, scrollOf(el));
  for (const name of f.properties || []) {
    const kebab = name.replace(/[A-Z]/g, "-$&").toLowerCase();
    out[name] = el.property?.(name) ?? attributeOf(el, name) ?? attributeOf(el, kebab);
  }
  if (f.computedStyle?.length) {
    const style = getComputedStyle(el);
    for (const name of f.computedStyle) out[name] = style.getPropertyValue(name.replace(/[A-Z]/g, "-$&").toLowerCase());
  }
  if (f.context) out.context = { tag: el.localName.slice(3), id: el.id };
  if (f.node) out.node = null; // a node cannot leave the document
  return out;
}

function viewport(view: View, f: QueryFields): Record<string, unknown> {
  const page = view.pages.current()?.el;
  const out: Record<string, unknown> = {};
  if (f.id) out.id = "";
  if (f.dataset) out.dataset = {};
  if (f.rect) Object.assign(out, { left: 0, top: 0, right: innerWidth, bottom: innerHeight });
  if (f.size) Object.assign(out, { width: innerWidth, height: innerHeight });
  if (f.scrollOffset) Object.assign(out, page ? scrollOf(page) : { scrollLeft: 0, scrollTop: 0, scrollWidth: innerWidth, scrollHeight: innerHeight });
  return out;
}

/** One answer per entry: an object or null, a list when all were asked for. */
export function answer(view: View, query: Query): unknown[] {
  return query.map((q) => {
    if (q.viewport) return viewport(view, q.fields);
    const inst = view.instances.get(q.root);
    if (!inst) return q.all ? [] : null;
    try {
      const found = select(inst, q.select);
      return q.all ? found.map((el) => fieldsOf(el, q.fields)) : found[0] ? fieldsOf(found[0], q.fields) : null;
    } catch (e) {
      view.report(e, inst.unit);
      return q.all ? [] : null;
    }
  });
}
