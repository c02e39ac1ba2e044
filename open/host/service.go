package host

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"minimart/open/host/hostdb"
	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
)

// Schema are the room's migrations: db.Migrate(ctx, "host", host.Schema).
//
//go:embed schema/*.sql
var Schema embed.FS

// ManageHosts is what an operator must be allowed to do to see and change host apps.
const ManageHosts access.Action = "host.manage"

// Sealer keeps secrets that must be read again. *seal.Box of open/gateway is one.
type Sealer interface {
	Seal(place, secret string) string
	Unseal(place, text string) (string, error)
}

// Config is what the room stands on. DB, Box and Log must be set.
type Config struct {
	DB        *db.DB
	Box       Sealer
	Log       access.Log
	PublicURL string      // of the platform: what assertions may be addressed to beside "minimart"; "" for none
	Clock     clock.Clock // default clock.System
	Random    io.Reader   // default crypto/rand
}

// Service is the operations of the room. It is safe for concurrent use, by several processes on one database as well.
type Service struct {
	db        *db.DB
	box       Sealer
	log       access.Log
	publicURL string
	clock     clock.Clock
	random    io.Reader
	memory    *memory
}

// New is the service over a database that was migrated with Schema.
func New(c Config) *Service {
	if c.Clock == nil {
		c.Clock = clock.System
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	s := &Service{db: c.DB, box: c.Box, log: c.Log, publicURL: strings.TrimSuffix(c.PublicURL, "/"), clock: c.Clock, random: c.Random}
	s.memory = newMemory(s)
	return s
}

// EnsureBuiltin is the platform's own web host, which it makes when there is none yet. Its publishable key goes into the host
// page. Every program is released to it until the operator says otherwise. It is called at start, by app.
// Errors: unavailable.
func (s *Service) EnsureBuiltin(ctx context.Context) (Host, error) {
	var h Host
	err := s.db.Update(ctx, func(tx db.Tx) error {
		q := hostdb.New(tx)
		row, err := q.BuiltinHost(ctx)
		if errors.Is(err, sql.ErrNoRows) {
			fresh := Host{ID: id.New(Prefix), Name: "Minimart", Kind: Web, PublishableKey: s.newKey(PublishablePrefix, 24), Builtin: true, AllPrograms: true, CreatedAt: clock.Millis(s.clock)}
			var n int64
			if n, err = q.AddHost(ctx, rowOf(fresh)); err != nil {
				return err
			}
			if n > 0 { // otherwise another process was faster
				if err := s.log.Record(ctx, tx, access.Entry{Action: "host.created", Target: fresh.ID, Detail: map[string]string{"name": fresh.Name, "kind": string(fresh.Kind)}}); err != nil {
					return err
				}
				if err := tx.Emit(ctx, TopicCreated, eventKey(fresh.ID, 1), eventOf(fresh, "", fresh.CreatedAt)); err != nil {
					return err
				}
			}
			row, err = q.BuiltinHost(ctx)
		}
		if err != nil {
			return err
		}
		h, err = hostOf(row)
		return err
	})
	return h, err
}

// Register adds a host app. Its secret is in this answer alone; no program is released to it yet. Operators may call it.
// Errors: denied; invalid with every field that is wrong; exhausted when there are too many; unavailable.
func (s *Service) Register(ctx context.Context, by access.Actor, in NewHost) (Issued, error) {
	if err := by.OnPlatform(ctx, ManageHosts); err != nil {
		return Issued{}, err
	}
	in, err := in.check()
	if err != nil {
		return Issued{}, err
	}
	now := clock.Millis(s.clock)
	h := Host{
		ID: id.New(Prefix), Name: in.Name, Kind: in.Kind, Origins: in.Origins, PublishableKey: s.newKey(PublishablePrefix, 24),
		CreatedBy: by.ActorID(), CreatedAt: now, ChangedAt: now,
	}
	issued := Issued{Host: h, Secret: s.newKey(SecretPrefix, 32)}
	err = s.db.Update(ctx, func(tx db.Tx) error {
		q := hostdb.New(tx)
		n, err := q.CountHosts(ctx)
		if err != nil {
			return err
		}
		if n >= maxHosts {
			return fault.Exhausted(tooManyHosts, n)
		}
		if n, err = q.AddHost(ctx, rowOf(h)); err != nil {
			return err
		} else if n == 0 {
			return fmt.Errorf("host: %s or its key is taken", h.ID) // of 192 random bits: cannot happen
		}
		if err := s.addSecret(ctx, q, h.ID, issued.Secret, now); err != nil {
			return err
		}
		return s.tell(ctx, tx, by, TopicCreated, h, 1, map[string]string{"name": h.Name, "kind": string(h.Kind), "origins": strings.Join(h.Origins, " ")})
	})
	if err != nil {
		return Issued{}, err
	}
	s.memory.forget()
	return issued, nil
}

func (s *Service) addSecret(ctx context.Context, q *hostdb.Queries, host, secret string, now int64) error {
	key := id.New(secretIDPrefix)
	return q.AddSecret(ctx, hostdb.AddSecretParams{ID: key, HostID: host, Secret: s.box.Seal(secretPlace(key), secret), CreatedAt: now})
}

// secretPlace is where a secret belongs, see seal.
func secretPlace(key string) string { return "host_secret/" + key }

// newKey is a prefix and n random bytes.
func (s *Service) newKey(prefix string, n int) string {
	b := make([]byte, n)
	if _, err := io.ReadFull(s.random, b); err != nil {
		panic("host: no randomness: " + err.Error()) // crypto/rand does not fail; to go on would be worse than to stop
	}
	return prefix + base64.RawURLEncoding.EncodeToString(b)
}

// Hosts pages through host apps, the newest first: up to limit (1 to 100), and the cursor of the next page, "" at the end.
// Operators may call it.
// Errors: denied; invalid for a cursor; unavailable.
func (s *Service) Hosts(ctx context.Context, by access.Actor, cursor string, limit int) (page []Host, next string, err error) {
	if err := by.OnPlatform(ctx, ManageHosts); err != nil {
		return nil, "", err
	}
	if cursor != "" && id.Check(Prefix, cursor) != nil {
		return nil, "", fault.Invalid("cursor", badCursor, fault.Cut(cursor, 40))
	}
	limit = max(1, min(limit, 100))
	var rows []hostdb.HostApp
	err = s.db.View(ctx, func(tx db.Tx) (err error) {
		rows, err = hostdb.New(tx).Hosts(ctx, hostdb.HostsParams{Before: cursor, Most: int32(limit + 1)})
		return err
	})
	if err != nil {
		return nil, "", err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	page = make([]Host, len(rows))
	for i, r := range rows {
		if page[i], err = hostOf(r); err != nil {
			return nil, "", err
		}
	}
	return page, next, nil
}

// Known is a host app with its secrets' dates and the programs released to it.
type Known struct {
	Host
	Programs []string // ids, sorted; nothing when AllPrograms
	Secrets  []Secret // those that still sign, the newest first
}

// Secret is a secret of a host app, without itself. Times are unix ms.
type Secret struct {
	ID        string
	CreatedAt int64
	ExpiresAt int64 // 0 for the one that was not replaced yet
}

// Host finds a host app. Operators may call it.
// Errors: denied; not_found; unavailable.
func (s *Service) Host(ctx context.Context, by access.Actor, host string) (Known, error) {
	if err := by.OnPlatform(ctx, ManageHosts); err != nil {
		return Known{}, err
	}
	var k Known
	err := s.db.View(ctx, func(tx db.Tx) (err error) {
		q := hostdb.New(tx)
		if k.Host, err = find(ctx, q, host); err != nil {
			return err
		}
		if k.Programs, err = q.Programs(ctx, host); err != nil {
			return err
		}
		rows, err := q.LiveSecrets(ctx, hostdb.LiveSecretsParams{HostID: host, Now: clock.Millis(s.clock)})
		k.Secrets = make([]Secret, len(rows))
		for i, r := range rows {
			k.Secrets[i] = Secret{r.ID, r.CreatedAt, r.ExpiresAt}
		}
		return err
	})
	return k, err
}

func find(ctx context.Context, q *hostdb.Queries, host string) (Host, error) {
	if id.Check(Prefix, host) != nil {
		return Host{}, fault.NotFound(noHost, fault.Cut(host, 40))
	}
	row, err := q.Host(ctx, host)
	if errors.Is(err, sql.ErrNoRows) {
		return Host{}, fault.NotFound(noHost, host)
	}
	if err != nil {
		return Host{}, err
	}
	return hostOf(row)
}

// Change gives a host app another name or other origins. Operators may call it.
// Errors: denied; not_found; invalid with every field that is wrong; unavailable.
func (s *Service) Change(ctx context.Context, by access.Actor, host string, in Change) (Host, error) {
	return s.change(ctx, by, host, TopicChanged, func(q *hostdb.Queries, h Host, now int64) (hostdb.HostApp, map[string]string, error) {
		var c fault.Checks
		name, origins := h.Name, h.Origins
		if in.Name != nil {
			name = checkName(&c, *in.Name)
		}
		if in.Origins != nil {
			origins = checkOrigins(&c, h.Kind, *in.Origins)
		}
		if err := c.Err(); err != nil {
			return hostdb.HostApp{}, nil, err
		}
		row, err := q.ChangeHost(ctx, hostdb.ChangeHostParams{ID: host, Name: name, Origins: listText(origins), Now: now})
		return row, map[string]string{"name": name, "origins": strings.Join(origins, " ")}, err
	})
}

// Rotate gives a host app another secret, which is in this answer alone. The old ones live on for overlap seconds, at most
// [MaxOverlapSeconds]. Operators may call it.
// Errors: denied; not_found; invalid; conflict for the platform's own host, which has none; unavailable.
func (s *Service) Rotate(ctx context.Context, by access.Actor, host string, overlap int64) (Issued, error) {
	secret := s.newKey(SecretPrefix, 32)
	h, err := s.change(ctx, by, host, TopicRotated, func(q *hostdb.Queries, h Host, now int64) (hostdb.HostApp, map[string]string, error) {
		if overlap < 0 || overlap > MaxOverlapSeconds {
			return hostdb.HostApp{}, nil, fault.Invalid("overlapSeconds", badOverlap, MaxOverlapSeconds)
		}
		if h.Builtin {
			return hostdb.HostApp{}, nil, fault.Conflict(builtinSecret)
		}
		err := errors.Join(
			q.EndSecrets(ctx, hostdb.EndSecretsParams{HostID: host, ExpiresAt: now + overlap*1000}),
			q.DropDeadSecrets(ctx, hostdb.DropDeadSecretsParams{HostID: host, Now: now}),
			s.addSecret(ctx, q, host, secret, now),
		)
		if err != nil {
			return hostdb.HostApp{}, nil, err
		}
		row, err := q.TouchHost(ctx, hostdb.TouchHostParams{ID: host, Now: now})
		return row, map[string]string{"overlapSeconds": strconv.FormatInt(overlap, 10)}, err
	})
	if err != nil {
		return Issued{}, err
	}
	return Issued{h, secret}, nil
}

// Release says which programs a host app shows: all, or those of a list of at most [MaxPrograms] ids. Operators may call it.
// Errors: denied; not_found; invalid with every id that is none; unavailable.
func (s *Service) Release(ctx context.Context, by access.Actor, host string, everything bool, apps []string) (Host, error) {
	return s.change(ctx, by, host, TopicReleased, func(q *hostdb.Queries, _ Host, now int64) (hostdb.HostApp, map[string]string, error) {
		var c fault.Checks
		c.Require(!everything || len(apps) == 0, "apps", allAndList)
		if c.Require(len(apps) <= MaxPrograms, "apps", tooManyPrograms, len(apps), MaxPrograms) {
			for i, app := range apps {
				c.Require(id.Check("app", app) == nil, "apps["+strconv.Itoa(i)+"]", noProgramID, fault.Cut(app, 40))
			}
		}
		if err := c.Err(); err != nil {
			return hostdb.HostApp{}, nil, err
		}
		if err := q.DropPrograms(ctx, host); err != nil {
			return hostdb.HostApp{}, nil, err
		}
		for _, app := range apps {
			if err := q.AddProgram(ctx, hostdb.AddProgramParams{HostID: host, AppID: app}); err != nil {
				return hostdb.HostApp{}, nil, err
			}
		}
		row, err := q.ReleaseToHost(ctx, hostdb.ReleaseToHostParams{ID: host, AllPrograms: everything, Now: now})
		return row, map[string]string{"all": strconv.FormatBool(everything), "programs": strconv.Itoa(len(apps))}, err
	})
}

// Suspend shuts a host app out, in this process at once and in others within [fresh]. Operators may call it.
// Errors: denied; not_found; invalid without a reason; conflict when it is suspended already, and for the platform's own;
// unavailable.
func (s *Service) Suspend(ctx context.Context, by access.Actor, host, reason string) (Host, error) {
	return s.change(ctx, by, host, TopicSuspended, func(q *hostdb.Queries, h Host, now int64) (hostdb.HostApp, map[string]string, error) {
		var c fault.Checks
		reason = c.Text("reason", reason, maxReason)
		c.Require(reason != "", "reason", reasonMissing)
		if err := c.Err(); err != nil {
			return hostdb.HostApp{}, nil, err
		}
		if h.Builtin {
			return hostdb.HostApp{}, nil, fault.Conflict(builtinForever)
		}
		row, err := q.SuspendHost(ctx, hostdb.SuspendHostParams{ID: host, Now: now, Reason: reason})
		if errors.Is(err, sql.ErrNoRows) {
			err = fault.Conflict(alreadySuspended)
		}
		return row, map[string]string{"reason": reason}, err
	})
}

// Resume lets a suspended host app in again. Operators may call it.
// Errors: denied; not_found; conflict when it is not suspended; unavailable.
func (s *Service) Resume(ctx context.Context, by access.Actor, host string) (Host, error) {
	return s.change(ctx, by, host, TopicResumed, func(q *hostdb.Queries, _ Host, now int64) (hostdb.HostApp, map[string]string, error) {
		row, err := q.ResumeHost(ctx, hostdb.ResumeHostParams{ID: host, Now: now})
		if errors.Is(err, sql.ErrNoRows) {
			err = fault.Conflict(notSuspended)
		}
		return row, nil, err
	})
}

// change is one change of a host app, with its entry and its event.
func (s *Service) change(ctx context.Context, by access.Actor, host, topic string, do func(q *hostdb.Queries, h Host, now int64) (hostdb.HostApp, map[string]string, error)) (Host, error) {
	if err := by.OnPlatform(ctx, ManageHosts); err != nil {
		return Host{}, err
	}
	var h Host
	err := s.db.Update(ctx, func(tx db.Tx) error {
		q := hostdb.New(tx)
		before, err := find(ctx, q, host)
		if err != nil {
			return err
		}
		row, detail, err := do(q, before, clock.Millis(s.clock))
		if err != nil {
			return err
		}
		if h, err = hostOf(row); err != nil {
			return err
		}
		return s.tell(ctx, tx, by, topic, h, row.Revision, detail)
	})
	if err != nil {
		return Host{}, err
	}
	s.memory.forget()
	return h, nil
}

// tell records what somebody did and emits its event. The action is the topic.
func (s *Service) tell(ctx context.Context, tx db.Tx, by access.Actor, topic string, h Host, revision int64, detail map[string]string) error {
	if err := s.log.Record(ctx, tx, access.Done(by, "", topic, h.ID, detail)); err != nil {
		return err
	}
	return tx.Emit(ctx, topic, eventKey(h.ID, revision), eventOf(h, by.ActorID(), h.ChangedAt))
}

// ByKey is the host app with a publishable key, from memory that is at most [fresh] old.
// Errors: denied for a key that no host app has, and for a suspended host app; unavailable.
func (s *Service) ByKey(ctx context.Context, key string) (Host, error) {
	if !wellFormedKey(key) {
		return Host{}, fault.Denied(noKey)
	}
	k, err := s.memory.recall(ctx, key)
	if err != nil {
		return Host{}, err
	}
	if k.ID == "" {
		return Host{}, fault.Denied(noKey)
	}
	if k.SuspendedAt > 0 {
		return Host{}, fault.Denied(suspended, k.Name, k.Reason)
	}
	return k.Host, nil
}

func wellFormedKey(key string) bool {
	rest, ok := strings.CutPrefix(key, PublishablePrefix)
	return ok && len(rest) == 32 && urlSafe(rest)
}

// Programs are those released to a host app: all, or the ids of some, sorted and not to be changed. None for a suspended or
// unknown host app. It answers from memory, as [Service.ByKey] does.
// Errors: unavailable.
func (s *Service) Programs(ctx context.Context, host string) (everything bool, apps []string, err error) {
	k := &remembered{}
	if id.Check(Prefix, host) == nil {
		k, err = s.memory.recall(ctx, host)
	}
	if err != nil || k.ID == "" || k.SuspendedAt > 0 {
		return false, nil, err
	}
	return k.AllPrograms, k.Programs, nil
}

// Releases says whether a program is released to a host app. As [Service.Programs].
func (s *Service) Releases(ctx context.Context, host, app string) (bool, error) {
	everything, apps, err := s.Programs(ctx, host)
	_, listed := slices.BinarySearch(apps, app)
	return everything || listed, err
}

// Forget drops what this process remembers of host apps. It is for the consumer of [Topics], so that other processes know
// sooner than within [fresh].
func (s *Service) Forget() { s.memory.forget() }

// registered says whether any host app that is not suspended has an origin.
func (s *Service) registered(ctx context.Context, origin string) (bool, error) {
	all, err := s.memory.allOrigins(ctx)
	return all[origin], err
}

// Origins are those of all host apps that are not suspended, sorted: the pages that may show the sandbox.
// Errors: unavailable.
func (s *Service) Origins(ctx context.Context) ([]string, error) {
	all, err := s.memory.allOrigins(ctx)
	out := make([]string, 0, len(all))
	for o := range all {
		out = append(out, o)
	}
	slices.Sort(out)
	return out, err
}

// Sweep deletes used assertions that nobody could use again. Once an hour is enough.
// Errors: unavailable.
func (s *Service) Sweep(ctx context.Context) (deleted int64, err error) {
	err = s.db.Update(ctx, func(tx db.Tx) (err error) {
		// A minute more, for clocks that are set back.
		deleted, err = hostdb.New(tx).SweepAssertions(ctx, clock.Millis(s.clock)-time.Minute.Milliseconds())
		return err
	})
	return deleted, err
}

func rowOf(h Host) hostdb.AddHostParams {
	return hostdb.AddHostParams{
		ID: h.ID, Name: h.Name, Kind: string(h.Kind), Origins: listText(h.Origins), PublishableKey: h.PublishableKey, Builtin: h.Builtin,
		AllPrograms: h.AllPrograms, CreatedBy: h.CreatedBy, CreatedAt: h.CreatedAt,
	}
}

func listText(v []string) string {
	if v == nil {
		v = []string{}
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings: cannot happen
	}
	return string(b)
}
