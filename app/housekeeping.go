package app

import (
	"context"
	"time"

	"minimart/platform/allowance"
	"minimart/platform/bus"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/timer"
)

// housekeeping is what the platform does for itself once an hour: a timer that sets itself anew, so that of several
// processes on one database one does it.
const (
	housekeeping = "housekeeping"
	hourly       = "hourly"
	every        = time.Hour
	// The bus keeps dead letters for 90 days; a mark must outlive the event it stands for.
	keepMarks = 100 * 24 * time.Hour
)

// sweep deletes what has run out in a room.
type sweep func(context.Context) (deleted int64, err error)

// keepHouse has what has run out deleted. Nothing depends on it but the size of the database.
func keepHouse(d *db.DB, timers *timer.Timers, c clock.Clock, sweeps ...sweep) {
	timers.Handle(housekeeping, func(ctx context.Context, _ timer.Due) error {
		if _, err := bus.Forget(ctx, d, c.Now().Add(-keepMarks)); err != nil {
			return err
		}
		if _, err := allowance.Sweep(ctx, d, clock.Millis(c)); err != nil {
			return err
		}
		for _, sweep := range sweeps {
			if _, err := sweep(ctx); err != nil {
				return err
			}
		}
		return d.Update(ctx, func(tx db.Tx) error { return timer.Set(ctx, tx, housekeeping, hourly, c.Now().Add(every), nil) })
	})
}

// startHousekeeping sets the first timer, unless one is set.
func startHousekeeping(ctx context.Context, d *db.DB, c clock.Clock) error {
	return d.Update(ctx, func(tx db.Tx) error {
		_, err := timer.Find(ctx, tx, housekeeping, hourly)
		if !fault.Is(err, fault.CodeNotFound) {
			return err
		}
		return timer.Set(ctx, tx, housekeeping, hourly, c.Now().Add(every), nil)
	})
}
