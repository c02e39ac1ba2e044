// Keys of the open API and webhooks: open/gateway.
import { del, get, post, put, type Page } from "./client";

export type Key = {
  id: string; name: string; state: "live" | "expired" | "revoked"; scopes: string[]; networks: string[]; replacedBy?: string; createdBy: string; createdAt: number;
  expiresAt?: number; revokedAt?: number; lastUsedAt?: number; lastUsedFrom?: string;
};
export type IssuedKey = Key & { /** told once */ secret: string };
export type KeySpec = { name: string; scopes: string[]; networks: string[] };
export type Scope = { name: string; capability?: string; title: string; titleZh: string };

const keysOf = (app: string): string => `/apps/${encodeURIComponent(app)}/keys`;
export const keys = (app: string, signal?: AbortSignal): Promise<Page<Key>> => get(keysOf(app), {}, signal);
export const createKey = (app: string, k: KeySpec): Promise<IssuedKey> => post(keysOf(app), k);
export const changeKey = (app: string, key: string, k: KeySpec): Promise<Key> => put(`${keysOf(app)}/${encodeURIComponent(key)}`, k);
export const rotateKey = (app: string, key: string, overlapSeconds: number): Promise<IssuedKey> => post(`${keysOf(app)}/${encodeURIComponent(key)}/rotate`, { overlapSeconds });
export const revokeKey = (app: string, key: string): Promise<Key> => del(`${keysOf(app)}/${encodeURIComponent(key)}`);
export const scopes = (app: string, signal?: AbortSignal): Promise<Page<Scope>> => get(`/apps/${encodeURIComponent(app)}/key-scopes`, {}, signal);

export type Webhook = {
  id: string; url: string; description: string; types: string[]; state: "enabled" | "disabled"; disabledReason?: "by_hand" | "gone" | "failing";
  failingSince?: number; previousSecretUntil?: number; createdAt: number; changedAt: number;
};
export type IssuedWebhook = Webhook & { secret: string };
export type WebhookSpec = { url: string; description: string; types: string[] };
export type EventType = { name: string; title: string; titleZh: string };
export type DeliveryState = "pending" | "delivered" | "failed" | "stopped";
export type Delivery = {
  id: string; event: string; type: string; state: DeliveryState; attempts: number; nextAt?: number; lastStatus: number; lastError?: string; createdAt: number; doneAt?: number;
};
export type Attempt = { number: number; startedAt: number; took: number; status: number; error?: string; response?: string };
export type DeliveryDetail = Delivery & { payload: unknown; log: Attempt[] };

const hooksOf = (app: string): string => `/apps/${encodeURIComponent(app)}/webhooks`;
const hook = (app: string, id: string): string => `${hooksOf(app)}/${encodeURIComponent(id)}`;
export const webhooks = (app: string, signal?: AbortSignal): Promise<Page<Webhook>> => get(hooksOf(app), {}, signal);
export const webhook = (app: string, id: string, signal?: AbortSignal): Promise<Webhook> => get(hook(app, id), {}, signal);
export const createWebhook = (app: string, w: WebhookSpec): Promise<IssuedWebhook> => post(hooksOf(app), w);
export const changeWebhook = (app: string, id: string, w: WebhookSpec): Promise<Webhook> => put(hook(app, id), w);
export const deleteWebhook = (app: string, id: string): Promise<void> => del(hook(app, id));
export const enableWebhook = (app: string, id: string): Promise<Webhook> => post(hook(app, id) + "/enable");
export const disableWebhook = (app: string, id: string): Promise<Webhook> => post(hook(app, id) + "/disable");
export const rotateSecret = (app: string, id: string, overlapSeconds: number): Promise<IssuedWebhook> => post(hook(app, id) + "/rotate", { overlapSeconds });
export const testWebhook = (app: string, id: string): Promise<{ delivery: string }> => post(hook(app, id) + "/test");
export const eventTypes = (app: string, signal?: AbortSignal): Promise<Page<EventType>> => get(`/apps/${encodeURIComponent(app)}/webhook-types`, {}, signal);
export const deliveries = (app: string, id: string, q: { state?: string; cursor?: string; limit?: number }): Promise<Page<Delivery>> => get(hook(app, id) + "/deliveries", q);
export const delivery = (app: string, id: string, del: string, signal?: AbortSignal): Promise<DeliveryDetail> => get(`${hook(app, id)}/deliveries/${encodeURIComponent(del)}`, {}, signal);
export const redeliver = (app: string, id: string, del: string): Promise<void> => post(`${hook(app, id)}/deliveries/${encodeURIComponent(del)}/redeliver`);
