// The page stack: opening, closing, tabs kept alive, and what pages hear of it.
import type { Env, FromView, WorkerToHost } from "../shared/protocol";
import type { Bars } from "./chrome";
import { channelPair, emitter, type EventChannel } from "./channel";
import type { HostLink } from "./host";
import type { Instance, Instances } from "./instance";
import { createRate, reason, type Log } from "./log";
import { join } from "./modules";
import type { Outbox } from "./outbox";
import type { Units } from "./units";

export type OpenKind = "navigateTo" | "redirectTo" | "reLaunch" | "switchTab";
const deepestStack = 10;
/** Pages a second: two that lead to one another would keep the consumer from both. */
const openings = 20;
type Hook = Extract<FromView, { p: unknown }>["p"];

export interface Pages {
  stack: Instance[];
  top(): Instance | undefined;
  open(kind: OpenKind, url: unknown, events?: Record<string, (...args: any[]) => void>): Promise<any>;
  back(delta?: number): Promise<any>;
  /** First page; resolves when it is made. */
  launch(path: string, query: Record<string, string>): Promise<void>;
  hook(m: Hook): void;
  visible(shown: boolean): void;
  tabTapped(index: number): Promise<void>;
  /** A page's first flush was applied. */
  ready(page: Instance): void;
}

export interface PagePorts {
  env: Env; units: Units; instances: Instances; out: Outbox; host: HostLink; log: Log; bars: () => Bars;
  post(m: WorkerToHost): void;
  now(): number;
}

