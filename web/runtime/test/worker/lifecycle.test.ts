import assert from "node:assert/strict";
import { test } from "node:test";
import { Rig } from "./rig";

test("an app and its page start in the documented order", async () => {
  const order: string[] = [];
  const rig = new Rig({ launch: { path: "pages/a/a", query: { id: "7" }, scene: 1011 } });
  rig.unit("app", ({ App }) => App({ onLaunch: (o: any) => order.push(`launch ${o.path} ${o.query.id} ${o.scene}`), onShow: () => order.push("app show"), globalData: { n: 1 } }));
  rig.unit("pages/a/a", ({ Page, getApp, getCurrentPages }) =>
    Page({
      data: { title: "hello" }, extra: { list: [1] },
      onLoad(this: any, q: any) {
        order.push(`load ${q.id} ${getApp().globalData.n} ${getCurrentPages().length} ${this.route} ${this.extra.list[0]}`);
        this.setData({ title: "loaded" });
      },
      onShow: () => order.push("show"), onReady: () => order.push("ready"),
    }),
  );
  await rig.start();
  assert.deepEqual(order, ["launch pages/a/a 7 1011", "app show", "load 7 1 1 pages/a/a 1", "show", "ready"]);
  assert.equal(rig.flushes.length, 1, "one flush carries the page and what onLoad set");
  assert.deepEqual(rig.of("pages/a/a").data, { title: "loaded" });
  assert.equal(rig.shown, rig.of("pages/a/a").id);
  assert.ok(rig.host.some((m) => "ev" in m && m.ev === "ready"));
  assert.deepEqual(rig.errors(), []);
});

function nested(rig: Rig, order: string[]) {
  const say = (name: string) => ({
    created: () => order.push(name + " created"), attached: () => order.push(name + " attached"), ready: () => order.push(name + " ready"), detached: () => order.push(name + " detached"),
  });
  rig.unit("pages/a/a", ({ Page }) => Page({ data: { on: true }, onLoad: () => order.push("page load"), onReady: () => order.push("page ready"), onUnload: () => order.push("page unload") }), { using: { outer: "c/outer" } },
    (R) => {
      const S = { p: 0, a: 0 };
      const in1 = R.b((b: any, f: any, c: boolean) => R.k(b, 0, f, 1, "outer", c, S));
      return R.b((b: any, f: any) => R.q(b, 0, f, f.d.on ? 0 : -1, [in1]));
    });
  rig.unit("c/outer", ({ Component }) => Component({ lifetimes: say("outer") }), { using: { inner: "c/inner" } }, (R) => R.b((b: any, f: any, c: boolean) => (R.k(b, 0, f, 1, "inner", c, { p: 0, a: 0 }), R.k(b, 1, f, 2, "inner", c, { p: 0, a: 0 }))));
  rig.unit("c/inner", ({ Component }) => Component({ ...say("inner") }));
}

test("components are created inside out, attached outside in, and ready inside out once the view has them", async () => {
  const order: string[] = [], rig = new Rig();
  nested(rig, order);
  rig.autoAck = false;
  await rig.start();
  assert.deepEqual(order, ["inner created", "inner created", "outer created", "outer attached", "inner attached", "inner attached", "page load"]);
  rig.ack(1);
  assert.deepEqual(order.slice(7), ["inner ready", "inner ready", "outer ready", "page ready"]);
  const outer = rig.of("c/outer");
  assert.deepEqual(rig.all("c/inner").map((i) => [i.parent, i.place]), [[outer.id, "1"], [outer.id, "2"]]);
});

