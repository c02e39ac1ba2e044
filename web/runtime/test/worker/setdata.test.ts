import assert from "node:assert/strict";
import { test } from "node:test";
import { Rig } from "./rig";

type Any = any;

async function page(data: Any = {}, env: Any = {}): Promise<{ rig: Rig; page: Any }> {
  let self: Any;
  const rig = new Rig(env);
  rig.unit("pages/a/a", ({ Page }) => Page({ data, onLoad(this: Any) { self = this; } }));
  await rig.start();
  return { rig, page: self };
}

test("everything set in one task travels in one flush, the last value of each path in order", async () => {
  const { rig, page: p } = await page({ a: 1, o: { x: 1, y: 1 } });
  p.setData({ a: 2 });
  p.setData({ "o.x": 5 });
  p.setData({ o: { y: 2 } });
  p.setData({ a: 3, "o.z": 9 });
  await rig.turn();
  assert.equal(rig.flushes.length, 2);
  assert.deepEqual(rig.flushes[1]!.o, [["u", 1, [["o", "x"], 5], [["o"], { y: 2, z: 9 }], [["a"], 3], [["o", "z"], 9]]]);
  assert.deepEqual(rig.of("pages/a/a").data, { a: 3, o: { y: 2, z: 9 } });
});

const paths: [string, Any, Any][] = [
  ["a.b[1].c", 5, { a: { b: [undefined, { c: 5 }] } }],
  ["root.cn.[0].cn.[2].v", "x", { root: { cn: [{ cn: [undefined, undefined, { v: "x" }] }] } }],
  ["list[0]", { a: 1 }, { list: [{ a: 1 }] }],
];
for (const [key, value, want] of paths) {
  test(`setData "${key}" makes what is missing on the way`, async () => {
    const { page: p } = await page();
    p.setData({ [key]: value });
    assert.equal(JSON.stringify(p.data), JSON.stringify(want));
  });
}

test("undefined stays undefined on both sides", async () => {
  const { rig, page: p } = await page({ a: 1 });
  p.setData({ a: undefined });
  await rig.turn();
  assert.deepEqual(rig.flushes[1]!.o, [["u", 1, [["a"]]]]);
  assert.ok("a" in rig.of("pages/a/a").data && rig.of("pages/a/a").data.a === undefined);
});

test("a callback comes after the view applied the data, also when nothing changed or nothing was set", async () => {
  const { rig, page: p } = await page({ a: 1 });
  rig.autoAck = false;
  const order: string[] = [];
  p.setData({ a: 1 }, () => order.push("same"));
  p.setData({}, () => order.push("empty"));
  await rig.turn();
  assert.equal(order.length, 0);
  rig.ack(2);
  assert.equal(order.join(), "same,empty");
  p.setData({}, () => order.push("nothing to send"));
  await rig.turn();
  assert.equal(order.join(), "same,empty,nothing to send");
});

test("a view that is behind is not flooded: changes gather and travel together", async () => {
  const { rig, page: p } = await page({ n: 0 });
  rig.autoAck = false;
  for (let i = 1; i <= 50; i++) {
    p.setData({ n: i });
    await rig.turn();
  }
  assert.equal(rig.flushes.length, 3, "the first, and two ahead of the view");
  rig.ack(2);
  rig.ack(3);
  await rig.turn();
  assert.deepEqual(rig.flushes[3]!.o, [["u", 1, [["n"], 50]]]);
});

test("wrong arguments are errors that name the page, and the right keys are still set", async () => {
  const { rig, page: p } = await page();
  p.setData(null);
  p.setData("text");
  p.setData({ "a[": 1, "b[x]": 2, ".": 3, ok: 4 });
  const circle: Any = { name: "me" };
  circle.self = circle;
  p.setData({ circle, fine: 1 });
  assert.deepEqual(p.data, { ok: 4, fine: 1 });
  const errors = rig.errors().join("\n");
  for (const part of ["expected an object, got null (in pages/a/a)", 'expected an object, got "text"', '"a[" has a bracket without a number', '"b[x]"', "names nothing", 'contains itself; data must be a tree (in pages/a/a setData "circle")']) assert.ok(errors.includes(part), part + "\n" + errors);
});

test("prototypes are out of reach of paths and values", async () => {
  const { page: p } = await page();
  p.setData({ "__proto__.polluted": 1, "a.__proto__.polluted": 1, b: JSON.parse('{"__proto__":{"polluted":1}}') });
  assert.equal(({} as Any).polluted, undefined);
  assert.equal(p.data.b.polluted, undefined);
});

test("big integers, dates and functions do not stop a flush", async () => {
  const { rig, page: p } = await page();
  p.setData({ big: 10n ** 20n, when: new Date(0), f: () => 1, n: 1 });
  await rig.turn();
  assert.deepEqual(rig.of("pages/a/a").data, { big: "100000000000000000000", when: "1970-01-01T00:00:00.000Z", f: undefined, n: 1 });
});

test("a flush over the limit stops the program and says which page and how much", async () => {
  const { rig, page: p } = await page({}, { limits: { storage: 1000, flush: 1 << 20 } });
  p.setData({ small: 1 });
  await rig.turn();
  assert.equal(rig.fatal, null);
  p.setData({ big: "字".repeat(700_000) });
  await rig.turn();
  assert.match(rig.fatal!, /^pages\/a\/a sets 2 MB of data at once, more than the 1 MB one update may carry/);
  assert.equal(rig.program.stopped, true);
  const n = rig.flushes.length;
  p.setData({ after: 1 });
  await rig.turn();
  assert.equal(rig.flushes.length, n);
});

test("a page that is gone takes no data", async () => {
  const rig = new Rig({ pages: { "pages/a/a": { pkg: "" }, "pages/b/b": { pkg: "" } } });
  let b: Any;
  rig.unit("pages/a/a", ({ Page, jd }) => Page({ onLoad: () => void jd.navigateTo({ url: "../b/b" }) }));
  rig.unit("pages/b/b", ({ Page }) => Page({ data: {}, onLoad(this: Any) { b = this; } }));
  await rig.start();
  rig.program.fromHost({ ev: "back" });
  await rig.turn();
  b.setData({ x: 1 });
  await rig.turn();
  assert.equal(rig.seen.size, 1);
  assert.deepEqual(rig.errors(), []);
});
