package timer_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/fault/faulttest"
	"minimart/platform/testkit"
	"minimart/platform/timer"
)

var (
	ctx  = context.Background()
	noon = time.UnixMilli(1_750_000_000_000).UTC()
)

func TestEveryFaultSpeaksChinese(t *testing.T) { faulttest.Translated(t) }

// bench is a database with timers and a clock that stands at noon.
type bench struct {
	db     *db.DB
	timers *timer.Timers
	now    *clock.Fake
}

func onEngines(t *testing.T, test func(t *testing.T, b bench), options ...timer.Option) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) { test(t, open(t, e.URL(t), clock.NewFake(noon), options...)) })
	}
}

func open(t *testing.T, url string, now *clock.Fake, options ...timer.Option) bench {
	t.Helper()
	b := bench{db: testkit.Open(t, url), now: now}
	b.timers = timer.New(b.db, now, options...)
	if err := b.timers.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b bench) set(t *testing.T, room, key string, in time.Duration, payload any) {
	t.Helper()
	if err := b.db.Update(ctx, func(tx db.Tx) error { return timer.Set(ctx, tx, room, key, b.now.Now().Add(in), payload) }); err != nil {
		t.Fatal(err)
	}
}

func (b bench) cancel(t *testing.T, room, key string) (was bool) {
	t.Helper()
	if err := b.db.Update(ctx, func(tx db.Tx) (err error) { was, err = timer.Cancel(ctx, tx, room, key); return err }); err != nil {
		t.Fatal(err)
	}
	return was
}

func (b bench) find(room, key string) (s timer.State, err error) {
	err = b.db.View(ctx, func(tx db.Tx) (err error) { s, err = timer.Find(ctx, tx, room, key); return err })
	return s, err
}

// runs is how many timers RunDue ran; errors of handlers are the test's own business.
func (b bench) runs(t *testing.T) int {
	t.Helper()
	n, err := b.timers.RunDue(ctx)
	if err != nil {
		t.Logf("RunDue: %v", err)
	}
	return n
}

func TestATimerRunsWhenItIsDueAndOnce(t *testing.T) {
	onEngines(t, func(t *testing.T, b bench) {
		var got []timer.Due
		b.timers.Handle("stock", func(_ context.Context, d timer.Due) error { got = append(got, d); return nil })
		b.set(t, "stock", "rsv_1", time.Minute, map[string]int{"qty": 2})
		b.now.Advance(time.Minute - time.Millisecond)
		if n := b.runs(t); n != 0 {
			t.Fatalf("%d ran before their time", n)
		}
		b.now.Advance(time.Millisecond)
		if n := b.runs(t); n != 1 || len(got) != 1 {
			t.Fatalf("%d ran, %d were handled", n, len(got))
		}
		if d := got[0]; d.Room != "stock" || d.Key != "rsv_1" || !d.At.Equal(noon.Add(time.Minute)) || string(d.Payload) != `{"qty":2}` || d.Attempt != 1 {
			t.Errorf("was given %+v", d)
		}
		b.now.Advance(24 * time.Hour)
		if n := b.runs(t); n != 0 {
			t.Errorf("%d ran again", n)
		}
		if _, err := b.find("stock", "rsv_1"); !fault.Is(err, fault.CodeNotFound) {
			t.Errorf("after it ran: %v", err)
		}
	})
}

func TestATimerIsSetWithItsTransaction(t *testing.T) {
	onEngines(t, func(t *testing.T, b bench) {
		b.timers.Handle("stock", func(context.Context, timer.Due) error { t.Error("it ran"); return nil })
		err := b.db.Update(ctx, func(tx db.Tx) error {
			if err := timer.Set(ctx, tx, "stock", "rsv_1", noon, nil); err != nil {
				return err
			}
			return errors.New("sold out")
		})
		if err == nil || b.runs(t) != 0 {
			t.Errorf("set by a transaction that failed: %v", err)
		}
	})
}

