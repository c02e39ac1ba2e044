package style

import (
	"bytes"
	"unicode/utf8"

	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/css"

	"minimart/program/diag"
)

// token is a CSS token and the offset of its first byte.
type token struct {
	kind css.TokenType
	text string
	at   int
}

func (t token) is(kind css.TokenType, text string) bool { return t.kind == kind && t.text == text }

func (t token) delim(text string) bool { return t.is(css.DelimToken, text) }

// name reports whether the token can be an identifier. The tokenizer gives
// names that start with -- a kind of their own.
func (t token) name() bool {
	return t.kind == css.IdentToken || t.kind == css.CustomPropertyNameToken
}

// sheet is one style file, cut into tokens. Comments are gone; where one stood
// between two tokens a space is left, which is what it means in a value.
type sheet struct {
	file   string
	src    []byte
	tokens []token
	lines  *diag.Lines // built at the first finding
}

func (s *sheet) position(at int) (line, column int) {
	if s.lines == nil {
		s.lines = diag.NewLines(s.src)
	}
	return s.lines.At(at)
}

// tokenize cuts a file into tokens and tells what is broken below the level of
// the grammar: encoding, comments, strings and urls that do not end.
func tokenize(file string, src []byte, list *diag.List) *sheet {
	s := &sheet{file: file, src: src}
	fail := func(at int, message, hint string) {
		line, column := s.position(at)
		list.Add(diag.Diagnostic{File: file, Line: line, Column: column, Message: message, Hint: hint})
	}
	if !utf8.Valid(src) {
		fail(invalidAt(src), "the file is not UTF-8", "save the file as UTF-8")
		return s
	}
	body := bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))
	at := len(src) - len(body)
	// The tokenizer writes behind the end of its input, so it gets its own.
	lexer := css.NewLexer(parse.NewInputBytes(bytes.Clone(body)))
	for {
		kind, text := lexer.Next()
		if kind == css.ErrorToken {
			return s
		}
		start := at
		at += len(text)
		switch kind {
		case css.CommentToken:
			if len(text) < 4 || !bytes.HasSuffix(text, []byte("*/")) {
				fail(start, "the comment that starts here is never closed", "end it with */")
			}
			s.space(start)
		case css.WhitespaceToken:
			s.space(start)
		case css.BadStringToken:
			fail(start, "the string that starts here is not closed on its line", "add the missing quote")
			s.tokens = append(s.tokens, token{kind, "", start})
			s.space(at - 1)
		case css.BadURLToken:
			fail(start, "the url( that starts here is broken", `put the address in quotes: url("…")`)
			s.tokens = append(s.tokens, token{kind, "", start})
		case css.DelimToken:
			if text[0] == '\\' { // it would escape whatever is written behind it
				fail(start, "the backslash escapes nothing", "remove it")
				s.space(start)
				continue
			}
			s.tokens = append(s.tokens, token{kind, string(text), start})
		case css.StringToken:
			if quote := text[0]; len(text) < 2 || text[len(text)-1] != quote || endsEscaped(text) {
				fail(start, "the string that starts here is never closed", "add the missing quote")
				kind, text = css.BadStringToken, nil
			}
			s.tokens = append(s.tokens, token{kind, string(text), start})
		case css.URLToken:
			if text[len(text)-1] != ')' {
				fail(start, "the url( that starts here is never closed", "add the missing )")
				kind, text = css.BadURLToken, nil
			}
			s.tokens = append(s.tokens, token{kind, string(text), start})
		default:
			s.tokens = append(s.tokens, token{kind, string(text), start})
		}
	}
}

// endsEscaped reports whether the closing quote of a string is an escaped one.
func endsEscaped(text []byte) bool {
	n := 0
	for i := len(text) - 2; i > 0 && text[i] == '\\'; i-- {
		n++
	}
	return n%2 == 1
}

func (s *sheet) space(at int) {
	if n := len(s.tokens); n > 0 && s.tokens[n-1].kind != css.WhitespaceToken {
		s.tokens = append(s.tokens, token{css.WhitespaceToken, " ", at})
	}
}

func invalidAt(src []byte) int {
	for i := 0; i < len(src); {
		r, size := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(src)
}

// unescape resolves the escapes of CSS in a name, string or url.
func unescape(s string) string {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			out = append(out, s[i])
			i++
			continue
		}
		i++
		if i == len(s) {
			break
		}
		value, digits := rune(0), 0
		for digits < 6 && i < len(s) {
			d, ok := hexDigit(s[i])
			if !ok {
				break
			}
			value, digits, i = value<<4|d, digits+1, i+1
		}
		switch {
		case digits > 0:
			if value == 0 || value > utf8.MaxRune || value >= 0xD800 && value <= 0xDFFF {
				value = utf8.RuneError
			}
			out = utf8.AppendRune(out, value)
			switch {
			case i+1 < len(s) && s[i] == '\r' && s[i+1] == '\n':
				i += 2
			case i < len(s) && isSpace(s[i]):
				i++
			}
		case s[i] == '\n' || s[i] == '\f': // an escaped line end is nothing
			i++
		case s[i] == '\r':
			i++
			if i < len(s) && s[i] == '\n' {
				i++
			}
		default:
			_, size := utf8.DecodeRuneInString(s[i:])
			out = append(out, s[i:i+size]...)
			i += size
		}
	}
	return string(out)
}

func hexDigit(c byte) (rune, bool) {
	switch {
	case c >= '0' && c <= '9':
		return rune(c - '0'), true
	case c >= 'a' && c <= 'f':
		return rune(c-'a') + 10, true
	case c >= 'A' && c <= 'F':
		return rune(c-'A') + 10, true
	}
	return 0, false
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }

// quote writes s as a CSS string that is safe inside a <style> element too.
func quote(s string) string {
	out := make([]byte, 0, len(s)+2)
	out = append(out, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			out = append(out, '\\', c)
		case c == '/' && i > 0 && s[i-1] == '<':
			out = append(out, `\/`...)
		case c < 0x20 || c == 0x7f:
			const hex = "0123456789abcdef"
			out = append(out, '\\', hex[c>>4], hex[c&15], ' ')
		default:
			out = append(out, c)
		}
	}
	return string(append(out, '"'))
}
