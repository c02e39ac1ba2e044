import assert from "node:assert/strict";
import { test } from "node:test";
import { Args, CallFailed, weigh } from "../src/bridge/arguments";

const fails = (f: () => unknown, words: string) => assert.throws(f, (e) => e instanceof CallFailed && e.message.includes(words), words);

test("arguments that are no object are refused; none at all is an empty one", () => {
  assert.equal(new Args(undefined).has("x"), false);
  assert.equal(new Args(null).text("x", { max: 9, or: "d" }), "d");
  for (const bad of ["text", 7, true, [1]]) fails(() => new Args(bad), "should be an object");
});

test("each reader names what is wrong, with what, and what would be right", () => {
  const a = new Args({ s: "abc", n: 5, f: true, l: ["a", "b"], o: { k: 1 }, nan: NaN, nil: null });
  const table: [() => unknown, string][] = [
    [() => a.text("missing", { max: 5 }), "missing is missing: it should be a string"],
    [() => a.text("o", { max: 5 }), "o should be a string, not an object"],
    [() => a.text("s", { max: 2 }), "s has 3 characters, at most 2 fit"],
    [() => a.number("s", { min: 0, max: 9 }), 's should be a number, not "abc"'],
    [() => a.number("n", { min: 0, max: 4 }), "n is 5, it should be from 0 to 4"],
    [() => a.number("nan", { min: 0, max: 4 }), "nan should be a number, not NaN"],
    [() => a.flag("s", false), 's should be true or false, not "abc"'],
    [() => a.choice("s", ["x", "y"], "x"), 's should be one of x, y, not "abc"'],
    [() => a.texts("s", { min: 1, max: 2, each: 5 }), 's should be a list of strings, not "abc"'],
    [() => a.texts("l", { min: 1, max: 1, each: 5 }), "l has 2 entries, it should have 1 to 1"],
    [() => a.texts("l", { min: 1, max: 2, each: 0 }), "l[0] has 1 characters, at most 0 fit"],
    [() => a.pairs("l", { max: 5, each: 5 }), "l should be an object, not a list"],
    [() => a.pairs("o", { max: 0, each: 5 }), "o has 1 entries, at most 0 fit"],
    [() => a.body("o"), "o should be a string or an ArrayBuffer, not an object"],
  ];
  for (const [f, words] of table) fails(f, words);
});

test("good values come through", () => {
  const a = new Args({ s: "abc", n: 5, f: true, l: ["a"], o: { k: 1, gone: undefined, deep: { a: 1 } }, nil: null, bytes: new Uint8Array([1, 2]).buffer });
  assert.equal(a.text("n", { max: 5 }), "5");
  assert.equal(a.text("nil", { max: 5, or: "d" }), "d");
  assert.equal(a.number("n", { min: 5, max: 5 }), 5);
  assert.equal(a.flag("f", false), true);
  assert.equal(a.choice("nil", ["x", "y"], "y"), "y");
  assert.deepEqual(a.texts("l", { min: 1, max: 1, each: 1 }), ["a"]);
  assert.deepEqual({ ...a.pairs("o", { max: 5, each: 50 }) }, { k: "1", deep: '{"a":1}' });
  assert.equal((a.body("bytes") as ArrayBuffer).byteLength, 2);
});

test("a view of a larger buffer is sent as just what it shows", () => {
  const part = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
  assert.deepEqual(new Uint8Array(new Args({ data: part }).body("data") as ArrayBuffer), new Uint8Array([2, 3]));
});

test("weight: strings, bytes and nesting count, and what is too heavy or too deep is infinite", () => {
  assert.ok(weigh({ a: "xxxx" }, 1000) < 50);
  assert.equal(weigh("x".repeat(501), 1000), Infinity);
  assert.equal(weigh(new ArrayBuffer(2000), 1000), Infinity);
  assert.equal(weigh(new Map(), 1000), Infinity);
  let deep: unknown = 1;
  for (let i = 0; i < 100; i++) deep = { deep };
  assert.equal(weigh(deep, 1e9), Infinity);
  const round: { self?: unknown } = {};
  round.self = round;
  assert.equal(weigh(round, 1e9), Infinity, "a circle ends too");
});

test("weighing stops at the limit instead of walking everything", () => {
  const huge = Array.from({ length: 300_000 }, () => "x");
  const before = performance.now();
  for (let i = 0; i < 200; i++) weigh(huge, 1000);
  assert.ok(performance.now() - before < 2000);
});
