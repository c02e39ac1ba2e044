package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"modernc.org/sqlite"

	"minimart/platform/fault"
)

// keptStatements is per connection. A room has a few dozen queries.
const keptStatements = 512

// sqliteEngine is one writer and a pool of readers on the same file. In WAL mode they do not wait for each other.
type sqliteEngine struct {
	path    string
	writing *sql.DB // exactly one connection, the writer's
	writer  *writer
	reading *sql.DB
	gate    gate
	folder  string // to remove when closed; "" for a database that stays
}

func openSQLite(ctx context.Context, path string, s settings) (engine, error) {
	e := &sqliteEngine{path: path}
	switch path {
	case "":
		return nil, errors.New("db: sqlite: without a file name, want sqlite:FILE")
	case ":memory:":
		// A real file all the same: WAL, snapshots and several connections need one, and tests should see what the program sees.
		folder, err := os.MkdirTemp("", "minimart-db-")
		if err != nil {
			return nil, fmt.Errorf("db: no folder for a temporary database: %w", err)
		}
		e.folder, e.path = folder, filepath.Join(folder, "memory.db")
	default:
		if _, err := os.Stat(filepath.Dir(path)); err != nil {
			return nil, fmt.Errorf("db: cannot open %s: its folder: %w", path, err)
		}
	}
	if s.connections == 0 {
		s.connections = 8
	}
	var err error
	// Only the writer's connection creates the file and sets WAL, so it comes first.
	if e.writing, err = e.pool(explainSQLite, 1, "cache_size(-64000)"); err == nil {
		if err = e.writing.PingContext(ctx); err == nil {
			e.reading, err = e.pool(explainReader, s.connections, "cache_size(-16000)", "query_only(1)")
		}
	}
	if err == nil {
		err = e.reading.PingContext(ctx)
	}
	if err == nil {
		err = e.insist(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("db: cannot open %s: %w", e.path, err), e.discard())
	}
	e.writer = startWriter(e.writing, s.groupLimit, s.groupTime)
	return e, nil
}

// insist makes sure that the file system gave us what durability stands on: PRAGMAs do not fail, they are ignored.
func (e *sqliteEngine) insist(ctx context.Context) error {
	var journal string
	if err := e.writing.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&journal); err != nil {
		return err
	}
	if journal != "wal" {
		return fmt.Errorf("its file system gives journal mode %s, want wal: use a local disk", journal)
	}
	return nil
}

// pool is a set of connections to the file.
func (e *sqliteEngine) pool(explain func(error) error, most int, pragmas ...string) (*sql.DB, error) {
	inner, err := sqlite.NewConnector(e.dsn(pragmas...))
	if err != nil {
		return nil, err
	}
	p := sql.OpenDB(connector{Connector: inner, explain: explain, commit: explain, keep: keptStatements, strict: true})
	p.SetMaxOpenConns(most)
	p.SetMaxIdleConns(most)
	return p, nil
}

func (e *sqliteEngine) dsn(pragmas ...string) string {
	q := url.Values{"_txlock": {"immediate"}, "_dqs": {"0"}, "_error_rc": {"1"}, "_pragma": append([]string{
		"busy_timeout(10000)", // another process, such as a migration, may be writing
		"journal_mode(WAL)",
		"synchronous(FULL)", // one fsync per commit: what was acknowledged survives the power cut
		"foreign_keys(1)",
		"wal_autocheckpoint(4000)", // pages, 16 MiB: a page that changes often is copied into the file less often
		"journal_size_limit(67108864)",
		"temp_store(MEMORY)", // what a savepoint would need to roll back; in a file it takes a third of the CPU time of a group
	}, pragmas...)}
	file := url.URL{Path: e.path}
	return "file:" + file.EscapedPath() + "?" + q.Encode()
}

func (e *sqliteEngine) name() Engine { return SQLite }

func (e *sqliteEngine) view(ctx context.Context, d *DB, fn func(Tx) error) error {
	if !e.gate.enter() {
		return fault.Unavailable(closing)
	}
	defer e.gate.leave()
	c, err := e.reading.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }() // back to the pool; it complains only of a connection that was discarded
	wire := wireOf(c)
	wire.fresh()
	if _, err := c.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	t := &txn{db: d, conn: c, wire: wire, readOnly: true}
	defer func() {
		t.end()
		closeRows(c)
		if _, err := c.ExecContext(context.Background(), "ROLLBACK"); err != nil {
			discard(c)
		}
	}()
	return t.outcome(runTurn(fn, t))
}

func (e *sqliteEngine) update(ctx context.Context, d *DB, fn func(Tx) error) error {
	if !e.gate.enter() {
		return fault.Unavailable(closing)
	}
	defer e.gate.leave()
	return e.writer.update(ctx, d, fn)
}

func (e *sqliteEngine) migration(context.Context) (*sql.DB, func() error, error) {
	// A handle of its own: goose begins transactions itself, and the writer's one connection is the writer's.
	p, err := e.pool(explainSQLite, 2)
	if err != nil {
		return nil, nil, err
	}
	return p, p.Close, nil
}

func (e *sqliteEngine) close(ctx context.Context) error {
	if !e.gate.close() {
		return nil
	}
	e.writer.stop()
	err := e.reading.Close()
	// With the readers gone the log can be moved into the file and emptied.
	_, moved := e.writing.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return errors.Join(err, moved, e.discard())
}

func (e *sqliteEngine) discard() error {
	var errs []error
	for _, p := range []*sql.DB{e.reading, e.writing} {
		if p != nil {
			errs = append(errs, p.Close())
		}
	}
	if e.folder != "" {
		errs = append(errs, os.RemoveAll(e.folder))
	}
	return errors.Join(errs...)
}

// gate counts calls in, and lets Close wait for them.
type gate struct {
	mu     sync.RWMutex
	shut   bool
	inside sync.WaitGroup
}

func (g *gate) enter() bool {
	g.mu.RLock()
	defer g.mu.RUnlock()
	if g.shut {
		return false
	}
	g.inside.Add(1)
	return true
}

func (g *gate) leave() { g.inside.Done() }

// close shuts the gate and waits until everybody is out. It is true for the first to call it.
func (g *gate) close() bool {
	g.mu.Lock()
	first := !g.shut
	g.shut = true
	g.mu.Unlock()
	g.inside.Wait()
	return first
}

// wireOf is our own connection below one of database/sql's.
func wireOf(c *sql.Conn) (w *conn) {
	_ = c.Raw(func(driverConn any) error { w = driverConn.(*conn); return nil })
	return w
}

func closeRows(c *sql.Conn) {
	_ = c.Raw(func(driverConn any) error { driverConn.(*conn).closeRows(); return nil })
}

// discard closes a connection that may be in an unknown state instead of giving it back to the pool.
func discard(c *sql.Conn) {
	_ = c.Raw(func(any) error { return driver.ErrBadConn })
}
