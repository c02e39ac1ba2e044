package host

import (
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

const (
	minDevice, maxDevice = 16, 64
	minToken, maxToken   = 16, 256
	maxOrigin            = 260
)

// wellFormedDevice: a host app makes the name up once per installation, from random bytes.
func wellFormedDevice(s string) bool {
	return len(s) >= minDevice && len(s) <= maxDevice && urlSafe(s)
}

func wellFormedToken(s string) bool { return len(s) >= minToken && len(s) <= maxToken && urlSafe(s) }

func urlSafe(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// bearer is the token in Authorization: Bearer, "" for none, for more than one and for another scheme.
func bearer(r *http.Request) string {
	lines := r.Header.Values("Authorization")
	if len(lines) != 1 {
		return ""
	}
	scheme, token, _ := strings.Cut(lines[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.Trim(token, " ")
}

// parseOrigin reads the address of a web host as browsers write it in Origin: scheme, name, port, nothing else.
// "https://Shop.Example:443" is https://shop.example. Plain http is for this machine alone.
func parseOrigin(text string) (string, bool) {
	if len(text) > maxOrigin {
		return "", false
	}
	u, err := url.Parse(text)
	if err != nil || u.User != nil || u.Opaque != "" || (u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.HasSuffix(text, "#") {
		return "", false
	}
	scheme, name, port := strings.ToLower(u.Scheme), strings.ToLower(u.Hostname()), u.Port()
	if strings.HasSuffix(u.Host, ":") || port != "" && !goodPort(port) {
		return "", false
	}
	if a, err := netip.ParseAddr(name); err == nil {
		if a.Zone() != "" {
			return "", false
		}
		name = a.String()
		if a.Is6() {
			name = "[" + name + "]"
		}
		if scheme == "http" && !a.IsLoopback() {
			return "", false
		}
	} else {
		ascii, err := idna.Lookup.ToASCII(name)
		if err != nil || ascii == "" || strings.HasSuffix(ascii, ".") || looksNumeric(ascii) {
			return "", false
		}
		name = ascii
		if scheme == "http" && name != "localhost" && !strings.HasSuffix(name, ".localhost") {
			return "", false
		}
	}
	switch {
	case scheme != "https" && scheme != "http":
		return "", false
	case port == "" || scheme == "https" && port == "443" || scheme == "http" && port == "80":
		return scheme + "://" + name, true
	}
	return scheme + "://" + name + ":" + port, true
}

func goodPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0 && s[0] != '0'
}

// looksNumeric is a name that browsers would read as an IPv4 address, in one of its odd spellings: 0x7f.1.
func looksNumeric(name string) bool {
	last := name[strings.LastIndexByte(name, '.')+1:]
	if _, err := strconv.ParseUint(last, 0, 64); err == nil {
		return true
	}
	_, err := strconv.ParseUint(last, 10, 64)
	return err == nil
}

// wellFormedOrigin says whether a header Origin names an origin as parseOrigin writes it.
func wellFormedOrigin(text string) bool {
	parsed, ok := parseOrigin(text)
	return ok && parsed == text
}
