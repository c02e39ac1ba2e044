import assert from "node:assert/strict";
import { test } from "node:test";
import { Rig } from "./rig";

type Any = any;
const none = { p: 0, a: 0 };

/** A page with one component c/c, whose properties come from the page's data of the same names. */
function pair(component: (scope: Any) => Any, page: Any = {}, props: string[] = [], extra: Any = {}): Rig {
  const rig = new Rig();
  const spec = {
    p: (f: Any, c: boolean, P: Any) => {
      for (const name of props) if (c || (f.u && (f.u === true || f.u[name] !== undefined))) P(name, f.d[name]);
    },
    a: () => ({ id: "c", class: "box one", data: { n: 1 }, mark: { m: 2 } }),
    ...extra,
  };
  rig.unit("pages/a/a", ({ Page }) => Page(page), { using: { c: "c/c" } }, (R) => R.b((b: Any, f: Any, c: boolean) => R.k(b, 0, f, 1, "c", c, spec)));
  rig.unit("c/c", (scope) => scope.Component(component(scope)));
  return rig;
}

const coercions: [string, Any, unknown, unknown, boolean][] = [
  ["a string stays", String, "x", "x", false],
  ["a number becomes a string", String, 5, "5", false],
  ["null for a string becomes empty, with a warning", String, null, "", true],
  ["an object for a string becomes its text, with a warning", String, { a: 1 }, "[object Object]", true],
  ["undefined is the type's empty value, not the default", { type: String, value: "normal" }, undefined, "", false],
  ["undefined for any type is null", null, undefined, null, false],
  ["true is the number 1", Number, true, 1, false],
  ["digits become a number", Number, "12", 12, false],
  ["words for a number become 0, with a warning", Number, "twelve", 0, true],
  ["anything becomes a boolean", Boolean, "yes", true, false],
  ["an empty string is false", Boolean, "", false, false],
  ["an array stays", Array, [1], [1], false],
  ["an object for an array becomes empty, with a warning", Array, { a: 1 }, [], true],
  ["null is an object", Object, null, null, false],
  ["a second type is accepted", { type: Number, optionalTypes: [String] }, "12", "12", false],
  ["an array is no Object among optional types", { type: Number, optionalTypes: [Object] }, [1, 2], 0, true],
  ["null type takes anything", null, "x", "x", false],
];
for (const [name, type, given, want, warns] of coercions) {
  test(`properties: ${name}`, async () => {
    const rig = pair(() => ({ properties: { v: type } }), { data: { v: given } }, ["v"]);
    await rig.start();
    assert.deepEqual(rig.of("c/c").data.v, want);
    assert.equal(rig.warnings().some((w) => w.includes("type-uncompatible")), warns);
  });
}

test("properties follow the page, and tell observers of old and new", async () => {
  const seen: Any[] = [];
  let page: Any;
  const rig = pair(
    () => ({ properties: { n: { type: Number, value: 1, observer: (now: Any, old: Any) => seen.push([old, now]) } }, observers: { n: (n: Any) => seen.push(n) } }),
    { data: { n: 2 }, onLoad(this: Any) { page = this; } }, ["n"],
  );
  await rig.start();
  page.setData({ n: 3 });
  page.setData({ n: 3 });
  await rig.turn();
  assert.deepEqual(seen, [2, [1, 2], 3, [2, 3]]);
  assert.equal(rig.of("c/c").data.n, 3);
});

test("data given and data kept are separate objects", async () => {
  let page: Any, component: Any;
  const rig = pair(() => ({ properties: { o: Object }, attached(this: Any) { component = this; } }), { data: { o: { list: [1] } }, onLoad(this: Any) { page = this; } }, ["o"]);
  await rig.start();
  const mine = { list: [1, 2] };
  page.setData({ o: mine });
  mine.list.push(3);
  assert.deepEqual(page.data.o, { list: [1, 2] });
  component.data.o.list.push(9);
  assert.deepEqual(page.data.o, { list: [1, 2] });
});

test("one field changed deep in an object a page passes on travels as that field", async () => {
  let page: Any;
  const big = { rows: Array.from({ length: 100 }, (_, i) => ({ id: i, label: "x".repeat(50) })) };
  const rig = pair(() => ({ properties: { o: Object } }), { data: { o: big }, onLoad(this: Any) { page = this; } }, ["o"]);
  await rig.start();
  const before = rig.flushes.length;
  page.setData({ "o.rows[50].label": "new" });
  await rig.turn();
  const [flush] = rig.flushes.slice(before);
  assert.ok(JSON.stringify(flush).length < 300, JSON.stringify(flush).slice(0, 300));
  assert.equal(rig.of("c/c").data.o.rows[50].label, "new");
});

