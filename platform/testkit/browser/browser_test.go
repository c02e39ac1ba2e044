package browser_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"minimart/platform/testkit/browser"
)

func TestAPageAndASandboxedFrameInItAreDrivenAlike(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<!doctype html><h1>外</h1><iframe sandbox="allow-scripts" style="margin:30px" src="/inner"></iframe>
			<script>console.error("on purpose")</script>`))
	})
	mux.HandleFunc("/inner", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<!doctype html><button onclick="this.textContent='clicked ' + self.origin">press</button><input>`))
	})
	server := httptest.NewServer(mux)
	defer server.Close()

	page := browser.Open(t, browser.Phone, server.URL)
	frame := page.Frame("/inner")
	frame.Click("button")
	frame.AwaitText("button", "clicked null")
	frame.Fill("input", "你好")
	frame.Await(`document.querySelector("input").value === "你好"`)
	page.AwaitText("h1", "外")
	if errs := page.Errors(); len(errs) != 1 || !strings.Contains(errs[0], "on purpose") {
		t.Errorf("console errors: %q", errs)
	}
}
