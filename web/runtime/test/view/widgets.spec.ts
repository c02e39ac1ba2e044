import { LIMITS } from "../../src/builtins/_rich-nodes";
import { defined, details, equal, finger, mouse, ok, stage, test, until, wait, type Stage } from "./harness";

const el = (id: string) => document.getElementById(id)!;
const pixel = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==";

/** One element with attributes from data `a` (all of them dynamic) and events. */
function one(html: string, names: string[], events: string[], data: Record<string, unknown>, assets: Record<string, string> = {}): Stage {
  const s = stage(assets);
  s.unit("pages/p/p", (R) => ({
    b: R.b(html, [[0]], [[0, { e: Object.fromEntries(events.map((t) => [t, ["on" + t, 0] as [string, number]])) }]],
      (b, f, c) => names.forEach((name, i) => (c || R.u1(f.u, name)) && R.a(b, i, 0, name, f.d[name], R.g1(f.u, name)))),
  }), "p1--");
  s.page("pages/p/p", data);
  return s;
}

test("an image shows what is in the package, tells its size, and refuses scripts", async () => {
  const s = one('<mm-image id="i" style="width:100px"></mm-image>', ["src", "mode"], ["load", "error"], { src: "../a/b.png", mode: "widthFix" }, { "pages/a/b.png": pixel, "x.png": pixel });
  await until("loaded", () => s.sent.some((m) => "e" in m));
  equal(details(s, "load"), [{ width: 2, height: 1 }]);
  equal(el("i").offsetHeight, 50);
  s.set(1, [["src"], "/x.png"], [["mode"], "aspectFill"]);
  equal([getComputedStyle(el("i").firstElementChild!).objectFit, el("i").offsetHeight], ["cover", 240]);
  s.set(1, [["src"], "java\nscript:alert(1)"]);
  await wait(20);
  equal(el("i").firstElementChild!.getAttribute("src"), null);
  s.set(1, [["src"], "javascript:alert(1)"]);
  equal(el("i").firstElementChild!.getAttribute("src"), null);
  ok(s.sent.some((m) => "err" in m && /cannot be shown/.test(m.err.message)), "says why");
});

test("every mode of an image is a fit or a part", () => {
  const s = one('<mm-image id="i"></mm-image>', ["src", "mode"], [], { src: pixel, mode: "" });
  const want: Record<string, string> = { scaleToFill: "fill 50% 50%", aspectFit: "contain 50% 50%", aspectFill: "cover 50% 50%", widthFix: "fill 50% 50%", heightFix: "fill 50% 50%", top: "none 50% 0%", bottom: "none 50% 100%", center: "none 50% 50%", left: "none 0% 50%", right: "none 100% 50%", "top left": "none 0% 0%", "top right": "none 100% 0%", "bottom left": "none 0% 100%", "bottom right": "none 100% 100%" };
  for (const mode in want) {
    s.set(1, [["mode"], mode]);
    const style = getComputedStyle(el("i").firstElementChild!);
    equal(style.objectFit + " " + style.objectPosition, want[mode], mode);
  }
});

const items = (n: number) => Array.from({ length: n }, (_, i) => `<mm-swiper-item>${i}</mm-swiper-item>`).join("");
const inView = (id: string): string => {
  const box = el(id).getBoundingClientRect();
  return Array.from(el(id).children).filter((c) => { const r = c.getBoundingClientRect(); return r.left >= box.left - 1 && r.right <= box.right + 1 && r.top >= box.top - 1 && r.bottom <= box.bottom + 1; }).map((c) => c.textContent).join();
};

