package gateway

import (
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"minimart/open/gateway/signing"
	"minimart/platform/fault"
	"minimart/platform/httpapi"
)

// securityName is what the OpenAPI document calls the signature.
const securityName = "signature"

// Require is a middleware for huma operations that lets signed calls in whose key has the scope and whose app was granted
// what the scope needs. It panics on a scope that is not among Options.Scopes.
func (g *Gateway) Require(scope string) func(huma.Context, func(huma.Context)) {
	s := g.scope(scope)
	return func(ctx huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(ctx)
		if ctx.Context() != r.Context() { // something before this put a value in
			r = r.WithContext(ctx.Context())
		}
		g.serve(s, w, r, func(w http.ResponseWriter, r *http.Request) {
			next(&admittedContext{humago.NewContext(ctx.Operation(), r, w)})
		})
	}
}

// RequireHandler is Require for a plain handler.
func (g *Gateway) RequireHandler(scope string, next http.Handler) http.Handler {
	s := g.scope(scope)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { g.serve(s, w, r, next.ServeHTTP) })
}

// Guard is op behind Require, described in the OpenAPI document: its signature, its scope, its answers. It keeps what op has.
func (g *Gateway) Guard(op huma.Operation, scope string) huma.Operation {
	op.Middlewares = append(huma.Middlewares{g.Require(scope)}, op.Middlewares...)
	op.Security = append(op.Security, map[string][]string{securityName: {scope}})
	if op.Method == http.MethodPost {
		longest := maxIdempotencyKey
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: huma.TypeString, MaxLength: &longest},
			Description: "A name for this call: made again with the same name within 24 hours, it is answered as the first time, and nothing is done twice",
		})
	}
	op.Errors = append(op.Errors, http.StatusUnauthorized, http.StatusForbidden, http.StatusConflict, http.StatusTooManyRequests)
	return op
}

// Describe adds the signature to the OpenAPI document of api.
func Describe(api huma.API) {
	doc := api.OpenAPI()
	if doc.Components == nil {
		doc.Components = &huma.Components{}
	}
	if doc.Components.SecuritySchemes == nil {
		doc.Components.SecuritySchemes = map[string]*huma.SecurityScheme{}
	}
	doc.Components.SecuritySchemes[securityName] = &huma.SecurityScheme{
		Type: "http", Scheme: signing.Scheme,
		Description: "HMAC-SHA256 over method, path, query, timestamp, nonce, key and body hash: Authorization: " + signing.Scheme +
			" key=…, timestamp=…, nonce=…, body=…, signature=…",
	}
}

func (g *Gateway) scope(name string) Scope {
	s, ok := g.scopes[name]
	if !ok {
		panic(fmt.Sprintf("gateway: the scope %q is not among Options.Scopes", name))
	}
	return s
}

// serve lets a call in, or says why not.
func (g *Gateway) serve(scope Scope, w http.ResponseWriter, r *http.Request, next func(http.ResponseWriter, *http.Request)) {
	admitted, caller, err := g.admit(w, r, scope)
	if err == nil && r.Method == http.MethodPost && r.Header.Get("Idempotency-Key") != "" {
		err = g.once(w, admitted, caller, next)
	} else if err == nil {
		next(w, admitted)
	}
	if err != nil {
		if fault.Is(err, fault.CodeUnauthenticated) {
			w.Header().Set("WWW-Authenticate", signing.Scheme)
		}
		httpapi.WriteProblem(w, r, err)
	}
}

type humaContext = huma.Context // an embedded field named Context would hide the method Context

// admittedContext is a fresh context for a call that was let in. Like the edge's it sets no read deadline: the body is read,
// and huma's deadline would end the request's context while the handler still runs.
type admittedContext struct{ humaContext }

func (c *admittedContext) SetReadDeadline(time.Time) error { return nil }

// Unwrap lets humago.Unwrap find the request.
func (c *admittedContext) Unwrap() huma.Context { return c.humaContext }
