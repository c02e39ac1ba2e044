package app

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"minimart/open/gateway/client"
	"minimart/open/jos"
	"minimart/platform/courier"
	"minimart/platform/testkit"
)

// raw sends a request that the attacker has put together to the last byte.
func (w *town) raw(r *http.Request) *httptest.ResponseRecorder {
	w.t.Helper()
	out := httptest.NewRecorder()
	w.api.ServeHTTP(out, r)
	return out
}

// attackers are counted, so that each comes from an address of its own, also when several come at once.
var attackers atomic.Int64

// as changes a good request of somebody before it is sent.
func (w *town) as(who, method, path, body string, change func(*http.Request)) *httptest.ResponseRecorder {
	w.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	n := attackers.Add(1)
	r.RemoteAddr = fmt.Sprintf("11.%d.%d.%d:99", n>>16&255, n>>8&255, n&255)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("X-Minimart-Console", "1")
	r.Header.Set("Minimart-Host", w.hostKey)
	r.Header.Set("Content-Type", "application/json")
	for _, c := range w.cookies[who] {
		r.AddCookie(c)
	}
	if change != nil {
		change(r)
	}
	return w.raw(r)
}

// names that no id, cursor, name or code of ours is, and that break what reads them carelessly.
var hostileNames = []string{
	"\x00", "a\x00b", "\xff\xfe", "\xed\xa0\x80", "'; DROP TABLE account_person; --", "../../../etc/passwd", "..%2f..%2fsecrets.key", "%s%n%d", "{{7*7}}", "${jndi:ldap://x}",
	"\r\nSet-Cookie: a=b", "\u202eevil", "-1", "9223372036854775808", "1e999", "NaN", "true", "null", "[]", "{}", " ", "org_", "org_01JZ4T8K5N3Q0V9W2X7Y6R1M4C", "usr_01JZ4T8K5N3Q0V9W2X7Y6R1M4C",
	"app_01jz4t8k5n3q0v9w2x7y6r1m4c", strings.Repeat("a", 10<<10), strings.Repeat("测", 3<<10), strings.Repeat("../", 1000),
}

func onEngines(t *testing.T, run func(t *testing.T, s *stage)) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			run(t, stageIn(t, newTownOf(t, platformFlags{Database: e.URL(t)}, slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})))))
		})
	}
}

func TestNoNameInAnAddressUpsetsAnyRoute(t *testing.T) {
	onEngines(t, func(t *testing.T, s *stage) {
		s.consumer("visitor", "13800138000")
		for path, item := range s.api.OpenAPI().Paths {
			for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete} {
				if op == nil || strings.HasSuffix(path, "/session") || strings.HasSuffix(path, "/sessions") || strings.HasPrefix(path, "/open/") {
					continue
				}
				who := "owner"
				switch {
				case strings.Contains(path, "/operator/"):
					who = "operator"
				case strings.HasPrefix(path, "/api/host/"):
					who = "visitor"
				}
				for _, p := range op.Parameters {
					for _, name := range hostileNames {
						at, query := path, ""
						switch p.In {
						case "path":
							at = strings.ReplaceAll(at, "{"+p.Name+"}", url.PathEscape(name))
						case "query":
							query = url.Values{p.Name: {name}}.Encode()
						default:
							continue
						}
						at = strings.NewReplacer("{org}", s.org, "{app}", s.app, "{version}", s.released, "{kind}", "profile", "{capability}", capabilityName).Replace(at)
						out := s.as(who, method, at+"?"+query, "{}", nil)
						local := out.Code == http.StatusTemporaryRedirect && !strings.HasPrefix(out.Header().Get("Location"), "//") // the mux takes dots out of a path
						if local {
							continue
						}
						if out.Code < 400 && p.In == "path" || out.Code >= 500 || !json.Valid(out.Body.Bytes()) && out.Body.Len() > 0 {
							t.Errorf("%s %s with %.40q in %s: %d %.300s", method, path, name, p.Name, out.Code, out.Body)
						}
					}
				}
			}
		}
	})
}

// hostileValues take the place of a value in a good body.
var hostileValues = []string{
	`"\u0000"`, `"a\u0000b"`, "\"\xff\xfe\"", `"\ud800"`, `"\r\nX: y"`, `"\u202eevil"`, `""`, `null`, `0`, `-1`, `1e400`, `1.5`, `9223372036854775808`, `true`, `[]`, `{}`, `[[[[]]]]`, `{"a":{"b":1}}`,
	`"` + strings.Repeat("x", 40<<10) + `"`,
}

// leaves are the paths to the values in a JSON document.
func leaves(v any, at []any) [][]any {
	switch v := v.(type) {
	case map[string]any:
		var out [][]any
		for k, e := range v {
			out = append(out, leaves(e, append(slices.Clone(at), k))...)
		}
		return out
	case []any:
		var out [][]any
		for i, e := range v {
			out = append(out, leaves(e, append(slices.Clone(at), i))...)
		}
		return out
	}
	return [][]any{at}
}

// with is a document with another value at a path, which may be no JSON at all.
func with(v any, at []any, value string) string {
	if len(at) == 0 {
		return value
	}
	var out bytes.Buffer
	switch v := v.(type) {
	case map[string]any:
		out.WriteString("{")
		for i, k := range slices.Sorted(mapKeys(v)) {
			if i > 0 {
				out.WriteString(",")
			}
			name, _ := json.Marshal(k)
			out.Write(name)
			out.WriteString(":")
			if k == at[0] {
				out.WriteString(with(v[k], at[1:], value))
			} else {
				text, _ := json.Marshal(v[k])
				out.Write(text)
			}
		}
		out.WriteString("}")
	case []any:
		out.WriteString("[")
		for i, e := range v {
			if i > 0 {
				out.WriteString(",")
			}
			if i == at[0] {
				out.WriteString(with(e, at[1:], value))
			} else {
				text, _ := json.Marshal(e)
				out.Write(text)
			}
		}
		out.WriteString("]")
	}
	return out.String()
}

func mapKeys(m map[string]any) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func TestNoValueInABodyUpsetsAnyRouteOfTheConsoles(t *testing.T) {
	onEngines(t, func(t *testing.T, s *stage) {
		for _, e := range consoleTable {
			if !strings.HasPrefix(e.body, "{") || strings.HasPrefix(e.body, "{package") || strings.Contains(e.route, "password") || e.route == "POST /session" {
				continue
			}
			s.made = map[string]string{}
			method, path, _ := strings.Cut(e.route, " ")
			s.n++
			path, body := s.fill(path), strings.ReplaceAll(s.fill(e.body), "{n}", fmt.Sprintf("%04d", s.n%10_000))
			var doc any
			if err := json.Unmarshal([]byte(body), &doc); err != nil {
				t.Fatal(err)
			}
			who := "owner"
			if e.door == platform {
				who = "operator"
			}
			bodies := []string{
				"", "null", "[]", `""`, "{", "{}}", "\x00", strings.Repeat("[", 200_000), strings.Repeat(`{"a":`, 100_000), "\ufeff" + body, body + body, body[:len(body)-1] + `,"unknown":1}`,
				body[:len(body)-1] + `,"__proto__":{"admin":true}}`,
			}
			for _, at := range leaves(doc, nil) {
				for _, value := range hostileValues {
					bodies = append(bodies, with(doc, at, value))
				}
			}
			for _, b := range bodies {
				out := s.as(who, method, "/api/console/v1"+path, b, nil)
				if out.Code >= 500 || out.Code == 401 {
					t.Errorf("%s with %.100q: %d %.300s", e.route, b, out.Code, out.Body)
				}
				// What JSON calls no text arrives as U+FFFD, and white space at the ends is cut off.
				if out.Code < 300 && (strings.Contains(b, `\u0000`) || strings.Contains(b, `\u202e`) || strings.ContainsAny(out.Body.String(), "\x00\u202e\r")) {
					t.Errorf("%s takes %.100q: %d %.300s", e.route, b, out.Code, out.Body)
				}
			}
			if strings.HasSuffix(e.route, "/{app}/suspension") {
				s.console("operator", "DELETE", path, "")
			}
		}
	})
}

// token is the value of the cookie somebody was given at a door.
func (w *town) token(who string) string {
	w.t.Helper()
	for _, c := range w.cookies[who] {
		if c.Value != "" {
			return c.Value
		}
	}
	w.t.Fatalf("%s has no cookie", who)
	return ""
}

// status is what a door answers somebody.
func (w *town) status(who, method, path, body string) int {
	w.t.Helper()
	return w.send(who, method, path, body).Code
}

