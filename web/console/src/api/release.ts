// Mini programs, their versions and releases: program/release, program/upload, program/review.
import { del, get, patch, post, put, send, type Page } from "./client";

export type VersionState = "development" | "in-review" | "approved" | "rejected" | "released";
export type Domains = { request?: string[]; media?: string[] };
export type Version = {
  id: string; app: string; number: number; label: string; notes: string; state: VersionState; bytes: number; sourceBytes: number; uploadedBy: string; outAt: number; createdAt: number;
};
/** share is in millionths of the devices. */
export type Rollout = { id: string; app: string; version: string; share: number; state: "active" | "complete" | "stopped"; createdAt: number; changedAt: number };
export type App = {
  id: string; organisation: string; name: string; icon: string; summary: string; domains: Domains; privacy: Record<string, string>;
  released?: Version; releasedAt: number; rollout?: Rollout; staged?: Version; trial?: Version; lastNumber: number;
  suspendedAt: number; suspensionReason: string; createdAt: number; changedAt: number;
};
/** token is shown once; it is part of path. */
export type TrialLink = { app: string; version: string; path: string; token: string; expiresAt: number };
export type Tester = { id: string; phone: string; name: string; createdAt: number };
export type ReleaseRecord = {
  id: string; number: number; step: "published" | "staged" | "raised" | "released" | "stopped" | "rolled-back" | "suspended" | "resumed";
  version: string; versionNumber: number; label: string; previous: string; previousNumber: number; rollout: string; share: number; reason: string; actor: string; at: number;
};
export type PrivacyKind = { kind: string; title: string; titleZh: string; apis: string[]; components: string[] };
export type AppOverview = {
  id: string; organisation: string; name: string; icon: string; summary: string; suspendedAt: number; number: number; label: string; releasedAt: number; createdAt: number;
};

export const everybody = 1_000_000;
export const shares = [10_000, 50_000, 100_000, 250_000, 500_000, everybody];

const a = (app: string): string => `/apps/${encodeURIComponent(app)}`;
const v = (app: string, version: string): string => `${a(app)}/versions/${encodeURIComponent(version)}`;

export const apps = (org: string, signal?: AbortSignal): Promise<Page<App>> => get(`/organisations/${encodeURIComponent(org)}/apps`, {}, signal);
export const createApp = (org: string, n: { name: string; summary?: string; icon?: string }): Promise<App> => post(`/organisations/${encodeURIComponent(org)}/apps`, n);
export const app = (id: string, signal?: AbortSignal): Promise<App> => get(a(id), {}, signal);
export const changeApp = (id: string, c: { name?: string; summary?: string; privacy?: Record<string, string> }): Promise<App> => patch(a(id), c);
export const setIcon = (id: string, file: Blob): Promise<App> => send("PUT", a(id) + "/icon", {}, file);
export const setDomains = (id: string, d: Domains): Promise<App> => put(a(id) + "/domains", d);
export const privacyKinds = (): Promise<Page<PrivacyKind>> => get("/privacy-kinds");

export const versions = (id: string, cursor: string, limit = 20): Promise<Page<Version>> => get(a(id) + "/versions", { cursor, limit });
export const version = (id: string, ver: string, signal?: AbortSignal): Promise<Version> => get(v(id, ver), {}, signal);
export const preview = (id: string, ver: string): Promise<TrialLink> => post(v(id, ver) + "/preview");
export const setTrial = (id: string, ver: string): Promise<TrialLink> => put(a(id) + "/trial", { version: ver });
export const endTrial = (id: string): Promise<void> => del(a(id) + "/trial");
export const testers = (id: string, signal?: AbortSignal): Promise<Page<Tester>> => get(a(id) + "/testers", {}, signal);
export const addTester = (id: string, t: { phone: string; name: string }): Promise<Tester> => post(a(id) + "/testers", t);
export const removeTester = (id: string, tester: string): Promise<void> => del(`${a(id)}/testers/${encodeURIComponent(tester)}`);

export const startRollout = (id: string, r: { version: string; share: number }): Promise<Rollout> => post(a(id) + "/rollout", r);
export const raiseRollout = (id: string, share: number): Promise<Rollout> => put(a(id) + "/rollout", { share });
export const stopRollout = (id: string): Promise<Rollout> => del(a(id) + "/rollout");
export const rollBack = (id: string, ver: string): Promise<Version> => post(a(id) + "/rollback", { version: ver });
export const releases = (id: string, cursor: string, limit = 50): Promise<Page<ReleaseRecord>> => get(a(id) + "/releases", { cursor, limit });

export const allApps = (q: { query?: string; state?: string; cursor?: string; limit?: number }): Promise<Page<AppOverview>> => get("/operator/apps", q);
export const inspectApp = (id: string, signal?: AbortSignal): Promise<App> => get("/operator" + a(id), {}, signal);
export const previewAny = (id: string, ver: string): Promise<TrialLink> => post("/operator" + v(id, ver) + "/preview");
export const suspendApp = (id: string, reason: string): Promise<App> => post(`/operator${a(id)}/suspension`, { reason });
export const resumeApp = (id: string): Promise<App> => del(`/operator${a(id)}/suspension`);

export type Diagnostic = { severity: "error" | "warning"; file: string; line: number; column: number; message: string; hint: string };
export type Uploaded = { version: string; number: number; label: string; state: VersionState; again: boolean; trialLink?: string; diagnostics: Diagnostic[] };
export const upload = (id: string, q: { label: string; notes: string; trial: boolean }, zip: File, progress: (share: number) => void): Promise<Uploaded> =>
  send("POST", a(id) + "/versions", q, zip, progress, "application/zip");
