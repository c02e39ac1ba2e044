package webhook_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"minimart/open/gateway"
	"minimart/open/gateway/seal"
	"minimart/open/gateway/webhook"
	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/fault/faulttest"
	"minimart/platform/testkit"
	"minimart/platform/timer"
)

var opening = time.Date(2026, 6, 18, 0, 0, 0, 0, time.UTC)

func TestEveryFaultSpeaksChinese(t *testing.T) { faulttest.Translated(t) }

type member struct{ writes, reads string }

func (m member) Address() string { return "192.0.2.1" }

func (m member) InOrganisation(context.Context, string, access.Action) error {
	return fault.Denied("not here")
}

func (m member) OnPlatform(context.Context, access.Action) error { return fault.Denied("not here") }

func (m member) ActorID() string { return "usr_" + m.writes + m.reads }

func (m member) InApp(_ context.Context, app string, action access.Action) (string, error) {
	switch {
	case app == "" || app != m.writes && app != m.reads:
		return "", fault.NotFound("there is no app %s", app)
	case app != m.writes && action == gateway.WriteWebhooks:
		return "", fault.Denied("you may only look")
	}
	return "org_" + app, nil
}

var mina, wang = member{writes: "app_mina"}, member{writes: "app_wang"}

// diary is an outbox and an audit log that note what they are told.
type diary struct {
	mu      sync.Mutex
	events  []db.Event
	entries []access.Entry
}

func (d *diary) Record(_ context.Context, _ db.Tx, e access.Entry) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.entries = append(d.entries, e)
	return nil
}

// of are the entries of an action.
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

func (d *diary) Append(_ context.Context, _ db.Tx, e db.Event) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.events = append(d.events, e)
	return nil
}
func (d *diary) Committed() {}

// about are the events with a topic.
func (d *diary) about(topic string) (out []db.Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, e := range d.events {
		if e.Topic == topic {
			out = append(out, e)
		}
	}
	return out
}

// names is a resolver: each name with its answers, one after the other; the last one stays.
type names struct {
	mu      sync.Mutex
	answers map[string][]string
}

func (n *names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	list := n.answers[host]
	if len(list) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	if len(list) > 1 {
		n.answers[host] = list[1:]
	}
	return []netip.Addr{netip.MustParseAddr(list[0])}, nil
}

// message is what a merchant's server received.
type message struct {
	path   string
	header http.Header
	body   []byte
}

// shop is a merchant's server, and the platform that tells it things.
type shop struct {
	*webhook.Service
	db     *db.DB
	timers *timer.Timers
	clock  *clock.Fake
	diary  *diary
	names  *names
	server *httptest.Server
	url    string // of the server, by its name

	mu       sync.Mutex
	received []message
	answer   http.HandlerFunc
}

func newShop(t *testing.T, e testkit.Engine, change func(*webhook.Options), options ...timer.Option) *shop {
	t.Helper()
	s := &shop{db: e.Open(t), clock: clock.NewFake(opening), diary: &diary{}}
	if err := s.db.Migrate(t.Context(), "gateway", gateway.Schema); err != nil {
		t.Fatal(err)
	}
	s.db.AttachOutbox(s.diary)
	s.timers = timer.New(s.db, s.clock, options...)
	if err := s.timers.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	s.server = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.server.StartTLS()
	t.Cleanup(s.server.Close)
	port := s.server.Listener.Addr().(*net.TCPAddr).Port
	s.url = fmt.Sprintf("https://example.com:%d/hooks", port) // the name its certificate is for
	s.names = &names{answers: map[string][]string{"example.com": {"127.0.0.1"}, "other.test": {"127.0.0.1"}, "inside.test": {"10.0.0.7"}, "metadata.test": {"169.254.169.254"}}}
	roots := x509.NewCertPool()
	roots.AddCert(s.server.Certificate())
	o := webhook.Options{
		Types:    []webhook.Type{{Name: "order.paid", Title: "Paid", TitleZh: "已支付"}, {Name: "order.refunded"}, {Name: "stock.low"}},
		Resolver: s.names, Roots: roots, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, Timeout: 500 * time.Millisecond,
		Jitter: func() float64 { return 0 },
	}
	if change != nil {
		change(&o)
	}
	s.Service = webhook.New(s.db, box, s.timers, s.clock, s.diary, o)
	return s
}

