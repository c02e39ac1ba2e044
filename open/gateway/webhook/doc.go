// Package webhook tells merchants' servers what has happened, by Standard Webhooks 1.0.
//
//	hooks := webhook.New(d, box, timer.New(d, clock.System, timer.Workers(32)), clock.System, auditLog, webhook.Options{
//		Types: []webhook.Type{{Name: "order.paid", Title: "An order was paid", TitleZh: "订单已支付"}},
//	})
//	err = bus.Subscribe(ctx, "webhook", []string{"order.paid"}, func(ctx context.Context, e db.Event) error {
//		… // find out whose it is and what outsiders may know
//		return hooks.Deliver(ctx, webhook.Event{ID: e.ID, App: app, Type: "order.paid", At: clock.Time(e.At), Data: data})
//	})
//
// Give it timers of its own, as above, and run them: servers that answer slowly hold its workers, and nobody else's.
//
// A delivery is a POST of {"type", "timestamp", "app", "data"} with the headers webhook-id, webhook-timestamp and
// webhook-signature. Any 2xx answer takes it; anything else is tried again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h,
// 20 h and 24 h. It may arrive more than once, always with the same webhook-id.
package webhook
