package host

import (
	"context"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"minimart/platform/access"
	"minimart/platform/fault"
	"minimart/platform/httpapi"
)

// Sessions knows the consumers who have signed in. open/identity is one.
type Sessions interface {
	// Resume finds who a token belongs to. ctx holds the access.Visitor as far as it is known: the host app, the device and the
	// address, so that a session can be held to the host app it was begun in.
	// Errors: unauthenticated when there is no such session, or none any more; denied for a consumer who is suspended;
	// unavailable.
	Resume(ctx context.Context, token string) (consumer, session string, err error)
}

// Edge says how host apps reach the platform.
type Edge struct {
	// PublicURL is the address of this platform as browsers know it, "" when that is the one it listens on. When it begins
	// with https, the cookie never travels in the clear.
	PublicURL string
	// Address is where a request comes from, when a proxy stands in between. Default: the other end of the connection.
	Address func(*http.Request) netip.Addr
}

const hostPath = "/api/host/v1"

// The headers of the contract, see docs/host-sdk.md.
const (
	KeyHeader    = "Minimart-Host"
	DeviceHeader = "Minimart-Device"
)

type guard struct {
	service   *Service
	sessions  Sessions
	edge      Edge
	ownOrigin string // of PublicURL, "" for none
}

// Guard is the door of the host apps: the group of routes under /api/host/v1, for this room and others. Behind it
// access.VisitorOf says which host app asks, on which device, for which consumer. A route that only makes sense for somebody
// who has signed in is declared [SignedIn].
//
// A browser's requests are told by what pages cannot forge, Sec-Fetch-Site and Origin:
//
//   - From this origin, the session is in the cookie or in Authorization: Bearer.
//   - From an origin that the host app registered, it is in Authorization alone; CORS lets the page read the answer, and no
//     cookie is looked at.
//   - From anywhere else there is no session and nothing to be had. The sandbox a mini program runs in has an opaque origin:
//     it ends here.
//
// Answers have Cache-Control: no-store unless their route says otherwise.
func Guard(api huma.API, s *Service, sessions Sessions, e Edge) huma.API {
	g := newGuard(s, sessions, e)
	group := huma.NewGroup(api, hostPath)
	group.UseMiddleware(g.pass(api))
	api.Adapter().Handle(&huma.Operation{Method: http.MethodOptions, Path: hostPath + "/{rest...}"}, g.preflight(api))
	return group
}

func newGuard(s *Service, sessions Sessions, e Edge) *guard {
	g := &guard{service: s, sessions: sessions, edge: e}
	if u, err := url.Parse(e.PublicURL); err == nil && u.Host != "" {
		g.ownOrigin = strings.ToLower(u.Scheme + "://" + u.Host)
	}
	return g
}

const signedInKey = "host.signedIn"

// SignedIn keeps an operation behind [Guard] for consumers who have signed in: others are answered unauthenticated before
// their body is looked at.
func SignedIn(op huma.Operation) huma.Operation {
	m := maps.Clone(op.Metadata)
	if m == nil {
		m = map[string]any{}
	}
	m[signedInKey] = true
	op.Metadata = m
	op.Errors = append(slices.Clone(op.Errors), http.StatusUnauthorized)
	return op
}

// entrance is what the door knows of a request, beside the visitor.
type entrance struct {
	secure bool // reached over TLS
	same   bool // not from a page of another origin
	host   Host
	token  string
}

type entranceKey struct{}

// Of is the host app a request behind [Guard] came from.
func Of(ctx context.Context) (Host, bool) {
	e, ok := ctx.Value(entranceKey{}).(*entrance)
	if !ok {
		return Host{}, false
	}
	return e.host, true
}

// where is what browsers say about where a request comes from.
type where int

const (
	here      where = iota // a page of this origin, or no browser at all
	elsewhere              // a page of another origin that calls itself by a name
	nowhere                // a page of an opaque origin, or one that does not say
)

// origin is where a request comes from, and the other origin's name.
func (g *guard) origin(r *http.Request) (where, string) {
	name := r.Header.Get("Origin")
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return here, ""
	case "":
		if name == "" || g.isOwn(r, name) {
			return here, ""
		}
	default:
		if name == "" {
			return nowhere, ""
		}
	}
	if name == "null" || len(r.Header.Values("Origin")) > 1 || !wellFormedOrigin(name) {
		return nowhere, ""
	}
	return elsewhere, name
}

func (g *guard) isOwn(r *http.Request, origin string) bool {
	if g.ownOrigin != "" && strings.EqualFold(origin, g.ownOrigin) {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}

func (g *guard) pass(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(ctx)
		needed, _ := ctx.Operation().Metadata[signedInKey].(bool)
		visiting, err := g.admit(w.Header(), r, needed)
		if err != nil {
			refuse(api, ctx, err)
			return
		}
		next(huma.WithContext(ctx, visiting))
	}
}

// Handler is the same door for a plain handler, whose path is its own affair.
func Handler(s *Service, sessions Sessions, e Edge, next http.Handler) http.Handler {
	g := newGuard(s, sessions, e)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		visiting, err := g.admit(w.Header(), r, false)
		if err != nil {
			httpapi.WriteProblem(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(visiting))
	})
}