func TestASessionIsWorthWhatItsOwnerIs(t *testing.T) {
	s := newStage(t)
	console := func(who, method, path, body string) int { return s.status(who, method, "/api/console/v1"+path, body) }
	person := func(who string) string { return at(s.console(who, "GET", "/me", ""), "person.id") }
	is := func(what string, got, want int) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %d, want %d", what, got, want)
		}
	}
	if person("developer") == "" {
		t.Fatal("nobody is anybody")
	}

	// Rights are those of now, not those of when one signed in.
	is("a developer uploads", console("developer", "PUT", "/apps/"+s.app+"/trial", `{"version":"`+s.released+`"}`), 200)
	s.console("owner", "PATCH", "/organisations/"+s.org+"/members/"+person("developer"), `{"role":"readonly"}`)
	is("and is read-only from the next request on", console("developer", "PUT", "/apps/"+s.app+"/trial", `{"version":"`+s.released+`"}`), 403)
	s.console("owner", "DELETE", "/organisations/"+s.org+"/members/"+person("operations"), "")
	is("a member that was removed", console("operations", "GET", "/me", ""), 401)
	s.signIn("operations", "operations@shop.example")
	is("and finds nothing after signing in again", console("operations", "GET", "/apps/"+s.app, ""), 404)

	// A password that is changed ends the other sessions; signing out ends this one, also for who copied the cookie.
	s.cookies["thief"] = s.cookies["finance"]
	s.signIn("finance", "finance@shop.example")
	is("the thief's copy", console("thief", "GET", "/me", ""), 200)
	s.console("finance", "PUT", "/me/password", fmt.Sprintf(`{"current":%q,"password":"nine herons at dawn"}`, s.password))
	is("the thief's copy after the password changed", console("thief", "GET", "/me", ""), 401)
	s.cookies["thief"] = s.cookies["finance"]
	s.console("finance", "DELETE", "/session", "")
	is("the thief's copy after signing out", console("thief", "GET", "/me", ""), 401)

	// What opens one door opens no other.
	s.consumer("visitor", "13800138000")
	for what, c := range map[string]*http.Cookie{
		"a consumer's token": {Name: "minimart", Value: s.token("visitor")}, "no token": {Name: "minimart", Value: ""}, "a long one": {Name: "minimart", Value: strings.Repeat("A", 20_000)},
		"the token under the name for TLS": {Name: "__Host-minimart", Value: s.token("owner")},
	} {
		s.cookies["stranger"] = []*http.Cookie{c}
		is(what+" at the consoles", console("stranger", "GET", "/me", ""), 401)
	}
	for what, c := range map[string]*http.Cookie{
		"a console's token": {Name: "minimart_consumer", Value: s.token("owner")}, "the consoles' cookie": {Name: "minimart", Value: s.token("owner")},
		"the token under the name for TLS": {Name: "__Host-minimart_consumer", Value: s.token("visitor")},
	} {
		s.cookies["stranger"] = []*http.Cookie{c}
		is(what+" at the host apps' door", s.status("stranger", "GET", "/api/host/v1/me", ""), 401)
	}
	bearer := func(token string) int {
		return s.as("", "GET", "/api/host/v1/me", "", func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }).Code
	}
	is("a console's token as a bearer", bearer(s.token("owner")), 401)
	is("a consumer's own token as a bearer", bearer(s.token("visitor")), 200)
	is("a bearer at the consoles", s.as("", "GET", "/api/console/v1/me", "", func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+s.token("owner")) }).Code, 401)
	// Two cookies of one name: one of them was planted.
	is("two cookies of a consumer", s.as("visitor", "GET", "/api/host/v1/me", "", func(r *http.Request) {
		r.AddCookie(&http.Cookie{Name: "minimart_consumer", Value: s.token("owner")})
	}).Code, 401)
}

func TestNobodyBecomesMoreThanTheyAre(t *testing.T) {
	s := newStage(t)
	console := func(who, method, path, body string) *httptest.ResponseRecorder {
		return s.as(who, method, "/api/console/v1"+path, body, nil)
	}
	is := func(what string, r *httptest.ResponseRecorder, want ...int) {
		t.Helper()
		if !slices.Contains(want, r.Code) {
			t.Errorf("%s: %d, want %d: %.200s", what, r.Code, want, r.Body)
		}
	}
	id := func(who string) string { return at(s.console(who, "GET", "/me", ""), "person.id") }
	members := "/organisations/" + s.org + "/members/"
	operator := at(s.console("operator", "GET", "/me", ""), "memberships.0.organisation")

	is("a developer makes itself an owner", console("developer", "PATCH", members+id("developer"), `{"role":"owner"}`), 403)
	is("a developer invites an owner", console("developer", "POST", "/organisations/"+s.org+"/invitations", `{"login":"evil@shop.example","role":"owner"}`), 403)
	is("a role there is not", console("owner", "PATCH", members+id("developer"), `{"role":"operator"}`), 422)
	is("a role in another case", console("owner", "PATCH", members+id("developer"), `{"role":"readonly","Role":"owner"}`), 422)
	is("a field nobody asked for", console("developer", "PATCH", "/me", `{"name":"x","language":"zh","role":"owner"}`), 422)
	is("an operator's organisation", console("owner", "POST", "/organisations", `{"name":"Operator","kind":"operator"}`), 422)
	is("a verified one", console("owner", "POST", "/organisations", `{"name":"Verified","kind":"merchant","state":"verified"}`), 422)
	is("an owner verifies itself", console("owner", "POST", "/operator/organisations/"+s.org+"/decision", `{"submission":1,"verdict":"verified"}`), 403)
	is("an owner joins the operator", console("owner", "POST", "/organisations/"+operator+"/invitations", `{"login":"owner@shop.example","role":"owner"}`), 404)
	is("an app for another organisation by the body", console("owner", "POST", "/organisations/"+s.org+"/apps", `{"name":"Mine","org":"`+operator+`"}`), 422)
	is("an app with an id of its own choice", console("owner", "POST", "/organisations/"+s.org+"/apps", `{"name":"Mine","id":"app_01JZ4T8K5N3Q0V9W2X7Y6R1M4C"}`), 422)
	is("a version of another app", console("owner", "GET", "/apps/"+s.isv+"/versions/"+s.released, ""), 404)
	other := s.newApp()
	is("our version at our other app", console("owner", "POST", "/apps/"+other+"/rollout", `{"version":"`+s.released+`","share":1000000}`), 404, 409)
	is("a rollout beyond everybody", console("owner", "POST", "/apps/"+s.app+"/rollout", `{"version":"`+s.released+`","share":1000001}`), 422)
	is("a rollout to less than nobody", console("owner", "POST", "/apps/"+s.app+"/rollout", `{"version":"`+s.released+`","share":-1}`), 422)
	fresh := s.upload("owner", s.app)
	is("a version that nobody has looked at", console("owner", "POST", "/apps/"+s.app+"/rollout", `{"version":"`+fresh+`","share":1000000}`), 409)
	is("rolling back to it", console("owner", "POST", "/apps/"+s.app+"/rollback", `{"version":"`+fresh+`"}`), 404, 409)

	// The last owner stays, whoever asks, and however often at once.
	is("the last owner steps down", console("owner", "PATCH", members+id("owner"), `{"role":"readonly"}`), 409)
	is("the last owner leaves", console("owner", "DELETE", members+id("owner"), ""), 409)
	s.console("owner", "PATCH", members+id("developer"), `{"role":"owner"}`)
	owners, ids := []string{"owner", "developer"}, []string{id("owner"), id("developer")}
	both := together(2, func(i int) int { return console(owners[i], "PATCH", members+ids[1-i], `{"role":"readonly"}`).Code })
	if !slices.Contains(both, 204) || slices.Equal(both, []int{204, 204}) {
		t.Errorf("two owners who depose each other hear %d", both)
	}

	// An invitation is for one login, and good once.
	s.enter("guest")
	s.enter("thief")
	boss := "owner"
	if both[0] != 204 {
		boss = "developer"
	}
	token := at(s.console(boss, "POST", "/organisations/"+s.org+"/invitations", `{"login":"guest@shop.example","role":"owner"}`), "token")
	accept := func(who string) int {
		return console(who, "POST", "/invitations/acceptance", `{"token":"`+token+`"}`).Code
	}
	if code := accept("thief"); code != 404 {
		t.Errorf("somebody else accepts: %d", code)
	}
	if codes := together(3, func(int) int { return accept("guest") }); len(slices.DeleteFunc(slices.Clone(codes), func(c int) bool { return c != 200 })) != 1 || slices.Max(codes) >= 500 {
		t.Errorf("one invitation at three times: %d", codes)
	}
}

// together does something n times at once.
func together[T any](n int, do func(i int) T) []T {
	out, begin := make([]T, n), make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { <-begin; out[i] = do(i) })
	}
	close(begin)
	wg.Wait()
	return out
}

