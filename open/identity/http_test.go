package identity_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"minimart/open/host"
	"minimart/open/identity"
	"minimart/platform/access"
	"minimart/platform/access/accesstest"
	"minimart/platform/httpapi"
	"minimart/platform/id"
)

// plus says that everybody is a member.
type plus struct{}

func (plus) Level(context.Context, string) (string, int64, error) {
	return "plus", 1_800_000_000_000, nil
}

// site is the town with its doors to the street: that of host apps, that of servers, that of the consoles.
type site struct {
	*town
	api   *httpapi.API
	key   string // of the web host
	log   *bytes.Buffer
	serve http.Handler
}

func openSite(t *testing.T, w *town) *site {
	t.Helper()
	s := &site{town: w, log: &bytes.Buffer{}}
	mux := http.NewServeMux()
	s.api = httpapi.New(mux, httpapi.Options{Title: "test", Version: "1", Clock: w.clock, Log: slog.New(slog.NewTextHandler(s.log, nil))})
	check(t, w.db.Migrate(t.Context(), "host", host.Schema))
	hosts := host.New(host.Config{DB: w.db, Box: w.box, Log: w.log, Clock: w.clock})
	web := must[host.Host](t)(hosts.EnsureBuiltin(t.Context()))
	s.key = web.PublishableKey
	w.HostRoutes(host.Guard(s.api, hosts, w.Service, host.Edge{}), plus{})
	w.OpenRoutes(s.api, accesstest.Door{API: s.api})
	who, named := accesstest.As(map[string]access.Actor{"root": operator(), "mina": accesstest.Actor{ID: "usr_mina", Org: "org_mina", Apps: []string{teaApp}}})
	w.ConsoleRoutes(huma.NewGroup(s.api, "/api/console/v1"), who)
	mux.Handle("GET /avatars/", identity.Avatars())
	s.serve = named(s.api)
	return s
}

type reply struct {
	*httptest.ResponseRecorder
}

func (r reply) cookie() *http.Cookie {
	for _, c := range r.Result().Cookies() {
		return c
	}
	return nil
}

// page is a browser on a page of the host.
type page struct {
	site   *site
	cookie *http.Cookie
	header map[string]string // instead of what the page sends; "" for leaving it out
}

func (p *page) send(method, path, body string) reply {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Minimart-Host", p.site.key)
	r.Header.Set("Minimart-Device", "device-0123456789")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("User-Agent", "Firefox")
	for k, v := range p.header {
		r.Header.Del(k)
		if v != "" {
			r.Header.Set(k, v)
		}
	}
	if p.cookie != nil {
		r.AddCookie(p.cookie)
	}
	w := httptest.NewRecorder()
	p.site.serve.ServeHTTP(w, r)
	return reply{w}
}

func (p *page) host(method, path, body string) reply {
	return p.send(method, "/api/host/v1"+path, body)
}

// server is a developer's server with a key of an app.
func (s *site) server(app, method, path, body string) reply {
	p := &page{site: s, header: map[string]string{"X-App": app, "Minimart-Host": "", "Sec-Fetch-Site": ""}}
	return p.send(method, path, body)
}

func decode[T any](t *testing.T, r reply) T {
	t.Helper()
	var v T
	if r.Code >= 300 {
		t.Fatalf("%d %s", r.Code, r.Body)
	}
	if err := json.Unmarshal(r.Body.Bytes(), &v); err != nil {
		t.Fatalf("%s: %v", r.Body, err)
	}
	return v
}

// in is a browser in which the owner of a phone is signed in.
func (s *site) in(t *testing.T, phone string) *page {
	t.Helper()
	p := &page{site: s}
	c := decode[struct{ Challenge string }](t, p.host("POST", "/sign-in/codes", fmt.Sprintf(`{"phone":%q,"language":"zh"}`, phone)))
	to := must[identity.Phone](t)(identity.ParsePhone(phone))
	r := p.host("POST", "/session", fmt.Sprintf(`{"challenge":%q,"code":%q}`, c.Challenge, s.phones.last(t, to).Code))
	if r.Code != 200 || r.cookie() == nil {
		t.Fatalf("%d %s", r.Code, r.Body)
	}
	p.cookie = r.cookie()
	return p
}

