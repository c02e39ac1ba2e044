package deliver_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"minimart/platform/access"
	"minimart/platform/blob"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/fault/faulttest"
	"minimart/platform/httpapi"
	"minimart/platform/testkit"
	"minimart/program/build"
	"minimart/program/deliver"
	"minimart/program/release"
)

var (
	logic   = file("11", ".js", strings.Repeat("App({});\n", 200))
	view    = file("22", ".js", "tiny")
	film    = build.File{Name: name("33", ".mp4"), Bytes: []byte("0123456789")}
	drawing = file("44", ".svg", "<svg xmlns='http://www.w3.org/2000/svg'>"+strings.Repeat("<g/>", 100)+"<script>alert(1)</script></svg>")
	page    = file("55", ".html", "<script>alert(1)</script>")
)

func name(digits, ext string) string { return strings.Repeat(digits, 16) + ext }

// file is a built file; its name need not be the hash of its content here.
func file(digits, ext, content string) build.File {
	f := build.File{Name: name(digits, ext), Bytes: []byte(content)}
	if len(content) > 100 {
		var packed bytes.Buffer
		w := brotli.NewWriter(&packed)
		if _, err := w.Write(f.Bytes); err != nil {
			panic(err)
		}
		if err := w.Close(); err != nil {
			panic(err)
		}
		f.Brotli = packed.Bytes()
	}
	return f
}

func shop() deliver.Program {
	return deliver.Program{
		App: "app_1", Version: "ver_1", VersionType: deliver.ReleaseVersion, Label: "1.0.0", Name: "拾光家居", Icon: name("44", ".svg"), Summary: "好物",
		Domains: release.Domains{Request: []string{"https://api.shop.example"}, Media: []string{"https://img.shop.example:8443", "'unsafe-inline'; script-src *"}},
		Manifest: &build.Manifest{
			Format: build.FormatVersion, Dialect: "jd", Entry: "pages/index/index", App: json.RawMessage(`{"pages":["pages/index/index"],"window":{}}`),
			Pages:    map[string]build.Page{"pages/index/index": {View: []string{view.Name}}, "sub/a": {Package: "sub"}},
			Packages: map[string]build.Pack{"": {Logic: logic.Name, Bytes: 5}, "sub": {Logic: view.Name, Independent: true}},
			Assets:   map[string]string{"assets/a.svg": drawing.Name},
		},
	}
}

var runtime = deliver.Runtime{View: `parent.postMessage({mm:"hello"},"*")`, Worker: "self.onmessage=0", Builtins: map[string]string{"form": "$M.form=1"}}

func memory() *deliver.Memory {
	m := deliver.NewMemory()
	m.Set(shop(), []build.File{logic, view, film, drawing, page})
	return m
}

