import { browser, equal, finger, frame, key, mouse, ok, stage, test, until, wait, type Stage } from "./harness";
import type { MiniEvent } from "../../src/shared/protocol";

/** `<view id="out" bindtap="out" capture-bind:tap="cap" data-a="1"><button id="b" bindtap="in" catch…>x</button></view>` */
function nested(s: Stage, inner: number, captured = 2): void {
  s.unit("p", (R) => ({
    b: R.b('<mm-view id="out"><mm-view id="in" style="height:40px"><mm-text>x</mm-text></mm-view></mm-view>', [[0], [0, 0]],
      [[0, { e: { tap: ["out", 0], "^tap": ["cap", captured] }, d: { a: 1 }, m: { m: "out", n: 1 } }], [1, { e: { tap: ["in", inner] }, m: { m: "in" } }]], 0),
  }));
  s.page("p", {});
}
const el = (id: string) => document.getElementById(id)!;
const event = (s: Stage, i = 0): MiniEvent => (s.sent.find((m) => "e" in m) as any).e[i][2];

test("a tap is heard from the page inwards, then outwards, in one message", async () => {
  const s = stage();
  nested(s, 0);
  await mouse.click(el("in"));
  equal(s.sent.filter((m) => "e" in m).length, 1);
  const e = event(s, 2);
  equal([e.type, e.target.id, e.currentTarget.id, e.currentTarget.dataset, e.mark], ["tap", "in", "out", { a: 1 }, { m: "in", n: 1 }]);
  ok((e.detail as any).x > 0 && e.touches!.length === 1, "where it was");
  equal(s.heard(), ["1.cap", "1.in", "1.out"]);
});

test("catch stops a tap on its way out, capture-catch on its way in", async () => {
  const s = stage();
  nested(s, 1);
  await mouse.click(el("in"));
  equal(s.heard(), ["1.cap", "1.in"]);
  const s2 = stage();
  document.querySelectorAll("mm-layer").forEach((l) => l.remove());
  nested(s2, 0, 3);
  await mouse.click(el("in"));
  equal(s2.heard(), ["1.cap"]);
});

test("of mut-bind handlers the innermost runs alone, others are not disturbed", async () => {
  const s = stage();
  s.unit("p", (R) => ({
    b: R.b('<mm-view><mm-view><mm-view id="in" style="height:40px"></mm-view></mm-view></mm-view>', [[0], [0, 0], [0, 0, 0]],
      [[0, { e: { tap: ["a", 4] } }], [1, { e: { tap: ["b", 0] } }], [2, { e: { tap: ["c", 4] } }]], 0),
  }));
  s.page("p", {});
  await mouse.click(el("in"));
  equal(s.heard(), ["1.c", "1.b"]);
});

test("a tap inside a component is the component's own, and its host's outside", async () => {
  const s = stage();
  s.unit("c", (R) => ({ b: R.b('<mm-view id="inner" style="height:40px"><!----></mm-view>', [[0], [0, 0]], [[0, { e: { tap: ["own", 0] } }]], (b, f) => R.o(b, 0, 1, f, "")) }), "c1--");
  s.unit("p", (R) => {
    const content = R.b('<mm-view id="content" style="height:20px"></mm-view>', [[0]], [[0, { e: { tap: ["mine", 0] } }]], 0);
    return { b: R.b('<x-c id="host"></x-c>', [[0]], [[0, { k: 1, e: { tap: ["page", 0] } }]], (b, f) => R.k(b, 0, 0, f, 1, { "": content })) };
  });
  s.flush(["n", 1, 0, "", "p", {}, {}], ["n", 2, 1, "1", "c", {}, {}], ["t", "push", 1]);
  await mouse.click({ x: 50, y: 30 });
  equal([event(s, 0).target.id, event(s, 1).target.id], ["inner", "host"]);
  equal(s.heard(), ["2.own", "1.page"]);
  await mouse.click(el("content"));
  equal([event(s, 0).target.id, event(s, 1).target.id, event(s, 2).target.id], ["content", "inner", "content"]);
  equal(s.heard(), ["1.mine", "2.own", "1.page"]);
});