func TestOnlyOurOwnPagesChangeAnything(t *testing.T) {
	s := newStage(t)
	s.consumer("visitor", "13800138000")
	for _, c := range []struct {
		name   string
		change func(http.Header)
		ours   bool
	}{
		{"our own page", func(http.Header) {}, true},
		{"our own page in an old browser", func(h http.Header) { h.Del("Sec-Fetch-Site"); h.Set("Origin", "http://example.com") }, true},
		{"a page elsewhere", func(h http.Header) { h.Set("Sec-Fetch-Site", "cross-site"); h.Set("Origin", "https://evil.example") }, false},
		{"a page of a neighbouring name", func(h http.Header) { h.Set("Sec-Fetch-Site", "same-site"); h.Set("Origin", "http://evil.example.com") }, false},
		{"a page elsewhere in an old browser", func(h http.Header) { h.Del("Sec-Fetch-Site"); h.Set("Origin", "https://evil.example") }, false},
		{"the sandbox", func(h http.Header) { h.Set("Sec-Fetch-Site", "cross-site"); h.Set("Origin", "null") }, false},
		{"the sandbox in an old browser", func(h http.Header) { h.Del("Sec-Fetch-Site"); h.Set("Origin", "null") }, false},
		{"a name that begins like ours", func(h http.Header) { h.Del("Sec-Fetch-Site"); h.Set("Origin", "http://example.com.evil.example") }, false},
		{"our name at another port", func(h http.Header) { h.Del("Sec-Fetch-Site"); h.Set("Origin", "http://example.com:8081") }, false},
		{"two origins", func(h http.Header) {
			h.Del("Sec-Fetch-Site")
			h["Origin"] = []string{"http://example.com, https://evil.example"}
		}, false},
		{"a word that browsers do not say", func(h http.Header) {
			h.Set("Sec-Fetch-Site", "Same-Origin, cross-site")
			h.Set("Origin", "https://evil.example")
		}, false},
	} {
		for _, door := range []struct{ who, method, path, body string }{
			{"owner", "PATCH", "/api/console/v1/me", `{"name":"Hacked","language":"zh"}`},
			{"", "POST", "/api/console/v1/session", `{"login":"owner@shop.example","password":"` + s.password + `"}`},
			{"visitor", "PATCH", "/api/host/v1/me", `{"nickname":"Hacked"}`},
			{"visitor", "POST", "/api/host/v1/programs/" + s.app + "/login", ``},
		} {
			for _, kind := range []string{"application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""} {
				out := s.as(door.who, door.method, door.path, door.body, func(r *http.Request) {
					c := c.change
					r.Header.Set("Content-Type", kind)
					if kind == "" {
						r.Header.Del("Content-Type")
					}
					c(r.Header)
				})
				if c.ours && kind == "application/json" && out.Code >= 300 || !c.ours && out.Code != 403 {
					t.Errorf("%s, %s %s as %q: %d %.200s", c.name, door.method, door.path, kind, out.Code, out.Body)
				}
				if h := out.Header(); !c.ours && (h.Get("Set-Cookie") != "" || h.Get("Access-Control-Allow-Origin") != "" || h.Get("Access-Control-Allow-Credentials") != "") {
					t.Errorf("%s, %s: %v", c.name, door.path, h)
				}
			}
		}
	}
	for _, change := range []func(*http.Request){
		func(r *http.Request) { r.Header.Del("X-Minimart-Console") },
		func(r *http.Request) { r.Header.Set("X-Minimart-Console", "") },
	} {
		if out := s.as("owner", "PATCH", "/api/console/v1/me", `{"name":"Hacked","language":"zh"}`, change); out.Code != 403 {
			t.Errorf("a form that needs no header: %d", out.Code)
		}
	}
	if name := at(s.console("owner", "GET", "/me", ""), "person.name"); name != "Hacked" { // by our own page, at first
		t.Errorf("%q", name)
	}
	// Nobody may ask from elsewhere whether they may ask, and what is read with GET is not to be read elsewhere either.
	pre := s.as("owner", "OPTIONS", "/api/console/v1/me", "", func(r *http.Request) {
		r.Header.Set("Origin", "https://evil.example")
		r.Header.Set("Access-Control-Request-Method", "PATCH")
		r.Header.Set("Access-Control-Request-Headers", "x-minimart-console")
	})
	if pre.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("preflight: %v", pre.Header())
	}
}

// TestANameThatLeadsHereIsNotOurs: a page whose own name was made to lead to this machine (DNS rebinding) is of "our" origin
// to a browser, but it has no cookies, and the messages of a demo are not for it.
func TestANameThatLeadsHereIsNotOurs(t *testing.T) {
	s := newStage(t)
	s.good(s.send("", "POST", "/api/console/v1/password-resets", `{"login":"owner@shop.example"}`), "asking for a code")
	messages := func(host string) *httptest.ResponseRecorder {
		return s.as("", "GET", screenPath+"?to=owner@shop.example", "", func(r *http.Request) { r.Host = host })
	}
	for _, host := range []string{"127.0.0.1:8080", "[::1]:8080", "localhost:8080", "LOCALHOST", "demo.localhost", "192.168.1.7:8080", "devbox:8080", "devbox.local", "example.com"} {
		if out := messages(host); out.Code != 200 || !strings.Contains(out.Body.String(), `"code"`) {
			t.Errorf("%s: %d %s", host, out.Code, out.Body)
		}
	}
	for _, host := range []string{"rebind.evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example", "evil.example.", "example.com.evil.example", ""} {
		if out := messages(host); out.Code != 403 || strings.Contains(out.Body.String(), `"code":"`+s.screen.To("owner@shop.example")[0].Code) {
			t.Errorf("%s: %d %s", host, out.Code, out.Body)
		}
	}
}

// backend is a developer's server: a key, over a real connection.
type backend struct {
	t           *testing.T
	base        string
	key, secret string
}

// key makes a key with every scope there is.
func (s *stage) serverOf(base, who, app string) backend {
	s.t.Helper()
	k := s.console(who, "POST", "/apps/"+app+"/keys", `{"name":"server","scopes":["identity:exchange","membership:read","phone-number:read","program:upload"]}`)
	return backend{s.t, base, at(k, "id"), at(k, "secret")}
}

// sign makes a call, signed at a time.
func (k backend) sign(method, path, body string, when time.Time) *http.Request {
	k.t.Helper()
	r, err := http.NewRequestWithContext(k.t.Context(), method, k.base+path, strings.NewReader(body))
	if err != nil {
		k.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	signed, err := (&client.Transport{Key: k.key, Secret: k.secret, Now: func() time.Time { return when }}).Sign(r)
	if err != nil {
		k.t.Fatal(err)
	}
	return signed
}

// send answers the status and the body.
func (k backend) send(r *http.Request) (int, string) {
	k.t.Helper()
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		k.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		k.t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func (k backend) call(method, path, body string) (int, string) {
	return k.send(k.sign(method, path, body, time.Now()))
}

// get asks a door that takes its parameters from the query.
func (k backend) get(path string, params map[string]string) (int, map[string]any) {
	k.t.Helper()
	q := url.Values{}
	for name, value := range params {
		q.Set(name, value)
	}
	r, err := http.NewRequestWithContext(k.t.Context(), "GET", k.base+path+"?"+q.Encode(), nil)
	if err != nil {
		k.t.Fatal(err)
	}
	code, text := k.send(r)
	out := map[string]any{}
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		k.t.Fatalf("%s: %d %s", path, code, text)
	}
	return code, out
}

// wechat asks in WeChat's words and answers the errcode.
func (k backend) wechat(path string, params map[string]string) (float64, map[string]any) {
	k.t.Helper()
	_, out := k.get(path, params)
	code, _ := out["errcode"].(float64)
	return code, out
}

// jos asks in JD's words and answers the code of the refusal, "" for none.
func (k backend) jos(method, params, token string) (string, map[string]any) {
	k.t.Helper()
	p := map[string]string{"app_key": k.key, "v": "2.0", "method": method, "timestamp": time.Now().In(time.FixedZone("China", 8*3600)).Format(time.DateTime), "360buy_param_json": params}
	if token != "" {
		p["access_token"] = token
	}
	p["sign"] = jos.Sign(k.secret, p)
	_, out := k.get("/routerjson", p)
	return at(out, "error_response.code"), out
}

// openStage is a stage behind a real listener, where an app and its neighbour's both may learn everything.
func openStage(t *testing.T) (s *stage, ours, theirs backend) {
	t.Helper()
	s = newStage(t)
	for app, owner := range map[string]string{s.app: "owner", s.isv: "owner elsewhere"} {
		s.console(owner, "PATCH", "/apps/"+app, `{"privacy":{"profile":"to greet you","phone-number":"to tell you when it ships","membership":"to show your price"}}`)
		for _, capability := range []string{"phone-number", "plus-membership"} {
			if err := s.capabilities.Endow(t.Context(), app, capability); err != nil {
				t.Fatal(err)
			}
		}
	}
	web := httptest.NewServer(s.api)
	t.Cleanup(web.Close)
	s.consumer("visitor", "13800138000")
	return s, s.serverOf(web.URL, "owner", s.app), s.serverOf(web.URL, "owner elsewhere", s.isv)
}

// inHost asks as the consumer's host app.
func (s *stage) inHost(method, path, body string) *httptest.ResponseRecorder {
	return s.as("visitor", method, "/api/host/v1"+path, body, nil)
}

func (s *stage) loginCode() string {
	s.t.Helper()
	return at(s.good(s.inHost("POST", "/programs/"+s.app+"/login", "{}"), "login"), "code")
}

func (s *stage) phoneCode() string {
	s.t.Helper()
	return at(s.good(s.inHost("POST", "/programs/"+s.app+"/consents/phone-number", "{}"), "phone"), "code")
}

func TestASignatureIsGoodOnceNowAndForWhatItSays(t *testing.T) {
	s, ours, theirs := openStage(t)
	now := time.Now()
	first := ours.sign("GET", "/open/v1/versions?limit=1", "", now)
	again := first.Clone(t.Context())
	if code, text := ours.send(first); code != 200 {
		t.Fatalf("%d %s", code, text)
	}
	if code, text := ours.send(again); code != 401 || !strings.Contains(text, "before") && !strings.Contains(text, "again") && !strings.Contains(text, "replay") {
		t.Errorf("replayed: %d %s", code, text)
	}
	if codes := func() []int {
		r := ours.sign("GET", "/open/v1/versions", "", now)
		return together(8, func(int) int { code, _ := ours.send(r.Clone(t.Context())); return code })
	}(); len(slices.DeleteFunc(slices.Clone(codes), func(c int) bool { return c != 200 })) != 1 {
		t.Errorf("one call at eight times: %d", codes)
	}
	for when, off := range map[string]time.Duration{"ten minutes old": -10 * time.Minute, "from in ten minutes": 10 * time.Minute, "of 1970": -now.Sub(time.Unix(0, 0))} {
		if code, text := ours.send(ours.sign("GET", "/open/v1/versions", "", now.Add(off))); code != 401 {
			t.Errorf("%s: %d %s", when, code, text)
		}
	}
	for what, change := range map[string]func(*http.Request){
		"another method": func(r *http.Request) { r.Method = "DELETE" },
		"another path":   func(r *http.Request) { r.URL.Path = "/open/v1/versions/" + s.released },
		"one more slash": func(r *http.Request) { r.URL.Path = "/open/v1/login-codes/exchange/" },
		"another query":  func(r *http.Request) { r.URL.RawQuery = "limit=100" },
		"another body": func(r *http.Request) {
			r.Body = io.NopCloser(strings.NewReader(`{"code":"other"}`))
			r.ContentLength = -1
		},
		"no body": func(r *http.Request) { r.Body, r.ContentLength = http.NoBody, 0 },
		"the other's key": func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), ours.key, theirs.key, 1))
		},
		"a key that is not": func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), ours.key, "key_01JZ4T8K5N3Q0V9W2X7Y6R1M4C", 1))
		},
		"two signatures": func(r *http.Request) {
			r.Header["Authorization"] = append([]string{"Basic YTpi"}, r.Header["Authorization"]...)
		},
		"no signature": func(r *http.Request) { r.Header.Del("Authorization") },
		"a cookie instead": func(r *http.Request) {
			r.Header.Del("Authorization")
			r.Header.Set("Cookie", "minimart="+s.token("owner"))
		},
	} {
		r := ours.sign("POST", "/open/v1/login-codes/exchange", `{"code":"`+s.loginCode()+`"}`, now)
		change(r)
		if code, text := ours.send(r); code != 401 && code != 404 && code != 405 || strings.Contains(text, "openid") {
			t.Errorf("%s: %d %s", what, code, text)
		}
	}
	// What a stranger is told does not tell a key that is there from one that is not.
	forged := func(key string) string {
		_, text := backend{t, ours.base, key, "mms_" + strings.Repeat("A", 43)}.call("GET", "/open/v1/versions", "")
		var p struct{ Type, Title, Detail string }
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			t.Fatal(text)
		}
		detail, _, _ := strings.Cut(strings.ReplaceAll(p.Detail, key, "KEY"), "SHA-256")
		return p.Type + p.Title + hexDigits.ReplaceAllString(detail, "")
	}
	if a, b := forged(ours.key), forged("key_01JZ4T8K5N3Q0V9W2X7Y6R1M4C"); a != b {
		t.Errorf("a key that is there: %s\none that is not: %s", a, b)
	}
}

