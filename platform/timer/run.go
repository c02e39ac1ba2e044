package timer

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/id"
	"minimart/platform/timer/timerdb"
)

// Handler does what is due. An error or a panic makes the timer run again later. It ends when ctx does: after that another
// process may take the timer.
type Handler func(ctx context.Context, due Due) error

// Timers runs what is due. It is safe for concurrent use, and several processes may run on one database.
type Timers struct {
	db      *db.DB
	clock   clock.Clock
	workers int
	poll    time.Duration
	lease   time.Duration
	first   time.Duration // pause after the first failure, doubled up to longest
	longest time.Duration

	mu       sync.Mutex
	handlers map[string]Handler
	turn     int // which room is asked first; it moves on, so that a busy room does not starve the others
}

// Option changes how Timers works.
type Option func(*Timers)

// Workers sets how many handlers run at once in this process (default 4).
func Workers(n int) Option { return func(t *Timers) { t.workers = max(1, n) } }

// PollEvery sets how often Run looks for what is due (default 500 ms): how late a timer may be.
func PollEvery(d time.Duration) Option { return func(t *Timers) { t.poll = d } }

// LeaseFor sets how long a handler may take (default 1 min). After a crash its timers wait that long.
func LeaseFor(d time.Duration) Option { return func(t *Timers) { t.lease = d } }

// Backoff sets the pause after the first failure (default 1 s), which doubles with each further one, and the longest
// (default 10 min). A timer is never given up: Failing lists those that keep failing.
func Backoff(first, longest time.Duration) Option {
	return func(t *Timers) { t.first, t.longest = first, longest }
}

// New is the timers of d, by the time of c.
func New(d *db.DB, c clock.Clock, options ...Option) *Timers {
	t := &Timers{db: d, clock: c, workers: 4, poll: 500 * time.Millisecond, lease: time.Minute,
		first: time.Second, longest: 10 * time.Minute, handlers: map[string]Handler{}}
	for _, o := range options {
		o(t)
	}
	return t
}

// Migrate brings the timers' table up to date.
func (t *Timers) Migrate(ctx context.Context) error { return t.db.Migrate(ctx, "timer", schema) }

