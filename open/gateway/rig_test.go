package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"minimart/open/gateway"
	"minimart/open/gateway/client"
	"minimart/open/gateway/seal"
	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/httpapi"
	"minimart/platform/testkit"
)

var opening = time.Date(2026, 6, 18, 0, 0, 0, 0, time.UTC)

// diary is an audit log that is read by what was done.
type diary struct {
	mu      sync.Mutex
	entries []access.Entry
}

func (d *diary) Record(_ context.Context, tx db.Tx, e access.Entry) error {
	if tx == nil {
		return fault.Internal(nil)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.entries = append(d.entries, e)
	return nil
}

func (d *diary) actions() (out []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, e := range d.entries {
		out = append(out, e.Action)
	}
	return out
}

// member is somebody with apps: those it may write to, and those it may only look at.
type member struct{ writes, reads string }

func (m member) Address() string { return "192.0.2.1" }

func (m member) InOrganisation(context.Context, string, access.Action) error {
	return fault.Denied("not here")
}

func (m member) OnPlatform(context.Context, access.Action) error { return fault.Denied("not here") }

func (m member) ActorID() string { return "usr_" + m.writes + m.reads }

func (m member) InApp(_ context.Context, app string, action access.Action) (string, error) {
	switch {
	case app != m.writes && app != m.reads:
		return "", fault.NotFound("there is no app %s", app)
	case app != m.writes && (action == gateway.WriteKeys || action == gateway.WriteWebhooks):
		return "", fault.Denied("you may only look")
	}
	return "org_" + app, nil
}

var mina, wang = member{writes: "app_mina"}, member{writes: "app_wang"}

// grants are capabilities by app.
type grants struct {
	mu      sync.Mutex
	revoked bool
}

func (g *grants) Allowed(_ context.Context, app, capability string) (bool, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return app == "app_mina" && capability == "trade" && !g.revoked, nil
}

// quotas may be changed while a test runs.
type quotas struct {
	atomic.Pointer[gateway.FixedQuotas]
}

func (q *quotas) Quota(ctx context.Context, app, scope string) (gateway.Quota, error) {
	if f := q.Load(); f != nil {
		return f.Quota(ctx, app, scope)
	}
	return gateway.Quota{}, nil
}

// town is a database with gateways on it, each as in a process of its own.
type town struct {
	url     string
	keyFile string
	clock   *clock.Fake
	diary   *diary
	grants  *grants
	quotas  *quotas
}

// stall is one process: a gateway, and a server behind it that counts what reaches it.
type stall struct {
	*town
	*gateway.Gateway
	site   *httptest.Server
	served atomic.Int64
	hold   chan struct{} // when set, orders wait for it
	holdMu sync.Mutex
	arrive chan struct{}
}

func onEveryEngine(t *testing.T, test func(*testing.T, *stall)) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) { test(t, newTown(t, e).open(t)) })
	}
}

func newTown(t testing.TB, e testkit.Engine) *town {
	t.Helper()
	return &town{url: e.URL(t), keyFile: filepath.Join(t.TempDir(), "key"), clock: clock.NewFake(opening), diary: &diary{}, grants: &grants{}, quotas: &quotas{}}
}

func (w *town) open(t testing.TB) *stall {
	t.Helper()
	d := testkit.Open(t, w.url)
	if err := d.Migrate(t.Context(), "gateway", gateway.Schema); err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(w.keyFile)
	if err != nil {
		t.Fatal(err)
	}
	s := &stall{town: w, arrive: make(chan struct{}, 100)}
	s.Gateway = gateway.New(d, box, w.clock, w.diary, gateway.Options{
		Scopes: []gateway.Scope{{Name: "orders:read"}, {Name: "orders:write", Capability: "trade", Title: "Write orders", TitleZh: "写订单"}, {Name: "files:read"}},
		Grants: w.grants, Quotas: w.quotas, BodyLimit: 100_000,
		CallerAddress: func(r *http.Request) netip.Addr {
			if from := r.Header.Get("X-Test-From"); from != "" {
				return netip.MustParseAddr(from)
			}
			return netip.MustParseAddr("198.51.100.1")
		},
	})
	mux := http.NewServeMux()
	api := httpapi.New(mux, httpapi.Options{Title: "test", Version: "1", Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	gateway.Describe(api)
	gateway.Publish(mux, api)
	mux.HandleFunc("GET /bare", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "{}") })
	huma.Register(api, s.Guard(huma.Operation{Method: "POST", Path: "/open/v1/orders", OperationID: "create-order", DefaultStatus: 201}, "orders:write"), s.createOrder)
	mux.Handle("GET /open/v1/orders", s.RequireHandler("orders:read", httpapi.HandlerFunc(s.listOrders)))
	mux.Handle("POST /open/v1/files/{name}", s.RequireHandler("files:read", httpapi.HandlerFunc(s.file)))
	s.ConsoleRoutes(huma.NewGroup(api, "/api/console/v1"), func(ctx context.Context) (access.Actor, error) { return mina, nil })
	s.site = httptest.NewServer(api)
	t.Cleanup(s.site.Close)
	return s
}

