package identity

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"minimart/open/identity/identitydb"
	"minimart/platform/access"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
)

// Session is a consumer who has signed in to a host app and not out again.
type Session struct {
	ID        string
	Consumer  string
	Host      string
	Address   string // where it was begun
	Agent     string // the browser or host app, as it calls itself
	CreatedAt int64  // unix ms
	SeenAt    int64  // unix ms, to ten minutes
}

// ExpiresAt is when it ends unless it is used before, unix ms.
func (s Session) ExpiresAt() int64 { return s.SeenAt + sessionIdle.Milliseconds() }

// Begun is a session just begun. The token is told once; only its hash is stored.
type Begun struct {
	Session
	Token string
	New   bool // whether the consumer is new
}

const (
	sessionIdle = 90 * 24 * time.Hour
	maxSessions = 50 // of one consumer: the oldest gives way
	seenEvery   = 10 * time.Minute
)

// Resume finds the consumer and the session of a token that a request to a host app brought: the one of access.VisitorOf(ctx).
// open/host asks it at its door.
// Errors: unauthenticated when there is none, none any more, or none of that host; unavailable.
func (s *Service) Resume(ctx context.Context, token string) (consumer, session string, err error) {
	v, inHost := access.VisitorOf(ctx)
	if !wellFormedSecret(token) {
		return "", "", fault.Unauthenticated(notSignedIn)
	}
	var found Session
	err = s.DB.View(ctx, func(tx db.Tx) error {
		row, err := identitydb.New(tx).SessionByToken(ctx, hashSecret(token))
		if errors.Is(err, sql.ErrNoRows) {
			return fault.Unauthenticated(notSignedIn)
		}
		found = sessionOf(identitydb.SessionsRow(row))
		return err
	})
	if err != nil {
		return "", "", err
	}
	if !inHost || found.Host != v.Host {
		return "", "", fault.Unauthenticated(notSignedIn)
	}
	now := s.now()
	if now >= found.ExpiresAt() {
		return "", "", fault.Unauthenticated(sessionOver)
	}
	// Also when it was seen in the future: the clock was ahead, and the idle time must not grow by that.
	if away := now - found.SeenAt; away >= seenEvery.Milliseconds() || away <= -seenEvery.Milliseconds() {
		err := s.DB.Update(ctx, func(tx db.Tx) error {
			return identitydb.New(tx).TouchSession(ctx, identitydb.TouchSessionParams{ID: found.ID, SeenAt: now})
		})
		if err != nil {
			return "", "", err
		}
	}
	return found.Consumer, found.ID, nil
}

// Sessions lists the sessions of the consumer of a visitor, the newest first.
// Errors: unavailable.
func (s *Service) Sessions(ctx context.Context, v access.Visitor) ([]Session, error) {
	return s.sessions(ctx, v.Consumer)
}

func (s *Service) sessions(ctx context.Context, consumer string) (out []Session, err error) {
	now := s.now()
	err = s.DB.View(ctx, func(tx db.Tx) error {
		rows, err := identitydb.New(tx).Sessions(ctx, identitydb.SessionsParams{ConsumerID: consumer, Most: maxSessions})
		out = make([]Session, 0, len(rows))
		for _, r := range rows {
			if one := sessionOf(r); now < one.ExpiresAt() {
				out = append(out, one)
			}
		}
		return err
	})
	return out, err
}

// SignOut ends the session of a visitor. Ending one that is over is no error.
// Errors: unavailable.
func (s *Service) SignOut(ctx context.Context, v access.Visitor) error {
	return s.DB.Update(ctx, func(tx db.Tx) error {
		_, err := identitydb.New(tx).EndSession(ctx, identitydb.EndSessionParams{ID: v.Session, ConsumerID: v.Consumer})
		return err
	})
}

// EndSession ends one of the sessions of the consumer of a visitor.
// Errors: not_found; unavailable.
func (s *Service) EndSession(ctx context.Context, v access.Visitor, session string) error {
	if id.Check(SessionPrefix, session) != nil {
		return fault.NotFound(noSession, fault.Cut(session, 40))
	}
	return s.DB.Update(ctx, func(tx db.Tx) error {
		n, err := identitydb.New(tx).EndSession(ctx, identitydb.EndSessionParams{ID: session, ConsumerID: v.Consumer})
		if err == nil && n == 0 {
			err = fault.NotFound(noSession, session)
		}
		return err
	})
}

// EndOtherSessions ends all sessions of the consumer of a visitor but this one.
// Errors: unavailable.
func (s *Service) EndOtherSessions(ctx context.Context, v access.Visitor) error {
	return s.DB.Update(ctx, func(tx db.Tx) error {
		_, err := identitydb.New(tx).EndOtherSessions(ctx, identitydb.EndOtherSessionsParams{ConsumerID: v.Consumer, Keep: v.Session})
		return err
	})
}

func sessionOf(r identitydb.SessionsRow) Session {
	return Session{ID: r.ID, Consumer: r.ConsumerID, Host: r.HostID, Address: r.Address, Agent: r.Agent, CreatedAt: r.CreatedAt, SeenAt: r.SeenAt}
}