// admit is the whole of the door: the context of a request that may come in, and the headers its answer needs either way.
func (g *guard) admit(h http.Header, r *http.Request, signedIn bool) (context.Context, error) {
	h.Set("Cache-Control", "no-store")
	h["Vary"] = append(h["Vary"], "Origin")
	from, origin := g.origin(r)
	if from == elsewhere {
		// Before anything can fail: a page that may call at all may also read why it was refused.
		ok, err := g.service.registered(r.Context(), origin)
		if err != nil {
			return nil, err
		}
		if ok {
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Access-Control-Expose-Headers", "ETag, Retry-After, X-Request-Id")
		}
	}
	visiting, e, err := g.enter(r, from, origin)
	if err != nil {
		return nil, err
	}
	return g.recognise(visiting, r, e, signedIn)
}

// enter finds out which host app asks, and from where.
// Errors: denied for a page that may not ask, for no key and one that no host app has, and for a suspended host app; invalid
// for a device; unavailable.
func (g *guard) enter(r *http.Request, from where, origin string) (context.Context, *entrance, error) {
	if from == nowhere {
		return nil, nil, fault.Denied(notAPage)
	}
	key := r.Header.Get(KeyHeader)
	if key == "" {
		return nil, nil, fault.Denied(keyMissing, KeyHeader)
	}
	h, err := g.service.ByKey(r.Context(), key)
	if err != nil {
		return nil, nil, err
	}
	if from == elsewhere && !slices.Contains(h.Origins, origin) {
		return nil, nil, fault.Denied(otherOrigin, origin)
	}
	device := r.Header.Get(DeviceHeader)
	if device != "" && !wellFormedDevice(device) {
		return nil, nil, fault.Invalid(DeviceHeader, badDevice)
	}
	e := &entrance{secure: r.TLS != nil || strings.HasPrefix(g.edge.PublicURL, "https://"), same: from == here, host: h}
	v := access.Visitor{Host: h.ID, Device: device}
	if a := g.address(r); a.IsValid() {
		v.Address = a.String()
	}
	ctx := context.WithValue(r.Context(), entranceKey{}, e)
	return access.WithVisitor(ctx, v), e, nil
}

// recognise adds the consumer to the visitor. A token that opens nothing is no token, where none is needed: somebody whose
// session ended can still look at programs and sign in again.
// Errors: unauthenticated and denied where somebody must have signed in; unavailable.
func (g *guard) recognise(ctx context.Context, r *http.Request, e *entrance, needed bool) (context.Context, error) {
	token := bearer(r)
	if token == "" && e.same {
		token = cookieToken(r, e.secure)
	}
	err := error(fault.Unauthenticated(notSignedIn))
	if wellFormedToken(token) {
		v, _ := access.VisitorOf(ctx)
		if v.Consumer, v.Session, err = g.sessions.Resume(ctx, token); err == nil {
			e.token = token
			return access.WithVisitor(ctx, v), nil
		}
	}
	if needed || !fault.Is(err, fault.CodeUnauthenticated) && !fault.Is(err, fault.CodeDenied) {
		return nil, err
	}
	return ctx, nil
}

// preflight answers a browser that asks whether a page of another origin may call. It does not say which host app will.
func (g *guard) preflight(api huma.API) func(huma.Context) {
	return func(ctx huma.Context) {
		r, _ := humago.Unwrap(ctx)
		ctx.SetHeader("Cache-Control", "no-store")
		ctx.AppendHeader("Vary", "Origin")
		ctx.AppendHeader("Vary", "Access-Control-Request-Method")
		ctx.AppendHeader("Vary", "Access-Control-Request-Headers")
		origin := r.Header.Get("Origin")
		if len(r.Header.Values("Origin")) != 1 || !wellFormedOrigin(origin) {
			refuse(api, ctx, fault.Denied(notAPage))
			return
		}
		switch ok, err := g.service.registered(r.Context(), origin); {
		case err != nil:
			refuse(api, ctx, err)
			return
		case !ok:
			refuse(api, ctx, fault.Denied(otherOrigin, origin))
			return
		}
		ctx.SetHeader("Access-Control-Allow-Origin", origin)
		ctx.SetHeader("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE")
		ctx.SetHeader("Access-Control-Allow-Headers", strings.Join([]string{KeyHeader, DeviceHeader, "Authorization", "Content-Type", "Accept-Language", "If-None-Match"}, ", "))
		ctx.SetHeader("Access-Control-Max-Age", "600") // no Allow-Credentials, ever: cookies are for this origin
		ctx.SetStatus(http.StatusNoContent)
	}
}

func refuse(api huma.API, ctx huma.Context, err error) {
	_ = huma.WriteErr(api, ctx, http.StatusInternalServerError, "", err) // the edge makes a problem of the fault
}

func (g *guard) address(r *http.Request) netip.Addr {
	if g.edge.Address != nil {
		return g.edge.Address(r)
	}
	if peer, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		return peer.Addr().Unmap().WithZone("")
	}
	return netip.Addr{}
}
