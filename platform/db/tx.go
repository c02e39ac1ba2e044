package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
)

// Tx is a running transaction. It satisfies the DBTX interface of sqlc's generated code, whose placeholders are $1, $2 ….
// It is good until the function it was passed to returns. After a statement has failed the transaction can only roll back:
// where a row may be there already, ask with ON CONFLICT DO NOTHING rather than by the error. (sql.ErrNoRows is an answer,
// not a failure.)
type Tx interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row

	// Emit writes an event into the outbox, in this transaction: it leaves when, and only if, the transaction commits.
	// The event's id is topic and key together, so that no event can happen twice: emitting it again with the same
	// payload does nothing, with another payload it is a Conflict. Where something happens to a thing more than once,
	// the key holds which time it is ("prd_01J…:v7"). payload becomes JSON of at most 512 KiB.
	Emit(ctx context.Context, topic, key string, payload any) error
}

// txn is the Tx of both engines.
type txn struct {
	db       *DB
	conn     *sql.Conn // where to run statements, or
	sqltx    *sql.Tx   // this
	wire     *conn     // the connection below, for what it saw
	readOnly bool

	// shielded keeps the caller's context from the driver. SQLite answers an interrupt in the middle of a write by rolling
	// back the whole transaction, and that is the whole group's. So the writer looks at the context between statements.
	shielded bool

	mu       sync.Mutex // a goroutine that outlives fn must meet ended, not a connection that is somebody else's by now
	ended    bool
	emitted  bool
	prepared []*sql.Stmt
}

var (
	errEnded    = errors.New("db: the transaction has ended: a Tx is good until the function it was passed to returns")
	errReadOnly = errors.New("db: writing inside View: use Update")
)

// begin locks t for one statement, or says why it must not run. The caller unlocks.
func (t *txn) begin(ctx context.Context, query string) (context.Context, error) {
	t.mu.Lock()
	if t.ended {
		return nil, errEnded
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if word := controlWord(query); word != "" {
		return nil, fmt.Errorf("db: %s inside a transaction: View and Update begin and end transactions, and PRAGMA and ATTACH would outlive this one", word)
	}
	if f := t.wire.failure.Load(); f != nil {
		return nil, fmt.Errorf("db: the transaction failed before and can only roll back: %w", *f)
	}
	if t.shielded {
		ctx = context.Background()
	}
	return ctx, nil
}

func (t *txn) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	inner, err := t.begin(ctx, query)
	defer t.mu.Unlock()
	if err != nil {
		return nil, err
	}
	if t.sqltx != nil {
		return t.sqltx.ExecContext(inner, query, args...)
	}
	return t.conn.ExecContext(inner, query, args...)
}

func (t *txn) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	inner, err := t.begin(ctx, query)
	defer t.mu.Unlock()
	if err != nil {
		return nil, err
	}
	if t.sqltx != nil {
		return t.sqltx.QueryContext(inner, query, args...)
	}
	return t.conn.QueryContext(inner, query, args...)
}

func (t *txn) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	inner, err := t.begin(ctx, query)
	defer t.mu.Unlock()
	if err != nil {
		// There is no other way to make a sql.Row that holds an error than to have a query fail with it.
		inner = failedContext{context.Background(), err}
	}
	if t.sqltx != nil {
		return t.sqltx.QueryRowContext(inner, query, args...)
	}
	return t.conn.QueryRowContext(inner, query, args...)
}

func (t *txn) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	inner, err := t.begin(ctx, query)
	defer t.mu.Unlock()
	if err != nil {
		return nil, err
	}
	var s *sql.Stmt
	if t.sqltx != nil {
		s, err = t.sqltx.PrepareContext(inner, query)
	} else {
		s, err = t.conn.PrepareContext(inner, query)
	}
	if err != nil {
		return nil, err
	}
	t.prepared = append(t.prepared, s)
	return s, nil
}

// end closes what fn left open and makes every later use an error.
func (t *txn) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
	for _, s := range t.prepared {
		_ = s.Close() // its work is done either way
	}
	t.prepared = nil
}

// outcome is what the transaction comes to, given what fn returned: a failed statement is not overlooked.
func (t *txn) outcome(err error) error {
	if f := t.wire.failure.Load(); err == nil && f != nil {
		return fmt.Errorf("db: a statement failed and its error was overlooked, so nothing is saved: %w", *f)
	}
	return err
}

// failedContext is a context that ended with an error of our choice.
type failedContext struct {
	context.Context
	err error
}

var closedChannel = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

func (c failedContext) Done() <-chan struct{} { return closedChannel }
func (c failedContext) Err() error            { return c.err }

// controlWords begin statements that a function passed to View or Update must not run.
var controlWords = [...]string{"BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE", "PRAGMA", "ATTACH", "DETACH", "VACUUM", "SET", "DISCARD", "LISTEN", "PREPARE"}

// controlWord is the control word that query begins with, or "". Comments before the first word are skipped: sqlc begins
// every query with one.
func controlWord(query string) string {
	for {
		query = strings.TrimLeft(query, " \t\r\n\f\v;")
		switch {
		case strings.HasPrefix(query, "--"):
			_, query, _ = strings.Cut(query, "\n")
		case strings.HasPrefix(query, "/*"):
			_, query, _ = strings.Cut(query[2:], "*/")
		default:
			n := 0
			for n < len(query) && (query[n]|0x20) >= 'a' && (query[n]|0x20) <= 'z' {
				n++
			}
			for _, w := range controlWords {
				if len(w) == n && strings.EqualFold(w, query[:n]) {
					return w
				}
			}
			return ""
		}
	}
}
