package pkgfile

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"minimart/program/diag"
	"minimart/program/pkgfile/jsonc"
	"minimart/program/tags"
)

// understand reads app.json, the pages, and every component they reach.
func (p *Package) understand(limits Limits, list *diag.List) {
	r, root := readApp(p, list)
	p.checkSizes(limits, list)
	if root == nil {
		return
	}
	u := &unitReader{pkg: p, list: list, units: map[string]*Unit{}}
	if _, ok := p.Lookup("app.json", "app", ".js", ".ts"); !ok {
		list.Add(diag.Diagnostic{File: "app.js", Message: "is missing", Hint: "write at least App({})"})
	}
	for _, l := range r.listed {
		if page := u.page(r, l); page != nil {
			p.Pages = append(p.Pages, page)
		}
	}
	p.App.Uses = u.uses(r.reader, "app.json", root, nil)
	if p.App.TabBar != nil && p.App.TabBar.Custom {
		u.customTabBar(r, root)
	}
	u.follow()
	p.pages, p.components = map[string]*Unit{}, map[string]*Unit{}
	for _, page := range p.Pages {
		p.pages[page.Path] = page
	}
	for _, unit := range u.units {
		if unit.Kind == Component || u.usedAsComponent[unit.Path] {
			p.Components = append(p.Components, unit)
			p.components[unit.Path] = unit
		}
	}
	slices.SortFunc(p.Components, func(a, b *Unit) int { return strings.Compare(a.Path, b.Path) })
}

// checkSizes holds the main package and each subpackage against their limit.
func (p *Package) checkSizes(limits Limits, list *diag.List) {
	sums, entries := map[string]int64{}, map[string][]entry{}
	for _, n := range p.Names {
		if path.Ext(n) == ".map" {
			continue
		}
		root := p.SubpackageOf(n)
		sums[root] += int64(len(p.Files[n]))
		entries[root] = append(entries[root], entry{name: n, declared: int64(len(p.Files[n]))})
	}
	for root, sum := range sums {
		if sum <= limits.PerPackage {
			continue
		}
		which := "the main package"
		if root != "" {
			which = "the subpackage " + root
		}
		list.Add(diag.Diagnostic{
			Message: fmt.Sprintf("%s has %s, the limit is %s", which, size(sum), size(limits.PerPackage)),
			Hint:    "largest: " + largest(entries[root]),
		})
	}
}

// unitReader reads pages and components, each once.
type unitReader struct {
	pkg             *Package
	list            *diag.List
	units           map[string]*Unit
	usedAsComponent map[string]bool
	waiting         []string // paths of components still to be read, in order of discovery
	names           []string // all unit paths of the package, for "did you mean"
}

// page reads a page that app.json lists. It returns nil when nothing of the page
// is there.
func (u *unitReader) page(r *appReader, l listed) *Unit {
	unit := u.parts(l.path)
	unit.Kind = Page
	unit.Subpackage = l.subpackage
	u.units[l.path] = unit
	template := l.path + u.pkg.Dialect.Template
	switch {
	case unit.Template == "" && unit.Script == "":
		hint := r.guess(l.path, u.known())
		if index := path.Join(l.path, "index"); hint == "" && u.pkg.Has(index+u.pkg.Dialect.Template) {
			hint = "did you mean " + index + "?"
		}
		r.fail(l.at, hint, "the page %s does not exist: neither %s nor %s.js is in the package", l.path, template, l.path)
		delete(u.units, l.path)
		return nil
	case unit.Template == "":
		r.fail(l.at, "add "+template, "the page %s has no template: %s exists, %s does not", l.path, unit.Script, template)
	case unit.Script == "":
		r.fail(l.at, "add "+l.path+".js with Page({})", "the page %s has no script: %s exists, %s.js does not", l.path, unit.Template, l.path)
	}
	u.configure(unit)
	return unit
}

// parts finds the files of a unit.
func (u *unitReader) parts(unitPath string) *Unit {
	d := u.pkg.Dialect
	file := func(endings ...string) string {
		for _, end := range endings {
			if u.pkg.Has(unitPath + end) {
				return unitPath + end
			}
		}
		return ""
	}
	return &Unit{
		Path: unitPath, Subpackage: u.pkg.SubpackageOf(unitPath), Config: []byte("{}"),
		Template: file(d.Template), Script: file(".js", ".ts"), Style: file(d.Style), JSON: file(".json"),
	}
}

var isolations = []string{"isolated", "apply-shared", "shared", "page-isolated", "page-apply-shared", "page-shared"}

