package script

import (
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"minimart/program/diag"
)

// library are the globals a script may read; all of them come from $lib.
var library = map[string]bool{
	"console": true, "Math": true, "JSON": true, "Number": true, "String": true, "Boolean": true, "Array": true, "Object": true, "Date": true,
	"parseInt": true, "parseFloat": true, "isNaN": true, "isFinite": true,
	"decodeURI": true, "decodeURIComponent": true, "encodeURI": true, "encodeURIComponent": true,
	"getDate": true, "getRegExp": true,
}

// outside are names of the world around that scripts are known to reach for,
// with what to do instead.
var outside = map[string]string{
	"window": "pass in what it needs", "document": "pass in what it needs", "globalThis": "pass in what it needs", "self": "pass in what it needs",
	"top": "pass in what it needs", "parent": "pass in what it needs", "frames": "pass in what it needs", "global": "pass in what it needs",
	"location": "pass in what it needs", "navigator": "pass in what it needs", "history": "pass in what it needs",
	"Function": "code cannot be made from text here", "eval": "code cannot be made from text here",
	"setTimeout": "use a timer in the page's script", "setInterval": "use a timer in the page's script", "requestAnimationFrame": "use a timer in the page's script",
	"Promise": "do it in the page's script", "fetch": "do it in the page's script", "XMLHttpRequest": "do it in the page's script",
	"localStorage": "do it in the page's script", "sessionStorage": "do it in the page's script", "postMessage": "do it in the page's script", "importScripts": "do it in the page's script",
	"jd": "do it in the page's script", "wx": "do it in the page's script", "getApp": "do it in the page's script", "Page": "do it in the page's script", "Component": "do it in the page's script",
	"RegExp": "write getRegExp(pattern, flags)", "Symbol": "use a text as key", "Proxy": "use plain objects", "Reflect": "use plain objects",
	"Map": "use an object", "Set": "use an object", "WeakMap": "use an object", "Error": "return what is wrong",
}

// blocked are members that lead from a value to the machinery behind it.
var blocked = map[string]bool{
	"__proto__": true, "prototype": true, "__defineGetter__": true, "__defineSetter__": true, "__lookupGetter__": true, "__lookupSetter__": true,
}

// carried are members of functions by which other code calls them. A script that
// replaced them on a function of the realm ("".replace.call = …) would be handed
// what the runtime works with.
var carried = map[string]bool{"call": true, "apply": true, "bind": true}

// role is what an expression is there for.
type role uint8

const (
	reading role = iota
	calling      // the callee of a call: a member keeps its object as this
	writing      // the target of an assignment, ++, -- or delete
)

// walk checks a tree and notes the edits that make it safe. Outer edits are
// noted before inner ones, so that at the same place they come first.
func (c *safeCompiler) walk(n *node, r role) {
	switch n.kind {
	case nName:
		c.name(n, r)
		return
	case nThis:
		if c.inside == 0 {
			c.fail(n.start, "write exports", "this means nothing outside of a function")
		}
		return
	case nMember:
		c.member(n, r)
		return
	case nIndex:
		c.index(n, r)
		return
	case nCall:
		if callee := n.kids[0]; callee.kind == nName && callee.text == "require" && callee.bound == nil {
			c.require(n)
			return
		}
		if callee := n.kids[0]; callee.kind == nName && callee.text == "getRegExp" && callee.bound == nil {
			c.pattern(n)
		}
		c.walk(n.kids[0], calling)
		c.walkAll(n.kids[1:])
		return
	case nAssign:
		c.export(n)
		c.walk(n.kids[0], writing)
		c.walk(n.kids[1], reading)
		return
	case nUpdate:
		c.walk(n.kids[0], writing)
		return
	case nUnary:
		if n.op == "delete" {
			c.walk(n.kids[0], writing)
			return
		}
	case nForIn:
		if n.kids[0].kind == nName {
			c.walk(n.kids[0], writing)
			c.walkAll(n.kids[1:])
			return
		}
	case nFunction:
		c.inside++
		defer func() { c.inside-- }()
	}
	c.walkAll(n.kids)
}

