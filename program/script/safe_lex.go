package script

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind uint8

const (
	tEnd tokenKind = iota
	tName
	tNumber
	tString
	tPunct
	tRegex
)

// jsToken is a token of JDS. newline says that a line ends before it, on which
// JavaScript ends statements.
type jsToken struct {
	kind       tokenKind
	text       string // as written; of a string, its value
	start, end int
	newline    bool
}

// fault is why a JDS script is refused; it travels up as a panic.
type fault struct {
	at            int
	message, hint string
}

// lexer cuts JDS into tokens, on demand, because what a slash means depends on
// what the parser expects. Where it and a browser could read the same text
// differently (HTML comments, escapes in names, line ends of Unicode) it either
// reads what the browser reads or refuses: a difference would be a way out.
type lexer struct {
	src string
	at  int
}

func (l *lexer) fail(at int, hint, format string, args ...any) {
	panic(&fault{at, fmt.Sprintf(format, args...), hint})
}

// space skips white space and comments and reports whether a line ended.
func (l *lexer) space() (newline bool) {
	for l.at < len(l.src) {
		r, size := utf8.DecodeRuneInString(l.src[l.at:])
		switch {
		case lineEnd(r):
			newline = true
			l.at += size
		case r == ' ' || r == '\t' || r == '\v' || r == '\f' || r == '\uFEFF' || r > 0x7f && unicode.Is(unicode.Zs, r):
			l.at += size
		case strings.HasPrefix(l.src[l.at:], "//"):
			for l.at < len(l.src) {
				r, size := utf8.DecodeRuneInString(l.src[l.at:])
				if lineEnd(r) {
					break
				}
				l.at += size
			}
		case strings.HasPrefix(l.src[l.at:], "/*"):
			end := strings.Index(l.src[l.at+2:], "*/")
			if end < 0 {
				l.fail(l.at, "end it with */", "the comment that starts here is never closed")
			}
			newline = newline || strings.ContainsFunc(l.src[l.at:l.at+2+end], lineEnd)
			l.at += end + 4
		default:
			return newline
		}
	}
	return newline
}