test("fingers are told as touches; a short one is a tap, a long one is not", async () => {
  const s = stage();
  s.unit("p", (R) => ({ b: R.b('<mm-view id="in" style="height:100px"></mm-view>', [[0]],
    [[0, { e: { tap: ["tap", 0], touchstart: ["start", 0], touchmove: ["move", 0], touchend: ["end", 0], longpress: ["long", 0] } }]], 0) }));
  s.page("p", {});
  await finger.tap(el("in"));
  await until("tap", () => s.sent.some((m) => "e" in m && m.e[0]![1] === "tap"));
  equal(s.heard(), ["1.start", "1.end", "1.tap"]);
  await finger.down(el("in"));
  await wait(500);
  await finger.up();
  await wait(100);
  equal(s.heard(), ["1.start", "1.long", "1.end"]);
});

test("a mouse that is held and moved is a finger, and lets no tap follow", async () => {
  const s = stage();
  s.unit("p", (R) => ({ b: R.b('<mm-view id="in" style="height:300px"></mm-view>', [[0]],
    [[0, { e: { tap: ["tap", 0], touchstart: ["start", 0], touchmove: ["move", 0], touchend: ["end", 0] } }]], 0) }));
  s.page("p", {});
  await mouse.drag(el("in"), 60, 20, 2);
  const move = (s.sent.filter((m) => "e" in m)[2] as any).e[0][2] as MiniEvent;
  equal([Math.round(move.touches![0]!.clientX), move.changedTouches!.length], [Math.round(195 + 60), 1]);
  equal(s.heard(), ["1.start", "1.move", "1.move", "1.end"]);
});

test("handlers named by an expression change, and none means none", async () => {
  const s = stage();
  s.unit("p", (R) => ({ b: R.b('<mm-view id="in" style="height:40px"></mm-view>', [[0]], 0, (b, f) => R.e(b, 0, "tap", 0, f.d.h)) }));
  s.page("p", { h: "one" });
  await mouse.click(el("in"));
  s.set(1, [["h"], "two"]);
  await mouse.click(el("in"));
  s.set(1, [["h"], ""]);
  await mouse.click(el("in"));
  equal(s.heard(), ["1.one", "1.two"]);
});

test("a pressed element wears its hover-class, and only the innermost when told so", async () => {
  const s = stage();
  s.unit("p", (R) => ({ b: R.b('<mm-view id="out"><mm-view id="in" style="height:40px"></mm-view></mm-view>', [[0], [0, 0]],
    [[0, { a: { "hover-class": "far" } }], [1, { a: { "hover-class": "near", "hover-stop-propagation": true, "hover-start-time": 10, "hover-stay-time": 10 } }]], 0) }));
  s.page("p", {});
  await mouse.down(el("in"));
  await until("pressed", () => el("in").classList.contains("p--near"));
  ok(!el("out").classList.contains("far"), "stopped");
  await mouse.up(el("in"));
  await until("released", () => !el("in").classList.contains("p--near"));
});

test("buttons and navigators answer to keys, disabled ones to nothing", async () => {
  const s = stage();
  s.unit("p", (R) => ({ b: R.b('<mm-button id="a">A</mm-button><mm-button id="b">B</mm-button><mm-navigator id="n">N</mm-navigator>', [[0], [1], [2]],
    [[0, { e: { tap: ["a", 0] } }], [1, { e: { tap: ["b", 0] }, a: { disabled: true } }], [2, { a: { url: "../x/x?a=1", "open-type": "redirect" } }]], 0) }));
  s.page("p", {});
  el("a").focus();
  await key("Enter", "\r");
  await key(" ", " ");
  equal(s.heard(), ["1.a", "1.a"]);
  await mouse.click(el("b"));
  equal([s.heard(), el("b").tabIndex, el("b").getAttribute("aria-disabled")], [[], -1, "true"]);
  el("n").focus();
  await key("Enter", "\r");
  equal(event(s).detail, { openType: "redirect", url: "../x/x?a=1" });
  equal(s.heard(), ["1.$navigate"]);
});

