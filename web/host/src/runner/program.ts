// One open program: fetches it, starts its sandbox, carries its messages, and ends it without leaving anything behind.
import type { Chrome, FrameBoot, HostToView, HostToWorker, TabBar } from "../../../runtime/src/shared/protocol";
import { CallFailed } from "../bridge/arguments";
import { Asking, tappedAnywhere, tappedInProgram } from "../bridge/asking";
import { Bridge, type Context } from "../bridge/bridge";
import { press } from "../bridge/buttons";
import { calls } from "../bridge/calls";
import { followNetwork } from "../bridge/device";
import { picturable } from "../bridge/domains";
import { mustNotBeLost } from "../bridge/storage";
import { consumer } from "../consumer";
import { Problem, reach } from "../fetching";
import type { Overlays } from "../ui/overlays";
import { deviceWords } from "../words/device";
import { runnerWords } from "../words/runner";
import { Code } from "./code";
import { bootEnv, type Geometry, type Start } from "./env";
import { Rate, Watchdog } from "./guard";
import { Identity } from "./identity";
import { fetchLaunch, fileAddress, type Launch } from "./launch";
import { readChrome, readTabBar } from "./messages";
import { openStore, type Store } from "./storage";

export interface Failure {
  /** ticket: an invitation to a version that is not released does not open it; suspended: the platform has stopped the program */
  kind: "missing" | "unreachable" | "unavailable" | "boot" | "fatal" | "flood" | "left" | "version" | "ticket" | "suspended";
  message: string;
  stack?: string;
  /** how the code begins that was running, when there is no stack */
  code?: string;
}

export interface LogEntry {
  level: "debug" | "info" | "log" | "warn" | "error";
  text: string;
  stack?: string;
  /** how the code begins that the entry is about, when there is no stack */
  code?: string;
}

/** The screen a program is shown on. */
export interface Screen {
  /** Element that gets the sandbox's iframe. */
  readonly stage: HTMLElement;
  readonly overlays: Overlays;
  geometry(): Geometry;
  theme(): "light" | "dark";
  launched(launch: Launch): void;
  chrome(chrome: Chrome): void;
  tabBar(bar: TabBar | null): void;
  /** The first page has content: the splash can go. */
  painted(): void;
  failed(failure: Failure): void;
  /** The program answers no longer, or again. */
  silent(yes: boolean): void;
  log(entry: LogEntry): void;
  /** The program wants to close itself. */
  exit(): void;
  /** The program wants another address of this host. */
  leave(address: string): void;
  /** Shows what the program is, until the consumer closes that. */
  about(): Promise<void>;
}

/** ms the sandbox may take to say hello, and a running program to answer. */
const helloWithin = 15_000, answerWithin = 5_000;
/** ms between looks at whether the program may still run, and the least between two that something gave reason for */
const lookEvery = 60_000, lookAgain = 2_000;
// A page that redraws at 60 Hz and calls the host each time stays well below the soft limit; nothing useful comes near the hard one.
const fromWorker = { soft: 300, hard: 3000 }, fromView = { soft: 100, hard: 1000 };
/** lines a second; the worker keeps to fewer by itself */
const logLines = { soft: 200, hard: Infinity };
const bridgeLimits = { argument: 32 << 20, running: 100 };

export class Program {
  launch: Launch | null = null;
  /** what it asked for, and the answer */
  readonly asked = new Map<"clipboard", boolean>();
  private readonly over = new AbortController();
  private readonly workerRate = new Rate(fromWorker, () => performance.now());
  private readonly viewRate = new Rate(fromView, () => performance.now());
  private readonly logRate = new Rate(logLines, () => performance.now());
  private worker: MessagePort | null = null;
  private view: MessagePort | null = null;
  private frame: HTMLIFrameElement | null = null;
  private code: Code | null = null;
  private bridge: Bridge | null = null;
  private storage: Store | null = null;
  private top = "";
  private refused = 0;
  /** What the program was doing when it was last heard of; only a developer's does say. */
  private doing: { where: string; code: string } | null = null;
  /** the geometry that was told last */
  private sized = "";
  private identity: Identity | null = null;
  private looked = -Infinity;
  private looking = false;

