package review

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"minimart/program/pkgfile"
	"minimart/program/release"
)

func factsOf(pkg *pkgfile.Package) *facts { return gather(pkg, func(string) bool { return false }) }

func difference(t *testing.T, before, after map[string]string) Diff {
	t.Helper()
	return compare(factsOf(program(t, before)), factsOf(program(t, after)), settings{}, settings{})
}

func TestADiffShowsWhatIsNew(t *testing.T) {
	before := map[string]string{
		"pages/home/home.js": "Page({})\njd.login()\njd.request({url:'https://old.example/a'})\n", "assets/a.png": "old", "assets/gone.png": "x",
		"pages/home/home.json": `{"navigationBarTitleText":"旧标题"}`, "lib/min.js": strings.Repeat("a", 3000), "blob.bin": "\x00\x01",
	}
	after := map[string]string{
		"app.json":               `{"pages":["pages/home/home","pages/new/new"],"subPackages":[{"root":"sub","pages":["a/a"]}]}`,
		"pages/detail/detail.js": "", "pages/detail/detail.jxml": "",
		"pages/new/new.js": "Page({})", "pages/new/new.jxml": "<view>上新</view>", "sub/a/a.js": "Page({})", "sub/a/a.jxml": "<view/>",
		"pages/home/home.js": "Page({})\njd.getLocation()\njd.request({url:'https://new.example/a'})\n", "assets/a.png": "new", "assets/b.webp": "b",
		"pages/home/home.json": `{"navigationBarTitleText":"新标题"}`, "lib/min.js": strings.Repeat("b", 3000), "blob.bin": "\x00\x02",
	}
	d := difference(t, before, after)
	if !slices.Equal(d.Pages.Added, []string{"pages/new/new", "sub/a/a"}) || !slices.Equal(d.Pages.Removed, []string{"pages/detail/detail"}) {
		t.Errorf("pages: %+v", d.Pages)
	}
	if len(d.Packages) != 2 || d.Packages[0].Root != "" || d.Packages[0].Before == 0 || d.Packages[1].Root != "sub" || d.Packages[1].Before != 0 || d.Packages[1].After != 15 {
		t.Errorf("packages: %+v", d.Packages)
	}
	if len(d.APIs.Added) != 1 || d.APIs.Added[0].Name != "getLocation" || d.APIs.Added[0].Place.Line != 2 || len(d.APIs.Removed) != 1 || d.APIs.Removed[0].Name != "login" {
		t.Errorf("APIs: %+v", d.APIs)
	}
	if !slices.Equal(d.Hosts.Added, []string{"new.example"}) || !slices.Equal(d.Hosts.Removed, []string{"old.example"}) {
		t.Errorf("hosts: %+v", d.Hosts)
	}
	said := func(list []Said) (out []string) {
		for _, s := range list {
			out = append(out, s.Text)
		}
		slices.Sort(out)
		return out
	}
	if got := said(d.Texts.Added); !slices.Equal(got, []string{"上新", "新标题"}) {
		t.Errorf("texts added: %v", got)
	}
	if got := said(d.Texts.Removed); !slices.Equal(got, []string{"拾光", "旧标题", "详情"}) {
		t.Errorf("texts removed: %v", got)
	}
	var images []string
	for _, i := range d.Images {
		images = append(images, fmt.Sprint(i.Path, " ", i.Change, " ", i.Before != "", " ", i.After != ""))
	}
	if !slices.Equal(images, []string{"assets/a.png changed true true", "assets/b.webp added false true", "assets/gone.png removed true false"}) {
		t.Errorf("images: %v", images)
	}
	shown := map[string]FileChange{}
	for _, f := range d.Files {
		shown[f.Path] = f
	}
	script := shown["pages/home/home.js"]
	if script.Shown != ShownLines || script.Plus != 2 || script.Minus != 2 || !strings.Contains(script.Patch, "-jd.login()\n+jd.getLocation()") && !strings.Contains(script.Patch, "+jd.getLocation()") || !strings.HasPrefix(script.Patch, "@@ ") {
		t.Errorf("%+v", script)
	}
	for path, want := range map[string]Shown{"lib/min.js": ShownMinified, "blob.bin": ShownBinary, "pages/new/new.jxml": ShownLines, "pages/detail/detail.jxml": ShownLines} {
		if shown[path].Shown != want {
			t.Errorf("%s is shown as %q, want %q", path, shown[path].Shown, want)
		}
	}
	if shown["pages/detail/detail.jxml"].Change != Removed || d.Files[len(d.Files)-1].Path != "blob.bin" || shown["app.js"].Path != "" {
		t.Errorf("%+v", d.Files)
	}
}

