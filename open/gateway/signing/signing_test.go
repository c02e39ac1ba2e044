package signing_test

import (
	"encoding/json"
	"errors"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"minimart/open/gateway/signing"
)

type vector struct {
	Name, Method, Path, Query, Body, Nonce, Key, Secret, Canonical, Signature, Authorization string
	Timestamp                                                                                int64
}

func vectors(t testing.TB) []vector {
	t.Helper()
	text, err := os.ReadFile("vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var out []vector
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	if len(out) < 10 {
		t.Fatalf("%d vectors", len(out))
	}
	return out
}

func (v vector) request() signing.Request {
	return signing.Request{Method: v.Method, Path: v.Path, Query: v.Query, BodyHash: signing.HashBody([]byte(v.Body)), Timestamp: v.Timestamp, Nonce: v.Nonce, Key: v.Key}
}

// The vectors were computed by a program in another language, from the rules in the README.
func TestTheVectorsHold(t *testing.T) {
	for _, v := range vectors(t) {
		canonical, err := v.request().Canonical()
		if err != nil || canonical != v.Canonical {
			t.Errorf("%s: %v\n%s\nwant\n%s", v.Name, err, canonical, v.Canonical)
		}
		header, err := v.request().Sign(v.Secret)
		if err != nil || header != v.Authorization {
			t.Errorf("%s: %v\n%s\nwant\n%s", v.Name, err, header, v.Authorization)
		}
		a, err := signing.Parse(v.Authorization)
		if err != nil || a.Key != v.Key || a.Timestamp != v.Timestamp || a.Nonce != v.Nonce || a.Signature != v.Signature || a.String() != v.Authorization {
			t.Errorf("%s: %+v, %v", v.Name, a, err)
		}
		if !a.Matches(v.Secret, canonical) || a.Matches(v.Secret+"x", canonical) || a.Matches(v.Secret, canonical+"x") {
			t.Errorf("%s: the signature does not match what it should and nothing else", v.Name)
		}
	}
}

func TestTheExampleInTheReadmeIsAVector(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors(t) {
		if v.Name != "parameters are sorted by name" {
			continue
		}
		for _, part := range []string{v.Secret, v.Canonical, v.Signature} {
			if !strings.Contains(string(readme), part) {
				t.Errorf("the README lacks %q", part)
			}
		}
		return
	}
	t.Error("the vector is gone")
}

func TestWhatCannotBeSignedIsRefused(t *testing.T) {
	good := vectors(t)[1].request()
	for name, change := range map[string]func(*signing.Request){
		"half an escape in the path":      func(r *signing.Request) { r.Path = "/a%2" },
		"no escape in the path":           func(r *signing.Request) { r.Path = "/100%" },
		"a bad escape in the query":       func(r *signing.Request) { r.Query = "a=%zz" },
		"a bad escape in a name":          func(r *signing.Request) { r.Query = "%=1" },
		"a path that is none":             func(r *signing.Request) { r.Path = "orders" },
		"a path that is too long":         func(r *signing.Request) { r.Path = "/" + strings.Repeat("a", 9000) },
		"a query that is too long":        func(r *signing.Request) { r.Query = strings.Repeat("a", 20000) },
		"too many parameters":             func(r *signing.Request) { r.Query = strings.Repeat("a&", 501) },
		"a method that is another line":   func(r *signing.Request) { r.Method = "GET\n/" },
		"no method":                       func(r *signing.Request) { r.Method = "" },
		"a nonce that is another line":    func(r *signing.Request) { r.Nonce += "\nx" },
		"a nonce that is short":           func(r *signing.Request) { r.Nonce = "short" },
		"a body hash that is none":        func(r *signing.Request) { r.BodyHash = "abc" },
		"a timestamp before all time":     func(r *signing.Request) { r.Timestamp = -1 },
		"a timestamp in another currency": func(r *signing.Request) { r.Timestamp = 1750204800_000_000 },
	} {
		r := good
		change(&r)
		if header, err := r.Sign("mms_secret"); err == nil {
			t.Errorf("%s was signed: %s", name, header)
		}
	}
}

func TestAHeaderThatIsNotOursOrBrokenIsNamed(t *testing.T) {
	good := vectors(t)[0].Authorization
	for _, tt := range []struct{ name, header, says string }{
		{"nothing", "", "not signed"},
		{"another scheme", "Bearer abc", "not signed"},
		{"half the scheme", "Minimart-HMAC", "not signed"},
		{"only the scheme", "Minimart-HMAC-SHA256", "name=value"},
		{"no nonce", strings.Replace(good, "nonce=9Jx2mZ0pQvK4sT7uY1wBcg, ", "", 1), "no nonce"},
		{"twice", good + ", key=key_2", `"key" twice`},
		{"unknown", good + ", region=cn", `unknown parameter "region"`},
		{"upper-case hash", strings.Replace(good, "body=e3", "body=E3", 1), "lower-case"},
		{"short signature", good[:len(good)-2], "signature"},
		{"timestamp with a sign", strings.Replace(good, "timestamp=1", "timestamp=+1", 1), "unix seconds"},
		{"timestamp with zeros", strings.Replace(good, "timestamp=1", "timestamp=01", 1), "unix seconds"},
		{"timestamp in words", strings.Replace(good, "timestamp=1750204800", "timestamp=now", 1), "unix seconds"},
		{"quotes", strings.Replace(good, "nonce=9Jx2mZ0pQvK4sT7uY1wBcg", `nonce="9Jx2mZ0pQvK4sT7uY1wBcg"`, 1), "nonce"},
		{"long", good + strings.Repeat(" ", 1000), "bytes"},
		{"a line of the log", strings.Replace(good, "key=key_", "key=\x1b[31m", 1), "no id of a key"},
	} {
		_, err := signing.Parse(tt.header)
		if err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v", tt.name, err)
		}
		if errors.Is(err, signing.ErrMissing) != (tt.says == "not signed") {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	for _, same := range []string{strings.ReplaceAll(good, ", ", ","), "minimart-hmac-sha256 " + good[len("Minimart-HMAC-SHA256 "):], strings.ReplaceAll(good, ", ", " ,\t")} {
		if a, err := signing.Parse(same); err != nil || a.String() != good {
			t.Errorf("%s: %v", same, err)
		}
	}
}

// anyQuery is what a program may send: names and values of any bytes, each escaped in one of the ways there are.
func anyQuery(t *rapid.T) (pieces []string, plain [][2]string) {
	for range rapid.IntRange(0, 8).Draw(t, "parameters") {
		name := rapid.SampledFrom([]string{"a", "b", "id", "小", "a b", "a+b", "a&b", "=", "", "%"}).Draw(t, "name")
		value := rapid.String().Draw(t, "value")
		pieces = append(pieces, anyEscape(t, name, true)+"="+anyEscape(t, value, true))
		plain = append(plain, [2]string{name, value})
	}
	return pieces, plain
}

func anyEscape(t *rapid.T, s string, query bool) string {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		unreserved := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
		switch {
		case unreserved && rapid.Bool().Draw(t, "plain"):
			out.WriteByte(c)
		case query && c == ' ' && rapid.Bool().Draw(t, "plus"):
			out.WriteByte('+')
		default:
			hex := rapid.SampledFrom([]string{"0123456789ABCDEF", "0123456789abcdef"}).Draw(t, "case")
			out.WriteString("%" + string(hex[c>>4]) + string(hex[c&15]))
		}
	}
	return out.String()
}

func canonicalOf(t *rapid.T, path, query string) (gotPath, gotQuery string) {
	text, err := signing.Request{Method: "GET", Path: path, Query: query, BodyHash: "h", Nonce: "n", Key: "k"}.Canonical()
	if err != nil {
		t.Fatalf("%q?%q: %v", path, query, err)
	}
	lines := strings.Split(text, "\n")
	if len(lines) != 8 {
		t.Fatalf("%d lines:\n%s", len(lines), text)
	}
	return lines[2], lines[3]
}

func TestHowItIsEscapedDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces, plain := anyQuery(t)
		segment := rapid.String().Draw(t, "segment")
		onePath, oneQuery := canonicalOf(t, "/"+anyEscape(t, segment, false), strings.Join(pieces, "&"))
		var again []string
		for _, p := range plain {
			again = append(again, anyEscape(t, p[0], true)+"="+anyEscape(t, p[1], true))
		}
		otherPath, otherQuery := canonicalOf(t, "/"+anyEscape(t, segment, false), strings.Join(again, "&"))
		if onePath != otherPath || oneQuery != otherQuery {
			t.Fatalf("%s?%s and %s?%s", onePath, oneQuery, otherPath, otherQuery)
		}
		if p, q := canonicalOf(t, onePath, oneQuery); p != onePath || q != oneQuery {
			t.Fatalf("the canonical form of %s?%s is %s?%s", onePath, oneQuery, p, q)
		}
	})
}