func (s *shop) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.received = append(s.received, message{r.URL.Path, r.Header.Clone(), body})
	answer := s.answer
	s.mu.Unlock()
	if answer != nil {
		answer(w, r)
	}
}

func (s *shop) answers(h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = h
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		io.WriteString(w, "told "+strconv.Itoa(code))
	}
}

// take is what was received since it was last called.
func (s *shop) take() []message {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.received
	s.received = nil
	return out
}

func onEveryEngine(t *testing.T, test func(*testing.T, *shop)) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) { test(t, newShop(t, e, nil)) })
	}
}

func (s *shop) endpoint(t *testing.T, by member, url string, types ...string) webhook.IssuedEndpoint {
	t.Helper()
	if types == nil {
		types = []string{webhook.AllTypes}
	}
	e, err := s.CreateEndpoint(t.Context(), by, by.writes, webhook.EndpointSpec{URL: url, Types: types})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (s *shop) happens(t *testing.T, eventID, kind string) {
	t.Helper()
	err := s.Deliver(t.Context(), webhook.Event{ID: eventID, App: "app_mina", Type: kind, At: s.clock.Now(), Data: json.RawMessage(`{"order":"ord_1","title":"杯子 <1>"}`)})
	if err != nil {
		t.Fatal(err)
	}
}

// run makes the attempts that are due.
func (s *shop) run(t *testing.T) {
	t.Helper()
	if _, err := s.timers.RunDue(t.Context()); err != nil {
		t.Error(err)
	}
}

// log is the newest delivery to an endpoint with its attempts.
func (s *shop) log(t *testing.T, endpoint string) (webhook.Delivery, []webhook.Attempt) {
	t.Helper()
	page, _, err := s.Deliveries(t.Context(), mina, "app_mina", endpoint, "", "", 1)
	if err != nil || len(page) == 0 {
		t.Fatalf("%v, %v", page, err)
	}
	d, _, attempts, err := s.Delivery(t.Context(), mina, "app_mina", endpoint, page[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	return d, attempts
}

// verify checks a message as the specification tells receivers to, and says which of the secrets signed it.
func verify(t *testing.T, m message, secrets ...string) (signedBy []int) {
	t.Helper()
	text := m.header.Get("webhook-id") + "." + m.header.Get("webhook-timestamp") + "." + string(m.body)
	for i, secret := range secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
		if err != nil || len(key) < 24 || len(key) > 64 {
			t.Fatalf("secret %q: %d bytes, %v", secret, len(key), err)
		}
		h := hmac.New(sha256.New, key)
		h.Write([]byte(text))
		if slices.Contains(strings.Split(m.header.Get("webhook-signature"), " "), "v1,"+base64.StdEncoding.EncodeToString(h.Sum(nil))) {
			signedBy = append(signedBy, i)
		}
	}
	return signedBy
}

// The vector is the one of the reference libraries of Standard Webhooks.
func TestTheSignatureIsThatOfTheStandard(t *testing.T) {
	got, err := webhook.Sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; err != nil || got != want {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
	for _, bad := range []string{"", "whsec_", "whsec_%%"} {
		if _, err := webhook.Sign(bad, "msg_1", 1, nil); err == nil {
			t.Errorf("%q signs", bad)
		}
	}
}

func TestAnEventIsDeliveredSigned(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *shop) {
		e := s.endpoint(t, mina, s.url)
		s.answers(status(202))
		s.happens(t, "order.paid:ord_1", "order.paid")
		s.happens(t, "order.paid:ord_1", "order.paid") // the bus may say it twice
		s.run(t)
		got := s.take()
		if len(got) != 1 || got[0].path != "/hooks" || !slices.Equal(verify(t, got[0], e.Secret), []int{0}) {
			t.Fatalf("%+v", got)
		}
		var body struct{ Type, Timestamp, App, Data any }
		if err := json.Unmarshal(got[0].body, &body); err != nil || body.Type != "order.paid" || body.Timestamp != "2026-06-18T00:00:00.000Z" || body.App != "app_mina" ||
			!strings.Contains(string(got[0].body), "ord_1") {
			t.Errorf("%s, %v", got[0].body, err)
		}
		if at := got[0].header.Get("webhook-timestamp"); at != strconv.FormatInt(opening.Unix(), 10) {
			t.Errorf("timestamp %s", at)
		}
		d, attempts := s.log(t, e.Endpoint.ID)
		if d.State != webhook.Delivered || d.Attempts != 1 || d.ID != got[0].header.Get("webhook-id") || d.Event != "order.paid:ord_1" || d.NextAt != 0 || d.DoneAt == 0 {
			t.Errorf("%+v", d)
		}
		if len(attempts) != 1 || attempts[0].Status != 202 || attempts[0].Response != "told 202" || attempts[0].Error != "" || attempts[0].StartedAt != opening.UnixMilli() {
			t.Errorf("%+v", attempts)
		}
		s.clock.Advance(24 * time.Hour)
		s.run(t)
		if got := s.take(); len(got) != 0 {
			t.Errorf("delivered again: %+v", got)
		}
	})
}

func TestEndpointsAreToldWhatTheyAskedForAndNobodyElsesBusiness(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *shop) {
		s.endpoint(t, mina, s.url+"/all")
		s.endpoint(t, mina, s.url+"/paid", "order.paid", "stock.low")
		s.endpoint(t, mina, s.url+"/refunded", "order.refunded")
		off := s.endpoint(t, mina, s.url+"/off")
		s.endpoint(t, wang, s.url+"/wang")
		if _, err := s.DisableEndpoint(t.Context(), mina, "app_mina", off.Endpoint.ID); err != nil {
			t.Fatal(err)
		}
		s.happens(t, "order.paid:ord_1", "order.paid")
		s.run(t)
		var paths []string
		for _, m := range s.take() {
			paths = append(paths, m.path)
		}
		slices.Sort(paths)
		if !slices.Equal(paths, []string{"/hooks/all", "/hooks/paid"}) {
			t.Errorf("%v", paths)
		}
		if err := s.Deliver(t.Context(), webhook.Event{ID: "x", App: "app_mina", Type: "order.lost"}); err == nil {
			t.Error("an unknown type was taken")
		}
		if err := s.Deliver(t.Context(), webhook.Event{ID: "x", App: "app_mina", Type: "order.paid", Data: json.RawMessage(`{`)}); err == nil {
			t.Error("data that is no JSON was taken")
		}
		if err := s.Deliver(t.Context(), webhook.Event{ID: "x", App: "app_mina", Type: "order.paid", Data: json.RawMessage(`"` + strings.Repeat("x", 256<<10) + `"`)}); err == nil {
			t.Error("data that is too large was taken")
		}
	})
}

