package account_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"minimart/open/account"
	"minimart/platform/httpapi"
)

// office is the house with its door to the street.
type office struct {
	*house
	api     *httpapi.API
	console huma.API
	log     *bytes.Buffer
}

func openOffice(h *house, e account.Edge) *office {
	o := &office{house: h, log: &bytes.Buffer{}}
	o.api = httpapi.New(http.NewServeMux(), httpapi.Options{Title: "test", Version: "1", Clock: h.clock, Log: slog.New(slog.NewTextHandler(o.log, nil))})
	o.console = account.Guard(o.api, h.Service, e)
	account.Routes(o.console, h.Service)
	return o
}

// page is a browser showing a page of the console.
type page struct {
	office  *office
	cookies []*http.Cookie
	header  map[string]string // instead of what the console's pages send
	address string
}

type reply struct {
	*httptest.ResponseRecorder
	Cookies []*http.Cookie
}

func (p *page) send(method, path, body string) reply {
	r := httptest.NewRequest(method, "/api/console/v1"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Minimart-Console", "1")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for k, v := range p.header {
		r.Header.Del(k)
		if v != "" {
			r.Header.Set(k, v)
		}
	}
	if p.address != "" {
		r.RemoteAddr = p.address
	}
	for _, c := range p.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	p.office.api.ServeHTTP(w, r)
	return reply{w, w.Result().Cookies()}
}

// in is a browser in which a person is signed in.
func (o *office) in(t *testing.T, login string) *page {
	t.Helper()
	b := must[account.Begun](t)(o.SignIn(t.Context(), login, goodPassword, fromOffice))
	return &page{office: o, cookies: []*http.Cookie{{Name: "minimart", Value: b.Token}}}
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

type thing struct {
	ID    string
	Name  string
	Token string
	Items []thing
}

func TestTheConsolesWayInAndOut(t *testing.T) {
	o := openOffice(onSQLite(t), account.Edge{})
	p := &page{office: o}
	if r := p.send("GET", "/me", ""); r.Code != 401 || !strings.Contains(r.Body.String(), "sign in first") {
		t.Errorf("%d %s", r.Code, r.Body)
	}
	c := decode[thing](t, p.send("POST", "/sign-ups", `{"login":"li@shop.example","language":"zh"}`))
	code := o.letters.last(t, "li@shop.example").Code
	r := p.send("POST", "/sign-ups/"+c.ID+"/answer", fmt.Sprintf(`{"code":%q,"name":"李雷","password":%q}`, code, goodPassword))
	if r.Code != 200 || len(r.Cookies) != 1 {
		t.Fatalf("%d %s", r.Code, r.Body)
	}
	cookie := r.Cookies[0]
	if cookie.Name != "minimart" || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Domain != "" || cookie.MaxAge != 0 || cookie.Secure {
		t.Errorf("%+v", cookie)
	}
	if strings.Contains(r.Body.String(), cookie.Value) {
		t.Error("the token is in the body, where scripts read it")
	}
	p.cookies = r.Cookies
	me := p.send("GET", "/me", "")
	if me.Code != 200 || !strings.Contains(me.Body.String(), `"login":"li@shop.example"`) || !strings.Contains(me.Body.String(), `"memberships":[]`) || me.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %s %v", me.Code, me.Body, me.Header())
	}
	if r := p.send("PATCH", "/me", `{"name":"李磊","language":"en"}`); r.Code != 204 {
		t.Errorf("%d %s", r.Code, r.Body)
	}
	second := &page{office: o}
	r = second.send("POST", "/session", fmt.Sprintf(`{"login":"LI@shop.example","password":%q}`, goodPassword))
	second.cookies = r.Cookies
	if all := decode[thing](t, second.send("GET", "/sessions", "")); len(all.Items) != 2 {
		t.Errorf("%+v", all)
	}
	out := second.send("DELETE", "/session", "")
	if out.Code != 204 || len(out.Cookies) != 1 || out.Cookies[0].MaxAge != -1 || out.Cookies[0].Value != "" {
		t.Errorf("%d %+v", out.Code, out.Cookies)
	}
	if r := second.send("GET", "/me", ""); r.Code != 401 { // the cookie is worthless, not just gone
		t.Errorf("%d %s", r.Code, r.Body)
	}
	if r := p.send("GET", "/me", ""); r.Code != 200 {
		t.Errorf("%d %s", r.Code, r.Body)
	}
	if r := p.send("PUT", "/me/password", fmt.Sprintf(`{"current":%q,"password":"eight herons at dawn"}`, goodPassword)); r.Code != 204 {
		t.Errorf("%d %s", r.Code, r.Body)
	}
	wrong := p.send("POST", "/session", fmt.Sprintf(`{"login":"li@shop.example","password":%q}`, goodPassword))
	unknown := p.send("POST", "/session", fmt.Sprintf(`{"login":"no@shop.example","password":%q}`, goodPassword))
	if wrong.Code != 401 || len(wrong.Cookies) != 0 || withoutInstance(wrong) != withoutInstance(unknown) {
		t.Errorf("told apart: %s %s", wrong.Body, unknown.Body)
	}
	if strings.Contains(o.log.String(), "shop.example") || strings.Contains(o.log.String(), code) || strings.Contains(o.log.String(), "heron") {
		t.Errorf("the log holds what is nobody's business:\n%s", o.log)
	}
}

