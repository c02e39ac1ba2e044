package style

import (
	"strings"

	"github.com/tdewolff/parse/v2/css"
)

// groups are the at-rules that hold rules.
var groups = map[string]bool{
	"media": true, "supports": true, "container": true, "layer": true, "starting-style": true, "document": true, "-moz-document": true,
}

// described are the at-rules that hold declarations.
var described = map[string]bool{
	"font-face": true, "page": true, "property": true, "counter-style": true, "font-feature-values": true, "font-palette-values": true,
	"view-transition": true, "position-try": true, "viewport": true, "-ms-viewport": true,
	// the margin boxes of @page and the parts of @font-feature-values
	"top-left": true, "top-center": true, "top-right": true, "bottom-left": true, "bottom-center": true, "bottom-right": true,
	"styleset": true, "stylistic": true, "swash": true, "annotation": true, "ornaments": true, "character-variant": true,
}

// atRule reads one at-rule; nested says that it stands in a style rule.
func (p *parser) atRule(depth int, nested bool) {
	keyword := p.peek()
	name := strings.ToLower(unescape(keyword.text[1:]))
	p.at++
	p.space()
	switch {
	case name == "charset":
		p.statement()
	case name == "namespace":
		p.c.warn(p.s, keyword.at, "", "@namespace is left out: there are no namespaces here")
		p.statement()
	case name == "import":
		p.importRule(keyword, nested)
	case isKeyframes(keyword.text):
		p.keyframes(keyword, depth)
	case groups[name]:
		body := func(depth int) { p.rules(true, depth) }
		if nested {
			body = p.declarations
		}
		p.group(keyword, depth, body)
	default:
		if !described[name] {
			p.c.warn(p.s, keyword.at, "", "unknown at-rule %s, kept as it is", shorten(keyword.text))
		}
		p.group(keyword, depth, p.declarations)
	}
}

// statement skips to behind the next semicolon.
func (p *parser) statement() []token {
	tokens := p.prelude()
	switch p.peek().kind {
	case css.SemicolonToken:
		p.at++
	case css.LeftBraceToken:
		p.skipBlock()
	}
	return tokens
}

// group reads a prelude and either a block or a semicolon.
func (p *parser) group(keyword token, depth int, body func(depth int)) {
	prelude, ok := p.c.value(p.s, p.prelude(), use{})
	head := safe(keyword.text)
	if prelude != "" {
		head += " " + prelude
	}
	switch {
	case p.peek().kind == css.LeftBraceToken && ok:
		p.block(head, depth, body)
	case p.peek().kind == css.LeftBraceToken:
		p.skipBlock()
	default:
		if p.peek().kind == css.SemicolonToken {
			p.at++
		}
		if ok {
			p.separate()
			p.write(head, ";")
		}
	}
}

// separate ends a declaration before something else follows it.
func (p *parser) separate() {
	if n := len(p.c.out); n > 0 {
		if last := p.c.out[n-1]; last != '{' && last != ';' && last != '}' {
			p.write(";")
		}
	}
}

func (p *parser) keyframes(keyword token, depth int) {
	tokens := p.prelude()
	open := p.peek()
	if len(tokens) != 1 || open.kind != css.LeftBraceToken {
		p.c.fail(p.s, keyword.at, "write "+keyword.text+" name { … }", "broken %s", keyword.text)
		if open.kind == css.LeftBraceToken {
			p.skipBlock()
		}
		return
	}
	prefix, name := p.c.opts.Scope.Prefix, tokens[0]
	head := keyword.text + " "
	switch value, ok := keyframesName(name); {
	case !ok:
		p.c.fail(p.s, name.at, "", "%q cannot be the name of keyframes", shorten(name.text))
		p.skipBlock()
		return
	case name.kind == css.StringToken:
		head += quote(prefix + value)
	default:
		head += prefix + name.text
	}
	p.block(head, depth, p.frames)
}

