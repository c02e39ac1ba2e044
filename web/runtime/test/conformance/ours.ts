// This side: worker and view in one document, their messages passed by hand.
import { createView } from "../../src/view/core";
import { datasetOf } from "../../src/view/events";
import type { El } from "../../src/view/types";
import { createProgram } from "../../src/worker/program";
import type { Env } from "../../src/shared/protocol";
import { find, push, show, tokens, type Look } from "./look";
import type { Side, Built } from "./stage";

export async function ours(built: Built, root: HTMLElement, say: (text: string) => void): Promise<Side> {
  const due: (() => void)[] = [];
  const settle = (): void => {
    for (let n = 0; due.length; n++) {
      if (n > 10_000) throw new Error("never comes to rest");
      due.shift()!();
    }
  };
  const soon = (fn: () => void): void => void due.push(fn);
  const view = createView({ root, post: (m) => soon(() => program.fromView(structuredClone(m))) });
  for (const code of built.view) new Function("$U", "$T", "$S", "$D", code)(view.unit, view.template, view.script, () => {});
  const env: Env = {
    app: "shop", version: "1.0.0", versionType: "develop", dialect: "wx", config: { ...built.app, entry: built.entry }, pages: Object.fromEntries(built.pages.map((p) => [p, { pkg: "" }])),
    launch: { path: built.entry, query: {}, scene: 1001 }, bars: [88, 50], tabBar: null, storage: {}, limits: { storage: 1 << 20, flush: 4 << 20 }, apis: { hosted: [], absent: [] },
    system: {
      brand: "b", model: "m", pixelRatio: 2, screenWidth: 375, screenHeight: 812, windowWidth: 375, windowHeight: 724, statusBarHeight: 44, language: "zh_CN", version: "8", system: "x 1",
      platform: "devtools", fontSizeSetting: 16, SDKVersion: "3.0.0", theme: "light", safeArea: { left: 0, right: 375, top: 44, bottom: 812, width: 375, height: 768 },
      menuButton: { width: 87, height: 32, top: 50, right: 368, bottom: 82, left: 281 },
    },
  };
  let pages: (() => any[]) | null = null;
  const program = createProgram({
    env,
    toHost(m) {
      if ("api" in m) soon(() => program.fromHost({ id: m.id, ok: {} }));
      else if ("ev" in m && m.ev === "log" && m.level === "error") say(`error: ${m.args.join(" ")}\n${m.stack ?? ""}`);
      else if ("ev" in m && m.ev === "fatal") say(`fatal: ${m.message}`);
    },
    toView: (flush) => view.apply(JSON.parse(flush)),
    run: (code) => new Function("$D", "$U", "$T", "$S", code)(program.$D, program.$U, program.$T, program.$S),
    soon, real: window as any, timers: window as any, now: () => 0,
  });
  Object.assign(window, { PAGES: (fn: () => any[]) => (pages = fn) });
  program.fromHost({ code: built.logic, name: "logic.js" });
  program.fromHost({ ev: "start" });
  for (let i = 0; i < 20; i++) {
    settle();
    await Promise.resolve();
  }
  const look = (): (Look | string)[] => {
    const page = root.querySelector("mm-page");
    if (!page) throw new Error("no page is shown");
    return see(page);
  };
  return {
    get page() {
      return pages!()[0];
    },
    settle,
    show: () => show(look()),
    has: (id) => !!find(look(), id),
    tap(id, detail) {
      const at = find(look(), id);
      if (!at) throw new Error(`there is no #${id}`);
      view.events.dispatch("tap", at.node as El, detail ?? {});
      settle();
    },
    end: () => root.remove(),
  };
}

function see(el: Element): (Look | string)[] {
  const out: (Look | string)[] = [];
  for (const node of el.childNodes) {
    if (node instanceof Text) push(out, node.data);
    else if (node instanceof HTMLElement) {
      if (node.hasAttribute("mm-virtual") || node.tagName === "MM-BLOCK") see(node).forEach((c) => push(out, c));
      else out.push({
        tag: node.tagName.toLowerCase().replace(/^(mm|x)-/, ""), id: node.id, classes: tokens(node.className), style: node.style.cssText,
        hidden: !!node.hidden, data: datasetOf(node as El), children: see(node), node,
      });
    }
  }
  return out;
}
