package script

// binaryLevel is how strongly an operator binds; 0 is no binary operator.
func binaryLevel(t jsToken, in bool) int {
	if t.kind == tName {
		switch {
		case t.text == "instanceof", t.text == "in" && in:
			return 7
		}
		return 0
	}
	if t.kind != tPunct {
		return 0
	}
	switch t.text {
	case "||":
		return 1
	case "&&":
		return 2
	case "|":
		return 3
	case "^":
		return 4
	case "&":
		return 5
	case "==", "!=", "===", "!==":
		return 6
	case "<", ">", "<=", ">=":
		return 7
	case "<<", ">>", ">>>":
		return 8
	case "+", "-":
		return 9
	case "*", "/", "%":
		return 10
	}
	return 0
}

// expression reads assignments joined by commas. in is false in the head of a
// for loop, where "in" belongs to the loop.
func (p *parser) expression(in bool) *node {
	start := p.tok.start
	first := p.assignment(in)
	if !p.punct(",") {
		return first
	}
	kids := []*node{first}
	for p.accept(",") {
		kids = append(kids, p.assignment(in))
	}
	return p.node(nComma, start, kids...)
}

func isAssign(t jsToken) bool {
	if t.kind != tPunct {
		return false
	}
	switch t.text {
	case "=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", ">>>=", "&=", "|=", "^=":
		return true
	}
	return false
}

func (p *parser) assignment(in bool) *node {
	defer p.enter()()
	start := p.tok.start
	left := p.conditional(in)
	if !isAssign(p.tok) {
		return left
	}
	switch left.kind {
	case nName, nMember, nIndex:
	case nObject:
		p.fail(left.start, "", "taking values apart is no part of JDS and WXS")
	default:
		p.fail(p.tok.start, "", "nothing can be assigned to what stands here")
	}
	op := p.tok.text
	p.advance()
	n := p.node(nAssign, start, left, p.assignment(in))
	n.op = op
	return n
}

func (p *parser) conditional(in bool) *node {
	start := p.tok.start
	cond := p.binary(1, in)
	if !p.accept("?") {
		return cond
	}
	yes := p.assignment(true)
	p.expect(":")
	return p.node(nCond, start, cond, yes, p.assignment(in))
}

func (p *parser) binary(level int, in bool) *node {
	start := p.tok.start
	left := p.unary()
	for {
		l := binaryLevel(p.tok, in)
		if l < level {
			return left
		}
		op := p.tok.text
		p.advance()
		right := p.binary(l+1, in)
		left = p.node(nBinary, start, left, right)
		left.op = op
	}
}

func (p *parser) unary() *node {
	defer p.enter()()
	start, t := p.tok.start, p.tok
	switch {
	case t.kind == tPunct && (t.text == "++" || t.text == "--"):
		p.advance()
		operand := p.unary()
		p.checkUpdate(operand)
		n := p.node(nUpdate, start, operand)
		n.op = t.text
		return n
	case t.kind == tPunct && (t.text == "!" || t.text == "~" || t.text == "+" || t.text == "-"),
		t.kind == tName && (t.text == "typeof" || t.text == "void" || t.text == "delete"):
		p.advance()
		operand := p.unary()
		if t.text == "delete" && operand.kind != nMember && operand.kind != nIndex {
			p.fail(start, "", "delete takes a member of an object")
		}
		n := p.node(nUnary, start, operand)
		n.op = t.text
		return n
	}
	operand := p.postfix()
	if (p.punct("++") || p.punct("--")) && !p.tok.newline {
		p.checkUpdate(operand)
		op := p.tok.text
		p.advance()
		n := p.node(nUpdate, start, operand)
		n.op = op
		return n
	}
	return operand
}

func (p *parser) checkUpdate(n *node) {
	if n.kind != nName && n.kind != nMember && n.kind != nIndex {
		p.fail(n.start, "", "nothing can be counted up or down here")
	}
}

func (p *parser) postfix() *node {
	start := p.tok.start
	n := p.primary()
	for {
		switch {
		case p.punct("."):
			mark := p.tok.start
			p.advance()
			if p.tok.kind != tName {
				p.fail(p.tok.start, "", "expected a name after the dot, found %s", p.tok.describe())
			}
			name := p.tok.text
			p.advance()
			n = p.node(nMember, start, n)
			n.text, n.mark = name, mark
		case p.punct("["):
			mark := p.tok.start
			p.advance()
			index := p.expression(true)
			p.expect("]")
			n = p.node(nIndex, start, n, index)
			n.mark = mark
		case p.punct("("):
			kids := append([]*node{n}, p.arguments()...)
			n = p.node(nCall, start, kids...)
		default:
			return n
		}
	}
}

