import assert from "node:assert/strict";
import { test } from "node:test";
import { Rig } from "./rig";

type Any = any;

/** A page with a keyed list of components that show their item's label. */
function list(rows: Any[], order: string[] = [], key: Any = "id"): { rig: Rig; page: () => Any } {
  let self: Any;
  const rig = new Rig();
  const spec = { p: (f: Any, c: boolean, P: Any) => { if (c || f.w) P("label", f.v.label); }, a: (f: Any) => ({ data: { id: f.v.id } }) };
  rig.unit("pages/a/a", ({ Page }) => Page({ data: { rows }, onLoad(this: Any) { self = this; } }), { using: { row: "c/row" } }, (R) => {
    const item = R.b((b: Any, f: Any, c: boolean) => R.k(b, 0, f, 1, "row", c, spec));
    return R.b((b: Any, f: Any, c: boolean) => (c || R.u1(f.u, "rows")) && R.f(b, 0, f, f.d.rows, R.g1(f.u, "rows"), false, key, item));
  });
  rig.unit("c/row", ({ Component }) =>
    Component({
      properties: { label: String }, lifetimes: { attached(this: Any) { order.push("+" + this.data.label); }, detached(this: Any) { order.push("-" + this.data.label); }, moved(this: Any) { order.push("~" + this.data.label); } },
    }));
  return { rig, page: () => self };
}
const labels = (rig: Rig) => rig.all("c/row").map((s) => `${s.place.replace("\u0001", "/")}=${s.data.label}`).sort();

test("keyed lists keep instances with their items", async () => {
  const order: string[] = [];
  const { rig, page } = list([{ id: "a", label: "A" }, { id: "b", label: "B" }, { id: "c", label: "C" }], order);
  await rig.start();
  assert.deepEqual(labels(rig), ["a/1=A", "b/1=B", "c/1=C"]);
  order.length = 0;
  page().setData({ rows: [{ id: "c", label: "C" }, { id: "a", label: "A!" }, { id: "d", label: "D" }] });
  await rig.turn();
  assert.deepEqual(order, ["-B", "~A!", "+D"]);
  assert.deepEqual(labels(rig), ["a/1=A!", "c/1=C", "d/1=D"]);
  assert.equal(rig.ops("n").length, 5, "the page, three rows, one more");
});

test("one row changed by path updates that row alone", async () => {
  const { rig, page } = list(Array.from({ length: 50 }, (_, i) => ({ id: "k" + i, label: "L" + i })));
  await rig.start();
  const n = rig.flushes.length;
  page().setData({ "rows[7].label": "seven" });
  await rig.turn();
  assert.deepEqual(rig.flushes[n]!.o.map((o) => [o[0], JSON.stringify(o.slice(2))]), [["u", '[[["rows",7,"label"],"seven"]]'], ["u", '[[["label"],"seven"]]']]);
});

test("a row that grows by path is added; a key that changes by path makes a new instance", async () => {
  const { rig, page } = list([{ id: "a", label: "A" }]);
  await rig.start();
  page().setData({ "rows[1]": { id: "b", label: "B" } });
  page().setData({ "rows[0].id": "z" });
  await rig.turn();
  assert.deepEqual(labels(rig), ["b/1=B", "z/1=A"]);
});

test("double and missing keys still give every item its own instance", async () => {
  const { rig } = list([{ id: "a", label: "1" }, { id: "a", label: "2" }, { label: "3" }]);
  await rig.start();
  assert.equal(new Set(rig.all("c/row").map((s) => s.place)).size, 3);
});

test("random list changes end with exactly the rows that are wanted", async () => {
  const { rig, page } = list([]);
  await rig.start();
  let seed = 42;
  const random = (n: number) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;
  for (let round = 0; round < 200; round++) {
    const want = Array.from({ length: random(8) }, () => ({ id: "k" + random(12), label: "v" + random(1000) })).filter((r, i, all) => all.findIndex((o) => o.id === r.id) === i);
    page().setData({ rows: want });
    if (want.length && random(2)) {
      const i = random(want.length);
      want[i]!.label = "changed" + round;
      page().setData({ [`rows[${i}].label`]: want[i]!.label });
    }
    if (random(3) === 0) await rig.turn();
    assert.deepEqual(page().selectAllComponents("row").map((c: Any) => `${c.dataset.id}=${c.data.label}`), want.map((r) => `${r.id}=${r.label}`));
  }
  await rig.turn();
  assert.deepEqual(labels(rig), page().data.rows.map((r: Any) => `${r.id}/1=${r.label}`).sort());
});

