package pkgfile

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
)

// Package is a mini program as its developer handed it in. It is not changed
// after Read and may be used by several goroutines.
type Package struct {
	Dialect    Dialect
	Project    Project
	App        App
	Pages      []*Unit           // as app.json lists them: main package, then each subpackage
	Components []*Unit           // all that pages, the app or each other use, sorted by path
	Files      map[string][]byte // path from the root → content; do not change
	Names      []string          // the paths, sorted
	Bytes      int64             // of all files without source maps

	folders           map[string]bool
	tabBarIn          map[string]bool // template files, see DrawsTabBar
	pages, components map[string]*Unit
}

// Kind tells what a unit is.
type Kind uint8

// A unit is a page or a component. A page may also be used as a component.
const (
	Page Kind = iota
	Component
)

// Unit is a page or a component: a template, a script, perhaps a style and a
// configuration, all with the same path and different endings.
type Unit struct {
	Path       string // without ending: "pages/cart/index"
	Kind       Kind
	Subpackage string // root of the subpackage it lies in, "" for the main package
	Template   string // file; "" when missing, which was reported
	Script     string // file, .js or .ts; "" when missing, which was reported
	Style      string // file or ""
	JSON       string // file or ""

	Config         json.RawMessage // the configuration as strict JSON, "{}" without a file
	IsComponent    bool            // "component": true
	StyleIsolation string          // "", isolated, apply-shared, shared, page-isolated, page-apply-shared, page-shared
	Uses           []Use           // usingComponents in the order of the file, without the app's
	Generics       []Generic
}

// Use is one entry of usingComponents.
type Use struct {
	Tag         string
	Source      string // as written
	Path        string // of the Unit; "" when it was not found or is not part of the package
	Placeholder string // tag to show until the component's subpackage is there
	Plugin      bool   // plugin:// and the like: not part of the package
}

// Generic is one entry of componentGenerics: a tag whose component the user of
// this component chooses.
type Generic struct {
	Tag     string
	Default string // path of the Unit, or ""
}

// New makes a package of files that are already in memory. Read and ReadZip use
// it; tests and tools may.
func New(d Dialect, files map[string][]byte) *Package {
	p := &Package{Dialect: d, Files: files, Names: sortedNames(files), folders: map[string]bool{"": true}}
	for _, n := range p.Names {
		if path.Ext(n) != ".map" {
			p.Bytes += int64(len(files[n]))
		}
		for dir := path.Dir(n); dir != "." && !p.folders[dir]; dir = path.Dir(dir) {
			p.folders[dir] = true
		}
	}
	return p
}

// Has reports whether the package has a file of this path.
func (p *Package) Has(name string) bool {
	_, ok := p.Files[name]
	return ok
}

// Page returns the page of this path, or nil.
func (p *Package) Page(unitPath string) *Unit { return p.pages[unitPath] }

// Component returns the component of this path, or nil.
func (p *Package) Component(unitPath string) *Unit { return p.components[unitPath] }

// Tag returns what a tag stands for in a unit's template: the unit's own
// usingComponents first, then the app's.
func (p *Package) Tag(u *Unit, tag string) (Use, bool) {
	for _, uses := range [][]Use{u.Uses, p.App.Uses} {
		if i := slices.IndexFunc(uses, func(use Use) bool { return use.Tag == tag }); i >= 0 {
			return uses[i], true
		}
	}
	return Use{}, false
}

// DrawsTabBar reports whether a template file is that of a page under a custom tab bar: what is compiled from it ends with
// the element TabBarTag, for which the page's Uses have the component.
func (p *Package) DrawsTabBar(name string) bool { return p.tabBarIn[name] }

// Tags lists, sorted, the tags a unit's template may use beside the built-ins.
func (p *Package) Tags(u *Unit) []string {
	var out []string
	for _, uses := range [][]Use{u.Uses, p.App.Uses} {
		for _, use := range uses {
			out = append(out, use.Tag)
		}
	}
	for _, g := range u.Generics {
		out = append(out, g.Tag)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// SubpackageOf returns the root of the subpackage a path lies in, or "".
func (p *Package) SubpackageOf(name string) string {
	for i := range p.App.Subpackages {
		if root := p.App.Subpackages[i].Root; strings.HasPrefix(name, root+"/") {
			return root
		}
	}
	return ""
}

// Lookup finds the file that from means by spec. A spec starting with "/" is
// taken from the root, one starting with "." from the folder of from, and any
// other first from the folder of from, then from the miniprogram_npm folders up
// to the root. For each, the spec itself, the spec with each of the endings, and
// an index file in the folder of that name are tried, in this order.
//
// The endings carry their dot; with the ending "" first the bare path counts too.
func (p *Package) Lookup(from, spec string, endings ...string) (string, bool) {
	for _, base := range p.places(from, spec) {
		for _, end := range endings {
			if p.Has(base + end) {
				return base + end, true
			}
		}
		for _, end := range endings {
			if end != "" && p.Has(path.Join(base, "index"+end)) {
				return path.Join(base, "index"+end), true
			}
		}
	}
	return "", false
}

// places lists the paths, without ending, that a spec may mean. It is empty for
// a spec that leaves the package.
func (p *Package) places(from, spec string) []string {
	inside := func(joined string) []string {
		if joined == ".." || strings.HasPrefix(joined, "../") {
			return nil
		}
		return []string{joined}
	}
	dir := path.Dir(from)
	switch {
	case spec == "":
		return nil
	case strings.HasPrefix(spec, "/"):
		return inside(path.Join(".", strings.TrimLeft(spec, "/")))
	case spec == "." || spec == ".." || strings.HasPrefix(spec, "./") || strings.HasPrefix(spec, "../"):
		return inside(path.Join(dir, spec))
	}
	out := inside(path.Join(dir, spec))
	for {
		npm := path.Join(dir, "miniprogram_npm")
		if p.folders[npm] {
			// Cleaning must not let a spec climb out of miniprogram_npm.
			if joined := path.Join(npm, spec); strings.HasPrefix(joined, npm+"/") {
				out = append(out, joined)
			}
		}
		if dir == "." {
			return out
		}
		dir = path.Dir(dir)
	}
}
