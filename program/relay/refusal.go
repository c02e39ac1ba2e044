package relay

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"minimart/platform/fault"
	"minimart/platform/httpapi"
	"minimart/platform/outside"
)

// Numbers that mini programs find in errno of a failed network call.
const (
	errnoTimeout  = 5
	errnoUnknown  = 600000
	errnoNetwork  = 600001
	errnoDomain   = 600002
	errnoArgument = 600005
	errnoURL      = 600009
)

// refusal is why the relay did not carry a request. Its message is for developers and in one language: programs compare it.
type refusal struct {
	status  int
	code    fault.Code
	errno   int
	message string
	retry   time.Duration
	cause   error
}

func (r *refusal) Error() string { return r.message }
func (r *refusal) Unwrap() error { return r.cause }

func badArgument(message string) error {
	return &refusal{status: http.StatusUnprocessableEntity, code: fault.CodeInvalid, errno: errnoArgument, message: message}
}

func badURL(text string) error {
	return &refusal{status: http.StatusUnprocessableEntity, code: fault.CodeInvalid, errno: errnoURL, message: `invalid url "` + cut(text, 200) + `"`}
}

// notInList is the refusal developers meet most. It names the origin as it would stand in the list, and not the rest of the
// address.
func notInList(what string, u *url.URL) error {
	return &refusal{status: http.StatusForbidden, code: fault.CodeDenied, errno: errnoDomain, message: what + " not in domain list: " + cut(originOf(u), 200)}
}

func tooLarge(limit int64) *refusal {
	return &refusal{status: http.StatusBadGateway, code: fault.CodeExhausted, errno: errnoUnknown, message: "the answer is larger than the " + strconv.FormatInt(limit, 10) + " bytes allowed"}
}

// explain finds out what an error means for the program.
func (r *Relay) explain(ctx context.Context, err error) *refusal {
	var own *refusal
	if errors.As(err, &own) {
		return own
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return &refusal{status: http.StatusRequestEntityTooLarge, code: fault.CodeExhausted, errno: errnoUnknown,
			message: "the request is larger than the " + strconv.FormatInt(large.Limit, 10) + " bytes allowed", cause: err}
	}
	var f *fault.Fault
	if errors.As(err, &f) { // from Domains
		status, errno := http.StatusServiceUnavailable, errnoUnknown
		if f.Code == fault.CodeNotFound {
			status = http.StatusNotFound
		}
		return &refusal{status: status, code: f.Code, errno: errno, message: f.Message, cause: err}
	}
	bad := func(status, errno int, message string) *refusal {
		return &refusal{status: status, code: fault.CodeUnavailable, errno: errno, message: message, cause: err}
	}
	var timeout net.Error
	if ctx.Err() != nil || errors.As(err, &timeout) && timeout.Timeout() {
		return bad(http.StatusGatewayTimeout, errnoTimeout, "timeout")
	}
	var notPublic *outside.NotPublicError
	var dns *net.DNSError
	switch {
	case errors.As(err, &notPublic):
		return bad(http.StatusForbidden, errnoNetwork, "the domain does not lead to a public address")
	case errors.As(err, &dns):
		return bad(http.StatusBadGateway, errnoNetwork, "the domain cannot be resolved")
	case isTLS(err):
		return bad(http.StatusBadGateway, errnoNetwork, "the server's certificate is not valid")
	}
	return bad(http.StatusBadGateway, errnoNetwork, "the server cannot be reached")
}

// refuse answers with a problem that has errMsg and errno beside the usual members.
func refuse(w http.ResponseWriter, r *http.Request, e *refusal) {
	if errors.Is(r.Context().Err(), context.Canceled) && e.errno != errnoTimeout {
		return // nobody is listening
	}
	var notPublic *outside.NotPublicError
	if errors.As(e, &notPublic) {
		httpapi.Log(r.Context()).WarnContext(r.Context(), "a program's domain led to an address that is not public",
			"app", r.PathValue("app"), "host", notPublic.Host, "address", notPublic.Address.String())
	} else if e.code == fault.CodeUnavailable || e.code == fault.CodeInternal {
		httpapi.Log(r.Context()).InfoContext(r.Context(), "a program's request failed", "app", r.PathValue("app"), "error", e.Error(), "cause", errorText(e.cause))
	}
	if e.retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(e.retry.Seconds())))
	}
	body, err := json.Marshal(map[string]any{
		"type": "urn:minimart:fault:" + string(e.code), "title": http.StatusText(e.status), "status": e.status, "code": e.code,
		"detail": e.message, "instance": httpapi.RequestID(r.Context()),
		"errMsg": "request:fail " + e.message, "errno": e.errno,
	})
	if err != nil {
		panic(err) // strings and numbers: cannot happen
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(e.status)
	_, _ = w.Write(append(body, '\n'))
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return cut(err.Error(), 500)
}
