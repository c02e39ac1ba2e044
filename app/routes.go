package app

import (
	"context"
	"net/http"
	"net/netip"

	"minimart/open/account"
	"minimart/open/gateway"
	"minimart/open/host"
	"minimart/open/identity"
	"minimart/platform/httpapi"
	"minimart/program/relay"
	"minimart/web"
)

// routes opens the doors and puts every room behind those it is for.
func (r *rooms) routes(api *httpapi.API, mux *http.ServeMux, f platformFlags, proxies []netip.Prefix, w world, hostKey string) {
	// Consoles: people who have signed in.
	console := account.Guard(api, r.accounts, account.Edge{PublicURL: f.PublicURL, Proxies: proxies})
	who := r.accounts.Actors(r.releases)
	account.Routes(console, r.accounts)
	r.settings.ConsoleRoutes(console, who, account.Public, w.screen != nil)
	r.releases.ConsoleRoutes(console, who)
	r.uploads.ConsoleRoutes(console, who)
	r.reviews.ConsoleRoutes(console, who)
	r.capabilities.ConsoleRoutes(console, who)
	r.gateway.ConsoleRoutes(console, who)
	r.webhooks.ConsoleRoutes(console, who)
	r.hosts.ConsoleRoutes(console, who)
	r.consumers.ConsoleRoutes(console, who)
	r.members.ConsoleRoutes(console, who)
	r.jos.ConsoleRoutes(console, who)
	r.health.ConsoleRoutes(console, who)

	// Host apps: consumers, signed in or not.
	codesAt := ""
	if w.screen != nil {
		codesAt = screenPath
		screenRoutes(mux, w.screen, w.origin)
	}
	edge := host.Edge{PublicURL: f.PublicURL, Address: callerAddress(proxies)}
	hosts := host.Guard(api, r.hosts, r.consumers, edge)
	r.hosts.HostRoutes(hosts, codesAt)
	r.delivery.HostRoutes(hosts)
	r.consumers.HostRoutes(hosts, r.members)
	r.members.HostRoutes(hosts)
	mux.Handle(relay.Route, host.Handler(r.hosts, r.consumers, edge, r.relay))

	// The open API: developers' servers, in our words and in those of others.
	gateway.Describe(api)
	r.uploads.OpenRoutes(api, r.gateway)
	r.consumers.OpenRoutes(api, r.gateway)
	r.members.OpenRoutes(api, r.gateway)
	gateway.Publish(mux, api)
	r.wechat.Routes(mux)
	r.jos.Routes(mux)

	// What browsers load.
	r.delivery.FileRoutes(mux)
	mux.Handle("GET /avatars/", identity.Avatars())
	mux.Handle("GET /{$}", http.RedirectHandler("/app/", http.StatusFound))
	mux.Handle("/app/", web.HostHandler(web.WithHostKey(func(context.Context) string { return hostKey })))
	mux.Handle(consolePath, web.ConsoleHandler())
}

// consolePath is where the consoles are.
const consolePath = "/console/"