func TestAFailureIsTriedAgainWithGrowingPauses(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *shop) {
		e := s.endpoint(t, mina, s.url)
		s.answers(status(500))
		s.happens(t, "order.paid:ord_1", "order.paid")
		var at []string
		began := s.clock.Now()
		for range 20 {
			s.run(t)
			if n := len(s.take()); n > 0 {
				at = append(at, s.clock.Now().Sub(began).String())
			}
			d, _ := s.log(t, e.Endpoint.ID)
			if d.NextAt == 0 {
				break
			}
			s.clock.Set(clock.Time(d.NextAt).Add(-time.Millisecond))
			s.run(t)
			if got := s.take(); len(got) > 0 {
				t.Fatalf("too early at %s", s.clock.Now())
			}
			s.clock.Advance(time.Millisecond)
		}
		want := []string{"0s", "5s", "5m5s", "35m5s", "2h35m5s", "7h35m5s", "17h35m5s", "31h35m5s", "51h35m5s", "75h35m5s"}
		if !slices.Equal(at, want) {
			t.Errorf("attempts at %v, want %v", at, want)
		}
		d, attempts := s.log(t, e.Endpoint.ID)
		if d.State != webhook.Failed || d.Attempts != 10 || d.LastStatus != 500 || len(attempts) != 10 || attempts[0].Number != 10 || attempts[9].Response != "told 500" {
			t.Errorf("%+v %+v", d, attempts)
		}
		// By hand it goes once more, under the same id, and from there on as at first.
		if err := s.Redeliver(t.Context(), mina, "app_mina", e.Endpoint.ID, d.ID); err != nil {
			t.Fatal(err)
		}
		s.run(t)
		s.answers(status(200))
		s.clock.Advance(5 * time.Second)
		s.run(t)
		got := s.take()
		if len(got) != 2 || got[0].header.Get("webhook-id") != d.ID || got[1].header.Get("webhook-id") != d.ID || got[0].header.Get("webhook-timestamp") == got[1].header.Get("webhook-timestamp") {
			t.Errorf("%+v", got)
		}
		for _, m := range got {
			verify(t, m, e.Secret)
		}
		if d, _ := s.log(t, e.Endpoint.ID); d.State != webhook.Delivered || d.Attempts != 12 {
			t.Errorf("%+v", d)
		}
		if now, err := s.Endpoint(t.Context(), mina, "app_mina", e.Endpoint.ID); err != nil || now.FailingSince != 0 {
			t.Errorf("%+v, %v", now, err)
		}
	})
}

