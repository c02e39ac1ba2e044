package capability_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"minimart/open/capability"
	"minimart/platform/access"
	"minimart/platform/access/accesstest"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/fault/faulttest"
	"minimart/platform/testkit"
)

var opening = time.Date(2026, 6, 18, 1, 0, 0, 0, time.UTC) // nine in the morning in China

// Capabilities of these tests, one of each admission.
var (
	words = capability.Words{Zh: "测试", En: "test"}

	_ = capability.Declare("test-open", capability.Spec{
		Title: words, Summary: words, Opens: words, APIs: []string{"testOpen"}, Components: []string{"button.open-type=testOpen"}, Scopes: []string{"test:read", "test:write"},
		Form:  []capability.Question{{Key: "purpose", Words: words, Required: true, Max: 50}, {Key: "more", Words: words, Max: 10}},
		Quota: capability.Limits{CallsPerDay: map[string]int64{"test:read": 1000}, ConsumersPerDay: 3},
	})
	_ = capability.Declare("test-verified", capability.Spec{Title: words, Summary: words, Opens: words, APIs: []string{"testVerified"}, Verified: true})
	_ = capability.Declare("test-beta", capability.Spec{Title: words, Summary: words, Opens: words, APIs: []string{"testBeta"}, Admission: capability.ClosedBeta})
	_ = capability.Declare("test-special", capability.Spec{Title: words, Summary: words, Opens: words, APIs: []string{"testSpecial"}, Admission: capability.Special})
)

const (
	app   = "app_01JZ4T8K5N3Q0V9W2X7Y6R1M4C"
	other = "app_01JZ4T8K5N3Q0V9W2X7Y6R1M4D"
)

var (
	mina = accesstest.Actor{ID: "usr_mina", Org: "org_mina", Apps: []string{app}}
	wang = accesstest.Actor{ID: "usr_wang", Org: "org_wang", Apps: []string{other}}
	root = accesstest.Actor{ID: "usr_root", Org: "org_root", Operator: true}
)

// diary is an outbox that notes events. It refuses two different events with one id, as the real one does.
type diary struct {
	mu     sync.Mutex
	events []db.Event
}

func (d *diary) Append(_ context.Context, _ db.Tx, e db.Event) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, had := range d.events {
		if had.ID == e.ID && string(had.Payload) != string(e.Payload) {
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

// registrar knows organisations and apps.
type registrar struct {
	mu       sync.Mutex
	verified map[string]bool
	down     bool
}

func (r *registrar) Verified(_ context.Context, org string) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.down {
		return false, errors.New("down")
	}
	return r.verified[org], nil
}

func (r *registrar) OrgOf(_ context.Context, of string) (string, error) {
	switch of {
	case app:
		return "org_mina", nil
	case other:
		return "org_wang", nil
	}
	return "", fault.NotFound("no app")
}

func (r *registrar) AppName(_ context.Context, of string) (string, error) {
	if of == other {
		return "", fault.NotFound("deleted")
	}
	return "<b>Mina's shop", nil
}

func (r *registrar) OrganisationName(context.Context, string) (string, error) { return "Mina Ltd", nil }

type centre struct {
	*capability.Service
	url       string
	db        *db.DB
	clock     *clock.Fake
	diary     *diary
	log       *accesstest.Log
	registrar *registrar
}

func newCentre(t testing.TB, e testkit.Engine) *centre {
	t.Helper()
	c := &centre{url: e.URL(t), clock: clock.NewFake(opening), diary: &diary{}, log: &accesstest.Log{}, registrar: &registrar{verified: map[string]bool{}}}
	c.open(t)
	return c
}

// open is another process on the same database.
func (c *centre) open(t testing.TB) *capability.Service {
	t.Helper()
	d := testkit.Open(t, c.url)
	if err := d.Migrate(t.Context(), "capability", capability.Schema); err != nil {
		t.Fatal(err)
	}
	d.AttachOutbox(c.diary)
	s := capability.New(capability.Config{DB: d, Log: c.log, Organisations: c.registrar, Apps: c.registrar, Names: c.registrar, Clock: c.clock})
	if c.Service == nil {
		c.Service, c.db = s, d
	}
	return s
}

func onEveryEngine(t *testing.T, test func(*testing.T, *centre)) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) { test(t, newCentre(t, e)) })
	}
}

