import assert from "node:assert/strict";
import { test } from "node:test";
import { ABSENT, HOSTED } from "../../src/shared/apis";
import { body } from "../../src/worker/api/network";
import { later, Rig } from "./rig";

type Any = any;

async function open(env: Any = {}, page: (scope: Any) => Any = () => ({})): Promise<{ rig: Rig; jd: Any; self: Any }> {
  let api: Any, self: Any;
  const rig = new Rig(env);
  rig.unit("app", ({ App, jd, wx }) => (App({}), (api = jd || wx)));
  rig.unit("pages/a/a", (scope) => {
    const config = page(scope);
    scope.Page({ ...config, onLoad(this: Any) { self = this; } });
  });
  await rig.start();
  return { rig, jd: api, self };
}

test("every API is an own enumerable property before any code of the app runs", () => {
  let keys: string[] = [];
  const rig = new Rig();
  rig.unit("app", ({ App, jd }) => ((keys = Object.keys(jd)), App({})));
  rig.program.fromHost({ ev: "start" });
  const wanted = "request uploadFile downloadFile connectSocket setStorage getStorageSync navigateTo showToast showModal createSelectorQuery createIntersectionObserver createAnimation getSystemInfoSync canIUse nextTick onAppShow getMenuButtonBoundingClientRect setTabBarBadge pageScrollTo login env";
  for (const name of wanted.split(" ")) assert.ok(keys.includes(name), name);
});

test("the dialect names the API object", async () => {
  for (const [dialect, has, not] of [["jd", "jd", "wx"], ["wx", "wx", "jd"]] as const) {
    const rig = new Rig({ dialect });
    let seen: Any;
    rig.unit("app", (s) => ((seen = { jd: typeof s.jd, wx: typeof s.wx }), s.App({})));
    rig.program.fromHost({ ev: "start" });
    assert.deepEqual([seen[has], seen[not]], ["object", "undefined"]);
  }
});

test("host APIs answer by callbacks or by promise, with errMsg, never with functions on the wire", async () => {
  const { rig, jd } = await open();
  rig.apis.showModal = (arg) => ({ confirm: true, cancel: false, content: arg.title });
  rig.apis.login = () => { throw new Error("login:fail this host has no account service yet"); };
  rig.apis.scanCode = () => { throw new Error("no camera"); };
  assert.deepEqual(await jd.showModal({ title: "T" }), { confirm: true, cancel: false, content: "T", errMsg: "showModal:ok" });
  await assert.rejects(jd.login(), (e: Any) => e.errMsg === "login:fail this host has no account service yet");
  await assert.rejects(jd.scanCode({}), (e: Any) => e.errMsg === "scanCode:fail no camera");
  const heard: Any[] = [];
  assert.equal(jd.showToast({ title: "x", icon: undefined, success: (r: Any) => heard.push(r.errMsg), complete: (r: Any) => heard.push("complete " + r.errMsg), fail: () => heard.push("fail") }), undefined);
  await rig.turn();
  assert.deepEqual(heard, ["showToast:ok", "complete showToast:ok"]);
  assert.deepEqual(rig.calls.find((c) => c.api === "showToast")!.arg, { title: "x" });
});

test("what this platform lacks is there, fails at once, and canIUse denies it", async () => {
  const { rig, jd } = await open();
  await assert.rejects(jd.getLocation({ type: "wgs84" }), (e: Any) => e.errMsg === "getLocation:fail not supported by this platform");
  const heard: Any[] = [];
  jd.requestSubscribeMessage({ tmplIds: [], success: () => heard.push("success"), fail: (e: Any) => heard.push(e.errMsg), complete: () => heard.push("complete") });
  await rig.turn();
  assert.deepEqual(heard, ["requestSubscribeMessage:fail not supported by this platform", "complete"]);
  assert.deepEqual(["getLocation", "onCompassChange", "showToast", "request"].map((n) => jd.canIUse(n)), [false, false, true, true]);
  const listener = () => {};
  jd.onCompassChange(listener);
  jd.offCompassChange(listener);
  assert.equal(jd.createCanvasContext, undefined, "what programs look for before they use it is not there");
  assert.equal(rig.calls.length, 0, "the host is not asked");
});

