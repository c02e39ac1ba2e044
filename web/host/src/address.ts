// The host's addresses: /app/ is home, /app/{app}?path=pages/detail/index%3Fid%3D3 opens a program on a page, /app/me is the consumer's own.

export type Address =
  | { at: "home" }
  | { at: "program"; app: string; path: string; query: Record<string, string>; scene: number; preview: boolean; ticket: string }
  | { at: "me"; page: MePage; app: string }
  | { at: "nowhere"; path: string };

/** How a program was entered, in the numbers mini programs know. */
export const SCENE = { home: 1001, program: 1037, link: 1065 } as const;

/** Parts of the consumer's own page. */
export type MePage = "me" | "plus" | "privacy" | "devices";

const appId = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
export const isAppId = (s: string): boolean => appId.test(s);

/** Reads an address of this host. What is not one is "nowhere", never an exception: addresses come from anywhere. */
export function parseAddress(url: URL): Address {
  const rest = /^\/app(?:\/(.*))?$/.exec(url.pathname)?.[1] ?? (url.pathname === "/" || url.pathname === "/app" ? "" : undefined);
  if (rest === "") return { at: "home" };
  if (rest === undefined) return { at: "nowhere", path: url.pathname };
  const own = /^me(?:\/(plus|privacy|devices)(?:\/([^/]+))?)?\/?$/.exec(rest);
  if (own && (own[2] === undefined || (own[1] === "privacy" && isAppId(own[2])))) return { at: "me", page: (own[1] as MePage | undefined) ?? "me", app: own[2] ?? "" };
  let app: string;
  try {
    app = decodeURIComponent(rest.replace(/\/$/, ""));
  } catch {
    return { at: "nowhere", path: url.pathname }; // a lone % in the path
  }
  if (!isAppId(app)) return { at: "nowhere", path: url.pathname };
  const page = parsePage(url.searchParams.get("path") ?? "");
  const scene = Number(url.searchParams.get("scene"));
  return {
    at: "program", app, ...page,
    scene: Number.isInteger(scene) && scene >= 1000 && scene <= 9999 ? scene : SCENE.link,
    preview: url.searchParams.get("preview") === "1",
    ticket: ticketOf(url.searchParams.get("ticket")),
  };
}

/** A ticket is random and url-safe; what is not one is none. */
const ticketOf = (text: string | null): string => (text !== null && /^[A-Za-z0-9._~-]{8,100}$/.test(text) ? text : "");

/** The address of a part of the consumer's own page; app for what one program knows. */
export const meAddress = (page: MePage = "me", app = ""): string => "/app/me" + (page === "me" ? "" : "/" + page + (app ? "/" + encodeURIComponent(app) : ""));

/** Splits "/pages/detail/index?id=3&name=%E9%87%91" into path and decoded query. A query that cannot be decoded stays as it is. */
export function parsePage(page: string): { path: string; query: Record<string, string> } {
  const cut = page.indexOf("?");
  const path = (cut < 0 ? page : page.slice(0, cut)).replace(/^\/+/, "");
  const query: Record<string, string> = Object.create(null);
  if (cut >= 0) {
    for (const pair of page.slice(cut + 1).split("#", 1)[0]!.split("&")) {
      if (!pair) continue;
      const eq = pair.indexOf("=");
      query[decode(eq < 0 ? pair : pair.slice(0, eq))] = eq < 0 ? "" : decode(pair.slice(eq + 1));
    }
  }
  return { path, query };
}

function decode(s: string): string {
  try {
    return decodeURIComponent(s);
  } catch {
    return s;
  }
}

/** The address of a program, or of a page in it: `page` as mini programs write it, path and query. */
export function programAddress(app: string, page = "", more: { preview?: boolean; scene?: number } = {}): string {
  const search = new URLSearchParams();
  if (page) search.set("path", page.replace(/^\/+/, ""));
  if (more.scene) search.set("scene", String(more.scene));
  if (more.preview) search.set("preview", "1");
  const tail = search.toString();
  return "/app/" + encodeURIComponent(app) + (tail ? "?" + tail : "");
}
