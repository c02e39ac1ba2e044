package release

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"minimart/platform/fault"
)

// Domains are the places outside that a program may use, each an origin as [ParseOrigin] gives it: scheme, host and port,
// compared exactly.
type Domains struct {
	Request []string `json:"request"` // request, uploadFile, downloadFile go here through the platform
	Media   []string `json:"media"`   // pictures, sounds, films and fonts that the program shows come from here
}

// maxDomains is how many domains of one kind a program may name. They go into a header of its page.
const maxDomains = 50

// Validate says what is wrong with the domains, all of it at once, and answers them in the one spelling they are kept in.
func (d Domains) Validate() (Domains, error) {
	var c fault.Checks
	normal := Domains{Request: origins(&c, "request", d.Request), Media: origins(&c, "media", d.Media)}
	return normal, c.Err()
}

func origins(c *fault.Checks, field string, in []string) []string {
	out := []string{}
	if len(in) > maxDomains {
		c.Add(field, tooManyDomains, len(in), maxDomains)
		return out
	}
	seen := map[string]bool{}
	for i, s := range in {
		o, err := ParseOrigin(s)
		if err != nil {
			c.Include(field+"["+strconv.Itoa(i)+"]", err)
			continue
		}
		if !seen[o] {
			seen[o] = true
			out = append(out, o)
		}
	}
	return out
}

// ParseOrigin reads "https://host" or "https://host:port" and answers it in its one spelling: lower case, punycode, without
// the port when it is 443. The answer holds nothing but letters, digits, ".", "-" and ":", so it can stand in a header.
// Error: invalid, saying what would be right. There are no wildcards, no addresses in place of names, and no plain http:
// what a consumer's program sends must not be read on the way.
func ParseOrigin(s string) (string, error) {
	if len(s) > 300 {
		return "", fault.Invalid("", originForm, s[:60]+"…")
	}
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Opaque != "" || u.Host == "" {
		return "", fault.Invalid("", originForm, s)
	}
	if !strings.EqualFold(u.Scheme, "https") {
		return "", fault.Invalid("", originScheme, s, u.Scheme)
	}
	if u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.Path != "" && u.Path != "/" {
		return "", fault.Invalid("", originRest, s)
	}
	name := u.Hostname()
	if _, err := netip.ParseAddr(name); err == nil {
		return "", fault.Invalid("", originAddress, s)
	}
	host, err := idna.Lookup.ToASCII(strings.TrimSuffix(name, "."))
	if err != nil || !hostName(host) || !utf8.ValidString(name) {
		return "", fault.Invalid("", originHost, s)
	}
	if again, err := idna.Lookup.ToASCII(host); err != nil || again != host {
		return "", fault.Invalid("", originHost, s) // idna takes some names that it would not take again
	}
	if strings.HasSuffix(u.Host, ":") {
		return "", fault.Invalid("", originPort, s)
	}
	if p := u.Port(); p != "" {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil || n == 0 {
			return "", fault.Invalid("", originPort, s)
		}
		if n != 443 {
			host += ":" + strconv.FormatUint(n, 10)
		}
	}
	return "https://" + host, nil
}

// hostName says whether host is a full domain name in lower-case ASCII, and not an address in one of the old spellings
// that resolvers still take ("127.1", "0x7f.1").
func hostName(host string) bool {
	if len(host) > 253 || !strings.Contains(host, ".") {
		return false
	}
	last := ""
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := 0; i < len(label); i++ {
			c := label[i]
			plain := c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-'
			if !plain {
				return false
			}
		}
		last = label
	}
	return last[0] >= 'a' && last[0] <= 'z' // no top level begins with a digit
}
