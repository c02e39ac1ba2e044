// Class scopes and inline styles: what a raw class or style string of a template becomes in the document. See ABI.md, "Class scopes".
import type { Isolation } from "../shared/protocol";

/** How an instance's class tokens are written. Instances with the same rules share one Scope, so that clones can be shared too. */
export interface Scope {
  /** in front of each token, in this order */
  prefixes: string[];
  /** the prefix only this unit's nodes carry: what selectors search with */
  own: string;
  /** external classes: token → tokens already resolved in the parent's scope */
  external: Record<string, string> | null;
  cache: Map<string, string>;
}

const scopes = new Map<string, Scope>();

export function scopeFor(own: string, page: string, iso: Isolation | undefined, isPage: boolean, external: Record<string, string> | null): Scope {
  let prefixes: string[];
  if (isPage) prefixes = iso === "page-isolated" ? [own] : ["", own];
  else if (iso === "apply-shared" || iso === "shared") prefixes = ["", page, own];
  else prefixes = [own];
  prefixes = prefixes.filter((p, i) => prefixes.indexOf(p) === i);
  const key = JSON.stringify([prefixes, own, external]);
  let scope = scopes.get(key);
  if (!scope) {
    // Instances whose external classes vary without end would fill the table; sharing is only an economy.
    if (scopes.size > 500) scopes.clear();
    scopes.set(key, (scope = { prefixes, own, external, cache: new Map() }));
  }
  return scope;
}

/** Class attribute for a raw class string. */
export function classIn(scope: Scope, raw: string): string {
  let out = scope.cache.get(raw);
  if (out === undefined) {
    out = "";
    for (const token of raw.split(/\s+/)) {
      if (!token) continue;
      for (const p of scope.prefixes) out += (out && " ") + p + token;
      const more = scope.external && Object.hasOwn(scope.external, token) && scope.external[token];
      if (more) out += " " + more;
    }
    if (scope.cache.size > 2000) scope.cache.clear();
    scope.cache.set(raw, out);
  }
  return out;
}

const styles = new Map<string, string>();

/** Style text with rpx, 1/750 of the screen's width, turned into what a browser knows. */
export function styleText(raw: string): string {
  if (raw.indexOf("rpx") < 0) return raw;
  let out = styles.get(raw);
  if (out === undefined) {
    out = raw.replace(/(^|[^\w.#-])([+-]?(?:\d+\.?\d*|\.\d+))rpx\b/g, "$1calc(100vw / 750 * $2)");
    if (styles.size > 2000) styles.clear();
    styles.set(raw, out);
  }
  return out;
}