test("a swiper turns under mouse and finger, and goes where the data says", async () => {
  const s = one(`<mm-swiper id="s">${items(3)}</mm-swiper>`, ["current", "duration", "indicator-dots"], ["change", "animationfinish"], { current: 0, duration: 60, "indicator-dots": true });
  await defined("swiper");
  equal(inView("s"), "0");
  await mouse.drag(el("s"), -150, 5);
  await until("turned", () => inView("s") === "1");
  await until("finished", () => s.sent.some((m) => "e" in m && m.e[0]![2].type === "animationfinish"));
  equal(details(s, "change"), [{ current: 1, currentItemId: "", source: "touch" }]);
  await finger.drag(el("s"), 150, 5);
  await until("back", () => inView("s") === "0");
  s.sent.length = 0;
  s.set(1, [["current"], 2]);
  await until("jumped", () => inView("s") === "2");
  await wait(50);
  equal(details(s, "change"), [{ current: 2, currentItemId: "", source: "" }]);
  await mouse.drag(el("s"), -150, 0);
  await wait(150);
  equal([inView("s"), details(s, "change")], ["2", []], "there is nothing after the last");
});

test("a circular swiper goes round by itself, also with two items", async () => {
  const s = one(`<mm-swiper id="s">${items(2)}</mm-swiper>`, ["circular", "autoplay", "interval", "duration"], ["change"], { circular: true, autoplay: true, interval: 150, duration: 30 });
  await defined("swiper");
  await until("three turns", () => s.sent.filter((m) => "e" in m).length >= 3);
  s.set(1, [["autoplay"], false]);
  const turns = details(s, "change");
  equal(turns.slice(0, 3).map((d) => [d.current, d.source]), [[1, "autoplay"], [0, "autoplay"], [1, "autoplay"]]);
});

test("a vertical swiper with margins and several items", async () => {
  const s = one(`<mm-swiper id="s" style="height:200px">${items(5)}</mm-swiper>`, ["vertical", "display-multiple-items", "previous-margin", "next-margin", "duration", "current"], ["change"], { vertical: true, "display-multiple-items": 2, "previous-margin": "20px", "next-margin": "20px", duration: 30, current: 1 });
  await defined("swiper");
  const top = (i: number) => Math.round(el("s").children[i]!.getBoundingClientRect().top - el("s").getBoundingClientRect().top);
  equal([top(1), top(2), (el("s").children[1] as HTMLElement).offsetHeight], [20, 100, 80]);
  await finger.drag(el("s"), 0, -300);
  await until("moved", () => s.sent.some((m) => "e" in m));
  equal(details(s, "change").map((d) => d.current), [3]);
});

test("a scroll view scrolls to offsets and children, and tells its ends", async () => {
  const s = one('<mm-scroll-view id="s" style="height:200px"><mm-view style="height:400px"></mm-view><mm-view id="t" style="height:600px"></mm-view></mm-scroll-view>', ["scroll-y", "scroll-top", "scroll-into-view", "lower-threshold"], ["scroll", "scrolltolower", "scrolltoupper"], { "scroll-y": true, "scroll-top": 120, "lower-threshold": 10 });
  await defined("scroll-view");
  await until("offset", () => el("s").scrollTop === 120);
  s.set(1, [["scroll-into-view"], "t"]);
  await until("child", () => el("s").scrollTop === 400);
  await until("told", () => s.sent.some((m) => "e" in m));
  await wait(50);
  const last = details(s, "scroll").pop();
  equal([last.scrollTop, last.scrollHeight], [400, 1000]);
  s.set(1, [["scroll-top"], 800]);
  await until("lower", () => s.sent.some((m) => "e" in m && m.e[0]![2].type === "scrolltolower"));
  s.set(1, [["scroll-top"], 0]);
  await until("upper", () => s.sent.some((m) => "e" in m && m.e[0]![2].type === "scrolltoupper"));
});

test("pulling a scroll view down refreshes it until the data says that it is done", async () => {
  const s = one('<mm-scroll-view id="s" style="height:200px"><mm-view style="height:900px"></mm-view></mm-scroll-view>', ["scroll-y", "refresher-enabled", "refresher-triggered"], ["refresherrefresh", "refresherrestore", "refresherpulling", "refresherabort"], { "scroll-y": true, "refresher-enabled": true, "refresher-triggered": false });
  await defined("scroll-view");
  await mouse.drag(el("s"), 0, 50);
  equal([details(s, "refresherabort").length, el("s").querySelector("mm-refresher") !== null], [1, true]);
  await mouse.drag(el("s"), 0, 140);
  equal(details(s, "refresherrefresh").length, 1);
  s.set(1, [["refresher-triggered"], true]);
  s.set(1, [["refresher-triggered"], false]);
  equal(details(s, "refresherrestore").length, 1);
});

