package identity_test

import (
	"strings"
	"testing"

	"minimart/open/identity"
	"minimart/platform/fault"
)

func TestAPhoneHasOneSpelling(t *testing.T) {
	for text, want := range map[string]identity.Phone{
		" 13800138000 ":     "+8613800138000",
		"138 0013 8000":     "+8613800138000",
		"+86-138-0013-8000": "+8613800138000",
		"0086 13800138000":  "+8613800138000",
		"+852 9123 4567":    "+85291234567",
		"+1 (415) 555-0100": "+14155550100",
	} {
		if got, err := identity.ParsePhone(text); err != nil || got != want {
			t.Errorf("%q is %q, %v; want %q", text, got, err, want)
		}
	}
	for name, text := range map[string]string{
		"nothing": " ", "words": "admin", "an e-mail": "li@shop.example", "full-width digits": "１３８００１３８０００", "a landline": "010-12345678",
		"short": "+12345", "long": "+1234567890123456", "a wrong mobile": "+8612800138000", "no country": "+013800138000",
		"a zero byte": "1380013\x008000", "a line end": "13800138000\r\nx", "two numbers": "13800138000,13900139000", "a zero-width joiner": "138\u200d00138000",
		"far too long": strings.Repeat("1", 5000),
	} {
		if got, err := identity.ParsePhone(text); !fault.Is(err, fault.CodeInvalid) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestANumberIsSplitByItsCountry(t *testing.T) {
	for phone, want := range map[identity.Phone][3]string{
		"+8613800138000": {"86", "13800138000", "138****8000"},
		"+85291234567":   {"852", "91234567", "+852 ****4567"},
		"+14155550100":   {"1", "4155550100", "+1 ****0100"},
		"+79161234567":   {"7", "9161234567", "+7 ****4567"},
		"+4915112345678": {"49", "15112345678", "+49 ****5678"},
		"+3531234567":    {"353", "1234567", "+353 ****4567"},
		"":               {"", "", ""},
	} {
		if country, national := phone.Split(); country != want[0] || national != want[1] || phone.Masked() != want[2] {
			t.Errorf("%s: %s %s %s", phone, country, national, phone.Masked())
		}
	}
}

func FuzzParsePhone(f *testing.F) {
	for _, s := range []string{"13800138000", "+852 9123 4567", "00", "+", "0086 138", "+86", "1\x00", "+１", "((((", "+1 (415) 555-0100"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := identity.ParsePhone(s)
		if err != nil {
			if !fault.Is(err, fault.CodeInvalid) {
				t.Fatal(err)
			}
			return
		}
		again, err := identity.ParsePhone(string(p))
		if err != nil || again != p {
			t.Fatalf("%q becomes %q, then %q, %v", s, p, again, err)
		}
		country, national := p.Split()
		if "+"+country+national != string(p) || country == "" || national == "" || strings.Trim(national, "0123456789") != "" {
			t.Fatalf("%q is %q and %q", p, country, national)
		}
		if m := p.Masked(); len(national) > 4 && strings.Contains(m, national) || !strings.Contains(m, "****") {
			t.Fatalf("%q shows as %q", p, m)
		}
	})
}

// FuzzCodesAndOpenids sends what servers might: nothing but a fault comes back, and never our own mistake.
func FuzzCodesAndOpenids(f *testing.F) {
	w := onSQLite(f)
	v, _ := w.enter(f, "13800138000")
	good := w.login(f, v, teaApp)
	f.Add(good.OpenID, good.SessionKey)
	f.Add(strings.Repeat("A", 43), "x")
	f.Add("o"+strings.Repeat("A", 27), strings.Repeat("-", 43))
	f.Add("\x00", "\xff")
	f.Add("o"+strings.Repeat("A", 26)+"B", strings.Repeat("A", 42)+"B") // bits that are not there
	f.Fuzz(func(t *testing.T, openid, code string) {
		w.clock.Advance(1e9)
		_, login := w.ExchangeLogin(t.Context(), teaApp, code)
		_, phone := w.ExchangePhone(t.Context(), teaApp, code)
		known, check := w.CheckSession(t.Context(), teaApp, openid, code)
		_, reset := w.ResetSession(t.Context(), teaApp, openid, code)
		consumer, find := w.Consumer(t.Context(), teaApp, openid)
		for _, err := range []error{login, phone, check, reset, find} {
			if fault.Is(err, fault.CodeInternal) || fault.Is(err, fault.CodeUnavailable) {
				t.Errorf("%q %q: %v", openid, code, err)
			}
		}
		if login == nil || phone == nil || known || reset == nil {
			t.Errorf("%q %q was taken", openid, code)
		}
		if find == nil && openid != good.OpenID {
			t.Errorf("%q is %s", openid, consumer)
		}
	})
}
