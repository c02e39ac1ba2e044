package wechat

import (
	"context"
	"net/http"

	"minimart/platform/access"
)

// Keys knows keys of the open API. open/gateway is one; its errors mean what they mean there.
type Keys interface {
	// Present lets in who shows the secret of a live key of app.
	Present(ctx context.Context, r *http.Request, app, secret string) (access.Caller, error)
	// Recall is the caller with a key that it has proved to have before.
	Recall(ctx context.Context, r *http.Request, key string) (access.Caller, error)
	// Charge takes a call out of the caller's quotas, if it may make it.
	Charge(ctx context.Context, h http.Header, c access.Caller, scope string) error
}

// Login is who a login code was for.
type Login struct {
	OpenID     string
	UnionID    string // "" when there is none
	SessionKey string // base64 of 16 bytes, as clients expect it
}

// Sessions knows the consumers of an app. open/identity is one.
type Sessions interface {
	// ExchangeLogin answers who the consumer is that code was made for, once.
	// Errors: invalid or not_found for a code that is not one of app's or has expired; conflict for one that was used; denied for
	// a consumer who is shut out; exhausted; unavailable.
	ExchangeLogin(ctx context.Context, app, code string) (Login, error)
	// CheckSession says whether signature is HMAC-SHA256 of the empty text, in hexadecimal, under the session key of openid.
	// Errors: not_found for an openid that is not one of app's; unavailable.
	CheckSession(ctx context.Context, app, openid, signature string) (bool, error)
	// ResetSession gives openid a new session key, if signature is right for the one it has.
	// Errors: not_found; denied for a wrong signature; unavailable.
	ResetSession(ctx context.Context, app, openid, signature string) (Login, error)
}

// Phone is a phone number.
type Phone struct {
	Number  string // without the country's code: "13800138000"
	Country string // "86"
	At      int64  // when the consumer agreed, unix ms
}

// Phones knows the phone numbers that consumers gave to an app. open/identity is one.
type Phones interface {
	// ExchangePhone answers the number that code was made for, once. Errors: as ExchangeLogin of Sessions.
	ExchangePhone(ctx context.Context, app, code string) (Phone, error)
}

// Parts are those behind the door. Routes of one that is nil answer that this platform does not offer them.
type Parts struct {
	Sessions Sessions
	Phones   Phones
}

// Scopes of the open API that a key needs here. They are declared by the rooms behind the door.
const (
	ScopeIdentity = "identity:exchange"
	ScopePhone    = "phone-number:read"
)