test("template calls by name from data update by change path and swap when the name changes", async () => {
  let page: Any, ran = 0;
  const rig = new Rig();
  const spec = (name: string) => ({ p: (f: Any, c: boolean, P: Any) => { ran++; if (c || R0.u1(f.u, "item")) P("v", name + f.d.item); }, a: 0 });
  let R0: Any;
  rig.unit("pages/a/a", ({ Page }) => Page({ data: { kind: "one", item: 1, other: 0 }, onLoad(this: Any) { page = this; } }), { using: { c: "c/c" }, tpl: "page.jxml" });
  rig.program.$T("lib.jxml", (R) => {
    R0 = R;
    return { b: 0, t: { one: R.b((b: Any, f: Any, c: boolean) => R.k(b, 0, f, 1, "c", c, spec("one"))), two: R.b((b: Any, f: Any, c: boolean) => R.k(b, 0, f, 1, "c", c, spec("two"))) }, i: [] };
  });
  rig.program.$T("page.jxml", (R) => {
    const T: Any = {};
    T.b = R.b((b: Any, f: Any, c: boolean) => (c || R.u1(f.u, "kind") || R.u1(f.u, "item")) && R.p(b, 0, f, 3, f.d.kind, { item: f.d.item }, f.u === true ? true : { item: R.g1(f.u, "item") }, T));
    T.t = {};
    T.i = ["lib.jxml"];
    return T;
  });
  rig.unit("c/c", ({ Component }) => Component({ properties: { v: String } }));
  await rig.start();
  assert.deepEqual([rig.of("c/c").data.v, rig.of("c/c").place], ["one1", "@3\u00011"]);
  page.setData({ item: 2 });
  ran = 0;
  page.setData({ other: 1 });
  assert.equal(ran, 0);
  page.setData({ kind: "two" });
  await rig.turn();
  assert.equal(rig.of("c/c").data.v, "two2");
  page.setData({ kind: "none" });
  page.setData({ kind: "toString" });
  await rig.turn();
  assert.equal(rig.all("c/c").length, 0);
  assert.match(rig.warnings().join(), /there is no template "none"/);
});

/** page: <another bindx="another"><my bindx="my"/></another>; another: <view bindx="inner"><slot/></view> */
function bubbling(options: Any, flags: Record<string, number> = {}, type = "x"): { rig: Rig; heard: string[]; fire: () => void; events: Any[] } {
  const heard: string[] = [], events: Any[] = [], rig = new Rig();
  let my: Any;
  const on = (name: string) => (e: Any) => (heard.push(name), events.push(e));
  rig.unit("pages/a/a", ({ Page }) => Page({ my: on("my"), another: on("another"), down: on("down") }), { using: { my: "c/my", another: "c/another" } }, (R) => {
    const content = R.b((b: Any, f: Any, c: boolean) => R.k(b, 0, f, 2, "my", c, { p: 0, e: { [type]: ["my", flags.my || 0] }, a: () => ({ id: "my", data: { k: 1 }, mark: { a: 1 } }) }));
    return R.b((b: Any, f: Any, c: boolean) => R.k(b, 0, f, 1, "another", c, { p: 0, e: { [type]: ["another", flags.another || 0], ["^" + type]: ["down", flags.down || 0] }, a: () => ({ id: "another", mark: { b: 2 } }), s: { "": content } }));
  });
  rig.unit("c/another", ({ Component }) => Component({ methods: { inner: on("inner") } }), {}, (R) => {
    const inside = R.b((b: Any, f: Any) => R.o(b, 0, f, ""));
    return R.b((b: Any, f: Any) => R.l(b, 0, f, { e: { [type]: ["inner", flags.inner || 0] }, a: 0 }, inside));
  });
  rig.unit("c/my", ({ Component }) => Component({ attached(this: Any) { my = this; } }));
  return { rig, heard, events, fire: () => my.triggerEvent(type, { n: 1 }, options) };
}
const ways: [string, Any, Record<string, number>, string[]][] = [
  ["alone reaches only its own element", undefined, {}, ["my"]],
  ["bubbling reaches what encloses it in the page", { bubbles: true }, {}, ["my", "another"]],
  ["composed passes through the slot's surroundings", { bubbles: true, composed: true }, {}, ["my", "inner", "another"]],
  ["catch ends it", { bubbles: true, composed: true }, { inner: 1 }, ["my", "inner"]],
  ["capture comes first", { bubbles: true, capturePhase: true }, {}, ["down", "my", "another"]],
  ["capture-catch lets nothing through", { bubbles: true, capturePhase: true }, { down: 1 }, ["down"]],
  ["of several mut-bind one runs", { bubbles: true, composed: true }, { my: 4, inner: 4 }, ["my", "another"]],
];
for (const [name, options, flags, want] of ways) {
  test(`triggerEvent ${name}`, async () => {
    const { rig, heard, events, fire } = bubbling(options, flags);
    await rig.start();
    fire();
    assert.deepEqual(heard, want);
    assert.deepEqual(rig.errors(), []);
    const own = events[heard.indexOf("my")];
    if (own) {
      assert.deepEqual([own.type, own.detail, own.currentTarget.id, own.currentTarget.dataset, own.mark.a], ["x", { n: 1 }, "my", { k: 1 }, 1]);
      if (options?.bubbles) assert.deepEqual(own.mark, { a: 1, b: 2 });
    }
  });
}

