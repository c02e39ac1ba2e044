package deliver_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"minimart/platform/httpapi"
	"minimart/platform/testkit/browser"
	"minimart/program/build"
	"minimart/program/deliver"
)

// The view runtime of this test says hello and then tells the host what it can and cannot do.
const probingView = `
parent.postMessage({ mm: "hello" }, "*");
const tell = (what, value) => parent.postMessage({ tell: what, value: String(value) }, "*");
const tried = (what, f) => { try { tell(what, f()) } catch (e) { tell(what, "refused") } };
const picture = (what, src) => { const i = new Image(); i.onload = () => tell(what, "loaded"); i.onerror = () => tell(what, "refused"); i.src = src; };
tell("origin", origin);
tried("storage", () => localStorage.length);
tried("cookie", () => document.cookie);
tried("host", () => parent.document.title);
tried("eval", () => (0, eval)("1+1"));
fetch(LOCATION + "/api/host/v1/programs").then(() => tell("fetch", "answered"), () => tell("fetch", "refused"));
picture("own picture", LOCATION + "/p/DRAWING");
picture("other picture", LOCATION + "/secret.svg");
const inline = document.createElement("script"); inline.textContent = "window.inlined = 1"; document.head.append(inline); tell("inline", window.inlined ? "ran" : "refused");
const worker = new Worker(URL.createObjectURL(new Blob(["postMessage('alive'); fetch(" + JSON.stringify(LOCATION) + ").then(() => postMessage('reached'), () => postMessage('refused'))"])));
worker.onmessage = (e) => tell("worker " + e.data, "yes");
const script = document.createElement("script"); script.src = URL.createObjectURL(new Blob(["window.ran = 1"])); script.onload = () => tell("blob", window.ran ? "ran" : "no"); document.head.append(script);
`

func TestChromiumKeepsAProgramInTheSandbox(t *testing.T) {
	var leaked atomic.Int32
	mux := http.NewServeMux()
	api := httpapi.New(mux, httpapi.Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	server := httptest.NewServer(api)
	defer server.Close()
	m := deliver.NewMemory()
	m.Set(shop(), []build.File{drawing})
	view := strings.NewReplacer("LOCATION", `"`+server.URL+`"`, "DRAWING", drawing.Name).Replace(probingView)
	deliver.Routes(api, mux, deliver.Config{Programs: m, Files: m, Runtime: deliver.Runtime{View: view}})
	mux.HandleFunc("GET /secret.svg", func(http.ResponseWriter, *http.Request) { leaked.Add(1) })
	mux.HandleFunc("GET /host", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, `<!doctype html><link rel="icon" href="data:,"><script src="/host.js"></script><iframe sandbox="allow-scripts" src="/run/app_1/ver_1/frame"></iframe>`)
	})
	mux.HandleFunc("GET /host.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = io.WriteString(w, `window.told = {}; addEventListener("message", (e) => { if (e.data.mm) told.hello = e.origin; else told[e.data.tell] = e.data.value })`)
	})

	page := browser.Open(t, browser.Desk, server.URL+"/host")
	page.Await(`Object.keys(told).length >= 13`)
	var told map[string]string
	if err := page.Top().Eval("told", &told); err != nil {
		t.Fatal(err)
	}
	for what, want := range map[string]string{
		"hello": "null", "origin": "null", "storage": "refused", "cookie": "refused", "host": "refused", "eval": "refused",
		"fetch": "refused", "own picture": "loaded", "other picture": "refused", "inline": "refused", "worker alive": "yes", "worker refused": "yes", "blob": "ran",
	} {
		if told[what] != want {
			t.Errorf("%s: %q, want %q", what, told[what], want)
		}
	}
	if leaked.Load() != 0 {
		t.Error("the address of a picture went out")
	}
	for _, e := range page.Errors() {
		// What the policy refuses is complained about; the headers themselves must not be.
		if strings.Contains(e, "Unrecognized") || strings.Contains(e, "Permissions-Policy") || strings.Contains(e, "directive is ignored") {
			t.Errorf("the console complains about a header: %s", e)
		}
	}

	// Opened by its address, without the host's iframe, the document is still in a sandbox.
	alone := browser.Open(t, browser.Desk, server.URL+"/run/app_1/ver_1/frame")
	var origin string
	if err := alone.Top().Eval("origin", &origin); err != nil || origin != "null" {
		t.Errorf("origin %q, %v", origin, err)
	}
	// An SVG with a script, opened by its address, runs nothing.
	picture := browser.Open(t, browser.Desk, server.URL+"/p/"+drawing.Name)
	if err := picture.Top().Eval("origin", &origin); err == nil && origin != "null" {
		t.Errorf("an SVG has the origin %q", origin)
	}
}
