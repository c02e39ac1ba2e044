package gateway

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"minimart/open/gateway/gatewaydb"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
)

// Quota is a bucket of Limit calls that fills up evenly, from empty to full in Window. The zero value is no quota.
type Quota struct {
	Limit  int64
	Window time.Duration
}

// Quotas knows how much an app may call. It is asked at each call, so it answers from memory.
type Quotas interface {
	// Quota of an app for one scope, or for all its calls together when scope is "".
	Quota(ctx context.Context, app, scope string) (Quota, error)
}

// FixedQuotas are the same for each app.
type FixedQuotas struct {
	App       Quota            // all calls of an app together
	EachScope Quota            // the calls of one scope, unless Scopes says otherwise
	Scopes    map[string]Quota // by the scope's name
}

// Quota is what was fixed.
func (f FixedQuotas) Quota(_ context.Context, _, scope string) (Quota, error) {
	if scope == "" {
		return f.App, nil
	}
	if q, ok := f.Scopes[scope]; ok {
		return q, nil
	}
	return f.EachScope, nil
}

// each is the time in ns in which one call comes back.
func (q Quota) each() int64 { return max(1, int64(q.Window)/q.Limit) }

// lease is how many calls a process takes out of the shared bucket at once: so many fewer questions to the database, and so
// many calls may be in the hands of each process when a window begins.
func (q Quota) lease() int64 { return max(1, min(q.Limit/20, 1000)) }

// meter counts calls against quotas. The bucket lies in the database, as the time at which it will be full again; processes
// take leases out of it, before they use them. So in any time T all processes together admit at most what the bucket gives,
// Limit + Limit × T/Window, plus the lease each had in hand when T began.
type meter struct {
	db    *db.DB
	clock clock.Clock

	mu      sync.Mutex
	buckets map[bucketName]*bucket
}

type bucketName struct{ app, scope string }

// bucket is what this process knows of a quota. Whoever holds turn may use it.
type bucket struct {
	turn    chan struct{}
	quota   Quota
	inHand  int64 // calls that were leased and not used
	fullAt  int64 // unix ns, as it was in the database
	dry     int64 // unix ns before which there is nothing to lease
	usedAt  int64 // unix ns
	dropped bool
}

// standing is how a caller stands with a quota.
type standing struct {
	quota     Quota
	remaining int64
	reset     time.Duration // until the bucket is full again
	wait      time.Duration // until a call comes back; 0 when this one was let in
}

func newMeter(d *db.DB, c clock.Clock) *meter {
	return &meter{db: d, clock: c, buckets: map[bucketName]*bucket{}}
}

// leave gives the turn back.
func (b *bucket) leave() { <-b.turn }

