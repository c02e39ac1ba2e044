package identity

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"minimart/open/identity/identitydb"
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

// A code has six digits and five tries. A guesser who knows a phone gets five codes for it and then one in half an hour,
// fifty a day: 250 guesses in a million. That is also how many messages a day somebody can be pestered with.
var (
	codesPerPhone      = allowance{"code phone", 5, 30 * time.Minute}
	codesPerAddress    = allowance{"code address", 20, time.Minute}
	answersPerAddress  = allowance{"answer address", 40, 15 * time.Second}
	loginsPerConsumer  = allowance{"login consumer", 60, time.Second} // of one consumer in one program
	phonesPerConsumer  = allowance{"phone consumer", 10, 30 * time.Second}
	failuresPerApp     = allowance{"exchange app", 60, time.Second} // codes that were refused
	signaturesPerAppID = allowance{"signature openid", 60, time.Second}
)

// clockStep is how far a clock is set back in the ordinary course of things.
const clockStep = time.Minute

// key names the bucket of who. It is hashed: phones are nobody's business.
func (a allowance) key(who string) string { return hashSecret(a.name + ":" + who)[:32] }

// take takes one try out of the bucket of who, or answers how long to wait until there is one again. It is the generic cell
// rate algorithm: all there is to store of a bucket is when it will be full.
func (a allowance) take(ctx context.Context, tx db.Tx, now int64, who string) (wait time.Duration, err error) {
	q, key := identitydb.New(tx), a.key(who)
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
	return 0, q.SetBucket(ctx, identitydb.SetBucketParams{BucketKey: key, FullAt: fullAt + every})
}

// giveBack undoes a take.
func (a allowance) giveBack(ctx context.Context, tx db.Tx, who string) error {
	q, key := identitydb.New(tx), a.key(who)
	fullAt, err := q.Bucket(ctx, key)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return q.SetBucket(ctx, identitydb.SetBucketParams{BucketKey: key, FullAt: fullAt - a.every.Milliseconds()})
}

// claim is one bucket a call must find something in.
type claim struct {
	allowance
	who string
}

// spend takes from each bucket in turn until one is empty. What was taken from those before stays taken: a guesser pays
// with its address before it can use up anybody's phone. The fault it answers is for the caller: the transaction must
// commit for the takings to count.
func spend(ctx context.Context, tx db.Tx, now int64, claims ...claim) (refused *fault.Fault, err error) {
	for _, c := range claims {
		wait, err := c.take(ctx, tx, now, c.who)
		if err != nil {
			return nil, err
		}
		if wait > 0 {
			return fault.Exhausted(tooOften, int64((wait+time.Second-1)/time.Second)).WithRetryAfter(wait).WithCause(ErrTooOften), nil
		}
	}
	return nil, nil
}