// Handle says who does what is due in a room. Timers of rooms without a handler wait. It panics on a second handler for
// one room.
func (t *Timers) Handle(room string, h Handler) {
	if err := checkNames(room, "key"); err != nil {
		panic(err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.handlers[room] != nil {
		panic(fmt.Sprintf("timer: room %s has two handlers", room))
	}
	t.handlers[room] = h
}

// Run runs what is due until ctx ends, lets the handlers that have begun finish within their lease, and returns nil.
// Failures are logged and tried again.
func (t *Timers) Run(ctx context.Context) error {
	free := make(chan struct{}, t.workers)
	for range t.workers {
		free <- struct{}{}
	}
	var running sync.WaitGroup
	defer running.Wait()
	for ctx.Err() == nil {
		select {
		case <-free:
		case <-ctx.Done():
			return nil
		}
		due, err := t.take(ctx, 1+len(free))
		if err != nil && ctx.Err() == nil {
			slog.Warn("timer: looking for what is due failed, will try again", "error", err)
		}
		for i, d := range due {
			if i > 0 {
				<-free // there were that many, and only this loop takes them
			}
			running.Go(func() {
				_ = t.run(context.WithoutCancel(ctx), d) // logged and stored
				free <- struct{}{}
			})
		}
		if len(due) > 0 {
			continue
		}
		free <- struct{}{}
		pause := time.NewTimer(t.poll)
		select {
		case <-pause.C:
		case <-ctx.Done():
		}
		pause.Stop()
	}
	return nil
}

// RunDue runs everything that is due now, one after the other, and says how many it ran. It is for tests with a fake clock
// and for commands. A handler's error is treated as in Run, and returned too.
func (t *Timers) RunDue(ctx context.Context) (ran int, err error) {
	for {
		due, failed := t.take(ctx, 16)
		if failed != nil || len(due) == 0 {
			return ran, errors.Join(err, failed)
		}
		for _, d := range due {
			ran++
			err = errors.Join(err, t.run(ctx, d))
		}
	}
}

// take claims up to most timers that are due: for the length of the lease nobody else gets them.
func (t *Timers) take(ctx context.Context, most int) (taken []Due, err error) {
	t.mu.Lock()
	rooms := slices.Sorted(maps.Keys(t.handlers))
	if len(rooms) > 0 {
		t.turn = (t.turn + 1) % len(rooms)
		rooms = append(rooms[t.turn:], rooms[:t.turn]...)
	}
	t.mu.Unlock()
	now := clock.Millis(t.clock)
	type candidate struct{ room, key, ticket string }
	var ready []candidate
	if err := t.db.View(ctx, func(tx db.Tx) error {
		ready = nil
		q := timerdb.New(tx)
		for _, room := range rooms {
			rows, err := q.Ready(ctx, timerdb.ReadyParams{Room: room, ReadyAt: now, Limit: int32(most - len(ready))})
			if err != nil {
				return err
			}
			for _, r := range rows {
				ready = append(ready, candidate{room, r.TimerKey, r.Ticket})
			}
			if len(ready) == most {
				return nil
			}
		}
		return nil
	}); err != nil || len(ready) == 0 {
		return nil, err
	}
	err = t.db.Update(ctx, func(tx db.Tx) error {
		taken = nil
		q := timerdb.New(tx)
		for _, r := range ready {
			row, err := q.Take(ctx, timerdb.TakeParams{Until: now + t.lease.Milliseconds(), NewTicket: id.New("tkt"),
				Room: r.room, TimerKey: r.key, Ticket: r.ticket, At: now})
			if errors.Is(err, sql.ErrNoRows) {
				continue // cancelled, set anew, or somebody else was faster
			}
			if err != nil {
				return err
			}
			taken = append(taken, Due{Room: row.Room, Key: row.TimerKey, At: clock.Time(row.DueAt), Payload: json.RawMessage(row.Payload),
				Attempt: int(row.Attempts), ticket: row.Ticket})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return taken, nil
}

// run calls the handler and settles what becomes of the timer.
func (t *Timers) run(ctx context.Context, due Due) error {
	t.mu.Lock()
	handle := t.handlers[due.Room]
	t.mu.Unlock()
	// It has to end before the lease does, and settling takes a moment too.
	handling, cancel := context.WithTimeout(ctx, t.lease-t.lease/10)
	failed := call(handling, handle, due)
	cancel()
	err := t.db.Update(ctx, func(tx db.Tx) error {
		if failed == nil {
			_, err := due.Finish(ctx, tx) // a handler that finished by itself, or was overtaken, leaves nothing to remove
			return err
		}
		_, err := timerdb.New(tx).Fail(ctx, timerdb.FailParams{
			Room: due.Room, TimerKey: due.Key, Ticket: due.ticket,
			ReadyAt: t.clock.Now().Add(t.pause(due.Attempt)).UnixMilli(), LastError: short(failed.Error()),
		})
		return err
	})
	if failed != nil {
		failed = fmt.Errorf("timer %s of %s, attempt %d: %w", due.Key, due.Room, due.Attempt, failed)
		slog.Warn("timer: handling failed, will try again", "error", failed)
	}
	if err != nil {
		err = fmt.Errorf("timer %s of %s: settling it: %w", due.Key, due.Room, err)
		slog.Warn("timer: it will run again after its lease", "error", err)
	}
	return errors.Join(failed, err)
}

func call(ctx context.Context, handle Handler, due Due) (err error) {
	defer func() {
		if r := recover(); r != nil {
			slog.Error("timer: handler panicked", "room", due.Room, "key", due.Key, "panic", r, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return handle(ctx, due)
}

// pause is how long to wait after the nth failure.
func (t *Timers) pause(n int) time.Duration {
	p := t.first
	for ; n > 1 && p < t.longest; n-- {
		p *= 2
	}
	return min(p, t.longest)
}

// short is an error's text as it goes into the table.
func short(s string) string {
	const most = 500
	if len(s) > most {
		s = s[:most] + "…"
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "?"), "\x00", "?")
}

// Failure is a timer that keeps failing.
type Failure struct {
	Room, Key string
	At        time.Time // when it was to run
	Next      time.Time // when it will be tried again
	Attempts  int
	Error     string
}

// Failing lists timers whose last attempt failed and that were tried at least attempts times, the worst first, at most 100.
func (t *Timers) Failing(ctx context.Context, attempts int) (found []Failure, err error) {
	err = t.db.View(ctx, func(tx db.Tx) error {
		rows, err := timerdb.New(tx).Failing(ctx, timerdb.FailingParams{Attempts: int64(attempts), Limit: 100})
		if err != nil {
			return err
		}
		found = make([]Failure, len(rows))
		for i, r := range rows {
			found[i] = Failure{Room: r.Room, Key: r.TimerKey, At: clock.Time(r.DueAt), Next: clock.Time(r.ReadyAt), Attempts: int(r.Attempts), Error: r.LastError}
		}
		return nil
	})
	return found, err
}
