package app

import (
	"io/fs"
	"net/http"
	"strings"
)

// hostRoutes serves the host app: one page below /app/, whatever the path, and its assets, whose names change with their
// content.
func hostRoutes(mux *http.ServeMux, files fs.FS) {
	mux.Handle("GET /{$}", http.RedirectHandler("/app/", http.StatusFound))
	mux.HandleFunc("GET /app/{path...}", func(w http.ResponseWriter, r *http.Request) {
		name := r.PathValue("path")
		if strings.HasPrefix(name, "assets/") {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			http.ServeFileFS(w, r, files, name)
			return
		}
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeFileFS(w, r, files, "index.html")
	})
}
