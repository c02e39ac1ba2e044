package script

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/evanw/esbuild/pkg/api"

	"minimart/program/diag"
	"minimart/program/pkgfile"
)

// Source is a script of the safe subset: a file, or the text inside <jds> or
// <wxs> of a template.
type Source struct {
	File         string // the file the code stands in
	Code         string
	Line, Column int // of the first character of Code in File; 0 means 1
}

// Safe is a compiled JDS or WXS script. Code is the body of
// function(module, exports, require, $lib); it has as many lines as the source.
type Safe struct {
	Code     string
	Exports  []string // names it plainly exports, sorted
	Requires []Require
}

// CompileSafe checks that a script keeps to the safe subset and compiles it. The
// result is nil when it does not; the list says why, with places in s.File.
// Reasons and rules stand in the README.
func CompileSafe(pkg *pkgfile.Package, s Source) (*Safe, diag.List) {
	c := &safeCompiler{pkg: pkg, source: s, lines: diag.NewLines([]byte(s.Code)), exports: map[string]bool{}}
	c.compile()
	if c.list.HasErrors() {
		return nil, c.list
	}
	return &Safe{Code: c.code, Exports: slices.Sorted(maps.Keys(c.exports)), Requires: c.requires}, c.list
}

type safeCompiler struct {
	pkg      *pkgfile.Package
	source   Source
	lines    *diag.Lines
	list     diag.List
	edits    []edit
	inside   int // functions around
	exports  map[string]bool
	requires []Require
	code     string
	names    []string // of variables, for hints
}

// edit replaces a piece of the source. Edits at the same place keep their order.
type edit struct {
	start, end int
	text       string
}

func (c *safeCompiler) position(offset int) (line, column int) {
	line, column = c.lines.At(offset)
	if line == 1 {
		column += max(c.source.Column, 1) - 1
	}
	return line + max(c.source.Line, 1) - 1, column
}

func (c *safeCompiler) report(severity diag.Severity, offset int, hint, format string, args ...any) {
	line, column := c.position(offset)
	c.list.Add(diag.Diagnostic{File: c.source.File, Line: line, Column: column, Message: fmt.Sprintf(format, args...), Hint: hint, Severity: severity})
}

func (c *safeCompiler) fail(offset int, hint, format string, args ...any) {
	c.report(diag.SeverityError, offset, hint, format, args...)
}

func (c *safeCompiler) compile() {
	src := c.source.Code
	switch {
	case len(src) > maxSafeSize:
		c.fail(0, "split it", "the script is larger than %d KiB", maxSafeSize>>10)
		return
	case !utf8.ValidString(src):
		c.fail(invalidAt([]byte(src)), "save the file as UTF-8", "the script is not UTF-8")
		return
	}
	tree := c.parse()
	if tree == nil {
		return
	}
	declareAll(tree, nil)
	r := &resolver{}
	r.resolve(tree, nil)
	loose := c.adopt(r, tree)
	r.settle()
	c.walk(tree, reading)
	if c.list.HasErrors() {
		return
	}
	head := `"use strict";`
	if len(loose) > 0 {
		head += "var " + strings.Join(loose, ",") + ";"
	}
	c.write(head)
	c.verify(len(head))
}

// parse returns the syntax tree, or nil after telling the first fault.
func (c *safeCompiler) parse() (tree *node) {
	defer func() {
		switch caught := recover().(type) {
		case nil:
		case *fault:
			c.fail(caught.at, caught.hint, "%s", caught.message)
			tree = nil
		default:
			panic(caught)
		}
	}()
	p := &parser{lex: lexer{src: c.source.Code}, soft: c.fail}
	tree = p.program()
	c.edits = p.steps // before the others: at the same place they come first
	return tree
}

// adopt declares at the top what the script assigns without declaring: there it
// works as in the sloppy code it was written for, and stays inside.
func (c *safeCompiler) adopt(r *resolver, tree *node) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(r.loose)) {
		if outside[name] != "" || library[name] || builtIn(name) || reserved[name] || name == "$lib" {
			continue // told where it stands
		}
		tree.scope.declare(name, "param") // nothing is known about its values
		names = append(names, name)
		c.report(diag.SeverityWarning, r.loose[name].start, "write var "+name, "the variable %s is not declared", name)
	}
	if len(names) > 0 {
		r.given = nil
		r.resolve(tree, nil)
	}
	return names
}

func builtIn(name string) bool {
	switch name {
	case "module", "exports", "require", "undefined", "NaN", "Infinity", "arguments":
		return true
	}
	return false
}

// write applies the edits to the source.
func (c *safeCompiler) write(head string) {
	slices.SortStableFunc(c.edits, func(a, b edit) int { return a.start - b.start })
	var b strings.Builder
	b.WriteString(head)
	at := 0
	for _, e := range c.edits {
		b.WriteString(c.source.Code[at:e.start])
		b.WriteString(e.text)
		// Lines stay, so that an error at run time names the line of the source.
		b.WriteString(strings.Repeat("\n", strings.Count(c.source.Code[e.start:e.end], "\n")))
		at = e.end
	}
	b.WriteString(c.source.Code[at:])
	c.code = b.String()
}

// back is the offset in the source that an offset in the code comes from.
func (c *safeCompiler) back(offset, head int) int {
	shift := head
	for _, e := range c.edits {
		if offset < e.start+shift {
			break
		}
		shift += len(e.text) + strings.Count(c.source.Code[e.start:e.end], "\n") - (e.end - e.start)
	}
	return offset - shift
}

// verify has a second parser read the result: what it does not understand, or
// understands as something else than a function body, must not reach a browser.
func (c *safeCompiler) verify(head int) {
	const before, after = "(function(module,exports,require,$lib){", "\n})"
	result := api.Transform(before+c.code+after, api.TransformOptions{Loader: api.LoaderJS, LogLevel: api.LogLevelSilent, TsconfigRaw: "{}"})
	index := diag.NewLines([]byte(before + c.code))
	for _, m := range result.Errors {
		offset := 0
		if m.Location != nil {
			offset = c.back(index.Offset(m.Location.Line, 1)+m.Location.Column-len(before), head)
		}
		c.fail(offset, "", "%s", m.Text)
	}
}
