package identity

import (
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"io"
	"time"

	"minimart/open/host"
	"minimart/open/identity/identitydb"
	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
)

// Schema are the room's migrations: db.Migrate(ctx, "identity", identity.Schema).
//
//go:embed schema/*.sql
var Schema embed.FS

// Prefixes of the ids of this room.
const (
	ConsumerPrefix   = "csm"
	SessionPrefix    = "css"
	ChallengePrefix  = "cch"
	ConsentPrefix    = "cns"
	DisclosurePrefix = "dis"
)

// App is what this room needs to know of a mini program.
type App struct {
	ID           string
	Name         string
	Icon         string          // address, "" for none
	Org          string          // id of the organisation it belongs to
	Organisation string          // its name
	Privacy      map[Kind]string // what the version that is open says it needs each kind for
}

// Apps knows mini programs. app wires program/release.
type Apps interface {
	// Open is app if the visitor of ctx (access.VisitorOf) may open it: a version is out for its host, or ticket opens one.
	// Errors: not_found.
	Open(ctx context.Context, app, ticket string) (App, error)
	// Known are those of apps there are, by id, whoever may open them. Privacy may be left out.
	Known(ctx context.Context, apps []string) (map[string]App, error)
}

// Grants says what apps were granted. *capability.Service is one.
type Grants interface {
	// Allowed is asked before each call, so that what is revoked is shut at once.
	Allowed(ctx context.Context, app, capability string) (bool, error)
	// Use counts what is about to be disclosed, in its transaction. Errors: exhausted over the quota.
	Use(ctx context.Context, tx db.Tx, app, capability, consumer string) error
}

// Assertions checks what a host app says about a user it signed in itself. *host.Service is one.
type Assertions interface {
	// Verify is what an assertion of a host app says: its name for the user, and the phone it has verified or "".
	// Errors: unauthenticated; denied.
	Verify(ctx context.Context, host, assertion string) (host.Asserted, error)
}

// Sealer keeps secrets that must be read again. *seal.Box of open/gateway is one.
type Sealer interface {
	Seal(place, secret string) string
	Unseal(place, sealed string) (string, error)
}

// Config is what the room stands on. All but Clock, Random and PublicURL must be set.
type Config struct {
	DB         *db.DB
	Sender     Sender
	Apps       Apps
	Grants     Grants
	Assertions Assertions
	Sealer     Sealer
	Log        access.Log
	Clock      clock.Clock // default clock.System
	Random     io.Reader   // default crypto/rand
	// PublicURL is the address of this platform as browsers know it: avatars are below it, and when it begins with https,
	// cookies never travel in the clear. "" when it is the one it listens on.
	PublicURL string
	// InService says whether the server of an app may learn of consumers now: not while the operator has the app suspended. It is
	// asked at each call. nil: always.
	// Errors: denied; not_found; unavailable.
	InService func(ctx context.Context, app string) error
}

// Service is the operations of the room. It is safe for concurrent use, by several processes on one database as well.
type Service struct {
	Config
}

// New is the service over a database that was migrated with Schema.
func New(c Config) *Service {
	if c.Clock == nil {
		c.Clock = clock.System
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.InService == nil {
		c.InService = func(context.Context, string) error { return nil }
	}
	return &Service{c}
}

func (s *Service) now() int64 { return clock.Millis(s.Clock) }

// keepCodes is how long a code is remembered after it ran out: to say that it was used, or is too old.
const keepCodes = 24 * time.Hour

// Sweep deletes what has run out: sessions and codes. Nothing depends on it but the size of the database; once an hour is
// enough.
// Errors: unavailable.
func (s *Service) Sweep(ctx context.Context) (deleted int64, err error) {
	err = s.DB.Update(ctx, func(tx db.Tx) error {
		q, now := identitydb.New(tx), s.now()
		deleted = 0
		count := func(n int64, err error) error { deleted += n; return err }
		return errors.Join(
			count(q.SweepSessions(ctx, now-sessionIdle.Milliseconds())),
			count(q.SweepChallenges(ctx, now)),
			count(q.SweepCodes(ctx, now-keepCodes.Milliseconds())),
		)
	})
	return deleted, err
}
