// What a case is: a package, and what happens to it.
export interface World {
  /** `this` of the page */
  page: any;
  /** what the program logs with LOG() is compared as well */
  log(...what: unknown[]): void;
  /** whether there is such an element now */
  has(id: string): boolean;
  /** a tap on the first element with this id, wherever in the tree it is */
  tap(id: string, detail?: unknown): void;
}
export type Step = (w: World) => void;

export interface Case {
  name: string;
  /** path → text; app.json and the page's empty parts are added */
  files: Record<string, string>;
  steps: Step[];
  /** what is logged within one step is compared without its order: glass-easel makes what comes before it drops what goes */
  unordered?: boolean;
  /** the case for other data; given, a difference is no fault when a fresh page of glass-easel shows what is shown here */
  with?(data: Record<string, unknown>): Case;
  /**
   * Where this project means to differ from glass-easel: why, and what it shows instead, by step (-1 is after the start).
   * A record is wrong when the two agree after all.
   */
  instead?: { why: string; show: Record<number, string> };
}

/** The page of every case. */
export const PAGE = "pages/a/a";

export function set(data: Record<string, unknown>): Step {
  return ({ page }) => page.setData(data);
}
export const tap = (id: string, detail?: unknown): Step => (w) => w.tap(id, detail);

/** A case of one page: its template, its Page() configuration, components by name, other files. */
export function one(name: string, wxml: string, js: string, components: Record<string, Part>, steps: Step[], files: Record<string, string> = {}): Case {
  const out: Record<string, string> = { [PAGE + ".wxml"]: wxml, [PAGE + ".js"]: js.trim() ? js : "Page({})", ...files };
  const using: Record<string, string> = {};
  for (const tag in components) {
    const part = components[tag]!;
    using[tag] = `/c/${tag}`;
    out[`c/${tag}.wxml`] = part.wxml;
    out[`c/${tag}.js`] = part.js || "Component({})";
    out[`c/${tag}.json`] = JSON.stringify({ component: true, ...part.json, usingComponents: Object.fromEntries((part.uses || []).map((t) => [t, `/c/${t}`])) });
  }
  out[PAGE + ".json"] = JSON.stringify({ usingComponents: using, ...(out[PAGE + ".json"] ? JSON.parse(out[PAGE + ".json"]!) : {}) });
  return { name, files: out, steps };
}
export interface Part { wxml: string; js?: string; json?: object; uses?: string[] }
