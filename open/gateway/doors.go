package gateway

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/hex"
	"errors"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"minimart/open/gateway/gatewaydb"
	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
)

// The methods of this file are for the doors that let servers in which were written for another platform: they show their
// secret as it is, or sign in another way. Such a door has three steps. Who calls: Present, Verify or, with a token that the
// door gave out for a key, Recall. Whether that may be: Charge. Then what was asked for.

// Present lets in who shows the secret of a live key of app, with the address r came from. Secrets that do not fit are counted,
// per app and address and per address, in the database.
// Errors: not_found when the app has never had a key; unauthenticated when the secret is that of none of its live keys; denied
// when the key may not be used from there; exhausted for who guesses too often; unavailable.
func (g *Gateway) Present(ctx context.Context, r *http.Request, app, secret string) (access.Caller, error) {
	from := g.addressOf(r).Unmap()
	keys, err := g.candidates(ctx, app, from)
	if err != nil {
		return access.Caller{}, err
	}
	// All of them are compared, so that the time tells nothing about which one it was.
	shown := sha256.Sum256([]byte(secret))
	var found *knownKey
	for _, k := range append(keys, nobody) {
		held := sha256.Sum256([]byte(k.secret))
		if subtle.ConstantTimeCompare(shown[:], held[:]) == 1 && k != nobody {
			found = k
		}
	}
	if found == nil {
		return access.Caller{}, g.guessed(ctx, app, from, fault.Unauthenticated(wrongSecret, cut(app, 64)))
	}
	return g.enter(ctx, found, from)
}

// Verify lets in who proves by the rules of another platform that it knows the secret of a live key: check is given the
// secret and says whether the proof is right. It must compare in constant time and not keep the secret. Wrong proofs are
// counted as Present counts them.
// Errors: not_found when there is no live key with that id; unauthenticated when the proof is wrong; denied; exhausted;
// unavailable.
func (g *Gateway) Verify(ctx context.Context, r *http.Request, key string, check func(secret string) bool) (access.Caller, error) {
	from := g.addressOf(r).Unmap()
	k, err := g.current(ctx, key, from)
	if err != nil {
		return access.Caller{}, err
	}
	if k == nil {
		return access.Caller{}, g.guessed(ctx, key, from, fault.NotFound(noLiveKey, cut(key, 64)))
	}
	if !check(k.secret) {
		return access.Caller{}, g.guessed(ctx, key, from, fault.Unauthenticated(wrongProof, cut(key, 64)))
	}
	return g.enter(ctx, k, from)
}

// Recall is the caller with a key that it has proved to have before: a door gave it a token then. What was changed of the key
// since counts, so revoking a key kills its tokens.
// Errors: unauthenticated when the key is no longer live; denied when it may not be used from there; unavailable.
func (g *Gateway) Recall(ctx context.Context, r *http.Request, key string) (access.Caller, error) {
	from := g.addressOf(r).Unmap()
	k, err := g.current(ctx, key, netip.Addr{})
	if err != nil {
		return access.Caller{}, err
	}
	if k == nil {
		return access.Caller{}, fault.Unauthenticated(noLiveKey, cut(key, 64))
	}
	return g.enter(ctx, k, from)
}

// WhoHas is the caller a live key stands for, and what the key is called, without any proof: for those who are to decide about
// it. No route leads here.
// Errors: not_found when there is no live key with that id; unavailable.
func (g *Gateway) WhoHas(ctx context.Context, key string) (c access.Caller, name string, err error) {
	k, err := g.current(ctx, key, netip.Addr{})
	if err != nil {
		return access.Caller{}, "", err
	}
	if k == nil {
		return access.Caller{}, "", fault.NotFound(noLiveKey, cut(key, 64))
	}
	return access.Caller{App: k.App, Org: k.Org, Key: k.ID, Scopes: k.Scopes}, k.Name, nil
}

// Charge takes one call of a caller out of its quotas, if it may make it, and tells in h how it stands with them. The scope
// "" is what any key may do: it counts against the app's quota alone.
// Errors: denied when the key lacks the scope or the app was not granted its capability; exhausted; unavailable. It panics on a
// scope that is not among Options.Scopes.
func (g *Gateway) Charge(ctx context.Context, h http.Header, c access.Caller, scope string) error {
	if scope != "" {
		s := g.scope(scope)
		if _, ok := slices.BinarySearch(c.Scopes, scope); !ok {
			return fault.Denied(scopeMissing, c.Key, scope)
		}
		if err := g.granted(ctx, c.App, s); err != nil {
			return err
		}
	}
	return g.charge(ctx, h, c.App, scope)
}

// enter checks from where a key is used and notes that it is.
func (g *Gateway) enter(ctx context.Context, k *knownKey, from netip.Addr) (access.Caller, error) {
	if err := k.usableFrom(from); err != nil {
		return access.Caller{}, err
	}
	now := clock.Millis(g.clock)
	if last := k.notedAt.Load(); last <= now-usedEvery && k.notedAt.CompareAndSwap(last, now) {
		err := g.db.Update(ctx, func(tx db.Tx) error {
			q := gatewaydb.New(tx)
			row, err := q.KeyRevision(ctx, k.ID)
			if err != nil || row.LastUsedAt > now-usedEvery { // another process was first
				return err
			}
			return q.KeyUsed(ctx, gatewaydb.KeyUsedParams{Now: now, UsedFrom: from.String(), ID: k.ID})
		})
		if err != nil {
			k.notedAt.Store(last)
			return access.Caller{}, noKeyIfNone(err, k.ID)
		}
	}
	return access.Caller{App: k.App, Org: k.Org, Key: k.ID, Scopes: k.Scopes}, nil
}

