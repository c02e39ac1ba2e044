import assert from "node:assert/strict";
import { test } from "node:test";
import { parseUrl } from "../../src/worker/pages";
import { Rig } from "./rig";

type Any = any;

/** a and t are tabs, b and c are not, s/d is in a subpackage. */
function shop(launch = "pages/a/a"): { rig: Rig; order: string[]; jd: Any; pages: () => string[] } {
  const order: string[] = [];
  let api: Any, current: Any;
  const all = ["pages/a/a", "pages/b/b", "pages/c/c", "pages/t/t", "s/d"];
  const rig = new Rig({
    pages: Object.fromEntries(all.map((p) => [p, { pkg: p.startsWith("s/") ? "s" : "" }])), launch: { path: launch, query: { from: "link" }, scene: 1001 },
    config: { pages: all, entry: "pages/a/a", window: {}, subPackages: [], tabBar: { color: "#111", list: [{ pagePath: "pages/a/a", text: "A", iconPath: "/i/a.png" }, { pagePath: "pages/t/t", text: "T" }] } },
  });
  rig.unit("app", ({ App, jd, getCurrentPages }) => (App({ onPageNotFound: (o: Any) => order.push("not found " + o.path) }), (api = jd), (current = getCurrentPages)));
  for (const p of all) {
    const name = p.split("/").pop()!;
    rig.unit(p, ({ Page }) => {
      const page: Any = { onLoad: (q: Any) => order.push(`${name} load ${JSON.stringify(q)}`), onTabItemTap: (o: Any) => order.push(`${name} tab ${o.index} ${o.text}`) };
      for (const hook of ["Show", "Hide", "Unload", "PullDownRefresh", "ReachBottom"]) page["on" + hook] = () => order.push(`${name} ${hook.toLowerCase()}`);
      page.onPageScroll = (o: Any) => order.push(`${name} scroll ${o.scrollTop}`);
      if (name === "b") page.onShareAppMessage = (o: Any) => ({ title: "Share " + o.from, path: "/pages/b/b?id=1" });
      Page(page);
    }, { json: { navigationBarTitleText: "Shop", navigationBarBackgroundColor: "#123456", navigationBarTextStyle: "white", ...(name === "b" ? { navigationBarTitleText: "B", enablePullDownRefresh: true } : {}) } });
  }
  const jd = new Proxy({}, { get: (_, k) => api[k] });
  return { rig, order, jd, pages: () => current().map((p: Any) => p.route) };
}

test("navigateTo, redirectTo and navigateBack tell each page what it must know", async () => {
  const { rig, order, jd, pages } = shop();
  await rig.start();
  order.length = 0;
  await jd.navigateTo({ url: "../b/b?id=1&name=%E5%BC%A0" });
  await jd.redirectTo({ url: "/pages/c/c" });
  await jd.navigateBack();
  await rig.turn();
  assert.deepEqual(order, ["a hide", 'b load {"id":"1","name":"张"}', "b show", "b unload", "c load {}", "c show", "c unload", "a show"]);
  assert.deepEqual(pages(), ["pages/a/a"]);
  assert.deepEqual(rig.ops("t").map((o) => o[1]), ["push", "push", "replace", "pop"]);
  assert.equal(rig.seen.size, 1, "the view keeps only what is open");
  assert.deepEqual(rig.calls.filter((c) => c.api === "load").map((c) => c.arg.page), ["pages/b/b", "pages/c/c"]);
});

test("the window is as high as the bars of the page leave it, from the moment the page loads", async () => {
  const { rig, jd } = shop();
  const heights: number[] = [];
  for (const hook of ["onLoad", "onShow"])
    rig.unit(`h/${hook}`, ({ Page, jd }) => Page({ [hook]: () => heights.push(jd.getSystemInfoSync().windowHeight) }), hook === "onLoad" ? {} : { json: { navigationStyle: "custom" } });
  Object.assign(rig.env.pages, { "h/onLoad": { pkg: "" }, "h/onShow": { pkg: "" } });
  await rig.start();
  const height = () => jd.getSystemInfoSync().windowHeight;
  assert.equal(height(), 812 - 88 - 84);
  await jd.navigateTo({ url: "/h/onLoad" });
  assert.equal(height(), 812 - 88);
  await jd.navigateTo({ url: "/h/onShow" });
  assert.deepEqual(heights, [812 - 88, 812]);
  await jd.switchTab({ url: "/pages/t/t" });
  assert.equal(height(), 812 - 88 - 84);
  await jd.hideTabBar();
  assert.equal(height(), 812 - 88);
});

