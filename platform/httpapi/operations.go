package httpapi

import (
	"context"
	"errors"
	"net/http"
	"path"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"minimart/platform/fault"
)

// humaConfig describes operations in OpenAPI and speaks JSON, without the links to schemas that huma adds to bodies by
// default and without a documentation page, which would load scripts from elsewhere.
func humaConfig(title, version string) huma.Config {
	c := huma.DefaultConfig(title, version)
	c.CreateHooks = nil
	c.DocsPath = ""
	c.SchemasPath = ""
	c.OpenAPIPath = "/api/openapi"
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaNames())
	return c
}

// schemaNames names types in the document after their room too: two rooms may well call different things alike. What is of
// no room, and what begins with the room's name already, is called as it is; types without a name, which the operations they
// belong to name, are numbered where that is not enough.
func schemaNames() func(reflect.Type, string) string {
	taken, here := map[string]reflect.Type{}, reflect.TypeFor[Problem]().PkgPath()
	return func(t reflect.Type, hint string) string {
		name := huma.DefaultSchemaNamer(t, hint)
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		pkg := t.PkgPath()
		if _, held, ok := strings.Cut(t.Name(), "["); ok && pkg == here { // Page[minimart/open/account.consoleEntry]: of the room of what it holds
			pkg = held[:max(0, strings.LastIndexByte(held, '.'))]
		}
		room := path.Base(pkg)
		if t.Name() != "" && room != "." && pkg != here && !strings.HasPrefix(strings.ToLower(name), room) {
			name = strings.ToUpper(room[:1]) + room[1:] + name
		}
		unique := name
		for n := 2; taken[unique] != nil && taken[unique] != t; n++ {
			unique = name + strconv.Itoa(n)
		}
		taken[unique] = t
		return unique
	}
}

// huma makes errors through two package variables, so this package decides for the whole program what they look like.
func init() {
	// encoding/json reads a name in any case, so {"role":"readonly","Role":"whatever"} was checked as the one and read as the other.
	huma.ValidateStrictCasing = true
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return problemFrom(context.Background(), fault.En, status, message, errs)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		if ctx == nil {
			return problemFrom(context.Background(), fault.En, status, message, errs)
		}
		p := problemFrom(ctx.Context(), fault.Match(ctx.Header("Accept-Language")), status, message, errs)
		var f *fault.Fault
		if errors.As(p.cause, &f) {
			logFault(ctx.Context(), f)
			if f.RetryAfter > 0 {
				ctx.SetHeader("Retry-After", retryAfter(f.RetryAfter))
			}
		}
		ctx.SetHeader("Cache-Control", "no-store")
		ctx.AppendHeader("Vary", "Accept-Language")
		return p
	}
}

// problemFrom makes a problem of what huma reports: what a handler returned, what failed in validation, or huma's own.
func problemFrom(ctx context.Context, l fault.Language, status int, message string, errs []error) *Problem {
	request := RequestID(ctx)
	if status == http.StatusRequestEntityTooLarge {
		for _, e := range errs {
			if f := edgeFault(ctx, e); f.Code == fault.CodeExhausted {
				return problemOf(f, status, l, request)
			}
		}
	}
	if status == http.StatusInternalServerError && len(errs) == 1 {
		f := edgeFault(ctx, errs[0])
		var tooLarge *http.MaxBytesError
		if errors.As(errs[0], &tooLarge) {
			return problemOf(f, http.StatusRequestEntityTooLarge, l, request)
		}
		return problemOf(f, statusOf[f.Code], l, request)
	}
	if status >= 500 && status != http.StatusServiceUnavailable {
		return problemOf(fault.Internal(errors.Join(append([]error{errors.New(message)}, errs...)...)), status, l, request)
	}
	code := codeOf(status)
	p := &Problem{
		Type: "urn:minimart:fault:" + string(code), Title: title(code, l), Status: status,
		Detail: validationWords(message, l), Instance: request, Code: string(code),
	}
	var says []string
	for _, e := range errs {
		for _, w := range wrongs(e, l) {
			p.Errors = append(p.Errors, w)
			if w.Field != "" {
				says = append(says, w.Field+": "+w.Message)
			} else {
				says = append(says, w.Message)
			}
		}
	}
	if len(says) > 0 {
		p.Detail = strings.Join(says, "; ")
	}
	return p
}

// wrongs are the fields an error names.
func wrongs(e error, l fault.Language) []Wrong {
	if e == nil {
		return nil
	}
	var d huma.ErrorDetailer
	if errors.As(e, &d) {
		detail := d.ErrorDetail()
		in, field := place(detail.Location)
		return []Wrong{{Field: field, In: in, Message: validationWords(detail.Message, l)}}
	}
	f := fault.Of(e)
	if len(f.Fields) == 0 {
		return []Wrong{{Message: f.In(l)}}
	}
	var out []Wrong
	for _, field := range f.Fields {
		out = append(out, Wrong{Field: field.Name, Message: field.In(l)})
	}
	return out
}

// place takes huma's location apart: "body.items[3].name" is field "items[3].name" in the body.
func place(location string) (in, field string) {
	first, rest, _ := strings.Cut(location, ".")
	switch first {
	case "body", "query", "path", "header", "cookie", "form":
		return first, rest
	}
	return "", location
}

// GetStatus, Error and ContentType make a Problem an answer of huma's.
func (p *Problem) GetStatus() int { return p.Status }

// Error is the detail.
func (p *Problem) Error() string { return p.Detail }

// Unwrap is the fault the problem was made from, nil when huma made it.
func (p *Problem) Unwrap() error { return p.cause }

// ContentType is that of problems.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// edgeLimits makes the edge's limits those of huma's operations: an operation that declares MaxBodyBytes raises the
// limit of the edge, and huma sets no read deadline of its own, since it would end the request's context while the handler
// still runs.
func edgeLimits(ctx huma.Context, next func(huma.Context)) {
	if limit := ctx.Operation().MaxBodyBytes; limit > 0 {
		r, _ := humago.Unwrap(ctx)
		AllowBody(r, limit)
	}
	next(&operationContext{ctx})
}

type humaContext = huma.Context // an embedded field named Context would hide the method Context

type operationContext struct{ humaContext }

func (c *operationContext) SetReadDeadline(time.Time) error { return nil }

// Unwrap lets humago.Unwrap find the request.
func (c *operationContext) Unwrap() huma.Context { return c.humaContext }
