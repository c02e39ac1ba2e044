package web_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"minimart/platform/testkit/browser"
)

func TestWhoIsNotSignedInSignsInAndComesBackToWhereOneWasGoing(t *testing.T) {
	s := newConsoles(t)
	p := browser.Open(t, browser.Desk, s.URL+"/console"+app+"/release")
	p.Await(`location.pathname === "/console/sign-in" && new URLSearchParams(location.search).get("next") === "` + app + `/release"`)
	p.AwaitText("h1", "登录")
	clean(t, p, "the door")
	p.Screenshot(shots(), "console-sign-in")

	s.on("POST /session", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, http.StatusUnauthorized, "unauthenticated", "账号或密码不对")
	})
	p.Fill("#sign-in_login", "li@shop.example")
	p.Fill("#sign-in_password", "wrong")
	p.Click("button[type=submit]")
	p.AwaitText("[role=alert]", "账号或密码不对")
	p.ForgetErrors() // the browser itself prints that an answer was 401

	s.on("POST /session", nil)
	p.Fill("#sign-in_password", "right")
	p.Click("button[type=submit]")
	p.Await(`location.pathname === "/console` + app + `/release"`)
	p.AwaitText("main", "灰度中")
	clean(t, p, "the page")
}

func TestNobodyIsSentToAnotherSiteAfterSigningIn(t *testing.T) {
	s := newConsoles(t)
	for _, next := range []string{"//evil.example", `/\\evil.example`, "https://evil.example", "javascript:alert(1)"} {
		p := s.visit(browser.Desk, "merchant", "/sign-in?next="+strings.ReplaceAll(next, "/", "%2F"), "en", "light")
		p.Await(`document.querySelector(".shell")`)
		p.Await(`location.origin === "` + s.URL + `" && location.pathname.startsWith("/console/orgs/")`)
	}
}

func TestASessionThatEndsLeadsToTheDoor(t *testing.T) {
	s := newConsoles(t)
	p := s.visit(browser.Desk, "merchant", "/orgs/org_merchant", "en", "light")
	p.AwaitText("main", "What to do next")
	p.Await(`document.querySelector(".timeline") && !document.querySelector(".bones")`) // nothing is under way
	s.mu.Lock()
	s.signedIn = ""
	s.mu.Unlock()
	p.Click(`"Members"`)
	p.Await(`location.pathname === "/console/sign-in"`)
	p.AwaitText("h1", "Sign in")
}

func TestEveryPageFitsAPhoneAndADeskAndPrintsNothing(t *testing.T) {
	for _, who := range []struct {
		as    string
		pages map[string]string
	}{{"merchant", merchantPages}, {"operator", operatorPages}} {
		for i, look := range []struct {
			name, lang, theme string
			screen            browser.Screen
		}{{"desk-zh", "zh", "light", browser.Desk}, {"phone-zh", "zh", "dark", browser.Phone}, {"desk-en", "en", "dark", browser.Desk}, {"phone-en", "en", "light", browser.Phone}} {
			if testing.Short() && i > 1 {
				continue
			}
			t.Run(who.as+" "+look.name, func(t *testing.T) {
				s := newConsoles(t)
				s.t = t
				p := s.visit(look.screen, who.as, "/me", look.lang, look.theme)
				p.Await(`document.querySelector("main h1")`)
				for _, name := range slices.Sorted(maps.Keys(who.pages)) {
					goTo(p, who.pages[name])
					p.Await(`document.querySelector("main").innerText.trim().length > 20 && !document.querySelector("main [role=alert] h3")`)
					p.Screenshot(shots(), fmt.Sprintf("console-%s-%s-%s", who.as, name, look.name))
					var wide string
					if err := p.Top().Eval(`document.documentElement.scrollWidth <= innerWidth ? "" : [...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map(e => e.outerHTML.slice(0, 150)).join("\n") || "something"`, &wide); err != nil {
						t.Fatal(err)
					}
					if wide != "" {
						t.Errorf("%s is wider than the screen: %s", name, wide)
					}
					var undefined bool
					if err := p.Top().Eval(`/undefined|NaN|\[object/.test(document.querySelector("main").innerText)`, &undefined); err != nil || undefined {
						t.Errorf("%s shows something that is no value: %v", name, err)
					}
					clean(t, p, name)
				}
			})
		}
	}
}