func TestTheHostsWayInAndOut(t *testing.T) {
	s := openSite(t, onSQLite(t))
	p := &page{site: s}
	if r := p.host("GET", "/me", ""); r.Code != 401 {
		t.Errorf("%d %s", r.Code, r.Body)
	}
	p = s.in(t, "13800138000")
	if c := p.cookie; c.Name != "minimart_consumer" || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.Expires.Sub(opening) != 90*24*time.Hour {
		t.Errorf("%+v", c)
	}
	me := p.host("GET", "/me", "")
	if me.Code != 200 || !strings.Contains(me.Body.String(), `"phone":"138****8000"`) || !strings.Contains(me.Body.String(), `"plus":{"level":"plus","until":1800000000000}`) ||
		strings.Contains(me.Body.String(), "00138000") || me.cookie() == nil || me.cookie().Value != p.cookie.Value {
		t.Errorf("%d %s %v", me.Code, me.Body, me.Header())
	}
	if r := p.host("PATCH", "/me", `{"nickname":"小李","avatar":"fox"}`); r.Code != 200 || !strings.Contains(r.Body.String(), `"avatarUrl":"/avatars/fox.svg"`) {
		t.Errorf("%d %s", r.Code, r.Body)
	}
	if r := p.host("GET", "/avatars", ""); r.Code != 200 || strings.Count(r.Body.String(), `"key"`) != 12 {
		t.Errorf("%d %s", r.Code, r.Body)
	}
	native := &page{site: s, header: map[string]string{"Sec-Fetch-Site": ""}}
	s.clock.Advance(time.Hour)
	c := decode[struct{ Challenge string }](t, native.host("POST", "/sign-in/codes", `{"phone":"13800138000"}`))
	r := native.host("POST", "/session", fmt.Sprintf(`{"challenge":%q,"code":%q,"tokens":true}`, c.Challenge, s.phones.last(t, "+8613800138000").Code))
	token := decode[struct{ Token string }](t, r).Token
	if len(token) != 43 || r.cookie() != nil {
		t.Errorf("%s %v", r.Body, r.cookie())
	}
	native.header["Authorization"] = "Bearer " + token
	all := decode[struct {
		Items []struct {
			Agent   string
			Current bool
			ID      string
		}
	}](t, native.host("GET", "/me/sessions", ""))
	if len(all.Items) != 2 || !all.Items[0].Current || all.Items[1].Current || all.Items[1].Agent != "Firefox" {
		t.Errorf("%+v", all)
	}
	if r := native.host("DELETE", "/me/sessions", ""); r.Code != 204 {
		t.Errorf("%d %s", r.Code, r.Body)
	}
	if r := p.host("GET", "/me", ""); r.Code != 401 {
		t.Errorf("%d %s", r.Code, r.Body)
	}
	if r := p.host("DELETE", "/session", ""); r.Code != 204 || r.cookie() == nil || r.cookie().MaxAge >= 0 {
		t.Errorf("the cookie of a session that is over stays: %d %v", r.Code, r.cookie())
	}
	if r := native.host("DELETE", "/session", ""); r.Code != 204 {
		t.Errorf("%d %s", r.Code, r.Body)
	}
	if r := native.host("GET", "/me", ""); r.Code != 401 {
		t.Errorf("%d %s", r.Code, r.Body)
	}
	for _, secret := range []string{"13800138000", token, p.cookie.Value} {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log holds %s", secret)
		}
	}
}