/** `pages/a/b?x=1`, `/pages/…`, or relative to the page that asks. */
export function parseUrl(url: string, from: string, decode: boolean): { path: string; query: Record<string, string> } {
  const at = url.indexOf("?"), path = at < 0 ? url : url.slice(0, at), query: Record<string, string> = {};
  const clear = (s: string): string => {
    try {
      return decode ? decodeURIComponent(s) : s;
    } catch {
      return s; // a lone % is what the program meant
    }
  };
  for (const [, key, value] of (at < 0 ? "" : url.slice(at + 1)).replace(/#.*/, "").matchAll(/([^=&]*)=?([^&]*)/g)) {
    if ((key || value) && key !== "__proto__") query[clear(key!)] = clear(value!);
  }
  return { path: join(from.split("/").slice(0, -1), path.replace(/\.html$/, "")), query };
}

export function createPages({ env, units, instances, out, host, log, bars, post, now }: PagePorts): Pages {
  const tabs = new Map<string, Instance>(), loaded = new Set<string>();
  let stack: Instance[] = [], queue: Promise<unknown> = Promise.resolve(), foreground = true, first = true;

  const mayOpen = createRate(openings, now);
  const top = () => stack[stack.length - 1];
  const isTab = (path: string) => bars().tabIndex(path) >= 0;
  const call = (page: Instance, name: string, ...args: unknown[]) => log.guard(page.self[name], page.self, args, `${page.unit} ${name}`);

  function show(page: Instance): void {
    if (!foreground || page.shown || page.gone) return;
    page.shown = true;
    call(page, "onShow");
    instances.tellPage(page, "show", []);
  }
  function hide(page: Instance | undefined): void {
    if (!page?.shown) return;
    page.shown = false;
    call(page, "onHide");
    instances.tellPage(page, "hide", []);
  }
  function unload(page: Instance): void {
    tabs.delete(page.unit);
    call(page, "onUnload");
    instances.destroy(page);
  }

  /** One navigation after the other: a page must have been opened before the next can be put on it. */
  function serial<T>(work: () => Promise<T>): Promise<T> {
    const p = queue.then(work);
    queue = p.catch(() => {});
    return p;
  }

  async function prepare(path: string): Promise<void> {
    const failed = (what: string) => (e: any) => {
      post({ ev: "lost" });
      // The stack says where.
      throw Object.assign(new Error(`${path} could not be ${what}: ${reason(e).replace(/^load:fail /, "")}`), { stack: e?.stack });
    };
    if (!loaded.has(path)) await host.call("load", { page: path }).catch(failed("loaded"));
    loaded.add(path);
    try {
      units.definition(path);
    } catch (e) {
      failed("started")(e);
    }
  }

  function make(path: string, query: Record<string, string>, how: "push" | "replace" | "tab" | "relaunch", opener?: EventChannel): Instance {
    const page = instances.create(path, null, null, query);
    page.channel = opener || emitter(log);
    stack.push(page);
    if (isTab(path)) tabs.set(path, page);
    out.op(["t", how, page.id]);
    bars().refresh(); // a page asks for the window's height as soon as it loads
    instances.attach(page);
    call(page, "onLoad", query);
    show(page);
    bars().refresh();
    return page;
  }

  function check(kind: OpenKind, url: unknown): { path: string; query: Record<string, string> } {
    if (typeof url !== "string" || !url) throw new Error(`url must be a page's path, got ${JSON.stringify(url)}`);
    const to = parseUrl(url, top()?.unit || "", env.dialect === "jd");
    if (!Object.hasOwn(env.pages, to.path)) throw new Error(`page "${to.path}" is not found in app.json`);
    const tab = isTab(to.path);
    if (kind !== "reLaunch" && tab !== (kind === "switchTab")) throw new Error(`can not ${kind} "${to.path}", ${tab ? "a tabbar page; use switchTab" : "no tabbar page; use navigateTo"}`);
    return to;
  }

  const pages: Pages = {
    get stack() {
      return stack;
    },
    top,
    open: (kind, url, events) =>
      serial(async () => {
        const { path, query } = check(kind, url);
        if (!mayOpen()) throw new Error(`more than ${openings} pages in a second`);
        if (kind === "navigateTo" && stack.length >= deepestStack) throw new Error(`webview count limit exceed: ${deepestStack} pages are open; use redirectTo`);
        await prepare(path);
        if (kind === "navigateTo") {
          const [mine, theirs] = channelPair(log);
          for (const k in events || {}) mine.on(k, events![k]!);
          hide(top());
          make(path, query, "push", theirs);
          return { eventChannel: mine };
        }
        if (kind === "redirectTo") {
          const old = stack.pop();
          if (old) unload(old);
          make(path, query, "replace");
        } else if (kind === "reLaunch") {
          const old = [...stack.slice().reverse(), ...[...tabs.values()].filter((t) => !stack.includes(t))];
          stack = [];
          old.forEach(unload);
          make(path, query, "relaunch");
        } else if (top()?.unit !== path) {
          // Pages that close hear onUnload alone.
          if (top() && isTab(top()!.unit)) hide(top());
          stack.slice().reverse().forEach((p) => isTab(p.unit) || unload(p));
          stack = [];
          const kept = tabs.get(path);
          if (kept) {
            stack.push(kept);
            out.op(["t", "tab", kept.id]);
            bars().refresh();
            show(kept);
          } else make(path, {}, "tab");
        }
        return {};
      }),
    back: (delta = 1) =>
      serial(async () => {
        if (stack.length < 2) throw new Error("cannot navigate back at first page.");
        const n = Math.min(Math.max(1, Math.floor(Number(delta)) || 1), stack.length - 1);
        const closed = stack.splice(stack.length - n).reverse();
        out.op(["t", "pop", top()!.id]);
        closed.forEach(unload);
        bars().refresh();
        show(top()!);
        return {};
      }),
    launch: (path, query) =>
      serial(async () => {
        // The host sent the first page's code before it said start.
        if (first) loaded.add(path);
        await prepare(path);
        make(path, query, "push");
      }),
    hook([id, name, arg]) {
      const page = instances.all.get(id);
      if (!page || page.owner) return;
      call(page, "on" + name[0]!.toUpperCase() + name.slice(1), arg);
      if (name === "resize") instances.tellPage(page, "resize", [arg]);
    },
    visible(on) {
      foreground = on;
      const page = top();
      if (page) (on ? show : hide)(page);
    },
    async tabTapped(index) {
      const tab = bars().tabBar?.list[index];
      if (!tab) return;
      try {
        await pages.open("switchTab", "/" + tab.pagePath);
      } catch (e) {
        return log.error(e, "tab bar");
      }
      const page = top();
      if (page?.unit === tab.pagePath) call(page, "onTabItemTap", { index, pagePath: tab.pagePath, text: tab.text });
    },
    ready(page) {
      call(page, "onReady");
      instances.tellPage(page, "routeDone", []);
      if (first) post({ ev: "ready" });
      first = false;
    },
  };
  return pages;
}
