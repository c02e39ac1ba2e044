package release_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"minimart/platform/access/accesstest"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/testkit"
	"minimart/program/release"
)

var root = accesstest.Actor{ID: "usr_root", Operator: true}

// stocked is an app of mina's with versions, the first n of which passed review.
func (s *shop) stocked(t *testing.T, versions, approved int) (mina accesstest.Actor, app string, ids []string) {
	t.Helper()
	a := must[release.App](t)(s.CreateApp(t.Context(), release.NewApp{Org: "org_mina", Name: "小店"}))
	for i := range versions {
		v := must[release.Version](t)(s.AddVersion(t.Context(), program(a.ID, fmt.Sprintf("%d.0", i+1), fmt.Sprint(i))))
		ids = append(ids, v.ID)
		if i < approved {
			s.move(t, a.ID, v.ID, release.StateDevelopment, release.StateInReview)
			s.move(t, a.ID, v.ID, release.StateInReview, release.StateApproved)
		}
	}
	return accesstest.Actor{ID: "usr_mina", Org: "org_mina", Apps: []string{a.ID}}, a.ID, ids
}

func (s *shop) move(t *testing.T, app, version string, from, to release.State) {
	t.Helper()
	if err := s.tryMove(t, app, version, to, from); err != nil {
		t.Fatal(err)
	}
}

func (s *shop) tryMove(t *testing.T, app, version string, to release.State, from ...release.State) error {
	return s.db.Update(t.Context(), func(tx db.Tx) error {
		_, err := s.MoveVersion(t.Context(), tx, app, version, from, to)
		return err
	})
}

// has is the version a device gets, "" for none.
func (s *shop) has(t *testing.T, app, device string) string {
	t.Helper()
	c, err := s.ReleasedTo(t.Context(), app, device)
	if err != nil && !fault.Is(err, fault.CodeNotFound) {
		t.Fatal(err)
	}
	return c.Version.ID
}

// split counts who of a thousand devices has which version.
func (s *shop) split(t *testing.T, app string) map[string]int {
	t.Helper()
	out := map[string]int{}
	for i := range 200 {
		out[s.has(t, app, fmt.Sprintf("device-%d", i))]++
	}
	return out
}

func conflict(t *testing.T, what string, err error, says string) {
	t.Helper()
	if !fault.Is(err, fault.CodeConflict) || !strings.Contains(err.Error(), says) {
		t.Errorf("%s: %v, want a conflict that says %q", what, err, says)
	}
}

func TestAShareOnlyGrows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		app, rollout, device := rapid.String().Draw(t, "app"), rapid.String().Draw(t, "rollout"), rapid.StringN(1, -1, 64).Draw(t, "device")
		less := rapid.Int64Range(0, release.Everybody).Draw(t, "less")
		more := rapid.Int64Range(less, release.Everybody).Draw(t, "more")
		if release.InShare(app, rollout, device, less) && !release.InShare(app, rollout, device, more) {
			t.Errorf("in %d, not in %d", less, more)
		}
		if release.InShare(app, rollout, device, 0) || !release.InShare(app, rollout, device, release.Everybody) || release.InShare(app, rollout, "", release.Everybody) {
			t.Error("nobody, everybody, the nameless")
		}
	})
}

func TestAShareIsAboutAsLargeAsItSays(t *testing.T) {
	const devices = 20_000
	for _, share := range []int64{1_000, 10_000, 100_000, 500_000, 900_000} {
		for _, rollout := range []string{"rol_1", "rol_2"} {
			n := 0
			for i := range devices {
				if release.InShare("app_1", rollout, fmt.Sprint("device", i), share) {
					n++
				}
			}
			want := float64(devices) * float64(share) / release.Everybody
			if off := float64(n) - want; off*off > 16*want*(1-float64(share)/release.Everybody)+16 { // four standard deviations
				t.Errorf("%s with %d ppm: %d devices, want about %.0f", rollout, share, n, want)
			}
		}
	}
	both := 0
	for i := range devices {
		d := fmt.Sprint("device", i)
		if release.InShare("app_1", "rol_1", d, 100_000) && release.InShare("app_1", "rol_2", d, 100_000) {
			both++
		}
	}
	if both > 2*devices/100 {
		t.Errorf("%d devices are first in both rollouts, want about %d", both, devices/100)
	}
}

