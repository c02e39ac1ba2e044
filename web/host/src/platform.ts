// What the host asks the platform: contract v1 of host apps. Every request says which host app asks (a publishable key, which the
// server writes into the page) and which installation (a random name that is kept here); the session is in a cookie no script reads.
import { getJSON, Problem, reach } from "./fetching";
import { locale } from "./words/lang";

const base = "/api/host/v1";
const deviceKey = "minimart.device";

/** Asks the platform. Answers JSON, or undefined where there is none. Throws Problem, and what fetch throws when signal aborts. */
export type Ask = (method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", path: string, body?: unknown, signal?: AbortSignal) => Promise<unknown>;

/** The host app's publishable key; "" where no host app is registered, as in a developer's preview: there are no accounts then. */
export const hostKey: string = typeof document === "undefined" ? "" : (document.querySelector<HTMLMetaElement>('meta[name="minimart-host"]')?.content.trim() ?? "");

let made = "";

/** This installation's name: 128 random bits, url-safe. Without storage it lasts until the page is left. */
export function device(): string {
  if (made) return made;
  try {
    const stored = localStorage.getItem(deviceKey) ?? "";
    if (/^[A-Za-z0-9_-]{16,64}$/.test(stored)) return (made = stored);
  } catch {
    // no storage: a new name each time
  }
  made = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16)))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  try {
    localStorage.setItem(deviceKey, made);
  } catch {
    // likewise
  }
  return made;
}

/** Headers of every request to the platform's own API, the relay included. */
export const hostHeaders = (): Record<string, string> => (hostKey ? { "Minimart-Host": hostKey, "Minimart-Device": device() } : {});

export const ask: Ask = async (method, path, body, signal) => {
  const init: RequestInit = {
    method,
    headers: { ...hostHeaders(), Accept: "application/json", "Accept-Language": locale(), ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
    credentials: "same-origin",
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  };
  if (method === "GET") return getJSON(base + path, init);
  const answer = await reach(base + path, init);
  const text = await answer.text();
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(answer.status, "broken", `${path} did not answer with JSON`);
  }
};
