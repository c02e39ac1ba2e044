// Package health shows the operator what the platform is busy with: whether what it stands on answers, what waits to be
// sent, which timers fail, and which events a consumer could not handle.
//
//	h := health.New(health.Config{Checks: checks, Outbox: outbox, Timers: timers, Letters: bus, DB: db, Log: accounts})
//	h.ConsoleRoutes(console, who)
package health
