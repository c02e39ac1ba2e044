package outbox

import (
	"context"
	"embed"
	"fmt"
	"sync"
	"time"

	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/outbox/outboxdb"
)

//go:embed schema/*.sql
var schema embed.FS

const otherPayload = "event %s was emitted before with other contents: a key stands for one occurrence"

var _ = fault.Chinese(map[string]string{
	otherPayload: "事件 %s 此前已发出且内容不同：一个键只代表一次发生",
})

// Outbox is the table of events on their way. It is safe for concurrent use.
type Outbox struct {
	db     *db.DB
	clock  clock.Clock
	limits limits
	wake   chan struct{} // holds a token when a commit in this process emitted something

	mu   sync.Mutex
	last int64 // seq of the last event
}

// limits are the relay's times and sizes; tests shorten them.
type limits struct {
	batch     int           // events sent together
	poll      time.Duration // how often to look for what other processes emitted
	pause     time.Duration // after a failure, doubled up to longest
	longest   time.Duration
	lease     time.Duration // how long a relay that vanished blocks the others
	retention time.Duration // how long sent events are kept
	prune     time.Duration // how often to remove older ones
	resend    time.Duration // what was sent this shortly before a stop is sent again at the next start
}

// Option changes how an outbox works.
type Option func(*limits)

// KeepSent sets how long sent events stay in the table (default 3 days). While an event is there, emitting it again does
// nothing.
func KeepSent(d time.Duration) Option { return func(l *limits) { l.retention = d } }

// PollEvery sets how often the relay looks for events that another process emitted (default 1 s). Those of this process
// wake it at once.
func PollEvery(d time.Duration) Option { return func(l *limits) { l.poll = d } }

// LeaseFor sets how long a relay may be silent before another process takes over (default 15 s).
func LeaseFor(d time.Duration) Option { return func(l *limits) { l.lease = d } }

// New is the outbox of d; it attaches itself, so that Emit works. Times are taken from c.
func New(d *db.DB, c clock.Clock, options ...Option) *Outbox {
	o := &Outbox{db: d, clock: c, wake: make(chan struct{}, 1), limits: limits{
		batch: 256, poll: time.Second, pause: 100 * time.Millisecond, longest: 10 * time.Second, lease: 15 * time.Second,
		retention: 72 * time.Hour, prune: time.Minute, resend: 15 * time.Second,
	}}
	for _, option := range options {
		option(&o.limits)
	}
	d.AttachOutbox(o)
	return o
}

// Migrate brings the outbox's tables up to date.
func (o *Outbox) Migrate(ctx context.Context) error { return o.db.Migrate(ctx, "outbox", schema) }

// Append stores e in tx; db.Tx.Emit calls it. An event that is there already is left alone if its payload is the same,
// and a Conflict otherwise.
func (o *Outbox) Append(ctx context.Context, tx db.Tx, e db.Event) error {
	q := outboxdb.New(tx)
	stored, err := q.Store(ctx, outboxdb.StoreParams{
		ID: e.ID, Seq: o.next(), Topic: e.Topic, EventKey: e.Key, Payload: string(e.Payload), EmittedAt: clock.Millis(o.clock),
	})
	if err != nil || stored == 1 {
		return err
	}
	before, err := q.Payload(ctx, e.ID)
	if err != nil {
		return err
	}
	if before != string(e.Payload) {
		return fault.Conflict(otherPayload, e.ID)
	}
	return nil
}

// next is the place of an event in the order of emission. It follows the clock, so that events of several processes come
// roughly in order too, but never stands still or goes back within this one.
func (o *Outbox) next() int64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last = max(o.last+1, o.clock.Now().UnixNano())
	return o.last
}

// Committed wakes the relay; db calls it after a commit that emitted.
func (o *Outbox) Committed() {
	select {
	case o.wake <- struct{}{}:
	default: // it is awake already
	}
}

// Backlog is what waits to be sent.
type Backlog struct {
	Waiting int64         // events
	Oldest  time.Duration // how long the oldest has waited; 0 if none does
}

// Backlog says how much waits and for how long. A backlog that ages means that the bus is away or no relay runs.
func (o *Outbox) Backlog(ctx context.Context) (b Backlog, err error) {
	err = o.db.View(ctx, func(tx db.Tx) error {
		row, err := outboxdb.New(tx).Backlog(ctx)
		if err != nil {
			return err
		}
		b = Backlog{Waiting: row.Waiting}
		if row.Waiting > 0 {
			b.Oldest = time.Duration(max(0, clock.Millis(o.clock)-row.Oldest)) * time.Millisecond
		}
		return nil
	})
	if err != nil {
		return Backlog{}, fmt.Errorf("outbox: %w", err)
	}
	return b, nil
}
