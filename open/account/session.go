package account

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"minimart/open/account/accountdb"
	"minimart/platform/allowance"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
)

// Session is a person who has signed in and not out again.
type Session struct {
	ID     string
	Person string
	// From is where the present request comes from; in a list, where the session was begun.
	From      Visitor
	CreatedAt int64 // unix ms
	SeenAt    int64 // unix ms, to the minute
	ExpiresAt int64 // unix ms: at the latest
}

// Begun is a session just begun. The token is told once; only its hash is stored.
type Begun struct {
	Session
	Token string
}

// seenEvery is how exact SeenAt is: a session does not cost a write per request.
const seenEvery = time.Minute

// SignIn begins a session. The answer, and the time it takes, is the same for a wrong password and for a login nobody has.
// Anybody may call it.
// Errors: unauthenticated; exhausted, with the time to wait, after too many wrong passwords for the login or from the
// address; unavailable.
func (s *Service) SignIn(ctx context.Context, login, password string, from Visitor) (Begun, error) {
	parsed, err := ParseLogin(login)
	bucket := string(parsed)
	if err != nil {
		parsed, bucket = "", login // nobody's; it takes the same way
	}
	pair := bucket + " " + allowance.Network(from.Address)
	var person accountdb.AccountPerson
	var refused *fault.Fault
	err = s.db.Update(ctx, func(tx db.Tx) (err error) {
		person = accountdb.AccountPerson{}
		refused, err = allowance.Take(ctx, tx, clock.Millis(s.clock), signInsPerAddress.At(from.Address), signInsPerPair.Of(pair), signInsPerLogin.Of(bucket))
		if err != nil || refused != nil {
			return err
		}
		found, err := accountdb.New(tx).PersonByLogin(ctx, string(parsed))
		if err == nil {
			person = found
		} else if errors.Is(err, sql.ErrNoRows) {
			err = nil
		}
		return err
	})
	if err != nil {
		return Begun{}, err
	}
	if refused != nil {
		return Begun{}, refused
	}
	if len(password) > 4*maxPassword {
		password = "" // fits nobody's
	}
	fits, stale, err := s.vault.fits(ctx, password, person.PasswordHash)
	if err != nil {
		return Begun{}, err
	}
	if !fits {
		return Begun{}, fault.Unauthenticated(wrongPassword)
	}
	sealed := person.PasswordHash
	if stale {
		if sealed, err = s.vault.seal(ctx, password); err != nil {
			return Begun{}, err
		}
	}
	begun := s.newSession(person.ID, from)
	err = s.db.Update(ctx, func(tx db.Tx) error {
		q := accountdb.New(tx)
		now, err := q.Person(ctx, person.ID)
		if err != nil {
			return err
		}
		if now.PasswordHash != person.PasswordHash { // it was changed meanwhile and opens nothing any more
			return fault.Unauthenticated(wrongPassword)
		}
		if stale {
			set := accountdb.SetPasswordParams{ID: person.ID, PasswordHash: sealed, Before: person.PasswordHash, ChangedAt: now.ChangedAt}
			if _, err := q.SetPassword(ctx, set); err != nil {
				return err
			}
		}
		err = errors.Join(signInsPerLogin.Of(bucket).GiveBack(ctx, tx), signInsPerPair.Of(pair).GiveBack(ctx, tx), signInsPerAddress.At(from.Address).GiveBack(ctx, tx))
		if err != nil {
			return err
		}
		return s.addSession(ctx, tx, begun, "session.begun")
	})
	if err != nil {
		return Begun{}, err
	}
	return begun, nil
}

func (s *Service) newSession(person string, from Visitor) Begun {
	now := clock.Millis(s.clock)
	from.Agent = fault.OneLine(from.Agent, 200)
	return Begun{Token: newSecret(s.random), Session: Session{
		ID: id.New(SessionPrefix), Person: person, From: from, CreatedAt: now, SeenAt: now, ExpiresAt: now + s.absolute.Milliseconds(),
	}}
}

// addSession stores a session, and why it was begun.
func (s *Service) addSession(ctx context.Context, tx db.Tx, b Begun, action string) error {
	err := accountdb.New(tx).AddSession(ctx, accountdb.AddSessionParams{
		ID: b.ID, TokenHash: hashSecret(b.Token), PersonID: b.Person, Address: b.From.Address, Agent: b.From.Agent,
		CreatedAt: b.CreatedAt, ExpiresAt: b.ExpiresAt,
	})
	if err != nil {
		return err
	}
	return s.Record(ctx, tx, Entry{Actor: b.Person, Action: action, Target: b.ID, Detail: map[string]string{"agent": b.From.Agent}, IP: b.From.Address})
}