test("no API is listed as absent that somebody answers", async () => {
  const plain = await open({ apis: { hosted: HOSTED, absent: [] } });
  assert.deepEqual(ABSENT.filter((name) => name in plain.jd), []);
  assert.deepEqual(HOSTED.filter((name) => ABSENT.includes(name)), []);
  const known = Object.keys(plain.jd).length;
  const { jd } = await open();
  assert.ok(Object.keys(jd).length >= known + ABSENT.length);
});

test("a callback that throws is an error of the program, not of the API", async () => {
  const { rig, jd } = await open();
  jd.showToast({ title: "x", success: () => { throw new Error("mine"); } });
  await rig.turn();
  assert.match(rig.errors()[0]!, /mine \(in showToast success\)/);
});

const stored: [string, unknown][] = [["text", "x"], ["number", 0], ["object", { a: [1, null] }], ["boolean", false], ["null", null], ["date", new Date(5)], ["empty", ""]];
for (const [what, value] of stored) {
  test(`storage keeps a ${what}, also over a restart`, async () => {
    const { rig, jd } = await open();
    jd.setStorageSync("k", value);
    assert.deepEqual(jd.getStorageSync("k"), value);
    assert.deepEqual((await jd.getStorage({ key: "k" })).data, value);
    const written = rig.calls.find((c) => c.api === "storageSet")!.arg;
    assert.equal(written.key, "k");
    const again = await open({ storage: { k: written.data } });
    assert.deepEqual(again.jd.getStorageSync("k"), value);
  });
}

test("storage: what is kept is a copy, what is missing is empty, what does not fit is refused", async () => {
  const { rig, jd } = await open({ limits: { storage: 100, flush: 1e6 } });
  const mine = { n: 1 };
  jd.setStorageSync("k", mine);
  mine.n = 2;
  assert.deepEqual(jd.getStorageSync("k"), { n: 1 });
  assert.equal(jd.getStorageSync("none"), "");
  await assert.rejects(jd.getStorage({ key: "none" }), (e: Any) => e.errMsg === "getStorage:fail data not found");
  assert.throws(() => jd.setStorageSync("big", "x".repeat(200)), /setStorageSync:fail exceed storage max size .*"big" does not fit/);
  await assert.rejects(jd.setStorage({ key: "", data: 1 }), (e: Any) => /setStorage:fail the key must be a string/.test(e.errMsg));
  const circle: Any = {};
  circle.me = circle;
  assert.throws(() => jd.setStorageSync("c", circle), /the value of "c" cannot be stored/);
  assert.deepEqual(jd.getStorageInfoSync().keys, ["k"]);
  jd.setStorageSync("k", "x".repeat(90));
  jd.removeStorageSync("k");
  jd.setStorageSync("again", "x".repeat(80));
  jd.clearStorageSync();
  assert.deepEqual(jd.getStorageInfoSync().keys, []);
  assert.deepEqual(rig.calls.filter((c) => c.api.startsWith("storage")).map((c) => c.api), ["storageSet", "storageSet", "storageRemove", "storageSet", "storageClear"]);
});

const bodies: [string, Any, Any][] = [
  ["a GET puts its data into the url", { url: "https://x/p?a=1", data: { b: "ü", c: undefined, d: [1] } }, { url: "https://x/p?a=1&b=%C3%BC&d=%5B1%5D", method: "GET", header: {} }],
  ["a POST sends JSON", { url: "u", method: "post", data: { a: 1 } }, { url: "u", method: "POST", header: { "content-type": "application/json" }, data: '{"a":1}' }],
  ["a form is encoded as its header says", { url: "u", method: "POST", header: { "Content-Type": "application/x-www-form-urlencoded" }, data: { a: "1 2", b: 3 } }, { url: "u", method: "POST", header: { "content-type": "application/x-www-form-urlencoded" }, data: "a=1%202&b=3" }],
  ["text is sent as it is", { url: "u", method: "PUT", data: "raw", header: { "content-type": "text/plain" } }, { url: "u", method: "PUT", header: { "content-type": "text/plain" }, data: "raw" }],
  ["no data is no body", { url: "u", method: "DELETE" }, { url: "u", method: "DELETE", header: {} }],
];
for (const [name, given, want] of bodies) test(`request: ${name}`, () => assert.deepEqual(body(given), want));

