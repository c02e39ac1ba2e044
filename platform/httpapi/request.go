package httpapi

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"minimart/platform/fault"
	"minimart/platform/id"
)

// exchange is what the edge knows about one request. It travels in the request's context.
type exchange struct {
	id       string
	log      *slog.Logger
	language fault.Language
	pattern  string // of the route, "" when there is none
	draining <-chan struct{}

	bodyLimit atomic.Int64
	timer     *time.Timer
	timedOut  atomic.Bool
	deadlines *http.ResponseController
}

type exchangeKey struct{}

func exchangeOf(ctx context.Context) *exchange {
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	return x
}

// RequestID is the id of the request ctx belongs to: in the log, in X-Request-Id, and the instance of a problem. "" when
// ctx is not of a request.
func RequestID(ctx context.Context) string {
	if x := exchangeOf(ctx); x != nil {
		return x.id
	}
	return ""
}

// Language is the language the sender of r reads.
func Language(r *http.Request) fault.Language { return fault.Match(r.Header.Get("Accept-Language")) }

// Log is the logger of the request ctx belongs to; its lines carry the request id. Outside of one it is slog.Default().
func Log(ctx context.Context) *slog.Logger {
	if x := exchangeOf(ctx); x != nil {
		return x.log
	}
	return slog.Default()
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
		at = time.Now().Add(d)
	} else {
		x.timer.Stop()
	}
	x.setDeadlines(at)
}

// Draining is closed when the server is about to stop: streams should end then. It is nil, which never happens, when ctx
// is not of a request.
func Draining(ctx context.Context) <-chan struct{} {
	if x := exchangeOf(ctx); x != nil {
		return x.draining
	}
	return nil
}

// answerTime is what remains to send the answer to a slow reader after a handler ran out of time.
const answerTime = 5 * time.Second

func (x *exchange) setDeadlines(at time.Time) {
	// Neither is supported by test recorders; the timer above still works there.
	_ = x.deadlines.SetReadDeadline(at)
	if !at.IsZero() {
		at = at.Add(answerTime)
	}
	_ = x.deadlines.SetWriteDeadline(at)
}

// begin gives a request its id, its time and its limit on the body. The returned function ends it.
func (a *API) begin(w http.ResponseWriter, r *http.Request) (*http.Request, *exchange, func()) {
	x := &exchange{
		id:        requestID(r),
		language:  Language(r),
		draining:  a.draining,
		deadlines: http.NewResponseController(w),
	}
	x.log = a.options.Log.With("request", x.id)
	_, x.pattern = a.mux.Handler(r)
	x.bodyLimit.Store(a.options.BodyLimit)

	ctx, cancel := context.WithCancel(context.WithValue(r.Context(), exchangeKey{}, x))
	x.timer = time.AfterFunc(a.options.Timeout, func() {
		x.timedOut.Store(true)
		cancel()
	})
	x.setDeadlines(time.Now().Add(a.options.Timeout)) // the wall clock: this is about sockets
	r = r.WithContext(ctx)
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = &limitedBody{body: r.Body, length: r.ContentLength, exchange: x}
	}
	w.Header().Set("X-Request-Id", x.id)
	return r, x, func() { x.timer.Stop(); cancel() }
}

// requestID takes over an id a proxy gave the request, if it is harmless, so that one id runs through both logs.
func requestID(r *http.Request) string {
	given := r.Header.Get("X-Request-Id")
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

// limitedBody is a body that ends in an error at the exchange's limit. The limit is read late, because handlers raise it.
type limitedBody struct {
	body     io.ReadCloser
	length   int64 // as declared, -1 when unknown
	read     int64
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
	if err != nil && err != io.EOF {
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
