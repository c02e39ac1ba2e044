package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/fault/faulttest"
	"minimart/platform/outbox"
	"minimart/platform/testkit"
)

var ctx = context.Background()

func TestEveryFaultSpeaksChinese(t *testing.T) { faulttest.Translated(t) }

// receiver is a bus that remembers what it got and fails when told to.
type receiver struct {
	mu   sync.Mutex
	got  []string
	fail func(nth int, e db.Event) error // nth counts from 0 over all attempts
	n    int
}

func (r *receiver) Publish(_ context.Context, events []db.Event) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, e := range events {
		n := r.n
		r.n++
		if r.fail != nil {
			if err := r.fail(n, e); err != nil {
				return i, err
			}
		}
		r.got = append(r.got, e.ID)
	}
	return len(events), nil
}

func (r *receiver) ids() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

func open(t *testing.T, url string, c clock.Clock, options ...outbox.Option) (*db.DB, *outbox.Outbox) {
	t.Helper()
	d := testkit.Open(t, url)
	o := outbox.New(d, c, options...)
	if err := o.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	return d, o
}

func onEngines(t *testing.T, test func(t *testing.T, url string)) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) { test(t, e.URL(t)) })
	}
}

func emit(t *testing.T, d *db.DB, keys ...string) {
	t.Helper()
	if err := d.Update(ctx, func(tx db.Tx) error {
		for _, k := range keys {
			if err := tx.Emit(ctx, "order.paid", k, map[string]any{"order": k}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// relay runs o's relay until stop is called or the test ends.
func relay(t *testing.T, o *outbox.Outbox, to outbox.Publisher) (stop func()) {
	t.Helper()
	running, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := o.Relay(running, to); err != nil {
			t.Error(err)
		}
	}()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	return stop
}

// eventually waits until ok.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("in vain: %s", what)
		}
	}
}

func waiting(t *testing.T, o *outbox.Outbox) int64 {
	t.Helper()
	b, err := o.Backlog(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return b.Waiting
}

func TestEventsLeaveInOrderAndOnlyAfterTheCommit(t *testing.T) {
	onEngines(t, func(t *testing.T, url string) {
		d, o := open(t, url, clock.System, outbox.PollEvery(time.Hour)) // woken by commits alone
		to := &receiver{}
		relay(t, o, to)
		err := d.Update(ctx, func(tx db.Tx) error {
			if err := tx.Emit(ctx, "order.paid", "never", nil); err != nil {
				return err
			}
			return errors.New("payment refused")
		})
		if err == nil {
			t.Fatal("committed")
		}
		var want []string
		for n := range 5 {
			a, b := fmt.Sprintf("o%d", 2*n), fmt.Sprintf("o%d", 2*n+1)
			emit(t, d, a, b)
			want = append(want, "order.paid:"+a, "order.paid:"+b)
		}
		eventually(t, "all have arrived", func() bool { return len(to.ids()) >= len(want) })
		if got := to.ids(); !slices.Equal(got, want) {
			t.Errorf("arrived: %v, want %v", got, want)
		}
		eventually(t, "all are marked", func() bool { return waiting(t, o) == 0 })
	})
}

func TestEmittingTwiceIsOnce(t *testing.T) {
	onEngines(t, func(t *testing.T, url string) {
		d, o := open(t, url, clock.NewFake(time.UnixMilli(1e12)))
		emit(t, d, "o1")
		emit(t, d, "o1", "o2", "o2")
		if got := waiting(t, o); got != 2 {
			t.Errorf("%d events wait, want 2", got)
		}
		err := d.Update(ctx, func(tx db.Tx) error { return tx.Emit(ctx, "order.paid", "o1", "something else") })
		if !fault.Is(err, fault.CodeConflict) || !strings.Contains(err.Error(), "order.paid:o1") {
			t.Errorf("another payload under the same key: %v", err)
		}
	})
}

func TestBadEventsAreRefused(t *testing.T) {
	d, _ := open(t, testkit.SQLiteURL(t), clock.System)
	tests := []struct {
		name, topic, key string
		payload          any
		says             string
	}{
		{"no topic", "", "k", nil, "topic"},
		{"a topic with a wildcard", "order.*", "k", nil, "want words"},
		{"no key", "order.paid", "", nil, "key is empty"},
		{"a key with a line break", "order.paid", "a\nb", nil, "printable"},
		{"a payload that is no JSON", "order.paid", "k", func() {}, "does not become JSON"},
		{"a payload that is too large", "order.paid", "k", strings.Repeat("x", 600<<10), "put the bulk into a blob"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := d.Update(ctx, func(tx db.Tx) error { return tx.Emit(ctx, tt.topic, tt.key, tt.payload) })
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, want it to say %q", err, tt.says)
			}
		})
	}
	without := testkit.SQLite(t)
	if err := without.Update(ctx, func(tx db.Tx) error { return tx.Emit(ctx, "a", "b", nil) }); err == nil || !strings.Contains(err.Error(), "no outbox") {
		t.Errorf("without an outbox: %v", err)
	}
}

func TestWhatFailsIsSentAgainAndOrderHolds(t *testing.T) {
	onEngines(t, func(t *testing.T, url string) {
		d, o := open(t, url, clock.System)
		to := &receiver{fail: func(nth int, _ db.Event) error {
			if nth == 2 || nth == 3 {
				return errors.New("bus away")
			}
			return nil
		}}
		emit(t, d, "o1", "o2", "o3", "o4")
		relay(t, o, to)
		eventually(t, "all have arrived", func() bool { return len(to.ids()) >= 4 })
		if got := strings.Join(to.ids(), " "); got != "order.paid:o1 order.paid:o2 order.paid:o3 order.paid:o4" {
			t.Errorf("arrived: %s", got)
		}
	})
}