test("composed events leave a component at its own element, retargeted", async () => {
  const heard: Any[] = [], rig = new Rig();
  let inner: Any;
  rig.unit("pages/a/a", ({ Page }) => Page({ outside: (e: Any) => heard.push(["page", e.target.id]) }), { using: { o: "c/o" } }, (R) =>
    R.b((b: Any, f: Any, c: boolean) => R.k(b, 0, f, 1, "o", c, { p: 0, e: { x: ["outside", 0] }, a: () => ({ id: "outer" }) })));
  rig.unit("c/o", ({ Component }) => Component({ methods: { inside: (e: Any) => heard.push(["outer", e.target.id]) } }), { using: { i: "c/i" } }, (R) =>
    R.b((b: Any, f: Any, c: boolean) => R.k(b, 0, f, 1, "i", c, { p: 0, E: (f: Any) => ({ x: [f.d.none ? "" : "inside", 0] }), a: () => ({ id: "inner" }) })));
  rig.unit("c/i", ({ Component }) => Component({ attached(this: Any) { inner = this; } }));
  await rig.start();
  inner.triggerEvent("x", null, { bubbles: true, composed: true });
  assert.deepEqual(heard, [["outer", "inner"], ["page", "outer"]]);
});

test("an event from the page calls the handler, and a missing one is named", async () => {
  const rig = new Rig(), got: Any[] = [];
  rig.unit("pages/a/a", ({ Page }) => Page({ go: (e: Any) => got.push(e.type) }));
  await rig.start();
  const { id } = rig.of("pages/a/a");
  rig.event(id, "go");
  rig.event(id, "gone", "longpress");
  rig.event(999, "go");
  assert.deepEqual(got, ["tap"]);
  assert.deepEqual(rig.warnings(), ['Component "pages/a/a" does not have a method "gone" to handle event "longpress".']);
});

