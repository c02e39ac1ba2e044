package httpapi

import (
	"net/http"
	"net/netip"
	"strings"
)

// ClientAddress is where a request comes from, the zero address when that cannot be said. trusted are the networks of the
// proxies in front of this program. Behind them it is the last address of X-Forwarded-For that no trusted proxy has;
// what stands before it was written by strangers.
func ClientAddress(r *http.Request, trusted []netip.Prefix) netip.Addr {
	peer := parseAddress(r.RemoteAddr)
	if !isTrusted(peer, trusted) {
		return peer
	}
	lines := r.Header.Values("X-Forwarded-For")
	for i := len(lines) - 1; i >= 0; i-- {
		line := lines[i]
		for n := 0; n < 32; n++ { // hops; nobody has that many proxies of their own
			at := strings.LastIndexByte(line, ',')
			hop := parseAddress(strings.TrimSpace(line[at+1:]))
			if !hop.IsValid() {
				return peer
			}
			if peer = hop; !isTrusted(hop, trusted) {
				return hop
			}
			if at < 0 {
				break
			}
			line = line[:at]
		}
	}
	return peer
}

func isTrusted(a netip.Addr, trusted []netip.Prefix) bool {
	for _, p := range trusted {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// parseAddress reads "1.2.3.4", "1.2.3.4:5", "[::1]:5" and "::1"; anything else is the zero address.
func parseAddress(s string) netip.Addr {
	if len(s) > 64 {
		return netip.Addr{}
	}
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap().WithZone("")
	}
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}
