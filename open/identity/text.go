package identity

import (
	"net/netip"

	"minimart/platform/id"
)

// Limits on what people write, in characters.
const (
	maxNickname = 20
	maxReason   = 500
	maxStored   = 1000 // of a text another room checked: a purpose, a program's name
)

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