  constructor(readonly app: string, private readonly start: Start & { ticket: string }, private readonly screen: Screen) {}

  get closed(): boolean {
    return this.over.signal.aborted;
  }

  /** Opens the program. Never rejects: what goes wrong is told to the screen. */
  async open(): Promise<void> {
    const { signal } = this.over;
    try {
      const launch = await fetchLaunch(this.app, this.start.ticket, signal);
      if (this.closed) return;
      this.launch = launch;
      this.screen.launched(launch);
      const code = new Code(launch, {
        worker: (c) => this.worker?.postMessage(c satisfies HostToWorker),
        view: (c) => this.view?.postMessage(c satisfies HostToView),
        text: async (address) => (await reach(address, { signal })).text(),
      });
      this.code = code;
      const first = code.has(this.start.path) ? this.start.path : launch.entry; // the worker tells the program of a page not found
      code.prefetch(first);
      const [runtime, stored] = await Promise.all([
        reach(fileAddress(launch, launch.runtime.worker), { signal }).then((r) => r.text()),
        this.openStorage(launch),
        this.sayHello(launch),
      ]);
      if (this.closed) return;
      this.boot(launch, runtime, stored);
      await code.load(first);
      this.toWorker({ ev: "start" });
      this.keepWatch();
    } catch (e) {
      if (!this.closed) this.fail(failureOf(e, this.start.ticket !== ""));
    }
  }

  back(): void { this.toWorker({ ev: "back" }); }
  home(): void { this.toWorker({ ev: "home" }); }
  tab(index: number): void { this.toWorker({ ev: "tab", index }); }
  share(): void { this.toWorker({ ev: "share" }); }

  /** The stage may have another size. */
  resized(): void {
    const g = this.screen.geometry();
    const size = JSON.stringify(g);
    if (size === this.sized || !this.worker) return;
    this.sized = size;
    this.toView({ viewport: { width: g.windowWidth, height: g.windowHeight, bottom: g.safeBottom } });
    this.toWorker({ ev: "resize", data: { size: { windowWidth: g.windowWidth, windowHeight: g.windowHeight, screenWidth: g.screenWidth, screenHeight: g.screenHeight } } });
  }

  themed(theme: "light" | "dark"): void {
    this.toWorker({ ev: "theme", data: { theme } });
  }

  /** Ends the program: sandbox, ports, sockets, timers, requests. Again is harmless. */
  close(): void {
    if (this.closed) return;
    this.over.abort(); // everything that was started with the signal ends here
    this.worker?.close();
    this.view?.close();
    this.frame?.remove(); // the worker dies with the document that started it
    this.storage?.close();
    this.screen.overlays.clear();
  }

  private async openStorage(launch: Launch): Promise<Record<string, string>> {
    const owner = launch.versionType === "release" ? launch.app : `${launch.app}#${launch.versionType}`;
    const store = await openStore(owner, launch.limits.storage);
    if (this.closed) store.close();
    else this.storage = store;
    return store.all();
  }

  /** Adds the sandbox and waits until its document says it is there. */
  private sayHello(launch: Launch): Promise<void> {
    return new Promise((resolve, reject) => {
      const frame = document.createElement("iframe");
      frame.setAttribute("sandbox", "allow-scripts");
      frame.setAttribute("allow", ""); // no camera, microphone, position or payment behind the host's back
      frame.referrerPolicy = "no-referrer";
      frame.title = launch.name;
      const { signal } = this.over;
      const timer = setTimeout(() => reject(new BootFailed(`the sandbox document ${launch.frame} did not say hello within ${helloWithin / 1000} s`)), helloWithin);
      signal.addEventListener("abort", () => clearTimeout(timer));
      window.addEventListener("message", (e) => {
        if (e.source !== frame.contentWindow || e.source === null || (e.data as { mm?: unknown } | null)?.mm !== "hello") return;
        clearTimeout(timer);
        resolve(); // a second hello resolves nothing twice
      }, { signal });
      let loads = 0;
      frame.addEventListener("load", () => {
        // The sandbox may not be navigated by us, and so by nobody: what loads second is not the runtime.
        if (++loads > 1 && !this.closed) this.fail({ kind: "left", message: "the sandbox was navigated to another document" });
      }, { signal });
      frame.src = new URL(launch.frame, location.origin).href;
      this.frame = frame;
      this.screen.stage.append(frame);
    });
  }