test("request: answers are parsed, headers told, tasks aborted", async () => {
  const { rig, jd } = await open();
  rig.apis.request = (arg, id) => {
    if (arg.url === "slow") return later;
    rig.program.fromHost({ id, on: "headers", data: { header: { x: "1" }, statusCode: 200 } });
    return { statusCode: 200, header: { x: "1" }, cookies: [], data: arg.binary ? new ArrayBuffer(2) : arg.url === "json" ? '{"a":[1]}' : "<html>" };
  };
  const heads: Any[] = [];
  const task = jd.request({ url: "json", success: (r: Any) => heads.push(r.data) });
  task.onHeadersReceived((h: Any) => heads.push(h.header.x));
  await rig.turn();
  assert.deepEqual(heads, ["1", { a: [1] }]);
  assert.equal((await jd.request({ url: "html" })).data, "<html>");
  assert.equal((await jd.request({ url: "json", dataType: "text" })).data, '{"a":[1]}');
  assert.equal((await jd.request({ url: "bin", responseType: "arraybuffer" })).data.byteLength, 2);
  const failed: string[] = [];
  const slow = jd.request({ url: "slow", fail: (e: Any) => failed.push(e.errMsg) });
  await rig.turn();
  slow.abort();
  const { id } = rig.calls.find((c) => c.arg?.url === "slow")!;
  assert.deepEqual(rig.tasks, [{ id, task: "abort" }]);
  rig.program.fromHost({ id, err: { message: "request:fail abort" } });
  await rig.turn();
  assert.deepEqual(failed, ["request:fail abort"]);
  await assert.rejects(jd.request({}), (e: Any) => e.errMsg === "request:fail url must be a string, got undefined");
});

test("uploads and downloads tell their progress", async () => {
  const { rig, jd } = await open();
  rig.apis.downloadFile = (_arg, id) => {
    rig.program.fromHost({ id, on: "progress", data: { progress: 50 } });
    return { statusCode: 200, tempFilePath: "data:,x" };
  };
  rig.apis.uploadFile = (arg) => ({ statusCode: 200, data: arg.formData.n });
  const heard: Any[] = [];
  jd.downloadFile({ url: "https://x", success: (r: Any) => heard.push(r.tempFilePath) }).onProgressUpdate((p: Any) => heard.push(p.progress));
  await rig.turn();
  assert.deepEqual(heard, [50, "data:,x"]);
  assert.equal((await jd.uploadFile({ url: "https://x", filePath: "data:,y", name: "f", formData: { n: 5 } })).data, "5");
});

test("sockets open, carry messages both ways and close", async () => {
  const { rig, jd } = await open();
  const heard: Any[] = [];
  const socket = jd.connectSocket({ url: "wss://x" });
  for (const e of ["Open", "Message", "Error", "Close"]) socket["on" + e]((d: Any) => heard.push([e, d.data ?? d.code ?? 0]));
  await assert.rejects(socket.send({ data: "early" }), (e: Any) => /not open yet/.test(e.errMsg));
  await rig.turn();
  const { id } = rig.calls.find((c) => c.api === "connectSocket")!;
  rig.program.fromHost({ id, on: "open", data: { header: {} } });
  rig.program.fromHost({ id, on: "message", data: { data: "hi" } });
  await socket.send({ data: "yo" });
  await socket.close({ code: 1000 });
  rig.program.fromHost({ id, on: "close", data: { code: 1000, reason: "" } });
  rig.program.fromHost({ id, on: "message", data: { data: "late" } });
  assert.deepEqual(heard, [["Open", 0], ["Message", "hi"], ["Close", 1000]]);
  assert.deepEqual(rig.tasks.map((t) => [t.task, t.arg]), [["send", { data: "yo" }], ["close", { code: 1000, reason: "" }]]);
  assert.equal(socket.readyState, 3);
  rig.apis.connectSocket = () => { throw new Error("connectSocket:fail url not in domain list"); };
  const failed: string[] = [];
  jd.connectSocket({ url: "wss://evil" }).onError((e: Any) => failed.push(e.errMsg));
  await rig.turn();
  assert.deepEqual(failed, ["connectSocket:fail url not in domain list"]);
});