// Whatever a server does, the attempt ends soon, is in the log, and is tried again.
func TestServersThatMisbehave(t *testing.T) {
	s := newShop(t, testkit.Engines(t)[0], nil)
	var followed atomic.Int64
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed.Add(1) }))
	defer trap.Close()
	dead, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead.Close()
	at := func(host string) string {
		_, port, _ := net.SplitHostPort(s.server.Listener.Addr().String())
		return "https://" + host + ":" + port + "/hooks"
	}
	release := make(chan struct{})
	defer close(release)
	for _, tt := range []struct {
		name   string
		url    string
		answer http.HandlerFunc
		status int
		says   string
		calls  int
		after  time.Duration // of the next attempt
	}{
		{"an error", s.url, status(503), 503, "status: the answer was 503", 1, 5 * time.Second},
		{"not found", s.url, status(404), 404, "status: the answer was 404", 1, 5 * time.Second},
		{"asks for time", s.url, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "120"); w.WriteHeader(429) }, 429, "status", 1, 2 * time.Minute},
		{"asks for a year", s.url, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "31536000")
			w.WriteHeader(503)
		}, 503, "status", 1, 24 * time.Hour},
		{"asks for nonsense", s.url, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "-1e9")
			w.WriteHeader(503)
		}, 503, "status", 1, 5 * time.Second},
		{"redirects", s.url, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, trap.URL, http.StatusTemporaryRedirect)
		}, 307, "redirect:", 1, 5 * time.Second},
		{"redirects inside", s.url, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/", http.StatusFound)
		}, 302, "redirect:", 1, 5 * time.Second},
		{"does not answer", s.url, func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-r.Context().Done():
			case <-release:
			}
		}, 0, "timeout: no answer within 500ms", 1, 5 * time.Second},
		{"answers for ever", s.url, func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				io.WriteString(w, "x")
				http.NewResponseController(w).Flush()
				time.Sleep(20 * time.Millisecond)
			}
		}, 200, "timeout:", 1, 5 * time.Second},
		{"hangs up", s.url, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 0, "connection:", 1, 5 * time.Second},
		{"is not there", "https://127.0.0.1:" + strconv.Itoa(dead.Addr().(*net.TCPAddr).Port), nil, 0, "connection:", 0, 5 * time.Second},
		{"speaks no TLS", strings.Replace(trap.URL, "http:", "https:", 1), nil, 0, "tls:", 0, 5 * time.Second},
		{"has another's certificate", at("other.test"), nil, 0, "tls:", 0, 5 * time.Second},
		{"has no address", at("nowhere.test"), nil, 0, "dns:", 0, 5 * time.Second},
		{"leads inside", at("inside.test"), nil, 0, "not_public: the host does not lead to a public address", 0, 5 * time.Second},
		{"leads to a cloud's metadata", at("metadata.test"), nil, 0, "not_public:", 0, 5 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := s.endpoint(t, mina, tt.url)
			defer s.DeleteEndpoint(t.Context(), mina, "app_mina", e.Endpoint.ID)
			s.answers(tt.answer)
			s.happens(t, "order.paid:"+strings.ReplaceAll(tt.name, " ", "-"), "order.paid")
			began := time.Now()
			s.run(t)
			if took := time.Since(began); took > 3*time.Second {
				t.Errorf("took %s", took)
			}
			d, attempts := s.log(t, e.Endpoint.ID)
			if d.State != webhook.Pending || d.LastStatus != tt.status || !strings.HasPrefix(d.LastError, tt.says) || len(attempts) != 1 {
				t.Errorf("%+v %+v", d, attempts)
			}
			if next := clock.Time(d.NextAt).Sub(s.clock.Now()); next != tt.after {
				t.Errorf("next in %s", next)
			}
			if n := len(s.take()); n != tt.calls {
				t.Errorf("called %d times", n)
			}
			for _, secret := range []string{"10.0.0.7", "169.254"} {
				if tt.name != "redirects inside" && (strings.Contains(d.LastError, secret) || strings.Contains(attempts[0].Response, secret)) {
					t.Errorf("the log tells where a name leads from here: %+v", attempts)
				}
			}
		})
	}
	if followed.Load() != 0 {
		t.Error("a redirect was followed")
	}
}

