package host_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"minimart/open/host"
	"minimart/platform/access"
	"minimart/platform/access/accesstest"
	"minimart/platform/fault"
	"minimart/platform/httpapi"
)

const goodToken, oldToken, shutToken = "good_token_of_somebody", "old_token_of_somebody", "token_of_who_is_suspended"

// guests are the consumers who have signed in.
type guests struct {
	asked atomic.Int64
	seen  access.Visitor
	down  bool
}

func (g *guests) Resume(ctx context.Context, token string) (consumer, session string, err error) {
	g.asked.Add(1)
	g.seen, _ = access.VisitorOf(ctx)
	switch {
	case g.down:
		return "", "", errors.New("down")
	case token == goodToken:
		return "csm_1", "ses_1", nil
	case token == shutToken:
		return "", "", fault.Denied("this account is suspended")
	}
	return "", "", fault.Unauthenticated("the session is over")
}

type lobby struct {
	*street
	api    *httpapi.API
	door   http.Handler
	guests *guests
	key    string // of the platform's own host
}

type visitorView struct {
	access.Visitor
	HostName, Token string
}

type visitorAnswer struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      visitorView
}

func openLobby(t testing.TB, s *street, e host.Edge) *lobby {
	t.Helper()
	who, as := accesstest.As(consoleActors)
	l := &lobby{street: s, guests: &guests{}, api: httpapi.New(http.NewServeMux(), httpapi.Options{Title: "test", Version: "1", Clock: s.clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})}
	door := host.Guard(l.api, s.Service, l.guests, e)
	s.HostRoutes(door, "/api/demo/messages?to=")
	answer := func(ctx context.Context, _ *struct{}) (*visitorAnswer, error) {
		v, _ := access.VisitorOf(ctx)
		h, _ := host.Of(ctx)
		return &visitorAnswer{host.Cookies(ctx, "fresh_token", s.clock.Now().UnixMilli()+1000), visitorView{v, h.Name, host.Token(ctx)}}, nil
	}
	huma.Register(door, huma.Operation{OperationID: "host-look", Method: "GET", Path: "/look"}, answer)
	huma.Register(door, huma.Operation{OperationID: "host-begin", Method: "POST", Path: "/begin"}, answer)
	huma.Register(door, host.SignedIn(huma.Operation{OperationID: "host-own", Method: "GET", Path: "/own", Metadata: map[string]any{"x": 1}}), answer)
	huma.Register(door, host.SignedIn(huma.Operation{OperationID: "host-change", Method: "PUT", Path: "/own"}), answer)
	huma.Register(door, huma.Operation{OperationID: "host-list", Method: "GET", Path: "/list"}, func(context.Context, *struct{}) (*struct {
		CacheControl string `header:"Cache-Control"`
	}, error) {
		return &struct {
			CacheControl string `header:"Cache-Control"`
		}{"no-cache"}, nil
	})
	huma.Register(door, host.SignedIn(huma.Operation{OperationID: "host-out", Method: "DELETE", Path: "/own"}), func(ctx context.Context, _ *struct{}) (*struct {
		SetCookie []http.Cookie `header:"Set-Cookie"`
	}, error) {
		return &struct {
			SetCookie []http.Cookie `header:"Set-Cookie"`
		}{host.Cookies(ctx, "", 0)}, nil
	})
	s.ConsoleRoutes(huma.NewGroup(l.api, "/api/console/v1"), who)
	l.door = as(l.api)
	l.key = must[host.Host](t)(s.EnsureBuiltin(t.Context())).PublishableKey
	return l
}

func (l *lobby) send(method, path string, header map[string]string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	r.Header.Set("Minimart-Host", l.key)
	for name, value := range header {
		r.Header.Del(name)
		for v := range strings.SplitSeq(value, "\n") {
			if v != "" {
				r.Header.Add(name, v)
			}
		}
	}
	w := httptest.NewRecorder()
	l.door.ServeHTTP(w, r)
	return w
}

const hostAPI = "/api/host/v1"

