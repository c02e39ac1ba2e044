package account_test

import (
	"strings"
	"testing"

	"minimart/open/account"
	"minimart/platform/fault"
)

func TestALoginHasOneSpelling(t *testing.T) {
	for text, want := range map[string]account.Login{
		" Li.Lei@Shop.EXAMPLE ": "li.lei@shop.example",
		"o'neil+tag@a-b.co":     "o'neil+tag@a-b.co",
		"x@xn--fiqs8s.example":  "x@xn--fiqs8s.example",
		"13800138000":           "+8613800138000",
		"138 0013 8000":         "+8613800138000",
		"138-0013-8000":         "+8613800138000",
		"+86 138 0013 8000":     "+8613800138000",
		"0086 13800138000":      "+8613800138000",
		"+852 9123 4567":        "+85291234567",
		"+1 (415) 555-0100":     "+14155550100",
	} {
		got, err := account.ParseLogin(text)
		if err != nil || got != want {
			t.Errorf("%q is %q, %v; want %q", text, got, err, want)
		}
		if again, err := account.ParseLogin(string(got)); err != nil || again != got {
			t.Errorf("%q again is %q, %v", got, again, err)
		}
		if got.IsEmail() != strings.Contains(text, "@") {
			t.Errorf("%q: e-mail %t", got, got.IsEmail())
		}
	}
}

func TestWhatIsNoLoginIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":                  "  ",
		"a Kelvin sign for a k":    "\u212aelvin@shop.example",
		"a Cyrillic a":             "\u0430dmin@shop.example",
		"full-width letters":       "ａｄｍｉｎ@shop.example",
		"a dotless i":              "adm\u0131n@shop.example",
		"an ideographic full stop": "admin@shop\u3002example",
		"full-width digits":        "１３８００１３８０００",
		"a zero-width joiner":      "ad\u200dmin@shop.example",
		"a direction override":     "\u202eadmin@shop.example",
		"an e-mail header":         "a@b.example\r\nBcc: all@b.example",
		"a tab":                    "a\tb@c.example",
		"a zero byte":              "a\x00@b.example",
		"no UTF-8":                 "a\xff@b.example",
		"two recipients":           "a@b.example,c@d.example",
		"two at signs":             "a@b@c.example",
		"a quoted local part":      `"a b"@c.example`,
		"a display name":           "Li <a@b.example>",
		"dots side by side":        "a..b@c.example",
		"a dot in front":           ".a@c.example",
		"no local part":            "@c.example",
		"no domain":                "a@",
		"one label":                "a@localhost",
		"an address for a domain":  "a@127.0.0.1",
		"an address in brackets":   "a@[::1]",
		"a hyphen at the edge":     "a@-b.example",
		"a long local part":        strings.Repeat("a", 65) + "@b.example",
		"a long label":             "a@" + strings.Repeat("b", 64) + ".example",
		"far too long":             "a@" + strings.Repeat("b.", 2000) + "example",
		"a landline":               "010-12345678",
		"a short number":           "+12345",
		"a long number":            "+1234567890123456",
		"a wrong Chinese mobile":   "+8612800138000",
		"no country":               "+013800138000",
		"words":                    "admin",
		"SQL":                      "' OR 1=1 --",
	} {
		if got, err := account.ParseLogin(text); !fault.Is(err, fault.CodeInvalid) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func FuzzParseLogin(f *testing.F) {
	for _, s := range []string{"li@shop.example", "13800138000", "+852 9123 4567", "a@b@c", "\u212a@b.example", "+", "@", "a@b.c\r\n", "00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, err := account.ParseLogin(s)
		if err != nil {
			if !fault.Is(err, fault.CodeInvalid) {
				t.Fatal(err)
			}
			return
		}
		again, err := account.ParseLogin(string(l))
		if err != nil || again != l {
			t.Fatalf("%q becomes %q, then %q, %v", s, l, again, err)
		}
		if strings.ContainsAny(string(l), "\r\n\t \x00,;<>\"()") || len(l) > 254+3 || strings.ToLower(string(l)) != string(l) {
			t.Fatalf("%q", l)
		}
	})
}
