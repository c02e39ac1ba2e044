package jsonc

import (
	"bytes"
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits of one document. They are far above any honest configuration file and
// keep a hostile one from using up stack or memory.
const (
	MaxDepth  = 64
	MaxValues = 200_000
)

// Problem is what is wrong with a document and at which byte offset.
type Problem struct {
	Offset  int
	Message string
	Hint    string
}

func (p *Problem) Error() string {
	if p.Hint == "" {
		return p.Message
	}
	return p.Message + ", " + p.Hint
}

// Parse reads one document. Beyond strict JSON it accepts a byte order mark,
// // and /* */ comments, and a comma after the last item. Anything else that is
// not JSON is a Problem, and then the value is nil.
func Parse(src []byte) (*Value, *Problem) {
	p := &parser{src: src}
	if bytes.HasPrefix(src, []byte("\xef\xbb\xbf")) {
		p.at = 3
	}
	v, problem := p.document()
	if problem != nil {
		return nil, problem
	}
	return v, nil
}

type parser struct {
	src    []byte
	at     int
	depth  int
	values int
}

func (p *parser) document() (v *Value, problem *Problem) {
	// Problems travel up by panic: the grammar below stays readable.
	defer func() {
		switch caught := recover().(type) {
		case nil:
		case *Problem:
			v, problem = nil, caught
		default:
			panic(caught)
		}
	}()
	if bytes.HasPrefix(p.src, []byte{0xff, 0xfe}) || bytes.HasPrefix(p.src, []byte{0xfe, 0xff}) {
		p.fail(0, "the file is UTF-16", "save it as UTF-8")
	}
	if at := invalidUTF8(p.src); at >= 0 {
		p.fail(at, fmt.Sprintf("invalid UTF-8 byte 0x%02x", p.src[at]), "save the file as UTF-8")
	}
	p.space()
	if p.at == len(p.src) {
		p.fail(p.at, "the file holds no JSON value", "write at least {}")
	}
	v = p.value()
	p.space()
	if p.at < len(p.src) {
		p.fail(p.at, "unexpected "+p.here()+" after the end of the JSON value", "")
	}
	return v, nil
}

func (p *parser) fail(at int, message, hint string) {
	panic(&Problem{Offset: at, Message: message, Hint: hint})
}

// here names what stands at the current position.
func (p *parser) here() string {
	if p.at >= len(p.src) {
		return "end of file"
	}
	r, _ := utf8.DecodeRune(p.src[p.at:])
	return strconv.QuoteRune(r)
}

func (p *parser) space() {
	for p.at < len(p.src) {
		switch c := p.src[p.at]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			p.at++
		case c == '/' && p.at+1 < len(p.src) && p.src[p.at+1] == '/':
			for p.at < len(p.src) && p.src[p.at] != '\n' && p.src[p.at] != '\r' {
				p.at++
			}
		case c == '/' && p.at+1 < len(p.src) && p.src[p.at+1] == '*':
			end := bytes.Index(p.src[p.at+2:], []byte("*/"))
			if end < 0 {
				p.fail(p.at, "the comment that starts here is never closed", "end it with */")
			}
			p.at += 2 + end + 2
		default:
			return
		}
	}
}

func (p *parser) value() *Value {
	p.values++
	if p.values > MaxValues {
		p.fail(p.at, fmt.Sprintf("more than %d values in one file", MaxValues), "")
	}
	v := &Value{Offset: p.at}
	c := byte(0)
	if p.at < len(p.src) {
		c = p.src[p.at]
	}
	switch {
	case c == '{':
		p.object(v)
	case c == '[':
		p.array(v)
	case c == '"':
		v.Kind, v.Text = String, p.text()
	case c == '-' || c >= '0' && c <= '9':
		v.Kind, v.Text = Number, p.number()
	case p.word("true"):
		v.Kind, v.Truth = Bool, true
	case p.word("false"):
		v.Kind = Bool
	case p.word("null"):
		v.Kind = Null
	case c == '\'':
		p.fail(p.at, "strings in JSON stand in double quotes", `write "…" instead of '…'`)
	case wordByte(c):
		p.fail(p.at, "unexpected word "+strconv.Quote(p.bareWord()), "put strings in double quotes")
	default:
		p.fail(p.at, "expected a value, found "+p.here(), "")
	}
	v.End = p.at
	return v
}

