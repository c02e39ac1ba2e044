package settings

import (
	"context"
	"database/sql"
	"embed"
	"errors"

	"minimart/open/settings/settingsdb"
	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
)

// Schema are the room's migrations: db.Migrate(ctx, "settings", settings.Schema).
//
//go:embed schema/*.sql
var Schema embed.FS

// What somebody in a console must be allowed to do.
const (
	Read   access.Action = "platform.read"
	Change access.Action = "platform.configure"
)

// Service is the operations of the room. It is safe for concurrent use.
type Service struct {
	db    *db.DB
	log   access.Log
	clock clock.Clock
}

// New is the service over a database that was migrated with Schema.
func New(d *db.DB, log access.Log, c clock.Clock) *Service {
	return &Service{db: d, log: log, clock: c}
}

// Current is what holds now. Anybody may call it.
// Errors: unavailable.
func (s *Service) Current(ctx context.Context) (Settings, error) {
	var out Settings
	err := s.db.View(ctx, func(tx db.Tx) (err error) {
		out, err = current(ctx, tx)
		return err
	})
	return out, err
}

// SelfSignUp says whether strangers may make accounts: for account.Config.
// Errors: unavailable.
func (s *Service) SelfSignUp(ctx context.Context) (bool, error) {
	now, err := s.Current(ctx)
	return now.SelfSignUp, err
}

// Set puts other settings in place of those of in.Revision. The operator may call it.
// Errors: invalid with every field that is wrong; denied; conflict when they were changed meanwhile; unavailable.
func (s *Service) Set(ctx context.Context, actor access.Actor, in Settings) (Settings, error) {
	if err := actor.OnPlatform(ctx, Change); err != nil {
		return Settings{}, err
	}
	in, err := in.check()
	if err != nil {
		return Settings{}, err
	}
	err = s.db.Update(ctx, func(tx db.Tx) error {
		before, err := current(ctx, tx)
		if err != nil {
			return err
		}
		if before.Revision != in.Revision {
			return fault.Conflict(changed)
		}
		now := clock.Millis(s.clock)
		var n int64
		if before.Revision == 0 {
			n, err = settingsdb.New(tx).AddSettings(ctx, settingsdb.AddSettingsParams{
				Name: in.Name, NameEn: in.NameEn, Support: in.Support, TermsUrl: in.TermsURL, PrivacyUrl: in.PrivacyURL, SelfSignUp: in.SelfSignUp, ChangedAt: now,
			})
		} else {
			n, err = settingsdb.New(tx).SetSettings(ctx, settingsdb.SetSettingsParams{
				Name: in.Name, NameEn: in.NameEn, Support: in.Support, TermsUrl: in.TermsURL, PrivacyUrl: in.PrivacyURL, SelfSignUp: in.SelfSignUp, Revision: in.Revision, ChangedAt: now,
			})
		}
		if err == nil && n == 0 {
			err = fault.Conflict(changed)
		}
		if err != nil {
			return err
		}
		return s.log.Record(ctx, tx, access.Done(actor, "", "settings.changed", "platform", difference(before, in)))
	})
	if err != nil {
		return Settings{}, err
	}
	return s.Current(ctx)
}

// difference tells what changed: "old → new" by field.
func difference(before, after Settings) map[string]string {
	out := map[string]string{}
	say := func(field, a, b string) {
		if a != b {
			out[field] = a + " → " + b
		}
	}
	say("name", before.Name, after.Name)
	say("nameEn", before.NameEn, after.NameEn)
	say("support", before.Support, after.Support)
	say("termsUrl", before.TermsURL, after.TermsURL)
	say("privacyUrl", before.PrivacyURL, after.PrivacyURL)
	yes := map[bool]string{true: "yes", false: "no"}
	say("selfSignUp", yes[before.SelfSignUp], yes[after.SelfSignUp])
	return out
}

func current(ctx context.Context, tx db.Tx) (Settings, error) {
	r, err := settingsdb.New(tx).Settings(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return initial, nil
	}
	return Settings{
		Name: r.Name, NameEn: r.NameEn, Support: r.Support, TermsURL: r.TermsUrl, PrivacyURL: r.PrivacyUrl, SelfSignUp: r.SelfSignUp, Revision: r.Revision, ChangedAt: r.ChangedAt,
	}, err
}
