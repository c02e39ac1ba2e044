package db

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"minimart/platform/fault"
	"minimart/platform/fault/faulttest"
)

func TestEveryFaultSpeaksChinese(t *testing.T) { faulttest.Translated(t) }

func openTemp(t *testing.T) *DB {
	t.Helper()
	d, err := Open(context.Background(), "sqlite:"+filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// Durability stands on these; SQLite ignores a PRAGMA that it cannot follow.
func TestTheWriterIsSetForDurability(t *testing.T) {
	ctx, d := context.Background(), openTemp(t)
	if err := d.Update(ctx, func(tx Tx) error {
		for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"} {
			var got string
			if err := tx.(*txn).conn.QueryRowContext(ctx, "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
				t.Errorf("%s is %s (%v), want %s", pragma, got, err, want)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func TestAFullDiskIsUnavailableAndPasses(t *testing.T) {
	ctx, d := context.Background(), openTemp(t)
	limit := func(pages int) {
		t.Helper()
		if err := d.Update(ctx, func(tx Tx) error {
			_, err := tx.(*txn).conn.ExecContext(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", pages))
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	fill := func(n int) error {
		return d.Update(ctx, func(tx Tx) error {
			for range n {
				if _, err := tx.ExecContext(ctx, "INSERT INTO big VALUES ($1)", strings.Repeat("x", 4000)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := d.Update(ctx, func(tx Tx) error { _, err := tx.ExecContext(ctx, "CREATE TABLE big (x TEXT)"); return err }); err != nil {
		t.Fatal(err)
	}
	limit(50)
	if err := fill(200); !fault.Is(err, fault.CodeUnavailable) || !strings.Contains(err.Error(), diskFull) && !strings.Contains(err.Error(), groupLost) {
		t.Errorf("a full disk gave %v", err)
	}
	limit(100000)
	if err := fill(200); err != nil {
		t.Errorf("with room again: %v", err)
	}
	var n int
	if err := d.View(ctx, func(tx Tx) error { return tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM big").Scan(&n) }); err != nil || n != 200 {
		t.Errorf("%d rows, %v; want the 200 of the second time", n, err)
	}
}

func TestPostgresErrorsBecomeFaults(t *testing.T) {
	tests := []struct {
		err    error
		commit bool
		code   fault.Code
		says   string
	}{
		{&pgconn.PgError{Code: "40001"}, false, fault.CodeUnavailable, tooBusy},
		{&pgconn.PgError{Code: "53100"}, false, fault.CodeUnavailable, diskFull},
		{&pgconn.PgError{Code: "53300"}, false, fault.CodeUnavailable, notReachable},
		{&pgconn.PgError{Code: "57P01"}, false, fault.CodeUnavailable, notReachable},
		{&pgconn.PgError{Code: "58030"}, false, fault.CodeUnavailable, noStorage},
		{&pgconn.PgError{Code: "22003"}, false, fault.CodeInvalid, badValue},
		{&pgconn.PgError{Code: "23505", TableName: "t", ConstraintName: "t_pkey"}, false, fault.CodeConflict, "already a t with this t_pkey"},
		{&pgconn.PgError{Code: "42601"}, false, fault.CodeInternal, ""},
		{&pgconn.PgError{Code: ""}, false, fault.CodeInternal, ""},
		{errors.New("unexpected EOF"), false, fault.CodeUnavailable, notReachable},
		{context.Canceled, false, fault.CodeUnavailable, ""},
		{&pgconn.PgError{Code: "40001"}, true, fault.CodeUnavailable, tooBusy},
		{&pgconn.PgError{Code: "57P01"}, true, fault.CodeUnavailable, unknownOutcome},
		{errors.New("unexpected EOF"), true, fault.CodeUnavailable, unknownOutcome},
	}
	for _, tt := range tests {
		explain := explainPostgres
		if tt.commit {
			explain = explainCommit
		}
		err := explain(tt.err)
		if f := fault.Of(err); f.Code != tt.code || !strings.Contains(f.Message, tt.says) {
			t.Errorf("%v (commit %v) became %s %q, want %s %q", tt.err, tt.commit, f.Code, f.Message, tt.code, tt.says)
		}
		if !errors.Is(err, tt.err) {
			t.Errorf("%v is not to be found in %v", tt.err, err)
		}
	}
}

func TestCheckTopicAndKey(t *testing.T) {
	for topic, ok := range map[string]bool{
		"order.paid": true, "a": true, "a-b_c.d9": true,
		"": false, ".": false, "a.": false, ".a": false, "a..b": false, "Order.paid": false, "a b": false, "a.*": false,
		"a.>": false, "a:b": false, "订单": false, strings.Repeat("a", 101): false,
	} {
		if err := CheckTopic(topic); (err == nil) != ok {
			t.Errorf("topic %q: %v", topic, err)
		}
	}
	for key, ok := range map[string]bool{
		"ord_1": true, "prd_1:v7": true, "a/b": true,
		"": false, "a b": false, "a\nb": false, "键": false, strings.Repeat("k", 201): false,
	} {
		if err := checkKey(key); (err == nil) != ok {
			t.Errorf("key %q: %v", key, err)
		}
	}
}

func FuzzControlWord(f *testing.F) {
	for _, s := range []string{"", "--", "/*", "-- x", "/* a */", " \t\n;", "-- name: X :one\n", "/**//**/", "--\n--\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, before string) {
		word := controlWord(before)
		if word != "" {
			return
		}
		// What is nothing but space and comments hides no control word.
		if rest := stripped(before); rest == "" && controlWord(before+"\nCOMMIT") != "COMMIT" {
			t.Errorf("%q hides COMMIT", before)
		}
	})
}

// stripped is s without leading space and closed comments; "x" where a comment is not closed.
func stripped(s string) string {
	for {
		s = strings.TrimLeft(s, " \t\r\n\f\v;")
		if rest, ok := strings.CutPrefix(s, "--"); ok {
			if _, s, ok = strings.Cut(rest, "\n"); !ok {
				return ""
			}
			continue
		}
		if rest, ok := strings.CutPrefix(s, "/*"); ok {
			if _, s, ok = strings.Cut(rest, "*/"); !ok {
				return "x"
			}
			continue
		}
		return s
	}
}

func BenchmarkUpdateAlone(b *testing.B) {
	ctx := context.Background()
	d, err := Open(ctx, "sqlite:"+filepath.Join(b.TempDir(), "x.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	for b.Loop() {
		if err := d.Update(ctx, func(Tx) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkViewOneRow(b *testing.B) {
	ctx := context.Background()
	d, err := Open(ctx, "sqlite:"+filepath.Join(b.TempDir(), "x.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	var n int64
	for b.Loop() {
		if err := d.View(ctx, func(tx Tx) error { return tx.QueryRowContext(ctx, "SELECT $1", 1).Scan(&n) }); err != nil {
			b.Fatal(err)
		}
	}
}
