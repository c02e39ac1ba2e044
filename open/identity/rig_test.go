package identity_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"minimart/open/gateway/seal"
	"minimart/open/host"
	"minimart/open/identity"
	"minimart/platform/access"
	"minimart/platform/access/accesstest"
	"minimart/platform/allowance"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/fault/faulttest"
	"minimart/platform/id"
	"minimart/platform/testkit"
)

var opening = time.Date(2026, 6, 18, 9, 0, 0, 0, time.UTC)

func TestEveryFaultSpeaksChinese(t *testing.T) { faulttest.Translated(t) }

// diary is an outbox that notes events. It refuses two different events with one id, as the real one does.
type diary struct {
	mu     sync.Mutex
	events []db.Event
}

func (d *diary) Append(_ context.Context, _ db.Tx, e db.Event) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, had := range d.events {
		if had.ID == e.ID && !bytes.Equal(had.Payload, e.Payload) {
			return fault.Conflict("two events %s", e.ID)
		}
	}
	d.events = append(d.events, e)
	return nil
}
func (d *diary) Committed() {}

func (d *diary) of(topic string) (out []db.Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, e := range d.events {
		if e.Topic == topic {
			out = append(out, e)
		}
	}
	return out
}

// phones is a provider whose messages the test reads.
type phones struct {
	mu     sync.Mutex
	sent   []identity.Message
	broken bool
}

func (p *phones) Send(_ context.Context, m identity.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.broken {
		return errors.New("dial sms: refused")
	}
	p.sent = append(p.sent, m)
	return nil
}

func (p *phones) last(t testing.TB, to identity.Phone) identity.Message {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range slices.Backward(p.sent) {
		if m.Phone == to {
			return m
		}
	}
	t.Fatalf("nothing was sent to %s", to)
	return identity.Message{}
}

// shelf is the programs there are. Those with a ticket are open to who holds it alone.
type shelf struct {
	mu      sync.Mutex
	apps    map[string]identity.App
	tickets map[string]string // app → ticket, for programs that are not out
}

func (s *shelf) Open(ctx context.Context, app, ticket string) (identity.App, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := access.VisitorOf(ctx); !ok {
		return identity.App{}, errors.New("no visitor")
	}
	a, ok := s.apps[app]
	if need := s.tickets[app]; !ok || need != "" && need != ticket {
		return identity.App{}, fault.NotFound("there is no program %s", app)
	}
	return a, nil
}

func (s *shelf) Known(_ context.Context, apps []string) (map[string]identity.App, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]identity.App{}
	for _, app := range apps {
		if a, ok := s.apps[app]; ok {
			out[app] = a
		}
	}
	return out, nil
}

func (s *shelf) change(app string, f func(*identity.App)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.apps[app]
	privacy := map[identity.Kind]string{}
	for k, v := range a.Privacy {
		privacy[k] = v
	}
	a.Privacy = privacy
	f(&a)
	s.apps[app] = a
}

// grants are capabilities by app.
type grants struct {
	mu      sync.Mutex
	granted map[string]bool
	used    []string
}

func (g *grants) set(app, capability string, on bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.granted[app+capability] = on
}

func (g *grants) Allowed(_ context.Context, app, capability string) (bool, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.granted[app+capability], nil
}

func (g *grants) Use(_ context.Context, _ db.Tx, app, capability, consumer string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.granted[app+capability] {
		return fault.Denied("revoked")
	}
	g.used = append(g.used, app+capability+consumer)
	return nil
}

// notary knows assertions by their text.
type notary map[string]host.Asserted

func (n notary) Verify(_ context.Context, by, assertion string) (host.Asserted, error) {
	a, ok := n[assertion]
	if !ok || a.Host != by {
		return host.Asserted{}, fault.Unauthenticated("this assertion does not hold")
	}
	return a, nil
}

var (
	teaApp, coffeeApp, bookApp, draftApp = id.New("app"), id.New("app"), id.New("app"), id.New("app")
	webHost, otherHost                   = id.New("hst"), id.New("hst")
)