func TestTheDoorKnowsWhoVisits(t *testing.T) {
	l := openLobby(t, onSQLite(t), host.Edge{})
	w := l.send("GET", hostAPI+"/host", nil)
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"name":"Minimart","codesAt":"/api/demo/messages?to="`) || w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Vary") == "" {
		t.Errorf("%d %s %v", w.Code, w.Body, w.Header())
	}
	for _, tt := range []struct {
		name, path string
		header     map[string]string
		status     int
		says       string
	}{
		{"a stranger", "/look", nil, 200, `"Consumer":""`},
		{"somebody with a cookie", "/look", map[string]string{"Cookie": "minimart_consumer=" + goodToken}, 200, `"Consumer":"csm_1"`},
		{"somebody with a token", "/own", map[string]string{"Authorization": "bearer " + goodToken, "Minimart-Device": "abcdefghijklmnop"}, 200, `"Device":"abcdefghijklmnop","Consumer":"csm_1","Session":"ses_1","Address":"192.0.2.1"`},
		{"whose session ended", "/look", map[string]string{"Cookie": "minimart_consumer=" + oldToken}, 200, `"Consumer":""`},
		{"whose session ended, at home", "/own", map[string]string{"Cookie": "minimart_consumer=" + oldToken}, 401, "session is over"},
		{"who is suspended", "/look", map[string]string{"Authorization": "Bearer " + shutToken}, 200, `"Consumer":""`},
		{"who is suspended, at home", "/own", map[string]string{"Authorization": "Bearer " + shutToken}, 403, "suspended"},
		{"a stranger at home", "/own", nil, 401, "sign in first"},
		{"two tokens", "/own", map[string]string{"Authorization": "Bearer " + goodToken + "\nBearer " + goodToken}, 401, "sign in first"},
		{"two cookies", "/own", map[string]string{"Cookie": "minimart_consumer=" + goodToken + "; minimart_consumer=" + oldToken}, 401, "sign in first"},
		{"a cookie of the consoles", "/own", map[string]string{"Cookie": "minimart=" + goodToken}, 401, "sign in first"},
		{"another scheme", "/own", map[string]string{"Authorization": "Basic " + goodToken}, 401, "sign in first"},
		{"a token that is none", "/own", map[string]string{"Authorization": "Bearer ' OR 1=1 --padding"}, 401, "sign in first"},
		{"a short device", "/look", map[string]string{"Minimart-Device": "short"}, 422, "16 to 64"},
		{"an odd device", "/look", map[string]string{"Minimart-Device": "<script>alert(1)</script>"}, 422, "16 to 64"},
		{"no host app", "/look", map[string]string{"Minimart-Host": ""}, 403, "say which host app"},
		{"no such host app", "/look", map[string]string{"Minimart-Host": "hpk_" + strings.Repeat("x", 32)}, 403, "no host app with this key"},
		{"no key at all", "/look", map[string]string{"Minimart-Host": "\x00\x1b"}, 403, "no host app with this key"},
	} {
		w := l.send("GET", hostAPI+tt.path, tt.header)
		if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.says) {
			t.Errorf("%s: %d %s, want %d %s", tt.name, w.Code, w.Body, tt.status, tt.says)
		}
		if w.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %v", tt.name, w.Header())
		}
	}
	if v := l.guests.seen; v.Host == "" || v.Address == "" || v.Consumer != "" { // what sessions are held to
		t.Errorf("%+v", v)
	}
	asked := l.guests.asked.Load()
	l.send("GET", hostAPI+"/look", map[string]string{"Authorization": "Bearer " + strings.Repeat("x", 300)})
	if l.guests.asked.Load() != asked {
		t.Error("what cannot be a token was looked up")
	}
	l.guests.down = true
	if w := l.send("GET", hostAPI+"/look", map[string]string{"Authorization": "Bearer " + goodToken}); w.Code != 500 {
		t.Errorf("somebody became a stranger because the sessions are away: %d", w.Code)
	}
	if w := l.send("GET", hostAPI+"/list", nil); w.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("%v", w.Header())
	}
	if op := l.api.OpenAPI().Paths[hostAPI+"/own"].Get; op.Metadata["x"] != 1 {
		t.Errorf("%v", op.Metadata)
	}
}

func TestAPlainHandlerHasTheSameDoor(t *testing.T) {
	l := openLobby(t, onSQLite(t), host.Edge{})
	l.door = host.Handler(l.Service, l.guests, host.Edge{}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, _ := access.VisitorOf(r.Context())
		io.WriteString(w, v.Consumer)
	}))
	if w := l.send("POST", "/fetch", map[string]string{"Authorization": "Bearer " + goodToken}); w.Code != 200 || w.Body.String() != "csm_1" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := l.send("POST", "/fetch", map[string]string{"Minimart-Host": ""}); w.Code != 403 || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := l.send("POST", "/fetch", map[string]string{"Origin": "null"}); w.Code != 403 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestASuspendedHostAppIsOutside(t *testing.T) {
	l := openLobby(t, onSQLite(t), host.Edge{})
	i := l.register(t, "Shop")
	as := map[string]string{"Minimart-Host": i.Host.PublishableKey, "Authorization": "Bearer " + goodToken}
	if w := l.send("GET", hostAPI+"/own", as); w.Code != 200 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	must[host.Host](t)(l.Suspend(t.Context(), root, i.Host.ID, "sells data"))
	if w := l.send("GET", hostAPI+"/own", as); w.Code != 403 || !strings.Contains(w.Body.String(), "suspended") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestAForeignPageIsNobodyAndChangesNothing(t *testing.T) {
	l := openLobby(t, onSQLite(t), host.Edge{PublicURL: "http://mini.example"})
	partner := l.register(t, "Partner", "https://partner.example").Host
	other := l.register(t, "Other", "https://other.example").Host
	for _, tt := range []struct {
		name    string
		header  map[string]string
		status  int  // of what changes something for whoever the cookie belongs to
		mayRead bool // whether the page reads the answer
	}{
		{"the host page", map[string]string{"Sec-Fetch-Site": "same-origin"}, 200, false},
		{"the host page, in an old browser", map[string]string{"Origin": "http://example.com"}, 200, false},
		{"the host page, behind a proxy", map[string]string{"Origin": "http://mini.example"}, 200, false},
		{"a program", nil, 200, false},
		{"a mini program in its sandbox", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "null"}, 403, false},
		{"a sandbox in an old browser", map[string]string{"Origin": "null"}, 403, false},
		{"a sandbox that does not say", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403, false},
		{"another site", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, 403, false},
		{"another site, in an old browser", map[string]string{"Origin": "https://evil.example"}, 403, false},
		{"a subdomain", map[string]string{"Sec-Fetch-Site": "same-site", "Origin": "http://x.mini.example"}, 403, false},
		{"a page that calls itself us", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "http://mini.example"}, 403, false},
		{"another site, with our name in front", map[string]string{"Origin": "http://example.com.evil.example"}, 403, false},
		{"two origins", map[string]string{"Origin": "https://evil.example\nhttp://example.com"}, 403, false},
		{"a partner's page with our key", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://partner.example"}, 403, true},
		{"a partner's page with its own key", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://partner.example", "Minimart-Host": partner.PublishableKey}, 401, true},
		{"a partner's page with another's key", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://partner.example", "Minimart-Host": other.PublishableKey}, 403, true},
		{"a form", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example", "Minimart-Host": "", "Content-Type": "text/plain"}, 403, false},
	} {
		header := maps.Clone(tt.header)
		if header == nil {
			header = map[string]string{}
		}
		header["Cookie"] = "minimart_consumer=" + goodToken
		w := l.send("PUT", hostAPI+"/own", header)
		if w.Code != tt.status {
			t.Errorf("%s: %d, want %d: %s", tt.name, w.Code, tt.status, w.Body)
		}
		if got := w.Header().Get("Access-Control-Allow-Origin"); (got != "") != tt.mayRead || got == "*" || w.Header().Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: %v", tt.name, w.Header())
		}
		if !slices.Contains(w.Header().Values("Vary"), "Origin") {
			t.Errorf("%s: %v", tt.name, w.Header())
		}
		// Signing a victim in to the attacker's account is an attack, too.
		if w := l.send("POST", hostAPI+"/begin", header); w.Code == 200 && tt.status != 200 && len(w.Result().Cookies()) > 0 {
			t.Errorf("%s signing in: %d %v", tt.name, w.Code, w.Header())
		}
		if tt.status == 403 { // nor does it read
			if w := l.send("GET", hostAPI+"/look", header); w.Code != 403 {
				t.Errorf("%s reading: %d %s", tt.name, w.Code, w.Body)
			}
		}
	}
	// A partner's page keeps its token itself.
	at := map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://partner.example", "Minimart-Host": partner.PublishableKey, "Authorization": "Bearer " + goodToken}
	w := l.send("PUT", hostAPI+"/own", at)
	if w.Code != 200 || w.Header().Get("Access-Control-Allow-Origin") != "https://partner.example" || len(w.Result().Cookies()) != 0 || !strings.Contains(w.Body.String(), `"HostName":"Partner"`) {
		t.Errorf("%d %s %v", w.Code, w.Body, w.Header())
	}
	must[host.Host](t)(l.Suspend(t.Context(), root, partner.ID, "x"))
	if w := l.send("PUT", hostAPI+"/own", at); w.Code != 403 || w.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

func TestBrowsersAskFirst(t *testing.T) {
	l := openLobby(t, onSQLite(t), host.Edge{})
	l.register(t, "Partner", "https://partner.example")
	for origin, status := range map[string]int{
		"https://partner.example": 204, "https://PARTNER.example": 403, "https://partner.example:443": 403, "http://partner.example": 403, "https://x.partner.example": 403,
		"https://partner.example.evil.example": 403, "https://evil.example": 403, "null": 403, "": 403, "https://partner.example\nhttps://evil.example": 403, "*": 403,
	} {
		w := l.send("OPTIONS", hostAPI+"/programs/app_x/launch", map[string]string{
			"Minimart-Host": "", "Origin": origin, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "minimart-host, authorization",
		})
		h := w.Header()
		if w.Code != status || (h.Get("Access-Control-Allow-Origin") == origin) != (status == 204) && origin != "" || h.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%q: %d %v", origin, w.Code, h)
		}
		if status == 204 {
			for _, name := range []string{"Minimart-Host", "Minimart-Device", "Authorization", "Content-Type"} {
				if !strings.Contains(h.Get("Access-Control-Allow-Headers"), name) {
					t.Errorf("%v", h)
				}
			}
			if !strings.Contains(h.Get("Access-Control-Allow-Methods"), "PATCH") || strings.Contains(h.Get("Access-Control-Allow-Headers"), "Cookie") {
				t.Errorf("%v", h)
			}
		}
	}
}

func TestTheCookieBelongsToTheHostPageAlone(t *testing.T) {
	l := openLobby(t, onSQLite(t), host.Edge{})
	w := l.send("POST", hostAPI+"/begin", map[string]string{"Sec-Fetch-Site": "same-origin"})
	c := w.Result().Cookies()
	if len(c) != 1 || c[0].Name != "minimart_consumer" || !c[0].HttpOnly || c[0].SameSite != http.SameSiteStrictMode || c[0].Path != "/" || c[0].Domain != "" || c[0].Secure || c[0].Expires.IsZero() {
		t.Errorf("%+v", c)
	}
	w = l.send("DELETE", hostAPI+"/own", map[string]string{"Cookie": "minimart_consumer=" + goodToken})
	if c := w.Result().Cookies(); len(c) != 1 || c[0].MaxAge != -1 || c[0].Value != "" {
		t.Errorf("%+v", c)
	}

	secure := openLobby(t, onSQLite(t), host.Edge{PublicURL: "https://mini.example", Address: func(*http.Request) netip.Addr { return netip.MustParseAddr("198.51.100.7") }})
	w = secure.send("POST", hostAPI+"/begin", map[string]string{"Origin": "https://mini.example"})
	c = w.Result().Cookies()
	if len(c) != 1 || c[0].Name != "__Host-minimart_consumer" || !c[0].Secure || c[0].Path != "/" || c[0].Domain != "" || !strings.Contains(w.Body.String(), "198.51.100.7") {
		t.Errorf("%+v %s", c, w.Body)
	}
	if w := secure.send("GET", hostAPI+"/own", map[string]string{"Cookie": "minimart_consumer=" + goodToken}); w.Code != 401 { // planted by a neighbouring subdomain
		t.Errorf("%d", w.Code)
	}
	if w := secure.send("GET", hostAPI+"/own", map[string]string{"Cookie": "__Host-minimart_consumer=" + goodToken}); w.Code != 200 || !strings.Contains(w.Body.String(), `"Token":"`+goodToken) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if c := host.Cookies(t.Context(), "x", 0); c != nil {
		t.Errorf("%v", c)
	}
	if _, ok := host.Of(t.Context()); ok || host.Token(t.Context()) != "" {
		t.Error("a request that did not come through the door")
	}
}

