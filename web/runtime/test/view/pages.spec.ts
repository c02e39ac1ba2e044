import { equal, mouse, ok, stage, test, until, wait, type Stage } from "./harness";
import type { Query } from "../../src/shared/protocol";

const el = (id: string) => document.getElementById(id)!;
const told = (s: Stage, hook: string) => s.sent.filter((m) => "p" in m && m.p[1] === hook).map((m) => (m as any).p);

function long(s: Stage, height = 3000): void {
  s.unit("p", (R) => ({ b: R.b(`<mm-view id="top" class="a" style="height:100px"></mm-view><mm-view id="mid" style="height:${height}px"></mm-view><mm-view id="end" class="a z" style="height:50px"></mm-view>`, [[0], [2]], [[0, { d: { k: 1 }, m: { m: 2 } }], [1, { d: { n: "e" } }]], 0) }));
}
async function ask(s: Stage, query: Query): Promise<any[]> {
  const id = Math.random();
  s.flush(["q", id, query]);
  await until("answer", () => s.sent.some((m) => "q" in m && m.q === id));
  return (s.sent.find((m) => "q" in m && m.q === id) as any).r;
}

test("pages stack, the one on top is seen, and gone ones leave", async () => {
  const s = stage();
  long(s);
  s.page("p", {});
  s.flush(["n", 2, 0, "", "p", {}, {}], ["t", "push", 2]);
  const layers = () => Array.from(document.querySelectorAll("mm-layer"), (l) => l.hasAttribute("mm-off"));
  await until("the page below is off", () => document.getAnimations().length === 0 && layers()[0] === true);
  equal(layers(), [true, false]);
  s.flush(["d", 2], ["t", "pop", 1]);
  equal(layers(), [false, false], "the old page is still sliding out");
  await until("gone", () => layers().length === 1);
  s.flush(["n", 3, 0, "", "p", {}, {}], ["t", "tab", 3]);
  equal(layers(), [true, false]);
  s.flush(["t", "tab", 1]);
  equal(layers(), [false, true]);
  s.flush(["n", 4, 0, "", "p", {}, {}], ["d", 1], ["d", 3], ["t", "relaunch", 4]);
  equal(layers(), [false]);
  await until("painted is told", () => s.told.some((m) => "painted" in m));
});

test("a query waits for the modules of what it measures", async () => {
  const s = stage();
  s.unit("rich", (R) => ({ b: R.b('<mm-view id="box"><mm-rich-text></mm-rich-text></mm-view>', [[0, 0]], [[0, { a: { nodes: "<p>one</p><p>two</p><p>three</p>" } }]], 0) }));
  long(s);
  s.page("p", {});
  await ask(s, [{ root: 1, select: "#none", fields: { rect: 1 } }]); // the module that answers is here now
  equal(customElements.get("mm-rich-text"), undefined, "rich-text is not loaded yet");
  s.flush(["n", 2, 0, "", "rich", {}, {}], ["t", "relaunch", 2], ["d", 1]);
  const [box] = await ask(s, [{ root: 2, select: "#box", fields: { rect: 1, size: 1 } }]);
  ok(box.height > 40, `three paragraphs are ${box.height} px high`);
});

test("scrolling is told once per frame, the bottom once per way down", async () => {
  const s = stage();
  long(s);
  s.page("p", {}, { page: { reachBottom: 100 } });
  s.body().scrollTop = 500;
  await until("scroll", () => told(s, "pageScroll").length > 0);
  equal([told(s, "pageScroll").pop(), told(s, "reachBottom")], [[1, "pageScroll", { scrollTop: 500 }], []]);
  s.body().scrollTop = 99999;
  await until("bottom", () => told(s, "reachBottom").length === 1);
  s.body().scrollTop -= 20;
  await wait(60);
  equal(told(s, "reachBottom").length, 1);
  s.body().scrollTop = 0;
  await wait(60);
  s.body().scrollTop = 99999;
  await until("again", () => told(s, "reachBottom").length === 2);
});

test("pageScrollTo goes to offsets and nodes, and answers", async () => {
  const s = stage();
  long(s);
  s.page("p", {});
  s.flush(["m", 1, "scrollTo", { select: "#end", duration: 0, offset: -200, call: 7 }]);
  await until("answer", () => s.sent.some((m) => "v" in m && m.v[0] === 7 && m.v[1]));
  equal(s.body().scrollTop, s.body().scrollHeight - innerHeight < 2900 ? s.body().scrollHeight - s.body().clientHeight : 2900);
  s.flush(["m", 1, "scrollTo", { top: 10, duration: 80, call: 8 }]);
  await until("there", () => s.sent.some((m) => "v" in m && m.v[0] === 8) && s.body().scrollTop === 10);
  s.flush(["m", 1, "scrollTo", { select: ".none", duration: 0, call: 9 }]);
  await until("refused", () => s.sent.some((m) => "v" in m && m.v[0] === 9 && m.v[1] === false));
  s.flush(["m", 1, "nonsense", { call: 10 }]);
  await until("unknown", () => s.sent.some((m) => "v" in m && m.v[0] === 10 && m.v[1] === false));
});

test("pulling the page down refreshes, letting go early does not", async () => {
  const s = stage();
  long(s);
  s.page("p", {}, { page: { pullRefresh: true } });
  await mouse.drag({ x: 100, y: 200 }, 0, 60);
  equal(told(s, "pullDownRefresh").length, 0);
  await mouse.drag({ x: 100, y: 200 }, 0, 200);
  equal(told(s, "pullDownRefresh").length, 1);
  await until("open", () => Math.round(s.body().getBoundingClientRect().top) === 50);
  s.flush(["m", 1, "stopPullDownRefresh", null]);
  await until("closed", () => Math.round(s.body().getBoundingClientRect().top) === 0);
  s.flush(["m", 1, "startPullDownRefresh", null]);
  await until("by hand", () => told(s, "pullDownRefresh").length === 2);
});

