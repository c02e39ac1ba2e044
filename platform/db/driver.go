package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"unicode/utf8"
)

// connector stands between database/sql and a driver. It does what must hold for every statement on either engine, and
// what the caller of a sql.Row could not do any more: driver errors become faults, rows that a transaction left open are
// found and closed, and on SQLite prepared statements are kept, since modernc parses the SQL anew on every call.
type connector struct {
	driver.Connector
	explain func(error) error
	commit  func(error) error // explain for commits
	keep    int               // prepared statements kept per connection; 0 where the driver keeps its own
	strict  bool              // refuse text that the other engine would refuse
}

func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	inner, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, c.explain(err)
	}
	w := &conn{inner: inner, explain: c.explain, commit: c.commit, keep: c.keep, strict: c.strict, open: map[*rows]struct{}{}}
	if c.keep > 0 {
		w.kept = make(map[string]*keptStmt)
	}
	return w, nil
}

// conn is a driver's connection. database/sql lets one goroutine at a time use it.
type conn struct {
	inner   driver.Conn
	explain func(error) error
	commit  func(error) error
	keep    int
	strict  bool
	kept    map[string]*keptStmt
	open    map[*rows]struct{}

	// failure is the first error of a statement in the running transaction. PostgreSQL refuses everything after one; SQLite
	// would go on and commit half of the work. Here both refuse.
	failure atomic.Pointer[error]
	// conflicted is set when a statement lost to another transaction. The transaction has to be run again, whatever the
	// function that ran it made of the error.
	conflicted atomic.Bool
}

// fresh forgets what happened in the transaction before.
func (c *conn) fresh() {
	c.failure.Store(nil)
	c.conflicted.Store(false)
}

type keptStmt struct {
	driver.Stmt
	busy bool // its rows are being read: the handle cannot serve a second query
}

// fail notes that a statement failed and explains why.
func (c *conn) fail(err error) error { return c.failed(err, c.explain) }

func (c *conn) failed(err error, explain func(error) error) error {
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, driver.ErrSkip) {
		return err
	}
	if isConflict(err) {
		c.conflicted.Store(true)
	}
	err = explain(err)
	c.failure.CompareAndSwap(nil, &err)
	return err
}

// statement is a prepared query, from those kept if it is there and free. done gives it back.
func (c *conn) statement(ctx context.Context, query string) (s driver.Stmt, done func(), err error) {
	if k := c.kept[query]; k != nil && !k.busy {
		k.busy = true
		return k.Stmt, func() { k.busy = false }, nil
	}
	s, err = c.inner.(driver.ConnPrepareContext).PrepareContext(ctx, query)
	if err != nil {
		return nil, nil, c.fail(err)
	}
	if c.kept[query] != nil || !worthKeeping(query) {
		return s, func() { _ = s.Close() }, nil
	}
	if len(c.kept) >= c.keep {
		c.forgetOne()
	}
	k := &keptStmt{Stmt: s, busy: true}
	c.kept[query] = k
	return s, func() { k.busy = false }, nil
}

// worthKeeping is true for queries that come again. Very long ones are data written out as SQL.
func worthKeeping(query string) bool { return len(query) <= 8<<10 }

// forgetOne closes some statement that is not in use. Which one matters little: a program has fewer distinct queries
// than are kept, unless it builds them from data, and then none of those come again.
func (c *conn) forgetOne() {
	for q, k := range c.kept {
		if !k.busy {
			_ = k.Close()
			delete(c.kept, q)
			return
		}
	}
}

func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.admit(ctx, args); err != nil {
		return nil, err
	}
	if c.kept == nil {
		r, err := c.inner.(driver.ExecerContext).ExecContext(ctx, query, args)
		return r, c.fail(err)
	}
	s, done, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	defer done()
	r, err := s.(driver.StmtExecContext).ExecContext(ctx, args)
	return r, c.fail(err)
}

func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.admit(ctx, args); err != nil {
		return nil, err
	}
	if c.kept == nil {
		r, err := c.inner.(driver.QueryerContext).QueryContext(ctx, query, args)
		if err != nil {
			return nil, c.fail(err)
		}
		return c.opened(r, nil), nil
	}
	s, done, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	r, err := s.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		done()
		return nil, c.fail(err)
	}
	return c.opened(r, done), nil
}

