// One running mini program: the parts, put together, and what the host and the view say to them.
import type { Env, FromView, HostToWorker, MiniEvent, UnitLogic, WorkerToHost } from "../shared/protocol";
import { jdsLibrary } from "../shared/jds";
import { networkApis, pairs } from "./api/network";
import { screenApis } from "./api/screen";
import { storageApis } from "./api/storage";
import { systemApis } from "./api/system";
import { emitter } from "./channel";
import { createBars, type Bars } from "./chrome";
import { invoke } from "./event";
import { createHostLink, createSettle } from "./host";
import { createInstances, optionsOf, type Instances } from "./instance";
import { createLog, reason, type Fn, type Log } from "./log";
import { createFunction, createGlobal, createModules, join } from "./modules";
import { createOutbox } from "./outbox";
import { createPages, type OpenKind, type Pages } from "./pages";
import { createQueries } from "./query";
import { createBase } from "./self";
import { createSkeleton } from "./skeleton";
import { createUnits, type TemplateFile, type Units } from "./units";

export interface ProgramPorts {
  env: Env;
  toHost(m: WorkerToHost): void;
  /** One flush, as JSON. */
  toView(flush: string): void;
  /** Runs the text of a bundle; throws what it throws. */
  run(code: string, name: string): void;
  /** Runs fn after the current task. */
  soon(fn: () => void): void;
  /** The realm's global object, whose built-in names modules get. */
  real: Record<string, any>;
  timers: Record<"setTimeout" | "clearTimeout" | "setInterval" | "clearInterval", Fn>;
  /** ms since the program started */
  now(): number;
}

export interface Program {
  fromHost(m: HostToWorker): void;
  fromView(m: FromView): void;
  /** An error or rejection nobody caught. */
  uncaught(e: unknown): void;
  rejected(reason: unknown, promise: unknown): void;
  /** What bundles call. */
  $D(file: string, fn: Fn, packages?: Record<string, string>): void;
  $U(name: string, unit: UnitLogic): void;
  $T(file: string, make: (R: any) => TemplateFile): void;
  $S(id: string, fn: Fn): void;
  readonly stopped: boolean;
}

