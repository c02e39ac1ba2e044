package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"minimart/platform/db"
)

// Handler is what a consumer does with an event. It is called at least once per event, for one event at a time; an error
// or a panic makes it be called again later. ctx ends when the bus closes and the handler does not come to an end.
type Handler func(ctx context.Context, e db.Event) error

// GiveUp wraps an error that no repetition will mend: the event becomes a dead letter at once.
func GiveUp(err error) error { return giveUp{err} }

type giveUp struct{ error }

func (g giveUp) Unwrap() error { return g.error }

// ConsumerOption changes how a consumer is served.
type ConsumerOption func(*consumer)

// Retry sets the pauses before a failed event is tried again, one per further try; after the last failure it becomes a dead
// letter. The default is 1 s, 5 s, 30 s, 2 min, 10 min: six tries. No pauses mean one try.
func Retry(pauses ...time.Duration) ConsumerOption {
	return func(c *consumer) { c.pauses = slices.Clone(pauses) }
}

// FromNow makes a new consumer begin with the next event. Otherwise it begins with the oldest that the bus still has. It
// has no effect on a consumer that is known already: that goes on where it was.
func FromNow() ConsumerOption { return func(c *consumer) { c.fromNow = true } }

const (
	ackWait = 30 * time.Second // without a sign of life for this long, an event is given out again
	fetch   = 8                // events on hand; those not begun when the bus closes go back
	grace   = 10 * time.Second // for a handler that runs when the bus closes
)

type consumer struct {
	bus     *Bus
	name    string
	handle  Handler
	pauses  []time.Duration
	fromNow bool
	iter    jetstream.MessagesContext
	ended   func() // stops serving: no new event is begun
	once    sync.Once
}

func (c *consumer) stop() { c.once.Do(func() { c.iter.Drain(); c.ended() }) }

// Subscribe serves a consumer in the background until ctx ends or the bus closes. name is the consumer's for good: its
// place in the stream is kept under it, so events that come while nobody serves it wait. It is usually the room's name, or
// room and purpose, in a-z, 0-9, - and _. Topics are exact ("order.paid"), or all below a word ("order.>"), or all (">");
// no two may overlap. Several processes that serve one name share its events.
//
// Events come in order, one at a time; one that fails lets the others pass while it waits for its next try.
func (b *Bus) Subscribe(ctx context.Context, name string, topics []string, handle Handler, options ...ConsumerOption) error {
	if err := checkName(name); err != nil {
		return err
	}
	if len(topics) == 0 {
		return fmt.Errorf("bus: consumer %s: no topics", name)
	}
	subjects := []string{againPrefix + name}
	for _, t := range topics {
		if word, ok := strings.CutSuffix(t, ">"); t != ">" && (!ok || !strings.HasSuffix(word, ".") || db.CheckTopic(strings.TrimSuffix(word, ".")) != nil) {
			if err := db.CheckTopic(t); err != nil {
				return fmt.Errorf("bus: consumer %s: %w", name, err)
			}
		}
		subjects = append(subjects, eventPrefix+t)
	}
	c := &consumer{bus: b, name: name, handle: handle, pauses: []time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute}}
	for _, o := range options {
		o(c)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return fmt.Errorf("bus: consumer %s: the bus is closed", name)
	}
	if b.consumers[name] != nil {
		return fmt.Errorf("bus: consumer %s is served in this process already", name)
	}
	if err := c.open(ctx, subjects); err != nil {
		return fmt.Errorf("bus: consumer %s: %w", name, err)
	}
	b.consumers[name] = c
	serving, ended := context.WithCancel(ctx)
	c.ended = ended
	b.running.Go(func() { c.serve(serving) })
	return nil
}

func checkName(name string) error {
	for i, r := range name {
		if (r < 'a' || r > 'z') && (i == 0 || r != '-' && r != '_' && (r < '0' || r > '9')) {
			return fmt.Errorf("bus: consumer %.80q: want a lower-case letter, then letters, digits, - and _", name)
		}
	}
	if name == "" || len(name) > 60 {
		return fmt.Errorf("bus: consumer %.80q has %d characters, want 1 to 60", name, len(name))
	}
	return nil
}