func TestALargeOrStrangeAnswerIsKeptInPart(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *shop) {
		e := s.endpoint(t, mina, s.url)
		s.answers(func(w http.ResponseWriter, _ *http.Request) {
			w.Write([]byte("a\x00b\xff\x1b[31m\n"))
			w.Write(bytes.Repeat([]byte("好"), 1<<20))
		})
		s.happens(t, "order.paid:ord_1", "order.paid")
		s.run(t)
		d, attempts := s.log(t, e.Endpoint.ID)
		if r := attempts[0].Response; d.State != webhook.Delivered || !strings.HasPrefix(r, "ab\uFFFD[31m\n好好") || len(r) > 2100 {
			t.Errorf("%+v, %d bytes: %.60q", d, len(r), r)
		}
	})
}

func TestANameThatChangesItsAddressGainsNothing(t *testing.T) {
	s := newShop(t, testkit.Engines(t)[0], nil)
	s.names.answers["example.com"] = []string{"127.0.0.1", "10.0.0.7"} // what is allowed first, then somewhere inside
	e := s.endpoint(t, mina, s.url)
	s.happens(t, "order.paid:ord_1", "order.paid")
	s.run(t)
	if d, _ := s.log(t, e.Endpoint.ID); d.State != webhook.Delivered {
		t.Fatalf("before it changed: %+v", d)
	}
	s.server.CloseClientConnections()
	s.happens(t, "order.paid:ord_2", "order.paid")
	s.run(t)
	if d, _ := s.log(t, e.Endpoint.ID); d.State != webhook.Pending || !strings.HasPrefix(d.LastError, "not_public") && !strings.HasPrefix(d.LastError, "connection") {
		t.Errorf("after it changed: %+v", d)
	}
	s.clock.Advance(5 * time.Second)
	s.run(t)
	if d, _ := s.log(t, e.Endpoint.ID); !strings.HasPrefix(d.LastError, "not_public") {
		t.Errorf("and later: %+v", d)
	}
	if n := len(s.take()); n != 1 {
		t.Errorf("called %d times", n)
	}
}

func TestASecretIsRotatedWithOverlap(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *shop) {
		first := s.endpoint(t, mina, s.url)
		second, err := s.RotateSecret(t.Context(), mina, "app_mina", first.Endpoint.ID, time.Hour)
		if err != nil || second.Secret == first.Secret {
			t.Fatal(err)
		}
		for i, step := range []struct {
			after time.Duration
			by    []int
		}{{0, []int{0, 1}}, {time.Hour - time.Second, []int{0, 1}}, {time.Second, []int{1}}} {
			s.clock.Advance(step.after)
			s.happens(t, fmt.Sprint("order.paid:ord_", i), "order.paid")
			s.run(t)
			if got := s.take(); len(got) != 1 || !slices.Equal(verify(t, got[0], first.Secret, second.Secret), step.by) {
				t.Errorf("after %s: %+v", step.after, got)
			}
		}
		third, err := s.RotateSecret(t.Context(), mina, "app_mina", first.Endpoint.ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		s.happens(t, "order.paid:last", "order.paid")
		s.run(t)
		if got := s.take(); len(got) != 1 || !slices.Equal(verify(t, got[0], first.Secret, second.Secret, third.Secret), []int{2}) {
			t.Errorf("without overlap: %+v", got)
		}
		for _, d := range []time.Duration{-1, webhook.MaxSecretOverlap + 1} {
			if _, err := s.RotateSecret(t.Context(), mina, "app_mina", first.Endpoint.ID, d); !fault.Is(err, fault.CodeInvalid) {
				t.Errorf("%s: %v", d, err)
			}
		}
		var stored string
		if err := s.db.View(t.Context(), func(tx db.Tx) error {
			return tx.QueryRowContext(t.Context(), "SELECT secret || previous_secret FROM gateway_endpoint").Scan(&stored)
		}); err != nil || strings.Contains(stored, third.Secret[6:20]) {
			t.Errorf("%q, %v", stored, err)
		}
	})
}

