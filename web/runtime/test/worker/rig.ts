// A program on a bench: a fake host that records and answers, a fake view that mirrors flushes and acknowledges them.
import { mark, setAt } from "../../src/shared/change";
import { ABSENT, HOSTED } from "../../src/shared/apis";
import type { Chrome, Env, Flush, FromView, InstanceOptions, MiniEvent, Op, TabBar, UnitLogic, WorkerToHost } from "../../src/shared/protocol";
import { tabBarOf } from "../../src/shared/tabbar";
import { createProgram, type Program } from "../../src/worker/program";

export interface Seen { id: number; parent: number; place: string; unit: string; data: any; options: InstanceOptions }

export class Rig {
  readonly program: Program;
  readonly env: Env;
  /** everything the host was sent, in order */
  host: WorkerToHost[] = [];
  flushes: Flush[] = [];
  /** instances as the view knows them */
  seen = new Map<number, Seen>();
  shown = 0;
  chrome: Chrome | null = null;
  tabBar: TabBar | null = null;
  logs: { level: string; text: string; stack?: string }[] = [];
  fatal: string | null = null;
  /** false: the test acknowledges by hand */
  autoAck = true;
  /** answers of host APIs by name; missing ones answer with nothing */
  apis: Record<string, (arg: any, id: number) => unknown> = {};
  calls: { api: string; arg: any; id: number }[] = [];
  tasks: { id: number; task: string; arg: unknown }[] = [];
  clock = 0;
  private due = 0;

  constructor(env: Partial<Env> & { dialect?: "jd" | "wx" } = {}) {
    this.env = {
      app: "shop", version: "1.0.0", versionType: "develop", dialect: "jd", config: { pages: ["pages/a/a"], entry: "pages/a/a", window: {}, subPackages: [] },
      pages: { "pages/a/a": { pkg: "" } }, launch: { path: "pages/a/a", query: {}, scene: 1001 },
      system: {
        brand: "b", model: "m", pixelRatio: 2, screenWidth: 375, screenHeight: 812, windowWidth: 375, windowHeight: 724, statusBarHeight: 44, language: "zh_CN", version: "8", system: "x 1",
        platform: "devtools", fontSizeSetting: 16, SDKVersion: "3.0.0", theme: "light", safeArea: { left: 0, right: 375, top: 44, bottom: 812, width: 375, height: 768 },
        menuButton: { width: 87, height: 32, top: 50, right: 368, bottom: 82, left: 281 },
      },
      bars: [88, 84], tabBar: env.config ? tabBarOf(env.config) : null, storage: {}, limits: { storage: 10 << 20, flush: 4 << 20 }, apis: { hosted: HOSTED, absent: ABSENT }, ...env,
    };
    this.program = createProgram({
      env: this.env,
      toHost: (m) => this.fromWorker(structuredClone(m)),
      toView: (f) => this.flushed(JSON.parse(f) as Flush),
      run: (code) => new Function("$D", "$U", "$T", "$S", code)(this.program.$D, this.program.$U, this.program.$T, this.program.$S),
      soon: (fn) => this.soon(fn),
      real: globalThis as any,
      timers: globalThis,
      now: () => this.clock,
    });
  }

  /** Registers a page or component whose script is `script`, as a bundle would. */
  unit(name: string, script: (scope: any) => void, unit: Partial<UnitLogic> = {}, template?: (R: any) => any): this {
    const { program } = this;
    program.$D(name + ".js", (...params: any[]) => {
      const [module, exports, require, jd, wx, App, Page, Component, Behavior, getApp, getCurrentPages, requirePlugin, console, setTimeout, clearTimeout, setInterval, clearInterval, Function] = params;
      script({ module, exports, require, jd, wx, App, Page, Component, Behavior, getApp, getCurrentPages, requirePlugin, console, setTimeout, clearTimeout, setInterval, clearInterval, Function, params });
    });
    program.$U(name, { kind: name === "app" ? "app" : name.startsWith("pages/") ? "page" : "component", js: name + ".js", ...(template ? { tpl: name + ".jxml" } : {}), json: {}, using: {}, ...unit });
    if (template) program.$T(name + ".jxml", (R) => ({ b: template(R), t: {}, i: [] }));
    return this;
  }

