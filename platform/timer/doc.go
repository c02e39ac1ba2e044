// Package timer runs what must happen later: at a time set in the transaction that makes it necessary.
//
//	timers := timer.New(d, clock.System)
//	err := timers.Migrate(ctx)
//	timers.Handle("stock", func(ctx context.Context, due timer.Due) error {
//		return d.Update(ctx, func(tx db.Tx) error {
//			ours, err := due.Finish(ctx, tx)
//			if err != nil || !ours {
//				return err // cancelled or set anew meanwhile
//			}
//			return release(ctx, tx, due.Key)
//		})
//	})
//	go timers.Run(ctx)
//
//	err = d.Update(ctx, func(tx db.Tx) error {
//		… // reserve
//		return timer.Set(ctx, tx, "stock", reservationID, now.Add(30*time.Minute), nil)
//	})
//
// A timer runs at least once, never before its time, and again after a failure. A test sets a fake clock and calls RunDue.
package timer