func onSQLite(t testing.TB) *centre { return newCentre(t, testkit.Engines(t)[0]) }

func (c *centre) now() int64 { return c.clock.Now().UnixMilli() }

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func wants(t *testing.T, what string, err error, code fault.Code, says string) {
	t.Helper()
	if err == nil || !fault.Is(err, code) || !strings.Contains(err.Error(), says) {
		t.Errorf("%s: %v, want %s and %q", what, err, code, says)
	}
}

func (c *centre) allows(t *testing.T, s *capability.Service, of, name string, want bool) {
	t.Helper()
	if got := must[bool](t)(s.Allowed(t.Context(), of, name)); got != want {
		t.Errorf("%s may use %s: %v, want %v", of, name, got, want)
	}
}

var fine = map[string]string{"purpose": "Delivery calls"}

// granted lets an app apply, and approves it.
func (c *centre) granted(t *testing.T, by access.Actor, of, name string, d capability.Decision) capability.Application {
	t.Helper()
	answers := map[string]string{}
	if name == "test-open" {
		answers = fine
	}
	a := must[capability.Application](t)(c.Apply(t.Context(), by, of, name, answers))
	d.Verdict = capability.StateApproved
	return must[capability.Application](t)(c.Decide(t.Context(), root, a.ID, d))
}

func TestFromTheMinuteOfTheApprovalAndNotBefore(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, c *centre) {
		ctx := t.Context()
		c.allows(t, c.Service, app, "test-open", false)
		a := must[capability.Application](t)(c.Apply(ctx, mina, app, "test-open", map[string]string{"purpose": "  Delivery\r\ncalls ", "more": ""}))
		if a.State != capability.StateApplied || a.Org != "org_mina" || a.AppliedBy != "usr_mina" || a.Answers["purpose"] != "Delivery\ncalls" || len(a.Answers) != 1 {
			t.Errorf("%+v", a)
		}
		c.allows(t, c.Service, app, "test-open", false)
		_, err := c.Apply(ctx, mina, app, "test-open", fine)
		wants(t, "a second application", err, fault.CodeConflict, "open application")

		done := must[capability.Application](t)(c.Decide(ctx, root, a.ID, capability.Decision{Verdict: capability.StateApproved}))
		if done.State != capability.StateApproved || done.DecidedBy != "usr_root" || done.DecidedAt != c.now() {
			t.Errorf("%+v", done)
		}
		c.allows(t, c.Service, app, "test-open", true)
		c.allows(t, c.Service, other, "test-open", false)
		c.allows(t, c.Service, app, "test-special", false)
		c.allows(t, c.Service, app, "no-such", false)
		if g := must[[]string](t)(c.Granted(ctx, app)); !slices.Equal(g, []string{"test-open"}) {
			t.Errorf("%v", g)
		}
		_, err = c.Decide(ctx, root, a.ID, capability.Decision{Verdict: capability.StateRejected, Reason: "no"})
		wants(t, "a second decision", err, fault.CodeConflict, "approved already")

		if err := c.Revoke(ctx, root, app, "test-open", "calls people at night"); err != nil {
			t.Fatal(err)
		}
		c.allows(t, c.Service, app, "test-open", false)
		wants(t, "revoking again", c.Revoke(ctx, root, app, "test-open", "again"), fault.CodeNotFound, "does not have")
		c.granted(t, mina, app, "test-open", capability.Decision{}) // and again
		c.allows(t, c.Service, app, "test-open", true)

		want := []string{"capability.applied", "capability.granted", "capability.revoked", "capability.applied", "capability.granted"}
		if got := c.diary.topics(); !slices.Equal(got, want) {
			t.Errorf("%v", got)
		}
		if got := c.log.Actions(); !slices.Equal(got, want) {
			t.Errorf("%v", got)
		}
		revoked := c.log.Entries()[2]
		if revoked.Actor != "usr_root" || revoked.Org != "org_mina" || revoked.Target != app || revoked.Detail["capability"] != "test-open" || revoked.Detail["reason"] != "calls people at night" || revoked.IP == "" {
			t.Errorf("%+v", revoked)
		}
		var e capability.Changed
		if err := json.Unmarshal(c.diary.events[1].Payload, &e); err != nil || e.App != app || e.Org != "org_mina" || e.Application != a.ID || e.From != c.now() || e.Until != 0 || e.Actor != "usr_root" {
			t.Errorf("%+v %v", e, err)
		}
	})
}

