package bus_test

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

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"minimart/platform/bus"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/fault/faulttest"
	"minimart/platform/outbox"
	"minimart/platform/testkit"
)

var ctx = context.Background()

func TestEveryFaultSpeaksChinese(t *testing.T) { faulttest.Translated(t) }

func open(t *testing.T, dir string) *bus.Bus {
	t.Helper()
	b, err := bus.Open(ctx, bus.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Errorf("closing the bus: %v", err)
		}
	})
	return b
}

func paid(key string) db.Event { return occurrence("order.paid", key) }

func occurrence(topic, key string) db.Event {
	return db.Event{ID: db.EventID(topic, key), Topic: topic, Key: key, Payload: json.RawMessage(`{"fen":9900}`), At: 1_750_000_000_123}
}

func publish(t *testing.T, b *bus.Bus, events ...db.Event) {
	t.Helper()
	if n, err := b.Publish(ctx, events); err != nil || n != len(events) {
		t.Fatalf("published %d of %d: %v", n, len(events), err)
	}
}

// log is a handler that remembers what it was given, and answers with what verdict says.
type log struct {
	mu      sync.Mutex
	events  []db.Event
	verdict func(e db.Event, nth int) error // nth counts from 1 per event
}

func (l *log) handle(_ context.Context, e db.Event) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, e)
	if l.verdict == nil {
		return nil
	}
	nth := 0
	for _, x := range l.events {
		if x.ID == e.ID {
			nth++
		}
	}
	return l.verdict(e, nth)
}

func (l *log) keys() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var keys []string
	for _, e := range l.events {
		keys = append(keys, e.Key)
	}
	return strings.Join(keys, " ")
}