var hexDigits = regexp.MustCompile(`[0-9a-f]{64}`)

func TestACodeIsGoodOnceAtOneDoorForOneApp(t *testing.T) {
	s, ours, theirs := openStage(t)
	const login, phone = "/open/v1/login-codes/exchange", "/open/v1/phone-codes/exchange"
	body := func(code string) string { return `{"code":"` + code + `"}` }

	// By another app it is not even wrong, and stays good for the one it is for.
	code := s.loginCode()
	none, unknown := theirs.call("POST", login, body("A"+code[1:]))
	if status, text := theirs.call("POST", login, body(code)); status != none || withoutID(text) != withoutID(unknown) {
		t.Errorf("a neighbour with our code hears %d %s, with none %d %s", status, text, none, unknown)
	}
	if n, out := theirs.wechat("/sns/jscode2session", map[string]string{"appid": s.isv, "secret": theirs.secret, "js_code": code, "grant_type": "authorization_code"}); n != 40029 {
		t.Errorf("at WeChat's door: %v", out)
	}
	if _, out := theirs.jos("jingdong.miniapp.mixUserInfo", body(code), ""); fmt.Sprint(out["jingdong_miniapp_mixUserInfo_respon"+"ce"].(map[string]any)["result"].(map[string]any)["code"]) != "10102" {
		t.Errorf("at JD's door: %v", out)
	}
	if status, text := theirs.call("POST", phone, body(code)); status < 400 {
		t.Errorf("a login code for a number: %d %s", status, text)
	}
	if codes := together(8, func(int) int { status, _ := ours.call("POST", login, body(code)); return status }); len(slices.DeleteFunc(slices.Clone(codes), func(c int) bool { return c != 200 })) != 1 || slices.Max(codes) >= 500 {
		t.Errorf("one code at eight times: %d", codes)
	}
	for door, again := range map[string]func() bool{
		"WeChat's": func() bool {
			n, _ := ours.wechat("/sns/jscode2session", map[string]string{"appid": s.app, "secret": ours.secret, "js_code": code, "grant_type": "authorization_code"})
			return n == 40163
		},
		"JD's": func() bool {
			_, out := ours.jos("jingdong.miniapp.mixUserInfo", body(code), "")
			return !strings.Contains(fmt.Sprint(out), "openId")
		},
	} {
		if !again() {
			t.Errorf("the code is good once more at %s door", door)
		}
	}

	// The neighbour's key, secret and token open nothing of ours at the doors of others.
	if n, out := theirs.wechat("/cgi-bin/token", map[string]string{"grant_type": "client_credential", "appid": s.app, "secret": theirs.secret}); n != 40125 {
		t.Errorf("their secret for our app: %v", out)
	}
	_, out := theirs.wechat("/cgi-bin/token", map[string]string{"grant_type": "client_credential", "appid": s.isv, "secret": theirs.secret})
	token := at(out, "access_token")
	number := s.phoneCode()
	r, err := http.NewRequestWithContext(t.Context(), "POST", ours.base+"/wxa/business/getuserphonenumber?access_token="+token, strings.NewReader(body(number)))
	if err != nil {
		t.Fatal(err)
	}
	if _, text := theirs.send(r); strings.Contains(text, "13800138000") || !strings.Contains(text, "40029") {
		t.Errorf("their token with our code: %s", text)
	}
	if n, out := theirs.wechat("/wxa/checksession", map[string]string{"access_token": token, "openid": "o" + strings.Repeat("A", 27), "signature": strings.Repeat("0", 64), "sig_method": "hmac_sha256"}); n == 0 {
		t.Errorf("an openid of nobody: %v", out)
	}
	for method, params := range map[string]string{
		"jingdong.miniapp.isv.commitMiniAppDevVersion":    `{"appId":"` + s.app + `","templateAppId":"` + s.app + `","templateVersion":"` + s.released + `","version":"9.9"}`,
		"jingdong.miniapp.isv.createdMiniAppExperVersion": `{"appId":"` + s.app + `","miniAppId":"` + s.app + `","version":"` + s.released + `"}`,
		"jingdong.miniapp.isv.commitMiniAppCheckVersion":  `{"appId":"` + s.app + `","miniAppId":"` + s.app + `"}`,
		"jingdong.miniapp.isv.revokeMiniAppCheckVersion":  `{"appId":"` + s.app + `","miniAppId":"` + s.app + `"}`,
	} {
		if code, out := theirs.jos(method, params, ""); code == "" && !strings.Contains(fmt.Sprint(out), "false") {
			t.Errorf("their key at %s of ours: %v", method, out)
		}
		if code, _ := theirs.jos(method, params, "joa_"+strings.Repeat("A", 43)); code == "" {
			t.Errorf("a made-up token at %s is good", method)
		}
	}
	if status, text := ours.call("POST", phone, body(number)); status != 200 || !strings.Contains(text, "13800138000") {
		t.Errorf("ours: %d %s", status, text)
	}
	// A call of JD's that was heard is not made twice.
	p := map[string]string{"app_key": ours.key, "v": "2.0", "method": "jingdong.miniapp.mixUserInfo", "timestamp": time.Now().Add(-time.Hour).In(time.FixedZone("China", 8*3600)).Format(time.DateTime), "360buy_param_json": body(s.loginCode())}
	p["sign"] = jos.Sign(ours.secret, p)
	if _, out := ours.get("/routerjson", p); at(out, "error_response.code") == "" {
		t.Errorf("an hour old: %v", out)
	}
}

var requestID = regexp.MustCompile(`req_[0-9A-Z]{26}`)

// withoutID is a text in which only what tells one request from another is missing.
func withoutID(text string) string { return requestID.ReplaceAllString(text, "req") }

