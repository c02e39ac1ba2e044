package jos_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"minimart/open/gateway"
	"minimart/open/gateway/seal"
	"minimart/open/jos"
	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/httpapi"
	"minimart/platform/testkit"
)

// opening is 2026-06-18 08:00:00 in China.
var opening = time.Date(2026, 6, 18, 0, 0, 0, 0, time.UTC)

// member is somebody with an app to write to and one to look at.
type member struct{ writes, reads string }

func (m member) ActorID() string { return "usr_" + m.writes }
func (m member) Address() string { return "192.0.2.1" }
func (m member) InApp(_ context.Context, app string, a access.Action) (string, error) {
	switch {
	case app == "" || app != m.writes && app != m.reads:
		return "", fault.NotFound("there is no app %s", app)
	case app != m.writes && a != "key.read":
		return "", fault.Denied("you may only look")
	}
	return "org_" + app, nil
}
func (m member) InOrganisation(context.Context, string, access.Action) error {
	return fault.Denied("not here")
}
func (m member) OnPlatform(context.Context, access.Action) error { return fault.Denied("not here") }

var mina, isv = member{writes: "app_mina"}, member{writes: "app_isv"}

// diary is an audit log.
type diary struct {
	mu      sync.Mutex
	entries []access.Entry
}

func (d *diary) Record(_ context.Context, _ db.Tx, e access.Entry) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.entries = append(d.entries, e)
	return nil
}

func (d *diary) of(action string) (out []access.Entry) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, e := range d.entries {
		if e.Action == action {
			out = append(out, e)
		}
	}
	return out
}

// town is what lies behind the door.
type town struct {
	mu     sync.Mutex
	codes  map[string]string // app and code → openid; "" when it was used
	done   []string          // what was called
	refuse error
}

func (w *town) note(what ...string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.refuse != nil {
		return w.refuse
	}
	w.done = append(w.done, strings.Join(what, " "))
	return nil
}

func (w *town) ExchangeLogin(_ context.Context, app, code string) (jos.Login, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.refuse != nil {
		return jos.Login{}, w.refuse
	}
	openid, there := w.codes[app+" "+code]
	if !there {
		return jos.Login{}, fault.NotFound("the code is unknown")
	}
	if openid == "" {
		return jos.Login{}, fault.Conflict("the code was used")
	}
	w.codes[app+" "+code] = ""
	return jos.Login{OpenID: openid, UnionID: "u" + openid[1:]}, nil
}

func (w *town) Commit(_ context.Context, c access.Caller, of jos.Package, name, description string) (string, error) {
	if of.Version == "ver_gone" {
		return "", fault.NotFound("there is no version %s", of.Version)
	}
	return "ver_new", w.note("commit", c.App, "from", of.Org, of.App, of.Version, name, description)
}

func (w *town) Try(_ context.Context, c access.Caller, version string) (string, error) {
	return "/?trial=x", w.note("try", c.App, version)
}

func (w *town) Submit(_ context.Context, c access.Caller, version string) error {
	return w.note("submit", c.App, version)
}

func (w *town) Withdraw(_ context.Context, c access.Caller) error { return w.note("withdraw", c.App) }

// door is a server with the door, on a database with a gateway.
type door struct {
	*jos.Service
	*town
	db      *db.DB
	gateway *gateway.Gateway
	clock   *clock.Fake
	diary   *diary
	site    *httptest.Server
	log     *bytes.Buffer
	limit   *gateway.FixedQuotas
	actor   access.Actor      // at the console
	key     gateway.IssuedKey // of app_mina
}

func onEveryEngine(t *testing.T, test func(*testing.T, *door)) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) { test(t, newDoor(t, e)) })
	}
}