  private boot(launch: Launch, runtime: string, stored: Record<string, string>): void {
    const view = new MessageChannel(), worker = new MessageChannel();
    this.view = view.port1;
    this.worker = worker.port1;
    this.identity = new Identity({
      launch: () => launch, overlays: this.screen.overlays, consumer, asking: new Asking(tappedInProgram), signal: this.over.signal,
      refused: () => void this.look(lookAgain),
    });
    this.bridge = new Bridge(calls, this.context(launch), (m) => this.toWorker(m), bridgeLimits, (message) => this.tellDeveloper(message));
    this.view.onmessage = (e) => this.fromView(e.data);
    this.worker.onmessage = (e) => this.fromWorker(e.data);
    const assets: Record<string, string> = {};
    for (const [path, name] of Object.entries(launch.assets)) assets[path] = fileAddress(launch, name);
    const env = bootEnv(launch, this.start, stored, this.screen.geometry(), this.screen.theme());
    const message: FrameBoot = { mm: "boot", worker: runtime, env, assets };
    // "*": an opaque origin has no name to address. The window is ours by identity, and a document that replaced the runtime is noticed by its load.
    this.frame!.contentWindow!.postMessage(message, "*", [view.port2, worker.port2]);
    const g = this.screen.geometry();
    this.sized = JSON.stringify(g);
    this.toView({ viewport: { width: g.windowWidth, height: g.windowHeight, bottom: g.safeBottom } });
  }

  private keepWatch(): void {
    const { signal } = this.over;
    const dog = new Watchdog({
      ping: (n) => this.toWorker({ ev: "ping", n }),
      silent: () => {
        const { message, ...code } = this.said(`the program has not answered for ${answerWithin / 1000} s`);
        this.log({ level: "error", text: message, ...code });
        this.screen.silent(true);
      },
      back: () => this.screen.silent(false),
      now: () => performance.now(),
      silence: answerWithin,
    });
    this.pong = (n) => dog.pong(n);
    const timer = setInterval(() => document.hidden ? dog.rest() : dog.tick(), 1000);
    signal.addEventListener("abort", () => clearInterval(timer));
    const looks = setInterval(() => document.hidden || void this.look(0), lookEvery);
    signal.addEventListener("abort", () => clearInterval(looks));
    document.addEventListener("visibilitychange", () => {
      dog.rest();
      if (!document.hidden && performance.now() - this.looked > lookEvery) void this.look(0);
      this.toWorker({ ev: document.hidden ? "hide" : "show" });
    }, { signal });
    followNetwork((data) => this.toWorker({ ev: "network", data }), signal);
    this.followKeyboard(signal);
  }

  /** Tells the view how much of it an on-screen keyboard covers, so that it can lift the input that has the focus. */
  private followKeyboard(signal: AbortSignal): void {
    const screen = window.visualViewport;
    if (!screen) return;
    let last = 0;
    screen.addEventListener("resize", () => {
      const covered = screen.scale > 1.01 ? 0 : Math.max(0, Math.round(window.innerHeight - screen.height)); // a pinched page is no keyboard
      const height = covered < 80 ? 0 : covered; // browser bars that come and go are none either
      if (height === last) return;
      last = height;
      this.toView({ ev: "keyboard", data: height });
    }, { signal });
  }

  /**
   * Looks whether the program may still run and what it is granted now, once the last look is ms old. What it has been granted or has
   * lost holds from then on; a program that was stopped on the platform ends.
   */
  private async look(ms: number): Promise<void> {
    if (this.looking || !this.launch) return;
    this.looking = true;
    const wait = this.looked + ms - performance.now();
    if (wait > 0) await new Promise((done) => setTimeout(done, wait));
    if (this.closed) return;
    try {
      const { capabilities, gates } = await fetchLaunch(this.app, this.start.ticket, this.over.signal);
      Object.assign(this.launch, { capabilities, gates });
    } catch (e) {
      if (!this.closed && e instanceof Problem && [401, 403, 404, 410].includes(e.status)) this.fail(failureOf(e, this.start.ticket !== "", true));
    } finally {
      this.looked = performance.now();
      this.looking = false;
    }
  }

