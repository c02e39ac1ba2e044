// People, organisations, members: open/account.
import { address, del, get, knock, patch, post, put, send, type Page } from "./client";

export type Role = "owner" | "developer" | "operations" | "finance" | "readonly";
export const roles: Role[] = ["owner", "developer", "operations", "finance", "readonly"];
export type OrganisationKind = "merchant" | "isv" | "operator";
export type OrganisationState = "new" | "submitted" | "verified" | "rejected";
export type DocumentKind = "business-licence" | "representative" | "authorisation" | "other";
export const documentKinds: DocumentKind[] = ["business-licence", "representative", "authorisation", "other"];

export type Person = { id: string; login: string; name: string; language: "zh" | "en"; createdAt: number };
export type Membership = {
  organisation: string; name: string; kind: OrganisationKind; state: OrganisationState; role: Role; permissions: string[]; joinedAt: number;
};
export type Me = { person: Person; memberships: Membership[] };
export type Session = { id: string; address: string; agent: string; current: boolean; createdAt: number; seenAt: number; expiresAt: number };
export type Organisation = {
  id: string; name: string; kind: OrganisationKind; state: OrganisationState; reason: string; submission: number; createdAt: number; changedAt: number;
};
export type Member = { person: string; login: string; name: string; role: Role; joinedAt: number };
export type Invitation = { id: string; login: string; role: Role; invitedBy: string; createdAt: number; expiresAt: number };
/** token is told once, to the person who invites. */
export type Invited = { id: string; login: string; role: Role; expiresAt: number; token: string; delivered: boolean };
export type Doc = { id: string; kind: DocumentKind; name: string; contentType: string; bytes: number; uploadedBy: string; createdAt: number };
export type Entry = {
  id: string; actor: string; actorName: string; organisation: string; action: string; target: string; detail: Record<string, string>; address: string; at: number;
};
export type Challenge = { id: string; expiresAt: number };
/** What the platform tells everybody. */
export type Settings = {
  demo?: boolean; name?: string; nameEn?: string; support?: string; termsUrl?: string; privacyUrl?: string; selfSignUp?: boolean;
};
/** A message the demo would have sent. */
export type DemoMessage = { to: string; text: string; code: string; token: string; at: number };

export const settings = (): Promise<Settings> => knock("GET", "/settings");
export const me = (): Promise<Me> => knock("GET", "/me");
export const signIn = (login: string, password: string): Promise<void> => knock("POST", "/session", { login, password });
export const startSignUp = (login: string, language: string): Promise<Challenge> => knock("POST", "/sign-ups", { login, language });
export const finishSignUp = (challenge: string, a: { code: string; name: string; password: string }): Promise<void> =>
  knock("POST", `/sign-ups/${encodeURIComponent(challenge)}/answer`, a);
export const startReset = (login: string, language: string): Promise<Challenge> => knock("POST", "/password-resets", { login, language });
export const finishReset = (challenge: string, a: { code: string; password: string }): Promise<void> =>
  knock("POST", `/password-resets/${encodeURIComponent(challenge)}/answer`, a);

/** In the demo: what was sent to a login, the newest last. */
export async function demoMessages(to: string): Promise<DemoMessage[]> {
  const answer = await fetch("/api/demo/messages?" + new URLSearchParams({ to }));
  return answer.ok ? ((await answer.json()) as { items: DemoMessage[] }).items : [];
}

export const signOut = (): Promise<void> => del("/session");
export const sessions = (): Promise<Page<Session>> => get("/sessions");
export const signOutEverywhere = (): Promise<void> => del("/sessions");
export const setProfile = (p: { name: string; language: string }): Promise<void> => patch("/me", p);
export const changePassword = (p: { current: string; password: string }): Promise<void> => put("/me/password", p);
export const ownAudit = (cursor: string, limit = 50): Promise<Page<Entry>> => get("/me/audit", { cursor, limit });
export const acceptInvitation = (token: string): Promise<{ organisation: string }> => post("/invitations/acceptance", { token });

const o = (org: string): string => `/organisations/${encodeURIComponent(org)}`;
export const createOrganisation = (n: { name: string; kind: string }): Promise<Organisation> => post("/organisations", n);
export const organisation = (org: string, signal?: AbortSignal): Promise<Organisation> => get(o(org), {}, signal);
export const renameOrganisation = (org: string, name: string): Promise<Organisation> => patch(o(org), { name });
export const submitOrganisation = (org: string): Promise<Organisation> => post(o(org) + "/submission");
export const documents = (org: string, signal?: AbortSignal): Promise<Page<Doc>> => get(o(org) + "/documents", {}, signal);
export const addDocument = (org: string, kind: DocumentKind, file: File, progress: (share: number) => void): Promise<Doc> =>
  send("POST", o(org) + "/documents", { kind, name: file.name }, file, progress);
export const documentAddress = (org: string, id: string, operator = false): string => address(`${operator ? "/operator" : ""}${o(org)}/documents/${encodeURIComponent(id)}`);
export const deleteDocument = (org: string, id: string): Promise<void> => del(`${o(org)}/documents/${encodeURIComponent(id)}`);
/** What each role may do in an organisation of a merchant. */
export const roleTable = (signal?: AbortSignal): Promise<Page<{ role: Role; permissions: string[] }>> => get("/roles", {}, signal);
export const members = (org: string, signal?: AbortSignal): Promise<Page<Member>> => get(o(org) + "/members", {}, signal);
export const setRole = (org: string, person: string, role: Role): Promise<void> => patch(`${o(org)}/members/${encodeURIComponent(person)}`, { role });
export const removeMember = (org: string, person: string): Promise<void> => del(`${o(org)}/members/${encodeURIComponent(person)}`);
export const invitations = (org: string, signal?: AbortSignal): Promise<Page<Invitation>> => get(o(org) + "/invitations", {}, signal);
export const invite = (org: string, login: string, role: Role): Promise<Invited> => post(o(org) + "/invitations", { login, role });
export const withdrawInvitation = (org: string, id: string): Promise<void> => del(`${o(org)}/invitations/${encodeURIComponent(id)}`);
export const audit = (org: string, cursor: string, limit = 50): Promise<Page<Entry>> => get(o(org) + "/audit", { cursor, limit });

export type Qualification = { organisation: Organisation; documents: Doc[]; members: Member[] };
export const organisations = (q: { state?: string; query?: string; cursor?: string; limit?: number }): Promise<Page<Organisation>> => get("/operator/organisations", q);
export const qualification = (org: string, signal?: AbortSignal): Promise<Qualification> => get("/operator" + o(org), {}, signal);
export const decideOrganisation = (org: string, d: { submission: number; verdict: string; reason?: string }): Promise<Organisation> => post(`/operator${o(org)}/decision`, d);
export const platformAudit = (cursor: string, limit = 50): Promise<Page<Entry>> => get("/operator/audit", { cursor, limit });
