// Package httpapi is the edge of the program: everything that comes in over HTTP passes through it.
//
//	mux := http.NewServeMux()
//	api := httpapi.New(mux, httpapi.Options{Title: "Minimart", Version: version, Log: log,
//		Ready: map[string]func(context.Context) error{"database": db.Ping}})
//
//	huma.Register(api, huma.Operation{Method: "GET", Path: "/api/host/v1/programs", OperationID: "list-programs"}, list)
//	mux.Handle("GET /p/{file}", httpapi.HandlerFunc(serveFile)) // a plain handler that may return an error
//
//	err := api.Serve(ctx, listener) // until ctx ends; then it lets requests finish
//
// A room's handlers return errors; whatever they return leaves as application/problem+json (RFC 9457), made from a fault
// (platform/fault), in the reader's language. Request ids, panics, the access log, metrics, limits, compression and the
// security headers of pages are taken care of around them.
package httpapi
