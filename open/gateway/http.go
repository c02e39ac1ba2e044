package gateway

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/fault"
)

// ConsoleRoutes adds the keys of an app to the console API: console is the group under /api/console/v1.
func (g *Gateway) ConsoleRoutes(console huma.API, who access.Who) {
	const keys = "/apps/{app}/keys"
	register := consoleOperation("Open API keys")
	huma.Register(console, register(http.MethodGet, keys, "list-keys", "List the keys of an app"), inAs(who, g.listKeys))
	huma.Register(console, register(http.MethodPost, keys, "create-key", "Create a key; its secret is in this answer alone"), inAs(who, g.createKey))
	huma.Register(console, register(http.MethodGet, keys+"/{key}", "get-key", "Show a key"), inAs(who, g.getKey))
	huma.Register(console, register(http.MethodPut, keys+"/{key}", "change-key", "Change a key's name, scopes and networks"), inAs(who, g.changeKey))
	huma.Register(console, register(http.MethodPost, keys+"/{key}/rotate", "rotate-key", "Make a successor; the old key lives on for a while"), inAs(who, g.rotateKey))
	huma.Register(console, register(http.MethodDelete, keys+"/{key}", "revoke-key", "Shut a key at once and for good"), inAs(who, g.revokeKey))
	huma.Register(console, register(http.MethodGet, "/apps/{app}/key-scopes", "list-key-scopes", "List the scopes a key may have"), inAs(who, g.listScopes))
}

// maxBody is the body of a console's request: a name, the scopes and 50 networks.
const maxBody = 16 << 10

func consoleOperation(tag string) func(method, path, operation, summary string) huma.Operation {
	return func(method, path, operation, summary string) huma.Operation {
		return huma.Operation{Method: method, Path: path, OperationID: "console-" + operation, Summary: summary, Tags: []string{tag}, MaxBodyBytes: maxBody}
	}
}

// inAs gives a handler the actor who asks.
func inAs[I, O any](who access.Who, handle func(context.Context, access.Actor, *I) (*O, error)) func(context.Context, *I) (*O, error) {
	return func(ctx context.Context, in *I) (*O, error) {
		actor, err := who(ctx)
		if err != nil {
			return nil, err
		}
		return handle(ctx, actor, in)
	}
}

// OfApp and OfKey are path parameters. They are exported for huma, which looks into exported structs alone.
type OfApp struct {
	App string `path:"app" maxLength:"64" doc:"Id of the app"`
}
type OfKey struct {
	OfApp
	Key string `path:"key" maxLength:"64" doc:"Id of the key"`
}

// KeyView is a key as consoles see it. Times are unix ms; one that has not come is left out.
type KeyView struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	State        KeyState `json:"state" enum:"live,expired,revoked"`
	Scopes       []string `json:"scopes" nullable:"false"`
	Networks     []string `json:"networks" nullable:"false" doc:"CIDR; empty for everywhere"`
	ReplacedBy   string   `json:"replacedBy,omitempty" doc:"The key that came by rotation"`
	CreatedBy    string   `json:"createdBy" doc:"Person"`
	CreatedAt    int64    `json:"createdAt" doc:"Unix ms"`
	ExpiresAt    int64    `json:"expiresAt,omitempty" doc:"Unix ms"`
	RevokedAt    int64    `json:"revokedAt,omitempty" doc:"Unix ms"`
	LastUsedAt   int64    `json:"lastUsedAt,omitempty" doc:"Unix ms, to the minute"`
	LastUsedFrom string   `json:"lastUsedFrom,omitempty" doc:"Address"`
}

// IssuedKeyView is a key with its secret.
type IssuedKeyView struct {
	KeyView
	Secret string `json:"secret" doc:"Shown this once"`
}

type keySpecBody struct {
	Name     string   `json:"name" doc:"For people" example:"warehouse server"`
	Scopes   []string `json:"scopes" nullable:"false"`
	Networks []string `json:"networks,omitempty" nullable:"false" doc:"Addresses and CIDR blocks calls may come from; none for everywhere"`
}