const watched: [string, string, boolean][] = [
  ["a", "a", true], ["a", "a.b", false], ["a.b", "a", true], ["a.b", "a.c", false], ["a.**", "a.b.c", true], ["a.**", "a", true], ["a.**", "b", false],
  ["list[0]", "list[0]", true], ["list[0]", "list[1]", false], ["list[0].x", "list", true], ["a, b", "b", true], ["**", "anything", true],
];
for (const [field, set, fires] of watched) {
  test(`observer "${field}" ${fires ? "fires" : "stays silent"} when "${set}" is set`, async () => {
    let fired = 0, component: Any;
    const rig = pair(() => ({ data: { a: { b: 1 }, list: [{ x: 1 }, 2], b: 0 }, observers: { [field]: () => fired++ }, attached(this: Any) { component = this; } }));
    await rig.start();
    component.setData({ [set]: 5 });
    assert.equal(fired, fires ? 1 : 0);
  });
}

test("an observer of several fields runs once per setData with all values", async () => {
  const seen: Any[] = [];
  let component: Any;
  const rig = pair(() => ({ data: { a: 1, b: { c: 2 } }, observers: { "a, b.c": (a: Any, c: Any) => seen.push([a, c]) }, attached(this: Any) { component = this; } }));
  await rig.start();
  component.setData({ a: 5, b: { c: 6 } });
  assert.deepEqual(seen, [[5, 6]]);
});

test("observers may set data; those that never end are stopped with an error", async () => {
  let component: Any;
  const rig = pair(() => ({
    data: { a: 1, double: 2, loop: 0 },
    observers: { a(this: Any, a: number) { this.setData({ double: a * 2 }); }, loop(this: Any, n: number) { this.setData({ loop: n + 1 }); } },
    attached(this: Any) { component = this; },
  }));
  await rig.start();
  component.setData({ a: 4 });
  assert.equal(component.data.double, 8);
  component.setData({ loop: 1 });
  assert.match(rig.errors().join(), /observers of c\/c set data that triggers them again/);
});

test("behaviors give data, properties, methods; lifetimes and observers of all run, the behavior's first and once", async () => {
  const order: string[] = [];
  let component: Any;
  const rig = pair(({ Behavior }) => {
    const base = Behavior({ data: { o: { from: "base", base: 1 }, only: "base" }, properties: { size: { type: String, value: "m" } }, methods: { who: () => "base", help: () => "help" }, attached: () => order.push("base"), observers: { x: () => order.push("base x") } });
    const mid = Behavior({ behaviors: [base], methods: { who: () => "mid" }, attached: () => order.push("mid") });
    return { behaviors: [base, mid, "jd://form-field"], data: { o: { from: "own" }, x: 0 }, methods: { who: () => "own" }, attached(this: Any) { order.push("own"); component = this; this.is2 = this.hasBehavior(mid); }, observers: { x: () => order.push("own x") } };
  });
  await rig.start();
  assert.deepEqual(order, ["base", "mid", "own"]);
  component.setData({ x: 1 });
  assert.deepEqual(order.slice(3), ["base x", "own x"]);
  assert.deepEqual(component.data.o, { from: "own", base: 1 });
  assert.deepEqual([component.who(), component.help(), component.data.size, component.is2, component.hasBehavior("wx://form-field")], ["own", "help", "m", true, true]);
  assert.deepEqual([component.data.name, component.data.value], ["", null]);
  assert.equal(rig.of("c/c").options.field, 1);
});

test("definitionFilter changes the components that use the behavior", async () => {
  const rig = pair(({ Behavior }) => ({ behaviors: [Behavior({ definitionFilter: (d: Any) => { d.data = { ...d.data, computed: d.data.n * 2 }; } })], data: { n: 21 } }));
  await rig.start();
  assert.equal(rig.of("c/c").data.computed, 42);
});

test("pure data fields stay in the logic and are observed", async () => {
  let component: Any, fired = 0;
  const rig = pair(() => ({ options: { pureDataPattern: /^_/ }, data: { _secret: 1, shown: 1 }, observers: { _secret: () => fired++ }, attached(this: Any) { component = this; } }));
  await rig.start();
  assert.deepEqual(rig.of("c/c").data, { shown: 1 });
  const n = rig.flushes.length;
  component.setData({ _secret: 2 });
  await rig.turn();
  assert.equal(rig.flushes.length, n);
  assert.deepEqual([component.data._secret, fired], [2, 1]);
});

test("two-way binding: what the component sets, the page has", async () => {
  let page: Any, component: Any;
  const rig = pair(() => ({ properties: { v: String }, attached(this: Any) { component = this; } }), { data: { v: "a" }, onLoad(this: Any) { page = this; } }, ["v"], { o: { v: ["form", "name"] } });
  await rig.start();
  component.setData({ v: "typed" });
  assert.equal(page.data.form.name, "typed");
  await rig.turn();
  assert.equal(rig.of("pages/a/a").data.form.name, "typed");
});

