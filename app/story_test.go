package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"minimart/open/gateway/client"
	"minimart/platform/testkit/browser"
)

// desk is somebody at a console in Chromium.
type desk struct {
	*browser.Page
	t    *testing.T
	base string
}

func sitDown(t *testing.T, base, path string) *desk {
	t.Helper()
	d := &desk{browser.Open(t, browser.Desk, base+path), t, base}
	t.Cleanup(func() {
		for _, e := range d.Errors() {
			t.Errorf("reported at a console: %s", e)
		}
	})
	return d
}

// visit opens an address of the console.
func (d *desk) visit(path string) {
	d.t.Helper()
	d.Run(chromedp.Navigate(d.base + path))
}

// press clicks what has these very words on it, or is called so: the last of them, which lies on top.
func (d *desk) press(words string) { d.t.Helper(); d.pressIn("body", words) }

// confirm presses a button of the dialog that was asked for.
func (d *desk) confirm(words string) { d.t.Helper(); d.pressIn(".ant-modal", words) }

func (d *desk) pressIn(where, words string) {
	d.t.Helper()
	mark := fmt.Sprintf(`(() => { document.querySelectorAll("[data-story]").forEach(e => e.removeAttribute("data-story"));
		const all = [...document.querySelectorAll("button, a, [role=tab], [role=menuitem], [role=option], label, summary")].filter(e =>
			(e.innerText.trim().replace(/\s+/g, " ") === %[1]q || e.getAttribute("aria-label") === %[1]q) && e.getClientRects().length && !e.disabled && e.closest(%[2]q) && !e.closest(".ant-modal-wrap[style*='display: none']"));
		const last = all.at(-1); last?.setAttribute("data-story", ""); return last !== undefined })()`, words, where)
	d.Await(mark)
	d.Click("[data-story]")
}

// sees waits until words are on the screen.
func (d *desk) sees(words string) {
	d.t.Helper()
	d.AwaitText("body", words)
}

// choose gives a file to the only file field there is.
func (d *desk) choose(name string, content []byte) {
	d.t.Helper()
	file := filepath.Join(d.t.TempDir(), name)
	if err := os.WriteFile(file, content, 0o600); err != nil {
		d.t.Fatal(err)
	}
	d.Await(`document.querySelector("input[type=file]")`)
	d.Run(chromedp.SetUploadFiles("input[type=file]", []string{file}))
}

func (d *desk) text(expression string) (s string) {
	d.t.Helper()
	if err := d.Top().Eval(expression, &s); err != nil {
		d.t.Fatal(err)
	}
	return s
}

func (d *desk) shot(name string) { d.Screenshot(os.Getenv("MINIMART_SHOTS"), "story-"+name) }

// ownDemo is a demo for one test, and the password of its people.
func ownDemo(t *testing.T) (base, password string) {
	t.Helper()
	if testing.Short() {
		t.Skip("drives a browser")
	}
	data := t.TempDir()
	var out output
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan error, 1)
	go func() {
		over <- demoCommand{platformFlags{Data: data, Listen: "127.0.0.1:0", LogFormat: "text"}}.Run(ctx, streams{&out, &out})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-over; err != nil {
			t.Errorf("the demo ended badly: %v\n%s", err, out.String())
		}
	})
	base, err := out.await()
	if err != nil {
		t.Fatal(err)
	}
	known, err := os.ReadFile(filepath.Join(data, "demo-password"))
	if err != nil {
		t.Fatal(err)
	}
	return base, strings.TrimSpace(string(known))
}

