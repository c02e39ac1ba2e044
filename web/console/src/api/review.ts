// Review of versions: program/review.
import { del, get, post, type Page } from "./client";
import type { Domains, VersionState } from "./release";
import type { Words } from "./capability";

export type ReviewState = "pending" | "approved" | "rejected" | "withdrawn";
export type Reason = { file?: string; line?: number; text: string };
export type Place = { file: string; line?: number; column?: number };
export type Severity = "high" | "medium" | "low";
export type Review = {
  id: string; organisation: string; app: string; appName: string; version: string; number: number; label: string; round: number; note: string; state: ReviewState; rules: string;
  counts: { high: number; medium: number; low: number }; submittedBy: string; submittedAt: number; endedBy: string; endedAt: number; reasons: Reason[] | null;
};
export type Finding = {
  code: string; severity: Severity; file: string; line: number; column: number; subject: string; sure: boolean; rule: string; category: string; quote: string; message: Words; way: Words; also: Place[];
};
export type Findings = { items: Finding[]; more: Record<string, number> };
export type Names = { added: string[]; removed: string[] };
export type Used = { name: string; sure: boolean; place: Place };
export type Said = { text: string; place: Place };
export type Change = "added" | "changed" | "removed";
export type Diff = {
  against: { id: string; number: number; label: string } | null; missing: boolean; pages: Names; packages: { root: string; before: number; after: number }[];
  apis: { added: Used[]; removed: Used[] }; request: Names; media: Names; hosts: Names; privacy: { kind: string; before: string; after: string }[];
  texts: { added: Said[]; removed: Said[]; moreAdded: number; moreRemoved: number };
  images: { path: string; change: Change; before: string; after: string; bytesBefore: number; bytesAfter: number }[];
  files: { path: string; change: Change; bytesBefore: number; bytesAfter: number; shown: "lines" | "cut" | "binary" | "minified" | "large" | "bounded" | "new"; patch: string; plus: number; minus: number }[];
  moreFiles: number;
};
export type Full = {
  review: Review; version: { id: string; number: number; label: string; notes: string; state: VersionState; bytes: number; uploadedBy: string; createdAt: number };
  findings: Findings; diff: Diff; statements: Record<string, string>; domains: Domains; changed: boolean; suspended: boolean;
  safetyRules: { id: string; category: string; severity: Severity; why: Words }[];
};
export type SourceFile = { path: string; bytes: number; text: string; cut: boolean; delivered: string };

const v = (app: string, version: string): string => `/apps/${encodeURIComponent(app)}/versions/${encodeURIComponent(version)}`;
export const submit = (app: string, version: string, note: string): Promise<Review> => post(v(app, version) + "/submission", note ? { note } : {});
export const withdrawSubmission = (app: string, version: string): Promise<Review> => del(v(app, version) + "/submission");
export const ofVersion = (app: string, version: string, signal?: AbortSignal): Promise<{ review: Review; findings: Findings }> => get(v(app, version) + "/review", {}, signal);

const r = (review: string): string => `/operator/reviews/${encodeURIComponent(review)}`;
export const queue = (q: { state?: string; query?: string; cursor?: string; limit?: number }): Promise<Page<Review>> => get("/operator/reviews", q);
export const waiting = (signal?: AbortSignal): Promise<{ pending: number; oldest: number }> => get("/operator/reviews/waiting", {}, signal);
export const review = (id: string, signal?: AbortSignal): Promise<Full> => get(r(id), {}, signal);
export const file = (id: string, path: string, signal?: AbortSignal): Promise<SourceFile> => get(r(id) + "/file", { path }, signal);
export const decide = (id: string, d: { verdict: "approved" | "rejected"; reasons: Reason[] }): Promise<Review> => post(r(id) + "/decision", d);
