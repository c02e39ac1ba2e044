package account

import (
	"bufio"
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"minimart/platform/fault"
)

// Limits of a password, in characters. Length is what makes a password hard to guess; classes of characters are not asked
// for, they only make people write "Password1!" (NIST SP 800-63B, 3.1.1.2).
const (
	minPassword = 10
	maxPassword = 128
)

//go:embed common_passwords.txt
var commonList string

// common are the passwords that are tried first, in lower case.
var common = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	lines := bufio.NewScanner(strings.NewReader(commonList))
	for lines.Scan() {
		if line := strings.TrimSpace(lines.Text()); line != "" && !strings.HasPrefix(line, "#") {
			out[line] = true
		}
	}
	return out
})

// tidyPassword is a password in the form it is hashed in: a keyboard that writes full-width letters or composes accents in
// another way must not lock its owner out.
func tidyPassword(p string) string { return norm.NFKC.String(p) }

// checkPassword notes what is wrong with a new password of the person who signs in with login.
func checkPassword(c *fault.Checks, password string, login Login) {
	if !utf8.ValidString(password) {
		c.Add("password", notText)
		return
	}
	// Before it is normalised, which takes time by its length: four bytes are one character.
	if len(password) > 4*maxPassword {
		c.Add("password", passwordTooLong, maxPassword)
		return
	}
	p := tidyPassword(password)
	switch n := utf8.RuneCountInString(p); {
	case n < minPassword:
		c.Add("password", passwordTooShort, n, minPassword)
		return
	case n > maxPassword:
		c.Add("password", passwordTooLong, maxPassword)
		return
	}
	folded := strings.ToLower(p)
	local, _, _ := strings.Cut(string(login), "@")
	switch {
	case common()[folded], isRun(folded), fewCharacters(folded):
		c.Add("password", passwordCommon)
	case login != "" && (folded == string(login) || folded == local || folded == strings.TrimPrefix(string(login), "+86")):
		c.Add("password", passwordIsLogin)
	}
}

// fewCharacters is true for "aaaaaaaaaa" and "1212121212".
func fewCharacters(p string) bool {
	seen := map[rune]bool{}
	for _, r := range p {
		seen[r] = true
	}
	return len(seen) < 3
}

// isRun is true for a piece of the alphabet, the digits or a row of keys, forward or backward: "cdefghijkl".
func isRun(p string) bool {
	for _, row := range []string{
		"012345678901234567890", "abcdefghijklmnopqrstuvwxyzabcdefghijklm", "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "1q2w3e4r5t6y7u8i9o0p",
	} {
		if strings.Contains(row, p) || strings.Contains(backward(row), p) {
			return true
		}
	}
	return false
}

func backward(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}
