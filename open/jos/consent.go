package jos

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"minimart/open/jos/josdb"
	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
)

// What somebody in a console must be allowed to do: to let another key in is as much as to make one.
const (
	actionRead   access.Action = "key.read"
	actionManage access.Action = "key.manage"
)

// AuthorizationPrefix begins the id of an authorization.
const AuthorizationPrefix = "jau"

const (
	maxRedirects = 10 // of a key
	maxRedirect  = 500
	maxGiven     = 100 // authorizations of an app
)

// Authorization is that an app lets the key of another one act for it. Times are unix ms, 0 for never.
type Authorization struct {
	ID      string
	App     string // for which the key may act
	Key     string
	KeyApp  string // of the key
	KeyOrg  string
	Scopes  []string
	GivenBy string // person
	GivenAt int64
	UsedAt  int64 // to the minute
}

func authorizationOf(r josdb.JosAuthorization) (Authorization, error) {
	a := Authorization{ID: r.ID, App: r.AppID, Key: r.KeyID, KeyApp: r.KeyAppID, KeyOrg: r.KeyOrgID, GivenBy: r.GivenBy, GivenAt: r.GivenAt, UsedAt: r.UsedAt}
	if err := json.Unmarshal([]byte(r.Scopes), &a.Scopes); err != nil {
		return Authorization{}, fmt.Errorf("jos: the scopes of %s cannot be read: %w", r.ID, err)
	}
	return a, nil
}

func join(scopes []string) string { return strings.Join(scopes, " ") }

// ownKey checks that a key is one of app. Errors: not_found, also for a key of another app.
func (s *Service) ownKey(ctx context.Context, app, key string) error {
	c, _, err := s.keys.WhoHas(ctx, key)
	if fault.Is(err, fault.CodeNotFound) || err == nil && c.App != app {
		return fault.NotFound(keyOfAnother, printable(key))
	}
	return err
}

// Redirects are where a browser may come back to for a key of an app. Who may read keys may call it.
// Errors: not_found; denied; unavailable.
func (s *Service) Redirects(ctx context.Context, actor access.Actor, app, key string) (uris []string, err error) {
	if _, err := actor.InApp(ctx, app, actionRead); err != nil {
		return nil, err
	}
	if err := s.ownKey(ctx, app, key); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx db.Tx) (err error) {
		uris, err = josdb.New(tx).Redirects(ctx, key)
		return err
	})
	return uris, err
}

// SetRedirects says where a browser may come back to for a key. Who may manage keys may call it.
// Errors: invalid with every address that is wrong; not_found; denied; unavailable.
func (s *Service) SetRedirects(ctx context.Context, actor access.Actor, app, key string, uris []string) ([]string, error) {
	org, err := actor.InApp(ctx, app, actionManage)
	if err != nil {
		return nil, err
	}
	var checks fault.Checks
	if checks.Require(len(uris) <= maxRedirects, "items", tooManyRedirects, len(uris), maxRedirects) {
		for i, uri := range uris {
			checks.Require(goodRedirect(uri), fmt.Sprintf("items[%d]", i), redirectForm, printable(uri))
		}
	}
	if err := checks.Err(); err != nil {
		return nil, err
	}
	if err := s.ownKey(ctx, app, key); err != nil {
		return nil, err
	}
	uris = slices.Compact(slices.Sorted(slices.Values(uris)))
	err = s.db.Update(ctx, func(tx db.Tx) error {
		q := josdb.New(tx)
		if err := q.ClearRedirects(ctx, key); err != nil {
			return err
		}
		for _, uri := range uris {
			if err := q.AddRedirect(ctx, josdb.AddRedirectParams{KeyID: key, Uri: uri, AppID: app}); err != nil {
				return err
			}
		}
		return s.log.Record(ctx, tx, access.Done(actor, org, "jos.redirects-changed", key, map[string]string{"app": app, "addresses": join(uris)}))
	})
	return uris, err
}

// goodRedirect is an address that a browser may be sent to: https, or http on the machine itself for who tries things out.
func goodRedirect(uri string) bool {
	u, err := url.Parse(uri)
	if err != nil || len(uri) > maxRedirect || !utf8.ValidString(uri) || printable(uri) != uri[:min(len(uri), 128)] || strings.ContainsFunc(uri, func(c rune) bool { return c <= ' ' || c > '~' }) {
		return false
	}
	local := u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1"
	return u.Hostname() != "" && u.Opaque == "" && u.User == nil && !strings.Contains(uri, "#") && (u.Scheme == "https" || u.Scheme == "http" && local)
}

// Asked is what somebody is to decide about.
type Asked struct {
	Key      string
	KeyName  string
	App      string // of the key
	Org      string
	Redirect string
	Scopes   []access.Scope
}