func TestAnEndpointThatFailsForDaysIsDisabled(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *shop) {
		e := s.endpoint(t, mina, s.url)
		s.answers(status(500))
		for day := range 7 {
			s.happens(t, fmt.Sprint("order.paid:ord_", day), "order.paid")
			s.run(t)
			s.clock.Advance(24 * time.Hour)
			s.run(t)
		}
		now, err := s.Endpoint(t.Context(), mina, "app_mina", e.Endpoint.ID)
		if err != nil || now.State != webhook.Disabled || now.DisabledReason != webhook.Failing || now.FailingSince != opening.UnixMilli() {
			t.Fatalf("%+v, %v", now, err)
		}
		events := s.diary.about("gateway.webhook.disabled")
		if len(events) != 1 || events[0].Topic != "gateway.webhook.disabled" || !strings.Contains(string(events[0].Payload), e.Endpoint.ID) || !strings.Contains(string(events[0].Payload), "failing") {
			t.Errorf("%+v", events)
		}
		if noted := s.diary.of("webhook.disabled"); len(noted) != 1 || noted[0].Actor != "" || noted[0].Org != "org_app_mina" || noted[0].Detail["reason"] != webhook.Failing {
			t.Errorf("%+v", noted)
		}
		// What waited is stopped when its time comes; nothing is sent.
		s.take()
		s.clock.Advance(72 * time.Hour)
		s.run(t)
		waiting, _, err := s.Deliveries(t.Context(), mina, "app_mina", e.Endpoint.ID, webhook.Pending, "", 100)
		if err != nil || len(waiting) != 0 || len(s.take()) != 0 {
			t.Errorf("%+v, %v", waiting, err)
		}
		stopped, _, err := s.Deliveries(t.Context(), mina, "app_mina", e.Endpoint.ID, webhook.Stopped, "", 100)
		if err != nil || len(stopped) == 0 {
			t.Fatalf("%+v, %v", stopped, err)
		}
		if err := s.Redeliver(t.Context(), mina, "app_mina", e.Endpoint.ID, stopped[0].ID); !fault.Is(err, fault.CodeConflict) {
			t.Errorf("redelivered to a disabled endpoint: %v", err)
		}
		if _, err := s.SendTest(t.Context(), mina, "app_mina", e.Endpoint.ID); !fault.Is(err, fault.CodeConflict) {
			t.Errorf("tested a disabled endpoint: %v", err)
		}
		if _, err := s.EnableEndpoint(t.Context(), mina, "app_mina", e.Endpoint.ID); err != nil {
			t.Fatal(err)
		}
		s.answers(nil)
		if err := s.Redeliver(t.Context(), mina, "app_mina", e.Endpoint.ID, stopped[0].ID); err != nil {
			t.Fatal(err)
		}
		s.run(t)
		if got := s.take(); len(got) != 1 || got[0].header.Get("webhook-id") != stopped[0].ID {
			t.Errorf("%+v", got)
		}
	})
}

func TestAnEndpointThatIsGoneIsDisabledAtOnce(t *testing.T) {
	s := newShop(t, testkit.Engines(t)[0], nil)
	e := s.endpoint(t, mina, s.url)
	s.answers(status(410))
	s.happens(t, "order.paid:ord_1", "order.paid")
	s.run(t)
	now, err := s.Endpoint(t.Context(), mina, "app_mina", e.Endpoint.ID)
	if d, _ := s.log(t, e.Endpoint.ID); err != nil || now.DisabledReason != webhook.Gone || d.State != webhook.Stopped || d.LastStatus != 410 || len(s.diary.about("gateway.webhook.disabled")) != 1 {
		t.Errorf("%+v %+v %v", now, d, err)
	}
}