// pattern keeps the backslashes of getRegExp('\\d+\\.'): where these scripts come from, a pattern is taken as it is written,
// while a browser would read '\\d' as 'd'. An escape that the language knows means the same in both, a doubled one as well.
func (c *safeCompiler) pattern(call *node) {
	if len(call.kids) < 2 || call.kids[1].kind != nString {
		return
	}
	literal := call.kids[1]
	text := c.source.Code[literal.start:literal.end]
	for i := 0; i+1 < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		// \b is a border of a word in a pattern and a control character in a text, which no pattern means.
		if next := text[i+1]; next == 'b' || next < utf8.RuneSelf && !strings.ContainsRune("\\'\"nrtfv0123456789xu\n\r", rune(next)) {
			c.edits = append(c.edits, edit{literal.start + i, literal.start + i, `\`})
		}
		i++
	}
}

func (c *safeCompiler) walkAll(nodes []*node) {
	for _, n := range nodes {
		c.walk(n, reading)
	}
}

func (c *safeCompiler) name(n *node, r role) {
	name := n.text
	switch {
	case n.bound != nil:
		if r == writing && n.bound.op == "const" {
			c.fail(n.start, "declare it with var", "the constant %s cannot be assigned", name)
		}
	case name == "require":
		c.fail(n.start, `write require("./file`+c.pkg.Dialect.Script+`")`, "require can only be called")
	case name == "arguments":
		if c.inside == 0 {
			c.fail(n.start, "", "arguments means nothing outside of a function")
		} else if r == writing {
			c.fail(n.start, "", "arguments cannot be assigned")
		}
	case builtIn(name):
		if r == writing {
			c.fail(n.start, "", "%s cannot be assigned", name)
		}
	case library[name] && r == writing:
		c.fail(n.start, "declare a variable", "%s cannot be assigned", name)
	case library[name] && n.op == "short":
		c.edits = append(c.edits, edit{n.start, n.start, name + ":$lib."})
	case library[name]:
		c.edits = append(c.edits, edit{n.start, n.start, "$lib."})
	case outside[name] != "":
		c.fail(n.start, outside[name], "%s cannot be reached from JDS and WXS", name)
	default:
		c.fail(n.start, c.nearest(n), "%s is not defined", short(name))
	}
}

// nearest guesses at the name that was meant.
func (c *safeCompiler) nearest(n *node) string {
	if c.list.Full() {
		return ""
	}
	if c.names == nil {
		for name := range library {
			c.names = append(c.names, name)
		}
		c.names = append(c.names, "module", "exports", "require", "undefined")
		c.collectNames()
	}
	return diag.DidYouMean(n.text, c.names)
}

// collectNames gathers the names that stand in the script; cheap and good enough
// for a guess.
func (c *safeCompiler) collectNames() {
	l := lexer{src: c.source.Code}
	defer func() {
		if caught := recover(); caught != nil {
			if _, is := caught.(*fault); !is { // a slash that starts a regular expression, already told
				panic(caught)
			}
		}
	}()
	for declared := false; ; {
		t := l.next()
		switch {
		case t.kind == tEnd:
			return
		case t.kind == tName && declared:
			c.names = append(c.names, t.text)
		}
		declared = t.kind == tName && (t.text == "var" || t.text == "let" || t.text == "const" || t.text == "function")
	}
}

// member checks object.name. The members that lead to the machinery behind a
// value are refused, and constructor becomes what JDS and WXS say it is: a text.
func (c *safeCompiler) member(n *node, r role) {
	object := n.kids[0]
	switch {
	case n.text == "constructor":
		c.constructor(n, r)
	case blocked[n.text]:
		c.fail(n.mark+1, "", "%s is no part of JDS and WXS", n.text)
		c.walk(object, reading)
	case r == writing && carried[n.text]:
		c.fail(n.mark+1, "use another name", "%s cannot be assigned", n.text)
	default:
		c.walk(object, reading)
	}
}

func (c *safeCompiler) constructor(n *node, r role) {
	object := n.kids[0]
	if r == writing {
		c.fail(n.mark, "use another name", "constructor cannot be assigned")
		return
	}
	c.edits = append(c.edits, edit{n.start, n.start, "$lib.ctor("})
	c.walk(object, reading)
	c.edits = append(c.edits, edit{object.end, n.end, ")"})
}

// index checks object[key]. A key that is plainly harmless stays; any other
// goes through the library, which turns it into a text once and looks at it.
func (c *safeCompiler) index(n *node, r role) {
	object, key := n.kids[0], n.kids[1]
	switch {
	case key.kind == nString && key.text == "constructor":
		c.constructor(n, r)
	case key.kind == nString && blocked[key.text]:
		c.fail(key.start, "", "%s is no part of JDS and WXS", key.text)
		c.walk(object, reading)
	case key.kind == nString && r == writing && carried[key.text]:
		c.fail(key.start, "use another name", "%s cannot be assigned", key.text)
	case key.kind == nString || numeric(key):
		c.walk(object, reading)
		c.walk(key, reading)
	case r == reading:
		c.edits = append(c.edits, edit{n.start, n.start, "$lib.get("})
		c.walk(object, reading)
		c.edits = append(c.edits, edit{n.mark, n.mark + 1, ",("})
		c.walk(key, reading)
		c.edits = append(c.edits, edit{n.end - 1, n.end, "))"})
	default:
		c.walk(object, reading)
		c.edits = append(c.edits, edit{n.mark, n.mark + 1, "[$lib.key(("})
		c.walk(key, reading)
		closing := "))]"
		if r == writing {
			closing = "),1)]" // tells the library that something is written there
		}
		c.edits = append(c.edits, edit{n.end - 1, n.end, closing})
	}
}

// require resolves require("./other.jds") and writes the path it found, from the
// root, so that the runtime need not look for endings.
func (c *safeCompiler) require(n *node) {
	if len(n.kids) != 2 || n.kids[1].kind != nString {
		c.fail(n.start, "write require(\"./file"+c.pkg.Dialect.Script+"\")", "require takes one text, known before the script runs")
		c.walkAll(n.kids[1:])
		return
	}
	at, spec := n.kids[1], n.kids[1].text
	line, column := c.position(at.start)
	out := Require{Specifier: spec, Line: line, Column: column}
	ending := c.pkg.Dialect.Script
	if !strings.HasPrefix(spec, "./") && !strings.HasPrefix(spec, "../") && !strings.HasPrefix(spec, "/") {
		c.fail(at.start, "write ./"+short(spec), "require takes a relative path, found %q", short(spec))
		return
	}
	file, found := c.pkg.Lookup(c.source.File, spec, "", ending)
	switch {
	case !found:
		hint := ""
		if !c.list.Full() {
			hint = diag.DidYouMean(path.Join(path.Dir(c.source.File), spec), c.scripts())
		}
		c.fail(at.start, hint, "the script %q does not exist", short(spec))
	case path.Ext(file) != ending:
		c.fail(at.start, "", "%s is no %s script", file, strings.ToUpper(ending[1:]))
	default:
		out.Resolved = file
		c.requires = append(c.requires, out)
		c.edits = append(c.edits, edit{at.start, at.end, quoteJS("/" + file)})
	}
}

func (c *safeCompiler) scripts() []string {
	return slices.DeleteFunc(slices.Clone(c.pkg.Names), func(n string) bool { return path.Ext(n) != c.pkg.Dialect.Script })
}

// quoteJS writes a path, which has no control characters, as a string literal.
func quoteJS(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\u2028", `\u2028`, "\u2029", `\u2029`).Replace(s) + `"`
}

// export notes names given to module.exports or exports.
func (c *safeCompiler) export(n *node) {
	target := n.kids[0]
	if target.kind != nMember {
		return
	}
	object := target.kids[0]
	switch {
	case isModuleExports(target):
		if n.kids[1].kind == nObject {
			for _, key := range n.kids[1].params {
				c.exports[key.text] = true
			}
		}
	case isModuleExports(object), object.kind == nName && object.text == "exports" && object.bound == nil:
		c.exports[target.text] = true
	}
}

func isModuleExports(n *node) bool {
	return n.kind == nMember && n.text == "exports" && n.kids[0].kind == nName && n.kids[0].text == "module" && n.kids[0].bound == nil
}
