import assert from "node:assert/strict";
import { test } from "node:test";
import { jdsLibrary, steps } from "../../src/shared/jds";

const lib = jdsLibrary as any;

test("the library is frozen through and has no prototype to reach anything by", () => {
  assert.throws(() => { lib.more = 1; });
  assert.throws(() => { lib.Math.PI = 3; });
  assert.throws(() => { lib.Number.parseInt = null; });
  for (const name of ["Math", "JSON", "Date", "Array", "Object"]) assert.equal(Object.getPrototypeOf(lib[name]), null, name);
  for (const name of ["Number", "String", "Boolean", "Date", "Object", "Array"]) assert.ok(!("prototype" in lib[name]) || lib[name].prototype === undefined, name);
});

test("types are told as the language names them", () => {
  const types: [unknown, string | undefined][] = [[[], "Array"], [{}, "Object"], ["", "String"], [1, "Number"], [true, "Boolean"], [() => 1, "Function"], [new Date(), "Date"], [/x/, "RegExp"], [null, undefined], [undefined, undefined]];
  for (const [value, name] of types) {
    assert.equal(lib.ctor(value), name);
    assert.equal(lib.get(value, "constructor"), name);
  }
});

test("keys that lead to functions' makers lead nowhere, whatever they are hidden in", () => {
  const f = () => 1;
  let asked = 0;
  const twoFaced = { toString: () => (asked++ ? "constructor" : "x") };
  for (const k of ["__proto__", "prototype", "__defineGetter__", "__lookupSetter__", ["__proto__"], { toString: () => "prototype" }]) assert.equal(lib.get(f, k), undefined, String(k));
  for (const k of ["constructor", "__proto__", ["constructor"], { toString: () => "prototype" }]) assert.equal((f as any)[lib.key(k)], undefined, String(k));
  assert.equal(lib.key(twoFaced), "x");
  assert.equal(asked, 1);
  assert.equal(lib.key("call"), "call");
  assert.equal((f as any)[lib.key("call", 1)], undefined);
});

test("ordinary members are what they are", () => {
  assert.deepEqual([lib.get([5, 6], 1), lib.get([5], "length"), lib.get("abc", 2), lib.get({ a: 1 }, "a"), lib.get(undefined, "a")], [6, 1, "c", 1, undefined]);
  assert.deepEqual([lib.key("push"), lib.key(3)], ["push", 3]);
  assert.deepEqual([lib.Number("12"), lib.Number.MAX_SAFE_INTEGER, lib.String(5), lib.Boolean(""), lib.Array.isArray([]), lib.Object.keys({ a: 1 }), lib.JSON.stringify({ a: 1 }), lib.Math.max(1, 2)], [12, Number.MAX_SAFE_INTEGER, "5", false, true, ["a"], '{"a":1}', 2]);
  assert.equal(lib.getDate(2026, 0, 31).getDate(), 31);
  assert.ok(lib.getRegExp("^a", "i").test("ABC"));
});

test("whoever draws is asked now and then whether scripts have run long enough", () => {
  const before = { ...steps };
  let asked = 0;
  Object.assign(steps, { every: 10, left: 10, over: () => { asked++; } });
  for (let i = 0; i < 33; i++) lib.step();
  Object.assign(steps, { over: () => { throw new RangeError("too long"); } });
  assert.throws(() => { for (;;) lib.step(); }, RangeError);
  Object.assign(steps, before);
  assert.equal(asked, 3);
});
