package membership_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"minimart/open/membership"
	"minimart/platform/access/accesstest"
	"minimart/platform/fault"
	"minimart/platform/testkit"
)

type m = membership.Membership

func TestAMembershipIsJoinedRenewedAndEndsByTheClock(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, c *club) {
		ctx := t.Context()
		if got := must[m](t)(c.Of(ctx, li)); got.State != membership.None || c.level(t, li) != membership.LevelNone {
			t.Errorf("%+v", got)
		}
		joined := must[m](t)(c.Join(ctx, as(li), "plus-month", false))
		if joined.State != membership.Active || joined.Until != opening.Add(30*day).UnixMilli() || joined.Since != opening.UnixMilli() || joined.Auto {
			t.Errorf("%+v", joined)
		}
		_, err := c.Join(ctx, as(li), "plus-month", false)
		wants(t, "joining twice", err, fault.CodeConflict)
		c.clock.Advance(10 * day)
		renewed := must[m](t)(c.Renew(ctx, as(li), "", joined.Until))
		if renewed.Until != opening.Add(60*day).UnixMilli() || renewed.Since != joined.Since {
			t.Errorf("%+v", renewed)
		}
		_, err = c.Renew(ctx, as(li), "", joined.Until)
		wants(t, "a second click", err, fault.CodeConflict)
		c.clock.Set(opening.Add(60*day - time.Millisecond))
		c.run(t)
		if c.level(t, li) != membership.LevelPlus {
			t.Error("it ended early")
		}
		c.clock.Advance(time.Millisecond)
		if c.level(t, li) != membership.LevelNone { // before anybody has noted it
			t.Error("it did not end")
		}
		if got := must[m](t)(c.Of(ctx, li)); got.State != membership.Expired {
			t.Errorf("%+v", got)
		}
		_, err = c.Renew(ctx, as(li), "", renewed.Until)
		wants(t, "renewing what is over", err, fault.CodeConflict)
		c.run(t)
		c.run(t)
		want := []string{membership.TopicJoined, membership.TopicRenewed, membership.TopicExpired}
		if got := c.diary.topics(); !slices.Equal(got, want) {
			t.Errorf("%v", got)
		}
		c.clock.Advance(day)
		back := must[m](t)(c.Join(ctx, as(li), "plus-month", false))
		if back.ID != joined.ID || back.Since != opening.Add(61*day).UnixMilli() || back.Until != opening.Add(91*day).UnixMilli() {
			t.Errorf("%+v", back)
		}
		steps, next, err := c.History(ctx, li, "", 3)
		if err != nil || len(steps) != 3 || next == "" || steps[0].Step != membership.Joined || steps[1].Step != membership.Ran || steps[1].By != "clock" {
			t.Errorf("%+v %q %v", steps, next, err)
		}
		steps, next, err = c.History(ctx, li, next, 3)
		if err != nil || len(steps) != 1 || next != "" || steps[0].By != "consumer" {
			t.Errorf("%+v %q %v", steps, next, err)
		}
		if s, _, _ := c.History(ctx, han, "", 3); len(s) != 0 {
			t.Errorf("a neighbour's history: %+v", s)
		}
		_, _, err = c.History(ctx, li, "x", 3)
		wants(t, "a cursor of another list", err, fault.CodeInvalid)
	})
}