func newDoor(t testing.TB, e testkit.Engine) *door {
	t.Helper()
	d := e.Open(t)
	if err := d.Migrate(t.Context(), "gateway", gateway.Schema); err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(t.Context(), "jos", jos.Schema); err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	s := &door{db: d, clock: clock.NewFake(opening), log: &bytes.Buffer{}, diary: &diary{}, limit: &gateway.FixedQuotas{}, actor: mina, town: &town{
		codes: map[string]string{"app_mina c0de": "oLi", "app_wang theirs": "oWang"},
	}}
	scopes := []gateway.Scope{{Name: jos.ScopeIdentity, Title: "Exchange login codes", TitleZh: "换取登录凭证"}, {Name: jos.ScopeUpload}}
	s.gateway = gateway.New(d, box, s.clock, s.diary, gateway.Options{
		Scopes: scopes, Quotas: s.limit,
		CallerAddress: func(r *http.Request) netip.Addr {
			if from := r.Header.Get("X-Test-From"); from != "" {
				return netip.MustParseAddr(from)
			}
			return netip.MustParseAddr("198.51.100.1")
		},
	})
	s.Service = jos.New(d, s.clock, s.gateway, s.diary, jos.Options{Parts: jos.Parts{Sessions: s.town, Versions: s.town, Reviews: s.town}, Scopes: scopes, ConsentPage: "/console/authorise"})
	mux := http.NewServeMux()
	s.Routes(mux)
	api := httpapi.New(mux, httpapi.Options{Title: "test", Version: "1", Log: slog.New(slog.NewJSONHandler(s.log, nil))})
	s.ConsoleRoutes(huma.NewGroup(api, "/api/console/v1"), func(context.Context) (access.Actor, error) { return s.actor, nil })
	s.site = httptest.NewServer(api)
	t.Cleanup(s.site.Close)
	s.key = s.newKey(t, mina, gateway.KeySpec{})
	return s
}

func (s *door) newKey(t testing.TB, by member, spec gateway.KeySpec) gateway.IssuedKey {
	t.Helper()
	spec.Name = "server"
	if spec.Scopes == nil {
		spec.Scopes = []string{jos.ScopeIdentity, jos.ScopeUpload}
	}
	k, err := s.gateway.CreateKey(t.Context(), by, by.writes, spec)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// answer is what came back.
type answer map[string]any

// at walks down an answer: "error_response.code".
func (a answer) at(path string) any {
	var v any = map[string]any(a)
	for name := range strings.SplitSeq(path, ".") {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	return v
}

func (a answer) refused() string {
	code, _ := a.at("error_response.code").(string)
	return code
}

// params are those of a call, signed with a key.
func (s *door) params(k gateway.IssuedKey, method, body string, more ...string) map[string]string {
	p := map[string]string{"app_key": k.Key.ID, "v": "2.0", "method": method, "timestamp": s.clock.Now().Add(8 * time.Hour).Format(time.DateTime)}
	if body != "" {
		p["360buy_param_json"] = body
	}
	for i := 0; i < len(more); i += 2 {
		p[more[i]] = more[i+1]
	}
	p["sign"] = jos.Sign(k.Secret, p)
	return p
}

// call sends parameters in the query.
func (s *door) call(t testing.TB, params map[string]string, header ...string) answer {
	t.Helper()
	return s.ask(t, "GET", "/routerjson?"+encode(params), "", header...)
}

func encode(params map[string]string) string {
	v := url.Values{}
	for name, value := range params {
		v.Set(name, value)
	}
	return v.Encode()
}

func (s *door) ask(t testing.TB, method, target, body string, header ...string) answer {
	t.Helper()
	var r io.Reader
	if body != "" {
		r = strings.NewReader(body)
	}
	req, err := http.NewRequest(method, s.site.URL+target, r)
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{}
	if len(text) > 0 && text[0] == '{' {
		if err := json.Unmarshal(text, &a); err != nil {
			t.Fatalf("%s %s: %s: %v", method, target, text, err)
		}
	}
	a["status"], a["location"] = float64(resp.StatusCode), resp.Header.Get("Location")
	if strings.HasPrefix(target, "/routerjson") && (resp.StatusCode != 200 || resp.Header.Get("Cache-Control") != "no-store") {
		t.Errorf("%s %s: %d %s", method, target, resp.StatusCode, text)
	}
	return a
}