// entries makes a piece of the audit log; cursors count on.
func entries(from, n int, next string) map[string]any {
	items := []map[string]any{}
	for i := from; i < from+n; i++ {
		items = append(items, map[string]any{
			"id": fmt.Sprintf("aud_%03d", i), "actor": "per_1", "actorName": fmt.Sprintf("成员 %03d", i), "organisation": "org_merchant", "action": "key.created", "target": fmt.Sprintf("key_%03d", i),
			"detail": map[string]string{"name": `=HYPERLINK("http://evil.example")`}, "address": "203.0.113.7", "at": 1795800000000 + i*60000,
		})
	}
	return map[string]any{"items": items, "next": next}
}

func auditOf120(s *consoles) {
	s.on("GET /organisations/org_merchant/audit", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch r.URL.Query().Get("cursor") {
		case "":
			json.NewEncoder(w).Encode(entries(0, 50, "fifty"))
		case "fifty":
			json.NewEncoder(w).Encode(entries(50, 50, "hundred"))
		default:
			json.NewEncoder(w).Encode(entries(100, 20, ""))
		}
	})
}

func TestATableLoadsMoreSortsFindsAndRemembersItsColumns(t *testing.T) {
	s := newConsoles(t)
	auditOf120(s)
	p := s.visit(browser.Desk, "merchant", "/orgs/org_merchant/audit", "zh", "light")
	rows := `document.querySelectorAll(".table-scroll tbody tr.ant-table-row").length`
	p.Await(rows + ` === 50`)
	p.AwaitText(".table-foot", "已加载 50 条")
	p.Click(`"加载更多"`)
	p.Await(rows + ` === 100`)
	p.Click(`"加载更多"`)
	p.Await(rows + ` === 120 && !document.querySelector(".table-foot button")`)

	p.Click(`"谁"`)
	p.Await(`document.querySelector("tbody tr.ant-table-row").innerText.includes("成员 000")`)
	p.Click(`"谁"`)
	p.Await(`document.querySelector("tbody tr.ant-table-row").innerText.includes("成员 119")`)
	p.Await(`document.querySelector('th[aria-sort="descending"]').innerText === "谁"`)

	p.Fill("input[type=search]", "成员 07")
	p.Await(rows + ` === 10 && new URLSearchParams(location.search).get("query") === "成员 07"`)
	p.Screenshot(shots(), "console-table-search")
	p.Fill("input[type=search]", "没有")
	p.AwaitText(".nothing", "没有符合条件的内容")
	p.Click(`"清除条件"`)
	p.Await(rows + ` === 120`)

	p.Click(`"列"`)
	p.Click(`.disclosure-panel >>> "来自"`)
	p.Await(`[...document.querySelectorAll("th")].some(th => th.innerText === "来自")`)
	p.Press(kb.Escape)
	p.Await(`document.querySelector(".disclosure-panel").hidden && document.activeElement.innerText === "列"`)
	p.Await(`(location.reload(), true)`)
	p.Await(rows + ` === 50 && [...document.querySelectorAll("th")].some(th => th.innerText === "来自")`)
	clean(t, p, "the table")
}