  async start(): Promise<this> {
    this.program.fromHost({ ev: "start" });
    return this.turn();
  }

  /** Lets everything that is due happen. */
  async turn(): Promise<this> {
    for (let idle = 0; idle < 3; idle = this.due ? 0 : idle + 1) await new Promise((done) => setImmediate(done));
    return this;
  }
  private soon(fn: () => void): void {
    this.due++;
    setImmediate(() => {
      this.due--;
      fn();
    });
  }

  view(m: FromView): void {
    this.program.fromView(m);
  }
  event(id: number, handler: string, type = "tap", detail: unknown = {}): void {
    const target = { id: "", dataset: {}, offsetLeft: 0, offsetTop: 0 };
    this.view({ e: [[id, handler, { type, timeStamp: 0, detail, target, currentTarget: target } satisfies MiniEvent]] });
  }
  ack(n: number): void {
    this.view({ a: n });
  }

  /** The newest live instance of a unit. */
  of(unit: string): Seen {
    const found = [...this.seen.values()].filter((s) => s.unit === unit);
    if (!found.length) throw new Error(`the view knows no ${unit}; it knows ${[...this.seen.values()].map((s) => s.unit).join(", ")}`);
    return found[found.length - 1]!;
  }
  all(unit: string): Seen[] {
    return [...this.seen.values()].filter((s) => s.unit === unit);
  }
  ops<K extends Op[0]>(kind: K): Extract<Op, [K, ...any[]]>[] {
    return this.flushes.flatMap((f) => f.o).filter((o) => o[0] === kind) as any;
  }
  errors(): string[] {
    return this.logs.filter((l) => l.level === "error").map((l) => l.text);
  }
  warnings(): string[] {
    return this.logs.filter((l) => l.level === "warn").map((l) => l.text);
  }

  private flushed(f: Flush): void {
    this.flushes.push(f);
    for (const op of f.o) {
      if (op[0] === "n") {
        if (op[2] && !this.seen.has(op[2])) throw new Error(`${op[4]} came before its parent`);
        this.seen.set(op[1], { id: op[1], parent: op[2], place: op[3], unit: op[4], data: structuredClone(op[5]), options: op[6] });
      } else if (op[0] === "u") {
        const s = this.seen.get(op[1]);
        if (!s) throw new Error(`data for instance ${op[1]}, which the view does not know`);
        for (const [path, value] of op.slice(2) as any[]) {
          mark(undefined, path);
          setAt(s.data, path, value);
        }
      } else if (op[0] === "d") this.seen.delete(op[1]);
      else if (op[0] === "t") this.shown = op[2];
    }
    if (this.autoAck) this.soon(() => this.ack(f.s));
  }

  private fromWorker(m: WorkerToHost): void {
    this.host.push(m);
    if ("api" in m) {
      this.calls.push({ api: m.api, arg: m.arg, id: m.id });
      this.soon(() => {
        try {
          const answer = this.apis[m.api]?.(m.arg, m.id);
          if (answer !== later) this.program.fromHost({ id: m.id, ok: answer ?? {} });
        } catch (e) {
          this.program.fromHost({ id: m.id, err: { message: (e as Error).message } });
        }
      });
    } else if ("task" in m) this.tasks.push(m as any);
    else if (m.ev === "chrome") this.chrome = m.chrome;
    else if (m.ev === "tabbar") this.tabBar = m.tabbar;
    else if (m.ev === "log") this.logs.push({ level: m.level, text: m.args.join(" "), stack: m.stack });
    else if (m.ev === "fatal") this.fatal = m.message;
  }
}

/** Answer of a fake API that the test gives by hand. */
export const later = Symbol("later");
