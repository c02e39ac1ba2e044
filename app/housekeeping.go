package app

import (
	"context"
	"time"

	"minimart/platform/bus"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/timer"
)

// housekeeping is what the platform does for itself once a day: a timer that sets itself anew, so that of several
// processes on one database one does it.
const (
	housekeeping = "housekeeping"
	daily        = "daily"
	every        = 24 * time.Hour
	// The bus keeps dead letters for 90 days; a mark must outlive the event it stands for.
	keepMarks = 100 * 24 * time.Hour
)

func keepHouse(d *db.DB, timers *timer.Timers, c clock.Clock) {
	timers.Handle(housekeeping, func(ctx context.Context, _ timer.Due) error {
		if _, err := bus.Forget(ctx, d, c.Now().Add(-keepMarks)); err != nil {
			return err
		}
		return d.Update(ctx, func(tx db.Tx) error { return timer.Set(ctx, tx, housekeeping, daily, c.Now().Add(every), nil) })
	})
}

// startHousekeeping sets the first timer, unless one is set.
func startHousekeeping(ctx context.Context, d *db.DB, c clock.Clock) error {
	return d.Update(ctx, func(tx db.Tx) error {
		_, err := timer.Find(ctx, tx, housekeeping, daily)
		if !fault.Is(err, fault.CodeNotFound) {
			return err
		}
		return timer.Set(ctx, tx, housekeeping, daily, c.Now().Add(every), nil)
	})
}