func TestAMembershipRenewsItselfWithoutAGap(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, c *club) {
		ctx := t.Context()
		must[m](t)(c.Join(ctx, as(li), "plus-month", true))
		for i := range 3 {
			c.clock.Set(opening.Add(time.Duration(i+1)*30*day - time.Minute))
			c.run(t)
			if got := must[m](t)(c.Of(ctx, li)); got.Until != opening.Add(time.Duration(i+2)*30*day).UnixMilli() || !got.Auto {
				t.Errorf("%d: %+v", i, got)
			}
		}
		must[m](t)(c.SetAuto(ctx, as(li), false))
		must[m](t)(c.SetAuto(ctx, as(li), false))
		c.clock.Set(opening.Add(120 * day))
		c.run(t)
		if c.level(t, li) != membership.LevelNone {
			t.Error("it renewed itself after that was taken back")
		}
		_, err := c.SetAuto(ctx, as(li), true)
		wants(t, "for somebody who is no member", err, fault.CodeConflict)

		// The platform was down when it was time.
		must[m](t)(c.Join(ctx, as(han), "plus-month", true))
		c.clock.Advance(40 * day)
		if c.level(t, han) != membership.LevelNone {
			t.Error("a member though nobody renewed")
		}
		c.run(t)
		if got := must[m](t)(c.Of(ctx, han)); got.State != membership.Active || got.Until != c.clock.Now().Add(30*day).UnixMilli() {
			t.Errorf("%+v", got)
		}
	})
}

func TestAPlanThatIsNotToBeHadIsNotJoinedOrRenewed(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, c *club) {
		ctx := t.Context()
		_, err := c.Join(ctx, as(li), "plus-year", false)
		wants(t, "a plan with a price", err, fault.CodeConflict)
		if !strings.Contains(err.Error(), "opens with the cashier") || !strings.Contains(err.Error(), "99") || !strings.Contains(fault.Of(err).In(fault.Zh), "收银台") {
			t.Errorf("%v", err)
		}
		for _, code := range []string{"", "plus-week", "PLUS-MONTH", "x' OR 1=1", strings.Repeat("a", 50), "\x00"} {
			_, err := c.Join(ctx, as(li), code, false)
			wants(t, code, err, fault.CodeInvalid)
		}
		joined := must[m](t)(c.Join(ctx, as(li), "plus-month", true))
		_, err = c.Renew(ctx, as(li), "plus-year", joined.Until)
		wants(t, "renewing by a plan with a price", err, fault.CodeConflict)
		must[[]membership.Plan](t)(c.SetPlans(ctx, root, []membership.Plan{paid}))
		_, err = c.Renew(ctx, as(li), "", joined.Until)
		wants(t, "a plan off the list", err, fault.CodeInvalid)
		_, err = c.SetAuto(ctx, as(li), true)
		wants(t, "renewing itself by a plan off the list", err, fault.CodeConflict)
		c.clock.Set(opening.Add(30*day - time.Minute))
		c.run(t)
		if c.level(t, li) != membership.LevelPlus {
			t.Error("it ended early")
		}
		c.clock.Advance(time.Minute)
		c.run(t)
		if got := must[m](t)(c.Of(ctx, li)); got.State != membership.Expired || got.Auto {
			t.Errorf("%+v", got)
		}
		plans := must[[]membership.Plan](t)(c.Plans(ctx))
		if len(plans) != 1 || plans[0] != paid || plans[0].Free() {
			t.Errorf("%+v", plans)
		}
		dear := free
		dear.Price = 100 // became dear meanwhile
		must[[]membership.Plan](t)(c.SetPlans(ctx, root, []membership.Plan{free}))
		must[m](t)(c.Join(ctx, as(han), "plus-month", true))
		must[[]membership.Plan](t)(c.SetPlans(ctx, root, []membership.Plan{dear}))
		c.clock.Advance(30 * day)
		c.run(t)
		if got := must[m](t)(c.Of(ctx, han)); got.State != membership.Expired {
			t.Errorf("renewed for nothing: %+v", got)
		}
	})
}

func TestNobodyClicksItselfACentury(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, c *club) {
		got := must[m](t)(c.Join(t.Context(), as(li), "plus-month", false))
		var err error
		for range 50 {
			next, failed := c.Renew(t.Context(), as(li), "", got.Until)
			if err = failed; err != nil {
				break
			}
			got = next
		}
		wants(t, "one renewal after the other", err, fault.CodeConflict)
		if ahead := got.Until - opening.UnixMilli(); ahead > 1096*day.Milliseconds() {
			t.Errorf("%d days", ahead/day.Milliseconds())
		}
	})
}