func TestATimerIsReplacedByItsKey(t *testing.T) {
	onEngines(t, func(t *testing.T, b bench) {
		var got []string
		b.timers.Handle("stock", func(_ context.Context, d timer.Due) error { got = append(got, string(d.Payload)); return nil })
		b.timers.Handle("order", func(_ context.Context, d timer.Due) error { got = append(got, "order"); return nil })
		b.set(t, "stock", "a", time.Minute, "first")
		b.set(t, "order", "a", 3*time.Minute, nil) // another room's key is another timer
		b.set(t, "stock", "a", 2*time.Minute, "second")
		b.now.Advance(time.Minute)
		b.runs(t)
		b.now.Advance(time.Minute)
		b.runs(t)
		b.now.Advance(time.Hour)
		b.runs(t)
		if fmt.Sprint(got) != `["second" order]` {
			t.Errorf("ran: %v", got)
		}
	})
}

func TestACancelledTimerDoesNotRun(t *testing.T) {
	onEngines(t, func(t *testing.T, b bench) {
		b.timers.Handle("stock", func(context.Context, timer.Due) error { t.Error("it ran"); return nil })
		b.set(t, "stock", "a", time.Minute, nil)
		if !b.cancel(t, "stock", "a") {
			t.Error("it was not there")
		}
		if b.cancel(t, "stock", "a") {
			t.Error("it was there after being cancelled")
		}
		b.now.Advance(time.Hour)
		b.runs(t)
	})
}

func TestAFailureIsTriedAgainLaterAndLater(t *testing.T) {
	onEngines(t, func(t *testing.T, b bench) {
		fails := 5
		b.timers.Handle("stock", func(_ context.Context, d timer.Due) error {
			if d.Attempt <= fails {
				if d.Attempt == 2 {
					panic("nil map")
				}
				return errors.New("no\x00luck \xff")
			}
			return nil
		})
		b.set(t, "stock", "a", 0, nil)
		var pauses []string
		for range fails {
			if n := b.runs(t); n != 1 {
				t.Fatalf("%d ran", n)
			}
			s, err := b.find("stock", "a")
			if err != nil {
				t.Fatal(err)
			}
			pauses = append(pauses, s.Next.Sub(b.now.Now()).String())
			b.now.Set(s.Next.Add(-time.Millisecond))
			if n := b.runs(t); n != 0 {
				t.Errorf("%d ran too early", n)
			}
			b.now.Advance(time.Millisecond)
		}
		if got := strings.Join(pauses, " "); got != "1s 2s 4s 5s 5s" {
			t.Errorf("pauses: %s", got)
		}
		failing, err := b.timers.Failing(ctx, 5)
		if err != nil || len(failing) != 1 || failing[0].Attempts != 5 || failing[0].Error != "no?luck ?" || !failing[0].At.Equal(noon) {
			t.Errorf("failing: %+v, %v", failing, err)
		}
		if failing, err := b.timers.Failing(ctx, 6); err != nil || len(failing) != 0 {
			t.Errorf("failing six times: %+v, %v", failing, err)
		}
		if n := b.runs(t); n != 1 {
			t.Errorf("%d ran at last", n)
		}
		if _, err := b.find("stock", "a"); !fault.Is(err, fault.CodeNotFound) {
			t.Errorf("after it succeeded: %v", err)
		}
	}, timer.Backoff(time.Second, 5*time.Second))
}

