package template

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// entities are the named ones of the template language; others stay as written.
var entities = map[string]string{
	"lt": "<", "gt": ">", "amp": "&", "quot": `"`, "apos": "'", "nbsp": "\u00a0", "ensp": "\u2002", "emsp": "\u2003",
	"thinsp": "\u2009", "copy": "©", "reg": "®", "times": "×", "divide": "÷", "yen": "¥", "middot": "·", "hellip": "…",
	"ldquo": "“", "rdquo": "”", "lsquo": "‘", "rsquo": "’", "mdash": "—", "ndash": "–", "laquo": "«", "raquo": "»",
}

// longestEntity bounds the search for the semicolon.
const longestEntity = 12

// decode replaces the entities in raw, which starts at offset base of its file.
func decode(raw string, base int) decoded {
	at := strings.IndexByte(raw, '&')
	if at < 0 {
		return decoded{text: raw, base: base}
	}
	d := decoded{base: base}
	var b strings.Builder
	from := 0
	for ; at >= 0; at = nextAmp(raw, at+1) {
		if at < from {
			continue
		}
		text, size := entity(raw[at:])
		if size == 0 {
			continue
		}
		b.WriteString(raw[from:at])
		b.WriteString(text)
		from = at + size
		d.cuts = append(d.cuts, cut{b.Len(), from - b.Len()})
	}
	b.WriteString(raw[from:])
	d.text = b.String()
	return d
}

func nextAmp(s string, from int) int {
	if i := strings.IndexByte(s[from:], '&'); i >= 0 {
		return from + i
	}
	return -1
}

// entity reads the entity at the start of s; size 0 means it is none.
func entity(s string) (text string, size int) {
	end := strings.IndexByte(s[:min(len(s), longestEntity)], ';')
	if end < 2 {
		return "", 0
	}
	name := s[1:end]
	if name[0] != '#' {
		text, ok := entities[name]
		if !ok {
			return "", 0
		}
		return text, end + 1
	}
	digits, radix := name[1:], 10
	if len(digits) > 1 && digits[0]|0x20 == 'x' {
		digits, radix = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, radix, 32)
	if err != nil || n == 0 || !utf8.ValidRune(rune(n)) || n > utf8.MaxRune {
		return "", 0
	}
	return string(rune(n)), end + 1
}
