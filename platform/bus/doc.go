// Package bus carries events from the outbox to their consumers: NATS JetStream, inside this process by default.
//
//	b, err := bus.Open(ctx, bus.Config{Dir: filepath.Join(data, "bus")}) // or URL: "nats://a,b,c"
//	go box.Relay(ctx, b)
//
//	err = b.Subscribe(ctx, "order-centre", []string{"order.paid", "order.refunded"}, func(ctx context.Context, e db.Event) error {
//		return d.Update(ctx, func(tx db.Tx) error {
//			first, err := bus.Once(ctx, tx, "order-centre", e.ID)
//			if err != nil || !first {
//				return err // not first: this event has had its effect already
//			}
//			return show(ctx, tx, e)
//		})
//	})
//
// Delivery is at least once; with Once the effect of an event and the mark that it has happened commit together. A handler
// that fails is called again after a while, and in the end the event becomes a dead letter, with the reason, that can be
// listed and delivered again.
package bus