func TestWhatIsSetAnewWhileItRunsStays(t *testing.T) {
	onEngines(t, func(t *testing.T, b bench) {
		ran := 0
		b.timers.Handle("bill", func(_ context.Context, d timer.Due) error {
			ran++
			if ran < 3 {
				b.set(t, "bill", d.Key, time.Hour, nil) // every hour
			}
			return nil
		})
		b.timers.Handle("stock", func(context.Context, timer.Due) error {
			b.set(t, "stock", "a", time.Hour, nil)
			return errors.New("failed, but somebody has set it anew")
		})
		b.set(t, "bill", "daily", 0, nil)
		b.set(t, "stock", "a", 0, nil)
		b.runs(t)
		if s, err := b.find("stock", "a"); err != nil || !s.Next.Equal(noon.Add(time.Hour)) || s.Attempts != 0 || s.Error != "" {
			t.Errorf("set anew while it failed: %+v, %v", s, err)
		}
		b.cancel(t, "stock", "a")
		for range 5 {
			b.now.Advance(time.Hour)
			b.runs(t)
		}
		if ran != 3 {
			t.Errorf("ran %d times, want 3", ran)
		}
	})
}

func TestFinishIsRefusedWhenTheTimerIsSomebodyElses(t *testing.T) {
	meanwhile := map[string]func(t *testing.T, b bench){
		"nothing":     func(*testing.T, bench) {},
		"cancelled":   func(t *testing.T, b bench) { b.cancel(t, "stock", "a") },
		"set anew":    func(t *testing.T, b bench) { b.set(t, "stock", "a", time.Hour, nil) },
		"lease ended": func(t *testing.T, b bench) { b.now.Advance(2 * time.Minute); b.runs(t) },
	}
	for what, happens := range meanwhile {
		t.Run(what, func(t *testing.T) {
			onEngines(t, func(t *testing.T, b bench) {
				var first, second []bool
				b.timers.Handle("stock", func(ctx context.Context, d timer.Due) error {
					mine := &second
					if d.Attempt == 1 {
						mine = &first
						happens(t, b)
					}
					return b.db.Update(ctx, func(tx db.Tx) error {
						ours, err := d.Finish(ctx, tx)
						*mine = []bool{ours}
						return err
					})
				})
				b.set(t, "stock", "a", 0, nil)
				b.runs(t)
				if want := what == "nothing"; len(first) != 1 || first[0] != want {
					t.Errorf("the first was told %v, want %v", first, want)
				}
				if what == "lease ended" && (len(second) != 1 || !second[0]) {
					t.Errorf("the second was told %v", second)
				}
			})
		})
	}
}

func TestOtherRoomsTimersWait(t *testing.T) {
	onEngines(t, func(t *testing.T, b bench) {
		b.set(t, "later", "a", 0, nil)
		if n := b.runs(t); n != 0 {
			t.Errorf("%d ran without a handler", n)
		}
		b.timers.Handle("later", func(context.Context, timer.Due) error { return nil })
		if n := b.runs(t); n != 1 {
			t.Errorf("%d ran", n)
		}
	})
}

func TestSeveralProcessesRunEachTimerOnce(t *testing.T) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			url, now := e.URL(t), clock.NewFake(noon)
			const timers = 90
			var mu sync.Mutex
			ran, by := map[string]int{}, map[int]int{}
			running, stop := context.WithCancel(ctx)
			var done sync.WaitGroup
			for p := range 3 {
				b := open(t, url, now, timer.PollEvery(2*time.Millisecond))
				if p == 0 {
					for n := range timers {
						b.set(t, "stock", fmt.Sprint("k", n), time.Duration(n)*time.Millisecond, nil)
					}
				}
				b.timers.Handle("stock", func(_ context.Context, d timer.Due) error {
					time.Sleep(time.Millisecond)
					mu.Lock()
					defer mu.Unlock()
					ran[d.Key]++
					by[p]++
					return nil
				})
				done.Go(func() {
					if err := b.timers.Run(running); err != nil {
						t.Error(err)
					}
				})
			}
			for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
				now.Advance(5 * time.Millisecond)
				mu.Lock()
				n := len(ran)
				mu.Unlock()
				if n == timers || time.Now().After(deadline) {
					break
				}
			}
			stop()
			done.Wait()
			for n := range timers {
				if key := fmt.Sprint("k", n); ran[key] != 1 {
					t.Errorf("%s ran %d times", key, ran[key])
				}
			}
			t.Logf("shared as %v", by)
		})
	}
}

