package gateway

import (
	"context"
	"database/sql"
	"errors"
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

// bucket is what this process knows of a quota.
type bucket struct {
	leasing chan struct{} // holds one who takes a lease; the others wait for what it brings

	mu      sync.Mutex // of what follows; it is not held while the database is asked
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

// bucket finds a bucket and locks it.
func (m *meter) bucket(name bucketName) *bucket {
	for {
		m.mu.Lock()
		b := m.buckets[name]
		if b == nil {
			b = &bucket{leasing: make(chan struct{}, 1)}
			m.buckets[name] = b
		}
		m.mu.Unlock()
		b.mu.Lock()
		if !b.dropped {
			return b
		}
		b.mu.Unlock()
	}
}

// take takes one call out of a quota. A standing with a wait is a refusal.
func (m *meter) take(ctx context.Context, app, scope string, q Quota) (standing, error) {
	name := bucketName{app, scope}
	for {
		b := m.bucket(name)
		s, ok := b.spend(m.clock.Now().UnixNano(), q)
		b.mu.Unlock()
		if ok {
			return s, nil
		}
		if err := m.refill(ctx, name, b, q); err != nil {
			return standing{}, err
		}
	}
}

// refill takes a lease, or waits for the one that somebody else takes.
func (m *meter) refill(ctx context.Context, name bucketName, b *bucket, q Quota) error {
	select {
	case b.leasing <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-b.leasing }()
	now := m.clock.Now().UnixNano()
	b.mu.Lock()
	needed := !b.dropped && b.inHand == 0 && now >= b.dry
	b.mu.Unlock()
	if !needed {
		return nil
	}
	return m.lease(ctx, name, b, q, now)
}

// spend takes a call from what is in hand, or refuses it. It is false when the database has to be asked first. The caller holds
// mu.
func (b *bucket) spend(now int64, q Quota) (s standing, ok bool) {
	b.usedAt = now
	if b.quota != q {
		b.quota, b.inHand, b.dry = q, min(b.inHand, q.lease()), 0
	}
	if b.inHand == 0 {
		if b.dry > now+int64(q.Window) {
			b.dry = 0 // the clock was set back
		}
		if now >= b.dry {
			return s, false
		}
	}
	s.quota = q
	if b.inHand > 0 {
		b.inHand--
	} else {
		s.wait = time.Duration(b.dry - now)
	}
	s.remaining = min(b.inHand+free(b.fullAt, now, q), q.Limit)
	s.reset = max(0, time.Duration(b.fullAt-now-b.inHand*q.each()))
	return s, true
}

// putBack returns a call that was taken and not made.
func (m *meter) putBack(app, scope string) {
	b := m.bucket(bucketName{app, scope})
	b.inHand++
	b.mu.Unlock()
}

// lease takes calls out of the shared bucket. With none to be had it sets the time to ask again. The caller holds leasing.
func (m *meter) lease(ctx context.Context, name bucketName, b *bucket, q Quota, now int64) error {
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
	b.mu.Lock()
	defer b.mu.Unlock()
	b.inHand, b.fullAt, b.dry = b.inHand+taken, fullAt, 0
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
		case b.leasing <- struct{}{}:
			b.mu.Lock()
			if b.usedAt < before {
				b.dropped = true
				delete(m.buckets, name)
			}
			b.mu.Unlock()
			<-b.leasing
		default: // in use
		}
	}
}

// charge takes a call out of the app's quota and, unless it is "", out of the scope's, and tells the caller how it stands with
// the tighter one.
func (g *Gateway) charge(ctx context.Context, h http.Header, app, scope string) error {
	buckets := [...]string{scope, ""}
	first := 0
	if scope == "" {
		first = 1
	}
	var tightest standing
	var taken int
	for _, of := range buckets[first:] {
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
			if taken > 0 {
				g.meter.putBack(app, scope)
			}
			s.tell(h)
			if of == "" {
				return fault.Exhausted(appQuotaUsed, q.Limit, q.Window.String()).WithRetryAfter(s.wait)
			}
			return fault.Exhausted(scopeQuotaUsed, scope, q.Limit, q.Window.String()).WithRetryAfter(s.wait)
		}
		if taken++; taken == 1 || s.remaining < tightest.remaining {
			tightest = s
		}
	}
	if taken > 0 {
		tightest.tell(h)
	}
	return nil
}

// tell writes the headers of draft-ietf-httpapi-ratelimit-headers. Where several processes serve, Remaining is what this one
// knows.
func (s standing) tell(h http.Header) {
	seconds := (s.reset + time.Second - 1) / time.Second
	v := &[...]string{strconv.FormatInt(s.quota.Limit, 10), strconv.FormatInt(s.remaining, 10), strconv.FormatInt(int64(seconds), 10)}
	// In the spelling Header.Set would make of them, which it would work out anew for each call.
	h["Ratelimit-Limit"], h["Ratelimit-Remaining"], h["Ratelimit-Reset"] = v[0:1:1], v[1:2:2], v[2:3:3]
}
