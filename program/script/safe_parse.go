package script

import (
	"fmt"
	"slices"
)

type nodeKind uint8

const (
	nProgram nodeKind = iota
	nBlock
	nVar      // kids: declarators; op: var, let, const
	nDeclare  // text: name; kids: the value, if any
	nFunction // text: name or ""; params; kids: statements, or default values and a block with op "body"; op: "declare" or ""
	nPlain    // statements and expressions that need nothing but their kids
	nFor      // its own scope for let
	nForIn    // kids: target (nVar with one nDeclare, or nName), object, body
	nReturn
	nName
	nNumber
	nString
	nThis
	nObject // kids: values
	nMember // kids: object; text: property; mark: where the dot or its name starts
	nIndex  // kids: object, index; mark: of the [
	nCall   // kids: callee, arguments
	nUnary  // op
	nUpdate // op
	nBinary // op
	nAssign // op; kids: target, value
	nCond
	nComma
	nGroup
	nRegex
)

// node is a piece of the syntax tree. start and end are offsets in the source.
type node struct {
	kind       nodeKind
	start, end int
	op, text   string
	mark       int
	kids       []*node
	params     []*node
	depth      int
	scope      *scope   // of programs, functions, blocks and for loops
	bound      *binding // of names
}

// Limits of one script.
const (
	maxSafeSize  = 1 << 20
	maxSafeDepth = 300
	maxTreeDepth = 3000 // of chains such as a + b + c, which the parser reads in a loop
)

// parser reads JDS: ES5 without what needs a runtime of its own (exceptions,
// constructors, regular expression literals), with let, const and default values of parameters.
type parser struct {
	lex        lexer
	tok        jsToken
	last       int // end of the token before
	depth      int
	inFunction int
	inLoop     int
	inSwitch   int
	soft       func(at int, hint, format string, args ...any) // for faults that do not end the reading
	steps      []edit                                         // where the code counts its steps
}

func (p *parser) advance() {
	p.last = p.tok.end
	p.tok = p.lex.next()
}

func (p *parser) fail(at int, hint, format string, args ...any) {
	p.lex.fail(at, hint, format, args...)
}

func (p *parser) punct(text string) bool { return p.tok.kind == tPunct && p.tok.text == text }
func (p *parser) word(text string) bool  { return p.tok.kind == tName && p.tok.text == text }

func (p *parser) accept(text string) bool {
	if p.punct(text) {
		p.advance()
		return true
	}
	return false
}

func (p *parser) expect(text string) {
	if !p.accept(text) {
		p.fail(p.tok.start, "", "expected %q, found %s", text, p.tok.describe())
	}
}

func (t jsToken) describe() string {
	switch t.kind {
	case tEnd:
		return "the end of the script"
	case tString:
		return "a string"
	}
	return fmt.Sprintf("%q", short(t.text))
}

// enter counts nesting; the returned function leaves again.
func (p *parser) enter() func() {
	if p.depth++; p.depth > maxSafeDepth {
		p.fail(p.tok.start, "split it into functions", "the script nests more than %d deep", maxSafeDepth)
	}
	return func() { p.depth-- }
}

func (p *parser) node(kind nodeKind, start int, kids ...*node) *node {
	n := &node{kind: kind, start: start, end: p.last, kids: kids}
	for _, k := range kids {
		n.depth = max(n.depth, k.depth+1)
	}
	if n.depth > maxTreeDepth {
		p.fail(start, "split it into several statements", "the expression is chained more than %d long", maxTreeDepth)
	}
	return n
}

func (p *parser) program() *node {
	p.advance()
	var kids []*node
	for p.tok.kind != tEnd {
		kids = append(kids, p.statement())
	}
	n := p.node(nProgram, 0, kids...)
	n.end = len(p.lex.src)
	return n
}

// semicolon ends a statement, by JavaScript's rules for missing ones.
func (p *parser) semicolon() {
	if p.accept(";") || p.punct("}") || p.tok.kind == tEnd || p.tok.newline {
		return
	}
	p.fail(p.tok.start, "add a ; in front", "unexpected %s", p.tok.describe())
}

// refused are statements and operators of JavaScript that JDS does not have.
var refused = map[string]string{
	"try": "there are no exceptions here", "catch": "there are no exceptions here", "finally": "there are no exceptions here", "throw": "there are no exceptions here",
	"with": "", "debugger": "", "class": "write functions that return objects", "import": "use require", "export": "use module.exports",
	"new": "for a date write getDate(…), for a regular expression getRegExp(…)", "super": "", "yield": "", "await": "", "async": "", "enum": "", "extends": "",
}

