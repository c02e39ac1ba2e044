// What the operator alone looks after: host apps, consumers, membership plans, settings, health.
import { del, get, patch, post, put, type Page } from "./client";

export type HostKind = "web" | "android" | "ios" | "harmony";
export type Host = {
  id: string; name: string; kind: HostKind; origins: string[]; publishableKey: string; builtin: boolean; all: boolean; state: "live" | "suspended"; reason: string; suspendedAt: number; createdAt: number; changedAt: number;
};
export type KnownHost = { host: Host; apps: string[]; secrets: { id: string; createdAt: number; expiresAt: number }[] };
export type IssuedHost = { host: Host; secret: string };
const h = (id: string): string => `/operator/hosts/${encodeURIComponent(id)}`;
export const hosts = (cursor: string): Promise<Page<Host>> => get("/operator/hosts", { cursor });
export const host = (id: string, signal?: AbortSignal): Promise<KnownHost> => get(h(id), {}, signal);
export const createHost = (n: { name: string; kind: HostKind; origins: string[] }): Promise<IssuedHost> => post("/operator/hosts", n);
export const changeHost = (id: string, c: { name?: string; origins?: string[] }): Promise<Host> => patch(h(id), c);
export const rotateHost = (id: string, overlapSeconds: number): Promise<IssuedHost> => post(h(id) + "/keys/rotation", { overlapSeconds });
export const releaseToHost = (id: string, r: { all: boolean; apps: string[] }): Promise<Host> => put(h(id) + "/programs", r);
export const suspendHost = (id: string, reason: string): Promise<Host> => post(h(id) + "/suspension", { reason });
export const resumeHost = (id: string): Promise<Host> => del(h(id) + "/suspension");

export type Consumer = { id: string; phone: string; nickname: string; avatarUrl: string; state: "active" | "suspended"; reason: string; createdAt: number };
export type ConsumerSession = { id: string; host: string; agent: string; address: string; createdAt: number; seenAt: number; expiresAt: number };
export type ConsumerFile = { consumer: Consumer; sessions: ConsumerSession[]; links: { host: string; since: number }[] };
const c = (id: string): string => `/operator/consumers/${encodeURIComponent(id)}`;
export const consumers = (q: { query?: string; cursor?: string }): Promise<Page<Consumer>> => get("/operator/consumers", q);
export const consumer = (id: string, signal?: AbortSignal): Promise<ConsumerFile> => get(c(id), {}, signal);
export const suspendConsumer = (id: string, reason: string): Promise<Consumer> => post(c(id) + "/suspension", { reason });
export const reinstateConsumer = (id: string): Promise<Consumer> => del(c(id) + "/suspension");
export const endConsumerSessions = (id: string): Promise<void> => del(c(id) + "/sessions");

export type PlatformSettings = { name: string; nameEn: string; support: string; termsUrl: string; privacyUrl: string; selfSignUp: boolean; revision: number; changedAt?: number };
export const settings = (signal?: AbortSignal): Promise<PlatformSettings> => get("/operator/settings", {}, signal);
export const setSettings = (s: PlatformSettings): Promise<PlatformSettings> => put("/operator/settings", s);

export type Health = {
  checks: { name: string; ok: boolean }[]; outbox: { pending: number; oldestMs: number };
  timers: { room: string; key: string; dueAt: number; nextAt: number; attempts: number; error: string }[] | null; deadLetters?: number;
};
export type Letter = { number: number; consumer: string; topic: string; event: string; reason: string; tries: number; at: number };
export const health = (signal?: AbortSignal): Promise<Health> => get("/operator/health", {}, signal);
export const deadLetters = (): Promise<Page<Letter>> => get("/operator/dead-letters");
export const redeliverLetter = (n: number): Promise<void> => post(`/operator/dead-letters/${n}/redelivery`);
export const discardLetter = (n: number): Promise<void> => del(`/operator/dead-letters/${n}`);

/** price is in fen. */
export type Plan = { code: string; name: { zh: string; en: string }; days: number; price: number };
export type OwnMembership = { level: "none" | "plus"; until: number; state: "none" | "active" | "expired" | "removed"; plan: string; since: number; ends: number; auto: boolean };
export type MembershipStep = { step: "joined" | "renewed" | "granted" | "expired" | "cancelled"; plan: string; until: number; by: "consumer" | "operator" | "clock"; reason: string; at: number };
export const plans = (): Promise<Page<Plan>> => get("/operator/membership/plans");
export const setPlans = (items: Plan[]): Promise<Page<Plan>> => put("/operator/membership/plans", { items });
export const membership = (consumer: string, signal?: AbortSignal): Promise<{ membership: OwnMembership; history: MembershipStep[] }> => get(c(consumer) + "/membership", {}, signal);
export const giveMembership = (consumer: string, g: { days: number; reason: string }): Promise<unknown> => post(c(consumer) + "/membership", g);
export const endMembership = (consumer: string, reason: string): Promise<unknown> => del(`${c(consumer)}/membership?` + new URLSearchParams({ reason }));
