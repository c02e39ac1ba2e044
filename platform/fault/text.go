package fault

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Line answers one line that somebody wrote as it is kept: without spaces around it, in one composition of its accents. It
// notes what is wrong with it: more than most characters, or some that others would not see. Whether it may be empty is for
// the caller to say. What could mean something to a browser is none of its business: text is stored as text and leaves as
// JSON. What makes a text look like another one, or break out of a line of a log, is.
func (c *Checks) Line(field, s string, most int) string { return c.text(field, s, most, "") }

// Text is Line for several lines: line ends and tabs may be in it, and line ends are kept as \n.
func (c *Checks) Text(field, s string, most int) string {
	return c.text(field, strings.ReplaceAll(s, "\r\n", "\n"), most, "\n\t")
}

func (c *Checks) text(field, s string, most int, layout string) string {
	if !utf8.ValidString(s) {
		c.Add(field, notText)
		return s
	}
	s = strings.TrimSpace(norm.NFC.String(s))
	if n := utf8.RuneCountInString(s); n > most {
		c.Add(field, textTooLong, n, most)
		return s
	}
	for _, r := range s {
		if unseen(r) && !strings.ContainsRune(layout, r) {
			c.Add(field, invisibleCharacter, r)
			break
		}
	}
	return s
}

// unseen says whether a character shows nothing of itself. Cc are control characters; Cf overrides of the writing direction
// and characters without width; Zl and Zp ends of lines; Co whatever somebody's font shows; the rest are letters that show
// nothing, such as the Hangul filler. That costs the emoji that are put together with a joiner, which no name needs.
func unseen(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Other_Default_Ignorable_Code_Point)
}

// Cut is what came from outside at a length that fits into a sentence: at most so many bytes, no character split, and "…"
// where something was left out.
func Cut(s string, most int) string {
	if len(s) <= most {
		return strings.ToValidUTF8(s, "\uFFFD")
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// OneLine is Cut for a log, a header or a column: what would not be seen is a space.
func OneLine(s string, most int) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unseen(r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, Cut(s, most)))
}
