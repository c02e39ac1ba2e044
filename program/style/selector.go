package style

import (
	"strings"

	"github.com/tdewolff/parse/v2/css"

	"minimart/program/tags"
)

// maxSelectorDepth bounds :not(:is(:where(…))).
const maxSelectorDepth = 16

// selectorReader rewrites the selectors of one rule for the scope.
type selectorReader struct {
	c      *compiler
	s      *sheet
	tokens []token
	at     int
	end    int // offset behind the last token, for findings there
	depth  int
	failed bool
}

// reach is what a complex selector is held by. One that is held by nothing
// would match outside its unit.
type reach struct {
	class bool // a class, not only inside :not()
	root  bool // page, :host or the like
}

// selectors rewrites a selector list. nested is true for rules inside a style
// rule, whose selectors are relative to the outer one. ok is false when the list
// is broken, which was told; the rule must then be left out, as browsers do.
func (c *compiler) selectors(s *sheet, tokens []token, end int, nested bool) (out string, ok bool) {
	r := &selectorReader{c: c, s: s, tokens: tokens, end: end}
	out = r.list(nested, !nested)
	return out, !r.failed
}

func (r *selectorReader) peek() token {
	if r.at < len(r.tokens) {
		return r.tokens[r.at]
	}
	return token{kind: css.ErrorToken, at: r.end}
}

func (r *selectorReader) space() (found bool) {
	for r.peek().kind == css.WhitespaceToken {
		r.at++
		found = true
	}
	return found
}

func (r *selectorReader) fail(t token, format string, args ...any) {
	if !r.failed {
		r.failed = true
		r.c.fail(r.s, t.at, "the rule is left out", "broken selector: "+format, args...)
	}
}

// list reads complex selectors up to the end of the tokens or a closing
// parenthesis. relative allows a combinator in front; scoped adds what holds a
// selector in its unit.
func (r *selectorReader) list(relative, scoped bool) string {
	var out []string
	for !r.failed {
		r.space()
		start := r.peek()
		text, reached := r.complex(relative)
		if r.failed {
			break
		}
		if scoped {
			text = r.hold(text, reached, start)
		}
		out = append(out, text)
		if r.peek().kind != css.CommaToken {
			break
		}
		r.at++
	}
	if t := r.peek(); !r.failed && r.depth == 0 && t.kind != css.ErrorToken {
		r.fail(t, "unexpected %q", t.text)
	}
	return strings.Join(out, ",")
}

// hold adds what keeps a selector without a class in its page. :where() adds no
// weight, so that the order of rules stays what the developer wrote. In a
// component there is nothing that could hold it: its elements lie between those
// of others.
func (r *selectorReader) hold(text string, reached reach, start token) string {
	scope := r.c.opts.Scope
	if reached.class || reached.root || scope.host() == "" {
		return text
	}
	switch scope.Kind {
	case Page:
		return ":where(." + scope.host() + ") " + text
	case Component:
		if scope.Prefix != "" {
			r.c.warn(r.s, start.at, "use a class", "the selector %s has no class and reaches outside its component", shorten(text))
		}
	}
	return text
}

// complex reads compounds joined by combinators.
func (r *selectorReader) complex(relative bool) (string, reach) {
	var b strings.Builder
	var reached reach
	if relative {
		b.WriteString(strings.TrimLeft(r.combinator(false), " "))
	}
	for {
		text, more := r.compound()
		if r.failed {
			return "", reached
		}
		b.WriteString(text)
		reached.class = reached.class || more.class
		reached.root = reached.root || more.root
		joint := r.combinator(true)
		if joint == "" {
			return b.String(), reached
		}
		b.WriteString(joint)
	}
}

// combinator reads one combinator; "" means the selector ends here.
func (r *selectorReader) combinator(mayBeSpace bool) string {
	spaced := r.space()
	t := r.peek()
	switch {
	case t.delim(">") && r.ahead(1).delim(">") && r.ahead(2).delim(">"):
		r.c.warn(r.s, t.at, "write a space", ">>> is no CSS and is taken for a descendant")
		r.at += 3
		r.space()
		return " "
	case t.delim("/") && strings.EqualFold(r.ahead(1).text, "deep") && r.ahead(2).delim("/"):
		r.c.warn(r.s, t.at, "write a space", "/deep/ is no CSS and is taken for a descendant")
		r.at += 3
		r.space()
		return " "
	case t.delim(">") || t.delim("+") || t.delim("~"):
		r.at++
		r.space()
		return t.text
	case !mayBeSpace || t.kind == css.ErrorToken || t.kind == css.CommaToken || t.kind == css.RightParenthesisToken:
		return ""
	case spaced:
		return " "
	}
	return ""
}

func (r *selectorReader) ahead(n int) token {
	if r.at+n < len(r.tokens) {
		return r.tokens[r.at+n]
	}
	return token{kind: css.ErrorToken, at: r.end}
}

