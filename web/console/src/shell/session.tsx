// Who is signed in, and what that person may do where.
import { createContext, useContext } from "react";
import { lang } from "../words/lang";
import { shellWords } from "../words/shell";
import type { Me, Membership, Settings } from "../api/account";

export type Signed = {
  me: Me;
  settings: Settings;
  /** Asks again: after joining an organisation, changing a name. */
  reload: () => Promise<void>;
  /** Signs out and goes to the door; gone says that the session is over already. */
  leave: (gone?: boolean) => Promise<void>;
};

export const SessionContext = createContext<Signed | null>(null);

export function useSession(): Signed {
  const s = useContext(SessionContext);
  if (!s) throw new Error("a page for people who are signed in stands outside of the session");
  return s;
}

/** The membership in an organisation, if there is one. */
export const membershipIn = (me: Me, org: string): Membership | undefined => me.memberships.find((m) => m.organisation === org);
/** The membership in the organisation of the platform's operator. */
export const operatorOf = (me: Me): Membership | undefined => me.memberships.find((m) => m.kind === "operator");

export type May = (permission: string) => boolean;
/** What one may do in an organisation. The server decides; this hides what it would refuse. */
export function useMay(org: string): May {
  const has = new Set(membershipIn(useSession().me, org)?.permissions ?? []);
  return (permission) => has.has(permission);
}
/** What one may do on the platform as one of its operators. */
export function useOperatorMay(): May {
  const has = new Set(operatorOf(useSession().me)?.permissions ?? []);
  return (permission) => has.has(permission);
}

const place = "minimart.console.organisation";
/** The organisation that was looked at last. */
export function lastOrganisation(): string {
  try {
    return localStorage.getItem(place) ?? "";
  } catch {
    return "";
  }
}
export function rememberOrganisation(org: string): void {
  try {
    localStorage.setItem(place, org);
  } catch {
    // the first one next time
  }
}

/** What the operator calls the platform. */
export const platformName = (s: Settings | undefined): string => (lang() === "zh" ? s?.name || s?.nameEn : s?.nameEn || s?.name) || shellWords().brand;

const signedInHere = "minimart.console.signed-in";
/** Whether somebody signed in here before: asking who nobody is would be answered with an error. */
export function maySignedIn(): boolean {
  try {
    return localStorage.getItem(signedInHere) !== null;
  } catch {
    return true;
  }
}
export function rememberSignedIn(yes: boolean): void {
  try {
    if (yes) localStorage.setItem(signedInHere, "1");
    else localStorage.removeItem(signedInHere);
  } catch {
    // then it is asked for each time
  }
}