func subscribe(t *testing.T, b *bus.Bus, name string, l *log, topics []string, options ...bus.ConsumerOption) {
	t.Helper()
	if err := b.Subscribe(ctx, name, topics, l.handle, options...); err != nil {
		t.Fatal(err)
	}
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

func becomes(t *testing.T, l *log, keys string) {
	t.Helper()
	eventually(t, "the handler was given "+keys, func() bool { return l.keys() == keys || len(l.keys()) > len(keys) })
	if got := l.keys(); got != keys {
		t.Errorf("the handler was given %q, want %q", got, keys)
	}
}

func dead(t *testing.T, b *bus.Bus, consumer string) []bus.DeadLetter {
	t.Helper()
	found, err := b.DeadLetters(ctx, consumer, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestAnEventReachesEveryConsumerThatAskedForIt(t *testing.T) {
	b := open(t, t.TempDir())
	var orders, all, paidOnly, fromNow log
	subscribe(t, b, "orders", &orders, []string{"order.>"})
	subscribe(t, b, "all", &all, []string{">"})
	publish(t, b, paid("o1"), occurrence("order.refunded", "o2"), occurrence("shop.opened", "s1"))
	subscribe(t, b, "late", &paidOnly, []string{"order.paid", "shop.closed"})
	subscribe(t, b, "from-now", &fromNow, []string{">"}, bus.FromNow())
	publish(t, b, paid("o3"))
	becomes(t, &orders, "o1 o2 o3")
	becomes(t, &all, "o1 o2 s1 o3")
	becomes(t, &paidOnly, "o1 o3")
	becomes(t, &fromNow, "o3")
	got, want := all.events[0], paid("o1")
	if got.ID != want.ID || got.Topic != want.Topic || got.Key != want.Key || string(got.Payload) != string(want.Payload) || got.At != want.At {
		t.Errorf("arrived as %+v, was sent as %+v", got, want)
	}
}

func TestSendingTwiceArrivesOnce(t *testing.T) {
	b := open(t, t.TempDir())
	var l log
	subscribe(t, b, "orders", &l, []string{">"})
	publish(t, b, paid("o1"), paid("o2"))
	publish(t, b, paid("o2"), paid("o3"))
	becomes(t, &l, "o1 o2 o3")
}

func TestNothingIsLostOverARestart(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir)
	var before, after log
	subscribe(t, b, "orders", &before, []string{">"})
	publish(t, b, paid("o1"))
	becomes(t, &before, "o1")
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if err := b.Subscribe(ctx, "late", []string{">"}, before.handle); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("subscribing to a closed bus: %v", err)
	}

	b = open(t, dir)
	publish(t, b, paid("o2"), paid("o1")) // o1 was sent before the restart: still known
	subscribe(t, b, "orders", &after, []string{">"}, bus.FromNow())
	becomes(t, &after, "o2")
}

func TestCloseLetsTheHandlerFinishAndKeepsTheRest(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir)
	began, finished := make(chan struct{}), false
	if err := b.Subscribe(ctx, "orders", []string{">"}, func(ctx context.Context, e db.Event) error {
		close(began) // panics on a second event, which must not be begun
		time.Sleep(100 * time.Millisecond)
		finished = ctx.Err() == nil
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	publish(t, b, paid("o1"), paid("o2"), paid("o3"))
	<-began
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if !finished {
		t.Error("the handler was cut off")
	}
	var rest log
	subscribe(t, open(t, dir), "orders", &rest, []string{">"})
	becomes(t, &rest, "o2 o3") // and not after 30 s: they were given back
}

func TestASubscriptionEndsWithItsContext(t *testing.T) {
	b := open(t, t.TempDir())
	var first, second log
	short, cancel := context.WithCancel(ctx)
	if err := b.Subscribe(short, "orders", []string{">"}, first.handle); err != nil {
		t.Fatal(err)
	}
	if err := b.Subscribe(ctx, "orders", []string{">"}, second.handle); err == nil || !strings.Contains(err.Error(), "served in this process already") {
		t.Errorf("a second server for one consumer: %v", err)
	}
	publish(t, b, paid("o1"))
	becomes(t, &first, "o1")
	cancel()
	eventually(t, "the name is free again", func() bool { return b.Subscribe(ctx, "orders", []string{">"}, second.handle) == nil })
	publish(t, b, paid("o2"))
	becomes(t, &second, "o2")
	becomes(t, &first, "o1")
}

func TestAFailureIsTriedAgainWhileOthersPass(t *testing.T) {
	b := open(t, t.TempDir())
	l := log{verdict: func(e db.Event, nth int) error {
		if e.Key == "bad" && nth < 3 {
			return errors.New("not yet")
		}
		return nil
	}}
	subscribe(t, b, "orders", &l, []string{">"}, bus.Retry(100*time.Millisecond, 50*time.Millisecond))
	publish(t, b, paid("bad"), paid("good"))
	becomes(t, &l, "bad good bad bad")
	if d := dead(t, b, ""); len(d) != 0 {
		t.Errorf("dead letters: %+v", d)
	}
}

func TestWhatKeepsFailingBecomesADeadLetter(t *testing.T) {
	tests := []struct {
		name    string
		verdict func(db.Event, int) error
		tries   int
		says    string
	}{
		{"after its last try", func(db.Event, int) error { return errors.New("no such order\nin this shop") }, 3, "no such order in this shop"},
		{"at once when it is hopeless", func(db.Event, int) error { return fmt.Errorf("order: %w", bus.GiveUp(errors.New("bad amount"))) }, 1, "order: bad amount"},
		{"after panics", func(db.Event, int) error { panic("nil map") }, 3, "panic: nil map"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := open(t, t.TempDir())
			l := log{verdict: func(e db.Event, nth int) error {
				if e.Key == "good" {
					return nil
				}
				return tt.verdict(e, nth)
			}}
			subscribe(t, b, "orders", &l, []string{">"}, bus.Retry(time.Millisecond, time.Millisecond))
			publish(t, b, paid("bad"))
			eventually(t, "it is dead", func() bool { return len(dead(t, b, "orders")) == 1 })
			publish(t, b, paid("good"))
			becomes(t, &l, strings.Repeat("bad ", tt.tries)+"good")
			d := dead(t, b, "")[0]
			if d.Consumer != "orders" || d.Event.ID != "order.paid:bad" || string(d.Event.Payload) != `{"fen":9900}` || d.Reason != tt.says || d.Tries != tt.tries || time.Since(d.At) > time.Minute {
				t.Errorf("dead letter: %+v", d)
			}
		})
	}
}

func TestADeadLetterIsDeliveredAgainToItsConsumerAlone(t *testing.T) {
	b := open(t, t.TempDir())
	mended := false
	broken := log{verdict: func(db.Event, int) error {
		if mended {
			return nil
		}
		return errors.New("broken")
	}}
	var healthy log
	subscribe(t, b, "broken", &broken, []string{">"}, bus.Retry())
	subscribe(t, b, "healthy", &healthy, []string{">"})
	publish(t, b, paid("o1"), paid("o2"), paid("o3"))
	eventually(t, "all are dead", func() bool { return len(dead(t, b, "broken")) == 3 })
	if d := dead(t, b, "healthy"); len(d) != 0 {
		t.Errorf("dead letters of the healthy: %+v", d)
	}
	broken.mu.Lock()
	mended = true
	broken.mu.Unlock()

	first := dead(t, b, "broken")[0]
	if err := b.Redeliver(ctx, first.Number); err != nil {
		t.Fatal(err)
	}
	becomes(t, &broken, "o1 o2 o3 o1")
	left, err := b.DeadLetters(ctx, "broken", first.Number, 1)
	if err != nil || len(left) != 1 || left[0].Event.Key != "o2" {
		t.Fatalf("the next after %d: %+v, %v", first.Number, left, err)
	}
	if err := b.Discard(ctx, left[0].Number); err != nil {
		t.Fatal(err)
	}
	if d := dead(t, b, ""); len(d) != 1 || d[0].Event.Key != "o3" {
		t.Errorf("left: %+v", d)
	}
	for _, number := range []uint64{0, first.Number, left[0].Number, 999} {
		for what, call := range map[string]func(context.Context, uint64) error{"Redeliver": b.Redeliver, "Discard": b.Discard} {
			if err := call(ctx, number); !fault.Is(err, fault.CodeNotFound) {
				t.Errorf("%s(%d): %v, want NotFound", what, number, err)
			}
		}
	}
	if _, err := b.DeadLetters(ctx, "", 0, 0); !fault.Is(err, fault.CodeInvalid) {
		t.Errorf("a limit of 0: %v", err)
	}
	becomes(t, &healthy, "o1 o2 o3")
}

func TestSubscribeSaysWhatIsWrong(t *testing.T) {
	b := open(t, t.TempDir())
	var l log
	tests := []struct {
		name   string
		topics []string
		says   string
	}{
		{"", []string{">"}, "want 1 to 60"},
		{"Order Centre", []string{">"}, "lower-case"},
		{"a.b", []string{">"}, "lower-case"},
		{"orders", nil, "no topics"},
		{"orders", []string{"order.*"}, "topic"},
		{"orders", []string{"order>"}, "topic"},
		{"orders", []string{".>"}, "topic"},
		{"orders", []string{""}, "topic"},
		{"orders", []string{"order.>", "order.paid"}, "overlap"},
	}
	for _, tt := range tests {
		if err := b.Subscribe(ctx, tt.name, tt.topics, l.handle); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%q %q: %v, want it to say %q", tt.name, tt.topics, err, tt.says)
		}
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	tests := []struct {
		config bus.Config
		says   string
	}{
		{bus.Config{}, "set either Dir"},
		{bus.Config{Dir: dir, URL: "nats://x"}, "set either Dir"},
		{bus.Config{Dir: dir}, "in use by another process"},
		{bus.Config{Dir: "/dev/null/bus"}, "/dev/null"},
		{bus.Config{URL: "nats://u:secret@127.0.0.1:1"}, "connecting to the cluster"},
	}
	for _, tt := range tests {
		b, err := bus.Open(ctx, tt.config)
		if err == nil {
			b.Close()
		}
		if err == nil || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%+v: %v, want it to say %q", tt.config, err, tt.says)
		}
	}
}

