import assert from "node:assert/strict";
import { test } from "node:test";
import { createLog, show } from "../../src/worker/log";
import { createFunction, createGlobal, createModules, join } from "../../src/worker/modules";
import { MODULE_PARAMS, type WorkerToHost } from "../../src/shared/protocol";
import { Rig } from "./rig";

type Any = any;

function bench() {
  const sent: WorkerToHost[] = [];
  let clock = 0;
  const log = createLog((m) => sent.push(m), () => clock);
  const modules = createModules(log);
  const define = (file: string, fn: (module: Any, require: (id: string) => Any, params: Any[]) => void) => modules.define(file, (...p) => fn(p[0], p[2], p));
  return { sent, log, modules, define, at: (ms: number) => (clock = ms), texts: () => sent.map((m) => ("ev" in m && m.ev === "log" ? m.args.join(" ") : "")) };
}

const found: [string, string, string][] = [
  ["./x", "a/b.js", "a/x.js"], ["../x", "a/b/c.js", "a/x.js"], ["/lib/x", "a/b.js", "lib/x.js"], ["./x.js", "a/b.js", "a/x.js"], ["./dir", "a/b.js", "a/dir/index.js"], ["lib/x", "a/b.js", "lib/x.js"],
  ["x", "a/b.js", "a/x.js"], ["/miniprogram_npm/dayjs", "a/b/c.js", "miniprogram_npm/dayjs/index.js"], ["./data.json", "a/b.js", "a/data.json"], ["./../a/./x", "a/b.js", "a/x.js"],
];
for (const [id, from, file] of found) {
  test(`require("${id}") in ${from} finds ${file}`, () => {
    const { modules, define } = bench();
    define(file, (m) => (m.exports = file));
    assert.equal(modules.require(id, from), file);
  });
}

test("an npm package is the one the compiler found for who asks", () => {
  const { modules, define } = bench();
  define("npm/dayjs/index.js", (m) => (m.exports = "the program's"));
  define("npm/ui/npm/dayjs/index.js", (m) => (m.exports = "the library's"));
  modules.define("npm/ui/button.js", (...p: Any[]) => (p[0].exports = p[2]("dayjs")), { dayjs: "npm/ui/npm/dayjs/index.js" });
  modules.define("pages/a.js", (...p: Any[]) => (p[0].exports = [p[2]("dayjs"), p[2]("ui")]), { dayjs: "npm/dayjs/index.js", ui: "npm/ui/button.js" });
  assert.deepEqual(modules.require("./a", "pages/x.js"), ["the program's", "the library's"]);
});

test("a module that is missing is named with who asked for it", () => {
  const { modules } = bench();
  assert.throws(() => modules.require("./nope", "pages/a.js"), /module "\.\/nope" is not in the package, required by pages\/a\.js/);
  assert.throws(() => modules.require(5 as Any, "pages/a.js"), /require in pages\/a\.js: the name must be a string/);
});

test("modules run once, in circles meet what is there so far, and have their exports as this", () => {
  const { modules, define } = bench();
  let runs = 0;
  define("a.js", (m, require) => { runs++; m.exports.early = 1; m.exports.b = require("./b"); });
  define("b.js", (m, require) => { m.exports.sawA = { ...require("./a") }; });
  assert.deepEqual(modules.require("/a", "").b.sawA, { early: 1 });
  modules.require("/a", "");
  assert.equal(runs, 1);
  modules.define("t.js", function (this: Any, module: Any) { module.exports = this === module.exports; });
  assert.equal(modules.require("/t", ""), true);
});

test("a module that throws is logged once with its name and throws for all who need it", () => {
  const { modules, define, texts } = bench();
  define("bad.js", () => { throw new Error("oops"); });
  define("user.js", (_m, require) => require("./bad"));
  assert.throws(() => modules.require("/user", ""), /oops/);
  assert.throws(() => modules.require("/user", ""), /oops/);
  assert.deepEqual(texts(), ["Error: oops (in module bad.js)"]);
});

test("modules see the listed names only; the browser's are undefined", () => {
  const rig = new Rig();
  let params: Any[] = [];
  rig.unit("app", (s) => ((params = s.params), s.App({})));
  rig.program.fromHost({ ev: "start" });
  const given = Object.fromEntries(MODULE_PARAMS.map((name, i) => [name, params[i]]));
  for (const name of ["jd", "App", "Page", "Component", "Behavior", "getApp", "getCurrentPages", "requirePlugin", "console", "setTimeout", "Function"]) assert.ok(given[name], name);
  for (const name of ["window", "document", "self", "location", "fetch", "WebSocket", "importScripts", "postMessage", "indexedDB", "wx"]) assert.equal(given[name], undefined, name);
  assert.equal(given.globalThis, given.Function("return this")(), "the language's own names and what libraries keep there");
  assert.equal(given.global, given.globalThis);
  assert.equal(given.globalThis.Promise, Promise);
  assert.equal(given.globalThis.fetch, undefined);
  assert.throws(() => given.requirePlugin("plugin://x"), /requirePlugin\("plugin:\/\/x"\): this platform has no plugins/);
});

