package account

import (
	"strings"

	"minimart/platform/fault"
)

// Login is what a person signs in with, an e-mail address or a phone number, in the one spelling it is kept in:
// "li@shop.example", "+8613800138000". Two logins are the same exactly when they are equal strings.
type Login string

const (
	maxLogin = 254 // RFC 5321: a path of 256 with its angle brackets
	maxLocal = 64
)

// ParseLogin reads what a person typed. An e-mail address must be ASCII: look-alikes of other alphabets, and letters that
// turn into ASCII when they are folded (K, the Kelvin sign), are how one account is taken for another. Case does not matter.
// A phone number may hold spaces, hyphens and brackets; without a country it is a mainland mobile.
// Errors: invalid, field login.
func ParseLogin(s string) (Login, error) {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return "", fault.Invalid("login", loginMissing)
	case len(s) > maxLogin:
		return "", fault.Invalid("login", textTooLong, len(s), maxLogin)
	}
	for _, r := range s {
		if r > '~' || r < ' ' {
			return "", fault.Invalid("login", loginCharacter, r)
		}
	}
	if strings.Contains(s, "@") {
		return parseEmail(s)
	}
	return parsePhone(s)
}

// IsEmail says which of the two it is.
func (l Login) IsEmail() bool { return strings.Contains(string(l), "@") }

// atext are the characters of an atom in RFC 5322 besides letters and digits. Quoted local parts are not taken: no one has
// one, and each is a spelling more for the same mailbox.
const atext = "!#$%&'*+-/=?^_`{|}~"

func parseEmail(s string) (Login, error) {
	local, domain, _ := strings.Cut(strings.ToLower(s), "@")
	if !isLocal(local) || !isDomain(domain) {
		return "", fault.Invalid("login", loginEmail)
	}
	return Login(local + "@" + domain), nil
}

func isLocal(s string) bool {
	if len(s) > maxLocal {
		return false
	}
	for atom := range strings.SplitSeq(s, ".") {
		if atom == "" {
			return false
		}
		for i := range len(atom) {
			if !isAlnum(atom[i]) && strings.IndexByte(atext, atom[i]) < 0 {
				return false
			}
		}
	}
	return true
}

func isDomain(s string) bool {
	labels := strings.Split(s, ".")
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
			return false
		}
		for i := range len(l) {
			if !isAlnum(l[i]) && l[i] != '-' {
				return false
			}
		}
	}
	last := labels[len(labels)-1]
	return len(labels) > 1 && strings.Trim(last, "0123456789") != "" // an address is no domain
}

func isAlnum(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

func parsePhone(s string) (Login, error) {
	n := strings.NewReplacer(" ", "", "-", "", "(", "", ")", "").Replace(s)
	if rest, ok := strings.CutPrefix(n, "00"); ok {
		n = "+" + rest
	}
	if isMobile(n) {
		n = "+86" + n
	}
	digits, plus := strings.CutPrefix(n, "+")
	if !plus || len(digits) < 7 || len(digits) > 15 || digits[0] == '0' || strings.Trim(digits, "0123456789") != "" {
		return "", fault.Invalid("login", loginPhone)
	}
	if domestic, ok := strings.CutPrefix(digits, "86"); ok && !isMobile(domestic) {
		return "", fault.Invalid("login", loginPhone)
	}
	return Login(n), nil
}

// isMobile says whether n is a mobile number of mainland China without its country: 1[3-9] and nine digits.
func isMobile(n string) bool {
	return len(n) == 11 && n[0] == '1' && n[1] >= '3' && n[1] <= '9' && strings.Trim(n, "0123456789") == ""
}
