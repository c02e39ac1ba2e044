import { equal, ok, stage, test, type Stage } from "./harness";

/** A component with a title, a header slot and a main slot that is there while `open`. */
function card(s: Stage): void {
  s.unit("card", (R) => {
    const main = R.b('<mm-view class="in"><!----></mm-view>', [[0, 0]], 0, (b, f) => R.o(b, 0, 0, f, ""));
    return {
      b: R.b('<mm-view class="head"><!----></mm-view><mm-text> </mm-text><!---->', [[0, 0], [1, 0], [2]], 0, (b, f, c) => {
        R.o(b, 0, 0, f, "head");
        (c || R.u1(f.u, "title")) && R.t(b, 0, 1, f.d.title);
        R.q(b, 1, 2, f, f.d.open ? 0 : -1, [main]);
      }),
    };
  }, "c1--");
}

/** `<card class="box"><view slot="head">{{h}}</view><view class="red">{{m}}</view></card>` */
function page(s: Stage): void {
  s.unit("p", (R) => {
    const head = R.b("<mm-view> </mm-view>", [[0, 0]], 0, (b, f, c) => { (c || R.u1(f.u, "h")) && R.t(b, 0, 0, f.d.h); });
    const plain = R.b('<mm-view class="red"> </mm-view>', [[0, 0]], 0, (b, f, c) => { (c || R.u1(f.u, "m")) && R.t(b, 0, 0, f.d.m); });
    return { b: R.b('<x-card class="box"></x-card>', [[0]], [[0, { k: 1 }]], (b, f) => R.k(b, 0, 0, f, 1, { head, "": plain })) };
  }, "p1--");
}

const text = (s: Stage) => s.body().textContent;

test("slot content belongs to its owner, stands in the component, and comes and goes with the slot", () => {
  const s = stage();
  card(s);
  page(s);
  s.flush(["n", 1, 0, "", "p", { h: "H", m: "M" }, {}], ["n", 2, 1, "1", "card", { title: "T", open: true }, {}], ["t", "push", 1]);
  equal(text(s), "HTM");
  s.set(1, [["m"], "M2"]);
  equal(text(s), "HTM2");
  const main = s.body().querySelector(".c1--in")!.firstElementChild;
  s.set(2, [["open"], false]);
  equal(text(s), "HT");
  s.set(1, [["m"], "M3"]); // while it has no place
  s.set(2, [["open"], true], [["title"], "T2"]);
  equal(text(s), "HT2M3");
  ok(s.body().querySelector(".c1--in")!.firstElementChild === main, "the same nodes came back");
});

test("class names follow the instance they are written in", () => {
  const s = stage();
  card(s);
  page(s);
  s.flush(["n", 1, 0, "", "p", {}, {}], ["n", 2, 1, "1", "card", { open: true }, {}], ["t", "push", 1]);
  equal(s.body().className, "p1--");
  equal(s.body().querySelector("x-card")!.className, "box p1--box c1--");
  equal(s.body().querySelector(".c1--in")!.className, "c1--in");
  equal(s.body().querySelector(".red")!.className, "red p1--red");
});

test("shared styles and external classes reach into a component", () => {
  const s = stage();
  s.unit("tag", (R) => ({ b: R.b('<mm-view class="row my-class"></mm-view><mm-text class="x"></mm-text>', [[1]], 0, (b, f, c) => { (c || R.u1(f.u, "k")) && R.c(b, 0, 0, f.d.k); }) }), "c4--");
  s.unit("p", (R) => ({ b: R.b("<x-tag></x-tag>", [[0]], [[0, { k: 1 }]], (b, f) => R.k(b, 0, 0, f, 1, 0)) }), "p3--");
  s.flush(["n", 1, 0, "", "p", {}, {}], ["n", 2, 1, "1", "tag", { k: "my-class a" }, { iso: "apply-shared", x: { "my-class": "red" } }], ["t", "push", 1]);
  const [view, words] = Array.from(s.body().querySelector("x-tag")!.children);
  equal(view!.className, "row p3--row c4--row my-class p3--my-class c4--my-class red p3--red");
  equal(words!.className, "my-class p3--my-class c4--my-class red p3--red a p3--a c4--a");
  s.flush(["x", 2, { "my-class": "blue" }]);
  ok(view!.classList.contains("p3--blue") && !view!.classList.contains("p3--red"), "external classes changed");
  ok(words!.classList.contains("p3--blue"), "on dynamic elements too");
  s.set(2, [["k"], "my-class b"]);
  equal(words!.className, "my-class p3--my-class c4--my-class blue p3--blue b p3--b c4--b");
});

