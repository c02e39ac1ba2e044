// What a list iterates and how its items are named: both sides must agree to the letter, or a component meets another's data.

/** Items and indexes of whatever `for` was given: array, object (values and keys), number (0…n-1), string (characters). */
export function entries(list: unknown): { items: unknown[]; index: (number | string)[] | null } {
  if (Array.isArray(list)) return { items: list, index: null };
  if (typeof list === "number") return { items: list > 0 ? Array.from({ length: Math.min(list | 0, 1e6) }, (_, i) => i) : [], index: null };
  if (typeof list === "string") return { items: Array.from(list), index: null };
  if (list !== null && typeof list === "object") {
    const index = Object.keys(list);
    return { items: index.map((k) => (list as Record<string, unknown>)[k]), index };
  }
  return { items: [], index: null };
}

/** Key of each item: `0` means by index. A key that is missing or taken gets a suffix, so keys are unique. */
export function listKeys(items: unknown[], key: 0 | string): (string | number)[] {
  const n = items.length;
  const keys: (string | number)[] = new Array(n);
  if (key === 0) {
    for (let i = 0; i < n; i++) keys[i] = i;
    return keys;
  }
  const self = key === "*this" || key === "$this" || key === "this";
  const seen = new Set<string>();
  for (let i = 0; i < n; i++) {
    const item = items[i] as any;
    const raw = self ? item : item === null || item === undefined ? undefined : item[key];
    let k = raw === null || raw === undefined ? "\u0002" + i : String(raw);
    if (seen.has(k)) {
      let again = 1;
      while (seen.has(k + "\u0002" + again)) again++;
      k = k + "\u0002" + again;
    }
    seen.add(k);
    keys[i] = k;
  }
  return keys;
}

/** The part of a block that its place is made of. */
export interface Placed {
  up: Placed | null;
  /** list key, "@no" of a template call, or "" */
  pk: string | number;
}

/** Place of component node `no` inside its instance: see ABI.md. */
export function placeOf(block: Placed, no: number): string {
  let place = "" + no;
  for (let b: Placed | null = block; b; b = b.up) if (b.pk !== "") place = b.pk + "\u0001" + place;
  return place;
}