func TestPublishSaysHowFarItCame(t *testing.T) {
	b := open(t, t.TempDir())
	big := paid("big")
	big.Payload = json.RawMessage(`"` + strings.Repeat("x", 2<<20) + `"`) // over the bus's limit
	n, err := b.Publish(ctx, []db.Event{paid("o1"), paid("o2"), big, paid("o3")})
	if n != 2 || err == nil || !strings.Contains(err.Error(), "order.paid:big") {
		t.Errorf("sent %d: %v", n, err)
	}
	if err := b.Ping(ctx); err != nil {
		t.Error(err)
	}
	b.Close()
	if n, err := b.Publish(ctx, []db.Event{paid("o4")}); n != 0 || err == nil {
		t.Errorf("a closed bus sent %d: %v", n, err)
	}
	if err := b.Ping(ctx); err == nil {
		t.Error("a closed bus answers")
	}
}

// cluster is a NATS server of its own, reached over the network.
func cluster(t *testing.T) (url string) {
	t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(20 * time.Second) {
		t.Fatal("the server does not answer")
	}
	return s.ClientURL()
}

func TestTwoProcessesShareAClusterAndItsEvents(t *testing.T) {
	url := cluster(t)
	var logs [2]log
	var buses [2]*bus.Bus
	for i := range buses {
		b, err := bus.Open(ctx, bus.Config{URL: url, Replicas: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		buses[i] = b
		subscribe(t, b, "orders", &logs[i], []string{">"})
	}
	var want []string
	for n := range 200 {
		key := fmt.Sprintf("o%03d", n)
		want = append(want, key)
		publish(t, buses[n%2], paid(key))
	}
	both := func() []string {
		return slices.Sorted(slices.Values(strings.Fields(logs[0].keys() + " " + logs[1].keys())))
	}
	eventually(t, "all are handled", func() bool { return len(both()) >= len(want) })
	if got := both(); !slices.Equal(got, want) {
		t.Errorf("handled: %v", got)
	}
}

func TestWhatIsNoEventBecomesADeadLetter(t *testing.T) {
	url := cluster(t)
	b, err := bus.Open(ctx, bus.Config{URL: url, Replicas: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	var l log
	subscribe(t, b, "orders", &l, []string{">"})
	nc, err := nats.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := js.Publish(ctx, "ev.order.paid", []byte("hello")); err != nil {
		t.Fatal(err)
	}
	publish(t, b, paid("o1"))
	becomes(t, &l, "o1")
	if d := dead(t, b, "orders"); len(d) != 1 || !strings.Contains(d[0].Reason, "not an event: header Event-Topic") {
		t.Errorf("dead letters: %+v", d)
	}
}

// The whole way: emitted in a transaction, carried, handled with its mark in one transaction, over failures of all kinds.
func TestAnEffectHappensOncePerEvent(t *testing.T) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			d := e.Open(t)
			box := outbox.New(d, clock.System)
			if err := errors.Join(box.Migrate(ctx), bus.Migrate(ctx, d)); err != nil {
				t.Fatal(err)
			}
			if err := d.Update(ctx, func(tx db.Tx) error {
				_, err := tx.ExecContext(ctx, "CREATE TABLE turnover (id TEXT PRIMARY KEY, fen BIGINT NOT NULL)")
				if err == nil {
					_, err = tx.ExecContext(ctx, "INSERT INTO turnover VALUES ('all', 0)")
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			b := open(t, t.TempDir())
			running, stop := context.WithCancel(ctx)
			relayed := make(chan error, 1)
			go func() { relayed <- box.Relay(running, b) }()
			calls := 0
			if err := b.Subscribe(ctx, "turnover", []string{"order.paid"}, func(ctx context.Context, e db.Event) error {
				calls++
				n := calls
				err := d.Update(ctx, func(tx db.Tx) error {
					first, err := bus.Once(ctx, tx, "turnover", e.ID)
					if err != nil || !first {
						return err
					}
					if _, err := tx.ExecContext(ctx, "UPDATE turnover SET fen = fen + 100 WHERE id = 'all'"); err != nil {
						return err
					}
					if n%5 == 1 {
						return errors.New("failed before the commit")
					}
					return nil
				})
				if err == nil && n%5 == 2 {
					return errors.New("failed after the commit")
				}
				return err
			}, bus.Retry(slices.Repeat([]time.Duration{time.Millisecond}, 20)...)); err != nil {
				t.Fatal(err)
			}
			const orders = 50
			for n := range orders {
				if err := d.Update(ctx, func(tx db.Tx) error { return tx.Emit(ctx, "order.paid", fmt.Sprint("o", n), n) }); err != nil {
					t.Fatal(err)
				}
			}
			turnover := func() (fen, marks int) {
				if err := d.View(ctx, func(tx db.Tx) error {
					return errors.Join(tx.QueryRowContext(ctx, "SELECT fen FROM turnover").Scan(&fen),
						tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM bus_seen").Scan(&marks))
				}); err != nil {
					t.Fatal(err)
				}
				return fen, marks
			}
			eventually(t, "all orders are counted", func() bool { fen, _ := turnover(); return fen >= 100*orders })
			stop()
			if err := errors.Join(<-relayed, b.Close()); err != nil {
				t.Error(err)
			}
			if fen, marks := turnover(); fen != 100*orders || marks != orders {
				t.Errorf("turnover %d with %d marks, want %d with %d", fen, marks, 100*orders, orders)
			}
			if calls <= orders {
				t.Errorf("%d calls for %d events: the failures did not happen", calls, orders)
			}
			if n, err := bus.Forget(ctx, d, time.Now().Add(-time.Hour)); err != nil || n != 0 {
				t.Errorf("forgot %d marks of the last hour, %v", n, err)
			}
			if n, err := bus.Forget(ctx, d, time.Now().Add(time.Hour)); err != nil || n != orders {
				t.Errorf("forgot %d of %d marks, %v", n, orders, err)
			}
		})
	}
}