func TestRunLetsHandlersFinishAndKeepsToItsWorkers(t *testing.T) {
	b := open(t, testkit.SQLiteURL(t), clock.NewFake(noon), timer.Workers(2), timer.PollEvery(time.Millisecond))
	var mu sync.Mutex
	now, most, finished := 0, 0, 0
	began := make(chan struct{}, 100)
	b.timers.Handle("stock", func(ctx context.Context, _ timer.Due) error {
		mu.Lock()
		now++
		most = max(most, now)
		mu.Unlock()
		began <- struct{}{}
		time.Sleep(30 * time.Millisecond)
		mu.Lock()
		defer mu.Unlock()
		now--
		if ctx.Err() == nil {
			finished++
		}
		return nil
	})
	for n := range 6 {
		b.set(t, "stock", fmt.Sprint("k", n), 0, nil)
	}
	running, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); _ = b.timers.Run(running) }()
	for range 3 {
		<-began
	}
	stop()
	<-done
	mu.Lock()
	defer mu.Unlock()
	if most != 2 || now != 0 || finished < 3 {
		t.Errorf("at most %d at once, %d still running, %d finished", most, now, finished)
	}
}

func TestAHandlerIsToldWhenItsLeaseEnds(t *testing.T) {
	b := open(t, testkit.SQLiteURL(t), clock.NewFake(noon), timer.LeaseFor(100*time.Millisecond))
	b.timers.Handle("stock", func(ctx context.Context, _ timer.Due) error { <-ctx.Done(); return ctx.Err() })
	b.set(t, "stock", "a", 0, nil)
	if _, err := b.timers.RunDue(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestABusyRoomDoesNotStarveTheOthers(t *testing.T) {
	b := open(t, testkit.SQLiteURL(t), clock.NewFake(noon))
	busy, other := 0, 0
	b.timers.Handle("a-busy", func(_ context.Context, d timer.Due) error {
		if busy++; busy > 200 {
			return nil
		}
		if busy == 50 {
			b.set(t, "z-other", "only", 0, nil)
		}
		b.set(t, "a-busy", d.Key, 0, nil) // due again at once
		return nil
	})
	b.timers.Handle("z-other", func(context.Context, timer.Due) error { other = busy; return nil })
	for n := range 20 {
		b.set(t, "a-busy", fmt.Sprint("k", n), 0, nil)
	}
	b.runs(t)
	if other < 50 || other > 100 {
		t.Errorf("the other room had its turn after %d of the busy one's", other)
	}
}

func TestBadTimersAreRefused(t *testing.T) {
	b := open(t, testkit.SQLiteURL(t), clock.NewFake(noon))
	tests := []struct {
		name, room, key string
		payload         any
		says            string
	}{
		{"no room", "", "k", nil, "want 1 to 40"},
		{"an odd room", "Stock!", "k", nil, "lower-case"},
		{"no key", "stock", "", nil, "want 1 to 200"},
		{"a long key", "stock", strings.Repeat("k", 201), nil, "want 1 to 200"},
		{"a key with a space", "stock", "a b", nil, "printable"},
		{"no JSON", "stock", "k", func() {}, "does not become JSON"},
		{"too large", "stock", "k", strings.Repeat("x", 70_000), "at most 65536"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := b.db.Update(ctx, func(tx db.Tx) error { return timer.Set(ctx, tx, tt.room, tt.key, noon, tt.payload) })
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, want it to say %q", err, tt.says)
			}
		})
	}
	defer func() {
		if recover() == nil {
			t.Error("two handlers for one room")
		}
	}()
	b.timers.Handle("stock", nil)
	b.timers.Handle("stock", func(context.Context, timer.Due) error { return nil })
	b.timers.Handle("stock", func(context.Context, timer.Due) error { return nil })
}
