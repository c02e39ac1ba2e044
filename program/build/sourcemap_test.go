package build

import (
	"testing"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/go-sourcemap/sourcemap"
)

func TestABundleLineLeadsBackToItsSourceLine(t *testing.T) {
	mapped := func(name, src string) (string, []byte) {
		r := api.Transform(src, api.TransformOptions{Sourcemap: api.SourceMapExternal, Sourcefile: name})
		return string(r.Code), r.Map
	}
	var s bundleText
	s.add("header\n", nil)
	first, firstMap := mapped("pages/a.js", "// a comment\n\nlet a = 1\nthrow new Error('a')\n")
	s.add(first, firstMap)
	s.add("between", nil)
	second, secondMap := mapped("pages/b.js", "\n\n\n\nfoo()\n")
	s.add(second, secondMap)

	c, err := sourcemap.Parse("", s.sourceMap())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		line int
		file string
		want int
	}{{2, "pages/a.js", 3}, {3, "pages/a.js", 4}, {4, noSource, 1}, {5, "pages/b.js", 5}} {
		file, _, line, _, _ := c.Source(tt.line, 0)
		if file != tt.file || line != tt.want {
			t.Errorf("line %d of the bundle comes from %s:%d, want %s:%d", tt.line, file, line, tt.file, tt.want)
		}
	}
}
