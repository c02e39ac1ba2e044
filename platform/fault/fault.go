package fault

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
)

// Code is the kind of a fault, for programs to act on. The set is closed.
type Code string

const (
	CodeInvalid         Code = "invalid"         // the input is wrong; Fields says where
	CodeUnauthenticated Code = "unauthenticated" // who are you?
	CodeDenied          Code = "denied"          // you may not
	CodeNotFound        Code = "not_found"       // there is no such thing, or none you may see
	CodeConflict        Code = "conflict"        // the input is fine, the present state is against it
	CodeExhausted       Code = "exhausted"       // a quota, a size or a rate is used up
	CodeUnavailable     Code = "unavailable"     // not now; the same call may work later
	CodeInternal        Code = "internal"        // our mistake
)

// Codes are all codes there are.
var Codes = []Code{
	CodeInvalid, CodeUnauthenticated, CodeDenied, CodeNotFound, CodeConflict, CodeExhausted, CodeUnavailable, CodeInternal,
}

// Fault is an error with a code. It is a value to read: make one with the constructors, and change it with the With
// methods, which answer a copy.
type Fault struct {
	Code Code
	// Message says in English what is wrong and what would be right. [Fault.In] says it in another language.
	Message string
	// Fields are the places that are wrong, in the order they were found. Only CodeInvalid has them.
	Fields []Field
	// RetryAfter is how long to wait before the same call has a chance; 0 when nothing is known.
	RetryAfter time.Duration
	// Cause is what lies behind, for the log. Callers never see it.
	Cause error

	text text
}

// Field is one place that is wrong.
type Field struct {
	// Name is the path to the value as the caller wrote it: "name", "request_domains[2]".
	Name    string
	Message string // in English

	text text
}

// Invalid is a fault of one input field. Field "" means the input as a whole.
func Invalid(field, format string, args ...any) *Fault {
	f := Field{Name: field, Message: fmt.Sprintf(format, args...), text: text{format, args}}
	return invalid([]Field{f})
}

// Unauthenticated is the fault of a caller who did not say, or could not prove, who it is.
func Unauthenticated(format string, args ...any) *Fault {
	return &Fault{Code: CodeUnauthenticated, Message: fmt.Sprintf(format, args...), text: text{format, args}}
}

// Denied is the fault of a caller who is known and may not do this.
func Denied(format string, args ...any) *Fault {
	return &Fault{Code: CodeDenied, Message: fmt.Sprintf(format, args...), text: text{format, args}}
}

// NotFound is the fault of naming something that is not there.
func NotFound(format string, args ...any) *Fault {
	return &Fault{Code: CodeNotFound, Message: fmt.Sprintf(format, args...), text: text{format, args}}
}

// Conflict is the fault of asking for what the present state does not allow.
func Conflict(format string, args ...any) *Fault {
	return &Fault{Code: CodeConflict, Message: fmt.Sprintf(format, args...), text: text{format, args}}
}

// Exhausted is the fault of going over a quota, a size or a rate.
func Exhausted(format string, args ...any) *Fault {
	return &Fault{Code: CodeExhausted, Message: fmt.Sprintf(format, args...), text: text{format, args}}
}

// Unavailable is the fault of something that does not work now and may work later.
func Unavailable(format string, args ...any) *Fault {
	return &Fault{Code: CodeUnavailable, Message: fmt.Sprintf(format, args...), text: text{format, args}}
}

// Internal is our own mistake. The cause goes to the log; the caller reads only that something went wrong here.
func Internal(cause error) *Fault {
	return &Fault{Code: CodeInternal, Message: wentWrong, Cause: cause, text: text{wentWrong, nil}}
}

// Of turns any error into a fault: nil for nil, the fault inside err if there is one, "unavailable" for work that was
// cut off by its context, and "internal" for all else. What err said beyond the fault is kept as its Cause.
func Of(err error) *Fault {
	if err == nil {
		return nil
	}
	var f *Fault
	if errors.As(err, &f) && f != nil {
		if err == error(f) { //nolint:errorlint // whether it is this very value, not whether it wraps it
			return f
		}
		return f.WithCause(err)
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return Unavailable(tookTooLong).WithCause(err)
	case errors.Is(err, context.Canceled):
		return Unavailable(wasCanceled).WithCause(err)
	}
	return Internal(err)
}

// Is says whether err is, or wraps, a fault with this code.
func Is(err error, code Code) bool {
	f := Of(err)
	return f != nil && f.Code == code
}

// WithCause is f with something to tell the log.
func (f *Fault) WithCause(cause error) *Fault {
	c := *f
	c.Cause = cause
	return &c
}

// WithRetryAfter is f with the time after which it is worth trying again.
func (f *Fault) WithRetryAfter(d time.Duration) *Fault {
	c := *f
	c.RetryAfter = d
	return &c
}

// Under is f with every field name put below prefix: "name" under "items[3]" becomes "items[3].name".
func (f *Fault) Under(prefix string) *Fault {
	c := *f
	c.Fields = slices.Clone(f.Fields)
	for i := range c.Fields {
		c.Fields[i].Name = join(prefix, c.Fields[i].Name)
	}
	c.Message = sentence(c.Fields, func(f Field) string { return f.Message })
	return &c
}

func join(prefix, name string) string {
	switch {
	case name == "":
		return prefix
	case prefix == "" || strings.HasPrefix(name, "["):
		return prefix + name
	}
	return prefix + "." + name
}

// Error is for the log and the terminal: the message in English, and the cause if there is one. A caller outside gets
// [Fault.In] instead.
func (f *Fault) Error() string {
	switch {
	case f.Cause == nil:
		return f.Message
	case strings.Contains(f.Cause.Error(), f.Message): // the cause wraps this very fault, as Of leaves it
		return f.Cause.Error()
	}
	return f.Message + ": " + f.Cause.Error()
}

// Unwrap is the cause.
func (f *Fault) Unwrap() error { return f.Cause }

// LogValue shows the fault with its code and its cause as separate attributes.
func (f *Fault) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("code", string(f.Code)), slog.String("message", f.Message)}
	if f.Cause != nil {
		attrs = append(attrs, slog.String("cause", f.Cause.Error()))
	}
	return slog.GroupValue(attrs...)
}

func invalid(fields []Field) *Fault {
	return &Fault{Code: CodeInvalid, Message: sentence(fields, func(f Field) string { return f.Message }), Fields: fields}
}

// sentence puts all fields into one line: "name: give the program a name; icon: …".
func sentence(fields []Field, say func(Field) string) string {
	parts := make([]string, len(fields))
	for i, f := range fields {
		parts[i] = say(f)
		if f.Name != "" {
			parts[i] = f.Name + ": " + parts[i]
		}
	}
	return strings.Join(parts, "; ")
}
