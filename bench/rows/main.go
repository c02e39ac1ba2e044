// Command rows measures what a thousand rows cost the main thread: create, update every tenth, swap, remove, replace,
// for our view runtime and its peers, alternating in one run of real Chromium. CPU time, style and layout included.
//
//	npm ci --prefix bench/rows && go run ./bench/rows
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/evanw/esbuild/pkg/api"

	"minimart/platform/testkit/browser"
	"minimart/program/build"
	"minimart/program/pkgfile"
)

var (
	rows   = flag.Int("rows", 1000, "rows in the table")
	rounds = flag.Int("rounds", 12, "measured rounds of each kind; the first two more are warm-up")
	only   = flag.String("only", "", "kinds to measure, separated by commas")
)

const dir = "bench/rows"

var measured = []string{"create", "update", "swap", "remove", "replace"}

func main() {
	flag.Parse()
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "rows:", err)
		os.Exit(1)
	}
}

func run() error {
	page, err := bundle()
	if err != nil {
		return err
	}
	html, err := os.ReadFile(filepath.Join(dir, "page.html"))
	if err != nil {
		return fmt.Errorf("run it from the root of the repository: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/peers.js" {
			w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
			w.Write(page)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(html)
	})}
	go server.Serve(listener)
	defer server.Close()
	return measure("http://" + listener.Addr().String())
}

// bundle makes the page's script: the peers as their users ship them, and our row program as minimart build makes it.
func bundle() ([]byte, error) {
	generated, err := exec.Command("node", filepath.Join(dir, "peers/glass-easel.gen.mjs")).Output()
	if err != nil {
		return nil, fmt.Errorf("compile glass-easel's template (npm ci --prefix %s first): %w", dir, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "peers/glass-easel.gen.js"), generated, 0o644); err != nil {
		return nil, err
	}
	ours, err := program()
	if err != nil {
		return nil, err
	}
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{filepath.Join(dir, "peers/page.js")}, Bundle: true, Format: api.FormatIIFE, Target: api.ES2022,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
		Define: map[string]string{"process.env.NODE_ENV": `"production"`, "__VUE_OPTIONS_API__": "false", "__VUE_PROD_DEVTOOLS__": "false", "__VUE_PROD_HYDRATION_MISMATCH_DETAILS__": "false"},
	})
	if len(result.Errors) > 0 {
		return nil, fmt.Errorf("bundle: %s", result.Errors[0].Text)
	}
	return append([]byte(ours), result.OutputFiles[0].Contents...), nil
}

func program() (string, error) {
	pkg, found := pkgfile.ReadDir(filepath.Join(dir, "program"), pkgfile.DefaultLimits())
	if err := found.Err(); err != nil {
		return "", err
	}
	built := build.Build(pkg, build.Options{Minify: true})
	if err := built.Diagnostics.Err(); err != nil {
		return "", err
	}
	var out strings.Builder
	out.WriteString("window.minimartBundles=[")
	for _, name := range built.Manifest.Pages["pages/rows/rows"].View {
		i := slices.IndexFunc(built.Files, func(f build.File) bool { return f.Name == name })
		fmt.Fprintf(&out, "()=>{%s\n},", built.Files[i].Bytes)
	}
	out.WriteString("];\n")
	return out.String(), nil
}

func measure(url string) error {
	path, err := browser.Executable()
	if err != nil {
		return err
	}
	profile, err := os.MkdirTemp("", "rows-profile-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(profile)
	alloc, stop := chromedp.NewExecAllocator(context.Background(), append(browser.Flags(), chromedp.ExecPath(path), chromedp.UserDataDir(profile))...)
	defer stop()
	ctx, cancel := chromedp.NewContext(alloc)
	defer cancel()
	defer chromedp.Cancel(ctx)
	ctx, end := context.WithTimeout(ctx, 5*time.Minute)
	defer end()
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		return err
	}
	if _, err := chromedp.Call(ctx, performance.Enable, performance.EnableParams{TimeDomain: "threadTicks"}); err != nil {
		return fmt.Errorf("CPU clock of the main thread: %w", err)
	}
	var kinds []string
	if err := evaluate(ctx, "kinds", &kinds); err != nil {
		return err
	}
	if *only != "" {
		kinds = strings.Split(*only, ",")
	}
	costs := map[string]map[string][]float64{}
	for round := range *rounds + 2 {
		for _, kind := range kinds {
			for _, step := range append(append([]string{"mount"}, measured...), "unmount") {
				before, err := cpu(ctx)
				if err != nil {
					return err
				}
				if err := evaluate(ctx, fmt.Sprintf("step(%q, %q, %d)", step, kind, *rows), nil); err != nil {
					return fmt.Errorf("%s, %s: %w", kind, step, err)
				}
				after, err := cpu(ctx)
				if err != nil {
					return err
				}
				if err := evaluate(ctx, fmt.Sprintf("check(%q)", step), nil); err != nil {
					return err
				}
				if round < 2 {
					continue
				}
				if costs[kind] == nil {
					costs[kind] = map[string][]float64{}
				}
				costs[kind][step] = append(costs[kind][step], (after-before)*1000)
			}
		}
	}
	report(kinds, costs)
	return nil
}

func cpu(ctx context.Context) (float64, error) {
	metrics, err := chromedp.Call(ctx, performance.GetMetrics, cdp.Empty{})
	if err != nil {
		return 0, err
	}
	for _, m := range metrics.Metrics {
		if m.Name == "ThreadTime" {
			return m.Value, nil
		}
	}
	return 0, fmt.Errorf("this Chromium does not report ThreadTime")
}

func evaluate(ctx context.Context, expression string, out any) error {
	yes := true
	result, err := chromedp.Call(ctx, runtime.Evaluate, runtime.EvaluateParams{Expression: expression, ReturnByValue: &yes, AwaitPromise: &yes})
	if err != nil {
		return err
	}
	if e := result.ExceptionDetails; e != nil {
		if e.Exception != nil {
			return fmt.Errorf("%s", e.Exception.Description)
		}
		return fmt.Errorf("%s", e.Text)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(result.Result.Value, out)
}

func report(kinds []string, costs map[string]map[string][]float64) {
	fmt.Printf("main-thread CPU, %d rows, median of %d rounds: ms (ratio to vanilla)\n%-14s", *rows, *rounds, "")
	for _, step := range measured {
		fmt.Printf("%18s", step)
	}
	fmt.Println()
	for _, kind := range kinds {
		fmt.Printf("%-14s", kind)
		for _, step := range measured {
			value := median(costs[kind][step])
			if base := median(costs["vanilla"][step]); base > 0 {
				fmt.Printf("%18s", fmt.Sprintf("%.1f (%.2f)", value, value/base))
			} else {
				fmt.Printf("%18.1f", value)
			}
		}
		fmt.Println()
	}
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