type order struct {
	ETag string `header:"ETag"`
	Body struct {
		App string `json:"app"`
		SKU string `json:"sku"`
		N   int64  `json:"n"`
		Key string `json:"key"`
	}
}

func (s *stall) createOrder(ctx context.Context, in *struct {
	Body struct {
		SKU string `json:"sku" maxLength:"20"`
	}
}) (*order, error) {
	n := s.served.Add(1)
	s.holdMu.Lock()
	hold := s.hold
	s.holdMu.Unlock()
	if hold != nil {
		s.arrive <- struct{}{}
		<-hold
	}
	switch in.Body.SKU {
	case "sold-out":
		return nil, fault.Conflict("it is sold out")
	case "broken":
		return nil, io.ErrUnexpectedEOF
	case "panic":
		panic("!")
	}
	caller, ok := access.CallerOf(ctx)
	if !ok {
		return nil, fault.Denied("nobody calls")
	}
	out := &order{ETag: `"` + strconv.FormatInt(n, 10) + `"`}
	out.Body.App, out.Body.SKU, out.Body.N, out.Body.Key = caller.App, in.Body.SKU, n, gateway.IdempotencyKeyOf(ctx)
	return out, nil
}

func (s *stall) listOrders(w http.ResponseWriter, r *http.Request) error {
	s.served.Add(1)
	caller, _ := access.CallerOf(r.Context())
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(map[string]any{"app": caller.App, "org": caller.Org, "key": caller.Key, "query": r.URL.RawQuery})
}

// file sends back what came in, as often as asked.
func (s *stall) file(w http.ResponseWriter, r *http.Request) error {
	s.served.Add(1)
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	times, _ := strconv.Atoi(r.URL.Query().Get("times"))
	for range max(1, times) {
		w.Write(body)
		http.NewResponseController(w).Flush()
	}
	return nil
}

// key makes a key that may do everything.
func (s *stall) key(t testing.TB, by member, spec gateway.KeySpec) gateway.IssuedKey {
	t.Helper()
	if spec.Name == "" {
		spec.Name = "server"
	}
	if spec.Scopes == nil {
		spec.Scopes = []string{"orders:read", "orders:write", "files:read"}
	}
	k, err := s.CreateKey(t.Context(), by, by.writes, spec)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// sign is a signed call, ready to be sent as often as one likes.
func (s *stall) sign(t testing.TB, k gateway.IssuedKey, method, target, body string, header ...string) *http.Request {
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
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	signed, err := (&client.Transport{Key: k.Key.ID, Secret: k.Secret, Now: s.clock.Now}).Sign(req)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

type told struct {
	status  int
	header  http.Header
	body    string
	problem httpapi.Problem
}

func send(t *testing.T, req *http.Request) told {
	t.Helper()
	again := req.Clone(context.Background())
	if req.GetBody != nil {
		again.Body, _ = req.GetBody()
	}
	resp, err := http.DefaultClient.Do(again)
	if err != nil {
		t.Errorf("%s %s: %v", req.Method, req.URL, err)
		return told{}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Errorf("%s %s: %v", req.Method, req.URL, err)
	}
	got := told{status: resp.StatusCode, header: resp.Header, body: string(body)}
	if resp.Header.Get("Content-Type") == "application/problem+json" {
		if err := json.NewDecoder(bytes.NewReader(body)).Decode(&got.problem); err != nil {
			t.Errorf("%s: %v", body, err)
		}
	}
	return got
}

// want checks the status and that the problem says something.
func (got told) want(t *testing.T, what string, status int, says string) {
	t.Helper()
	if got.status != status || !strings.Contains(got.problem.Detail, says) {
		t.Errorf("%s: %d %s, want %d and %q", what, got.status, got.body, status, says)
	}
	if (got.status == 401) != (got.header.Get("WWW-Authenticate") == "Minimart-HMAC-SHA256") {
		t.Errorf("%s: %d with WWW-Authenticate %q", what, got.status, got.header.Get("WWW-Authenticate"))
	}
}

func decode(t *testing.T, from io.Reader, into any) {
	t.Helper()
	if err := json.NewDecoder(from).Decode(into); err != nil {
		t.Error(err)
	}
}