func TestWhatIsTakenAwayIsGoneInTheMiddleOfThings(t *testing.T) {
	s, ours, _ := openStage(t)
	const login, phone = "/open/v1/login-codes/exchange", "/open/v1/phone-codes/exchange"
	body := func(code string) string { return `{"code":"` + code + `"}` }
	is := func(what string, got int, want ...int) {
		t.Helper()
		if !slices.Contains(want, got) {
			t.Errorf("%s: %d, want %d", what, got, want)
		}
	}
	exchange := func(path, code string) int { status, _ := ours.call("POST", path, body(code)); return status }
	operate := func(method, path, body string) { t.Helper(); s.console("operator", method, "/operator"+path, body) }
	consumer := at(s.good(s.inHost("GET", "/me", ""), "me"), "id")
	_, text := ours.call("POST", login, body(s.loginCode()))
	openid := regexp.MustCompile(`"openid":"([^"]+)"`).FindStringSubmatch(text)[1]
	s.good(s.inHost("POST", "/programs/"+s.app+"/consents/membership", "{}"), "membership")
	member := func() int {
		status, _ := ours.call("GET", "/open/v1/consumers/"+openid+"/membership", "")
		return status
	}
	is("membership", member(), 200)

	// A consent withdrawn between the code and its exchange.
	code := s.phoneCode()
	is("withdrawing", s.inHost("DELETE", "/me/consents/"+s.app+"/phone-number", "").Code, 204)
	is("the code of a consent that was withdrawn", exchange(phone, code), 404)
	is("withdrawing membership", s.inHost("DELETE", "/me/consents/"+s.app+"/membership", "").Code, 204)
	is("membership without a consent", member(), 403)

	// A capability revoked between the code and its exchange; two who revoke at once do it once.
	code = s.phoneCode()
	if codes := together(2, func(int) int {
		return s.as("operator", "POST", "/api/console/v1/operator/apps/"+s.app+"/capabilities/phone-number/revocation", `{"reason":"misused"}`, nil).Code
	}); !slices.Contains(codes, 200) && !slices.Contains(codes, 204) || codes[0] == codes[1] || slices.Max(codes) >= 500 {
		t.Errorf("two revocations at once: %d", codes)
	}
	is("the code of a capability that was revoked", exchange(phone, code), 403)
	is("asking for one more", s.inHost("POST", "/programs/"+s.app+"/consents/phone-number", "{}").Code, 403)

	// An app suspended between the code and its exchange, and in the middle of a session.
	code = s.loginCode()
	operate("POST", "/apps/"+s.app+"/suspension", `{"reason":"x"}`)
	is("logging in to a suspended app", s.inHost("POST", "/programs/"+s.app+"/login", "{}").Code, 404, 403)
	is("opening a suspended app", s.inHost("GET", "/programs/"+s.app+"/launch", "").Code, 404, 403)
	is("the profile, for a suspended app", s.inHost("POST", "/programs/"+s.app+"/consents/profile", "{}").Code, 404, 403)
	is("the relay of a suspended app", s.as("visitor", "POST", "/api/host/v1/programs/"+s.app+"/fetch", "", func(r *http.Request) { r.Header.Set("X-Minimart-Request", `{}`) }).Code, 404, 403, 400, 422)
	is("the code of a suspended app", exchange(login, code), 403)
	is("a member, for the server of a suspended app", member(), 403)
	for door, heard := range map[string]any{
		"WeChat's": fmt.Sprint(ours.wechat("/sns/jscode2session", map[string]string{"appid": s.app, "secret": ours.secret, "js_code": code, "grant_type": "authorization_code"})),
		"JD's":     fmt.Sprint(ours.jos("jingdong.miniapp.mixUserInfo", body(code), "")),
	} {
		if strings.Contains(heard.(string), openid) {
			t.Errorf("a suspended app at %s door: %v", door, heard)
		}
	}
	operate("DELETE", "/apps/"+s.app+"/suspension", "")

	// A consumer suspended between the code and its exchange.
	code = s.loginCode()
	operate("POST", "/consumers/"+consumer+"/suspension", `{"reason":"x"}`)
	is("a suspended consumer", s.inHost("GET", "/me", "").Code, 401, 403)
	is("the code of a suspended consumer", exchange(login, code), 404, 403, 409)
	operate("DELETE", "/consumers/"+consumer+"/suspension", "")

	// A host app suspended in the middle of a session.
	host := at(s.console("operator", "POST", "/operator/hosts", `{"name":"App","kind":"android"}`), "host.id")
	key := publishableKey.FindString(s.send("operator", "GET", "/api/console/v1/operator/hosts/"+host, "").Body.String())
	asked := func() int {
		return s.as("", "GET", "/api/host/v1/host", "", func(r *http.Request) { r.Header.Set("Minimart-Host", key) }).Code
	}
	is("a host app", asked(), 200)
	operate("POST", "/hosts/"+host+"/suspension", `{"reason":"x"}`)
	is("a suspended host app", asked(), 403)

	// A key revoked: its signature, its secret and its tokens.
	_, out := ours.wechat("/cgi-bin/token", map[string]string{"grant_type": "client_credential", "appid": s.app, "secret": ours.secret})
	token := at(out, "access_token")
	s.console("owner", "DELETE", "/apps/"+s.app+"/keys/"+ours.key, "")
	status, _ := ours.call("GET", "/open/v1/versions", "")
	is("a revoked key", status, 401)
	if n, out := ours.wechat("/wxa/checksession", map[string]string{"access_token": token, "openid": openid, "signature": strings.Repeat("0", 64), "sig_method": "hmac_sha256"}); n != 40001 && n != 42001 && n != 40014 {
		t.Errorf("a token of a revoked key: %v", out)
	}
	if code, out := ours.jos("jingdong.miniapp.mixUserInfo", body("x"), ""); code == "" {
		t.Errorf("a revoked key at JD's door: %v", out)
	}
}

func TestReleasesAtOnceEndInOneState(t *testing.T) {
	s := newStage(t)
	a, b := s.approved("owner", s.app), s.approved("owner", s.app)
	do := []struct{ method, path, body string }{
		{"POST", "/rollout", `{"version":"` + a + `","share":1000000}`}, {"POST", "/rollout", `{"version":"` + b + `","share":100000}`}, {"PUT", "/rollout", `{"share":500000}`},
		{"DELETE", "/rollout", ""}, {"POST", "/rollback", `{"version":"` + s.released + `"}`}, {"POST", "/rollout", `{"version":"` + b + `","share":1000000}`},
	}
	for range 3 {
		for i, code := range together(len(do), func(i int) int {
			return s.as("owner", do[i].method, "/api/console/v1/apps/"+s.app+do[i].path, do[i].body, nil).Code
		}) {
			if code >= 500 || code == 422 {
				t.Errorf("%s %s: %d", do[i].method, do[i].path, code)
			}
		}
		if r := s.as("", "GET", "/api/host/v1/programs/"+s.app+"/launch", "", nil); r.Code != 200 {
			t.Fatalf("nothing is out: %d %s", r.Code, r.Body)
		}
	}
}