func TestPicturesAreNamedAsTheyAreDelivered(t *testing.T) {
	d := difference(t, nil, map[string]string{"a.PNG": "picture"})
	if len(d.Images) != 1 || d.Images[0].After != hashOf([]byte("picture"))+".png" {
		t.Errorf("%+v", d.Images)
	}
	if _, ok := release.FileName(d.Images[0].After); !ok {
		t.Errorf("%s is no name of a built file", d.Images[0].After)
	}
}

func TestSettingsAreComparedWithThoseOfTheVersionThatIsOut(t *testing.T) {
	pkg := factsOf(program(t, nil))
	had := settings{release.Domains{Request: []string{"https://a.example", "https://b.example"}}, map[string]string{"location": "找门店", "album": "晒单"}}
	has := settings{release.Domains{Request: []string{"https://b.example", "https://c.example"}, Media: []string{"https://m.example"}}, map[string]string{"location": "配送", "camera": "扫码"}}
	d := compare(pkg, pkg, had, has)
	if !slices.Equal(d.Request.Added, []string{"https://c.example"}) || !slices.Equal(d.Request.Removed, []string{"https://a.example"}) || !slices.Equal(d.Media.Added, []string{"https://m.example"}) {
		t.Errorf("%+v %+v", d.Request, d.Media)
	}
	want := []StatementChange{{"album", "晒单", ""}, {"camera", "", "扫码"}, {"location", "找门店", "配送"}}
	if !slices.Equal(d.Privacy, want) {
		t.Errorf("%+v", d.Privacy)
	}
}

func TestAFirstVersionIsAllNew(t *testing.T) {
	d := compare(nil, factsOf(program(t, map[string]string{"a.png": "x"})), settings{}, settings{})
	if len(d.Pages.Added) != 2 || len(d.Pages.Removed) != 0 || len(d.Images) != 1 || len(d.Files) == 0 || d.Files[0].Shown != ShownNew || d.Files[0].Patch != "" {
		t.Errorf("%+v", d)
	}
}

func TestADiffIsBounded(t *testing.T) {
	before, after := map[string]string{}, map[string]string{}
	for i := range 700 {
		name := fmt.Sprintf("lib/f%03d.js", i)
		before[name] = strings.Repeat("const a = 1\n", 100)
		after[name] = strings.Repeat(fmt.Sprintf("var 变量 = '文字%d'\n", i), 100)
	}
	before["big.js"], after["big.js"] = strings.Repeat("a\n", 300<<10), strings.Repeat("b\n", 300<<10)
	before["cut.js"], after["cut.js"] = "", ""
	for i := range 3000 {
		before["cut.js"] += fmt.Sprintf("const a%d = %d\n", i, i)
		after["cut.js"] += fmt.Sprintf("const b%d = %d\n", i, i)
	}
	d := difference(t, before, after)
	total, shown := 0, map[Shown]int{}
	for _, f := range d.Files {
		total += len(f.Patch)
		shown[f.Shown]++
		if f.Patch != "" && !strings.HasSuffix(f.Patch, "\n") {
			t.Errorf("%s is cut within a line", f.Path)
		}
	}
	if len(d.Files) != maxDiffFiles || d.MoreFiles != 202 || total > maxPatches+maxPatch || shown[ShownLarge] != 1 || shown[ShownCut] != 1 || shown[ShownBounded] == 0 {
		t.Errorf("%d files and %d more, %d bytes of patches, %v", len(d.Files), d.MoreFiles, total, shown)
	}
	if len(d.Texts.Added) != maxDiffTexts || d.Texts.MoreAdded != 400 {
		t.Errorf("%d texts and %d more", len(d.Texts.Added), d.Texts.MoreAdded)
	}
}

func FuzzLines(f *testing.F) {
	f.Add("a\nb\n", "a\nc\n")
	f.Add("", "x")
	f.Add("no end", "no end\n")
	f.Fuzz(func(t *testing.T, old, now string) {
		c, spent := FileChange{}, 0
		c.lines([]byte(old), []byte(now), &spent)
		if c.Patch == "" && c.Shown == ShownLines && old != now {
			t.Fatalf("%q and %q differ, the patch is empty", old, now)
		}
		if len(c.Patch) > maxPatch {
			t.Fatalf("the patch has %d bytes", len(c.Patch))
		}
	})
}