/** page: <ul><li for/></ul> with relations by path, or by behaviors. */
function related(byBehavior: boolean): { rig: Rig; page: () => Any; heard: string[]; ul: () => Any } {
  const rig = new Rig(), heard: string[] = [];
  let self: Any, parent: Any;
  rig.unit("pages/a/a", ({ Page }) => Page({ data: { rows: ["a", "b"] }, onLoad(this: Any) { self = this; } }), { using: { ul: "c/ul", li: "c/li" } }, (R) => {
    const li = R.b((b: Any, f: Any, c: boolean) => R.k(b, 0, f, 2, "li", c, { p: (f: Any, c: boolean, P: Any) => c && P("n", f.v), a: 0 }));
    const content = R.b((b: Any, f: Any, c: boolean) => (c || R.u1(f.u, "rows")) && R.f(b, 0, f, f.d.rows, R.g1(f.u, "rows"), false, "*this", li));
    return R.b((b: Any, f: Any, c: boolean) => R.k(b, 0, f, 1, "ul", c, { p: 0, a: 0, s: { "": content } }));
  });
  rig.program.$D("c/marks.js", (module: Any, _e: Any, _r: Any, _j: Any, _w: Any, _a: Any, _p: Any, _c: Any, Behavior: Any) => void (module.exports = { ul: Behavior({}), li: Behavior({}) }));
  const relation = (me: string, other: string, type: string, say: (o: Any) => string) => ({ require }: Any) => {
    const marks = byBehavior ? require("./marks") : null;
    return { behaviors: marks ? [marks[me]] : [], relations: { [byBehavior ? other : "./" + other]: { type, ...(marks ? { target: marks[other] } : {}), linked: (o: Any) => heard.push(`${me}+${say(o)}`), unlinked: (o: Any) => heard.push(`${me}-${say(o)}`), linkChanged: (o: Any) => heard.push(`${me}~${say(o)}`) } } };
  };
  rig.unit("c/ul", (s) => s.Component({ ...relation("ul", "li", "child", (o) => o.data.n)(s), attached(this: Any) { parent = this; } }), {}, (R) => R.b((b: Any, f: Any) => R.o(b, 0, f, "")));
  rig.unit("c/li", (s) => s.Component({ ...relation("li", "ul", "parent", () => "ul")(s), properties: { n: String } }));
  return { rig, heard, page: () => self, ul: () => parent };
}
for (const byBehavior of [false, true]) {
  test(`relations ${byBehavior ? "by behavior" : "by path"} link, keep order, change and unlink`, async () => {
    const { rig, heard, page, ul } = related(byBehavior);
    await rig.start();
    assert.deepEqual(heard, ["ul+a", "li+ul", "ul+b", "li+ul"]);
    const nodes = () => ul().getRelationNodes(byBehavior ? "li" : "./li").map((n: Any) => n.data.n);
    assert.deepEqual(nodes(), ["a", "b"]);
    heard.length = 0;
    page().setData({ rows: ["c", "b", "a"] });
    assert.deepEqual(nodes(), ["c", "b", "a"]);
    assert.deepEqual(heard, ["ul~a", "li~ul", "ul+c", "li+ul"]);
    heard.length = 0;
    page().setData({ rows: ["a"] });
    assert.deepEqual(heard.sort(), ["li-ul", "li-ul", "ul-b", "ul-c"]);
    assert.deepEqual(nodes(), ["a"]);
    assert.equal(ul().getRelationNodes("./nothing"), null);
  });
}

test("after setData the tree is known at once, without the view", async () => {
  const rig = new Rig();
  let page: Any;
  rig.unit("pages/a/a", ({ Page }) => Page({ data: { on: false }, onLoad(this: Any) { page = this; } }), { using: { c: "c/c" } }, (R) => {
    const yes = R.b((b: Any, f: Any, c: boolean) => R.k(b, 0, f, 1, "c", c, { p: 0, a: () => ({ id: "c" }) }));
    return R.b((b: Any, f: Any) => R.q(b, 0, f, f.d.on ? 0 : -1, [yes]));
  });
  rig.unit("c/c", ({ Component }) => Component({ data: { ready: false }, attached(this: Any) { this.setData({ ready: true }); } }));
  await rig.start();
  page.setData({ on: true });
  assert.equal(page.selectComponent("#c").data.ready, true);
});

test("a template that throws is reported and the page stays", async () => {
  const rig = new Rig();
  rig.program.$S("x.jds", (m: Any) => void (m.exports = { bad: () => { throw new RangeError("bad filter"); } }));
  rig.unit("pages/a/a", ({ Page }) => Page({ data: { t: 1 } }), { using: { c: "c/c" } }, (R) => { const x = R.w("x.jds"); return R.b((b: Any, f: Any) => R.q(b, 0, f, x.bad() ? 0 : -1, [0])); });
  await rig.start();
  assert.match(rig.errors()[0]!, /bad filter \(in template of pages\/a\/a\)/);
  assert.equal(rig.of("pages/a/a").data.t, 1);
});