  private pong: (n: number) => void = () => {};

  private fromWorker(data: unknown): void {
    const verdict = this.workerRate.hit();
    if (verdict === "stop") return this.flood(`more than ${fromWorker.hard} messages in a second`);
    const m = data as { id?: unknown; api?: unknown; arg?: unknown; task?: unknown; ev?: unknown; [key: string]: unknown } | null;
    if (m === null || typeof m !== "object") return;
    if (typeof m.id === "number") {
      if (typeof m.task === "string") return this.bridge?.operate(m.id, m.task, m.arg);
      if (verdict === "slow" && !mustNotBeLost(m.api)) {
        if (this.refused++ === 0) this.log({ level: "warn", text: `more than ${fromWorker.soft} host calls in a second: those above are refused` });
        return this.bridge?.refuse(m.id, m.api, `too frequent: at most ${fromWorker.soft} calls a second`);
      }
      void this.bridge?.call(m.id, m.api, m.arg);
      return;
    }
    switch (m.ev) {
      case "chrome": {
        const chrome = readChrome(m.chrome);
        if (!chrome) return;
        this.top = chrome.page;
        return this.screen.chrome(chrome);
      }
      case "tabbar":
        return this.screen.tabBar(readTabBar(m.tabbar, (src) => this.picture(src)));
      case "log":
        if (this.logRate.hit() === "ok") this.log(readLog(m)); // busy or not, the developer hears why
        return;
      case "in":
        this.doing = { where: String(m.where).slice(0, 200), code: String(m.code).slice(0, 300) };
        return;
      case "lost":
        return this.lost();
      case "ready":
        return this.screen.painted();
      case "exit":
        return this.screen.exit();
      case "pong":
        if (typeof m.n === "number") this.pong(m.n);
        return;
      case "fatal": {
        const stack = typeof m.stack === "string" ? m.stack.slice(0, 20_000) : undefined;
        return this.fail({ kind: "fatal", message: String(m.message).slice(0, 5000), ...(stack ? { stack } : {}) });
      }
    }
  }

  private fromView(data: unknown): void {
    if (this.viewRate.hit() === "stop") return this.flood(`its pages sent more than ${fromView.hard} messages in a second`);
    const m = data as { need?: unknown; painted?: unknown; ev?: unknown; [key: string]: unknown } | null;
    if (m === null || typeof m !== "object") return;
    if (typeof m.need === "string") {
      const name = m.need.slice(0, 60);
      this.code?.builtin(name).catch((e: unknown) => {
        if (!this.closed) this.log({ level: "error", text: `component module "${name}": ${e instanceof Error ? e.message : String(e)}` });
      });
    } else if (typeof m.painted === "number") {
      performance.mark("minimart-painted", { detail: { app: this.app, frame: m.painted } });
      this.screen.painted();
    } else if (m.ev === "error") {
      if (this.logRate.hit() === "ok") this.log({ level: "error", text: String(m.message).slice(0, 5000), ...(typeof m.stack === "string" ? { stack: m.stack.slice(0, 20_000) } : {}) });
    } else if (m.ev === "lost") {
      this.lost();
    } else if (m.ev === "ask" && typeof m.id === "number" && typeof m.openType === "string" && this.pressable) {
      const { id } = m;
      void press(m.openType, this.pressable, (message) => this.tellDeveloper(message)).then((detail) => this.toView({ ev: "asked", data: { id, detail } }));
    } else if (m.ev === "preview" && Array.isArray(m.urls)) {
      const urls = m.urls.slice(0, 100).flatMap((u) => (typeof u === "string" ? (this.picture(u) ?? []) : []));
      const at = Math.max(0, urls.indexOf(this.picture(String(m.current)) ?? ""));
      if (urls.length > 0) this.screen.overlays.open({ kind: "gallery", urls, at }).catch(() => {}); // too many open: nothing to show
    }
  }

