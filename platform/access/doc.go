// Package access is how a room learns who asks, without knowing people, organisations, roles, keys or sessions. Others know:
// app hands them in.
//
// In a console, somebody who is signed in asks:
//
//	actor, err := who(ctx) // an access.Who
//	org, err := actor.InApp(ctx, app, "version.upload")
//	err = db.Update(ctx, func(tx db.Tx) error { …; return log.Record(ctx, tx, access.Done(actor, org, "version.uploaded", version, nil)) })
//
// Its routes stand on a [Desk]:
//
//	desk := access.Desk{Console: console, Who: who, Tag: "console", MaxBody: 64 << 10}
//	access.Route(desk, "list-hosts", "GET", "/operator/hosts", "Host apps", s.listHosts)
//
// At the open API, a server with a key asks:
//
//	huma.Register(api, door.Guard(operation, "orders:read"), handler)
//	caller, ok := access.CallerOf(ctx) // in the handler
//
// In a host app, a consumer asks:
//
//	visitor, ok := access.VisitorOf(ctx)
package access
