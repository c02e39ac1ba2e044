import assert from "node:assert/strict";
import { test } from "node:test";
import { readEvent, placeOfDiagnostic } from "../src/preview/client";
import { Code, type CodeText } from "../src/runner/code";
import { readLaunch, type Launch } from "../src/runner/launch";
import { readChrome, readTabBar } from "../src/runner/messages";
import { entryBytes, Ledger } from "../src/runner/storage";
import { readListing } from "../src/shelf";
import { Overlays } from "../src/ui/overlays";

const manifest = () => ({
  app: "shop", version: "1", versionType: "release", name: "铺", dialect: "jd", entry: "pages/a", config: { pages: [], entry: "pages/a", window: {}, subPackages: [] },
  pages: { "pages/a": { package: "", view: ["common.js", "a.js"] }, "sub/b": { package: "sub", view: ["common.js", "b.js"] }, "solo/c": { package: "solo", view: ["c.js"] } },
  packages: { "": { logic: "main.js" }, sub: { logic: "sub.js" }, solo: { logic: "solo.js", independent: true } },
  assets: {}, base: "/p/", domains: { request: [] }, limits: {}, frame: "/run/f", runtime: { worker: "/p/w.js", builtins: { form: "/p/form.js" } },
});

test("a launch manifest is checked by name before anything runs", () => {
  const launch = readLaunch(manifest());
  assert.equal(launch.limits.storage, 10 << 20, "limits that are missing have defaults");
  assert.deepEqual([launch.capabilities, launch.gates, launch.privacy, launch.organisation, launch.ticket], [[], {}, {}, "", ""], "of a preview, which knows of none of it");
  const broken: [string, (m: any) => void][] = [
    ["frame is missing", (m) => delete m.frame], ["entry page pages/zzz", (m) => (m.entry = "pages/zzz")], ["runtime.worker", (m) => delete m.runtime.worker],
    ['pages["pages/a"].view', (m) => delete m.pages["pages/a"].view], ['package "ghost"', (m) => (m.pages["pages/a"].package = "ghost")], ["config is missing", (m) => (m.config = null)],
    ["entry page constructor", (m) => (m.entry = "constructor")], ["capabilities should be", (m) => (m.capabilities = [1])], ["gates should be", (m) => (m.gates = { getPlusStatus: 1 })],
    ["privacy should be", (m) => (m.privacy = "all")],
  ];
  for (const [words, spoil] of broken) {
    const m = manifest();
    spoil(m);
    assert.throws(() => readLaunch(m), (e: Error) => e.message.startsWith("launch manifest:") && e.message.includes(words), words);
  }
  for (const bad of [null, "x", 7, []]) assert.throws(() => readLaunch(bad));
});

(globalThis as { location?: unknown }).location ??= { origin: "https://host.example" };

function loader() {
  const worker: string[] = [], view: string[] = [], asked: string[] = [];
  const slow = new Map<string, () => void>();
  let failing = "";
  const code = new Code(readLaunch(manifest()) as Launch, {
    worker: (c: CodeText) => void worker.push(c.name), view: (c: CodeText) => void view.push(c.name),
    text: async (address) => {
      const name = address.split("/").pop()!;
      asked.push(name);
      if (name === failing) throw new Error(name + " cannot be reached");
      if (slow.has(name)) await new Promise<void>((done) => slow.set(name, done));
      return "/* " + name + " */";
    },
  });
  return { code, worker, view, asked, slow, fail: (name: string) => (failing = name) };
}

test("a page gets its code in order, each file once", async () => {
  const { code, worker, view, asked } = loader();
  await code.load("pages/a");
  await code.load("sub/b");
  await code.load("pages/a");
  assert.deepEqual(worker, ["main.js", "sub.js"]);
  assert.deepEqual(view, ["common.js", "a.js", "b.js"]);
  assert.equal(asked.length, new Set(asked).size);
});

test("a slow main package still runs before what needs it, with two pages asked for at once", async () => {
  const { code, worker, slow } = loader();
  slow.set("main.js", () => {});
  const both = Promise.all([code.load("sub/b"), code.load("pages/a")]);
  await new Promise((done) => setTimeout(done, 5));
  assert.deepEqual(worker, []);
  slow.get("main.js")!();
  await both;
  assert.deepEqual(worker, ["main.js", "sub.js"]);
});

test("an independent package runs without the main one", async () => {
  const { code, worker } = loader();
  await code.load("solo/c");
  assert.deepEqual(worker, ["solo.js"]);
});

test("a file that failed is asked for again", async () => {
  const { code, worker, fail } = loader();
  fail("sub.js");
  await assert.rejects(code.load("sub/b"), /sub.js cannot be reached/);
  fail("");
  await code.load("sub/b");
  assert.deepEqual(worker, ["main.js", "sub.js"]);
});

