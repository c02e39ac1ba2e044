package identity

import (
	"minimart/platform/id"
)

// Limits on what people write, in characters.
const (
	maxNickname = 20
	maxReason   = 500
	maxStored   = 1000 // of a text another room checked: a purpose, a program's name
)

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