test("queries answer with rectangles, data, styles and nothing for nothing", async () => {
  const s = stage();
  long(s);
  s.page("p", {});
  s.body().scrollTop = 30;
  const r = await ask(s, [
    { root: 1, select: "#top", fields: { id: 1, dataset: 1, mark: 1, rect: 1, size: 1, computedStyle: ["backgroundColor"] } }, { root: 1, select: ".a", all: 1, fields: { size: 1 } },
    { root: 1, select: ".none", fields: { rect: 1 } }, { root: 0, select: "", viewport: 1, fields: { scrollOffset: 1, size: 1 } }, { root: 99, select: ".a", all: 1, fields: {} }, { root: 1, select: "view.a, #mid", all: 1, fields: { id: 1 } },
  ]);
  equal(r[0], { id: "top", dataset: { k: 1 }, mark: { m: 2 }, left: 0, right: innerWidth, top: -30, bottom: 70, width: innerWidth, height: 100, backgroundColor: "rgba(0, 0, 0, 0)" }, "one");
  equal(r[1].map((x: any) => x.height), [100, 50]);
  equal([r[2], r[3].scrollTop, r[3].width, r[4]], [null, 30, innerWidth, []]);
  equal(r[5].map((x: any) => x.id), ["top", "mid", "end"]);
});

test("selectors stay inside their instance, and >>> goes into components", async () => {
  const s = stage();
  s.unit("c", (R) => ({ b: R.b('<mm-view class="x"><!----></mm-view>', [[0, 0]], 0, (b, f) => R.o(b, 0, 0, f, "")) }), "c1--");
  s.unit("p", (R) => {
    const content = R.b('<mm-view class="x" id="mine"></mm-view>', [], 0, 0);
    return { b: R.b('<x-c class="host"></x-c>', [[0]], [[0, { k: 1 }]], (b, f) => R.k(b, 0, 0, f, 1, { "": content })) };
  });
  s.flush(["n", 1, 0, "", "p", {}, {}], ["n", 2, 1, "1", "c", {}, {}], ["t", "push", 1]);
  const r = await ask(s, [
    { root: 1, select: ".x", all: 1, fields: { id: 1 } }, { root: 2, select: ".x", all: 1, fields: { id: 1 } }, { root: 1, select: ".host >>> .x", all: 1, fields: { id: 1 } }, { root: 1, select: "c", all: 1, fields: {} }, { root: 1, select: ".a{", all: 1, fields: {} },
  ]);
  equal(r, [[{ id: "mine" }], [{ id: "" }], [{ id: "" }], [{}], []]);
});

test("observers tell when things come into view and go, and stop when told", async () => {
  const s = stage();
  long(s);
  s.page("p", {});
  s.flush(["m", 1, "observe", { id: 5, select: "#end", relative: [{ margins: [0, 0, 0, 0] }], thresholds: [0, 1], initial: 0 }]);
  await wait(150);
  const seen = () => s.sent.filter((m) => "x" in m).map((m: any) => [m.x[0], m.x[1].id, m.x[1].dataset.n, m.x[1].intersectionRatio]);
  equal(seen(), [], "nothing to tell at first");
  s.body().scrollTop = 99999;
  await until("in view", () => seen().length === 1);
  equal(seen()[0], [5, "end", "e", 1]);
  s.body().scrollTop = 0;
  await until("out of view", () => seen().length === 2);
  s.flush(["m", 0, "unobserve", { id: 5 }]);
  s.body().scrollTop = 99999;
  await wait(150);
  equal(seen().length, 2);
});

test("exported animations play step by step, this.animate answers at its end", async () => {
  const s = stage();
  s.unit("p", (R) => ({ b: R.b('<mm-view id="b" class="b"></mm-view>', [[0]], 0, (b, f, c) => {
    (c || R.u1(f.u, "a")) && R.a(b, 0, 0, "animation", f.d.a, R.g1(f.u, "a"));
    (c || R.u1(f.u, "s")) && R.s(b, 1, 0, f.d.s);
  }) }));
  s.page("p", { s: "width:10px;height:10px" });
  const option = (duration: number) => ({ transformOrigin: "0 0", transition: { delay: 0, duration, timingFunction: "linear" } });
  s.set(1, [["a"], { actions: [{ animates: [{ type: "style", args: ["width", "100px"] }, { type: "translateX", args: [20] }], option: option(40) }, { animates: [{ type: "style", args: ["opacity", 0.5] }, { type: "rotate", args: [90] }], option: option(40) }] }]);
  await until("first step", () => el("b").style.width === "100px");
  await until("second step", () => el("b").style.opacity === "0.5");
  equal(el("b").style.transform, "rotate(90deg)");
  s.set(1, [["s"], "height:20px"]);
  equal([el("b").style.opacity, el("b").style.height], ["0.5", "20px"], "a new style leaves the animation where it is");
  s.flush(["m", 1, "animate", { select: ".b", keyframes: [{ opacity: 1, offset: 0 }, { opacity: 0, rotate: 45 }], duration: 50, call: 3 }]);
  await until("answer", () => s.sent.some((m) => "v" in m && m.v[0] === 3 && m.v[1]));
  equal(getComputedStyle(el("b")).opacity, "0");
  s.flush(["m", 1, "clearAnimation", { select: ".b" }]);
  equal(getComputedStyle(el("b")).opacity, "0.5");
});
