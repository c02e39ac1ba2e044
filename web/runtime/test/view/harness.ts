// Tests that run in the document itself, started and fed with real input by view_test.go.
import { Builtin } from "../../src/view/builtin";
import { createView, type View } from "../../src/view/core";
import { addSheet } from "../../src/view/css";
import { calm } from "../../src/view/pages";
import { classIn } from "../../src/view/scope";
import type { Ops, TemplateFile } from "../../src/view/ops";
import type { FromView, InstanceOptions, Op, ViewToHost } from "../../src/shared/protocol";

interface Test { name: string; run: () => unknown }
interface Next { Done?: boolean; Failure?: string; Method?: string; Params?: unknown }

const tests: Test[] = [];
const commands: { next: Next; done: () => void }[] = [];
let wake: (() => void) | null = null;
let finished: Next | null = null;
let carried: (() => void) | null = null;

Object.assign(window, {
  __tests: tests,
  __start(i: number): void {
    void (async () => {
      try {
        await tests[i]!.run();
        finished = { Done: true };
      } catch (e) {
        finished = { Done: true, Failure: e instanceof Error ? e.stack || e.message : String(e) };
      }
      wake?.();
    })();
  },
  async __next(): Promise<Next> {
    // It comes back when the browser has carried the last command out; the document hears of it within a frame.
    const done = carried;
    carried = null;
    if (done) requestAnimationFrame(() => setTimeout(done, 10));
    while (commands.length === 0 && !finished) await new Promise<void>((done) => (wake = done));
    const command = commands.shift();
    if (!command) return finished!;
    carried = command.done;
    return command.next;
  },
});

export function test(name: string, run: () => unknown): void {
  tests.push({ name, run });
}

/** A command of the DevTools protocol, carried out by the runner. */
export function browser(Method: string, Params: unknown): Promise<void> {
  return new Promise((done) => {
    commands.push({ next: { Method, Params }, done });
    wake?.();
  });
}

const middle = (at: Element | { x: number; y: number }): { x: number; y: number } => {
  if (!(at instanceof Element)) return at;
  const r = at.getBoundingClientRect();
  return { x: r.left + r.width / 2, y: r.top + r.height / 2 };
};

export const mouse = {
  down: (at: Element | { x: number; y: number }) => browser("Input.dispatchMouseEvent", { type: "mousePressed", ...middle(at), button: "left", buttons: 1, clickCount: 1 }),
  move: (at: Element | { x: number; y: number }) => browser("Input.dispatchMouseEvent", { type: "mouseMoved", ...middle(at), button: "left", buttons: 1 }),
  up: (at: Element | { x: number; y: number }) => browser("Input.dispatchMouseEvent", { type: "mouseReleased", ...middle(at), button: "left", buttons: 0, clickCount: 1 }),
  async click(at: Element | { x: number; y: number }) {
    await mouse.down(at);
    await mouse.up(at);
  },
  async drag(at: Element | { x: number; y: number }, dx: number, dy: number, steps = 6) {
    const { x, y } = middle(at);
    await mouse.down({ x, y });
    for (let i = 1; i <= steps; i++) await mouse.move({ x: x + (dx * i) / steps, y: y + (dy * i) / steps });
    await mouse.up({ x: x + dx, y: y + dy });
  },
};
export const finger = {
  down: (at: Element | { x: number; y: number }) => browser("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [middle(at)] }),
  move: (at: Element | { x: number; y: number }) => browser("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [middle(at)] }),
  up: () => browser("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] }),
  async tap(at: Element | { x: number; y: number }) {
    await finger.down(at);
    await finger.up();
  },
  async drag(at: Element | { x: number; y: number }, dx: number, dy: number, steps = 6) {
    const { x, y } = middle(at);
    await finger.down({ x, y });
    for (let i = 1; i <= steps; i++) await finger.move({ x: x + (dx * i) / steps, y: y + (dy * i) / steps });
    await finger.up();
  },
};
export async function key(name: string, text = ""): Promise<void> {
  await browser("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", key: name, code: name === " " ? "Space" : name, text, windowsVirtualKeyCode: name === "Enter" ? 13 : name === " " ? 32 : 0 });
  await browser("Input.dispatchKeyEvent", { type: "keyUp", key: name });
}
export const type = (text: string) => browser("Input.insertText", { text });

export const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
export const frame = (): Promise<void> => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
export async function until(what: string, ok: () => unknown): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (ok()) return;
    await wait(20);
  }
  throw new Error("never came true: " + what);
}

export function equal(got: unknown, want: unknown, what = ""): void {
  const a = JSON.stringify(got), b = JSON.stringify(want);
  if (a !== b) throw new Error(`${what || "not equal"}\n got ${a}\nwant ${b}`);
}
export function ok(value: unknown, what: string): asserts value {
  if (!value) throw new Error(what);
}

// ---- a program without a worker

type R = Ops["R"];
export interface Stage {
  view: View;
  sent: FromView[];
  told: ViewToHost[];
  /** a unit with its template */
  unit(name: string, build: (R: R) => Partial<TemplateFile>, prefix?: string, css?: string): void;
  flush(...ops: Op[]): void;
  /** a page on screen; its id is 1 */
  page(unit: string, data: Record<string, unknown>, options?: InstanceOptions): void;
  set(id: number, ...entries: [(string | number)[], unknown][]): void;
  body(): HTMLElement;
  /** handlers called so far, as "instance.handler", and forgets them */
  heard(): string[];
}

export function stage(assets: Record<string, string> = {}): Stage {
  const sent: FromView[] = [], told: ViewToHost[] = [];
  let s = 0;
  const tell = (m: ViewToHost): void => {
    told.push(m);
    if (!("need" in m)) return;
    const script = document.createElement("script");
    script.src = `/builtins/${m.need}.js`;
    script.async = false;
    script.onload = () => view.resume();
    document.head.append(script);
  };
  const view = createView({ post: (m) => void sent.push(m), tell, assets });
  Object.assign(window, { $M: { Builtin, view, addSheet, classIn, calm } });
  const it: Stage = {
    view, sent, told,
    unit(name, build, prefix = name + "--", css) {
      view.template(name + ".jxml", (R) => {
        const T: TemplateFile = { b: 0, t: {}, i: [] };
        return Object.assign(T, build(R));
      });
      view.unit(name, { prefix, tpl: name + ".jxml", css });
    },
    flush: (...o) => view.apply(JSON.parse(JSON.stringify({ s: ++s, o }))),
    page: (unit, data, options = {}) => it.flush(["n", 1, 0, "", unit, data, options], ["t", "push", 1]),
    set: (id, ...entries) => it.flush(["u", id, ...entries]),
    body: () => document.querySelector<HTMLElement>("mm-layer:not([mm-off]) mm-page")!,
    heard() {
      const out: string[] = [];
      for (const m of sent) if ("e" in m) for (const [id, handler] of m.e) out.push(id + "." + handler);
      sent.length = 0;
      return out;
    },
  };
  return it;
}

/** Details of an event type heard so far, and forgets all. */
export function details(s: Stage, type: string): any[] {
  const out: any[] = [];
  for (const m of s.sent) if ("e" in m) for (const [, , event] of m.e) if (event.type === type) out.push(event.detail);
  s.sent.length = 0;
  return out;
}
/** Waits until a built-in is there. */
export const defined = (tag: string): Promise<void> => until(tag + " to come", () => customElements.get("mm-" + tag));