func (p *parser) enter(open string) {
	p.depth++
	if p.depth > MaxDepth {
		p.fail(p.at, fmt.Sprintf("%s nested more than %d deep", open, MaxDepth), "")
	}
	p.at++
}

func (p *parser) object(v *Value) {
	start := p.at
	p.enter("objects")
	v.Kind = Object
	index := map[string]int{}
	for {
		p.space()
		if p.at < len(p.src) && p.src[p.at] == '}' {
			p.at++
			p.depth--
			return
		}
		m := Member{KeyOffset: p.at}
		m.Key = p.key(start)
		p.space()
		if p.at >= len(p.src) || p.src[p.at] != ':' {
			p.fail(p.at, fmt.Sprintf("expected ':' after the key %s, found %s", quoteShort(m.Key), p.here()), "")
		}
		p.at++
		p.space()
		m.Value = p.value()
		v.merge(m, index)
		p.next('}', "object", start)
	}
}

func (p *parser) key(start int) string {
	switch {
	case p.at >= len(p.src):
		p.fail(start, "the object that starts here is never closed", "add the missing }")
	case p.src[p.at] == '"':
		return p.text()
	case p.src[p.at] == '\'':
		p.fail(p.at, "keys in JSON stand in double quotes", `write "…" instead of '…'`)
	case wordByte(p.src[p.at]):
		word := p.bareWord()
		p.fail(p.at, "keys in JSON stand in double quotes", fmt.Sprintf("write %q", word))
	}
	p.fail(p.at, "expected a key or '}', found "+p.here(), "")
	return ""
}

func (p *parser) array(v *Value) {
	start := p.at
	p.enter("arrays")
	v.Kind = Array
	for {
		p.space()
		if p.at < len(p.src) && p.src[p.at] == ']' {
			p.at++
			p.depth--
			return
		}
		if p.at >= len(p.src) {
			p.fail(start, "the array that starts here is never closed", "add the missing ]")
		}
		v.Items = append(v.Items, p.value())
		p.next(']', "array", start)
	}
}

// next moves past the comma between two items, or stays before the closing
// bracket. A comma before the bracket is let through.
func (p *parser) next(closing byte, what string, start int) {
	end := p.at
	p.space()
	switch {
	case p.at < len(p.src) && p.src[p.at] == ',':
		p.at++
	case p.at < len(p.src) && p.src[p.at] == closing:
	case p.at >= len(p.src):
		p.fail(start, "the "+what+" that starts here is never closed", "add the missing "+string(closing))
	case p.src[p.at] == '"' || p.src[p.at] == '{' || p.src[p.at] == '[' || wordByte(p.src[p.at]):
		p.fail(end, "a comma is missing here", "")
	default:
		p.fail(p.at, fmt.Sprintf("expected ',' or '%c', found %s", closing, p.here()), "")
	}
}

func (p *parser) word(w string) bool {
	rest := p.src[p.at:]
	if !bytes.HasPrefix(rest, []byte(w)) || len(rest) > len(w) && wordByte(rest[len(w)]) {
		return false
	}
	p.at += len(w)
	return true
}

// bareWord returns, without moving, the unquoted word at the current position.
func (p *parser) bareWord() string {
	end := p.at
	for end < len(p.src) && wordByte(p.src[end]) && end-p.at < 40 {
		end++
	}
	return string(p.src[p.at:end])
}