func TestAProgramInHostAndItsServer(t *testing.T) {
	s := openSite(t, onSQLite(t))
	p := s.in(t, "13800138000")
	program := "/programs/" + teaApp
	code := decode[struct{ Code string }](t, p.host("POST", program+"/login", "")).Code
	r := s.server(teaApp, "POST", "/open/v1/login-codes/exchange", fmt.Sprintf(`{"code":%q}`, code))
	login := decode[struct{ OpenID, UnionID, SessionKey string }](t, r)
	if login.OpenID == "" || login.UnionID == "" || login.SessionKey == "" || r.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%s", r.Body)
	}
	if r := p.host("GET", program+"/login", ""); r.Body.String() != `{"valid":true}`+"\n" {
		t.Errorf("%s", r.Body)
	}
	p.header = map[string]string{"Accept-Language": "zh"}
	if r := p.host("GET", "/programs/"+coffeeApp+"/consents/phone-number", ""); r.Code != 200 || !strings.Contains(r.Body.String(), `"allowed":false,"reason":"小程序未获得能力`) {
		t.Errorf("%d %s", r.Code, r.Body)
	}
	if r := p.host("GET", program+"/consents/profile", ""); !strings.Contains(r.Body.String(), `"appName":"茶铺","organisation":"Mina","kind":"profile","purpose":"显示您的昵称","given":false,"allowed":true}`) {
		t.Errorf("%s", r.Body)
	}
	if r := p.host("POST", program+"/disclosures/profile", ""); r.Code != 403 {
		t.Errorf("%d %s", r.Code, r.Body)
	}
	if r := p.host("POST", program+"/consents/profile", `{"purpose":"another one, from before"}`); r.Code != 409 {
		t.Errorf("agreeing to what the program does not say any more: %d %s", r.Code, r.Body)
	}
	if r := p.host("POST", program+"/consents/profile", `{"purpose":"显示您的昵称"}`); r.Code != 200 || !strings.Contains(r.Body.String(), `"nickName":"用户`) || strings.Contains(r.Body.String(), "code") {
		t.Errorf("%d %s", r.Code, r.Body)
	}
	if r := p.host("POST", program+"/disclosures/profile", ""); r.Code != 200 {
		t.Errorf("%d %s", r.Code, r.Body)
	}
	if r := p.host("POST", program+"/consents/membership", ""); strings.TrimSpace(r.Body.String()) != `{"level":"plus","until":1800000000000}` {
		t.Errorf("%s", r.Body)
	}
	code = decode[struct{ Code string }](t, p.host("POST", program+"/consents/phone-number", "")).Code
	r = s.server(teaApp, "POST", "/open/v1/phone-codes/exchange", fmt.Sprintf(`{"code":%q}`, code))
	want := fmt.Sprintf(`{"phoneNumber":"13800138000","purePhoneNumber":"13800138000","countryCode":"86","watermark":{"app":%q,"timestamp":%d}}`, teaApp, opening.UnixMilli())
	if strings.TrimSpace(r.Body.String()) != want {
		t.Errorf("%s, want %s", r.Body, want)
	}
	if r := p.host("GET", "/me/consents", ""); strings.Count(r.Body.String(), `"givenAt"`) != 3 {
		t.Errorf("%s", r.Body)
	}
	if r := p.host("GET", "/me/disclosures?app="+teaApp, ""); strings.Count(r.Body.String(), `"lastAt"`) != 4 {
		t.Errorf("%s", r.Body)
	}
	if r := p.host("DELETE", "/me/consents/"+teaApp+"/profile", ""); r.Code != 204 {
		t.Errorf("%d %s", r.Code, r.Body)
	}
	if r := p.host("DELETE", "/me/apps/"+teaApp, ""); r.Code != 204 {
		t.Errorf("%d %s", r.Code, r.Body)
	}
	if r := p.host("GET", "/me/apps", ""); strings.TrimSpace(r.Body.String()) != `{"items":[],"next":""}` {
		t.Errorf("%s", r.Body)
	}
	if r := p.host("POST", "/programs/"+draftApp+"/login?ticket="+draftTicket, ""); r.Code != 200 {
		t.Errorf("%d %s", r.Code, r.Body)
	}
}