func TestAReleaseGoesOutInStages(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *shop) {
		ctx := t.Context()
		mina, app, v := s.stocked(t, 3, 3)
		everybody := func(version string) map[string]int { return map[string]int{version: 200} }
		same := func(what string, got, want map[string]int) {
			t.Helper()
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: %v, want %v", what, got, want)
			}
		}
		// The first release may be staged: the others get nothing yet.
		r := must[release.Rollout](t)(s.Release(ctx, mina, app, v[0], 500_000))
		first := s.split(t, app)
		if first[v[0]] < 60 || first[""] < 60 || r.State != release.RolloutActive {
			t.Errorf("%v", first)
		}
		_, err := s.ReleasedTo(ctx, app, "")
		if !fault.Is(err, fault.CodeNotFound) || !strings.Contains(err.Error(), "has not been released to you yet") {
			t.Errorf("%v", err)
		}
		for device, want := range map[string]int{"": 0, in(app, r.ID, 500_000): 1, outside(app, r.ID, 500_000): 0} {
			page, _, err := s.List(ctx, release.Wanted{Device: device}, "", 10)
			if err != nil || len(page) != want || want == 1 && (page[0].Version != v[0] || page[0].Label != "1.0") {
				t.Errorf("%s lists %+v, %v", device, page, err)
			}
		}
		_, err = s.Release(ctx, mina, app, v[1], 1)
		conflict(t, "another one meanwhile", err, "stop or complete")
		must[release.Rollout](t)(s.Raise(ctx, mina, app, 700_000))
		for i := range 200 {
			d := fmt.Sprintf("device-%d", i)
			if release.InShare(app, r.ID, d, 500_000) && s.has(t, app, d) != v[0] {
				t.Errorf("%s lost it", d)
			}
		}
		if _, err := s.Raise(ctx, mina, app, 700_000); !fault.Is(err, fault.CodeInvalid) || !strings.Contains(err.Error(), "only raised") {
			t.Errorf("%v", err)
		}
		if done := must[release.Rollout](t)(s.Raise(ctx, mina, app, release.Everybody)); done.State != release.RolloutComplete {
			t.Errorf("%+v", done)
		}
		same("complete", s.split(t, app), everybody(v[0]))
		_, err = s.Raise(ctx, mina, app, release.Everybody)
		conflict(t, "raising what is complete", err, "no staged release")

		// The second is stopped: everybody is back at the first. It was never out, so nobody rolls back to it.
		must[release.Rollout](t)(s.Release(ctx, mina, app, v[1], 300_000))
		if now := s.split(t, app); now[v[0]] < 80 || now[v[1]] < 20 || now[""] != 0 {
			t.Errorf("%v", now)
		}
		if v := must[release.Version](t)(s.Version(ctx, app, v[1])); v.State != release.StateReleased || v.OutAt != 0 {
			t.Errorf("%+v", v)
		}
		must[release.Rollout](t)(s.Stop(ctx, mina, app))
		same("stopped", s.split(t, app), everybody(v[0]))
		_, err = s.Stop(ctx, mina, app)
		conflict(t, "stopping twice", err, "no staged release")
		_, err = s.RollBack(ctx, mina, app, v[1])
		conflict(t, "rolling back to what was never out", err, "never out")

		// The third goes out at once, and back with one call, which also stops what is on its way.
		must[release.Rollout](t)(s.Release(ctx, mina, app, v[2], release.Everybody))
		same("at once", s.split(t, app), everybody(v[2]))
		_, err = s.Release(ctx, mina, app, v[2], 5)
		conflict(t, "what is out already", err, "already")
		must[release.Rollout](t)(s.Release(ctx, mina, app, v[1], 300_000))
		must[release.Version](t)(s.RollBack(ctx, mina, app, v[0]))
		same("rolled back", s.split(t, app), everybody(v[0]))

		var steps []string
		for _, r := range must[[]release.Record](t)(s.History(ctx, mina, app, 0, 100)) {
			steps = append(steps, fmt.Sprintf("%d:%s:v%d:after%d:%d", r.Number, r.Step, r.VersionNumber, r.PreviousNumber, r.Share))
			if r.Actor != "usr_mina" || r.At != opening.UnixMilli() {
				t.Errorf("%+v", r)
			}
		}
		slices.Reverse(steps)
		want := "1:staged:v1:after0:500000 2:raised:v1:after0:700000 3:released:v1:after0:1000000 4:staged:v2:after1:300000 5:stopped:v2:after1:300000 " +
			"6:released:v3:after1:1000000 7:staged:v2:after3:300000 8:rolled-back:v1:after3:1000000"
		if got := strings.Join(steps, " "); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if page := must[[]release.Record](t)(s.History(ctx, mina, app, 3, 100)); len(page) != 2 {
			t.Errorf("%+v", page)
		}
		actions := strings.Join(slices.DeleteFunc(s.log.Actions(), func(a string) bool { return !strings.HasPrefix(a, "release.") }), " ")
		if actions != "release.staged release.raised release.completed release.staged release.stopped release.completed release.staged release.rolled-back" {
			t.Errorf("audit log: %s", actions)
		}
		var told []string
		for _, e := range s.diary.events {
			if e.Topic == release.TopicStep {
				var step release.Stepped
				if err := json.Unmarshal(e.Payload, &step); err != nil || e.Key != fmt.Sprintf("%s:s%d", app, step.Number) {
					t.Errorf("%+v %v", e, err)
				}
				told = append(told, string(step.Step))
			}
		}
		if len(told) != 8 || told[7] != "rolled-back" {
			t.Errorf("told %v", told)
		}
	})
}

