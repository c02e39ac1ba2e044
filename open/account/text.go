package account

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"minimart/platform/fault"
)

// Limits on what people write, in characters.
const (
	maxPersonName = 40
	maxOrgName    = 60
	maxFileName   = 100
	maxReason     = 500
)

// tidyText is a text as it is kept: without spaces around it, in one composition of its accents.
func tidyText(s string) string { return strings.TrimSpace(norm.NFC.String(s)) }

// checkText notes what is wrong with a text that people wrote and others will read. What could mean something to a browser
// is none of its business: text is stored as text and leaves as JSON. What makes a text look like another one, or break out
// of a line of a log, is.
func checkText(c *fault.Checks, field, s string, most int, lines bool) {
	if !utf8.ValidString(s) {
		c.Add(field, notText)
		return
	}
	if n := utf8.RuneCountInString(s); n > most {
		c.Add(field, textTooLong, n, most)
		return
	}
	for _, r := range s {
		if lines && (r == '\n' || r == '\t') {
			continue
		}
		// Cc are control characters; Cf overrides of the writing direction and characters without width; Zl and Zp ends of
		// lines; Co whatever somebody's font shows; the rest are letters that show nothing, such as the Hangul filler. That
		// costs the emoji that are put together with a joiner, which no name needs.
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Other_Default_Ignorable_Code_Point) {
			c.Add(field, invisibleCharacter, r)
			return
		}
	}
}

// fold is a name as it is searched: width and case do not matter. It is done here because the engines' LOWER differ.
func fold(s string) string { return strings.ToLower(norm.NFKC.String(s)) }

// likePattern finds rows that contain s.
func likePattern(s string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(fold(s)) + "%"
}

// cut keeps what came from outside to a length that fits into a sentence, without splitting a character.
func cut(s string, most int) string {
	if len(s) <= most {
		return strings.ToValidUTF8(s, "\uFFFD")
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// printable is a header from outside as it may be stored: cut, without control characters.
func printable(s string, most int) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, cut(s, most))
}
