package capability

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
	"golang.org/x/sync/singleflight"

	"minimart/open/capability/capabilitydb"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
)

// fresh is how old what a process remembers of an app may be.
const fresh = 2 * time.Second

// memory holds what apps have been granted. What it holds counts for fresh, and until anything changes in this process,
// whichever is first: changes are rare, so one count for all apps does. The dates of grants are looked at with each question.
type memory struct {
	service *Service
	changes atomic.Uint64
	apps    *otter.Cache[string, *remembered]
	reading singleflight.Group
}

type remembered struct {
	grants []Grant // standing now or later, of capabilities that are live
	since  time.Time
	change uint64
}

func newMemory(s *Service) *memory {
	return &memory{service: s, apps: otter.Must(&otter.Options[string, *remembered]{MaximumSize: 20_000})}
}

// forget makes everything remembered so far old, also what is being read at this moment.
func (m *memory) forget() { m.changes.Add(1) }

// recall is what there is to know of an app, and the time.
func (m *memory) recall(ctx context.Context, app string) (*remembered, time.Time, error) {
	now := m.service.clock.Now()
	change := m.changes.Load()
	if r, ok := m.apps.GetIfPresent(app); ok && r.change == change {
		if age := now.Sub(r.since); age >= 0 && age < fresh { // negative when the clock was set back
			return r, now, nil
		}
	}
	// A crowd reads once. What is read counts from before it was read; whoever comes after a change reads anew.
	found, err, _ := m.reading.Do(app+string(appendCount(change)), func() (any, error) {
		r := &remembered{since: m.service.clock.Now(), change: change}
		// The question of a crowd must not end with the patience of the first, nor be older than what may be remembered.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fresh)
		defer cancel()
		err := m.service.db.View(ctx, func(tx db.Tx) error {
			rows, err := capabilitydb.New(tx).StandingGrants(ctx, capabilitydb.StandingGrantsParams{AppID: app, Now: r.since.UnixMilli()})
			if err != nil {
				return err
			}
			r.grants = make([]Grant, 0, len(rows))
			for _, row := range rows {
				if c, ok := Find(row.Capability); !ok || c.Stage != Live {
					continue
				}
				g, err := grantOf(row)
				if err != nil {
					return err
				}
				r.grants = append(r.grants, g)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		m.apps.Set(app, r)
		return r, nil
	})
	if err != nil {
		return nil, now, err
	}
	return found.(*remembered), now, nil
}

func appendCount(n uint64) []byte {
	b := []byte{' '}
	for ; n > 0; n >>= 8 {
		b = append(b, byte(n))
	}
	return b
}

// holding is the grant of a capability that is live at a time, nil for none.
func (r *remembered) holding(capability string, now int64) *Grant {
	for i := range r.grants {
		if g := &r.grants[i]; g.Capability == capability && g.From <= now && (g.Until == 0 || g.Until > now) {
			return g
		}
	}
	return nil
}

// Allowed says whether an app may use a capability now. It answers from memory: at once right after what this process granted
// or revoked, within 2 seconds after what another one did. Rooms and doors call it, as often as they like.
// Errors: unavailable, when it cannot be known; nothing is allowed then.
func (s *Service) Allowed(ctx context.Context, app, capability string) (bool, error) {
	r, now, err := s.memory.recall(ctx, app)
	if err != nil {
		return false, err
	}
	return r.holding(capability, now.UnixMilli()) != nil, nil
}

// Granted are the capabilities an app may use now, sorted. As [Service.Allowed].
func (s *Service) Granted(ctx context.Context, app string) ([]string, error) {
	r, now, err := s.memory.recall(ctx, app)
	if err != nil {
		return nil, err
	}
	out := []string{}
	for _, g := range r.grants {
		if g.State(now.UnixMilli()) == GrantLive {
			out = append(out, g.Capability)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// Gates say which capability an API needs, by its name in JavaScript without jd. and wx.; an API that is not there needs none.
func (s *Service) Gates() map[string]string { return all.allGates() }

// Needed is the capability an API ("getPhoneNumber") or a component ("button.open-type=getPhoneNumber") needs; ok is false for
// those that need none.
func (s *Service) Needed(use string) (capability string, ok bool) { return all.needed(use) }

// Quota is how much of something in how long. The zero value is no limit.
type Quota struct {
	Limit  int64
	Window time.Duration
}

// QuotaFor is how much an app may call with a scope of the open API, as it was granted; no limit where none was set, for scopes
// that no capability opens, and for "". It answers from memory, and does not say whether the app may call at all.
// Errors: unavailable.
func (s *Service) QuotaFor(ctx context.Context, app, scope string) (Quota, error) {
	c, ok := all.ofScope(scope)
	if !ok {
		return Quota{}, nil
	}
	r, now, err := s.memory.recall(ctx, app)
	if err != nil {
		return Quota{}, err
	}
	if g := r.holding(c.Name, now.UnixMilli()); g != nil {
		if n := g.Limits.CallsPerDay[scope]; n > 0 {
			return Quota{Limit: n, Window: 24 * time.Hour}, nil
		}
	}
	return Quota{}, nil
}

// Forget drops what this process remembers of an app. It is for the consumer of [Topics], so that other processes than the one
// that decided know sooner than within 2 seconds.
func (s *Service) Forget(string) { s.memory.forget() }

// Use says that an app uses a capability for a consumer, in the transaction of what is disclosed or done: what was revoked
// before the transaction is refused, whatever memory says, and a consumer counts against the day's limit once. The room that
// owns the capability calls it.
// Errors: denied when the app does not have it; exhausted when the day's consumers are used up; unavailable.
func (s *Service) Use(ctx context.Context, tx db.Tx, app, capability, consumer string) error {
	if c, ok := Find(capability); !ok || c.Stage != Live {
		return fault.Denied(notGranted, capability)
	}
	now := clock.Millis(s.clock)
	q := capabilitydb.New(tx)
	row, err := q.GrantNow(ctx, capabilitydb.GrantNowParams{AppID: app, Capability: capability, Now: now})
	if errors.Is(err, sql.ErrNoRows) {
		return fault.Denied(notGranted, capability)
	}
	if err != nil {
		return err
	}
	g, err := grantOf(row)
	if err != nil || g.Limits.ConsumersPerDay <= 0 {
		return err
	}
	day := dayOf(now)
	n, err := q.SeeConsumer(ctx, capabilitydb.SeeConsumerParams{AppID: app, Capability: capability, Day: day, ConsumerID: consumer})
	if err != nil || n == 0 {
		return err
	}
	if err := q.BeginDay(ctx, capabilitydb.BeginDayParams{AppID: app, Capability: capability, Day: day}); err != nil {
		return err
	}
	n, err = q.CountConsumer(ctx, capabilitydb.CountConsumerParams{AppID: app, Capability: capability, Day: day, Most: g.Limits.ConsumersPerDay})
	if err == nil && n == 0 {
		err = fault.Exhausted(consumersUsed, capability, g.Limits.ConsumersPerDay).WithRetryAfter(time.Duration(startOf(day+1)-now) * time.Millisecond)
	}
	return err
}

const (
	dayMillis = int64(24 * time.Hour / time.Millisecond)
	zone      = int64(8 * time.Hour / time.Millisecond) // China Standard Time, the whole year
)

func dayOf(ms int64) int64    { return (ms + zone) / dayMillis }
func startOf(day int64) int64 { return day*dayMillis - zone }