// reserved cannot be the name of a variable.
var reserved = map[string]bool{
	"break": true, "case": true, "const": true, "continue": true, "default": true, "delete": true, "do": true, "else": true, "false": true, "for": true,
	"function": true, "if": true, "in": true, "instanceof": true, "let": true, "null": true, "return": true, "switch": true, "this": true, "true": true,
	"typeof": true, "var": true, "void": true, "while": true, "static": true, "implements": true, "interface": true, "package": true, "private": true,
	"protected": true, "public": true, "eval": true, "arguments": true,
}

func (p *parser) statement() *node {
	defer p.enter()()
	start := p.tok.start
	if p.tok.kind == tPunct {
		switch p.tok.text {
		case "{":
			return p.block()
		case ";":
			p.advance()
			return p.node(nPlain, start)
		}
	}
	if p.tok.kind == tName {
		if hint, is := refused[p.tok.text]; is && p.tok.text != "async" && p.tok.text != "await" && p.tok.text != "yield" {
			p.fail(start, hint, "%s is no part of JDS and WXS", p.tok.text)
		}
		switch p.tok.text {
		case "var", "let", "const":
			n := p.variables(true)
			p.semicolon()
			return n
		case "function":
			return p.function(true)
		case "if":
			return p.ifStatement()
		case "for":
			return p.forStatement()
		case "while":
			p.advance()
			cond := p.condition()
			return p.node(nPlain, start, cond, p.body())
		case "do":
			p.advance()
			body := p.body()
			if !p.word("while") {
				p.fail(p.tok.start, "", "expected while after the body of do, found %s", p.tok.describe())
			}
			p.advance()
			cond := p.condition()
			p.accept(";")
			return p.node(nPlain, start, body, cond)
		case "switch":
			return p.switchStatement()
		case "return":
			return p.returnStatement()
		case "break", "continue":
			return p.jump()
		}
	}
	n := p.expression(true)
	if p.punct(":") && n.kind == nName {
		p.fail(start, "", "labels are no part of JDS and WXS")
	}
	p.semicolon()
	return p.node(nPlain, start, n)
}

func (p *parser) block() *node {
	start := p.tok.start
	p.expect("{")
	var kids []*node
	for !p.punct("}") {
		if p.tok.kind == tEnd {
			p.fail(start, "add the missing }", "the block that starts here is never closed")
		}
		kids = append(kids, p.statement())
	}
	p.advance()
	return p.node(nBlock, start, kids...)
}

func (p *parser) parenthesized() *node {
	p.expect("(")
	n := p.expression(true)
	p.expect(")")
	return n
}

// condition of a loop. What may run for ever counts its steps in $lib, which ends it in time: there is no other way to stop
// a script that keeps a page from drawing.
func (p *parser) condition() *node {
	p.expect("(")
	p.step("$lib.step(),")
	n := p.expression(true)
	p.expect(")")
	return n
}

// step notes an edit in front of the next token.
func (p *parser) step(text string) {
	p.steps = append(p.steps, edit{p.tok.start, p.tok.start, text})
}

func (p *parser) body() *node {
	p.inLoop++
	defer func() { p.inLoop-- }()
	return p.single()
}

// single is a statement that stands alone: a declaration there would have no
// block to live in.
func (p *parser) single() *node {
	if p.word("let") || p.word("const") || p.word("function") {
		p.fail(p.tok.start, "put it in { }", "%s needs a block here", p.tok.text)
	}
	return p.statement()
}

func (p *parser) variables(in bool) *node {
	start, op := p.tok.start, p.tok.text
	p.advance()
	var kids []*node
	for {
		name := p.bindingName()
		d := &node{kind: nDeclare, start: name.start, text: name.text, end: name.end}
		if p.accept("=") {
			value := p.assignment(in)
			d = p.node(nDeclare, name.start, value)
			d.text = name.text
		} else if op == "const" && !p.word("in") {
			p.fail(name.start, "write const "+name.text+" = …", "the constant %s has no value", name.text)
		}
		kids = append(kids, d)
		if !p.accept(",") {
			break
		}
	}
	n := p.node(nVar, start, kids...)
	n.op = op
	return n
}

func (p *parser) bindingName() jsToken {
	t := p.tok
	switch {
	case t.kind == tPunct && (t.text == "{" || t.text == "["):
		p.fail(t.start, "write one variable after the other", "taking values apart is no part of JDS and WXS")
	case t.kind != tName:
		p.fail(t.start, "", "expected a name, found %s", t.describe())
	case reserved[t.text] || refused[t.text] != "" || t.text == "with" || t.text == "debugger" || t.text == "super" || t.text == "enum" || t.text == "extends" || t.text == "yield" || t.text == "await":
		p.fail(t.start, "choose another name", "%s cannot be the name of a variable", t.text)
	case t.text == "$lib":
		p.fail(t.start, "choose another name", "the name $lib is taken")
	}
	p.advance()
	return t
}