// in and outside are devices in and outside of a share.
func in(app, rollout string, share int64) string {
	for i := 0; ; i++ {
		if d := fmt.Sprintf("found-%d", i); release.InShare(app, rollout, d, share) {
			return d
		}
	}
}

func outside(app, rollout string, share int64) string {
	for i := 0; ; i++ {
		if d := fmt.Sprintf("found-%d", i); !release.InShare(app, rollout, d, share) {
			return d
		}
	}
}

func TestOnlyWhatPassedReviewGoesOut(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *shop) {
		ctx := t.Context()
		mina, app, v := s.stocked(t, 1, 0)
		out := func() error { _, err := s.Release(ctx, mina, app, v[0], release.Everybody); return err }
		conflict(t, "development", out(), "is development")
		s.move(t, app, v[0], release.StateDevelopment, release.StateInReview)
		conflict(t, "in review", out(), "is in-review")
		conflict(t, "handing it in twice", s.tryMove(t, app, v[0], release.StateInReview, release.StateDevelopment, release.StateRejected), "is in-review")
		s.move(t, app, v[0], release.StateInReview, release.StateDevelopment) // withdrawn
		s.move(t, app, v[0], release.StateDevelopment, release.StateInReview)
		s.move(t, app, v[0], release.StateInReview, release.StateRejected)
		conflict(t, "rejected", out(), "is rejected")
		conflict(t, "deciding again", s.tryMove(t, app, v[0], release.StateApproved, release.StateInReview), "is rejected")
		s.move(t, app, v[0], release.StateRejected, release.StateInReview) // what was wrong lay outside of it
		s.move(t, app, v[0], release.StateInReview, release.StateApproved)
		if err := out(); err != nil {
			t.Error(err)
		}
		if v, out, err := s.ReleasedVersion(ctx, app); err != nil || !out || v.State != release.StateReleased || v.OutAt == 0 {
			t.Errorf("%+v %t %v", v, out, err)
		}
		var moved []string
		for _, e := range s.diary.events {
			if e.Topic == release.TopicMoved {
				var m release.Moved
				if err := json.Unmarshal(e.Payload, &m); err != nil {
					t.Fatal(err)
				}
				moved = append(moved, string(m.To))
			}
		}
		if got := strings.Join(moved, " "); got != "in-review development in-review rejected in-review approved released" {
			t.Errorf("told %s", got)
		}
		if err := s.tryMove(t, app, "ver_none", release.StateInReview, release.StateDevelopment); !fault.Is(err, fault.CodeNotFound) {
			t.Errorf("%v", err)
		}
		defer func() {
			if recover() == nil {
				t.Error("a move that is not in the table was made")
			}
		}()
		_ = s.tryMove(t, app, v[0], release.StateApproved, release.StateDevelopment)
	})
}

