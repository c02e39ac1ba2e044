package host

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"

	"minimart/open/host/hostdb"
	"minimart/platform/db"
)

// fresh is how old what a process remembers of host apps may be.
const fresh = 2 * time.Second

// memory holds host apps by publishable key and by id. What it holds counts for fresh, and until anything changes in this
// process, whichever is first: changes are rare, so one count for all of them does.
type memory struct {
	service *Service
	changes atomic.Uint64
	hosts   *otter.Cache[string, *remembered]

	mu      sync.Mutex // held while origins are read, so that a crowd reads them once
	origins atomic.Pointer[rememberedOrigins]
}

type remembered struct {
	Known  // ID "" when there is no such host app
	since  time.Time
	change uint64
}

type rememberedOrigins struct {
	all    map[string]bool
	since  time.Time
	change uint64
}

func newMemory(s *Service) *memory {
	return &memory{service: s, hosts: otter.Must(&otter.Options[string, *remembered]{MaximumSize: 5_000})}
}

// forget makes everything remembered so far old, also what is being read at this moment.
func (m *memory) forget() { m.changes.Add(1) }

// holds says whether what was read at since, when there had been that many changes, still counts.
func (m *memory) holds(since time.Time, change uint64) bool {
	age := m.service.clock.Now().Sub(since)
	return change == m.changes.Load() && age >= 0 && age < fresh // negative when the clock was set back
}

// recall is a host app by its publishable key or its id.
func (m *memory) recall(ctx context.Context, name string) (*remembered, error) {
	if k, ok := m.hosts.GetIfPresent(name); ok && m.holds(k.since, k.change) {
		return k, nil
	}
	k := &remembered{since: m.service.clock.Now(), change: m.changes.Load()} // before it is read
	err := m.service.db.View(ctx, func(tx db.Tx) error {
		q := hostdb.New(tx)
		find := q.Host
		if strings.HasPrefix(name, PublishablePrefix) {
			find = q.HostByKey
		}
		row, err := find(ctx, name)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if k.Host, err = hostOf(row); err != nil || k.AllPrograms {
			return err
		}
		k.Programs, err = q.Programs(ctx, k.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	m.hosts.Set(name, k)
	return k, nil
}

// allOrigins are the origins of all host apps.
func (m *memory) allOrigins(ctx context.Context) (map[string]bool, error) {
	if o := m.origins.Load(); o != nil && m.holds(o.since, o.change) {
		return o.all, nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if o := m.origins.Load(); o != nil && m.holds(o.since, o.change) {
		return o.all, nil
	}
	o := &rememberedOrigins{all: map[string]bool{}, since: m.service.clock.Now(), change: m.changes.Load()}
	var lists []string
	err := m.service.db.View(ctx, func(tx db.Tx) (err error) {
		lists, err = hostdb.New(tx).OriginsOfAll(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, text := range lists {
		var list []string
		if err := json.Unmarshal([]byte(text), &list); err != nil {
			return nil, err
		}
		for _, origin := range list {
			o.all[origin] = true
		}
	}
	m.origins.Store(o)
	return o.all, nil
}