// archive is a zip with entries that no packer would make.
func archive(t *testing.T, entries func(z *zip.Writer) error) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	if err := errors.Join(entries(z), z.Close()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func putInto(z *zip.Writer, name, text string) error {
	f, err := z.Create(name)
	if err != nil {
		return err
	}
	_, err = f.Write([]byte(text))
	return err
}

func TestNoPackageHarmsEitherDoor(t *testing.T) {
	s, ours, _ := openStage(t)
	plain := map[string]string{"app.json": `{"pages":["pages/index/index"]}`, "app.js": `App({})`, "pages/index/index.jxml": `<view/>`, "pages/index/index.js": `Page({})`}
	around := func(more func(z *zip.Writer) error) string {
		return archive(t, func(z *zip.Writer) error {
			for name, text := range plain {
				if err := putInto(z, name, text); err != nil {
					return err
				}
			}
			return more(z)
		})
	}
	named := func(names ...string) string {
		return around(func(z *zip.Writer) error {
			for _, name := range names {
				if err := putInto(z, name, "x"); err != nil {
					return err
				}
			}
			return nil
		})
	}
	config := func(text string) string {
		return archive(t, func(z *zip.Writer) error {
			return errors.Join(putInto(z, "app.json", text), putInto(z, "app.js", "App({})"), putInto(z, "pages/index/index.jxml", "<view/>"), putInto(z, "pages/index/index.js", "Page({})"))
		})
	}
	for name, body := range map[string]string{
		"no zip":                   "PK\x03\x04 this is none",
		"an empty zip":             "PK\x05\x06" + strings.Repeat("\x00", 18),
		"a bomb":                   around(func(z *zip.Writer) error { return putInto(z, "assets/bomb.json", strings.Repeat("0", 200<<20)) }),
		"a file over its limit":    around(func(z *zip.Writer) error { return putInto(z, "assets/big.json", strings.Repeat("0", 6<<20)) }),
		"a slip":                   named("../../../etc/cron.d/evil"),
		"a slip by backslashes":    named(`..\..\evil.js`),
		"an absolute path":         named("/etc/passwd"),
		"a drive":                  named(`C:\evil.js`),
		"two of one name":          named("a.js", "a.js"),
		"two that differ in case":  named("Assets/a.js", "assets/A.JS", "assets/a.js"),
		"a name with a NUL":        named("a\x00.js"),
		"a name that is no UTF-8":  named("\xff\xfe.js"),
		"a name of 10 kB":          named(strings.Repeat("a", 10<<10) + ".js"),
		"a path of 1000 folders":   named(strings.Repeat("a/", 1000) + "a.js"),
		"a folder and file of one": named("a", "a/b.js"),
		"a symbolic link": around(func(z *zip.Writer) error {
			h := &zip.FileHeader{Name: "link.js"}
			h.SetMode(os.ModeSymlink | 0o777)
			f, err := z.CreateHeader(h)
			if err == nil {
				_, err = f.Write([]byte("/etc/passwd"))
			}
			return err
		}),
		"100,000 files": around(func(z *zip.Writer) error {
			for i := range 100_000 {
				if _, err := z.CreateHeader(&zip.FileHeader{Name: fmt.Sprint("f", i)}); err != nil {
					return err
				}
			}
			return nil
		}),
		"a deep app.json":    config(strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000)),
		"a huge app.json":    config(`{"pages":["pages/index/index"],"x":"` + strings.Repeat("y", 4<<20) + `"}`),
		"200,000 pages":      config(`{"pages":["pages/index/index"` + strings.Repeat(`,"p/p"`, 200_000) + `]}`),
		"no UTF-8":           config("{\"pages\":[\"pages/index/index\"],\"window\":{\"navigationBarTitleText\":\"\xff\xfe\"}}"),
		"a page out of here": config(`{"pages":["../../etc/passwd"]}`),
	} {
		began := time.Now()
		for door, send := range map[string]func() (int, string){
			"console": func() (int, string) {
				out := s.send("owner", "POST", "/api/console/v1/apps/"+s.app+"/versions?label=9", body)
				return out.Code, out.Body.String()
			},
			"open": func() (int, string) {
				r := ours.sign("POST", "/open/v1/versions?label=9", body, time.Now())
				r.Header.Set("Content-Type", "application/zip")
				return ours.send(r)
			},
		} {
			if code, text := send(); code >= 500 || code < 300 || code == 401 {
				t.Errorf("%s at the %s door: %d %.300s", name, door, code, text)
			}
		}
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%s took %s", name, took)
		}
	}
	// More than fits, said and unsaid, without waiting for all of it.
	for name, length := range map[string]int64{"declared": 1 << 40, "not declared": -1} {
		out := s.as("owner", "POST", "/api/console/v1/apps/"+s.app+"/versions?label=9", "", func(r *http.Request) {
			r.Header.Set("Content-Type", "application/zip")
			r.Body, r.ContentLength = io.NopCloser(io.LimitReader(zeros{}, 1<<40)), length
		})
		if out.Code != 413 && out.Code != 429 {
			t.Errorf("an endless upload, its length %s: %d %.200s", name, out.Code, out.Body)
		}
	}
	// Pictures and documents.
	for name, file := range map[string]string{
		"a page": "<!doctype html><script>alert(1)</script>", "a picture over its limit": "\x89PNG\r\n\x1a\n" + strings.Repeat("0", 300<<10), "nothing": "", "a zip": pack(t, nil),
		"XML that is no picture": `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>`,
	} {
		if out := s.as("owner", "PUT", "/api/console/v1/apps/"+s.app+"/icon", file, func(r *http.Request) { r.Header.Set("Content-Type", "application/octet-stream") }); out.Code < 400 || out.Code >= 500 {
			t.Errorf("%s as an icon: %d %.200s", name, out.Code, out.Body)
		}
	}
	fresh := at(s.console("owner", "POST", "/organisations", `{"name":"Papers","kind":"merchant"}`), "id")
	document := func(name, file string) *httptest.ResponseRecorder {
		return s.as("owner", "POST", "/api/console/v1/organisations/"+fresh+"/documents?kind=other&name="+url.QueryEscape(name), file, func(r *http.Request) { r.Header.Set("Content-Type", "application/octet-stream") })
	}
	for name, file := range map[string]string{
		"page.pdf": "<!doctype html><script>alert(1)</script>", "picture.svg": `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "empty.pdf": "", "big.pdf": "%PDF-1.4\n" + strings.Repeat("0", 11<<20),
	} {
		if out := document(name, file); out.Code < 400 || out.Code >= 500 {
			t.Errorf("%s as a document: %d %.200s", name, out.Code, out.Body)
		}
	}
	for _, name := range []string{"a\r\nSet-Cookie: x=y.pdf", "a\x00.pdf", "\u202efdp.exe", strings.Repeat("长", 200) + ".pdf"} {
		if out := document(name, demoLicence); out.Code != 422 {
			t.Errorf("a document called %.30q: %d %s", name, out.Code, out.Body)
		}
	}
	for _, name := range []string{`"; filename="evil.html`, "../../evil.html", `<img src=x onerror=alert(1)>`, "执照 % 'x'; y=z", "evil.html"} {
		id := at(s.good(document(name, demoLicence), name), "id")
		h := s.as("owner", "GET", "/api/console/v1/organisations/"+fresh+"/documents/"+id, "", nil).Header()
		kind, params, err := mime.ParseMediaType(h.Get("Content-Disposition"))
		if err != nil || kind != "attachment" || len(params) != 1 || !strings.HasSuffix(params["filename"], ".pdf") || strings.ContainsAny(params["filename"], "/\\") ||
			h.Get("Content-Type") != "application/pdf" || h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%q is served with %v", name, h)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestNothingThatIsSentWritesALineOrAHeader: also no secret is in the log, in the metrics, or in what describes the routes.
func TestNothingThatIsSentWritesALineOrAHeader(t *testing.T) {
	var written syncBuffer
	w := newTownOf(t, platformFlags{}, slog.New(slog.NewJSONHandler(&written, &slog.HandlerOptions{Level: slog.LevelDebug})))
	s := stageIn(t, w)
	ours := s.serverOf("http://example.com", "owner", s.app)
	s.consumer("visitor", "13900139077") // none of the examples that the description gives
	var answers []*httptest.ResponseRecorder
	for _, evil := range []string{"x\r\nSet-Cookie: pwned=1", "x\nINFO forged line=1", "\x1b[2Jx", `"},{"level":"ERROR"`, "x\u2028y", strings.Repeat("A", 20<<10)} {
		for _, h := range []string{"User-Agent", "X-Request-Id", "Accept-Language", "Accept", "Origin", "Referer", "X-Forwarded-For", "Idempotency-Key", "Minimart-Device", "Minimart-Host", "If-None-Match", "Range", "Authorization", "Content-Type", "Accept-Encoding"} {
			answers = append(answers, s.as("owner", "GET", "/api/console/v1/me", "", func(r *http.Request) { r.Header.Set(h, evil) }), s.as("visitor", "GET", "/api/host/v1/host", "", func(r *http.Request) { r.Header.Set(h, evil) }))
		}
		answers = append(answers,
			s.as("owner", "GET", "/api/console/v1/apps/"+url.PathEscape(evil), "", nil), s.as("owner", "GET", "/nowhere/"+url.PathEscape(evil), "", nil),
			s.as("", "GET", "/oauth2/to_login?response_type=code&app_key="+url.QueryEscape(evil)+"&redirect_uri="+url.QueryEscape(evil)+"&state="+url.QueryEscape(evil), "", nil),
			s.as("", "GET", "/cgi-bin/token?grant_type=client_credential&appid="+url.QueryEscape(evil)+"&secret=x", "", nil), s.as("", "GET", "/wxa/"+url.PathEscape(evil), "", nil),
			s.as("", "GET", "/routerjson?app_key="+url.QueryEscape(evil)+"&method="+url.QueryEscape(evil), "", nil), s.as("", "GET", "/p/"+url.PathEscape(evil), "", nil),
			s.as("", "GET", "/run/"+s.app+"/"+url.PathEscape(evil)+"/frame", "", nil), s.as("", "GET", "/run/"+s.app+"/"+s.released+"/frame", "", func(r *http.Request) { r.Host = evil }),
			s.as("", "EVIL", "/api/console/v1/me", "", nil),
		)
	}
	for _, out := range answers {
		for name, values := range out.Header() {
			for _, v := range values {
				if strings.ContainsAny(name+v, "\r\n\x00\x1b") || name == "Set-Cookie" && strings.Contains(v, "pwned") {
					t.Errorf("a header %q: %.100q", name, v)
				}
			}
		}
		if out.Code >= 500 {
			t.Errorf("%d %.300s", out.Code, out.Body)
		}
	}
	// Secrets, as they come and go.
	consoleToken, consumerToken := s.token("owner"), s.token("visitor")
	code := at(s.good(s.inHost("POST", "/programs/"+s.app+"/login", "{}"), "login"), "code")
	trial := at(s.console("owner", "PUT", "/apps/"+s.app+"/trial", `{"version":"`+s.released+`"}`), "path")
	_, ticket, _ := strings.Cut(trial, "ticket=")
	s.as("visitor", "GET", "/app/"+s.app+"?ticket="+ticket, "", nil)
	s.as("visitor", "GET", "/api/host/v1/programs/"+s.app+"/launch?ticket="+ticket, "", nil)
	s.as("", "GET", "/cgi-bin/token?grant_type=client_credential&appid="+s.app+"&secret="+ours.secret, "", nil)
	s.as("", "GET", "/sns/jscode2session?grant_type=authorization_code&appid="+s.app+"&secret="+ours.secret+"&js_code="+code, "", nil)
	s.as("", "GET", "/oauth2/access_token?grant_type=authorization_code&app_key="+ours.key+"&app_secret="+ours.secret+"&code=joc_x", "", nil)
	s.as("", "POST", "/api/console/v1/session", `{"login":"owner@shop.example","password":"a wrong password"}`, nil)
	signed := ours.sign("GET", "/open/v1/versions", "", time.Now())
	signature := signed.Header.Get("Authorization")
	s.as("", "GET", "/open/v1/versions", "", func(r *http.Request) { r.Header.Set("Authorization", signature) })
	metrics := s.as("", "GET", "/metrics", "", nil).Body.String()
	described := s.as("", "GET", "/api/openapi.json", "", nil).Body.String() + s.as("", "GET", "/open/v1/openapi.json", "", nil).Body.String()
	lines := strings.Split(strings.TrimSpace(written.String()), "\n")
	if len(lines) < len(answers) {
		t.Fatalf("%d lines for %d requests", len(lines), len(answers))
	}
	for _, line := range lines {
		var one map[string]any
		if err := json.Unmarshal([]byte(line), &one); err != nil || one["level"] == "ERROR" || len(line) > 2000 {
			t.Errorf("a line of the log: %v %.300s", err, line)
		}
	}
	for what, secret := range map[string]string{
		"a console's token": consoleToken, "a consumer's token": consumerToken, "a password": s.password, "a wrong password": "a wrong password", "a login code": code, "a ticket": ticket, "a key's secret": ours.secret,
		"a signature": signature[len(signature)-40:], "a code on the screen": s.screen.To("+8613900139077")[0].Code, "a phone number": "13900139077", "an e-mail address": "owner@shop.example", "a host's secret": "hsk_",
	} {
		for where, text := range map[string]string{"the log": written.String(), "the metrics": metrics, "the description": described} {
			if secret == "" || where != "the description" && len(secret) < 7 {
				continue // six digits may be anything
			}
			if strings.Contains(text, secret) {
				i := strings.Index(text, secret)
				t.Errorf("%s is in %s: …%.200s", what, where, text[max(0, i-100):])
			}
		}
	}
	if strings.Contains(metrics, "app_01") || strings.Contains(metrics, "EVIL") || strings.Contains(metrics, "/nowhere") {
		t.Errorf("the metrics name what strangers sent: %.500s", metrics)
	}
}

// syncBuffer is a buffer that several write into.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}
func (s *syncBuffer) String() string { s.mu.Lock(); defer s.mu.Unlock(); return s.b.String() }

