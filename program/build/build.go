package build

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"minimart/program/diag"
	"minimart/program/pkgfile"
	"minimart/program/style"
	"minimart/program/template"
)

// Options say how to build. The zero value is for development: readable and quick.
type Options struct {
	Minify   bool
	Compress int // brotli quality of the files, 0 for none
}

// BestCompression is what a version is published with: packed once, fetched often.
const BestCompression = 11

// Result of a build. When Diagnostics has errors, the rest is incomplete and not to be used.
type Result struct {
	Manifest Manifest
	Files    []File
	// SourceMaps of the logic bundles, by file name: Source Map v3 with sections.
	SourceMaps  map[string][]byte
	Diagnostics diag.List
}

// Build compiles a package that pkgfile has read.
func Build(pkg *pkgfile.Package, o Options) Result {
	b := &builder{pkg: pkg, options: o, templates: template.New(packageFiles{pkg}, dialect(pkg)),
		pieces: map[string]piece{}, files: map[string]File{}, assets: map[string]string{}, prefixes: map[string]string{}}
	b.result.SourceMaps = map[string][]byte{}
	b.result.Manifest = Manifest{Format: FormatVersion, Dialect: string(dialect(pkg)), Entry: pkg.App.EntryPage,
		Pages: map[string]Page{}, Packages: map[string]Pack{}, Assets: b.assets}
	b.addAssets()
	b.compileUnits()
	b.checkTemplates()
	b.modules = b.compileModules()
	if !b.result.Diagnostics.HasErrors() {
		b.bundleViews()
		b.bundleLogic()
		b.result.Manifest.App = b.appConfig()
	}
	for _, name := range slices.Sorted(maps.Keys(b.files)) {
		b.result.Files = append(b.result.Files, b.files[name])
	}
	return b.result
}

type builder struct {
	pkg       *pkgfile.Package
	options   Options
	templates *template.Compiler
	result    Result
	pieces    map[string]piece  // of view code, by name
	files     map[string]File   // by name
	assets    map[string]string // package path → file name
	prefixes  map[string]string // unit → class prefix
	modules   []module          // scripts, sorted by file
}

// piece is one registration call of a view bundle, and the other pieces that must be there with it.
type piece struct {
	text  string
	needs []string
}

// packageFiles shows the template compiler the package.
type packageFiles struct{ pkg *pkgfile.Package }

func (f packageFiles) Read(name string) ([]byte, bool) {
	c, ok := f.pkg.Files[name]
	if f.pkg.DrawsTabBar(name) {
		c = slices.Concat(c, []byte("<"+pkgfile.TabBarTag+"/>"))
	}
	return c, ok
}
func (f packageFiles) Paths() []string { return f.pkg.Names }

func dialect(pkg *pkgfile.Package) template.Dialect {
	if pkg.Dialect.Name == pkgfile.WeChat.Name {
		return template.WX
	}
	return template.JD
}

func (b *builder) addFile(ext, contentType string, content []byte) string {
	f := NewFile(ext, contentType, content, b.options.Compress)
	b.files[f.Name] = f
	return f.Name
}

func (b *builder) addAssets() {
	for _, name := range b.pkg.Names {
		if contentType, ok := asset(name); ok {
			b.assets[name] = b.addFile(strings.ToLower(path.Ext(name)), contentType, b.pkg.Files[name])
		}
	}
}

// units lists the pages, then the components.
func (b *builder) units() []*pkgfile.Unit { return slices.Concat(b.pkg.Pages, b.pkg.Components) }

// compileUnits makes the view pieces of every unit, and reports what is wrong in templates and styles.
func (b *builder) compileUnits() {
	for i, u := range b.units() {
		b.prefixes[u.Path] = fmt.Sprintf("%c%d--", "pc"[u.Kind], i)
	}
	if app := "app" + b.pkg.Dialect.Style; b.pkg.Has(app) {
		css := b.style(app, style.Scope{Kind: style.App})
		b.pieces["unit app"] = piece{text: registration("app", map[string]any{"prefix": "", "css": css})}
	}
	for _, u := range b.units() {
		view := map[string]any{"prefix": b.prefixes[u.Path]}
		p := piece{}
		if u.Template != "" {
			view["tpl"] = u.Template
			p.needs = append(p.needs, b.templatePiece(u.Template))
		}
		if u.Style != "" {
			if css := b.style(u.Style, b.scope(u)); css != "" {
				view["css"] = css
			}
		}
		p.text = registration(u.Path, view)
		for _, use := range b.uses(u) {
			p.needs = append(p.needs, "unit "+use)
		}
		b.pieces["unit "+u.Path] = p
	}
}

