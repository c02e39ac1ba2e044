// Who the consumer is at this host: signed in or not, their profile, their PLUS. The session itself is in a cookie no script reads;
// what is remembered here is only that there is one, so that who never signed in is not asked about.
import { Problem } from "./fetching";
import { ask as askPlatform, hostKey, type Ask } from "./platform";
import { lang } from "./words/lang";

/** Kinds of what a program may learn of a consumer, each with a consent of its own. */
export const KINDS = ["profile", "phone-number", "membership"] as const;
export type Kind = (typeof KINDS)[number];

/** until is unix ms, 0 for none. */
export interface Plus { level: "none" | "plus"; until: number; renews: boolean }
/** phone is masked, "138****8000"; avatar is the key of a built-in picture. */
export interface Me { id: string; phone: string; nickname: string; avatar: string; avatarUrl: string; plus: Plus }

/** A picture a consumer may show. */
export interface Avatar { key: string; url: string }

export interface Challenge { challenge: string; expiresAt: number }

const remembered = "minimart.signed-in";

export class Consumer {
  me: Me | null = null;
  /** of the host app, as the platform knows it; "" until it said so */
  hostName = "";
  /** where codes sent to a phone can be read, in a demo; "" everywhere else */
  private codesAt = "";
  private begun: Promise<void> | null = null;
  private readonly followers = new Set<() => void>();

  constructor(readonly ask: Ask, /** false where no host app is registered */ readonly available: boolean) {}

  /** True once somebody could be signed in and was looked for. Resolves in any case; a platform that cannot be reached leaves the consumer signed out. */
  ready(): Promise<void> {
    return (this.begun ??= this.available ? this.begin() : Promise.resolve());
  }

  private async begin(): Promise<void> {
    globalThis.addEventListener?.("storage", (e) => {
      if ((e as StorageEvent).key === remembered) void this.reload(); // signed in or out in another tab
    });
    await this.reload();
  }

  /** Asks the platform who is signed in. */
  async reload(): Promise<void> {
    if (memory() === "") return this.become(null);
    try {
      this.become(readMe(await this.ask("GET", "/me")));
    } catch (e) {
      if (e instanceof Problem && e.status === 401) this.lost();
      else if (e instanceof Problem && e.status === 403) this.become(null);
    }
  }

  /** The session is over: it ended on the server, or elsewhere. */
  lost(): void {
    remember("");
    this.become(null);
  }

  /** Sends a code to a phone. Throws Problem: invalid with fields.phone, exhausted with retryAfter. */
  async requestCode(phone: string): Promise<Challenge> {
    const raw = (await this.ask("POST", "/sign-in/codes", { phone, language: lang() })) as Partial<Challenge>;
    if (typeof raw?.challenge !== "string") throw new Problem(200, "broken", "the platform sent no challenge");
    return { challenge: raw.challenge, expiresAt: Number(raw.expiresAt) || 0 };
  }

  /**
   * The code that a demo would have sent: read from the platform, never known here. "" everywhere else, and when there is none.
   * A demo that cannot be asked is no reason not to type a code in.
   */
  async demoCode(phone: string, signal: AbortSignal): Promise<string> {
    try {
      if (!this.hostName) {
        const host = (await this.ask("GET", "/host", undefined, signal)) as { name?: unknown; codesAt?: unknown };
        this.hostName = str(host?.name);
        this.codesAt = str(host?.codesAt);
      }
      if (!this.codesAt) return "";
      const address = new URL(this.codesAt, location.origin);
      address.searchParams.set("to", phone);
      if (address.origin !== location.origin) return "";
      const answer = await fetch(address, { headers: { Accept: "application/json" }, signal });
      return answer.ok ? readDemoCode(await answer.json()) : "";
    } catch {
      return "";
    }
  }

  /** Signs in with the code that came to the phone. Throws Problem: invalid with fields.code, exhausted. */
  async signIn(challenge: string, code: string): Promise<Me> {
    await this.ask("POST", "/session", { challenge, code });
    const me = readMe(await this.ask("GET", "/me"));
    remember(me.id);
    this.become(me);
    return me;
  }

  async signOut(): Promise<void> {
    await this.ask("DELETE", "/session").catch((e: unknown) => {
      if (!(e instanceof Problem && e.status === 401)) throw e; // signed out already
    });
    this.lost();
  }

  /** Changes nickname or picture. Throws Problem: invalid with fields.nickname. */
  async change(to: { nickname?: string; avatar?: string }): Promise<void> {
    await this.ask("PATCH", "/me", to);
    await this.reload();
  }

  /** The pictures there are to choose from, in the order of the chooser. Throws Problem. */
  async avatars(): Promise<Avatar[]> {
    const list = ((await this.ask("GET", "/avatars")) as { items?: unknown } | null)?.items;
    return Array.isArray(list) ? list.flatMap((a: { key?: unknown; url?: unknown } | null) => (str(a?.key) && str(a?.url) ? [{ key: str(a!.key), url: str(a!.url) }] : [])) : [];
  }

  /** Calls f after each change until the returned function is called. */
  follow(f: () => void): () => void {
    this.followers.add(f);
    return () => this.followers.delete(f);
  }

  private become(me: Me | null): void {
    if (JSON.stringify(me) === JSON.stringify(this.me)) return;
    this.me = me;
    for (const f of [...this.followers]) f();
  }
}

/** The consumer of this page. */
export const consumer = new Consumer(askPlatform, hostKey !== "");

/** Reads the platform's answer about the one who is signed in. Throws when it is none. */
export function readMe(raw: unknown): Me {
  const o = (raw ?? {}) as { [key: string]: unknown };
  const id = str(o.id);
  if (!id) throw new Problem(200, "broken", "the platform did not say who is signed in");
  return { id, phone: str(o.phone), nickname: str(o.nickname), avatar: str(o.avatar), avatarUrl: str(o.avatarUrl), plus: readPlus(o.plus) };
}

export function readPlus(raw: unknown): Plus {
  const o = (raw ?? {}) as { [key: string]: unknown };
  return { level: o.level === "plus" ? "plus" : "none", until: Number(o.until) || 0, renews: o.auto === true };
}

/** The newest six-digit code of a demo's list of messages. */
export function readDemoCode(raw: unknown): string {
  const list = (raw as { items?: unknown } | null)?.items;
  if (!Array.isArray(list)) return "";
  const when = (m: { [key: string]: unknown }): number => Number(m?.at) || 0;
  const newest = (list as { [key: string]: unknown }[]).reduce<{ [key: string]: unknown } | null>((a, b) => (a === null || when(b) > when(a) ? b : a), null);
  return /\b\d{6}\b/.exec(str(newest?.code) || str(newest?.text))?.[0] ?? "";
}

export const str = (v: unknown): string => (typeof v === "string" ? v : "");

let kept = "";
function memory(): string {
  try {
    return localStorage.getItem(remembered) ?? "";
  } catch {
    return kept; // lasts until the page is left
  }
}
function remember(id: string): void {
  kept = id;
  try {
    if (id) localStorage.setItem(remembered, id);
    else localStorage.removeItem(remembered);
  } catch {
    // no storage
  }
}
