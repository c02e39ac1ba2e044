package pkgfile

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"minimart/program/diag"
)

// files is a package under test: path → content.
type files map[string]string

// with returns a copy with more files; the content "-" removes one.
func (f files) with(more files) files {
	out := maps.Clone(f)
	for n, c := range more {
		if c == "-" {
			delete(out, n)
		} else {
			out[n] = c
		}
	}
	return out
}

func (f files) fsys() fstest.MapFS {
	out := fstest.MapFS{}
	for n, c := range f {
		out[n] = &fstest.MapFile{Data: []byte(c)}
	}
	return out
}

// shop is a small but complete program that every case starts from.
var shop = files{
	"app.json": `{
  "pages": ["pages/index/index", "pages/cart/index"],
  "usingComponents": {"price-tag": "/components/price/index"},
  "tabBar": {"list": [
    {"pagePath": "pages/index/index", "text": "首页", "iconPath": "img/a.png"},
    {"pagePath": "pages/cart/index", "text": "购物车", "iconPath": "/img/a.png"}
  ]},
  "subPackages": [{"root": "sub/", "name": "more", "pages": ["one/index"]}]
}`,
	"app.js":                      "App({})",
	"app.jxss":                    "page{}",
	"img/a.png":                   "png",
	"pages/index/index.js":        "Page({})",
	"pages/index/index.jxml":      "<price-tag/>",
	"pages/index/index.json":      `{"usingComponents": {"tree": "../../components/tree"}}`,
	"pages/cart/index.js":         "Page({})",
	"pages/cart/index.jxml":       "<view/>",
	"sub/one/index.js":            "Page({})",
	"sub/one/index.jxml":          "<view/>",
	"components/price/index.js":   "Component({})",
	"components/price/index.jxml": "<text/>",
	"components/price/index.json": `{"component": true}`,
	"components/tree.js":          "Component({})",
	"components/tree.jxml":        "<tree/>",
	"components/tree.json":        `{"component": true, "styleIsolation": "shared", "usingComponents": {"tree": "./tree"}}`,
}

func TestACompletePackageIsUnderstood(t *testing.T) {
	pkg, list := Read(shop.fsys(), Limits{})
	if list.Len() > 0 {
		t.Fatal(list)
	}
	if pkg.Dialect.Name != "jd" || pkg.App.EntryPage != "pages/index/index" {
		t.Errorf("dialect %s, entry %s", pkg.Dialect.Name, pkg.App.EntryPage)
	}
	var pages []string
	for _, p := range pkg.Pages {
		pages = append(pages, p.Path+"@"+p.Subpackage)
	}
	if want := []string{"pages/index/index@", "pages/cart/index@", "sub/one/index@sub"}; !slices.Equal(pages, want) {
		t.Errorf("pages %v", pages)
	}
	var components []string
	for _, c := range pkg.Components {
		components = append(components, c.Path)
	}
	if want := []string{"components/price/index", "components/tree"}; !slices.Equal(components, want) {
		t.Errorf("components %v", components)
	}
	want := App{
		Pages:       []string{"pages/index/index", "pages/cart/index"},
		Subpackages: []Subpackage{{Root: "sub", Name: "more", Pages: []string{"sub/one/index"}}},
		EntryPage:   "pages/index/index",
		TabBar: &TabBar{Tabs: []Tab{
			{Page: "pages/index/index", Text: "首页", Icon: "img/a.png"}, {Page: "pages/cart/index", Text: "购物车", Icon: "img/a.png"}}},
		Uses: []Use{{Tag: "price-tag", Source: "/components/price/index", Path: "components/price/index"}},
	}
	got := pkg.App
	got.Raw = nil
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	tree := pkg.Component("components/tree")
	if tree.StyleIsolation != "shared" || tree.Uses[0].Path != "components/tree" {
		t.Errorf("a component may use itself: %+v", tree)
	}
	home := pkg.Page("pages/index/index")
	if use, ok := pkg.Tag(home, "price-tag"); !ok || use.Path != "components/price/index" {
		t.Errorf("the app's components belong to every page: %+v", use)
	}
	if tags := pkg.Tags(home); !slices.Equal(tags, []string{"price-tag", "tree"}) {
		t.Errorf("tags %v", tags)
	}
	if _, ok := pkg.Tag(home, "nothing"); ok {
		t.Error("an undeclared tag is not known")
	}
}