func TestGuessersShutOutThemselvesAlone(t *testing.T) {
	f := platformFlags{Proxies: []string{"10.9.0.0/16"}}
	for _, proxied := range []bool{false, true} {
		t.Run(fmt.Sprintf("behind a proxy %t", proxied), func(t *testing.T) {
			flags := platformFlags{}
			if proxied {
				flags = f
			}
			w := newTownOf(t, flags, slog.New(slog.DiscardHandler))
			w.enter("li")
			w.enter("han")
			// from comes from an address, as far as can be said, and says of itself what it likes.
			from := func(address, says string) func(*http.Request) {
				return func(r *http.Request) {
					r.RemoteAddr = address + ":9"
					if says != "" {
						r.Header.Set("X-Forwarded-For", says)
					}
					if proxied {
						r.RemoteAddr = "10.9.0.1:9"
						r.Header.Set("X-Forwarded-For", strings.TrimPrefix(says+", "+address, ", "))
					}
				}
			}
			try := func(login, password string, change func(*http.Request)) int {
				return w.as("", "POST", "/api/console/v1/session", fmt.Sprintf(`{"login":%q,"password":%q}`, login, password), change).Code
			}
			refused := 0
			for i := range 20 { // one who says to be somebody else each time
				if try("li@shop.example", "wrong", from("203.0.113.7", fmt.Sprintf("198.51.100.%d", i))) == 429 {
					refused++
				}
			}
			if refused != 12 {
				t.Errorf("%d of 20 guesses were refused", refused)
			}
			if code := try("li@shop.example", w.password, from("203.0.113.7", "198.51.100.99")); code != 429 {
				t.Errorf("the guesser guesses right: %d", code)
			}
			if code := try("li@shop.example", w.password, from("203.0.113.8", "")); code != 200 && code != 204 {
				t.Errorf("the owner from elsewhere: %d", code)
			}
			if code := try("han@shop.example", w.password, from("203.0.113.7", "")); code != 200 && code != 204 {
				t.Errorf("somebody else from the same address: %d", code)
			}
			// Codes to a phone: guessing one, and asking for many.
			ask := func(phone, address string) *httptest.ResponseRecorder {
				return w.as("", "POST", "/api/host/v1/sign-in/codes", `{"phone":"`+phone+`"}`, from(address, "198.51.100.1"))
			}
			challenge := at(w.good(ask("13900139000", "203.0.113.20"), "code"), "challenge")
			right := w.screen.To("+8613900139000")[0].Code
			answer := func(challenge, code, address string) int {
				return w.as("", "POST", "/api/host/v1/session", fmt.Sprintf(`{"challenge":%q,"code":%q}`, challenge, code), from(address, "")).Code
			}
			for i := range 10 {
				if code := answer(challenge, fmt.Sprintf("%06d", i), fmt.Sprintf("203.0.113.%d", 30+i)); code < 400 || code >= 500 {
					t.Fatalf("guess %d: %d", i, code)
				}
			}
			if code := answer(challenge, right, "203.0.113.50"); code < 400 {
				t.Errorf("the right code after ten wrong ones: %d", code)
			}
			sent := 0
			for i := range 30 {
				if ask("13900139001", fmt.Sprintf("203.0.113.%d", 60+i)).Code < 300 {
					sent++
				}
			}
			if sent > 10 {
				t.Errorf("%d messages to one phone", sent)
			}
			if r := ask("13900139002", "203.0.113.99"); r.Code >= 300 {
				t.Errorf("another phone: %d %s", r.Code, r.Body)
			}
		})
	}
	// An IP list of a key believes the proxy, and nobody else.
	s := newStage(t)
	k := s.console("owner", "POST", "/apps/"+s.app+"/keys", `{"name":"x","scopes":["program:upload"],"networks":["192.0.2.1/32"]}`)
	b := backend{t, "http://example.com", at(k, "id"), at(k, "secret")}
	for address, want := range map[string]int{"192.0.2.1:9": 200, "192.0.2.2:9": 403, "[::ffff:192.0.2.1]:9": 200} {
		r := b.sign("GET", "/open/v1/versions", "", time.Now())
		r.RemoteAddr = address
		r.Header.Set("X-Forwarded-For", "192.0.2.1")
		r.Header.Set("X-Real-Ip", "192.0.2.1")
		r.Header.Set("Forwarded", "for=192.0.2.1")
		if out := s.raw(r); out.Code != want {
			t.Errorf("from %s: %d, want %d: %s", address, out.Code, want, out.Body)
		}
	}
}

func TestNobodyLearnsWhatThereIs(t *testing.T) {
	s := newStage(t)
	s.consumer("visitor", "13800138000")
	foreign := s.newApp()
	invited := at(s.console("owner", "POST", "/organisations/"+s.org+"/invitations", `{"login":"guest@shop.example","role":"readonly"}`), "token")
	trial := at(s.console("owner", "PUT", "/apps/"+s.app+"/trial", `{"version":"`+s.released+`"}`), "path")
	_, ticket, _ := strings.Cut(trial, "ticket=")
	for _, c := range []struct {
		what, who, method, path, body string
		there, not                    string // what stands for {} where there is one, and where there is none
	}{
		{"a login with a wrong password", "", "POST", "/api/console/v1/session", `{"login":"{}","password":"wrong"}`, "owner@shop.example", "nobody@shop.example"},
		{"signing up", "", "POST", "/api/console/v1/sign-ups", `{"login":"{}"}`, "owner@shop.example", "nobody@shop.example"},
		{"resetting a password", "", "POST", "/api/console/v1/password-resets", `{"login":"{}"}`, "owner@shop.example", "nobody@shop.example"},
		{"a code for a phone", "", "POST", "/api/host/v1/sign-in/codes", `{"phone":"{}"}`, "13800138000", "13800138001"},
		{"an organisation", "owner elsewhere", "GET", "/api/console/v1/organisations/{}", "", s.org, "org_01JZ4T8K5N3Q0V9W2X7Y6R1M4C"},
		{"an app", "owner elsewhere", "GET", "/api/console/v1/apps/{}", "", s.app, "app_01JZ4T8K5N3Q0V9W2X7Y6R1M4C"},
		{"a version", "owner elsewhere", "GET", "/api/console/v1/apps/" + s.isv + "/versions/{}", "", s.released, "ver_01JZ4T8K5N3Q0V9W2X7Y6R1M4C"},
		{"inviting somebody", "owner elsewhere", "POST", "/api/console/v1/organisations/" + at(s.console("owner elsewhere", "GET", "/me", ""), "memberships.0.organisation") + "/invitations", `{"login":"{}","role":"readonly"}`, "owner@shop.example", "nobody@shop.example"},
		{"an invitation of somebody else", "owner elsewhere", "POST", "/api/console/v1/invitations/acceptance", `{"token":"{}"}`, invited, "A" + invited[1:]},
		{"a program that is not out", "visitor", "GET", "/api/host/v1/programs/{}/launch", "", foreign, "app_01JZ4T8K5N3Q0V9W2X7Y6R1M4C"},
		{"the sandbox of a program that is not out", "", "GET", "/run/{}/" + s.released + "/frame", "", foreign, "app_01JZ4T8K5N3Q0V9W2X7Y6R1M4C"},
		{"a ticket of another program", "visitor", "GET", "/api/host/v1/programs/" + foreign + "/launch?ticket={}", "", ticket, "A" + ticket[1:]},
		{"a key of JD's", "", "GET", "/oauth2/to_login?response_type=code&redirect_uri=https://evil.example&app_key={}", "", s.key("owner", s.app), "key_01JZ4T8K5N3Q0V9W2X7Y6R1M4C"},
	} {
		hear := func(name string) string {
			out := s.as(c.who, c.method, strings.ReplaceAll(c.path, "{}", name), strings.ReplaceAll(c.body, "{}", name), nil)
			text := withoutID(out.Body.String())
			if name != "" {
				text = strings.ReplaceAll(text, name, "{}")
			}
			return fmt.Sprint(out.Code, " ", shapes.ReplaceAllString(text, "…"))
		}
		if there, not := hear(c.there), hear(c.not); there != not && c.what != "a key of JD's" {
			t.Errorf("%s:\n%.400s\n%.400s", c.what, there, not)
		} else if c.what == "a key of JD's" && (strings.HasPrefix(there, "3") || strings.HasPrefix(not, "3")) {
			t.Errorf("%s: %s %s", c.what, there, not)
		}
	}
}

// shapes are what differs in any case: ids, tokens, times.
var shapes = regexp.MustCompile(`[a-z]{3}_[0-9A-Z]{26}|[A-Za-z0-9_-]{40,}|[0-9]{13}`)

