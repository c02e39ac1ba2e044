package script

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/go-sourcemap/sourcemap"
	"github.com/google/go-cmp/cmp"

	"minimart/program/diag"
	"minimart/program/pkgfile"
)

func pkgOf(files map[string]string) *pkgfile.Package {
	all := map[string][]byte{}
	for n, c := range files {
		all[n] = []byte(c)
	}
	return pkgfile.New(pkgfile.JD, all)
}

// packageFiles is what the scripts under test may require.
var packageFiles = map[string]string{
	"lib/price.js": "", "lib/money/index.js": "", "lib/data.json": "{}", "lib/typed.ts": "", "lib/logo.png": "",
	"miniprogram_npm/dayjs/index.js": "", "pages/miniprogram_npm/tiny.js": "",
}

func transform(t testing.TB, file, src string, o Options) (*Module, diag.List) {
	t.Helper()
	files := map[string]string{file: src}
	for n, c := range packageFiles {
		if n != file {
			files[n] = c
		}
	}
	return Transform(pkgOf(files), file, o)
}

func TestModulesBecomeCommonJS(t *testing.T) {
	for _, c := range []struct{ name, file, in, want string }{
		{"CommonJS stays", "a.js", "var a=require('./lib/price');module.exports=a;this.x=1", `var a=require("./lib/price");module.exports=a;exports.x=1;`},
		{"what is new is lowered", "a.js", "x=a?.b??c;class D{e=1}", "?."},
		{"a page", "a.js", "Page({data:{}})", "Page({data:{}});"},
		{"JSON with comments", "a.json", "// c\n{\"a\": [1,], \"b\": \"\u2028\"}", "module.exports={\"a\":[1],\"b\":\"\\u2028\"};\n"},
		{"TypeScript", "a.ts", "let a: number = 1; exports.a = a as any", "let a=1;exports.a=a;"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, list := transform(t, c.file, c.in, Options{Minify: true})
			if list.Len() > 0 {
				t.Fatal(list)
			}
			if c.name == "what is new is lowered" {
				if strings.Contains(m.Code, c.want) || strings.Contains(m.Code, "??") {
					t.Errorf("not lowered: %s", m.Code)
				}
				return
			}
			if got := strings.TrimSpace(m.Code); strings.ReplaceAll(got, ";", ",") != strings.ReplaceAll(strings.TrimSpace(c.want), ";", ",") {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
	t.Run("ES modules", func(t *testing.T) {
		m, list := transform(t, "pages/a.js", "import p,{q} from '../lib/price';\nimport * as m from '/lib/money';\nexport const r = p + q + m.x;\nexport default function named(){}\nexport * from '../lib/data.json'", Options{})
		if list.Len() > 0 {
			t.Fatal(list)
		}
		if strings.Contains(m.Code, "import ") || !strings.Contains(m.Code, "module.exports = __toCommonJS") || !strings.Contains(m.Code, "function named(") {
			t.Error(m.Code)
		}
		want := []Require{
			{"../lib/price", "lib/price.js", false, 1, 20}, {"/lib/money", "lib/money/index.js", false, 2, 20}, {"../lib/data.json", "lib/data.json", false, 5, 15},
		}
		slices.SortFunc(m.Requires, func(a, b Require) int { return a.Line - b.Line })
		var got []string
		for i, r := range m.Requires {
			got = append(got, fmt.Sprint(r.Specifier, r.Resolved, r.Line))
			if want := fmt.Sprint(want[i].Specifier, want[i].Resolved, want[i].Line); got[i] != want {
				t.Errorf("got %s want %s", got[i], want)
			}
		}
	})
}

func TestRequiresAreResolvedAgainstThePackage(t *testing.T) {
	const src = `var a = require('../lib/price'), b = require("/lib/price.js");
require('../lib/money'); require('../lib/data'); require('../lib/typed');
require('dayjs'); require("tiny"); require.async("../lib/price").then(f);
require(name); requirePlugin('x'); other.require('./no');
function f(require) { require('./no') }
try { require('crypto') } catch (e) {}`
	m, list := transform(t, "pages/a.js", src, Options{Minify: true})
	want := []Require{
		{"../lib/price", "lib/price.js", false, 1, 17},
		{"/lib/price.js", "lib/price.js", false, 1, 46},
		{"../lib/money", "lib/money/index.js", false, 2, 9},
		{"../lib/data", "lib/data.json", false, 2, 34},
		{"../lib/typed", "lib/typed.ts", false, 2, 58},
		{"dayjs", "miniprogram_npm/dayjs/index.js", false, 3, 9},
		{"tiny", "pages/miniprogram_npm/tiny.js", false, 3, 27},
		{"../lib/price", "lib/price.js", true, 3, 50},
		{"crypto", "", false, 6, 15},
	}
	if d := cmp.Diff(want, m.Requires); d != "" {
		t.Error(d)
	}
	if want := "warning: pages/a.js:6:15: the module \"crypto\" is neither a file nor in miniprogram_npm\n"; list.String() != want {
		t.Errorf("got %s", list)
	}
}

func TestScriptsThatAreWrongAreToldWithTheirPlace(t *testing.T) {
	for _, c := range []struct{ name, file, in, want string }{
		{"a syntax error", "a.js", "var 价格 = ;\n", `a.js:1:10: Unexpected ";"`},
		{"a second line", "a.js", "var a;\nvar 价 b", `a.js:2:7: Expected ";" but found "b", write ;`},
		{"what is no UTF-8", "a.js", "var a = '\xb5\xe3'", "a.js:1:10: the script is not UTF-8, save the file as UTF-8"},
		{"a module that is not there", "pages/a.js", "\nvar p = require('../lib/prise')", `pages/a.js:2:17: the module "../lib/prise" does not exist, did you mean /lib/price?`},
		{"an import that is not there", "pages/a.js", "import p from '../lib/prise.js';p()", `the module "../lib/prise.js" does not exist, did you mean /lib/price.js?`},
		{"a module outside", "a.js", "require('../../etc/passwd')", `a.js:1:9: the module "../../etc/passwd" does not exist`},
		{"a picture as a module", "a.js", "require('./lib/logo.png')", "a.js:1:9: lib/logo.png is no script, require .js, .ts or .json files"},
		{"broken JSON", "a.json", "{\"a\" 1}", `a.json:1:6: expected ':' after the key "a", found '1'`},
		{"a file that is not there", "lib/prise.js", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.want == "" {
				_, list := Transform(pkgOf(packageFiles), c.file, Options{})
				if want := "lib/prise.js: does not exist, did you mean lib/price.js?\n"; list.String() != want {
					t.Errorf("got %s", list)
				}
				return
			}
			_, list := transform(t, c.file, c.in, Options{})
			if !slices.ContainsFunc(list.Errors(), func(d diag.Diagnostic) bool { return strings.HasSuffix(d.Error(), c.want) }) {
				t.Errorf("got %s want %s", list, c.want)
			}
		})
	}
}

func TestUsesOfTheAPIAreListed(t *testing.T) {
	m, list := transform(t, "a.js", "jd.request({});\nvar s = jd['getStorage'];\nfunction f(jd){ jd.no() }\nwx.no(); a.jd.no; jd[x]; jd.login", Options{Minify: true})
	if list.Len() > 0 {
		t.Fatal(list)
	}
	var got []string
	for _, a := range m.APIs {
		got = append(got, fmt.Sprintf("%s@%d", a.Name, a.Line))
	}
	if want := []string{"request@1", "getStorage@2", "login@4"}; !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

// sourceOf follows a map from a text in the code.
func sourceOf(t *testing.T, m *Module, text string) (file string, line int) {
	t.Helper()
	consumer, err := sourcemap.Parse("", m.Map)
	if err != nil {
		t.Fatal(err)
	}
	genLine, genColumn := diag.Position([]byte(m.Code), strings.Index(m.Code, text))
	file, _, line, _, ok := consumer.Source(genLine, genColumn-1)
	if !ok {
		t.Fatalf("%q leads nowhere", text)
	}
	return file, line
}

func TestSourceMapsLeadToTheFileOrToWhatItWasMadeOf(t *testing.T) {
	const original = "// a comment\nconst a: number = 1\n\nconsole.log(marker, a)\n"
	first := api.Transform(original, api.TransformOptions{Loader: api.LoaderTS, Sourcemap: api.SourceMapExternal, Sourcefile: "src/page.ts", SourcesContent: api.SourcesContentInclude})
	compiled, rawMap := string(first.Code), string(first.Map)
	inline := "data:application/json;base64," + base64.StdEncoding.EncodeToString(first.Map)
	for _, c := range []struct {
		name     string
		files    map[string]string
		wantFile string
		wantLine int
	}{
		{"no map", map[string]string{"a.js": "\n\n\nconsole.log(marker)"}, "a.js", 4},
		{"an inline map", map[string]string{"a.js": compiled + "//# sourceMappingURL=" + inline + "\n"}, "src/page.ts", 4},
		{"a map beside it", map[string]string{"a.js": compiled + "//# sourceMappingURL=a.js.map", "a.js.map": rawMap}, "src/page.ts", 4},
		{"a map beside it that is not named", map[string]string{"a.js": compiled, "a.js.map": rawMap}, "src/page.ts", 4},
		{"a map that is not there", map[string]string{"a.js": "\n\nconsole.log(marker)\n//# sourceMappingURL=b.map"}, "a.js", 3},
		{"a broken map", map[string]string{"a.js": "\n\nconsole.log(marker)", "a.js.map": "{"}, "a.js", 3},
		{"a map from outside", map[string]string{"a.js": "\nconsole.log(marker)\n//# sourceMappingURL=/etc/passwd"}, "a.js", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, list := Transform(pkgOf(c.files), "a.js", Options{Map: true, Minify: true})
			if list.HasErrors() {
				t.Fatal(list)
			}
			if file, line := sourceOf(t, m, "marker"); file != c.wantFile || line != c.wantLine {
				t.Errorf("leads to %s:%d, want %s:%d", file, line, c.wantFile, c.wantLine)
			}
			if strings.Contains(m.Code, "sourceMappingURL") {
				t.Error("the code must not name a map")
			}
			if !json.Valid(m.Map) {
				t.Error("the map is no JSON")
			}
		})
	}
}

func TestScriptsThatNestWithoutEndAreRefusedBeforeTheyDoHarm(t *testing.T) {
	const n = 100_000
	for name, src := range map[string]string{
		"arrows":            strings.Repeat("a=>", n) + "a",
		"parentheses":       strings.Repeat("(", n) + "1" + strings.Repeat(")", n),
		"open brackets":     strings.Repeat("[", n),
		"open braces":       strings.Repeat("{", n),
		"functions":         strings.Repeat("function a(){", n) + strings.Repeat("}", n),
		"negations":         strings.Repeat("!", n) + "a",
		"members":           "a" + strings.Repeat(".a", n),
		"calls":             "a" + strings.Repeat("()", n),
		"conditions":        strings.Repeat("a?b:", n) + "a",
		"assignments":       strings.Repeat("a=", n) + "a",
		"if":                strings.Repeat("if(a)", n) + "a",
		"else if":           strings.Repeat("if(a)b;else ", n) + "a",
		"templates":         strings.Repeat("`${", n) + "a" + strings.Repeat("}`", n),
		"new":               strings.Repeat("new ", n) + "a",
		"patterns":          "var " + strings.Repeat("{a:", n) + "b" + strings.Repeat("}", n) + "=c",
		"commas":            strings.Repeat("a,", n) + "a",
		"broken at the end": strings.Repeat("a=>", n) + "a;)",
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			m, list := transform(t, "a.js", src, Options{Minify: true})
			if m != nil || !list.HasErrors() {
				t.Error("accepted")
			}
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
	for name, src := range map[string]string{
		"a long list":              "x=[" + strings.Repeat("1,", n) + "]",
		"many statements":          strings.Repeat("a();", n),
		"a long sum":               "x=" + strings.Repeat("'a'+", 900) + "b",
		"a sequence of a minifier": strings.Repeat(strings.Repeat("a(),", 200)+"b;", 50),
	} {
		t.Run(name+" is fine", func(t *testing.T) {
			if m, list := transform(t, "a.js", src, Options{}); m == nil {
				t.Error(list)
			}
		})
	}
	t.Run("TypeScript is kept short", func(t *testing.T) {
		if m, _ := transform(t, "a.ts", strings.Repeat("let a: number = 1;\n", 10_000), Options{}); m != nil {
			t.Error("accepted")
		}
		if m, _ := transform(t, "a.ts", strings.Repeat("[", 5000), Options{}); m != nil {
			t.Error("accepted")
		}
		if m, _ := transform(t, "a.ts", strings.Repeat("a(),", 10_000)+"a", Options{}); m != nil {
			t.Error("accepted")
		}
		if m, list := transform(t, "a.ts", strings.Repeat("f<number>(1);\n", 1000), Options{}); m == nil {
			t.Error(list)
		}
	})
}

func TestWhatTaroBuildsKeepsItsRequires(t *testing.T) {
	src, err := os.ReadFile("testdata/taro-comp.js")
	if err != nil {
		t.Fatal(err)
	}
	m, list := Transform(pkgOf(map[string]string{"comp.js": string(src)}), "comp.js", Options{Minify: true})
	if list.Len() > 0 || len(m.APIs) == 0 || m.APIs[0].Name != "webpackJsonp" {
		t.Errorf("%s %+v", list, m)
	}
}

func FuzzTransform(f *testing.F) {
	for _, seed := range []string{
		"import a,{b as c} from './x';export default a;export * from 'y'", "require('./lib/price');jd.request()", "x=a?.b??c;class D{#e=1}", "`${`${a}`}`",
		"//# sourceMappingURL=data:application/json;base64,e30=", "//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbImEiXSwibWFwcGluZ3MiOiJBQUFBIn0=",
		"\xef\xbb\xbfvar a", "#!/usr/bin/x\na", "var \\u0061", "/(/", "<!-- x\n--> y", "a\u2028b", "try{require(`a`)}catch{}", "label:for(;;)break label", "require.async('/lib/price')",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 20_000 {
			return
		}
		for _, file := range []string{"a.js", "a.ts"} {
			m, list := transform(t, file, src, Options{Minify: true, Map: true})
			if m == nil {
				if !list.HasErrors() {
					t.Fatal("no code and no reason")
				}
				continue
			}
			if again := api.Transform(m.Code, api.TransformOptions{Loader: api.LoaderJS}); len(again.Errors) > 0 {
				t.Fatalf("own output is refused: %q: %s", m.Code, again.Errors[0].Text)
			}
			if !json.Valid(m.Map) {
				t.Fatalf("the map is no JSON: %q", m.Map)
			}
			for _, r := range m.Requires {
				if r.Line < 1 || r.Column < 1 {
					t.Fatalf("%+v", r)
				}
			}
		}
	})
}