test("a label taps for its control, a share button asks the logic, a phone number is the host's to give", async () => {
  const s = stage();
  s.unit("p", (R) => ({ b: R.b('<mm-label id="l" style="display:block;height:30px"><mm-button id="a" style="display:none"></mm-button></mm-label><mm-button id="s">S</mm-button><mm-button id="g">G</mm-button>', [[0], [0, 0], [1], [2]],
    [[1, { e: { tap: ["a", 0] } }], [2, { a: { "open-type": "share" } }], [3, { a: { "open-type": "getPhoneNumber" }, e: { getphonenumber: ["got", 0] } }]], 0) }));
  s.page("p", {});
  await until("label", () => customElements.get("mm-label"));
  await mouse.click(el("l"));
  await mouse.click(el("s"));
  equal(s.heard(), ["1.a", "1.$share"]);
  await mouse.click(el("g"));
  await until("asked", () => s.told.some((m) => "ev" in m && m.ev === "ask"));
  const asked = s.told.find((m) => "ev" in m && m.ev === "ask") as { id: number; openType: string };
  equal(asked.openType, "getPhoneNumber");
  s.heard();
  dispatchEvent(new CustomEvent("mm-asked", { detail: { id: asked.id + 1, detail: { code: "another's" } } }));
  equal(s.heard(), []);
  dispatchEvent(new CustomEvent("mm-asked", { detail: { id: asked.id, detail: { errMsg: "getPhoneNumber:ok", code: "c1" } } }));
  equal(event(s).detail, { errMsg: "getPhoneNumber:ok", code: "c1" });
  equal(s.heard(), ["1.got"]);
});

test("what catches touchmove keeps the page from scrolling under a finger, other things do not", async () => {
  const s = stage();
  s.unit("p", (R) => ({ b: R.b('<mm-view id="mask" style="height:200px"></mm-view><mm-view id="free" style="height:2000px"></mm-view>', [[0], [1]], [[0, { e: { touchmove: ["stop", 1] } }]], 0) }));
  s.page("p", {});
  await finger.drag(el("mask"), 0, -120);
  await wait(150);
  equal(s.body().scrollTop, 0);
  ok(s.heard().every((h) => h === "1.stop"), "and is heard");
  await finger.drag({ x: 100, y: 500 }, 0, -150);
  await until("scrolled", () => s.body().scrollTop > 50);
  await until("told", () => s.sent.some((m) => "p" in m && m.p[1] === "pageScroll"));
});

test("the end of a transition is heard where it happened", async () => {
  const s = stage();
  s.unit("p", (R) => ({ b: R.b('<mm-view id="in" style="height:40px;opacity:1;transition:opacity 50ms"></mm-view>', [[0]], [[0, { e: { transitionend: ["done", 0] } }]], 0) }));
  s.page("p", {});
  await frame();
  el("in").style.opacity = "0";
  await until("done", () => s.heard().includes("1.done"));
});

test("people who want less motion get pages without slides", async () => {
  const s = stage();
  s.unit("p", (R) => ({ b: R.b("<mm-view>p</mm-view>", [], 0, 0) }));
  await browser("Emulation.setEmulatedMedia", { features: [{ name: "prefers-reduced-motion", value: "reduce" }] });
  s.page("p", {});
  s.flush(["n", 2, 0, "", "p", {}, {}], ["t", "push", 2]);
  equal(document.getAnimations().length, 0);
  await browser("Emulation.setEmulatedMedia", { features: [] });
  s.flush(["n", 3, 0, "", "p", {}, {}], ["t", "push", 3]);
  equal(document.getAnimations().length, 1);
});