// Question is what a key asks for at /oauth2/to_login. Who is signed in may call it.
// Errors: not_found; invalid for an address that is not the key's; unavailable.
func (s *Service) Question(ctx context.Context, key, redirect string) (Asked, error) {
	a, err := s.ask(ctx, key, redirect)
	if err != nil {
		return Asked{}, err
	}
	out := Asked{Key: a.caller.Key, KeyName: a.name, App: a.caller.App, Org: a.caller.Org, Redirect: a.redirect}
	for _, name := range a.caller.Scopes {
		scope, known := s.scopes[name]
		if !known {
			scope.Name = name
		}
		out.Scopes = append(out.Scopes, scope)
	}
	return out, nil
}

// Authorize lets a key act for app, with the scopes it has now, and answers where to send the browser. Who may manage keys may
// call it.
// Errors: not_found; denied; invalid for an address that is not the key's or a key of the app itself; exhausted; unavailable.
func (s *Service) Authorize(ctx context.Context, actor access.Actor, app, key, redirect, state string) (to string, err error) {
	org, err := actor.InApp(ctx, app, actionManage)
	if err != nil {
		return "", err
	}
	if len(state) > maxState {
		return "", fault.Invalid("state", stateTooLong, len(state), maxState)
	}
	a, err := s.ask(ctx, key, redirect)
	if err != nil {
		return "", err
	}
	if a.caller.App == app {
		return "", fault.Invalid("appKey", ownKey, key)
	}
	if len(a.caller.Scopes) == 0 {
		return "", fault.Invalid("appKey", noScopeLeft, key)
	}
	scopes, err := json.Marshal(a.caller.Scopes)
	if err != nil {
		return "", err
	}
	fresh, code := id.New(AuthorizationPrefix), newToken(CodePrefix)
	err = s.db.Update(ctx, func(tx db.Tx) error {
		q, now := josdb.New(tx), clock.Millis(s.clock)
		n, err := q.CountAuthorizations(ctx, app)
		if err != nil {
			return err
		}
		if n >= maxGiven {
			return fault.Exhausted(tooManyGiven, n)
		}
		row, err := q.Authorize(ctx, josdb.AuthorizeParams{
			ID: fresh, AppID: app, OrgID: org, KeyID: a.caller.Key, KeyAppID: a.caller.App, KeyOrgID: a.caller.Org, Scopes: string(scopes), GivenBy: actor.ActorID(), GivenAt: now,
		})
		if err != nil {
			return err
		}
		if err := q.AddToken(ctx, josdb.AddTokenParams{
			Hash: hashOf(code), AuthorizationID: row.ID, KeyID: a.caller.Key, Kind: kindCode, RedirectUri: redirect, ExpiresAt: now + codeLife.Milliseconds(),
		}); err != nil {
			return err
		}
		return s.log.Record(ctx, tx, access.Done(actor, org, "jos.authorized", row.ID, map[string]string{"app": app, "key": a.caller.Key, "scopes": join(a.caller.Scopes)}))
	})
	if err != nil {
		return "", err
	}
	u, err := url.Parse(redirect)
	if err != nil {
		return "", err // it was registered: cannot happen
	}
	q := u.Query()
	q.Set("code", code)
	if state != "" {
		q.Set("state", state)
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// Authorizations are the keys an app lets in, the newest first. Who may read keys may call it.
// Errors: not_found; denied; unavailable.
func (s *Service) Authorizations(ctx context.Context, actor access.Actor, app string) ([]Authorization, error) {
	if _, err := actor.InApp(ctx, app, actionRead); err != nil {
		return nil, err
	}
	var rows []josdb.JosAuthorization
	if err := s.db.View(ctx, func(tx db.Tx) (err error) {
		rows, err = josdb.New(tx).Authorizations(ctx, app)
		return err
	}); err != nil {
		return nil, err
	}
	out := make([]Authorization, len(rows))
	for i, r := range rows {
		var err error
		if out[i], err = authorizationOf(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Withdraw ends an authorization; its tokens are void at once. Who may manage keys may call it.
// Errors: not_found, also for one of another app; denied; unavailable.
func (s *Service) Withdraw(ctx context.Context, actor access.Actor, app, authorization string) error {
	org, err := actor.InApp(ctx, app, actionManage)
	if err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx db.Tx) error {
		q := josdb.New(tx)
		row, err := q.Withdraw(ctx, josdb.WithdrawParams{AppID: app, ID: authorization})
		if errors.Is(err, sql.ErrNoRows) {
			return fault.NotFound(noAuthorization, printable(authorization))
		}
		if err != nil {
			return err
		}
		if err := q.DropTokens(ctx, row.ID); err != nil {
			return err
		}
		return s.log.Record(ctx, tx, access.Done(actor, org, "jos.withdrawn", row.ID, map[string]string{"app": app, "key": row.KeyID}))
	})
}
