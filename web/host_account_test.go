package web_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"minimart/platform/testkit/browser"
)

// sheet selects in a sheet of the platform over a program, own in one over the host's own pages, me on the consumer's page.
func question(selector string) string { return over("mm-consent >>> " + selector) }
func signIn(selector string) string   { return over("mm-sign-in >>> " + selector) }
func ownSignIn(selector string) string {
	return "mm-host >>> mm-overlays >>> mm-sign-in >>> " + selector
}
func me(selector string) string { return "mm-host >>> mm-me >>> " + selector }

// armed waits until a sheet has been there long enough to have been read.
func armed(p *browser.Page) {
	p.Await(`document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot.querySelector("mm-overlays").shadowRoot.querySelector("mm-consent")?.shadowRoot.querySelector("#agree:not([disabled])")`)
}

// signedIn signs in on the home screen, as a person does, and goes on to an address.
func (s *server) signedIn(screen browser.Screen, address string) *browser.Page {
	s.t.Helper()
	p := browser.Open(s.t, screen, s.URL+"/app/")
	p.Click(home("#me"))
	p.Fill(ownSignIn("#phone"), "13800138000")
	p.Click(ownSignIn(".go"))
	p.AwaitText(ownSignIn(".demo"), rightCode)
	p.Click(ownSignIn(".demo button"))
	p.AwaitText(me(".person"), "138****8000")
	if address != "" {
		if err := p.Top().Eval(`location.href = "`+address+`"`, nil); err != nil {
			s.t.Fatal(err)
		}
	}
	s.t.Cleanup(func() {
		for _, e := range p.Errors() {
			if strings.Contains(e, "inline style") || strings.Contains(e, "/app/assets/") {
				s.t.Errorf("the host does what its own policy refuses, or throws: %s", e)
			}
		}
	})
	return p
}

const honest = `start.then(() => { post({ ev: "tabbar", tabbar: { list: [{ pagePath: "pages/a", text: "一" }, { pagePath: "pages/b", text: "二" }] } }); chrome({ tab: 0 }); show("页"); post({ ev: "ready" }); log("up") });
	const tell = (p) => p.then((r) => log("ok", r), (e) => log("no", e.message));`

func member(id string) program {
	return program{
		id: id, name: "砚光珠宝", organisation: "砚光珠宝（杭州）有限公司", capabilities: []string{"phone-number", "plus-membership"},
		privacy: map[string]string{"profile": "在你的会员卡上显示昵称和头像", "phone-number": "预约到店时与你联系", "membership": "为 PLUS 会员显示会员价"},
	}
}

func TestSigningInTakesAPhoneAndACodeAndSaysWhatIsWrong(t *testing.T) {
	s := newPlatform(t, program{id: "shop", name: "山野集市", logic: hello})
	p := browser.Open(t, browser.Phone, s.URL+"/app/")
	p.AwaitText(home("main"), "山野集市")
	p.Screenshot(shots(), "account-home-out")
	p.Click(home("#me"))
	p.Fill(ownSignIn("#phone"), "1380013")
	p.Screenshot(shots(), "account-sign-in-phone")
	p.Click(ownSignIn(".go"))
	p.AwaitText(ownSignIn(".wrong"), "不是手机号")
	p.Await(`document.activeElement === document.querySelector("mm-host")`)
	p.Fill(ownSignIn("#phone"), "138 0013 8000")
	p.Press(kb.Enter)
	p.AwaitText(ownSignIn(".demo"), "演示：短信没有真的发出，验证码 "+rightCode)
	p.AwaitText(ownSignIn("#again"), "秒后可重新发送")
	p.Screenshot(shots(), "account-sign-in-code")
	p.Fill(ownSignIn("#code"), "000000")
	p.AwaitText(ownSignIn(".wrong"), "验证码错误")
	p.Screenshot(shots(), "account-sign-in-wrong")
	p.Fill(ownSignIn("#code"), rightCode)
	p.AwaitText(me(".person"), "小满")
	p.Await(`location.pathname === "/app/me" && history.state.mm === "me"`)
	// A page that is opened anew knows; the cookie is not for scripts.
	p.Await(`!document.cookie.includes("minimart") && localStorage.getItem("minimart.signed-in") === "csm_test"`)
	if err := p.Top().Eval(`history.back()`, nil); err != nil {
		t.Fatal(err)
	}
	p.AwaitText(home("main"), "山野集市")
	p.Await(`document.querySelector("mm-host").shadowRoot.querySelector("mm-home").shadowRoot.querySelector("#me").getAttribute("aria-label") === "我的（小满）"`)
	if len(s.accounts.strangers) > 0 {
		t.Errorf("requests a door would refuse: %q", s.accounts.strangers)
	}
}

