package host

import (
	"context"
	"net/http"
	"time"

	"minimart/platform/clock"
)

// cookieName begins with __Host- where it can: then the browser takes the cookie from this very host only, over TLS only,
// and no neighbouring subdomain can plant one.
func cookieName(secure bool) string {
	if secure {
		return "__Host-minimart_consumer"
	}
	return "minimart_consumer"
}

func cookieToken(r *http.Request, secure bool) string {
	found := r.CookiesNamed(cookieName(secure))
	if len(found) != 1 { // two are one that somebody planted on another path, and who can say which
		return ""
	}
	return found[0].Value
}

// Cookies bring a consumer's token to the browser, until a time in unix ms (0: until it closes); "" takes it away. They are for
// an answer behind [Guard]:
//
//	type signedOn struct {
//		SetCookie []http.Cookie `header:"Set-Cookie"`
//		…
//	}
//
// There are none for a page of another origin, which keeps its token itself. The cookie goes with the page's own requests only
// (Strict), and no script reads it.
func Cookies(ctx context.Context, token string, until int64) []http.Cookie {
	e, in := ctx.Value(entranceKey{}).(*entrance)
	if !in || !e.same {
		return nil
	}
	c := http.Cookie{Name: cookieName(e.secure), Value: token, Path: "/", HttpOnly: true, Secure: e.secure, SameSite: http.SameSiteStrictMode}
	if token == "" {
		c.MaxAge = -1
	} else if until > 0 {
		c.Expires = clock.Time(until).Truncate(time.Second)
	}
	return []http.Cookie{c}
}

// Token is the token a request behind [Guard] brought, when it was good; "" otherwise.
func Token(ctx context.Context) string {
	e, _ := ctx.Value(entranceKey{}).(*entrance)
	if e == nil {
		return ""
	}
	return e.token
}
