package db_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/testkit"
)

var ctx = context.Background()

const shopTables = `-- +goose Up
CREATE TABLE shop_stock (
  sku TEXT PRIMARY KEY,
  qty BIGINT NOT NULL CHECK (qty >= 0)
);
CREATE TABLE shop_order (
  id      TEXT PRIMARY KEY,
  shop_id TEXT NOT NULL,
  idem    TEXT NOT NULL,
  sku     TEXT NOT NULL REFERENCES shop_stock (sku),
  gift    BOOLEAN NOT NULL,
  note    TEXT,
  digest  BYTEA NOT NULL,
  UNIQUE (shop_id, idem)
);
`

func shopFiles() fstest.MapFS {
	return fstest.MapFS{"schema/00001_shop.sql": {Data: []byte(shopTables)}}
}

// onEngines runs a test on a database with the shop's tables and one SKU, on every engine.
func onEngines(t *testing.T, test func(t *testing.T, d *db.DB)) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			d := e.Open(t)
			if err := d.Migrate(ctx, "shop", shopFiles()); err != nil {
				t.Fatal(err)
			}
			put(t, d, "ring", 100)
			test(t, d)
		})
	}
}

func put(t *testing.T, d *db.DB, sku string, qty int64) {
	t.Helper()
	if err := d.Update(ctx, func(tx db.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO shop_stock (sku, qty) VALUES ($1, $2) ON CONFLICT (sku) DO UPDATE SET qty = excluded.qty", sku, qty)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func stock(t *testing.T, d *db.DB, sku string) (qty int64) {
	t.Helper()
	if err := d.View(ctx, func(tx db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT qty FROM shop_stock WHERE sku = $1", sku).Scan(&qty)
	}); err != nil {
		t.Fatal(err)
	}
	return qty
}

// take is what checkout does: one conditional update that gives no row when there is not enough.
func take(tx db.Tx, sku string, n int64) error {
	var left int64
	return tx.QueryRowContext(ctx, "UPDATE shop_stock SET qty = qty - $2 WHERE sku = $1 AND qty >= $2 RETURNING qty", sku, n).Scan(&left)
}

func order(tx db.Tx, id, idem, sku string) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO shop_order (id, shop_id, idem, sku, gift, digest) VALUES ($1, 'shp', $2, $3, TRUE, $4)", id, idem, sku, []byte{0, 255})
	return err
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	onEngines(t, func(t *testing.T, d *db.DB) {
		note := "刻字：永远"
		if err := d.Update(ctx, func(tx db.Tx) error {
			// Placeholders out of order and used twice, as sqlc writes them.
			_, err := tx.ExecContext(ctx, "-- name: PutOrder :exec\nINSERT INTO shop_order (note, id, shop_id, idem, sku, gift, digest) VALUES ($3, $1, $2, $1, 'ring', $4, $5)",
				"ord1", "shp", sql.NullString{String: note, Valid: true}, true, []byte{0, 255, 1})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := d.View(ctx, func(tx db.Tx) error {
			var id, idem string
			var gotNote sql.NullString
			var gift bool
			var digest []byte
			row := tx.QueryRowContext(ctx, "SELECT id, idem, note, gift, digest FROM shop_order WHERE gift = TRUE AND LOWER(note) LIKE $1", "%永%")
			if err := row.Scan(&id, &idem, &gotNote, &gift, &digest); err != nil {
				return err
			}
			if id != "ord1" || idem != "ord1" || gotNote.String != note || !gift || string(digest) != "\x00\xff\x01" {
				t.Errorf("read back %q %q %q %v %v", id, idem, gotNote.String, gift, digest)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestAnErrorRollsBack(t *testing.T) {
	soldOut := errors.New("sold out")
	onEngines(t, func(t *testing.T, d *db.DB) {
		err := d.Update(ctx, func(tx db.Tx) error {
			if err := take(tx, "ring", 1); err != nil {
				return err
			}
			return soldOut
		})
		if !errors.Is(err, soldOut) {
			t.Errorf("Update gave %v, want what the function returned", err)
		}
		if got := stock(t, d, "ring"); got != 100 {
			t.Errorf("%d left after a rollback, want 100", got)
		}
	})
}

func TestAPanicRollsBackAndGoesOn(t *testing.T) {
	onEngines(t, func(t *testing.T, d *db.DB) {
		for _, operation := range []func(context.Context, func(db.Tx) error) error{d.Update, d.View} {
			func() {
				defer func() {
					if r := recover(); r != "boom" {
						t.Errorf("recovered %v, want boom", r)
					}
				}()
				_ = operation(ctx, func(tx db.Tx) error {
					_ = take(tx, "ring", 1) // fails in View, which does not matter here
					panic("boom")
				})
				t.Error("the panic was swallowed")
			}()
		}
		if got := stock(t, d, "ring"); got != 100 {
			t.Errorf("%d left after a panic, want 100", got)
		}
	})
}

func TestGoexitRollsBackAndLeavesTheDatabaseAlive(t *testing.T) {
	onEngines(t, func(t *testing.T, d *db.DB) {
		var wg sync.WaitGroup
		wg.Go(func() {
			_ = d.Update(ctx, func(tx db.Tx) error {
				if err := take(tx, "ring", 1); err != nil {
					t.Error(err)
				}
				runtime.Goexit() // what t.Fatal does
				return nil
			})
		})
		wg.Wait()
		if got := stock(t, d, "ring"); got != 100 {
			t.Errorf("%d left, want 100", got)
		}
		put(t, d, "ring", 7)
	})
}

func TestOneHotRowIsNeverOversold(t *testing.T) {
	onEngines(t, func(t *testing.T, d *db.DB) {
		const buyers, inStock = 40, 25
		put(t, d, "ring", inStock)
		var sold, refused atomic.Int64
		var wg sync.WaitGroup
		for n := range buyers {
			wg.Go(func() {
				err := d.Update(ctx, func(tx db.Tx) error {
					if err := take(tx, "ring", 1); err != nil {
						return err
					}
					return order(tx, fmt.Sprintf("ord%d", n), fmt.Sprint(n), "ring")
				})
				switch {
				case err == nil:
					sold.Add(1)
				case errors.Is(err, sql.ErrNoRows):
					refused.Add(1)
				default:
					t.Errorf("buyer %d: %v", n, err)
				}
			})
		}
		wg.Wait()
		var orders int64
		if err := d.View(ctx, func(tx db.Tx) error {
			return tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM shop_order").Scan(&orders)
		}); err != nil {
			t.Fatal(err)
		}
		if sold.Load() != inStock || refused.Load() != buyers-inStock || orders != inStock || stock(t, d, "ring") != 0 {
			t.Errorf("sold %d, refused %d, orders %d, left %d", sold.Load(), refused.Load(), orders, stock(t, d, "ring"))
		}
	})
}

// Read, think, write: without serializable transactions this loses updates.
func TestReadThenWriteLosesNoUpdate(t *testing.T) {
	onEngines(t, func(t *testing.T, d *db.DB) {
		const workers, each = 8, 5
		put(t, d, "ring", 0)
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				for range each {
					if err := d.Update(ctx, func(tx db.Tx) error {
						var qty int64
						if err := tx.QueryRowContext(ctx, "SELECT qty FROM shop_stock WHERE sku = 'ring'").Scan(&qty); err != nil {
							return err
						}
						_, err := tx.ExecContext(ctx, "UPDATE shop_stock SET qty = $1 WHERE sku = 'ring'", qty+1)
						return err
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if got := stock(t, d, "ring"); got != workers*each {
			t.Errorf("%d of %d updates are there", got, workers*each)
		}
	})
}

// Two calls that each look at what the other changes: one of them has to see the other's change (write skew).
func TestTwoCallsThatReadEachOthersRowsAreInSomeOrder(t *testing.T) {
	onEngines(t, func(t *testing.T, d *db.DB) {
		for round := range 10 {
			put(t, d, "a", 1)
			put(t, d, "b", 1)
			var wg sync.WaitGroup
			for _, mine := range []string{"a", "b"} {
				wg.Go(func() {
					if err := d.Update(ctx, func(tx db.Tx) error {
						var sum int64
						if err := tx.QueryRowContext(ctx, "SELECT CAST(SUM(qty) AS BIGINT) FROM shop_stock WHERE sku IN ('a', 'b')").Scan(&sum); err != nil {
							return err
						}
						if sum < 2 {
							return nil // the last one stays
						}
						_, err := tx.ExecContext(ctx, "UPDATE shop_stock SET qty = 0 WHERE sku = $1", mine)
						return err
					}); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if a, b := stock(t, d, "a"), stock(t, d, "b"); a+b != 1 {
				t.Fatalf("round %d: a=%d b=%d, one of them should have stayed", round, a, b)
			}
		}
	})
}

func TestAViewSeesOneMoment(t *testing.T) {
	onEngines(t, func(t *testing.T, d *db.DB) {
		put(t, d, "left", 50)
		put(t, d, "right", 50)
		stop := make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if err := d.Update(ctx, func(tx db.Tx) error {
					_, err := tx.ExecContext(ctx, "UPDATE shop_stock SET qty = CASE sku WHEN 'left' THEN 100 - qty ELSE qty END WHERE sku = 'left'")
					if err != nil {
						return err
					}
					_, err = tx.ExecContext(ctx, "UPDATE shop_stock SET qty = 100 - (SELECT qty FROM shop_stock WHERE sku = 'left') WHERE sku = 'right'")
					return err
				}); err != nil {
					t.Error(err)
					return
				}
			}
		})
		for range 50 {
			if err := d.View(ctx, func(tx db.Tx) error {
				var left, right int64
				if err := tx.QueryRowContext(ctx, "SELECT qty FROM shop_stock WHERE sku = 'left'").Scan(&left); err != nil {
					return err
				}
				runtime.Gosched()
				if err := tx.QueryRowContext(ctx, "SELECT qty FROM shop_stock WHERE sku = 'right'").Scan(&right); err != nil {
					return err
				}
				if left+right != 100 {
					t.Errorf("left %d and right %d were never there together", left, right)
				}
				return nil
			}); err != nil {
				t.Error(err)
			}
		}
		close(stop)
		wg.Wait()
	})
}

func TestUncommittedChangesAreInvisible(t *testing.T) {
	onEngines(t, func(t *testing.T, d *db.DB) {
		wrote, looked := make(chan struct{}), make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := d.Update(ctx, func(tx db.Tx) error {
				if err := take(tx, "ring", 1); err != nil {
					return err
				}
				close(wrote)
				<-looked
				return nil
			}); err != nil {
				t.Error(err)
			}
		})
		<-wrote
		if got := stock(t, d, "ring"); got != 100 {
			t.Errorf("saw %d before the commit, want 100", got)
		}
		close(looked)
		wg.Wait()
		if got := stock(t, d, "ring"); got != 99 {
			t.Errorf("saw %d after the commit, want 99", got)
		}
	})
}

func TestNestedTransactionsAreRefused(t *testing.T) {
	onEngines(t, func(t *testing.T, d *db.DB) {
		calls := map[string]func(context.Context, func(db.Tx) error) error{"View": d.View, "Update": d.Update}
		for outer, callOuter := range calls {
			for inner, callInner := range calls {
				err := callOuter(ctx, func(db.Tx) error {
					return callInner(ctx, func(db.Tx) error {
						t.Errorf("%s ran inside %s", inner, outer)
						return nil
					})
				})
				if err == nil || !strings.Contains(err.Error(), inner+" called inside a function passed to View or Update") {
					t.Errorf("%s inside %s: %v", inner, outer, err)
				}
			}
			if err := callOuter(ctx, func(db.Tx) error { return d.Migrate(ctx, "shop", shopFiles()) }); err == nil {
				t.Errorf("Migrate ran inside %s", outer)
			}
		}
		put(t, d, "ring", 1) // still alive
	})
}

func TestViewCannotWrite(t *testing.T) {
	onEngines(t, func(t *testing.T, d *db.DB) {
		err := d.View(ctx, func(tx db.Tx) error { return take(tx, "ring", 1) })
		if err == nil || !strings.Contains(err.Error(), "writing inside View: use Update") {
			t.Errorf("a write in View gave %v", err)
		}
		err = d.View(ctx, func(tx db.Tx) error { return tx.Emit(ctx, "shop.opened", "shp_1", nil) })
		if err == nil || !strings.Contains(err.Error(), "writing inside View: use Update") {
			t.Errorf("Emit in View gave %v", err)
		}
	})
}

func TestATransactionThatEndedIsNoUse(t *testing.T) {
	onEngines(t, func(t *testing.T, d *db.DB) {
		var kept db.Tx
		var keptRows *sql.Rows
		var keptStmt *sql.Stmt
		if err := d.Update(ctx, func(tx db.Tx) (err error) {
			kept = tx
			if keptStmt, err = tx.PrepareContext(ctx, "SELECT qty FROM shop_stock"); err != nil {
				return err
			}
			keptRows, err = tx.QueryContext(ctx, "SELECT sku FROM shop_stock")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := kept.ExecContext(ctx, "DELETE FROM shop_stock"); err == nil {
			t.Error("Exec worked after the end")
		}
		if rows, err := kept.QueryContext(ctx, "SELECT 1"); err == nil {
			rows.Close()
			t.Error("Query worked after the end")
		}
		var n int64
		if err := kept.QueryRowContext(ctx, "SELECT 1").Scan(&n); err == nil {
			t.Error("QueryRow worked after the end")
		}
		if _, err := kept.PrepareContext(ctx, "SELECT 1"); err == nil {
			t.Error("Prepare worked after the end")
		}
		if err := keptStmt.QueryRowContext(ctx).Scan(&n); err == nil {
			t.Error("a prepared statement worked after the end")
		}
		if keptRows.Next() {
			t.Error("rows went on after the end")
		}
		if keptRows.Close(); stock(t, d, "ring") != 100 {
			t.Error("something was deleted")
		}
	})
}

func TestPreparedStatementsWork(t *testing.T) {
	onEngines(t, func(t *testing.T, d *db.DB) {
		if err := d.Update(ctx, func(tx db.Tx) error {
			put, err := tx.PrepareContext(ctx, "INSERT INTO shop_stock (sku, qty) VALUES ($1, $2)")
			if err != nil {
				return err
			}
			for n := range 3 {
				if _, err := put.ExecContext(ctx, fmt.Sprint("p", n), n); err != nil {
					return err
				}
			}
			sum, err := tx.PrepareContext(ctx, "SELECT CAST(SUM(qty) AS BIGINT) FROM shop_stock WHERE sku LIKE $1")
			if err != nil {
				return err
			}
			var got int64
			if err := sum.QueryRowContext(ctx, "p%").Scan(&got); err != nil || got != 3 {
				t.Errorf("sum %d, %v", got, err)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestTheSameQueryMayBeOpenTwice(t *testing.T) {
	onEngines(t, func(t *testing.T, d *db.DB) {
		if d.Engine() == db.PostgreSQL {
			t.Skip("PostgreSQL's wire reads one result at a time")
		}
		put(t, d, "a", 1)
		put(t, d, "b", 2)
		if err := d.View(ctx, func(tx db.Tx) error {
			const q = "SELECT sku FROM shop_stock ORDER BY sku"
			var pairs []string
			outer, err := tx.QueryContext(ctx, q)
			if err != nil {
				return err
			}
			defer outer.Close()
			for outer.Next() {
				var x string
				if err := outer.Scan(&x); err != nil {
					return err
				}
				inner, err := tx.QueryContext(ctx, q)
				if err != nil {
					return err
				}
				for inner.Next() {
					var y string
					if err := inner.Scan(&y); err != nil {
						return err
					}
					pairs = append(pairs, x+y)
				}
				if err := inner.Close(); err != nil {
					return err
				}
			}
			if got := strings.Join(pairs, " "); got != "aa ab aring ba bb bring ringa ringb ringring" {
				t.Errorf("pairs: %s", got)
			}
			return outer.Err()
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestTransactionsAreNotControlledFromInside(t *testing.T) {
	onEngines(t, func(t *testing.T, d *db.DB) {
		for _, q := range []string{"COMMIT", "begin", " \n-- hush\n/* so */ ROLLBACK", "SAVEPOINT x", "release x", "PRAGMA synchronous=OFF", "SET x = 1", ";END"} {
			err := d.Update(ctx, func(tx db.Tx) error {
				_, err := tx.ExecContext(ctx, q)
				return err
			})
			if err == nil || !strings.Contains(err.Error(), "inside a transaction") {
				t.Errorf("%q: %v", q, err)
			}
		}
	})
}

func TestAContextThatEndedKeepsTheFunctionFromRunning(t *testing.T) {
	onEngines(t, func(t *testing.T, d *db.DB) {
		ended, cancel := context.WithCancel(ctx)
		cancel()
		for _, operation := range []func(context.Context, func(db.Tx) error) error{d.Update, d.View} {
			if err := operation(ended, func(db.Tx) error { t.Error("it ran"); return nil }); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, want context.Canceled", err)
			}
		}
	})
}

func TestAContextThatEndsMidwayRollsBack(t *testing.T) {
	onEngines(t, func(t *testing.T, d *db.DB) {
		short, cancel := context.WithCancel(ctx)
		err := d.Update(short, func(tx db.Tx) error {
			if _, err := tx.ExecContext(short, "UPDATE shop_stock SET qty = 1 WHERE sku = 'ring'"); err != nil {
				return err
			}
			cancel()
			_, err := tx.ExecContext(short, "UPDATE shop_stock SET qty = 2 WHERE sku = 'ring'")
			return err
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled", err)
		}
		if got := stock(t, d, "ring"); got != 100 {
			t.Errorf("%d left, want 100", got)
		}
	})
}

func TestReadingStopsWhenItsContextEnds(t *testing.T) {
	onEngines(t, func(t *testing.T, d *db.DB) {
		short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
		defer cancel()
		began := time.Now()
		err := d.View(short, func(tx db.Tx) error {
			var n int64
			return tx.QueryRowContext(short, `WITH RECURSIVE c (n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM c WHERE n < 2000000000)
				SELECT MAX(n) FROM c`).Scan(&n)
		})
		if err == nil || time.Since(began) > 10*time.Second {
			t.Errorf("an endless query ended after %v with %v", time.Since(began), err)
		}
		if got := stock(t, d, "ring"); got != 100 {
			t.Errorf("%d left", got)
		}
	})
}

func TestEverybodyIsServedWhenManyCome(t *testing.T) {
	onEngines(t, func(t *testing.T, d *db.DB) {
		var wg sync.WaitGroup
		for n := range 100 {
			wg.Go(func() {
				if n%2 == 0 {
					put(t, d, fmt.Sprint("sku", n), int64(n))
				} else {
					stock(t, d, "ring")
				}
			})
		}
		wg.Wait()
		for n := 0; n < 100; n += 2 {
			if got := stock(t, d, fmt.Sprint("sku", n)); got != int64(n) {
				t.Errorf("sku%d: %d", n, got)
			}
		}
	})
}

func TestDriverErrorsBecomeFaults(t *testing.T) {
	tests := []struct {
		name  string
		query string
		args  []any
		code  fault.Code
		says  string
	}{
		{"a primary key twice", "INSERT INTO shop_stock VALUES ('ring', 1)", nil, fault.CodeConflict, "already a shop_stock with this sku"},
		{"a unique key twice", "INSERT INTO shop_order VALUES ('o2', 'shp', 'once', 'ring', FALSE, NULL, '')", nil, fault.CodeConflict, "already a shop_order with this shop_id, idem"},
		{"a unique key twice, in a query with RETURNING", "INSERT INTO shop_stock VALUES ('ring', 1) RETURNING qty", nil, fault.CodeConflict, "already a shop_stock with this sku"},
		{"a reference to nothing", "INSERT INTO shop_order VALUES ('o2', 'shp', 'twice', 'gone', FALSE, NULL, '')", nil, fault.CodeConflict, "refers to something that is not there"},
		{"a reference left behind", "DELETE FROM shop_stock", nil, fault.CodeConflict, "still refers to it"},
		{"a missing value", "INSERT INTO shop_stock (sku) VALUES ('x')", nil, fault.CodeInvalid, "qty: a value is missing"},
		{"a broken rule", "INSERT INTO shop_stock VALUES ('x', -1)", nil, fault.CodeInvalid, "breaks the rule"},
		{"a zero byte in a text", "INSERT INTO shop_stock VALUES ($1, 1)", []any{"a\x00b"}, fault.CodeInvalid, "zero byte"},
		{"a text that is not UTF-8", "INSERT INTO shop_stock VALUES ($1, 1)", []any{"a\xffb"}, fault.CodeInvalid, "not UTF-8"},
		{"bad SQL", "INSERT INTO nowhere VALUES (1)", nil, fault.CodeInternal, ""},
	}
	onEngines(t, func(t *testing.T, d *db.DB) {
		if err := d.Update(ctx, func(tx db.Tx) error { return order(tx, "o1", "once", "ring") }); err != nil {
			t.Fatal(err)
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				var inside error
				err := d.Update(ctx, func(tx db.Tx) error {
					if strings.Contains(tt.query, "RETURNING") {
						var qty int64
						inside = tx.QueryRowContext(ctx, tt.query, tt.args...).Scan(&qty)
					} else {
						_, inside = tx.ExecContext(ctx, tt.query, tt.args...)
					}
					return inside
				})
				if err == nil || inside == nil {
					t.Fatal("it worked")
				}
				for where, e := range map[string]error{"inside": inside, "outside": err} {
					if f := fault.Of(e); f.Code != tt.code || !strings.Contains(f.Message, tt.says) {
						t.Errorf("%s: %s %q (%v), want %s and %q", where, f.Code, f.Message, e, tt.code, tt.says)
					}
				}
			})
		}
	})
}

// On PostgreSQL a failed statement spoils the transaction. SQLite would go on and commit the rest.
func TestAFailedStatementIsNotOverlooked(t *testing.T) {
	onEngines(t, func(t *testing.T, d *db.DB) {
		var after error
		err := d.Update(ctx, func(tx db.Tx) error {
			if err := take(tx, "ring", 1); err != nil {
				return err
			}
			_, _ = tx.ExecContext(ctx, "INSERT INTO shop_stock VALUES ('ring', 1)") // the mistake: Conflict is ignored
			_, after = tx.ExecContext(ctx, "INSERT INTO shop_stock VALUES ('other', 1)")
			return nil
		})
		if after == nil || !strings.Contains(after.Error(), "can only roll back") {
			t.Errorf("a statement after the failure: %v", after)
		}
		if !fault.Is(err, fault.CodeConflict) || !strings.Contains(err.Error(), "overlooked") {
			t.Errorf("Update gave %v", err)
		}
		if got := stock(t, d, "ring"); got != 100 {
			t.Errorf("%d left, want 100", got)
		}
	})
}

func TestNoRowsIsNotAFailure(t *testing.T) {
	onEngines(t, func(t *testing.T, d *db.DB) {
		if err := d.Update(ctx, func(tx db.Tx) error {
			if err := take(tx, "nothing", 1); !errors.Is(err, sql.ErrNoRows) {
				t.Errorf("got %v, want sql.ErrNoRows", err)
			}
			return take(tx, "ring", 1)
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestCloseWaitsForACallThatRuns(t *testing.T) {
	for _, operation := range []string{"View", "Update"} {
		t.Run(operation, func(t *testing.T) {
			onEngines(t, func(t *testing.T, d *db.DB) {
				call := d.View
				if operation == "Update" {
					call = d.Update
				}
				entered, leave := make(chan struct{}), make(chan struct{})
				ended, closed := make(chan error, 1), make(chan error, 1)
				go func() {
					ended <- call(ctx, func(tx db.Tx) error {
						close(entered)
						<-leave
						var qty int64
						return tx.QueryRowContext(ctx, "SELECT qty FROM shop_stock").Scan(&qty)
					})
				}()
				<-entered
				go func() { closed <- d.Close() }()
				for {
					quick, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
					err := d.Update(quick, func(db.Tx) error { return nil })
					cancel()
					if fault.Is(err, fault.CodeUnavailable) && strings.Contains(err.Error(), "closing") {
						break
					}
				}
				select {
				case err := <-closed:
					t.Fatalf("Close did not wait: %v", err)
				case <-time.After(50 * time.Millisecond):
				}
				close(leave)
				if err := errors.Join(<-ended, <-closed); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestCloseFinishesWhatWasLetIn(t *testing.T) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			url := e.URL(t)
			d := testkit.Open(t, url)
			if err := d.Migrate(ctx, "shop", shopFiles()); err != nil {
				t.Fatal(err)
			}
			var done, refused atomic.Int64
			var wg sync.WaitGroup
			for n := range 16 {
				wg.Go(func() {
					for k := 0; ; k++ {
						err := d.Update(ctx, func(tx db.Tx) error {
							_, err := tx.ExecContext(ctx, "INSERT INTO shop_stock VALUES ($1, 1)", fmt.Sprintf("%d-%d", n, k))
							return err
						})
						if err == nil {
							done.Add(1)
							continue
						}
						if !fault.Is(err, fault.CodeUnavailable) {
							t.Errorf("after closing: %v", err)
						}
						refused.Add(1)
						return
					}
				})
			}
			for done.Load() < 50 {
				time.Sleep(time.Millisecond)
			}
			for range 2 {
				if err := d.Close(); err != nil {
					t.Fatal(err)
				}
			}
			wg.Wait()
			if refused.Load() != 16 {
				t.Errorf("%d of 16 were told", refused.Load())
			}
			if err := d.View(ctx, func(db.Tx) error { return nil }); !fault.Is(err, fault.CodeUnavailable) {
				t.Errorf("View of a closed database: %v", err)
			}
			again := testkit.Open(t, url)
			var rows int64
			if err := again.View(ctx, func(tx db.Tx) error {
				return tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM shop_stock").Scan(&rows)
			}); err != nil {
				t.Fatal(err)
			}
			if rows != done.Load() {
				t.Errorf("%d rows, %d were acknowledged", rows, done.Load())
			}
		})
	}
}
