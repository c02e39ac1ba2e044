package diag

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Severity says whether a diagnostic stops a package from being published.
// The zero value is SeverityError, so that forgetting to set it is loud.
type Severity uint8

const (
	// SeverityError means the package cannot be built as written.
	SeverityError Severity = iota
	// SeverityWarning means the package builds, but likely not to what was meant.
	SeverityWarning
)

// String returns "error" or "warning".
func (s Severity) String() string {
	if s == SeverityWarning {
		return "warning"
	}
	return "error"
}

// Diagnostic is one finding in one place of a package.
//
// File is a path inside the package with forward slashes and no leading slash.
// Line and Column are 1-based; Column counts characters (Unicode code points),
// not bytes. A finding about a whole file has Line 0, one about the whole
// package has an empty File.
type Diagnostic struct {
	File     string   `json:"file"`
	Line     int      `json:"line"`
	Column   int      `json:"column"`
	Message  string   `json:"message"`
	Hint     string   `json:"hint"`
	Severity Severity `json:"-"`
}

// Error renders the diagnostic on one line, for people:
//
//	pages/cart/index.jxml:14:9: unknown directive jd.if, did you mean jd:if?
//
// Control characters are escaped: names come from outside and must not be able
// to fake further lines or drive a terminal.
func (d Diagnostic) Error() string {
	var b strings.Builder
	if d.File != "" {
		b.WriteString(printable(d.File))
		if d.Line > 0 {
			fmt.Fprintf(&b, ":%d:%d", d.Line, max(d.Column, 1))
		}
		b.WriteString(": ")
	}
	b.WriteString(printable(d.Message))
	if d.Hint != "" {
		b.WriteString(", ")
		b.WriteString(printable(d.Hint))
	}
	return b.String()
}

// printable escapes what would break the one-line form: control characters,
// line separators, invisible direction marks and invalid UTF-8.
func printable(s string) string {
	plain := true
	for i, r := range s {
		if odd(r) || r == utf8.RuneError && invalidAt(s, i) {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError && invalidAt(s, i):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case odd(r):
			quoted := strconv.QuoteRuneToASCII(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func odd(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r)
}

func invalidAt(s string, i int) bool {
	_, size := utf8.DecodeRuneInString(s[i:])
	return size == 1
}