test("selector queries go with the flush they follow and answer each and all", async () => {
  const { rig, jd, self } = await open();
  const heard: Any[] = [];
  self.setData({ a: 1 });
  jd.createSelectorQuery().in(self).select("#x").boundingClientRect((r: Any) => heard.push(r)).selectAll(".y").fields({ size: true, properties: ["value"] }).selectViewport().scrollOffset().exec((all: Any) => heard.push(all.length));
  await rig.turn();
  const flush = rig.flushes[rig.flushes.length - 1]!;
  assert.deepEqual(flush.o.map((o) => o[0]), ["u", "q"]);
  const [, id, query] = rig.ops("q")[0]!;
  assert.deepEqual(query, [
    { root: rig.shown, select: "#x", fields: { id: 1, dataset: 1, rect: 1, size: 1 } },
    { root: rig.shown, select: ".y", fields: { size: 1, properties: ["value"] }, all: 1 },
    { root: 0, select: "", fields: { id: 1, dataset: 1, scrollOffset: 1 }, viewport: 1 },
  ]);
  rig.view({ q: id, r: [{ width: 5 }, [], { scrollTop: 0 }] });
  assert.deepEqual(heard, [{ width: 5 }, 3]);
});

test("intersection observers watch, fire and stop", async () => {
  const { rig, self } = await open();
  const heard: Any[] = [];
  const observer = self.createIntersectionObserver({ thresholds: [0, 0.5], observeAll: true });
  observer.relativeToViewport({ bottom: 100 }).observe(".row", (e: Any) => heard.push(e.intersectionRatio));
  await rig.turn();
  const [, target, name, arg] = rig.ops("m")[0]! as Any;
  assert.deepEqual([target, name, { ...arg, id: 0 }], [rig.shown, "observe", { id: 0, select: ".row", all: 1, relative: [{ margins: [0, 0, 100, 0] }], thresholds: [0, 0.5], initial: 0 }]);
  rig.view({ x: [arg.id, { intersectionRatio: 0.6 }] });
  observer.disconnect();
  rig.view({ x: [arg.id, { intersectionRatio: 0.1 }] });
  await rig.turn();
  assert.deepEqual(heard, [0.6]);
  assert.deepEqual((rig.ops("m")[1] as Any).slice(2), ["unobserve", { id: arg.id }]);
});

test("animations export their steps; transforms stay, lengths get px", async () => {
  const { jd } = await open();
  const a = jd.createAnimation({ duration: 100, timingFunction: "ease" });
  const first = a.translateX(10).width(50).step().rotate(90).backgroundColor("red").step({ duration: 5 }).export();
  assert.deepEqual(first.actions.map((s: Any) => s.animates), [
    [{ type: "translateX", args: [10] }, { type: "style", args: ["width", "50px"] }],
    [{ type: "translateX", args: [10] }, { type: "style", args: ["width", "50px"] }, { type: "rotate", args: [90] }, { type: "style", args: ["background-color", "red"] }],
  ]);
  assert.deepEqual(first.actions[0].option, { transformOrigin: "50% 50% 0", transition: { duration: 100, timingFunction: "ease", delay: 0 } });
  assert.equal(first.actions[1].option.transition.duration, 5);
  assert.deepEqual(a.export().actions, []);
});

test("pageScrollTo waits for the view and passes on what went wrong", async () => {
  const { rig, jd } = await open();
  const done = jd.pageScrollTo({ selector: "#x", duration: 0 });
  await rig.turn();
  const arg = (rig.ops("m")[0] as Any)[3];
  assert.deepEqual({ ...arg, call: 0 }, { duration: 0, select: "#x", call: 0 });
  rig.view({ v: [arg.call, false, "nothing matches #x"] });
  await assert.rejects(done, (e: Any) => e.errMsg === "pageScrollTo:fail nothing matches #x");
});

