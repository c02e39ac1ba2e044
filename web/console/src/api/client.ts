// Asking our own server: JSON in, JSON or a Problem out. Everything the consoles ask goes through here.
import { locale } from "../words/lang";

/** One part of an input that is wrong, as the server names it: "name", "domains[2]". */
export type Wrong = { field: string; message: string };

/** What the server said instead of an answer (RFC 9457), or that it could not be reached (status 0). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly errors: Wrong[] = [],
    /** Request id, under which the operator's log has more. */
    readonly instance = "",
    /** Seconds after which it is worth trying again, 0 when nothing is known. */
    readonly retryAfter = 0,
    /** The whole of what was said: some problems bring members of their own. */
    readonly said: Record<string, unknown> = {},
  ) {
    super(detail);
  }
}

/** A piece of a long list; next is the cursor of the piece that follows, empty or missing at the end. */
export type Page<T> = { items: T[]; next?: string };
export type Query = Record<string, string | number | boolean | undefined>;

const root = "/api/console/v1";

/** The address of something of the console API, for links and pictures. */
export function address(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, v]) => v !== undefined && v !== "").map(([k, v]) => [k, String(v)] as [string, string]);
  return root + path + (pairs.length ? "?" + new URLSearchParams(pairs) : "");
}

let onSignedOut: () => void = () => {};
/** Says what happens when the server no longer knows who we are. */
export function whenSignedOut(f: () => void): void {
  onSignedOut = f;
}

type Options = { body?: unknown; query?: Query; signal?: AbortSignal | undefined; /** who we are is being asked or told: a 401 is an answer */ entering?: boolean };

const headers = (): Record<string, string> => ({ Accept: "application/json", "Accept-Language": locale(), "X-Minimart-Console": "1" });

async function ask<T>(method: string, path: string, o: Options = {}): Promise<T> {
  const init: RequestInit = { method, headers: headers(), credentials: "same-origin", ...(o.signal ? { signal: o.signal } : {}) };
  if (o.body !== undefined) {
    init.body = JSON.stringify(o.body);
    (init.headers as Record<string, string>)["Content-Type"] = "application/json";
  }
  let answer: Response;
  try {
    answer = await fetch(address(path, o.query), init);
  } catch (e) {
    if (o.signal?.aborted) throw e;
    throw new Problem(0, "unreachable", "");
  }
  const text = await answer.text();
  if (!answer.ok) throw refused(answer.status, text, answer.headers.get("Retry-After"), o.entering);
  return parse<T>(answer.status, text);
}

function parse<T>(status: number, text: string): T {
  if (text === "") return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new Problem(status, "broken", "");
  }
}

function refused(status: number, text: string, retryAfter: string | null, entering = false): Problem {
  const p = problemOf(status, text, retryAfter);
  if (status === 401 && !entering) onSignedOut();
  return p;
}

/** Reads problem details; what is not one still has its status. */
export function problemOf(status: number, text: string, retryAfter: string | null = null): Problem {
  let p: { code?: unknown; detail?: unknown; title?: unknown; instance?: unknown; errors?: unknown } = {};
  try {
    const read: unknown = JSON.parse(text);
    if (read && typeof read === "object") p = read;
  } catch {
    // not JSON: the status has to do
  }
  const said = (v: unknown): string => (typeof v === "string" ? v : "");
  const errors = (Array.isArray(p.errors) ? p.errors : [])
    .filter((e): e is { field?: unknown; message?: unknown } => !!e && typeof e === "object")
    // The framework names the places of its own checks "body.name"; ours say "name".
    .map((e) => ({ field: said(e.field).replace(/^body\./, ""), message: said(e.message) }));
  return new Problem(status, said(p.code) || String(status), said(p.detail) || said(p.title), errors, said(p.instance), Number(retryAfter) || 0, p as Record<string, unknown>);
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> => ask<T>("GET", path, { query: query ?? {}, signal });
export const post = <T>(path: string, body?: unknown): Promise<T> => ask<T>("POST", path, { body });
export const put = <T>(path: string, body?: unknown): Promise<T> => ask<T>("PUT", path, { body });
export const patch = <T>(path: string, body?: unknown): Promise<T> => ask<T>("PATCH", path, { body });
export const del = <T = void>(path: string, body?: unknown): Promise<T> => ask<T>("DELETE", path, { body });
/** Like get and post, for the door itself, where "not signed in" is an answer. */
export const knock = <T>(method: "GET" | "POST", path: string, body?: unknown): Promise<T> => ask<T>(method, path, { body, entering: true });

/** Sends a file as it is. progress is told the share that is on its way, 0 to 1: fetch cannot tell, the older way can. */
export function send<T>(method: "POST" | "PUT", path: string, query: Query, file: Blob, progress: (share: number) => void = () => {}, type = "application/octet-stream"): Promise<T> {
  return new Promise((resolve, reject) => {
    const r = new XMLHttpRequest();
    r.open(method, address(path, query));
    for (const [name, value] of Object.entries(headers())) r.setRequestHeader(name, value);
    r.setRequestHeader("Content-Type", type);
    r.upload.onprogress = (e) => progress(e.lengthComputable ? e.loaded / e.total : 0);
    r.onerror = () => reject(new Problem(0, "unreachable", ""));
    r.onabort = r.onerror;
    r.onload = () => {
      try {
        if (r.status < 200 || r.status > 299) throw refused(r.status, r.responseText, r.getResponseHeader("Retry-After"));
        resolve(parse<T>(r.status, r.responseText));
      } catch (e) {
        reject(e as Error);
      }
    };
    r.send(file);
  });
}

/** Every item of a list, page after page, up to a limit. */
export async function all<T>(load: (cursor: string) => Promise<Page<T>>, limit = 5000): Promise<T[]> {
  const items: T[] = [];
  let cursor = "";
  do {
    const page = await load(cursor);
    items.push(...page.items);
    cursor = page.next ?? "";
  } while (cursor !== "" && items.length < limit);
  return items;
}
