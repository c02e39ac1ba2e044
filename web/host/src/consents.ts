// What the consumer allowed, and what programs learned: as the platform has it, read into known shapes.
import { KINDS, str, type Kind } from "./consumer";
import type { Ask } from "./platform";

/** Times are unix ms; lastUsedAt is 0 before. */
export interface Consent { app: string; appName: string; icon: string; kind: Kind; purpose: string; givenAt: number; lastUsedAt: number }
/** Something a program learned: kind is a Kind, or "login" for that somebody is the same as last time. */
export interface Disclosure { id: string; app: string; appName: string; icon: string; kind: Kind | "login"; at: number; lastAt: number; times: number }

/** pages of a list that are read at most, of 100 each */
const pages = 10;

/** Every consent that holds, the newest first. Throws Problem. */
export async function consents(ask: Ask, signal: AbortSignal): Promise<Consent[]> {
  const all: Consent[] = [];
  let next = "";
  for (let i = 0; i < pages; i++) {
    const page = listed(await ask("GET", "/me/consents?" + new URLSearchParams({ limit: "100", ...(next ? { cursor: next } : {}) }), undefined, signal));
    all.push(...page.items.flatMap(readConsent));
    next = page.next;
    if (!next) break;
  }
  return all;
}

/** What programs learned, or one of them, the newest first. Throws Problem. */
export async function disclosures(ask: Ask, app: string, cursor: string, signal: AbortSignal): Promise<{ items: Disclosure[]; next: string }> {
  const search = new URLSearchParams({ limit: "30", ...(app ? { app } : {}), ...(cursor ? { cursor } : {}) });
  const page = listed(await ask("GET", "/me/disclosures?" + search, undefined, signal));
  return { items: page.items.flatMap(readDisclosure), next: page.next };
}

export async function withdraw(ask: Ask, app: string, kind: Kind): Promise<void> {
  await ask("DELETE", `/me/consents/${encodeURIComponent(app)}/${kind}`);
}

export function listed(raw: unknown): { items: { [key: string]: unknown }[]; next: string } {
  const r = (raw ?? {}) as { items?: unknown; next?: unknown };
  return { items: Array.isArray(r.items) ? r.items.filter((i): i is { [key: string]: unknown } => i !== null && typeof i === "object") : [], next: str(r.next) };
}

export function readConsent(o: { [key: string]: unknown }): Consent[] {
  const kind = KINDS.find((k) => k === o.kind);
  const app = str(o.app);
  if (!kind || !app) return [];
  return [{ app, appName: str(o.appName) || app, icon: str(o.icon), kind, purpose: str(o.purpose), givenAt: Number(o.givenAt) || 0, lastUsedAt: Number(o.lastUsedAt) || 0 }];
}

export function readDisclosure(o: { [key: string]: unknown }): Disclosure[] {
  const kind = o.kind === "login" ? "login" : KINDS.find((k) => k === o.kind);
  const app = str(o.app);
  if (!kind || !app) return [];
  const at = Number(o.at) || 0;
  return [{ id: str(o.id), app, appName: str(o.appName) || app, icon: str(o.icon), kind, at, lastAt: Number(o.lastAt) || at, times: Number(o.times) || 1 }];
}

/** The program becomes a stranger: all consents are withdrawn, and its login ends. Throws Problem. */
export async function forget(ask: Ask, app: string): Promise<void> {
  await ask("DELETE", `/me/apps/${encodeURIComponent(app)}`);
}
