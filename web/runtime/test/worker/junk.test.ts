// What comes from a program's data, urls and selectors is foreign: any text is read or refused, never followed out of bounds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mark, parsePath, setAt } from "../../src/shared/change";
import { copy, differences } from "../../src/worker/copy";
import { show } from "../../src/worker/log";
import { join } from "../../src/worker/modules";
import { parseUrl } from "../../src/worker/pages";
import { parseSelector } from "../../src/worker/select";

let seed = 7;
const random = (n: number): number => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;
const pieces = ["a", "b", ".", "..", "[", "]", "0", "12", "/", "?", "&", "=", "#", "%", "%41", ">>>", ">", " ", ",", "\\", "__proto__", "constructor", "é", "\u0001", "*", ":", "'"];
const junk = (): string => Array.from({ length: random(12) }, () => pieces[random(pieces.length)]).join("");
const value = (depth = 0): any => {
  const kind = random(depth > 3 ? 5 : 8);
  if (kind < 5) return [1, "x", null, undefined, true][kind];
  if (kind === 5) return Array.from({ length: random(4) }, () => value(depth + 1));
  return Object.fromEntries(Array.from({ length: random(4) }, () => [pieces[random(3)]!, value(depth + 1)]));
};

test("any text is a path that can be set, or an error", () => {
  for (let i = 0; i < 20_000; i++) {
    const text = junk();
    let path;
    try {
      path = parsePath(text);
    } catch (e) {
      assert.match((e as Error).message, /^setData: "/);
      continue;
    }
    const data = {};
    setAt(data, path, 1);
    mark(undefined, path);
  }
  assert.deepEqual(Object.keys(Object.prototype), []);
});

test("any text is a url inside the package", () => {
  for (let i = 0; i < 20_000; i++) {
    const { path } = parseUrl(junk(), "pages/a/b", random(2) === 0);
    assert.ok(!path.split("/").includes("..") && path[0] !== "/", path);
    assert.ok(!join([], junk()).split("/").includes(".."));
  }
});

test("any text is a selector or an error that names it", () => {
  for (let i = 0; i < 20_000; i++) {
    const text = junk();
    try {
      assert.ok(Array.isArray(parseSelector(text)));
    } catch (e) {
      assert.ok((e as Error).message.includes(`selector "${text}"`), (e as Error).message);
    }
  }
});

test("differences turn the old value into the new one, always", () => {
  for (let i = 0; i < 5_000; i++) {
    const old = value(), next = value(), root: any = { v: copy(old) };
    for (const [path, v] of differences(root.v, next, ["v"])) setAt(root, path, v);
    assert.equal(JSON.stringify(root.v), JSON.stringify(next));
  }
});

test("any value can be shown", () => {
  for (let i = 0; i < 5_000; i++) assert.equal(typeof show(value()), "string");
});
