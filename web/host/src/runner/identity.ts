// What a program may learn of its consumer, and only with them: sign-in, consent, disclosure. The host says no first, in words for
// the developer; the server decides, and says no again.
import { Asking } from "../bridge/asking";
import { CallFailed } from "../bridge/arguments";
import { str, type Consumer, type Kind, type Me } from "../consumer";
import { Problem } from "../fetching";
import type { Overlays } from "../ui/overlays";
import type { Launch } from "./launch";

export interface IdentityOptions {
  /** The program as it is now: what it is granted may change while it runs. */
  launch: () => Launch;
  overlays: Overlays;
  consumer: Consumer;
  asking: Asking;
  signal: AbortSignal;
  /** The platform refused something of the program itself: it may be granted less than before, or be suspended. */
  refused: () => void;
}

interface Standing { given: boolean; purpose: string; allowed: boolean; reason: string }

export class Identity {
  private signingIn: Promise<void> | null = null;

  constructor(private readonly o: IdentityOptions) {}

  /** Fails, naming the capability, when an API belongs to one that the program does not have. */
  gate(api: string): void {
    const { gates, capabilities } = this.o.launch();
    const capability = Object.hasOwn(gates, api) ? gates[api]! : "";
    if (capability && !capabilities.includes(capability)) throw new CallFailed(`the program does not have the capability "${capability}": apply for it in the console`);
  }

  /** A code that the program's server exchanges once for who the consumer is to it. */
  login(): Promise<{ code: string }> {
    return this.asConsumer(async () => {
      const answer = (await this.ask("POST", "/login")) as { code?: unknown };
      return { code: str(answer?.code) };
    });
  }

  /** Whether the session that came of the last login still holds. Asks nobody. */
  async loggedIn(): Promise<boolean> {
    await this.o.consumer.ready();
    if (!this.o.consumer.me) return false;
    const answer = (await this.failing(this.ask("GET", "/login"))) as { valid?: unknown };
    return answer?.valid === true;
  }

  /** Whether the consumer has agreed to something, without asking them. */
  async agreed(kind: Kind): Promise<boolean> {
    await this.o.consumer.ready();
    if (!this.o.consumer.me || !this.o.launch().privacy[kind]) return false;
    return (await this.failing(this.standing(kind))).given;
  }

  /**
   * What the program may learn of a kind: by a consent that was given before, unless anew is set, else by asking the consumer.
   * words are the program's own, "" for none. deny is how the failure begins when the consumer says no.
   */
  async disclose(kind: Kind, words: string, o: { anew?: boolean; deny: string }): Promise<{ [key: string]: unknown }> {
    const { launch, overlays, asking } = this.o;
    if (!launch().privacy[kind]) throw new CallFailed(`the program has no privacy statement for "${kind}": write in the console what it is for, and release that`);
    return this.asConsumer(async (me) => {
      const standing = await this.standing(kind);
      if (!standing.allowed) {
        this.o.refused();
        throw new CallFailed(standing.reason || `"${kind}" is not open to this program`);
      }
      if (standing.given && !o.anew) return this.ask("POST", `/disclosures/${kind}`);
      const { app, name, icon, organisation } = launch();
      const purpose = standing.purpose || launch().privacy[kind]!;
      const answer = await asking.ask(() => overlays.open({ kind: "consent", what: kind, app, name, icon: icon ?? "", organisation, purpose, words, me }));
      if (answer === null) throw new CallFailed(o.deny);
      if (this.o.consumer.me?.id !== me.id) throw new CallFailed("the consumer is another one now"); // in another tab, meanwhile
      return this.ask("POST", `/consents/${kind}`, { purpose }); // what they read: a statement that changed meanwhile is not agreed to
    }) as Promise<{ [key: string]: unknown }>;
  }

  /** What was disclosed before, without asking; fails when the consumer has not agreed. */
  async known(kind: Kind): Promise<{ [key: string]: unknown }> {
    if (!(await this.agreed(kind))) throw new CallFailed("scope unauthorized");
    return (await this.failing(this.ask("POST", `/disclosures/${kind}`))) as { [key: string]: unknown };
  }

  /** A refusal from elsewhere that may mean that the program is not what it was. */
  noticed({ status }: Problem): void {
    if (status === 403 || status === 404 || status === 410) this.o.refused();
  }

  private async standing(kind: Kind): Promise<Standing> {
    const raw = (await this.ask("GET", `/consents/${kind}`)) as { [key: string]: unknown };
    return { given: raw?.given === true, purpose: str(raw?.purpose), allowed: raw?.allowed !== false, reason: str(raw?.reason) };
  }

  private ask(method: "GET" | "POST", path: string, body?: unknown): Promise<unknown> {
    const { app, ticket } = this.o.launch();
    return this.o.consumer.ask(method, `/programs/${encodeURIComponent(app)}${path}${ticket ? "?" + new URLSearchParams({ ticket }) : ""}`, body, this.o.signal);
  }

  /** Does something for a consumer who is signed in, asking them to sign in where they are not. A session that turns out to be over is asked for once more. */
  private async asConsumer<T>(act: (me: Me) => Promise<T>): Promise<T> {
    const { consumer } = this.o;
    const me = await this.signedIn();
    try {
      return await act(me);
    } catch (e) {
      if (!(e instanceof Problem && e.status === 401)) return this.failing(Promise.reject(e));
      consumer.lost();
    }
    return this.failing(this.signedIn().then(act));
  }

  private async signedIn(): Promise<Me> {
    const { consumer, asking, overlays } = this.o;
    if (!consumer.available) throw new CallFailed("this host has no account service yet");
    await consumer.ready();
    if (!consumer.me) {
      const { app, name, icon } = this.o.launch();
      // Whoever needs them signed in meanwhile waits for the same sheet.
      this.signingIn ??= asking.ask(() => overlays.open({ kind: "sign-in", program: { app, name, icon: icon ?? "" } })).then((answer) => {
        if (answer === null) throw new CallFailed("cancel");
      }).finally(() => (this.signingIn = null));
      await this.signingIn;
    }
    if (!consumer.me) throw new CallFailed("cancel"); // signed out again while the sheet closed
    return consumer.me;
  }

  /** The server's words, as the reason of a failed call. */
  private async failing<T>(p: Promise<T>): Promise<T> {
    try {
      return await p;
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      if (e.status === 401) this.o.consumer.lost();
      this.noticed(e);
      throw new CallFailed(e.message, e.errno);
    }
  }
}

