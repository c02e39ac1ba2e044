package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"minimart/platform/testkit/browser"
)

const hello = `start.then(() => { show("第一页"); chrome(); post({ ev: "ready" }) });`

func TestHomeListsSearchesAndOpensPrograms(t *testing.T) {
	s := newServer(t,
		program{id: "shop", name: "山野集市", summary: "农场直送的时令蔬果", logic: hello + `start.then(() => show("第一页，场景 " + env.launch.scene))`},
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
	p.Frame("/run/shop/").AwaitText("#page", "第一页，场景 1001")
	p.Await(`location.pathname + location.search === "/app/shop" && document.title === "山野集市"`)
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
	p.Await(`getComputedStyle(document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot.querySelector('[data-tab="1"]')).color === "rgb(10, 99, 201)"`)
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
	p.Await(`getComputedStyle(document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot.querySelector("mm-overlays").shadowRoot.querySelector(".yes")).color === "rgb(217, 45, 32)"`)
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

func TestOneProgramOpensAnotherOnlyWhenTheConsumerAgrees(t *testing.T) {
	s := newServer(t, program{id: "from", name: "甲铺", logic: `start.then(() => { chrome(); post({ ev: "ready" }); call("navigateToMiniProgram", { appId: "to", path: "pages/b?x=1" }) })`},
		program{id: "to", name: "乙铺", logic: `log("launch", env.launch); ` + hello})
	p := browser.Open(t, browser.Phone, s.URL+"/app/from")
	p.AwaitText(over(".modal"), "“甲铺”想打开另一个小程序")
	p.Click(over(".yes"))
	p.Frame("/run/to/").AwaitText("#page", "第一页")
	p.Await(`location.pathname === "/app/to" && new URLSearchParams(location.search).get("scene") === "1037"`)
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