  private context(launch: Launch): Context {
    return (this.pressable = {
      launch, identity: this.identity!, asked: this.asked, showAbout: () => this.showAbout(), overlays: this.screen.overlays, storage: this.storage!, signal: this.over.signal,
      page: () => this.top || launch.entry,
      load: (page) => this.code!.load(page),
      openProgram: (address) => this.screen.leave(address),
      picture: (src) => this.picture(src),
      allowed: async (thing) => {
        const before = this.asked.get(thing);
        if (before !== undefined) return before;
        const t = deviceWords();
        const yes = await this.screen.overlays.open({ kind: "modal", title: "", content: t.clipboard(launch.name), cancel: t.deny, confirm: t.allow });
        this.asked.set(thing, yes !== null);
        return yes !== null;
      },
    });
  }
  private pressable: Context | null = null;

  /** The program wants to show its settings: once at a time, upon a tap, and not over a question. */
  private readonly abouts = new Asking(tappedInProgram);
  private async showAbout(): Promise<void> {
    if (this.screen.overlays.questioning) throw new CallFailed("the consumer is being asked something: wait for the answer");
    if (!tappedAnywhere()) throw new CallFailed("can only be invoked by user TAP gesture");
    await this.abouts.ask(async () => {
      await this.screen.about();
      return null;
    });
  }

  /** A developer should not have to add a fail callback to learn why nothing happens. */
  private tellDeveloper(message: string): void {
    if (this.launch?.versionType === "develop" && this.logRate.hit() === "ok") this.log({ level: "warn", text: message });
  }

  private picture(src: string): string | null {
    if (/^[a-z][a-z0-9+.-]*:/i.test(src)) return this.launch && picturable(src, this.launch.domains);
    const path = src.replace(/^\/+/, "");
    const name = this.launch && Object.hasOwn(this.launch.assets, path) ? this.launch.assets[path] : undefined;
    return name === undefined ? null : fileAddress(this.launch!, name);
  }

  private log(entry: LogEntry): void {
    this.screen.log(entry);
  }

  /** A page the consumer has asked for does not come. */
  private lost(): void {
    this.screen.overlays.showToast({ title: runnerWords().lost, icon: "none", image: null, mask: false }, 2500);
  }

  private flood(message: string): void {
    this.fail({ kind: "flood", ...this.said(message) });
  }

  /** What went wrong, with what was running, as far as it is known. */
  private said(message: string): { message: string; code?: string } {
    return this.doing ? { message: `${message}, since it entered ${this.doing.where}`, code: this.doing.code } : { message };
  }

  private fail(failure: Failure): void {
    if (this.closed) return;
    this.close(); // nothing of a failed program goes on running behind its error page
    this.screen.failed(failure);
  }

  private toWorker(m: HostToWorker): void {
    if (!this.closed) this.worker?.postMessage(m);
  }

  private toView(m: HostToView): void {
    if (!this.closed) this.view?.postMessage(m);
  }
}

class BootFailed extends Error {}

/** ran: the program was open already. */
function failureOf(e: unknown, byTicket: boolean, ran = false): Failure {
  if (e instanceof BootFailed) return { kind: "boot", message: e.message };
  if (e instanceof Problem) {
    const { message } = e;
    if (byTicket && e.status >= 400 && e.status < 500) return { kind: "ticket", message };
    if (ran || e.status === 403) return { kind: "suspended", message };
    return e.status === 404 ? { kind: "missing", message } : e.status === 0 ? { kind: "unreachable", message } : e.status >= 500 ? { kind: "unavailable", message } : { kind: "boot", message };
  }
  const message = e instanceof Error ? e.message : String(e);
  return { kind: message.startsWith("launch manifest:") ? "version" : "boot", message };
}

function readLog(m: { [key: string]: unknown }): LogEntry {
  const levels = ["debug", "info", "log", "warn", "error"] as const;
  const level = levels.find((l) => l === m.level) ?? "log";
  const args = Array.isArray(m.args) ? m.args.slice(0, 100).map(String) : [];
  const text = args.join(" ").slice(0, 20_000);
  return typeof m.stack === "string" ? { level, text, stack: m.stack.slice(0, 20_000) } : { level, text };
}
