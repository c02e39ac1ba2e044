package upload

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"minimart/platform/access"
	"minimart/platform/access/accesstest"
	"minimart/platform/blob"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/fault/faulttest"
	"minimart/platform/httpapi"
	"minimart/platform/testkit"
	"minimart/program/build"
	"minimart/program/pkgfile"
	"minimart/program/release"
)

type quiet struct{}

func (quiet) Append(context.Context, db.Tx, db.Event) error { return nil }
func (quiet) Committed()                                    {}

// yard is a platform that takes uploads, with one app of mina's and one of a neighbour's.
type yard struct {
	*Uploads
	releases      *release.Service
	log           *accesstest.Log
	site          http.Handler
	app, theirs   string
	mina, looking accesstest.Actor
}

func newYard(t testing.TB, d *db.DB, o Options) *yard {
	t.Helper()
	if err := d.Migrate(context.Background(), "release", release.Schema); err != nil {
		t.Fatal(err)
	}
	d.AttachOutbox(quiet{})
	store, err := blob.Open(context.Background(), "file:"+filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	y := &yard{log: &accesstest.Log{}}
	y.releases = release.New(d, store, clock.System, release.WithLog(y.log))
	y.Uploads = New(y.releases, o)
	for _, to := range []struct {
		org string
		id  *string
	}{{"org_mina", &y.app}, {"org_wang", &y.theirs}} {
		a, err := y.releases.CreateApp(context.Background(), release.NewApp{Org: to.org, Name: "x"})
		if err != nil {
			t.Fatal(err)
		}
		*to.id = a.ID
	}
	y.mina = accesstest.Actor{ID: "usr_mina", Org: "org_mina", Apps: []string{y.app}}
	y.looking = y.mina
	y.looking.Only = []access.Action{"program.read"}
	mux := http.NewServeMux()
	api := httpapi.New(mux, httpapi.Options{Title: "test", Version: "1", Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	who, named := accesstest.As(map[string]access.Actor{"mina": y.mina, "looking": y.looking})
	y.ConsoleRoutes(huma.NewGroup(api, "/api/console/v1"), who)
	y.OpenRoutes(api, accesstest.Door{API: api})
	y.site = named(api)
	return y
}

func onEveryEngine(t *testing.T, test func(*testing.T, *yard)) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) { test(t, newYard(t, e.Open(t), Options{PublicURL: "https://mini.example/x"})) })
	}
}