func TestTwoProcessesSendEachEventOnceAndInOrder(t *testing.T) {
	onEngines(t, func(t *testing.T, url string) {
		d1, o1 := open(t, url, clock.System, outbox.PollEvery(5*time.Millisecond))
		d2, o2 := open(t, url, clock.System, outbox.PollEvery(5*time.Millisecond))
		to := &receiver{}
		relay(t, o1, to)
		relay(t, o2, to)
		const each = 60
		var wg sync.WaitGroup
		for p, d := range []*db.DB{d1, d2} {
			wg.Go(func() {
				for n := range each {
					emit(t, d, fmt.Sprintf("p%d-%04d", p, n))
				}
			})
		}
		wg.Wait()
		eventually(t, "all have arrived", func() bool { return len(to.ids()) >= 2*each })
		time.Sleep(50 * time.Millisecond) // would show a second delivery
		last := map[string]string{}
		for _, got := range to.ids() {
			process := got[:len("order.paid:p0")]
			if got <= last[process] {
				t.Errorf("%s after %s", got, last[process])
			}
			last[process] = got
		}
		if n := len(to.ids()); n != 2*each {
			t.Errorf("%d deliveries of %d events", n, 2*each)
		}
	})
}

func TestAnotherProcessTakesOver(t *testing.T) {
	onEngines(t, func(t *testing.T, url string) {
		now := clock.NewFake(time.UnixMilli(1e12))
		d, o1 := open(t, url, now, outbox.PollEvery(2*time.Millisecond), outbox.LeaseFor(10*time.Second))
		_, o2 := open(t, url, now, outbox.PollEvery(2*time.Millisecond), outbox.LeaseFor(10*time.Second))
		blocked := make(chan struct{})
		sending := make(chan struct{})
		first := &receiver{fail: func(int, db.Event) error { close(sending); <-blocked; return errors.New("died") }}
		emit(t, d, "o1")
		stop := relay(t, o1, first) // takes the lease and hangs while sending
		<-sending
		second := &receiver{}
		relay(t, o2, second)
		time.Sleep(30 * time.Millisecond)
		if n := len(second.ids()); n != 0 {
			t.Errorf("the second sent %d while the first holds the lease", n)
		}
		now.Advance(11 * time.Second)
		eventually(t, "the second took over", func() bool { return len(second.ids()) == 1 })
		close(blocked)
		stop()
	})
}

func TestTheLastMomentsAreSentAgainAfterAStop(t *testing.T) {
	onEngines(t, func(t *testing.T, url string) {
		now := clock.NewFake(time.UnixMilli(1e12))
		d, o := open(t, url, now, outbox.LeaseFor(24*time.Hour)) // so that the jumps of the clock do not end it
		to := &receiver{}
		stop := relay(t, o, to)
		emit(t, d, "old")
		eventually(t, "old is marked", func() bool { return waiting(t, o) == 0 })
		now.Advance(time.Minute)
		emit(t, d, "late")
		eventually(t, "late is marked", func() bool { return waiting(t, o) == 0 })
		stop()
		now.Advance(time.Hour)

		again := &receiver{}
		relay(t, o, again)
		eventually(t, "late came again", func() bool { return len(again.ids()) == 1 && waiting(t, o) == 0 })
		if got := again.ids()[0]; got != "order.paid:late" {
			t.Errorf("again came %s", got)
		}
	})
}

func TestSentEventsGoAfterTheirTime(t *testing.T) {
	onEngines(t, func(t *testing.T, url string) {
		now := clock.NewFake(time.UnixMilli(1e12))
		d, o := open(t, url, now, outbox.KeepSent(time.Hour), outbox.PollEvery(2*time.Millisecond), outbox.LeaseFor(24*time.Hour))
		to := &receiver{}
		relay(t, o, to)
		var keys []string
		for n := range 300 { // more than one batch
			keys = append(keys, fmt.Sprintf("o%d", n))
		}
		emit(t, d, keys...)
		eventually(t, "all are marked", func() bool { return waiting(t, o) == 0 })
		rows := func() (n int) {
			if err := d.View(ctx, func(tx db.Tx) error { return tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM outbox").Scan(&n) }); err != nil {
				t.Fatal(err)
			}
			return n
		}
		now.Advance(50 * time.Minute)
		time.Sleep(20 * time.Millisecond)
		if got := rows(); got != 300 {
			t.Errorf("%d rows after 50 minutes, want 300", got)
		}
		now.Advance(20 * time.Minute)
		eventually(t, "they are gone", func() bool { return rows() == 0 })
	})
}

func TestTheBacklogHasAnAge(t *testing.T) {
	now := clock.NewFake(time.UnixMilli(1e12))
	d, o := open(t, testkit.SQLiteURL(t), now)
	if b, err := o.Backlog(ctx); err != nil || b != (outbox.Backlog{}) {
		t.Errorf("empty: %+v, %v", b, err)
	}
	emit(t, d, "o1")
	now.Advance(5 * time.Second)
	emit(t, d, "o2")
	if b, err := o.Backlog(ctx); err != nil || b != (outbox.Backlog{Waiting: 2, Oldest: 5 * time.Second}) {
		t.Errorf("two: %+v, %v", b, err)
	}
}