func TestSuspensionTakesAnAppOffAtOnce(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *shop) {
		ctx := t.Context()
		mina, app, v := s.stocked(t, 2, 2)
		must[release.Rollout](t)(s.Release(ctx, mina, app, v[0], release.Everybody))
		must[release.Rollout](t)(s.Release(ctx, mina, app, v[1], 400_000))
		before := s.split(t, app)
		if _, err := s.Suspend(ctx, root, app, " "); !fault.Is(err, fault.CodeInvalid) {
			t.Errorf("without a reason: %v", err)
		}
		if _, err := s.Suspend(ctx, mina, app, "x"); !fault.Is(err, fault.CodeDenied) {
			t.Errorf("by its own developer: %v", err)
		}
		at := must[release.Standing](t)(s.Suspend(ctx, root, app, "售卖假货"))
		if at.SuspendedAt != opening.UnixMilli() || at.SuspensionReason != "售卖假货" {
			t.Errorf("%+v", at.App)
		}
		_, err := s.Released(ctx, app)
		if !fault.Is(err, fault.CodeNotFound) || !strings.Contains(err.Error(), "suspended") {
			t.Errorf("%v", err)
		}
		if page, _, err := s.List(ctx, release.Wanted{}, "", 10); err != nil || len(page) != 0 {
			t.Errorf("%+v %v", page, err)
		}
		if _, err := s.RequestDomains(ctx, app); !fault.Is(err, fault.CodeNotFound) {
			t.Errorf("%v", err)
		}
		_, err = s.Raise(ctx, mina, app, 500_000)
		conflict(t, "raising", err, "suspended")
		_, err = s.RollBack(ctx, mina, app, v[0])
		conflict(t, "rolling back", err, "suspended")
		_, err = s.Suspend(ctx, root, app, "again")
		conflict(t, "suspending twice", err, "suspended")
		must[release.Standing](t)(s.Resume(ctx, root, app))
		_, err = s.Resume(ctx, root, app)
		conflict(t, "resuming twice", err, "not suspended")
		if after := s.split(t, app); fmt.Sprint(after) != fmt.Sprint(before) {
			t.Errorf("%v, before %v", after, before)
		}
		history := must[[]release.Record](t)(s.History(ctx, mina, app, 0, 2))
		if history[0].Step != release.StepResumed || history[1].Step != release.StepSuspended || history[1].Reason != "售卖假货" || history[1].Previous != v[0] {
			t.Errorf("%+v", history)
		}
	})
}

