package jos

import (
	"crypto/md5" //nolint:gosec // JOS signs like this; see README.md
	"crypto/subtle"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// Window is how far a call's timestamp may be from the server's clock, before or after.
const Window = 6 * time.Minute

// china is where timestamps are from that do not say so.
var china = time.FixedZone("China", 8*3600)

// Sign is the signature of JOS: the MD5, in upper-case hexadecimal, of the secret, the names and values of all parameters
// but sign in the order of their names, and the secret again.
func Sign(secret string, params map[string]string) string {
	return sum(text(secret, params, func(string, string) bool { return true }))
}

func sum(text string) string {
	digest := md5.Sum([]byte(text)) //nolint:gosec // see above
	return strings.ToUpper(hex.EncodeToString(digest[:]))
}

func text(secret string, params map[string]string, counts func(name, value string) bool) string {
	names := make([]string, 0, len(params))
	for name, value := range params {
		if name != "sign" && counts(name, value) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var b strings.Builder
	b.WriteString(secret)
	for _, name := range names {
		b.WriteString(name)
		b.WriteString(params[name])
	}
	b.WriteString(secret)
	return b.String()
}

// matches says whether sign is the signature of params. Clients differ about what "all parameters" are, and nothing of that
// matters to what a call does: JD's Java client leaves parameters without a value out, and does not sign the parameter
// "other", which is not read here.
func matches(secret string, params map[string]string, sign string) bool {
	found := 0
	for _, counts := range []func(name, value string) bool{
		func(string, string) bool { return true },
		func(_, value string) bool { return value != "" },
		func(name, _ string) bool { return name != "other" },
		func(name, value string) bool { return name != "other" && value != "" },
	} {
		found |= subtle.ConstantTimeCompare([]byte(sum(text(secret, params, counts))), []byte(strings.ToUpper(sign)))
	}
	return found == 1
}

// layouts are the ways clients write a timestamp: as documented, and as JD's Java and PHP clients do.
var layouts = []string{"2006-01-02 15:04:05", "2006-01-02 15:04:05.000", "2006-01-02 15:04:05.000-0700", "2006-01-02 15:04:05-0700"}

// parseTime reads a timestamp; without a zone it is China's time.
func parseTime(text string) (time.Time, bool) {
	if len(text) > 32 {
		return time.Time{}, false
	}
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, text, china); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
