package expr

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind uint8

const (
	tokEnd tokenKind = iota
	tokNumber
	tokString
	tokName
	tokPunct
)

type token struct {
	kind       tokenKind
	start, end int // offsets in the lexer's source
	text       string
	number     float64
}

// punctuators, longest first. Some are listed only to be refused with a clear word: as one token they cannot be taken
// for two operators that mean something else.
var punctuators = []string{
	">>>=", "===", "!==", ">>>", "**=", "<<=", ">>=", "&&=", "||=", "??=", "...",
	"=>", "==", "!=", "<=", ">=", "&&", "||", "??", "?.", "<<", ">>", "**", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=",
}

// lookalikes are full-width characters that a Chinese keyboard puts where an ASCII one is meant.
var lookalikes = map[rune]string{
	'，': ",", '：': ":", '（': "(", '）': ")", '！': "!", '？': "?", '；': ";", '“': `"`, '”': `"`, '‘': "'", '’': "'",
	'【': "[", '】': "]", '｛': "{", '｝': "}", '＝': "=", '＋': "+", '－': "-", '＞': ">", '＜': "<", '。': ".", '｜': "|", '＆': "&",
}

// failure travels from the depth of the parser to its entry as a panic and never leaves the package.
type failure struct{ Problem }

func fail(offset int, message, hint string) {
	panic(failure{Problem{Offset: offset, Message: message, Hint: hint}})
}