func withoutInstance(r reply) string {
	var m map[string]any
	_ = json.Unmarshal(r.Body.Bytes(), &m)
	delete(m, "instance")
	return fmt.Sprint(m)
}

func TestOverTLSTheCookieBelongsToTheHostAlone(t *testing.T) {
	h := onSQLite(t)
	h.enter(t, "li@shop.example")
	p := &page{office: openOffice(h, account.Edge{PublicURL: "https://console.shop.example"})}
	r := p.send("POST", "/session", fmt.Sprintf(`{"login":"li@shop.example","password":%q}`, goodPassword))
	if len(r.Cookies) != 1 || r.Cookies[0].Name != "__Host-minimart" || !r.Cookies[0].Secure || r.Cookies[0].Path != "/" || r.Cookies[0].Domain != "" {
		t.Fatalf("%+v", r.Cookies)
	}
	p.cookies = r.Cookies
	if r := p.send("GET", "/me", ""); r.Code != 200 {
		t.Errorf("%d %s", r.Code, r.Body)
	}
	p.cookies[0].Name = "minimart" // planted by a neighbouring subdomain
	if r := p.send("GET", "/me", ""); r.Code != 401 {
		t.Errorf("%d %s", r.Code, r.Body)
	}
}

func TestAForeignPageChangesNothing(t *testing.T) {
	h := onSQLite(t)
	h.enter(t, "li@shop.example")
	o := openOffice(h, account.Edge{PublicURL: "http://console.shop.example"})
	p := o.in(t, "li@shop.example")
	body := `{"name":"Li","language":"zh"}`
	for _, tt := range []struct {
		name   string
		header map[string]string
		status int
	}{
		{"the console", nil, 204},
		{"the console, in an old browser", map[string]string{"Sec-Fetch-Site": "", "Origin": "http://example.com"}, 204}, // the host of the request
		{"a program", map[string]string{"Sec-Fetch-Site": ""}, 204},
		{"another site", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, 403},
		{"a subdomain", map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
		{"another site, in an old browser", map[string]string{"Sec-Fetch-Site": "", "Origin": "https://evil.example"}, 403},
		{"a mini program in its sandbox", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "null"}, 403},
		{"a sandbox in an old browser", map[string]string{"Sec-Fetch-Site": "", "Origin": "null"}, 403},
		{"a form", map[string]string{"X-Minimart-Console": "", "Content-Type": "application/x-www-form-urlencoded"}, 403},
		{"a form of another site", map[string]string{"X-Minimart-Console": "", "Sec-Fetch-Site": "cross-site", "Content-Type": "text/plain"}, 403},
		{"our page, behind a proxy that changes the host", map[string]string{"Sec-Fetch-Site": "", "Origin": "http://console.shop.example"}, 204},
	} {
		p.header = tt.header
		if r := p.send("PATCH", "/me", body); r.Code != tt.status {
			t.Errorf("%s: %d %s", tt.name, r.Code, r.Body)
		}
		// Signing a victim in to the attacker's account is an attack, too.
		anybody := &page{office: o, header: tt.header}
		r := anybody.send("POST", "/session", fmt.Sprintf(`{"login":"li@shop.example","password":%q}`, goodPassword))
		if (r.Code == 403) != (tt.status == 403) || r.Code == 403 && len(r.Cookies) > 0 {
			t.Errorf("%s signing in: %d %s", tt.name, r.Code, r.Body)
		}
	}
	p.header = map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
	if r := p.send("GET", "/me", ""); r.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Error("another site may read the answer")
	}
	if r := p.send("OPTIONS", "/me", ""); r.Header().Get("Access-Control-Allow-Headers") != "" || r.Code < 400 {
		t.Errorf("another site may send the header: %d", r.Code)
	}
}