func TestTheOperatorGivesAndTakes(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, c *club) {
		ctx := t.Context()
		given := must[m](t)(c.Grant(ctx, root, li, membership.Gift{Days: 7, Reason: "sorry"}))
		if given.State != membership.Active || given.Plan != "" || given.Until != opening.Add(7*day).UnixMilli() {
			t.Errorf("%+v", given)
		}
		_, err := c.Renew(ctx, as(li), "", given.Until)
		wants(t, "renewing what has no plan", err, fault.CodeInvalid)
		_, err = c.SetAuto(ctx, as(li), true)
		wants(t, "a gift that renews itself", err, fault.CodeConflict)
		must[m](t)(c.Renew(ctx, as(li), "plus-month", given.Until))
		given = must[m](t)(c.Grant(ctx, root, li, membership.Gift{Days: 3, Reason: "sorry"}))
		if given.Plan != "plus-month" || given.Until != opening.Add(40*day).UnixMilli() {
			t.Errorf("%+v", given)
		}
		removed := must[m](t)(c.Remove(ctx, root, li, "abuse"))
		if removed.State != membership.Removed || c.level(t, li) != membership.LevelNone {
			t.Errorf("%+v", removed)
		}
		_, err = c.Join(ctx, as(li), "plus-month", false)
		wants(t, "joining again", err, fault.CodeConflict)
		_, err = c.Remove(ctx, root, li, "abuse")
		wants(t, "removing twice", err, fault.CodeConflict)
		c.clock.Advance(60 * day)
		c.run(t) // its timer is gone
		must[m](t)(c.Grant(ctx, root, li, membership.Gift{Days: 1, Reason: "pardon"}))
		want := []string{membership.TopicJoined, membership.TopicRenewed, membership.TopicRenewed, membership.TopicCancelled, membership.TopicJoined}
		if got := c.diary.topics(); !slices.Equal(got, want) {
			t.Errorf("%v", got)
		}
		if a := c.log.Actions(); !slices.Equal(a, []string{"membership.plans-changed", "membership.granted", "membership.granted", "membership.removed", "membership.granted"}) {
			t.Errorf("%v", a)
		}
		_, err = c.Grant(ctx, root, li, membership.Gift{})
		if f := fault.Of(err); f == nil || len(f.Fields) != 2 {
			t.Errorf("%v", err)
		}
		_, err = c.Grant(ctx, root, "csm_nobody", membership.Gift{Days: 1, Reason: "x"})
		wants(t, "for nobody", err, fault.CodeNotFound)
		_, err = c.Look(ctx, root, "csm_nobody")
		wants(t, "looking at nobody", err, fault.CodeNotFound)
		mina := accesstest.Actor{ID: "usr_mina", Org: "org_mina"}
		_, err = c.Grant(ctx, mina, li, membership.Gift{Days: 1, Reason: "x"})
		wants(t, "a developer gives", err, fault.CodeDenied)
		_, err = c.Remove(ctx, mina, li, "x")
		wants(t, "a developer takes", err, fault.CodeDenied)
		_, err = c.Look(ctx, mina, li)
		wants(t, "a developer looks", err, fault.CodeDenied)
		_, err = c.SetPlans(ctx, mina, nil)
		wants(t, "a developer's plans", err, fault.CodeDenied)
		_, err = c.ShowPlans(ctx, mina)
		wants(t, "a developer reads plans", err, fault.CodeDenied)
		_, err = c.SetPlans(ctx, accesstest.Actor{ID: "u", Operator: true, Only: nil}, []membership.Plan{
			{Code: "Plus", Zh: "", En: strings.Repeat("x", 31), Days: 0, Price: -1}, free, free, {Code: "a", Zh: "a\u202eb", En: "a", Days: 9999, Price: 1e12},
		})
		var fields []string
		if f := fault.Of(err); f != nil {
			for _, w := range f.Fields {
				fields = append(fields, w.Name)
			}
		}
		wantFields := "items[0].code items[0].name.zh items[0].name.en items[0].days items[0].price items[2].code items[3].name.zh items[3].days items[3].price"
		if strings.Join(fields, " ") != wantFields {
			t.Errorf("%v", err)
		}
		_, err = c.SetPlans(ctx, root, make([]membership.Plan, 21))
		wants(t, "too many plans", err, fault.CodeInvalid)
	})
}

