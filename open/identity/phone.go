package identity

import (
	"strings"

	"minimart/platform/fault"
)

// Phone is a phone number in the one spelling it is kept in, E.164: "+8613800138000". Two are the same exactly when they are
// equal strings.
type Phone string

// ParsePhone reads what a person typed: it may hold spaces, hyphens and brackets; without a country it is a mainland mobile.
// Errors: invalid, field phone.
func ParsePhone(s string) (Phone, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", fault.Invalid("phone", phoneMissing)
	}
	if len(s) > 40 {
		return "", fault.Invalid("phone", phoneWrong)
	}
	n := strings.NewReplacer(" ", "", "-", "", "(", "", ")", "").Replace(s)
	if rest, ok := strings.CutPrefix(n, "00"); ok {
		n = "+" + rest
	}
	if isMobile(n) {
		n = "+86" + n
	}
	digits, plus := strings.CutPrefix(n, "+")
	if !plus || len(digits) < 7 || len(digits) > 15 || digits[0] == '0' || strings.Trim(digits, "0123456789") != "" {
		return "", fault.Invalid("phone", phoneWrong)
	}
	if domestic, ok := strings.CutPrefix(digits, "86"); ok && !isMobile(domestic) {
		return "", fault.Invalid("phone", phoneWrong)
	}
	return Phone(n), nil
}

// isMobile says whether n is a mobile number of mainland China without its country: 1[3-9] and nine digits.
func isMobile(n string) bool {
	return len(n) == 11 && n[0] == '1' && n[1] >= '3' && n[1] <= '9' && strings.Trim(n, "0123456789") == ""
}

// twoDigits are the country codes of two digits (ITU-T E.164). 1 and 7 have one; all others have three.
const twoDigits = " 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 "

// Split is the country code and the number in it: "86", "13800138000".
func (p Phone) Split() (country, national string) {
	digits := strings.TrimPrefix(string(p), "+")
	n := 3
	switch {
	case digits == "":
		return "", ""
	case digits[0] == '1' || digits[0] == '7':
		n = 1
	case len(digits) > 2 && strings.Contains(twoDigits, " "+digits[:2]+" "):
		n = 2
	}
	n = min(n, len(digits))
	return digits[:n], digits[n:]
}

// Masked is the number as its owner recognises it and nobody else learns it: "138****8000", "+852 ****4567".
func (p Phone) Masked() string {
	country, national := p.Split()
	if national == "" {
		return ""
	}
	if country == "86" && len(national) == 11 {
		return national[:3] + "****" + national[7:]
	}
	return "+" + country + " ****" + national[max(0, len(national)-4):]
}
