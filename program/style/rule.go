package style

import (
	"strings"

	"github.com/tdewolff/parse/v2/css"
)

// parser walks over the tokens of one file and writes what it reads.
type parser struct {
	c  *compiler
	s  *sheet
	at int
}

func (p *parser) peek() token {
	if p.at < len(p.s.tokens) {
		return p.s.tokens[p.at]
	}
	return token{kind: css.ErrorToken, at: len(p.s.src)}
}

func (p *parser) space() {
	for p.peek().kind == css.WhitespaceToken {
		p.at++
	}
}

func (p *parser) write(parts ...string) {
	for _, part := range parts {
		p.c.out = append(p.c.out, part...)
	}
	if len(p.c.out) > maxOutput {
		p.c.stop(p.s, p.peek().at, "the compiled style is larger than %d MiB", maxOutput>>20)
	}
}

// rules reads rules up to the end of the file, or of the block they stand in.
func (p *parser) rules(inBlock bool, depth int) {
	for !p.c.stopped {
		p.space()
		switch t := p.peek(); t.kind {
		case css.ErrorToken:
			return
		case css.RightBraceToken:
			if inBlock {
				return
			}
			p.c.fail(p.s, t.at, "remove it", "} closes nothing")
			p.at++
		case css.CDOToken, css.CDCToken, css.SemicolonToken:
			p.at++
		case css.AtKeywordToken:
			p.atRule(depth, false)
		default:
			p.styleRule(depth, false)
		}
	}
}

// prelude takes tokens up to one of { } ; outside of parentheses. Brackets that
// never close end there too: nothing in a prelude has those three inside.
func (p *parser) prelude() []token {
	start := p.at
	for {
		switch p.peek().kind {
		case css.ErrorToken, css.LeftBraceToken, css.RightBraceToken, css.SemicolonToken:
			out := p.s.tokens[start:p.at]
			for len(out) > 0 && out[len(out)-1].kind == css.WhitespaceToken {
				out = out[:len(out)-1]
			}
			return out
		}
		p.at++
	}
}

// styleRule reads selectors and a block of declarations.
func (p *parser) styleRule(depth int, nested bool) {
	start := p.peek()
	tokens := p.prelude()
	end := p.peek()
	if end.kind != css.LeftBraceToken {
		hint := "write selector { … }"
		if lineComment(tokens) {
			hint = "CSS knows only /* … */ comments"
		}
		p.c.fail(p.s, start.at, hint, "expected { after %q", shorten(text(tokens)))
		if end.kind == css.SemicolonToken {
			p.at++
		}
		return
	}
	selectors, ok := p.c.selectors(p.s, tokens, end.at, nested)
	if !ok {
		p.skipBlock()
		return
	}
	p.block(selectors, depth, p.declarations)
}

// block reads { … } with body inside, and leaves it out when it came to nothing.
func (p *parser) block(head string, depth int, body func(depth int)) {
	open := p.peek()
	if depth >= maxNesting {
		p.c.fail(p.s, open.at, "", "blocks nested more than %d deep", maxNesting)
		p.skipBlock()
		return
	}
	p.at++
	before := len(p.c.out)
	p.separate()
	p.write(head, "{")
	inside := len(p.c.out)
	body(depth + 1)
	if p.c.stopped {
		return
	}
	if p.peek().kind == css.RightBraceToken {
		p.at++
	} else {
		p.c.fail(p.s, open.at, "add the missing }", "the block that starts here is never closed")
	}
	if len(p.c.out) == inside {
		p.c.out = p.c.out[:before]
		return
	}
	p.write("}")
}

// skipBlock moves behind the } that belongs to the { at the current position.
func (p *parser) skipBlock() {
	open := p.peek()
	for depth := 0; ; p.at++ {
		switch p.peek().kind {
		case css.ErrorToken:
			p.c.fail(p.s, open.at, "add the missing }", "the block that starts here is never closed")
			return
		case css.LeftBraceToken:
			depth++
		case css.RightBraceToken:
			if depth--; depth == 0 {
				p.at++
				return
			}
		}
	}
}

// declarations reads what stands in a style rule: declarations, at-rules and,
// as CSS now allows, rules.
func (p *parser) declarations(depth int) {
	for !p.c.stopped {
		p.space()
		switch t := p.peek(); {
		case t.kind == css.ErrorToken || t.kind == css.RightBraceToken:
			return
		case t.kind == css.SemicolonToken:
			p.at++
		case t.kind == css.AtKeywordToken:
			p.atRule(depth, true)
		case t.kind != css.CustomPropertyNameToken && p.ruleAhead():
			p.styleRule(depth, true)
		default:
			p.declaration()
		}
	}
}

// ruleAhead reports whether a { comes before the end of a declaration.
func (p *parser) ruleAhead() bool {
	for i := p.at; i < len(p.s.tokens); i++ {
		switch p.s.tokens[i].kind {
		case css.LeftBraceToken:
			return true
		case css.RightBraceToken, css.SemicolonToken:
			return false
		}
	}
	return false
}

// declaration reads name: value. What is no declaration is told and left out.
func (p *parser) declaration() {
	start, from := p.peek(), p.at
	if start.delim("*") { // the old hack for one browser: all others drop it
		p.prelude()
		return
	}
	if start.name() {
		p.at++
		p.space()
	}
	if !start.name() || p.peek().kind != css.ColonToken {
		p.at = from
		tokens := p.prelude()
		hint := "write name: value"
		if lineComment(tokens) {
			hint = "CSS knows only /* … */ comments"
		}
		p.c.warn(p.s, start.at, hint, "%q is no declaration and is left out", shorten(text(tokens)))
		return
	}
	p.at++
	p.space()
	custom := start.kind == css.CustomPropertyNameToken
	take := p.prelude
	if custom {
		take = p.customValue
	}
	tokens := take()
	if len(tokens) == 0 && !custom {
		p.c.warn(p.s, start.at, "", "the property %s has no value", start.text)
		return
	}
	value, ok := p.c.value(p.s, tokens, use{custom: custom, animation: isAnimation(start.text)})
	if !ok {
		return
	}
	if value == "" {
		value = " " // an empty custom property is a value of its own
	}
	p.separate()
	p.write(start.text, ":", value)
}

// customValue takes the value of a custom property, which may hold blocks.
func (p *parser) customValue() []token {
	start := p.at
	for depth := 0; ; p.at++ {
		t := p.peek()
		switch {
		case t.kind == css.ErrorToken, depth == 0 && (t.kind == css.SemicolonToken || t.kind == css.RightBraceToken):
			out := p.s.tokens[start:p.at]
			for len(out) > 0 && out[len(out)-1].kind == css.WhitespaceToken {
				out = out[:len(out)-1]
			}
			return out
		case t.kind == css.LeftBraceToken:
			depth++
		case t.kind == css.RightBraceToken:
			depth--
		}
	}
}

func lineComment(tokens []token) bool {
	return len(tokens) > 1 && tokens[0].delim("/") && tokens[1].delim("/")
}

func isAnimation(name string) bool {
	name = strings.TrimPrefix(strings.ToLower(name), "-webkit-")
	return name == "animation" || name == "animation-name"
}

func text(tokens []token) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(t.text)
		if b.Len() > 300 {
			break
		}
	}
	return b.String()
}
