// Package relay carries the requests of mini programs to the domains their apps have declared, and nowhere else.
//
//	mux.Handle(relay.Route, relay.New(relay.Config{
//		Domains:   releases,                                                       // which app may reach what
//		Upstreams: map[string]http.Handler{"https://shop.minimart.example": shop}, // served in this process
//	}))
//
// One route: POST /api/host/v1/programs/{app}/fetch. The host (web/host/src/bridge/network.ts) puts what it wants into the
// header X-Minimart-Request, base64url of {"url", "method", "header": {name: value}}, and the body into the body. The answer
// is 200 with the target's body, and the header X-Minimart-Response, base64url of {"status", "header": {name: value or
// [values]}}. Whatever the relay refuses itself has no such header; it is a problem (RFC 9457) with the members errMsg and
// errno that mini programs know: {"errMsg": "request:fail url not in domain list: https://…", "errno": 600002}.
package relay