func TestWhatIsWrongIsNamedWithPlaceAndWayOut(t *testing.T) {
	for _, c := range []struct {
		name   string
		change files
		want   string // one finding, whole
	}{
		{"no app.json", files{"app.json": "-"}, "app.json: is missing"},
		{"no app.json but one further down", files{"app.json": "-", "dist/app.json": "{}"},
			"app.json: is missing, there is one in dist/: give that folder, or name it as miniprogramRoot in the project file"},
		{"broken app.json", files{"app.json": "{\n  \"pages\": [\"a\" \"b\"]\n}"}, "app.json:2:16: a comma is missing here"},
		{"app.json is a list", files{"app.json": "[]"}, "app.json:1:1: expected an object, found an array"},
		{"pages is a string", files{"app.json": `{"pages": "a"}`}, "app.json:1:11: pages must be an array, found a string"},
		{"a page is a number", files{"app.json": `{"pages": ["pages/cart/index", 7]}`}, "app.json:1:32: pages[1] must be a string, found a number"},
		{"no pages", files{"app.json": `{"pages": []}`}, `app.json:1:1: app.json lists no pages, write "pages": ["pages/index/index"]`},
		{"a page listed twice", files{"app.json": `{"pages": ["pages/cart/index", "/pages/cart/index"]}`},
			"app.json:1:32: the page pages/cart/index is listed twice, remove one of the two"},
		{"a page with an ending", files{"app.json": `{"pages": ["pages/cart/index.jxml"]}`},
			`app.json:1:12: the page path "pages/cart/index.jxml" has a file ending, write pages/cart/index`},
		{"a page outside", files{"app.json": `{"pages": ["../x"]}`}, `app.json:1:12: the page path "../x" points outside the package`},
		{"a page that is not there", files{"app.json": `{"pages": ["pages/card/index"]}`},
			"app.json:1:12: the page pages/card/index does not exist: neither pages/card/index.jxml nor pages/card/index.js is in the package, did you mean pages/cart/index?"},
		{"a folder instead of the page", files{"app.json": `{"pages": ["pages/cart"]}`},
			"app.json:1:12: the page pages/cart does not exist: neither pages/cart.jxml nor pages/cart.js is in the package, did you mean pages/cart/index?"},
		{"a page without a template", files{"pages/cart/index.jxml": "-"},
			"app.json:2:34: the page pages/cart/index has no template: pages/cart/index.js exists, pages/cart/index.jxml does not, add pages/cart/index.jxml"},
		{"a page without a script", files{"pages/cart/index.js": "-"},
			"app.json:2:34: the page pages/cart/index has no script: pages/cart/index.jxml exists, pages/cart/index.js does not, add pages/cart/index.js with Page({})"},
		{"no app.js", files{"app.js": "-"}, "app.js: is missing, write at least App({})"},
		{"broken page json", files{"pages/cart/index.json": "{\"a\" 1}"}, `pages/cart/index.json:1:6: expected ':' after the key "a", found '1'`},
		{"page json that is not UTF-8", files{"pages/cart/index.json": "{\"a\": \"\xb5\xe3\"}"},
			"pages/cart/index.json:1:8: invalid UTF-8 byte 0xb5, save the file as UTF-8"},
		{"an unknown entry page", files{"app.json": `{"pages": ["pages/cart/index"], "entryPagePath": "pages/card/index"}`},
			"app.json:1:50: entryPagePath pages/card/index is not a page of the program, did you mean pages/cart/index?"},
		{"two dialects", files{"pages/x.wxml": ""},
			"the package mixes two dialects: app.jxss is JD, pages/x.wxml is WeChat, use either .jxml .jxss .jds or .wxml .wxss .wxs in all files"},
		{"a component that is not there", files{"pages/cart/index.json": `{"usingComponents": {"t": "/components/tre"}}`},
			"pages/cart/index.json:1:27: the component t does not exist: there is no components/tre.jxml, did you mean components/tree?"},
		{"a component outside", files{"pages/cart/index.json": `{"usingComponents": {"t": "../../../x"}}`},
			`pages/cart/index.json:1:27: the path "../../../x" of component t points outside the package`},
		{"a component without a script", files{"components/tree.js": "-"},
			"pages/index/index.json:1:30: the component tree at components/tree has no script, add components/tree.js with Component({})"},
		{"a component that is a number", files{"pages/cart/index.json": `{"usingComponents": {"t": 1}}`},
			"pages/cart/index.json:1:27: usingComponents.t must be a string, found a number, write the path of the component"},
		{"a tag that cannot be", files{"pages/cart/index.json": `{"usingComponents": {"a b": "/components/tree"}}`},
			`pages/cart/index.json:1:22: "a b" cannot be a tag name, use letters, digits, - and _, beginning with a letter`},
		{"a tag with its own meaning", files{"pages/cart/index.json": `{"usingComponents": {"block": "/components/tree"}}`},
			"pages/cart/index.json:1:22: the tag block has a meaning of its own and cannot name a component, choose another tag"},
		{"a wrong generic", files{"components/tree.json": `{"component": true, "componentGenerics": {"row": 1}}`},
			`components/tree.json:1:50: componentGenerics.row must be true or an object, found a number, write true or {"default": "path"}`},
		{"a custom tab bar without a component", files{"app.json": strings.Replace(shop["app.json"], `"tabBar": {`, `"tabBar": {"custom": true,`, 1)},
			"app.json:4:13: the tab bar is custom, but the component custom-tab-bar/index does not exist, add custom-tab-bar/index.jxml"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, list := Read(shop.with(c.change).fsys(), Limits{})
			var got []string
			for _, d := range list.Errors() {
				got = append(got, d.Error())
			}
			if !slices.Contains(got, c.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), c.want)
			}
		})
	}
}

