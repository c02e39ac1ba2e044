// What the home screen shows: released programs from the server, and what this browser remembers of its consumer.
import { isAppId } from "./address";
import { ask } from "./platform";

export interface Listed { id: string; name: string; icon: string; summary: string }
export interface Listing { items: Listed[]; next: string }

/** Released programs; query searches names and summaries, cursor continues a listing. Throws Problem. */
export async function listPrograms(query: string, cursor: string, signal: AbortSignal): Promise<Listing> {
  const search = new URLSearchParams({ limit: "60" });
  if (query) search.set("query", query);
  if (cursor) search.set("cursor", cursor);
  return readListing(await ask("GET", "/programs?" + search, undefined, signal));
}

/** Reads a listing {programs: […], next}; entries that cannot be opened are left out. */
export function readListing(raw: unknown): Listing {
  const r = (raw ?? {}) as { programs?: unknown; items?: unknown; next?: unknown; cursor?: unknown };
  const list = Array.isArray(raw) ? raw : Array.isArray(r.programs) ? r.programs : Array.isArray(r.items) ? r.items : null;
  if (!list) throw new Error("the server's list of programs has no programs in it");
  return { items: list.flatMap(readListed), next: str(r.next) };
}

function readListed(v: unknown): Listed[] {
  const o = (v ?? {}) as { [key: string]: unknown };
  const id = str(o.id) || str(o.app);
  return isAppId(id) ? [{ id, name: str(o.name) || id, icon: str(o.icon), summary: str(o.summary) }] : [];
}

const str = (v: unknown): string => (typeof v === "string" ? v : "");

const recentKey = "minimart.recent", favouriteKey = "minimart.favourites";
const most = 12;

/** Programs opened lately, last first. */
export const recents = (): Listed[] => read(recentKey);
/** Programs the consumer keeps, last first. */
export const favourites = (): Listed[] => read(favouriteKey);
export const isFavourite = (id: string): boolean => favourites().some((p) => p.id === id);

export function rememberOpened(p: Listed): void {
  write(recentKey, [p, ...recents().filter((r) => r.id !== p.id)].slice(0, most));
}

/** Adds or removes; true when it is a favourite now. */
export function toggleFavourite(p: Listed): boolean {
  const rest = favourites().filter((f) => f.id !== p.id);
  const added = rest.length === favourites().length;
  write(favouriteKey, added ? [p, ...rest].slice(0, 100) : rest);
  return added;
}

function read(key: string): Listed[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(list) ? list.flatMap(readListed) : [];
  } catch {
    return []; // no storage, or not ours: an empty list is all right
  }
}

function write(key: string, list: Listed[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(list));
  } catch {
    // full or refused: nothing is remembered, nothing breaks
  }
}