// enter finds a bucket and takes its turn.
func (m *meter) enter(ctx context.Context, name bucketName) (*bucket, error) {
	for {
		m.mu.Lock()
		b := m.buckets[name]
		if b == nil {
			b = &bucket{turn: make(chan struct{}, 1)}
			m.buckets[name] = b
		}
		m.mu.Unlock()
		select {
		case b.turn <- struct{}{}:
		default: // somebody is at it
			select {
			case b.turn <- struct{}{}:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		if !b.dropped {
			return b, nil
		}
		<-b.turn
	}
}

// take takes one call out of a quota. A standing with a wait is a refusal.
func (m *meter) take(ctx context.Context, app, scope string, q Quota) (standing, error) {
	name := bucketName{app, scope}
	b, err := m.enter(ctx, name)
	if err != nil {
		return standing{}, err
	}
	defer b.leave()
	now := m.clock.Now().UnixNano()
	b.usedAt = now
	if b.quota != q {
		b.quota, b.inHand, b.dry = q, min(b.inHand, q.lease()), 0
	}
	if b.inHand == 0 {
		if b.dry > now+int64(q.Window) {
			b.dry = 0 // the clock was set back
		}
		if now >= b.dry {
			if err := m.lease(ctx, name, b, now); err != nil {
				return standing{}, err
			}
		}
	}
	s := standing{quota: q}
	if b.inHand > 0 {
		b.inHand--
	} else {
		s.wait = time.Duration(b.dry - now)
	}
	s.remaining = min(b.inHand+free(b.fullAt, now, q), q.Limit)
	s.reset = max(0, time.Duration(b.fullAt-now-b.inHand*q.each()))
	return s, nil
}

// putBack returns a call that was taken and not made.
func (m *meter) putBack(ctx context.Context, app, scope string) {
	b, err := m.enter(context.WithoutCancel(ctx), bucketName{app, scope})
	if err != nil {
		return // cannot happen: the context does not end
	}
	defer b.leave()
	b.inHand++
}

// lease takes calls out of the shared bucket. With none to be had it sets the time to ask again.
func (m *meter) lease(ctx context.Context, name bucketName, b *bucket, now int64) error {
	q := b.quota
	var taken, fullAt int64
	err := m.db.Update(ctx, func(tx db.Tx) error {
		queries := gatewaydb.New(tx)
		stored, err := queries.Quota(ctx, gatewaydb.QuotaParams{AppID: name.app, Scope: name.scope})
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		fullAt = min(max(stored, now), now+int64(q.Window)) // the quota may have changed, or the clock was set back
		taken = min(free(fullAt, now, q), q.lease())
		if taken == 0 && fullAt == stored {
			return nil
		}
		fullAt += taken * q.each()
		return queries.SetQuota(ctx, gatewaydb.SetQuotaParams{AppID: name.app, Scope: name.scope, FullAt: fullAt})
	})
	if err != nil {
		return err
	}
	b.inHand, b.fullAt, b.dry = taken, fullAt, 0
	if taken == 0 {
		b.dry = fullAt - int64(q.Window) + q.each()
	}
	return nil
}

// free is how many calls are in a bucket that will be full at fullAt.
func free(fullAt, now int64, q Quota) int64 {
	return max(0, min((int64(q.Window)-max(0, fullAt-now))/q.each(), q.Limit))
}

// forgetIdle drops buckets nobody has used for a while. What they had in hand is lost; by then the shared bucket is full.
func (m *meter) forgetIdle(idle time.Duration) {
	before := m.clock.Now().Add(-idle).UnixNano()
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, b := range m.buckets {
		select {
		case b.turn <- struct{}{}:
			if b.usedAt < before {
				b.dropped = true
				delete(m.buckets, name)
			}
			<-b.turn
		default: // in use
		}
	}
}

// charge takes a call out of the app's quota and, unless it is "", out of the scope's, and tells the caller how it stands with
// the tighter one.
func (g *Gateway) charge(ctx context.Context, h http.Header, app, scope string) error {
	var tightest *standing
	buckets := []string{scope, ""}
	if scope == "" {
		buckets = buckets[1:]
	}
	for i, of := range buckets {
		q, err := g.quotas.Quota(ctx, app, of)
		if err != nil {
			return err
		}
		if q.Limit <= 0 || q.Window <= 0 {
			continue
		}
		s, err := g.meter.take(ctx, app, of, q)
		if err != nil {
			return err
		}
		if s.wait > 0 {
			if i > 0 && tightest != nil {
				g.meter.putBack(ctx, app, scope)
			}
			s.tell(h)
			if of == "" {
				return fault.Exhausted(appQuotaUsed, q.Limit, q.Window.String()).WithRetryAfter(s.wait)
			}
			return fault.Exhausted(scopeQuotaUsed, scope, q.Limit, q.Window.String()).WithRetryAfter(s.wait)
		}
		if tightest == nil || s.remaining < tightest.remaining {
			tightest = &s
		}
	}
	if tightest != nil {
		tightest.tell(h)
	}
	return nil
}

// tell writes the headers of draft-ietf-httpapi-ratelimit-headers. Where several processes serve, Remaining is what this one
// knows.
func (s *standing) tell(h http.Header) {
	// In the spelling Header.Set would make of them, which it would work out anew for each call.
	h["Ratelimit-Limit"] = []string{strconv.FormatInt(s.quota.Limit, 10)}
	h["Ratelimit-Remaining"] = []string{strconv.FormatInt(s.remaining, 10)}
	h["Ratelimit-Reset"] = []string{strconv.FormatInt(int64(math.Ceil(s.reset.Seconds())), 10)}
}
