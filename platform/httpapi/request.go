package httpapi

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"minimart/platform/fault"
	"minimart/platform/id"
)

// exchange is what the edge knows about one request. It is the request's context, and holds what the layers need for one
// request: so a request costs one allocation instead of a dozen.
type exchange struct {
	server  context.Context // of the request, as the server gave it
	api     *API
	id      [1]string // with one element, as the values of a header
	pattern string    // of the route, "" when there is none
	route   *routeMetrics
	start   time.Time

	recorder   recorder
	guarded    guarded
	compressor compressor
	body       limitedBody

	bodyLimit atomic.Int64
	timedOut  atomic.Bool
	over      atomic.Bool // timed out, or answered
	own       atomic.Pointer[ownContext]
	log       atomic.Pointer[slog.Logger]

	mu       sync.Mutex // what happens when time is up does not happen to the next request of the connection
	timer    *time.Timer
	answered bool
}

// ownContext ends when the server's context does, or the time of the request is up. It is made for those who ask when that
// is: many handlers never do.
type ownContext struct {
	context.Context
	cancel context.CancelFunc
}

type exchangeKey struct{}

// Deadline is that of the server's context: there is none. The time of a request may be extended.
func (x *exchange) Deadline() (time.Time, bool) { return x.server.Deadline() }

// Done is closed when the caller goes away, the time is up, or the request is answered.
func (x *exchange) Done() <-chan struct{} {
	if own := x.own.Load(); own != nil {
		return own.Done()
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	own := x.own.Load()
	if own == nil {
		own = &ownContext{}
		own.Context, own.cancel = context.WithCancel(x.server)
		if x.over.Load() {
			own.cancel()
		}
		x.own.Store(own)
	}
	return own.Done()
}

// Err says why Done is closed, nil while it is not.
func (x *exchange) Err() error {
	if own := x.own.Load(); own != nil {
		return own.Err()
	}
	if x.over.Load() {
		return context.Canceled
	}
	return x.server.Err()
}

// Value is that of the server's context, and the exchange itself.
func (x *exchange) Value(key any) any {
	if _, ok := key.(exchangeKey); ok {
		return x
	}
	if own := x.own.Load(); own != nil {
		return own.Value(key) // so that package context finds whose child a context is
	}
	return x.server.Value(key)
}

// end closes Done and everything that hangs on it. The caller holds mu.
func (x *exchange) end() {
	x.over.Store(true)
	if own := x.own.Load(); own != nil {
		own.cancel()
	}
}

// expire is what happens when the time is up: who waits for the context or the body is told.
func (x *exchange) expire() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.answered {
		return
	}
	x.timedOut.Store(true)
	x.end()
	_ = x.controller().SetReadDeadline(time.Now()) // not supported by test recorders
}

func exchangeOf(ctx context.Context) *exchange {
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	return x
}

// RequestID is the id of the request ctx belongs to: in the log, in X-Request-Id, and the instance of a problem. "" when
// ctx is not of a request.
func RequestID(ctx context.Context) string {
	if x := exchangeOf(ctx); x != nil {
		return x.id[0]
	}
	return ""
}

// Language is the language the sender of r reads.
func Language(r *http.Request) fault.Language { return fault.Match(r.Header.Get("Accept-Language")) }

// Log is the logger of the request ctx belongs to; its lines carry the request id. Outside of one it is slog.Default().
func Log(ctx context.Context) *slog.Logger {
	x := exchangeOf(ctx)
	if x == nil {
		return slog.Default()
	}
	if l := x.log.Load(); l != nil {
		return l
	}
	x.log.CompareAndSwap(nil, x.api.options.Log.With("request", x.id[0]))
	return x.log.Load()
}

// AllowBody lets r have a body of limit bytes, when it is called before the body is read.
func AllowBody(r *http.Request, limit int64) {
	if x := exchangeOf(r.Context()); x != nil {
		x.bodyLimit.Store(limit)
	}
}

// Extend gives the rest of a request d from now, instead of what is left of the usual time. 0 takes the limit away, for
// streams; those should end when [Draining] is closed.
func Extend(r *http.Request, d time.Duration) {
	x := exchangeOf(r.Context())
	if x == nil {
		return
	}
	var at time.Time
	if d > 0 {
		x.timer.Reset(d)
		at = time.Now().Add(d + answerTime)
	} else {
		x.timer.Stop()
	}
	_ = x.controller().SetWriteDeadline(at) // not supported by test recorders
}

// Draining is closed when the server is about to stop: streams should end then. It is nil, which never happens, when ctx
// is not of a request.
func Draining(ctx context.Context) <-chan struct{} {
	if x := exchangeOf(ctx); x != nil {
		return x.api.draining
	}
	return nil
}