// frames reads the steps of keyframes: from, to, percentages.
func (p *parser) frames(depth int) {
	for !p.c.stopped {
		p.space()
		start := p.peek()
		switch start.kind {
		case css.ErrorToken, css.RightBraceToken:
			return
		case css.SemicolonToken:
			p.at++
			continue
		}
		steps, ok := p.c.value(p.s, p.prelude(), use{})
		switch {
		case p.peek().kind != css.LeftBraceToken:
			p.c.fail(p.s, start.at, "write from, to or a percentage and a block", "broken keyframes")
		case !ok || steps == "":
			p.c.fail(p.s, start.at, "write from, to or a percentage and a block", "broken keyframes")
			p.skipBlock()
		default:
			p.block(steps, depth, p.declarations)
		}
	}
}

// importRule inlines @import "file" layer(x) supports(y) media; conditions
// become blocks around what is inlined.
func (p *parser) importRule(keyword token, nested bool) {
	tokens := p.statement()
	if len(tokens) == 0 {
		p.c.fail(p.s, keyword.at, `write @import "file";`, "@import names no file")
		return
	}
	spec, ok := importSpec(tokens[0])
	if !ok {
		if kind := tokens[0].kind; kind != css.BadStringToken && kind != css.BadURLToken {
			p.c.fail(p.s, tokens[0].at, `write @import "file";`, "@import takes a string or url(…), found %q", shorten(tokens[0].text))
		}
		return
	}
	if nested {
		p.c.fail(p.s, keyword.at, "move it to the top of the file", "@import cannot stand inside a rule")
		return
	}
	heads, ok := p.conditions(tokens[1:])
	if !ok {
		return
	}
	before := len(p.c.out)
	for _, h := range heads {
		p.write(h, "{")
	}
	inside := len(p.c.out)
	p.c.importFile(p.s, tokens[0], spec)
	if len(p.c.out) == inside {
		p.c.out = p.c.out[:before]
		return
	}
	p.write(strings.Repeat("}", len(heads)))
}

// conditions turns what follows the file of an @import into the heads of blocks.
func (p *parser) conditions(tokens []token) (heads []string, ok bool) {
	skip := func() {
		for len(tokens) > 0 && tokens[0].kind == css.WhitespaceToken {
			tokens = tokens[1:]
		}
	}
	// function cuts off name( … ) and returns what is inside.
	function := func() (inner []token, ok bool) {
		depth := 0
		for i, t := range tokens {
			switch t.kind {
			case css.FunctionToken, css.LeftParenthesisToken:
				depth++
			case css.RightParenthesisToken:
				if depth--; depth == 0 {
					inner, tokens = tokens[1:i], tokens[i+1:]
					return inner, true
				}
			}
		}
		p.c.fail(p.s, tokens[0].at, "add the missing )", "the parenthesis that starts here is never closed")
		return nil, false
	}
	skip()
	switch {
	case len(tokens) == 0:
	case tokens[0].kind == css.IdentToken && strings.EqualFold(tokens[0].text, "layer"):
		heads, tokens = append(heads, "@layer"), tokens[1:]
	case tokens[0].kind == css.FunctionToken && strings.EqualFold(tokens[0].text, "layer("):
		inner, closed := function()
		if !closed {
			return nil, false
		}
		name, ok := p.c.value(p.s, inner, use{})
		if !ok {
			return nil, false
		}
		heads = append(heads, "@layer "+name)
	}
	skip()
	if len(tokens) > 0 && tokens[0].kind == css.FunctionToken && strings.EqualFold(tokens[0].text, "supports(") {
		inner, closed := function()
		if !closed {
			return nil, false
		}
		condition, ok := p.c.value(p.s, inner, use{})
		if !ok {
			return nil, false
		}
		heads = append(heads, "@supports ("+condition+")")
	}
	skip()
	if len(tokens) > 0 {
		media, ok := p.c.value(p.s, tokens, use{})
		if !ok {
			return nil, false
		}
		heads = append(heads, "@media "+media)
	}
	return heads, true
}