func TestAFileForSpreadsheetsHoldsAllRowsAndNoFormulas(t *testing.T) {
	s := newConsoles(t)
	auditOf120(s)
	p := s.visit(browser.Desk, "merchant", "/orgs/org_merchant/audit", "zh", "light")
	p.Await(`document.querySelectorAll("tbody tr.ant-table-row").length === 50`)
	p.Await(`(URL.createObjectURL = blob => (blob.arrayBuffer().then(b => window.saved = new Uint8Array(b)), "#"), true)`)
	p.Click(`"导出 CSV"`)
	p.Await(`window.saved`)
	var text string
	if err := p.Top().Eval(`new TextDecoder("utf-8", {ignoreBOM: true}).decode(window.saved)`, &text); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n")
	if len(lines) != 121 || !strings.HasPrefix(lines[0], "\ufeff做了什么,时间,谁,") {
		t.Fatalf("%d lines, the first is %q", len(lines), lines[0])
	}
	if !strings.Contains(lines[1], `=HYPERLINK`) || strings.Contains(text, `,=`) || strings.Contains(text, `"=`) {
		t.Errorf("a cell begins like a formula: %q", lines[1])
	}
	clean(t, p, "the table")
}

func TestRowsAreCardsOnAPhone(t *testing.T) {
	s := newConsoles(t)
	auditOf120(s)
	p := s.visit(browser.Phone, "merchant", "/orgs/org_merchant/audit", "en", "light")
	p.Await(`document.querySelectorAll(".cards > li").length === 50 && !document.querySelector(".table-scroll")`)
	p.AwaitText(".cards > li", "成员 000")
	p.Tap(`[aria-label="Columns and order"]`)
	p.Await(`(s => { s.value = "who true"; s.dispatchEvent(new Event("change", {bubbles: true})); return document.querySelector(".cards > li").innerText.includes("成员 049") })(document.querySelector(".disclosure-panel select"))`)
	p.Tap(`.disclosure-panel >>> "What"`) // the title of a card stays
	p.Tap(`.disclosure-panel >>> "Who"`)
	p.Await(`!document.querySelector(".cards > li").innerText.includes("成员")`)
	p.Await(`document.documentElement.scrollWidth <= innerWidth`)
	p.Screenshot(shots(), "console-cards")
	clean(t, p, "the cards")
}

func TestAListThatFailsSaysWhyAndIsTriedAgain(t *testing.T) {
	s := newConsoles(t)
	s.on("GET /organisations/org_merchant/apps", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, http.StatusServiceUnavailable, "unavailable", "数据库正在维护")
	})
	p := s.visit(browser.Desk, "merchant", "/orgs/org_merchant/apps", "zh", "light")
	p.AwaitText("[role=alert]", "数据库正在维护")
	s.on("GET /organisations/org_merchant/apps", nil)
	p.Click(`"重试"`)
	p.AwaitText("tbody", "砚光试衣间")
}

func TestAnEmptyListSaysWhatToDoNext(t *testing.T) {
	s := newConsoles(t)
	s.set("/organisations/org_merchant/apps", map[string]any{"items": []any{}})
	p := s.visit(browser.Desk, "merchant", "/orgs/org_merchant/apps", "en", "light")
	p.AwaitText(".nothing", "Create one to get an id")
	p.Click(`.nothing >>> "Create a program"`)
	p.Await(`location.pathname === "/console/orgs/org_merchant/new-app"`)
}

