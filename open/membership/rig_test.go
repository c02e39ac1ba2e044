package membership_test

import (
	"bytes"
	"context"
	"sync"
	"testing"
	"time"

	"minimart/open/membership"
	"minimart/platform/access"
	"minimart/platform/access/accesstest"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/fault/faulttest"
	"minimart/platform/id"
	"minimart/platform/testkit"
	"minimart/platform/timer"
)

var opening = time.Date(2026, 6, 18, 9, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

func TestEveryFaultSpeaksChinese(t *testing.T) { faulttest.Translated(t) }

// diary is an outbox that notes events, also those of transactions that are given up. One id is one event, as in the real one.
type diary struct {
	mu     sync.Mutex
	events []db.Event
}

func (d *diary) Append(_ context.Context, _ db.Tx, e db.Event) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, had := range d.events {
		if had.ID == e.ID && bytes.Equal(had.Payload, e.Payload) {
			return nil
		}
		if had.ID == e.ID {
			return fault.Conflict("two events %s", e.ID)
		}
	}
	d.events = append(d.events, e)
	return nil
}
func (d *diary) Committed() {}

func (d *diary) topics() (out []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, e := range d.events {
		out = append(out, e.Topic)
	}
	return out
}

var (
	li, han        = id.New("csm"), id.New("csm")
	teaApp, bkApp  = id.New("app"), id.New("app")
	liAtTea, other = "o" + "AAAAAAAAAAAAAAAAAAAAAAAAAAA", "o" + "BBBBBBBBBBBBBBBBBBBBBBBBBBB"
)

// registry knows two consumers, one of them by an openid, and whether it agreed.
type registry struct {
	mu     sync.Mutex
	agreed bool
	asked  int
}

func (r *registry) Exists(_ context.Context, consumer string) error {
	if consumer != li && consumer != han {
		return fault.NotFound("there is no consumer %s", consumer)
	}
	return nil
}

func (r *registry) Consumer(_ context.Context, app, openid string) (string, error) {
	if len(openid) != 28 {
		return "", fault.Invalid("openid", "this is no openid")
	}
	if app != teaApp || openid != liAtTea {
		return "", fault.NotFound("there is no consumer with the openid %s in this program", openid)
	}
	return li, nil
}

func (r *registry) LearnMembership(_ context.Context, app, consumer string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.agreed || app != teaApp || consumer != li {
		return fault.Denied("the consumer has not agreed to this")
	}
	r.asked++
	return nil
}

func (r *registry) LearnMembershipInHost(ctx context.Context, app, _ string) (string, error) {
	v, _ := access.VisitorOf(ctx)
	return v.Consumer, r.LearnMembership(ctx, app, v.Consumer)
}

type club struct {
	*membership.Service
	db       *db.DB
	clock    *clock.Fake
	diary    *diary
	timers   *timer.Timers
	registry *registry
	log      *accesstest.Log
}

func newClub(t testing.TB, e testkit.Engine) *club {
	t.Helper()
	c := &club{db: e.Open(t), clock: clock.NewFake(opening), diary: &diary{}, registry: &registry{}, log: &accesstest.Log{}}
	check(t, c.db.Migrate(t.Context(), "membership", membership.Schema))
	c.db.AttachOutbox(c.diary)
	c.timers = timer.New(c.db, c.clock)
	check(t, c.timers.Migrate(t.Context()))
	c.Service = membership.New(membership.Config{DB: c.db, Consumers: c.registry, Disclosures: c.registry, Log: c.log, Clock: c.clock})
	c.Attach(c.timers)
	_, err := c.SetPlans(t.Context(), root, []membership.Plan{free, paid})
	check(t, err)
	return c
}

var (
	root = accesstest.Actor{ID: "usr_root", Operator: true}
	free = membership.Plan{Code: "plus-month", Zh: "月卡", En: "A month", Days: 30}
	paid = membership.Plan{Code: "plus-year", Zh: "年卡", En: "A year", Days: 365, Price: 9900}
)

func onEveryEngine(t *testing.T, test func(*testing.T, *club)) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) { test(t, newClub(t, e)) })
	}
}

func as(consumer string) access.Visitor {
	return access.Visitor{Host: "hst_1", Consumer: consumer, Session: "css_1"}
}

// run lets the timers run that are due.
func (c *club) run(t testing.TB) {
	t.Helper()
	if _, err := c.timers.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (c *club) level(t testing.TB, consumer string) string {
	t.Helper()
	level, until, err := c.Level(t.Context(), consumer)
	check(t, err)
	if (level == membership.LevelPlus) != (until > 0) {
		t.Errorf("%s until %d", level, until)
	}
	return level
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
