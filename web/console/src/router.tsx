// Addresses: which page a path below /console/ is, and how to go there. Paths in this folder are written without /console.
import { useSyncExternalStore, type AnchorHTMLAttributes, type MouseEvent, type ReactNode } from "react";

export const base = "/console";
export type Params = Record<string, string>;

/** Matches "/orgs/:org/apps" against a path; null when it is another page. A value is never empty. */
export function match(pattern: string, path: string): Params | null {
  const want = pattern.split("/").filter(Boolean);
  const have = path.split("/").filter(Boolean);
  if (want.length !== have.length) return null;
  const params: Params = {};
  for (const [i, part] of want.entries()) {
    const value = have[i]!;
    if (!part.startsWith(":")) {
      if (part !== value) return null;
      continue;
    }
    try {
      params[part.slice(1)] = decodeURIComponent(value);
    } catch {
      return null; // not the encoding of anything
    }
  }
  return params;
}

/** Fills the places of a pattern: at("/orgs/:org", {org: "a/b"}) is "/orgs/a%2Fb". */
export function at(pattern: string, params: Params): string {
  return pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
}

/**
 * The page to come back to after signing in, as the address bar names it: ours, or the start. A browser reads "//host" and
 * "/\host" as another host, so that nothing but a path of ours is taken.
 */
export function comeBack(next: string | null): string {
  return next !== null && /^\/(?![/\\])[^\s\\]*$/.test(next) ? next : "/";
}

const followers = new Set<() => void>();
const tell = (): void => {
  for (const f of [...followers]) f();
};

function follow(f: () => void): () => void {
  if (followers.size === 0) addEventListener("popstate", tell);
  followers.add(f);
  return () => {
    followers.delete(f);
    if (followers.size === 0) removeEventListener("popstate", tell);
  };
}

const here = (): string => (location.pathname.startsWith(base) ? location.pathname.slice(base.length) || "/" : "/") + location.search;

/** Path and query of where we are. */
export function useLocation(): { path: string; query: URLSearchParams } {
  const now = useSyncExternalStore(follow, here);
  const cut = now.indexOf("?");
  return { path: cut < 0 ? now : now.slice(0, cut), query: new URLSearchParams(cut < 0 ? "" : now.slice(cut)) };
}

export function navigate(to: string, replace = false): void {
  if (to === here()) return;
  history[replace ? "replaceState" : "pushState"](null, "", base + to);
  tell();
}

/** Changes parameters of the query where we are, without a step in the history; "" takes one away. */
export function setQuery(changes: Params): void {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === "") query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  navigate(here().split("?")[0]! + (text ? "?" + text : ""), true);
}

type LinkProps = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "href"> & { to: string; children: ReactNode };

/** A link to a page of ours that does not load everything anew. New tabs stay the browser's business. */
export function Link({ to, onClick, ...rest }: LinkProps): ReactNode {
  const go = (e: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(e);
    if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey || rest.target) return;
    e.preventDefault();
    navigate(to);
  };
  return <a href={base + to} onClick={go} {...rest} />;
}
