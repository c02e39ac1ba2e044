// What the server's words for kinds and states are called.
import type { DocumentKind, OrganisationKind, OrganisationState, Role } from "../api/account";
import { accountWords } from "../words/account";
import type { Tone } from "./parts";

export function roleName(role: Role): string {
  const t = accountWords();
  return { owner: t.roleOwner, developer: t.roleDeveloper, operations: t.roleOperations, finance: t.roleFinance, readonly: t.roleReadonly }[role] ?? role;
}
export function roleHint(role: Role): string {
  const t = accountWords();
  return { owner: t.roleOwnerHint, developer: t.roleDeveloperHint, operations: t.roleOperationsHint, finance: t.roleFinanceHint, readonly: t.roleReadonlyHint }[role] ?? "";
}
export function kindName(kind: OrganisationKind): string {
  const t = accountWords();
  return { merchant: t.kindMerchant, isv: t.kindIsv, operator: t.kindOperator }[kind] ?? kind;
}
export function organisationState(state: OrganisationState): { name: string; tone: Tone } {
  const t = accountWords();
  const of: Record<OrganisationState, { name: string; tone: Tone }> = {
    new: { name: t.stateNew, tone: "idle" }, submitted: { name: t.stateSubmitted, tone: "wait" }, verified: { name: t.stateVerified, tone: "good" }, rejected: { name: t.stateRejected, tone: "bad" },
  };
  return of[state] ?? { name: state, tone: "idle" };
}
export function documentName(kind: DocumentKind): string {
  const t = accountWords();
  return { "business-licence": t.documentLicence, representative: t.documentRepresentative, authorisation: t.documentAuthorisation, other: t.documentOther }[kind] ?? kind;
}

/** "#12 1.0.3" */
export const versionName = (v: { number: number; label: string }): string => `#${v.number}${v.label ? " " + v.label : ""}`;

/** "Chrome · Windows" of what a browser calls itself; the whole of it when nothing is recognised. */
export function browserName(agent: string): string {
  const browser = /Edg\//.test(agent) ? "Edge" : /Firefox\//.test(agent) ? "Firefox" : /(?:Headless)?Chrome\//.test(agent) ? "Chrome" : /Safari\//.test(agent) ? "Safari" : "";
  const system = /Android/.test(agent) ? "Android" : /iPhone|iPad/.test(agent) ? "iOS" : /Windows/.test(agent) ? "Windows" : /Mac OS X/.test(agent) ? "macOS" : /Linux/.test(agent) ? "Linux" : "";
  return browser ? [browser, system].filter(Boolean).join(" · ") : agent.slice(0, 80);
}