// teahouse is the mini program of the story. boast is what it says of itself.
func teahouse(t *testing.T, boast string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"app.json":               `{"pages":["pages/index/index"],"window":{"navigationBarTitleText":"茶馆"}}`,
		"app.js":                 `App({})`,
		"pages/index/index.json": `{}`,
		"pages/index/index.jxss": `.page { padding: 40rpx } button { margin-top: 40rpx }`,
		"pages/index/index.jxml": `<view class="page"><view class="boast">` + boast + `</view><view class="state">{{state}}</view>
			<button class="phone" open-type="getPhoneNumber" bindgetphonenumber="phone">用手机号订座</button></view>`,
		"pages/index/index.js": `Page({ data: { state: '请订座' }, phone(e) { this.setData({ state: e.detail.code ? '凭证 ' + e.detail.code : e.detail.errMsg }) } })`,
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestAMerchantsWayOntoThePlatform is the story of a teahouse: from signing up to a signed call with a consumer's phone number.
func TestAMerchantsWayOntoThePlatform(t *testing.T) {
	t.Parallel()
	base, password := ownDemo(t)

	// The merchant signs up, makes an organisation and hands in its licence.
	m := sitDown(t, base, "/console/sign-up")
	m.Fill("#sign-up-login_login", "chen@teahouse.example")
	m.press("发送验证码")
	m.Await(`document.querySelector("#demo-code")`)
	m.Fill("#sign-up_code", m.text(`document.querySelector("#demo-code").innerText`))
	m.Fill("#sign-up_name", "陈茶")
	m.Fill("#sign-up_password", "seven herons at dusk")
	m.press("注册并登录")
	m.Fill("#organisation_name", "听雨茶馆")
	m.press("创建组织")
	m.sees("接下来做什么")
	m.shot("organisation-new")
	org := regexp.MustCompile(`org_[0-9A-Z]{26}`).FindString(m.text(`location.pathname`))
	home := "/console/orgs/" + org
	m.visit(home + "/organisation")
	m.choose("licence.pdf", []byte(demoLicence))
	m.sees("licence.pdf")
	m.press("提交审核")
	m.confirm("提交审核")
	m.sees("平台正在审核")

	// The operator verifies it.
	o := sitDown(t, base, "/console/sign-in")
	o.Fill("#sign-in_login", demoOperator)
	o.Fill("#sign-in_password", password)
	o.press("登录")
	o.sees("平台概览")
	o.visit("/console/operator/organisations/" + org)
	o.sees("licence.pdf")
	o.shot("qualification")
	o.press("认证通过")
	o.confirm("认证通过")
	o.sees("已认证")

	// The merchant makes a program and a key for its CI.
	m.visit(home + "/new-app")
	m.Fill("#app_name", "听雨茶馆")
	m.press("创建小程序")
	m.Await(`/\/apps\/app_/.test(location.pathname)`)
	app := regexp.MustCompile(`app_[0-9A-Z]{26}`).FindString(m.text(`location.pathname`))
	program := home + "/apps/" + app
	m.visit(program + "/settings")
	m.Fill("#privacy_privacy_phone-number", "座位留好后告诉您")
	m.Click("#privacy [type=submit]")
	m.sees("已保存")
	m.visit(program + "/keys")
	m.press("创建密钥")
	m.Fill("#key_name", "CI")
	m.Await(`(all => all.length > 1 && all.forEach(c => c.checked || c.click()) === undefined)([...document.querySelectorAll(".ant-modal input[type=checkbox]")])`)
	m.confirm("创建密钥")
	m.sees("mms_")
	m.shot("key")
	secret := regexp.MustCompile(`(key_[0-9A-Z]{26})[\s\S]*?(mms_[A-Za-z0-9_-]{20,})`).FindStringSubmatch(m.text(`document.body.innerText`))
	key := filepath.Join(t.TempDir(), "key.json")
	if err := os.WriteFile(key, fmt.Appendf(nil, `{"key":%q,"secret":%q}`, secret[1], secret[2]), 0o600); err != nil {
		t.Fatal(err)
	}
	m.visit(program + "/trial")
	m.press("添加体验者")
	m.Fill("#tester_phone", "13800138000")
	m.Fill("#tester_name", "小雨")
	m.confirm("添加体验者")
	m.sees("小雨")

	// CI uploads, and prints a link that opens on the tester's phone, and on nobody else's.
	upload := func(version, boast string) (id, link string) {
		t.Helper()
		var out, errs bytes.Buffer
		if status := Main([]string{"upload", teahouse(t, boast), "--server", base, "--app", app, "--key", key, "--version", version, "--desc", boast, "--json"}, &out, &errs); status != 0 {
			t.Fatalf("upload: %d\n%s%s", status, out.String(), errs.String())
		}
		var r uploadReport
		if err := json.Unmarshal(out.Bytes(), &r); err != nil {
			t.Fatalf("%v: %s", err, out.String())
		}
		return r.Version, r.TrialLink
	}
	first, link := upload("1.0.0", "全国第一的茶馆")
	_, at, _ := strings.Cut(link, "/app/")
	link = base + "/app/" + at
	phone := browser.Open(t, browser.Phone, link+"&lang=zh")
	over := func(selector string) string { return "mm-host >>> mm-runner >>> mm-overlays >>> " + selector }
	in := func(selector string) string { return "mm-host >>> mm-runner >>> " + selector }
	phone.Await(`document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot.querySelector("#sign-in")`)
	phone.Screenshot(os.Getenv("MINIMART_SHOTS"), "story-trial-stranger")
	phone.Click(in("#sign-in"))
	phone.Fill(over("mm-sign-in >>> #phone"), "13800138000")
	phone.Press(kb.Enter)
	phone.Await(`/\d{6}/.test(document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot.querySelector("mm-overlays").shadowRoot.querySelector("mm-sign-in").shadowRoot.querySelector(".demo")?.innerText)`)
	phone.Fill(over("mm-sign-in >>> #code"), regexp.MustCompile(`\d{6}`).FindString(phone.Text(over("mm-sign-in >>> .demo"))))
	phone.Frame("/run/").AwaitText(".boast", "全国第一的茶馆")
	phone.Screenshot(os.Getenv("MINIMART_SHOTS"), "story-trial")

	// Review: what it may not say and what it may not call is found, and it comes back with reasons.
	submit := func(version string) {
		t.Helper()
		m.visit(program + "/versions/" + version)
		m.press("提交审核")
		m.confirm("提交审核")
		m.sees("正在审核")
	}
	openReview := func(label string) {
		t.Helper()
		o.visit("/console/operator/reviews")
		o.sees(label)
		o.Await(`(a => a && (a.click(), true))([...document.querySelectorAll("a[href*='/operator/reviews/rev_']")].at(0))`)
		o.sees("自动检查")
	}
	submit(first)
	openReview("1.0.0")
	o.sees("getPhoneNumber")
	o.sees("全国第一")
	o.shot("review")
	o.press("引用为原因")
	o.press("驳回")
	o.sees("未通过")
	m.visit(program + "/versions/" + first)
	m.sees("审核未通过")
	m.shot("rejected")

	approve := func(version, label string) {
		t.Helper()
		submit(version)
		openReview(label)
		o.press("通过")
		o.confirm("通过")
		o.sees("已通过")
	}
	second, _ := upload("1.0.1", "城里的茶馆")
	approve(second, "1.0.1")
	m.visit(program + "/release")
	m.press("发布给所有人")
	m.confirm("发布给所有人")
	m.sees("全量发布")

	// The next version goes to a tenth of the devices, then to all, and back again.
	third, _ := upload("1.1.0", "雨天有茶")
	approve(third, "1.1.0")
	m.visit(program + "/release")
	m.sees("10%")
	m.press("开始发布 · 10%")
	m.sees("灰度中")
	m.sees("灰度 10%")
	m.shot("staged")
	m.Click(".ant-slider-handle")
	m.Press(kb.End)
	m.press("发布给所有人")
	m.confirm("发布给所有人")
	m.sees("#3 1.1.0 全量发布")
	reads := func(boast string) *browser.Page {
		t.Helper()
		p := browser.Open(t, browser.Phone, base+"/app/"+app)
		p.Frame("/run/").AwaitText(".boast", boast)
		return p
	}
	reads("雨天有茶")
	m.press("回滚")
	m.sees("回滚到 #2 1.0.1")
	m.confirm("回滚到 #2 1.0.1")
	m.sees("已回滚")
	m.shot("rolled-back")
	reads("城里的茶馆")

	// The phone number: refused before it is granted, good after it, refused again once it is taken back.
	phone.Run(chromedp.Navigate(base + "/app/" + app))
	ask := func() *browser.Frame {
		t.Helper()
		f := phone.Frame("/run/")
		f.AwaitText(".boast", "城里的茶馆")
		f.Click(".phone")
		return f
	}
	ask().AwaitText(".state", "getPhoneNumber:fail")
	phone.Screenshot(os.Getenv("MINIMART_SHOTS"), "story-refused")

	m.visit(program + "/capabilities")
	m.sees("手机号快速验证")
	m.Await(`(b => b && (b.click(), true))([...document.querySelectorAll("button")].find(b => b.innerText.trim().replace(/\s/g, "") === "申请"))`) // the first card's
	m.Await(`document.querySelectorAll(".ant-modal textarea, .ant-modal input").length > 0`)
	fields := m.text(`[...document.querySelectorAll(".ant-modal textarea, .ant-modal input")].map(e => e.id).join(" ")`)
	for id := range strings.FieldsSeq(fields) {
		m.Fill("#"+id, "座位留好后发短信；只存在自己的服务器上，九十天后删除")
	}
	m.shot("application")
	m.Click(".ant-modal [type=submit]")
	m.sees("审核中")

	o.visit("/console/operator/applications")
	o.sees("手机号快速验证")
	o.Await(`(a => a && (a.click(), true))(document.querySelector("a[href*='/operator/applications/cap_']"))`)
	o.press("批准")
	o.sees("每天不同用户数")
	o.shot("grant")
	o.Click(".ant-modal [type=submit]")
	o.sees("已通过")

	phone.Run(chromedp.Navigate(base + "/app/" + app))
	f := ask()
	phone.AwaitText(over("mm-consent >>> h2"), "手机号")
	phone.AwaitText(over("mm-consent >>> #purpose"), "座位留好后告诉您")
	phone.Await(`document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot.querySelector("mm-overlays").shadowRoot.querySelector("mm-consent")?.shadowRoot.querySelector("#agree:not([disabled])")`)
	phone.Screenshot(os.Getenv("MINIMART_SHOTS"), "story-consent")
	phone.Click(over("mm-consent >>> #agree"))
	f.AwaitText(".state", "凭证 ")
	code := strings.TrimPrefix(f.Text(".state"), "凭证 ")

	// The merchant's own server exchanges the code for the number, once.
	server := &http.Client{Transport: &client.Transport{Key: secret[1], Secret: secret[2]}}
	exchange := func() (int, string) {
		t.Helper()
		r, err := server.Post(base+"/open/v1/phone-codes/exchange", "application/json", strings.NewReader(fmt.Sprintf(`{"code":%q}`, code)))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		var body struct{ PurePhoneNumber, Detail string }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, body.PurePhoneNumber + body.Detail
	}
	if status, number := exchange(); status != 200 || number != "13800138000" {
		t.Errorf("the code is worth %d %s", status, number)
	}
	if status, why := exchange(); status < 400 {
		t.Errorf("the code is good twice: %d %s", status, why)
	}

	// Revoked: the program that is running right now is refused at its next call, and so is the server.
	o.visit("/console/operator/grants")
	o.sees("听雨茶馆")
	o.Await(`(row => row && ([...row.querySelectorAll("button")].at(-1).click(), true))([...document.querySelectorAll("tr")].find(r => r.innerText.includes("听雨茶馆")))`)
	o.Fill(".ant-modal textarea", "用途与申请不符")
	o.Click(".ant-modal [type=submit]")
	o.sees("已收回")
	f.Click(".phone")
	f.AwaitText(".state", "getPhoneNumber:fail")
	if status, why := exchange(); status != 403 {
		t.Errorf("after the revocation the server hears %d %s", status, why)
	}
	phone.Screenshot(os.Getenv("MINIMART_SHOTS"), "story-revoked")
}
