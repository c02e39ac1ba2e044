package httpapi

import (
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"minimart/platform/fault"
)

// watch is the outermost layer: it opens the exchange, counts it, and writes one line about it when it is over.
func (a *API) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x, r := a.begin(w, r)
		defer x.finish()
		x.route.inFlight.Inc()
		defer a.leave(x, r)
		next.ServeHTTP(&x.recorder, r)
	})
}

// leave counts a request out and writes its line.
func (a *API) leave(x *exchange, r *http.Request) {
	took := a.options.Clock.Now().Sub(x.start)
	status := x.recorder.status
	switch {
	case status == 0 && x.Err() != nil:
		status = 499 // the caller went away before there was an answer
	case status == 0:
		status = http.StatusOK
	}
	k := x.route.leave(method(r), status, took)
	if !k.log.Enabled(x, k.level) {
		return
	}
	// A record by hand: a Logger would look up where in the source this is, each time.
	line := slog.NewRecord(time.Now(), k.level, "request", 0)
	line.AddAttrs(slog.String("request", x.id[0]), slog.String("path", cut(r.URL.Path, 256)),
		slog.Int64("bytes", x.recorder.bytes), slog.Int64("us", took.Microseconds()),
		slog.String("from", r.RemoteAddr), slog.String("agent", cut(first(r.Header, "User-Agent"), 128)))
	_ = k.log.Handle(x, line) // a Logger does not look at the error either
}

// accessLevel keeps the questions of machines out of the log, and server errors in.
func accessLevel(pattern string, status int) slog.Level {
	switch {
	case status >= 500:
		return slog.LevelError
	case strings.HasSuffix(pattern, "/healthz"), strings.HasSuffix(pattern, "/readyz"), strings.HasSuffix(pattern, "/metrics"):
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// rescue turns a panic into a 500, or cuts the connection when part of the answer is out already: a reader must not take
// half an answer for a whole one.
func (a *API) rescue(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler { //nolint:errorlint // net/http compares it like this
				panic(p)
			}
			x := exchangeOf(r.Context())
			Log(x).ErrorContext(x, "handler panicked", "panic", p, "route", x.pattern, "stack", string(debug.Stack()))
			if rec, ok := w.(*recorder); ok && rec.status != 0 {
				panic(http.ErrAbortHandler)
			}
			f := fault.Internal(nil)
			writeProblem(w, problemOf(f, statusOf[f.Code], Language(r), x.id[0]))
		}()
		next.ServeHTTP(w, r)
	})
}

// route hands the request to the mux; what the mux would answer itself becomes a problem.
func (a *API) route(w http.ResponseWriter, r *http.Request) {
	x := exchangeOf(r.Context())
	if x.pattern != "" {
		a.mux.ServeHTTP(w, r)
		return
	}
	refusal := &refusal{header: http.Header{}}
	handler, _ := a.mux.Handler(r)
	handler.ServeHTTP(refusal, r)
	var p *Problem
	if allow := refusal.header.Get("Allow"); refusal.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", allow)
		p = problemOf(fault.Invalid("", methodNotAllowed, cut(r.Method, 20), cut(r.URL.Path, 100), allow), refusal.status, Language(r), x.id[0])
		p.Errors = nil
	} else {
		p = problemOf(fault.NotFound(noSuchPath, cut(r.URL.Path, 100)), http.StatusNotFound, Language(r), x.id[0])
	}
	writeProblem(w, p)
}

// refusal listens to what the mux says when it has no route.
type refusal struct {
	header http.Header
	status int
}

func (r *refusal) Header() http.Header         { return r.header }
func (r *refusal) Write(p []byte) (int, error) { return len(p), nil }
func (r *refusal) WriteHeader(status int)      { r.status = status }

// recorder notes the status and the size of an answer.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && (status >= 200 || status == http.StatusSwitchingProtocols) {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// method is the request's method, or OTHER: a label and a log line are no place for whatever a stranger sends.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "OTHER"
}

// routeLabel is a pattern without its method: "GET /p/{file}" → "/p/{file}".
func routeLabel(pattern string) string {
	if pattern == "" {
		return "none"
	}
	if _, path, ok := strings.Cut(pattern, " "); ok {
		return strings.TrimSpace(path)
	}
	return pattern
}

// cut keeps a text from outside to n bytes.
func cut(s string, n int) string {
	if len(s) > n {
		return strings.ToValidUTF8(s[:n], "") + "…"
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
