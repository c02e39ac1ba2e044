package web_test

import (
	"slices"
	"testing"
	"time"

	"minimart/platform/testkit/browser"
)

func TestTheSandboxHasNoWayAroundTheHost(t *testing.T) {
	s := newServer(t, program{id: "spy", name: "探子", logic: hello, view: `
		const tries = { origin: () => self.origin, storage: () => localStorage.length, cookie: () => document.cookie, parent: () => parent.document.title, frames: () => top.location.href };
		const said = Object.entries(tries).map(([name, f]) => { try { return name + "=" + f() } catch (e) { return name + " refused" } });
		fetch("/app/").then(() => said.push("fetch went out"), () => said.push("fetch refused")).then(() => toHost.postMessage({ ev: "error", message: said.join(", ") }));`})
	s.open("spy", browser.Phone)
	s.awaitLog("origin=null, storage refused, cookie refused, parent refused, frames refused, fetch refused")
}

func TestCallsWithBadArgumentsSayWhatIsWrong(t *testing.T) {
	s := newServer(t, program{id: "bad", name: "错", logic: `
		const tries = [["showToast", { title: {} }], ["showToast", "hi"], ["showToast", { title: "x", icon: "rocket" }], ["showActionSheet", { itemList: [] }], ["constructor", {}], ["noSuchCall", {}],
			["request", { url: "https://evil.example.org/x" }], ["request", { url: "javascript:1" }], ["makePhoneCall", { phoneNumber: "tel:1;drop" }], ["login", {}], ["scanCode", {}], ["load", { page: "pages/none" }], ["previewImage", { urls: ["file:///etc/passwd"] }]];
		start.then(async () => { for (const [api, arg] of tries) await call(api, arg).then((r) => log("ok", api), (e) => log(e.message)); log("end") });`})
	s.open("bad", browser.Phone)
	s.awaitLog("log: end")
	for _, want := range []string{
		"showToast:fail title should be a string, not an object",
		`showToast:fail the argument should be an object, not "hi"`,
		"showToast:fail icon should be one of success, error",
		"showActionSheet:fail itemList has 0 entries, it should have 1 to 20",
		"constructor:fail not supported by this host",
		"noSuchCall:fail not supported by this host",
		"request:fail url not in domain list: https://evil.example.org",
		"request:fail invalid url",
		"makePhoneCall:fail phoneNumber",
		"login:fail this host has no account service yet",
		"scanCode:fail this host has no code scanner yet",
		"load:fail there is no page pages/none",
		"previewImage:fail none of urls is a picture",
	} {
		s.awaitLog(want)
	}
}

func TestAFloodStopsTheProgramAndNotTheHost(t *testing.T) {
	s := newServer(t, program{id: "flood", name: "洪水", logic: `start.then(() => { chrome(); post({ ev: "ready" }); for (let i = 0; i < 200000; i++) post({ id: i, api: "showToast", arg: { title: "x" } }) })`})
	p := s.open("flood", browser.Phone)
	p.AwaitText(in(".failure"), "小程序已被停止")
	p.Await(`!document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot.querySelector("iframe")`)
	p.Screenshot(shots(), "flood-phone")
}

func TestTooManyCallsInASecondAreRefused(t *testing.T) {
	s := newServer(t, program{id: "busy", name: "忙", logic: `start.then(async () => {
		const all = await Promise.allSettled(Array.from({ length: 500 }, () => call("getNetworkType", {})));
		const kept = await Promise.allSettled(Array.from({ length: 400 }, (_, i) => call("storageSet", { key: "k" + i, data: "v" })));
		log("refused", all.filter((r) => r.status === "rejected" && r.reason.message.startsWith("getNetworkType:fail too frequent")).length > 100, "kept", kept.filter((r) => r.status === "fulfilled").length > 0 && !kept.some((r) => r.reason?.message.includes("frequent"))) })`})
	s.open("busy", browser.Phone)
	s.awaitLog("refused true kept true")
}

func TestASilentProgramCanBeClosed(t *testing.T) {
	s := newServer(t, program{id: "loop", name: "死循环", logic: `start.then(() => { show("x"); chrome(); post({ ev: "ready" }); setTimeout(() => { for (;;); }, 300) })`})
	p := browser.Open(t, browser.Phone, s.URL+"/app/")
	p.Click(home(`a[data-app="loop"]`))
	p.AwaitText(in(".silent"), "小程序没有响应")
	p.Screenshot(shots(), "silent-phone")
	p.Click(in(".silent button:last-child"))
	p.AwaitText(home("main"), "全部小程序")
}

func TestAFatalErrorHasAPageWithARetryAndTheSourceLine(t *testing.T) {
	s := newServer(t, program{id: "crash", name: "崩", logic: `post({ ev: "fatal", message: "TypeError: cart is undefined", stack: "TypeError: cart is undefined\n    at x.logic.js:1:20" })`})
	p := s.open("crash", browser.Desk)
	p.AwaitText(in(".failure"), "小程序出错了")
	p.AwaitText(in(".failure pre"), "pages/a.js:3:7")
	p.AwaitText("mm-host >>> mm-console >>> ol", "cart is undefined")
	p.Screenshot(shots(), "crash-desk")
	before := s.launched["crash"]
	p.Click(in(".failure .filled"))
	s.await("a second launch", func() bool { return s.launched["crash"] > before })
	p.AwaitText(in(".failure"), "小程序出错了")
}

