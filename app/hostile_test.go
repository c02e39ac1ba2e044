package app

import (
	"bytes"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"minimart/platform/testkit/browser"
	"minimart/program/deliver"
	"minimart/program/preview"
	"minimart/program/release"
)

// terminal is what the developer of a preview reads.
type terminal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (t *terminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Write(p)
}

func (t *terminal) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}

// rehearsal is one program in preview, in the host app, in Chromium.
type rehearsal struct {
	*browser.Page
	t        *testing.T
	url      string
	terminal *terminal
}

// files of a package by name.
type files map[string]string

// with is the package with some files in the place of others.
func (f files) with(others files) files {
	out := files{}
	for name, text := range f {
		out[name] = text
	}
	for name, text := range others {
		out[name] = text
	}
	return out
}

func (f files) write(t testing.TB, dir string) {
	t.Helper()
	for name, text := range f {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// serve starts a preview of a package, which must build.
func serve(t *testing.T, dir string, domains release.Domains) (url string, out *terminal) {
	t.Helper()
	out = &terminal{}
	programs := deliver.NewMemory()
	p := preview.New(dir, domains, programs, out)
	if !p.Build() {
		t.Fatalf("not built:\n%s", out)
	}
	server := httptest.NewServer(previewAPI(p, programs, streams{out: out, err: out}))
	t.Cleanup(func() {
		server.CloseClientConnections() // the console listens for as long as it can
		server.Close()
	})
	return server.URL, out
}

// rehearse starts Chromium on a desk, where the console stands beside the phone, and opens a package in preview.
func rehearse(t *testing.T, f files) *rehearsal {
	t.Helper()
	r := &rehearsal{t: t}
	r.build(f)
	r.Page = browser.Open(t, browser.Desk, r.url+"/app/"+preview.App+"?preview=1")
	return r
}

// next opens another package in the same tab. What the one before has done to the browser is still there.
func (r *rehearsal) next(t *testing.T, f files) *rehearsal {
	t.Helper()
	n := &rehearsal{Page: r.Page, t: t}
	n.build(f)
	n.Run(chromedp.Navigate(n.url + "/app/" + preview.App + "?preview=1"))
	return n
}

func (r *rehearsal) build(f files) {
	r.t.Helper()
	dir := r.t.TempDir()
	f.write(r.t, dir)
	r.url, r.terminal = serve(r.t, dir, release.Domains{})
}

func inRunner(selector string) string { return "mm-host >>> mm-runner >>> " + selector }
func inDialog(selector string) string {
	return "mm-host >>> mm-runner >>> mm-overlays >>> " + selector
}

func (r *rehearsal) program() *browser.Frame { return r.Frame("/run/" + preview.App + "/") }

// awaitTerminal waits until a line of the terminal has all the words.
func (r *rehearsal) awaitTerminal(words ...string) {
	r.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(40 * time.Millisecond) {
		said := r.terminal.String()
		if slices.ContainsFunc(strings.Split(said, "\n"), func(line string) bool { return hasAll(line, words) }) {
			return
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("no line of the terminal has all of %q; it says:\n%.6000s", words, said)
		}
	}
}

func hasAll(line string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(line, w) {
			return false
		}
	}
	return true
}

// developerIsTold waits for the words with their place in the source, in the terminal and in the console of the page.
func (r *rehearsal) developerIsTold(words, place string) {
	r.t.Helper()
	r.awaitTerminal(words, place)
	r.Await(fmt.Sprintf(`[...document.querySelector("mm-host").shadowRoot.querySelector("mm-console").shadowRoot.querySelectorAll("li")].some((li) =>
		li.textContent.includes(%q) && li.textContent.includes(%q))`, words, place))
}

// hostIsAlive goes through all that must still work, whatever the program does: the menu opens, the capsule closes the
// program, home works, and the program opens again from there.
func (r *rehearsal) hostIsAlive() {
	r.t.Helper()
	r.Click(inRunner("#menu"))
	r.AwaitText(inDialog(".sheet"), "重新打开")
	r.Press(kb.Escape)
	r.Await(`!document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot.querySelector("mm-overlays").shadowRoot.querySelector(".sheet")`)
	r.Click(inRunner("#close"))
	r.Await(`document.querySelector("mm-host").shadowRoot.querySelector("mm-home") && !document.querySelector("mm-host").shadowRoot.querySelector("mm-runner")`)
	r.Click(fmt.Sprintf(`mm-host >>> mm-home >>> a[data-app=%q]`, preview.App))
	// It is a consumer's program now, without the developer's console.
	r.Await(`(r => r && !document.querySelector("mm-host").shadowRoot.querySelector("mm-console") && (r.querySelector(".failure") || r.querySelector("iframe")))(document.querySelector("mm-host").shadowRoot.querySelector("mm-runner")?.shadowRoot)`)
	r.Click(inRunner("#close"))
	r.AwaitText("mm-host >>> mm-home >>> main", "全部小程序")
}

// plain is a program that works, and which each test spoils in one place.
var plain = files{
	"app.json":                  `{"pages": ["pages/index/index", "pages/next/next"], "window": {"navigationBarTitleText": "试"}}`,
	"app.js":                    "App({})\n",
	"pages/index/index.json":    `{"usingComponents": {"price-tag": "/components/price-tag"}}`,
	"pages/index/index.jxml":    `<view id="page">第一页 {{word}}</view><button id="go" bindtap="go">go</button><price-tag fen="{{990}}"/>`,
	"pages/index/index.js":      "Page({\n  data: { word: '你好' },\n  go() {\n    jd.navigateTo({ url: '/pages/next/next' })\n  },\n})\n",
	"pages/next/next.jxml":      `<view id="next">第二页</view>`,
	"pages/next/next.js":        "Page({})\n",
	"components/price-tag.json": `{"component": true}`,
	"components/price-tag.jxml": `<view class="price">{{fen}} 分</view>`,
	"components/price-tag.js":   "Component({\n  properties: { fen: Number },\n})\n",
}

// spoiled is a program with something wrong in it, and what follows.
type spoiled struct {
	name     string
	files    files
	act      func(r *rehearsal) // what the consumer does; nil when it happens by itself
	consumer string             // CSS selector and words the consumer sees, "selector|words"
	words    string             // what the developer reads
	place    string             // and where
}

const (
	failed  = "mm-host >>> mm-runner >>> .failure|小程序出错了"
	silent  = "mm-host >>> mm-runner >>> .silent|小程序没有响应"
	stopped = "mm-host >>> mm-runner >>> .failure|小程序已被停止"
	lost    = "mm-host >>> mm-runner >>> mm-overlays >>> .toast|页面打不开"
	// The program goes on: what it shows is still there.
	goesOn = "frame|第一页"
)

func tapGo(r *rehearsal) { r.program().Click("#go") }

func tapManyNodes(r *rehearsal) {
	tapGo(r)
	r.program().Await(`document.querySelectorAll("mm-view").length > 100000`)
}

func index(body string) files {
	return files{"pages/index/index.js": "Page({\n  data: { word: '你好', list: [] },\n" + body + "})\n"}
}

func TestAScriptThatFailsIsToldToWhoeverCanMendIt(t *testing.T) {
	rehearseAll(t, []spoiled{
		{"app.js before App", files{"app.js": "\nconst theme = settings.theme\nApp({})\n"}, nil, failed, "settings is not defined", "app.js:2:15"},
		{"the first page's script", files{"pages/index/index.js": "const a = 1\n\nnull.x\nPage({})\n"}, nil, failed, "Cannot read properties of null", "pages/index/index.js:3:"},
		{"a page that is opened later", files{"pages/next/next.js": "\nundefined.list.map(x => x)\nPage({})\n"}, tapGo, lost, "Cannot read properties of undefined", "pages/next/next.js:2:11"},
		{"a component's script", files{"components/price-tag.js": "\n\nthrow new Error('no prices today')\n"}, nil, goesOn, "no prices today", "components/price-tag.js:3:7"},
		{"onLoad", index("  onLoad() {\n    this.missing()\n  },\n"), nil, goesOn, "this.missing is not a function", "pages/index/index.js:4:10"},
		{"onLaunch", files{"app.js": "App({\n  onLaunch() {\n    throw new TypeError('bad launch')\n  },\n})\n"}, nil, goesOn, "bad launch", "app.js:3:11"},
		{"a tap handler", index("  go() {\n    const o = {}\n    o.price.toFixed(2)\n  },\n"), tapGo, goesOn, "Cannot read properties of undefined", "pages/index/index.js:5:13"},
		{"a timer", index("  onLoad() {\n    setTimeout(() => {\n      throw new Error('late')\n    }, 10)\n  },\n"), nil, goesOn, "late", "pages/index/index.js:5:13"},
		{"a rejected promise", index("  async go() {\n    await null\n    throw new Error('refused')\n  },\n"), tapGo, goesOn, "refused", "pages/index/index.js:5:11"},
		{"JSON that is none", index("  onLoad() {\n    this.setData(JSON.parse('{\"a\": }'))\n  },\n"), nil, goesOn, "Unexpected token", "pages/index/index.js:4:23"},
		{"a module that is not there", index("  onLoad() {\n    const name = './pri' + 'ces'\n    require(name)\n  },\n"), nil, goesOn, "module \"./prices\" is not in the package", "pages/index/index.js:5:5"},
		{"recursion without end", index("  go() {\n    const down = (n) => down(n + 1) + 1\n    down(0)\n  },\n"), tapGo, goesOn, "Maximum call stack size exceeded", "pages/index/index.js:4:"},
		{"data in a circle", index("  go() {\n    const a = {}\n    a.a = a\n    this.setData({ a })\n  },\n"), tapGo, goesOn, "the value contains itself", "pages/index/index.js:6:10"},
		{"a component that contains itself", files{"components/price-tag.json": `{"component": true, "usingComponents": {"price-tag": "./price-tag"}}`, "components/price-tag.jxml": "<view>{{fen}}<price-tag/></view>"}, nil, goesOn, "does components/price-tag contain itself?", ""},
		{"console.error", index("  go() {\n    console.error('stock', { left: -1 })\n  },\n"), tapGo, goesOn, "stock", "pages/index/index.js:4:13"},
	})
}

func TestAProgramThatNeverEndsCanAlwaysBeClosed(t *testing.T) {
	rehearseAll(t, []spoiled{
		{"a loop in onLoad", index("  onLoad() {\n    for (;;) { }\n  },\n"), nil, silent, "the program has not answered for 5 s, since it entered pages/index/index onLoad", "pages/index/index.js:3:3"},
		{"a loop in a tap handler", index("  go() {\n    while (true) { }\n  },\n"), tapGo, silent, "the program has not answered for 5 s, since it entered pages/index/index go", "pages/index/index.js:3:3"},
		{"setData in a loop", index("  go() {\n    for (let i = 0; ; i++) this.setData({ word: 'x' + i })\n  },\n"), tapGo, silent, "the program has not answered for 5 s, since it entered pages/index/index go", "pages/index/index.js:3:3"},
		{"setData after setData", index("  go() {\n    const again = () => this.setData({ word: '又' }, again)\n    again()\n  },\n"), tapGo, goesOn, "", ""},
		{"console.log in a loop", index("  go() {\n    for (let i = 0; i < 200000; i++) console.log('line', i)\n    setTimeout(() => console.log('done'), 1500)\n  },\n"), tapGo, goesOn, "more lines were dropped", ""},
		{"console.log for ever", index("  go() {\n    for (;;) console.log('x')\n  },\n"), tapGo, silent, "the program has not answered for 5 s, since it entered pages/index/index go", "pages/index/index.js:3:3"},
		{"API calls in a loop", index("  go() {\n    for (let i = 0; i < 50000; i++) jd.showToast({ title: 'x' + i })\n  },\n"), tapGo, stopped, "more than 3000 messages in a second, since it entered pages/index/index go", "pages/index/index.js:3:3"},
		{"10,000 timers", index("  go() {\n    for (let i = 0; i < 10000; i++) setInterval(() => this.setData({ word: 't' + i }), 10)\n  },\n"), tapGo, goesOn, "", ""},
		{"microtasks for ever", index("  go() {\n    const again = () => Promise.resolve().then(again)\n    again()\n  },\n"), tapGo, silent, "the program has not answered for 5 s, since it entered pages/index/index go", "pages/index/index.js:3:3"},
		{"10 MB of data", index("  go() {\n    this.setData({ word: 'x'.repeat(10 << 20) })\n  },\n"), tapGo, failed, "pages/index/index sets 10 MB of data at once", ""},
		{"navigating for ever", files{"pages/index/index.js": "Page({ onLoad() { jd.redirectTo({ url: '/pages/next/next' }) } })", "pages/next/next.js": "Page({\n  onLoad() {\n    jd.redirectTo({ url: '/pages/index/index' })\n  },\n})\n"}, nil, "frame|第", "more than 20 pages in a second", ""},
		{"opening pages for ever", files{"pages/next/next.js": "Page({\n  onLoad() {\n    jd.navigateTo({ url: '/pages/next/next' })\n  },\n})\n"}, tapGo, "frame|第二页", "10 pages are open", ""},
		{"a template script without end", files{"pages/index/index.jxml": "<jds module=\"m\">\nmodule.exports = { spin: function () { for (;;) { } }, grow: function f(n) { return n && f(n - 1) + f(n - 1) } }\n</jds>\n<view>第一页</view><view>{{m.spin()}}</view><view>{{m.grow(99)}}</view>"},
			nil, lost, "scripts of templates ran for 2 s without an end", ""},
		{"a template that calls itself", files{"pages/index/index.jxml": `<template name="a"><view><template is="{{b}}" data="{{b}}"/></view></template><view>第一页</view><template is="a" data="{{b: 'a'}}"/>`}, nil, lost, "Maximum call stack size exceeded (in the page, pages/index/index)", ""},
		{"100,000 nodes", index("  go() {\n    this.setData({ list: Array.from({ length: 100000 }, (_, i) => i) })\n  },\n").with(files{"pages/index/index.jxml": `<view>第一页</view><button id="go" bindtap="go">go</button><view jd:for="{{list}}" jd:key="*this">{{item}}</view>`}), tapManyNodes, "", "", ""},
	})
}

func rehearseAll(t *testing.T, all []spoiled) {
	r := rehearse(t, plain)
	r.program().AwaitText("#page", "第一页 你好")
	for _, s := range all {
		t.Run(s.name, func(t *testing.T) {
			r := r.next(t, plain.with(s.files))
			if s.act != nil {
				s.act(r)
			}
			if s.consumer != "" {
				where, words, _ := strings.Cut(s.consumer, "|")
				if where == "frame" {
					r.program().AwaitText("body", words)
				} else {
					r.AwaitText(where, words)
				}
			}
			if s.words != "" {
				r.developerIsTold(s.words, s.place)
			}
			if s.consumer == failed && s.place != "" {
				r.AwaitText(inRunner(".failure pre"), s.place)
			}
			r.hostIsAlive()
		})
	}
}

func TestAProgramThatWorksSurvivesItsOwnRehearsal(t *testing.T) {
	r := rehearse(t, plain)
	r.program().AwaitText("#page", "第一页 你好")
	r.program().AwaitText("#page + * + *", "990 分")
	r.program().Click("#go")
	r.program().AwaitText("#next", "第二页")
	r.hostIsAlive()
	if errs := r.Errors(); len(errs) > 0 {
		t.Errorf("errors: %q", errs)
	}
}
