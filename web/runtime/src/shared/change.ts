// Data paths and change trees: how a setData becomes "what changed", on both sides.
import type { Change, Path } from "./protocol";

/** Parses a setData key: `a.b[0].c`, and Taro's `root.cn.[0].cn`. Throws on an unclosed or non-numeric bracket. */
export function parsePath(key: string): Path {
  if (key.indexOf(".") < 0 && key.indexOf("[") < 0) return [key];
  const path: Path = [];
  let name = "";
  for (let i = 0; i < key.length; i++) {
    const ch = key[i]!;
    if (ch === "\\" && i + 1 < key.length) name += key[++i];
    else if (ch === ".") {
      if (name) path.push(name);
      name = "";
    } else if (ch === "[") {
      if (name) path.push(name);
      name = "";
      const end = key.indexOf("]", i);
      const index = key.slice(i + 1, end);
      if (end < 0 || !/^\d+$/.test(index)) throw new Error(`setData: "${key}" has a bracket without a number in it`);
      path.push(+index);
      i = end;
    } else name += ch;
  }
  if (name) path.push(name);
  if (path.length === 0) throw new Error(`setData: "${key}" names nothing`);
  return path;
}

/**
 * Sets the value at path, making the objects and arrays on the way that are missing (an array where a number follows).
 * Returns the path of what is new: the path itself, or of the first thing that was made in place of another value.
 */
export function setAt(root: Record<string, unknown>, path: Path, value: unknown): Path {
  let at: any = root, changed = path;
  const last = path.length - 1;
  for (let i = 0; i < last; i++) {
    const key = path[i]!;
    if (key === "__proto__") return path;
    let next = at[key];
    if (next === null || typeof next !== "object") {
      at[key] = next = typeof path[i + 1] === "number" ? [] : {};
      if (changed === path) changed = path.slice(0, i + 1);
    }
    at = next;
  }
  if (path[last] !== "__proto__") at[path[last]!] = value;
  return changed;
}

/** Adds "everything at path changed" to a change tree and returns it. */
export function mark(tree: Change, path: Path): Change {
  if (tree === true) return true;
  const root: { [key: string]: Change } = tree || Object.create(null);
  let at = root;
  const last = path.length - 1;
  for (let i = 0; i < last; i++) {
    const next = at[path[i]!];
    if (next === true) return root;
    at = next || (at[path[i]!] = Object.create(null) as { [key: string]: Change });
  }
  at[path[last]!] = true;
  return root;
}

// "Did it change?" A change above or below the path counts.
export const u1 = (u: Change, a: string | number): boolean => u === true || (u !== undefined && u[a] !== undefined);
export function u2(u: Change, a: string | number, b: string | number): boolean {
  if (u === undefined || u === true) return u === true;
  const n = u[a];
  return n === true || (n !== undefined && n[b] !== undefined);
}
export const un = (u: Change, path: Path): boolean => gn(u, path) !== undefined;
// The change tree below a path.
export const g1 = (u: Change, a: string | number): Change => (u === true || u === undefined ? u : u[a]);
export function gn(u: Change, path: Path): Change {
  for (let i = 0; i < path.length && u !== undefined && u !== true; i++) u = u[path[i]!];
  return u;
}
