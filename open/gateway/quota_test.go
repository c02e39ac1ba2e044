package gateway_test

import (
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"minimart/open/gateway"
	"minimart/platform/testkit"
)

func TestAQuotaIsUsedUpAndComesBack(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *stall) {
		s.quotas.Store(&gateway.FixedQuotas{App: gateway.Quota{Limit: 4, Window: 40 * time.Second}})
		k := s.key(t, mina, gateway.KeySpec{})
		call := func() told { return send(t, s.sign(t, k, "GET", "/open/v1/orders", "")) }
		headers := func(got told) string {
			return fmt.Sprint(got.status, " ", got.header.Get("RateLimit-Limit"), " ", got.header.Get("RateLimit-Remaining"), " ", got.header.Get("RateLimit-Reset"), " ", got.header.Get("Retry-After"))
		}
		for _, want := range []string{"200 4 3 10 ", "200 4 2 20 ", "200 4 1 30 ", "200 4 0 40 ", "429 4 0 40 10", "429 4 0 40 10"} {
			if got := headers(call()); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
		got := call()
		got.want(t, "used up", 429, "4 calls in 40s is used up")
		s.clock.Advance(9*time.Second + 500*time.Millisecond)
		if got := headers(call()); got != "429 4 0 31 1" {
			t.Errorf("just before: %s", got)
		}
		s.clock.Advance(500 * time.Millisecond)
		if got := headers(call()); got != "200 4 0 40 " {
			t.Errorf("one came back: %s", got)
		}
		s.clock.Advance(time.Hour)
		if got := headers(call()); got != "200 4 3 10 " {
			t.Errorf("full, and no fuller: %s", got)
		}
		// A clock that is set back does not lock anybody out for longer than a window.
		for range 4 {
			call()
		}
		s.clock.Set(opening.Add(-24 * time.Hour))
		k = s.key(t, mina, gateway.KeySpec{})
		call()
		s.clock.Advance(40 * time.Second)
		if got := call(); got.status != 200 {
			t.Errorf("after the clock was set back: %+v", got)
		}
	})
}

func TestScopesAndAppsHaveQuotasOfTheirOwn(t *testing.T) {
	s := newTown(t, testkit.Engines(t)[0]).open(t)
	s.quotas.Store(&gateway.FixedQuotas{
		App: gateway.Quota{Limit: 5, Window: time.Minute}, EachScope: gateway.Quota{Limit: 100, Window: time.Minute},
		Scopes: map[string]gateway.Quota{"orders:read": {Limit: 3, Window: time.Minute}},
	})
	k, theirs := s.key(t, mina, gateway.KeySpec{}), s.key(t, wang, gateway.KeySpec{})
	read := func(k gateway.IssuedKey) told { return send(t, s.sign(t, k, "GET", "/open/v1/orders", "")) }
	write := func() told { return send(t, s.sign(t, k, "POST", "/open/v1/orders", `{"sku":"cup"}`)) }
	for range 3 {
		read(k).want(t, "within the scope", 200, "")
	}
	read(k).want(t, "over the scope", 429, "quota for orders:read, 3 calls")
	write().want(t, "another scope", 201, "")
	if got := write(); got.status != 201 || got.header.Get("RateLimit-Limit") != "5" || got.header.Get("RateLimit-Remaining") != "0" {
		t.Errorf("the tighter one is told: %+v", got)
	}
	write().want(t, "over the app's", 429, "the app's quota of 5 calls")
	// What the app's quota refused was not taken from the scope's.
	if got := write(); got.header.Get("RateLimit-Limit") != "5" {
		t.Errorf("%+v", got)
	}
	read(theirs).want(t, "another app", 200, "")
	// A call that was refused may come again, as it is.
	again := s.sign(t, k, "POST", "/open/v1/orders", `{"sku":"cup"}`)
	send(t, again).want(t, "refused", 429, "")
	s.clock.Advance(30 * time.Second)
	send(t, again).want(t, "the same call, later", 201, "")
	// Nor do forged calls use it up.
	forged := k
	forged.Secret = "mms_wrong"
	for range 10 {
		read(forged)
	}
	read(k).want(t, "after forged ones", 200, "")
}

// Three processes share one quota. With the clock standing still they admit exactly what is in the bucket; when a window
// begins with leases in their hands, so many more and no more.
func TestSeveralProcessesStayWithinOneQuota(t *testing.T) {
	const limit, lease, processes = 60, 3, 3
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			w := newTown(t, e)
			w.quotas.Store(&gateway.FixedQuotas{App: gateway.Quota{Limit: limit, Window: time.Minute}})
			stalls := make([]*stall, processes)
			for i := range stalls {
				stalls[i] = w.open(t)
			}
			k := stalls[0].key(t, mina, gateway.KeySpec{})
			hammer := func(calls int) int64 {
				var in atomic.Int64
				var wg sync.WaitGroup
				for _, s := range stalls {
					for range 4 {
						wg.Go(func() {
							for range calls / 4 {
								got := send(t, s.sign(t, k, "GET", "/open/v1/orders", ""))
								switch {
								case got.status == 200:
									in.Add(1)
								case got.status != 429:
									t.Errorf("%+v", got)
								}
								if n, err := strconv.Atoi(got.header.Get("RateLimit-Remaining")); err != nil || n < 0 || n > limit {
									t.Errorf("remaining %q", got.header.Get("RateLimit-Remaining"))
								}
							}
						})
					}
				}
				wg.Wait()
				return in.Load()
			}
			// A process whose callers have gone may hold what is left of its lease.
			const held = processes * (lease - 1)
			n := hammer(40)
			if n > limit || n < limit-held {
				t.Errorf("at one moment %d calls of %d were let in", n, limit)
			}
			w.clock.Advance(10 * time.Second)
			if n += hammer(20); n > limit+limit/6 || n < limit+limit/6-held {
				t.Errorf("10 s later %d calls in all were let in, want %d", n, limit+limit/6)
			}
			// Each process holds what is left of a lease; then the bucket fills.
			w.clock.Advance(time.Hour)
			for _, s := range stalls {
				send(t, s.sign(t, k, "GET", "/open/v1/orders", "")).want(t, "one each", 200, "")
			}
			w.clock.Advance(time.Hour)
			n = hammer(60)
			if n > limit+processes*lease {
				t.Errorf("%d calls were let in at one moment, the bound is %d", n, limit+processes*lease)
			}
			if n <= limit {
				t.Errorf("%d calls: the leases were not in hand, so this shows nothing", n)
			}
		})
	}
}

func TestIdleBucketsAreForgottenWithoutHarm(t *testing.T) {
	s := newTown(t, testkit.Engines(t)[0]).open(t)
	s.quotas.Store(&gateway.FixedQuotas{App: gateway.Quota{Limit: 2, Window: time.Minute}})
	k := s.key(t, mina, gateway.KeySpec{})
	call := func() told { return send(t, s.sign(t, k, "GET", "/open/v1/orders", "")) }
	call()
	call()
	call().want(t, "used up", 429, "")
	if err := s.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	call().want(t, "still used up", 429, "")
	s.clock.Advance(11 * time.Minute)
	if err := s.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	call().want(t, "full again", 200, "")
}