test("instances meet their places: in lists, in template calls, when exchanged, when late", () => {
  const s = stage();
  s.unit("item", (R) => ({ b: R.b("<mm-text> </mm-text>", [[0, 0]], 0, (b, f, c) => { (c || R.u1(f.u, "v")) && R.t(b, 0, 0, f.d.v); }) }), "c1--");
  s.unit("p", (R) => {
    const T = { b: 0 as const, t: {} as Record<string, any>, i: [] as string[] };
    T.t.cell = R.b("<x-item></x-item>", [[0]], [[0, { k: 1 }]], (b, f) => R.k(b, 0, 0, f, 5, 0));
    const row = R.b("<!---->", [[0]], 0, (b, f, c) => R.p(b, 0, 0, f, 2, "cell", { x: f.v }, c ? true : { x: f.w }, T));
    return Object.assign(T, { b: R.b("<!---->", [[0]], 0, (b, f) => R.f(b, 0, 0, f, f.d.ids, R.g1(f.u, "ids"), false, "*this", row)) });
  }, "p1--");
  const place = (id: string) => id + "\u0001@2\u00015";
  s.flush(["n", 1, 0, "", "p", { ids: ["a", "b"] }, {}], ["n", 2, 1, place("a"), "item", { v: "A" }, {}], ["n", 3, 1, place("b"), "item", { v: "B" }, {}], ["t", "push", 1]);
  equal(text(s), "AB");
  s.flush(["u", 1, [["ids"], ["b", "c", "a"]]], ["n", 4, 1, place("c"), "item", { v: "C" }, {}]);
  equal(text(s), "BCA");
  s.flush(["u", 4, [["v"], "c"]]);
  equal(text(s), "BcA");
  s.flush(["d", 2], ["n", 5, 1, place("a"), "item", { v: "again" }, {}]);
  equal(text(s), "Bcagain", "another instance at a place that stayed");
  s.flush(["d", 5]);
  equal(text(s), "Bc", "a place without an instance is empty");
  s.flush(["n", 6, 1, place("a"), "item", { v: "late" }, {}]);
  equal(text(s), "Bclate");
  s.flush(["u", 1, [["ids"], ["c"]]], ["d", 3], ["d", 6]);
  equal(text(s), "c");
});

test("a flush waits for the code of its units, and those behind it wait too", () => {
  const s = stage();
  s.page("p", { a: 1 });
  s.set(1, [["a"], 2]);
  equal(s.sent, []);
  s.unit("p", (R) => ({ b: R.b(" ", [[0]], 0, (b, f, c) => { (c || R.u1(f.u, "a")) && R.t(b, 0, 0, f.d.a); }) }));
  s.view.resume();
  equal(text(s), "2");
  equal(s.sent, [{ a: 1 }, { a: 2 }]);
});

test("an error in one component is told and leaves the others standing", () => {
  const s = stage();
  s.unit("bad", (R) => ({ b: R.b(" ", [[0]], 0, () => { throw new Error("boom"); }) }), "c1--");
  s.unit("p", (R) => ({ b: R.b("<x-bad></x-bad><mm-view>fine</mm-view>", [[0]], [[0, { k: 1 }]], (b, f) => R.k(b, 0, 0, f, 1, 0)) }));
  s.flush(["n", 1, 0, "", "p", {}, {}], ["n", 2, 1, "1", "bad", {}, {}], ["t", "push", 1]);
  equal(text(s), "fine");
  const err = s.sent.find((m) => "err" in m) as any;
  equal([err.err.message, err.err.where], ["boom", "bad"]);
});

test("script modules run once, see each other, and get the language's library", () => {
  const s = stage();
  let runs = 0;
  s.view.script("u/a.jds", (module, _e, require) => { runs++; module.exports = { twice: (x: number) => (require("../b.jds") as any).times(x, 2) }; });
  s.view.script("b.jds", (_m, exports, _r, lib) => { (exports as any).times = (x: number, n: number) => (lib as any).Math.round(x * n); });
  s.unit("p", (R) => ({ b: R.b(" ", [[0]], 0, (b, f) => R.t(b, 0, 0, (R.w("u/a.jds") as any).twice(f.d.n) + (R.w("u/a.jds") as any).twice(1))) }));
  s.page("p", { n: 1.6 });
  equal([text(s), runs], ["5", 1]);
});

test("values that are no text, styles with rpx, hidden, id and boolean classes", () => {
  const s = stage();
  s.unit("p", (R) => ({ b: R.b('<mm-view class="a"> </mm-view>', [[0], [0, 0]], 0, (b, f) => {
    R.t(b, 0, 1, f.d.t);
    R.s(b, 1, 0, f.d.s);
    R.h(b, 2, 0, f.d.h);
    R.i(b, 3, 0, f.d.i);
    R.c(b, 4, 0, f.d.c);
  }) }));
  s.page("p", { t: null, s: "width:75rpx;height:calc(10px + 1.5rpx);color:red;}body{display:none", h: true, i: 7, c: null });
  const el = s.body().firstElementChild as HTMLElement;
  equal([el.textContent, el.id, el.hidden, el.className], ["", "7", true, ""]);
  s.set(1, [["h"], false], [["s"], "width:75rpx;height:calc(10px + 1.5rpx)"], [["t"], 0], [["c"], "x  y"]);
  equal([el.textContent, getComputedStyle(el).width, el.className], ["0", innerWidth / 10 + "px", "x p--x y p--y"]);
  ok(parseFloat(getComputedStyle(el).height) > 10, "rpx inside calc");
});
