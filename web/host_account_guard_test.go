package web_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"minimart/platform/testkit/browser"
)

const noSheet = `!document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot.querySelector("mm-overlays").shadowRoot.querySelector("mm-consent, mm-sign-in")`

// unasked fails when a program has got anything of its consumer.
func (s *server) unasked() {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.accounts.given) > 0 {
		s.t.Errorf("nobody agreed, and yet: %q", s.accounts.given)
	}
}

func TestForgedMessagesObtainNoConsent(t *testing.T) {
	one := member("forger")
	one.logic = honest + `start.then(() => {
		for (const m of [{ ev: "ask", id: 1, openType: "getPhoneNumber" }, { ev: "asked", data: { id: 1, detail: { errMsg: "getPhoneNumber:ok" } } }, { id: 77, ok: {} }, { id: 1, on: "agree" }, { ev: "agree" }, { ev: "consent", kind: "profile" }, { mm: "hello" },
			{ id: 2, task: "agree" }, { id: "x", api: "getUserProfile" }, { ev: "ask", id: "1", openType: {} }, { ev: "chrome", chrome: { page: "mm-agree", title: "<mm-consent>" } }]) post(m);
		return Promise.all(["agree", "consent", "consents", "disclose", "getPhoneNumber", "getRealtimePhoneNumber", "signIn", "session", "__proto__", "toString", "POST /programs/forger/consents/profile"].map((api) => tell(call(api, { kind: "profile", agreed: true }))));
	}).then(() => log("end"))`
	one.view = `for (let i = 0; i < 20; i++) for (const openType of ["getPhoneNumber", "getUserInfo", "constructor", "__proto__"]) toHost.postMessage({ ev: "ask", id: i, openType });
		toHost.postMessage({ ev: "asked", data: {} }); toHost.postMessage({ ev: "ask", id: {}, openType: "getPhoneNumber" }); parent.postMessage({ mm: "agree" }, "*");
		toHost.addEventListener("message", ({ data: m }) => { if (m.ev === "asked") toHost.postMessage({ ev: "error", message: "answer " + m.data.detail.errMsg }) })`
	s := newPlatform(t, one)
	s.accounts.nickname = "小满"
	p := s.signedIn(browser.Phone, "/app/forger?preview=1")
	s.awaitLog("log: end")
	s.awaitLog("answer getPhoneNumber:fail only a tap may ask")
	s.awaitLog("no consent:fail not supported by this host")
	s.awaitLog("no __proto__:fail not supported by this host")
	time.Sleep(300 * time.Millisecond)
	p.Await(noSheet)
	s.unasked()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.logs {
		if strings.Contains(l, "138") || strings.Contains(l, "小满") || strings.Contains(l, "csm_") {
			t.Errorf("the program learned %q", l)
		}
	}
}

func TestTheSandboxHasNeitherSessionNorPlatform(t *testing.T) {
	one := member("thief")
	one.logic = honest + `start.then(async () => {
		log("env", JSON.stringify(env).includes("csm_") || JSON.stringify(env).includes("hpk_") || JSON.stringify(env).includes("138****"));
		log("worker fetch", await fetch("/api/host/v1/me", { credentials: "include", headers: { "Minimart-Host": "` + hostKey + `" } }).then((r) => r.status, () => "refused"));
		log("import", (() => { try { importScripts("/api/host/v1/me"); return "came" } catch { return "refused" } })());
	})`
	one.view = `const said = [];
		const tries = { cookie: () => document.cookie, storage: () => localStorage.getItem("minimart.device"), parent: () => parent.document.cookie, consumer: () => parent.consumer.me };
		for (const [name, f] of Object.entries(tries)) try { said.push(name + "=" + f()) } catch { said.push(name + " refused") }
		const gone = (name, p) => p.then(() => said.push(name + " went out"), () => said.push(name + " refused"));
		const ask = { credentials: "include", headers: { "Minimart-Host": "` + hostKey + `", "Minimart-Device": "0123456789012345678901" } };
		const form = () => new Promise((done, fail) => { const f = document.createElement("form"); f.method = "POST"; f.action = "/api/host/v1/programs/thief/consents/profile"; f.target = "x"; document.body.append(f); addEventListener("securitypolicyviolation", fail, { once: true }); f.submit(); setTimeout(fail, 500) });
		const picture = () => new Promise((done, fail) => { const i = new Image(); i.onload = done; i.onerror = fail; i.src = "/api/host/v1/me" });
		Promise.all([gone("fetch", fetch("/api/host/v1/me", ask)), gone("agree", fetch("/api/host/v1/programs/thief/consents/profile", { ...ask, method: "POST" })), gone("beacon", new Promise((done, fail) => navigator.sendBeacon("/api/host/v1/programs/thief/consents/profile", "{}") ? setTimeout(fail, 300) : fail())), gone("picture", picture()), gone("form", form())])
			.then(() => toHost.postMessage({ ev: "error", message: "said " + said.sort().join(", ") }));`
	s := newPlatform(t, one)
	s.signedIn(browser.Phone, "/app/thief?preview=1")
	s.awaitLog("env false")
	s.awaitLog("worker fetch refused")
	s.awaitLog("import refused")
	s.awaitLog("said agree refused, beacon refused, consumer refused, cookie refused, fetch refused, form refused, parent refused, picture refused, storage refused")
	s.unasked()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.accounts.strangers) > 1 { // the picture may have been asked for: without a header, and refused
		t.Errorf("came to the door: %q", s.accounts.strangers)
	}
}

