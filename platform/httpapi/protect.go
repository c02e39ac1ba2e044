package httpapi

import (
	"net/http"
	"strings"
)

// protect adds the headers that keep a browser from doing more with an answer than was meant. A handler that sets one of
// them itself keeps its own.
func (a *API) protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g := &exchangeOf(r.Context()).guarded
		*g = guarded{ResponseWriter: w, policy: a.policy}
		next.ServeHTTP(g, r)
	})
}

type guarded struct {
	http.ResponseWriter
	policy []string
	begun  bool
}

func (w *guarded) WriteHeader(status int) {
	if !w.begun && (status >= 200 || status == http.StatusSwitchingProtocols) {
		w.begun = true
		h := w.Header()
		setDefault(h, "X-Content-Type-Options", noSniff)
		setDefault(h, "Referrer-Policy", sameOrigin)
		if isPage(first(h, "Content-Type")) {
			setDefault(h, "Content-Security-Policy", w.policy)
			setDefault(h, "Cross-Origin-Opener-Policy", sameOrigin)
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *guarded) Write(p []byte) (int, error) {
	if !w.begun {
		if h := w.Header(); first(h, "Content-Type") == "" && len(p) > 0 {
			// The server would look at the bytes later, when the headers that depend on the type are gone.
			h.Set("Content-Type", http.DetectContentType(p))
		}
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(p)
}

func (w *guarded) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Values that many answers share. Nothing changes a header's values in place, and what is added to them lands in a copy:
// there is no room behind.
var (
	noSniff    = []string{"nosniff"}
	sameOrigin = []string{"same-origin"}
	byEncoding = []string{"Accept-Encoding"}
)

// setDefault sets a header, named as it is spelled, unless the handler has; an empty value counts as set, so that a handler
// can leave one out.
func setDefault(h http.Header, name string, value []string) {
	if _, set := h[name]; !set {
		h[name] = value
	}
}

// isPage says whether a browser would run scripts in an answer of this type when it is opened.
func isPage(contentType string) bool {
	t, _, _ := strings.Cut(contentType, ";")
	t = strings.ToLower(strings.TrimSpace(t))
	return t == "text/html" || t == "application/xhtml+xml" || t == "image/svg+xml" || t == "text/xml" || t == "application/xml"
}
