package httpapi

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

func FuzzClientAddress(f *testing.F) {
	f.Add("10.0.0.1:80", "1.2.3.4, 10.0.0.2")
	f.Add("10.0.0.1:80", "[::1]:443,fe80::1%eth0")
	f.Add("[fd00::1]:80", ",,,")
	f.Add("pipe", "\x00")
	f.Add("10.0.0.1:80", strings.Repeat("10.0.0.1,", 100))
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	f.Fuzz(func(t *testing.T, peer, forwarded string) {
		r := &http.Request{RemoteAddr: peer, Header: http.Header{"X-Forwarded-For": strings.Split(forwarded, "\n")}}
		got := ClientAddress(r, trusted)
		if got.Is4In6() || got.Zone() != "" {
			t.Errorf("%v has two spellings", got)
		}
		if direct := parseAddress(peer); !isTrusted(direct, trusted) && got != direct {
			t.Errorf("%q is believed to be %v", peer, got)
		}
	})
}
