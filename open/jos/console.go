package jos

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"minimart/platform/access"
)

// ConsoleRoutes adds what consoles need of the door: console is the group under /api/console/v1.
func (s *Service) ConsoleRoutes(console huma.API, who access.Who) {
	op := func(method, path, operation, summary string) huma.Operation {
		return huma.Operation{Method: method, Path: path, OperationID: "console-" + operation, Summary: summary, Tags: []string{"JOS"}, MaxBodyBytes: 16 << 10}
	}
	const redirects, given = "/apps/{app}/keys/{key}/jos-redirects", "/apps/{app}/jos-authorizations"
	huma.Register(console, op(http.MethodGet, redirects, "list-jos-redirects", "Where a browser may come back to for a key"), inAs(who, s.getRedirects))
	huma.Register(console, op(http.MethodPut, redirects, "set-jos-redirects", "Say where a browser may come back to for a key"), inAs(who, s.putRedirects))
	huma.Register(console, op(http.MethodGet, "/jos-question", "get-jos-question", "What a key asks for at /oauth2/to_login"), inAs(who, s.getQuestion))
	huma.Register(console, op(http.MethodPost, given, "create-jos-authorization", "Let a key act for the app"), inAs(who, s.postAuthorization))
	huma.Register(console, op(http.MethodGet, given, "list-jos-authorizations", "The keys an app lets in"), inAs(who, s.listAuthorizations))
	huma.Register(console, op(http.MethodDelete, given+"/{authorization}", "withdraw-jos-authorization", "End an authorization at once"), inAs(who, s.deleteAuthorization))
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

// listed is an answer that holds things.
type listed[T any] struct {
	Body struct {
		Items []T `json:"items" nullable:"false"`
	}
}

func listOf[A, B any](items []A, view func(A) B) *listed[B] {
	out := &listed[B]{}
	out.Body.Items = make([]B, len(items))
	for i, a := range items {
		out.Body.Items[i] = view(a)
	}
	return out
}

func same(s string) string { return s }

// OfKey are path parameters. It is exported for huma, which looks into exported structs alone.
type OfKey struct {
	App string `path:"app" maxLength:"64" doc:"Id of the app"`
	Key string `path:"key" maxLength:"64" doc:"Id of the key"`
}

func (s *Service) getRedirects(ctx context.Context, actor access.Actor, in *OfKey) (*listed[string], error) {
	uris, err := s.Redirects(ctx, actor, in.App, in.Key)
	if err != nil {
		return nil, err
	}
	return listOf(uris, same), nil
}

func (s *Service) putRedirects(ctx context.Context, actor access.Actor, in *struct {
	OfKey
	Body struct {
		Items []string `json:"items" nullable:"false" doc:"At most 10 addresses, https" example:"https://erp.example/jd/callback"`
	}
}) (*listed[string], error) {
	uris, err := s.SetRedirects(ctx, actor, in.App, in.Key, in.Body.Items)
	if err != nil {
		return nil, err
	}
	return listOf(uris, same), nil
}

// ScopeView is a scope as consoles see it.
type ScopeView struct {
	Name       string `json:"name"`
	Capability string `json:"capability,omitempty" doc:"What the app must have been granted besides"`
	Title      string `json:"title"`
	TitleZh    string `json:"titleZh"`
}

// QuestionView is what somebody is to decide about.
type QuestionView struct {
	Key         string      `json:"key"`
	KeyName     string      `json:"keyName"`
	App         string      `json:"app" doc:"Whose key it is"`
	Org         string      `json:"organisation" doc:"Of that app"`
	RedirectURI string      `json:"redirectUri" doc:"Where the browser goes afterwards"`
	Scopes      []ScopeView `json:"scopes" nullable:"false" doc:"What it would be allowed"`
}

func (s *Service) getQuestion(ctx context.Context, _ access.Actor, in *struct {
	AppKey      string `query:"app_key" maxLength:"64"`
	RedirectURI string `query:"redirect_uri" maxLength:"500"`
}) (*struct{ Body QuestionView }, error) {
	a, err := s.Question(ctx, in.AppKey, in.RedirectURI)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body QuestionView }{QuestionView{Key: a.Key, KeyName: a.KeyName, App: a.App, Org: a.Org, RedirectURI: a.Redirect, Scopes: []ScopeView{}}}
	for _, scope := range a.Scopes {
		out.Body.Scopes = append(out.Body.Scopes, ScopeView(scope))
	}
	return out, nil
}

func (s *Service) postAuthorization(ctx context.Context, actor access.Actor, in *struct {
	App  string `path:"app" maxLength:"64" doc:"Id of the app the key is to act for"`
	Body struct {
		AppKey      string `json:"appKey" maxLength:"64"`
		RedirectURI string `json:"redirectUri" maxLength:"500"`
		State       string `json:"state,omitempty" maxLength:"1024"`
	}
}) (*struct {
	CacheControl string `header:"Cache-Control"` // a code stays out of caches
	Body         struct {
		Redirect string `json:"redirect" doc:"Send the browser there; it carries the code"`
	}
}, error) {
	to, err := s.Authorize(ctx, actor, in.App, in.Body.AppKey, in.Body.RedirectURI, in.Body.State)
	if err != nil {
		return nil, err
	}
	out := &struct {
		CacheControl string `header:"Cache-Control"`
		Body         struct {
			Redirect string `json:"redirect" doc:"Send the browser there; it carries the code"`
		}
	}{CacheControl: "no-store"}
	out.Body.Redirect = to
	return out, nil
}

// AuthorizationView is an authorization as consoles see it. Times are unix ms; one that has not come is left out.
type AuthorizationView struct {
	ID      string   `json:"id"`
	Key     string   `json:"key"`
	KeyApp  string   `json:"keyApp" doc:"Whose key it is"`
	KeyOrg  string   `json:"keyOrganisation"`
	Scopes  []string `json:"scopes" nullable:"false"`
	GivenBy string   `json:"givenBy" doc:"Person"`
	GivenAt int64    `json:"givenAt" doc:"Unix ms"`
	UsedAt  int64    `json:"usedAt,omitempty" doc:"Unix ms, to the minute"`
}

func (s *Service) listAuthorizations(ctx context.Context, actor access.Actor, in *struct {
	App string `path:"app" maxLength:"64"`
}) (*listed[AuthorizationView], error) {
	given, err := s.Authorizations(ctx, actor, in.App)
	if err != nil {
		return nil, err
	}
	return listOf(given, func(a Authorization) AuthorizationView {
		return AuthorizationView{ID: a.ID, Key: a.Key, KeyApp: a.KeyApp, KeyOrg: a.KeyOrg, Scopes: a.Scopes, GivenBy: a.GivenBy, GivenAt: a.GivenAt, UsedAt: a.UsedAt}
	}), nil
}

func (s *Service) deleteAuthorization(ctx context.Context, actor access.Actor, in *struct {
	App           string `path:"app" maxLength:"64"`
	Authorization string `path:"authorization" maxLength:"64"`
}) (*struct{}, error) {
	return nil, s.Withdraw(ctx, actor, in.App, in.Authorization)
}
