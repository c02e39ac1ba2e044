package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"
)

// Engine says which database a DB stands on.
type Engine string

// The engines. PostgreSQL stands for everything that speaks its wire protocol.
const (
	SQLite     Engine = "sqlite"
	PostgreSQL Engine = "postgres"
)

// DB is an open database. It is safe for concurrent use.
type DB struct {
	engine engine
	outbox atomic.Pointer[Outbox]
}

// engine is what the two databases do differently.
type engine interface {
	name() Engine
	view(ctx context.Context, d *DB, fn func(Tx) error) error
	update(ctx context.Context, d *DB, fn func(Tx) error) error
	// migration opens a plain handle for schema changes; release gives it back.
	migration(ctx context.Context) (handle *sql.DB, release func() error, err error)
	close(ctx context.Context) error
}

type settings struct {
	groupLimit  int           // calls per commit
	groupTime   time.Duration // how long a group may take in members before it commits
	connections int           // readers on SQLite, all connections on PostgreSQL
}

// Option changes how Open sets the database up. The defaults are right for the program; options are for benchmarks,
// tests and unusual machines.
type Option func(*settings)

// WithGroupLimit sets how many Update calls SQLite commits together at most (default 256). 1 gives every call its own
// commit. It has no effect on PostgreSQL.
func WithGroupLimit(calls int) Option { return func(s *settings) { s.groupLimit = max(1, calls) } }

// WithConnections sets how many View calls run at once on SQLite (default 8), or how many connections PostgreSQL gets in
// all (default 16). More callers wait.
func WithConnections(n int) Option { return func(s *settings) { s.connections = max(1, n) } }

// Open opens the database at url and checks that it answers.
//
//	sqlite:FILE        a file, created if missing; its folder must exist
//	sqlite::memory:    a file in the temporary folder that goes when the DB is closed
//	postgres://…       anything pgx understands (postgresql:// as well)
func Open(ctx context.Context, url string, options ...Option) (*DB, error) {
	s := settings{groupLimit: 256, groupTime: 25 * time.Millisecond}
	for _, o := range options {
		o(&s)
	}
	var e engine
	var err error
	switch {
	case strings.HasPrefix(url, "sqlite:"):
		e, err = openSQLite(ctx, strings.TrimPrefix(url, "sqlite:"), s)
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		e, err = openPostgres(ctx, url, s)
	default:
		scheme, _, _ := strings.Cut(url, ":") // the rest may hold a password
		err = fmt.Errorf("db: cannot open %q…: want sqlite:FILE or postgres://user@host/name", scheme)
	}
	if err != nil {
		return nil, err
	}
	return &DB{engine: e}, nil
}

// Engine says which database this is. Rooms do not need to know; doctor and metrics do.
func (d *DB) Engine() Engine { return d.engine.name() }

// View runs fn on one consistent snapshot of the database. Writing through its Tx is an error.
//
// Errors: what fn returns; Unavailable when the database cannot be reached; the error of ctx.
func (d *DB) View(ctx context.Context, fn func(Tx) error) error {
	if err := enter(ctx, "View"); err != nil {
		return err
	}
	return d.engine.view(ctx, d, fn)
}

// Update runs fn in a transaction and commits it if fn returns nil. When Update returns nil the change is on disk; when it
// returns an error nothing of it is, except where the connection to PostgreSQL broke during the commit itself: the error
// then says that the outcome is unknown. A panic in fn rolls back and goes on to the caller.
//
// Errors: what fn returns; Unavailable when the database cannot be reached, is closing, its disk is full, or a conflict
// with other calls did not resolve; the error of ctx if it ended before fn had its turn.
func (d *DB) Update(ctx context.Context, fn func(Tx) error) error {
	if err := enter(ctx, "Update"); err != nil {
		return err
	}
	return d.engine.update(ctx, d, fn)
}

// Ping is nil if the database answers a read.
func (d *DB) Ping(ctx context.Context) error {
	return d.View(ctx, func(tx Tx) error {
		var one int
		return tx.QueryRowContext(ctx, "SELECT 1").Scan(&one)
	})
}

// Close refuses new calls, finishes those that were let in, and closes the database. On SQLite it moves the write-ahead
// log into the main file, so that the one file is the whole database and can be copied. Close may be called twice.
func (d *DB) Close() error { return d.engine.close(context.Background()) }

var errNested = errors.New("called inside a function passed to View or Update: pass the Tx on instead, a second transaction would wait for the first for ever")

func enter(ctx context.Context, operation string) error {
	if insideTurn() {
		return fmt.Errorf("db: %s %w", operation, errNested)
	}
	return ctx.Err()
}
