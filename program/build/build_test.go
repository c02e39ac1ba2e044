package build_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/google/go-cmp/cmp"

	"minimart/examples"
	"minimart/program/build"
	"minimart/program/pkgfile"
)

// shop is a package with everything that decides where code goes: a subpackage, an independent one, a shared component,
// styles of each kind, template scripts that require each other, a module that is only named while it runs.
func shop() map[string]string {
	return map[string]string{
		"app.json": `{"pages":["pages/a/a","pages/b/b"],"window":{"navigationBarTitleText":"Shop"},
			"usingComponents":{"price-tag":"/parts/price"},
			"subpackages":[{"root":"sub","pages":["c/c"]},{"root":"alone","pages":["d/d"],"independent":true}]}`,
		"app.js":             `App({ onLaunch() { const name = "./lib/late"; require(name) } })`,
		"app.jxss":           `.row { width: 100rpx } view { color: red }`,
		"lib/late.js":        `module.exports = "late"`,
		"lib/money.jds":      `var r = require("./round.jds"); module.exports = { yuan: function (fen) { return r.two(fen / 100) } }`,
		"lib/round.jds":      `module.exports = { two: function (n) { return n.toFixed(2) } }`,
		"pages/a/a.jxml":     `<price-tag fen="{{fen}}"/><image src="/img/dot.png"/>`,
		"pages/a/a.jxss":     `.row { background: url("../../img/dot.png") }`,
		"pages/a/a.js":       `const location = "here"; Page({ data: { fen: 1, location } })`,
		"pages/a/a.json":     `{"navigationBarTitleText":"A"}`,
		"pages/b/b.jxml":     `<price-tag fen="2"/>`,
		"pages/b/b.js":       `Page({})`,
		"sub/c/c.jxml":       `<price-tag fen="3"/>`,
		"sub/c/c.js":         `Page({})`,
		"alone/d/d.jxml":     `<view class="row">d</view>`,
		"alone/d/d.js":       `Page({})`,
		"parts/price.json":   `{"component":true,"styleIsolation":"shared"}`,
		"parts/price.jxml":   `<jds src="../lib/money.jds" module="m"/><text class="price">{{m.yuan(fen)}}</text>`,
		"parts/price.jxss":   `.price { color: red } :host { display: block }`,
		"parts/price.js":     `Component({ properties: { fen: Number } })`,
		"img/dot.png":        "\x89PNG",
		"README.unrelated":   "not delivered",
		"gulpfile.broken.js": "this is (no script, and nobody requires it by name",
	}
}

