package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"minimart/platform/fault"
)

// Problem is how an error leaves: RFC 9457, media type application/problem+json.
type Problem struct {
	Type     string  `json:"type" doc:"The kind of problem, a URN that ends in the code" example:"urn:minimart:fault:not_found"`
	Title    string  `json:"title" doc:"The kind of problem in words" example:"Not found"`
	Status   int     `json:"status" doc:"HTTP status" example:"404"`
	Detail   string  `json:"detail" doc:"What is wrong here, and what would be right, in the language of Accept-Language (en or zh)"`
	Instance string  `json:"instance,omitempty" doc:"The request id, under which the log has more"`
	Code     string  `json:"code" enum:"invalid,unauthenticated,denied,not_found,conflict,exhausted,unavailable,internal" doc:"The kind of problem, for programs"`
	Errors   []Wrong `json:"errors,omitempty" doc:"Every part of the input that is wrong"`

	cause error
}

// Wrong is one part of an input that is wrong.
type Wrong struct {
	Field   string `json:"field" doc:"Path to the value, as in request_domains[2]"`
	In      string `json:"in,omitempty" doc:"Where the field is, when that is known" enum:"body,query,path,header,cookie,form"`
	Message string `json:"message" doc:"What is wrong with it"`
}

var statusOf = map[fault.Code]int{
	fault.CodeInvalid:         http.StatusUnprocessableEntity,
	fault.CodeUnauthenticated: http.StatusUnauthorized,
	fault.CodeDenied:          http.StatusForbidden,
	fault.CodeNotFound:        http.StatusNotFound,
	fault.CodeConflict:        http.StatusConflict,
	fault.CodeExhausted:       http.StatusTooManyRequests,
	fault.CodeUnavailable:     http.StatusServiceUnavailable,
	fault.CodeInternal:        http.StatusInternalServerError,
}

// codeOf is the code of a status that did not come from a fault.
func codeOf(status int) fault.Code {
	switch status {
	case http.StatusUnauthorized:
		return fault.CodeUnauthenticated
	case http.StatusForbidden:
		return fault.CodeDenied
	case http.StatusNotFound, http.StatusGone:
		return fault.CodeNotFound
	case http.StatusConflict, http.StatusPreconditionFailed:
		return fault.CodeConflict
	case http.StatusTooManyRequests, http.StatusRequestEntityTooLarge:
		return fault.CodeExhausted
	case http.StatusServiceUnavailable, http.StatusRequestTimeout, http.StatusGatewayTimeout, http.StatusBadGateway:
		return fault.CodeUnavailable
	}
	if status >= 500 {
		return fault.CodeInternal
	}
	return fault.CodeInvalid
}

// WriteProblem answers r with the problem that err is. It is the one way out for errors: causes of internal and
// unavailable faults are logged here. Nothing may have been written to w before.
func WriteProblem(w http.ResponseWriter, r *http.Request, err error) {
	f := edgeFault(r.Context(), err)
	status := statusOf[f.Code]
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		status = http.StatusRequestEntityTooLarge
		w.Header().Set("Connection", "close") // the rest of the body is not worth reading
	}
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", retryAfter(f.RetryAfter))
	}
	logFault(r.Context(), f)
	writeProblem(w, problemOf(f, status, Language(r), RequestID(r.Context())))
}

// retryAfter is a wait in whole seconds, rounded up: coming back early is no use.
func retryAfter(d time.Duration) string {
	return strconv.FormatInt(int64(math.Ceil(d.Seconds())), 10)
}

func problemOf(f *fault.Fault, status int, l fault.Language, request string) *Problem {
	p := &Problem{
		Type:     "urn:minimart:fault:" + string(f.Code),
		Title:    title(f.Code, l),
		Status:   status,
		Detail:   f.In(l),
		Instance: request,
		Code:     string(f.Code),
		cause:    f,
	}
	for _, field := range f.Fields {
		p.Errors = append(p.Errors, Wrong{Field: field.Name, Message: field.In(l)})
	}
	return p
}

func writeProblem(w http.ResponseWriter, p *Problem) {
	body, err := json.Marshal(p)
	if err != nil { // strings and numbers only: cannot happen
		panic(err)
	}
	h := w.Header()
	// What the handler meant for its own answer does not hold for this one.
	for _, name := range []string{"Content-Encoding", "Content-Length", "Content-Range", "ETag", "Last-Modified", "Accept-Ranges", "Content-Disposition"} {
		h.Del(name)
	}
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	addVary(h, "Accept-Language")
	w.WriteHeader(p.Status)
	_, _ = w.Write(append(body, '\n')) // the reader may be gone
}

// logFault writes down what the caller will not be told.
func logFault(ctx context.Context, f *fault.Fault) {
	if f.Code != fault.CodeInternal && f.Code != fault.CodeUnavailable {
		return
	}
	var broken *bodyError
	if errors.As(f, &broken) {
		return // the sender's doing
	}
	if errors.Is(f, context.Canceled) {
		if x := exchangeOf(ctx); x == nil || !x.timedOut.Load() {
			return // the caller went away: nobody's fault
		}
	}
	Log(ctx).ErrorContext(ctx, "request failed", "fault", f)
}
