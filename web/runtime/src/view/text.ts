// `space` and `decode` of text: what templates put into it is rewritten afterwards. Rare, so it is watched instead of asked for at every write.
import { attributeOf } from "./builtin";
import type { El } from "./types";

const SPACES: Record<string, string> = { nbsp: "\u00a0", ensp: "\u2002", emsp: "\u2003" };
const ENTITIES: Record<string, string> = { "&nbsp;": "\u00a0", "&lt;": "<", "&gt;": ">", "&amp;": "&", "&apos;": "'", "&quot;": '"', "&ensp;": "\u2002", "&emsp;": "\u2003" };

export function textAs(text: string, space: unknown, decode: unknown): string {
  if (decode) text = text.replace(/&(?:nbsp|lt|gt|amp|apos|quot|ensp|emsp);/g, (e) => ENTITIES[e]!);
  const blank = SPACES[String(space)];
  return blank ? text.replace(/ /g, blank) : text;
}

const written = new WeakMap<Text, string>();
const watched = new WeakMap<El, MutationObserver>();

function retext(el: El): void {
  const space = attributeOf(el, "space"), decode = attributeOf(el, "decode");
  const walker = document.createTreeWalker(el, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode as Text;
    if (written.get(node) === node.data) continue;
    const out = textAs(node.data, space, decode);
    written.set(node, out);
    if (out !== node.data) node.data = out;
  }
}

/** `space` and `decode` rewrite what templates put into the text; rare, so it is watched instead of asked for at every write. */
export function watchText(el: El): void {
  if (!watched.has(el)) {
    const watcher = new MutationObserver(() => retext(el));
    watched.set(el, watcher);
    watcher.observe(el, { childList: true, characterData: true, subtree: true });
  }
  retext(el);
}
