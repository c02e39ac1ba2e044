package expr

import (
	"fmt"
	"strings"
)

// Limits of one expression. They bound the work of the compiler and of the browser that parses what it emits.
const (
	maxNesting = 200
	maxNodes   = 5000
)

type parser struct {
	src   string
	base  int
	at    int   // offset behind the current token
	tok   token // the current token
	prev  int   // end of the token before it
	depth int
	nodes int
	// grouped are the expressions that stood in brackets, where that matters
	grouped map[Expr]bool
	// braces: the expression stands in {{ }} and ends at }}
	braces bool
}

// Parse parses one expression that fills src. Offsets in the tree and in the problem are base plus the place in src.
func Parse(src string, base int) (e Expr, problem *Problem) {
	p := &parser{src: src, base: base}
	return p.run(func() Expr {
		e := p.expression()
		p.mustEnd()
		return e
	})
}

// ParseObject parses the form of template data: the inside of an object literal, `a: 1, b, ...c`, filling src.
func ParseObject(src string, base int) (o *Object, problem *Problem) {
	p := &parser{src: src, base: base}
	e, problem := p.run(func() Expr {
		o := p.fields("")
		p.mustEnd()
		return o
	})
	o, _ = e.(*Object)
	return o, problem
}

// run starts the parser at p.at and turns a failure into a Problem.
func (p *parser) run(parse func() Expr) (e Expr, problem *Problem) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case failure:
			r.Offset += p.base
			e, problem = nil, &r.Problem
		default:
			panic(r)
		}
	}()
	p.advance()
	return parse(), nil
}

func (p *parser) advance() {
	p.prev = p.tok.end
	p.tok = p.next()
	p.at = p.tok.end
}

func (p *parser) is(punct string) bool { return p.tok.kind == tokPunct && p.tok.text == punct }

func (p *parser) take(punct string) bool {
	if !p.is(punct) {
		return false
	}
	p.advance()
	return true
}

func (p *parser) span(start int) Span {
	if p.nodes++; p.nodes > maxNodes {
		fail(start, fmt.Sprintf("the expression has more than %d parts", maxNodes), "move it into a script module")
	}
	return Span{p.base + start, p.base + p.prev}
}

func (p *parser) nest() {
	if p.depth++; p.depth > maxNesting {
		fail(p.tok.start, fmt.Sprintf("the expression is nested more than %d deep", maxNesting), "move it into a script module")
	}
}

// atClose reports whether the current token is the first brace of }}.
func (p *parser) atClose() bool {
	return p.braces && p.is("}") && strings.HasPrefix(p.src[p.tok.start:], "}}")
}

// mustEnd refuses whatever follows a complete expression.
func (p *parser) mustEnd() {
	if p.braces && p.atClose() || !p.braces && p.tok.kind == tokEnd {
		return
	}
	p.refuse(true)
}

// refuse fails at the current token with the most helpful word there is.
func (p *parser) refuse(afterOperand bool) {
	t := p.tok
	switch {
	case t.kind == tokEnd || p.atClose():
		if afterOperand {
			fail(t.start, "'{{' is not closed", "write }} behind the expression")
		}
		fail(t.start, "the expression ends too early", "a value is missing here")
	case t.kind == tokName && afterOperand:
		before := strings.TrimRight(p.src[:t.start], " \t\r\n")
		switch {
		case wordEnds(before, "new"):
			fail(t.start, "objects cannot be made with new here", "put it in a script module")
		case wordEnds(before, "function"), wordEnds(before, "async"):
			fail(t.start, "functions cannot be written here", "put it in a script module")
		case t.text == "in" || t.text == "instanceof" || t.text == "of" || t.text == "and" || t.text == "or":
			fail(t.start, "unknown operator "+t.text, operatorWord[t.text])
		}
		fail(t.start, "unexpected name "+t.text, "an operator is missing before it")
	case t.kind == tokName:
		fail(t.start, "unexpected name "+t.text, "")
	case t.kind == tokNumber:
		hint := "an operator is missing before it"
		if strings.HasPrefix(t.text, ".") {
			hint = "write [" + t.text[1:] + "] for an item of a list"
		}
		fail(t.start, "unexpected number "+t.text, hint)
	case t.kind == tokString:
		fail(t.start, "unexpected string", "an operator is missing before it")
	}
	switch t.text {
	case "=":
		fail(t.start, "'=' assigns", "did you mean '=='?")
	case "=>":
		fail(t.start, "functions cannot be written here", "put it in a script module")
	case "++", "--", "+=", "-=", "*=", "/=", "%=", "**=", "<<=", ">>=", ">>>=", "&=", "|=", "^=", "&&=", "||=", "??=":
		fail(t.start, "'"+t.text+"' changes a value", "an expression only reads; call setData")
	case ";":
		fail(t.start, "';' ends a statement", "only one expression fits between {{ and }}")
	case ",":
		fail(t.start, "unexpected ','", "only one expression fits between {{ and }}")
	case "/":
		if !afterOperand {
			fail(t.start, "regular expressions cannot be written here", "put it in a script module")
		}
	case "{":
		if afterOperand {
			fail(t.start, "unexpected '{'", "functions and blocks cannot be written here; put them in a script module")
		}
	case "}":
		if p.braces && afterOperand {
			fail(t.start, "a single '}'", "write }} to close the expression")
		}
	}
	fail(t.start, "unexpected '"+t.text+"'", "")
}

