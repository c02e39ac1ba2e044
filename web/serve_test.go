package web

import (
	"context"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"
)

func TestHostHandler(t *testing.T) {
	host := site{at: "/app/", name: "the host app", policy: HostPolicy, files: fstest.MapFS{
		"index.html":         {Data: []byte("<!doctype html><p>entry " + strings.Repeat("long enough to pack ", 20))},
		"assets/host.abc.js": {Data: []byte("console.log(1)")},
	}}.handler()
	for _, test := range []struct {
		name, method, path, accept string
		status                     int
		cache, kind, coding, body  string
	}{
		{"home is the entry page, asked for anew each time", "GET", "/app/", "", 200, "no-cache", "text/html; charset=utf-8", "", "entry"},
		{"so is every program's address", "GET", "/app/shop?path=pages/a", "", 200, "no-cache", "text/html; charset=utf-8", "", "entry"},
		{"so is an address that is none: the page says so", "GET", "/app/a/b/c", "", 200, "no-cache", "text/html; charset=utf-8", "", "entry"},
		{"assets are kept for ever", "GET", "/app/assets/host.abc.js", "", 200, "public, max-age=31536000, immutable", "text/javascript; charset=utf-8", "", "console.log(1)"},
		{"assets of another version are not there", "GET", "/app/assets/host.old.js", "", 404, "", "text/plain; charset=utf-8", "", "reload the page"},
		{"no file outside of the assets can be named", "GET", "/app/assets/../index.html", "", 404, "", "text/plain; charset=utf-8", "", ""},
		{"brotli for who accepts it", "GET", "/app/", "gzip, br;q=0.9", 200, "no-cache", "text/html; charset=utf-8", "br", "entry"},
		{"no brotli for who refuses it", "GET", "/app/", "br;q=0, gzip", 200, "no-cache", "text/html; charset=utf-8", "", "entry"},
		{"no brotli where it would be larger", "GET", "/app/assets/host.abc.js", "br", 200, "public, max-age=31536000, immutable", "text/javascript; charset=utf-8", "", "console.log(1)"},
		{"HEAD has no body", "HEAD", "/app/", "", 200, "no-cache", "text/html; charset=utf-8", "", ""},
		{"nothing is written here", "POST", "/app/", "", 405, "", "text/plain; charset=utf-8", "", "GET"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest(test.method, test.path, nil)
			if test.accept != "" {
				r.Header.Set("Accept-Encoding", test.accept)
			}
			w := httptest.NewRecorder()
			host.ServeHTTP(w, r)
			got := w.Result()
			var body io.Reader = got.Body
			if got.Header.Get("Content-Encoding") == "br" {
				body = brotli.NewReader(body)
			}
			text, err := io.ReadAll(body)
			if err != nil {
				t.Fatal(err)
			}
			if got.StatusCode != test.status || got.Header.Get("Cache-Control") != test.cache || got.Header.Get("Content-Type") != test.kind || got.Header.Get("Content-Encoding") != test.coding {
				t.Errorf("status %d, headers %v", got.StatusCode, got.Header)
			}
			if !strings.Contains(string(text), test.body) || (test.method == "HEAD" && len(text) > 0) {
				t.Errorf("body %q", text)
			}
			if test.kind == "text/html; charset=utf-8" && !strings.Contains(got.Header.Get("Content-Security-Policy"), "script-src 'self'") {
				t.Error("the entry page came without its content security policy")
			}
		})
	}
}

func TestTheConsoleIsServedLikeTheHostWithAPolicyOfItsOwn(t *testing.T) {
	for path, want := range map[string]string{"/console/": "no-cache", "/console/orgs/org_1/apps?state=x": "no-cache"} {
		w := httptest.NewRecorder()
		ConsoleHandler().ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != 200 || w.Header().Get("Cache-Control") != want || w.Header().Get("Content-Security-Policy") != ConsolePolicy || !strings.Contains(w.Body.String(), "/console/assets/main.") {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
	}
	if !strings.Contains(ConsolePolicy, "script-src 'self';") {
		t.Errorf("scripts may come from elsewhere: %s", ConsolePolicy)
	}
	page, err := fs.ReadFile(Console(), "index.html")
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`/console/(assets/[^"]+)`).FindAllSubmatch(page, -1)
	if len(names) < 2 {
		t.Fatalf("want a script and a style sheet, got %q", names)
	}
	for _, name := range names {
		w := httptest.NewRecorder()
		ConsoleHandler().ServeHTTP(w, httptest.NewRequest("GET", "/console/"+string(name[1]), nil))
		if w.Code != 200 || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %v", name[1], w.Code, w.Header())
		}
	}
}