func wordByte(c byte) bool {
	return c == '_' || c == '$' || c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func (p *parser) number() string {
	start := p.at
	digits := func() {
		first := p.at
		for p.at < len(p.src) && p.src[p.at] >= '0' && p.src[p.at] <= '9' {
			p.at++
		}
		if first == p.at {
			p.fail(p.at, "expected a digit, found "+p.here(), "")
		}
	}
	if p.src[p.at] == '-' {
		p.at++
	}
	if p.at < len(p.src) && p.src[p.at] == '0' {
		p.at++
		if p.at < len(p.src) && p.src[p.at] >= '0' && p.src[p.at] <= '9' {
			p.fail(start, "a number does not start with 0", "")
		}
	} else {
		digits()
	}
	if p.at < len(p.src) && p.src[p.at] == '.' {
		p.at++
		digits()
	}
	if p.at < len(p.src) && (p.src[p.at] == 'e' || p.src[p.at] == 'E') {
		p.at++
		if p.at < len(p.src) && (p.src[p.at] == '+' || p.src[p.at] == '-') {
			p.at++
		}
		digits()
	}
	return string(p.src[start:p.at])
}

// text reads a string; the current position is its opening quote.
func (p *parser) text() string {
	start := p.at
	p.at++
	plain := p.at
	var out []byte
	for {
		if p.at >= len(p.src) {
			p.fail(start, "the string that starts here is never closed", `add the missing "`)
		}
		switch c := p.src[p.at]; {
		case c == '"':
			text := string(append(out, p.src[plain:p.at]...))
			p.at++
			return text
		case c == '\n' || c == '\r':
			p.fail(start, "the string that starts here is not closed on its line", `add the missing ", or write \n for a line break`)
		case c < 0x20 && c != '\t': // a raw tab is common in hand-written files and harmless
			p.fail(p.at, fmt.Sprintf("control character 0x%02x in a string", c), fmt.Sprintf(`write \u%04x`, c))
		case c == '\\':
			out = append(out, p.src[plain:p.at]...)
			out = p.escape(out)
			plain = p.at
		default:
			p.at++
		}
	}
}

func (p *parser) escape(out []byte) []byte {
	start := p.at
	p.at++
	if p.at >= len(p.src) {
		p.fail(start, "the file ends inside a string", "")
	}
	c := p.src[p.at]
	p.at++
	switch c {
	case '"', '\\', '/':
		return append(out, c)
	case 'b':
		return append(out, '\b')
	case 'f':
		return append(out, '\f')
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'u':
		r := p.hex4(start)
		if utf16.IsSurrogate(r) {
			if p.at+1 < len(p.src) && p.src[p.at] == '\\' && p.src[p.at+1] == 'u' {
				rest := p.at
				p.at += 2
				if full := utf16.DecodeRune(r, p.hex4(rest)); full != utf8.RuneError {
					return utf8.AppendRune(out, full)
				}
				p.at = rest // two halves that do not fit: each becomes U+FFFD
			}
			r = utf8.RuneError
		}
		return utf8.AppendRune(out, r)
	}
	p.fail(start, "unknown escape in a string", `write \\ for a backslash`)
	return nil
}

func (p *parser) hex4(start int) rune {
	if p.at+4 > len(p.src) {
		p.fail(start, `\u takes four hexadecimal digits`, "")
	}
	n, err := strconv.ParseUint(string(p.src[p.at:p.at+4]), 16, 32)
	if err != nil {
		p.fail(start, `\u takes four hexadecimal digits`, "")
	}
	p.at += 4
	return rune(n)
}

// invalidUTF8 returns the offset of the first byte that is not UTF-8, or -1.
func invalidUTF8(src []byte) int {
	if utf8.Valid(src) {
		return -1
	}
	for i := 0; i < len(src); {
		r, size := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

func quoteShort(s string) string {
	if r := []rune(s); len(r) > 40 {
		s = string(r[:40]) + "…"
	}
	return strconv.Quote(s)
}