const draftTicket = "ticket-of-a-tester"

// town is the room with all it stands on.
type town struct {
	*identity.Service
	db     *db.DB
	clock  *clock.Fake
	diary  *diary
	phones *phones
	shelf  *shelf
	grants *grants
	notary notary
	log    *accesstest.Log
	box    *seal.Box
}

func newTown(t testing.TB, e testkit.Engine) *town {
	t.Helper()
	w := &town{db: e.Open(t), clock: clock.NewFake(opening), diary: &diary{}, phones: &phones{}, notary: notary{}, log: &accesstest.Log{}}
	testkit.Migrate(t, w.db, map[string]fs.FS{"identity": identity.Schema, "allowance": allowance.Schema})
	w.db.AttachOutbox(w.diary)
	box, err := seal.Open(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	w.box = box
	all := map[identity.Kind]string{
		identity.ProfileKind: "显示您的昵称", identity.PhoneNumber: "联系您送货", identity.MembershipKind: "会员价",
	}
	w.shelf = &shelf{tickets: map[string]string{draftApp: draftTicket}, apps: map[string]identity.App{
		teaApp:    {ID: teaApp, Name: "茶铺", Icon: "/i/tea.png", Org: "org_mina", Organisation: "Mina", Privacy: all},
		coffeeApp: {ID: coffeeApp, Name: "咖啡", Org: "org_mina", Organisation: "Mina", Privacy: all},
		bookApp:   {ID: bookApp, Name: "书店", Org: "org_wang", Organisation: "Wang", Privacy: all},
		draftApp:  {ID: draftApp, Name: "草稿", Org: "org_wang", Organisation: "Wang", Privacy: all},
	}}
	w.grants = &grants{granted: map[string]bool{}}
	for _, app := range []string{teaApp, bookApp} {
		w.grants.set(app, "phone-number", true)
		w.grants.set(app, "plus-membership", true)
	}
	w.Service = identity.New(identity.Config{
		DB: w.db, Sender: w.phones, Apps: w.shelf, Grants: w.grants, Assertions: w.notary, Sealer: box, Log: w.log, Clock: w.clock,
	})
	return w
}

func onEveryEngine(t *testing.T, test func(*testing.T, *town)) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) { test(t, newTown(t, e)) })
	}
}

func onSQLite(t testing.TB) *town { return newTown(t, testkit.Engines(t)[0]) }

// street is somebody who has not signed in.
var street = access.Visitor{Host: webHost, Device: "device-0123456789", Address: "203.0.113.7"}

// enter signs the owner of a phone in.
func (w *town) enter(t testing.TB, phone string) (access.Visitor, identity.Begun) {
	t.Helper()
	return w.enterFrom(t, phone, street)
}

func (w *town) enterFrom(t testing.TB, phone string, from access.Visitor) (access.Visitor, identity.Begun) {
	t.Helper()
	to := must[identity.Phone](t)(identity.ParsePhone(phone))
	c := must[identity.Challenge](t)(w.StartSignIn(t.Context(), from, phone, fault.Zh))
	b := must[identity.Begun](t)(w.FinishSignIn(t.Context(), from, "test", c.ID, w.phones.last(t, to).Code))
	from.Consumer, from.Session = b.Consumer, b.ID
	return from, b
}

// as is a request of a visitor.
func as(t testing.TB, v access.Visitor) context.Context { return access.WithVisitor(t.Context(), v) }

// login goes the whole way from the program to its server.
func (w *town) login(t testing.TB, v access.Visitor, app string) identity.Login {
	t.Helper()
	c := must[identity.Code](t)(w.Login(as(t, v), app, ""))
	return must[identity.Login](t)(w.ExchangeLogin(t.Context(), app, c.Code))
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wants(t testing.TB, what string, err error, code fault.Code) {
	t.Helper()
	if !fault.Is(err, code) {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}
