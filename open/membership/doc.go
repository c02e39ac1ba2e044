// Package membership is PLUS: which plans there are, who is a member until when, and what programs may know of it.
//
//	err := db.Migrate(ctx, "membership", membership.Schema)
//	members := membership.New(membership.Config{DB: db, Consumers: consumers, Disclosures: consumers, Log: accounts})
//	members.Attach(timers) // memberships renew themselves and end by the clock
//
//	consumers.HostRoutes(hostGroup, members) // /me shows the level
//	members.HostRoutes(hostGroup)
//	members.OpenRoutes(api, gateway)
//	members.ConsoleRoutes(console, who)
//
//	level, until, err := members.Level(ctx, consumer) // other rooms: "none" or "plus"
//
// What may become of a membership stands in one table, in membership.go. There is no cashier yet: plans that cost nothing can be
// joined, plans with a price are listed and say that they open with it.
package membership
