package app

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"minimart/open/gateway"
	"minimart/open/gateway/seal"
	"minimart/platform/access"
	"minimart/platform/access/accesstest"
	"minimart/platform/blob"
	"minimart/platform/clock"
	"minimart/platform/httpapi"
	"minimart/platform/outbox"
	"minimart/platform/testkit"
	"minimart/program/release"
	"minimart/program/upload"
)

// uploadSite is a platform as far as an upload goes: a gateway with real keys, and the compiler behind it.
type uploadSite struct {
	*httptest.Server
	releases *release.Service
	gateway  *gateway.Gateway
	app      string
	mina     accesstest.Actor
	calls    atomic.Int64 // that came in, let in or not
	busy     atomic.Int64 // how many are still turned away with a 503
}

func newUploadSite(t testing.TB, c clock.Clock) *uploadSite {
	t.Helper()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	d := testkit.SQLite(t)
	for room, schema := range map[string]fs.FS{"release": release.Schema, "gateway": gateway.Schema} {
		check(d.Migrate(t.Context(), room, schema))
	}
	events := outbox.New(d, clock.System)
	check(events.Migrate(t.Context()))
	d.AttachOutbox(events)
	store, err := blob.Open(t.Context(), "file:"+filepath.Join(t.TempDir(), "blobs"))
	check(err)
	box, err := seal.Open(filepath.Join(t.TempDir(), "key"))
	check(err)
	s := &uploadSite{releases: release.New(d, store, clock.System)}
	app, err := s.releases.CreateApp(t.Context(), release.NewApp{Org: "org_mina", Name: "小店"})
	check(err)
	s.app, s.mina = app.ID, accesstest.Actor{ID: "usr_mina", Org: "org_mina", Apps: []string{app.ID}}
	s.gateway = gateway.New(d, box, c, &accesstest.Log{}, gateway.Options{
		Scopes: append([]access.Scope{{Name: "orders:read"}}, upload.Scopes...), BodyLimit: upload.MaxArchive,
	})
	mux := http.NewServeMux()
	api := httpapi.New(mux, httpapi.Options{Title: "test", Version: "1", Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	upload.New(s.releases, upload.Options{}).OpenRoutes(api, s.gateway)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.calls.Add(1)
		if s.busy.Add(-1) >= 0 {
			w.Header().Set("Retry-After", "1")
			http.Error(w, "not now", http.StatusServiceUnavailable)
			return
		}
		api.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// key is a key as the console gives it for download.
func (s *uploadSite) key(t testing.TB, spec gateway.KeySpec) string {
	t.Helper()
	spec.Name = "build server"
	if spec.Scopes == nil {
		spec.Scopes = []string{upload.ScopeUpload}
	}
	k, err := s.gateway.CreateKey(t.Context(), s.mina, s.app, spec)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf(`{"key":%q,"secret":%q}`, k.Key.ID, k.Secret)
}

// TestUploadAsADeveloperTypesIt runs the story in testdata/upload against a platform in this process.
func TestUploadAsADeveloperTypesIt(t *testing.T) {
	site := newUploadSite(t, clock.System)
	slow := newUploadSite(t, clock.NewFake(time.Now().Add(time.Hour))) // its clock is an hour ahead of ours
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
		slow.Config.Handler.ServeHTTP(w, r)
	}))
	defer proxy.Close()
	stranger := httptest.NewServer(http.NotFoundHandler())
	defer stranger.Close()
	t.Run("story", func(t *testing.T) { testscript.Run(t, site.story(t, slow, proxy, stranger)) }) // which runs beside others
	versions, err := site.releases.Versions(t.Context(), site.app, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	var labels []string
	for _, v := range versions {
		labels = append(labels, v.Label)
		if !strings.HasPrefix(v.UploadedBy, "key_") || v.SourceBytes == 0 {
			t.Errorf("%+v", v)
		}
	}
	if got := strings.Join(labels, " "); got != "1.0.3 1.0.2 1.0.1 1.0.0" {
		t.Errorf("versions %s", got)
	}
}

func (s *uploadSite) story(t *testing.T, late *uploadSite, proxy, stranger *httptest.Server) testscript.Params {
	secret := s.key(t, gateway.KeySpec{})
	return testscript.Params{
		Dir: "testdata/upload",
		Setup: func(e *testscript.Env) error {
			e.Setenv("SITE", s.URL)
			e.Setenv("APP", s.app)
			e.Setenv("LATE", proxy.URL)
			e.Setenv("LATEAPP", late.app)
			e.Setenv("STRANGER", stranger.URL)
			e.Setenv("LONG5", strings.Repeat("长 ", 300))
			e.Setenv("LONG", strings.Repeat("长", 1100))
			for name, text := range map[string]string{
				"key.json":     secret,
				"wrong.json":   strings.Replace(secret, "mms_", "mms_x", 1),
				"far.json":     s.key(t, gateway.KeySpec{Networks: []string{"198.51.100.0/24"}}),
				"narrow.json":  s.key(t, gateway.KeySpec{Scopes: []string{"orders:read"}}),
				"late.json":    late.key(t, gateway.KeySpec{}),
				"garbled.json": "mms_secret",
			} {
				if err := os.WriteFile(filepath.Join(e.WorkDir, name), []byte(text), 0o600); err != nil {
					return err
				}
			}
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"minimart": func(ts *testscript.TestScript, neg bool, args []string) {
				for i, arg := range args {
					if filepath.IsLocal(arg) && exists(ts.MkAbs(arg)) {
						args[i] = ts.MkAbs(arg)
					}
				}
				if status := Main(args, ts.Stdout(), ts.Stderr()); (status != 0) != neg {
					ts.Fatalf("minimart ended with status %d", status)
				}
			},
			// busy turns the next uploads away.
			"busy": func(*testscript.TestScript, bool, []string) { s.busy.Store(2) },
			// large makes a picture that no compression makes smaller.
			"large": func(ts *testscript.TestScript, _ bool, args []string) {
				for _, name := range args {
					b := make([]byte, 4<<20)
					for i, x := 0, uint32(len(name)+1); i < len(b); i++ {
						x = x*1664525 + 1013904223
						b[i] = byte(x >> 24)
					}
					ts.Check(os.WriteFile(ts.MkAbs(name), b, 0o600))
				}
			},
		},
	}
}

func TestTheTrialLinkOfAnUploadOpensIt(t *testing.T) {
	site := newUploadSite(t, clock.System)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"app.json": `{"pages":["pages/a/a"]}`, "app.js": "App({})", "pages/a/a.jxml": "<view>你好</view>", "pages/a/a.js": "Page({})",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("MINIMART_KEY", site.key(t, gateway.KeySpec{}))
	var out, errs strings.Builder
	if status := Main([]string{"upload", dir, "--server", site.URL, "--app", site.app, "--version", "1.0.0", "--json"}, &out, &errs); status != 0 {
		t.Fatalf("%d %s %s", status, &out, &errs)
	}
	var r uploadReport
	if err := json.Unmarshal([]byte(out.String()), &r); err != nil {
		t.Fatal(err)
	}
	_, token, ok := strings.Cut(r.TrialLink, site.URL+"/app/"+site.app+"?ticket=")
	if !ok || errs.Len() != 0 {
		t.Fatalf("%s %s", &out, &errs)
	}
	// Whose turn it is to sign in is said, so the link is a good one.
	if _, err := site.releases.Open(t.Context(), site.app, token, ""); err == nil || !strings.Contains(err.Error(), "sign in to try 小店") {
		t.Errorf("%v", err)
	}
	source, err := site.releases.Source(t.Context(), r.Version)
	if err != nil || string(source["pages/a/a.jxml"]) != "<view>你好</view>" || len(source) != 4 {
		t.Errorf("%v %v", source, err)
	}
}
