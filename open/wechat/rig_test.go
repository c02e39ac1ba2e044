package wechat_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"minimart/open/gateway"
	"minimart/open/gateway/seal"
	"minimart/open/wechat"
	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/httpapi"
	"minimart/platform/testkit"
)

var opening = time.Date(2026, 6, 18, 0, 0, 0, 0, time.UTC)

// owner may do everything with one app.
type owner string

func (o owner) ActorID() string { return "usr_" + string(o) }
func (o owner) Address() string { return "192.0.2.1" }
func (o owner) InApp(_ context.Context, app string, _ access.Action) (string, error) {
	if app != string(o) {
		return "", fault.NotFound("there is no app %s", app)
	}
	return "org_" + app, nil
}
func (o owner) InOrganisation(context.Context, string, access.Action) error {
	return fault.Denied("not here")
}
func (o owner) OnPlatform(context.Context, access.Action) error { return fault.Denied("not here") }

const mina, wang = owner("app_mina"), owner("app_wang")

type noLog struct{}

func (noLog) Record(context.Context, db.Tx, access.Entry) error { return nil }

// town is what lies behind the door: consumers with codes, and what apps were granted.
type town struct {
	mu      sync.Mutex
	codes   map[string]string // app and code → openid; "" when it was used
	keys    map[string]string // app and openid → session key
	granted map[string]bool
	broken  error
}

func (w *town) ExchangeLogin(_ context.Context, app, code string) (wechat.Login, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broken != nil {
		return wechat.Login{}, w.broken
	}
	openid, there := w.codes[app+" "+code]
	if !there {
		return wechat.Login{}, fault.NotFound("the code is unknown")
	}
	if openid == "" {
		return wechat.Login{}, fault.Conflict("the code was used")
	}
	if openid == "oShutOut" {
		return wechat.Login{}, fault.Denied("the consumer is suspended")
	}
	w.codes[app+" "+code] = ""
	w.keys[app+" "+openid] = "HyVFkGl5F5OQWJZZaNzBBg=="
	return wechat.Login{OpenID: openid, UnionID: "u" + openid[1:], SessionKey: w.keys[app+" "+openid]}, nil
}

func signatureOf(key string) string {
	m := hmac.New(sha256.New, []byte(key))
	return hex.EncodeToString(m.Sum(nil))
}

func (w *town) CheckSession(_ context.Context, app, openid, signature string) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	key, there := w.keys[app+" "+openid]
	if !there {
		return false, fault.NotFound("there is no consumer %s", openid)
	}
	return signature == signatureOf(key), nil
}

func (w *town) ResetSession(ctx context.Context, app, openid, signature string) (wechat.Login, error) {
	if right, err := w.CheckSession(ctx, app, openid, signature); err != nil || !right {
		return wechat.Login{}, fault.Denied("the signature is wrong")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.keys[app+" "+openid] = "tiihtNczf5v6AKRyjwEUhQ=="
	return wechat.Login{OpenID: openid, SessionKey: w.keys[app+" "+openid]}, nil
}

func (w *town) ExchangePhone(_ context.Context, app, code string) (wechat.Phone, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	number, there := w.codes[app+" "+code]
	if !there {
		return wechat.Phone{}, fault.NotFound("the code is unknown")
	}
	if number == "" {
		return wechat.Phone{}, fault.Conflict("the code was used")
	}
	w.codes[app+" "+code] = ""
	country, number, _ := strings.Cut(number, " ")
	return wechat.Phone{Number: number, Country: country, At: opening.UnixMilli()}, nil
}

func (w *town) Allowed(_ context.Context, app, capability string) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.granted[app+" "+capability], nil
}

// door is a server with the door, on a database with a gateway.
type door struct {
	*wechat.Service
	*town
	gateway *gateway.Gateway
	clock   *clock.Fake
	site    *httptest.Server
	log     *bytes.Buffer
	limit   *gateway.FixedQuotas
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
	if err := d.Migrate(t.Context(), "wechat", wechat.Schema); err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	s := &door{clock: clock.NewFake(opening), log: &bytes.Buffer{}, limit: &gateway.FixedQuotas{}, town: &town{
		codes:   map[string]string{"app_mina c0de": "oLi", "app_mina bl0cked": "oShutOut", "app_mina ph0ne": "86 13800138000", "app_mina abr0ad": "44 7911123456", "app_wang theirs": "oWang"},
		keys:    map[string]string{},
		granted: map[string]bool{"app_mina phone-number": true},
	}}
	s.gateway = gateway.New(d, box, s.clock, noLog{}, gateway.Options{
		Scopes: []gateway.Scope{{Name: wechat.ScopeIdentity}, {Name: wechat.ScopePhone, Capability: "phone-number"}},
		Grants: s.town, Quotas: s.limit,
		CallerAddress: func(r *http.Request) netip.Addr {
			if from := r.Header.Get("X-Test-From"); from != "" {
				return netip.MustParseAddr(from)
			}
			return netip.MustParseAddr("198.51.100.1")
		},
	})
	s.Service = wechat.New(d, s.clock, s.gateway, wechat.Parts{Sessions: s.town, Phones: s.town})
	mux := http.NewServeMux()
	s.Routes(mux)
	s.site = httptest.NewServer(httpapi.New(mux, httpapi.Options{Title: "test", Version: "1", Log: slog.New(slog.NewJSONHandler(s.log, nil))}))
	t.Cleanup(s.site.Close)
	s.key = s.newKey(t, mina, gateway.KeySpec{})
	return s
}

func (s *door) newKey(t testing.TB, by owner, spec gateway.KeySpec) gateway.IssuedKey {
	t.Helper()
	spec.Name = "server"
	if spec.Scopes == nil {
		spec.Scopes = []string{wechat.ScopeIdentity, wechat.ScopePhone}
	}
	k, err := s.gateway.CreateKey(t.Context(), by, string(by), spec)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// answer is what came back.
type answer map[string]any

func (a answer) code() int {
	n, _ := a["errcode"].(float64)
	return int(n)
}

func (a answer) text(name string) string {
	s, _ := a[name].(string)
	return s
}

// ask calls the door. Paths hold SECRET and TOKEN where the app's are meant.
func (s *door) ask(t testing.TB, method, target, body string, header ...string) answer {
	t.Helper()
	var r io.Reader
	if body != "" {
		r = strings.NewReader(strings.ReplaceAll(body, "SECRET", s.key.Secret))
	}
	req, err := http.NewRequest(method, s.site.URL+strings.ReplaceAll(target, "SECRET", s.key.Secret), r)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != 200 || resp.Header.Get("Cache-Control") != "no-store" || resp.Header.Get("Content-Type") != "application/json; charset=utf-8" {
		t.Errorf("%s %s: %d %v %s", method, target, resp.StatusCode, resp.Header, text)
	}
	var a answer
	if err := json.Unmarshal(text, &a); err != nil {
		t.Fatalf("%s %s: %s: %v", method, target, text, err)
	}
	return a
}

// tokenOf fetches an access token for a key.
func (s *door) tokenOf(t testing.TB, k gateway.IssuedKey) string {
	t.Helper()
	a := s.ask(t, "GET", "/cgi-bin/token?grant_type=client_credential&appid="+k.Key.App+"&secret="+k.Secret, "")
	if a.code() != 0 || a.text("access_token") == "" || a["expires_in"] != 7200.0 {
		t.Fatalf("%v", a)
	}
	return a.text("access_token")
}
