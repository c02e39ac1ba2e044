package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"minimart/open/gateway/client"
)

// openToAll are the routes for host apps that somebody who has not signed in may use.
var openToAll = []string{
	"GET /host", "GET /programs", "GET /programs/{app}/launch", "GET /avatars", "GET /membership/plans",
	"POST /sign-in/codes", "POST /session", "POST /session/assertion", "DELETE /session",
}

func TestEveryHostRouteAsksWhichHostAppItIsAndMostWhoTheConsumerIs(t *testing.T) {
	s := newStage(t)
	s.consumer("visitor", "13800138000")
	n := 0
	for _, o := range s.operations() {
		method, path, ok := strings.Cut(o, " /api/host/v1")
		if !ok {
			continue
		}
		n++
		at := "/api/host/v1" + strings.NewReplacer("{app}", s.app, "{kind}", "profile", "{session}", "css_01JZ4T8K5N3Q0V9W2X7Y6R1M4C").Replace(path)
		ask := func(who string, change func(*http.Request)) int {
			r := httptest.NewRequest(method, at, strings.NewReader("{}"))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Minimart-Host", s.hostKey)
			r.Header.Set("Sec-Fetch-Site", "same-origin")
			for _, c := range s.cookies[who] {
				r.AddCookie(c)
			}
			change(r)
			out := httptest.NewRecorder()
			s.api.ServeHTTP(out, r)
			return out.Code
		}
		same := func(*http.Request) {}
		if code := ask("visitor", func(r *http.Request) { r.Header.Del("Minimart-Host") }); code != http.StatusForbidden {
			t.Errorf("%s without a host app: %d", o, code)
		}
		if code := ask("visitor", func(r *http.Request) { r.Header.Set("Minimart-Host", "hpk_00000000000000000000000000000000") }); code != http.StatusForbidden {
			t.Errorf("%s by a host app that is none: %d", o, code)
		}
		// The page of a mini program has an opaque origin.
		if code := ask("visitor", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site"); r.Header.Set("Origin", "null") }); code != http.StatusForbidden {
			t.Errorf("%s from a sandbox: %d", o, code)
		}
		if code := ask("nobody", same); (code == http.StatusUnauthorized) == slices.Contains(openToAll, method+" "+path) {
			t.Errorf("%s by somebody who has not signed in: %d", o, code)
		}
		if method != http.MethodDelete {
			if code := ask("visitor", same); code == http.StatusUnauthorized || code >= 500 {
				t.Errorf("%s by a consumer: %d", o, code)
			}
		}
	}
	if n < len(openToAll) {
		t.Fatalf("%d routes for host apps", n)
	}
}

// signer sends calls to the open API with a key.
func (s *stage) signer(who, app string, scopes ...string) func(method, path, body string) *httptest.ResponseRecorder {
	s.t.Helper()
	list, err := json.Marshal(scopes)
	if err != nil {
		s.t.Fatal(err)
	}
	k := s.console(who, "POST", "/apps/"+app+"/keys", fmt.Sprintf(`{"name":"server","scopes":%s}`, list))
	transport := &client.Transport{Key: at(k, "id"), Secret: at(k, "secret")}
	return func(method, path, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		if strings.HasPrefix(body, "PK") {
			r.Header.Set("Content-Type", "application/zip")
		}
		signed, err := transport.Sign(r)
		if err != nil {
			s.t.Fatal(err)
		}
		signed.RemoteAddr = "192.0.2.1:99"
		out := httptest.NewRecorder()
		s.api.ServeHTTP(out, signed)
		return out
	}
}

