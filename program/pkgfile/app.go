package pkgfile

import (
	"encoding/json"
	"path"
	"strings"

	"minimart/program/diag"
	"minimart/program/pkgfile/jsonc"
)

// App is app.json, normalised. Values the compiler does not look into stay
// strict JSON; nil means the key is absent.
type App struct {
	Pages       []string // pages of the main package, without ending
	Subpackages []Subpackage
	EntryPage   string // the page shown first: entryPagePath, or the first page
	TabBar      *TabBar
	Uses        []Use // usingComponents for every page and component

	Window                  json.RawMessage
	NetworkTimeout          json.RawMessage
	Permission              json.RawMessage
	Plugins                 json.RawMessage
	RequiredPrivateInfos    []string
	RequiredBackgroundModes []string
	Style                   string // "v2" or ""
	LazyCodeLoading         string
	ThemeLocation           string // file, "" when absent
	DarkMode                bool

	Extra map[string]json.RawMessage // keys not named above
	Raw   json.RawMessage            // everything, as strict JSON
}

// maxSubpackages is far above what programs have; each file is held against each.
const maxSubpackages = 200

// Subpackage is a part of the program that loads when it is needed.
type Subpackage struct {
	Root        string // folder, without slashes at the ends
	Name        string
	Pages       []string // from the root of the package, without ending
	Independent bool     // can open without the main package
}

// TabBar is the bar of two to five tabs.
type TabBar struct {
	Custom          bool // drawn by the component custom-tab-bar/index
	Color           string
	SelectedColor   string
	BackgroundColor string
	BorderStyle     string
	Position        string
	Tabs            []Tab
}

// Tab is one item of the tab bar.
type Tab struct {
	Page         string
	Text         string
	Icon         string // file, or ""
	SelectedIcon string // file, or ""
}

var knownKeys = map[string]bool{
	"pages": true, "subPackages": true, "subpackages": true, "entryPagePath": true, "tabBar": true, "usingComponents": true,
	"window": true, "networkTimeout": true, "permission": true, "plugins": true, "requiredPrivateInfos": true,
	"requiredBackgroundModes": true, "style": true, "lazyCodeLoading": true, "themeLocation": true, "darkmode": true,
}

// listed is a page as app.json lists it.
type listed struct {
	path       string
	subpackage string
	at         *jsonc.Value
}

// appReader reads app.json.
type appReader struct {
	*reader
	pkg    *Package
	listed []listed
	pages  map[string]bool
}

// readApp fills pkg.App and returns the pages in their order. Uses are read
// later, together with those of the units.
func readApp(pkg *Package, list *diag.List) (*appReader, *jsonc.Value) {
	r := &appReader{reader: newReader("app.json", pkg.Files["app.json"], list), pkg: pkg, pages: map[string]bool{}}
	root := r.parse()
	if root == nil {
		return r, nil
	}
	app := &pkg.App
	app.Raw = root.JSON()
	r.mainPages(root)
	r.subpackages(root, "subPackages")
	r.subpackages(root, "subpackages")
	r.checkRoots()
	if len(r.listed) == 0 && !list.HasErrors() {
		r.fail(root, `write "pages": ["pages/index/index"]`, "app.json lists no pages")
	}
	r.entryPage(root)
	app.Window = r.object(root, "window")
	app.NetworkTimeout = r.object(root, "networkTimeout")
	app.Permission = r.object(root, "permission")
	app.Plugins = r.object(root, "plugins")
	app.RequiredPrivateInfos = plain(r.texts(root, "requiredPrivateInfos"))
	app.RequiredBackgroundModes = plain(r.texts(root, "requiredBackgroundModes"))
	app.Style = r.text(root, "style")
	app.LazyCodeLoading = r.text(root, "lazyCodeLoading")
	app.DarkMode = r.truth(root, "darkmode")
	r.theme(root)
	r.tabBar(root)
	for _, m := range root.Members {
		if !knownKeys[m.Key] {
			if app.Extra == nil {
				app.Extra = map[string]json.RawMessage{}
			}
			app.Extra[m.Key] = m.Value.JSON()
		}
	}
	return r, root
}

func plain(values []*jsonc.Value) []string {
	var out []string
	for _, v := range values {
		out = append(out, v.Text)
	}
	return out
}

func (r *appReader) object(root *jsonc.Value, key string) json.RawMessage {
	if v := r.get(root, key, jsonc.Object); v != nil {
		return v.JSON()
	}
	return nil
}