// answerTime is what remains to send the answer to a slow reader after a handler ran out of time.
const answerTime = 5 * time.Second

func (x *exchange) controller() *http.ResponseController {
	return http.NewResponseController(x.recorder.ResponseWriter)
}

// begin gives a request its id, its time and its limit on the body.
func (a *API) begin(w http.ResponseWriter, r *http.Request) (*exchange, *http.Request) {
	x := &exchange{server: r.Context(), api: a, id: [1]string{requestID(r)}, start: a.options.Clock.Now()}
	x.recorder.ResponseWriter = w
	_, x.pattern = a.mux.Handler(r)
	x.route = a.metrics.route(x.pattern)
	x.bodyLimit.Store(a.options.BodyLimit)
	x.mu.Lock() // the timer may be early
	x.timer = time.AfterFunc(a.options.Timeout, x.expire)
	x.mu.Unlock()
	// The server that Serve starts has set this already.
	if s, _ := x.server.Value(http.ServerContextKey).(*http.Server); s == nil || s.WriteTimeout != a.options.Timeout+answerTime {
		_ = x.controller().SetWriteDeadline(time.Now().Add(a.options.Timeout + answerTime)) // not supported by test recorders
	}
	r = r.WithContext(x)
	if r.Body != nil && r.Body != http.NoBody {
		x.body.body, x.body.length, x.body.exchange = r.Body, r.ContentLength, x
		r.Body = &x.body
	}
	w.Header()["X-Request-Id"] = x.id[:]
	return x, r
}

// finish ends a request's time.
func (x *exchange) finish() {
	x.timer.Stop()
	x.mu.Lock()
	defer x.mu.Unlock()
	x.answered = true
	x.end()
	if x.body.body != nil && !x.body.ended.Load() {
		// The server reads some of what the handler left, to keep the connection. It does not wait for it for ever.
		_ = x.controller().SetReadDeadline(time.Now().Add(answerTime))
	}
}

// requestID takes over an id a proxy gave the request, if it is harmless, so that one id runs through both logs.
func requestID(r *http.Request) string {
	given := first(r.Header, "X-Request-Id")
	if len(given) < 8 || len(given) > 64 {
		return id.New("req")
	}
	for i := 0; i < len(given); i++ {
		c := given[i]
		plain := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.'
		if !plain {
			return id.New("req")
		}
	}
	return given
}

// first is Header.Get for a name in its canonical spelling, which is not worked out anew for each request.
func first(h http.Header, name string) string {
	if v := h[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// limitedBody is a body that ends in an error at the exchange's limit. The limit is read late, because handlers raise it.
type limitedBody struct {
	body     io.ReadCloser
	length   int64 // as declared, -1 when unknown
	read     int64
	ended    atomic.Bool // read to its end
	exchange *exchange
}

func (b *limitedBody) Read(p []byte) (int, error) {
	limit := b.exchange.bodyLimit.Load()
	if b.length > limit {
		return 0, &http.MaxBytesError{Limit: limit} // said to be too large: do not read any of it
	}
	if room := limit - b.read + 1; int64(len(p)) > room {
		p = p[:max(0, room)]
	}
	n, err := b.body.Read(p)
	b.read += int64(n)
	if b.read > limit {
		return max(0, n-int(b.read-limit)), &http.MaxBytesError{Limit: limit}
	}
	if err == io.EOF {
		b.ended.Store(true)
	} else if err != nil {
		err = &bodyError{err}
	}
	return n, err
}

// bodyError is a body that did not come through: the sender's connection broke, or it was too slow.
type bodyError struct{ cause error }

func (e *bodyError) Error() string { return "reading the request body: " + e.cause.Error() }
func (e *bodyError) Unwrap() error { return e.cause }

func (b *limitedBody) Close() error { return b.body.Close() }

// edgeFault is the fault of an error, with those that only the edge knows: a body over its limit, a request over its time.
func edgeFault(ctx context.Context, err error) *fault.Fault {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return fault.Exhausted(bodyTooLarge, tooLarge.Limit).WithCause(err)
	}
	var broken *bodyError
	if errors.As(err, &broken) {
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return fault.Unavailable(bodyTooSlow).WithCause(err)
		}
		return fault.Invalid("", bodyBroken).WithCause(err)
	}
	if x := exchangeOf(ctx); x != nil && x.timedOut.Load() && errors.Is(err, context.Canceled) {
		return fault.Of(context.DeadlineExceeded).WithCause(err)
	}
	return fault.Of(err)
}