func TestTabBarsAndSubpackagesKeepTheirRules(t *testing.T) {
	const head = `{"pages": ["pages/index/index", "pages/cart/index"], `
	tab := func(page, icon string) string {
		return fmt.Sprintf(`{"pagePath": %q, "iconPath": %q}`, page, icon)
	}
	home, cart := tab("pages/index/index", ""), tab("pages/cart/index", "")
	for _, c := range []struct{ name, app, want string }{
		{"one tab", `"tabBar": {"list": [` + home + `]}}`, "the tab bar has 1 tabs, it takes 2 to 5"},
		{"six tabs", `"tabBar": {"list": [` + strings.Repeat(home+",", 5) + cart + `]}}`, "the tab bar has 6 tabs, it takes 2 to 5"},
		{"no list", `"tabBar": {}}`, "the tab bar has no list of tabs"},
		{"a tab that is no page", `"tabBar": {"list": [` + home + "," + tab("pages/card/index", "") + `]}}`,
			"the tab page pages/card/index is not a page of the program, did you mean pages/cart/index?"},
		{"a tab in a subpackage", `"tabBar": {"list": [` + home + "," + tab("sub/one/index", "") + `]}, "subpackages": [{"root": "sub", "pages": ["one/index"]}]}`,
			"the tab page sub/one/index lies in the subpackage sub, move it to the main package"},
		{"the same tab twice", `"tabBar": {"list": [` + home + "," + home + `]}}`, "the tab page pages/index/index is listed twice"},
		{"an icon that is not there", `"tabBar": {"list": [` + home + "," + tab("pages/cart/index", "img/b.png") + `]}}`,
			"the tab icon img/b.png does not exist, did you mean img/a.png?"},
		{"a tab without a page", `"tabBar": {"list": [` + home + `,{"text": "x"}]}}`, "a tab has no pagePath"},
		{"roots that overlap", `"subPackages": [{"root": "sub", "pages": []}, {"root": "sub/one", "pages": []}]}`,
			"the subpackage roots sub and sub/one overlap, give each subpackage a folder of its own"},
		{"the same root under both spellings", `"subPackages": [{"root": "sub", "pages": []}], "subpackages": [{"root": "sub/", "pages": []}]}`,
			"the subpackage root sub is used twice"},
		{"a root that is everything", `"subPackages": [{"root": "./", "pages": []}]}`, `a subpackage has no root, write "root": "folder"`},
		{"a root outside", `"subPackages": [{"root": "../x", "pages": []}]}`, `the subpackage root "../x" points outside the package`},
		{"a page outside its subpackage", `"subPackages": [{"root": "sub", "pages": ["../pages/cart/index"]}]}`,
			`the page path "../pages/cart/index" points outside the package`},
		{"a page that leaves and comes back", `"subPackages": [{"root": "sub", "pages": ["one/../../pages/cart/index"]}]}`,
			`the page path "one/../../pages/cart/index" points outside the package`},
		{"a page that repeats the root", `"subPackages": [{"root": "sub", "pages": ["sub/one/index"]}]}`,
			`the page "sub/one/index" of subpackage sub repeats the root, write one/index`},
		{"a main page inside a subpackage", `"subPackages": [{"root": "pages/cart", "pages": []}]}`,
			"the page pages/cart/index of the main package lies in the subpackage pages/cart, list it among the pages of pages/cart"},
		{"too many subpackages", `"subPackages": [` + strings.Repeat(`{"root": "sub"},`, 300) + `]}`, "the subpackage root sub is used twice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, list := Read(shop.with(files{"app.json": head + c.app}).fsys(), Limits{})
			if !has(list.Errors(), c.want) {
				t.Errorf("got\n%s\nwant\n%s", list, c.want)
			}
		})
	}
}