func (r *appReader) mainPages(root *jsonc.Value) {
	for _, v := range r.texts(root, "pages") {
		if name, ok := r.pagePath(v); ok && r.accept(name, "", v) {
			r.pkg.App.Pages = append(r.pkg.App.Pages, name)
		}
	}
}

// pagePath cleans a page path as written. Leading slashes are let through.
func (r *appReader) pagePath(v *jsonc.Value) (string, bool) {
	written := strings.TrimLeft(v.Text, "/")
	d := r.pkg.Dialect
	for _, end := range []string{d.Template, ".js", ".ts", ".json", ".html"} {
		if bare, has := strings.CutSuffix(written, end); has {
			r.fail(v, "write "+bare, "the page path %q has a file ending", v.Text)
			return "", false
		}
	}
	if written == "" {
		r.fail(v, "", "a page path is empty")
		return "", false
	}
	clean := path.Clean(written)
	if clean == ".." || strings.HasPrefix(clean, "../") {
		r.fail(v, "", "the page path %q points outside the package", v.Text)
		return "", false
	}
	return clean, true
}

// accept enters one page into the list, once.
func (r *appReader) accept(name, subpackage string, v *jsonc.Value) bool {
	if r.pages[name] {
		r.fail(v, "remove one of the two", "the page %s is listed twice", name)
		return false
	}
	r.pages[name] = true
	r.listed = append(r.listed, listed{name, subpackage, v})
	return true
}

func (r *appReader) subpackages(root *jsonc.Value, key string) {
	list := r.get(root, key, jsonc.Array)
	if list == nil {
		return
	}
	for i, item := range list.Items {
		if len(r.pkg.App.Subpackages) >= maxSubpackages {
			r.fail(item, "", "the program has more than %d subpackages", maxSubpackages)
			return
		}
		if item.Kind != jsonc.Object {
			r.fail(item, "", "%s[%d] must be an object, found %s", key, i, item.Kind)
			continue
		}
		r.subpackage(item)
	}
}

func (r *appReader) subpackage(item *jsonc.Value) {
	written := r.text(item, "root")
	clean := path.Clean(strings.Trim(written, "/"))
	at := item.Get("root")
	if at == nil {
		at = item
	}
	switch {
	case strings.Trim(written, "/") == "" || clean == ".":
		r.fail(at, `write "root": "folder"`, "a subpackage has no root")
		return
	case clean == ".." || strings.HasPrefix(clean, "../"):
		r.fail(at, "", "the subpackage root %q points outside the package", written)
		return
	}
	for i := range r.pkg.App.Subpackages {
		other := r.pkg.App.Subpackages[i].Root
		if other == clean {
			r.fail(at, "", "the subpackage root %s is used twice", clean)
			return
		}
		if strings.HasPrefix(clean+"/", other+"/") || strings.HasPrefix(other+"/", clean+"/") {
			r.fail(at, "give each subpackage a folder of its own", "the subpackage roots %s and %s overlap", other, clean)
			return
		}
	}
	sub := Subpackage{Root: clean, Name: r.text(item, "name"), Independent: r.truth(item, "independent")}
	for _, v := range r.texts(item, "pages") {
		if name, ok := r.subpackagePage(clean, v); ok && r.accept(name, clean, v) {
			sub.Pages = append(sub.Pages, name)
		}
	}
	r.pkg.App.Subpackages = append(r.pkg.App.Subpackages, sub)
}

func (r *appReader) subpackagePage(root string, v *jsonc.Value) (string, bool) {
	name, ok := r.pagePath(v)
	if !ok {
		return "", false
	}
	joined := path.Join(root, v.Text)
	if !strings.HasPrefix(joined, root+"/") {
		r.fail(v, "list it with the package it lies in", "the page %q lies outside its subpackage %s", v.Text, root)
		return "", false
	}
	if strings.HasPrefix(name, root+"/") && !r.pageExists(joined) && r.pageExists(name) {
		r.fail(v, "write "+strings.TrimPrefix(name, root+"/"), "the page %q of subpackage %s repeats the root", v.Text, root)
		return "", false
	}
	return joined, true
}

func (r *appReader) pageExists(name string) bool { return r.pkg.Has(name + r.pkg.Dialect.Template) }

