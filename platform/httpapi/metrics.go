package httpapi

import (
	"net/http"
	"strconv"
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
}

func processRegistry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

func newMetrics(r *prometheus.Registry) *metrics {
	m := &metrics{
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
	return m
}

// enter counts a request in; the returned function counts it out.
func (m *metrics) enter(route string) func(method string, status int, took time.Duration) {
	g := m.inFlight.WithLabelValues(route)
	g.Inc()
	return func(method string, status int, took time.Duration) {
		g.Dec()
		m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
		m.seconds.WithLabelValues(route, method).Observe(took.Seconds())
	}
}

func metricsPage(r *prometheus.Registry) http.Handler {
	// The edge compresses already.
	return promhttp.HandlerFor(r, promhttp.HandlerOpts{DisableCompression: true})
}
