// Where a program may send requests. The server checks again; the host says no first, with the words developers know.

export interface Domains { request: string[]; media?: string[]; socket?: string[] }

/**
 * The address to request, normalised, or the reason why not. An entry of the list is an origin, "https://api.example.com" or with
 * a port; scheme, host and port must all be the same.
 */
export function requestable(url: string, domains: Domains): { url: string } | { reason: string } {
  return check(url, ["https:", "http:"], domains.request);
}

/**
 * A picture's address if it may be loaded, else null: data: itself, or a listed origin. Loading a picture tells its address to
 * whoever has it, so any other origin would be a way out for what the program knows.
 */
export function picturable(url: string, domains: Domains): string | null {
  if (/^data:image\//i.test(url)) return url;
  const checked = check(url, ["https:", "http:"], [...domains.request, ...(domains.media ?? [])]);
  return "url" in checked ? checked.url : null;
}

/** Like requestable, for WebSockets: wss only, ws to the developer's own machine; an https entry opens the same host to wss. */
export function connectable(url: string, domains: Domains): { url: string } | { reason: string } {
  const allowed = [...(domains.socket ?? []), ...domains.request.map((d) => d.replace(/^http/, "ws"))];
  const checked = check(url, ["wss:", "ws:"], allowed);
  if ("url" in checked && checked.url.startsWith("ws:") && !/^ws:\/\/(localhost|127\.0\.0\.1)[:/]/.test(checked.url)) {
    return { reason: "url must begin with wss://" };
  }
  return checked;
}

function check(url: string, schemes: string[], allowed: string[]): { url: string } | { reason: string } {
  let u: URL;
  try {
    u = new URL(url);
  } catch {
    return { reason: `invalid url "${url.slice(0, 200)}"` };
  }
  if (!schemes.includes(u.protocol)) return { reason: `invalid url "${url.slice(0, 200)}": it must begin with ${schemes.map((s) => s + "//").join(" or ")}` };
  if (u.username || u.password) return { reason: "url must not carry a user name or password" };
  const origin = `${u.protocol}//${u.host}`; // URL.origin is "null" for ws: in older browsers
  if (!allowed.some((a) => a.toLowerCase().replace(/\/+$/, "") === origin)) return { reason: `url not in domain list: ${origin}` };
  u.hash = "";
  return { url: u.href };
}
