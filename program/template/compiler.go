package template

import (
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"

	"minimart/program/diag"
	"minimart/program/expr"
)

// Dialect is the prefix of directives: "jd" or "wx".
type Dialect string

// The two dialects. They differ in the prefix of directives, the tag of script modules and the endings of files.
const (
	JD Dialect = "jd"
	WX Dialect = "wx"
)

func (d Dialect) directive(name string) string { return string(d) + ":" + name }

func (d Dialect) scriptTag() string {
	if d == WX {
		return "wxs"
	}
	return "jds"
}

func (d Dialect) templateEnding() string {
	if d == WX {
		return ".wxml"
	}
	return ".jxml"
}

// Files gives the compiler the package.
type Files interface {
	// Read returns the file at a package path, with ok false when there is none.
	Read(path string) (content []byte, ok bool)
	// Paths lists all files, for hints at the nearest name.
	Paths() []string
}

// Compiled is what one template file becomes.
type Compiled struct {
	File string
	// View and Skeleton are statements `$T("file",function(R){…})` for the view and the logic bundle. Skeleton is ""
	// when nothing in the file concerns the logic side: then the logic bundle needs no entry for it.
	View, Skeleton string
	// Modules the file declares, in order. Those with code inside the file have Code.
	Modules []Module
	// Imports are the files of <import>, Includes those whose content was taken over (at any depth).
	Imports, Includes []string
	// BuiltinTags and ComponentTags are the tags in use, sorted.
	BuiltinTags, ComponentTags []string
	Diags                      diag.List
}

// Module is a script module that a template file uses.
type Module struct {
	// ID is what $S registers: the path of the script, or "file.jxml#name" for code inside the template.
	ID string
	// Name is the variable in the template.
	Name string
	// Inline says that the code stands in the template: Code, which starts at Offset, Line and Column of File.
	Inline               bool
	Code                 string
	Offset, Line, Column int
}

// Unit is a page or a component, for CheckUnit.
type Unit struct {
	// Path is the unit's name, File its template.
	Path, File string
	// Using are the tags it may use: its own usingComponents and those of the app.
	Using []string
	// Generics are the names under componentGenerics, which are tags as well.
	Generics []string
	// Elsewhere are tags that other units of the package declare. A template they share may use such a tag in a part that
	// this unit never asks for: every page of a Taro program imports one file with the components of all of them.
	Elsewhere map[string]bool
}

// Compiler compiles the template files of one package. It is not safe for concurrent use.
type Compiler struct {
	files   Files
	dialect Dialect
	sources map[string]*source
	trees   map[string]*node
	done    map[string]*file
	// compiling is the chain of imports being compiled, for cycles
	compiling []string
	paths     []string
	known     map[string]bool // which files exist
}

// New returns a compiler for the package in files.
func New(files Files, dialect Dialect) *Compiler {
	return &Compiler{files: files, dialect: dialect, sources: map[string]*source{}, trees: map[string]*node{}, done: map[string]*file{}, known: map[string]bool{}}
}

// file is a template file with everything known about it.
type file struct {
	path      string
	root      *definition
	templates map[string]*definition
	order     []string
	imports   []*file
	importing []string
	includes  map[string]bool
	builtin   map[string]bool
	component map[string]bool
	modules   []Module
	variables map[string]string
	src       *source
	compiled  *Compiled
}

// File compiles the template file at path, or returns what it compiled before. What is wrong is in Diags; a file that
// does not exist is compiled as an empty one with an error.
func (c *Compiler) File(path string) *Compiled {
	f := c.file(path)
	if f.compiled == nil {
		f.compiled = c.emit(f)
	}
	return f.compiled
}

func (c *Compiler) source(path string) *source {
	if s := c.sources[path]; s != nil {
		return s
	}
	content, ok := c.files.Read(path)
	s := &source{path: path, text: string(content), lines: diag.NewLines(content), diags: &diag.List{}}
	if !ok {
		s.diags.Add(diag.Diagnostic{File: path, Message: "the template file is missing", Hint: diag.DidYouMean(path, c.allPaths())})
	}
	c.sources[path] = s
	return s
}

func (c *Compiler) allPaths() []string {
	if c.paths == nil {
		c.paths = c.files.Paths()
	}
	return c.paths
}

func (c *Compiler) tree(path string) *node {
	if t := c.trees[path]; t != nil {
		return t
	}
	t := parse(c.source(path))
	c.trees[path] = t
	return t
}

func (c *Compiler) file(path string) *file {
	if f := c.done[path]; f != nil {
		return f
	}
	f := &file{path: path, templates: map[string]*definition{}, includes: map[string]bool{}, builtin: map[string]bool{},
		component: map[string]bool{}, variables: map[string]string{}, src: c.source(path)}
	c.done[path] = f
	c.compiling = append(c.compiling, path)
	tree := c.tree(path)
	l := &lowering{c: c, out: f, src: f.src, including: []string{path}}
	c.declarations(l, tree.kids)
	c.inherited(f, tree.kids, map[string]bool{path: true})
	named := l.named
	l.root = &scope{modules: f.variables}
	f.root = l.define(tree, "", l.root)
	for _, n := range named {
		name := n.attr("name").value.text
		f.templates[name] = l.define(n, name, l.root)
		f.order = append(f.order, name)
	}
	c.compiling = c.compiling[:len(c.compiling)-1]
	c.enliven(f)
	c.checkRecursion(f)
	return f
}