func TestAnAppLearnsWhatTheConsumerAgreedTo(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, c *club) {
		ctx := t.Context()
		joined := must[m](t)(c.Join(ctx, as(li), "plus-month", false))
		_, _, err := c.Status(ctx, teaApp, liAtTea)
		wants(t, "without a consent", err, fault.CodeDenied)
		c.registry.agreed = true
		level, until, err := c.Status(ctx, teaApp, liAtTea)
		if err != nil || level != membership.LevelPlus || until != joined.Until {
			t.Errorf("%s %d %v", level, until, err)
		}
		_, _, err = c.Status(ctx, bkApp, liAtTea)
		wants(t, "a neighbour's openid", err, fault.CodeNotFound)
		_, _, err = c.Status(ctx, teaApp, other)
		wants(t, "an openid there is not", err, fault.CodeNotFound)
		if c.registry.asked != 1 {
			t.Errorf("noted %d times", c.registry.asked)
		}
	})
}

func TestManyClicksAtOnceAreOneJoining(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, c *club) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		joined := 0
		for range 8 {
			wg.Go(func() {
				_, err := c.Join(t.Context(), as(li), "plus-month", false)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					joined++
				} else if !fault.Is(err, fault.CodeConflict) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := must[m](t)(c.Of(t.Context(), li)); joined != 1 || got.Until != opening.Add(30*day).UnixMilli() {
			t.Errorf("%d joined, %+v", joined, got)
		}
	})
}

// TestWhateverHappensTheClockDecides does random things and checks what must always be so.
func TestWhateverHappensTheClockDecides(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := newClub(t, testkit.Engines(t)[0])
		ctx := t.Context()
		for range rapid.IntRange(1, 12).Draw(r, "steps") {
			before := must[m](t)(c.Of(ctx, li))
			now := c.clock.Now().UnixMilli()
			var err error
			what := rapid.SampledFrom([]string{"join", "renew", "auto", "grant", "remove", "wait", "tick"}).Draw(r, "what")
			switch what {
			case "join":
				_, err = c.Join(ctx, as(li), "plus-month", rapid.Bool().Draw(r, "auto"))
			case "renew":
				_, err = c.Renew(ctx, as(li), "plus-month", before.Until)
			case "auto":
				_, err = c.SetAuto(ctx, as(li), rapid.Bool().Draw(r, "auto"))
			case "grant":
				_, err = c.Grant(ctx, root, li, membership.Gift{Days: rapid.Int64Range(1, 60).Draw(r, "days"), Reason: "x"})
			case "remove":
				_, err = c.Remove(ctx, root, li, "x")
			case "wait":
				c.clock.Advance(time.Duration(rapid.Int64Range(0, 45*24*3600).Draw(r, "seconds")) * time.Second)
			case "tick":
				c.run(t)
			}
			if err != nil && !fault.Is(err, fault.CodeConflict) {
				t.Fatalf("%s: %v", what, err)
			}
			after := must[m](t)(c.Of(ctx, li))
			level, until, lerr := c.Level(ctx, li)
			check(t, lerr)
			now = max(now, c.clock.Now().UnixMilli())
			if (level == membership.LevelPlus) != (after.State == membership.Active && now < after.Until) || level == membership.LevelPlus && until != after.Until {
				t.Fatalf("after %s: %s until %d, %+v at %d", what, level, until, after, now)
			}
			if err != nil && fmt.Sprint(before) != fmt.Sprint(after) {
				t.Fatalf("%s was refused and changed %+v to %+v", what, before, after)
			}
			if what != "remove" && after.Until < before.Until && after.State == membership.Active && before.State == membership.Active {
				t.Fatalf("%s took days away: %+v to %+v", what, before, after)
			}
		}
	})
}