// candidates are the live keys of an app, as they are now in the database.
func (g *Gateway) candidates(ctx context.Context, app string, from netip.Addr) ([]*knownKey, error) {
	var usable []gatewaydb.UsableKeysRow
	err := g.db.View(ctx, func(tx db.Tx) (err error) {
		if err := g.mayGuess(ctx, tx, app, from); err != nil {
			return err
		}
		q := gatewaydb.New(tx)
		if usable, err = q.UsableKeys(ctx, gatewaydb.UsableKeysParams{AppID: app, Now: clock.Millis(g.clock)}); err != nil || len(usable) > 0 {
			return err
		}
		n, err := q.AppHasKeys(ctx, app)
		if err == nil && n == 0 {
			err = fault.NotFound(noKeysAtAll, cut(app, 64))
		}
		return err
	})
	if fault.Is(err, fault.CodeNotFound) {
		return nil, g.guessed(ctx, app, from, err)
	}
	if err != nil {
		return nil, err
	}
	keys := make([]*knownKey, 0, len(usable)+1)
	for _, row := range usable {
		k, err := g.keyAt(ctx, row.ID, row.Revision)
		if err != nil {
			return nil, err
		}
		if k != nil {
			keys = append(keys, k)
		}
	}
	return keys, nil
}

// current is a live key as it is now in the database, nil when there is none.
func (g *Gateway) current(ctx context.Context, key string, from netip.Addr) (*knownKey, error) {
	var row gatewaydb.KeyRevisionRow
	err := g.db.View(ctx, func(tx db.Tx) (err error) {
		if from.IsValid() {
			if err := g.mayGuess(ctx, tx, key, from); err != nil {
				return err
			}
		}
		row, err = gatewaydb.New(tx).KeyRevision(ctx, key)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	k, err := g.keyAt(ctx, key, row.Revision)
	if err != nil || k == nil || k.State(clock.Millis(g.clock)) != KeyLive {
		return nil, err
	}
	return k, nil
}

// keyAt is a key from memory, if it is there in the revision that counts, or from the database.
func (g *Gateway) keyAt(ctx context.Context, key string, revision int64) (*knownKey, error) {
	k, err := g.key(ctx, key)
	if err != nil || k == nil || k.revision >= revision {
		return k, err
	}
	g.known.Invalidate(key)
	return g.key(ctx, key)
}

// guesses is how often somebody may show what is wrong: burst times at once, and once more per interval.
type guesses struct {
	name  string
	burst int64
	every time.Duration
}

// A secret has 256 random bits, so nobody will guess one. The limits are for those who try all the same, and for servers that
// go on with an old secret. Other addresses are not affected by what one does: it could shut an app out by guessing.
var (
	guessesPerPair    = guesses{"pair", 20, 10 * time.Second}
	guessesPerAddress = guesses{"address", 60, 5 * time.Second}
)

// bucketsOf are the limits of who guesses at the secret of what, an app or a key, from an address. Addresses of IPv6 count by
// the network a household gets.
func bucketsOf(what string, from netip.Addr) map[string]guesses {
	if from.Is6() {
		if p, err := from.Prefix(64); err == nil {
			from = p.Addr()
		}
	}
	name := func(l guesses, who string) string {
		sum := sha256.Sum256([]byte(l.name + "\n" + who))
		return hex.EncodeToString(sum[:16])
	}
	return map[string]guesses{
		name(guessesPerPair, from.String()+"\n"+what): guessesPerPair,
		name(guessesPerAddress, from.String()):        guessesPerAddress,
	}
}

// wait is how long somebody must wait whose bucket will be full at fullAt.
func (l guesses) wait(fullAt, now int64) time.Duration {
	every := l.every.Milliseconds()
	if fullAt > now+(l.burst+1)*every {
		return 0 // noted by a clock that was far ahead
	}
	return time.Duration(max(0, fullAt+every-now-l.burst*every)) * time.Millisecond
}

func (g *Gateway) mayGuess(ctx context.Context, tx db.Tx, what string, from netip.Addr) error {
	now := clock.Millis(g.clock)
	for bucket, limit := range bucketsOf(what, from) {
		fullAt, err := gatewaydb.New(tx).Guesses(ctx, bucket)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return err
		}
		if wait := limit.wait(fullAt, now); wait > 0 {
			return fault.Exhausted(guessedTooOften, int64((wait+time.Second-1)/time.Second)).WithRetryAfter(wait)
		}
	}
	return nil
}

// guessed counts what did not fit and answers refusal, or the error why it could not be counted.
func (g *Gateway) guessed(ctx context.Context, what string, from netip.Addr, refusal error) error {
	err := g.db.Update(ctx, func(tx db.Tx) error {
		q, now := gatewaydb.New(tx), clock.Millis(g.clock)
		for bucket, limit := range bucketsOf(what, from) {
			fullAt, err := q.Guesses(ctx, bucket)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
			full := now + limit.burst*limit.every.Milliseconds()
			fullAt = min(max(fullAt, now)+limit.every.Milliseconds(), full)
			if err := q.SetGuesses(ctx, gatewaydb.SetGuessesParams{Bucket: bucket, FullAt: fullAt}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return refusal
}

// forgetGuesses removes buckets that are full again.
func (g *Gateway) forgetGuesses(ctx context.Context) error {
	return g.db.Update(ctx, func(tx db.Tx) error {
		_, err := gatewaydb.New(tx).ForgetGuesses(ctx, clock.Millis(g.clock))
		return err
	})
}