// compound reads a tag and everything attached to it.
func (r *selectorReader) compound() (string, reach) {
	var b strings.Builder
	var reached reach
	first := r.at
	scope := r.c.opts.Scope
	switch t := r.peek(); {
	case t.name():
		r.at++
		tag := unescape(t.text)
		if tag == "page" {
			b.WriteString(r.page())
			reached.root = true
		} else {
			b.WriteString(elementName(t.text, tag))
		}
	case t.delim("*"):
		r.at++
		b.WriteString("*")
	case t.delim("&"):
		r.at++
		b.WriteString("&")
		reached.root = true
	}
	for {
		t := r.peek()
		switch {
		case t.delim(".") && r.ahead(1).name():
			b.WriteString("." + scope.Prefix + safe(r.ahead(1).text))
			reached.class = true
			r.at += 2
		case t.kind == css.HashToken:
			b.WriteString(safe(t.text))
			r.at++
		case t.kind == css.LeftBracketToken:
			text, class := r.attribute()
			b.WriteString(text)
			reached.class = reached.class || class
		case t.kind == css.ColonToken:
			text, more := r.pseudo()
			b.WriteString(text)
			reached.class = reached.class || more.class
			reached.root = reached.root || more.root
		case t.delim("&"):
			b.WriteString("&")
			reached.root = true
			r.at++
		default:
			if r.at == first {
				r.unexpected(t)
			} else if t.kind != css.WhitespaceToken && t.kind != css.CommaToken && t.kind != css.ErrorToken && t.kind != css.RightParenthesisToken &&
				!t.delim(">") && !t.delim("+") && !t.delim("~") && !t.delim("/") {
				r.unexpected(t)
			}
			return b.String(), reached
		}
		if r.failed {
			return "", reached
		}
	}
}

func (r *selectorReader) unexpected(t token) {
	switch {
	case t.kind == css.ErrorToken || t.kind == css.CommaToken || t.kind == css.RightParenthesisToken:
		r.fail(t, "a selector is missing here")
	case t.delim("."):
		r.fail(t, "expected a class name after the dot")
	default:
		r.fail(t, "unexpected %q", t.text)
	}
}

// page is the root element of a page: of this page in a page's style, of every
// page in others.
func (r *selectorReader) page() string {
	if scope := r.c.opts.Scope; scope.Kind == Page && scope.host() != "" {
		return "mm-page:where(." + scope.host() + ")"
	}
	return "mm-page"
}

// elementName is the element that stands for a tag, escapes kept as written.
func elementName(written, tag string) string {
	element := tags.Element(tag)
	return strings.TrimSuffix(element, tag) + safe(written)
}

// attribute reads […]. Conditions on the class attribute that speak of the start
// of a class name, as icon fonts do, follow the class names to their prefix.
func (r *selectorReader) attribute() (text string, class bool) {
	open := r.peek()
	r.at++
	var inner []token
	for {
		t := r.peek()
		r.at++
		switch t.kind {
		case css.ErrorToken:
			r.fail(open, "the [ that starts here is never closed")
			return "", false
		case css.RightBracketToken:
			return r.attributeText(open, inner)
		case css.WhitespaceToken:
			// A space only matters in front of the case flag: [type="a" i].
			if n := len(inner); n > 0 && (inner[n-1].kind == css.StringToken || inner[n-1].name()) {
				inner = append(inner, t)
			}
		default:
			inner = append(inner, t)
		}
	}
}

func (r *selectorReader) attributeText(open token, inner []token) (string, bool) {
	for len(inner) > 0 && inner[len(inner)-1].kind == css.WhitespaceToken {
		inner = inner[:len(inner)-1]
	}
	if len(inner) == 0 || !inner[0].name() {
		r.fail(open, "expected the name of an attribute after [")
		return "", false
	}
	prefix := r.c.opts.Scope.Prefix
	if prefix != "" && len(inner) >= 3 && strings.EqualFold(inner[0].text, "class") {
		value := inner[2].text
		if inner[2].kind == css.StringToken {
			value = unescape(value[1 : len(value)-1])
		}
		switch operator := inner[1]; {
		case value == "":
		case operator.kind == css.IncludeMatchToken:
			return "[class~=" + quote(prefix+value) + "]", true
		case operator.kind == css.PrefixMatchToken,
			operator.kind == css.SubstringMatchToken && strings.HasPrefix(value, " "):
			return "[class*=" + quote(prefix+strings.TrimLeft(value, " ")) + "]", true
		}
	}
	var b strings.Builder
	b.WriteByte('[')
	for _, t := range inner {
		switch {
		case t.kind == css.StringToken:
			b.WriteString(quote(unescape(t.text[1 : len(t.text)-1])))
		case t.name() || t.delim("=") || t.kind == css.WhitespaceToken || t.kind == css.IncludeMatchToken || t.kind == css.DashMatchToken ||
			t.kind == css.PrefixMatchToken || t.kind == css.SuffixMatchToken || t.kind == css.SubstringMatchToken:
			b.WriteString(safe(t.text))
		default:
			r.fail(t, "unexpected %q in an attribute selector", t.text)
			return "", false
		}
	}
	b.WriteByte(']')
	return b.String(), false
}

