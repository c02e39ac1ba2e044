package host

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestOriginsAreReadAsBrowsersWriteThem(t *testing.T) {
	for text, want := range map[string]string{
		"https://shop.example":            "https://shop.example",
		"HTTPS://Shop.Example/":           "https://shop.example",
		"https://shop.example:443":        "https://shop.example",
		"https://shop.example:8443":       "https://shop.example:8443",
		"https://拾光.example":              "https://xn--54q944b.example",
		"http://localhost:5173":           "http://localhost:5173",
		"http://127.0.0.1:80":             "http://127.0.0.1",
		"http://[::1]:8080":               "http://[::1]:8080",
		"https://[2001:DB8:0::1]":         "https://[2001:db8::1]",
		"http://shop.example":             "",
		"http://192.168.1.7":              "",
		"https://":                        "",
		"https://shop.example/path":       "",
		"https://shop.example?":           "",
		"https://shop.example?a=1":        "",
		"https://shop.example#":           "",
		"https://shop.example#a":          "",
		"https://user@shop.example":       "",
		"https://shop.example:":           "",
		"https://shop.example:0":          "",
		"https://shop.example:0443":       "",
		"https://shop.example:65536":      "",
		"https://shop.example.":           "",
		"https://*.shop.example":          "",
		"https://shop.example, https://b": "",
		"https://0x7f.1":                  "",
		"https://1.2.3":                   "",
		"https://[fe80::1%25eth0]":        "",
		"javascript://shop.example":       "",
		"shop.example":                    "",
		"null":                            "",
		"*":                               "",
		"":                                "",
		"https://" + strings.Repeat("a", 300) + ".example": "",
	} {
		got, ok := parseOrigin(text)
		if got != want || ok != (want != "") {
			t.Errorf("%q: %q %v, want %q", text, got, ok, want)
		}
	}
}

func FuzzOrigin(f *testing.F) {
	for _, s := range []string{"https://shop.example", "http://localhost:1", "https://[::1]", "null", "https://拾光.example", "https://a\r\nb", "https://1", "https://a:0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := parseOrigin(s)
		if !ok {
			if got != "" {
				t.Errorf("%q: %q", s, got)
			}
			return
		}
		again, ok := parseOrigin(got)
		if !ok || again != got || !wellFormedOrigin(got) {
			t.Errorf("%q becomes %q, then %q", s, got, again)
		}
		for i := range len(got) {
			if got[i] <= ' ' || got[i] > '~' || strings.IndexByte(`"'<>\,;`, got[i]) >= 0 {
				t.Errorf("%q becomes %q", s, got)
			}
		}
		if strings.Count(got, "/") != 2 {
			t.Errorf("%q becomes %q", s, got)
		}
	})
}

func FuzzHeaders(f *testing.F) {
	f.Add("Bearer abcdefghijklmnop", "abcdefghijklmnop", "minimart_consumer=abcdefghijklmnop")
	f.Add("bearer  x", "\x00", "minimart_consumer=; minimart_consumer=x")
	f.Add("Basic eA==", strings.Repeat("a", 65), "a=b")
	f.Fuzz(func(t *testing.T, authorization, device, cookie string) {
		r := &http.Request{Header: http.Header{"Authorization": {authorization}, "Cookie": {cookie}}}
		for _, token := range []string{bearer(r), cookieToken(r, false), cookieToken(r, true)} {
			if wellFormedToken(token) && (len(token) > maxToken || strings.ContainsAny(token, "\r\n\x00 ;,\"'")) {
				t.Errorf("%q", token)
			}
		}
		if wellFormedDevice(device) && (len(device) < 16 || len(device) > 64 || strings.ContainsAny(device, "\r\n\x00 /:")) {
			t.Errorf("%q", device)
		}
		if wellFormedKey(device) && len(device) != 36 {
			t.Errorf("%q", device)
		}
	})
}

func FuzzAssertion(f *testing.F) {
	const secret = "hss_3q2-7wAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBk"
	now := time.Date(2026, 6, 18, 9, 0, 0, 0, time.UTC)
	f.Add("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1c2VyLTE3In0.0000000000000000000000000000000000000000000")
	f.Add("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c2VyLTE3In0.")
	f.Add("bnVsbA.bnVsbA.bnVsbA")
	f.Add("..")
	f.Add("W10.W10.W10")
	f.Fuzz(func(t *testing.T, text string) {
		a, _, by, why := readAssertion(text, []string{secret}, []string{Audience}, now)
		if why == "" || by != "" || a.Subject != "" {
			t.Errorf("nobody knows the secret, and %q holds: %+v", text, a)
		}
	})
}

func BenchmarkByKey(b *testing.B) {
	// What the door costs each request beside the session: reading headers and the host app from memory.
	h := Host{ID: "hst_01JZ4T8K5N3Q0V9W2X7Y6R1M4C", PublishableKey: "hpk_" + strings.Repeat("a", 32)}
	s := New(Config{})
	s.memory.hosts.Set(h.PublishableKey, &remembered{Known: Known{Host: h}, since: s.clock.Now().Add(time.Hour)})
	s.clock = fixed(time.Now().Add(time.Hour + time.Second))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.ByKey(b.Context(), h.PublishableKey); err != nil {
			b.Fatal(err)
		}
	}
}

type fixed time.Time

func (f fixed) Now() time.Time { return time.Time(f) }