// admit refuses what should not reach the driver: a context that has ended and, on SQLite, text that PostgreSQL refuses,
// so that a program which works on the one works on the other.
func (c *conn) admit(ctx context.Context, args []driver.NamedValue) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !c.strict {
		return nil
	}
	for _, a := range args {
		if s, ok := a.Value.(string); ok && (strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s)) {
			return c.fail(badText{a.Ordinal})
		}
	}
	return nil
}

func (c *conn) opened(inner driver.Rows, done func()) *rows {
	r := &rows{inner: inner, conn: c, done: done}
	c.open[r] = struct{}{}
	return r
}

// closeRows closes the rows that a finished transaction left open; an open write would keep the next commit from
// succeeding. Whoever still holds them gets an error.
func (c *conn) closeRows() {
	for r := range c.open {
		_ = r.Close()
		r.cut = true
	}
}

func (c *conn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

func (c *conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	s, err := c.inner.(driver.ConnPrepareContext).PrepareContext(ctx, query)
	if err != nil {
		return nil, c.fail(err)
	}
	return &stmt{Stmt: s, conn: c}, nil
}

func (c *conn) Begin() (driver.Tx, error) {
	return c.BeginTx(context.Background(), driver.TxOptions{})
}

func (c *conn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	t, err := c.inner.(driver.ConnBeginTx).BeginTx(ctx, o)
	if err != nil {
		return nil, c.fail(err)
	}
	return &innerTx{t, c}, nil
}

func (c *conn) Close() error {
	for _, k := range c.kept {
		_ = k.Close() // closing the connection frees what this could not
	}
	c.kept = nil
	return c.inner.Close()
}

func (c *conn) Ping(ctx context.Context) error {
	if p, ok := c.inner.(driver.Pinger); ok {
		return c.fail(p.Ping(ctx))
	}
	return nil
}

func (c *conn) ResetSession(ctx context.Context) error {
	c.fresh()
	if r, ok := c.inner.(driver.SessionResetter); ok {
		return r.ResetSession(ctx)
	}
	return nil
}

func (c *conn) IsValid() bool {
	v, ok := c.inner.(driver.Validator)
	return !ok || v.IsValid()
}

func (c *conn) CheckNamedValue(v *driver.NamedValue) error {
	if k, ok := c.inner.(driver.NamedValueChecker); ok {
		return k.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

// innerTx is a driver's transaction.
type innerTx struct {
	driver.Tx
	conn *conn
}

func (t *innerTx) Commit() error   { return t.conn.failed(t.Tx.Commit(), t.conn.commit) }
func (t *innerTx) Rollback() error { return t.conn.fail(t.Tx.Rollback()) }

// stmt is a statement that the caller prepared by hand.
type stmt struct {
	driver.Stmt
	conn *conn
}

func (s *stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	if err := s.conn.admit(ctx, args); err != nil {
		return nil, err
	}
	r, err := s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
	return r, s.conn.fail(err)
}

func (s *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	if err := s.conn.admit(ctx, args); err != nil {
		return nil, err
	}
	r, err := s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		return nil, s.conn.fail(err)
	}
	return s.conn.opened(r, nil), nil
}

func (s *stmt) CheckNamedValue(v *driver.NamedValue) error { return s.conn.CheckNamedValue(v) }

// rows are a driver's rows that give their statement back when closed.
type rows struct {
	inner  driver.Rows
	conn   *conn
	done   func()
	closed bool
	cut    bool // closed by the end of the transaction, not by their reader
}

func (r *rows) Columns() []string { return r.inner.Columns() }

func (r *rows) Next(dest []driver.Value) error {
	if r.cut {
		return fmt.Errorf("reading rows: %w", errEnded)
	}
	if r.closed {
		return io.EOF
	}
	return r.conn.fail(r.inner.Next(dest))
}

func (r *rows) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	delete(r.conn.open, r)
	err := r.inner.Close()
	if r.done != nil {
		r.done()
	}
	return r.conn.fail(err)
}
