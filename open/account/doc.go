// Package account keeps people, their organisations and roles, and signs them in to the consoles.
//
//	err := db.Migrate(ctx, "account", account.Schema)
//	accounts := account.New(account.Config{DB: db, Blobs: blobs, Courier: courier})
//	operator, made, err := accounts.Bootstrap(ctx, "Minimart", account.NewPerson{Login: "admin@shop.example", Name: "Admin", Password: …})
//
//	console := account.Guard(api, accounts, account.Edge{PublicURL: publicURL}) // for the routes of other rooms as well
//	account.Routes(console, accounts)
//
//	by, err := account.Caller(ctx) // in a handler behind the guard
//	err = accounts.Authorize(ctx, by, org, account.ProgramWrite)
//	err = accounts.Record(ctx, tx, account.Entry{Actor: by.Person, Org: org, Action: "program.created", Target: app, IP: by.From.Address})
//
// Who may do what stands in one table, in permission.go.
package account
