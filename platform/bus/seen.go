package bus

import (
	"context"
	"embed"
	"fmt"
	"time"

	"minimart/platform/bus/busdb"
	"minimart/platform/clock"
	"minimart/platform/db"
)

//go:embed schema/*.sql
var schema embed.FS

// Migrate brings the table behind Once up to date.
func Migrate(ctx context.Context, d *db.DB) error { return d.Migrate(ctx, "bus", schema) }

// Once marks in tx that consumer has handled an event, and says whether this is the first time. The effect of the event
// goes into the same transaction: either both are saved or neither is.
func Once(ctx context.Context, tx db.Tx, consumer, eventID string) (first bool, err error) {
	// The time is only for Forget: by the machine's clock, so that handlers need none of their own for it.
	n, err := busdb.New(tx).MarkSeen(ctx, busdb.MarkSeenParams{Consumer: consumer, EventID: eventID, SeenAt: clock.Millis(clock.System)})
	return n == 1, err
}

// Forget removes marks older than before, and says how many. An event that comes once more after that has its effect once
// more, so before lies further back than the bus keeps events and dead letters.
func Forget(ctx context.Context, d *db.DB, before time.Time) (removed int, err error) {
	const batch = 500 // per transaction, so that nobody waits long
	for {
		n := 0
		err := d.Update(ctx, func(tx db.Tx) error {
			q := busdb.New(tx)
			old, err := q.SeenBefore(ctx, busdb.SeenBeforeParams{SeenAt: before.UnixMilli(), Limit: batch})
			if err != nil {
				return err
			}
			for _, mark := range old {
				if err := q.Forget(ctx, busdb.ForgetParams(mark)); err != nil {
					return err
				}
			}
			n = len(old)
			return nil
		})
		if err != nil {
			return removed, fmt.Errorf("bus: forgetting old marks: %w", err)
		}
		removed += n
		if n < batch {
			return removed, nil
		}
	}
}