// takesSelectors are the pseudo-classes whose arguments are selectors.
var takesSelectors = map[string]bool{
	"not": true, "is": true, "where": true, "has": true, "matches": true, "-webkit-any": true, "-moz-any": true, "slotted": true, "cue": true,
}

// pseudo reads :name, ::name and their arguments.
func (r *selectorReader) pseudo() (string, reach) {
	colon := r.peek()
	r.at++
	colons := ":"
	if r.peek().kind == css.ColonToken {
		r.at++
		colons = "::"
	}
	t := r.peek()
	r.at++
	switch {
	case t.name() && colons == ":" && strings.EqualFold(t.text, "host"):
		return r.host(colon), reach{root: true}
	case t.name() && colons == ":" && strings.EqualFold(t.text, "root") && r.c.opts.Scope.Kind == Page:
		return r.page(), reach{root: true}
	case t.name():
		return colons + safe(t.text), reach{}
	case t.kind == css.FunctionToken:
		return r.functional(colon, colons, t)
	}
	r.fail(colon, "expected a name after %s", colons)
	return "", reach{}
}

// host is the element of the component itself.
func (r *selectorReader) host(at token) string {
	scope := r.c.opts.Scope
	if scope.Kind != Component || scope.host() == "" {
		r.c.warn(r.s, at.at, "use it in the style of a component", ":host means nothing here and matches nothing")
		return ":not(*)"
	}
	return "." + scope.host()
}

func (r *selectorReader) functional(colon token, colons string, t token) (string, reach) {
	name := strings.ToLower(strings.TrimSuffix(t.text, "("))
	if r.depth++; r.depth > maxSelectorDepth {
		r.fail(t, "pseudo-classes nested more than %d deep", maxSelectorDepth)
		return "", reach{}
	}
	defer func() { r.depth-- }()
	switch {
	case name == "host":
		inner, _ := r.arguments(t, false)
		host := r.host(colon)
		if strings.HasPrefix(inner, ".") && !strings.ContainsAny(inner, ", ") {
			return host + inner, reach{root: true}
		}
		return host + ":is(" + inner + ")", reach{root: true}
	case takesSelectors[name]:
		inner, reached := r.arguments(t, name == "has")
		if name == "not" || name == "has" {
			reached = reach{} // says nothing about where the element itself stands
		}
		return colons + safe(t.text) + inner + ")", reached
	}
	return r.plainArguments(colons, t)
}

// arguments reads a selector list and the parenthesis that closes it.
func (r *selectorReader) arguments(open token, relative bool) (string, reach) {
	var out []string
	all := reach{class: true, root: true} // every alternative must be held
	for !r.failed {
		r.space()
		text, reached := r.complex(relative)
		all.class = all.class && (reached.class || reached.root)
		all.root = all.root && reached.root
		out = append(out, text)
		if r.peek().kind != css.CommaToken {
			break
		}
		r.at++
	}
	r.close(open)
	return strings.Join(out, ","), all
}

func (r *selectorReader) close(open token) {
	r.space()
	if t := r.peek(); t.kind == css.RightParenthesisToken {
		r.at++
	} else if t.kind == css.ErrorToken {
		r.fail(open, "the parenthesis that starts here is never closed")
	} else {
		r.unexpected(t)
	}
}

// plainArguments copies arguments that are no selectors, as in :nth-child(2n+1),
// up to the word "of", after which selectors stand.
func (r *selectorReader) plainArguments(colons string, open token) (string, reach) {
	var b strings.Builder
	b.WriteString(colons + safe(open.text))
	for depth := 0; ; {
		t := r.peek()
		r.at++
		switch {
		case t.kind == css.ErrorToken:
			r.fail(open, "the parenthesis that starts here is never closed")
			return "", reach{}
		case t.kind == css.RightParenthesisToken && depth == 0:
			return strings.TrimRight(b.String(), " ") + ")", reach{}
		case t.kind == css.RightParenthesisToken:
			depth--
		case t.kind == css.LeftParenthesisToken || t.kind == css.FunctionToken:
			depth++
		case t.kind == css.IdentToken && depth == 0 && strings.EqualFold(t.text, "of"):
			inner, reached := r.arguments(open, false)
			return b.String() + "of " + inner + ")", reached
		case t.kind == css.DimensionToken && isRpx(t.text):
			r.fail(t, "a length in a selector")
			return "", reach{}
		case t.kind == css.URLToken || t.kind == css.BadURLToken || t.kind == css.BadStringToken:
			r.fail(t, "unexpected %q", t.text)
			return "", reach{}
		}
		if t.kind == css.StringToken {
			t.text = quote(unescape(t.text[1 : len(t.text)-1]))
		}
		if t.kind != css.WhitespaceToken || !strings.HasSuffix(b.String(), "(") {
			b.WriteString(safe(t.text))
		}
	}
}

// safe keeps "</" out of the output: it would end a <style> element.
func safe(text string) string { return strings.ReplaceAll(text, "</", `<\/`) }

func shorten(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
