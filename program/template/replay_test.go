package template

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

// rich is a package that uses all there is.
func rich(t testing.TB) pack {
	files := pack{}
	paths, _ := filepath.Glob("testdata/rich/*")
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(path)] = string(content)
	}
	if len(files) < 4 {
		t.Fatal("testdata/rich is not there")
	}
	return files
}

func typescript(t *testing.T, path, global string) string {
	t.Helper()
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := api.Transform(string(src), api.TransformOptions{Loader: api.LoaderTS, Format: api.FormatIIFE, GlobalName: global})
	if len(r.Errors) > 0 {
		t.Fatal(r.Errors)
	}
	return string(r.Code)
}

func TestUpdatedPagesLookLikeFreshOnes(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("node is needed in CI: ", err)
		}
		t.Skip("node is not installed")
	}
	files := rich(t)
	c := New(files, JD)
	var b strings.Builder
	b.WriteString(typescript(t, "../../web/runtime/src/shared/change.ts", "change"))
	b.WriteString(typescript(t, "../../web/runtime/src/shared/list.ts", "lists"))
	replay, err := os.ReadFile("testdata/replay.js")
	if err != nil {
		t.Fatal(err)
	}
	b.Write(replay)
	fmt.Fprintf(&b, "scripts['m.jds'] = (() => { const module = {}; %s; return module.exports; })();\n", files["m.jds"])
	for _, path := range []string{"page.jxml", "parts.jxml"} {
		out := c.File(path)
		if out.Diags.HasErrors() {
			t.Fatal(out.Diags)
		}
		fmt.Fprintf(&b, "side = 'view';\n%sside = 'logic';\n%s", out.View, out.Skeleton)
	}
	rounds := 250
	if testing.Short() {
		rounds = 50
	}
	fmt.Fprintf(&b, "console.log(JSON.stringify([...replay('view', %d), ...replay('logic', %d)]));\n", rounds, rounds)
	script := filepath.Join(t.TempDir(), "replay.js")
	if err := os.WriteFile(script, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(node, script).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var wrong []string
	if err := json.Unmarshal(out, &wrong); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, w := range wrong {
		t.Error(w)
	}
}

func TestTheRichPageIsWithoutMistakes(t *testing.T) {
	out := New(rich(t), JD).File("page.jxml")
	for _, d := range out.Diags.All() {
		if !strings.Contains(d.Message, "without jd:key") {
			t.Error(d)
		}
	}
	mustBeJavaScript(t, out.View+out.Skeleton)
	if got := strings.Join(out.ComponentTags, " "); got != "price-tag" {
		t.Error(got)
	}
	if got := strings.Join(append(out.Imports, out.Includes...), " "); got != "parts.jxml foot.jxml" {
		t.Error(got)
	}
	if got := strings.Join(out.BuiltinTags, " "); got != "picker rich-text text view" {
		t.Error(got)
	}
}