func zipped(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, text := range files {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func good(text string) map[string]string {
	return map[string]string{
		"shop/app.json": `{"pages":["pages/a/a"]}`, "shop/app.js": "App({})", "shop/pages/a/a.jxml": "<view>" + text + "</view>", "shop/pages/a/a.js": "Page({})",
	}
}

func (y *yard) post(path string, body []byte, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/zip")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	y.site.ServeHTTP(w, r)
	return w
}

func read[T any](t *testing.T, w *httptest.ResponseRecorder, status int) (out T) {
	t.Helper()
	if w.Code != status {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	return out
}

func TestAServerUploadsAVersion(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, y *yard) {
		const at = "/open/v1/versions?label=1.0.0&notes=%E7%AC%AC%E4%B8%80%E7%89%88"
		one := read[UploadedVersion](t, y.post(at, zipped(t, good("一")), "X-App", y.app), 201)
		link, token, ok := strings.Cut(one.TrialLink, "?ticket=")
		if one.Number != 1 || one.Label != "1.0.0" || one.State != release.StateDevelopment || one.Again || !ok || link != "https://mini.example/app/"+y.app || len(token) != 43 {
			t.Errorf("%+v", one)
		}
		again := read[UploadedVersion](t, y.post(strings.Replace(at, "1.0.0", "1.0.1", 1)+"&trial=false", zipped(t, good("一")), "X-App", y.app), 201)
		if again.Version != one.Version || !again.Again || again.Label != "1.0.0" || again.TrialLink != "" {
			t.Errorf("%+v", again)
		}
		v := read[OpenVersion](t, get(y, "/open/v1/versions/"+one.Version, "X-App", y.app), 200)
		if v.Notes != "第一版" || v.Number != 1 {
			t.Errorf("%+v", v)
		}
		source, err := y.releases.Source(t.Context(), one.Version)
		if err != nil || string(source["pages/a/a.jxml"]) != "<view>一</view>" {
			t.Errorf("%v %v", source, err)
		}
		read[UploadedVersion](t, y.post("/open/v1/versions?label=2", zipped(t, good("二")), "X-App", y.app), 201)
		page := read[struct {
			Items []OpenVersion
			Next  string
		}](t, get(y, "/open/v1/versions?limit=1", "X-App", y.app), 200)
		if len(page.Items) != 1 || page.Items[0].Number != 2 || page.Next != "2" {
			t.Errorf("%+v", page)
		}
		if w := get(y, "/open/v1/versions?cursor=x", "X-App", y.app); w.Code != 422 {
			t.Errorf("%d %s", w.Code, w.Body)
		}

		// The neighbour sees none of it, and a key of one program is none of another.
		if w := get(y, "/open/v1/versions/"+one.Version, "X-App", y.theirs); w.Code != 404 {
			t.Errorf("the neighbour: %d %s", w.Code, w.Body)
		}
		if w := get(y, "/open/v1/versions", "X-App", y.theirs); strings.Contains(w.Body.String(), one.Version) {
			t.Errorf("the neighbour: %s", w.Body)
		}
		if w := y.post(at+"&app="+y.theirs, zipped(t, good("一")), "X-App", y.app); w.Code != 422 || !strings.Contains(w.Body.String(), "take a key of that program") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		for _, path := range []string{"/open/v1/versions", "/open/v1/versions/" + one.Version} {
			if w := get(y, path); w.Code != 401 {
				t.Errorf("nobody: %d %s", w.Code, w.Body)
			}
		}
		if w := y.post(at, nil); w.Code != 401 {
			t.Errorf("nobody: %d %s", w.Code, w.Body)
		}
		entries := y.log.Entries()
		last := entries[len(entries)-1]
		if last.Action != "trial.set" || last.Org != "org_"+y.app || last.Detail["key"] != "key_test" || strings.Contains(last.Detail["version"], token) {
			t.Errorf("%+v", last)
		}
	})
}

func get(y *yard, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	y.site.ServeHTTP(w, r)
	return w
}

func TestADeveloperUploadsInTheConsole(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, y *yard) {
		at := "/api/console/v1/apps/" + y.app + "/versions?label=1.0.0"
		got := read[UploadedVersion](t, y.post(at, zipped(t, good("一")), "X-Actor", "mina"), 201)
		if got.Number != 1 || got.TrialLink != "" {
			t.Errorf("%+v", got)
		}
		if v, err := y.releases.Version(t.Context(), y.app, got.Version); err != nil || v.UploadedBy != "usr_mina" {
			t.Errorf("%+v %v", v, err)
		}
		if read[UploadedVersion](t, y.post(at+"&trial=true", zipped(t, good("二")), "X-Actor", "mina"), 201).TrialLink == "" {
			t.Error("no trial")
		}
		for what, want := range map[string]struct {
			app, as string
			status  int
		}{"the neighbour's app": {y.theirs, "mina", 404}, "only looking": {y.app, "looking", 403}, "nobody": {y.app, "", 401}} {
			w := y.post("/api/console/v1/apps/"+want.app+"/versions?label=1", zipped(t, good("一")), "X-Actor", want.as)
			if w.Code != want.status {
				t.Errorf("%s: %d %s", what, w.Code, w.Body)
			}
		}
	})
}

func TestWhatIsWrongWithAPackageIsToldInOneAnswer(t *testing.T) {
	y := newYard(t, testkit.SQLite(t), Options{})
	broken := good("")
	broken["shop/pages/a/a.jxml"] = "<view>\n  <view jd.if=\"{{a}}\"/>\n  <view jd:key=\"x\" jd.for=\"{{b}}\"/>\n</view>"
	w := y.post("/open/v1/versions?label=1", zipped(t, broken), "X-App", y.app, "Accept-Language", "zh")
	p := read[Refusal](t, w, 422)
	if w.Header().Get("Content-Type") != "application/problem+json" || p.Code != "invalid" || p.Instance == "" || !strings.Contains(p.Detail, "无法构建此包：有 2 处需要修改") {
		t.Errorf("%v %+v", w.Header(), p)
	}
	if len(p.Diagnostics) < 2 || p.Diagnostics[0] != (Diagnostic{"error", "pages/a/a.jxml", 2, 9, "unknown directive jd.if", "did you mean jd:if?"}) {
		t.Errorf("%+v", p.Diagnostics)
	}
	for what, tt := range map[string]struct {
		body   []byte
		query  string
		status int
		says   string
	}{
		"nothing":            {nil, "?label=1", 400, ""},
		"no zip":             {[]byte("hello"), "?label=1", 422, "not a zip archive"},
		"a zip of nothing":   {zipped(t, nil), "?label=1", 422, "app.json"},
		"a name that climbs": {zipped(t, map[string]string{"app.json": "{}", "../../x": ""}), "?label=1", 422, "points outside the package"},
		"no label":           {zipped(t, good("x")), "", 422, "label"},
		"an empty label":     {zipped(t, good("x")), "?label=%20", 422, "give the version a label"},
		"a label that lies":  {zipped(t, good("x")), "?label=a%E2%80%AEb", 422, "invisible character"},
		"too large":          {make([]byte, MaxArchive+1), "?label=1", 413, ""},
	} {
		w := y.post("/open/v1/versions"+tt.query, tt.body, "X-App", y.app)
		if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.says) {
			t.Errorf("%s: %d %.300s", what, w.Code, w.Body)
		}
	}
	if v, err := y.releases.Versions(t.Context(), y.app, 0, 10); err != nil || len(v) != 0 {
		t.Errorf("%v %v", v, err)
	}
	if _, err := y.Upload(t.Context(), release.By{}, Package{App: "app_nobody", Label: "1", Zip: zipped(t, good("x"))}); !fault.Is(err, fault.CodeNotFound) {
		t.Errorf("%v", err)
	}
}