test("external classes travel apart from data", async () => {
  let page: Any;
  const rig = pair(() => ({ externalClasses: ["my-class"] }), { data: { myClass: "red" }, onLoad(this: Any) { page = this; } }, ["myClass"]);
  await rig.start();
  assert.deepEqual(rig.of("c/c").options.x, { "my-class": "red" });
  page.setData({ myClass: "red big" });
  await rig.turn();
  assert.deepEqual(rig.ops("x"), [["x", rig.of("c/c").id, { "my-class": "red big" }]]);
});

test("components are found by id, class and tag, and export what they mean to", async () => {
  let page: Any;
  const rig = pair(() => ({ behaviors: ["wx://component-export"], export: () => ({ only: "this" }) }), { onLoad(this: Any) { page = this; } });
  await rig.start();
  for (const selector of ["#c", ".box", ".box.one", "c", ".list .box", "c#c.box", ".nothing, #c"]) assert.deepEqual(page.selectComponent(selector), { only: "this" }, selector);
  assert.equal(page.selectComponent(".two"), null);
  assert.equal(page.selectAllComponents(".box").length, 1);
  assert.equal(page.selectComponent("[x=1]"), null);
  assert.match(rig.errors()[0]!, /selector "\[x=1\]": "\[x=1\]" is not understood/);
});

test("a component knows its id, dataset, owner and page", async () => {
  let c: Any, page: Any;
  const rig = pair(() => ({ attached(this: Any) { c = this; } }), { onLoad(this: Any) { page = this; } });
  await rig.start();
  assert.deepEqual([c.is, c.id, c.dataset, c.selectOwnerComponent() === page, c.getPageId() === page.getPageId()], ["c/c", "c", { n: 1 }, true, true]);
});

test("a page and its components find the custom tab bar that stands in it", async () => {
  const rig = new Rig();
  let page: Any, bar: Any;
  const unit = "custom-tab-bar/index";
  rig.unit("app", ({ App }) => App({}));
  rig.unit(unit, ({ Component }) => Component({ data: { at: 0 }, attached(this: Any) { bar = this; } }));
  rig.unit("pages/a/a", ({ Page }) => Page({ onLoad(this: Any) { page = this; this.getTabBar().setData({ at: 1 }); } }), { using: { "custom-tab-bar": unit } },
    (R) => R.b((b: Any, f: Any, c: boolean) => R.k(b, 0, f, 0, "custom-tab-bar", c, { p: 0, e: 0, E: 0, a: 0, s: 0, g: 0 })));
  await rig.start();
  assert.equal(page.getTabBar(), bar);
  assert.equal(bar.getTabBar(), bar);
  assert.equal(bar.data.at, 1);
  const { self } = await plain();
  assert.equal(self.getTabBar(), null, "a page without one");
});

test("a component whose script fails leaves the page working, with the module named", async () => {
  const rig = pair(() => { throw new Error("broken"); }, { data: { t: 1 } });
  await rig.start();
  assert.match(rig.errors()[0]!, /broken \(in module c\/c\.js\)/);
  assert.equal(rig.of("pages/a/a").data.t, 1);
  assert.equal(rig.fatal, null);
});

test("a tag nobody declared is named", async () => {
  const rig = new Rig();
  rig.unit("pages/a/a", ({ Page }) => Page({}), {}, (R) => R.b((b: Any, f: Any, c: boolean) => R.k(b, 0, f, 1, "price-tag", c, none)));
  await rig.start();
  assert.match(rig.warnings()[0]!, /pages\/a\/a: <price-tag> is no component here/);
});

test("generics choose the component at the use", async () => {
  const rig = new Rig();
  rig.unit("pages/a/a", ({ Page }) => Page({}), { using: { list: "c/list", fancy: "c/fancy" } }, (R) =>
    R.b((b: Any, f: Any, c: boolean) => {
      R.k(b, 0, f, 1, "list", c, { ...none, g: { item: "fancy" } });
      R.k(b, 1, f, 2, "list", c, none);
    }));
  rig.unit("c/list", ({ Component }) => Component({}), { generics: { item: "c/plain" } }, (R) => R.b((b: Any, f: Any, c: boolean) => R.k(b, 0, f, 1, "item", c, none)));
  rig.unit("c/fancy", ({ Component }) => Component({})).unit("c/plain", ({ Component }) => Component({}));
  await rig.start();
  assert.equal(rig.all("c/fancy").length, 1);
  assert.equal(rig.all("c/plain").length, 1);
});

async function plain(): Promise<{ self: Any }> {
  let self: Any;
  const rig = new Rig();
  rig.unit("app", ({ App }) => App({}));
  rig.unit("pages/a/a", ({ Page }) => Page({ onLoad(this: Any) { self = this; } }));
  await rig.start();
  return { self };
}

test("a component knows what draws it, and is a value where it stands in data", async () => {
  let component: Any;
  const rig = pair(() => ({ data: { by: "", me: null }, created(this: Any) { component = this; this.setData({ by: this.renderer, me: this }); } }), {}, []);
  await rig.start();
  assert.equal(component.data.me, component);
  assert.deepEqual(rig.of("c/c").data, { by: "webview" });
  assert.deepEqual(rig.errors(), []);
});