func TestAnotherProcessKnowsWithinTwoSecondsAndSoonerWhenToldTo(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, c *centre) {
		second, third := c.open(t), c.open(t)
		for _, s := range []*capability.Service{c.Service, second, third} {
			c.allows(t, s, app, "test-open", false)
		}
		c.granted(t, mina, app, "test-open", capability.Decision{})
		c.clock.Advance(2 * time.Second)
		for _, s := range []*capability.Service{c.Service, second, third} {
			c.allows(t, s, app, "test-open", true)
		}
		if err := c.Revoke(t.Context(), root, app, "test-open", "x"); err != nil {
			t.Fatal(err)
		}
		c.allows(t, c.Service, app, "test-open", false) // at once
		c.allows(t, second, app, "test-open", true)     // from memory
		third.Forget(app)
		c.allows(t, third, app, "test-open", false)
		c.clock.Advance(1999 * time.Millisecond)
		c.allows(t, second, app, "test-open", true)
		c.clock.Advance(time.Millisecond)
		c.allows(t, second, app, "test-open", false)
		// What counts in the end does not ask memory.
		c.granted(t, mina, app, "test-open", capability.Decision{})
		second.Forget(app)
		c.allows(t, second, app, "test-open", true)
		if err := c.Revoke(t.Context(), root, app, "test-open", "x"); err != nil {
			t.Fatal(err)
		}
		c.allows(t, second, app, "test-open", true)
		err := c.db.Update(t.Context(), func(tx db.Tx) error { return second.Use(t.Context(), tx, app, "test-open", "csm_1") })
		wants(t, "using what was revoked", err, fault.CodeDenied, "does not have")
		c.clock.Set(opening.Add(-time.Hour)) // a clock that was set back must not keep memory alive
		c.allows(t, second, app, "test-open", false)
	})
}

func TestNobodyWhoReadsWhileItIsRevokedRemembersIt(t *testing.T) {
	c := onSQLite(t)
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					_, _ = c.Allowed(t.Context(), app, "test-open")
				}
			}
		})
	}
	for range 15 {
		c.granted(t, mina, app, "test-open", capability.Decision{})
		c.allows(t, c.Service, app, "test-open", true)
		if err := c.Revoke(t.Context(), root, app, "test-open", "x"); err != nil {
			t.Fatal(err)
		}
		c.allows(t, c.Service, app, "test-open", false)
		c.clock.Advance(2 * time.Hour)
	}
	close(stop)
	wg.Wait()
}

