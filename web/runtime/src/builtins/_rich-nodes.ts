// What of rich text is shown: an allow-list of tags and attributes, with limits. Nothing else of it reaches the document.

/** Tags and the attributes each may have beside class and style. */
const TAGS: Record<string, string[]> = {};
for (const tag of ("a abbr address article aside b bdo big blockquote br caption center cite code dd del div dl dt em fieldset footer h1 h2 h3 h4 h5 h6 " +
  "header hr i ins label legend li mark nav p pre q rp rt ruby s section small span strong sub sup table tbody tfoot thead tr tt u ul").split(" ")) TAGS[tag] = [];
Object.assign(TAGS, {
  img: ["alt", "src", "height", "width"], ol: ["start", "type"], td: ["colspan", "height", "rowspan", "width"], th: ["colspan", "height", "rowspan", "width"],
  col: ["span", "width"], colgroup: ["span", "width"], bdo: ["dir"], font: ["color", "size", "face"],
});
/** What is left out with everything in it. */
const SILENT = /^(script|style|iframe|object|embed|noscript|template|svg|math|form|input|button|textarea|select|link|meta|base|title|head|audio|video|canvas)$/;

export const LIMITS = { characters: 2_000_000, nodes: 20_000, depth: 60 };

interface Node_ { type?: string; text?: unknown; name?: unknown; attrs?: Record<string, unknown>; children?: unknown }

export interface RichOptions { asset(src: string): string; classes(raw: string): string; space: string; complain(what: string): void }

/** Nodes as the program gives them: an HTML string, or a list of {name, attrs, children} and {type: "text", text}. */
export function richNodes(nodes: unknown, options: RichOptions): DocumentFragment {
  const out = document.createDocumentFragment();
  let left = LIMITS.nodes;
  let deep = false;
  const spend = (): boolean => left-- > 0;

  const text = (parent: Node, raw: string): void => {
    const blank = ({ nbsp: "\u00a0", ensp: "\u2002", emsp: "\u2003" } as Record<string, string>)[options.space];
    parent.appendChild(document.createTextNode(blank ? raw.replace(/ /g, blank) : raw));
  };

  const element = (parent: Node, rawName: string, attr: (name: string) => unknown, fill: (el: Element) => void): void => {
    const name = rawName.toLowerCase();
    if (SILENT.test(name)) return;
    if (!Object.hasOwn(TAGS, name)) {
      // Unknown wrappers go, what they hold stays.
      fill(parent as Element);
      return;
    }
    const el = document.createElement(name);
    const cls = attr("class"), style = attr("style");
    if (typeof cls === "string") el.className = options.classes(cls);
    if (typeof style === "string") el.style.cssText = style.replace(/(-?[\d.]+)rpx/g, "calc(100vw / 750 * $1)");
    for (const allowed of TAGS[name]!) {
      const v = attr(allowed);
      if (v === undefined || v === null) continue;
      if (allowed === "src") el.setAttribute("src", options.asset(String(v)));
      else el.setAttribute(allowed, String(v));
    }
    parent.appendChild(el);
    fill(el);
  };

  const fromDom = (parent: Node, nodes: Iterable<ChildNode>, depth: number): void => {
    if (depth > LIMITS.depth) return void (deep = true);
    for (const node of nodes) {
      if (!spend()) return;
      if (node.nodeType === 3) text(parent, (node as Text).data);
      else if (node instanceof Element) element(parent, node.localName, (a) => node.getAttribute(a), (el) => fromDom(el, node.childNodes, depth + 1));
    }
  };

  const fromList = (parent: Node, list: unknown, depth: number): void => {
    if (!Array.isArray(list)) return;
    if (depth > LIMITS.depth) return void (deep = true);
    for (const raw of list) {
      if (!spend()) return;
      const node = raw as Node_ | null;
      if (node === null || typeof node !== "object") continue;
      if (node.type === "text") {
        const words = String(node.text ?? "").replace(/&(nbsp|lt|gt|quot|apos|ensp|emsp|amp);/g, (all, e) => ({ nbsp: "\u00a0", lt: "<", gt: ">", quot: '"', apos: "'", ensp: "\u2002", emsp: "\u2003", amp: "&" })[e as string] ?? all);
        text(parent, words);
      } else {
        const attrs = node.attrs && typeof node.attrs === "object" ? node.attrs : {};
        element(parent, String(node.name ?? ""), (a) => (Object.hasOwn(attrs, a) ? attrs[a] : undefined), (el) => fromList(el, node.children, depth + 1));
      }
    }
  };

  if (typeof nodes === "string") {
    if (nodes.length > LIMITS.characters) options.complain(`text of ${nodes.length} characters is cut to ${LIMITS.characters}`);
    // The parser's document is inert: nothing in it runs or loads.
    const parsed = new DOMParser().parseFromString(nodes.slice(0, LIMITS.characters), "text/html");
    fromDom(out, parsed.body.childNodes, 0);
  } else fromList(out, nodes, 0);
  if (left < 0) options.complain(`more than ${LIMITS.nodes} nodes: the rest is left out`);
  if (deep) options.complain(`nested deeper than ${LIMITS.depth}: the rest is left out`);
  return out;
}
