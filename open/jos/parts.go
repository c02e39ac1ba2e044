package jos

import (
	"context"
	"net/http"

	"minimart/platform/access"
)

// Keys knows keys of the open API. open/gateway is one; its errors mean what they mean there.
type Keys interface {
	// Verify lets in who proves that it knows the secret of a live key.
	Verify(ctx context.Context, r *http.Request, key string, check func(secret string) bool) (access.Caller, error)
	// WhoHas is the caller a live key stands for, and what the key is called.
	WhoHas(ctx context.Context, key string) (c access.Caller, name string, err error)
	// Charge takes a call out of the caller's quotas, if it may make it.
	Charge(ctx context.Context, h http.Header, c access.Caller, scope string) error
}

// Login is who a login code was for.
type Login struct {
	OpenID  string
	UnionID string // "" when there is none
}

// Sessions knows the consumers of an app. open/identity is one.
type Sessions interface {
	// ExchangeLogin answers who the consumer is that code was made for, once.
	// Errors: invalid, not_found or conflict for a code that is good for nothing; exhausted; unavailable.
	ExchangeLogin(ctx context.Context, app, code string) (Login, error)
}

// Package is what was uploaded as a version of an app.
type Package struct {
	App     string
	Version string
	Org     string // the organisation the app must belong to
}

// Versions makes versions of apps. program/release stands behind it.
type Versions interface {
	// Commit makes a development version of c.App out of a package that was uploaded before. The same package again answers
	// the version that is there.
	// Errors: invalid; not_found for a package that is not there or does not belong to of.Org; conflict; exhausted; unavailable.
	Commit(ctx context.Context, c access.Caller, of Package, name, description string) (version string, err error)
	// Try puts a version of c.App on trial and answers the path of a link to it. Errors: as Commit.
	Try(ctx context.Context, c access.Caller, version string) (path string, err error)
}

// Reviews takes versions for review. program/review stands behind it.
type Reviews interface {
	// Submit hands a version of c.App to the reviewers. Errors: as Versions.Commit.
	Submit(ctx context.Context, c access.Caller, version string) error
	// Withdraw takes the version of c.App that is in review back. Errors: not_found or conflict when none is.
	Withdraw(ctx context.Context, c access.Caller) error
}

// Parts are those behind the door. Methods of one that is nil are not offered.
type Parts struct {
	Sessions Sessions
	Versions Versions
	Reviews  Reviews
}

// Scopes of the open API that a key needs here. They are declared by the rooms behind the door.
const (
	ScopeIdentity = "identity:exchange"
	ScopeUpload   = "program:upload"
)
