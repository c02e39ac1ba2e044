package gateway

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/maypok86/otter/v2"

	"minimart/open/gateway/gatewaydb"
	"minimart/open/gateway/seal"
	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
)

// Schema are the room's migrations, those of webhook too: db.Migrate(ctx, "gateway", gateway.Schema).
//
//go:embed schema/*.sql
var Schema embed.FS

// Options of a gateway.
type Options struct {
	Scopes []Scope // all there are
	Grants Grants  // needed when a scope names a capability
	Quotas Quotas  // default: 600 calls a minute per app
	// CallerAddress is where a call comes from, when a proxy stands in between. Default: the other end of the connection.
	CallerAddress func(*http.Request) netip.Addr
	// BodyLimit is how many bytes a body may have at most, whatever the edge allows. Default 10 MiB.
	BodyLimit int64
}

// Gateway is the operations of the room. It is safe for concurrent use; several processes may run on one database.
type Gateway struct {
	db        *db.DB
	box       *seal.Box
	clock     clock.Clock
	log       access.Log
	scopes    map[string]Scope
	inOrder   []Scope
	grants    Grants
	quotas    Quotas
	addressOf func(*http.Request) netip.Addr
	bodyLimit int64

	known   *otter.Cache[string, *knownKey]
	witness *witness
	meter   *meter
}

// New is a gateway over a database that was migrated with Schema. What people do with keys goes into log. It panics on options
// that contradict themselves.
func New(d *db.DB, box *seal.Box, c clock.Clock, log access.Log, o Options) *Gateway {
	g := &Gateway{
		db: d, box: box, clock: c, log: log, scopes: map[string]Scope{}, inOrder: o.Scopes, grants: o.Grants, quotas: o.Quotas, addressOf: o.CallerAddress, bodyLimit: o.BodyLimit,
		known:   otter.Must(&otter.Options[string, *knownKey]{MaximumSize: 10_000}),
		witness: newWitness(d, c), meter: newMeter(d, c),
	}
	for _, s := range o.Scopes {
		if _, twice := g.scopes[s.Name]; twice || s.Name == "" {
			panic(fmt.Sprintf("gateway: scope %q is named twice or has no name", s.Name))
		}
		if s.Capability != "" && o.Grants == nil {
			panic(fmt.Sprintf("gateway: scope %s needs the capability %s, but there are no Grants to ask", s.Name, s.Capability))
		}
		g.scopes[s.Name] = s
	}
	if g.quotas == nil {
		g.quotas = FixedQuotas{App: Quota{Limit: 600, Window: time.Minute}}
	}
	if g.addressOf == nil {
		g.addressOf = peerAddress
	}
	if g.bodyLimit <= 0 {
		g.bodyLimit = 10 << 20
	}
	return g
}

// Scopes are all scopes there are, in the order they were given.
func (g *Gateway) Scopes() []Scope { return g.inOrder }

// CreateKey makes a key for an app. Its secret is shown this once. Who may write keys may call it.
// Errors: invalid with every field that is wrong; not_found; denied; exhausted when the app has too many live keys;
// unavailable.
func (g *Gateway) CreateKey(ctx context.Context, actor access.Actor, app string, spec KeySpec) (IssuedKey, error) {
	org, err := actor.InApp(ctx, app, WriteKeys)
	if err != nil {
		return IssuedKey{}, err
	}
	if spec, err = spec.check(g.scopes); err != nil {
		return IssuedKey{}, err
	}
	issued := g.issue(app, org, actor.ActorID(), spec)
	err = g.db.Update(ctx, func(tx db.Tx) error {
		if err := g.store(ctx, tx, issued); err != nil {
			return err
		}
		return g.record(ctx, tx, actor, "key.created", issued.Key, describe(issued.Key))
	})
	if err != nil {
		return IssuedKey{}, err
	}
	return issued, nil
}

func (g *Gateway) issue(app, org, by string, spec KeySpec) IssuedKey {
	return IssuedKey{Secret: newSecret(), Key: Key{
		ID: id.New(KeyPrefix), App: app, Org: org, Name: spec.Name, Scopes: spec.Scopes, Networks: spec.Networks, CreatedBy: by, CreatedAt: clock.Millis(g.clock),
	}}
}