func TestANeighboursWebhookIsNotFound(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *shop) {
		mine := s.endpoint(t, mina, s.url).Endpoint.ID
		theirs := s.endpoint(t, wang, s.url).Endpoint.ID
		s.happens(t, "order.paid:ord_1", "order.paid")
		delivery, _ := s.log(t, mine)
		spec := webhook.EndpointSpec{URL: s.url, Types: []string{"*"}}
		for _, app := range []string{"app_mina", "app_wang"} {
			for name, try := range map[string]func() error{
				"show":       func() error { _, err := s.Endpoint(t.Context(), mina, app, theirs); return err },
				"change":     func() error { _, err := s.ChangeEndpoint(t.Context(), mina, app, theirs, spec); return err },
				"enable":     func() error { _, err := s.EnableEndpoint(t.Context(), mina, app, theirs); return err },
				"disable":    func() error { _, err := s.DisableEndpoint(t.Context(), mina, app, theirs); return err },
				"rotate":     func() error { _, err := s.RotateSecret(t.Context(), mina, app, theirs, 0); return err },
				"delete":     func() error { return s.DeleteEndpoint(t.Context(), mina, app, theirs) },
				"test":       func() error { _, err := s.SendTest(t.Context(), mina, app, theirs); return err },
				"deliveries": func() error { _, _, err := s.Deliveries(t.Context(), mina, app, theirs, "", "", 10); return err },
				"delivery":   func() error { _, _, _, err := s.Delivery(t.Context(), mina, app, theirs, delivery.ID); return err },
				"redeliver":  func() error { return s.Redeliver(t.Context(), mina, app, theirs, delivery.ID) },
			} {
				if err := try(); !fault.Is(err, fault.CodeNotFound) {
					t.Errorf("%s under %s: %v", name, app, err)
				}
			}
		}
		if _, _, _, err := s.Delivery(t.Context(), wang, "app_wang", theirs, delivery.ID); !fault.Is(err, fault.CodeNotFound) {
			t.Errorf("my delivery under their endpoint: %v", err)
		}
		looker := member{reads: "app_mina"}
		if _, err := s.SendTest(t.Context(), looker, "app_mina", mine); !fault.Is(err, fault.CodeDenied) {
			t.Error(err)
		}
		if e, err := s.Endpoint(t.Context(), wang, "app_wang", theirs); err != nil || e.State != webhook.Enabled {
			t.Errorf("%+v, %v", e, err)
		}
	})
}

func TestASlowEndpointHoldsNobodyElseUp(t *testing.T) {
	s := newShop(t, testkit.Engines(t)[0], func(o *webhook.Options) { o.PerEndpoint = 1; o.Timeout = 20 * time.Second }, timer.Workers(4), timer.PollEvery(5*time.Millisecond))
	s.endpoint(t, mina, s.url+"/slow", "order.paid")
	s.endpoint(t, mina, s.url+"/quick", "stock.low")
	var now, most atomic.Int64
	quick := make(chan struct{}, 10)
	release := make(chan struct{})
	s.answers(func(_ http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/quick") {
			quick <- struct{}{}
			return
		}
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		<-release
		now.Add(-1)
	})
	for i := range 6 {
		s.happens(t, fmt.Sprint("order.paid:", i), "order.paid")
	}
	s.happens(t, "stock.low:1", "stock.low")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = s.timers.Run(ctx) }()
	select {
	case <-quick:
	case <-time.After(10 * time.Second):
		t.Error("the quick one waits for the slow one")
	}
	close(release)
	deadline := time.Now().Add(10 * time.Second)
	for {
		s.clock.Advance(time.Second)
		time.Sleep(10 * time.Millisecond)
		s.mu.Lock()
		n := len(s.received)
		s.mu.Unlock()
		if n == 7 {
			break
		}
		if time.Now().After(deadline) {
			t.Errorf("%d of 7 arrived", n)
			break
		}
	}
	cancel()
	<-ended
	if most.Load() != 1 {
		t.Errorf("%d at once", most.Load())
	}
}