func TestDatesHoldWithoutAnybodyDoingAnything(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, c *centre) {
		day := int64(24 * time.Hour / time.Millisecond)
		a := c.granted(t, mina, app, "test-open", capability.Decision{From: c.now() + day, Until: c.now() + 3*day})
		c.allows(t, c.Service, app, "test-open", false)
		if g := must[[]string](t)(c.Granted(t.Context(), app)); len(g) != 0 {
			t.Errorf("%v", g)
		}
		c.clock.Advance(24*time.Hour - time.Millisecond)
		c.allows(t, c.Service, app, "test-open", false)
		c.clock.Advance(time.Millisecond)
		c.allows(t, c.Service, app, "test-open", true)

		// A renewal takes its place from the day it begins.
		c.clock.Advance(24 * time.Hour)
		b := c.granted(t, mina, app, "test-open", capability.Decision{From: c.now() + day/2, Until: c.now() + 10*day, Limits: capability.Limits{CallsPerDay: map[string]int64{"test:read": 5}}})
		quota := func() int64 { return must[capability.Quota](t)(c.QuotaFor(t.Context(), app, "test:read")).Limit }
		if c.allows(t, c.Service, app, "test-open", true); quota() != 1000 {
			t.Errorf("%d", quota())
		}
		c.clock.Advance(12 * time.Hour)
		if c.allows(t, c.Service, app, "test-open", true); quota() != 5 {
			t.Errorf("%d", quota())
		}
		page, _, err := c.Grants(t.Context(), root, app, "", "", 10)
		if err != nil || len(page) != 2 || page[0].ID != b.ID || page[0].State(c.now()) != capability.GrantLive || page[1].ID != a.ID || page[1].State(c.now()) != capability.GrantExpired {
			t.Errorf("%+v %v", page, err)
		}
		c.clock.Advance(10 * 24 * time.Hour)
		c.allows(t, c.Service, app, "test-open", false)
		st := standing(t, c, "test-open")
		if st.Grant.State(c.now()) != capability.GrantExpired || st.Obstacle != capability.NoObstacle {
			t.Errorf("%+v", st)
		}

		// What begins later can be revoked before it begins.
		c.granted(t, mina, app, "test-open", capability.Decision{From: c.now() + day})
		if st := standing(t, c, "test-open"); st.Grant.State(c.now()) != capability.GrantScheduled {
			t.Errorf("%+v", st.Grant)
		}
		if err := c.Revoke(t.Context(), root, app, "test-open", "x"); err != nil {
			t.Fatal(err)
		}
		c.clock.Advance(2 * 24 * time.Hour)
		c.allows(t, c.Service, app, "test-open", false)
		if st := standing(t, c, "test-open"); st.Grant.State(c.now()) != capability.GrantRevoked || st.Grant.Reason != "x" {
			t.Errorf("%+v", st.Grant)
		}
	})
}

func standing(t *testing.T, c *centre, name string) capability.Standing {
	t.Helper()
	for _, st := range must[[]capability.Standing](t)(c.Standings(t.Context(), mina, app)) {
		if st.Capability.Name == name {
			return st
		}
	}
	t.Fatalf("no %s", name)
	return capability.Standing{}
}