func TestTextIsTextAndFilesAreFiles(t *testing.T) {
	h := onSQLite(t)
	h.enter(t, "li@shop.example")
	o := openOffice(h, account.Edge{})
	p := o.in(t, "li@shop.example")
	const evil = `<script>alert(1)</script><img src=x onerror="alert(1)">`
	if r := p.send("PATCH", "/me", `{"name":"<b onclick=alert(1)>Li","language":"zh"}`); r.Code != 204 {
		t.Errorf("%d %s", r.Code, r.Body)
	}
	in, _ := json.Marshal(map[string]string{"name": evil, "kind": "merchant"})
	r := p.send("POST", "/organisations", string(in))
	org := decode[thing](t, r)
	for _, r := range []reply{r, p.send("GET", "/organisations/"+org.ID, ""), p.send("GET", "/me", "")} {
		if ct := r.Header().Get("Content-Type"); !strings.HasPrefix(ct, "application/json") || r.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s %v", ct, r.Header())
		}
	}
	if org.Name != evil { // neither refused nor changed: it is what they are called
		t.Errorf("%q", org.Name)
	}

	for _, tt := range []struct {
		name, file, disposition string
		status                  int
	}{
		{"执照.pdf", string(pdf), `attachment; filename*=utf-8''%E6%89%A7%E7%85%A7.pdf`, 200},
		{`a"; filename="b.exe`, string(pdf), `attachment; filename="a\"; filename=\"b.exe.pdf"`, 200},
		{"../../etc/x.svg", string(png), `attachment; filename=x.svg.png`, 200},
		{"x.pdf", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "", 422},
		{"x.pdf", "<html>" + string(pdf), "", 422},
		{"x\r\nX-Evil: 1.pdf", string(pdf), "", 422},
		{"big.pdf", string(pdf) + strings.Repeat("x", account.MaxDocument), "", 413},
	} {
		req := httptest.NewRequest("POST", "/x", nil)
		q := req.URL.Query()
		q.Set("kind", "other")
		q.Set("name", tt.name)
		r := p.send("POST", "/organisations/"+org.ID+"/documents?"+q.Encode(), tt.file)
		if r.Code != tt.status {
			t.Errorf("%q: %d %.200s", tt.name, r.Code, r.Body)
		}
		if r.Code != 200 {
			continue
		}
		got := p.send("GET", "/organisations/"+org.ID+"/documents/"+decode[thing](t, r).ID, "")
		head := got.Header()
		if got.Code != 200 || got.Body.String() != tt.file || head.Get("Content-Disposition") != tt.disposition || head.Get("X-Content-Type-Options") != "nosniff" ||
			head.Get("Content-Security-Policy") != "default-src 'none'; sandbox" || head.Get("Content-Type") == "" || strings.Contains(head.Get("Content-Type"), "html") {
			t.Errorf("%q: %d %v", tt.name, got.Code, head)
		}
	}
	if r := p.send("PATCH", "/me", `{"name":"`+strings.Repeat("x", 20<<10)+`","language":"zh"}`); r.Code != 413 {
		t.Errorf("%d %s", r.Code, r.Body)
	}
	for _, body := range []string{"", "{", "[]", "null", `{"name":1}`, `{"name":"x"}`, `{"name":"x","language":"zh","role":"owner"}`, `{"name":"x","language":"xx"}`, strings.Repeat("[", 5000)} {
		if r := p.send("PATCH", "/me", body); r.Code < 400 || r.Code >= 500 {
			t.Errorf("%.20s: %d %s", body, r.Code, r.Body)
		}
	}
}