test("rich text shows what is harmless, and nothing else", async () => {
  const dangerous = `<p class="q" onclick="x()" style="color:red">A<b>b</b></p><script>window.hacked=1</script><img src="x" onerror="window.hacked=1"><a href="javascript:window.hacked=1">link</a><iframe src="//e.vil"></iframe><custom>kept</custom><svg onload="window.hacked=1"><script>window.hacked=1</script></svg><style>*{display:none}</style><img src="${pixel}">`;
  const s = one('<mm-rich-text id="r"></mm-rich-text>', ["nodes"], [], { nodes: dangerous });
  await defined("rich-text");
  const body = el("r").firstElementChild!;
  await wait(100);
  equal((window as any).hacked, undefined);
  equal(body.innerHTML.replace(pixel, "PIXEL"), '<p class="q p1--q" style="color: red;">A<b>b</b></p><img src=""><a>link</a>kept<img src="PIXEL">');
  s.set(1, [["nodes"], [{ name: "div", attrs: { class: "k", style: "color:blue", onclick: "x" }, children: [{ type: "text", text: "a &lt; b" }, { name: "script", children: [{ type: "text", text: "x" }] }] }, null, 3]]);
  equal(body.innerHTML, '<div class="k p1--k" style="color: blue;">a &lt; b</div>');
});

test("rich text of any size and depth ends at its limits", async () => {
  const warned: string[] = [];
  console.warn = (...words: unknown[]) => void warned.push(words.join(" "));
  const s = one('<mm-rich-text id="r"></mm-rich-text>', ["nodes"], [], { nodes: "" });
  await defined("rich-text");
  let deep: object = { type: "text", text: "core" };
  for (let i = 0; i < 500; i++) deep = { name: "div", children: [deep] };
  s.set(1, [["nodes"], [deep]]);
  ok(!el("r").textContent!.includes("core"), "too deep");
  s.set(1, [["nodes"], "<i>x</i>".repeat(LIMITS.nodes)]);
  ok(el("r").querySelectorAll("*").length <= LIMITS.nodes + 1, "too many");
  equal(warned.filter((w) => w.startsWith("rich-text")).length, 2);
});

test("random text never makes rich text fail or show what is not allowed", async () => {
  const s = one('<mm-rich-text id="r"></mm-rich-text>', ["nodes"], [], { nodes: "" });
  await defined("rich-text");
  const pieces = ["<", ">", "</", "p", "div", "script", "img", " src=", '"', "'", "onerror=", "javascript:", "x", "<!--", "-->", "<![CDATA[", "]]>", "&lt;", "&#60;", "svg", "math", "style", " ", "/", "=", "\u0000", "table", "td", "template", "a href="];
  let seed = 5;
  const rnd = (n: number) => ((seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) % n);
  for (let i = 0; i < 400; i++) {
    s.set(1, [["nodes"], Array.from({ length: 1 + rnd(40) }, () => pieces[rnd(pieces.length)]).join("")]);
    for (const node of el("r").querySelectorAll("*")) {
      ok(!/^(script|svg|math|style|template|iframe|form|input)$/.test(node.localName), "shows " + node.localName);
      for (const a of node.attributes) ok(!/^on|^href$/.test(a.name), `has ${a.name}`);
    }
  }
  ok(!s.sent.some((m) => "err" in m), "no errors");
});