// configure reads the JSON file of a unit.
func (u *unitReader) configure(unit *Unit) {
	if unit.JSON == "" {
		return
	}
	r := newReader(unit.JSON, u.pkg.Files[unit.JSON], u.list)
	if len(strings.TrimSpace(string(r.src))) == 0 {
		return // an empty file is common for pages that configure nothing
	}
	root := r.parse()
	if root == nil {
		return
	}
	unit.Config = root.JSON()
	unit.IsComponent = r.truth(root, "component")
	if v := r.get(root, "styleIsolation", jsonc.String); v != nil {
		if slices.Contains(isolations, v.Text) {
			unit.StyleIsolation = v.Text
		} else {
			r.warn(v, r.guess(v.Text, isolations), "unknown styleIsolation %q", v.Text)
		}
	}
	unit.Uses = u.uses(r, unit.Path, root, unit)
	unit.Generics = u.generics(r, unit, root)
}

// tagName is what a tag may look like: it becomes part of an element's name.
var tagName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// uses reads usingComponents and componentPlaceholder; unit is nil for app.json.
func (u *unitReader) uses(r *reader, from string, root *jsonc.Value, unit *Unit) []Use {
	using := r.get(root, "usingComponents", jsonc.Object)
	if using == nil {
		return nil
	}
	placeholders := r.get(root, "componentPlaceholder", jsonc.Object)
	var out []Use
	for _, m := range using.Members {
		if !u.tagFits(r, m) {
			continue
		}
		if m.Value.Kind != jsonc.String {
			r.fail(m.Value, "write the path of the component", "usingComponents.%s must be a string, found %s", m.Key, m.Value.Kind)
			continue
		}
		use := Use{Tag: m.Key, Source: m.Value.Text}
		if placeholders != nil {
			use.Placeholder = r.text(placeholders, m.Key)
		}
		use.Path, use.Plugin = u.component(r, from, m.Key, m.Value)
		if use.Path != "" && use.Placeholder == "" {
			u.checkBorder(r, m.Value, unit, use)
		}
		out = append(out, use)
	}
	return out
}

func (u *unitReader) tagFits(r *reader, m jsonc.Member) bool {
	switch {
	case !tagName.MatchString(m.Key) || len(m.Key) > 100:
		r.at(m.KeyOffset, diag.SeverityError, fmt.Sprintf("%.100q cannot be a tag name", m.Key), "use letters, digits, - and _, beginning with a letter")
		return false
	case tags.IsStructural(m.Key):
		r.at(m.KeyOffset, diag.SeverityError, "the tag "+m.Key+" has a meaning of its own and cannot name a component", "choose another tag")
		return false
	case tags.IsBuiltIn(m.Key):
		r.at(m.KeyOffset, diag.SeverityWarning, "the component "+m.Key+" hides the built-in component of that name", "")
	}
	return true
}

// component resolves the path of a component and puts it on the waiting list.
func (u *unitReader) component(r *reader, from, tag string, v *jsonc.Value) (unitPath string, plugin bool) {
	spec := v.Text
	if strings.Contains(spec, "://") {
		r.warn(v, "", "%s is not part of the package; <%s> stays empty", spec, tag)
		return "", true
	}
	d := u.pkg.Dialect
	for _, end := range []string{".js", ".json", d.Template} {
		spec = strings.TrimSuffix(spec, end)
	}
	places := u.pkg.places(from, spec)
	if len(places) == 0 {
		r.fail(v, "", "the path %q of component %s points outside the package", v.Text, tag)
		return "", false
	}
	file, ok := u.pkg.Lookup(from, spec, d.Template, ".js", ".ts", ".json")
	if !ok {
		hint := r.guess(places[0], u.known())
		r.fail(v, hint, "the component %s does not exist: there is no %s%s", tag, places[0], d.Template)
		return "", false
	}
	unitPath = strings.TrimSuffix(file, path.Ext(file))
	if u.usedAsComponent == nil {
		u.usedAsComponent = map[string]bool{}
	}
	if !u.usedAsComponent[unitPath] {
		u.usedAsComponent[unitPath] = true
		u.waiting = append(u.waiting, unitPath)
	}
	u.checkParts(r, tag, v, unitPath)
	return unitPath, false
}

func (u *unitReader) checkParts(r *reader, tag string, v *jsonc.Value, unitPath string) {
	unit := u.parts(unitPath)
	switch {
	case unit.Template == "":
		r.fail(v, "add "+unitPath+u.pkg.Dialect.Template, "the component %s at %s has no template", tag, unitPath)
	case unit.Script == "":
		r.fail(v, "add "+unitPath+".js with Component({})", "the component %s at %s has no script", tag, unitPath)
	}
}