func TestASandboxThatLeavesItsPageIsStopped(t *testing.T) {
	s := newServer(t, program{id: "leave", name: "走", logic: hello, view: `setTimeout(() => location.reload(), 200)`})
	p := s.open("leave", browser.Phone)
	p.AwaitText(in(".failure"), "离开自己的沙箱页面")
}

func TestClosingEndsEverythingAProgramHasStarted(t *testing.T) {
	s := newServer(t, program{id: "busybody", name: "忙人", logic: `start.then(() => { chrome(); post({ ev: "ready" }); show("x"); setInterval(() => call("request", { url: "https://api.example.com/tick" }).catch(() => {}), 100) })`})
	p := browser.Open(t, browser.Phone, s.URL+"/app/")
	ticks := func() int { return len(s.fetched) }
	for round := range 3 {
		p.Click(home(`a[data-app="busybody"]`))
		before := 0
		s.await("ticks", func() bool { before = ticks(); return before > 0 })
		s.await("more ticks", func() bool { return ticks() > before+2 })
		p.Click(in("#close"))
		p.AwaitText(home("main"), "全部小程序")
		time.Sleep(300 * time.Millisecond) // what was on its way arrives
		s.mu.Lock()
		after := ticks()
		s.mu.Unlock()
		time.Sleep(500 * time.Millisecond)
		s.mu.Lock()
		if ticks() != after {
			t.Errorf("round %d: the program goes on after it was closed", round)
		}
		s.fetched = nil
		s.mu.Unlock()
	}
	p.Await(`!document.querySelector("mm-host").shadowRoot.querySelector("mm-runner")`)
}

func TestASandboxThatNeverSaysHelloIsGivenUp(t *testing.T) {
	s := newServer(t, program{id: "mute", name: "哑", logic: hello, frame: `<!doctype html><title>nobody home</title>`})
	p := browser.Open(t, browser.Phone, s.URL+"/app/mute")
	time.Sleep(10 * time.Second) // of the 15 that it gets
	p.AwaitText(in(".failure"), "运行环境在 15 秒内没有准备好")
	p.Await(`!document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot.querySelector("iframe")`)
	p.Screenshot(shots(), "boot-failed")
}

func TestAForgedMessageFromAnotherWindowIsNotAHello(t *testing.T) {
	// The document says hello from a frame within itself: another window than the host's iframe, whatever its origin.
	s := newServer(t, program{id: "forge", name: "伪", logic: hello, frame: `<!doctype html><script>const f = document.createElement("iframe"); f.srcdoc = "<script>top.postMessage({mm:'hello'},'*')<\/script>"; document.documentElement.append(f)</script>`})
	p := browser.Open(t, browser.Phone, s.URL+"/app/forge")
	p.Frame("/run/forge/")
	time.Sleep(2 * time.Second)
	p.Await(`getComputedStyle(document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot.querySelector(".splash")).visibility === "visible"`)
	p.Click(in("#close")) // and it can be closed all the while
	p.AwaitText(home("main"), "全部小程序")
}

func TestSocketsGoToTheProgramsOwnDomainsAndEndWithIt(t *testing.T) {
	s := newServer(t, program{id: "live", name: "直播", logic: `
		const open = (url) => { const t = { open: () => { log("open"); t.send("send", { data: "你好" }) }, message: (m) => { log("message", m.data); t.send("send", { data: "bye" }) }, close: (c) => log("closed", c.code, c.reason), error: (e) => log("error") };
			return call("connectSocket", { url }, t) };
		start.then(async () => { chrome(); post({ ev: "ready" });
			await open("wss://evil.example.org/").catch((e) => log(e.message));
			await open("ws://$HOST/echo");
			for (let i = 0; i < 6; i++) await call("connectSocket", { url: "ws://$HOST/echo" }, {}).then(() => log("another"), (e) => log(e.message));
		})`})
	p := s.open("live", browser.Phone)
	s.awaitLog("connectSocket:fail url not in domain list: wss://evil.example.org")
	s.awaitLog("message 你好")
	s.awaitLog("closed 4001 as you wish")
	s.awaitLog("connectSocket:fail 5 sockets are open")
	p.Click(in("#close"))
	s.await("the sockets to be closed", func() bool { return slices.Contains(s.fetched, "socket closed") })
}

func TestTheClipboardIsReadOnlyWhenTheConsumerAllowsIt(t *testing.T) {
	s := newServer(t, program{id: "clip", name: "剪贴", logic: `start.then(() => {
		post({ ev: "tabbar", tabbar: { list: [{ pagePath: "pages/a", text: "一" }, { pagePath: "pages/b", text: "复制" }] } }); chrome({ tab: 0 }); post({ ev: "ready" }) });
		on.tab = async () => {
		await call("setClipboardData", { data: "SN-2026" }).then(() => log("copied"), (e) => log(e.message));
		await call("getClipboardData", {}).then((r) => log("got", r.data), (e) => log(e.message));
		await call("getClipboardData", {}).then((r) => log("got", r.data), (e) => log("again", e.message)) }`})
	p := s.open("clip", browser.Phone)
	p.Click(in(`#tabs [data-tab="1"]`)) // browsers let a page write to the clipboard after a tap
	s.awaitLog("copied")
	p.AwaitText(over(".modal"), "“剪贴”想读取你的剪贴板")
	p.Click(over(".buttons button:first-child"))
	s.awaitLog("getClipboardData:fail auth deny")
	s.awaitLog("again getClipboardData:fail auth deny") // without asking a second time
	p.Click(in("#menu"))
	p.Click(over(`[data-choice="about"]`))
	p.AwaitText(over(".about"), "读取剪贴板 · 已拒绝")
}
