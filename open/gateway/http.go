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

// Routes adds the keys of an app to the console API: api is the group under /api/console/v1.
func (g *Gateway) Routes(api huma.API, who access.Who) {
	const keys = "/apps/{app}/keys"
	register := consoleOperation("Open API keys")
	huma.Register(api, register(http.MethodGet, keys, "list-keys", "List the keys of an app"), inAs(who, g.listKeys))
	huma.Register(api, register(http.MethodPost, keys, "create-key", "Create a key; its secret is in this answer alone"), inAs(who, g.createKey))
	huma.Register(api, register(http.MethodGet, keys+"/{key}", "get-key", "Show a key"), inAs(who, g.getKey))
	huma.Register(api, register(http.MethodPut, keys+"/{key}", "change-key", "Change a key's name, scopes and networks"), inAs(who, g.changeKey))
	huma.Register(api, register(http.MethodPost, keys+"/{key}/rotate", "rotate-key", "Make a successor; the old key lives on for a while"), inAs(who, g.rotateKey))
	huma.Register(api, register(http.MethodDelete, keys+"/{key}", "revoke-key", "Shut a key at once and for good"), inAs(who, g.revokeKey))
	huma.Register(api, register(http.MethodGet, "/apps/{app}/key-scopes", "list-key-scopes", "List the scopes a key may have"), inAs(who, g.listScopes))
}

func consoleOperation(tag string) func(method, path, operation, summary string) huma.Operation {
	return func(method, path, operation, summary string) huma.Operation {
		return huma.Operation{Method: method, Path: path, OperationID: operation, Summary: summary, Tags: []string{tag}}
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

// KeyView is a key as consoles see it.
type KeyView struct {
	ID           string    `json:"id"`
	Name         string    `json:"name"`
	State        KeyState  `json:"state" enum:"live,expired,revoked"`
	Scopes       []string  `json:"scopes"`
	Networks     []string  `json:"networks" doc:"CIDR; empty for everywhere"`
	ReplacedBy   string    `json:"replaced_by,omitempty" doc:"The key that came by rotation"`
	CreatedBy    string    `json:"created_by"`
	CreatedAt    time.Time `json:"created_at"`
	ExpiresAt    time.Time `json:"expires_at,omitzero"`
	RevokedAt    time.Time `json:"revoked_at,omitzero"`
	LastUsedAt   time.Time `json:"last_used_at,omitzero" doc:"To the minute"`
	LastUsedFrom string    `json:"last_used_from,omitempty" doc:"Address"`
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
		CreatedAt: clock.Time(k.CreatedAt), ExpiresAt: timeOrZero(k.ExpiresAt), RevokedAt: timeOrZero(k.RevokedAt), LastUsedAt: timeOrZero(k.LastUsedAt), LastUsedFrom: k.LastUsedFrom,
	}
}

func timeOrZero(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return clock.Time(ms)
}

type keyAnswer struct{ Body KeyView }
type issuedAnswer struct {
	CacheControl string `header:"Cache-Control"` // secrets stay out of caches
	Body         IssuedKeyView
}

func (g *Gateway) listKeys(ctx context.Context, actor access.Actor, in *OfApp) (*struct {
	Body struct {
		Keys []KeyView `json:"keys"`
	}
}, error) {
	keys, err := g.Keys(ctx, actor, in.App)
	if err != nil {
		return nil, err
	}
	out := &struct {
		Body struct {
			Keys []KeyView `json:"keys"`
		}
	}{}
	out.Body.Keys = make([]KeyView, len(keys))
	for i, k := range keys {
		out.Body.Keys[i] = g.view(k)
	}
	return out, nil
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
		OverlapSeconds int64 `json:"overlap_seconds" doc:"How long the old key lives on, at most 30 days" example:"86400"`
	}
}) (*issuedAnswer, error) {
	most := int64(MaxKeyOverlap / time.Second)
	if in.Body.OverlapSeconds < 0 || in.Body.OverlapSeconds > most { // before it is multiplied
		return nil, fault.Invalid("overlap_seconds", badOverlap, most)
	}
	return g.issued(g.RotateKey(ctx, actor, in.App, in.Key, time.Duration(in.Body.OverlapSeconds)*time.Second))
}

func (g *Gateway) revokeKey(ctx context.Context, actor access.Actor, in *OfKey) (*keyAnswer, error) {
	return g.shown(g.RevokeKey(ctx, actor, in.App, in.Key))
}

type scopeView struct {
	Name       string `json:"name"`
	Capability string `json:"capability,omitempty" doc:"What the app must have been granted"`
	Title      string `json:"title"`
	TitleZh    string `json:"title_zh"`
}

func (g *Gateway) listScopes(ctx context.Context, actor access.Actor, in *OfApp) (*struct {
	Body struct {
		Scopes []scopeView `json:"scopes"`
	}
}, error) {
	if _, err := actor.InApp(ctx, in.App, ReadKeys); err != nil {
		return nil, err
	}
	out := &struct {
		Body struct {
			Scopes []scopeView `json:"scopes"`
		}
	}{}
	out.Body.Scopes = []scopeView{}
	for _, s := range g.inOrder {
		out.Body.Scopes = append(out.Body.Scopes, scopeView(s))
	}
	return out, nil
}