func (g *Gateway) store(ctx context.Context, tx db.Tx, in IssuedKey) error {
	q := gatewaydb.New(tx)
	live, err := q.LiveKeys(ctx, gatewaydb.LiveKeysParams{AppID: in.Key.App, Now: in.Key.CreatedAt})
	if err != nil {
		return err
	}
	if live >= maxLiveKeys {
		return fault.Exhausted(tooManyKeys, live)
	}
	return q.CreateKey(ctx, gatewaydb.CreateKeyParams{
		ID: in.Key.ID, AppID: in.Key.App, OrgID: in.Key.Org, Name: in.Key.Name, Secret: g.box.Seal(sealPlace(in.Key.ID), in.Secret),
		Scopes: jsonText(in.Key.Scopes), Networks: jsonText(in.Key.Networks), CreatedBy: in.Key.CreatedBy, CreatedAt: in.Key.CreatedAt, ExpiresAt: in.Key.ExpiresAt,
	})
}

// Keys are the keys of an app, the newest first, at most 500. Who may read keys may call it.
// Errors: not_found; denied; unavailable.
func (g *Gateway) Keys(ctx context.Context, actor access.Actor, app string) ([]Key, error) {
	if _, err := actor.InApp(ctx, app, ReadKeys); err != nil {
		return nil, err
	}
	var rows []gatewaydb.GatewayKey
	err := g.db.View(ctx, func(tx db.Tx) (err error) {
		rows, err = gatewaydb.New(tx).Keys(ctx, app)
		return err
	})
	if err != nil {
		return nil, err
	}
	keys := make([]Key, len(rows))
	for i, r := range rows {
		if keys[i], err = keyOf(r); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// Key is one key of an app. Who may read keys may call it.
// Errors: not_found, also for a key of another app; denied; unavailable.
func (g *Gateway) Key(ctx context.Context, actor access.Actor, app, key string) (Key, error) {
	if _, err := actor.InApp(ctx, app, ReadKeys); err != nil {
		return Key{}, err
	}
	var row gatewaydb.GatewayKey
	err := g.db.View(ctx, func(tx db.Tx) (err error) {
		row, err = gatewaydb.New(tx).Key(ctx, gatewaydb.KeyParams{AppID: app, ID: key})
		return noKeyIfNone(err, key)
	})
	if err != nil {
		return Key{}, err
	}
	return keyOf(row)
}

// ChangeKey gives a key another name, other scopes and networks, at once. Who may write keys may call it.
// Errors: invalid with every field that is wrong; not_found; denied; conflict for a revoked key; unavailable.
func (g *Gateway) ChangeKey(ctx context.Context, actor access.Actor, app, key string, spec KeySpec) (Key, error) {
	if _, err := actor.InApp(ctx, app, WriteKeys); err != nil {
		return Key{}, err
	}
	spec, err := spec.check(g.scopes)
	if err != nil {
		return Key{}, err
	}
	return g.change(ctx, actor, "key.changed", app, key, func(q *gatewaydb.Queries) (gatewaydb.GatewayKey, error) {
		return q.ChangeKey(ctx, gatewaydb.ChangeKeyParams{AppID: app, ID: key, Name: spec.Name, Scopes: jsonText(spec.Scopes), Networks: jsonText(spec.Networks)})
	})
}

// RevokeKey shuts a key at once and for good, in every process. Who may write keys may call it.
// Errors: not_found; denied; conflict when it is revoked already; unavailable.
func (g *Gateway) RevokeKey(ctx context.Context, actor access.Actor, app, key string) (Key, error) {
	if _, err := actor.InApp(ctx, app, WriteKeys); err != nil {
		return Key{}, err
	}
	now := clock.Millis(g.clock)
	return g.change(ctx, actor, "key.revoked", app, key, func(q *gatewaydb.Queries) (gatewaydb.GatewayKey, error) {
		return q.RevokeKey(ctx, gatewaydb.RevokeKeyParams{AppID: app, ID: key, Now: now})
	})
}

// RotateKey makes a successor with the same name, scopes and networks. The old key lives on for overlap, at most
// MaxKeyOverlap, so that servers can change over; a shorter life it had is not made longer. Who may write keys may call it.
// Errors: invalid for the overlap; not_found; denied; conflict when the key is revoked, expired or was rotated before;
// exhausted; unavailable.
func (g *Gateway) RotateKey(ctx context.Context, actor access.Actor, app, key string, overlap time.Duration) (IssuedKey, error) {
	if _, err := actor.InApp(ctx, app, WriteKeys); err != nil {
		return IssuedKey{}, err
	}
	if overlap < 0 || overlap > MaxKeyOverlap {
		return IssuedKey{}, fault.Invalid("overlapSeconds", badOverlap, int64(MaxKeyOverlap/time.Second))
	}
	fresh := g.issue(app, "", actor.ActorID(), KeySpec{})
	var issued IssuedKey
	err := g.db.Update(ctx, func(tx db.Tx) error {
		q := gatewaydb.New(tx)
		row, err := q.Key(ctx, gatewaydb.KeyParams{AppID: app, ID: key})
		if err != nil {
			return noKeyIfNone(err, key)
		}
		old, err := keyOf(row)
		if err != nil {
			return err
		}
		now := fresh.Key.CreatedAt
		switch {
		case old.State(now) == KeyRevoked:
			return fault.Conflict(keyIsRevoked, key)
		case old.State(now) == KeyExpired:
			return fault.Conflict(keyIsExpired, key)
		case old.ReplacedBy != "":
			return fault.Conflict(keyIsRotated, key, old.ReplacedBy)
		}
		issued = fresh
		issued.Key.Org, issued.Key.Name, issued.Key.Scopes, issued.Key.Networks = old.Org, old.Name, old.Scopes, old.Networks
		end := now + overlap.Milliseconds()
		if old.ExpiresAt > 0 {
			end = min(end, old.ExpiresAt)
		}
		if _, err := q.ReplaceKey(ctx, gatewaydb.ReplaceKeyParams{AppID: app, ID: key, ReplacedBy: issued.Key.ID, ExpiresAt: end}); err != nil {
			return err
		}
		if err := g.store(ctx, tx, issued); err != nil {
			return err
		}
		return g.record(ctx, tx, actor, "key.rotated", old, map[string]string{
			"name": old.Name, "successor": issued.Key.ID, "expires": clock.Time(end).UTC().Format(time.RFC3339),
		})
	})
	if err != nil {
		return IssuedKey{}, err
	}
	g.known.Invalidate(key)
	return issued, nil
}

// change updates a key that is not revoked.
func (g *Gateway) change(ctx context.Context, actor access.Actor, action, app, key string, update func(*gatewaydb.Queries) (gatewaydb.GatewayKey, error)) (Key, error) {
	var out Key
	err := g.db.Update(ctx, func(tx db.Tx) error {
		q := gatewaydb.New(tx)
		if _, err := q.Key(ctx, gatewaydb.KeyParams{AppID: app, ID: key}); err != nil {
			return noKeyIfNone(err, key)
		}
		row, err := update(q)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.Conflict(keyIsRevoked, key)
		}
		if err != nil {
			return err
		}
		if out, err = keyOf(row); err != nil {
			return err
		}
		return g.record(ctx, tx, actor, action, out, describe(out))
	})
	if err != nil {
		return Key{}, err
	}
	g.known.Invalidate(key) // other processes find out by the revision
	return out, nil
}

// record writes into the audit log, in the transaction that makes it true, what somebody did with a key.
func (g *Gateway) record(ctx context.Context, tx db.Tx, actor access.Actor, action string, k Key, detail map[string]string) error {
	detail["app"] = k.App
	return g.log.Record(ctx, tx, access.Done(actor, k.Org, action, k.ID, detail))
}

// describe is what a key is, in words for the audit log.
func describe(k Key) map[string]string {
	return map[string]string{"name": k.Name, "scopes": strings.Join(k.Scopes, " "), "networks": strings.Join(k.Networks, " ")}
}

func noKeyIfNone(err error, key string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.NotFound(noKey, cut(key, 60))
	}
	return err
}
