package deliver

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func FuzzRequestOrigin(f *testing.F) {
	for _, s := range []string{"mini.example:8080", "[::1]:80", "a; script-src *", "a:b:c", "[::1", "a\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, host string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = host
		origin, err := requestOrigin(r)
		if err != nil {
			return
		}
		if strings.ContainsAny(origin, " ;,'\"*\r\n\t\x00@?#") || strings.Count(origin, "/") != 2 {
			t.Errorf("%q came out as %q", host, origin)
		}
		if u, err := url.Parse(origin); err != nil || u.Host != strings.ToLower(host) {
			t.Errorf("%q came out as %q, %v", host, origin, err)
		}
	})
}