func TestASheetOverHomeIsADialog(t *testing.T) {
	s := newPlatform(t)
	p := browser.Open(t, browser.Desk, s.URL+"/app/")
	p.Click(home("#me"))
	p.AwaitText(ownSignIn("h2"), "登录")
	p.Await(`document.querySelector("mm-host").shadowRoot.querySelector(".own").inert`)
	p.Screenshot(shots(), "account-sign-in-desk")
	for range 4 { // the focus goes round in the sheet
		p.Press(kb.Tab)
		p.Await(`document.querySelector("mm-host").shadowRoot.activeElement.localName === "mm-overlays"`)
	}
	p.Press(kb.Escape)
	p.Await(`!document.querySelector("mm-host").shadowRoot.querySelector("mm-overlays").shadowRoot.querySelector("mm-sign-in")`)
	p.Await(`document.querySelector("mm-host").shadowRoot.querySelector("mm-home").shadowRoot.activeElement?.id === "me"`)
	p.Click(home("#me"))
	p.AwaitText(ownSignIn("h2"), "登录")
	p.Await(`history.state.mm === "guard"`)
	if err := p.Top().Eval(`history.back()`, nil); err != nil { // back cancels it, and leads nowhere else
		t.Fatal(err)
	}
	p.Await(`!document.querySelector("mm-host").shadowRoot.querySelector("mm-overlays").shadowRoot.querySelector("mm-sign-in") && location.pathname === "/app/"`)
}

func TestLoginAsksToSignInAndGoesOn(t *testing.T) {
	one := member("gem")
	one.logic = honest + `
		let before = 0; // at first one call, then two at once
		on.tab = (m) => m.index !== 1 ? tell(call("checkSession", {})) : !before++ ? tell(call("login", {})) :
			Promise.all([tell(call("login", {})), tell(call("login", {}))]).then(() => tell(call("checkSession", {})))`
	s := newPlatform(t, one)
	p := s.open("gem", browser.Phone)
	s.awaitLog("up")
	p.Click(in(`#tabs [data-tab="0"]`))
	s.awaitLog("no checkSession:fail the session has expired")
	p.Click(in(`#tabs [data-tab="1"]`))
	p.AwaitText(signIn(".for"), "“砚光珠宝”需要你先登录小集")
	p.Screenshot(shots(), "account-sign-in-program")
	p.Press(kb.Escape)
	s.awaitLog("no login:fail cancel")
	p.Click(in(`#tabs [data-tab="1"]`))
	p.Fill(signIn("#phone"), "13800138000")
	p.Press(kb.Enter)
	p.AwaitText(signIn(".demo"), rightCode)
	p.Fill(signIn("#code"), rightCode)
	s.awaitLog(`ok {"code":"login-code-1"}`)
	s.awaitLog("ok {}") // checkSession
	if n := len(slices.DeleteFunc(slices.Clone(s.accounts.asked), func(a string) bool { return a != "POST /session" })); n != 1 {
		t.Errorf("two calls at once asked for %d sign-ins", n)
	}
}