// open makes the consumer at the server, or finds it there, and begins to fetch.
func (c *consumer) open(ctx context.Context, subjects []string) error {
	want := jetstream.ConsumerConfig{
		Durable: c.name, FilterSubjects: subjects, AckPolicy: jetstream.AckExplicitPolicy, AckWait: ackWait,
		MaxDeliver:    -1, // we count ourselves, since what was tried too often must become a dead letter and not vanish
		DeliverPolicy: jetstream.DeliverAllPolicy,
	}
	if c.fromNow {
		want.DeliverPolicy = jetstream.DeliverNewPolicy
	}
	switch known, err := c.bus.js.Consumer(ctx, eventStream, c.name); {
	case err == nil:
		want.DeliverPolicy = known.CachedInfo().Config.DeliverPolicy // it cannot change, and has no meaning any more
	case !errors.Is(err, jetstream.ErrConsumerNotFound):
		return err
	}
	made, err := c.bus.js.CreateOrUpdateConsumer(ctx, eventStream, want)
	if err != nil {
		return err
	}
	c.iter, err = made.Messages(jetstream.PullMaxMessages(fetch))
	return err
}

// serve handles messages until ctx ends, and gives back those that were fetched and not begun.
func (c *consumer) serve(ctx context.Context) {
	defer func() {
		c.bus.mu.Lock()
		delete(c.bus.consumers, c.name)
		c.bus.mu.Unlock()
	}()
	stopped := context.AfterFunc(ctx, c.stop)
	defer stopped()
	// A handler that has begun may finish after ctx ended, within reason.
	handling, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })()
	var untouched []jetstream.Msg
	for {
		m, err := c.iter.Next()
		if errors.Is(err, jetstream.ErrMsgIteratorClosed) {
			// Only now that the server knows that we are gone: it would give them to us again.
			for _, m := range untouched {
				c.giveBack(m)
			}
			return
		}
		if err != nil {
			// The connection comes back by itself; a missing heartbeat only says that it is gone at present.
			slog.Warn("bus: waiting for events", "consumer", c.name, "error", err)
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
			}
			continue
		}
		if ctx.Err() != nil {
			untouched = append(untouched, m)
			continue
		}
		c.deliver(handling, m)
	}
}

// giveBack returns an event unhandled. The delay makes the server write it down: a plain Nak is forgotten when the server
// stops next, and the event would come only after ackWait.
func (c *consumer) giveBack(m jetstream.Msg) { c.answer(m.NakWithDelay(time.Millisecond)) }

// answer logs when an acknowledgement did not go out: the event will come again.
func (c *consumer) answer(err error) {
	if err != nil {
		slog.Warn("bus: answering for an event", "consumer", c.name, "error", err)
	}
}

// deliver calls the handler for one message and settles what becomes of it.
func (c *consumer) deliver(ctx context.Context, m jetstream.Msg) {
	meta, err := m.Metadata()
	if err != nil {
		c.answer(m.Term())
		slog.Error("bus: dropped a message that did not come from the stream", "consumer", c.name, "error", err)
		return
	}
	given, tries := int(meta.NumDelivered), len(c.pauses)+1
	e, err := event(m.Headers(), m.Data())
	switch {
	case err != nil:
		err = GiveUp(err)
	case given > 2*tries:
		// Given out again and again without an answer: whoever begins it does not live to finish.
		err = GiveUp(fmt.Errorf("given out %d times; the process seems to end while handling it", given))
	default:
		err = c.call(ctx, m, e)
	}
	var hopeless giveUp
	switch {
	case err == nil:
		c.answer(m.Ack())
		return
	case ctx.Err() != nil:
		c.giveBack(m) // cut off by the end of the process, which is not the event's fault
		return
	case given < tries && !errors.As(err, &hopeless):
		slog.Warn("bus: handling failed, will try again", "consumer", c.name, "event", e.ID, "try", given, "of", tries, "error", err)
		c.answer(m.NakWithDelay(c.pauses[given-1]))
		return
	}
	slog.Error("bus: event becomes a dead letter", "consumer", c.name, "event", e.ID, "tries", given, "error", err)
	if err := c.bus.bury(ctx, c.name, m, meta.Sequence.Stream, given, err); err != nil {
		slog.Error("bus: the dead letter could not be stored, will try again", "consumer", c.name, "event", e.ID, "error", err)
		c.answer(m.NakWithDelay(ackWait))
		return
	}
	c.answer(m.Ack())
}

// call runs the handler, tells the server meanwhile that it is alive, and turns a panic into an error.
func (c *consumer) call(ctx context.Context, m jetstream.Msg, e db.Event) (err error) {
	alive := time.NewTicker(ackWait / 3)
	defer alive.Stop()
	done := make(chan struct{})
	defer close(done)
	go func() {
		for {
			select {
			case <-alive.C:
				c.answer(m.InProgress())
			case <-done:
				return
			}
		}
	}()
	defer func() {
		if r := recover(); r != nil {
			slog.Error("bus: handler panicked", "consumer", c.name, "event", e.ID, "panic", r, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return c.handle(ctx, e)
}