// uses lists the components a unit may show: those its own json declares, the defaults of its generics, and those of the
// app's json that its templates name.
func (b *builder) uses(u *pkgfile.Unit) []string {
	var out []string
	for _, use := range u.Uses {
		out = append(out, use.Path)
	}
	for _, use := range b.pkg.App.Uses {
		if b.names(u.Template, use.Tag, map[string]bool{}) {
			out = append(out, use.Path)
		}
	}
	for _, g := range u.Generics {
		out = append(out, g.Default)
	}
	out = slices.DeleteFunc(out, func(unit string) bool { return unit == "" })
	slices.Sort(out)
	return slices.Compact(out)
}

// names reports whether a template file, or one it takes in, has the word anywhere: as a tag, or as the value of a
// generic. A word too much costs a few bytes, one too few a component.
func (b *builder) names(file, word string, seen map[string]bool) bool {
	if file == "" || seen[file] {
		return false
	}
	seen[file] = true
	if bytes.Contains(b.pkg.Files[file], []byte(word)) {
		return true
	}
	compiled := b.templates.File(file)
	return slices.ContainsFunc(slices.Concat(compiled.Imports, compiled.Includes), func(other string) bool { return b.names(other, word, seen) })
}

// using maps a unit's tags to units.
func (b *builder) using(u *pkgfile.Unit) map[string]string {
	tags := map[string]string{}
	for _, uses := range [][]pkgfile.Use{b.pkg.App.Uses, u.Uses} { // the unit's own win
		for _, use := range uses {
			if use.Path != "" {
				tags[use.Tag] = use.Path
			}
		}
	}
	return tags
}

// declaresShared finds a component that says in its script, not in its json, that its styles are shared. Scripts are not
// run, so this looks for the words; a component that computes them is compiled as isolated.
var declaresShared = regexp.MustCompile(`\bstyleIsolation\s*:\s*['"](?:page-)?shared['"]`)

func (b *builder) scope(u *pkgfile.Unit) style.Scope {
	prefix := b.prefixes[u.Path]
	if u.Kind == pkgfile.Page {
		return style.Scope{Kind: style.Page, Prefix: prefix}
	}
	shared := strings.HasSuffix(u.StyleIsolation, "shared") && !strings.HasSuffix(u.StyleIsolation, "apply-shared") ||
		u.Script != "" && declaresShared.Match(b.pkg.Files[u.Script])
	if shared {
		return style.Scope{Kind: style.Component, Prefix: "", Host: prefix}
	}
	return style.Scope{Kind: style.Component, Prefix: prefix}
}

func (b *builder) style(file string, scope style.Scope) string {
	css, _, found := style.Compile(b.pkg, file, style.Options{Scope: scope, Asset: func(name string) (string, bool) {
		built, ok := b.assets[name]
		return FileBase + built, ok
	}})
	b.result.Diagnostics.Append(found)
	return css
}

// templatePiece compiles a template file, once, with what it imports and the script modules it uses.
func (b *builder) templatePiece(file string) string {
	name := "template " + file
	if _, done := b.pieces[name]; done {
		return name
	}
	compiled := b.templates.File(file)
	p := piece{text: compiled.View}
	b.pieces[name] = p // before the imports: a cycle is reported by the template compiler, and must not loop here
	b.result.Diagnostics.Append(compiled.Diags)
	for _, imported := range compiled.Imports {
		p.needs = append(p.needs, b.templatePiece(imported))
	}
	for _, m := range compiled.Modules {
		p.needs = append(p.needs, b.safeModule(m))
	}
	b.pieces[name] = p
	return name
}

// checkTemplates holds each unit's template against the components the unit has declared.
func (b *builder) checkTemplates() {
	declared := map[string]bool{}
	for _, u := range b.units() {
		for _, tag := range b.pkg.Tags(u) {
			declared[tag] = true
		}
	}
	for _, u := range b.units() {
		if u.Template == "" {
			continue
		}
		unit := template.Unit{Path: u.Path, File: u.Template, Using: b.pkg.Tags(u), Elsewhere: declared}
		for _, g := range u.Generics {
			unit.Generics = append(unit.Generics, g.Tag)
		}
		b.result.Diagnostics.Append(b.templates.CheckUnit(unit))
	}
}