func (p *parser) arguments() []*node {
	p.expect("(")
	var kids []*node
	for !p.punct(")") {
		kids = append(kids, p.assignment(true))
		if !p.accept(",") {
			break
		}
	}
	p.expect(")")
	return kids
}

func (p *parser) primary() *node {
	t := p.tok
	switch t.kind {
	case tNumber:
		p.advance()
		return p.node(nNumber, t.start)
	case tString:
		p.advance()
		n := p.node(nString, t.start)
		n.text = t.text
		return n
	case tName:
		return p.nameOrWord()
	case tPunct:
		switch t.text {
		case "(":
			p.advance()
			inner := p.expression(true)
			p.expect(")")
			return p.node(nGroup, t.start, inner)
		case "[":
			return p.array()
		case "{":
			return p.object()
		case "/", "/=":
			return p.regex()
		}
	}
	p.fail(t.start, "", "expected a value, found %s", t.describe())
	return nil
}

func (p *parser) nameOrWord() *node {
	t := p.tok
	switch t.text {
	case "function":
		return p.function(false)
	case "this":
		p.advance()
		return p.node(nThis, t.start)
	case "null", "true", "false":
		p.advance()
		return p.node(nPlain, t.start)
	case "arguments", "eval": // judged with the other names
	default:
		hint, is := refused[t.text]
		if is {
			p.fail(t.start, hint, "%s is no part of JDS and WXS", t.text)
		}
		if reserved[t.text] {
			p.fail(t.start, "", "expected a value, found %q", t.text)
		}
	}
	p.advance()
	n := p.node(nName, t.start)
	n.text = t.text
	return n
}

func (p *parser) array() *node {
	start := p.tok.start
	p.expect("[")
	var kids []*node
	for !p.punct("]") {
		if p.accept(",") {
			continue // a hole
		}
		kids = append(kids, p.assignment(true))
		if !p.punct("]") {
			p.expect(",")
		}
	}
	p.advance()
	return p.node(nPlain, start, kids...)
}

func (p *parser) object() *node {
	defer p.enter()()
	start := p.tok.start
	p.expect("{")
	var kids []*node
	var keys []string
	for !p.punct("}") {
		key := p.tok
		switch key.kind {
		case tName, tString, tNumber:
			p.advance()
		default:
			hint := ""
			if p.punct("[") {
				hint = "assign it after the object is made"
			}
			p.fail(key.start, hint, "expected a key, found %s", key.describe())
		}
		if key.text == "__proto__" && key.kind != tNumber {
			p.soft(key.start, "use another key", "__proto__ cannot be a key")
		}
		switch {
		case p.accept(":"):
		case key.kind == tName && (p.punct(",") || p.punct("}")):
			// {color} for {color: color} is no ES5, but scripts in use have it.
			kids = append(kids, p.short(key))
			keys = append(keys, key.text)
			p.accept(",")
			continue
		case p.punct("("):
			p.fail(key.start, "write "+key.text+": function (…) { … }", "short methods are no part of JDS and WXS")
		case key.text == "get" || key.text == "set":
			p.fail(key.start, "", "getters and setters are no part of JDS and WXS")
		default:
			p.expect(":")
		}
		kids = append(kids, p.assignment(true))
		keys = append(keys, key.text)
		if !p.punct("}") {
			p.expect(",")
		}
	}
	p.advance()
	n := p.node(nObject, start, kids...)
	for i, k := range keys {
		n.params = append(n.params, &node{kind: nString, text: k, start: kids[i].start})
	}
	return n
}

// short is the value of a property that is written as its name alone.
func (p *parser) short(key jsToken) *node {
	if hint, is := refused[key.text]; is || reserved[key.text] && key.text != "arguments" && key.text != "eval" {
		p.fail(key.start, hint, "%s cannot stand for a value", key.text)
	}
	return &node{kind: nName, start: key.start, end: key.end, text: key.text, op: "short"}
}

// regex reads a regular expression, which JDS does not have, so that it can be
// told together with whatever else is wrong.
func (p *parser) regex() *node {
	start := p.tok.start
	p.lex.regex(start)
	literal := p.lex.src[start:p.lex.at]
	p.soft(start, "write getRegExp(\"…\", \"…\")", "the regular expression %s is no part of JDS and WXS", short(literal))
	p.tok.end = p.lex.at
	p.advance()
	return p.node(nRegex, start)
}