var operatorWord = map[string]string{"and": "did you mean &&?", "or": "did you mean ||?"}

func wordEnds(s, word string) bool {
	rest, ok := strings.CutSuffix(s, word)
	return ok && (rest == "" || !nameRune(rune(rest[len(rest)-1])))
}

func (p *parser) expect(punct, what string) {
	if p.take(punct) {
		return
	}
	if p.tok.kind == tokEnd || p.atClose() {
		fail(p.tok.start, what+" is not closed", "write '"+punct+"'")
	}
	p.refuse(true)
}

// powers of the binary operators: the higher binds tighter.
var powers = map[string]int{
	"??": 1, "||": 2, "&&": 3, "|": 4, "^": 5, "&": 6,
	"==": 7, "!=": 7, "===": 7, "!==": 7, "<": 8, ">": 8, "<=": 8, ">=": 8,
	"<<": 9, ">>": 9, ">>>": 9, "+": 10, "-": 10, "*": 11, "/": 11, "%": 11, "**": 12,
}

func (p *parser) expression() Expr {
	p.nest()
	defer func() { p.depth-- }()
	start := p.tok.start
	test := p.binary(1)
	if !p.take("?") {
		return test
	}
	then := p.expression()
	if !p.is(":") {
		if p.tok.kind == tokEnd || p.atClose() {
			fail(p.tok.start, "the conditional has no ':'", "write condition ? yes : no")
		}
		p.refuse(true)
	}
	p.advance()
	otherwise := p.expression()
	return &Conditional{Span: p.span(start), If: test, Then: then, Else: otherwise}
}

func (p *parser) binary(least int) Expr {
	start := p.tok.start
	x := p.unary()
	for p.tok.kind == tokPunct {
		op := p.tok.text
		power := powers[op]
		if power == 0 || power < least {
			break
		}
		at := p.tok.start
		if _, signed := x.(*Unary); op == "**" && signed && !p.grouped[x] {
			fail(at, "'**' after a sign could mean two things", "put the left side in brackets")
		}
		p.advance()
		var y Expr
		if op == "**" {
			p.nest()
			y = p.binary(power) // right to left
			p.depth--
		} else {
			y = p.binary(power + 1)
		}
		if mixes(op, x, p.grouped) || mixes(op, y, p.grouped) {
			fail(at, "'??' beside '&&' or '||' could mean two things", "put one of them in brackets")
		}
		x = &Binary{Span: p.span(start), Op: op, X: x, Y: y}
	}
	return x
}

// mixes reports whether op and an ungrouped operand x put ?? next to && or ||, which JavaScript refuses.
func mixes(op string, x Expr, grouped map[Expr]bool) bool {
	b, ok := x.(*Binary)
	if !ok || grouped[x] {
		return false
	}
	logical := func(op string) bool { return op == "&&" || op == "||" }
	return op == "??" && logical(b.Op) || logical(op) && b.Op == "??"
}

func (p *parser) unary() Expr {
	t := p.tok
	var op string
	switch {
	case t.kind == tokPunct && (t.text == "!" || t.text == "-" || t.text == "+" || t.text == "~"):
		op = t.text
	case t.kind == tokName && t.text == "typeof" && p.operandFollows():
		op = t.text
	default:
		return p.postfix()
	}
	p.nest()
	defer func() { p.depth-- }()
	p.advance()
	x := p.unary()
	return &Unary{Span: p.span(t.start), Op: op, X: x}
}

// operandFollows reports whether typeof is the operator; alone it is a data field like any other.
func (p *parser) operandFollows() bool {
	ahead := *p
	ahead.advance()
	t := ahead.tok
	return t.kind != tokEnd && (t.kind != tokPunct || t.text == "(" || t.text == "[" || t.text == "{" || t.text == "!" || t.text == "~")
}

func (p *parser) postfix() Expr {
	start := p.tok.start
	x := p.primary()
	for {
		switch {
		case p.is("?."):
			p.advance()
			if p.is("[") || p.is("(") {
				continue
			}
			x = p.member(start, x)
		case p.is("."):
			p.advance()
			x = p.member(start, x)
		case p.is("["):
			p.advance()
			key := p.expression()
			p.expect("]", "'['")
			x = &Index{Span: p.span(start), Object: x, Key: key}
		case p.is("("):
			p.advance()
			args := p.list(")", "'('")
			x = &Call{Span: p.span(start), Func: x, Args: args}
		default:
			return x
		}
	}
}