test("tabs stay alive; what lies on them closes", async () => {
  const { rig, order, jd, pages } = shop();
  await rig.start();
  await jd.navigateTo({ url: "/pages/b/b" });
  order.length = 0;
  await jd.switchTab({ url: "/pages/t/t?ignored=1" });
  rig.program.fromHost({ ev: "tab", index: 0 });
  await rig.turn();
  rig.program.fromHost({ ev: "tab", index: 0 });
  await rig.turn();
  assert.deepEqual(order, ["b unload", "t load {}", "t show", "t hide", "a show", "a tab 0 A", "a tab 0 A"]);
  assert.deepEqual(pages(), ["pages/a/a"]);
  assert.equal(rig.all("pages/t/t").length, 1);
  order.length = 0;
  await jd.reLaunch({ url: "/s/d" });
  assert.deepEqual(order, ["a unload", "t unload", "d load {}", "d show"]);
});

const refused: [string, string, Any, RegExp][] = [
  ["an unknown page", "navigateTo", { url: "/pages/zz" }, /navigateTo:fail page "pages\/zz" is not found/],
  ["no url", "navigateTo", {}, /url must be a page's path, got undefined/],
  ["a tab with navigateTo", "navigateTo", { url: "/pages/t/t" }, /can not navigateTo "pages\/t\/t", a tabbar page; use switchTab/],
  ["a page with switchTab", "switchTab", { url: "/pages/b/b" }, /can not switchTab "pages\/b\/b", no tabbar page; use navigateTo/],
  ["going back at the first page", "navigateBack", {}, /cannot navigate back at first page/],
];
for (const [what, api, options, message] of refused) {
  test(`${what} is refused with a reason`, async () => {
    const { rig, jd } = shop();
    await rig.start();
    await assert.rejects(jd[api](options), (e: Any) => message.test(e.errMsg));
    const heard: string[] = [];
    assert.equal(jd[api]({ ...options, fail: (e: Any) => heard.push(e.errMsg), complete: () => heard.push("complete") }), undefined);
    await rig.turn();
    assert.match(heard[0]!, message);
    assert.equal(heard[1], "complete");
  });
}

test("an eleventh page is refused", async () => {
  const { rig, jd, pages } = shop();
  await rig.start();
  for (let i = 0; i < 9; i++) await jd.navigateTo({ url: "/pages/b/b" });
  await assert.rejects(jd.navigateTo({ url: "/pages/b/b" }), (e: Any) => /10 pages are open; use redirectTo/.test(e.errMsg));
  assert.equal(pages().length, 10);
  await jd.navigateBack({ delta: 99 });
  assert.equal(pages().length, 1);
});

test("quick navigations happen one after the other", async () => {
  const { rig, jd, pages } = shop();
  await rig.start();
  const done = [jd.navigateTo({ url: "/pages/b/b" }), jd.navigateTo({ url: "/pages/c/c" }), jd.navigateBack()];
  await Promise.all(done);
  assert.deepEqual(pages(), ["pages/a/a", "pages/b/b"]);
});

test("code that cannot be loaded leaves the page where it is, with the reason", async () => {
  const { rig, jd, pages } = shop();
  await rig.start();
  rig.apis.load = () => { throw new Error("load:fail offline"); };
  await assert.rejects(jd.navigateTo({ url: "/s/d" }), (e: Any) => e.errMsg === "navigateTo:fail s/d could not be loaded: offline");
  assert.deepEqual(pages(), ["pages/a/a"]);
});

test("a page whose script throws is refused; the first page that does is fatal", async () => {
  const { rig, jd } = shop();
  rig.unit("pages/bad/bad", () => { throw new Error("at load"); });
  rig.env.pages["pages/bad/bad"] = { pkg: "" };
  await rig.start();
  await assert.rejects(jd.navigateTo({ url: "/pages/bad/bad" }), (e: Any) => e.errMsg === "navigateTo:fail pages/bad/bad could not be started: at load");
  assert.match(rig.errors()[0]!, /Error: at load \(in module pages\/bad\/bad.js\)/);
  const first = new Rig();
  first.unit("pages/a/a", () => { throw new Error("at load"); });
  await first.start();
  assert.equal(first.fatal, "pages/a/a could not be started: at load");
  const silent = new Rig();
  silent.unit("pages/a/a", () => {});
  await silent.start();
  assert.match(silent.fatal!, /pages\/a\/a.js does not call Page\(\)/);
});

test("a launch page that is not there opens the entry and tells the app", async () => {
  const { rig, order, pages } = shop("pages/old/old");
  await rig.start();
  assert.deepEqual(order, ["a load {}", "a show", "not found pages/old/old"]);
  assert.deepEqual(pages(), ["pages/a/a"]);
});

test("event channels join a page and its opener", async () => {
  const rig = new Rig({ pages: { "pages/a/a": { pkg: "" }, "pages/b/b": { pkg: "" } } });
  const heard: Any[] = [];
  rig.unit("pages/a/a", ({ Page, jd }) => Page({
    onLoad: () => jd.navigateTo({ url: "/pages/b/b", events: { chosen: (x: Any, y: Any) => heard.push(["chosen", x, y]) }, success: (res: Any) => res.eventChannel.emit("init", { id: 1 }) }),
  }));
  rig.unit("pages/b/b", ({ Page }) => Page({
    onLoad(this: Any) {
      const channel = this.getOpenerEventChannel();
      channel.on("init", (x: Any) => heard.push(["init", x]));
      channel.once("init", (x: Any) => channel.emit("chosen", x.id, 2));
    },
  }));
  await rig.start();
  assert.deepEqual(heard, [["init", { id: 1 }], ["chosen", 1, 2]]);
});

test("the title bar is what the page's json says, and APIs change it", async () => {
  const { rig, jd } = shop();
  await rig.start();
  assert.deepEqual(rig.chrome, { page: "pages/a/a", title: "Shop", foreground: "white", background: "#123456", custom: false, loading: false, back: false, home: false, tab: 0, share: false });
  await jd.navigateTo({ url: "/pages/b/b" });
  await rig.turn();
  assert.deepEqual([rig.chrome!.title, rig.chrome!.back, rig.chrome!.tab, rig.chrome!.share], ["B", true, -1, true]);
  assert.deepEqual(rig.of("pages/b/b").options.page, { pullRefresh: true, reachBottom: 50, scroll: true });
  await jd.setNavigationBarTitle({ title: "New" });
  await jd.setNavigationBarColor({ frontColor: "#000000", backgroundColor: "#ffffff" });
  await jd.showNavigationBarLoading();
  assert.deepEqual([rig.chrome!.title, rig.chrome!.foreground, rig.chrome!.background, rig.chrome!.loading], ["New", "black", "#ffffff", true]);
  await assert.rejects(jd.setNavigationBarColor({ frontColor: "red" }), (e: Any) => /frontColor must be/.test(e.errMsg));
  await jd.navigateBack();
  assert.equal(rig.chrome!.title, "Shop");
  await jd.reLaunch({ url: "/pages/c/c" });
  assert.equal(rig.chrome!.home, true);
  await jd.hideHomeButton();
  assert.equal(rig.chrome!.home, false);
});

test("the tab bar is sent whole when it changes", async () => {
  const { rig, jd } = shop();
  await rig.start();
  assert.deepEqual(rig.tabBar!.list[0], { pagePath: "pages/a/a", text: "A", icon: "i/a.png" });
  await jd.setTabBarBadge({ index: 1, text: "12345" });
  await jd.showTabBarRedDot({ index: 0 });
  await jd.setTabBarItem({ index: 0, text: "Home" });
  await jd.setTabBarStyle({ selectedColor: "#f00" });
  await jd.hideTabBar();
  assert.deepEqual([rig.tabBar!.list.map((t) => [t.text, t.badge, t.dot]), rig.tabBar!.selectedColor, rig.tabBar!.hidden], [[["Home", undefined, true], ["T", "…", false]], "#f00", true]);
  await assert.rejects(jd.setTabBarBadge({ index: 5, text: "1" }), (e: Any) => /there is no tab 5/.test(e.errMsg));
});

test("hooks from the view reach the page", async () => {
  const { rig, order, jd } = shop();
  await rig.start();
  order.length = 0;
  const id = rig.shown;
  rig.view({ p: [id, "pullDownRefresh"] });
  rig.view({ p: [id, "reachBottom"] });
  rig.view({ p: [id, "pageScroll", { scrollTop: 7 }] });
  rig.view({ p: [999, "reachBottom"] });
  rig.view({ p: [id, "constructor" as Any] });
  assert.deepEqual(order, ["a pulldownrefresh", "a reachbottom", "a scroll 7"]);
  await jd.stopPullDownRefresh();
  await rig.turn();
  assert.deepEqual(rig.ops("m").map((o) => o.slice(1)), [[id, "stopPullDownRefresh", null]]);
});

test("sharing asks the page and hands its answer to the host", async () => {
  const { rig, jd } = shop();
  await rig.start();
  rig.program.fromHost({ ev: "share" });
  await rig.turn();
  await jd.navigateTo({ url: "/pages/b/b" });
  rig.program.fromHost({ ev: "share" });
  rig.event(rig.shown, "$share", "share");
  await rig.turn();
  assert.deepEqual(rig.calls.filter((c) => c.api === "shared").map((c) => c.arg), [{ title: "Shop", path: "pages/a/a?from=link" }, { title: "Share menu", path: "pages/b/b?id=1" }, { title: "Share button", path: "pages/b/b?id=1" }]);
});

test("navigator elements, the back arrow and the home button navigate", async () => {
  const { rig, pages } = shop();
  await rig.start();
  rig.event(rig.shown, "$navigate", "navigate", { openType: "navigate", url: "/pages/b/b" });
  await rig.turn();
  rig.event(rig.shown, "$navigate", "navigate", { openType: "redirect", url: "../c/c" });
  await rig.turn();
  assert.deepEqual(pages(), ["pages/a/a", "pages/c/c"]);
  rig.event(rig.shown, "$navigate", "navigate", { openType: "navigate", url: "/nowhere" });
  await rig.turn();
  assert.match(rig.warnings()[0]!, /navigator: page "nowhere" is not found/);
  rig.program.fromHost({ ev: "back" });
  await rig.turn();
  rig.program.fromHost({ ev: "back" });
  await rig.turn();
  assert.ok(rig.host.some((m) => "ev" in m && m.ev === "exit"));
  rig.event(rig.shown, "$navigate", "navigate", { openType: "reLaunch", url: "/s/d" });
  await rig.turn();
  rig.program.fromHost({ ev: "home" });
  await rig.turn();
  assert.deepEqual(pages(), ["pages/a/a"]);
});

const urls: [string, string, boolean, string, Record<string, string>][] = [
  ["/pages/a/b?x=1&y", "", true, "pages/a/b", { x: "1", y: "" }],
  ["../c/d?x=%41%zz", "pages/a/b", true, "pages/c/d", { x: "%41%zz" }],
  ["d?x=%20a&=b", "pages/a/b", true, "pages/a/d", { x: " a", "": "b" }],
  ["../../../../x", "pages/a/b", true, "x", {}],
  ["/p?x=%41", "", false, "p", { x: "%41" }],
  ["/p?__proto__=1&a=b=c#frag", "", true, "p", { a: "b=c" }],
  ["pages/x.html?a=1", "", true, "pages/x", { a: "1" }],
];
for (const [url, from, decode, path, query] of urls) test(`url ${url} from ${from || "nowhere"}`, () => assert.deepEqual(parseUrl(url, from, decode), { path, query }));

test("a page made with Component() gets its query as properties", async () => {
  const rig = new Rig({ launch: { path: "pages/a/a", query: { id: "7", extra: "x" }, scene: 1 } });
  const seen: Any[] = [];
  rig.unit("pages/a/a", ({ Component }) => Component({ properties: { id: Number }, methods: { onLoad(this: Any, q: Any) { seen.push(this.data.id, q); }, onReady() { seen.push("ready"); } } }));
  await rig.start();
  assert.deepEqual(seen, [7, { id: "7", extra: "x" }, "ready"]);
});
