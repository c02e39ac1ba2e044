package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"minimart/platform/testkit/browser"
)

// trap is set in each document before its own scripts: whatever runs that should not, or is refused because it wanted to, is
// noted where the test finds it.
const trap = `window.pwned = []; window.alert = window.confirm = window.prompt = (m) => { window.pwned.push("dialog " + m) };
	document.addEventListener("securitypolicyviolation", (e) => window.pwned.push("refused " + e.violatedDirective + " " + e.blockedURI + " " + e.sample), true);`

// evils are texts that become scripts where somebody forgets what a text is. They are as long as a name may be.
const (
	evilTag   = `<img src=x onerror=alert(1)>`
	evilQuote = `"><svg onload=alert(2)>`
	evilLink  = `javascript:alert(3)`
	evilLong  = `</script><script>alert(4)</script><iframe srcdoc="<script>parent.alert(5)</script>"></iframe>{{constructor.constructor('alert(6)')()}}`
)

// TestNoTextBecomesAScript stores hostile texts wherever people write, and looks at every page that shows them.
func TestNoTextBecomesAScript(t *testing.T) {
	if testing.Short() {
		t.Skip("drives a browser")
	}
	t.Parallel()
	s := newStage(t)
	web := httptest.NewServer(s.api)
	t.Cleanup(web.Close)
	quoted := func(text string) string { b, _ := json.Marshal(text); return string(b) }
	console := s.console
	console("owner", "PATCH", "/me", `{"language":"en","name":`+quoted(evilTag)+`}`)
	console("operator", "PATCH", "/me", `{"language":"en","name":`+quoted(evilQuote)+`}`)
	org := at(console("owner", "POST", "/organisations", `{"kind":"merchant","name":`+quoted(evilTag+evilQuote)+`}`), "id")
	for _, name := range []string{evilTag + ".pdf", evilQuote + ".pdf"} {
		s.good(s.send("owner", "POST", "/api/console/v1/organisations/"+org+"/documents?kind=business-licence&name="+url.QueryEscape(name), demoLicence), name)
	}
	console("owner", "POST", "/organisations/"+org+"/submission", "")
	console("operator", "POST", "/operator/organisations/"+org+"/decision", `{"submission":1,"verdict":"rejected","reason":`+quoted(evilLong)+`}`)
	console("owner", "POST", "/organisations/"+org+"/submission", "")
	console("operator", "POST", "/operator/organisations/"+org+"/decision", `{"submission":2,"verdict":"verified"}`)

	app := at(console("owner", "POST", "/organisations/"+org+"/apps", `{"name":`+quoted(evilTag)+`,"summary":`+quoted(evilLong[:110])+`}`), "id")
	console("owner", "PATCH", "/apps/"+app, `{"privacy":{"profile":`+quoted(evilTag+evilQuote)+`,"phone-number":`+quoted(evilLong)+`}}`)
	svg := `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" onload="top.alert(7)"><script>top.alert(8);fetch('/api/console/v1/me')</script><foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="javascript:top.alert(9)"/></foreignObject><a xlink:href="javascript:alert(10)"><rect width="40" height="40"/></a></svg>`
	s.good(s.as("owner", "PUT", "/api/console/v1/apps/"+app+"/icon", svg, func(r *http.Request) { r.Header.Set("Content-Type", "application/octet-stream") }), "icon")
	hostile := map[string]string{
		"app.json":                     `{"pages":["pages/index/index"],"window":{"navigationBarTitleText":` + quoted(evilTag) + `}}`,
		"pages/index/index.jxml":       `<view class="hostile">{{name}}</view><text>` + "&lt;img src=x onerror=alert(11)&gt;" + `</text><image src="{{name}}"/><navigator url="{{link}}">x</navigator>`,
		"pages/index/index.js":         `Page({ data: { name: ` + quoted(evilLong) + `, link: ` + quoted(evilLink) + ` }, onLoad() { jd.setNavigationBarTitle({ title: ` + quoted(evilQuote) + ` }); jd.showToast({ title: ` + quoted(evilTag) + `, icon: 'none' }) } })`,
		`assets/x'onerror='alert.json`: `{"` + "</script><script>alert(12)</script>" + `":"国家级第一的最佳"}`,
	}
	upload := func(label string) string {
		s.n++
		hostile["pages/index/index.json"] = fmt.Sprintf(`{"navigationBarTitleText":%s,"x":%d}`, quoted(evilQuote), s.n)
		return at(s.good(s.send("owner", "POST", "/api/console/v1/apps/"+app+"/versions?label="+url.QueryEscape(label)+"&notes="+url.QueryEscape(evilLong), pack(t, hostile)), "upload"), "version.id")
	}
	out := upload(evilTag)
	first := at(console("owner", "POST", "/apps/"+app+"/versions/"+out+"/submission", `{"note":`+quoted(evilLong)+`}`), "id")
	console("operator", "POST", "/operator/reviews/"+first+"/decision", `{"verdict":"approved"}`)
	console("owner", "POST", "/apps/"+app+"/rollout", `{"version":"`+out+`","share":1000000}`)
	second := upload(evilQuote)
	review := at(console("owner", "POST", "/apps/"+app+"/versions/"+second+"/submission", `{"note":`+quoted(evilLong)+`}`), "id")
	third := upload("3")
	rejected := at(console("owner", "POST", "/apps/"+app+"/versions/"+third+"/submission", `{"note":`+quoted(evilTag)+`}`), "id")
	console("operator", "POST", "/operator/reviews/"+rejected+"/decision", `{"verdict":"rejected","reasons":[{"file":"app.json","line":1,"text":`+quoted(evilLong)+`}]}`)
	console("owner", "POST", "/apps/"+app+"/testers", `{"phone":"13800138009","name":`+quoted(evilTag)+`}`)
	console("owner", "POST", "/apps/"+app+"/keys", `{"name":`+quoted(evilTag)+`,"scopes":["program:upload"]}`)
	hook := at(console("owner", "POST", "/apps/"+app+"/webhooks", `{"url":"https://shop.example/\"><svg","types":["*"],"description":`+quoted(evilLong)+`}`), "id")
	console("owner", "POST", "/apps/"+app+"/webhooks/"+hook+"/test", "")
	var answers []string
	for _, q := range []string{"purpose", "storage"} {
		answers = append(answers, fmt.Sprintf(`%q:%s`, q, quoted(evilLong)))
	}
	application := at(console("owner", "POST", "/apps/"+app+"/capabilities/phone-number/application", `{"answers":{`+strings.Join(answers, ",")+`}}`), "id")
	console("operator", "POST", "/operator/applications/"+application+"/decision", `{"verdict":"rejected","reason":`+quoted(evilLong)+`}`)
	host := at(console("operator", "POST", "/operator/hosts", `{"kind":"android","name":`+quoted(evilTag)+`}`), "host.id")
	console("operator", "POST", "/operator/hosts/"+host+"/suspension", `{"reason":`+quoted(evilLong)+`}`)
	consumer := s.consumer("visitor", "13800138000")
	s.good(s.inHost("PATCH", "/me", `{"nickname":`+quoted(`<b onclick=alert()>`)+`}`), "nickname")
	s.good(s.inHost("POST", "/programs/"+app+"/consents/profile", "{}"), "consent")
	s.good(s.as("visitor", "POST", "/api/host/v1/programs/"+app+"/login", "", func(r *http.Request) { r.Header.Set("User-Agent", evilLong) }), "login")
	console("operator", "PUT", "/operator/settings", `{"name":`+quoted(evilTag)+`,"nameEn":`+quoted(evilTag)+`,"support":`+quoted(evilLong)+`,"termsUrl":"https://x.example/\"><svg","privacyUrl":"","selfSignUp":true,"revision":0}`)

	// visit shows a page to somebody.
	shown := 0 // pages that show a hostile text as a text
	visit := func(p *browser.Page, who, path, ready string) {
		t.Helper()
		p.Run(chromedp.Navigate(web.URL + path))
		p.Await(ready)
		var pwned []string
		if err := p.Top().Eval(`window.pwned`, &pwned); err != nil {
			t.Fatal(err)
		}
		for _, what := range pwned {
			t.Errorf("%s by %s: %s", path, who, what)
		}
		var text bool
		if err := p.Top().Eval(`document.body?.innerText.includes("alert(") ?? false`, &text); err == nil && text {
			shown++
		}
		var scripts int
		if err := p.Top().Eval(`[...document.querySelectorAll("*")].filter(e => [...e.attributes].some(a => /^on/.test(a.name) || /^\s*javascript:/i.test(a.value))).length + document.querySelectorAll("main img[src=x], main svg[onload]").length`, &scripts); err != nil || scripts > 0 {
			t.Errorf("%s by %s: %d elements that are scripts %v", path, who, scripts, err)
		}
	}
	const settled = `document.querySelector("main h1") && document.querySelector("main").innerText.trim().length > 20 && !document.querySelector("main .bones, main .ant-skeleton-active, .door .ant-spin")`
	enter := func(who, login string) *browser.Page {
		t.Helper()
		p := browser.Open(t, browser.Desk, web.URL+"/console/sign-in", trap)
		p.Fill("#sign-in_login", login)
		p.Fill("#sign-in_password", s.password)
		p.Click("button[type=submit]")
		p.Await(settled)
		return p
	}
	home := "/console/orgs/" + org
	program := home + "/apps/" + app
	m := enter("owner", "owner@shop.example")
	for _, path := range []string{
		home, home + "/organisation", home + "/members", home + "/audit", home + "/apps", program, program + "/versions/" + out, program + "/versions/" + third, program + "/trial", program + "/release", program + "/capabilities",
		program + "/keys", program + "/webhooks", program + "/webhooks/" + hook, program + "/settings", "/console/me", "/console/me/activity",
	} {
		visit(m, "the owner", path, settled)
	}
	o := enter("operator", "operator@shop.example")
	for _, path := range []string{
		"/console/operator", "/console/operator/organisations/" + org, "/console/operator/programs", "/console/operator/programs/" + app, "/console/operator/reviews", "/console/operator/reviews/" + review, "/console/operator/reviews/" + rejected,
		"/console/operator/applications/" + application, "/console/operator/grants", "/console/operator/hosts", "/console/operator/hosts/" + host, "/console/operator/consumers/" + consumer, "/console/operator/audit", "/console/operator/settings",
	} {
		visit(o, "the operator", path, settled)
	}
	// The addresses of pages are texts as well.
	for _, path := range []string{
		"/console/sign-in?next=" + url.QueryEscape("//evil.example"), "/console/sign-in?next=" + url.QueryEscape(`/\evil.example`), "/console/sign-in?next=" + url.QueryEscape(evilLink), "/console/orgs/" + url.PathEscape(evilTag),
		"/console/invitations/" + url.PathEscape(evilLong), "/console/authorise?app_key=" + url.QueryEscape(evilTag) + "&redirect_uri=" + url.QueryEscape(evilLink) + "&state=" + url.QueryEscape(evilTag),
		"/console/operator/reviews?state=" + url.QueryEscape(evilTag), "/console/operator/audit?query=" + url.QueryEscape(evilLong),
	} {
		visit(o, "the operator", path, `location.origin === "`+web.URL+`" && document.body.innerText.trim().length > 10`)
	}

	if shown < 24 {
		t.Errorf("%d pages show what was written: this looks at too little", shown)
	}

	// The host app: the list, the program, what it may know, and an address that names nothing.
	p := browser.Open(t, browser.Phone, web.URL+"/app/", trap)
	in := `document.querySelector("mm-host").shadowRoot`
	visit(p, "a consumer", "/app/", `document.querySelector("mm-host")?.shadowRoot`)
	p.Await(in + `.querySelector("mm-home")?.shadowRoot.innerHTML.includes("img src=x") || ` + in + `.querySelector("mm-home")?.shadowRoot.querySelector("[data-app='` + app + `']")`)
	visit(p, "a consumer", "/app/"+app, in+`.querySelector("mm-runner")`)
	f := p.Frame("/run/" + app)
	f.AwaitText(".hostile", "</script>")
	var inside []string
	if err := f.Eval(`window.pwned`, &inside); err != nil {
		t.Fatal(err)
	}
	for _, what := range inside {
		if !strings.HasPrefix(what, "refused img-src") { // the program's own picture from nowhere
			t.Errorf("in the program: %s", what)
		}
	}
	// The picture of a consumer, which it may be given, is the one thing beside its own files that it may show of ours.
	for address, want := range map[string]bool{"/avatars/fox.svg": true, "/api/host/v1/me": false, "/app/assets/fox.svg": false} {
		var loaded bool
		load := fmt.Sprintf(`new Promise(done => { const i = new Image(); i.onload = () => done(true); i.onerror = () => done(false); i.src = %q })`, web.URL+address)
		if err := f.Eval(load, &loaded); err != nil || loaded != want {
			t.Errorf("%s in the sandbox: shown %t %v", address, loaded, err)
		}
	}
	var top []string
	if err := p.Top().Eval(`window.pwned`, &top); err != nil || len(top) > 0 {
		t.Errorf("the host around it: %v %v", top, err)
	}
	for _, path := range []string{"/app/" + url.PathEscape(evilTag), "/app/" + app + "?ticket=" + url.QueryEscape(evilLong), "/app/%5C%5Cevil.example", "/app/me/privacy?app=" + url.QueryEscape(evilTag)} {
		visit(p, "a consumer", path, `location.origin === "`+web.URL+`" && document.querySelector("mm-host")?.shadowRoot`)
	}
	// The icon, opened as a page of its own.
	icon := at(s.good(s.inHost("GET", "/programs/"+app+"/launch", ""), "launch"), "icon")
	p.Run(chromedp.Navigate(web.URL + icon))
	p.Await(`document.documentElement.tagName === "svg" && document.readyState === "complete"`)
	if err := p.Top().Eval(`window.pwned.filter(w => !w.startsWith("refused"))`, &top); err != nil || len(top) > 0 {
		t.Errorf("the icon: %v %v", top, err)
	}
}