func TestNothingInsideIsReached(t *testing.T) {
	s := newStage(t)
	inside := []string{
		"10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "[::]", "[fe80::1]", "[fd00::1]", "[::ffff:10.0.0.1]", "[::ffff:a9fe:a9fe]",
		"[64:ff9b::a00:1]", "[2002:a00:1::]", "[2001:0:a00:1::]", "[::10.0.0.1]", "[ff02::1]", "198.18.0.1",
	}
	for _, host := range inside {
		for _, scheme := range []string{"https", "http"} {
			out := s.as("owner", "POST", "/api/console/v1/apps/"+s.app+"/webhooks", `{"url":"`+scheme+`://`+host+`/","types":["*"]}`, nil)
			if out.Code != 422 {
				t.Errorf("a webhook at %s://%s: %d %s", scheme, host, out.Code, out.Body)
			}
			out = s.as("owner", "PUT", "/api/console/v1/apps/"+s.app+"/domains", `{"request":["`+scheme+`://`+host+`"],"media":[]}`, nil)
			if out.Code != 422 {
				t.Errorf("a domain %s://%s: %d %s", scheme, host, out.Code, out.Body)
			}
		}
	}
	// Spellings that a resolver reads as an address, and names that lead inside: what they lead to is looked at when dialling.
	for _, host := range []string{"2130706433", "0x7f000001", "127.1", "0177.0.0.1", "localhost", "localhost.", "localtest.invalid", "[fe80::1%25eth0]", "127.0.0.1"} {
		for _, scheme := range []string{"https", "http"} {
			s.as("owner", "PUT", "/api/console/v1/apps/"+s.app+"/domains", `{"request":["`+scheme+`://`+host+`"],"media":[]}`, nil)
			meta := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"url":"%s://%s/","method":"GET"}`, scheme, host))
			out := s.as("", "POST", "/api/host/v1/programs/"+s.app+"/fetch", "", func(r *http.Request) { r.Header.Set("X-Minimart-Request", meta) })
			if out.Code < 400 || out.Code == 500 || out.Header().Get("X-Minimart-Response") != "" {
				t.Errorf("the relay reaches %s://%s: %d %s", scheme, host, out.Code, out.Body)
			}
		}
	}
	// Without a demo's screen not even this machine is reached by a webhook.
	f := platformFlags{Data: t.TempDir(), LogFormat: "text"}
	p, err := NewPlatform(t.Context(), f, world{origin: "http://example.com"}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	demo := world{screen: &courier.Screen{}}
	if len(hooksAllowed(platformFlags{Listen: "127.0.0.1:0"}, world{})) != 0 || len(hooksAllowed(platformFlags{Listen: "0.0.0.0:8080"}, demo)) != 0 || len(hooksAllowed(platformFlags{Listen: "[::1]:0"}, demo)) == 0 {
		t.Error("loopback is open in earnest")
	}
	if out := s.as("owner", "POST", "/api/console/v1/apps/"+s.app+"/webhooks", `{"url":"gopher://127.0.0.1/","types":["*"]}`, nil); out.Code != 422 {
		t.Errorf("%d %s", out.Code, out.Body)
	}
}

func TestAnswersKeepToThemselves(t *testing.T) {
	s := newStage(t)
	s.consumer("visitor", "13800138000")
	// What is somebody's own is in no cache.
	for _, o := range s.operations() {
		method, path, _ := strings.Cut(o, " ")
		if method != "GET" || strings.HasPrefix(path, "/open/") {
			continue
		}
		path = strings.NewReplacer("{org}", s.org, "{app}", s.app, "{version}", s.released, "{kind}", "profile").Replace(path)
		for _, who := range []string{"owner", "operator", "visitor", ""} {
			h := s.as(who, "GET", path, "", nil).Header()
			if c := h.Get("Cache-Control"); c != "no-store" && (!strings.HasPrefix(path, "/api/host/v1/programs") || c != "no-cache" && c != "private, no-cache") {
				t.Errorf("GET %s by %q: Cache-Control %q", path, who, c)
			}
			if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("GET %s by %q: %v", path, who, h)
			}
		}
	}
	// Cookies, in the clear and behind TLS.
	for public, secure := range map[string]bool{"": false, "https://mall.example": true} {
		w := newTownOf(t, platformFlags{PublicURL: public}, slog.New(slog.DiscardHandler))
		w.enter("li")
		w.consumer("visitor", "13800138000")
		for who, name := range map[string]string{"li": "minimart", "visitor": "minimart_consumer"} {
			if secure {
				name = "__Host-" + name
			}
			c := w.cookies[who][0]
			same := map[string]http.SameSite{"li": http.SameSiteLaxMode, "visitor": http.SameSiteStrictMode}[who]
			if len(w.cookies[who]) != 1 || c.Name != name || !c.HttpOnly || c.Secure != secure || c.SameSite != same || c.Path != "/" || c.Domain != "" {
				t.Errorf("%q: %v", public, w.cookies[who])
			}
		}
	}
	// The edge: methods, slashes, bodies that are packed or of another kind.
	for _, c := range []struct {
		method, path string
		want         []int
	}{
		{"TRACE", "/api/console/v1/me", []int{405}}, {"CONNECT", "/api/console/v1/me", []int{404, 405}}, {"POST", "/api/console/v1/me", []int{405}}, {"GET", "/api/console/v1/me/", []int{404}},
		{"GET", "//evil.example/..", []int{301, 307, 308, 404}}, {"GET", "//evil.example/%2e%2e", []int{301, 307, 308, 404}}, {"GET", "/%5cevil.example", []int{404}}, {"GET", "/app//evil.example/../..", []int{301, 307, 308, 200}},
		{"GET", "/console/..//evil.example", []int{301, 307, 308, 404}}, {"GET", "/avatars/../p/x", []int{301, 307, 308}}, {"GET", "/avatars/fox.svg/../../api", []int{301, 307, 308, 404}}, {"GET", "/p/..%2f..%2fsecrets.key", []int{404}},
		{"DELETE", "/metrics", []int{405}}, {"GET", "/debug/pprof/", []int{404}}, {"GET", "/.git/config", []int{404}}, {"GET", "/api/console/v1/", []int{404}},
	} {
		out := s.as("owner", c.method, "/", "", func(r *http.Request) {
			u, err := url.ParseRequestURI(c.path)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(c.path, "//") { // as a server reads it, which knows that this is no host
				u = &url.URL{Path: strings.ReplaceAll(c.path, "%2e", ".")}
			}
			r.URL, r.RequestURI = u, c.path
		})
		where := out.Header().Get("Location")
		if !slices.Contains(c.want, out.Code) || strings.HasPrefix(where, "//") || strings.Contains(where, "://") || strings.HasPrefix(where, `/\`) {
			t.Errorf("%s %s: %d to %q", c.method, c.path, out.Code, where)
		}
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write([]byte(`{"name":"Packed","language":"zh"}`))
	_ = z.Close()
	for name, change := range map[string]func(*http.Request){
		"packed": func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip"); r.Body = io.NopCloser(&packed) },
		"a form": func(r *http.Request) {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Body = io.NopCloser(strings.NewReader("name=Form&language=zh"))
		},
		"XML": func(r *http.Request) {
			r.Header.Set("Content-Type", "application/xml")
			r.Body = io.NopCloser(strings.NewReader("<name>x</name>"))
		},
		"CBOR": func(r *http.Request) {
			r.Header.Set("Content-Type", "application/cbor")
			r.Body = io.NopCloser(strings.NewReader("\xa1\x64name\x61x"))
		},
	} {
		if out := s.as("owner", "PATCH", "/api/console/v1/me", "", change); out.Code < 400 || out.Code >= 500 {
			t.Errorf("a body that is %s: %d %s", name, out.Code, out.Body)
		}
	}
	// A redirect leads where the key's owner said, and nowhere else.
	key := s.key("owner", s.app)
	s.console("owner", "PUT", "/apps/"+s.app+"/keys/"+key+"/jos-redirects", `{"items":["https://isv.example/back"]}`)
	for _, to := range []string{"https://evil.example", "https://isv.example/back/../evil", "https://isv.example/back?x=1", "https://isv.example/back#x", "https://isv.example@evil.example/back", "//evil.example", `https://isv.example\@evil.example/back`, "HTTPS://ISV.EXAMPLE/back", "https://isv.example/back%0d%0aX:y", "javascript:alert(1)", ""} {
		if out := s.as("", "GET", "/oauth2/to_login?response_type=code&app_key="+key+"&redirect_uri="+url.QueryEscape(to), "", nil); out.Code < 400 || out.Header().Get("Location") != "" {
			t.Errorf("to_login to %q: %d %q", to, out.Code, out.Header().Get("Location"))
		}
	}
	out := s.as("", "GET", "/oauth2/to_login?response_type=code&app_key="+key+"&redirect_uri="+url.QueryEscape("https://isv.example/back")+"&state="+url.QueryEscape("x&redirect_uri=https://evil.example"), "", nil)
	if where, err := url.Parse(out.Header().Get("Location")); err != nil || out.Code != 302 || where.Host != "" || where.Query()["redirect_uri"][0] != "https://isv.example/back" || len(where.Query()["redirect_uri"]) != 1 {
		t.Errorf("%d %v", out.Code, out.Header())
	}
	for _, to := range []string{"javascript:alert(1)", "http://isv.example/", "https://a@isv.example/", "https://isv.example/#", "data:text/html,x", "https:evil", "//evil"} {
		if out := s.as("owner", "PUT", "/api/console/v1/apps/"+s.app+"/keys/"+key+"/jos-redirects", fmt.Sprintf(`{"items":[%q]}`, to), nil); out.Code != 422 {
			t.Errorf("a redirect to %q may be registered: %d", to, out.Code)
		}
	}
}

// TestASlowSenderIsLeftAlone: a body that does not come costs its sender the connection and nobody else anything.
func TestASlowSenderIsLeftAlone(t *testing.T) {
	s, ours, _ := openStage(t)
	addr := strings.TrimPrefix(ours.base, "http://")
	var open []net.Conn
	for range 200 {
		c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		fmt.Fprintf(c, "POST /open/v1/versions?label=1 HTTP/1.1\r\nHost: %s\r\nContent-Type: application/zip\r\nContent-Length: 1000000\r\n\r\nPK", addr)
		open = append(open, c)
	}
	began := time.Now()
	if code, text := ours.call("GET", "/open/v1/versions", ""); code != 200 || time.Since(began) > 10*time.Second {
		t.Errorf("%d %s after %s", code, text, time.Since(began))
	}
	// Who is not let in is told so at once, before the body has come.
	if err := open[0].SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(open[0]).ReadString('\n')
	if err != nil || !strings.Contains(line, "401") {
		t.Errorf("%q %v", line, err)
	}
	_ = s
}
