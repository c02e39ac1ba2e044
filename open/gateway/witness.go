package gateway

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
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
	usual   int // calls in a group of late

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
	from     netip.Addr

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
	// the first would be in a transaction of its own. So a writer that just had a crowd waits while more keep coming, and not
	// long. One that calls alone waits for nobody.
	crowd  = 8
	moment = 250 * time.Microsecond
	steps  = 12
	// usedEvery is how often, in ms, it is noted that a key is in use.
	usedEvery = 60_000
	// writeTime is how long writing a batch may take.
	writeTime = 10 * time.Second
)

func newWitness(d *db.DB, c clock.Clock) *witness { return &witness{db: d, clock: c} }

// newCall identifies a call by its key, its timestamp and its nonce, all of which are signed.
func newCall(a signing.Authorization, revision int64, from netip.Addr) *call {
	var buffer [160]byte // fits the longest key and nonce
	name := append(append(append(buffer[:0], a.Key...), '\n'), a.Nonce...)
	sum := sha256.Sum256(name)
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
		w.groups = append(w.groups, &group{calls: make([]*call, 0, w.usual+w.usual/4+1), done: make(chan struct{})})
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
	callers := 0 // who waited for the group before, or came meanwhile
	for {
		if callers >= crowd {
			w.gather(callers)
		}
		w.mu.Lock()
		if len(w.groups) == 0 {
			w.writing, w.groups = false, nil
			w.mu.Unlock()
			return
		}
		g := w.groups[0]
		w.groups = w.groups[1:]
		w.usual = len(g.calls)
		w.mu.Unlock()
		g.err = w.settle(g.calls)
		callers = len(g.calls) + w.waiting()
		close(g.done)
	}
}

// gather waits until about as many calls are there as there were callers, and not long.
func (w *witness) gather(callers int) {
	for range steps {
		if w.waiting() >= callers-callers/16 {
			return
		}
		time.Sleep(moment)
	}
}

// waiting is how many calls wait.
func (w *witness) waiting() (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, g := range w.groups {
		n += len(g.calls)
	}
	return n
}

// settle decides about the calls of a group in one transaction.
func (w *witness) settle(group []*call) error {
	ctx, cancel := context.WithTimeout(context.Background(), writeTime)
	defer cancel()
	// In the order of the table: neighbours are on one page, and processes that store the same calls do not wait for each other.
	slices.SortFunc(group, func(a, b *call) int {
		return cmp.Or(cmp.Compare(a.signedAt, b.signedAt), cmp.Compare(a.digest, b.digest))
	})
	verdicts := make([]verdict, len(group))
	err := w.db.Update(ctx, func(tx db.Tx) error { return w.decide(ctx, tx, group, verdicts, w.admitAll) })
	if errors.Is(err, errNotAll) { // nothing was stored; now each is asked for
		err = w.db.Update(ctx, func(tx db.Tx) error { return w.decide(ctx, tx, group, verdicts, w.admitEach) })
	}
	for i, c := range group {
		c.verdict = verdicts[i]
	}
	return err
}

// decide decides about the calls whose key is as it was, with store, and notes the use of the keys.
func (w *witness) decide(ctx context.Context, tx db.Tx, group []*call, verdicts []verdict, store func(context.Context, db.Tx, []*call, []verdict) error) error {
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
		verdicts[i] = undecided
		if key.Revision != c.revision {
			verdicts[i] = stale
		}
	}
	if err := store(ctx, tx, group, verdicts); err != nil {
		return err
	}
	for i, c := range group {
		if key := keys[c.key]; verdicts[i] == admitted && key.LastUsedAt <= now-usedEvery {
			if err := q.KeyUsed(ctx, gatewaydb.KeyUsedParams{Now: now, UsedFrom: c.from.String(), ID: c.key}); err != nil {
				return err
			}
			key.LastUsedAt = now
			keys[c.key] = key
		}
	}
	return nil
}

// admitEach stores calls one by one, and so learns which were there already.
func (w *witness) admitEach(ctx context.Context, tx db.Tx, group []*call, verdicts []verdict) error {
	q := gatewaydb.New(tx)
	for i, c := range group {
		if verdicts[i] == stale {
			continue
		}
		n, err := q.Admit(ctx, gatewaydb.AdmitParams{SignedAt: c.signedAt, Digest: c.digest})
		if err != nil {
			return err
		}
		verdicts[i] = admitted
		if n == 0 {
			verdicts[i] = replayed
		}
	}
	return nil
}

// errNotAll says that some of the calls were there already: the transaction rolls back, and admitEach finds out which.
// That is rare: a replay has to get past memory, or its twin is in the same group.
var errNotAll = errors.New("gateway: not all calls are new")

// admitAll stores many calls per statement, which takes a third of the time, and fails with errNotAll unless all are new.
func (w *witness) admitAll(ctx context.Context, tx db.Tx, group []*call, verdicts []verdict) error {
	fresh := make([]any, 0, 2*len(group))
	for i, c := range group {
		if verdicts[i] != stale {
			verdicts[i] = admitted
			fresh = append(fresh, c.signedAt, c.digest)
		}
	}
	var row [2 * fewRows]any
	for len(fresh) > 0 {
		rows, query := 1, admitOne
		switch n := len(fresh) / 2; {
		case n >= manyRows:
			rows, query = manyRows, admitMany
		case n > 1:
			rows, query = min(n, fewRows), admitFew
		}
		values := fresh[:2*rows]
		fresh = fresh[2*rows:]
		if query == admitFew { // what is missing is the last one again, which is stored once
			n := copy(row[:], values)
			for ; n < len(row); n += 2 {
				copy(row[n:], values[len(values)-2:])
			}
			values = row[:]
		}
		result, err := tx.ExecContext(ctx, query, values...)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil {
			return err
		} else if n != int64(rows) {
			return errNotAll
		}
	}
	return nil
}

// Statements of a few lengths, so that each is prepared once. sqlc does not write such: they are Admit of query/call.sql with
// more rows.
const manyRows, fewRows = 32, 8

var admitOne, admitFew, admitMany = admitRows(1), admitRows(fewRows), admitRows(manyRows)

func admitRows(n int) string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = fmt.Sprintf("($%d, $%d)", 2*i+1, 2*i+2)
	}
	return "INSERT INTO gateway_nonce (signed_at, digest) VALUES " + strings.Join(rows, ", ") + " ON CONFLICT DO NOTHING"
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
