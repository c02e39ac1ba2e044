package account

import (
	"context"

	"minimart/platform/access"
	"minimart/platform/fault"
)

// Apps knows which organisation owns an app. program/release does.
type Apps interface {
	// OrgOf is the organisation that owns app. Errors: not_found; unavailable.
	OrgOf(ctx context.Context, app string) (org string, err error)
}

// Actors is how other rooms learn who is behind a request that came through [Guard], and what that person may do.
func (s *Service) Actors(apps Apps) access.Who {
	return func(ctx context.Context) (access.Actor, error) {
		by, err := Caller(ctx)
		if err != nil {
			return nil, err
		}
		return s.Actor(by, apps), nil
	}
}

// Actor is the person of a session, as other rooms see it.
func (s *Service) Actor(by Session, apps Apps) access.Actor { return actor{s, apps, by} }

type actor struct {
	accounts *Service
	apps     Apps
	session  Session
}

func (a actor) ActorID() string { return a.session.Person }

func (a actor) Address() string { return a.session.From.Address }

func (a actor) InApp(ctx context.Context, app string, do access.Action) (string, error) {
	org, err := a.apps.OrgOf(ctx, app)
	if err == nil {
		err = a.InOrganisation(ctx, org, do)
	}
	if fault.Is(err, fault.CodeNotFound) { // the same for an app there is not and for a neighbour's
		return "", fault.NotFound(noApp, fault.Cut(app, 40))
	}
	if err != nil {
		return "", err
	}
	return org, nil
}

func (a actor) InOrganisation(ctx context.Context, org string, do access.Action) error {
	return a.accounts.Authorize(ctx, a.session, org, do)
}

func (a actor) OnPlatform(ctx context.Context, do access.Action) error {
	_, err := a.accounts.AuthorizeOperator(ctx, a.session, do)
	return err
}