func TestAConsentSheetNamesWhoAsksForWhatAndWhy(t *testing.T) {
	one := member("gem")
	one.logic = honest + `on.tab = () => tell(call("getUserProfile", { desc: "做会员卡" }))`
	s := newPlatform(t, one)
	p := s.signedIn(browser.Phone, "/app/gem?preview=1")
	s.awaitLog("up")
	p.Click(in(`#tabs [data-tab="1"]`))
	p.AwaitText(question("h2"), "申请获得你的昵称和头像")
	p.AwaitText(question(".who"), "由 砚光珠宝（杭州）有限公司 提供")
	p.AwaitText(question("#purpose"), "在你的会员卡上显示昵称和头像")
	p.AwaitText(question("#words"), "“做会员卡”")
	p.AwaitText(question(".gets"), "小满")
	armed(p)
	p.Screenshot(shots(), "account-consent-profile")
	p.Await(`(() => { const s = document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot.querySelector("mm-overlays").shadowRoot.querySelector("mm-consent").shadowRoot;
		const [no, yes] = ["refuse", "agree"].map((id) => s.getElementById(id).getBoundingClientRect()); return no.width === yes.width && no.height === yes.height && no.top === yes.top && no.height >= 44 })()`)
	p.Click(question("#refuse"))
	s.awaitLog("no getUserProfile:fail auth deny")
	p.Click(in(`#tabs [data-tab="1"]`))
	armed(p)
	p.Click(question("#agree"))
	s.awaitLog(`"nickName":"小满","avatarUrl":"` + s.URL + `/avatars/panda.svg"`)
	p.Click(in(`#tabs [data-tab="1"]`)) // given: nobody is asked again
	s.await("a disclosure without a question", func() bool { return slices.Contains(s.accounts.given, "disclosure gem/profile") })
	if got := strings.Join(s.accounts.given, ", "); got != "consent gem/profile, disclosure gem/profile" {
		t.Errorf("the platform noted %s", got)
	}
}

func TestGetUserInfoAsksNobody(t *testing.T) {
	one := member("gem")
	one.logic = honest + `on.tab = async () => { await tell(call("getUserInfo", {})); await tell(call("getSetting", {})); await tell(call("authorize", { scope: "scope.userInfo" })); await tell(call("authorize", { scope: "scope.camera" })); await tell(call("getUserProfile", { desc: "" })); await tell(call("getPrivacySetting", {})); log("end") }`
	s := newPlatform(t, one)
	p := s.signedIn(browser.Phone, "/app/gem?preview=1")
	s.awaitLog("up")
	p.Click(in(`#tabs [data-tab="1"]`))
	s.awaitLog("log: end")
	for _, want := range []string{
		"no getUserInfo:fail scope unauthorized", `ok {"authSetting":{}}`, "no authorize:fail auth deny", "no authorize:fail scope.camera is not a permission",
		"no getUserProfile:fail desc is empty", `ok {"needAuthorization":false,"privacyContractName":"砚光珠宝"}`,
	} {
		s.awaitLog(want)
	}
	s.mu.Lock()
	s.accounts.consents["gem/profile"] = true
	s.logs = nil
	s.mu.Unlock()
	p.Click(in(`#tabs [data-tab="1"]`))
	s.awaitLog("log: end")
	s.awaitLog(`"nickName":"小满"`)
	s.awaitLog(`ok {"authSetting":{"scope.userInfo":true}}`)
}

func TestAPhoneNumberIsAskedForByAButtonEachTime(t *testing.T) {
	one := member("gem")
	// The view's port is where a button speaks; the fake frame has a button of its own.
	one.view = `const b = document.createElement("button"); b.id = "phone"; b.textContent = "用手机号预约"; b.style = "font-size:20px;padding:20px"; document.body.append(b);
		let n = 0; b.onclick = () => toHost.postMessage({ ev: "ask", id: ++n, openType: "getPhoneNumber" });
		toHost.addEventListener("message", ({ data: m }) => { if (m.ev === "asked") toHost.postMessage({ ev: "error", message: "answer " + JSON.stringify(m.data) }) })`
	one.logic = honest + `tell(call("getPhoneNumber", {}))`
	s := newPlatform(t, one)
	p := s.signedIn(browser.Phone, "/app/gem?preview=1")
	s.awaitLog("no getPhoneNumber:fail not supported by this host") // the worker cannot press a button
	frame := p.Frame("/run/gem/")
	frame.Click("#phone")
	p.AwaitText(question("h2"), "申请获得你的手机号")
	p.AwaitText(question(".gets"), "138****8000")
	p.AwaitText(question("#purpose"), "预约到店时与你联系")
	armed(p)
	p.Screenshot(shots(), "account-consent-phone")
	p.Click(question("#refuse"))
	s.awaitLog(`answer {"id":1,"detail":{"errMsg":"getPhoneNumber:fail user deny"}}`)
	frame.Click("#phone")
	armed(p)
	p.Click(question("#agree"))
	s.awaitLog(`answer {"id":2,"detail":{"errMsg":"getPhoneNumber:ok","code":"phone-code-1"}}`)
	frame.Click("#phone")
	p.AwaitText(question("h2"), "申请获得你的手机号")
}

