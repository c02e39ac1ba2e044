package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"minimart/platform/fault"
)

// A transaction that lost to another is run again, at most this often and with pauses that double up to the longest.
// All in all a call gives up after some ten seconds.
const (
	mostAttempts = 60
	firstPause   = 2 * time.Millisecond
	longestPause = 250 * time.Millisecond
)

type postgresEngine struct {
	pool *sql.DB
	gate gate

	// patience lets one call at a time repeat. Many calls that change one hot row would otherwise keep undoing each
	// other; those that lost queue up here, so that each repetition meets only newcomers.
	patience chan struct{}
}

func openPostgres(ctx context.Context, url string, s settings) (engine, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("db: cannot understand the postgres URL: %w", err) // pgx leaves the password out
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "minimart"
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 10 * time.Second
	}
	if s.connections == 0 {
		s.connections = 16
	}
	p := sql.OpenDB(connector{Connector: stdlib.GetConnector(*config), explain: explainPostgres, commit: explainCommit})
	p.SetMaxOpenConns(s.connections)
	p.SetMaxIdleConns(s.connections)
	p.SetConnMaxIdleTime(5 * time.Minute)
	if err := p.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("db: cannot reach postgres at %s:%d, database %s: %w", config.Host, config.Port, config.Database, err), p.Close())
	}
	return &postgresEngine{pool: p, patience: make(chan struct{}, 1)}, nil
}

func (e *postgresEngine) name() Engine { return PostgreSQL }

func (e *postgresEngine) view(ctx context.Context, d *DB, fn func(Tx) error) error {
	// Serializable even for reading: a plain snapshot can show a state that no order of the transactions would give.
	return e.repeat(ctx, d, fn, &sql.TxOptions{Isolation: sql.LevelSerializable, ReadOnly: true})
}

func (e *postgresEngine) update(ctx context.Context, d *DB, fn func(Tx) error) error {
	return e.repeat(ctx, d, fn, &sql.TxOptions{Isolation: sql.LevelSerializable})
}

func (e *postgresEngine) repeat(ctx context.Context, d *DB, fn func(Tx) error, o *sql.TxOptions) error {
	if !e.gate.enter() {
		return fault.Unavailable(closing)
	}
	defer e.gate.leave()
	pause := firstPause
	for attempt := 1; ; attempt++ {
		conflict, err := e.once(ctx, d, fn, o)
		if !conflict {
			return err
		}
		if attempt == mostAttempts {
			return fault.Unavailable(tooBusy).WithCause(fmt.Errorf("gave up after %d attempts: %w", attempt, err))
		}
		if attempt == 1 {
			select {
			case e.patience <- struct{}{}:
				defer func() { <-e.patience }()
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		select {
		case <-time.After(rand.N(pause)):
		case <-ctx.Done():
			return ctx.Err()
		}
		pause = min(2*pause, longestPause)
	}
}

// once runs fn in one transaction. conflict means that it lost to another and nothing of it is saved.
func (e *postgresEngine) once(ctx context.Context, d *DB, fn func(Tx) error, o *sql.TxOptions) (conflict bool, err error) {
	c, err := e.pool.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer func() { _ = c.Close() }() // back to the pool; it complains only of a connection that was discarded
	wire := wireOf(c)
	wire.fresh()
	inner, err := c.BeginTx(ctx, o)
	if err != nil {
		return wire.conflicted.Load(), err
	}
	t := &txn{db: d, sqltx: inner, wire: wire, readOnly: o.ReadOnly}
	finished := false
	defer func() {
		if !finished { // a panic or runtime.Goexit goes on; what it leaves is rolled back
			t.end()
			_ = inner.Rollback()
		}
	}()
	err = t.outcome(runTurn(fn, t))
	finished = true
	t.end()
	if err != nil {
		_ = inner.Rollback() // the connection notices by itself if this fails
		return wire.conflicted.Load(), err
	}
	if err := inner.Commit(); err != nil {
		return wire.conflicted.Load(), err
	}
	if t.emitted {
		(*d.outbox.Load()).Committed()
	}
	return false, nil
}

func (e *postgresEngine) migration(context.Context) (*sql.DB, func() error, error) {
	return e.pool, func() error { return nil }, nil
}

func (e *postgresEngine) close(context.Context) error {
	if !e.gate.close() {
		return nil
	}
	return e.pool.Close()
}
