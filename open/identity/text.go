package identity

import (
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"minimart/platform/fault"
	"minimart/platform/id"
)

// Limits on what people write, in characters.
const (
	maxNickname = 20
	maxReason   = 500
	maxStored   = 1000 // of a text another room checked: a purpose, a program's name
)

// tidyText is a text as it is kept: without spaces around it, in one composition of its accents.
func tidyText(s string) string { return strings.TrimSpace(norm.NFC.String(s)) }

// checkText notes what is wrong with a text that people wrote and others will read: what makes it look like another one, or
// break out of a line of a log.
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
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Other_Default_Ignorable_Code_Point) {
			c.Add(field, invisibleCharacter, r)
			return
		}
	}
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

// network is whose bucket an address takes from: itself, or with IPv6 the /64 a subscriber gets, whose addresses are free.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return "unknown"
	}
	if a = a.Unmap(); a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

// isID says whether a text can name anything at all.
func isID(s string) bool {
	_, err := id.Parse(s)
	return err == nil
}

func clamp(limit int) int { return max(1, min(limit, 100)) }

func convert[A, B any](in []A, one func(A) B) []B {
	out := make([]B, len(in))
	for i, a := range in {
		out[i] = one(a)
	}
	return out
}
