package account

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"errors"
	"io"
	"time"

	"minimart/open/account/accountdb"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
)

// Schema are the room's migrations: db.Migrate(ctx, "account", account.Schema).
//
//go:embed schema/*.sql
var Schema embed.FS

// Blobs is where documents lie. *blob.Store is one.
type Blobs interface {
	Put(ctx context.Context, key string, data []byte, contentType string) error
	Get(ctx context.Context, key string) ([]byte, error)
	Delete(ctx context.Context, key string) error
}

// Config is what the room stands on. DB, Blobs and Courier must be set.
type Config struct {
	DB      *db.DB
	Blobs   Blobs
	Courier Courier
	Clock   clock.Clock // default clock.System
	Random  io.Reader   // default crypto/rand
	// PasswordCost is what hashing takes. Hashes made at another cost are made anew when their owner signs in.
	PasswordCost PasswordCost // default DefaultPasswordCost
	// SelfSignUp says whether strangers may make accounts. Who was invited always may. Default: they may.
	SelfSignUp func(ctx context.Context) (bool, error)
	// Idle is how long a session lasts without a request, Absolute how long at most. Defaults 12 hours and 7 days.
	Idle, Absolute time.Duration
}

// Service is the operations of the room. It is safe for concurrent use, by several processes on one database as well.
type Service struct {
	db             *db.DB
	blobs          Blobs
	courier        Courier
	clock          clock.Clock
	random         io.Reader
	vault          *vault
	selfSignUp     func(context.Context) (bool, error)
	idle, absolute time.Duration
}

// New is the service over a database that was migrated with Schema.
func New(c Config) *Service {
	if c.Clock == nil {
		c.Clock = clock.System
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.PasswordCost == (PasswordCost{}) {
		c.PasswordCost = DefaultPasswordCost
	}
	if c.Idle <= 0 {
		c.Idle = 12 * time.Hour
	}
	if c.Absolute <= 0 {
		c.Absolute = 7 * 24 * time.Hour
	}
	if c.SelfSignUp == nil {
		c.SelfSignUp = func(context.Context) (bool, error) { return true, nil }
	}
	return &Service{
		selfSignUp: c.SelfSignUp, db: c.DB, blobs: c.Blobs, courier: c.Courier, clock: c.Clock, random: c.Random,
		vault: newVault(c.PasswordCost, c.Random), idle: c.Idle, absolute: c.Absolute,
	}
}

// Enrol makes a person without asking for a code. No route leads here: it is for the first start and the operator's
// command line.
// Errors: invalid with every field that is wrong; conflict when the login is taken; unavailable.
func (s *Service) Enrol(ctx context.Context, in NewPerson) (Person, error) {
	in, login, err := in.check()
	if err != nil {
		return Person{}, err
	}
	sealed, err := s.vault.seal(ctx, in.Password)
	if err != nil {
		return Person{}, err
	}
	p := Person{ID: id.New(PersonPrefix), Login: login, Name: in.Name, Language: in.Language, CreatedAt: clock.Millis(s.clock)}
	err = s.db.Update(ctx, func(tx db.Tx) error { return s.addPerson(ctx, tx, p, sealed, Visitor{}) })
	if err != nil {
		return Person{}, err
	}
	return p, nil
}

// addPerson stores a new person.
// Errors: conflict when the login is taken.
func (s *Service) addPerson(ctx context.Context, tx db.Tx, p Person, sealed string, from Visitor) error {
	n, err := accountdb.New(tx).AddPerson(ctx, accountdb.AddPersonParams{
		ID: p.ID, Login: string(p.Login), Name: p.Name, Language: string(p.Language), PasswordHash: sealed, CreatedAt: p.CreatedAt,
	})
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Conflict(loginTaken)
	}
	return s.Record(ctx, tx, Entry{Actor: p.ID, Action: "person.joined", Target: p.ID, IP: from.Address})
}

// Membership is one of a person's organisations.
type Membership struct {
	Organisation string
	Name         string
	Kind         Kind
	State        State
	Role         Role
	JoinedAt     int64 // unix ms
}

// Me is the person of a session and where it belongs to.
// Errors: unauthenticated when there is no such person any more; unavailable.
func (s *Service) Me(ctx context.Context, by Session) (Person, []Membership, error) {
	var person Person
	var of []Membership
	err := s.db.View(ctx, func(tx db.Tx) error {
		q := accountdb.New(tx)
		row, err := q.Person(ctx, by.Person)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.Unauthenticated(notSignedIn)
		}
		if err != nil {
			return err
		}
		person = personOf(row)
		rows, err := q.Memberships(ctx, by.Person)
		of = make([]Membership, len(rows))
		for i, r := range rows {
			of[i] = Membership{Organisation: r.OrgID, Name: r.Name, Kind: Kind(r.Kind), State: State(r.State), Role: Role(r.Role), JoinedAt: r.JoinedAt}
		}
		return err
	})
	return person, of, err
}

// SetProfile changes how the person of a session is called and addressed.
// Errors: invalid with every field that is wrong; unauthenticated; unavailable.
func (s *Service) SetProfile(ctx context.Context, by Session, name string, language fault.Language) error {
	var c fault.Checks
	name = checkPersonName(&c, name)
	language = checkLanguage(&c, language)
	if err := c.Err(); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx db.Tx) error {
		n, err := accountdb.New(tx).SetProfile(ctx, accountdb.SetProfileParams{ID: by.Person, Name: name, Language: string(language), ChangedAt: clock.Millis(s.clock)})
		if err == nil && n == 0 {
			err = fault.Unauthenticated(notSignedIn)
		}
		if err != nil {
			return err
		}
		return s.Record(ctx, tx, Entry{Actor: by.Person, Action: "person.changed", Target: by.Person, Detail: map[string]string{"name": name, "language": string(language)}, IP: by.From.Address})
	})
}

// Sweep deletes what has run out: sessions, codes and invitations. Nothing depends on it but the size of the
// database; once an hour is enough.
// Errors: unavailable.
func (s *Service) Sweep(ctx context.Context) (deleted int64, err error) {
	err = s.db.Update(ctx, func(tx db.Tx) error {
		q, now := accountdb.New(tx), clock.Millis(s.clock)
		deleted = 0
		count := func(n int64, err error) error { deleted += n; return err }
		return errors.Join(
			count(q.SweepSessions(ctx, accountdb.SweepSessionsParams{Now: now, IdleSince: now - s.idle.Milliseconds()})),
			count(q.SweepChallenges(ctx, now)),
			count(q.SweepInvitations(ctx, now)),
		)
	})
	return deleted, err
}
