package preview

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"minimart/program/build"
	"minimart/program/pkgfile"
)

func built(t *testing.T, files map[string]string) sources {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		writeFile(t, dir, name, text)
	}
	pkg, found := pkgfile.ReadDir(dir, pkgfile.DefaultLimits())
	if pkg == nil || found.HasErrors() {
		t.Fatal(found.Errors())
	}
	result := build.Build(pkg, build.Options{})
	if result.Diagnostics.HasErrors() {
		t.Fatal(result.Diagnostics.Errors())
	}
	return newSources(result.SourceMaps, result.Files)
}

func TestAFunctionIsFoundByHowItBegins(t *testing.T) {
	s := built(t, map[string]string{
		"app.json":    `{"pages": ["a"]}`,
		"a.jxml":      `<view/>`,
		"a.js":        "// 你好\nPage({\n  onLoad() {\n    for (;;) { }\n  },\n  twice() { return this.same },\n  other: { twice() { return this.same } },\n})\n",
		"app.js":      "App({})\n",
		"unused.json": `{}`,
	})
	for code, want := range map[string]string{
		"onLoad() {\n    for (; ; ) {":        "a.js:3:3",
		"twice() {\n      return this.same":   "", // there are two
		"neverWritten() { return 1 }":         "",
		"":                                    "",
		"a":                                   "", // says nothing
		strings.Repeat("onLoad() {", 100_000): "",
	} {
		if got := s.find(code); got != want {
			t.Errorf("find(%.40q) = %q, want %q", code, got, want)
		}
	}
}

func TestAStackNamesTheProgramsOwnPlacesOnly(t *testing.T) {
	s := built(t, map[string]string{
		"app.json": `{"pages": ["a"]}`, "a.jxml": `<view/>`, "app.js": "App({})\n",
		"a.js": "const n = 1\nPage({ go() { throw new Error(n) } })\n",
	})
	var bundle, line string
	for name, text := range s.bundles {
		for i, l := range strings.Split(text, "\n") {
			if strings.Contains(l, "throw new Error") {
				bundle, line = name, strconv.Itoa(i+1)
			}
		}
	}
	if bundle == "" {
		t.Fatal("the bundle does not hold the page")
	}
	stack := "Error: 1\n    at go (" + bundle + ":" + line + ":11)\n    at Object.<anonymous> (" + bundle + ":1:1)\n    at l (blob:null/2a985c2b:2:22943)"
	mapped, where := s.locate(stack)
	if !strings.HasPrefix(where, "a.js:2:") {
		t.Errorf("where %q", where)
	}
	if strings.Contains(mapped, "blob:") || strings.Contains(mapped, bundle) || !strings.Contains(mapped, "at go (a.js:2:") {
		t.Errorf("mapped %q", mapped)
	}
}

func writeFile(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