test("progress, icon, text with decode, movable view", async () => {
  const s = stage();
  s.unit("p", (R) => ({
    b: R.b('<mm-progress id="p"></mm-progress><mm-icon id="i"></mm-icon><mm-text id="t">a &amp;lt; b</mm-text><mm-movable-area id="a" style="width:200px;height:100px"><mm-movable-view id="m" style="width:50px;height:50px"></mm-movable-view></mm-movable-area>',
      [[0], [1], [2], [3, 0]], [[0, { a: { percent: 40, "show-info": true } }], [1, { a: { type: "success", size: "30" } }], [2, { a: { decode: true, space: "nbsp" } }], [3, { a: { direction: "all", x: 10, y: "10px" }, e: { change: ["moved", 0] } }]], 0),
  }));
  s.page("p", {});
  await defined("progress");
  await until("text", () => el("t").textContent === "a\u00a0<\u00a0b");
  equal([el("p").textContent, (el("i").firstElementChild as Element).getBoundingClientRect().width], ["40%", 30]);
  const left = () => Math.round(el("m").getBoundingClientRect().left - el("a").getBoundingClientRect().left);
  await until("placed", () => left() === 10);
  await mouse.drag(el("m"), 500, 20);
  equal(left(), 150);
  ok(details(s, "change").length > 1, "moves are told");
});

test("an unknown built-in is a plain box, and said once", () => {
  const warned: string[] = [];
  console.warn = (...words: unknown[]) => void warned.push(words.join(" "));
  const s = stage();
  s.unit("p", (R) => ({ b: R.b("<mm-camera>x</mm-camera><mm-camera></mm-camera>", [], 0, 0) }));
  s.page("p", {});
  equal([s.body().textContent, warned.length], ["x", 1]);
});

test("a page container is away until it is shown, stands where it should, and tells each step", async () => {
  const s = one('<mm-page-container id="c"><mm-view id="in" style="height:80px">in</mm-view></mm-page-container>',
    ["show", "duration", "position", "round"], ["beforeenter", "enter", "afterenter", "clickoverlay", "beforeleave", "leave", "afterleave"],
    { show: false, duration: 20, position: "bottom", round: true });
  await defined("page-container");
  const steps = () => s.sent.flatMap((m) => ("e" in m ? m.e.map((e) => e[2].type) : []));
  equal([getComputedStyle(el("c")).display, steps()], ["none", []], "not there at first");
  s.set(1, [["show"], true]);
  await until("entered", () => steps().includes("afterenter"));
  const box = el("in").getBoundingClientRect();
  equal([Math.round(box.bottom), Math.round(box.height)], [innerHeight, 80]);
  equal(getComputedStyle(el("in")).borderTopLeftRadius, "16px");
  (el("c").querySelector(".mm-veil") as HTMLElement).click();
  s.set(1, [["show"], false]);
  await until("left", () => steps().includes("afterleave"));
  equal(steps(), ["beforeenter", "enter", "afterenter", "clickoverlay", "beforeleave", "leave", "afterleave"]);
  equal(getComputedStyle(el("c")).display, "none");
});

test("text keeps its line breaks, and does not wrap where its surroundings say so", () => {
  const s = stage();
  s.unit("pages/p/p", (R) => ({ b: R.b('<mm-view style="width:60px"><mm-text id="t"> </mm-text></mm-view><mm-view style="width:60px;white-space:nowrap"><mm-text id="n"> </mm-text></mm-view>',
    [[0, 0, 0], [1, 0, 0]], 0, (b, f, c) => { (c || R.u1(f.u, "v")) && (R.t(b, 0, 0, f.d.v), R.t(b, 1, 1, f.d.v)); }) }), "p--");
  s.page("pages/p/p", { v: "one line of text\ntwo" });
  const lines = (id: string) => new Set([...(() => { const r = document.createRange(); r.selectNodeContents(el(id)); return r.getClientRects(); })()].map((r) => Math.round(r.top))).size;
  ok(lines("t") > 2, "wraps and breaks");
  equal(lines("n"), 2, "breaks only");
});

test("a scroll view is as wide as what it stands in, in a flex box too", () => {
  const s = stage();
  s.unit("pages/p/p", (R) => ({ b: R.b('<mm-view id="o" style="display:flex"><mm-scroll-view id="s"><mm-view style="width:10px"></mm-view></mm-scroll-view></mm-view>', [], 0, 0) }), "p--");
  s.page("pages/p/p", {});
  equal(el("s").offsetWidth, el("o").offsetWidth);
});