func has(all []diag.Diagnostic, message string) bool {
	return slices.ContainsFunc(all, func(d diag.Diagnostic) bool {
		d.File = ""
		return d.Error() == message
	})
}

func TestOddButRunnablePackagesAreWarnedAbout(t *testing.T) {
	for _, c := range []struct {
		name   string
		change files
		want   string
	}{
		{"a plugin component", files{"pages/cart/index.json": `{"usingComponents": {"map-pick": "plugin://maps/pick"}}`},
			"plugin://maps/pick is not part of the package; <map-pick> stays empty"},
		{"a component that does not say so", files{"components/tree.json": "-"},
			`is used as a component but does not say so, write "component": true`},
		{"an unknown isolation", files{"components/tree.json": `{"component": true, "styleIsolation": "share"}`},
			`unknown styleIsolation "share", did you mean shared?`},
		{"a component of a subpackage used outside", files{"pages/cart/index.json": `{"usingComponents": {"one": "/sub/one/index"}}`},
			"the component one lies in the subpackage sub, which may not be loaded yet, add a componentPlaceholder, or move it to the main package"},
		{"a component that hides a built-in", files{"pages/cart/index.json": `{"usingComponents": {"button": "/components/tree"}}`},
			"the component button hides the built-in component of that name"},
		{"an independent subpackage that leans on the main package", files{
			"app.json":           strings.Replace(shop["app.json"], `"root": "sub/"`, `"independent": true, "root": "sub/"`, 1),
			"sub/one/index.json": `{"usingComponents": {"tree": "/components/tree"}}`,
		}, "the component tree lies in the main package, which the independent subpackage sub cannot count on, copy it into sub"},
		{"a project file that points nowhere", files{"project.jd.json": `{"miniprogramRoot": "build/"}`},
			"miniprogramRoot is build, but there is no app.json in it; the folder of this file is taken"},
		{"a tab icon from the network", files{"app.json": strings.Replace(shop["app.json"], `"img/a.png"`, `"https://x/a.png"`, 1)},
			"iconPath cannot be an address; the tab shows no icon, put the file into the package"},
		{"a theme that is not there", files{"app.json": strings.Replace(shop["app.json"], `"pages"`, `"themeLocation": "theme.json", "pages"`, 1)},
			"themeLocation theme.json does not exist"},
	} {
		t.Run(c.name, func(t *testing.T) {
			pkg, list := Read(shop.with(c.change).fsys(), Limits{})
			if list.HasErrors() || pkg == nil {
				t.Fatalf("errors: %s", list)
			}
			if !has(list.Warnings(), c.want) {
				t.Errorf("got\n%s\nwant\n%s", list, c.want)
			}
		})
	}
}