func TestWhatTheServerFindsWrongStandsAtItsField(t *testing.T) {
	s := newConsoles(t)
	s.on("POST /organisations/org_merchant/invitations", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, http.StatusUnprocessableEntity, "invalid", "login: 不是邮箱地址", [2]string{"login", "不是邮箱地址"}, [2]string{"", "邀请太多了"})
	})
	p := s.visit(browser.Desk, "merchant", "/orgs/org_merchant/members", "zh", "light")
	p.Click(`"邀请成员"`)
	p.Click(`.ant-modal >>> "发送邀请"`)
	p.AwaitText("#invite_login_help", "请填写此项")
	p.Fill("#invite_login", "nobody")
	p.Click(`.ant-modal >>> "发送邀请"`)
	p.AwaitText("#invite_login_help", "不是邮箱地址")
	p.AwaitText(".form-alert", "邀请太多了")
	p.Await(`document.activeElement.id === "invite_login" && document.activeElement.getAttribute("aria-invalid") === "true"`)
	p.Screenshot(shots(), "console-field-errors")

	s.on("POST /organisations/org_merchant/invitations", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"id":"inv_9","login":"zhang@shop.example","role":"developer","expiresAt":1796000000000,"token":"once-only","delivered":true}`)
	})
	p.Fill("#invite_login", "zhang@shop.example")
	p.Click(`.ant-modal >>> "发送邀请"`)
	p.AwaitText(".ant-modal code", "/console/invitations/once-only")
	if !s.was(`POST /organisations/org_merchant/invitations {"login":"zhang@shop.example","role":"developer"}`) {
		t.Errorf("sent %q", s.sent)
	}
}

func TestAKeyboardAloneIsEnough(t *testing.T) {
	s := newConsoles(t)
	p := s.visit(browser.Desk, "merchant", "/orgs/org_merchant/members", "en", "light")
	p.AwaitText("h1", "Members")
	p.Await(`document.querySelector("tbody tr.ant-table-row")`)
	p.Press(kb.Tab)
	p.Await(`document.activeElement.className === "skip"`)
	p.Press(kb.Enter)
	p.Await(`document.activeElement.id === "main"`)
	p.Press(kb.Tab)
	p.Await(`document.activeElement.innerText === "Invite"`)
	p.Await(`getComputedStyle(document.activeElement).outlineStyle === "solid"`)
	p.Press(kb.Enter)
	p.Await(`document.activeElement.id === "invite_login"`)
	for range 12 { // round and round, by way of the browser's own buttons, never to what lies behind
		p.Press(kb.Tab)
		p.Await(`document.activeElement === document.body || document.activeElement.closest(".ant-modal-wrap")`)
	}
	p.Press(kb.Escape)
	p.Await(`!document.querySelector(".ant-modal-wrap") || getComputedStyle(document.querySelector(".ant-modal-wrap")).display === "none"`)
	p.Await(`document.activeElement.innerText === "Invite"`)

	p.Await(`(document.querySelector("#account").focus(), true)`)
	p.Press(kb.Enter)
	p.Await(`document.querySelector(".ant-dropdown-menu")?.contains(document.activeElement)`)
	p.Press(kb.ArrowDown)
	p.Await(`document.activeElement.className.includes("menu-item-active")`)
	p.Press(kb.Escape)
	p.Await(`document.activeElement.id === "account"`)
	clean(t, p, "the keyboard's way")
}

func TestTextFromOutsideStaysText(t *testing.T) {
	s := newConsoles(t)
	evil := `<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>{{7*7}}`
	for path, text := range s.answers {
		// Every name, summary, note and reason there is.
		var v any
		if json.Unmarshal(text, &v) == nil && path != "/open/v1/openapi.json" {
			s.set(path, poisoned(v, evil))
		}
	}
	for _, who := range []struct {
		as    string
		pages map[string]string
	}{{"merchant", merchantPages}, {"operator", operatorPages}} {
		p := s.visit(browser.Desk, who.as, "/me", "en", "light")
		p.Await(`document.querySelector("main h1")`)
		seen := 0
		for _, name := range slices.Sorted(maps.Keys(who.pages)) {
			goTo(p, who.pages[name])
			var harm struct{ Harmed, Shown bool }
			if err := p.Top().Eval(`({Harmed: !!window.harmed || !!document.querySelector("img[src=x]"), Shown: document.body.innerText.includes("<img src=x")})`, &harm); err != nil {
				t.Fatal(err)
			}
			if harm.Harmed {
				t.Errorf("%s took text for markup", name)
			}
			if harm.Shown {
				seen++
			}
		}
		if seen < 8 {
			t.Errorf("the text was on %d pages of the %s only: this tests nothing", seen, who.as)
		}
		clean(t, p, "a page")
	}
}

// poisoned puts a text in the place of all that strangers can write.
func poisoned(v any, text string) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = poisoned(v[i], text)
		}
	case map[string]any:
		for key, value := range v {
			switch key {
			case "name", "summary", "notes", "note", "reason", "text", "label", "actorName", "appName", "organisationName", "description", "quote", "agent", "nickname", "suspensionReason", "answer":
				if _, is := value.(string); is {
					v[key] = text
					continue
				}
			}
			v[key] = poisoned(value, text)
		}
	}
	return v
}

func TestAVersionIsUploadedWithProgressAndItsDiagnosticsAreShown(t *testing.T) {
	s := newConsoles(t)
	s.on("POST /apps/app_fitting/versions", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Content-Type") != "application/zip" || r.URL.Query().Get("label") != "2.0.0" || r.URL.Query().Get("trial") != "true" {
			t.Errorf("%s %s", r.Header.Get("Content-Type"), r.URL.RawQuery)
		}
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusUnprocessableEntity)
		fmt.Fprint(w, `{"status":422,"code":"invalid","detail":"这个包有 1 处错误","diagnostics":[{"severity":"error","file":"pages/cart/index.jxml","line":14,"column":9,"message":"unknown directive jd.if","hint":"did you mean jd:if?"}]}`)
	})
	p := s.visit(browser.Desk, "merchant", app, "zh", "light")
	p.Click(`"上传版本"`)
	p.Fill("#upload_label", "2.0.0")
	p.Click(`"上传并编译"`)
	p.AwaitText(".ant-modal", "请填写此项") // the package
	p.Await(`(() => { const files = new DataTransfer(); files.items.add(new File(["PK"], "shop.zip", {type: "application/zip"})); const input = document.querySelector(".ant-modal input[type=file]"); input.files = files.files; input.dispatchEvent(new Event("change", {bubbles: true})); return true })()`)
	p.AwaitText(".ant-modal .drop", "shop.zip")
	p.Click(`"上传并编译"`)
	p.AwaitText(".ant-modal .finding", "pages/cart/index.jxml:14:9")
	p.AwaitText(".ant-modal", "did you mean jd:if?")
	p.Screenshot(shots(), "console-upload-refused")
	p.ForgetErrors() // the browser prints that an answer was 422

	s.on("POST /apps/app_fitting/versions", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"version":"ver_5","number":5,"label":"2.0.0","state":"development","again":false,"trialLink":"/app/app_fitting?ticket=once","diagnostics":[]}`)
	})
	p.Click(`"上传并编译"`)
	p.AwaitText(".ant-modal", "版本 #5 已上传")
	p.Await(`document.querySelector(".ant-modal .qr svg path").getAttribute("d").length > 500`)
	p.Screenshot(shots(), "console-uploaded")
	clean(t, p, "uploading")
}

