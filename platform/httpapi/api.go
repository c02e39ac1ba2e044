package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/prometheus/client_golang/prometheus"

	"minimart/platform/clock"
)

// Options of the edge. The zero value works.
type Options struct {
	Title, Version string // of the OpenAPI document at /api/openapi.json

	Log   *slog.Logger // default slog.Default()
	Clock clock.Clock  // default clock.System

	// Ready are the checks of /readyz by name: nil means fine. Each has two seconds. What an error says goes to the log.
	Ready map[string]func(context.Context) error

	// BodyLimit is how many bytes a request's body may have unless its handler calls [AllowBody]. Default 1 MiB.
	BodyLimit int64
	// Timeout is how long a request may take from its header to the last byte of the answer, unless its handler calls
	// [Extend]. Default 30 s.
	Timeout time.Duration
	// Grace is how long requests under way may take once the server is told to stop. Default 10 s.
	Grace time.Duration
	// PagePolicy is the Content-Security-Policy of HTML answers that do not bring their own.
	PagePolicy string
	// Metrics is where the request metrics are registered and what /metrics shows. Default: a new registry with the
	// metrics of the Go process.
	Metrics *prometheus.Registry
}

// defaultPagePolicy lets a page use what comes from its own origin and nothing else. Inline styles are allowed because
// component libraries set them; inline scripts are not.
const defaultPagePolicy = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; " +
	"style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"

// API is the edge. It is a huma.API to register operations on, and an http.Handler that serves the mux with everything
// around it.
type API struct {
	huma.API
	options  Options
	mux      *http.ServeMux
	metrics  *metrics
	policy   []string // options.PagePolicy
	draining chan struct{}
	served   http.Handler
}

// New puts the edge around mux and adds /healthz, /readyz, /metrics and /api/openapi.json to it. Other routes may be added
// to the mux before and after.
func New(mux *http.ServeMux, o Options) *API {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Clock == nil {
		o.Clock = clock.System
	}
	if o.BodyLimit <= 0 {
		o.BodyLimit = 1 << 20
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Grace <= 0 {
		o.Grace = 10 * time.Second
	}
	if o.PagePolicy == "" {
		o.PagePolicy = defaultPagePolicy
	}
	if o.Metrics == nil {
		o.Metrics = processRegistry()
	}
	a := &API{
		API:      humago.New(mux, humaConfig(o.Title, o.Version)),
		options:  o,
		mux:      mux,
		metrics:  newMetrics(o.Metrics, o.Log.Handler()),
		policy:   []string{o.PagePolicy},
		draining: make(chan struct{}),
	}
	a.UseMiddleware(edgeLimits)
	a.served = a.watch(a.rescue(a.protect(a.compress(http.HandlerFunc(a.route)))))
	mux.HandleFunc("GET /healthz", a.health)
	mux.HandleFunc("GET /readyz", a.readiness)
	mux.Handle("GET /metrics", metricsPage(o.Metrics))
	return a
}

// ServeHTTP serves one request of the mux.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.served.ServeHTTP(w, r) }

// HandlerFunc is a plain handler that may return an error: it leaves as a problem, so the handler must not have written
// anything by then.
type HandlerFunc func(http.ResponseWriter, *http.Request) error

// ServeHTTP calls f and writes the problem if there is one.
func (f HandlerFunc) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := f(w, r); err != nil {
		WriteProblem(w, r, err)
	}
}