test("Function answers bundlers and refuses code from text", () => {
  const g = createGlobal(globalThis as Any, { marker: 1 }), F: Any = createFunction(g);
  assert.equal(F("return this")(), g);
  assert.equal(new F("return this;")(), g);
  assert.equal(g.Object, Object);
  assert.equal(g.process, undefined);
  assert.ok((() => {}) instanceof F);
  const runtime = {};
  F("r", "regeneratorRuntime = r")(runtime);
  assert.equal(g.regeneratorRuntime, runtime);
  delete (globalThis as Any).regeneratorRuntime;
  for (const args of [["return 1"], ["a", "return this"], ["return this.process"], []]) assert.throws(() => F(...args), /cannot make code from text/);
});

test("the global object has the whole language and few of the platform's classes", () => {
  const language = "AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError FinalizationRegistry Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array Intl JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String Symbol SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet decodeURI decodeURIComponent encodeURI encodeURIComponent escape isFinite isNaN parseFloat parseInt unescape";
  const g = createGlobal(globalThis as Any, {});
  for (const name of language.split(" ")) assert.equal(g[name], (globalThis as Any)[name], name);
  const asked: string[] = [];
  const real = Object.create(null, Object.fromEntries(["WebGLRenderingContext", "GPUDevice", "IDBFactory", "CSSStyleValue", "fetch", "postMessage", "importScripts"].map((name) => [name, { get: () => asked.push(name) }])));
  createGlobal(real, {});
  assert.deepEqual(asked, [], "what is not passed on is not even looked at");
});

test("paths join as in a package, never above its root", () => {
  assert.deepEqual([join(["a", "b"], "../c"), join(["a"], "../../../x"), join([], "./a//b"), join(["a"], "/x/y")], ["a/c", "x", "a/b", "x/y"]);
});

const shown: [unknown, string][] = [
  ["plain", "plain"], [5, "5"], [undefined, "undefined"], [null, "null"], [{ a: "x", b: [1, { c: null, d: undefined, e: NaN }] }, '{"a":"x","b":[1,{"c":null,"d":"undefined","e":"NaN"}]}'], [new Date(0), "1970-01-01T00:00:00.000Z"],
  [function f() {}, "ƒ f()"], [new Map([["k", 1]]), '[["k",1]]'], [10n, "10"], [Symbol("s"), "Symbol(s)"], [{ get danger() { throw new Error("no"); } }, "[object Object]"],
  [{ same: [1], again: [1] }, '{"same":[1],"again":[1]}'],
];
for (const [value, text] of shown) test(`console shows ${text}`, () => assert.equal(show(value), text));

test("console shows circles, depths and hostile objects within bounds", () => {
  const circle: Any = { n: 1 };
  circle.me = circle;
  assert.equal(show(circle), '{"n":1,"me":"[circular]"}');
  const shared = { s: 1 };
  assert.equal(show([shared, shared]), '[{"s":1},{"s":1}]');
  assert.ok(show({ list: Array.from({ length: 1e5 }, () => "x".repeat(100)) }).length < 20_000);
  assert.ok(show("x".repeat(1e6)).length < 10_000);
  assert.equal(typeof show(new Proxy({}, { ownKeys() { throw new Error("hostile"); } })), "string");
});

test("a flood of lines is cut, and how many were lost is said", () => {
  const { log, at, texts } = bench();
  for (let i = 0; i < 1000; i++) log.console.log!(i);
  assert.equal(texts().length, 100);
  at(1500);
  log.console.log!("later");
  assert.deepEqual(texts().slice(100), ["console: 900 more lines were dropped, at most 100 a second are shown", "later"]);
});

test("console.error carries the stack of the call", () => {
  const { log, sent } = bench();
  log.console.error!("wrong", new TypeError("t"));
  const line = sent[0] as Any;
  assert.equal(line.level, "error");
  assert.match(line.args[1], /^TypeError: t\n/);
  assert.match(line.stack, /modules/);
});

test("an app whose script fails before App() is fatal; one that fails after it goes on", async () => {
  const dead = new Rig();
  dead.unit("app", () => { throw new Error("at once"); }).unit("pages/a/a", ({ Page }) => Page({}));
  await dead.start();
  assert.equal(dead.fatal, "app.js could not be run: at once");
  const alive = new Rig();
  alive.unit("app", ({ App }) => { App({}); throw new Error("late"); }).unit("pages/a/a", ({ Page }) => Page({}));
  await alive.start();
  assert.equal(alive.fatal, null);
  assert.equal(alive.shown, 1);
});

test("a bundle that is not JavaScript is named, and the first page says so", async () => {
  const rig = new Rig();
  rig.program.fromHost({ code: "this is not code", name: "logic.abc.js" });
  await rig.start();
  assert.match(rig.errors()[0]!, /SyntaxError: .* \(in logic\.abc\.js\)/);
  assert.match(rig.fatal!, /pages\/a\/a is not in the code that was sent; logic\.abc\.js: SyntaxError/);
});