var consoleActors = map[string]access.Actor{
	"owner":    accesstest.Actor{ID: "usr_owner", Org: "org_x", Apps: []string{app}},
	"auditor":  accesstest.Actor{ID: "usr_auditor", Operator: true, Only: []access.Action{"platform.read"}},
	"operator": accesstest.Actor{ID: "usr_operator", Operator: true, Only: []access.Action{"host.manage"}},
}

// The operator's routes: what is not there is 404 for those who may look, and 403 for all others.
var table = map[string]struct {
	body      string
	suspended bool
	status    int // of the operator
	missing   int // of the operator, for a host app that is not there
}{
	"GET /operator/hosts":                       {status: 200},
	"POST /operator/hosts":                      {body: `{"name":"B","kind":"ios"}`, status: 200},
	"GET /operator/hosts/{host}":                {status: 200, missing: 404},
	"PATCH /operator/hosts/{host}":              {body: `{"name":"C"}`, status: 200, missing: 404},
	"POST /operator/hosts/{host}/keys/rotation": {body: `{"overlapSeconds":60}`, status: 200, missing: 404},
	"PUT /operator/hosts/{host}/programs":       {body: `{"all":false,"apps":["` + app + `"]}`, status: 200, missing: 404},
	"POST /operator/hosts/{host}/suspension":    {body: `{"reason":"x"}`, status: 200, missing: 404},
	"DELETE /operator/hosts/{host}/suspension":  {suspended: true, status: 200, missing: 404},
}

