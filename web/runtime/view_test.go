package runtime_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
	"github.com/evanw/esbuild/pkg/api"

	"minimart/platform/testkit/browser"
)

// TestView runs test/view/*.spec.ts in Chromium, each test in a document of its own. The tests move mouse and fingers
// through the browser's own input, not through made-up events.
func TestView(t *testing.T) {
	specs, err := filepath.Glob("test/view/*.spec.ts")
	if err != nil || len(specs) == 0 {
		t.Fatalf("no specs in test/view: %v", err)
	}
	modules := map[string][]byte{}
	for _, entry := range []string{"form", "swiper", "scroll", "extra", "media", "methods"} {
		modules[entry+".js"] = bundle(t, "src/builtins/"+entry+".ts")
	}
	for _, spec := range specs {
		name := strings.TrimSuffix(filepath.Base(spec), ".spec.ts")
		t.Run(name, func(t *testing.T) {
			runSpec(t, spec, modules)
		})
	}
}

func runSpec(t *testing.T, spec string, modules map[string][]byte) {
	script := bundle(t, spec)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,"><body><script src="/spec.js"></script>`)
		case "/spec.js":
			w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
			w.Write(script)
		default:
			// What the view asks its host for.
			if name, ok := strings.CutPrefix(r.URL.Path, "/builtins/"); ok {
				w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
				w.Write(modules[name])
				return
			}
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	page := browser.Open(t, browser.Phone, server.URL+"/")
	var names []string
	if err := page.Top().Eval("__tests.map(t => t.name)", &names); err != nil {
		t.Fatal(err)
	}
	for i, name := range names {
		t.Run(name, func(t *testing.T) {
			page.ForgetErrors()
			page.Run(chromedp.Navigate(server.URL + "/"))
			if err := page.Top().Eval(fmt.Sprintf("__start(%d)", i), nil); err != nil {
				t.Fatal(err)
			}
			for {
				var next struct {
					Done    bool
					Failure string
					Method  string
					Params  json.RawMessage
				}
				if err := page.Top().Eval("__next()", &next); err != nil {
					t.Fatal(err)
				}
				if next.Done {
					if next.Failure != "" {
						t.Error(next.Failure)
					}
					for _, e := range page.Errors() {
						t.Errorf("printed or thrown: %s", e)
					}
					return
				}
				page.Run(func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
					command := cdp.Command[json.RawMessage, json.RawMessage]{Method: next.Method}
					_, err := cdp.Call(ctx, target, command, next.Params)
					return chromedp.Void{}, err
				})
			}
		})
	}
}

func bundle(t *testing.T, entry string) []byte {
	t.Helper()
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{entry}, Bundle: true, Format: api.FormatIIFE, Target: api.ES2022, Write: false, Outdir: "out",
		Sourcemap: api.SourceMapInline, LogLevel: api.LogLevelSilent, Charset: api.CharsetUTF8,
		TsconfigRaw: `{"compilerOptions":{"useDefineForClassFields":true,"verbatimModuleSyntax":true}}`,
	})
	if len(result.Errors) > 0 {
		t.Fatal(strings.Join(api.FormatMessages(result.Errors, api.FormatMessagesOptions{}), ""))
	}
	return result.OutputFiles[0].Contents
}