func TestAReleaseIsRaisedStoppedAndRolledBack(t *testing.T) {
	s := newConsoles(t)
	p := s.visit(browser.Desk, "merchant", app+"/release", "zh", "light")
	p.AwaitText("main", "10% 的设备用新版本")
	p.Await(`document.querySelector(".ant-slider-handle").getAttribute("aria-valuetext") === "25%"`)
	p.Await(`(document.querySelector(".ant-slider-handle").focus(), true)`)
	p.Press(kb.ArrowRight)
	p.Await(`document.querySelector(".ant-slider-handle").getAttribute("aria-valuetext") === "50%"`)
	p.Click(`"扩大比例 · 50%"`)
	p.AwaitText(".ant-message", "已扩大")
	p.Click(`"停止灰度"`)
	p.AwaitText(".ant-modal-confirm", "所有设备下次打开时回到线上版本")
	p.Screenshot(shots(), "console-stop")
	p.Click(`.ant-modal-confirm >>> "停止灰度"`)
	p.AwaitText(".ant-message", "已停止")
	for _, want := range []string{`PUT /apps/app_fitting/rollout {"share":500000}`, "DELETE /apps/app_fitting/rollout"} {
		if !s.was(want) {
			t.Errorf("no %s among %q", want, s.sent)
		}
	}

	s.set("/apps/app_fitting/versions", map[string]any{"items": []any{
		map[string]any{"id": "ver_1", "app": "app_fitting", "number": 1, "label": "1.0.0", "notes": "", "state": "released", "bytes": 1, "outAt": 1795802385990, "createdAt": 1795802385990},
		map[string]any{"id": "ver_0", "app": "app_fitting", "number": 9, "label": "0.9.0", "notes": "旧版", "state": "released", "bytes": 1, "outAt": 1795702385990, "createdAt": 1795802385990},
	}})
	goTo(p, app+"/trial")
	goTo(p, app+"/release")
	p.Click(`"回滚"`)
	p.AwaitText(".ant-modal", "旧版")
	p.Screenshot(shots(), "console-roll-back")
	p.Click(`"回滚到 #9 0.9.0"`)
	p.AwaitText(".ant-message", "已回滚")
	if !s.was(`POST /apps/app_fitting/rollback {"version":"ver_0"}`) {
		t.Errorf("sent %q", s.sent)
	}
	clean(t, p, "releasing")
}

