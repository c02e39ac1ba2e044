package gateway

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"minimart/open/gateway/gatewaydb"
	"minimart/open/gateway/signing"
	"minimart/platform/clock"
	"minimart/platform/db"
)

// witness sees to it that a signed call is admitted once. The database is what counts: it holds over restarts and over
// several processes, and memory alone would have to turn all callers away for five minutes after each start, or take a
// replay for a first call. A row per call is cheap because calls that arrive together are written together, and because rows
// are in the order of time: they are added at the end of the table and forgotten from its beginning.
//
// In the same transaction the key's revision is read again. So what was decided from memory, that the key lives and what it
// is good for, is true at the moment the call is admitted, in every process, without asking the database a second time.
type witness struct {
	db    *db.DB
	clock clock.Clock

	mu      sync.Mutex
	groups  []*group // that wait to be written; the last one gathers calls
	writing bool

	// seen remembers calls of late, so that a flood of one replay does not reach the database: one digest per slot, the
	// newest stays. It is bounded, needs no lock, and forgetting costs nothing but a write.
	seen [1 << 14]atomic.Uint64
}

// verdict is what the witness says about a call.
type verdict int

const (
	undecided verdict = iota
	admitted
	replayed // it was admitted before
	stale    // the key is not what it was when the caller looked
)

// call is a signed call that is to be admitted.
type call struct {
	key      string
	revision int64 // of the key, as it was when the call was checked
	signedAt int64 // unix seconds
	digest   int64
	slot     uint64
	from     string // address

	verdict verdict
}

// group is calls that are written in one transaction.
type group struct {
	calls []*call
	err   error
	done  chan struct{} // closed when their verdicts are there
}

const (
	// batch is how many calls are written in one transaction at most.
	batch = 256
	// A commit costs about as much as storing twenty calls, so it pays to wait a moment for those that are about to come. When
	// many call at once they are answered at once, and then their next calls come one after the other: written as they come,
	// the first would be in a transaction of its own. So a writer that just had a crowd waits for about as many again, in
	// steps, and not long. One that calls alone waits for nobody.
	crowd  = 8
	linger = 250 * time.Microsecond
	steps  = 8
	// usedEvery is how often, in ms, it is noted that a key is in use.
	usedEvery = 60_000
	// writeTime is how long writing a batch may take.
	writeTime = 10 * time.Second
)

func newWitness(d *db.DB, c clock.Clock) *witness { return &witness{db: d, clock: c} }

// newCall identifies a call by its key, its timestamp and its nonce, all of which are signed.
func newCall(a signing.Authorization, revision int64, from string) *call {
	sum := sha256.Sum256([]byte(a.Key + "\n" + a.Nonce))
	at := uint64(a.Timestamp)
	return &call{
		key: a.Key, revision: revision, signedAt: a.Timestamp, from: from,
		digest: int64(binary.LittleEndian.Uint64(sum[:])),
		slot:   binary.LittleEndian.Uint64(sum[16:]) ^ at*0x9e3779b97f4a7c15, // one nonce at two times is two calls
	}
}

// known says whether the call was admitted before, as far as memory goes.
func (w *witness) known(c *call) bool { return w.seen[c.slot%uint64(len(w.seen))].Load() == c.slot }

// admit decides about c, durably, before it returns. That takes as long as a commit, at most writeTime.
func (w *witness) admit(c *call) (verdict, error) {
	w.mu.Lock()
	if n := len(w.groups); n == 0 || len(w.groups[n-1].calls) == batch {
		w.groups = append(w.groups, &group{done: make(chan struct{})})
	}
	g := w.groups[len(w.groups)-1]
	g.calls = append(g.calls, c)
	if !w.writing {
		w.writing = true
		go w.write() // on its own: a caller who goes away must not take the others along
	}
	w.mu.Unlock()
	<-g.done
	if g.err != nil {
		return undecided, g.err
	}
	if c.verdict != stale {
		w.seen[c.slot%uint64(len(w.seen))].Store(c.slot)
	}
	return c.verdict, nil
}

// write writes the groups that wait, until there are none.
func (w *witness) write() {
	before := 0 // calls in the group before
	for {
		for i := 0; before >= crowd && i < steps && !w.waits(before*9/10); i++ {
			time.Sleep(linger)
		}
		w.mu.Lock()
		if len(w.groups) == 0 {
			w.writing, w.groups = false, nil
			w.mu.Unlock()
			return
		}
		g := w.groups[0]
		w.groups = w.groups[1:]
		w.mu.Unlock()
		g.err = w.settle(g.calls)
		before = len(g.calls)
		close(g.done)
	}
}

// waits says whether n calls wait.
func (w *witness) waits(n int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.groups) > 1 || len(w.groups) == 1 && len(w.groups[0].calls) >= n
}

// settle decides about the calls of a group in one transaction.
func (w *witness) settle(group []*call) error {
	ctx, cancel := context.WithTimeout(context.Background(), writeTime)
	defer cancel()
	verdicts := make([]verdict, len(group))
	err := w.db.Update(ctx, func(tx db.Tx) error { return w.decide(ctx, tx, group, verdicts) })
	for i, c := range group {
		c.verdict = verdicts[i]
	}
	return err
}

func (w *witness) decide(ctx context.Context, tx db.Tx, group []*call, verdicts []verdict) error {
	q := gatewaydb.New(tx)
	now := clock.Millis(w.clock)
	keys := make(map[string]gatewaydb.KeyRevisionRow, 1)
	for i, c := range group {
		key, ok := keys[c.key]
		if !ok {
			var err error
			if key, err = q.KeyRevision(ctx, c.key); err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err // a key that is gone has revision 0, which none has
			}
			keys[c.key] = key
		}
		if key.Revision != c.revision {
			verdicts[i] = stale
			continue
		}
		n, err := q.Admit(ctx, gatewaydb.AdmitParams{SignedAt: c.signedAt, Digest: c.digest})
		if err != nil {
			return err
		}
		if n == 0 {
			verdicts[i] = replayed
			continue
		}
		verdicts[i] = admitted
		if key.LastUsedAt <= now-usedEvery {
			if err := q.KeyUsed(ctx, gatewaydb.KeyUsedParams{Now: now, UsedFrom: c.from, ID: c.key}); err != nil {
				return err
			}
			key.LastUsedAt = now
			keys[c.key] = key
		}
	}
	return nil
}

// forget removes calls whose timestamp would be refused by now anyway, a few seconds of them per transaction.
func (w *witness) forget(ctx context.Context) error {
	// A minute more, for processes whose clocks differ.
	horizon := w.clock.Now().Unix() - signing.Window - 60
	for {
		var oldest int64
		if err := w.db.View(ctx, func(tx db.Tx) (err error) {
			oldest, err = gatewaydb.New(tx).OldestNonce(ctx)
			return err
		}); err != nil {
			return err
		}
		if oldest == 0 || oldest >= horizon {
			return nil
		}
		if err := w.db.Update(ctx, func(tx db.Tx) error {
			_, err := gatewaydb.New(tx).ForgetNonces(ctx, min(horizon, oldest+5))
			return err
		}); err != nil {
			return err
		}
	}
}
