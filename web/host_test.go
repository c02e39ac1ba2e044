package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"minimart/platform/testkit/browser"
)

const hello = `start.then(() => { show("第一页"); chrome(); post({ ev: "ready" }) });`

func TestHomeListsSearchesAndOpensPrograms(t *testing.T) {
	s := newServer(t,
		program{id: "shop", name: "山野集市", summary: "农场直送的时令蔬果", logic: hello},
		program{id: "jewel", name: "拾光珠宝", summary: "看得见工艺的首饰", logic: hello})
	p := browser.Open(t, browser.Phone, s.URL+"/app/")
	p.AwaitText(home(".tiles"), "山野集市")
	p.AwaitText(home(".tiles"), "看得见工艺的首饰")
	p.Screenshot(shots(), "home-phone")

	p.Fill(home("input"), "珠宝")
	p.AwaitText(home("main"), "“珠宝”的搜索结果")
	p.Await(`!document.querySelector("mm-host").shadowRoot.querySelector("mm-home").shadowRoot.querySelector("main").innerText.includes("山野集市")`)
	p.Fill(home("input"), "没有的")
	p.AwaitText(home("main"), "没有找到“没有的”")
	p.Screenshot(shots(), "home-nothing")
	p.Click(home(".message button"))
	p.AwaitText(home(".tiles"), "山野集市")

	p.Click(home(`a[data-app="shop"]`))
	p.Frame("/run/shop/").AwaitText("#page", "第一页")
	p.Await(`location.pathname === "/app/shop" && document.title === "山野集市"`)
	p.Await(`getComputedStyle(document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot.querySelector(".splash")).visibility === "hidden"`)
	p.Screenshot(shots(), "program-phone")
	p.Click(in("#close"))
	p.AwaitText(home(".row"), "山野集市")
	p.Await(`location.pathname === "/app/" && history.state.mm === "home"`)
	p.Screenshot(shots(), "home-recent")
	if errs := p.Errors(); len(errs) > 0 {
		t.Errorf("the host printed errors: %q", errs)
	}
}

func TestHomeSaysWhatIsWrongAndTriesAgain(t *testing.T) {
	s := newServer(t, program{id: "shop", name: "山野集市", logic: hello})
	s.listing = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusServiceUnavailable)
		w.Write([]byte(`{"code":"unavailable","detail":"数据库正在维护"}`))
	}
	p := browser.Open(t, browser.Phone, s.URL+"/app/")
	p.AwaitText(home("main"), "数据库正在维护")
	p.Screenshot(shots(), "home-failed")
	s.mu.Lock()
	s.listing = nil
	s.mu.Unlock()
	p.Click(home(".message button"))
	p.AwaitText(home(".tiles"), "山野集市")
}

func TestLanguageAndAppearanceSwitchAtOnceAndAreRemembered(t *testing.T) {
	s := newServer(t, program{id: "shop", name: "山野集市", logic: hello})
	p := browser.Open(t, browser.Desk, s.URL+"/app/")
	p.AwaitText(home("main"), "全部小程序")
	p.Screenshot(shots(), "home-desk")
	p.Click(home("#language"))
	p.AwaitText(home("main"), "All mini programs")
	p.Await(`document.documentElement.lang === "en"`)
	p.Click(home("#theme")) // light
	p.Click(home("#theme")) // dark
	p.Await(`document.documentElement.dataset.theme === "dark"`)
	p.Screenshot(shots(), "home-desk-dark-en")
	if err := p.Top().Eval("location.reload()", nil); err != nil {
		t.Fatal(err)
	}
	p.AwaitText(home("main"), "All mini programs")
	p.Await(`document.documentElement.dataset.theme === "dark"`)
}

func TestAnAddressThatIsNoneLeadsHomeWithAWord(t *testing.T) {
	s := newServer(t)
	p := browser.Open(t, browser.Phone, s.URL+"/app/a/b/c")
	p.AwaitText(home(".note"), "/app/a/b/c")
	p.AwaitText(home("main"), "还没有发布的小程序")
}