// TestNobodyElseComesIn walks every route of this room: those of hosts for somebody who has not signed in and for the sandbox of
// a mini program, those of servers without a key, those of the operator for a member of an organisation.
func TestNobodyElseComesIn(t *testing.T) {
	s := openSite(t, onSQLite(t))
	signed := s.in(t, "13800138000")
	anybody := []string{"POST /sign-in/codes", "POST /session", "POST /session/assertion", "DELETE /session", "GET /avatars"}
	routes := 0
	for path, item := range s.api.OpenAPI().Paths {
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete} {
			if op == nil {
				continue
			}
			routes++
			body := ""
			if op.RequestBody != nil {
				body = `{}`
			}
			at := strings.NewReplacer("{app}", teaApp, "{kind}", "profile", "{session}", id.New("css"), "{consumer}", id.New("csm")).Replace(path)
			switch {
			case strings.HasPrefix(path, "/api/host/v1"):
				if !slices.Contains(anybody, method+" "+strings.TrimPrefix(path, "/api/host/v1")) {
					if r := (&page{site: s}).send(method, at, body); r.Code != 401 {
						t.Errorf("%s %s without a session: %d %s", method, path, r.Code, r.Body)
					}
				}
				sandbox := &page{site: s, cookie: signed.cookie, header: map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "null"}}
				if r := sandbox.send(method, at, body); r.Code != 403 {
					t.Errorf("%s %s from the sandbox: %d %s", method, path, r.Code, r.Body)
				}
				other := &page{site: s, cookie: signed.cookie, header: map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}}
				if r := other.send(method, at, body); r.Code != 403 {
					t.Errorf("%s %s from another origin: %d %s", method, path, r.Code, r.Body)
				}
			case strings.HasPrefix(path, "/open/v1"):
				if r := s.server("", method, at, body); r.Code != 401 {
					t.Errorf("%s %s without a key: %d %s", method, path, r.Code, r.Body)
				}
			case strings.HasPrefix(path, "/api/console/v1"):
				if r := (&page{site: s}).send(method, at, body); r.Code != 401 && r.Code != 422 {
					t.Errorf("%s %s without a name: %d %s", method, path, r.Code, r.Body)
				}
				body = strings.Replace(body, "{}", `{"reason":"x"}`, 1)
				mina := &page{site: s, header: map[string]string{"X-Actor": "mina"}}
				if r := mina.send(method, at, body); r.Code != 403 {
					t.Errorf("%s %s for a developer: %d %s", method, path, r.Code, r.Body)
				}
				root := &page{site: s, header: map[string]string{"X-Actor": "root"}}
				if r := root.send(method, at, body); strings.Contains(path, "{consumer}") && r.Code != 404 {
					t.Errorf("%s %s of nobody: %d %s", method, path, r.Code, r.Body)
				}
			default:
				t.Errorf("%s %s is behind no door", method, path)
			}
		}
	}
	if routes != 21+2+5 {
		t.Errorf("%d routes: a new one needs a look here", routes)
	}
}

// TestANeighboursKeyFindsNothing sends to every route of servers what belongs to another app.
func TestANeighboursKeyFindsNothing(t *testing.T) {
	s := openSite(t, onSQLite(t))
	p := s.in(t, "13800138000")
	program := "/programs/" + teaApp
	for path, code := range map[string]func() string{
		"/open/v1/login-codes/exchange": func() string { return decode[struct{ Code string }](t, p.host("POST", program+"/login", "")).Code },
		"/open/v1/phone-codes/exchange": func() string {
			return decode[struct{ Code string }](t, p.host("POST", program+"/consents/phone-number", "")).Code
		},
	} {
		c := code()
		if r := s.server(bookApp, "POST", path, fmt.Sprintf(`{"code":%q}`, c)); r.Code != 404 {
			t.Errorf("%s by a neighbour: %d %s", path, r.Code, r.Body)
		}
		if r := s.server(teaApp, "POST", path, fmt.Sprintf(`{"code":%q}`, c)); r.Code != 200 {
			t.Errorf("%s by its own app, after that: %d %s", path, r.Code, r.Body)
		}
	}
	if r := s.server(coffeeApp, "POST", "/open/v1/phone-codes/exchange", `{"code":"x"}`); r.Code != 403 {
		t.Errorf("without the capability: %d %s", r.Code, r.Body)
	}
}

func TestAvatarsAreServedToSandboxes(t *testing.T) {
	s := openSite(t, onSQLite(t))
	for _, key := range identity.AvatarKeys() {
		r := (&page{site: s}).send("GET", "/avatars/"+key+".svg", "")
		if r.Code != 200 || r.Header().Get("Content-Type") != "image/svg+xml" || r.Header().Get("Access-Control-Allow-Origin") != "*" || !strings.HasPrefix(r.Body.String(), "<svg") || strings.Contains(r.Body.String(), "<script") {
			t.Errorf("%s: %d %v", key, r.Code, r.Header())
		}
	}
	for _, path := range []string{"/avatars/", "/avatars/x.svg", "/avatars/..%2fhttp.go", "/avatars/fox"} {
		if r := (&page{site: s}).send("GET", path, ""); r.Code != 404 {
			t.Errorf("%s: %d", path, r.Code)
		}
	}
}