func read(t testing.TB, files map[string]string) *pkgfile.Package {
	t.Helper()
	content := map[string][]byte{}
	for name, text := range files {
		content[name] = []byte(text)
	}
	dir := t.TempDir()
	for name, text := range content {
		path := dir + "/" + name
		if err := os.MkdirAll(path[:strings.LastIndex(path, "/")], 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	pkg, found := pkgfile.ReadDir(dir, pkgfile.DefaultLimits())
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return pkg
}

func built(t *testing.T, files map[string]string, o build.Options) (build.Result, func(name string) string) {
	t.Helper()
	result := build.Build(read(t, files), o)
	if err := result.Diagnostics.Err(); err != nil {
		t.Fatal(err)
	}
	return result, func(name string) string {
		i := slices.IndexFunc(result.Files, func(f build.File) bool { return f.Name == name })
		if i < 0 {
			t.Fatalf("the manifest names %q, which was not built", name)
		}
		return string(result.Files[i].Bytes)
	}
}

func TestEachPageLoadsItsCodeAndNothingTwice(t *testing.T) {
	files := shop()
	delete(files, "gulpfile.broken.js")
	result, text := built(t, files, build.Options{})
	m := result.Manifest
	if m.Entry != "pages/a/a" || m.Dialect != "jd" {
		t.Errorf("entry %q, dialect %q", m.Entry, m.Dialect)
	}
	for page, want := range map[string]string{"pages/a/a": "", "pages/b/b": "", "sub/c/c": "sub", "alone/d/d": "alone"} {
		got := m.Pages[page]
		if got.Package != want {
			t.Errorf("%s lies in package %q, want %q", page, got.Package, want)
		}
		registered := map[string]int{}
		for _, name := range got.View {
			for _, call := range regexp.MustCompile(`(?m)^\$[UTS]\("[^"]+"`).FindAllString(text(name), -1) {
				registered[call]++
			}
		}
		wanted := []string{`$U("` + page + `"`, `$T("` + page + `.jxml"`}
		if page != "alone/d/d" {
			wanted = append(wanted, `$U("app"`, `$U("parts/price"`, `$T("parts/price.jxml"`, `$S("lib/money.jds"`, `$S("lib/round.jds"`)
		}
		slices.Sort(wanted)
		if got := slices.Sorted(maps.Keys(registered)); !slices.Equal(got, wanted) {
			t.Errorf("%s loads %v, want %v", page, got, wanted)
		}
		for call, times := range registered {
			if times != 1 {
				t.Errorf("%s loads %s %d times", page, call, times)
			}
		}
	}
	logic := text(m.Packages[""].Logic)
	for _, want := range []string{`$D("app.js"`, `$D("lib/late.js"`, `$D("pages/a/a.js"`, `$D("parts/price.js"`, `$U("parts/price"`, `$T("pages/a/a.jxml"`} {
		if !strings.Contains(logic, want) {
			t.Errorf("the logic of the main package lacks %s", want)
		}
	}
	for _, elsewhere := range []string{`$D("sub/c/c.js"`, `$D("alone/d/d.js"`} {
		if strings.Contains(logic, elsewhere) {
			t.Errorf("the logic of the main package has %s", elsewhere)
		}
	}
	if !m.Packages["alone"].Independent || m.Packages["sub"].Independent {
		t.Error("which package is independent got lost")
	}
	if !strings.Contains(logic, `"navigationBarTitleText":"A"`) {
		t.Error("a page's settings lie over the app's")
	}
	if len(m.Assets) != 1 || m.Assets["img/dot.png"] == "" {
		t.Errorf("assets %v", m.Assets)
	}
}

func TestPagesOfACustomTabBarShowItsComponent(t *testing.T) {
	files := shop()
	delete(files, "gulpfile.broken.js")
	files["app.json"] = strings.Replace(files["app.json"], `"window"`, `"tabBar":{"custom":true,"list":[{"pagePath":"pages/a/a","text":"A"},{"pagePath":"pages/b/b","text":"B"}]},"window"`, 1)
	files["custom-tab-bar/index.jxml"] = `<view class="bar">tabs</view>`
	files["custom-tab-bar/index.json"] = `{"component":true}`
	files["custom-tab-bar/index.js"] = `Component({})`
	files["pages/b/b.jxml"] = `<custom-tab-bar/>`
	files["pages/b/b.json"] = `{"usingComponents":{"custom-tab-bar":"/parts/price"}}`
	result, _ := built(t, files, build.Options{})
	if warnings := result.Diagnostics.Warnings(); len(warnings) > 0 {
		t.Error("nobody has to declare it:", warnings)
	}
	var all string
	for _, f := range result.Files {
		all += string(f.Bytes) + "\n"
	}
	if !strings.Contains(all, `"custom-tab-bar":"custom-tab-bar/index"`) || strings.Count(all, `"custom-tab-bar":"parts/price"`) != 1 {
		t.Error("the page under the bar resolves the tag to the bar, unless its own json says otherwise")
	}
	if n := strings.Count(all, "<x-custom-tab-bar"); n != 2 {
		t.Errorf("each of the two pages has one place for it, found %d", n)
	}
	if !strings.Contains(all, "tabs</mm-view>") {
		t.Error("the view of the bar is not delivered")
	}
}

func TestStylesAreScopedByWhoseTheyAre(t *testing.T) {
	files := shop()
	delete(files, "gulpfile.broken.js")
	result, text := built(t, files, build.Options{})
	var all strings.Builder
	for _, name := range result.Manifest.Pages["pages/a/a"].View {
		all.WriteString(text(name))
	}
	css := all.String()
	for _, want := range []string{
		`.row{width:calc(100vw / 750 * 100)}`, `mm-view{color:red}`, // the app's
		`.p0--row{background:url(\"/p/` + result.Manifest.Assets["img/dot.png"], // the page's, with the picture's address
		`.price{color:red}`,    // shared: no prefix
		`.c4--{display:block}`, // but its host is its own
	} {
		if !strings.Contains(css, want) {
			t.Errorf("no %s in the styles of pages/a/a", want)
		}
	}
}

func TestABrokenScriptIsReportedTogetherWithABrokenTemplate(t *testing.T) {
	files := shop() // a computed require makes every script of the package part of the program
	files["pages/b/b.jxml"] = "<view>"
	result := build.Build(read(t, files), build.Options{})
	var where []string
	for _, d := range result.Diagnostics.Errors() {
		where = append(where, fmt.Sprintf("%s:%d", d.File, d.Line))
	}
	if want := []string{"gulpfile.broken.js:1", "pages/b/b.jxml:1"}; !slices.Equal(where, want) {
		t.Errorf("errors at %v, want %v", where, want)
	}
}

func TestBuildingTwiceGivesTheSameFiles(t *testing.T) {
	for name, files := range map[string]func() build.Result{
		"taro-shop": func() build.Result {
			p, _ := pkgfile.Read(examples.TaroShop(), pkgfile.DefaultLimits())
			return build.Build(p, build.Options{Minify: true})
		},
		"jewellery": func() build.Result {
			p, _ := pkgfile.Read(examples.Jewellery(), pkgfile.DefaultLimits())
			return build.Build(p, build.Options{Minify: true})
		},
	} {
		t.Run(name, func(t *testing.T) {
			first, second := files(), files()
			if err := first.Diagnostics.Err(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(first.Manifest, second.Manifest); diff != "" {
				t.Error(diff)
			}
			for i, f := range first.Files {
				if !bytes.Equal(f.Bytes, second.Files[i].Bytes) {
					t.Errorf("%s differs", f.Name)
				}
				if strings.HasSuffix(f.Name, ".js") {
					if r := api.Transform(string(f.Bytes), api.TransformOptions{LogLevel: api.LogLevelSilent}); len(r.Errors) > 0 {
						t.Errorf("%s is no JavaScript: %s", f.Name, r.Errors[0].Text)
					}
				}
			}
			if !json.Valid(first.Manifest.App) {
				t.Error("app is no JSON")
			}
		})
	}
}

func TestAPackageOfAPackageIsTheOneItCameWith(t *testing.T) {
	files := shop()
	delete(files, "gulpfile.broken.js")
	files["pages/b/b.js"] = `import day from "dayjs"; require("ui/button"); Page({ day })`
	files["miniprogram_npm/dayjs/index.js"] = `module.exports = "the program's"`
	files["miniprogram_npm/ui/button.js"] = `import day from "dayjs"; import { up } from "./up"; module.exports = up(day)`
	files["miniprogram_npm/ui/up.js"] = `export const up = (s) => s.toUpperCase()`
	files["miniprogram_npm/ui/miniprogram_npm/dayjs/index.js"] = `module.exports = "the library's"`
	result, text := built(t, files, build.Options{})
	logic := text(result.Manifest.Packages[""].Logic)
	for _, want := range []string{
		`}).call(exports)},{"dayjs":"miniprogram_npm/dayjs/index.js","ui/button":"miniprogram_npm/ui/button.js"});`,
		`}).call(exports)},{"dayjs":"miniprogram_npm/ui/miniprogram_npm/dayjs/index.js"});`,
		`$D("miniprogram_npm/ui/miniprogram_npm/dayjs/index.js",`, `$D("miniprogram_npm/dayjs/index.js",`,
	} {
		if strings.Count(logic, want) != 1 {
			t.Errorf("%s is there %d times", want, strings.Count(logic, want))
		}
	}
}

func TestModulesGetTheParametersTheRuntimePasses(t *testing.T) {
	source, err := os.ReadFile("../../web/runtime/src/shared/protocol.ts")
	if err != nil {
		t.Fatal(err)
	}
	list := regexp.MustCompile(`(?s)MODULE_PARAMS = \[(.*?)\]`).FindSubmatch(source)
	var want []string
	for _, m := range regexp.MustCompile(`"(\w+)"`).FindAllSubmatch(list[1], -1) {
		want = append(want, string(m[1]))
	}
	files := shop()
	delete(files, "gulpfile.broken.js")
	result, text := built(t, files, build.Options{})
	if logic := text(result.Manifest.Packages[""].Logic); !strings.Contains(logic, `$D("app.js",function(`+strings.Join(want, ",")+`){`) {
		t.Errorf("modules are not wrapped in a function of %v", want)
	}
}

func TestFilesAreNamedByTheirContentAndPackedWhereItPays(t *testing.T) {
	text := bytes.Repeat([]byte("const a = 1;\n"), 100)
	packed := build.NewFile(".js", "text/javascript", text, build.BestCompression)
	if len(packed.Brotli) == 0 || len(packed.Brotli) > len(text)/2 {
		t.Errorf("brotli of %d repetitive bytes has %d", len(text), len(packed.Brotli))
	}
	if again := build.NewFile(".js", "text/javascript", text, 0); again.Name != packed.Name || again.Brotli != nil {
		t.Errorf("%s packed, %s plain", packed.Name, again.Name)
	}
	if picture := build.NewFile(".png", "image/png", text, build.BestCompression); picture.Brotli != nil {
		t.Error("a picture is packed already")
	}
}

// FuzzBuild: whatever a page consists of, a build ends, and says where what is wrong.
func FuzzBuild(f *testing.F) {
	files := shop()
	f.Add(files["pages/a/a.jxml"], files["pages/a/a.js"], files["pages/a/a.jxss"], files["lib/money.jds"])
	f.Add("{{", "(", "{", "}")
	f.Add(`<template is="a"/><template name="a"><template is="a"/></template>`, "require('./a')", `@import "a.jxss";`, `require("./money.jds")`)
	f.Fuzz(func(t *testing.T, template, script, style, jds string) {
		files := map[string][]byte{
			"app.json": []byte(`{"pages":["pages/a/a"]}`), "app.js": []byte("App({})"), "pages/a/a.jxml": []byte(`<jds src="../../lib/money.jds" module="m"/>` + template),
			"pages/a/a.js": []byte(script), "pages/a/a.jxss": []byte(style), "lib/money.jds": []byte(jds),
		}
		pkg := pkgfile.New(pkgfile.JD, files)
		page := &pkgfile.Unit{Path: "pages/a/a", Template: "pages/a/a.jxml", Script: "pages/a/a.js", Style: "pages/a/a.jxss", Config: json.RawMessage("{}")}
		pkg.Pages, pkg.App.Pages, pkg.App.EntryPage = []*pkgfile.Unit{page}, []string{page.Path}, page.Path
		result := build.Build(pkg, build.Options{Minify: true})
		for _, d := range result.Diagnostics.Errors() {
			if _, known := files[d.File]; !known && !strings.Contains(d.Message, "more") {
				t.Errorf("an error at no file: %v", d)
			}
			if strings.Contains(d.Message, "please report") {
				t.Errorf("the compiler made broken code: %v", d)
			}
		}
	})
}
