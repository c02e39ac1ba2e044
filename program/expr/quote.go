package expr

import (
	"strconv"
	"strings"
)

// literal is a value as JavaScript, with its precedence.
func literal(v Value) (js string, prec int) {
	switch v := v.(type) {
	case nil:
		return "null", precMember
	case bool:
		if v {
			return "!0", precUnary
		}
		return "!1", precUnary
	case float64:
		if s := FormatNumber(v); s != "Infinity" {
			return s, precUnary // 1.a needs brackets
		}
		return "1e999", precUnary
	case string:
		return Quote(v), precMember
	}
	return "void 0", precUnary
}

// Quote writes a string as a JavaScript literal.
func Quote(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 2)
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r < 0x20 || r == 0x7f:
			b.WriteString(`\x` + hex2(r))
		case r == '\u2028' || r == '\u2029':
			b.WriteString(`\u` + strconv.FormatInt(int64(r), 16))
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func hex2(r rune) string { return string("0123456789abcdef"[r>>4]) + string("0123456789abcdef"[r&15]) }

// Key writes a name as a key of a JavaScript object literal.
func Key(name string) string {
	switch {
	case name == "__proto__":
		return `["__proto__"]` // as a plain key it would set the prototype
	case identifier(name):
		return name
	}
	return Quote(name)
}

// identifier reports whether name can follow a dot in JavaScript; only ASCII names are written that way.
func identifier(name string) bool {
	if name == "" || digit(name[0]) {
		return false
	}
	for i := 0; i < len(name); i++ {
		if c := name[i]; c != '_' && c != '$' && !digit(c) && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return true
}