func (l *lowering) define(n *node, name string, sc *scope) *definition {
	d := &definition{name: name}
	before := l.def
	l.def = d
	d.kids = l.kids(n.kids, sc)
	l.def = before
	return d
}

// declarations collects what a file declares, wherever it stands: modules, imports, named templates.
func (c *Compiler) declarations(l *lowering, nodes []*node) {
	f := l.out
	for _, n := range nodes {
		switch n.tag {
		case "jds", "wxs":
			c.module(f, n)
		case "import":
			target, ok := c.target(n, n.src, c.dialect.templateEnding())
			if !ok || slices.Contains(f.importing, target) {
				break
			}
			if i := slices.Index(c.compiling, target); i >= 0 {
				chain := append(append([]string{}, c.compiling[i:]...), target)
				n.src.fault(n.at, "import goes in a circle: "+strings.Join(chain, " → "), "move what both need into a third file")
				break
			}
			f.importing = append(f.importing, target)
			f.imports = append(f.imports, c.file(target))
			if len(n.kids) > 0 {
				n.src.warn(n.at, "the content of <import> is never shown", "write <import … />")
			}
		case "template":
			name, is := n.attr("name"), n.attr("is")
			switch {
			case name != nil && is != nil:
				n.src.fault(n.at, "a template has either name or is", "name defines it, is uses it")
			case name == nil && is == nil:
				n.src.fault(n.at, "a template needs name or is", `write <template name="…"> to define one, <template is="…"/> to use one`)
			case name != nil:
				l.name(n, name)
			}
		}
		c.declarations(l, n.kids)
	}
}

// inherited finds what included files declare for their own content, which becomes part of this file: modules, imports and
// named templates. What this file declares itself goes first.
func (c *Compiler) inherited(f *file, nodes []*node, seen map[string]bool) {
	for _, n := range nodes {
		if n.tag != "include" {
			c.inherited(f, n.kids, seen)
			continue
		}
		a := n.attr("src")
		if a == nil {
			continue // told where the content is taken over
		}
		path, ok := c.find(strings.TrimSpace(a.value.text), n.src, c.dialect.templateEnding())
		if !ok || seen[path] {
			continue
		}
		seen[path] = true
		tree := c.tree(path)
		c.adopt(f, path, tree.kids)
		c.inherited(f, tree.kids, seen)
	}
}

func (c *Compiler) adopt(f *file, path string, nodes []*node) {
	use := func(target string) {
		if !slices.Contains(f.importing, target) && !slices.Contains(c.compiling, target) {
			imported := c.file(target)
			f.importing = slices.Insert(f.importing, 0, target)
			f.imports = slices.Insert(f.imports, 0, imported)
		}
	}
	for _, n := range nodes {
		switch n.tag {
		case "jds", "wxs":
			if a := n.attr("module"); a == nil || f.variables[a.value.text] == "" {
				c.module(f, n)
			}
		case "import":
			if target, ok := c.target(n, n.src, c.dialect.templateEnding()); ok {
				use(target)
			}
		case "template":
			if n.attr("name") != nil {
				use(path)
			}
		}
		c.adopt(f, path, n.kids)
	}
}

// name notes a named template.
func (l *lowering) name(n *node, name *attr) {
	text := name.value.text
	if text == "" || strings.Contains(text, "{{") {
		n.src.fault(name.at, "name needs a fixed text", `write <template name="card">`)
		return
	}
	if other := l.names[text]; other != nil {
		line, column := n.src.position(other.at)
		n.src.fault(n.at, fmt.Sprintf("the template %s is defined already at %d:%d", text, line, column), "give one of them another name")
		return
	}
	if l.names == nil {
		l.names = map[string]*node{}
	}
	l.names[text] = n
	l.named = append(l.named, n)
}

// declaration reports whether a node only declares something and leaves nothing in its place.
func (l *lowering) declaration(n *node) bool {
	switch n.tag {
	case "jds", "wxs", "import":
		return true
	case "template":
		return n.attr("name") != nil || n.attr("is") == nil
	}
	return false
}

