package signing

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Limits of what is signed.
const (
	maxPath   = 8 << 10
	maxQuery  = 16 << 10
	maxParams = 500
)

// Request is what a signature covers.
type Request struct {
	Method    string // upper case
	Path      string // escaped, as it is on the wire: "/open/v1/orders/a%2Fb"
	Query     string // raw, as it is on the wire, without the question mark
	BodyHash  string // see HashBody
	Timestamp int64  // unix seconds
	Nonce     string // 16 to 64 characters of A-Z, a-z, 0-9, - and _
	Key       string // id of the key
}

// Canonical is the text that is signed: eight lines, joined by line feeds, none at the end. Two requests have the same text
// only if a server reads the same from them.
// Errors: an escape in the path or the query that is none; a size over its limit; a part that would break the lines.
func (r Request) Canonical() (string, error) {
	path, err := canonicalPath(r.Path)
	if err != nil {
		return "", err
	}
	query, err := canonicalQuery(r.Query)
	if err != nil {
		return "", err
	}
	for _, part := range [...]string{r.Method, r.BodyHash, r.Nonce, r.Key} {
		if part == "" || strings.IndexByte(part, '\r') >= 0 || strings.IndexByte(part, '\n') >= 0 {
			return "", fmt.Errorf("the method, the body hash, the nonce and the key are one line each, %.40q is not", part)
		}
	}
	return Scheme + "\n" + r.Method + "\n" + path + "\n" + query + "\n" + strconv.FormatInt(r.Timestamp, 10) + "\n" + r.Nonce + "\n" + r.Key + "\n" + r.BodyHash, nil
}

// canonicalPath escapes each segment anew, so that every way to write it comes out alike. A slash that is escaped stays
// escaped: it does not part segments.
func canonicalPath(path string) (string, error) {
	if path == "" {
		return "/", nil
	}
	if len(path) > maxPath {
		return "", fmt.Errorf("the path has %d bytes, at most %d can be signed", len(path), maxPath)
	}
	if path[0] != '/' {
		return "", fmt.Errorf("the path %.40q does not begin with /", path)
	}
	if isPlain(path) {
		return path, nil
	}
	var out strings.Builder
	for i, segment := range strings.Split(path, "/") {
		plain, err := unescape(segment, false)
		if err != nil {
			return "", fmt.Errorf("the path: %w", err)
		}
		if i > 0 {
			out.WriteByte('/')
		}
		escape(&out, plain)
	}
	return out.String(), nil
}

// isPlain says whether a path is as it would be written anyway.
func isPlain(path string) bool {
	for i := 0; i < len(path); i++ {
		if path[i] != '/' && !unreserved(path[i]) {
			return false
		}
	}
	return true
}

// canonicalQuery sorts parameters by their escaped name. Those of one name keep their order: it means something.
func canonicalQuery(query string) (string, error) {
	if query == "" {
		return "", nil
	}
	if len(query) > maxQuery {
		return "", fmt.Errorf("the query has %d bytes, at most %d can be signed", len(query), maxQuery)
	}
	type parameter struct{ name, value string }
	var parameters []parameter
	for piece := range strings.SplitSeq(query, "&") {
		if piece == "" {
			continue
		}
		if len(parameters) == maxParams {
			return "", fmt.Errorf("the query has more than %d parameters", maxParams)
		}
		name, value, _ := strings.Cut(piece, "=")
		var p parameter
		for _, part := range []struct {
			raw string
			to  *string
		}{{name, &p.name}, {value, &p.value}} {
			plain, err := unescape(part.raw, true)
			if err != nil {
				return "", fmt.Errorf("the query: %w", err)
			}
			var escaped strings.Builder
			escape(&escaped, plain)
			*part.to = escaped.String()
		}
		parameters = append(parameters, p)
	}
	slices.SortStableFunc(parameters, func(a, b parameter) int { return strings.Compare(a.name, b.name) })
	var out strings.Builder
	for i, p := range parameters {
		if i > 0 {
			out.WriteByte('&')
		}
		out.WriteString(p.name)
		out.WriteByte('=')
		out.WriteString(p.value)
	}
	return out.String(), nil
}

const hexUpper = "0123456789ABCDEF"

// escape writes s with everything but the unreserved characters of RFC 3986 as %XX, in upper case.
func escape(out *strings.Builder, s string) {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if unreserved(c) {
			out.WriteByte(c)
			continue
		}
		out.WriteByte('%')
		out.WriteByte(hexUpper[c>>4])
		out.WriteByte(hexUpper[c&15])
	}
}

func unreserved(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~'
}

var errEscape = errors.New("a % is not followed by two hexadecimal digits")

// unescape is the plain form of an escaped text. In a query a plus is a space, as it is to every server.
func unescape(s string, plus bool) (string, error) {
	if !strings.ContainsAny(s, "%+") {
		return s, nil
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '%':
			if i+2 >= len(s) {
				return "", errEscape
			}
			high, low := unhex(s[i+1]), unhex(s[i+2])
			if high < 0 || low < 0 {
				return "", errEscape
			}
			out = append(out, byte(high<<4|low))
			i += 2
		case s[i] == '+' && plus:
			out = append(out, ' ')
		default:
			out = append(out, s[i])
		}
	}
	return string(out), nil
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
