// Package identity knows consumers: it signs them in to host apps, tells mini programs who uses them in names that fit no
// other program, and gives out what a consumer agreed to, and nothing else.
//
//	err := db.Migrate(ctx, "identity", identity.Schema)
//	consumers := identity.New(identity.Config{DB: db, Sender: sms, Apps: apps, Grants: centre, Assertions: hosts, Log: accounts, Sealer: box})
//
//	consumers.HostRoutes(hostGroup, members) // sign-in, consents, jd.login, for host apps
//	consumers.OpenRoutes(api, gateway)       // exchange of codes, for developers' servers
//	consumers.ConsoleRoutes(console, who)    // for the operator
//	mux.Handle("GET /avatars/", identity.Avatars())
//
// A mini program's login, from the program to its developer's server:
//
//	code, err := consumers.Login(ctx, app, ticket)          // jd.login: five minutes, once
//	login, err := consumers.ExchangeLogin(ctx, app, code)   // by the server: openid, unionid, session key
//	same, err := consumers.CheckSession(ctx, app, login.OpenID, signature)
//	consumer, err := consumers.Consumer(ctx, app, openid)   // other rooms: who is that?
package identity
