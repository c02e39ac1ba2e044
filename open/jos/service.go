package jos

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"log/slog"
	"time"

	"minimart/open/jos/josdb"
	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
)

// Schema are the room's migrations: db.Migrate(ctx, "jos", jos.Schema).
//
//go:embed schema/*.sql
var Schema embed.FS

// Options of the door.
type Options struct {
	Parts Parts
	// Scopes are all there are, so that somebody who is asked reads what they mean.
	Scopes []access.Scope
	// ConsentPage is the path of the console's page that asks somebody whether a key may act for an app; it is given the
	// parameters of /oauth2/to_login. "" while there is none: then /oauth2/to_login says so.
	ConsentPage string
}

// Service is the door. It is safe for concurrent use; several processes may run on one database.
type Service struct {
	db      *db.DB
	clock   clock.Clock
	keys    Keys
	log     access.Log
	options Options
	methods map[string]method
	scopes  map[string]access.Scope
}

// New is the door, over a database that was migrated with Schema. What people let others do goes into log.
func New(d *db.DB, c clock.Clock, keys Keys, log access.Log, o Options) *Service {
	s := &Service{db: d, clock: c, keys: keys, log: log, options: o, methods: methods(o.Parts), scopes: map[string]access.Scope{}}
	for _, scope := range o.Scopes {
		s.scopes[scope.Name] = scope
	}
	return s
}

// Methods are the names of the methods that are offered, separated by commas.
func (s *Service) Methods() string { return offered(s.methods) }

// seen notes a call that changes something. It is false for one that was made before.
func (s *Service) seen(ctx context.Context, key, sign string, until time.Time) (first bool, err error) {
	err = s.db.Update(ctx, func(tx db.Tx) error {
		n, err := josdb.New(tx).See(ctx, josdb.SeeParams{Hash: hashOf(key + "\n" + sign), ExpiresAt: until.UnixMilli()})
		first = n == 1
		return err
	})
	return first, err
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Run forgets what has expired, until ctx ends, and returns nil.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(10 * time.Minute)
	defer tick.Stop()
	for {
		if err := s.Forget(ctx); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "jos: forgetting what has expired failed, will try again", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// Forget removes signatures, codes and tokens that have expired. Run calls it.
func (s *Service) Forget(ctx context.Context) error {
	const some = 500 // per transaction, so that nobody waits long
	now := clock.Millis(s.clock)
	for {
		n := 0
		err := s.db.Update(ctx, func(tx db.Tx) error {
			q := josdb.New(tx)
			old, err := q.OldTokens(ctx, josdb.OldTokensParams{ExpiresAt: now, Limit: some})
			if err != nil {
				return err
			}
			for _, hash := range old {
				if err := q.DropToken(ctx, hash); err != nil {
					return err
				}
			}
			n = len(old)
			return q.ForgetSeen(ctx, now)
		})
		if err != nil || n < some {
			return err
		}
	}
}