// openTable is every route of the open API: the scope it needs, what is sent, and what a neighbour hears who names what is
// ours: 0 where there is nothing to name.
var openTable = map[string]struct {
	scope, body string
	neighbour   int
}{
	"GET /open/v1/versions":                      {scope: "program:upload"},
	"POST /open/v1/versions":                     {scope: "program:upload", body: "{package}"},
	"GET /open/v1/versions/{version}":            {scope: "program:upload", neighbour: 404},
	"POST /open/v1/login-codes/exchange":         {scope: "identity:exchange", body: `{"code":"{logincode}"}`, neighbour: 404},
	"POST /open/v1/phone-codes/exchange":         {scope: "phone-number:read", body: `{"code":"{phonecode}"}`, neighbour: 404},
	"GET /open/v1/consumers/{openid}/membership": {scope: "membership:read", neighbour: 404},
}

func TestEveryOpenRouteAsksForASignatureAScopeACapabilityAndKnowsNoNeighbours(t *testing.T) {
	s := newStage(t)
	s.made = map[string]string{}
	all := []string{"program:upload", "identity:exchange", "phone-number:read", "membership:read"}
	for _, app := range []string{s.app, s.isv} {
		owner := map[string]string{s.app: "owner", s.isv: "owner elsewhere"}[app]
		s.console(owner, "PATCH", "/apps/"+app, `{"privacy":{"phone-number":"to tell you when it ships","membership":"to show your price"}}`)
		for _, capability := range []string{"phone-number", "plus-membership"} {
			if err := s.capabilities.Endow(t.Context(), app, capability); err != nil {
				t.Fatal(err)
			}
		}
	}
	ours, neighbour := s.signer("owner", s.app, all...), s.signer("owner elsewhere", s.isv, all...)
	s.consumer("visitor", "13800138000")
	host := func(method, path, body string) map[string]any {
		return s.good(s.send("visitor", method, "/api/host/v1"+path, body), path)
	}
	logincode := func() string { return at(host("POST", "/programs/"+s.app+"/login", "{}"), "code") }
	openid := at(s.good(ours("POST", "/open/v1/login-codes/exchange", `{"code":"`+logincode()+`"}`), "exchange"), "openid")
	host("POST", "/programs/"+s.app+"/consents/membership", "{}")
	version := s.upload("owner", s.app)

	for _, o := range s.operations() {
		method, path, ok := strings.Cut(o, " ")
		if !ok || !strings.HasPrefix(path, "/open/v1") {
			continue
		}
		row, ok := openTable[o]
		if !ok {
			t.Errorf("%s has no row: say what it needs", o)
			continue
		}
		path = strings.NewReplacer("{version}", version, "{openid}", openid).Replace(path)
		if method == "POST" && strings.HasSuffix(path, "/versions") {
			path += "?label=9.9"
		}
		body := s.fill(row.body)
		switch {
		case strings.Contains(body, "{logincode}"):
			body = strings.ReplaceAll(body, "{logincode}", logincode())
		case strings.Contains(body, "{phonecode}"):
			body = strings.ReplaceAll(body, "{phonecode}", at(host("POST", "/programs/"+s.app+"/consents/phone-number", "{}"), "code"))
		}
		unsigned := httptest.NewRecorder()
		s.api.ServeHTTP(unsigned, httptest.NewRequest(method, path, strings.NewReader(body)))
		if unsigned.Code != http.StatusUnauthorized {
			t.Errorf("%s unsigned: %d", o, unsigned.Code)
		}
		others := slices.DeleteFunc(slices.Clone(all), func(scope string) bool { return scope == row.scope })
		if r := s.signer("owner", s.app, others...)(method, path, body); r.Code != http.StatusForbidden {
			t.Errorf("%s by a key without %s: %d %s", o, row.scope, r.Code, r.Body)
		}
		if row.neighbour != 0 {
			if r := neighbour(method, path, body); r.Code != row.neighbour {
				t.Errorf("%s by a neighbour's key: %d %s", o, r.Code, r.Body)
			}
		}
		if r := ours(method, path, body); r.Code >= 300 {
			t.Errorf("%s by our own key: %d %s", o, r.Code, r.Body)
		}
	}
}
