import assert from "node:assert/strict";
import { test } from "node:test";
import { mark, parsePath, setAt } from "../../src/shared/change";

test("a path is read as setData writes it, and as Taro does", () => {
  assert.deepEqual(parsePath("a"), ["a"]);
  assert.deepEqual(parsePath("a.b[0].c"), ["a", "b", 0, "c"]);
  assert.deepEqual(parsePath("root.cn.[0].cn.[12].cn"), ["root", "cn", 0, "cn", 12, "cn"]);
  assert.deepEqual(parsePath("a\\.b.c"), ["a.b", "c"]);
  for (const bad of ["[", "a[", "a[x]", "a[-1]", "."]) assert.throws(() => parsePath(bad), /setData/, bad);
});

test("setting below a text, a number or nothing changes the whole of what stood there", () => {
  for (const before of ["xyz", 3, null, undefined, true]) {
    const data: Record<string, unknown> = { a: before };
    const changed = setAt(data, ["a", 3, "b"], 1);
    assert.deepEqual(changed, ["a"], String(before));
    assert.deepEqual(mark(undefined, changed), Object.assign(Object.create(null), { a: true }));
  }
  const data = { a: { b: [{ c: 1 }] } };
  assert.deepEqual(setAt(data, ["a", "b", 0, "c"], 2), ["a", "b", 0, "c"]);
  assert.deepEqual(data, { a: { b: [{ c: 2 }] } });
});

test("nothing is written to the prototype of all objects", () => {
  setAt({}, ["__proto__", "polluted"], 1);
  setAt({ a: {} }, ["a", "__proto__", "polluted"], 1);
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});