func TestPlusIsKnownOnlyOnceTheConsumerAllowsIt(t *testing.T) {
	one := member("gem")
	one.logic = honest + `on.tab = () => tell(call("getPlusStatus", {}))`
	s := newPlatform(t, one)
	p := s.signedIn(browser.Desk, "/app/gem?preview=1")
	s.awaitLog("up")
	p.Click(in(`#tabs [data-tab="1"]`))
	p.AwaitText(question(".gets"), "不是 PLUS 会员")
	armed(p)
	p.Screenshot(shots(), "account-consent-plus-desk")
	p.Click(question("#agree"))
	s.awaitLog(`ok {"level":"none","until":0}`)
	s.mu.Lock()
	s.accounts.plus, s.accounts.until = true, 1893456000000
	s.mu.Unlock()
	p.Click(in(`#tabs [data-tab="1"]`))
	s.awaitLog(`ok {"level":"plus","until":1893456000000}`)
}

func TestTheHostSaysNoFirstAndNamesWhatIsMissing(t *testing.T) {
	one := member("bare")
	one.capabilities, one.privacy = nil, map[string]string{"membership": "会员价"}
	one.logic = honest + `tell(call("getPlusStatus", {})); tell(call("getUserProfile", { desc: "会员卡" }))`
	s := newPlatform(t, one)
	s.signedIn(browser.Phone, "/app/bare?preview=1")
	s.awaitLog(`no getPlusStatus:fail the program does not have the capability "plus-membership"`)
	s.awaitLog(`no getUserProfile:fail the program has no privacy statement for "profile"`)
	if slices.ContainsFunc(s.accounts.asked, func(a string) bool { return strings.HasPrefix(a, "POST /programs/") }) {
		t.Errorf("the server was asked all the same: %q", s.accounts.asked)
	}
}

func TestRevokingShutsTheNextCallOfARunningProgram(t *testing.T) {
	one := member("gem")
	one.logic = honest + `on.tab = () => tell(call("getPlusStatus", {}))`
	s := newPlatform(t, one)
	s.accounts.consents["gem/membership"] = true
	p := s.signedIn(browser.Phone, "/app/gem?preview=1")
	s.awaitLog("up")
	p.Click(in(`#tabs [data-tab="1"]`))
	s.awaitLog(`ok {"level":"none","until":0}`)
	s.mu.Lock()
	s.programs[0].capabilities = nil
	s.mu.Unlock()
	p.Click(in(`#tabs [data-tab="1"]`))
	s.awaitLog("no getPlusStatus:fail 程序没有能力 plus-membership") // the server's words, at once
	time.Sleep(time.Second)                                    // meanwhile the host has learned of it
	p.Click(in(`#tabs [data-tab="1"]`))
	s.awaitLog(`no getPlusStatus:fail the program does not have the capability "plus-membership"`)
	s.mu.Lock()
	s.programs[0].capabilities = []string{"plus-membership"}
	s.mu.Unlock()
}

func TestAProgramThatIsSuspendedWhileItIsOpenEnds(t *testing.T) {
	one := member("gem")
	one.logic = honest + `on.tab = () => tell(call("getPlusStatus", {}))`
	s := newPlatform(t, one)
	p := s.signedIn(browser.Phone, "/app/gem?preview=1")
	s.awaitLog("up")
	s.mu.Lock()
	s.accounts.suspended["gem"] = true
	s.programs[0].capabilities = nil
	s.mu.Unlock()
	p.Click(in(`#tabs [data-tab="1"]`))
	p.AwaitText(in(".failure"), "平台已暂停此程序：销售违禁品")
	p.Await(`!document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot.querySelector("iframe")`)
	p.Screenshot(shots(), "account-suspended")
}

