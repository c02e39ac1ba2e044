package allowance

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"net/netip"
	"time"

	"minimart/platform/allowance/allowancedb"
	"minimart/platform/db"
	"minimart/platform/fault"
)

// Schema are the room's migrations: db.Migrate(ctx, "allowance", allowance.Schema).
//
//go:embed schema/*.sql
var Schema embed.FS

const tooOften = "this was tried too often; try again in %d seconds"

var _ = fault.Chinese(map[string]string{tooOften: "尝试次数过多；请在 %d 秒后再试"})

// Allowance is how often something may be tried.
type Allowance struct {
	Name  string        // what is tried, and by whom, with its room: "account code address". No two allowances share one.
	Burst int64         // times at once
	Every time.Duration // once more per
}

// Bucket is what somebody has left of an allowance.
type Bucket struct {
	of  Allowance
	key string
}

// Of is the bucket of who: a person, an address, an app.
func (a Allowance) Of(who string) Bucket {
	sum := sha256.Sum256([]byte(a.Name + ":" + who)) // hashed: people type passwords into the wrong field
	return Bucket{a, hex.EncodeToString(sum[:16])}
}

// At is the bucket of the network that an address belongs to, see [Network].
func (a Allowance) At(address string) Bucket { return a.Of(Network(address)) }

// clockStep is how far a clock is set back in the ordinary course of things.
const clockStep = time.Minute

// Take takes one try from each bucket in turn until one is empty. What was taken from those before stays taken: a guesser
// pays with its address, named first, before it can use up anybody's account. Refused, exhausted with the time to wait, is
// for the caller: the transaction must commit for the takings to count. now is in unix ms.
func Take(ctx context.Context, tx db.Tx, now int64, buckets ...Bucket) (refused *fault.Fault, err error) {
	for _, b := range buckets {
		wait, err := b.take(ctx, tx, now)
		if err != nil {
			return nil, err
		}
		if wait > 0 {
			return fault.Exhausted(tooOften, int64((wait+time.Second-1)/time.Second)).WithRetryAfter(wait), nil
		}
	}
	return nil, nil
}

// take takes one try, or answers how long to wait until there is one again. It is the generic cell rate algorithm: all there
// is to store of a bucket is when it will be full.
func (b Bucket) take(ctx context.Context, tx db.Tx, now int64) (wait time.Duration, err error) {
	q := allowancedb.New(tx)
	fullAt, err := q.FullAt(ctx, b.key)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	every := b.of.Every.Milliseconds()
	empty := now + b.of.Burst*every // when a bucket will be full that is empty now
	if fullAt > empty+clockStep.Milliseconds() {
		fullAt = now // noted by a clock that was far ahead: it must not lock everybody out once the clock is right
	}
	fullAt = min(max(fullAt, now), empty)
	if over := fullAt + every - empty; over > 0 {
		return time.Duration(over) * time.Millisecond, nil
	}
	return 0, q.SetFullAt(ctx, allowancedb.SetFullAtParams{BucketKey: b.key, FullAt: fullAt + every})
}

// GiveBack undoes a take: what turned out to be right does not count.
func (b Bucket) GiveBack(ctx context.Context, tx db.Tx) error {
	q := allowancedb.New(tx)
	fullAt, err := q.FullAt(ctx, b.key)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return q.SetFullAt(ctx, allowancedb.SetFullAtParams{BucketKey: b.key, FullAt: fullAt - b.of.Every.Milliseconds()})
}

// Fill forgets what was taken.
func (b Bucket) Fill(ctx context.Context, tx db.Tx) error {
	return allowancedb.New(tx).Drop(ctx, b.key)
}

// Sweep deletes the buckets that are full again. Nothing depends on it but the size of the database; once an hour is enough.
// now is in unix ms.
func Sweep(ctx context.Context, d *db.DB, now int64) (deleted int64, err error) {
	err = d.Update(ctx, func(tx db.Tx) error {
		deleted, err = allowancedb.New(tx).Sweep(ctx, now)
		return err
	})
	return deleted, err
}

// Network is whose bucket an address takes from: itself, or with IPv6 the /64 a subscriber gets, whose addresses are free.
func Network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return "unknown"
	}
	if a = a.Unmap(); a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