func TestAReviewerCitesFindingsLooksAtFilesAndRejects(t *testing.T) {
	s := newConsoles(t)
	s.on("GET /operator/reviews/rev_4/file", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]any{"path": r.URL.Query().Get("path"), "bytes": 40, "text": "one\n<b>two</b>\nthree", "cut": false, "delivered": ""})
	})
	s.on("POST /operator/apps/app_fitting/versions/ver_4/preview", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"app":"app_fitting","version":"ver_4","path":"/app/app_fitting?ticket=hour","token":"hour","expiresAt":1796000000000}`)
	})
	p := s.visit(browser.Desk, "operator", "/operator/reviews/rev_4", "zh", "light")
	p.AwaitText("main", "与线上版本的差异")
	p.Await(`[...document.querySelectorAll(".ant-btn")].some(b => b.innerText === "驳回" && b.disabled)`)
	p.Click(`.finding >>> "引用为原因"`)
	p.AwaitText(".finding", "已引用")
	p.Click(".finding button.mono")
	p.AwaitText(".ant-drawer pre", "<b>two</b>")
	p.Screenshot(shots(), "console-review-file")
	p.Press(kb.Escape)
	p.Click(`"打开预览"`)
	p.Await(`document.querySelector("iframe")?.contentDocument?.body?.innerText === "预览"`)
	p.Screenshot(shots(), "console-review-preview")
	p.Click(`"添加一条原因"`)
	p.Await(`document.querySelectorAll("fieldset.reason").length === 2`)
	p.Fill("fieldset.reason:nth-of-type(2) textarea", "图标里的字看不清")
	p.Click(`"驳回"`)
	p.AwaitText(".ant-message", "已处理")
	if !s.was(`POST /operator/reviews/rev_4/decision {"verdict":"rejected","reasons":[{"file":"salon/member/member.jxml","line":27`) || !strings.Contains(strings.Join(s.sent, ""), `{"text":"图标里的字看不清"}`) {
		t.Errorf("sent %q", s.sent)
	}
	clean(t, p, "the review")
}

func TestASecretIsShownOnceWithAFileToKeep(t *testing.T) {
	s := newConsoles(t)
	s.on("POST /apps/app_fitting/keys", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"id":"key_9","name":"仓库","state":"live","scopes":["program:upload"],"networks":["10.0.0.0/8"],"createdBy":"per_1","createdAt":1795800000000,"secret":"mms_secret"}`)
	})
	p := s.visit(browser.Desk, "merchant", app+"/keys", "zh", "light")
	p.Click(`"创建密钥"`)
	p.Fill("#key_name", "仓库")
	p.Click(`.ant-modal >>> "program:upload"`)
	p.Fill("#key_networks", "10.0.0.0/8\n203.0.113.7")
	p.Click(`.ant-modal button[type=submit]`)
	p.AwaitText("#secret", "mms_secret")
	p.Await(`(URL.createObjectURL = blob => (blob.text().then(text => window.saved = text), "#"), true)`)
	p.Click(`"下载密钥文件"`)
	p.Await(`JSON.parse(window.saved).key === "key_9" && JSON.parse(window.saved).secret === "mms_secret"`)
	p.Screenshot(shots(), "console-secret")
	p.Press(kb.Escape)
	p.AwaitText("#secret", "mms_secret") // not closed by accident
	p.Click(`.ant-modal >>> "关闭"`)
	p.Await(`!document.body.innerText.includes("mms_secret")`)
	if !s.was(`POST /apps/app_fitting/keys {"name":"仓库","scopes":["program:upload"],"networks":["10.0.0.0/8","203.0.113.7"]}`) {
		t.Errorf("sent %q", s.sent)
	}
}