// checkRoots tells pages of the main package that lie in a subpackage's folder.
func (r *appReader) checkRoots() {
	for _, l := range r.listed {
		if l.subpackage != "" {
			continue
		}
		if root := r.pkg.SubpackageOf(l.path); root != "" {
			r.fail(l.at, "list it among the pages of "+root, "the page %s of the main package lies in the subpackage %s", l.path, root)
		}
	}
}

func (r *appReader) pageNames() []string {
	names := make([]string, len(r.listed))
	for i, l := range r.listed {
		names[i] = l.path
	}
	return names
}

func (r *appReader) entryPage(root *jsonc.Value) {
	if len(r.listed) > 0 {
		r.pkg.App.EntryPage = r.listed[0].path
	}
	v := r.get(root, "entryPagePath", jsonc.String)
	if v == nil || v.Text == "" {
		return
	}
	name := path.Clean(strings.TrimLeft(v.Text, "/"))
	if !r.pages[name] {
		r.fail(v, r.guess(name, r.pageNames()), "entryPagePath %s is not a page of the program", name)
		return
	}
	r.pkg.App.EntryPage = name
}

func (r *appReader) theme(root *jsonc.Value) {
	v := r.get(root, "themeLocation", jsonc.String)
	if v == nil || v.Text == "" {
		return
	}
	name, ok := r.pkg.Lookup("app.json", v.Text, "")
	if !ok {
		r.warn(v, "", "themeLocation %s does not exist", v.Text)
		return
	}
	r.pkg.App.ThemeLocation = name
}

func (r *appReader) tabBar(root *jsonc.Value) {
	v := r.get(root, "tabBar", jsonc.Object)
	if v == nil {
		return
	}
	bar := &TabBar{
		Custom: r.truth(v, "custom"), Color: r.text(v, "color"), SelectedColor: r.text(v, "selectedColor"),
		BackgroundColor: r.text(v, "backgroundColor"), BorderStyle: r.text(v, "borderStyle"), Position: r.text(v, "position"),
	}
	list := r.get(v, "list", jsonc.Array)
	if list == nil {
		r.fail(v, "", "the tab bar has no list of tabs")
		return
	}
	if n := len(list.Items); n < 2 || n > 5 {
		r.fail(list, "", "the tab bar has %d tabs, it takes 2 to 5", n)
	}
	seen := map[string]bool{}
	for _, item := range list.Items {
		if item.Kind != jsonc.Object {
			r.fail(item, "", "a tab must be an object, found %s", item.Kind)
			continue
		}
		if tab, ok := r.tab(item, seen); ok {
			bar.Tabs = append(bar.Tabs, tab)
		}
	}
	r.pkg.App.TabBar = bar
}

func (r *appReader) tab(item *jsonc.Value, seen map[string]bool) (Tab, bool) {
	v := r.get(item, "pagePath", jsonc.String)
	if v == nil {
		r.fail(item, "", "a tab has no pagePath")
		return Tab{}, false
	}
	tab := Tab{Page: path.Clean(strings.TrimLeft(v.Text, "/")), Text: r.text(item, "text")}
	switch {
	case !r.pages[tab.Page]:
		r.fail(v, r.guess(tab.Page, r.pkg.App.Pages), "the tab page %s is not a page of the program", tab.Page)
	case r.pkg.SubpackageOf(tab.Page) != "":
		r.fail(v, "move it to the main package", "the tab page %s lies in the subpackage %s", tab.Page, r.pkg.SubpackageOf(tab.Page))
	case seen[tab.Page]:
		r.fail(v, "", "the tab page %s is listed twice", tab.Page)
	}
	seen[tab.Page] = true
	tab.Icon = r.icon(item, "iconPath")
	tab.SelectedIcon = r.icon(item, "selectedIconPath")
	return tab, true
}

func (r *appReader) icon(item *jsonc.Value, key string) string {
	v := r.get(item, key, jsonc.String)
	if v == nil || v.Text == "" {
		return ""
	}
	if strings.Contains(v.Text, "://") || strings.HasPrefix(v.Text, "data:") {
		r.warn(v, "put the file into the package", "%s cannot be an address; the tab shows no icon", key)
		return ""
	}
	name := path.Clean(strings.TrimLeft(v.Text, "/"))
	if !r.pkg.Has(name) {
		r.fail(v, r.guess(name, r.pkg.Names), "the tab icon %s does not exist", v.Text)
		return ""
	}
	return name
}
