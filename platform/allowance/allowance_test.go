package allowance_test

import (
	"testing"
	"time"

	"minimart/platform/allowance"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/fault/faulttest"
	"minimart/platform/testkit"
)

var (
	perPhone   = allowance.Allowance{Name: "test code phone", Burst: 3, Every: time.Minute}
	perAddress = allowance.Allowance{Name: "test code address", Burst: 5, Every: time.Second}
)

type gate struct {
	t   *testing.T
	db  *db.DB
	now int64
}

func onEveryEngine(t *testing.T, test func(*gate)) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			g := &gate{t, e.Open(t), time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC).UnixMilli()}
			if err := g.db.Migrate(t.Context(), "allowance", allowance.Schema); err != nil {
				t.Fatal(err)
			}
			test(g)
		})
	}
}

func (g *gate) pass(d time.Duration) { g.now += d.Milliseconds() }

func (g *gate) update(fn func(tx db.Tx) error) {
	g.t.Helper()
	if err := g.db.Update(g.t.Context(), fn); err != nil {
		g.t.Fatal(err)
	}
}

// take is how long to wait, 0 for not at all.
func (g *gate) take(buckets ...allowance.Bucket) (wait time.Duration) {
	g.t.Helper()
	g.update(func(tx db.Tx) error {
		wait = 0
		refused, err := allowance.Take(g.t.Context(), tx, g.now, buckets...)
		if refused != nil {
			if !fault.Is(refused, fault.CodeExhausted) {
				g.t.Error(refused)
			}
			wait = refused.RetryAfter
		}
		return err
	})
	return wait
}

func (g *gate) wants(want time.Duration, buckets ...allowance.Bucket) {
	g.t.Helper()
	if wait := g.take(buckets...); wait != want {
		g.t.Errorf("waits %v, want %v", wait, want)
	}
}

func TestThereIsABurstAndThenOnePerInterval(t *testing.T) {
	onEveryEngine(t, func(g *gate) {
		li, wang := perPhone.Of("li"), perPhone.Of("wang")
		for range 3 {
			g.wants(0, li)
		}
		g.wants(time.Minute, li)
		g.pass(20 * time.Second)
		g.wants(40*time.Second, li)
		g.wants(0, wang)
		g.pass(40 * time.Second)
		g.wants(0, li)
		g.wants(time.Minute, li)
		g.pass(time.Hour)
		for range 3 {
			g.wants(0, li) // not more than the burst, however long it waited
		}
		g.wants(time.Minute, li)
	})
}

func TestWhoeverIsRefusedHasPaidWithTheBucketsBefore(t *testing.T) {
	onEveryEngine(t, func(g *gate) {
		street, li := perAddress.Of("203.0.113.7"), perPhone.Of("li")
		for range 3 {
			g.wants(0, street, li)
		}
		g.wants(time.Minute, street, li)
		g.wants(time.Minute, street, li)
		g.wants(time.Second, street, li) // the address is empty: the phone is not even asked
		g.wants(time.Second, street, perPhone.Of("wang"))
	})
}

func TestWhatTurnedOutRightIsGivenBack(t *testing.T) {
	onEveryEngine(t, func(g *gate) {
		li := perPhone.Of("li")
		for range 10 {
			g.wants(0, li)
			g.update(func(tx db.Tx) error { return li.GiveBack(t.Context(), tx) })
		}
		g.update(func(tx db.Tx) error { return perPhone.Of("nobody").GiveBack(t.Context(), tx) })
		for range 3 {
			g.wants(0, li)
		}
		g.wants(time.Minute, li)
		g.update(func(tx db.Tx) error { return li.Fill(t.Context(), tx) })
		g.wants(0, li)
	})
}

func TestAClockThatRanAheadLocksNobodyOut(t *testing.T) {
	onEveryEngine(t, func(g *gate) {
		li := perPhone.Of("li")
		g.pass(24 * time.Hour)
		for range 3 {
			g.wants(0, li)
		}
		g.pass(-24 * time.Hour)
		g.wants(0, li)
		g.pass(-30 * time.Second) // a small step back is no way to get more
		g.wants(0, li)
		g.wants(30*time.Second, li)
	})
}

func TestFullBucketsAreSwept(t *testing.T) {
	onEveryEngine(t, func(g *gate) {
		g.wants(0, perPhone.Of("li"))
		g.wants(0, perAddress.Of("li"))
		g.pass(time.Second)
		for _, want := range []int64{1, 0} {
			if n, err := allowance.Sweep(t.Context(), g.db, g.now); err != nil || n != want {
				t.Errorf("%d, %v", n, err)
			}
		}
	})
}

func TestFailedTransactionsTakeNothing(t *testing.T) {
	onEveryEngine(t, func(g *gate) {
		li := perPhone.Of("li")
		for range 5 {
			_ = g.db.Update(t.Context(), func(tx db.Tx) error {
				if _, err := allowance.Take(t.Context(), tx, g.now, li); err != nil {
					t.Error(err)
				}
				return fault.Conflict("something else")
			})
		}
		g.wants(0, li)
	})
}

func FuzzNetwork(f *testing.F) {
	for _, s := range []string{"203.0.113.7", "2001:db8::1", "::ffff:1.2.3.4", "fe80::1%eth0", "", "x", "1.2.3.4:80"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, address string) {
		if n := allowance.Network(address); n == "" || len(n) > 64 {
			t.Errorf("%q counts for %q", address, n)
		}
	})
	if a, b := allowance.Network("2001:db8::1"), allowance.Network("2001:db8::2:3"); a != b || a != "2001:db8::/64" {
		f.Errorf("%s and %s", a, b)
	}
	if n := allowance.Network("::ffff:1.2.3.4"); n != "1.2.3.4" {
		f.Error(n)
	}
}

func TestEveryMessageHasChineseWords(t *testing.T) { faulttest.Translated(t) }
