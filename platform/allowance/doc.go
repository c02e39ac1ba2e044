// Package allowance holds people to how often something may be tried, across processes and restarts.
//
//	var codesPerPhone = allowance.Allowance{Name: "identity code phone", Burst: 5, Every: 30 * time.Minute}
//
//	var refused *fault.Fault
//	err := db.Update(ctx, func(tx db.Tx) (err error) {
//		if refused, err = allowance.Take(ctx, tx, now, codesPerPhone.Of(phone)); err != nil || refused != nil {
//			return err // nil when refused: what was taken stays taken
//		}
//		…
//	})
//
// The numbers are each room's.
package allowance
