package db

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Fold is a text as it is searched: width and case do not matter. A room keeps what it searches folded, in a column of its
// own, because the engines' LOWER differ.
func Fold(s string) string { return strings.ToLower(norm.NFKC.String(s)) }

// Containing is the pattern that finds folded texts which contain s, for LIKE … ESCAPE '\'.
func Containing(s string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(Fold(s)) + "%"
}