// What a server reads from the query is what was signed, and the other way round: the same parameters with the same values
// in the same order.
func TestTheCanonicalQueryMeansTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces, _ := anyQuery(t)
		query := strings.Join(pieces, "&")
		_, canonical := canonicalOf(t, "/", query)
		before, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		after, err := url.ParseQuery(canonical)
		if err != nil {
			t.Fatal(err)
		}
		if len(before) != len(after) {
			t.Fatalf("%v became %v", before, after)
		}
		for name, values := range before {
			if !slices.Equal(values, after[name]) {
				t.Fatalf("%q: %q became %q", name, values, after[name])
			}
		}
	})
}

func TestTheOrderOfNamesDoesNotMatterTheOrderOfValuesDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,3}`), 2, 4).Draw(t, "values of a")
		b := rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,3}`), 1, 4).Draw(t, "values of b")
		var pieces []string
		for i, j := 0, 0; i < len(a) || j < len(b); {
			if j == len(b) || i < len(a) && rapid.Bool().Draw(t, "a next") {
				pieces = append(pieces, "a="+a[i])
				i++
			} else {
				pieces = append(pieces, "b="+b[j])
				j++
			}
		}
		_, got := canonicalOf(t, "/", strings.Join(pieces, "&"))
		if want := "a=" + strings.Join(a, "&a=") + "&b=" + strings.Join(b, "&b="); got != want {
			t.Fatalf("%s, want %s", got, want)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.Authorization)
	}
	f.Add("Minimart-HMAC-SHA256 key=,timestamp=,nonce=,body=,signature=")
	f.Add("Minimart-HMAC-SHA256 ,,,==")
	f.Fuzz(func(t *testing.T, header string) {
		a, err := signing.Parse(header)
		if err != nil {
			if len(err.Error()) > 500 {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
			return
		}
		if again, err := signing.Parse(a.String()); err != nil || again != a {
			t.Errorf("%q came back as %+v, %v", a.String(), again, err)
		}
	})
}

func FuzzCanonical(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.Path, v.Query)
	}
	f.Add("/%2F//..%2e", "a;b=%00&%0a=%0D&+=")
	f.Fuzz(func(t *testing.T, path, query string) {
		r := signing.Request{Method: "GET", Path: path, Query: query, BodyHash: "h", Nonce: "n", Key: "k"}
		text, err := r.Canonical()
		if err != nil {
			return
		}
		lines := strings.Split(text, "\n")
		if len(lines) != 8 {
			t.Fatalf("%d lines: %q", len(lines), text)
		}
		r.Path, r.Query = lines[2], lines[3]
		if again, err := r.Canonical(); err != nil || again != text {
			t.Errorf("%q became %q, %v", text, again, err)
		}
	})
}
