package review

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"minimart/program/pkgfile"
	"minimart/program/release"
	"minimart/program/safety"
)

// program is a package of two pages with changes to its files; "" removes one.
func program(t testing.TB, files map[string]string) *pkgfile.Package {
	t.Helper()
	all := map[string]string{
		"app.json":               `{"pages":["pages/home/home","pages/detail/detail"],"window":{"navigationBarTitleText":"拾光"}}`,
		"app.js":                 "App({})",
		"pages/home/home.jxml":   `<navigator url="/pages/detail/detail?id=1">看看</navigator>`,
		"pages/home/home.js":     "Page({})",
		"pages/detail/detail.js": "Page({})", "pages/detail/detail.jxml": "<view>详情</view>",
	}
	for name, content := range files {
		if content == "" {
			delete(all, name)
		} else {
			all[name] = content
		}
	}
	bytes := map[string][]byte{}
	for name, content := range all {
		bytes[name] = []byte(content)
	}
	pkg, err := repack(bytes, pkgfile.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

var gates = map[string]string{"getPhoneNumber": "phone-number", "button.open-type=getPhoneNumber": "phone-number", "trade.checkout": "trade", "ad": "advertising"}

// lookAt finds what a reviewer of the package would read.
func lookAt(pkg *pkgfile.Package, app release.App, granted ...string) Findings {
	f := gather(pkg, func(api string) bool { return gates[api] != "" || len(release.PrivacyOfAPI(api)) > 0 })
	in := &inspection{facts: f, app: app, safety: safety.Default(), gates: gates, granted: map[string]bool{}}
	for _, g := range granted {
		in.granted[g] = true
	}
	return in.inspect()
}

var shop = release.App{
	Name: "拾光家居", Privacy: map[string]string{},
	Domains: release.Domains{Request: []string{"https://api.shop.example"}, Media: []string{"https://img.shop.example"}},
}

// told renders findings: code file:line subject.
func told(f Findings) []string {
	out := []string{}
	for _, one := range f.Items {
		s := fmt.Sprintf("%s %s:%d %s", one.Code, one.File, one.Line, one.Subject)
		if !one.Sure {
			s += " (likely)"
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

func TestWhatAReviewerIsTold(t *testing.T) {
	long := strings.Repeat("x", 1000)
	for _, c := range []struct {
		name    string
		files   map[string]string
		app     *release.App
		granted []string
		want    []string
	}{
		{name: "nothing, of a program that is fine"},
		{
			name:  "an API without its capability, and the statement it needs",
			files: map[string]string{"pages/home/home.js": "Page({\n  ask() { jd.getPhoneNumber({}) }\n})"},
			want:  []string{"capability-missing pages/home/home.js:2 getPhoneNumber", "privacy-undeclared pages/home/home.js:2 getPhoneNumber"},
		},
		{
			name:    "nothing of one that was granted and stated",
			files:   map[string]string{"pages/home/home.js": "jd.getPhoneNumber({})"},
			app:     &release.App{Privacy: map[string]string{"phone-number": "联系收货"}},
			granted: []string{"phone-number"},
		},
		{
			name:  "an API by another name of the object",
			files: map[string]string{"pages/home/home.js": "const api = wx || jd\nfunction f() { api['getPhoneNumber']() }"},
			want:  []string{"capability-missing pages/home/home.js:2 getPhoneNumber", "privacy-undeclared pages/home/home.js:2 getPhoneNumber"},
		},
		{
			name:  "an API taken out of the object",
			files: map[string]string{"pages/home/home.js": "const { getLocation: where } = jd\nwhere({})"},
			want:  []string{"privacy-undeclared pages/home/home.js:1 getLocation"},
		},
		{
			name:  "an API of a namespace",
			files: map[string]string{"pages/home/home.js": "jd.trade.checkout({})"},
			want:  []string{"capability-missing pages/home/home.js:1 trade.checkout"},
		},
		{
			name:  "an API as a bundler writes it",
			files: map[string]string{"pages/home/home.js": "var t=n(1),a=t.n(t);a().getPhoneNumber({});Taro.chooseImage();e.default.chooseImage()"},
			want:  []string{"capability-missing pages/home/home.js:1 getPhoneNumber (likely)", "privacy-undeclared pages/home/home.js:1 chooseImage (likely)", "privacy-undeclared pages/home/home.js:1 getPhoneNumber (likely)"},
		},
		{
			name:  "nothing of what only has the name of an API",
			files: map[string]string{"pages/home/home.js": "Page({ f() { this.getLocation(); http.request(); const jd = {}; jd.color() }, getLocation() {} })\nconst names = ['getPhoneNumber']"},
		},
		{
			name:  "an API in TypeScript, by the line of the source",
			files: map[string]string{"pages/home/home.js": "", "pages/home/home.ts": "interface A { b: string }\n\nconst a: A = { b: '' }\nexport const c = <T,>(x: T): T => x\njd.getLocation({} as A)"},
			want:  []string{"privacy-undeclared pages/home/home.ts:5 getLocation"},
		},
		{
			name:  "a button that asks for the phone number, in a template and compiled",
			files: map[string]string{"pages/home/home.jxml": "<navigator url='../detail/detail'/>\n<button\n  open-type=\"getPhoneNumber\">登录</button>", "pages/detail/detail.js": "h(Button,{openType:\"getPhoneNumber\"})"},
			want: []string{
				"capability-missing pages/detail/detail.js:1 button.open-type=getPhoneNumber",
				"privacy-undeclared pages/detail/detail.js:1 button.open-type=getPhoneNumber",
			},
		},
		{
			name:  "components that need a capability or a statement",
			files: map[string]string{"pages/detail/detail.jxml": "<view>\n<ad unit-id='1'/><camera/></view>"},
			want:  []string{"capability-missing pages/detail/detail.jxml:2 ad", "privacy-undeclared pages/detail/detail.jxml:2 camera"},
		},
		{
			name:  "components of a framework's base template, which may not be used",
			files: map[string]string{"base.jxml": `<template name="tmpl_0_4"><camera/></template>`},
			want:  []string{"privacy-undeclared base.jxml:1 camera (likely)"},
		},
		{
			name: "words in a template, its expressions and what it joins",
			files: map[string]string{"pages/detail/detail.jxml": "<jds src='a.jds' module='a'/>\n<view>全网最低价</view>\n<view>{{ok ? '网上赌场' : ''}}</view>\n" +
				"<input placeholder='加&#24494;信'/>\n<view>根{{x}}治</view>\n<!-- 赌博 -->", "pages/detail/a.jds": "module.exports = {}"},
			want: []string{"content-safety pages/detail/detail.jxml:2 全网最低价", "content-safety pages/detail/detail.jxml:3 网上赌场", "content-safety pages/detail/detail.jxml:4 加微信", "content-safety pages/detail/detail.jxml:5 根治"},
		},
		{
			name:  "words in scripts, escaped, joined and in templates",
			files: map[string]string{"pages/home/home.js": "var a = '\\u8d4c\\u535a'\nvar b = '加微' + x + '信'\nvar c = `海洛${y}因`\n// 冰毒\n"},
			want:  []string{"content-safety pages/home/home.js:1 赌博", "content-safety pages/home/home.js:2 加微", "content-safety pages/home/home.js:2 加微信", "content-safety pages/home/home.js:3 海洛因"},
		},
		{
			name:  "words in configuration, and in the program's name",
			files: map[string]string{"pages/home/home.json": "{\n  \"navigationBarTitleText\": \"国家级家居\"\n}"},
			app:   &release.App{Name: "最佳家居"},
			want:  []string{"content-safety :0 最佳", "content-safety pages/home/home.json:2 国家级"},
		},
		{
			name: "addresses outside, unencrypted and at home",
			files: map[string]string{"pages/home/home.js": "jd.request({url:'https://api.shop.example/x'})\njd.request({url:'https://other.example/x'})\nconst baseURL = 'http://api.shop.example'\n" +
				"const dev = 'http://192.168.1.8:3000'\nfetch('http://localhost:8080')\nnew Error('see https://reactjs.org/docs')\njd.connectSocket({url:`wss://ws.other.example/${x}`})\nvar h = `https://${host}/`",
				"pages/detail/detail.jxml": "<image src='https://img.shop.example/a.png'/><image src='https://api.shop.example/a.png'/>"},
			want: []string{
				"address-insecure pages/home/home.js:3 http://api.shop.example", "address-local pages/home/home.js:4 http://192.168.1.8:3000",
				"address-local pages/home/home.js:5 http://localhost:8080", "address-outside pages/detail/detail.jxml:1 https://api.shop.example",
				"address-outside pages/home/home.js:2 https://other.example", "address-outside pages/home/home.js:7 wss://ws.other.example",
			},
		},
		{
			name: "what is large",
			files: map[string]string{"pages/home/home.js": "Page({ data: { list: [\n" + strings.Repeat("'"+long+"',", 300) + "] } })", "assets/a.png": strings.Repeat("p", 201<<10),
				"pages/detail/detail.jxml": "<image src='/assets/a.png'/>"},
			want: []string{"constant-large pages/home/home.js:2 294 KiB", "image-large assets/a.png:0 201 KiB"},
		},
		{
			name: "what is not used",
			files: map[string]string{"pages/home/home.jxml": "<view>无</view>", "lib/old.js": "module.exports = 1", "lib/used.js": "module.exports = 1", "pages/home/home.js": "require('../../lib/used')",
				"assets/old.png": "png", "art/one.svg": "<svg/>", "pages/detail/detail.js": "const src = '/art/' + name + '.svg'"},
			want: []string{"file-unused assets/old.png:0 assets", "file-unused lib/old.js:0 lib", "page-unused pages/detail/detail.jxml:0 pages/detail/detail"},
		},
		{
			name:  "what was left from debugging",
			files: map[string]string{"pages/home/home.js": strings.Repeat("console.log(1)\n", 30) + "debugger"},
			want:  []string{"debug-logs pages/home/home.js:1 30", "debug-statement pages/home/home.js:0 debugger"},
		},
		{
			name:  "an API whose name is put together",
			files: map[string]string{"pages/home/home.js": "const api = jd\nfor (const k in api) api['get' + k]()\njd['webpackJsonp'] = []"},
			want:  []string{"api-computed pages/home/home.js:2 jd[…]"},
		},
		{
			name:  "a script that cannot be read",
			files: map[string]string{"pages/home/home.js": "Page({"},
			want:  []string{"script-unread pages/home/home.js:0 pages/home/home.js"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			app := shop
			if c.app != nil {
				app.Name = c.app.Name
				if c.app.Privacy != nil {
					app.Privacy = c.app.Privacy
				}
			}
			got := told(lookAt(program(t, c.files), app, c.granted...))
			if c.want == nil {
				c.want = []string{}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

func TestAFindingSaysWhatIsWrongAndTheWayOutInBothLanguages(t *testing.T) {
	for code, s := range sayings {
		for _, line := range []string{s.zh, s.en, s.wayZh, s.wayEn} {
			if line == "" {
				t.Errorf("%s lacks words", code)
			}
		}
	}
	found := lookAt(program(t, map[string]string{"pages/home/home.js": "jd.getPhoneNumber()\nvar a = '本店商品全网最低价，欢迎选购，假一赔十，七天无理由退换，下单即送精美礼品'"}), shop)
	if len(found.Items) != 3 {
		t.Fatalf("%v", told(found))
	}
	gated, safe := found.Items[0], found.Items[2]
	if gated.Message.Zh != "getPhoneNumber 需要能力“phone-number”，该小程序尚未开通" || gated.Message.En != "getPhoneNumber needs the capability phone-number, which the program has not been granted" {
		t.Errorf("%+v", gated.Message)
	}
	if safe.Rule != "ad-absolute" || safe.Category != safety.Advertising || safe.Quote != "本店商品全网最低价，欢迎选购，假一赔十，七天无理由退换，下…" || !strings.Contains(safe.Message.Zh, "广告法") || strings.Contains(safe.Message.En, "EXTRA") {
		t.Errorf("%+v", safe)
	}
}

func TestWhatIsTooMuchToTakeInIsSaid(t *testing.T) {
	var b strings.Builder
	for i := range maxUses {
		fmt.Fprintf(&b, "jd.a%d();", i)
	}
	got := told(lookAt(program(t, map[string]string{"pages/home/home.js": b.String() + "jd.getPhoneNumber()"}), shop))
	if !slices.Equal(got, []string{"script-unread pages/home/home.js:0 pages/home/home.js"}) {
		t.Errorf("%v", got)
	}
	deep := "x = " + strings.Repeat("a(", 1200) + "jd.getPhoneNumber()" + strings.Repeat(")", 1200)
	got = told(lookAt(program(t, map[string]string{"pages/home/home.js": "jd.login()" + strings.Repeat(".then(x)", 2100) + "\n" + deep}), shop))
	if !slices.Contains(got, "script-unread pages/home/home.js:0 pages/home/home.js") {
		t.Errorf("%v", got)
	}
}

func TestManyOfAKindAreCounted(t *testing.T) {
	var b strings.Builder
	for i := range 130 {
		fmt.Fprintf(&b, "jd.request({url:'https://h%d.example/'})\n", i)
	}
	found := lookAt(program(t, map[string]string{"pages/home/home.js": b.String()}), shop)
	if len(found.Items) != 100 || found.More[AddressOutside] != 30 {
		t.Errorf("%d told, more: %v", len(found.Items), found.More)
	}
}

func TestOneSubjectInManyPlacesIsOneFinding(t *testing.T) {
	found := lookAt(program(t, map[string]string{"pages/home/home.js": strings.Repeat("jd.getLocation()\n", 50)}), shop)
	if len(found.Items) != 1 || len(found.Items[0].Also) != 19 || found.Items[0].Line != 1 || found.Items[0].Also[3].Line != 5 {
		t.Errorf("%+v", found)
	}
}

func TestTheOfficialCasesRaiseNoAlarm(t *testing.T) {
	for _, dir := range []string{"../../examples/jewellery", "../../examples/taro-shop/dist"} {
		pkg := fromFolder(t, dir)
		// Whatever the cases show, they are granted and have stated: what is left is what was taken for something it is not.
		app := release.App{Domains: release.Domains{Request: []string{"https://shop.minimart.example"}}, Privacy: map[string]string{}}
		for _, kind := range release.PrivacyKinds() {
			app.Privacy[kind.Kind] = "为您服务"
		}
		for _, f := range lookAt(pkg, app, slices.Collect(maps.Values(gates))...).Items {
			if f.Severity == safety.High || f.Code == CapabilityMissing || f.Code == PrivacyUndeclared || f.Code == ScriptUnread || f.Code == AddressOutside || f.Code == PageUnused {
				t.Errorf("%s: %+v", dir, f)
			}
		}
	}
}

func fromFolder(t testing.TB, dir string) *pkgfile.Package {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		inside, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(inside)], err = os.ReadFile(name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := repack(files, pkgfile.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

func TestAHostilePackageCostsNoMoreThanALargeOne(t *testing.T) {
	const size = 1 << 20
	repeat := func(s string) string { return strings.Repeat(s, size/len(s)) }
	for name, files := range map[string]map[string]string{
		"a chain of calls": {"pages/home/home.js": "jd" + repeat(".a()")},
		"a sum of strings": {"pages/home/home.js": "x = ''" + repeat("+'赌'")},
		"nothing but APIs": {"pages/home/home.js": repeat("jd.login();")},
		"APIs without end": {"pages/home/home.js": func() string {
			var b strings.Builder
			for i := range 50_000 {
				fmt.Fprintf(&b, "jd.a%d();", i)
			}
			return b.String()
		}()},
		"brackets":                {"pages/home/home.js": strings.Repeat("[", 100_000)},
		"bad words":               {"pages/home/home.js": "x = [" + repeat("'加微信赌博',") + "]"},
		"addresses":               {"pages/home/home.js": "x = '" + repeat("http://a.b ") + "'"},
		"braces in a template":    {"pages/home/home.jxml": repeat("{{")},
		"tags in a template":      {"pages/home/home.jxml": repeat("<a b='{{'>")},
		"attributes":              {"pages/home/home.jxml": "<a " + repeat("b='c' ")},
		"quotes in an expression": {"pages/home/home.jxml": "{{" + strings.Repeat("'a'", 1000) + "}}" + repeat("{{'")},
		"a JSON of strings":       {"data.json": "[" + repeat("\"赌博\",") + "1]"},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			pkg := program(t, files)
			d := compare(factsOf(program(t, nil)), factsOf(pkg), settings{}, settings{})
			found := lookAt(pkg, shop)
			size := len(must(json.Marshal(d))) + len(must(json.Marshal(found)))
			if took := time.Since(start); took > 30*time.Second || size > 2<<20 {
				t.Errorf("took %s, %d bytes are kept", took, size)
			} else {
				t.Logf("%s, %d bytes", took, size)
			}
		})
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestStringsOfJavaScriptAreDecoded(t *testing.T) {
	for literal, want := range map[string]string{
		`'a'`: "a", `"\u4f60\x41\u{1F600}"`: "你A😀", `'\ud83d\ude00'`: "😀", `'\ud83d'`: "\ufffd", `'\ud83dx'`: "\ufffdx", `'a\
b'`: "ab", `'\'\\\n'`: "'\\\n", `'\u12'`: "12", `'\u{110000}'`: "{110000}", `'\`: "", `''`: "", `'`: "",
	} {
		if got := decodeString([]byte(literal)); got != want {
			t.Errorf("%s is %q, want %q", literal, got, want)
		}
	}
}

// places holds that everything found lies in the package.
func places(t *testing.T, f *facts) {
	t.Helper()
	check := func(p Place) {
		src, ok := f.pkg.Files[p.File]
		if !ok || p.Line < 0 || p.Line > strings.Count(string(src), "\n")+strings.Count(string(src), "\r")+1 {
			t.Fatalf("%+v lies outside", p)
		}
	}
	for _, group := range []map[string]*use{f.apis, f.components} {
		for _, u := range group {
			for _, p := range u.places {
				check(p)
			}
		}
	}
	for _, s := range f.texts {
		check(s.place)
	}
}

func FuzzScript(f *testing.F) {
	for _, s := range []string{"jd.login()", "const {a:b} = wx; b()", "`a${b}c` + 'd' + e", "x().request({url:'http://a'})", "[1,,'a']", "require(x)", "class A{#b=1}", "'\\u{", "a?.b?.['c']()", "debugger;({a:1,'b':2,[c]:3})", "import a from 'b'", "<T,>(x)=>x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		pkg := pkgfile.New(pkgfile.JD, map[string][]byte{"a.js": []byte(src)})
		facts := gather(pkg, func(string) bool { return false })
		places(t, facts)
		in := &inspection{facts: facts, app: shop, safety: safety.Default(), gates: gates}
		in.inspect()
	})
}

func FuzzTemplate(f *testing.F) {
	for _, s := range []string{"<view>{{a}}b</view>", "<jds module='a'>module.exports={}</jds>", "<jds src='a'/><b/>", "<a b='{{\"c\"}}' d=e f>", "<", "{{", "<a b=", "<!--", "<a {{b}}>", "</a", "&#24494;", "<jds>", "<a/ b>", "{{'"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		pkg := pkgfile.New(pkgfile.JD, map[string][]byte{"a.jxml": []byte(src)})
		places(t, gather(pkg, func(string) bool { return false }))
	})
}

func BenchmarkLook(b *testing.B) {
	pkg := fromFolder(b, "../../examples/taro-shop/dist")
	b.SetBytes(pkg.Bytes)
	for b.Loop() {
		lookAt(pkg, shop)
	}
}
