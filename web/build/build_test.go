package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sources lays out a small web/ folder.
func sources(t *testing.T, files map[string]string) *builder {
	t.Helper()
	dir := t.TempDir()
	all := map[string]string{
		"host/index.html":                    `<link href="/app/assets/{{style}}"><script src="/app/assets/{{script}}"></script>`,
		"host/src/main.ts":                   "document.title = 'host'",
		"host/src/host.css":                  "body { margin: 0 }",
		"console/index.html":                 "<link href=\"/console/assets/{{style}}\">\n{{preloads}}\n<script src=\"/console/assets/{{script}}\"></script>",
		"console/src/main.tsx":               "import { draw } from 'react'; draw('main'); void import('./pages/rare')",
		"console/src/pages/rare.tsx":         "import { draw } from 'react'; draw('rare')",
		"console/src/library.ts":             "export { draw } from 'react'",
		"console/src/console.css":            "body { margin: 0 }",
		"node_modules/lit/index.js":          "export {}",
		"node_modules/react/index.js":        "export const draw = s => console.log('drawn', s)",
		"node_modules/react-dom/index.js":    "export {}",
		"node_modules/antd/index.js":         "export {}",
		"node_modules/echarts/index.js":      "export {}",
		"node_modules/qrcode-generator/i.js": "export {}",
		"runtime/src/view/main.ts":           "import { x } from '../shared/x'; x('view')",
		"runtime/src/worker/main.ts":         "import { x } from '../shared/x'; x('worker')",
		"runtime/src/shared/x.ts":            "export const x = (s: string): void => console.log(s)",
		"runtime/src/builtins/form.ts":       "import { k } from './_kit'; k()",
		"runtime/src/builtins/_kit.ts":       "export const k = () => console.log('kit')",
		"runtime/src/builtins/form.test.ts":  "not even a program",
	}
	for name, text := range files {
		all[name] = text
	}
	for name, text := range all {
		if text == "" {
			continue // this one is missing
		}
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return &builder{web: dir, note: func(format string, args ...any) { t.Logf(format, args...) }}
}

// stems are the names of a tree without their hashes.
func stems(tr *tree) []string {
	var out []string
	for _, name := range tr.names() {
		parts := strings.Split(name, ".")
		if len(parts) == 3 {
			name = parts[0] + "." + parts[2]
		}
		out = append(out, name)
	}
	slices.Sort(out) // by stem: the order of hashes says nothing
	return out
}

func TestABuildHoldsBothRuntimesTheModulesAndTheHost(t *testing.T) {
	tr, err := sources(t, nil).build()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"builtins/form.js", "console/assets/chunk.js", "console/assets/console.css", "console/assets/main.js", "console/assets/rare.js", "console/index.html", "host/assets/host.css", "host/assets/host.js", "host/index.html", "manifest.json", "runtime/view.js", "runtime/worker.js"}
	if diff := cmp.Diff(want, stems(tr)); diff != "" {
		t.Error(diff)
	}
	page := string(tr.files["host/index.html"].bytes)
	if strings.Contains(page, "{{") || !strings.Contains(page, "/app/assets/host.") {
		t.Errorf("the entry page does not name its files: %s", page)
	}
	if code := string(tr.files[tr.manifest.Builtins["form"]].bytes); !strings.Contains(code, "kit") {
		t.Errorf("the module lacks what it shares with others: %s", code)
	}
}

func TestThePageOfTheConsoleNamesWhatItNeedsAtOnceAndNothingMore(t *testing.T) {
	tr, err := sources(t, nil).build()
	if err != nil {
		t.Fatal(err)
	}
	page := string(tr.files["console/index.html"].bytes)
	for _, name := range tr.names() {
		if asset, ok := strings.CutPrefix(name, "console/"); ok && asset != "index.html" {
			if named, want := strings.Contains(page, `"/console/`+asset+`"`), !strings.Contains(asset, "rare"); named != want {
				t.Errorf("%s is named: %v\n%s", asset, named, page)
			}
		}
	}
	if library := string(tr.files["console/index.html"].bytes); strings.Contains(library, "{{") {
		t.Error(library)
	}
}

