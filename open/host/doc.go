// Package host is the door for host apps, the applications that show mini programs: which there are, their keys, the programs
// released to them, and who a request comes from.
//
//	hosts := host.New(host.Config{DB: db, Box: box, Log: accounts, PublicURL: publicURL})
//	web, err := hosts.EnsureBuiltin(ctx) // the platform's own; web.PublishableKey goes into the host page
//
//	door := host.Guard(api, hosts, consumers, host.Edge{PublicURL: publicURL})
//	hosts.HostRoutes(door) // and those of other rooms
//	huma.Register(door, host.SignedIn(operation), handler)
//	visitor, _ := access.VisitorOf(ctx) // in the handler: host app, device, consumer
//
//	hosts.ConsoleRoutes(console, who)
//
// What a host app has to do is written down in docs/host-sdk.md.
package host