func TestWhoMayNotDoSomethingIsNotOfferedIt(t *testing.T) {
	s := newConsoles(t)
	s.set("/me", map[string]any{
		"person":      map[string]any{"id": "per_2", "login": "kan@shop.example", "name": "看看", "language": "zh", "createdAt": 1},
		"memberships": []any{map[string]any{"organisation": "org_merchant", "name": "商家", "kind": "merchant", "state": "verified", "role": "readonly", "permissions": []string{"organisation.read", "member.read", "program.read"}, "joinedAt": 1}},
	})
	p := s.visit(browser.Desk, "merchant", "/orgs/org_merchant/members", "zh", "light")
	p.AwaitText("main", "你的角色是只读")
	p.Await(`!document.body.innerText.includes("邀请成员") && !document.body.innerText.includes("操作日志")`)
	goTo(p, app)
	p.Await(`!document.body.innerText.includes("上传版本") && !document.querySelector(".tabs").innerText.includes("密钥")`)
	goTo(p, app+"/release")
	p.Await(`!document.querySelector(".ant-slider") && !document.body.innerText.includes("回滚")`)
	goTo(p, "/operator")
	p.AwaitText("main", "没有这一页")
	goTo(p, "/orgs/org_neighbour")
	p.AwaitText("main", "没有这一页")
}

func TestTheKeyOfAnotherIsLetInAndTheBrowserGoesBackWithTheCode(t *testing.T) {
	s := newConsoles(t)
	s.set("/jos-question", map[string]any{
		"key": "key_erp", "keyName": "好店 ERP", "app": "app_erp", "organisation": "org_erp", "redirectUri": s.URL + "/app/callback",
		"scopes": []any{map[string]string{"name": "program:upload", "title": "Upload versions", "titleZh": "上传版本"}},
	})
	s.on("POST /apps/app_fitting/jos-authorizations", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"redirect":%q}`, s.URL+"/app/callback?code=once&state=mine")
	})
	p := s.visit(browser.Phone, "merchant", "/authorise?app_key=key_erp&redirect_uri=https%3A%2F%2Ferp.example%2Fback&state=mine", "zh", "light")
	p.AwaitText("main", "密钥“好店 ERP”请求代表你的小程序调用开放接口")
	p.AwaitText("main", "上传版本")
	p.Screenshot(shots(), "console-authorise")
	p.Click(`"允许"`)
	p.AwaitText("main", "请填写此项") // which program is not guessed
	p.Click(".ant-select")
	p.Await(`[...document.querySelectorAll(".ant-select-item-option")].some(o => o.innerText.startsWith("砚光试衣间") && (o.click(), true))`)
	p.Click(`"允许"`)
	p.Await(`location.pathname + location.search === "/app/callback?code=once&state=mine"`)
	if !s.was(`POST /apps/app_fitting/jos-authorizations {"appKey":"key_erp","redirectUri":"https://erp.example/back","state":"mine"}`) {
		t.Errorf("sent %q", s.sent)
	}
}

func TestAStrangerSignsUpInTheDemoWithTheCodeOnTheScreen(t *testing.T) {
	s := newConsoles(t)
	json201 := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, body)
		}
	}
	s.on("POST /sign-ups", json201(`{"id":"chl_1","expiresAt":1996000000000}`))
	s.on("POST /sign-ups/chl_1/answer", func(w http.ResponseWriter, r *http.Request) {
		s.signedIn = "merchant" // api holds the lock
		w.WriteHeader(http.StatusNoContent)
	})
	s.on("GET /me", nil)
	s.set("/me", map[string]any{"person": map[string]any{"id": "per_9", "login": "new@shop.example", "name": "新人", "language": "zh", "createdAt": 1}, "memberships": []any{}})
	s.on("POST /organisations", func(w http.ResponseWriter, r *http.Request) {
		s.answers["/me"] = json.RawMessage(`{"person":{"id":"per_9","login":"new@shop.example","name":"新人","language":"zh","createdAt":1},"memberships":[{"organisation":"org_merchant","name":"新店","kind":"merchant","state":"new","role":"owner","permissions":["organisation.read","organisation.write","program.read","program.write","member.read","audit.read","key.read"],"joinedAt":1}]}`)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"id":"org_merchant","name":"新店","kind":"merchant","state":"new","reason":"","submission":0,"createdAt":1,"changedAt":1}`)
	})
	p := browser.Open(t, browser.Phone, s.URL+"/console/sign-up")
	p.Fill("#sign-up-login_login", "new@shop.example")
	p.Click(`"发送验证码"`)
	p.AwaitText("main", "演示环境：没有真的发送任何消息")
	p.AwaitText("#demo-code", "12345678")
	p.Screenshot(shots(), "console-sign-up")
	p.Fill("#sign-up_code", "12345678")
	p.Fill("#sign-up_name", "新人")
	p.Fill("#sign-up_password", "four unrelated words here")
	p.Click(`"注册并登录"`)
	p.Await(`location.pathname === "/console/new-organisation"`)
	p.Fill("#organisation_name", "新店")
	p.Click(`"创建组织"`)
	p.Await(`location.pathname === "/console/orgs/org_merchant"`)
	p.AwaitText("main", "接下来做什么")
	p.Await(`document.documentElement.scrollWidth <= innerWidth`)
	clean(t, p, "signing up")
}