func TestComponentsAreFoundByRelativeAbsoluteAndPackageName(t *testing.T) {
	npm := files{
		"miniprogram_npm/vant/button/index.js": "", "miniprogram_npm/vant/button/index.jxml": "", "miniprogram_npm/vant/button/index.json": `{"component":true}`,
		"sub/miniprogram_npm/tiny/index.js": "", "sub/miniprogram_npm/tiny/index.jxml": "", "sub/miniprogram_npm/tiny/index.json": `{"component":true}`,
	}
	for _, c := range []struct{ spec, want string }{
		{"../../components/price/index", "components/price/index"},
		{"/components/price", "components/price/index"},
		{"/components/tree.jxml", "components/tree"},
		{"../../components/tree", "components/tree"},
		{"vant/button/index", "miniprogram_npm/vant/button/index"},
		{"vant/button", "miniprogram_npm/vant/button/index"},
		{"tiny", "sub/miniprogram_npm/tiny/index"},
		{"index", "sub/one/index"},
	} {
		t.Run(c.spec, func(t *testing.T) {
			pkg, list := Read(shop.with(npm).with(files{"sub/one/index.json": fmt.Sprintf(`{"component":true,"usingComponents":{"t":%q}}`, c.spec)}).fsys(), Limits{})
			if list.HasErrors() {
				t.Fatal(list)
			}
			if got := pkg.Page("sub/one/index").Uses[0].Path; got != c.want {
				t.Errorf("found %q, want %q", got, c.want)
			}
			if pkg.Component(c.want) == nil {
				t.Errorf("%s is not among the components", c.want)
			}
		})
	}
}

func TestGenericsAndPlaceholdersAreRead(t *testing.T) {
	pkg, list := Read(shop.with(files{
		"components/tree.json":  `{"component":true,"componentGenerics":{"row":true,"cell":{"default":"./price/index"}}}`,
		"pages/cart/index.json": `{"usingComponents":{"one":"/sub/one/index"},"componentPlaceholder":{"one":"view"}}`,
		"sub/one/index.json":    `{"component":true}`,
	}).fsys(), Limits{})
	if list.Len() > 0 {
		t.Fatal(list)
	}
	if d := cmp.Diff([]Generic{{Tag: "row"}, {Tag: "cell", Default: "components/price/index"}}, pkg.Component("components/tree").Generics); d != "" {
		t.Error(d)
	}
	if use := pkg.Page("pages/cart/index").Uses[0]; use.Placeholder != "view" || use.Path != "sub/one/index" {
		t.Errorf("%+v", use)
	}
	if pkg.Component("sub/one/index") == nil || pkg.Page("sub/one/index") == nil {
		t.Error("a page that is used as a component is both")
	}
}

func TestTheWeChatDialectIsRecognised(t *testing.T) {
	pkg, list := Read(files{
		"project.config.json": `{"miniprogramRoot": "miniprogram/", "appid": "wx1", "projectname": "n"}`,
		"package.json":        "{}", "node_modules/x/app.json": "{", ".git/config": "",
		"miniprogram/app.json": "\xef\xbb\xbf// c\n{\"pages\": [\"a\"], \"sitemapLocation\": \"sitemap.json\",}",
		"miniprogram/app.ts":   "App({})", "miniprogram/a.ts": "", "miniprogram/a.wxml": "", "miniprogram/a.json": " \n",
	}.fsys(), Limits{})
	if list.Len() > 0 {
		t.Fatal(list)
	}
	if pkg.Dialect.Name != "wechat" || pkg.Project.AppID != "wx1" || pkg.Project.Root != "miniprogram" {
		t.Errorf("%+v %+v", pkg.Dialect, pkg.Project)
	}
	if want := []string{"a.json", "a.ts", "a.wxml", "app.json", "app.ts"}; !slices.Equal(pkg.Names, want) {
		t.Errorf("files %v", pkg.Names)
	}
	if string(pkg.App.Extra["sitemapLocation"]) != `"sitemap.json"` {
		t.Errorf("unknown keys are kept: %v", pkg.App.Extra)
	}
}

