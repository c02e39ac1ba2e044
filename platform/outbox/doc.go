// Package outbox keeps events in the database until the bus has them.
//
//	box := outbox.New(d, clock.System) // from here on tx.Emit works
//	err := box.Migrate(ctx)
//	go box.Relay(ctx, bus)             // until ctx ends
//
//	err = d.Update(ctx, func(tx db.Tx) error {
//		… // what happened
//		return tx.Emit(ctx, "order.paid", orderID, OrderPaid{…})
//	})
//
// The event is a row of the same transaction, so it leaves when, and only if, the transaction commits. The relay sends
// rows in the order of their emission, at least once: after a crash it sends the last ones again. Consumers are idempotent
// by event id (see bus.Once).
package outbox
