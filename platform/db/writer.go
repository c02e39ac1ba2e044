package db

import (
	"context"
	"database/sql"
	"sync/atomic"
	"time"

	"minimart/platform/fault"
)

// writer is the one goroutine that owns SQLite's write connection. It lets calls run one after the other, each in a
// savepoint, and commits when nobody waits any more, or the group is full, or has taken long enough. While one group is
// being written to disk the next one gathers: under load the cost of the fsync is shared by all that came meanwhile, and
// a lone call waits for nobody.
//
// The calls run on their callers' goroutines: the writer hands each the turn and waits for it to come back. So a panic
// unwinds where it belongs, runtime.Goexit (t.Fatal in a test) does not take the writer with it, and a nested call shows
// on its own stack.
type writer struct {
	pool  *sql.DB
	limit int
	time  time.Duration
	queue chan *call
	done  chan struct{}

	conn *sql.Conn // nil before the first group and after a group was lost
	wire *conn
}

// call is one Update on its way through the writer.
type call struct {
	ctx     context.Context
	db      *DB
	state   atomic.Int32  // who decides about the call: see below
	turn    chan struct{} // writer to caller: run now
	ran     chan bool     // caller to writer: I have run; true to keep what I did
	settled chan error    // writer to caller: committed, or what went wrong with the group
	emitted bool          // set by the caller before ran
}

const (
	waiting int32 = iota // in the queue: whoever changes this first decides
	taken                // by the writer, which will settle it
	gone                 // the caller's context ended first
)

func startWriter(pool *sql.DB, limit int, groupTime time.Duration) *writer {
	w := &writer{pool: pool, limit: limit, time: groupTime, queue: make(chan *call, 1024), done: make(chan struct{})}
	go w.run()
	return w
}

// stop ends the writer. Nobody may be in update any more.
func (w *writer) stop() {
	close(w.queue)
	<-w.done
}

// update is Update on the caller's side.
func (w *writer) update(ctx context.Context, d *DB, fn func(Tx) error) (err error) {
	c := &call{ctx: ctx, db: d, turn: make(chan struct{}, 1), ran: make(chan bool, 1), settled: make(chan error, 1)}
	select {
	case w.queue <- c:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-c.turn:
	case err := <-c.settled:
		return err
	case <-ctx.Done():
		if c.state.CompareAndSwap(waiting, gone) {
			return ctx.Err()
		}
		select { // too late to leave: the writer counts on us
		case <-c.turn:
		case err := <-c.settled:
			return err
		}
	}

	t := &txn{db: d, conn: w.conn, wire: w.wire, shielded: true}
	returned := false
	defer func() {
		if !returned { // fn panicked or left by runtime.Goexit; either goes on when this is done
			t.end()
			closeRows(t.conn)
			c.ran <- false
			err = <-c.settled // nobody will read it
		}
	}()
	err = runTurn(fn, t)
	returned = true
	t.end()
	closeRows(t.conn)
	err = t.outcome(err)
	c.emitted = t.emitted
	c.ran <- err == nil
	// An error waits for the commit too: fn may have based it on what an earlier call of the group wrote.
	if lost := <-c.settled; lost != nil {
		return lost
	}
	return err
}

func (w *writer) run() {
	defer close(w.done)
	defer func() {
		if w.conn != nil {
			_ = w.conn.Close()
		}
	}()
	for c := range w.queue {
		w.group(c)
	}
}

// group runs first and whoever else is waiting, commits, and tells them.
func (w *writer) group(first *call) {
	var members []*call
	began := time.Now() // how long a group takes is about this machine, not about the time of the business
	for c := first; c != nil; c = w.next(len(members), began) {
		if !c.state.CompareAndSwap(waiting, taken) {
			continue
		}
		if err := c.ctx.Err(); err != nil {
			c.settled <- err
			continue
		}
		if len(members) == 0 {
			if err := w.begin(); err != nil {
				c.settled <- err
				continue
			}
		}
		members = append(members, c)
		if err := w.member(c); err != nil {
			// The savepoint is gone: SQLite rolled back everything, as it does when the disk is full.
			w.lose(members, err)
			return
		}
	}
	if len(members) == 0 {
		return
	}
	if err := w.exec("COMMIT"); err != nil {
		w.lose(members, err)
		return
	}
	var outbox *Outbox
	for _, c := range members {
		if c.emitted {
			outbox = c.db.outbox.Load()
		}
		c.settled <- nil
	}
	if outbox != nil {
		(*outbox).Committed()
	}
}

// next is another call for the group, or nil if the group is to commit.
func (w *writer) next(size int, began time.Time) *call {
	if size >= w.limit || time.Since(began) > w.time {
		return nil
	}
	select {
	case c := <-w.queue: // nil once the queue is closed
		return c
	default:
		return nil
	}
}

// member runs one call in its savepoint. An error means that the whole transaction is lost.
func (w *writer) member(c *call) error {
	w.wire.fresh()
	if err := w.exec("SAVEPOINT member"); err != nil {
		return err // without the turn: outside a transaction every statement would commit on its own
	}
	c.turn <- struct{}{}
	keep := <-c.ran
	if !keep {
		c.emitted = false
		if err := w.exec("ROLLBACK TO member"); err != nil {
			return err
		}
	}
	return w.exec("RELEASE member")
}

func (w *writer) begin() error {
	if w.conn == nil {
		c, err := w.pool.Conn(context.Background())
		if err != nil {
			return err
		}
		w.conn, w.wire = c, wireOf(c)
	}
	w.wire.fresh()
	if err := w.exec("BEGIN IMMEDIATE"); err != nil {
		w.drop()
		return err
	}
	return nil
}

// exec runs a statement of the writer's own.
func (w *writer) exec(query string) error {
	_, err := w.conn.ExecContext(context.Background(), query)
	return err
}

// lose tells all members of a group that it was not committed.
func (w *writer) lose(members []*call, cause error) {
	w.drop()
	f := fault.Unavailable(groupLost).WithCause(cause)
	for _, c := range members {
		c.settled <- f
	}
}

// drop closes the connection, and with it whatever transaction is open; the next group begins on a new one.
func (w *writer) drop() {
	discard(w.conn)
	_ = w.conn.Close()
	w.conn, w.wire = nil, nil
}