func TestWhatTaroBuildsIsUnderstood(t *testing.T) {
	f := files{"app.js": "", "base.jxml": "", "utils.jds": "", "assets/a.png": "", "assets/b.png": ""}
	for _, name := range []string{"app.json", "comp.json"} {
		data, err := os.ReadFile(filepath.Join("testdata/taro", name))
		if err != nil {
			t.Fatal(err)
		}
		f[name] = string(data)
	}
	f["custom-wrapper.json"] = f["comp.json"]
	for _, u := range []string{"comp", "custom-wrapper", "pages/index/index", "pages/list/index", "pages/form/index", "pages/cart/index", "pages/detail/index", "sub/pages/one/index"} {
		f[u+".js"], f[u+".jxml"] = "", ""
		if strings.HasPrefix(u, "pages") {
			f[u+".json"] = `{"usingComponents":{"custom-wrapper":"../../custom-wrapper","comp":"../../comp"}}`
		}
	}
	pkg, list := Read(f.fsys(), Limits{})
	if list.Len() > 0 {
		t.Fatal(list)
	}
	if len(pkg.Pages) != 6 || len(pkg.Components) != 2 || len(pkg.App.TabBar.Tabs) != 3 || pkg.Pages[5].Subpackage != "sub" {
		t.Errorf("%d pages, %d components, %+v", len(pkg.Pages), len(pkg.Components), pkg.App.TabBar)
	}
	if string(pkg.App.Window) != `{"backgroundTextStyle":"light","navigationBarBackgroundColor":"#fff","navigationBarTitleText":"JD Taro","navigationBarTextStyle":"black"}` {
		t.Errorf("window %s", pkg.App.Window)
	}
}

func TestPackagesOverTheirLimitsSayWhatIsLargest(t *testing.T) {
	big := strings.Repeat("x", 3000)
	for _, c := range []struct {
		name   string
		limits Limits
		want   string
	}{
		{"total", Limits{Total: 4000}, "the package is larger than 3.9 KiB unpacked, largest: pages/cart/big.js (2.9 KiB), sub/big.js (2.9 KiB), app.json (391 bytes)"},
		{"main package", Limits{PerPackage: 3200}, "the main package has 3.6 KiB, the limit is 3.1 KiB, largest: pages/cart/big.js (2.9 KiB), app.json (391 bytes), components/tree.json (86 bytes)"},
		{"one file", Limits{File: 2000}, "pages/cart/big.js: is larger than 2.0 KiB, put large files on a server or into cloud storage"},
		{"entries", Limits{Entries: 10}, "the package has more than 10 files and folders"},
		{"depth", Limits{Depth: 1}, "pages/cart: lies deeper than 1 folders"},
		{"name", Limits{Name: 20}, `the entry "pages/index/index.jxml" has a path of 22 bytes, the limit is 20, shorten its folders`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, list := Read(shop.with(files{"pages/cart/big.js": big, "sub/big.js": big}).fsys(), c.limits)
			var got []string
			for _, d := range list.Errors() {
				got = append(got, d.Error())
			}
			if !slices.Contains(got, c.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), c.want)
			}
		})
	}
	t.Run("source maps do not count for the package", func(t *testing.T) {
		pkg, list := Read(shop.with(files{"app.js.map": big}).fsys(), Limits{PerPackage: 3200, File: 2000})
		if list.Len() > 0 || !pkg.Has("app.js.map") {
			t.Error(list)
		}
	})
}

func TestAFolderCannotLeadOutOfItself(t *testing.T) {
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret.js"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, content := range shop {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, list := ReadDir(dir, Limits{}); list.Len() > 0 {
		t.Fatalf("the folder is fine so far: %s", list)
	}
	if err := os.Symlink(filepath.Join(outside, "secret.js"), filepath.Join(dir, "stolen.js")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "more")); err != nil {
		t.Fatal(err)
	}
	pkg, list := ReadDir(dir, Limits{})
	if !has(list.Errors(), "is a symbolic link, put the file itself into the package") || pkg.Has("stolen.js") || pkg.Has("more/secret.js") {
		t.Errorf("%s", list)
	}
	if err := os.WriteFile(filepath.Join(dir, "project.jd.json"), []byte(`{"miniprogramRoot": "more"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(outside, "app.json"), []byte(`{}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if pkg, _ := ReadDir(dir, Limits{}); pkg != nil && pkg.Has("secret.js") {
		t.Error("a linked miniprogramRoot leads outside")
	}
	if err := os.WriteFile(filepath.Join(dir, "project.jd.json"), []byte(`{"miniprogramRoot": "../x"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, list := ReadDir(dir, Limits{}); !has(list.Errors(), `miniprogramRoot "../x" points outside the project, name a folder inside the project`) {
		t.Errorf("%s", list)
	}
	if _, list := ReadDir(filepath.Join(dir, "nothing"), Limits{}); !list.HasErrors() {
		t.Error("a folder that is not there is an error")
	}
}