func TestSeveralPeopleReleaseAtOnce(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *shop) {
		ctx := t.Context()
		mina, app, v := s.stocked(t, 4, 4)
		for _, id := range v { // all were out once
			must[release.Rollout](t)(s.Release(ctx, mina, app, id, release.Everybody))
		}
		together := func(n int, do func(int) error) (went int) {
			t.Helper()
			var wg sync.WaitGroup
			var mu sync.Mutex
			for i := range n {
				wg.Go(func() {
					err := do(i)
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						went++
					} else if !fault.Is(err, fault.CodeConflict) && !fault.Is(err, fault.CodeInvalid) {
						t.Errorf("%v", err)
					}
				})
			}
			wg.Wait()
			return went
		}
		if n := together(6, func(i int) error { _, err := s.Release(ctx, mina, app, v[i%3], 100_000); return err }); n != 1 {
			t.Errorf("%d staged releases at once", n)
		}
		if n := together(4, func(int) error { _, err := s.Raise(ctx, mina, app, 300_000); return err }); n != 1 {
			t.Errorf("raised %d times to the same share", n)
		}
		if n := together(4, func(i int) error {
			if i%2 == 0 {
				_, err := s.Stop(ctx, mina, app)
				return err
			}
			_, err := s.Raise(ctx, mina, app, release.Everybody)
			return err
		}); n != 1 {
			t.Errorf("ended %d times", n)
		}
		together(8, func(i int) error { _, err := s.RollBack(ctx, mina, app, v[i%4]); return err })
		records := must[[]release.Record](t)(s.History(ctx, mina, app, 0, 100))
		for i, r := range records {
			if r.Number != int64(len(records)-i) {
				t.Errorf("record %d is number %d of %d", i, r.Number, len(records))
			}
			// Each step begins where the one before ended.
			if i+1 < len(records) && r.Step == release.StepRolledBack && records[i+1].Step == release.StepRolledBack && r.Previous != records[i+1].Version {
				t.Errorf("step %d came after %s, not %s", r.Number, r.Previous, records[i+1].Version)
			}
		}
		if now := s.has(t, app, ""); now != records[0].Version {
			t.Errorf("out is %s, the last record says %s", now, records[0].Version)
		}
	})
}

func TestWhatWasReadyBeforeThereWasAReviewHasPassedIt(t *testing.T) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			d := e.Open(t)
			if err := d.Migrate(t.Context(), "release", onlyTheFirst(t)); err != nil {
				t.Fatal(err)
			}
			err := d.Update(t.Context(), func(tx db.Tx) error {
				for _, q := range []string{
					`INSERT INTO release_app (id, name, search_name, icon, summary, domains, last_number, created_at, changed_at) VALUES ('app_1', 'x', 'x', '', '', '{"request":[],"media":[]}', 2, 1, 1)`,
					`INSERT INTO release_version (id, app_id, number, label, notes, content_hash, manifest, bytes, state, created_at) VALUES ('ver_1', 'app_1', 1, '1', '', 'a', '{}', 1, 'ready', 1), ('ver_2', 'app_1', 2, '2', '', 'b', '{}', 1, 'ready', 1)`,
					`INSERT INTO release_pointer (app_id, version_id, sequence, released_at) VALUES ('app_1', 'ver_1', 1, 77)`,
				} {
					if _, err := tx.ExecContext(t.Context(), q); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Migrate(t.Context(), "release", release.Schema); err != nil {
				t.Fatal(err)
			}
			d.AttachOutbox(&diary{})
			s := &shop{Service: release.New(d, nil, &ticking{at: opening}), db: d}
			one, two := must[release.Version](t)(s.Version(t.Context(), "app_1", "ver_1")), must[release.Version](t)(s.Version(t.Context(), "app_1", "ver_2"))
			if one.State != release.StateReleased || one.OutAt != 77 || two.State != release.StateApproved || two.OutAt != 0 {
				t.Errorf("%+v %+v", one, two)
			}
			if _, err := s.OrgOf(t.Context(), "app_1"); !fault.Is(err, fault.CodeNotFound) {
				t.Errorf("it belongs to nobody: %v", err)
			}
			for _, org := range []string{"org_mina", "org_other"} {
				if err := s.Adopt(t.Context(), "app_1", org); err != nil {
					t.Fatal(err)
				}
			}
			if org, err := s.OrgOf(t.Context(), "app_1"); err != nil || org != "org_mina" {
				t.Errorf("%s %v", org, err)
			}
			if s.has(t, "app_1", "") != "ver_1" {
				t.Error("it is not out any more")
			}
		})
	}
}

type ticking struct{ at time.Time }

func (c *ticking) Now() time.Time { return c.at }