func TestNobodyAsksForWhatTheirRoleDoesNotShow(t *testing.T) {
	read := []string{"organisation.read", "member.read", "program.read"}
	look := []string{"platform.read"}
	for _, who := range []struct {
		as, role string
		may      []string
		pages    map[string]string
	}{
		{"merchant", "readonly", read, merchantPages},
		{"merchant", "finance", append(read, "document.read", "money.read", "money.move"), merchantPages},
		{"merchant", "operations", append(read, "document.read", "version.submit", "version.release", "capability.apply", "key.read", "webhook.read"), merchantPages},
		{"merchant", "developer", append(read, "program.write", "version.upload", "version.submit", "capability.apply", "key.read", "key.manage", "webhook.read", "webhook.manage"), merchantPages},
		{"operator", "readonly", append(look, "organisation.read", "member.read"), operatorPages},
		{"operator", "operations", append(look, "organisation.read", "member.read", "organisation.review", "version.review", "capability.review", "consumer.manage"), operatorPages},
		{"operator", "developer", append(look, "organisation.read", "member.read", "host.manage"), operatorPages},
	} {
		t.Run(who.as+" "+who.role, func(t *testing.T) {
			s := newConsoles(t)
			s.may = who.may
			kind, org, me := "merchant", "org_merchant", "/me"
			if who.as == "operator" {
				kind, org, me = "operator", "org_operator", "operator /me"
			}
			s.set(me, map[string]any{
				"person":      map[string]any{"id": "per_2", "login": "some@shop.example", "name": "某人", "language": "zh", "createdAt": 1},
				"memberships": []any{map[string]any{"organisation": org, "name": "组织", "kind": kind, "state": "verified", "role": who.role, "permissions": who.may, "joinedAt": 1}},
			})
			p := s.visit(browser.Desk, who.as, "/me", "zh", "light")
			p.Await(`document.querySelector("main h1")`)
			for _, name := range slices.Sorted(maps.Keys(who.pages)) {
				goTo(p, who.pages[name])
				clean(t, p, name)
			}
		})
	}
}
