// What things that are known by an id are called: fetched once and remembered until somebody else signs in. An id that nobody
// has a name for stays an id.
import { useSyncExternalStore } from "react";
import * as account from "../api/account";
import * as capability from "../api/capability";
import * as gateway from "../api/gateway";
import * as operator from "../api/operator";
import * as release from "../api/release";
import { operatorOf, useSession } from "../shell/session";
import { either } from "../words/lang";

type Name = string | { zh: string; en: string };

const names = new Map<string, Name>();
const asked = new Map<string, Promise<void>>();
const followers = new Set<() => void>();
let revision = 0;

function learn(pairs: Iterable<readonly [string, Name]>): void {
  let news = false;
  for (const [id, name] of pairs) {
    if (!id || !name || names.get(id) === name) continue;
    names.set(id, name);
    news = true;
  }
  if (!news) return;
  revision++;
  for (const f of [...followers]) f();
}

/** Asks once for the names of many things. What fails is not asked again: a name is a nicety. */
function once(what: string, ask: () => Promise<Iterable<readonly [string, Name]>>): Promise<void> {
  let answer = asked.get(what);
  if (!answer) asked.set(what, (answer = ask().then(learn, () => {})));
  return answer;
}

/** Somebody else may be there now, who must not be told what the one before knew. */
export function forgetNames(): void {
  names.clear();
  asked.clear();
  revision++;
}

const follow = (f: () => void): (() => void) => {
  followers.add(f);
  return () => void followers.delete(f);
};

export type Names = {
  /** What it is called; undefined as long as nobody said. app is the program a key belongs to, where that is known. */
  of: (id: string, app?: string) => string | undefined;
  /** What a capability is called; its own name as long as nobody said. */
  capability: (name: string, app?: string) => string;
  /** What a kind of personal data is called. */
  privacy: (kind: string) => string;
};

/** Names for who works in an organisation, or for the operator when it is "". Drawn anew when some become known. */
export function useNames(org: string): Names {
  useSyncExternalStore(follow, () => revision);
  const { me } = useSession();
  const here = org === "" ? operatorOf(me) : me.memberships.find((m) => m.organisation === org);
  const may = (p: string): boolean => here?.permissions.includes(p) ?? false;
  const say = (key: string): string | undefined => {
    const name = names.get(key);
    return name === undefined || typeof name === "string" ? name : either(name);
  };
  const later = (f: () => void): void => queueMicrotask(f); // asking is nothing to do while drawing

  const seek = (id: string, app?: string): void => {
    if (id.startsWith("org_")) {
      learn(me.memberships.map((m) => [m.organisation, m.name] as const));
      if (org !== "" || names.has(id)) return;
      void once("organisations", async () => (await account.organisations({ limit: 100 })).items.map((o) => [o.id, o.name] as const)).then(() => {
        if (!names.has(id) && may("organisation.review")) void once(id, async () => [[id, (await account.qualification(id)).organisation.name]]);
      });
    } else if (id.startsWith("app_") && org !== "") {
      if (may("program.read")) void once(`programs ${org}`, async () => (await release.apps(org)).items.map((a) => [a.id, a.name] as const));
    } else if (id.startsWith("app_")) {
      void once("programs", async () => (await release.allApps({ limit: 100 })).items.map((a) => [a.id, a.name] as const)).then(() => {
        if (!names.has(id)) void once(id, async () => [[id, (await release.inspectApp(id)).name]]);
      });
    } else if (id.startsWith("hst_") && org === "") {
      if (may("host.manage")) void once("hosts", async () => (await operator.hosts("")).items.map((h) => [h.id, h.name] as const));
    } else if (id.startsWith("per_") && org !== "") {
      if (may("member.read")) void once(`members ${org}`, async () => (await account.members(org)).items.map((m) => [m.person, m.name] as const));
    } else if (id.startsWith("key_") && org !== "" && app) {
      if (may("key.read")) void once(`keys ${app}`, async () => (await gateway.keys(app)).items.map((k) => [k.id, k.name] as const));
    }
  };
  return {
    of: (id, app) => {
      const known = say(id);
      if (known === undefined && id) later(() => seek(id, app));
      return known;
    },
    capability: (name, app) => {
      const known = say("capability " + name);
      if (known === undefined) {
        later(() => {
          const told = (c: capability.Capability): readonly [string, Name] => ["capability " + c.name, c.title];
          if (org === "") void once("capabilities", async () => (await capability.catalogue()).items.map((i) => told(i.capability)));
          else if (app && may("program.read")) void once("capabilities", async () => (await capability.standings(app)).items.map((s) => told(s.capability)));
        });
      }
      return known ?? name;
    },
    privacy: (kind) => {
      const known = say("privacy " + kind);
      if (known === undefined) later(() => void once("privacy", async () => (await release.privacyKinds()).items.map((k) => ["privacy " + k.kind, { zh: k.titleZh, en: k.title }] as const)));
      return known ?? kind;
    },
  };
}

/** Remembers a name that came with something else. */
export const nameIs = (id: string, name: string): void => {
  if (!names.has(id)) queueMicrotask(() => learn([[id, name]]));
};