// checkBorder tells uses across subpackages that may not be loaded in time.
func (u *unitReader) checkBorder(r *reader, v *jsonc.Value, unit *Unit, use Use) {
	here := ""
	if unit != nil {
		here = unit.Subpackage
	}
	there := u.pkg.SubpackageOf(use.Path)
	switch {
	case there == here:
	case there != "":
		r.warn(v, "add a componentPlaceholder, or move it to the main package", "the component %s lies in the subpackage %s, which may not be loaded yet", use.Tag, there)
	case u.independent(here):
		r.warn(v, "copy it into "+here, "the component %s lies in the main package, which the independent subpackage %s cannot count on", use.Tag, here)
	}
}

func (u *unitReader) independent(root string) bool {
	for _, s := range u.pkg.App.Subpackages {
		if s.Root == root {
			return s.Independent
		}
	}
	return false
}

// generics reads componentGenerics: {"item": true} or {"item": {"default": "path"}}.
func (u *unitReader) generics(r *reader, unit *Unit, root *jsonc.Value) []Generic {
	object := r.get(root, "componentGenerics", jsonc.Object)
	if object == nil {
		return nil
	}
	var out []Generic
	for _, m := range object.Members {
		if !u.tagFits(r, m) {
			continue
		}
		g := Generic{Tag: m.Key}
		switch m.Value.Kind {
		case jsonc.Bool:
			if !m.Value.Truth {
				continue
			}
		case jsonc.Object:
			if def := r.get(m.Value, "default", jsonc.String); def != nil {
				g.Default, _ = u.component(r, unit.Path, m.Key, def)
			}
		default:
			r.fail(m.Value, `write true or {"default": "path"}`, "componentGenerics.%s must be true or an object, found %s", m.Key, m.Value.Kind)
			continue
		}
		out = append(out, g)
	}
	return out
}

// TabBarTag is the tag under which a page of the tab bar shows the component that draws it, see Package.DrawsTabBar.
const TabBarTag = "custom-tab-bar"

// customTabBar makes the component that draws the tab bar part of the program and of each page that has it.
func (u *unitReader) customTabBar(r *appReader, root *jsonc.Value) {
	const bar = "custom-tab-bar/index"
	if !u.pkg.Has(bar + u.pkg.Dialect.Template) {
		r.fail(root.Get("tabBar"), "add "+bar+u.pkg.Dialect.Template, "the tab bar is custom, but the component %s does not exist", bar)
		return
	}
	if u.usedAsComponent == nil {
		u.usedAsComponent = map[string]bool{}
	}
	if !u.usedAsComponent[bar] {
		u.usedAsComponent[bar] = true
		u.waiting = append(u.waiting, bar)
	}
	u.pkg.tabBarIn = map[string]bool{}
	for _, page := range u.pkg.Pages {
		listed := slices.ContainsFunc(u.pkg.App.TabBar.Tabs, func(t Tab) bool { return t.Page == page.Path })
		// A page that declares the tag itself shows what it wants to.
		if listed && page.Template != "" && !slices.ContainsFunc(page.Uses, func(use Use) bool { return use.Tag == TabBarTag }) {
			page.Uses = append(page.Uses, Use{Tag: TabBarTag, Source: "/" + bar, Path: bar})
			u.pkg.tabBarIn[page.Template] = true
		}
	}
}

// follow reads the waiting components and what they use in turn. A component
// that uses itself, directly or through others, is legal and read once.
func (u *unitReader) follow() {
	for len(u.waiting) > 0 {
		unitPath := u.waiting[0]
		u.waiting = u.waiting[1:]
		if u.units[unitPath] != nil {
			continue
		}
		unit := u.parts(unitPath)
		unit.Kind = Component
		u.units[unitPath] = unit
		u.configure(unit)
		if !unit.IsComponent {
			file := unit.JSON
			if file == "" {
				file = unitPath + ".json"
			}
			u.list.Add(diag.Diagnostic{
				File: file, Severity: diag.SeverityWarning,
				Message: "is used as a component but does not say so", Hint: `write "component": true`,
			})
		}
	}
}

// known lists the paths that have a template.
func (u *unitReader) known() []string {
	if u.names == nil {
		u.names = []string{}
		for _, n := range u.pkg.Names {
			if bare, is := strings.CutSuffix(n, u.pkg.Dialect.Template); is {
				u.names = append(u.names, bare)
			}
		}
	}
	return u.names
}
