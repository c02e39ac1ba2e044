package style

import (
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/tdewolff/parse/v2/css"

	"minimart/program/diag"
)

// splitNumber cuts a dimension into its number and its unit, with escapes in the
// unit resolved.
func splitNumber(text string) (number, unit string) {
	i := 0
	digits := func() {
		for i < len(text) && text[i] >= '0' && text[i] <= '9' {
			i++
		}
	}
	if i < len(text) && (text[i] == '+' || text[i] == '-') {
		i++
	}
	digits()
	if i+1 < len(text) && text[i] == '.' && text[i+1] >= '0' && text[i+1] <= '9' {
		i++
		digits()
	}
	if i < len(text) && (text[i] == 'e' || text[i] == 'E') {
		mark := i
		i++
		if i < len(text) && (text[i] == '+' || text[i] == '-') {
			i++
		}
		if i < len(text) && text[i] >= '0' && text[i] <= '9' {
			digits()
		} else {
			i = mark
		}
	}
	return text[:i], unescape(text[i:])
}

func isRpx(dimension string) bool {
	_, unit := splitNumber(dimension)
	return strings.EqualFold(unit, "rpx")
}

// viewport turns a length in rpx, of which a screen is 750 wide, into CSS.
func viewport(dimension string) string {
	number, _ := splitNumber(dimension)
	number = strings.TrimPrefix(number, "+")
	if f, err := strconv.ParseFloat(number, 64); err == nil && f == 0 {
		return "0px" // a calc() would not be taken for zero everywhere
	}
	return "calc(100vw / 750 * " + number + ")"
}

// use says in which place a value stands.
type use struct {
	custom    bool // of a custom property: spaces are kept
	animation bool // may name keyframes
}

// value writes tokens as the value of a declaration or the prelude of an
// at-rule: rpx, urls and keyframe names replaced, spaces reduced. ok is false
// when the value is broken, which was told.
func (c *compiler) value(s *sheet, tokens []token, u use) (out string, ok bool) {
	var b strings.Builder
	var open []string // functions and parentheses around
	spaced := false
	last := byte(0)
	write := func(text string) {
		if text == "" {
			return
		}
		if spaced && b.Len() > 0 && (u.custom || !tight(last, text[0])) || last == '<' && text[0] == '/' {
			b.WriteByte(' ')
		}
		spaced = false
		b.WriteString(text)
		last = text[len(text)-1]
	}
	for _, t := range tokens {
		switch t.kind {
		case css.WhitespaceToken:
			spaced = true
			continue
		case css.BadStringToken, css.BadURLToken:
			return "", false // told by the tokenizer
		case css.FunctionToken:
			open = append(open, strings.ToLower(strings.TrimSuffix(t.text, "(")))
		case css.LeftParenthesisToken, css.LeftBracketToken, css.LeftBraceToken:
			open = append(open, t.text)
		case css.RightParenthesisToken, css.RightBracketToken, css.RightBraceToken:
			if len(open) == 0 || !closes(open[len(open)-1], t.kind) {
				c.fail(s, t.at, "", "unexpected %q in a value", t.text)
				return "", false
			}
			open = open[:len(open)-1]
		}
		write(c.word(s, t, u, open))
	}
	if len(open) > 0 {
		c.fail(s, tokens[len(tokens)-1].at, "add the missing bracket", "%q is never closed", open[len(open)-1])
		return "", false
	}
	return b.String(), true
}

func closes(open string, kind css.TokenType) bool {
	switch open {
	case "[":
		return kind == css.RightBracketToken
	case "{":
		return kind == css.RightBraceToken
	}
	return kind == css.RightParenthesisToken
}

// tight reports whether a space between the two characters means nothing.
func tight(before, after byte) bool {
	return before == ',' || before == '(' || before == '[' || before == ':' || after == ',' || after == ')' || after == ']' || after == '!'
}

// word writes one token of a value.
func (c *compiler) word(s *sheet, t token, u use, open []string) string {
	switch t.kind {
	case css.DimensionToken:
		if isRpx(t.text) {
			return viewport(t.text)
		}
	case css.URLToken:
		return "url(" + c.address(s, t, urlText(t.text)) + ")"
	case css.StringToken:
		inner := unescape(t.text[1 : len(t.text)-1])
		if len(open) > 0 && (open[len(open)-1] == "image-set" || open[len(open)-1] == "-webkit-image-set") {
			return c.address(s, t, inner)
		}
		if u.animation && len(open) == 0 && c.keyframes[inner] {
			return quote(c.opts.Scope.Prefix + inner)
		}
	case css.IdentToken, css.CustomPropertyNameToken:
		if u.animation && len(open) == 0 && c.keyframes[unescape(t.text)] {
			return c.opts.Scope.Prefix + t.text
		}
	}
	return safe(t.text)
}

// urlText takes the address out of url(…).
func urlText(text string) string {
	inner := strings.Trim(text[strings.IndexByte(text, '(')+1:len(text)-1], " \t\r\n\f")
	if len(inner) >= 2 && (inner[0] == '"' || inner[0] == '\'') {
		inner = inner[1 : len(inner)-1]
	}
	return unescape(inner)
}

var scheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:`)

// remote reports whether an address leads out of the package.
func remote(address string) bool {
	return strings.HasPrefix(address, "//") || scheme.MatchString(address)
}

// address resolves an address against the file it stands in and returns it as a
// CSS string.
func (c *compiler) address(s *sheet, t token, address string) string {
	if address == "" || strings.HasPrefix(address, "#") || remote(address) {
		return quote(address)
	}
	file, tail := address, ""
	if i := strings.IndexAny(address, "?#"); i >= 0 {
		file, tail = address[:i], address[i:]
	}
	found, ok := c.pkg.Lookup(s.file, file, "")
	if !ok {
		if plain, err := url.PathUnescape(file); err == nil {
			found, ok = c.pkg.Lookup(s.file, plain, "")
		}
	}
	if !ok {
		hint := ""
		if !c.list.Full() {
			hint = diag.DidYouMean(path.Join(path.Dir(s.file), file), c.pkg.Names)
		}
		c.warn(s, t.at, hint, "the file %s does not exist", shorten(file))
		return quote(address)
	}
	c.assets[found] = true
	if c.opts.Asset != nil {
		if to, ok := c.opts.Asset(found); ok {
			return quote(to + tail)
		}
		c.warn(s, t.at, "", "the file /%s cannot be used in a style", found)
	}
	return quote("/" + found + tail)
}