// next reads the token at p.at.
func (p *parser) next() token {
	src := p.src
	i := p.at
	for i < len(src) {
		if c := src[i]; c == ' ' || c == '\t' || c == '\n' || c == '\r' {
			i++
		} else if r, size := utf8.DecodeRuneInString(src[i:]); c >= utf8.RuneSelf && (unicode.IsSpace(r) || r == '\ufeff') {
			i += size
		} else {
			break
		}
	}
	t := token{start: i, end: i}
	if i >= len(src) {
		return t
	}
	switch c := src[i]; {
	case c >= '0' && c <= '9' || c == '.' && i+1 < len(src) && digit(src[i+1]):
		return p.number(i)
	case c == '"' || c == '\'':
		return p.quoted(i)
	case c == '`':
		fail(i, "a string in backquotes is not understood here", "join with + or use single quotes")
	case c == '_' || c == '$' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= utf8.RuneSelf:
		for i < len(src) {
			r, size := utf8.DecodeRuneInString(src[i:])
			if !nameRune(r) || r == utf8.RuneError && size == 1 {
				break
			}
			i += size
		}
		if i == t.start {
			r, size := utf8.DecodeRuneInString(src[i:])
			if ascii := lookalikes[r]; ascii != "" {
				fail(i, "full-width "+string(r)+" is no part of an expression", "did you mean "+ascii+"?")
			}
			if r == utf8.RuneError && size == 1 {
				fail(i, "the text is not valid UTF-8", "save the file as UTF-8")
			}
			fail(i, "unexpected character "+strconv.QuoteRune(r), "")
		}
		t.kind, t.end, t.text = tokName, i, src[t.start:i]
		return t
	}
	t.kind = tokPunct
	for _, s := range punctuators {
		if strings.HasPrefix(src[i:], s) {
			// a?.5:1 is a conditional with the number .5
			if s == "?." && i+2 < len(src) && digit(src[i+2]) {
				continue
			}
			t.end, t.text = i+len(s), s
			return t
		}
	}
	if strings.IndexByte("{}[]()?:,.!+-*/%<>=&|^~;", src[i]) < 0 {
		fail(i, "unexpected character "+strconv.QuoteRune(rune(src[i])), "")
	}
	t.end, t.text = i+1, src[i:i+1]
	return t
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func nameRune(r rune) bool {
	return r == '_' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || r == '\u200c' || r == '\u200d'
}

func (p *parser) number(start int) token {
	src, i := p.src, start
	radix := 0
	if src[i] == '0' && i+1 < len(src) {
		switch src[i+1] | 0x20 {
		case 'x':
			radix = 16
		case 'o':
			radix = 8
		case 'b':
			radix = 2
		}
	}
	var value float64
	if radix != 0 {
		i += 2
		digits := i
		for i < len(src) && hexDigit(src[i]) < radix {
			value = value*float64(radix) + float64(hexDigit(src[i]))
			i++
		}
		if i == digits {
			fail(start, "a number without digits", "")
		}
		if i-digits > 12 {
			// Adding digit by digit rounds more than once; let the library round once.
			if exact, err := strconv.ParseFloat("0x"+hexOf(src[digits:i], radix)+"p0", 64); err == nil {
				value = exact
			}
		}
	} else {
		for i < len(src) && digit(src[i]) {
			i++
		}
		if i-start > 1 && src[start] == '0' {
			fail(start, "a number cannot start with 0", "remove the leading 0")
		}
		if i < len(src) && src[i] == '.' {
			i++
			for i < len(src) && digit(src[i]) {
				i++
			}
		}
		if i < len(src) && src[i]|0x20 == 'e' {
			j := i + 1
			if j < len(src) && (src[j] == '+' || src[j] == '-') {
				j++
			}
			if j < len(src) && digit(src[j]) {
				for i = j; i < len(src) && digit(src[i]); {
					i++
				}
			}
		}
		value, _ = strconv.ParseFloat(src[start:i], 64) // out of range gives Infinity, as in JavaScript
	}
	if r, _ := utf8.DecodeRuneInString(src[i:]); i < len(src) && nameRune(r) {
		fail(start, "a name cannot start with a digit", "")
	}
	return token{kind: tokNumber, start: start, end: i, text: src[start:i], number: value}
}

// hexOf rewrites octal or binary digits in base 16.
func hexOf(digits string, radix int) string {
	if radix == 16 {
		return digits
	}
	bits := 3
	if radix == 2 {
		bits = 1
	}
	var b strings.Builder
	acc, have := 0, (4-len(digits)*bits%4)%4
	for _, c := range digits {
		acc, have = acc<<bits|int(c-'0'), have+bits
		for have >= 4 {
			b.WriteByte("0123456789abcdef"[acc>>(have-4)&15])
			have -= 4
			acc &= 1<<have - 1
		}
	}
	return b.String()
}

func hexDigit(c byte) int {
	switch {
	case digit(c):
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return 99
}

func (p *parser) quoted(start int) token {
	src, quote := p.src, p.src[start]
	// Without escapes the literal is a slice of the source.
	end := strings.IndexAny(src[start+1:], "\\\n"+string(rune(quote)))
	if end >= 0 && src[start+1+end] == quote {
		return token{kind: tokString, start: start, end: start + end + 2, text: src[start+1 : start+1+end]}
	}
	var b strings.Builder
	for i := start + 1; i < len(src); {
		switch c := src[i]; {
		case c == quote:
			return token{kind: tokString, start: start, end: i + 1, text: b.String()}
		case c == '\n':
			fail(start, "the string is not closed on its line", "close it with "+string(rune(quote)))
		case c == '\\' && i+1 < len(src):
			i = p.escape(&b, i+1)
		default:
			b.WriteByte(c)
			i++
		}
	}
	fail(start, "the string is not closed", "close it with "+string(rune(quote)))
	return token{}
}

// escape decodes the escape sequence whose letter is at i and returns the offset behind it.
func (p *parser) escape(b *strings.Builder, i int) int {
	src := p.src
	switch c := src[i]; c {
	case 'n':
		b.WriteByte('\n')
	case 't':
		b.WriteByte('\t')
	case 'r':
		b.WriteByte('\r')
	case 'b':
		b.WriteByte('\b')
	case 'f':
		b.WriteByte('\f')
	case 'v':
		b.WriteByte('\v')
	case '0':
		b.WriteByte(0)
	case '\n': // a line continuation adds nothing
	case 'x', 'u':
		r, size := escapedRune(src[i:])
		if size == 0 {
			fail(i-1, "a broken escape in a string", `write \uXXXX with four hexadecimal digits`)
		}
		// Two halves of one character may come as two escapes.
		if r >= 0xD800 && r < 0xDC00 && i+size+1 < len(src) && src[i+size] == '\\' {
			if low, lowSize := escapedRune(src[i+size+1:]); low >= 0xDC00 && low < 0xE000 {
				r = (r-0xD800)<<10 + (low - 0xDC00) + 0x10000
				size += 1 + lowSize
			}
		}
		b.WriteRune(r)
		return i + size
	default:
		r, size := utf8.DecodeRuneInString(src[i:])
		if r == utf8.RuneError && size == 1 {
			fail(i, "the text is not valid UTF-8", "save the file as UTF-8")
		}
		b.WriteRune(r)
		return i + size
	}
	return i + 1
}

// escapedRune reads xHH, uHHHH or u{H…}; size 0 means it is broken.
func escapedRune(s string) (r rune, size int) {
	var digits string
	switch {
	case s[0] == 'x' && len(s) >= 3:
		digits, size = s[1:3], 3
	case s[0] == 'u' && len(s) >= 2 && s[1] == '{':
		end := strings.IndexByte(s, '}')
		if end < 3 || end > 8 {
			return 0, 0
		}
		digits, size = s[2:end], end+1
	case s[0] == 'u' && len(s) >= 5:
		digits, size = s[1:5], 5
	default:
		return 0, 0
	}
	n, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || n > unicode.MaxRune {
		return 0, 0
	}
	return rune(n), size
}
