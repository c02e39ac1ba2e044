// A tree as text, so that two of them can be compared and a difference can be read.
export interface Look {
  tag: string;
  id: string;
  classes: string[];
  style: string;
  hidden: boolean;
  data: Record<string, unknown>;
  children: (Look | string)[];
  /** the node itself, for taps */
  node: unknown;
}

/** Adds a child; texts beside each other are one, and white space is layout. */
export function push(to: (Look | string)[], child: Look | string): void {
  const last = to[to.length - 1];
  if (typeof child === "string" && typeof last === "string") to[to.length - 1] = last + child;
  else to.push(child);
}

export function show(items: (Look | string)[], indent = ""): string {
  let out = "";
  for (const item of items) {
    if (typeof item === "string") {
      const text = item.replace(/\s+/g, " ").trim();
      if (text) out += `${indent}${text}\n`;
      continue;
    }
    out += `${indent}<${item.tag}`;
    if (item.id) out += ` #${item.id}`;
    if (item.classes.length) out += ` .${item.classes.join(".")}`;
    if (item.style) out += ` style="${item.style}"`;
    if (item.hidden) out += " hidden";
    for (const name of Object.keys(item.data).sort()) if (item.data[name] !== undefined) out += ` data-${name}=${plain(item.data[name])}`;
    out += `>\n${show(item.children, indent + "  ")}`;
  }
  return out;
}

export function find(items: (Look | string)[], id: string): Look | null {
  for (const item of items) {
    if (typeof item === "string") continue;
    const found = item.id === id ? item : find(item.children, id);
    if (found) return found;
  }
  return null;
}

/**
 * Class tokens without the scope in front, each once, sorted: how a class is scoped is a matter of each side. Names of
 * external classes, which end in -class in all cases, stay beside what they stand for on one side only.
 */
export const tokens = (text: string): string[] => [...new Set(text.split(/\s+/).map((t) => t.replace(/^.*--/, "")).filter((t) => t && !t.endsWith("-class")))].sort();

/** A value as text: JSON with sorted keys that tells NaN and functions from null; members that are undefined are as good as missing. */
export function plain(v: unknown): string {
  return JSON.stringify(v, (_k, x) => (typeof x === "number" && !Number.isFinite(x) ? `(${x})` : typeof x === "function" ? "(function)" : sorted(x))) ?? "(undefined)";
}

const sorted = (x: unknown): unknown => (x !== null && typeof x === "object" && !Array.isArray(x) ? Object.fromEntries(Object.entries(x).sort(([a], [b]) => (a < b ? -1 : 1))) : x);
