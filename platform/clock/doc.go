// Package clock tells the time, and lets a test set it.
//
// Everything that needs to know what time it is takes a Clock in its constructor; nothing in the house calls time.Now
// on its own account. In the program that is System:
//
//	orders := order.New(db, clock.System)
//
// and in a test a Fake, which stands still until it is moved:
//
//	now := clock.NewFake(time.Date(2026, 6, 18, 0, 0, 0, 0, time.UTC))
//	orders := order.New(db, now)
//	now.Advance(31 * time.Minute) // the reservation has run out
package clock
