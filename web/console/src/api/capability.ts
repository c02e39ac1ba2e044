// The capability centre: open/capability.
import { del, get, post, put, type Page } from "./client";

export type Words = { zh: string; en: string };
export type Question = { key: string; words: Words; required: boolean; max: number };
/** A scope that is not there has no limit; consumersPerDay 0 is no limit. */
export type Limits = { callsPerDay: Record<string, number>; consumersPerDay: number };
export type Capability = {
  name: string; title: Words; summary: Words; opens: Words; apis: string[]; components: string[]; scopes: string[]; form: Question[];
  admission: "open" | "closed-beta" | "special"; verified: boolean; privacy: string; quota: Limits; stage: "live" | "announced";
};
export type ApplicationState = "applied" | "approved" | "rejected" | "withdrawn";
export type GrantState = "scheduled" | "live" | "expired" | "revoked";
export type OwnApplication = { id: string; state: ApplicationState; answers: Record<string, string>; reason: string; appliedBy: string; appliedAt: number; decidedAt: number };
export type OwnGrant = { state: GrantState; limits: Limits; from: number; until: number; revokedAt: number; reason: string };
export type Standing = {
  capability: Capability; granted: boolean; application?: OwnApplication; grant?: OwnGrant; invited: boolean; mayApply: boolean;
  obstacle: "" | "announced" | "not-invited" | "not-verified" | "applied";
};

const one = (app: string, capability: string): string => `/apps/${encodeURIComponent(app)}/capabilities/${encodeURIComponent(capability)}`;
export const standings = (app: string, signal?: AbortSignal): Promise<Page<Standing>> => get(`/apps/${encodeURIComponent(app)}/capabilities`, {}, signal);
export const apply = (app: string, capability: string, answers: Record<string, string>): Promise<OwnApplication> => post(one(app, capability) + "/application", { answers });
export const withdraw = (app: string, capability: string): Promise<OwnApplication> => del(one(app, capability) + "/application");

export type Application = {
  id: string; app: string; appName: string; organisation: string; organisationName: string; capability: string; state: ApplicationState; special: boolean;
  appliedBy: string; appliedAt: number; decidedBy: string; decidedAt: number; reason: string;
};
export type ApplicationDetail = { application: Application; capability: Capability; answers: { key: string; words: Words; answer: string }[] };
export type Grant = {
  id: string; app: string; appName: string; organisation: string; organisationName: string; capability: string; state: GrantState; limits: Limits;
  from: number; until: number; grantedBy: string; grantedAt: number; revokedBy: string; revokedAt: number; reason: string;
};
export type Decision = {
  verdict: "approved" | "rejected"; reason?: string; limits?: { callsPerDay?: Record<string, number>; consumersPerDay?: number }; from?: number; until?: number; confirmSpecial?: boolean;
};
export const catalogue = (signal?: AbortSignal): Promise<Page<{ capability: Capability; applied: number; granted: number }>> => get("/operator/capabilities", {}, signal);
export const applications = (q: { state?: string; capability?: string; cursor?: string; limit?: number }): Promise<Page<Application>> => get("/operator/applications", q);
export const application = (id: string, signal?: AbortSignal): Promise<ApplicationDetail> => get(`/operator/applications/${encodeURIComponent(id)}`, {}, signal);
export const decide = (id: string, d: Decision): Promise<Application> => post(`/operator/applications/${encodeURIComponent(id)}/decision`, d);
export const grants = (q: { app?: string; capability?: string; cursor?: string; limit?: number }): Promise<Page<Grant>> => get("/operator/grants", q);
export const revoke = (app: string, capability: string, reason: string): Promise<void> => post(`/operator${one(app, capability)}/revocation`, { reason });
export const inviteToBeta = (app: string, capability: string): Promise<void> => put(`/operator${one(app, capability)}/invitation`);
export const uninvite = (app: string, capability: string): Promise<void> => del(`/operator${one(app, capability)}/invitation`);