// Resume finds the session of a token that a request from a visitor brought.
// Errors: unauthenticated when there is none, or none any more; unavailable.
func (s *Service) Resume(ctx context.Context, token string, from Visitor) (Session, error) {
	if !wellFormedSecret(token) {
		return Session{}, fault.Unauthenticated(notSignedIn)
	}
	var found Session
	err := s.db.View(ctx, func(tx db.Tx) error {
		row, err := accountdb.New(tx).SessionByToken(ctx, hashSecret(token))
		if errors.Is(err, sql.ErrNoRows) {
			return fault.Unauthenticated(notSignedIn)
		}
		found = sessionOf(accountdb.SessionsRow(row))
		return err
	})
	if err != nil {
		return Session{}, err
	}
	now := clock.Millis(s.clock)
	if now >= found.ExpiresAt || now-found.SeenAt >= s.idle.Milliseconds() {
		return Session{}, fault.Unauthenticated(sessionOver)
	}
	// Also when it was seen in the future: the clock was ahead, and the idle time must not grow by that.
	if away := now - found.SeenAt; away >= seenEvery.Milliseconds() || away <= -seenEvery.Milliseconds() {
		err := s.db.Update(ctx, func(tx db.Tx) error {
			return accountdb.New(tx).TouchSession(ctx, accountdb.TouchSessionParams{ID: found.ID, SeenAt: now})
		})
		if err != nil {
			return Session{}, err
		}
		found.SeenAt = now
	}
	found.From = from
	return found, nil
}

// Sessions lists up to 100 sessions of the person of a session, the newest first.
// Errors: unavailable.
func (s *Service) Sessions(ctx context.Context, by Session) ([]Session, error) {
	var out []Session
	now := clock.Millis(s.clock)
	err := s.db.View(ctx, func(tx db.Tx) error {
		rows, err := accountdb.New(tx).Sessions(ctx, accountdb.SessionsParams{PersonID: by.Person, Most: 100})
		out = make([]Session, 0, len(rows))
		for _, r := range rows {
			if now < r.ExpiresAt && now-r.SeenAt < s.idle.Milliseconds() {
				out = append(out, sessionOf(r))
			}
		}
		return err
	})
	return out, err
}

// SignOut ends a session. Ending one that is over is no error.
// Errors: unavailable.
func (s *Service) SignOut(ctx context.Context, by Session) error {
	return s.db.Update(ctx, func(tx db.Tx) error {
		n, err := accountdb.New(tx).EndSession(ctx, accountdb.EndSessionParams{ID: by.ID, PersonID: by.Person})
		if err != nil || n == 0 {
			return err
		}
		return s.Record(ctx, tx, Entry{Actor: by.Person, Action: "session.ended", Target: by.ID, IP: by.From.Address})
	})
}

// SignOutEverywhere ends every session of the person of a session, this one included.
// Errors: unavailable.
func (s *Service) SignOutEverywhere(ctx context.Context, by Session) error {
	return s.db.Update(ctx, func(tx db.Tx) error {
		if _, err := accountdb.New(tx).EndSessions(ctx, by.Person); err != nil {
			return err
		}
		return s.Record(ctx, tx, Entry{Actor: by.Person, Action: "session.ended-everywhere", Target: by.Person, IP: by.From.Address})
	})
}

// ChangePassword gives the person of a session another password and ends its other sessions.
// Errors: invalid for a wrong present password (field current) or a bad new one (field password); exhausted after too many
// wrong ones; unauthenticated; unavailable.
func (s *Service) ChangePassword(ctx context.Context, by Session, current, password string) error {
	var person accountdb.AccountPerson
	var refused *fault.Fault
	err := s.db.Update(ctx, func(tx db.Tx) (err error) {
		if refused, err = allowance.Take(ctx, tx, clock.Millis(s.clock), passwordsPerPerson.Of(by.Person)); err != nil || refused != nil {
			return err
		}
		if person, err = accountdb.New(tx).Person(ctx, by.Person); errors.Is(err, sql.ErrNoRows) {
			err = fault.Unauthenticated(notSignedIn)
		}
		return err
	})
	if err != nil {
		return err
	}
	if refused != nil {
		return refused
	}
	var c fault.Checks
	checkPassword(&c, password, Login(person.Login))
	if err := c.Err(); err != nil {
		return err
	}
	if len(current) > 4*maxPassword {
		current = ""
	}
	fits, _, err := s.vault.fits(ctx, current, person.PasswordHash)
	if err != nil {
		return err
	}
	if !fits {
		return fault.Invalid("current", wrongCurrent)
	}
	sealed, err := s.vault.seal(ctx, password)
	if err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx db.Tx) error {
		q := accountdb.New(tx)
		n, err := q.SetPassword(ctx, accountdb.SetPasswordParams{ID: by.Person, PasswordHash: sealed, Before: person.PasswordHash, ChangedAt: clock.Millis(s.clock)})
		if err == nil && n == 0 {
			err = fault.Conflict(passwordChanged)
		}
		if err != nil {
			return err
		}
		if _, err := q.EndOtherSessions(ctx, accountdb.EndOtherSessionsParams{PersonID: by.Person, Keep: by.ID}); err != nil {
			return err
		}
		if err := passwordsPerPerson.Of(by.Person).GiveBack(ctx, tx); err != nil {
			return err
		}
		return s.Record(ctx, tx, Entry{Actor: by.Person, Action: "password.changed", Target: by.Person, IP: by.From.Address})
	})
}

func sessionOf(r accountdb.SessionsRow) Session {
	return Session{
		ID: r.ID, Person: r.PersonID, From: Visitor{Address: r.Address, Agent: r.Agent}, CreatedAt: r.CreatedAt, SeenAt: r.SeenAt, ExpiresAt: r.ExpiresAt,
	}
}