func (c *Compiler) module(f *file, n *node) {
	if want := c.dialect.scriptTag(); n.tag != want {
		n.src.fault(n.at, "<"+n.tag+"> is not known here", "did you mean <"+want+">?")
		return
	}
	a := n.attr("module")
	if a == nil || !variableName.MatchString(a.value.text) {
		at, message := n.at, "<"+n.tag+"> needs the name of a variable in module"
		if a != nil {
			at = a.at
		}
		n.src.fault(at, message, `write module="name"`)
		return
	}
	name := a.value.text
	if _, twice := f.variables[name]; twice {
		n.src.fault(a.at, "the module "+name+" is declared twice", "give one of them another name")
		return
	}
	m := Module{Name: name, ID: n.src.path + "#" + name}
	code := strings.TrimSpace(n.text.text)
	switch src := n.attr("src"); {
	case src != nil:
		target, ok := c.target(n, n.src, "."+n.tag)
		if code != "" {
			n.src.warn(n.at, "<"+n.tag+"> has src and code; the code is not used", "keep one of them")
		}
		if ok {
			m.ID = target
		} else {
			m.Inline = true // reported above; an empty module keeps the rest compiling
		}
	default:
		if code == "" {
			n.src.warn(n.at, "the module "+name+" is empty", `write src="…" or code inside <`+n.tag+">")
		}
		m.Inline, m.Code, m.Offset = true, n.text.text, n.text.base
		m.Line, m.Column = n.src.position(n.text.base)
	}
	f.variables[name] = moduleVariable(len(f.modules))
	f.modules = append(f.modules, m)
}

// target resolves the src attribute of a node to a file of the package.
func (c *Compiler) target(n *node, src *source, ending string) (string, bool) {
	a := n.attr("src")
	if a == nil || a.bare || strings.TrimSpace(a.value.text) == "" {
		at := n.at
		if a != nil {
			at = a.at
		}
		src.fault(at, "<"+n.tag+"> does not say which file", `write src="…"`)
		return "", false
	}
	written := strings.TrimSpace(a.value.text)
	if strings.Contains(written, "{{") {
		src.fault(a.at, "src cannot depend on data", "write the path of the file")
		return "", false
	}
	at, ok := c.find(written, src, ending)
	if ok {
		return at, true
	}
	hint := ""
	if !strings.HasSuffix(at, ending) {
		at += ending
	}
	if strings.HasPrefix(at, "../") {
		hint = "the path leaves the package"
	} else if src.diags.Len() > diag.Cap {
		// Nobody will read it, and looking for the nearest name takes time.
	} else if near := diag.Nearest(at, c.ending(ending)); near != "" {
		hint = "did you mean /" + near + "?"
	}
	src.fault(a.at, "the file "+at+" is missing", hint)
	return "", false
}

// find is the file of the package that a path written in src means, or its path without the ending if there is none.
func (c *Compiler) find(written string, src *source, ending string) (string, bool) {
	at := strings.TrimPrefix(written, "/")
	if at == written {
		at = path.Join(path.Dir(src.path), written)
	} else {
		at = path.Clean(at)
	}
	for _, candidate := range []string{at, at + ending} {
		if strings.HasSuffix(candidate, ending) && !strings.HasPrefix(candidate, "../") {
			if c.exists(candidate) {
				return candidate, true
			}
		}
	}
	return at, false
}

func (c *Compiler) exists(path string) bool {
	known, asked := c.known[path]
	if !asked {
		_, known = c.files.Read(path)
		c.known[path] = known
	}
	return known
}

func (c *Compiler) ending(ending string) []string {
	var out []string
	for _, p := range c.allPaths() {
		if strings.HasSuffix(p, ending) {
			out = append(out, p)
		}
	}
	return out
}

// lookup finds a named template as the runtime does: the file's own, then those of its imports, the last first.
func (f *file) lookup(name string) (*definition, *file) {
	if d := f.templates[name]; d != nil {
		return d, f
	}
	for i := len(f.imports) - 1; i >= 0; i-- {
		if d := f.imports[i].templates[name]; d != nil {
			return d, f.imports[i]
		}
	}
	return nil, nil
}

// named lists the templates a file can call.
func (f *file) named() []string {
	out := slices.Clone(f.order)
	for _, imported := range f.imports {
		out = append(out, imported.order...)
	}
	sort.Strings(out)
	return slices.Compact(out)
}

// targets are the templates a call can reach.
func (f *file) targets(c *call) []*definition {
	names := c.candidates
	if names == nil {
		names = f.named()
	}
	var out []*definition
	for _, name := range names {
		if c.prefix != "" && !strings.HasPrefix(name, c.prefix) {
			continue
		}
		if d, _ := f.lookup(name); d != nil {
			out = append(out, d)
		}
	}
	return out
}

func sortedKeys(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

func (c *Compiler) emit(f *file) *Compiled {
	out := &Compiled{
		File: f.path, Modules: f.modules, Imports: f.importing, Includes: sortedKeys(f.includes),
		BuiltinTags: sortedKeys(f.builtin), ComponentTags: sortedKeys(f.component),
	}
	out.View = emitView(f)
	out.Skeleton = emitSkeleton(f)
	out.Diags.Append(*f.src.diags)
	for _, included := range out.Includes {
		out.Diags.Append(*c.sources[included].diags)
	}
	return out
}

var _ expr.Resolver = (*scope)(nil)