func TestTheLogIsForgottenInTime(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *shop) {
		e := s.endpoint(t, mina, s.url)
		s.happens(t, "order.paid:1", "order.paid")
		s.run(t)
		s.clock.Advance(29 * 24 * time.Hour)
		s.happens(t, "order.paid:2", "order.paid")
		s.run(t)
		count := func() int {
			page, next, err := s.Deliveries(t.Context(), mina, "app_mina", e.Endpoint.ID, "", "", 1)
			if err != nil {
				t.Fatal(err)
			}
			n := len(page)
			for next != "" {
				if page, next, err = s.Deliveries(t.Context(), mina, "app_mina", e.Endpoint.ID, "", next, 1); err != nil {
					t.Fatal(err)
				}
				n += len(page)
			}
			return n
		}
		if err := s.Forget(t.Context()); err != nil || count() != 2 {
			t.Errorf("%d left, %v", count(), err)
		}
		s.clock.Advance(25 * time.Hour)
		if err := s.Forget(t.Context()); err != nil || count() != 1 {
			t.Errorf("%d left, %v", count(), err)
		}
		for _, bad := range []struct {
			state  webhook.DeliveryState
			cursor string
		}{{"lost", ""}, {"", "msg_1"}, {"", "'; DROP TABLE"}} {
			if _, _, err := s.Deliveries(t.Context(), mina, "app_mina", e.Endpoint.ID, bad.state, bad.cursor, 1); !fault.Is(err, fault.CodeInvalid) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
	})
}

func TestURLsThatMayBeCalled(t *testing.T) {
	s := newShop(t, testkit.Engines(t)[0], nil)
	for text, says := range map[string]string{
		"https://shop.example/hooks?a=1": "", "https://shop.example:8443": "", "https://93.184.216.34/": "", "https://[2606:4700::1111]/": "", "http://127.0.0.1:8080/demo": "", "https://例子.中国/x": "",
		"http://shop.example/": "must begin with https", "ftp://shop.example/": "must begin with https", "http://127.0.0.2/": "must begin with https", "HTTP://localhost/": "must begin with https",
		"https://10.0.0.1/": "no public address", "https://[::1]/": "no public address", "https://169.254.169.254/latest": "no public address", "https://[::ffff:10.0.0.1]/": "no public address",
		"https://user:pass@shop.example/": "password", "https://shop.example/#x": "fragment", "https:///x": "no URL", "https:shop.example": "no URL", "": "no URL", "shop.example": "no URL",
		"https://shop.example:0/": "no URL", "https://shop.example:99999/": "no URL", "https://shop.example/\x00": "no URL", "https://shop.example/\r\nX: y": "no URL", "https://" + strings.Repeat("a", 1000): "1008 bytes",
	} {
		_, err := s.CreateEndpoint(t.Context(), wang, "app_wang", webhook.EndpointSpec{URL: text, Types: []string{"*"}})
		switch f := fault.Of(err); {
		case says == "" && err != nil:
			t.Errorf("%q: %v", text, err)
		case says != "" && (f == nil || f.Code != fault.CodeInvalid || !strings.Contains(f.Message, says) || f.Fields[0].Name != "url"):
			t.Errorf("%q: %v", text, err)
		}
	}
	_, err := s.CreateEndpoint(t.Context(), mina, "app_mina", webhook.EndpointSpec{URL: "x", Description: "a\u202eb", Types: []string{"order.paid", "order.lost"}})
	if f := fault.Of(err); f == nil || len(f.Fields) != 3 || f.Fields[2].Name != "types[1]" {
		t.Errorf("%v", err)
	}
	for range 20 {
		s.endpoint(t, mina, s.url)
	}
	if _, err := s.CreateEndpoint(t.Context(), mina, "app_mina", webhook.EndpointSpec{URL: s.url, Types: []string{"*"}}); !fault.Is(err, fault.CodeExhausted) {
		t.Errorf("endpoint 21: %v", err)
	}
}

func FuzzURL(f *testing.F) {
	for _, seed := range []string{"https://shop.example/hooks", "https://127.0.0.1/", "http://[::1%25eth0]/", "https://a:b@c#d", "https://0x7f.1/", "//x", "https://shop.example:443:443/"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		taken, err := webhook.CheckURLForTest(text)
		if err != nil {
			return
		}
		u, err := url.Parse(taken)
		if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Fragment != "" || strings.ContainsAny(taken, "\r\n\x00 ") {
			t.Errorf("%q was taken as %q", text, taken)
		}
		if a, err := netip.ParseAddr(u.Hostname()); err == nil && (a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast()) {
			t.Errorf("%q leads inside", taken)
		}
		if again, err := webhook.CheckURLForTest(taken); err != nil || again != taken {
			t.Errorf("%q was taken as %q, %v", taken, again, err)
		}
	})
}
