package httpapi

import (
	"log/slog"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are what Prometheus learns about requests. Routes are the mux's patterns, so their number is that of the
// routes, whatever strangers ask for.
type metrics struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	inFlight *prometheus.GaugeVec

	log slog.Handler

	mu     sync.Mutex
	routes atomic.Pointer[map[string]*routeMetrics] // by pattern; replaced, never changed
}

// routeMetrics are the metrics of one route, found once: looking labels up costs more than counting.
type routeMetrics struct {
	all      *metrics
	pattern  string
	inFlight prometheus.Gauge
	kinds    atomic.Pointer[map[kind]*kindMetrics] // replaced, never changed
}

// kind is what requests of one route differ in. There are few: methods are of a closed list, statuses are chosen by handlers.
type kind struct {
	method string
	status int
}

type kindMetrics struct {
	requests prometheus.Counter
	seconds  prometheus.Observer
	level    slog.Level
	log      slog.Handler // of the access log, with what all lines of the kind have in common
}

func processRegistry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

func newMetrics(r *prometheus.Registry, log slog.Handler) *metrics {
	m := &metrics{
		log: log,
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "minimart_http_requests_total", Help: "Requests answered.",
		}, []string{"route", "method", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "minimart_http_request_seconds", Help: "Time from the request's header to the end of the answer.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"route", "method"}),
		inFlight: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "minimart_http_in_flight", Help: "Requests being answered.",
		}, []string{"route"}),
	}
	r.MustRegister(m.requests, m.seconds, m.inFlight)
	m.routes.Store(&map[string]*routeMetrics{})
	return m
}

// route finds the metrics of a route by its pattern.
func (m *metrics) route(pattern string) *routeMetrics {
	if r := (*m.routes.Load())[pattern]; r != nil {
		return r
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	known := *m.routes.Load()
	if r := known[pattern]; r != nil {
		return r
	}
	r := &routeMetrics{all: m, pattern: pattern, inFlight: m.inFlight.WithLabelValues(routeLabel(pattern))}
	r.kinds.Store(&map[kind]*kindMetrics{})
	more := maps.Clone(known)
	more[pattern] = r
	m.routes.Store(&more)
	return r
}

// leave counts a request out and says of what kind it was.
func (r *routeMetrics) leave(method string, status int, took time.Duration) *kindMetrics {
	r.inFlight.Dec()
	k := r.kind(kind{method, status})
	k.requests.Inc()
	k.seconds.Observe(took.Seconds())
	return k
}

func (r *routeMetrics) kind(of kind) *kindMetrics {
	if k := (*r.kinds.Load())[of]; k != nil {
		return k
	}
	r.all.mu.Lock()
	defer r.all.mu.Unlock()
	known := *r.kinds.Load()
	if k := known[of]; k != nil {
		return k
	}
	label := routeLabel(r.pattern)
	k := &kindMetrics{
		requests: r.all.requests.WithLabelValues(label, of.method, strconv.Itoa(of.status)),
		seconds:  r.all.seconds.WithLabelValues(label, of.method),
		level:    accessLevel(r.pattern, of.status),
		log:      r.all.log.WithAttrs([]slog.Attr{slog.String("method", of.method), slog.String("route", label), slog.Int("status", of.status)}),
	}
	more := maps.Clone(known)
	more[of] = k
	r.kinds.Store(&more)
	return k
}

func metricsPage(r *prometheus.Registry) http.Handler {
	// The edge compresses already.
	return promhttp.HandlerFor(r, promhttp.HandlerOpts{DisableCompression: true})
}
