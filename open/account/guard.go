package account

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"minimart/platform/fault"
	"minimart/platform/httpapi"
)

// Edge says how the consoles are reached.
type Edge struct {
	// PublicURL is the address of this platform as browsers know it, "" when that is the one it listens on. When it begins
	// with https, cookies never travel in the clear.
	PublicURL string
	// Proxies are the networks of the proxies in front of it: they alone are believed about where a request comes from.
	Proxies []netip.Prefix
}

const consolePath = "/api/console/v1"

// consoleHeader is what a request that changes something must carry. A page of another origin cannot send a header of its
// own without the browser asking first, and nobody here says yes.
const consoleHeader = "X-Minimart-Console"

type guard struct {
	service *Service
	edge    Edge
	origins *http.CrossOriginProtection
}

// Guard is the door of the consoles: the group of routes under /api/console/v1, for this room and others. A route behind it
// is for people who are signed in, see [Caller], unless it is declared [Public]; and a request that changes something must
// come from a page of this platform. That is told by two things that need no state:
//
//   - Sec-Fetch-Site, which browsers set and pages cannot, must be same-origin, or where it is missing (plain http, old
//     browsers) Origin must be the host itself. The sandbox a mini program runs in has an opaque origin and fails both.
//   - The header X-Minimart-Console must be there.
//
// A token bound to the session would not cover signing in, which has no session yet, and logging a victim in to the
// attacker's account is an attack too; these cover every route alike.
func Guard(api huma.API, s *Service, e Edge) huma.API {
	g := &guard{service: s, edge: e, origins: http.NewCrossOriginProtection()}
	if u, err := url.Parse(e.PublicURL); err == nil && u.Host != "" {
		_ = g.origins.AddTrustedOrigin(u.Scheme + "://" + u.Host) // well formed: it was just taken apart
	}
	group := huma.NewGroup(api, consolePath)
	group.UseMiddleware(g.pass(api))
	return group
}

const publicKey = "account.public"

// Public lets anybody call an operation behind [Guard].
func Public(op huma.Operation) huma.Operation {
	op.Metadata = map[string]any{publicKey: true}
	return op
}

type entrance struct {
	visitor Visitor
	secure  bool
	session func() (Session, error)
}

type entranceKey struct{}

// Caller is the session of a request that came through [Guard].
// Errors: unauthenticated; unavailable.
func Caller(ctx context.Context) (Session, error) {
	e, ok := ctx.Value(entranceKey{}).(*entrance)
	if !ok {
		return Session{}, fault.Unauthenticated(notSignedIn)
	}
	return e.session()
}

// VisitorOf is where a request that came through [Guard] comes from.
func VisitorOf(ctx context.Context) Visitor {
	if e, ok := ctx.Value(entranceKey{}).(*entrance); ok {
		return e.visitor
	}
	return Visitor{}
}

func (g *guard) pass(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		r, _ := humago.Unwrap(ctx)
		ctx.SetHeader("Cache-Control", "no-store")
		if changes(r.Method) && (g.origins.Check(r) != nil || r.Header.Get(consoleHeader) == "") {
			refuse(api, ctx, fault.Denied(notSameSite))
			return
		}
		e := &entrance{visitor: Visitor{Agent: r.UserAgent()}, secure: g.secure(r)}
		if a := httpapi.ClientAddress(r, g.edge.Proxies); a.IsValid() {
			e.visitor.Address = a.String()
		}
		e.session = sync.OnceValues(func() (Session, error) {
			return g.service.Resume(r.Context(), cookieToken(r, e.secure), e.visitor)
		})
		if public, _ := ctx.Operation().Metadata[publicKey].(bool); !public {
			if _, err := e.session(); err != nil { // before the body is looked at
				refuse(api, ctx, err)
				return
			}
		}
		next(huma.WithValue(ctx, entranceKey{}, e))
	}
}

func changes(method string) bool {
	return method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions
}

func refuse(api huma.API, ctx huma.Context, err error) {
	_ = huma.WriteErr(api, ctx, http.StatusInternalServerError, "", err) // the edge makes a problem of the fault
}

// secure says whether the browser reached us over TLS.
func (g *guard) secure(r *http.Request) bool {
	return r.TLS != nil || strings.HasPrefix(g.edge.PublicURL, "https://")
}

// cookieName begins with __Host- where it can: then the browser takes the cookie from this very host only, over TLS only,
// and no neighbouring subdomain can plant one.
func cookieName(secure bool) string {
	if secure {
		return "__Host-minimart"
	}
	return "minimart"
}

func cookieToken(r *http.Request, secure bool) string {
	c, err := r.Cookie(cookieName(secure))
	if err != nil {
		return ""
	}
	return c.Value
}

// cookie brings a token to the browser; "" takes it away. It lasts until the browser closes or the session ends, whichever
// comes first. Lax, so that a link from an e-mail finds its reader signed in.
func cookie(ctx context.Context, token string) http.Cookie {
	e, _ := ctx.Value(entranceKey{}).(*entrance)
	secure := e != nil && e.secure
	c := http.Cookie{Name: cookieName(secure), Value: token, Path: "/", HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode}
	if token == "" {
		c.MaxAge = -1
	}
	return c
}
