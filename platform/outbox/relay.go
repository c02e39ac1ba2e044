package outbox

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/id"
	"minimart/platform/outbox/outboxdb"
)

// Publisher is where the relay sends events: the bus.
type Publisher interface {
	// Publish sends events in order and returns how many of them, from the first on, are safe with the receiver. It is
	// called again with events that it may have sent before.
	Publish(ctx context.Context, events []db.Event) (sent int, err error)
}

const leaseName = "relay"

// Relay sends events to p until ctx ends; then it returns nil. It wakes when something is emitted in this process and
// looks at intervals for what others emitted. Several processes may run a relay on one database: one sends, in order, and
// the others stand by. Failures are logged and tried again; nothing is given up.
func (o *Outbox) Relay(ctx context.Context, p Publisher) error {
	r := &relay{Outbox: o, to: p, holder: id.New("rly")}
	defer r.letGo()
	pause := o.limits.pause
	for ctx.Err() == nil {
		more, err := r.round(ctx)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			slog.Warn("outbox: sending events failed, will try again", "error", err, "in", pause)
			o.wait(ctx, pause, nil)
			pause = min(2*pause, o.limits.longest)
		case more:
			pause = o.limits.pause
		default:
			pause = o.limits.pause
			o.wait(ctx, o.limits.poll, o.wake)
		}
	}
	return nil
}

// wait until d has passed, wake gives a token, or ctx ends.
func (o *Outbox) wait(ctx context.Context, d time.Duration, wake <-chan struct{}) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-wake:
	case <-ctx.Done():
	}
}

// relay is one process's claim to be the one that sends.
type relay struct {
	*Outbox
	to     Publisher
	holder string
	until  int64 // unix ms: the lease is ours up to here
	pruned int64 // unix ms: when old events were last removed
}

// round sends one batch. more means that there may be more waiting.
func (r *relay) round(ctx context.Context) (more bool, err error) {
	ours, err := r.hold(ctx)
	if err != nil || !ours {
		return false, err
	}
	if err := r.removeOld(ctx); err != nil {
		return false, err
	}
	events, err := r.pending(ctx)
	if err != nil || len(events) == 0 {
		return false, err
	}
	// Sending must end before somebody else may begin.
	sending, cancel := context.WithTimeout(ctx, r.limits.lease/2)
	defer cancel()
	sent, failed := r.to.Publish(sending, events)
	if failed != nil {
		failed = fmt.Errorf("sending %s and %d more: %w", events[min(sent, len(events)-1)].ID, len(events)-sent-1, failed)
	}
	// What the bus has is marked even when the rest failed, and even when ctx has ended meanwhile.
	if sent > 0 {
		if err := r.markSent(context.WithoutCancel(ctx), events[:sent]); err != nil {
			return false, errors.Join(failed, err)
		}
	}
	return len(events) == r.limits.batch, failed
}

// hold takes or renews the lease. It is renewed when less than two thirds of it are left.
func (r *relay) hold(ctx context.Context) (ours bool, err error) {
	now, lease := clock.Millis(r.clock), r.limits.lease.Milliseconds()
	if r.until-now > lease*2/3 {
		return true, nil
	}
	fresh := r.until <= now
	err = r.db.Update(ctx, func(tx db.Tx) error {
		q := outboxdb.New(tx)
		_, err := q.TakeLease(ctx, outboxdb.TakeLeaseParams{Name: leaseName, Holder: r.holder, HeldUntil: now + lease, At: now})
		if err != nil || !fresh {
			return err
		}
		// A bus on the same machine may lose the last moments with the power, after it had confirmed them. Its
		// deduplication and the consumers' take care of what did arrive.
		last, err := q.LastSent(ctx)
		if err != nil || last == 0 {
			return err
		}
		_, err = q.SendAgainSince(ctx, last-r.limits.resend.Milliseconds())
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		r.until = 0
		return false, nil
	}
	if err != nil {
		return false, err
	}
	r.until = now + lease
	return true, nil
}

// letGo ends the lease, so that another process need not wait for it to run out.
func (r *relay) letGo() {
	if r.until == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := r.db.Update(ctx, func(tx db.Tx) error {
		return outboxdb.New(tx).DropLease(ctx, outboxdb.DropLeaseParams{Name: leaseName, Holder: r.holder})
	}); err != nil {
		slog.Warn("outbox: the lease stays until it runs out", "error", err)
	}
}

func (r *relay) pending(ctx context.Context) (events []db.Event, err error) {
	err = r.db.View(ctx, func(tx db.Tx) error {
		rows, err := outboxdb.New(tx).Pending(ctx, int32(r.limits.batch))
		if err != nil {
			return err
		}
		events = make([]db.Event, len(rows))
		for i, row := range rows {
			events[i] = db.Event{ID: row.ID, Topic: row.Topic, Key: row.EventKey, Payload: json.RawMessage(row.Payload), At: row.EmittedAt}
		}
		return nil
	})
	return events, err
}

func (r *relay) markSent(ctx context.Context, events []db.Event) error {
	now := clock.Millis(r.clock)
	return r.db.Update(ctx, func(tx db.Tx) error {
		q := outboxdb.New(tx)
		for _, e := range events {
			if err := q.MarkSent(ctx, outboxdb.MarkSentParams{ID: e.ID, SentAt: now}); err != nil {
				return err
			}
		}
		return nil
	})
}

// removeOld removes events that were sent longer ago than they are kept, a batch per transaction so that nobody waits long.
func (r *relay) removeOld(ctx context.Context) error {
	now := clock.Millis(r.clock)
	if now-r.pruned < r.limits.prune.Milliseconds() {
		return nil
	}
	for {
		removed := 0
		err := r.db.Update(ctx, func(tx db.Tx) error {
			q := outboxdb.New(tx)
			ids, err := q.SentBefore(ctx, outboxdb.SentBeforeParams{Before: now - r.limits.retention.Milliseconds(), Most: int32(r.limits.batch)})
			if err != nil {
				return err
			}
			for _, id := range ids {
				if err := q.Remove(ctx, id); err != nil {
					return err
				}
			}
			removed = len(ids)
			return nil
		})
		if err != nil {
			return fmt.Errorf("removing old events: %w", err)
		}
		if removed < r.limits.batch {
			r.pruned = now
			return nil
		}
	}
}