func TestAProgramThatDoesNotExistIsNamed(t *testing.T) {
	s := newServer(t)
	p := browser.Open(t, browser.Phone, s.URL+"/app/ghost")
	p.AwaitText(in(".failure"), "“ghost”不存在")
	p.Click(in(".failure .plain"))
	p.AwaitText(home("main"), "还没有发布的小程序")
}

func TestTheSandboxHasNoWayAroundTheHost(t *testing.T) {
	s := newServer(t, program{id: "spy", name: "探子", logic: hello, view: `
		const tries = { origin: () => self.origin, storage: () => localStorage.length, cookie: () => document.cookie, parent: () => parent.document.title, frames: () => top.location.href };
		const said = Object.entries(tries).map(([name, f]) => { try { return name + "=" + f() } catch (e) { return name + " refused" } });
		fetch("/app/").then(() => said.push("fetch went out"), () => said.push("fetch refused")).then(() => toHost.postMessage({ ev: "error", message: said.join(", ") }));`})
	s.open("spy", browser.Phone)
	s.awaitLog("origin=null, storage refused, cookie refused, parent refused, frames refused, fetch refused")
}

func TestTheProgramIsToldWhereItRuns(t *testing.T) {
	s := newServer(t, program{id: "env", name: "环境", logic: `log("launch", env.launch, env.app, env.dialect, Object.keys(env.pages)); log("system", env.system.windowWidth, env.system.windowHeight, env.system.statusBarHeight, env.system.menuButton); ` + hello})
	p := browser.Open(t, browser.Phone, s.URL+"/app/env?preview=1&path="+"pages%2Fb%3Fid%3D3%26name%3D%25E9%2587%2591")
	p.Frame("/run/env/")
	s.awaitLog(`launch {"path":"pages/b","query":{"id":"3","name":"金"},"scene":1065} env jd ["pages/a","pages/b","sub/pages/x"]`)
	s.awaitLog(`system 390 800 0 {"width":87,"height":32,"top":6,"right":383,"bottom":38,"left":296}`)
}

func TestChromeFollowsTheProgram(t *testing.T) {
	s := newServer(t, program{id: "bars", name: "栏", logic: `
		const bar = (n, more) => post({ ev: "tabbar", tabbar: { color: "#666666", selectedColor: "#0a63c9", background: "#ffffff", border: "black", hidden: false, list: [
			{ pagePath: "pages/a", text: "首页", icon: "assets/a.svg", selectedIcon: "assets/a.svg" }, { pagePath: "pages/b", text: "购物车", icon: "assets/a.svg", badge: String(n) }, { pagePath: "pages/c", text: "我的", icon: "assets/a.svg", dot: true }], ...more } });
		on.tab = (m) => { log("tab", m.index); bar(7); chrome({ tab: m.index, title: "购物车", background: "#1f3b5c", foreground: "white", loading: true }) };
		on.back = () => { log("back"); chrome({ back: false }) };
		start.then(() => { bar(3); chrome({ tab: 0 }); show("页"); post({ ev: "ready" }) });`})
	p := s.open("bars", browser.Desk)
	p.AwaitText(in("#tabs"), "购物车")
	p.AwaitText(in("#tabs .badge"), "3")
	p.Click(in(`#tabs [data-tab="1"]`))
	s.awaitLog("tab 1")
	p.AwaitText(in(".title"), "购物车")
	p.AwaitText(in("#tabs .badge"), "7")
	p.Screenshot(shots(), "bars-desk")
	p.Await(`getComputedStyle(document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot.querySelector("#bar")).backgroundColor === "rgb(31, 59, 92)"`)
}