func TestTheAddressBehindAProxyIsTheClients(t *testing.T) {
	h := onSQLite(t)
	h.enter(t, "li@shop.example")
	o := openOffice(h, account.Edge{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}})
	for _, tt := range []struct{ peer, forwarded, want string }{
		{"203.0.113.9:1234", "", "203.0.113.9"},
		{"203.0.113.9:1234", "1.2.3.4", "203.0.113.9"}, // a stranger's word
		{"10.0.0.1:1234", "", "10.0.0.1"},
		{"10.0.0.1:1234", "198.51.100.1", "198.51.100.1"},
		{"10.0.0.1:1234", "1.1.1.1, 198.51.100.1, 10.2.2.2", "198.51.100.1"}, // 1.1.1.1 is made up
		{"[fd00::1]:1234", "2001:db8::7", "2001:db8::7"},
		{"10.0.0.1:1234", "[2001:db8::7]:443", "2001:db8::7"},
		{"10.0.0.1:1234", "198.51.100.1:5555", "198.51.100.1"},
		{"10.0.0.1:1234", "<script>", "10.0.0.1"},
		{"10.0.0.1:1234", "1.2.3.4, ,", "10.0.0.1"},
		{"10.0.0.1:1234", strings.Repeat("10.0.0.2, ", 50), "10.0.0.1"},
		{"10.0.0.1:1234", "::ffff:198.51.100.1", "198.51.100.1"},
	} {
		p := &page{office: o, address: tt.peer, header: map[string]string{"X-Forwarded-For": tt.forwarded}}
		r := p.send("POST", "/session", fmt.Sprintf(`{"login":"li@shop.example","password":%q}`, goodPassword))
		p.cookies = r.Cookies
		var all struct {
			Items []struct {
				Address string
				Current bool
			}
		}
		r = p.send("GET", "/sessions", "")
		if err := json.Unmarshal(r.Body.Bytes(), &all); err != nil || r.Code != 200 {
			t.Fatalf("%d %s", r.Code, r.Body)
		}
		for _, s := range all.Items {
			if s.Current && s.Address != tt.want {
				t.Errorf("%s, %.40q: %s, want %s", tt.peer, tt.forwarded, s.Address, tt.want)
			}
		}
	}
}

func TestTheRoutesAreDescribed(t *testing.T) {
	o := openOffice(onSQLite(t), account.Edge{})
	r := httptest.NewRecorder()
	o.api.ServeHTTP(r, httptest.NewRequest("GET", "/api/openapi.json", nil))
	text, _ := io.ReadAll(r.Body)
	for _, want := range []string{`"/api/console/v1/organisations/{org}/members/{person}"`, `"console-decide-organisation"`, `"told once"`, `application/octet-stream`} {
		if !bytes.Contains(text, []byte(strings.Trim(want, ""))) && !bytes.Contains(text, []byte(strings.Trim(want, `"`))) {
			t.Errorf("the description lacks %s", want)
		}
	}
	for path, item := range o.api.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op != nil && strings.HasPrefix(path, "/api/console/") && op.Summary == "" {
				t.Errorf("%s %s has no summary", op.Method, path)
			}
		}
	}
}