func TestWhatStandsInTheWay(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, c *centre) {
		ctx := t.Context()
		obstacle := func(name string, want capability.Obstacle) {
			t.Helper()
			if st := standing(t, c, name); st.Obstacle != want {
				t.Errorf("%s: %q, want %q", name, st.Obstacle, want)
			}
		}
		obstacle("messages", capability.NotOpenYet)
		_, err := c.Apply(ctx, mina, app, "messages", nil)
		wants(t, "announced", err, fault.CodeConflict, "not open yet")
		wants(t, "endowing what is announced", c.Endow(ctx, app, "messages"), fault.CodeConflict, "not open yet")
		_, err = c.Apply(ctx, mina, app, "no-such", nil)
		wants(t, "nothing", err, fault.CodeNotFound, "no capability no-such")

		obstacle("test-verified", capability.NotVerified)
		_, err = c.Apply(ctx, mina, app, "test-verified", nil)
		wants(t, "unverified", err, fault.CodeDenied, "only verified")
		c.registrar.verified["org_mina"] = true
		obstacle("test-verified", capability.NoObstacle)
		a := must[capability.Application](t)(c.Apply(ctx, mina, app, "test-verified", nil))
		obstacle("test-verified", capability.AppliedSoFar)
		c.registrar.verified["org_mina"] = false
		_, err = c.Decide(ctx, root, a.ID, capability.Decision{Verdict: capability.StateApproved})
		wants(t, "verified no more", err, fault.CodeConflict, "only verified")
		c.registrar.down = true
		if _, err = c.Decide(ctx, root, a.ID, capability.Decision{Verdict: capability.StateApproved}); err == nil {
			t.Error("approved without knowing")
		}
		c.registrar.down = false
		c.registrar.verified["org_mina"] = true
		must[capability.Application](t)(c.Decide(ctx, root, a.ID, capability.Decision{Verdict: capability.StateApproved}))

		obstacle("test-beta", capability.NotInvited)
		_, err = c.Apply(ctx, mina, app, "test-beta", nil)
		wants(t, "uninvited", err, fault.CodeDenied, "closed beta")
		for range 2 {
			if err := c.Invite(ctx, root, app, "test-beta"); err != nil {
				t.Fatal(err)
			}
		}
		obstacle("test-beta", capability.NoObstacle)
		wants(t, "inviting to what is open", c.Invite(ctx, root, app, "test-open"), fault.CodeConflict, "no closed beta")
		wants(t, "inviting nobody", c.Invite(ctx, root, "app_x", "test-beta"), fault.CodeNotFound, "no app")
		wants(t, "inviting to nothing", c.Invite(ctx, root, app, "no-such"), fault.CodeNotFound, "no capability")
		c.granted(t, mina, app, "test-beta", capability.Decision{})
		if err := c.Uninvite(ctx, root, app, "test-beta"); err != nil {
			t.Fatal(err)
		}
		wants(t, "uninviting twice", c.Uninvite(ctx, root, app, "test-beta"), fault.CodeNotFound, "not invited")
		c.allows(t, c.Service, app, "test-beta", true) // what was granted stays
		obstacle("test-beta", capability.NotInvited)
		if err := c.Invite(ctx, root, app, "test-beta"); err != nil { // another invitation, another event
			t.Fatal(err)
		}

		_, err = c.Apply(ctx, mina, app, "test-special", nil)
		wants(t, "no special reason", err, fault.CodeInvalid, "special-reason")
		a = must[capability.Application](t)(c.Apply(ctx, mina, app, "test-special", map[string]string{capability.SpecialReason: "We run the pharmacies"}))
		if !a.Special {
			t.Error("it does not show as special")
		}
		_, err = c.Decide(ctx, root, a.ID, capability.Decision{Verdict: capability.StateApproved})
		wants(t, "no confirmation", err, fault.CodeInvalid, "confirmSpecial")
		must[capability.Application](t)(c.Decide(ctx, root, a.ID, capability.Decision{Verdict: capability.StateApproved, ConfirmSpecial: true}))
		c.allows(t, c.Service, app, "test-special", true)
	})
}

func TestApplicationsAreWithdrawnAndRejectedAndCounted(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, c *centre) {
		ctx := t.Context()
		_, err := c.Withdraw(ctx, mina, app, "test-open")
		wants(t, "withdrawing nothing", err, fault.CodeConflict, "no open application")
		_, err = c.Withdraw(ctx, mina, app, "no-such")
		wants(t, "withdrawing for nothing", err, fault.CodeNotFound, "no capability")
		a := must[capability.Application](t)(c.Apply(ctx, mina, app, "test-open", fine))
		w := must[capability.Application](t)(c.Withdraw(ctx, mina, app, "test-open"))
		if w.ID != a.ID || w.State != capability.StateWithdrawn || w.DecidedBy != "usr_mina" {
			t.Errorf("%+v", w)
		}
		_, err = c.Decide(ctx, root, a.ID, capability.Decision{Verdict: capability.StateApproved})
		wants(t, "approving what was withdrawn", err, fault.CodeConflict, "withdrawn already")
		c.allows(t, c.Service, app, "test-open", false)
		a = must[capability.Application](t)(c.Apply(ctx, mina, app, "test-open", fine))
		_, err = c.Decide(ctx, root, a.ID, capability.Decision{Verdict: capability.StateRejected, Reason: " "})
		wants(t, "rejecting without a reason", err, fault.CodeInvalid, "say why")
		must[capability.Application](t)(c.Decide(ctx, root, a.ID, capability.Decision{Verdict: capability.StateRejected, Reason: "Say what for"}))
		if st := standing(t, c, "test-open"); st.Application.State != capability.StateRejected || st.Application.Reason != "Say what for" || st.Grant != nil {
			t.Errorf("%+v", st)
		}
		for range 18 {
			must[capability.Application](t)(c.Apply(ctx, mina, app, "test-open", fine))
			must[capability.Application](t)(c.Withdraw(ctx, mina, app, "test-open"))
		}
		_, err = c.Apply(ctx, mina, app, "test-open", fine)
		wants(t, "again and again", err, fault.CodeExhausted, "within a day")
		c.clock.Advance(24 * time.Hour)
		must[capability.Application](t)(c.Apply(ctx, mina, app, "test-open", fine))
	})
}