export function createProgram(ports: ProgramPorts): Program {
  const { env } = ports;
  let stopped = false, started = false, app: any = null, entered: Record<string, unknown> = {}, foreground = true;
  const codeErrors: string[] = [];
  const post = (m: WorkerToHost): void => {
    if (!stopped) ports.toHost(m);
  };
  const fatal = (message: string, e?: unknown): void => {
    if (stopped) return;
    // A bundle that did not run is why the rest is missing.
    if (e && codeErrors[0]) message += "; " + codeErrors[0];
    const stack = e instanceof Error ? e.stack : undefined;
    post({ ev: "fatal", message, ...(stack ? { stack } : {}) });
    stopped = true;
    out.stop();
    timers.forEach((stop) => stop());
    timers.clear();
  };

  const log: Log = createLog(post, ports.now, env.versionType === "develop");
  const modules = createModules(log);
  const units: Units = createUnits(modules, log);
  const host = createHostLink(post);
  const settle = createSettle(log);
  const listeners = emitter(log);
  const out = createOutbox({
    post: (flush) => stopped || ports.toView(flush),
    soon: ports.soon,
    options: (inst) => optionsOf(inst, units.logic(inst.unit)!.json),
    ready(inst) {
      if (inst.gone || inst.ready) return;
      inst.ready = true;
      inst.life("ready", log);
      if (!inst.owner) pages.ready(inst);
    },
    fatal,
    limit: env.limits.flush,
  });
  const instances: Instances = createInstances(units, out, log);
  const queries = createQueries(out, log, () => pages.top());
  let bars: Bars;
  const pages: Pages = createPages({ env, units, instances, out, host, log, bars: () => bars, post, now: ports.now });
  bars = createBars(env, post, () => pages.stack, (unit) => units.logic(unit)!.json);
  units.R = createSkeleton(units, instances, log, script);
  units.base = createBase({ instances, out, log, queries, now: ports.now });

  // ---- script modules of templates

  const scripts = new Map<string, Fn>(), scriptExports = new Map<string, { exports: any }>();
  function script(id: string): any {
    let m = scriptExports.get(id);
    if (!m) {
      const fn = scripts.get(id);
      if (!fn) throw new Error(`script module ${id} is not in the package`);
      scriptExports.set(id, (m = { exports: {} }));
      const dir = id.split("#")[0]!.split("/").slice(0, -1);
      fn(m, m.exports, (path: string) => script(join(dir, path)), jdsLibrary);
    }
    return m.exports;
  }

  // ---- timers, guarded and stopped with the program

  const timers = new Map<number, () => void>();
  const timer = (set: "setTimeout" | "setInterval", clear: "clearTimeout" | "clearInterval") => (fn: unknown, ms?: number, ...args: unknown[]): number => {
    if (typeof fn !== "function") throw new TypeError(`${set}: the first argument must be a function, got ${typeof fn}`);
    if (stopped) return 0;
    // Called on their own: timers of a worker refuse any other this.
    const begin = ports.timers[set], end = ports.timers[clear];
    const handle = begin(() => {
      if (set === "setTimeout") timers.delete(id);
      if (!stopped) log.guard(fn as Fn, undefined, args, `${set} callback`);
    }, ms);
    // Node's handles are objects; programs expect numbers.
    const id = Number(handle);
    timers.set(id, () => end(handle));
    return id;
  };
  const clear = (id: unknown): void => {
    timers.get(Number(id))?.();
    timers.delete(Number(id));
  };

  // ---- what modules see

  const api: Record<string, any> = {};
  Object.assign(
    api,
    systemApis({ env, host, settle, log, out, listeners, entered: () => entered, exit: () => post({ ev: "exit" }), has: (name) => Object.hasOwn(api, name) && !env.apis.absent.includes(name) }),
    storageApis(env, host, settle, log),
    networkApis(host, settle, log),
    screenApis(() => pages, () => bars, queries, settle),
  );
  const setTimeout = timer("setTimeout", "clearTimeout"), setInterval = timer("setInterval", "clearInterval");
  const g = createGlobal(ports.real, { setTimeout, setInterval, clearTimeout: clear, clearInterval: clear, console: log.console });
  g.Function = createFunction(g);
  const { App, Page, Component, Behavior } = units.register;
  modules.scope = [
    env.dialect === "jd" ? api : undefined, env.dialect === "wx" ? api : undefined, App, Page, Component, Behavior,
    () => app ?? undefined, // getApp
    () => pages.stack.map((p) => p.self), // getCurrentPages
    (name: string) => {
      throw new Error(`requirePlugin("${name}"): this platform has no plugins`);
    },
    log.console, setTimeout, clear, setInterval, clear, g.Function,
    // window, document and self stay hidden; libraries look for things on globalThis and global (mobx, weui do).
    undefined, undefined, undefined, g, g,
  ];

  // ---- the app

  units.onApp = (config) => {
    app ||= config;
  };
  /** The app hears of it, then whoever listens. */
  const tell = (event: string, ...args: unknown[]): void => {
    log.guard(app?.["on" + event], app, args, `App on${event}`);
    listeners.emit(event, ...args);
  };
  log.onError = (message) => tell("Error", message);

  async function start(): Promise<void> {
    if (started) return;
    started = true;
    const { launch } = env;
    entered = { path: launch.path, query: launch.query, scene: launch.scene, referrerInfo: launch.referrer || {} };
    const js = units.app()?.js;
    try {
      if (js) modules.require("/" + js, "");
    } catch (e) {
      if (!app) return fatal(`${js} could not be run: ${reason(e)}`, e);
    }
    app ||= {};
    tell("Launch", { ...entered });
    tell("Show", { ...entered });
    const path = launch.path.replace(/^\/+/, ""), found = Object.hasOwn(env.pages, path), { entry } = env.config;
    if (!found) log.warn(`page "${path}" is not found, opening ${entry}`);
    try {
      await pages.launch(found ? path : entry, found ? launch.query : {});
    } catch (e) {
      return fatal(reason(e), e);
    }
    if (!found) tell("PageNotFound", { path, query: launch.query, isEntryPage: true });
  }

  async function share(from: "menu" | "button", target?: unknown): Promise<void> {
    const page = pages.top();
    if (!page) return;
    const query = pairs(page.query);
    const standard = { title: bars.chrome(page).title, path: page.unit + (query ? "?" + query : "") };
    let given: any = log.guard(page.self.onShareAppMessage, page.self, [{ from, target }], `${page.unit} onShareAppMessage`) || {};
    if (typeof given.promise?.then === "function") {
      // The consumer waits: three seconds, as documented, then what is there is shared.
      const late = new Promise((done) => setTimeout(done, 3000));
      given = (await Promise.race([given.promise, late]).catch((e: unknown) => log.error(e, "onShareAppMessage"))) || given;
    }
    const message: { title: string; path: string; imageUrl?: string } = { title: String(given.title || standard.title), path: String(given.path || standard.path).replace(/^\//, "") };
    if (given.imageUrl) message.imageUrl = String(given.imageUrl);
    // Closing the sheet is the consumer's right, not an error.
    await host.call("shared", message).catch(() => {});
  }

  async function back(): Promise<void> {
    if (pages.stack.length > 1) await pages.back(1).catch((e) => log.error(e, "back"));
    else post({ ev: "exit" });
  }

  function navigate(event: MiniEvent): void {
    const d = (event.detail || {}) as { openType?: string; url?: string; delta?: number };
    const done = (p: Promise<unknown>) => p.catch((e: unknown) => log.warn(`navigator: ${reason(e)}`));
    const kinds: Record<string, OpenKind> = { redirect: "redirectTo", switchTab: "switchTab", reLaunch: "reLaunch" };
    if (d.openType === "exit") post({ ev: "exit" });
    else done(d.openType === "navigateBack" ? pages.back(d.delta) : pages.open(kinds[d.openType!] || "navigateTo", d.url));
  }

  function fromHost(m: HostToWorker): void {
    if (stopped) return;
    if ("code" in m) {
      try {
        ports.run(m.code, m.name);
      } catch (e) {
        codeErrors.push(`${m.name}: ${e}`);
        log.error(e, m.name);
      }
      return;
    }
    if (host.receive(m) || !("ev" in m)) return;
    switch (m.ev) {
      case "start": return void start();
      case "ping": return post({ ev: "pong", n: m.n });
      case "back": return void back();
      case "home": return void pages.open("reLaunch", "/" + env.config.entry).catch((e) => log.error(e, "home"));
      case "tab": return void pages.tabTapped(m.index);
      case "share": return void share("menu");
      case "show":
      case "hide": {
        const on = m.ev === "show";
        if (on === foreground || !started) return;
        foreground = on;
        if (!on) {
          pages.visible(false);
          return tell("Hide");
        }
        entered = { ...entered, ...(m.data as object) };
        tell("Show", { ...entered });
        return pages.visible(true);
      }
      case "network": return tell("NetworkStatusChange", m.data);
      case "memory": return tell("MemoryWarning", m.data);
      case "theme":
        env.system.theme = (m.data as { theme: "light" | "dark" }).theme;
        return tell("ThemeChange", m.data);
      case "resize":
        Object.assign(env.system, (m.data as { size: object }).size);
        return tell("WindowResize", m.data);
    }
  }

  function fromView(m: FromView): void {
    if (stopped) return;
    if ("a" in m) return out.acked(m.a);
    if ("e" in m) {
      for (const [id, handler, event] of m.e) {
        const inst = instances.all.get(id);
        if (handler === "$navigate") navigate(event);
        else if (handler === "$share") void share("button", event.target);
        else if (inst) invoke(inst, handler, event, log);
      }
    } else if ("p" in m) pages.hook(m.p);
    else if ("q" in m) queries.answered(m.q, m.r);
    else if ("x" in m) queries.answered(...m.x);
    else if ("v" in m) queries.answered(...m.v);
    else if ("w" in m) {
      const inst = instances.all.get(m.w[0]);
      if (inst) instances.change(inst, [[m.w[1], m.w[2]]], "view");
    } else if ("err" in m) log.write("error", [m.err.message + ` (in the page, ${m.err.where})`], m.err.stack);
  }

  return {
    fromHost, fromView,
    uncaught: (e) => log.error(e, ""),
    rejected(reason, promise) {
      log.write("error", ["Uncaught (in promise)", reason], reason instanceof Error ? reason.stack : undefined);
      tell("UnhandledRejection", { reason, promise });
    },
    $D: modules.define,
    $U: (name, unit) => units.add(name, unit),
    $T: (file, make) => units.addTemplate(file, make),
    $S: (id, fn) => void scripts.set(id, fn),
    get stopped() {
      return stopped;
    },
  };
}
