package examples

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// program is one example as its app.json describes it.
type program struct {
	files fs.FS
	pages []string // of the main package and the subpackages
	icons []string
}

func read(t *testing.T, files fs.FS) program {
	t.Helper()
	var app struct {
		Pages       []string `json:"pages"`
		SubPackages []struct {
			Root  string   `json:"root"`
			Pages []string `json:"pages"`
		} `json:"subPackages"`
		TabBar struct {
			List []struct {
				PagePath         string `json:"pagePath"`
				IconPath         string `json:"iconPath"`
				SelectedIconPath string `json:"selectedIconPath"`
			} `json:"list"`
		} `json:"tabBar"`
	}
	data, err := fs.ReadFile(files, "app.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &app); err != nil {
		t.Fatal(err)
	}
	p := program{files: files, pages: app.Pages}
	for _, s := range app.SubPackages {
		for _, page := range s.Pages {
			p.pages = append(p.pages, path.Join(s.Root, page))
		}
	}
	for _, tab := range app.TabBar.List {
		if !slices.Contains(app.Pages, tab.PagePath) {
			t.Errorf("the tab bar leads to %s, which is not a page of the main package", tab.PagePath)
		}
		p.icons = append(p.icons, tab.IconPath, tab.SelectedIconPath)
	}
	return p
}

func programs(t *testing.T) map[string]program {
	return map[string]program{"taro-shop": read(t, TaroShop()), "jewellery": read(t, Jewellery())}
}

func TestEveryPageAndIconIsInThePackage(t *testing.T) {
	for name, p := range programs(t) {
		for _, page := range p.pages {
			for _, ext := range []string{".js", ".json", ".jxml", ".jxss"} {
				if _, err := fs.Stat(p.files, page+ext); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
		for _, icon := range p.icons {
			if _, err := fs.Stat(p.files, icon); err != nil {
				t.Errorf("%s: tab icon: %v", name, err)
			}
		}
	}
}

func TestThePackagesStaySmall(t *testing.T) {
	for name, p := range programs(t) {
		var total int64
		err := fs.WalkDir(p.files, ".", func(_ string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			info, err := e.Info()
			if err != nil {
				return err
			}
			total += info.Size()
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if most := int64(1 << 20); total > most {
			t.Errorf("%s is %d bytes, more than %d", name, total, most)
		}
	}
}

// pagePath finds where source says that it goes; picture finds literal paths of pictures in the package.
var (
	pagePath = regexp.MustCompile(`["'` + "`" + `](/(?:pages|sub|salon)/[a-z/]+)`)
	picture  = regexp.MustCompile(`["'` + "`" + `](/(?:art|assets)/[a-z0-9/-]+\.(?:svg|png))`)
)

func TestEveryLiteralPathInTheSourceLeadsSomewhere(t *testing.T) {
	all := programs(t)
	for _, src := range []struct {
		program string
		files   fs.FS
	}{
		{"jewellery", Jewellery()},
		{"taro-shop", os.DirFS("taro-shop/src")},
	} {
		p := all[src.program]
		links := 0
		err := fs.WalkDir(src.files, ".", func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || !slices.Contains([]string{".js", ".jxml", ".ts", ".tsx"}, path.Ext(name)) {
				return err
			}
			data, err := fs.ReadFile(src.files, name)
			if err != nil {
				return err
			}
			for _, m := range pagePath.FindAllSubmatch(data, -1) {
				links++
				if to := string(m[1][1:]); !slices.Contains(p.pages, to) {
					t.Errorf("%s/%s leads to /%s, which is not a page", src.program, name, to)
				}
			}
			for _, m := range picture.FindAllSubmatch(data, -1) {
				if _, err := fs.Stat(p.files, string(m[1][1:])); err != nil {
					t.Errorf("%s/%s: %v", src.program, name, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if links < 8 {
			t.Errorf("found only %d links in %s: the pattern no longer fits", links, src.program)
		}
	}
}

func TestEveryComponentNamedInJewelleryExists(t *testing.T) {
	files := Jewellery()
	names, err := fs.Glob(files, "*/*/*.json")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, name := range append(names, "app.json") {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		var conf struct {
			UsingComponents map[string]string `json:"usingComponents"`
			Generics        map[string]struct {
				Default string `json:"default"`
			} `json:"componentGenerics"`
		}
		if err := json.Unmarshal(data, &conf); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		targets := slices.Collect(maps.Values(conf.UsingComponents))
		for _, g := range conf.Generics {
			targets = append(targets, g.Default)
		}
		for _, to := range targets {
			at := path.Join(path.Dir(name), to)
			if strings.HasPrefix(to, "/") {
				at = to[1:]
			}
			used[at] = true
			data, err := fs.ReadFile(files, at+".json")
			if err != nil {
				t.Errorf("%s uses %s: %v", name, to, err)
			} else if !bytes.Contains(data, []byte(`"component": true`)) {
				t.Errorf("%s uses %s, which does not say that it is a component", name, to)
			}
		}
	}
	have, err := fs.Glob(files, "components/*/*.jxml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range have {
		if c := strings.TrimSuffix(name, ".jxml"); !used[c] {
			t.Errorf("no page uses %s", c)
		}
	}
}

// TestTheCommittedBuildIsWhatTheSourceBuilds runs the real Taro CLI, which needs Node and the installed dependencies.
func TestTheCommittedBuildIsWhatTheSourceBuilds(t *testing.T) {
	const how = "install the dependencies with examples/taro-shop/build.sh --deps"
	cli := filepath.Join("node_modules", "@tarojs", "cli", "bin", "taro")
	if _, err := os.Stat(filepath.Join("taro-shop", cli)); err != nil {
		if os.Getenv("CI") == "true" || os.Getenv("MINIMART_EXAMPLES") == "1" {
			t.Fatalf("no Taro CLI: %s", how)
		}
		t.Skipf("no Taro CLI, so the build is not compared: %s", how)
	}
	if testing.Short() {
		t.Skip("a build takes half a minute")
	}
	shop, err := filepath.Abs("taro-shop")
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "dist")
	rel, err := filepath.Rel(shop, out) // Taro joins it to the project's folder
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", cli, "build", "--type", "jd")
	cmd.Dir = shop
	cmd.Env = append(os.Environ(), "SHOP_OUT="+filepath.ToSlash(rel), "NODE_ENV=production")
	if log, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("taro build: %v\n%s", err, log)
	}
	for _, d := range differences(t, os.DirFS(filepath.Join(shop, "dist")), os.DirFS(out)) {
		t.Errorf("%s; run examples/taro-shop/build.sh and commit dist", d)
	}
}

// differences says which files of two trees are not the same.
func differences(t *testing.T, committed, fresh fs.FS) (out []string) {
	t.Helper()
	a, b := tree(t, committed), tree(t, fresh)
	for name := range a {
		if _, ok := b[name]; !ok {
			out = append(out, fmt.Sprintf("dist/%s is committed but no longer built", name))
		}
	}
	for name, data := range b {
		if was, ok := a[name]; !ok {
			out = append(out, fmt.Sprintf("dist/%s is built but not committed", name))
		} else if !bytes.Equal(was, data) {
			out = append(out, fmt.Sprintf("dist/%s differs from what the source builds", name))
		}
	}
	slices.Sort(out)
	return out
}

func tree(t *testing.T, files fs.FS) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := fs.WalkDir(files, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		out[name], err = fs.ReadFile(files, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