func TestTrialsOpenForTheirTesters(t *testing.T) {
	one := member("gem")
	one.ticket, one.logic = "ticket-0123456789", honest
	s := newPlatform(t, one)
	p := browser.Open(t, browser.Phone, s.URL+"/app/gem?ticket=ticket-0123456789&preview=1")
	p.AwaitText(in(".failure"), "请用试用者的手机号登录")
	p.Screenshot(shots(), "account-ticket-out")
	p.Click(in("#sign-in"))
	p.Fill(signIn("#phone"), "13800138000")
	p.Press(kb.Enter)
	p.AwaitText(signIn(".demo"), rightCode)
	p.Fill(signIn("#code"), rightCode)
	p.AwaitText(in(".failure"), "你不是这个程序的试用者")
	p.Screenshot(shots(), "account-ticket-stranger")
	s.mu.Lock()
	s.accounts.tester = true
	s.mu.Unlock()
	p.Click(in(".failure .filled"))
	s.awaitLog("up")
	p.AwaitText(in(".type"), "试用版")
	p.Screenshot(shots(), "account-trial")
	p.Await(`!localStorage.getItem("minimart.recent")`)
	if err := p.Top().Eval(`location.href = "/app/gem?ticket=ticket-expired-9"`, nil); err != nil {
		t.Fatal(err)
	}
	p.AwaitText(in(".failure"), "此链接无效或已失效")
}

func TestTheConsumersOwnPage(t *testing.T) {
	one := member("gem")
	one.logic = honest
	s := newPlatform(t, one)
	s.accounts.consents["gem/profile"] = true
	s.accounts.consents["gem/membership"] = true
	s.accounts.given = []string{"login gem", "consent gem/profile", "disclosure gem/membership"}
	p := s.signedIn(browser.Phone, "")
	p.Screenshot(shots(), "me-phone")

	p.Click(me("#edit"))
	p.AwaitText(me(".edit"), "头像")
	p.Await(`document.querySelector("mm-host").shadowRoot.querySelector("mm-me").shadowRoot.querySelectorAll(".faces img").length === 12`)
	p.Fill(me("#nickname"), "管理员")
	p.Click(me("#save"))
	p.AwaitText(me(".wrong"), "不能叫这个名字")
	p.Fill(me("#nickname"), "小雪")
	p.Click(me(`.faces label:nth-child(5)`))
	p.Screenshot(shots(), "me-edit")
	p.Click(me("#save"))
	p.AwaitText(me(".person"), "小雪")
	if s.accounts.avatar != "cat" {
		t.Errorf("the picture is %s", s.accounts.avatar)
	}

	p.Click(me(`.plus`))
	p.AwaitText(me("mm-me-plus >>> .plans"), "¥148.00")
	p.Screenshot(shots(), "me-plus-join")
	p.Click(me("mm-me-plus >>> .plans label:nth-child(2)"))
	p.AwaitText(me("mm-me-plus >>> .note"), "收银台上线后可开通")
	p.Click(me("mm-me-plus >>> .plans label:nth-child(1)"))
	p.Click(me("mm-me-plus >>> #join"))
	p.AwaitText(me("mm-me-plus >>> #standing"), "有效期至")
	p.AwaitText(me("mm-me-plus >>> .renew"), "到期后不再续期")
	before := s.accounts.until
	p.Click(me("mm-me-plus >>> #join"))
	s.await("it to last longer", func() bool { return s.accounts.until > before })
	p.Click(me("mm-me-plus >>> #renew"))
	p.AwaitText(me("mm-me-plus >>> .renew"), "到期时自动续期")
	p.Screenshot(shots(), "me-plus-member")
	p.Click(me("#up"))
	p.AwaitText(me(".plus"), "有效期至")

	p.Click(me(`[data-page="privacy"]`))
	p.AwaitText(me("mm-me-privacy >>> .list"), "已允许 2 项")
	p.Screenshot(shots(), "me-privacy")
	p.Click(me(`mm-me-privacy >>> [data-app="gem"]`))
	p.AwaitText(me("mm-me-program >>> mm-allowed >>> .list"), "在你的会员卡上显示昵称和头像")
	p.AwaitText(me("mm-me-program >>> #learned"), "登录标识")
	p.Screenshot(shots(), "me-program")
	p.Click(me(`mm-me-program >>> mm-allowed >>> [data-kind="profile"] button`))
	s.await("the consent to be gone", func() bool { return !s.accounts.consents["gem/profile"] })
	p.Await(`!document.querySelector("mm-host").shadowRoot.querySelector("mm-me").shadowRoot.querySelector("mm-me-program").shadowRoot.querySelector("mm-allowed").shadowRoot.querySelector('[data-kind="profile"]')`)
	p.Click(me("mm-me-program >>> #forget"))
	p.AwaitText("mm-host >>> mm-overlays >>> .modal", "忘记这个小程序")
	p.Screenshot(shots(), "me-forget")
	p.Click("mm-host >>> mm-overlays >>> .yes")
	s.await("the program to be forgotten", func() bool { return slices.Equal(s.accounts.forgot, []string{"gem"}) })
	p.Await(`location.pathname === "/app/me/privacy"`)

	if err := p.Top().Eval(`location.href = "/app/me/devices"`, nil); err != nil {
		t.Fatal(err)
	}
	p.AwaitText(me("mm-me-devices >>> .list"), "Safari · iPhone")
	p.AwaitText(me("mm-me-devices >>> .list"), "当前设备")
	p.Screenshot(shots(), "me-devices")
	p.Click(me("#up")) // opened by its address: up leads to the page it belongs to
	p.Await(`location.pathname === "/app/me"`)
	p.Click(me("#sign-out"))
	p.Click("mm-host >>> mm-overlays >>> .yes")
	p.Await(`location.pathname === "/app/" && localStorage.getItem("minimart.signed-in") === null`)
	if s.accounts.signedIn {
		t.Error("the session goes on")
	}
}

