package health

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"minimart/platform/access"
	"minimart/platform/bus"
	"minimart/platform/db"
	"minimart/platform/outbox"
	"minimart/platform/timer"
)

// What somebody in a console must be allowed to do.
const (
	Read access.Action = "platform.read"
	Act  access.Action = "platform.configure"
)

// Backlog is what waits to be sent. *outbox.Outbox knows.
type Backlog interface {
	Backlog(ctx context.Context) (outbox.Backlog, error)
}

// Failing are timers that keep failing. *timer.Timers knows.
type Failing interface {
	Failing(ctx context.Context, attempts int) ([]timer.Failure, error)
}

// Letters are events that a consumer could not handle. *bus.Bus keeps them.
type Letters interface {
	DeadLetters(ctx context.Context, consumer string, after uint64, limit int) ([]bus.DeadLetter, error)
	Redeliver(ctx context.Context, number uint64) error
	Discard(ctx context.Context, number uint64) error
}

// Config is what the room looks at. Everything must be set.
type Config struct {
	Checks  map[string]func(context.Context) error
	Outbox  Backlog
	Timers  Failing
	Letters Letters
	DB      *db.DB
	Log     access.Log
}

// Service is the operations of the room. It is safe for concurrent use.
type Service struct{ Config }

// New is the service over what c holds.
func New(c Config) *Service { return &Service{c} }

// patience is how long each part may take to answer.
const patience = 2 * time.Second

// failingFrom is how often a timer must have failed to be shown: once is often a network that was away for a moment.
const failingFrom = 3

// Part is one thing the platform stands on.
type Part struct {
	Name string
	OK   bool
}

// State is how the platform does.
type State struct {
	Parts   []Part // by name
	Waiting int64  // events in the outbox; -1 when that cannot be said
	Oldest  time.Duration
	Failing []timer.Failure // timers that failed three times or more, the worst first
}

// State looks at everything now. The operator may call it.
// Errors: denied. What does not answer is a failed part, not an error.
func (s *Service) State(ctx context.Context, actor access.Actor) (State, error) {
	if err := actor.OnPlatform(ctx, Read); err != nil {
		return State{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	out := State{Waiting: -1, Parts: make([]Part, len(s.Checks), len(s.Checks)+2)}
	var wg sync.WaitGroup
	for i, name := range slices.Sorted(maps.Keys(s.Checks)) {
		wg.Go(func() { out.Parts[i] = Part{name, s.look(ctx, name, s.Checks[name])} })
	}
	events := s.look(ctx, "events", func(ctx context.Context) error {
		b, err := s.Outbox.Backlog(ctx)
		if err == nil {
			out.Waiting, out.Oldest = b.Waiting, b.Oldest
		}
		return err
	})
	timers := s.look(ctx, "timers", func(ctx context.Context) (err error) {
		out.Failing, err = s.Timers.Failing(ctx, failingFrom)
		return err
	})
	wg.Wait()
	out.Parts = append(out.Parts, Part{"events", events}, Part{"timers", timers})
	return out, nil
}

func (s *Service) look(ctx context.Context, name string, check func(context.Context) error) bool {
	err := check(ctx)
	if err != nil {
		slog.WarnContext(ctx, "health: a part does not answer", "part", name, "error", err)
	}
	return err == nil
}

// DeadLetters pages through the events that a consumer could not handle, the oldest first, at most limit (1 to 100), those
// with numbers after a number. The operator may call it.
// Errors: denied; unavailable.
func (s *Service) DeadLetters(ctx context.Context, actor access.Actor, after uint64, limit int) ([]bus.DeadLetter, error) {
	if err := actor.OnPlatform(ctx, Read); err != nil {
		return nil, err
	}
	return s.Letters.DeadLetters(ctx, "", after, max(1, min(limit, 100)))
}

// Redeliver gives a dead letter to its consumer again. The operator's owners may call it.
// Errors: denied; not_found; unavailable.
func (s *Service) Redeliver(ctx context.Context, actor access.Actor, number uint64) error {
	return s.act(ctx, actor, "dead-letter.redelivered", number, s.Letters.Redeliver)
}

// Discard throws a dead letter away for good. The operator's owners may call it.
// Errors: denied; not_found; unavailable.
func (s *Service) Discard(ctx context.Context, actor access.Actor, number uint64) error {
	return s.act(ctx, actor, "dead-letter.discarded", number, s.Letters.Discard)
}

func (s *Service) act(ctx context.Context, actor access.Actor, action string, number uint64, do func(context.Context, uint64) error) error {
	if err := actor.OnPlatform(ctx, Act); err != nil {
		return err
	}
	entry := access.Done(actor, "", action, strconv.FormatUint(number, 10), nil)
	if err := s.DB.Update(ctx, func(tx db.Tx) error { return s.Log.Record(ctx, tx, entry) }); err != nil {
		return fmt.Errorf("recording %s: %w", action, err)
	}
	return do(ctx, number)
}