func site(c deliver.Config) http.Handler {
	mux := http.NewServeMux()
	api := httpapi.New(mux, httpapi.Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	deliver.Routes(api, mux, c)
	return api
}

func get(h http.Handler, url string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, url, nil)
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		} else {
			r.Header.Set(header[i], header[i+1])
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestFilesAreServedForEver(t *testing.T) {
	m := memory()
	h := site(deliver.Config{Programs: m, Files: m, Runtime: runtime})
	br := string(logic.Brotli)
	tag := func(f build.File) string { return strings.Repeat(f.Name[:2], 16) }
	tests := []struct {
		name, url string
		header    []string
		status    int
		body      string
		want      map[string]string
	}{
		{"a script, plain", "/p/" + logic.Name, nil, 200, string(logic.Bytes), map[string]string{
			"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "public, max-age=31536000, immutable", "ETag": `"` + tag(logic) + `"`,
			"Vary": "Accept-Encoding", "Content-Encoding": "", "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin",
			"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
		}},
		{"a script in brotli", "/p/" + logic.Name, []string{"Accept-Encoding", "gzip, br"}, 200, br, map[string]string{
			"Content-Encoding": "br", "ETag": `"` + tag(logic) + `-br"`, "Vary": "Accept-Encoding", "Content-Length": itoa(len(br))}},
		{"a script too small for brotli", "/p/" + view.Name, []string{"Accept-Encoding", "br"}, 200, "tiny", map[string]string{"Content-Encoding": ""}},
		{"not again", "/p/" + logic.Name, []string{"If-None-Match", `"` + tag(logic) + `"`}, 304, "", nil},
		{"not again in brotli", "/p/" + logic.Name, []string{"If-None-Match", `"` + tag(logic) + `-br"`, "Accept-Encoding", "br"}, 304, "", nil},
		{"a part of a film", "/p/" + film.Name, []string{"Range", "bytes=2-4"}, 206, "234", map[string]string{"Content-Range": "bytes 2-4/10", "Content-Type": "video/mp4", "Accept-Ranges": "bytes"}},
		{"the end of a film", "/p/" + film.Name, []string{"Range", "bytes=-3"}, 206, "789", nil},
		{"beyond a film", "/p/" + film.Name, []string{"Range", "bytes=20-"}, 416, "", nil},
		{"a part of a script is a part of the plain one", "/p/" + logic.Name, []string{"Range", "bytes=0-2", "Accept-Encoding", "br"}, 206, "App", map[string]string{"Content-Encoding": ""}},
		{"a picture that could be a page", "/p/" + drawing.Name, nil, 200, string(drawing.Bytes), map[string]string{
			"Content-Type": "image/svg+xml", "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'"}},
		{"a page", "/p/" + page.Name, nil, 404, "", nil},
		{"nothing", "/p/" + name("99", ".js"), nil, 404, "", map[string]string{"Cache-Control": "no-store", "ETag": ""}},
		{"a name that climbs", "/p/..%2f..%2fetc%2fpasswd", nil, 404, "", nil},
		{"a name with a tail", "/p/" + logic.Name + ".br", nil, 404, "", nil},
		{"a name in capitals", "/p/" + strings.ToUpper(name("ab", ".js")), nil, 404, "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := get(h, tt.url, tt.header...)
			if w.Code != tt.status || tt.body != "" && w.Body.String() != tt.body {
				t.Errorf("%d with %d bytes: %.60q", w.Code, w.Body.Len(), w.Body)
			}
			for k, v := range tt.want {
				if got := w.Header().Get(k); got != v {
					t.Errorf("%s: %q, want %q", k, got, v)
				}
			}
			if w.Code == 404 && !strings.Contains(w.Body.String(), `"code":"not_found"`) {
				t.Errorf("%s", w.Body)
			}
		})
	}
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }

func TestTheLaunchManifestSaysAllThatAHostNeeds(t *testing.T) {
	m := memory()
	h := site(deliver.Config{Programs: m, Files: m, Runtime: runtime})
	w := get(h, "/api/host/v1/programs/app_1/launch")
	var got map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != 200 {
		t.Fatalf("%d %v %s", w.Code, err, w.Body)
	}
	rt := got["runtime"].(map[string]any)
	delete(got, "runtime")
	text, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"app":"app_1","assets":{"assets/a.svg":"` + drawing.Name + `"},"base":"/p/","capabilities":[],"config":{"pages":["pages/index/index"],"window":{}},"dialect":"jd",` +
		`"domains":{"media":["https://img.shop.example:8443","'unsafe-inline'; script-src *"],"request":["https://api.shop.example"]},"entry":"pages/index/index","frame":"/run/app_1/ver_1/frame","gates":{},"icon":"/p/` + name("44", ".svg") + `","label":"1.0.0",` +
		`"limits":{"flush":4194304,"storage":10485760},"name":"拾光家居","organisation":"","packages":{"":{"logic":"` + logic.Name + `"},"sub":{"independent":true,"logic":"` + view.Name + `"}},` +
		`"pages":{"pages/index/index":{"package":"","view":["` + view.Name + `"]},"sub/a":{"package":"sub","view":[]}},"privacy":{},"summary":"好物","version":"ver_1","versionType":"release"}`
	if string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	for what, address := range map[string]string{"self.onmessage=0": rt["worker"].(string), "$M.form=1": rt["builtins"].(map[string]any)["form"].(string)} {
		if f := get(h, address); f.Body.String() != what || f.Header().Get("Content-Type") != "text/javascript; charset=utf-8" {
			t.Errorf("%s: %d %s", address, f.Code, f.Body)
		}
	}

	tag := w.Header().Get("ETag")
	if w.Header().Get("Cache-Control") != "private, no-cache" || tag == "" {
		t.Errorf("%v", w.Header())
	}
	for _, given := range []string{tag, "W/" + tag, `"x", ` + tag} {
		if again := get(h, "/api/host/v1/programs/app_1/launch", "If-None-Match", given); again.Code != 304 || again.Body.Len() != 0 || again.Header().Get("ETag") != tag {
			t.Errorf("%s: %d %s", given, again.Code, again.Body)
		}
	}
	for what, change := range map[string]func(*deliver.Program){
		"version": func(p *deliver.Program) { p.Version = "ver_2" },
		"name":    func(p *deliver.Program) { p.Name = "x" },
		"domain":  func(p *deliver.Program) { p.Domains.Request = nil },
	} {
		p := shop()
		change(&p)
		m.Set(p, nil)
		if again := get(h, "/api/host/v1/programs/app_1/launch", "If-None-Match", tag); again.Code != 200 {
			t.Errorf("another %s: %d", what, again.Code)
		}
	}
	if missing := get(h, "/api/host/v1/programs/app_2/launch", "Accept-Language", "zh"); missing.Code != 404 || !strings.Contains(missing.Body.String(), "没有小程序 app_2") {
		t.Errorf("%d %s", missing.Code, missing.Body)
	}
	m.Set(deliver.Program{App: "app_3", Name: "broken"}, nil)
	if unbuilt := get(h, "/api/host/v1/programs/app_3/launch"); unbuilt.Code != 503 || !strings.Contains(unbuilt.Body.String(), "has not been built") {
		t.Errorf("%d %s", unbuilt.Code, unbuilt.Body)
	}
}

func TestTheSandboxLetsNothingOut(t *testing.T) {
	m := memory()
	h := site(deliver.Config{Programs: m, Files: m, Runtime: runtime})
	w := get(h, "/run/app_1/ver_1/frame", "Host", "Mini.Example:8080")
	if w.Code != 200 || !strings.Contains(w.Body.String(), "<script>"+runtime.View+"</script>") {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	media := "data: blob: http://mini.example:8080/p/ https://img.shop.example:8443 https://api.shop.example"
	images := strings.Replace(media, "/p/ ", "/p/ http://mini.example:8080/avatars/ ", 1) // pictures of consumers, and nothing else of the platform's
	want := "default-src 'none'; script-src 'sha256-K+PLACEHOLDER' blob:; worker-src blob:; style-src 'unsafe-inline'; img-src " + images + "; media-src " + media +
		"; font-src data: http://mini.example:8080/p/ https://img.shop.example:8443 https://api.shop.example; connect-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox allow-scripts"
	got := w.Header().Get("Content-Security-Policy")
	start, end := strings.Index(got, "'sha256-"), strings.Index(got, "' blob:; worker-src")
	if start < 0 || end < start || got[:start]+"'sha256-K+PLACEHOLDER"+got[end:] != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if len(w.Header().Values("Content-Security-Policy")) != 1 || !strings.Contains(w.Header().Get("Permissions-Policy"), "camera=()") ||
		w.Header().Get("Referrer-Policy") != "no-referrer" || w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("%v", w.Header())
	}
	tag := w.Header().Get("ETag")
	if again := get(h, "/run/app_1/ver_1/frame", "Host", "mini.example:8080", "If-None-Match", tag); again.Code != 304 || again.Header().Get("Content-Security-Policy") != got {
		t.Errorf("%d", again.Code)
	}
	p := shop()
	p.Domains.Media = nil
	m.Set(p, nil)
	if again := get(h, "/run/app_1/ver_1/frame", "Host", "mini.example:8080", "If-None-Match", tag); again.Code != 200 || strings.Contains(again.Header().Get("Content-Security-Policy"), "img.shop") {
		t.Error("a domain that was taken away is still allowed")
	}
	for _, url := range []string{"/run/app_1/ver_2/frame", "/run/app_2/ver_1/frame"} {
		if w := get(h, url); w.Code != 404 {
			t.Errorf("%s: %d", url, w.Code)
		}
	}
	fixed := site(deliver.Config{Programs: m, Files: m, Runtime: runtime, PublicURL: "https://Mini.example/somewhere"})
	if w := get(fixed, "/run/app_1/ver_1/frame", "Host", "evil.example"); !strings.Contains(w.Header().Get("Content-Security-Policy"), "font-src data: https://mini.example/p/ https://api.shop.example;") {
		t.Errorf("%s", w.Header().Get("Content-Security-Policy"))
	}
}

func TestNoHostOfARequestReachesTheHeaderUnchecked(t *testing.T) {
	m := memory()
	h := site(deliver.Config{Programs: m, Files: m, Runtime: runtime})
	for host, ok := range map[string]bool{
		"mini.example": true, "127.0.0.1:8080": true, "[::1]:8080": true, "[::1]": true, "localhost": true,
		"": false, "a b": false, "a; script-src *": false, "a,b": false, "*": false, "a/b": false, "a\r\nX: y": false, "a:0": false, "a:x": false, "a:70000": false,
		"[::1": false, "::1": false, "[a;b]": false, "[127.0.0.1]": false, "[fe80::1%25eth0]": false, "user@a": false, "'self'": false, strings.Repeat("a", 301): false, ":80": false,
	} {
		w := get(h, "/run/app_1/ver_1/frame", "Host", host)
		if (w.Code == 200) != ok {
			t.Errorf("%q: %d %s", host, w.Code, w.Header().Get("Content-Security-Policy"))
		}
	}
	for _, bad := range []string{"mini.example", "ftp://x", "https://", "https://a;b", "https://u@a", "::"} {
		if deliver.CheckPublicURL(bad) == nil {
			t.Errorf("%s passes for a public URL", bad)
		}
	}
}

func TestARuntimeThatWouldEndItsOwnElementIsRefused(t *testing.T) {
	for _, view := range []string{"'</script>'", "'</SCRIPT '", "a<!--b", "'<script>'"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was taken", view)
				}
			}()
			site(deliver.Config{Programs: memory(), Files: memory(), Runtime: deliver.Runtime{View: view}})
		}()
	}
}

// quiet is an outbox for tests that do not ask what happened.
type quiet struct{}

func (quiet) Append(context.Context, db.Tx, db.Event) error { return nil }
func (quiet) Committed()                                    {}

func TestReleasedProgramsFromTheStoreToTheBrowser(t *testing.T) {
	d := testkit.SQLite(t)
	if err := d.Migrate(t.Context(), "release", release.Schema); err != nil {
		t.Fatal(err)
	}
	d.AttachOutbox(quiet{})
	store, err := blob.Open(t.Context(), "file:"+filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	releases := release.New(d, store, clock.System)
	h := site(deliver.Config{Programs: deliver.Released(releases), Files: deliver.Stored(store), Runtime: runtime})

	app, err := releases.CreateApp(t.Context(), release.NewApp{Name: "拾光家居", Icon: []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), Domains: release.Domains{Request: []string{"https://api.example"}}})
	if err != nil {
		t.Fatal(err)
	}
	list := func(query string) (found struct {
		Items []deliver.ListedProgram
		Next  string
	}) {
		w := get(h, "/api/host/v1/programs"+query)
		if err := json.Unmarshal(w.Body.Bytes(), &found); err != nil || w.Code != 200 {
			t.Fatalf("%d %v %s", w.Code, err, w.Body)
		}
		return found
	}
	if l := list(""); l.Items == nil || len(l.Items) != 0 {
		t.Errorf("before the release: %+v", l)
	}
	content := real("App({})\n", 300)
	large := real("x", hotSize+1)
	v, err := releases.AddVersion(t.Context(), release.NewVersion{App: app.ID, Label: "1.0.0", Files: []build.File{content, large}, Manifest: build.Manifest{
		Format: build.FormatVersion, Dialect: "wx", Entry: "pages/a", App: json.RawMessage(`{}`),
		Pages: map[string]build.Page{"pages/a": {View: []string{large.Name}}}, Packages: map[string]build.Pack{"": {Logic: content.Name}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := releases.Promote(t.Context(), app.ID, v.ID); err != nil {
		t.Fatal(err)
	}
	if l := list("?query=家居&limit=1"); len(l.Items) != 1 || l.Items[0].ID != app.ID || l.Items[0].Icon != "/p/"+app.Icon || l.Next != "" {
		t.Errorf("%+v", l)
	}
	if l := list("?query=nothing"); len(l.Items) != 0 {
		t.Errorf("%+v", l)
	}
	for _, bad := range []string{"?limit=0", "?limit=1000", "?limit=x", "?cursor=x", "?query=" + strings.Repeat("x", 101)} {
		if w := get(h, "/api/host/v1/programs"+bad); w.Code != 422 {
			t.Errorf("%s: %d %s", bad, w.Code, w.Body)
		}
	}
	var launch deliver.Launch
	w := get(h, "/api/host/v1/programs/"+app.ID+"/launch")
	if err := json.Unmarshal(w.Body.Bytes(), &launch); err != nil || launch.Version != v.ID || launch.Dialect != "wx" || !slices.Equal(launch.Domains.Request, []string{"https://api.example"}) {
		t.Fatalf("%v %s", err, w.Body)
	}
	for range 2 { // the second time from memory
		for _, f := range []build.File{content, large} {
			if w := get(h, "/p/"+f.Name); !bytes.Equal(w.Body.Bytes(), f.Bytes) {
				t.Errorf("%s: %d with %d bytes", f.Name, w.Code, w.Body.Len())
			}
			packed := get(h, "/p/"+f.Name, "Accept-Encoding", "br")
			plain, err := io.ReadAll(brotli.NewReader(packed.Body))
			if packed.Header().Get("Content-Encoding") != "br" || !bytes.Equal(plain, f.Bytes) {
				t.Errorf("%s in brotli: %d bytes, %v", f.Name, len(plain), err)
			}
		}
		if w := get(h, "/p/"+app.Icon, "Accept-Encoding", "br"); w.Code != 200 || w.Header().Get("Content-Encoding") != "" {
			t.Errorf("icon: %d %v", w.Code, w.Header())
		}
	}
	if w := get(h, launch.Frame); w.Code != 200 || !strings.Contains(w.Header().Get("Content-Security-Policy"), "https://api.example") {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	// The version that was out a moment ago still opens.
	again, err := releases.AddVersion(t.Context(), release.NewVersion{App: app.ID, Label: "1.0.1", Files: []build.File{content}, Manifest: build.Manifest{
		Format: build.FormatVersion, Dialect: "wx", Entry: "pages/a", App: json.RawMessage(`{}`),
		Pages: map[string]build.Page{"pages/a": {}}, Packages: map[string]build.Pack{"": {Logic: content.Name}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := releases.Promote(t.Context(), app.ID, again.ID); err != nil {
		t.Fatal(err)
	}
	if w := get(h, launch.Frame); w.Code != 200 {
		t.Errorf("the old version's frame: %d", w.Code)
	}
}

const hotSize = 256 << 10

// real is a file whose name is the hash of its content.
func real(content string, times int) build.File {
	b := bytes.Repeat([]byte(content), times)
	sum := sha256.Sum256(b)
	f := file("00", ".js", string(b))
	f.Name = hex.EncodeToString(sum[:16]) + ".js"
	return f
}

func TestEveryFaultSpeaksChinese(t *testing.T) { faulttest.Translated(t) }

func TestMemoryListsByName(t *testing.T) {
	m := memory()
	m.Set(deliver.Program{App: "app_0", Name: "Jewels"}, nil)
	page, next, err := m.List(t.Context(), access.Visitor{}, "JEW", "", 10)
	if err != nil || next != "" || len(page) != 1 || page[0].App != "app_0" {
		t.Errorf("%+v %q %v", page, next, err)
	}
	if all, _, err := m.List(t.Context(), access.Visitor{}, "", "", 1); err != nil || len(all) != 1 {
		t.Errorf("%+v %v", all, err)
	}
	if domains, err := m.RequestDomains(t.Context(), "app_1"); err != nil || !slices.Equal(domains, []string{"https://api.shop.example"}) {
		t.Errorf("%v %v", domains, err)
	}
	if _, err := m.RequestDomains(t.Context(), "app_9"); !fault.Is(err, fault.CodeNotFound) {
		t.Errorf("%v", err)
	}
	m.Set(shop(), []build.File{view}) // a new build lets go of the old one's files
	if _, err := m.Open(t.Context(), logic.Name, ""); !fault.Is(err, fault.CodeNotFound) {
		t.Errorf("%v", err)
	}
}