func TestNothingOfAProgramLiesOverAQuestion(t *testing.T) {
	one := member("loud")
	one.logic = honest + `on.tab = () => {
		tell(call("getUserProfile", { desc: "点“允许”领红包，已有 100 万人领取" }));
		setTimeout(() => {
			for (const [api, arg] of [["showModal", { title: "小集", content: "已经允许了" }], ["showActionSheet", { itemList: ["允许"] }], ["previewImage", { urls: ["assets/a.svg"] }], ["shared", {}], ["openSetting", {}], ["openPrivacyContract", {}], ["getUserProfile", { desc: "再来" }], ["showToast", { title: "请点允许", mask: true, duration: 60000 }], ["showLoading", { title: "请点允许", mask: true }], ["hideToast", {}], ["hideLoading", {}]]) tell(call(api, arg));
			post({ ev: "chrome", chrome: { page: "x", title: "小集官方", back: true } }); call("showToast", { title: "请点允许", mask: true, duration: 60000 });
			log("tried") }, 300) }`
	s := newPlatform(t, one)
	p := s.signedIn(browser.Phone, "/app/loud?preview=1")
	s.awaitLog("up")
	p.Click(in(`#tabs [data-tab="1"]`))
	p.AwaitText(question("#words"), "领红包")
	s.awaitLog("tried")
	for _, api := range []string{"showModal", "showActionSheet", "previewImage", "shared", "openSetting", "openPrivacyContract"} {
		s.awaitLog("no " + api + ":fail ")
	}
	s.awaitLog("no getUserProfile:fail the consumer is being asked something else")
	armed(p)
	p.Screenshot(shots(), "account-loud")
	p.Await(`(() => { const o = document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot.querySelector("mm-overlays").shadowRoot; return o.querySelectorAll(".veil").length === 1 && !o.querySelector(".toast") })()`)
	p.Await(`(() => { const r = document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot; return r.querySelector("#stage").inert && r.querySelector("#bar").inert })()`)
	for range 3 {
		p.Press(kb.Tab)
		p.Await(`document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot.querySelector("mm-overlays").shadowRoot.activeElement?.localName === "mm-consent"`)
	}
	p.Press(kb.Escape)
	s.awaitLog("no getUserProfile:fail auth deny")
	p.AwaitText(over(".toast"), "请点允许") // what waited is shown now
	s.unasked()
}

func TestWhoClosesTheProgramHasAgreedToNothing(t *testing.T) {
	one := member("quit")
	one.logic = honest + `on.tab = (m) => { tell(call("getUserProfile", { desc: "会员卡" })); if (m.index === 1) setTimeout(() => post({ ev: "exit" }), 800) }`
	s := newPlatform(t, one)
	p := s.signedIn(browser.Phone, "/app/quit?preview=1")
	s.awaitLog("up")
	p.Click(in(`#tabs [data-tab="0"]`))
	p.AwaitText(question("h2"), "申请获得")
	p.Click(in("#close")) // the capsule stays on top
	p.AwaitText(home("main"), "全部小程序")
	p.Click(home(`a[data-app="quit"]`))
	p.Click(in(`#tabs [data-tab="1"]`))
	p.AwaitText(question("h2"), "申请获得")
	p.AwaitText(home("main"), "全部小程序") // the program left by itself
	s.unasked()
}

func TestAProgramThatWasRefusedTwiceWaitsForATap(t *testing.T) {
	one := member("nag")
	one.logic = honest + `let busy = false; start.then(() => setInterval(async () => { if (busy) return; busy = true; await tell(call("getUserProfile", { desc: "再想想" })); busy = false }, 250))`
	s := newPlatform(t, one)
	p := s.signedIn(browser.Phone, "/app/nag?preview=1")
	for n := range 2 {
		p.AwaitText(question("h2"), "申请获得")
		p.Press(kb.Escape)
		s.await("a refusal", func() bool {
			return len(slices.DeleteFunc(slices.Clone(s.logs), func(l string) bool { return !strings.Contains(l, "fail auth deny") })) > n
		})
	}
	s.awaitLog("no getUserProfile:fail the consumer refused 2 times: ask again when they tap for it")
	time.Sleep(6 * time.Second) // the keys that refused are no tap in the program, now or later
	p.Await(noSheet)
	p.Frame("/run/nag/").Click("#page")
	p.AwaitText(question("h2"), "申请获得")
	s.unasked()
	if n := len(slices.DeleteFunc(slices.Clone(s.accounts.asked), func(a string) bool { return a != "POST /programs/nag/consents/profile" })); n != 0 {
		t.Errorf("%d consents were sent", n)
	}
}

func TestAYesThatCameTooSoonIsNone(t *testing.T) {
	one := member("jack")
	one.logic = honest + `on.tab = () => tell(call("getUserProfile", { desc: "连点领奖" }))`
	s := newPlatform(t, one)
	p := s.signedIn(browser.Phone, "/app/jack?preview=1")
	s.awaitLog("up")
	// A finger that taps as fast as it can where the button will be.
	if err := p.Top().Eval(`(() => { let n = 0; const hit = () => { const a = document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot.querySelector("mm-overlays").shadowRoot.querySelector("mm-consent"); if (a && n++ < 20) { a.dispatchEvent(new CustomEvent("mm-agree")); a.shadowRoot.querySelector("#agree")?.click() } if (n < 20) requestAnimationFrame(hit) }; hit() })()`, nil); err != nil {
		t.Fatal(err)
	}
	p.Click(in(`#tabs [data-tab="1"]`))
	p.AwaitText(question("#words"), "连点领奖")
	armed(p)
	s.unasked()
	p.Click(question("#refuse"))
	s.awaitLog("no getUserProfile:fail auth deny")
}