test("a branch that closes detaches what was in it; one that opens brings new instances", async () => {
  const order: string[] = [], rig = new Rig();
  nested(rig, order);
  await rig.start();
  const id = rig.of("pages/a/a").id;
  order.length = 0;
  rig.view({ w: [id, ["on"], false] });
  await rig.turn();
  assert.deepEqual(order, ["inner detached", "inner detached", "outer detached"]);
  assert.equal(rig.all("c/outer").length, 0);
  rig.view({ w: [id, ["on"], true] });
  await rig.turn();
  assert.deepEqual(order.slice(3), ["inner created", "inner created", "outer created", "outer attached", "inner attached", "inner attached", "inner ready", "inner ready", "outer ready"]);
  assert.equal(rig.all("c/inner").length, 2);
});

test("what comes and goes between two flushes never reaches the view", async () => {
  const order: string[] = [], rig = new Rig();
  nested(rig, order);
  await rig.start();
  const id = rig.of("pages/a/a").id, old = rig.of("c/outer").id;
  for (const on of [false, true, false]) rig.view({ w: [id, ["on"], on] });
  await rig.turn();
  const last = rig.flushes[rig.flushes.length - 1]!;
  assert.deepEqual(last.o.map((o) => o[0]).sort(), ["d", "d", "d", "u"]);
  assert.ok(last.o.some((o) => o[0] === "d" && o[1] === old));
});

test("an error in a lifetime reaches the log, App.onError and onError listeners; the rest goes on", async () => {
  const told: string[] = [], rig = new Rig();
  rig.unit("app", ({ App, jd }) => (jd.onError((m: string) => told.push("listener " + m.split("\n")[0])), App({ onError: (m: string) => told.push("app " + m.split("\n")[0]) })));
  rig.unit("pages/a/a", ({ Page }) => Page({ onLoad() { throw new TypeError("no such thing"); }, onShow: () => told.push("shown") }));
  await rig.start();
  assert.deepEqual(told, ["app TypeError: no such thing", "listener TypeError: no such thing", "shown"]);
  assert.match(rig.errors()[0]!, /TypeError: no such thing \(in pages\/a\/a onLoad\)/);
  assert.ok(rig.logs.find((l) => l.level === "error")!.stack);
});

test("an onError that throws does not call itself", async () => {
  const rig = new Rig();
  rig.unit("app", ({ App }) => App({ onError() { throw new Error("again"); }, onLaunch() { throw new Error("first"); } }));
  rig.unit("pages/a/a", ({ Page }) => Page({}));
  await rig.start();
  assert.equal(rig.errors().length, 2);
});

test("a component that contains itself without an end is stopped with a clear error", async () => {
  const rig = new Rig();
  rig.unit("pages/a/a", ({ Page }) => Page({}), { using: { a: "c/a" } }, (R) => R.b((b: any, f: any, c: boolean) => R.k(b, 0, f, 1, "a", c, { p: 0, a: 0 })));
  rig.unit("c/a", ({ Component }) => Component({}), { using: { a: "c/a" } }, (R) => R.b((b: any, f: any, c: boolean) => R.k(b, 0, f, 1, "a", c, { p: 0, a: 0 })));
  await rig.start();
  assert.match(rig.errors().join(), /nested more than 250 deep: does c\/a contain itself/);
});

test("hiding and showing the program tells the page and the app in order", async () => {
  const order: string[] = [], rig = new Rig();
  rig.unit("app", ({ App }) => App({ onShow: () => order.push("app show"), onHide: () => order.push("app hide") }));
  rig.unit("pages/a/a", ({ Page }) => Page({ onShow: () => order.push("page show"), onHide: () => order.push("page hide") }), { using: { c: "c/c" } }, (R) => R.b((b: any, f: any, c: boolean) => R.k(b, 0, f, 1, "c", c, { p: 0, a: 0 })));
  rig.unit("c/c", ({ Component }) => Component({ pageLifetimes: { show: () => order.push("component show"), hide: () => order.push("component hide") } }));
  await rig.start();
  order.length = 0;
  rig.program.fromHost({ ev: "hide" });
  rig.program.fromHost({ ev: "hide" });
  rig.program.fromHost({ ev: "show" });
  assert.deepEqual(order, ["page hide", "component hide", "app hide", "app show", "page show", "component show"]);
});
