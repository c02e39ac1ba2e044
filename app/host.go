package app

import (
	"net/http"

	"minimart/web"
)

// hostRoutes serves the host app, and leads there from the bare address.
func hostRoutes(mux *http.ServeMux) {
	mux.Handle("GET /{$}", http.RedirectHandler("/app/", http.StatusFound))
	mux.Handle("/app/", web.HostHandler())
}