func (b keySpecBody) spec() KeySpec { return KeySpec(b) }

func (g *Gateway) view(k Key) KeyView {
	return KeyView{
		ID: k.ID, Name: k.Name, State: k.State(clock.Millis(g.clock)), Scopes: k.Scopes, Networks: k.Networks, ReplacedBy: k.ReplacedBy, CreatedBy: k.CreatedBy,
		CreatedAt: k.CreatedAt, ExpiresAt: k.ExpiresAt, RevokedAt: k.RevokedAt, LastUsedAt: k.LastUsedAt, LastUsedFrom: k.LastUsedFrom,
	}
}

// listed is an answer that holds things.
type listed[T any] struct {
	Body struct {
		Items []T `json:"items" nullable:"false"`
	}
}

func listOf[T any](items []T) *listed[T] {
	out := &listed[T]{}
	out.Body.Items = items
	return out
}

type keyAnswer struct{ Body KeyView }
type issuedAnswer struct {
	CacheControl string `header:"Cache-Control"` // secrets stay out of caches
	Body         IssuedKeyView
}

func (g *Gateway) listKeys(ctx context.Context, actor access.Actor, in *OfApp) (*listed[KeyView], error) {
	keys, err := g.Keys(ctx, actor, in.App)
	if err != nil {
		return nil, err
	}
	views := make([]KeyView, len(keys))
	for i, k := range keys {
		views[i] = g.view(k)
	}
	return listOf(views), nil
}

func (g *Gateway) issued(k IssuedKey, err error) (*issuedAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &issuedAnswer{"no-store", IssuedKeyView{g.view(k.Key), k.Secret}}, nil
}

func (g *Gateway) shown(k Key, err error) (*keyAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &keyAnswer{g.view(k)}, nil
}

func (g *Gateway) createKey(ctx context.Context, actor access.Actor, in *struct {
	OfApp
	Body keySpecBody
}) (*issuedAnswer, error) {
	return g.issued(g.CreateKey(ctx, actor, in.App, in.Body.spec()))
}

func (g *Gateway) getKey(ctx context.Context, actor access.Actor, in *OfKey) (*keyAnswer, error) {
	return g.shown(g.Key(ctx, actor, in.App, in.Key))
}

func (g *Gateway) changeKey(ctx context.Context, actor access.Actor, in *struct {
	OfKey
	Body keySpecBody
}) (*keyAnswer, error) {
	return g.shown(g.ChangeKey(ctx, actor, in.App, in.Key, in.Body.spec()))
}

func (g *Gateway) rotateKey(ctx context.Context, actor access.Actor, in *struct {
	OfKey
	Body struct {
		OverlapSeconds int64 `json:"overlapSeconds" doc:"How long the old key lives on, at most 30 days" example:"86400"`
	}
}) (*issuedAnswer, error) {
	most := int64(MaxKeyOverlap / time.Second)
	if in.Body.OverlapSeconds < 0 || in.Body.OverlapSeconds > most { // before it is multiplied
		return nil, fault.Invalid("overlapSeconds", badOverlap, most)
	}
	return g.issued(g.RotateKey(ctx, actor, in.App, in.Key, time.Duration(in.Body.OverlapSeconds)*time.Second))
}

func (g *Gateway) revokeKey(ctx context.Context, actor access.Actor, in *OfKey) (*keyAnswer, error) {
	return g.shown(g.RevokeKey(ctx, actor, in.App, in.Key))
}

// ScopeView is a scope as consoles see it.
type ScopeView struct {
	Name       string `json:"name"`
	Capability string `json:"capability,omitempty" doc:"What the app must have been granted"`
	Title      string `json:"title"`
	TitleZh    string `json:"titleZh"`
}

func (g *Gateway) listScopes(ctx context.Context, actor access.Actor, in *OfApp) (*listed[ScopeView], error) {
	if _, err := actor.InApp(ctx, in.App, ReadKeys); err != nil {
		return nil, err
	}
	views := make([]ScopeView, len(g.inOrder))
	for i, s := range g.inOrder {
		views[i] = ScopeView(s)
	}
	return listOf(views), nil
}