func TestAboutSaysWhoseProgramItIsAndWhatItWasAllowed(t *testing.T) {
	one := member("gem")
	one.logic = honest
	s := newPlatform(t, one)
	s.accounts.consents["gem/profile"] = true
	p := s.signedIn(browser.Phone, "/app/gem?preview=1")
	s.awaitLog("up")
	p.Click(in("#menu"))
	p.Click(over(`[data-choice="about"]`))
	p.AwaitText(over(".about"), "由 砚光珠宝（杭州）有限公司 提供")
	p.AwaitText(over(".about mm-allowed >>> .list"), "已允许 · 昵称和头像")
	p.Screenshot(shots(), "account-about")
	p.Click(over(".about .manage"))
	p.AwaitText(me("mm-me-program >>> .who"), "砚光珠宝")
	p.Await(`location.pathname === "/app/me/privacy/gem"`)
}

func TestInEnglishAndInTheDarkEverythingReads(t *testing.T) {
	one := member("gem")
	one.logic = honest + `on.tab = (m) => tell(call(m.index ? "getUserProfile" : "getPlusStatus", { desc: "For your card" }))`
	s := newPlatform(t, one)
	s.accounts.plus, s.accounts.until, s.accounts.renews = true, 1893456000000, true
	s.accounts.consents["gem/phone-number"] = true
	for _, screen := range []struct {
		name string
		browser.Screen
	}{{"phone", browser.Phone}, {"desk", browser.Desk}} {
		s.accounts.signedIn = false
		p := browser.Open(t, screen.Screen, s.URL+"/app/?lang=en", `localStorage.setItem("minimart.theme", "dark"); localStorage.setItem("minimart.language", "en")`)
		p.Click(home("#me"))
		p.Fill(ownSignIn("#phone"), "13800138000")
		p.Press(kb.Enter)
		p.AwaitText(ownSignIn(".demo"), "Demo: no message was really sent. Your code is "+rightCode)
		p.Screenshot(shots(), "dark-sign-in-"+screen.name)
		p.Fill(ownSignIn("#code"), rightCode)
		p.AwaitText(me(".plus"), "PLUS membership")
		p.Screenshot(shots(), "dark-me-"+screen.name)
		p.Click(me(".plus"))
		p.AwaitText(me("mm-me-plus >>> .renew"), "Renew automatically")
		p.Screenshot(shots(), "dark-plus-"+screen.name)
		if err := p.Top().Eval(`location.href = "/app/me/privacy/gem"`, nil); err != nil {
			t.Fatal(err)
		}
		p.AwaitText(me("mm-me-program >>> mm-allowed >>> .list"), "Phone number")
		p.Screenshot(shots(), "dark-program-"+screen.name)
		if err := p.Top().Eval(`location.href = "/app/gem?preview=1"`, nil); err != nil {
			t.Fatal(err)
		}
		s.awaitLog("up")
		p.Click(in(`#tabs [data-tab="1"]`))
		p.AwaitText(question("h2"), "It asks for your nickname and picture")
		armed(p)
		p.Screenshot(shots(), "dark-consent-"+screen.name)
		p.Click(question("#refuse"))
		p.Click(in(`#tabs [data-tab="0"]`))
		armed(p)
		p.Screenshot(shots(), "dark-consent-plus-"+screen.name)
		s.mu.Lock()
		s.logs = nil
		s.mu.Unlock()
	}
}