func (p *parser) function(declare bool) *node {
	start := p.tok.start
	p.advance()
	if p.punct("*") {
		p.fail(p.tok.start, "", "generators are no part of JDS and WXS")
	}
	var name jsToken
	if declare || p.tok.kind == tName {
		name = p.bindingName()
	}
	p.expect("(")
	var params, defaults []*node
	for !p.punct(")") {
		t := p.bindingName()
		if slices.ContainsFunc(params, func(n *node) bool { return n.text == t.text }) {
			p.fail(t.start, "rename one of them", "two parameters are called %s", t.text)
		}
		params = append(params, &node{kind: nName, start: t.start, end: t.end, text: t.text})
		if p.accept("=") {
			defaults = append(defaults, p.assignment(true))
		}
		if !p.accept(",") {
			break
		}
	}
	p.expect(")")
	loop, sw := p.inLoop, p.inSwitch
	p.inLoop, p.inSwitch = 0, 0
	p.inFunction++
	if p.punct("{") {
		p.steps = append(p.steps, edit{p.tok.start + 1, p.tok.start + 1, "$lib.step();"})
	}
	body := p.block()
	p.inFunction--
	p.inLoop, p.inSwitch = loop, sw
	n := p.node(nFunction, start, body.kids...)
	if defaults != nil {
		// What the body declares is not there yet when a default value is worked out.
		body.op = "body"
		n = p.node(nFunction, start, append(defaults, body)...)
	}
	n.text, n.params = name.text, params
	if declare {
		n.op = "declare"
	}
	return n
}

func (p *parser) ifStatement() *node {
	start := p.tok.start
	p.advance()
	kids := []*node{p.parenthesized(), p.single()}
	if p.word("else") {
		p.advance()
		kids = append(kids, p.single())
	}
	return p.node(nPlain, start, kids...)
}

func (p *parser) forStatement() *node {
	start := p.tok.start
	p.advance()
	p.expect("(")
	var kids []*node
	if !p.punct(";") {
		var init *node
		if p.word("var") || p.word("let") || p.word("const") {
			init = p.variables(false)
		} else {
			init = p.expression(false)
		}
		if p.word("of") {
			p.fail(p.tok.start, "count an index", "for … of is no part of JDS and WXS")
		}
		if p.word("in") {
			return p.forIn(start, init)
		}
		kids = append(kids, init)
	}
	p.expect(";")
	if p.punct(";") {
		p.step("$lib.step(),true")
	} else {
		p.step("$lib.step(),")
		kids = append(kids, p.expression(true))
	}
	p.expect(";")
	if !p.punct(")") {
		kids = append(kids, p.expression(true))
	}
	p.expect(")")
	return p.node(nFor, start, append(kids, p.body())...)
}

func (p *parser) forIn(start int, target *node) *node {
	fits := target.kind == nName || target.kind == nVar && len(target.kids) == 1 && len(target.kids[0].kids) == 0
	if !fits {
		p.fail(target.start, "write for (var key in …)", "for … in takes one variable")
	}
	p.advance()
	object := p.expression(true)
	p.expect(")")
	return p.node(nForIn, start, target, object, p.body())
}

func (p *parser) switchStatement() *node {
	start := p.tok.start
	p.advance()
	kids := []*node{p.parenthesized()}
	p.expect("{")
	p.inSwitch++
	inside := p.tok.start
	var statements []*node
	defaults := 0
	for !p.accept("}") {
		switch {
		case p.word("case"):
			p.advance()
			statements = append(statements, p.expression(true))
		case p.word("default"):
			if defaults++; defaults > 1 {
				p.fail(p.tok.start, "remove one", "a switch has two defaults")
			}
			p.advance()
		default:
			p.fail(p.tok.start, "", "expected case, default or }, found %s", p.tok.describe())
		}
		p.expect(":")
		for !p.word("case") && !p.word("default") && !p.punct("}") {
			if p.tok.kind == tEnd {
				p.fail(start, "add the missing }", "the switch that starts here is never closed")
			}
			statements = append(statements, p.statement())
		}
	}
	p.inSwitch--
	return p.node(nPlain, start, append(kids, p.node(nBlock, inside, statements...))...)
}

func (p *parser) returnStatement() *node {
	start := p.tok.start
	if p.inFunction == 0 {
		p.fail(start, "use module.exports", "return stands outside of a function")
	}
	p.advance()
	var kids []*node
	if !p.punct(";") && !p.punct("}") && p.tok.kind != tEnd && !p.tok.newline {
		kids = append(kids, p.expression(true))
	}
	p.semicolon()
	return p.node(nReturn, start, kids...)
}

func (p *parser) jump() *node {
	t := p.tok
	if p.inLoop == 0 && (t.text == "continue" || p.inSwitch == 0) {
		p.fail(t.start, "", "%s stands outside of a loop", t.text)
	}
	p.advance()
	if p.tok.kind == tName && !p.tok.newline {
		p.fail(p.tok.start, "", "labels are no part of JDS and WXS")
	}
	p.semicolon()
	return p.node(nPlain, t.start)
}