// closure collects a piece and everything it needs.
func (b *builder) closure(name string, into map[string]bool) {
	if _, known := b.pieces[name]; !known || into[name] {
		return
	}
	into[name] = true
	for _, need := range b.pieces[name].needs {
		b.closure(need, into)
	}
}

// bundleViews writes the view bundles and enters the pages into the manifest.
func (b *builder) bundleViews() {
	var pages []pageNeeds
	for _, u := range b.pkg.Pages {
		p := pageNeeds{page: u.Path, pack: u.Subpackage, independent: b.independent(u.Subpackage), needs: map[string]bool{}}
		b.closure("unit "+u.Path, p.needs)
		if !p.independent { // an independent package does not get the app's styles
			b.closure("unit app", p.needs)
		}
		pages = append(pages, p)
	}
	bundles, loads := partition(pages)
	written := map[string]string{}
	for _, bundle := range bundles {
		var text strings.Builder
		for _, name := range bundle.pieces {
			text.WriteString(b.pieces[name].text)
			text.WriteByte('\n')
		}
		code := b.minify(bundle.owner, text.String())
		written[bundle.owner] = b.addFile(".js", javascript, []byte(code))
	}
	for _, u := range b.pkg.Pages {
		page := Page{Package: u.Subpackage}
		for _, owner := range loads[u.Path] {
			page.View = append(page.View, written[owner])
		}
		b.result.Manifest.Pages[u.Path] = page
	}
}

func (b *builder) independent(root string) bool {
	i := slices.IndexFunc(b.pkg.App.Subpackages, func(s pkgfile.Subpackage) bool { return s.Root == root })
	return i >= 0 && b.pkg.App.Subpackages[i].Independent
}

// appConfig is app.json as the runtime reads it: keys with two spellings have one, paths are clean, and what the
// runtime does not know is left as written.
func (b *builder) appConfig() json.RawMessage {
	app := b.pkg.App
	config := map[string]any{}
	for key, value := range app.Extra {
		config[key] = value
	}
	pages := slices.Clone(app.Pages)
	subpackages := []map[string]any{}
	for _, s := range app.Subpackages {
		pages = append(pages, s.Pages...)
		sub := map[string]any{"root": s.Root, "pages": s.Pages}
		if s.Name != "" {
			sub["name"] = s.Name
		}
		if s.Independent {
			sub["independent"] = true
		}
		subpackages = append(subpackages, sub)
	}
	config["pages"], config["subPackages"], config["entry"] = pages, subpackages, app.EntryPage
	config["window"] = orEmpty(app.Window)
	for key, value := range map[string]json.RawMessage{"networkTimeout": app.NetworkTimeout, "permission": app.Permission, "plugins": app.Plugins} {
		if value != nil {
			config[key] = value
		}
	}
	if len(app.RequiredPrivateInfos) > 0 {
		config["requiredPrivateInfos"] = app.RequiredPrivateInfos
	}
	if app.DarkMode {
		config["darkmode"] = true
	}
	if bar := app.TabBar; bar != nil {
		config["tabBar"] = tabBar(bar)
	}
	return mustJSON(config)
}

func tabBar(bar *pkgfile.TabBar) map[string]any {
	tabs := []map[string]any{}
	for _, t := range bar.Tabs {
		tab := map[string]any{"pagePath": t.Page, "text": t.Text}
		if t.Icon != "" {
			tab["iconPath"] = t.Icon
		}
		if t.SelectedIcon != "" {
			tab["selectedIconPath"] = t.SelectedIcon
		}
		tabs = append(tabs, tab)
	}
	out := map[string]any{"list": tabs}
	for key, value := range map[string]string{"color": bar.Color, "selectedColor": bar.SelectedColor,
		"backgroundColor": bar.BackgroundColor, "borderStyle": bar.BorderStyle, "position": bar.Position} {
		if value != "" {
			out[key] = value
		}
	}
	if bar.Custom {
		out["custom"] = true
	}
	return out
}

func orEmpty(raw json.RawMessage) json.RawMessage {
	if raw == nil {
		return json.RawMessage("{}")
	}
	return raw
}

// registration of a unit: the call $U("pages/a/a",{…}), which both runtimes define. JSON is JavaScript, as encoding/json
// escapes the two line separators that only JSON allows.
func registration(name string, value any) string {
	return "$U(" + string(mustJSON(name)) + "," + string(mustJSON(value)) + ");"
}

// mustJSON encodes values made here of strings, numbers and valid JSON.
func mustJSON(value any) json.RawMessage {
	out, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Sprintf("build: %v", err))
	}
	return out
}
