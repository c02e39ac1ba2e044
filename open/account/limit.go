package account

import (
	"context"
	"database/sql"
	"errors"
	"net/netip"
	"time"

	"minimart/open/account/accountdb"
	"minimart/platform/db"
	"minimart/platform/fault"
)

// allowance is how often something may be tried: burst times at once, and once more per interval. The buckets are kept in
// the database, so that they hold across processes and restarts.
type allowance struct {
	name  string
	burst int64
	every time.Duration
}

// A guesser has ten guesses at one account and then one in five minutes, about 300 a day; an office behind one address has
// thirty wrong passwords to spare. A right password gives back what it took. Eight of the ten are for one network, and it gets
// new ones at half the pace: alone it can shut nobody out.
var (
	signInsPerPair      = allowance{"sign-in pair", 8, 10 * time.Minute}
	signInsPerLogin     = allowance{"sign-in login", 10, 5 * time.Minute}
	signInsPerAddress   = allowance{"sign-in address", 30, 20 * time.Second}
	codesPerLogin       = allowance{"code login", 5, 12 * time.Minute}
	codesPerAddress     = allowance{"code address", 20, 3 * time.Minute}
	answersPerAddress   = allowance{"answer address", 40, 15 * time.Second}
	passwordsPerPerson  = allowance{"password person", 10, 5 * time.Minute}
	invitationsPerOrg   = allowance{"invitation org", 50, time.Minute}
	acceptancePerPerson = allowance{"acceptance person", 20, time.Minute}
	organisationsPerWho = allowance{"organisation person", 5, time.Hour}
	documentsPerOrg     = allowance{"document org", 60, time.Minute}
)

// clockStep is how far a clock is set back in the ordinary course of things.
const clockStep = time.Minute

// key names the bucket of who. It is hashed: people type passwords into the wrong field.
func (a allowance) key(who string) string { return hashSecret(a.name + ":" + who)[:32] }

// take takes one try out of the bucket of who, or answers how long to wait until there is one again. It is the generic cell
// rate algorithm: all there is to store of a bucket is when it will be full.
func (a allowance) take(ctx context.Context, tx db.Tx, now int64, who string) (wait time.Duration, err error) {
	q, key := accountdb.New(tx), a.key(who)
	fullAt, err := q.Bucket(ctx, key)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	every := a.every.Milliseconds()
	empty := now + a.burst*every // when a bucket will be full that is empty now
	if fullAt > empty+clockStep.Milliseconds() {
		fullAt = now // noted by a clock that was far ahead: it must not lock everybody out once the clock is right
	}
	fullAt = min(max(fullAt, now), empty)
	if over := fullAt + every - empty; over > 0 {
		return time.Duration(over) * time.Millisecond, nil
	}
	return 0, q.SetBucket(ctx, accountdb.SetBucketParams{BucketKey: key, FullAt: fullAt + every})
}

// giveBack undoes a take.
func (a allowance) giveBack(ctx context.Context, tx db.Tx, who string) error {
	q, key := accountdb.New(tx), a.key(who)
	fullAt, err := q.Bucket(ctx, key)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return q.SetBucket(ctx, accountdb.SetBucketParams{BucketKey: key, FullAt: fullAt - a.every.Milliseconds()})
}

// forget makes the bucket of who full.
func (a allowance) forget(ctx context.Context, tx db.Tx, who string) error {
	return accountdb.New(tx).DropBucket(ctx, a.key(who))
}

// claim is one bucket a call must find something in.
type claim struct {
	allowance
	who string
}

// spend takes from each bucket in turn until one is empty. What was taken from those before stays taken: a guesser pays
// with its address before it can use up anybody's account. The fault it answers is for the caller: the transaction must
// commit for the takings to count.
func spend(ctx context.Context, tx db.Tx, now int64, claims ...claim) (refused *fault.Fault, err error) {
	for _, c := range claims {
		wait, err := c.take(ctx, tx, now, c.who)
		if err != nil {
			return nil, err
		}
		if wait > 0 {
			return fault.Exhausted(tooOften, int64((wait+time.Second-1)/time.Second)).WithRetryAfter(wait), nil
		}
	}
	return nil, nil
}

// network is whose bucket an address takes from: itself, or with IPv6 the /64 a subscriber gets, whose addresses are free.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return "unknown"
	}
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