func TestTheEntryPageNamesFilesThatAreThere(t *testing.T) {
	page, err := fs.ReadFile(Host(), "index.html")
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`/app/(assets/[^"]+)`).FindAllSubmatch(page, -1)
	if len(names) != 2 {
		t.Fatalf("want a script and a style sheet, got %q", names)
	}
	for _, name := range names {
		if _, err := fs.Stat(Host(), string(name[1])); err != nil {
			t.Error(err)
		}
	}
	server := httptest.NewServer(HostHandler())
	defer server.Close()
	got, err := http.Get(server.URL + "/app/" + string(names[0][1]))
	if err != nil {
		t.Fatal(err)
	}
	got.Body.Close()
	if got.StatusCode != 200 {
		t.Error(got.Status)
	}
}

func TestRuntimesCanStandInAScriptElement(t *testing.T) {
	for name, code := range map[string]string{"view": ViewRuntime(), "worker": WorkerRuntime()} {
		if code == "" {
			t.Errorf("there is no %s runtime in web/dist", name)
		}
		if strings.Contains(strings.ToLower(code), "</script") || strings.Contains(code, "<!--") && strings.Contains(strings.ToLower(code), "<script") {
			t.Errorf("the %s runtime would end the script element it is inlined in", name)
		}
	}
	for name, code := range Builtins() {
		if code == "" || strings.ContainsAny(name, "./ ") {
			t.Errorf("built-in module %q: %d bytes", name, len(code))
		}
	}
}

func FuzzAcceptsBrotli(f *testing.F) {
	for _, seed := range []string{"", "br", "gzip, br;q=0.9", "br;q=0", "br; q=0", "br;q=nan", "*", ",;,;", "br;q=-1", "BR", "br;Q=0", strings.Repeat("br,", 1000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, accept string) {
		yes := acceptsBrotli([]string{accept})
		if yes && !strings.Contains(strings.ToLower(accept), "br") {
			t.Errorf("%q does not name brotli", accept)
		}
	})
}

func TestBrotliIsSentToThoseWhoWantIt(t *testing.T) {
	for accept, want := range map[string]bool{"br": true, "gzip, br": true, "BR;q=1": true, "br; q=0.1": true, "br;q=0": false, "br; q=0": false, "br;q=0.0": false, "br;Q=0": false, "br;q=x": false, "gzip": false, "": false, "brotli": false} {
		if got := acceptsBrotli([]string{accept}); got != want {
			t.Errorf("%q: %v", accept, got)
		}
	}
}

func TestTheEntryPageCarriesTheKeyOfTheHostThatIsAskedForEachTime(t *testing.T) {
	key := "hpk_first"
	host := HostHandler(WithHostKey(func(context.Context) string { return key }))
	page := func(path string) string {
		w := httptest.NewRecorder()
		host.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if policy := w.Header().Get("Content-Security-Policy"); policy != HostPolicy || w.Header().Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %v", path, w.Header())
		}
		return w.Body.String()
	}
	for _, want := range []string{"hpk_first", "hpk_second"} {
		key = want
		if got := page("/app/shop"); !strings.Contains(got, `<meta name="minimart-host" content="`+want+`">`) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	key = `"><script>`
	if got := page("/app/"); strings.Contains(got, key) {
		t.Error("a key is text, and stays text")
	}
	w := httptest.NewRecorder()
	HostHandler().ServeHTTP(w, httptest.NewRequest("GET", "/app/", nil))
	if !strings.Contains(w.Body.String(), noHostKey) {
		t.Error("a host without a key has none in its page")
	}
}