func TestEveryConsoleRouteAnswersEveryRoleAsTheTableSays(t *testing.T) {
	l := openLobby(t, onSQLite(t), host.Edge{})
	var routes int
	for path, item := range l.api.OpenAPI().Paths {
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete} {
			if path, ok := strings.CutPrefix(path, "/api/console/v1"); ok && op != nil {
				if routes++; table[method+" "+path].status == 0 || !strings.HasPrefix(op.OperationID, "console-") || op.Summary == "" {
					t.Errorf("%s %s has no row, or is not described", method, path)
				}
			}
		}
	}
	if routes != len(table) {
		t.Errorf("%d routes, %d rows", routes, len(table))
	}
	send := func(who, method, path, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "/api/console/v1"+path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-Actor", who)
		w := httptest.NewRecorder()
		l.door.ServeHTTP(w, r)
		return w
	}
	for _, route := range slices.Sorted(maps.Keys(table)) {
		row := table[route]
		method, path, _ := strings.Cut(route, " ")
		for who, status := range map[string]int{"": 401, "owner": 403, "auditor": 403, "operator": row.status} {
			i := l.register(t, "A")
			if row.suspended {
				must[host.Host](t)(l.Suspend(t.Context(), root, i.Host.ID, "x"))
			}
			w := send(who, method, strings.ReplaceAll(path, "{host}", i.Host.ID), row.body)
			if w.Code != status {
				t.Errorf("%s by %q: %d, want %d: %s", route, who, w.Code, status, w.Body)
			}
			if strings.Contains(w.Body.String(), i.Secret) || strings.Contains(w.Body.String(), "hss_") != (who == "operator" && (route == "POST /operator/hosts" || strings.HasSuffix(route, "rotation"))) {
				t.Errorf("%s by %q tells a secret, or does not: %s", route, who, w.Body)
			}
		}
		if row.missing > 0 {
			if w := send("operator", method, strings.ReplaceAll(path, "{host}", "hst_01JZ4T8K5N3Q0V9W2X7Y6R1M4C"), row.body); w.Code != row.missing {
				t.Errorf("%s of nothing: %d %s", route, w.Code, w.Body)
			}
		}
	}
	var known struct {
		Host struct {
			Name, State, PublishableKey string
			Origins                     []string
		}
		Apps    []string
		Secrets []struct{ ExpiresAt int64 }
	}
	i := l.register(t, "<b>Shop", "https://shop.example")
	must[host.Host](t)(l.Release(t.Context(), root, i.Host.ID, false, []string{app}))
	w := send("operator", "GET", "/operator/hosts/"+i.Host.ID, "")
	if err := json.Unmarshal(w.Body.Bytes(), &known); err != nil || known.Host.Name != "<b>Shop" || known.Host.State != "live" || len(known.Apps) != 1 || len(known.Secrets) != 1 {
		t.Errorf("%s %v", w.Body, err)
	}
	if w := send("operator", "POST", "/operator/hosts", `{"name":"B","kind":"web"}`); w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%v", w.Header())
	}
}