func (p *parser) member(start int, x Expr) Expr {
	if p.tok.kind != tokName {
		if p.tok.kind == tokEnd || p.atClose() {
			fail(p.tok.start, "a name is missing behind '.'", "")
		}
		p.refuse(false)
	}
	name := p.tok.text
	p.advance()
	return &Member{Span: p.span(start), Object: x, Name: name}
}

func (p *parser) primary() Expr {
	p.nest()
	defer func() { p.depth-- }()
	t := p.tok
	switch t.kind {
	case tokNumber:
		p.advance()
		return &Literal{p.span(t.start), t.number}
	case tokString:
		p.advance()
		return &Literal{p.span(t.start), t.text}
	case tokName:
		p.advance()
		span := p.span(t.start)
		switch t.text {
		case "true":
			return &Literal{span, true}
		case "false":
			return &Literal{span, false}
		case "null":
			return &Literal{span, nil}
		case "undefined":
			return &Literal{span, Undefined{}}
		case "function":
			if p.is("(") {
				fail(t.start, "functions cannot be written here", "put it in a script module")
			}
		}
		return &Name{span, t.text}
	case tokPunct:
		switch t.text {
		case "(":
			p.advance()
			if p.is(")") {
				// () => … is the only thing that starts like this
				fail(t.start, "functions cannot be written here", "put it in a script module")
			}
			x := p.expression()
			p.expect(")", "'('")
			if p.grouped == nil {
				p.grouped = map[Expr]bool{}
			}
			p.grouped[x] = true
			return x
		case "[":
			p.advance()
			items := p.list("]", "'['")
			return &Array{p.span(t.start), items}
		case "{":
			p.advance()
			o := p.fields("}")
			p.expectBrace()
			o.Span = p.span(t.start)
			return o
		}
	}
	p.refuse(false)
	return nil
}

// list parses comma-separated expressions and spreads up to and including the closing punctuator.
func (p *parser) list(closer, what string) []Expr {
	var items []Expr
	for !p.is(closer) {
		start := p.tok.start
		if p.take("...") {
			x := p.expression()
			items = append(items, &Spread{p.span(start), x})
		} else {
			items = append(items, p.expression())
		}
		if !p.take(",") && !p.is(closer) {
			p.expect(closer, what)
		}
	}
	p.advance()
	return items
}

// fields parses the inside of an object literal up to, not including, its end.
func (p *parser) fields(closer string) *Object {
	start := p.tok.start
	o := &Object{}
	ended := func() bool {
		if closer != "" {
			return p.is(closer)
		}
		return p.tok.kind == tokEnd || p.atClose()
	}
	for !ended() {
		t := p.tok
		switch {
		case p.take("..."):
			x := p.expression()
			o.Fields = append(o.Fields, Field{Value: &Spread{p.span(t.start), x}})
		case t.kind == tokName || t.kind == tokString || t.kind == tokNumber:
			key := t.text
			if t.kind == tokNumber {
				key = FormatNumber(t.number)
			}
			p.advance()
			switch {
			case p.take(":"):
				o.Fields = append(o.Fields, Field{Key: key, Value: p.expression()})
			case t.kind == tokName && (ended() || p.is(",")):
				o.Fields = append(o.Fields, Field{Key: key, Value: p.shorthand(t)})
			case closer == "" && (ended() || !p.is("(") && !p.is(":")):
				fail(t.start, "this is no object", "write name: value, or ...value to pass on all its fields")
			case p.is("("):
				fail(t.start, "functions cannot be written here", "put it in a script module")
			default:
				fail(p.tok.start, "':' is missing behind the key "+key, "write "+key+": value")
			}
		case p.is("["):
			fail(t.start, "a computed key is not understood here", "build the object in a script module")
		case closer == "" && p.is("{") && len(o.Fields) == 0:
			// data="{{ {a: 1} }}": braces too many, meaning clear
			x := p.expression()
			inner, ok := x.(*Object)
			if !ok || !ended() {
				fail(t.start, "this is no object", "write name: value, or ...value to pass on all its fields")
			}
			return inner
		default:
			p.refuse(false)
		}
		if !p.take(",") && !ended() {
			if p.tok.kind == tokEnd {
				fail(p.tok.start, "'{' is not closed", "write '}'")
			}
			p.refuse(true)
		}
	}
	o.Span = p.span(start)
	return o
}

func (p *parser) shorthand(t token) Expr {
	span := Span{p.base + t.start, p.base + t.end}
	switch t.text {
	case "true":
		return &Literal{span, true}
	case "false":
		return &Literal{span, false}
	case "null":
		return &Literal{span, nil}
	case "undefined":
		return &Literal{span, Undefined{}}
	}
	return &Name{span, t.text}
}

// expectBrace takes the } of an object literal, also where it stands right before the }} of the expression.
func (p *parser) expectBrace() {
	if !p.is("}") {
		fail(p.tok.start, "'{' is not closed", "write '}'")
	}
	p.advance()
}