test("system, launch and account are known at once; theme and size follow the host", async () => {
  const { rig, jd } = await open();
  assert.deepEqual([jd.getSystemInfoSync().windowWidth, jd.getWindowInfo().screenTop, jd.getAppBaseInfo().theme, jd.getDeviceInfo().platform], [375, 88, "light", "devtools"]);
  assert.deepEqual([jd.getAccountInfoSync().miniProgram.appId, jd.getLaunchOptionsSync().path, jd.getMenuButtonBoundingClientRect().width], ["shop", "pages/a/a", 87]);
  const heard: Any[] = [];
  jd.onThemeChange((t: Any) => heard.push(t.theme));
  const net = (n: Any) => heard.push(n.networkType);
  jd.onNetworkStatusChange(net);
  rig.program.fromHost({ ev: "theme", data: { theme: "dark" } });
  rig.program.fromHost({ ev: "network", data: { isConnected: true, networkType: "4g" } });
  jd.offNetworkStatusChange(net);
  rig.program.fromHost({ ev: "network", data: { isConnected: false, networkType: "none" } });
  rig.program.fromHost({ ev: "resize", data: { size: { windowWidth: 500 } } });
  assert.deepEqual(heard, ["dark", "4g"]);
  assert.deepEqual([jd.getSystemInfoSync().theme, jd.getWindowInfo().windowWidth], ["dark", 500]);
});

test("canIUse says what is there", async () => {
  const { jd } = await open();
  assert.deepEqual(["request", "request.object.method", "hasOwnProperty", "getLocation", "nonsense"].map((s) => jd.canIUse(s)), [true, true, false, false, false]);
});

test("base64 and buffers convert both ways", async () => {
  const { jd } = await open();
  const bytes = new Uint8Array([0, 255, 128, 1]);
  assert.deepEqual(new Uint8Array(jd.base64ToArrayBuffer(jd.arrayBufferToBase64(bytes.buffer))), bytes);
});

test("ping is answered, rejections and errors nobody caught are reported", async () => {
  const { rig, jd } = await open();
  const heard: Any[] = [];
  jd.onUnhandledRejection((r: Any) => heard.push(r.reason));
  rig.program.fromHost({ ev: "ping", n: 3 });
  assert.ok(rig.host.some((m) => "ev" in m && m.ev === "pong" && m.n === 3));
  rig.program.rejected({ errMsg: "x:fail" }, null);
  rig.program.uncaught(new Error("loose"));
  assert.deepEqual(heard, [{ errMsg: "x:fail" }]);
  assert.deepEqual(rig.errors(), ['Uncaught (in promise) {"errMsg":"x:fail"}', "Error: loose"]);
});

test("timers run guarded, are numbers, and end with the program", async () => {
  const heard: Any[] = [];
  let scope: Any;
  const { rig, self } = await open({ limits: { storage: 1, flush: 1000 } }, (s) => ((scope = s), {}));
  const id = scope.setTimeout((a: Any) => heard.push(a), 0, "ran");
  assert.equal(typeof id, "number");
  scope.clearTimeout(scope.setTimeout(() => heard.push("cleared"), 0));
  scope.setTimeout(() => { throw new Error("in a timer"); }, 0);
  assert.throws(() => scope.setTimeout("alert(1)", 0), /must be a function, got string/);
  await new Promise((done) => setTimeout(done, 10));
  assert.deepEqual(heard, ["ran"]);
  assert.match(rig.errors()[0]!, /in a timer \(in setTimeout callback\)/);
  scope.setInterval(() => heard.push("interval"), 1);
  self.setData({ big: "x".repeat(2000) });
  await rig.turn();
  assert.ok(rig.fatal);
  const n = heard.length;
  await new Promise((done) => setTimeout(done, 10));
  assert.equal(heard.length, n);
});