func TestOfManyDecisionsAtOnceOneCounts(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, c *centre) {
		a := must[capability.Application](t)(c.Apply(t.Context(), mina, app, "test-open", fine))
		var wg sync.WaitGroup
		var mu sync.Mutex
		done := 0
		for i := range 8 {
			wg.Go(func() {
				d := capability.Decision{Verdict: capability.StateApproved}
				if i%2 == 0 {
					d = capability.Decision{Verdict: capability.StateRejected, Reason: "no"}
				}
				_, err := c.Decide(t.Context(), root, a.ID, d)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					done++
				} else if !fault.Is(err, fault.CodeConflict) && !fault.Is(err, fault.CodeUnavailable) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if done != 1 {
			t.Errorf("%d decisions", done)
		}
	})
}

func TestADecisionNamesEverythingThatIsWrong(t *testing.T) {
	c := onSQLite(t)
	a := must[capability.Application](t)(c.Apply(t.Context(), mina, app, "test-open", fine))
	year := int64(366 * 24 * time.Hour / time.Millisecond)
	for _, tt := range []struct {
		name   string
		d      capability.Decision
		fields string
	}{
		{"nothing", capability.Decision{}, "verdict"},
		{"another state", capability.Decision{Verdict: "withdrawn"}, "verdict"},
		{"all of it", capability.Decision{
			Verdict: "approved", Reason: strings.Repeat("长", 501), From: c.now() - 61_000, Until: c.now() - 62_000,
			Limits: capability.Limits{CallsPerDay: map[string]int64{"test:read": -2, "orders:read": 1}, ConsumersPerDay: 1e9 + 1},
		}, "reason from until limits.consumersPerDay limits.callsPerDay.test:read limits.callsPerDay"},
		{"too far", capability.Decision{Verdict: "approved", From: c.now() + year + 1}, "from"},
		{"too long", capability.Decision{Verdict: "approved", Until: c.now() + 10*year + 1}, "until"},
		{"never", capability.Decision{Verdict: "approved", From: c.now() + 5, Until: c.now() + 5}, "until"},
		{"overflow", capability.Decision{Verdict: "approved", From: 1<<63 - 1, Until: 1<<63 - 1}, "from"},
		{"before time", capability.Decision{Verdict: "approved", From: -1 << 63}, "from"},
		{"hidden", capability.Decision{Verdict: "rejected", Reason: "a\u202eb"}, "reason"},
	} {
		_, err := c.Decide(t.Context(), root, a.ID, tt.d)
		if got := fields(err); got != tt.fields {
			t.Errorf("%s: %q, want %q (%v)", tt.name, got, tt.fields, err)
		}
	}
	_, err := c.Apply(t.Context(), wang, other, "test-open", map[string]string{"more": strings.Repeat("x", 11), "evil": "x", "purpose": "\x00"})
	if got := fields(err); got != "answers.purpose answers.more answers" {
		t.Errorf("%q %v", got, err)
	}
	wants(t, "revoking without a reason", c.Revoke(t.Context(), root, app, "test-open", ""), fault.CodeInvalid, "say why")
}

func fields(err error) string {
	f := fault.Of(err)
	if f == nil {
		return ""
	}
	out := make([]string, len(f.Fields))
	for i, field := range f.Fields {
		out[i] = field.Name
	}
	return strings.Join(out, " ")
}

