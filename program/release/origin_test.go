package release_test

import (
	"strings"
	"testing"

	"minimart/platform/fault"
	"minimart/program/release"
)

func TestAnOriginHasOneSpelling(t *testing.T) {
	tests := []struct{ in, want string }{ // "" when it is refused
		{"https://shop.example", "https://shop.example"},
		{" HTTPS://Shop.Example/ ", "https://shop.example"},
		{"https://shop.example:443", "https://shop.example"},
		{"https://shop.example:8443", "https://shop.example:8443"},
		{"https://shop.example:08443", "https://shop.example:8443"},
		{"https://shop.example.", "https://shop.example"},
		{"https://商店.example", "https://xn--czrs0t.example"},
		{"https://a-b.c1.example", "https://a-b.c1.example"},
		{"http://shop.example", ""},
		{"wss://shop.example", ""},
		{"shop.example", ""},
		{"//shop.example", ""},
		{"https:shop.example", ""},
		{"https://", ""},
		{"https://localhost", ""},
		{"https://127.0.0.1", ""},
		{"https://127.1", ""},
		{"https://0x7f.0.0.0x1", ""},
		{"https://[::1]", ""},
		{"https://[::ffff:127.0.0.1]:443", ""},
		{"https://*.example.com", ""},
		{"https://user@shop.example", ""},
		{"https://shop.example/path", ""},
		{"https://shop.example?x", ""},
		{"https://shop.example?", ""},
		{"https://shop.example#x", ""},
		{"https://shop.example:0", ""},
		{"https://shop.example:", ""},
		{"https://shop.example:65536", ""},
		{"https://shop.example:8x", ""},
		{"https://shop.example; script-src *", ""},
		{"https://shop.example script-src", ""},
		{"https://shop.example\r\nX: y", ""},
		{"https://shop.example,https://b.example", ""},
		{"https://-a.example", ""},
		{"https://a..example", ""},
		{"https://shop_x.example", ""},
		{"https://" + strings.Repeat("a", 64) + ".example", ""},
		{"https://" + strings.Repeat("a.", 140) + "example", ""},
		{"'self'", ""}, {"*", ""}, {"data:", ""}, {"", ""},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			got, err := release.ParseOrigin(tt.in)
			if tt.want == "" {
				if !fault.Is(err, fault.CodeInvalid) || len(err.Error()) > 600 {
					t.Errorf("passes as %q, %v", got, err)
				}
				return
			}
			if err != nil || got != tt.want {
				t.Errorf("%q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

func TestFileNames(t *testing.T) {
	hash := strings.Repeat("0a", 16)
	for name, want := range map[string]string{hash + ".js": "js", hash + ".woff2": "woff2"} {
		if ext, ok := release.FileName(name); !ok || ext != want {
			t.Errorf("%s: %q, %v", name, ext, ok)
		}
	}
	for _, name := range []string{"", ".js", hash, hash + ".", hash + ".JS", hash + ".js.br", hash[1:] + ".js", strings.ToUpper(hash) + ".js", "../" + hash[3:] + ".js", hash + ".toolongext"} {
		if ext, ok := release.FileName(name); ok {
			t.Errorf("%s passes with %q", name, ext)
		}
	}
}

func FuzzParseOrigin(f *testing.F) {
	for _, s := range []string{"https://shop.example:8443", "https://商店.example", "https://[::1]", "https://a; b", "https://%31.example"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		o, err := release.ParseOrigin(s)
		if err != nil {
			return
		}
		if again, err := release.ParseOrigin(o); err != nil || again != o {
			t.Errorf("%q became %q, which becomes %q, %v", s, o, again, err)
		}
		for _, c := range strings.TrimPrefix(o, "https://") {
			if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789.-:", c) {
				t.Errorf("%q holds %q", o, c)
			}
		}
	})
}