func lineEnd(r rune) bool { return r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029' }

// puncts are the operators of ES5, longest first.
var puncts = []string{
	">>>=", "===", "!==", ">>>", "<<=", ">>=", "&&", "||", "==", "!=", "<=", ">=", "++", "--", "<<", ">>", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=",
	"{", "}", "(", ")", "[", "]", ".", ";", ",", "<", ">", "+", "-", "*", "/", "%", "&", "|", "^", "!", "~", "?", ":", "=",
}

// newer are pieces of later JavaScript, told by name. They come before puncts.
var newer = []struct{ text, what, hint string }{
	{"<!--", "<!-- starts a comment in browsers", "write < ! --"},
	{"-->", "--> starts a comment in browsers", "write -- >"},
	{"=>", "arrow functions are no part of JDS and WXS", "write function (…) { return … }"},
	{"...", "spreading is no part of JDS and WXS", ""},
	{"?.", "?. is no part of JDS and WXS", "write a && a.b"},
	{"??", "?? is no part of JDS and WXS", "write a === undefined ? b : a"},
	{"**", "** is no part of JDS and WXS", "write Math.pow(a, b)"},
	{"&&=", "&&= is no part of JDS and WXS", ""},
	{"||=", "||= is no part of JDS and WXS", ""},
	{"`", "template strings are no part of JDS and WXS", "join texts with +"},
	{"#", "# is no part of JDS and WXS", ""},
	{"@", "@ is no part of JDS and WXS", ""},
	{"\\", "escapes in names are no part of JDS and WXS", "write the letter itself"},
}

func (l *lexer) next() jsToken {
	t := jsToken{newline: l.space(), start: l.at}
	if l.at >= len(l.src) {
		t.end = l.at
		return t
	}
	r, _ := utf8.DecodeRuneInString(l.src[l.at:])
	switch {
	case nameStart(r):
		t.kind = tName
		for l.at < len(l.src) {
			r, size := utf8.DecodeRuneInString(l.src[l.at:])
			if !namePart(r) {
				break
			}
			l.at += size
		}
		if l.at < len(l.src) && l.src[l.at] == '\\' {
			l.fail(l.at, "write the letter itself", "escapes in names are no part of JDS and WXS")
		}
		t.text = l.src[t.start:l.at]
	case r >= '0' && r <= '9' || r == '.' && l.at+1 < len(l.src) && digit(l.src[l.at+1]):
		t.kind = tNumber
		l.number()
		t.text = l.src[t.start:l.at]
	case r == '"' || r == '\'':
		t.kind = tString
		t.text = l.text()
	default:
		t.kind = tPunct
		t.text = l.punct()
	}
	t.end = l.at
	return t
}

func nameStart(r rune) bool { return r == '$' || r == '_' || unicode.IsLetter(r) }

func namePart(r rune) bool {
	return nameStart(r) || unicode.Is(unicode.Nd, r) || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Mc, r) || unicode.Is(unicode.Pc, r)
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func (l *lexer) punct() string {
	rest := l.src[l.at:]
	for _, n := range newer {
		if strings.HasPrefix(rest, n.text) {
			if n.text == "?." && len(rest) > 2 && digit(rest[2]) {
				continue // a ? .5 : b
			}
			l.fail(l.at, n.hint, "%s", n.what)
		}
	}
	for _, p := range puncts {
		if strings.HasPrefix(rest, p) {
			l.at += len(p)
			return p
		}
	}
	r, _ := utf8.DecodeRuneInString(rest)
	l.fail(l.at, "", "unexpected %q", r)
	return ""
}

func (l *lexer) number() {
	start := l.at
	digits := func(ok func(byte) bool) (n int) {
		for l.at < len(l.src) && ok(l.src[l.at]) {
			l.at++
			n++
		}
		return n
	}
	if l.src[l.at] == '0' && l.at+1 < len(l.src) {
		switch c := l.src[l.at+1]; {
		case c == 'x' || c == 'X':
			l.at += 2
			if digits(hexByte) == 0 {
				l.fail(start, "", "0x takes hexadecimal digits")
			}
			l.endNumber(start)
			return
		case digit(c):
			l.fail(start, "write it in decimal or with 0x", "a number does not start with 0")
		}
	}
	digits(digit)
	if l.at < len(l.src) && l.src[l.at] == '.' {
		l.at++
		digits(digit)
	}
	if l.at < len(l.src) && (l.src[l.at] == 'e' || l.src[l.at] == 'E') {
		l.at++
		if l.at < len(l.src) && (l.src[l.at] == '+' || l.src[l.at] == '-') {
			l.at++
		}
		if digits(digit) == 0 {
			l.fail(start, "", "expected digits after e")
		}
	}
	l.endNumber(start)
}

func (l *lexer) endNumber(start int) {
	if r, _ := utf8.DecodeRuneInString(l.src[l.at:]); l.at < len(l.src) && (nameStart(r) || r == '\\') {
		l.fail(start, "", "a name stands directly behind a number")
	}
}

func hexByte(c byte) bool { return digit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' }

// text reads a string and returns its value.
func (l *lexer) text() string {
	start := l.at
	quote := l.src[l.at]
	l.at++
	var b strings.Builder
	for {
		if l.at >= len(l.src) {
			l.fail(start, "add the missing quote", "the string that starts here is never closed")
		}
		switch c := l.src[l.at]; c {
		case quote:
			l.at++
			return b.String()
		case '\n', '\r':
			l.fail(start, "add the missing quote", "the string that starts here is not closed on its line")
		case '\\':
			l.escape(&b)
		default:
			b.WriteByte(c)
			l.at++
		}
	}
}

func (l *lexer) escape(b *strings.Builder) {
	start := l.at
	l.at++
	if l.at >= len(l.src) {
		l.fail(start, "add the missing quote", "the script ends inside a string")
	}
	r, size := utf8.DecodeRuneInString(l.src[l.at:])
	l.at += size
	switch {
	case r == 'n':
		b.WriteByte('\n')
	case r == 't':
		b.WriteByte('\t')
	case r == 'r':
		b.WriteByte('\r')
	case r == 'b':
		b.WriteByte('\b')
	case r == 'f':
		b.WriteByte('\f')
	case r == 'v':
		b.WriteByte('\v')
	case r == '\r':
		if l.at < len(l.src) && l.src[l.at] == '\n' {
			l.at++
		}
	case lineEnd(r): // a continued line
	case r == '0' && (l.at >= len(l.src) || !digit(l.src[l.at])):
		b.WriteByte(0)
	case r >= '0' && r <= '9':
		l.fail(start, `write \x… or \u…`, "escapes by octal numbers are no part of JDS and WXS")
	case r == 'x':
		b.WriteRune(l.hex(start, 2))
	case r == 'u' && l.at < len(l.src) && l.src[l.at] == '{':
		l.fail(start, `write \u and four digits`, `\u{…} is no part of JDS and WXS`)
	case r == 'u':
		b.WriteRune(l.hex(start, 4))
	default:
		b.WriteRune(r)
	}
}

func (l *lexer) hex(start, digits int) rune {
	value := rune(0)
	for range digits {
		if l.at >= len(l.src) || !hexByte(l.src[l.at]) {
			l.fail(start, "", "the escape takes %d hexadecimal digits", digits)
		}
		c := l.src[l.at] | 0x20
		if digit(c) {
			value = value<<4 | rune(c-'0')
		} else {
			value = value<<4 | rune(c-'a'+10)
		}
		l.at++
	}
	return value
}

// regex skips a regular expression whose slash stands at start, so that the rest
// of the script can be looked at.
func (l *lexer) regex(start int) {
	inClass := false
	for l.at = start + 1; l.at < len(l.src); l.at++ {
		switch c := l.src[l.at]; {
		case c == '\n' || c == '\r':
			l.fail(start, "", "the regular expression that starts here is not closed on its line")
		case c == '\\':
			l.at++
		case c == '[':
			inClass = true
		case c == ']':
			inClass = false
		case c == '/' && !inClass:
			for l.at++; l.at < len(l.src) && l.src[l.at] >= 'a' && l.src[l.at] <= 'z'; l.at++ {
			}
			return
		}
	}
	l.fail(start, "", "the regular expression that starts here is never closed")
}