func TestLimitsAreAsDeclaredUnlessTheReviewerSaysOtherwise(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, c *centre) {
		for _, tt := range []struct {
			limits      capability.Limits
			read, write int64
			consumers   int64
		}{
			{capability.Limits{}, 1000, 0, 3},
			{capability.Limits{CallsPerDay: map[string]int64{"test:write": 7}}, 1000, 7, 3},
			{capability.Limits{CallsPerDay: map[string]int64{"test:read": -1}, ConsumersPerDay: -1}, 0, 0, 0},
			{capability.Limits{CallsPerDay: map[string]int64{"test:read": 1}, ConsumersPerDay: 1}, 1, 0, 1},
		} {
			c.granted(t, mina, app, "test-open", capability.Decision{Limits: tt.limits})
			for scope, want := range map[string]int64{"test:read": tt.read, "test:write": tt.write, "": 0, "unknown:read": 0} {
				q := must[capability.Quota](t)(c.QuotaFor(t.Context(), app, scope))
				if q.Limit != want || (q.Limit > 0) != (q.Window == 24*time.Hour) {
					t.Errorf("%+v: %s %+v, want %d", tt.limits, scope, q, want)
				}
			}
			page, _, err := c.Grants(t.Context(), root, app, "test-open", "", 1)
			if err != nil || page[0].Limits.ConsumersPerDay != tt.consumers {
				t.Errorf("%+v %v", page, err)
			}
			c.clock.Advance(time.Hour)
		}
	})
}

func TestConsumersOfADayAreCountedOnce(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, c *centre) {
		ctx := t.Context()
		use := func(consumer string) error {
			return c.db.Update(ctx, func(tx db.Tx) error { return c.Use(ctx, tx, app, "test-open", consumer) })
		}
		wants(t, "without a grant", use("csm_1"), fault.CodeDenied, "does not have")
		c.granted(t, mina, app, "test-open", capability.Decision{})
		for range 2 {
			for i := range 3 {
				if err := use(fmt.Sprint("csm_", i)); err != nil {
					t.Fatal(err)
				}
			}
		}
		err := use("csm_3")
		wants(t, "one too many", err, fault.CodeExhausted, "3 consumers")
		if wait := fault.Of(err).RetryAfter; wait != 15*time.Hour { // until midnight in China
			t.Errorf("%s", wait)
		}
		if err := use("csm_2"); err != nil { // whoever was counted still counts
			t.Error(err)
		}
		c.clock.Advance(15 * time.Hour)
		if err := use("csm_3"); err != nil {
			t.Error(err)
		}
		c.clock.Advance(48 * time.Hour)
		if n := must[int64](t)(c.Sweep(ctx)); n != 3+1+1+1 {
			t.Errorf("swept %d", n)
		}
		// All at once.
		var wg sync.WaitGroup
		var mu sync.Mutex
		done := 0
		for i := range 12 {
			wg.Go(func() {
				for range 20 { // PostgreSQL may give up where many count at once
					err := use(fmt.Sprint("csm_", i))
					if fault.Is(err, fault.CodeUnavailable) || fault.Is(err, fault.CodeInternal) {
						continue
					}
					if err == nil {
						mu.Lock()
						done++
						mu.Unlock()
					}
					return
				}
			})
		}
		wg.Wait()
		if done != 3 {
			t.Errorf("%d consumers", done)
		}
		wants(t, "what is announced", c.db.Update(ctx, func(tx db.Tx) error { return c.Use(ctx, tx, app, "messages", "csm_1") }), fault.CodeDenied, "does not have")
	})
}

func TestThePlatformsOwnProgramsAreEndowedOnce(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, c *centre) {
		for range 2 {
			if err := c.Endow(t.Context(), app, "test-open"); err != nil {
				t.Fatal(err)
			}
		}
		c.allows(t, c.Service, app, "test-open", true)
		if e := c.log.Entries(); len(e) != 1 || e[0].Actor != "" || e[0].Org != "org_mina" {
			t.Errorf("%+v", e)
		}
		wants(t, "an app there is not", c.Endow(t.Context(), "app_x", "test-open"), fault.CodeNotFound, "no app")
	})
}

