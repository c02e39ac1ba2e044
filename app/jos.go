package app

import (
	"context"
	"errors"

	"minimart/open/identity"
	"minimart/open/jos"
	"minimart/platform/access"
	"minimart/platform/fault"
	"minimart/program/release"
	"minimart/program/review"
	"minimart/program/upload"
)

// What servers that speak to JD find behind their door.

type josSessions struct{ *identity.Service }

func (j josSessions) ExchangeLogin(ctx context.Context, app, code string) (jos.Login, error) {
	l, err := j.Service.ExchangeLogin(ctx, app, code)
	return jos.Login{OpenID: l.OpenID, UnionID: l.UnionID}, exchanged(err)
}

type josVersions struct {
	releases *release.Service
	uploads  *upload.Uploads
}

// Commit makes a version of the caller's app out of the package of another version of the same organisation.
func (j josVersions) Commit(ctx context.Context, c access.Caller, of jos.Package, name, description string) (string, error) {
	org, err := j.releases.OrgOf(ctx, of.App)
	if err == nil && org != of.Org {
		err = fault.NotFound("there is no app %s", of.App)
	}
	if err != nil {
		return "", err
	}
	if _, err := j.releases.Version(ctx, of.App, of.Version); err != nil {
		return "", err
	}
	files, err := j.releases.Source(ctx, of.Version)
	if err != nil {
		return "", err
	}
	zip, err := release.Pack(files)
	if err != nil {
		return "", err
	}
	done, err := j.uploads.Upload(ctx, release.ByCaller(c), upload.Package{App: c.App, Label: name, Notes: description, Zip: zip})
	return done.Version.ID, err
}

func (j josVersions) Try(ctx context.Context, c access.Caller, version string) (string, error) {
	link, err := j.releases.Try(ctx, release.ByCaller(c), c.App, version)
	return link.Path(), err
}

type josReviews struct {
	releases *release.Service
	reviews  *review.Service
}

func (j josReviews) Submit(ctx context.Context, c access.Caller, version string) error {
	_, err := j.reviews.Submit(ctx, server{c}, c.App, version, "")
	return err
}

// Withdraw finds the version in review among the app's latest: only one can be.
func (j josReviews) Withdraw(ctx context.Context, c access.Caller) error {
	versions, err := j.releases.Versions(ctx, c.App, 0, 100)
	if err != nil {
		return err
	}
	for _, v := range versions {
		if v.State == release.StateInReview {
			_, err := j.reviews.Withdraw(ctx, server{c}, c.App, v.ID)
			return err
		}
	}
	return fault.Conflict("no version of %s is in review", c.App)
}

// server is a caller of the open API where a room asks for an actor: it acts in the app of its key alone, and what it may do
// there its scopes have said already.
type server struct{ access.Caller }

func (s server) ActorID() string { return s.Key }

func (s server) Address() string { return "" }

func (s server) InApp(_ context.Context, app string, _ access.Action) (string, error) {
	if app != s.App {
		return "", fault.NotFound("there is no app %s", app)
	}
	return s.Org, nil
}

func (s server) InOrganisation(context.Context, string, access.Action) error {
	return errors.New("a server's key is good for one app, not for an organisation")
}

func (s server) OnPlatform(context.Context, access.Action) error {
	return errors.New("a server's key is good for one app, not for the platform")
}

var _ = fault.Chinese(map[string]string{"no version of %s is in review": "小程序 %s 没有审核中的版本"})
