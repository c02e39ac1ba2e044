// Package gateway is how merchants' servers speak to the platform: keys, signed calls, quotas, idempotency keys.
//
//	box, err := seal.Open(filepath.Join(data, "secrets.key"))
//	err = d.Migrate(ctx, "gateway", gateway.Schema)
//	gw := gateway.New(d, box, clock.System, auditLog, gateway.Options{
//		Scopes: []gateway.Scope{{Name: "orders:read", Capability: "trade"}, {Name: "orders:write", Capability: "trade"}},
//		Grants: capabilities, // open/capability
//	})
//	go gw.Run(ctx) // forgets what has expired
//
//	huma.Register(api, gw.Guard(huma.Operation{Method: "POST", Path: "/open/v1/orders", OperationID: "create-order"}, "orders:write"), create)
//	mux.Handle("GET /open/v1/files/{name}", gw.RequireHandler("files:read", httpapi.HandlerFunc(file)))
//
//	func create(ctx context.Context, in *CreateOrder) (*Order, error) {
//		caller, _ := access.CallerOf(ctx) // which app calls, with which key
//		…
//	}
//
// How a call is signed is written down in README.md, to the letter; open/gateway/signing does it, open/gateway/client is an
// http.RoundTripper that does it. open/gateway/webhook is the other direction.
package gateway