func TestTheQueueIsFairAndPaged(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, c *centre) {
		ctx := t.Context()
		first := must[capability.Application](t)(c.Apply(ctx, mina, app, "test-open", fine))
		second := must[capability.Application](t)(c.Apply(ctx, wang, other, "test-open", fine))
		third := must[capability.Application](t)(c.Apply(ctx, mina, app, "test-special", map[string]string{capability.SpecialReason: "x"}))
		ids := func(w capability.Wanted) (out []string) {
			for cursor := ""; ; {
				page, next, err := c.Applications(ctx, root, w, cursor, 1)
				if err != nil {
					t.Fatal(err)
				}
				for _, a := range page {
					out = append(out, a.ID)
				}
				if cursor = next; next == "" {
					return out
				}
			}
		}
		if got := ids(capability.Wanted{State: capability.StateApplied}); !slices.Equal(got, []string{first.ID, second.ID, third.ID}) {
			t.Errorf("%v", got)
		}
		if got := ids(capability.Wanted{}); !slices.Equal(got, []string{third.ID, second.ID, first.ID}) {
			t.Errorf("%v", got)
		}
		if got := ids(capability.Wanted{Capability: "test-special"}); !slices.Equal(got, []string{third.ID}) {
			t.Errorf("%v", got)
		}
		if got := ids(capability.Wanted{State: capability.StateApproved}); len(got) != 0 {
			t.Errorf("%v", got)
		}
		_, _, err := c.Applications(ctx, root, capability.Wanted{State: "x", Capability: "x"}, "x", 1)
		if got := fields(err); got != "state capability cursor" {
			t.Errorf("%q", got)
		}
		_, _, err = c.Grants(ctx, root, "", "x", "x", 1)
		if got := fields(err); got != "capability cursor" {
			t.Errorf("%q", got)
		}
		for _, id := range []string{"", "cap_x", "app_01JZ4T8K5N3Q0V9W2X7Y6R1M4C", "cap_01JZ4T8K5N3Q0V9W2X7Y6R1M4C"} {
			_, _, err := c.Application(ctx, root, id)
			wants(t, "application "+id, err, fault.CodeNotFound, "no application")
		}
	})
}

func TestGatesTellWhichAPINeedsWhat(t *testing.T) {
	c := onSQLite(t)
	gates := c.Gates()
	if gates["testOpen"] != "test-open" || gates["requestPayment"] != "trade" || gates["getStorage"] != "" || gates["button.open-type=testOpen"] != "" {
		t.Errorf("%v", gates)
	}
	gates["testOpen"] = "x"
	if c.Gates()["testOpen"] != "test-open" {
		t.Error("a caller changed the gates")
	}
	for use, want := range map[string]string{"testOpen": "test-open", "button.open-type=testOpen": "test-open", "ad": "advertising", "getStorage": "", "": ""} {
		if got, ok := c.Needed(use); got != want || ok != (want != "") {
			t.Errorf("%s: %q %v", use, got, ok)
		}
	}
}

func TestAnnouncedCapabilitiesAreComplete(t *testing.T) {
	var names []string
	for _, c := range capability.Declared() {
		names = append(names, c.Name)
	}
	if !slices.IsSorted(names) {
		t.Errorf("%v", names)
	}
	for name, admission := range map[string]capability.Admission{
		"messages": capability.Open, "customer-service": capability.Open, "advertising": capability.Open, "trade": capability.ClosedBeta,
		"order-centre": capability.Special, "cloud-storage": capability.Open,
	} {
		c, ok := capability.Find(name)
		if !ok || c.Stage != capability.Announced || c.Admission != admission {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

func TestEveryFaultSpeaksChinese(t *testing.T) { faulttest.Translated(t) }

func BenchmarkAllowed(b *testing.B) {
	c := onSQLite(b)
	s := capability.New(capability.Config{DB: c.db, Log: c.log, Organisations: c.registrar, Apps: c.registrar})
	for _, name := range []string{"test-verified", "test-special", "test-open"} {
		if err := s.Endow(b.Context(), app, name); err != nil {
			b.Fatal(err)
		}
	}
	ctx := b.Context()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if ok, err := s.Allowed(ctx, app, "test-open"); err != nil || !ok {
				b.Error(ok, err)
				return
			}
		}
	})
}
