// Letting keys of others in, as JD's open platform does: open/jos.
import { del, get, post, put, type Page } from "./client";
import type { Scope } from "./gateway";

export type Question = { key: string; keyName: string; app: string; organisation: string; redirectUri: string; scopes: Scope[] };
export type Authorization = { id: string; key: string; keyApp: string; keyOrganisation: string; scopes: string[]; givenBy: string; givenAt: number; usedAt?: number };
const a = (app: string): string => `/apps/${encodeURIComponent(app)}`;
export const question = (q: { app_key: string; redirect_uri: string }, signal?: AbortSignal): Promise<Question> => get("/jos-question", q, signal);
/** Answers where the browser is to go: it carries a code. */
export const authorise = (app: string, q: { appKey: string; redirectUri: string; state?: string }): Promise<{ redirect: string }> => post(a(app) + "/jos-authorizations", q);
export const authorisations = (app: string): Promise<Page<Authorization>> => get(a(app) + "/jos-authorizations");
export const withdraw = (app: string, id: string): Promise<void> => del(`${a(app)}/jos-authorizations/${encodeURIComponent(id)}`);
export const redirects = (app: string, key: string, signal?: AbortSignal): Promise<Page<string>> => get(`${a(app)}/keys/${encodeURIComponent(key)}/jos-redirects`, {}, signal);
export const setRedirects = (app: string, key: string, items: string[]): Promise<Page<string>> => put(`${a(app)}/keys/${encodeURIComponent(key)}/jos-redirects`, { items });
