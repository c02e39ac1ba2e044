package template

import (
	"flag"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// pack is a package in memory.
type pack map[string]string

func (p pack) Read(path string) ([]byte, bool) {
	s, ok := p[path]
	return []byte(s), ok
}

func (p pack) Paths() []string {
	var out []string
	for path := range p {
		out = append(out, path)
	}
	sort.Strings(out)
	return out
}

func TestTemplatesBecomeTheCodeInTheGoldenFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/golden/*.jxml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, path := range files {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			src, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			out := New(pack{
				name:         string(src),
				"fmt.jds":    "",
				"cards.jxml": `<template name="card"><price-tag value="{{n}}"/></template><template name="plain">plain</template>`,
				"head.jxml":  `<wxs/><view>{{headline}}</view><template name="not-inherited">x</template>`,
			}, JD).File(name)
			for _, d := range out.Diags.Errors() {
				if d.File == name {
					t.Error(d)
				}
			}
			mustBeJavaScript(t, out.View+out.Skeleton)
			for ending, got := range map[string]string{".view.js": out.View, ".skeleton.js": out.Skeleton} {
				golden := strings.TrimSuffix(path, ".jxml") + ending
				if *update {
					if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), got); diff != "" {
					t.Errorf("%s (-want +got)\n%s", golden, diff)
				}
			}
		})
	}
}

func mustBeJavaScript(t *testing.T, js string) {
	t.Helper()
	r := api.Transform(js, api.TransformOptions{LogLevel: api.LogLevelSilent})
	for _, e := range r.Errors {
		t.Fatalf("%s\n%s", e.Text, js)
	}
}
