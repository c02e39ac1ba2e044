// Package accesstest has actors, a log and a door for tests of rooms that stand on platform/access.
//
//	mina := accesstest.Actor{ID: "usr_mina", Org: "org_mina", Apps: []string{app}}         // may do everything at home
//	look := accesstest.Actor{ID: "usr_look", Org: "org_mina", Apps: []string{app}, Only: []access.Action{"program.read"}}
//	root := accesstest.Actor{ID: "usr_root", Operator: true}
package accesstest

import (
	"context"
	"net/http"
	"slices"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"minimart/platform/access"
	"minimart/platform/db"
	"minimart/platform/fault"
)

// Actor is somebody in one organisation, which owns apps. It answers as the real one does: not_found outside, denied inside.
type Actor struct {
	ID       string
	Org      string
	Apps     []string
	Only     []access.Action // all it may do; nil for everything
	Operator bool            // whether what it may do holds for the platform
}

// ActorID is its id.
func (a Actor) ActorID() string { return a.ID }

// Address is one of those set aside for documentation.
func (a Actor) Address() string { return "192.0.2.1" }

// InApp is the organisation, when the app is one of its own.
func (a Actor) InApp(_ context.Context, app string, do access.Action) (string, error) {
	if !slices.Contains(a.Apps, app) {
		return "", fault.NotFound("there is no app %s", app)
	}
	return a.Org, a.can(do)
}

// InOrganisation says yes in its own.
func (a Actor) InOrganisation(_ context.Context, org string, do access.Action) error {
	if org != a.Org || org == "" {
		return fault.NotFound("there is no organisation %s", org)
	}
	return a.can(do)
}

// OnPlatform says yes to an operator.
func (a Actor) OnPlatform(_ context.Context, do access.Action) error {
	if !a.Operator {
		return fault.Denied("this is for the operator of the platform")
	}
	return a.can(do)
}

func (a Actor) can(do access.Action) error {
	if a.Only != nil && !slices.Contains(a.Only, do) {
		return fault.Denied("your role does not allow %s", do)
	}
	return nil
}

// Is is an access.Who that finds a.
func Is(a access.Actor) access.Who {
	return func(context.Context) (access.Actor, error) { return a, nil }
}

// As is an access.Who that finds the actor a request names in the header X-Actor, and nobody without.
func As(actors map[string]access.Actor) (access.Who, func(http.Handler) http.Handler) {
	type key struct{}
	who := func(ctx context.Context) (access.Actor, error) {
		name, _ := ctx.Value(key{}).(string)
		if a, ok := actors[name]; ok {
			return a, nil
		}
		return nil, fault.Unauthenticated("sign in first")
	}
	return who, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), key{}, r.Header.Get("X-Actor"))))
		})
	}
}

// Log keeps entries in memory, also those of transactions that are given up.
type Log struct {
	mu      sync.Mutex
	entries []access.Entry
}

// Record keeps e.
func (l *Log) Record(_ context.Context, _ db.Tx, e access.Entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, e)
	return nil
}

// Entries are those kept so far.
func (l *Log) Entries() []access.Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.entries)
}

// Actions are what the entries tell, in order.
func (l *Log) Actions() []string {
	var out []string
	for _, e := range l.Entries() {
		out = append(out, e.Action)
	}
	return out
}

// Door is an access.Door that lets everybody in as the app in the header X-App, with every scope; without it: unauthenticated.
type Door struct{ API huma.API }

// Guard is op behind it.
func (d Door) Guard(op huma.Operation, scope string) huma.Operation {
	op.Middlewares = append(huma.Middlewares{func(ctx huma.Context, next func(huma.Context)) {
		app := ctx.Header("X-App")
		if app == "" {
			_ = huma.WriteErr(d.API, ctx, http.StatusUnauthorized, "", fault.Unauthenticated("name the app in X-App"))
			return
		}
		next(huma.WithContext(ctx, access.WithCaller(ctx.Context(), access.Caller{App: app, Org: "org_" + app, Key: "key_test", Scopes: []string{scope}})))
	}}, op.Middlewares...)
	return op
}
