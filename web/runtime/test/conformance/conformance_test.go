package conformance

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/evanw/esbuild/pkg/api"

	"minimart/platform/testkit/browser"
	"minimart/program/build"
	"minimart/program/pkgfile"
)

// built is a package as the stage needs it: bundles as text, and what a program is told at boot.
type built struct {
	Problems []string        `json:"problems"`
	Logic    string          `json:"logic"`
	View     []string        `json:"view"`
	App      json.RawMessage `json:"app"`
	Entry    string          `json:"entry"`
	Pages    []string        `json:"pages"`
}

func compile(files map[string]string) built {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	pkg, found := pkgfile.Read(fsys, pkgfile.Limits{})
	if found.HasErrors() {
		return built{Problems: problems(found.Err())}
	}
	result := build.Build(pkg, build.Options{})
	if result.Diagnostics.HasErrors() {
		return built{Problems: problems(result.Diagnostics.Err())}
	}
	text := map[string]string{}
	for _, f := range result.Files {
		text[f.Name] = string(f.Bytes)
	}
	m := result.Manifest
	out := built{App: m.App, Entry: m.Entry, Logic: text[m.Packages[""].Logic], Problems: []string{}}
	for page := range m.Pages {
		out.Pages = append(out.Pages, page)
	}
	for _, name := range m.Pages[m.Entry].View {
		out.View = append(out.View, text[name])
	}
	return out
}

func problems(err error) []string { return strings.Split(err.Error(), "\n") }

// TestConformance runs every case on both sides of the stage.
func TestConformance(t *testing.T) {
	stage, err := bundle("stage.ts")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("npm ci in web/ is needed in CI: ", err)
		}
		t.Skip("npm ci in web/ was not run: ", err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body><script src="/stage.js"></script>`)
		case "/stage.js":
			w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
			w.Write(stage)
		case "/build":
			var files map[string]string
			if err := json.NewDecoder(r.Body).Decode(&files); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			json.NewEncoder(w).Encode(compile(files))
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	page := browser.Open(t, browser.Phone, server.URL+"/")
	var names []string
	if err := page.Top().Eval("stage.names()", &names); err != nil {
		t.Fatal(err)
	}
	if len(names) < 400 {
		t.Fatalf("only %d cases", len(names))
	}
	for i, name := range names {
		t.Run(name, func(t *testing.T) {
			var differences []string
			if err := page.Top().Eval(fmt.Sprintf("stage.run(%d)", i), &differences); err != nil {
				t.Fatal(err)
			}
			for _, d := range differences {
				t.Error(d)
			}
		})
	}
	for _, e := range page.Errors() {
		t.Errorf("printed or thrown: %s", e)
	}
}

func bundle(entry string) ([]byte, error) {
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{entry}, Bundle: true, Format: api.FormatIIFE, GlobalName: "stage", Target: api.ES2022, Write: false,
		Outdir: "out", LogLevel: api.LogLevelSilent, Charset: api.CharsetUTF8, Platform: api.PlatformBrowser,
		TsconfigRaw: `{"compilerOptions":{"useDefineForClassFields":true,"verbatimModuleSyntax":true}}`,
	})
	if len(result.Errors) > 0 {
		return nil, fmt.Errorf("%s", strings.Join(api.FormatMessages(result.Errors, api.FormatMessagesOptions{}), ""))
	}
	return result.OutputFiles[0].Contents, nil
}