func TestBackGoesThroughThePagesFirst(t *testing.T) {
	s := newServer(t, program{id: "deep", name: "深", logic: `
		let depth = 3;
		on.back = () => { depth--; log("depth", depth); chrome({ back: depth > 1, title: "第" + depth + "层" }) };
		start.then(() => { show("x"); chrome({ back: true, title: "第3层" }); post({ ev: "ready" }); log("up") });`},
		program{id: "other", name: "别的", logic: hello})
	p := browser.Open(t, browser.Phone, s.URL+"/app/")
	p.Click(home(`a[data-app="deep"]`))
	p.AwaitText(in(".title"), "第3层")
	p.Await(`history.state.mm === "guard"`)
	if err := p.Top().Eval("history.back()", nil); err != nil { // the browser's button
		t.Fatal(err)
	}
	p.AwaitText(in(".title"), "第2层")
	p.Await(`history.state.mm === "guard" && location.pathname === "/app/deep"`)
	p.Click(in("#back")) // the title bar's arrow
	p.AwaitText(in(".title"), "第1层")
	p.Await(`history.state.mm === "program"`)
	if err := p.Top().Eval("history.back()", nil); err != nil {
		t.Fatal(err)
	}
	p.AwaitText(home("main"), "全部小程序")
}

func TestDialogsTakeFocusAnswerAndGiveItBack(t *testing.T) {
	s := newServer(t, program{id: "talk", name: "对话", logic: `
		const steps = [
			() => call("showModal", { title: "删除地址", content: "删除后无法恢复，确定吗？", confirmText: "删除", confirmColor: "#d92d20" }),
			() => call("showModal", { title: "备注", editable: true, placeholderText: "写点什么", content: "旧" }),
			() => call("showActionSheet", { itemList: ["微信好友", "复制链接", "保存图片"] }),
			() => call("showActionSheet", { itemList: ["一", "二"] }),
			() => call("showModal", { content: 42, title: "号", showCancel: false }),
		];
		start.then(async () => { show("对话页"); chrome(); post({ ev: "ready" });
			for (const step of steps) await step().then((r) => log("ok", r), (e) => log("err", e.message)); log("done") });`})
	p := s.open("talk", browser.Phone)
	p.AwaitText(over(".modal"), "删除后无法恢复")
	p.Screenshot(shots(), "modal-phone")
	p.Await(`document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot.querySelector("#stage").inert`)
	p.Press(kb.Tab)
	p.Press(kb.Tab) // from the last button round to the first
	p.Press(kb.Tab)
	p.Press(kb.Escape)
	s.awaitLog(`ok {"confirm":false,"cancel":true}`)

	p.AwaitText(over(".modal"), "备注")
	p.Fill(over("textarea"), "请放门口")
	p.Screenshot(shots(), "modal-editable")
	p.Click(over(".yes"))
	s.awaitLog(`ok {"confirm":true,"cancel":false,"content":"请放门口"}`)

	p.AwaitText(over(".sheet"), "保存图片")
	p.Screenshot(shots(), "actions-phone")
	p.Click(over(".sheet .item:nth-of-type(2)"))
	s.awaitLog(`ok {"tapIndex":1}`)
	p.AwaitText(over(".sheet"), "二")
	if err := p.Top().Eval("history.back()", nil); err != nil { // back cancels what lies on top
		t.Fatal(err)
	}
	s.awaitLog("err showActionSheet:fail cancel")
	p.AwaitText(over(".modal"), "42")
	p.Click(over(".yes"))
	s.awaitLog("done")
	p.Await(`!document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot.querySelector("#stage").inert`)
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

func TestRequestsGoThroughTheRelay(t *testing.T) {
	s := newServer(t, program{id: "net", name: "网", logic: `
		start.then(async () => {
			const heads = {};
			log("answer", await call("request", { url: "https://api.example.com/a?b=1#c", method: "POST", header: { "Content-Type": "application/json" }, data: '{"q":"金"}' }, { headers: (h) => log("headers", h.statusCode) }));
			const bytes = await call("request", { url: "https://api.example.com/b", binary: true });
			log("bytes", bytes.data instanceof ArrayBuffer);
			log("up", await call("uploadFile", { url: "https://api.example.com/up", name: "photo", filePath: "data:text/plain;base64,aGk=", formData: { order: 7 } }));
			log("down", (await call("downloadFile", { url: "https://api.example.com/f" }, { progress: (p) => log("progress", p.progress) })).tempFilePath.slice(0, 40));
			const task = {};
			const slow = call("request", { url: "https://api.example.com/slow" }, task);
			setTimeout(() => task.send("abort"), 200);
			await slow.catch((e) => log(e.message));
			await call("request", { url: "https://api.example.com/slow", timeout: 300 }).catch((e) => log(e.message));
			log("end");
		});`})
	s.open("net", browser.Phone)
	s.awaitLog("log: end")
	s.awaitLog("headers 201")
	s.awaitLog(`"statusCode":201`)
	s.awaitLog(`{\"got\":\"{\\\"q\\\":\\\"金\\\"}\",\"type\":\"application/json\"}`)
	s.awaitLog("bytes true")
	s.awaitLog("down data:application/json;base64,")
	s.awaitLog("progress 100")
	s.awaitLog("request:fail abort")
	s.awaitLog("request:fail timeout")
	fetched := strings.Join(s.fetched, "\n")
	for _, want := range []string{"POST https://api.example.com/a?b=1 {\"q\":\"金\"}", "GET https://api.example.com/b ", `name="photo"; filename="file.plain"`, `name="order"`} {
		if !strings.Contains(fetched, want) {
			t.Errorf("the relay did not see %q in\n%s", want, fetched)
		}
	}
}

func TestStorageSurvivesARestartAndKeepsItsLimit(t *testing.T) {
	s := newServer(t, program{id: "keep", name: "存", logic: `
		start.then(async () => {
			log("found", Object.keys(env.storage).length, env.storage.cart || "");
			await call("storageSet", { key: "cart", data: "J[1,2]" });
			await call("storageSet", { key: "gone", data: "J1" });
			await call("storageRemove", { key: "gone" });
			await call("storageSet", { key: "big", data: "x".repeat(9990) }).catch((e) => log(e.message));
			chrome(); post({ ev: "ready" }); log("stored");
		});`},
		program{id: "else", name: "别", logic: `start.then(() => log("other found", Object.keys(env.storage).length))`})
	p := s.open("keep", browser.Phone)
	s.awaitLog("found 0 ")
	s.awaitLog(`storageSet:fail "big": over the limit; the limit is 10 KB`)
	s.awaitLog("stored")
	if err := p.Top().Eval("location.reload()", nil); err != nil {
		t.Fatal(err)
	}
	s.awaitLog("found 1 J[1,2]")
	if err := p.Top().Eval(`location.href = "/app/else?preview=1"`, nil); err != nil {
		t.Fatal(err)
	}
	s.awaitLog("other found 0")
}

func TestPackagesLoadOnceAndInOrder(t *testing.T) {
	s := newServer(t, program{id: "subs", name: "分包", logic: `self.main = (self.main || 0) + 1;
		start.then(async () => { await call("load", { page: "sub/pages/x" }); await call("load", { page: "/sub/pages/x" }); log("main", main, "sub", self.sub) });`,
		sub: `self.sub = (self.sub || 0) + 10 * main;`, view: `document.body.dataset.views = +(document.body.dataset.views || 0) + 1; toHost.postMessage({ need: "form" }); toHost.postMessage({ need: "form" })`})
	p := s.open("subs", browser.Phone)
	s.awaitLog("main 1 sub 10")
	p.Frame("/run/subs/").Await(`document.body.dataset.views === "1" && document.body.dataset.form === "loaded"`)
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

func TestPicturesOpenOverTheProgram(t *testing.T) {
	s := newServer(t, program{id: "pics", name: "图", logic: `start.then(() => { chrome(); post({ ev: "ready" }); call("previewImage", { urls: ["/assets/a.svg", "assets/a.svg", "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"], current: "assets/a.svg" }).then(() => log("shown")) })`})
	p := s.open("pics", browser.Phone)
	s.awaitLog("shown")
	p.AwaitText(over("mm-gallery >>> .count"), "1 / 3")
	p.Screenshot(shots(), "gallery-phone")
	p.Press(kb.ArrowRight)
	p.AwaitText(over("mm-gallery >>> .count"), "2 / 3")
	p.Press(kb.Escape)
	p.Await(`!document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot.querySelector("mm-overlays").shadowRoot.querySelector("mm-gallery")`)
}

func TestTheMenuSharesKeepsAndExplains(t *testing.T) {
	s := newServer(t, program{id: "menu", name: "山野集市", summary: "农场直送的时令蔬果", logic: `on.share = () => call("shared", { title: "今天的草莓", path: "pages/b?id=9", imageUrl: "/assets/a.svg" });
		start.then(() => { show("x"); chrome({ share: true }); post({ ev: "ready" }); log("up") })`})
	p := s.open("menu", browser.Phone)
	s.awaitLog("up")
	p.Click(in("#menu"))
	p.AwaitText(over(".sheet"), "山野集市")
	p.Screenshot(shots(), "menu-phone")
	p.Click(over(`[data-choice="share"]`))
	p.AwaitText(over(".share"), "今天的草莓")
	p.Screenshot(shots(), "share-phone")
	p.Await(`document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot.querySelector("mm-overlays").shadowRoot.querySelector(".share input").value.endsWith("/app/menu?path=pages%2Fb%3Fid%3D9")`)
	p.Press(kb.Escape)
	p.Click(in("#menu"))
	p.Click(over(`[data-choice="favourite"]`))
	p.AwaitText(over(".toast"), "已收藏")
	p.Screenshot(shots(), "toast-phone")
	p.Click(in("#menu"))
	p.Click(over(`[data-choice="about"]`))
	p.AwaitText(over(".about"), "https://api.example.com")
	p.Screenshot(shots(), "about-phone")
}

func TestPreviewShowsBuildErrorsAndReloads(t *testing.T) {
	s := newServer(t, program{id: "dev", name: "预览", logic: `console.log; start.then(() => { show("第一页"); chrome(); post({ ev: "ready" }); log("started"); post({ ev: "log", level: "warn", args: ["setData: 没有变化"] }); post({ ev: "log", level: "error", args: ["TypeError: x is not a function"], stack: "TypeError: x is not a function\n    at tap (pages/a.js:3:7)" }) })`})
	p := s.open("dev", browser.Desk)
	p.AwaitText("mm-host >>> mm-console >>> ol", "started")
	p.AwaitText("mm-host >>> mm-console >>> ol", "pages/a.js:3:7")
	p.Screenshot(shots(), "preview-desk")
	s.tell(map[string]any{"type": "build", "millis": 41, "errors": []map[string]any{{"file": "pages/cart/index.jxml", "line": 14, "column": 9, "message": "unknown directive jd.if", "hint": "did you mean jd:if?"}}, "warnings": []any{}})
	p.AwaitText("mm-host >>> .build", "pages/cart/index.jxml:14:9")
	p.AwaitText("mm-host >>> .build", "did you mean jd:if?")
	p.Screenshot(shots(), "preview-build-errors")
	s.tell(map[string]any{"type": "build", "millis": 38, "errors": nil, "warnings": nil})
	p.Await(`!document.querySelector("mm-host").shadowRoot.querySelector(".build")`)
	before := s.launched["dev"]
	s.tell(map[string]any{"type": "reload"})
	s.await("a second launch", func() bool { return s.launched["dev"] > before })
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

func TestOneProgramOpensAnotherOnlyWhenTheConsumerAgrees(t *testing.T) {
	s := newServer(t, program{id: "from", name: "甲铺", logic: `start.then(() => { chrome(); post({ ev: "ready" }); call("navigateToMiniProgram", { appId: "to", path: "pages/b?x=1" }) })`},
		program{id: "to", name: "乙铺", logic: `log("launch", env.launch); ` + hello})
	p := browser.Open(t, browser.Phone, s.URL+"/app/from")
	p.AwaitText(over(".modal"), "“甲铺”想打开另一个小程序")
	p.Click(over(".yes"))
	p.Frame("/run/to/").AwaitText("#page", "第一页")
	p.Await(`location.pathname === "/app/to" && new URLSearchParams(location.search).get("scene") === "1037"`)
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
			for (let i = 0; i < 5; i++) await call("connectSocket", { url: "ws://$HOST/echo" }, {}).then(() => log("another"), (e) => log(e.message));
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

func TestChosenPicturesAreMadeSmallerAndHandedOver(t *testing.T) {
	s := newServer(t, program{id: "photo", name: "拍照", logic: `on.tab = async () => {
		await call("chooseImage", { count: 2 }).then((r) => log("chosen", r.tempFilePaths.length, r.tempFilePaths[0].slice(0, 22), r.tempFiles[0].size < 2000000), (e) => log(e.message));
		const one = await call("chooseImage", { count: 1, sizeType: ["original"] });
		log("size", await call("getImageInfo", { src: one.tempFilePaths[0] }).then((i) => i.width + "x" + i.height + " " + i.type));
		const small = await call("chooseMedia", { count: 1, mediaType: ["image"], sizeType: ["compressed"] });
		log("small", await call("getImageInfo", { src: small.tempFiles[0].tempFilePath }).then((i) => i.width + "x" + i.height));
		await call("chooseImage", {}).catch((e) => log(e.message));
		await call("chooseImage", {}).catch((e) => log(e.message));
	};
	start.then(() => { chrome(); post({ ev: "ready" }); log("up") })`})
	p := s.open("photo", browser.Phone)
	s.awaitLog("up")
	// The file dialog is the system's; what it would have put into the input is put there by the test.
	if err := p.Top().Eval(`(async () => {
		const canvas = document.createElement("canvas"); canvas.width = 3000; canvas.height = 2000;
		const g = canvas.getContext("2d"); for (let i = 0; i < 400; i++) { g.fillStyle = "hsl(" + i * 37 + " 70% 50%)"; g.fillRect((i * 811) % 3000, (i * 577) % 2000, 300, 200) }
		const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.95));
		const jpeg = new File([blob], "a.jpg", { type: "image/jpeg" });
		const turns = [[jpeg, jpeg, jpeg], [jpeg], [jpeg], [], [new File(["x"], "virus.exe", { type: "application/x-msdownload" })]];
		HTMLInputElement.prototype.click = function () {
			const list = new DataTransfer(); for (const f of turns.shift()) list.items.add(f);
			this.files = list.files; this.dispatchEvent(new Event(list.files.length ? "change" : "cancel")) };
	})()`, nil); err != nil {
		t.Fatal(err)
	}
	// Any message will do to start; the program waits for a tab.
	if err := p.Top().Eval(`document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").program.tab(0)`, nil); err != nil {
		t.Fatal(err)
	}
	s.awaitLog("chosen 2 data:image/jpeg;base64 true")
	s.awaitLog("size 3000x2000 jpeg")
	s.awaitLog("small 1280x853")
	s.awaitLog("chooseImage:fail cancel")
	s.awaitLog(`chooseImage:fail "virus.exe" is not a JPEG`)
}

func TestADeveloperIsToldOfFailedCallsWithoutAskingForThem(t *testing.T) {
	s := newServer(t, program{id: "dev2", name: "开发", develop: true, logic: `start.then(() => { chrome(); post({ ev: "ready" }); call("request", { url: "https://evil.example.org/" }).catch(() => {}) })`})
	s.open("dev2", browser.Phone)
	s.awaitLog("warn: request:fail url not in domain list: https://evil.example.org")
}