func TestTwoPackagesAreCompiledAtOnceAndTheRestWait(t *testing.T) {
	y := newYard(t, testkit.SQLite(t), Options{Builds: 2, Waiting: 1, Wait: time.Second})
	inside, proceed := make(chan struct{}, 10), make(chan struct{})
	y.compile = func(p *pkgfile.Package, o build.Options) build.Result {
		inside <- struct{}{}
		<-proceed
		return build.Build(p, o)
	}
	send := func(ctx context.Context) error {
		_, err := y.Upload(ctx, release.By{}, Package{App: y.app, Label: "1", Zip: zipped(t, good("x"))})
		return err
	}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if err := send(t.Context()); err != nil {
				t.Error(err)
			}
		})
		<-inside
	}
	waiting := make(chan error, 1)
	go func() { waiting <- send(t.Context()) }()
	for y.waiting.Load() < 3 {
		time.Sleep(time.Millisecond)
	}
	err := send(t.Context()) // no room to wait
	if f := fault.Of(err); f.Code != fault.CodeUnavailable || f.RetryAfter != time.Second {
		t.Errorf("%v", err)
	}
	if err := <-waiting; !fault.Is(err, fault.CodeUnavailable) { // for longer than it may
		t.Errorf("%v", err)
	}
	// Who goes away does not wait any longer, and a turn that was begun ends by itself.
	ctx, cancel := context.WithCancel(t.Context())
	go func() { waiting <- send(ctx) }()
	for y.waiting.Load() < 3 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-waiting; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	close(proceed)
	wg.Wait()
	if err := send(t.Context()); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	if n := y.waiting.Load(); n != 0 {
		t.Errorf("%d still wait", n)
	}
}

func TestACompilerThatPanicsTakesOneUploadWithIt(t *testing.T) {
	y := newYard(t, testkit.SQLite(t), Options{Builds: 1})
	y.compile = func(*pkgfile.Package, build.Options) build.Result { panic("!") }
	p := Package{App: y.app, Label: "1", Zip: zipped(t, good("x"))}
	if _, err := y.Upload(t.Context(), release.By{}, p); !fault.Is(err, fault.CodeInternal) {
		t.Errorf("%v", err)
	}
	y.compile = build.Build
	if _, err := y.Upload(t.Context(), release.By{}, p); err != nil {
		t.Errorf("the next: %v", err)
	}
}

// FuzzUpload takes whatever may come in as a zip: it becomes a version or a fault that is not ours, and never a panic.
func FuzzUpload(f *testing.F) {
	y := newYard(f, testkit.SQLite(f), Options{})
	f.Add(zipped(f, good("x")), "1.0", "notes")
	f.Add(zipped(f, map[string]string{"app.json": `{"pages":["a"]}`, "a.wxml": "<view wx:if='{{", "a.js": "x"}), "1", "")
	f.Add([]byte("PK\x03\x04"), "", "")
	f.Fuzz(func(t *testing.T, body []byte, label, notes string) {
		if _, err := y.Upload(t.Context(), release.By{}, Package{App: y.app, Label: label, Notes: notes, Zip: body}); fault.Is(err, fault.CodeInternal) {
			t.Errorf("%v", err)
		}
	})
}

func TestEveryFaultSpeaksChinese(t *testing.T) { faulttest.Translated(t) }