test("pages and modules that do not exist are named, even with names objects have", async () => {
  const { code } = loader();
  await assert.rejects(code.load("constructor"), /no page constructor/);
  await assert.rejects(code.builtin("toString"), /no built-in module "toString"/);
});

test("storage is counted in UTF-8 and refuses what does not fit, keeping what was there", () => {
  assert.equal(entryBytes("k", "aé中😀"), 1 + 1 + 2 + 3 + 4);
  const ledger = new Ledger(10);
  assert.equal(ledger.put("a", "1234"), true);
  assert.equal(ledger.put("b", "12345"), false);
  assert.equal(ledger.total, 5);
  assert.equal(ledger.put("a", "123456789"), true, "a new value takes the place of the old");
  assert.equal(ledger.total, 10);
  ledger.drop("a");
  ledger.drop("a");
  assert.equal(ledger.total, 0);
});

test("foreign chrome is read into known shapes: colours checked, texts cut", () => {
  assert.equal(readChrome(null), null);
  assert.equal(readChrome([1]), null);
  const c = readChrome({ title: "x".repeat(999), background: "red;position:fixed", foreground: "<b>", tab: 1.5, back: "yes" })!;
  assert.equal(c.title.length, 200);
  assert.deepEqual([c.background, c.foreground, c.tab, c.back], ["#ffffff", "black", -1, false]);
});

test("a tab bar has two to five tabs, with pictures of the package only", () => {
  const picture = (src: string) => (src === "a.png" ? "/p/1.png" : null);
  const tab = { pagePath: "p", text: "t" };
  assert.equal(readTabBar({ list: [tab] }, picture), null);
  assert.equal(readTabBar({ list: Array(9).fill(tab) }, picture)!.list.length, 5);
  const bar = readTabBar({ color: "url(x)", list: [{ ...tab, icon: "a.png", badge: 12 }, { ...tab, icon: "https://evil.example/x.png" }, null] }, picture)!;
  assert.deepEqual(bar.list, [{ pagePath: "p", text: "t", icon: "/p/1.png", badge: "12" }, { pagePath: "p", text: "t" }, { pagePath: "", text: "" }]);
  assert.equal(bar.color, "#666666");
});

test("listings leave out what cannot be opened", () => {
  const { items, next } = readListing({ programs: [{ id: "a", name: "甲" }, { id: "../x" }, null, { name: "no id" }, { id: "b" }], next: "c2" });
  assert.deepEqual(items.map((i) => [i.id, i.name]), [["a", "甲"], ["b", "b"]]);
  assert.equal(next, "c2");
  assert.throws(() => readListing({}), /no programs/);
});

test("dialogs answer once, are cancelled from the top, and are few", async () => {
  const overlays = new Overlays();
  const first = overlays.open({ kind: "modal", title: "1", content: "", cancel: null, confirm: "" });
  const second = overlays.open({ kind: "actions", title: "", items: ["a"], color: "" });
  overlays.dialogs[1]!.answer({ index: 0 });
  assert.deepEqual(await second, { index: 0 });
  assert.equal(overlays.cancelTop(), true);
  assert.equal(await first, null);
  assert.equal(overlays.cancelTop(), false);
  const many = Array.from({ length: 5 }, () => overlays.open({ kind: "about", program: { name: "", icon: "", id: "", version: "", versionType: "", summary: "", domains: [], organisation: "", asked: [] } }).catch((e: Error) => e.message));
  assert.match(String(await many[4]), /4 dialogs are open/);
  overlays.clear();
  assert.deepEqual(await Promise.all(many.slice(0, 4)), [null, null, null, null]);
});

test("preview events are read, and what is none is dropped", () => {
  assert.deepEqual(readEvent('{"type":"reload"}', 1), { type: "reload" });
  const build = readEvent('{"type":"build","millis":4,"errors":[{"file":"a.jxml","line":3,"column":0,"message":"m"},7],"warnings":null}', 1);
  assert.deepEqual(build, { type: "build", millis: 4, errors: [{ file: "a.jxml", line: 3, column: 0, message: "m", hint: "" }], warnings: [] });
  assert.equal(placeOfDiagnostic({ file: "a.jxml", line: 3, column: 0, message: "", hint: "" }), "a.jxml:3:1");
  assert.equal(placeOfDiagnostic({ file: "app.json", line: 0, column: 0, message: "", hint: "" }), "app.json");
  assert.deepEqual(readEvent('{"type":"log","level":"loud","text":"x"}', 9), { type: "log", level: "log", text: "x", where: "", stack: "", at: 9 });
  for (const bad of ["", "null", "7", "[]", '{"type":"other"}']) assert.equal(readEvent(bad, 1), null, bad);
});