func TestTheSameSourcesGiveTheSameBytes(t *testing.T) {
	one, err := sources(t, nil).build()
	if err != nil {
		t.Fatal(err)
	}
	two, err := sources(t, nil).build() // in another folder
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range one.names() {
		if two.files[name] == nil || string(one.files[name].bytes) != string(two.files[name].bytes) {
			t.Errorf("%s differs between two builds", name)
		}
	}
}

func TestAPartWithoutSourcesIsLeftOutAndSaidSo(t *testing.T) {
	b := sources(t, map[string]string{"runtime/src/worker/main.ts": ""})
	var notes []string
	b.note = func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	tr, err := b.build()
	if err != nil {
		t.Fatal(err)
	}
	if tr.manifest.Worker != "" || tr.manifest.View == "" {
		t.Errorf("manifest %+v", tr.manifest)
	}
	if len(notes) != 1 || !strings.Contains(notes[0], "runtime/src/worker/main.ts is not there") {
		t.Errorf("notes %q", notes)
	}
}

func TestFailuresNameTheFileAndTheWayOut(t *testing.T) {
	for name, test := range map[string]struct {
		files map[string]string
		want  string
	}{
		"a syntax error":              {map[string]string{"host/src/main.ts": "const = 1"}, "main.ts:1:6"},
		"an import that is not there": {map[string]string{"runtime/src/view/main.ts": "import './gone'"}, `Could not resolve "./gone"`},
		"react not installed":         {map[string]string{"node_modules/react/index.js": ""}, "the console needs it; run `npm ci` in web/"},
		"lit not installed":           {map[string]string{"node_modules/lit/index.js": ""}, "run `npm ci` in web/"},
		"a page without its script":   {map[string]string{"host/index.html": "{{style}}"}, "must contain {{script}} exactly once"},
		"styles imported by a script": {map[string]string{"host/src/main.ts": "import './host.css'"}, "one file is wanted"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := sources(t, test.files).build()
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestWhatIsWrittenIsWhatIsComparedAndNothingIsLeftOver(t *testing.T) {
	b := sources(t, nil)
	tr, err := b.build()
	if err != nil {
		t.Fatal(err)
	}
	dist := filepath.Join(b.web, "dist")
	if err := tr.compare(dist); err == nil || !strings.Contains(err.Error(), "web/dist/manifest.json is missing") {
		t.Errorf("an empty dist passes: %v", err)
	}
	if err := tr.write(dist); err != nil {
		t.Fatal(err)
	}
	if err := tr.compare(dist); err != nil {
		t.Errorf("fresh from the press, and yet: %v", err)
	}
	stale, index := filepath.Join(dist, "runtime", "view.old.js"), filepath.Join(dist, "host", "index.html")
	for _, path := range []string{stale, index} {
		if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	err = tr.compare(dist)
	for _, want := range []string{"runtime/view.old.js is left over", "host/index.html differs", "go run ./web/build"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if err := tr.write(dist); err != nil {
		t.Fatal(err)
	}
	if err := tr.compare(dist); err != nil {
		t.Error(err)
	}
}

func TestARuntimeOverItsBudgetFailsTheBuild(t *testing.T) {
	var long strings.Builder
	for i := range 1500 { // hardly compressible
		fmt.Fprintf(&long, "console.log(%q);", fmt.Sprintf("%x", sha256.Sum256([]byte{byte(i), byte(i >> 8)})))
	}
	tr, err := sources(t, map[string]string{"runtime/src/view/main.ts": long.String()}).build()
	if err != nil {
		t.Fatal(err)
	}
	if err := overBudget(tr); err == nil || !strings.Contains(err.Error(), "the budget of the view runtime is 15000") {
		t.Errorf("got %v", err)
	}
	small, err := sources(t, nil).build()
	if err != nil {
		t.Fatal(err)
	}
	if err := overBudget(small); err != nil {
		t.Error(err)
	}
}
