package db_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/testkit"
)

// shop is a SQLite database with the shop's tables and 100 rings.
func shop(t *testing.T, options ...db.Option) *db.DB {
	t.Helper()
	d := testkit.SQLite(t, options...)
	if err := d.Migrate(ctx, "shop", shopFiles()); err != nil {
		t.Fatal(err)
	}
	put(t, d, "ring", 100)
	return d
}

// hold keeps the writer busy until release is called, so that calls gather for the next group, and waits until they do.
func hold(t *testing.T, d *db.DB) (release func()) {
	t.Helper()
	entered, leave, left := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(left)
		if err := d.Update(ctx, func(db.Tx) error { close(entered); <-leave; return nil }); err != nil {
			t.Error(err)
		}
	}()
	<-entered
	return func() { close(leave); <-left }
}

func TestAGroupKeepsWhatSucceededAndUndoesTheRest(t *testing.T) {
	d := shop(t)
	short, cancel := context.WithCancel(ctx)
	release := hold(t, d)
	const each = 20
	var ran [4 * each]atomic.Bool
	var started sync.WaitGroup
	var wg sync.WaitGroup
	results := make([]error, 4*each)
	for n := range 4 * each {
		started.Add(1)
		wg.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					results[n] = fmt.Errorf("panic: %v", r)
				}
			}()
			mine := ctx
			if n%4 == 3 {
				mine = short
			}
			started.Done()
			results[n] = d.Update(mine, func(tx db.Tx) error {
				ran[n].Store(true)
				if _, err := tx.ExecContext(ctx, "INSERT INTO shop_stock VALUES ($1, 1)", fmt.Sprint("n", n)); err != nil {
					return err
				}
				switch n % 4 {
				case 1:
					return errors.New("no")
				case 2:
					panic("boom")
				}
				return nil
			})
		})
	}
	started.Wait()
	time.Sleep(50 * time.Millisecond) // let them reach the queue; a straggler only makes the test milder
	cancel()
	time.Sleep(20 * time.Millisecond)
	release()
	wg.Wait()
	for n, err := range results {
		there := true
		if e := d.View(ctx, func(tx db.Tx) error {
			return tx.QueryRowContext(ctx, "SELECT qty FROM shop_stock WHERE sku = $1", fmt.Sprint("n", n)).Scan(new(int64))
		}); errors.Is(e, sql.ErrNoRows) {
			there = false
		} else if e != nil {
			t.Fatal(e)
		}
		switch n % 4 {
		case 0:
			if err != nil || !there {
				t.Errorf("call %d succeeded: error %v, there %v", n, err, there)
			}
		case 1:
			if err == nil || err.Error() != "no" || there {
				t.Errorf("call %d failed: error %v, there %v", n, err, there)
			}
		case 2:
			if err == nil || err.Error() != "panic: boom" || there {
				t.Errorf("call %d panicked: error %v, there %v", n, err, there)
			}
		case 3:
			if !errors.Is(err, context.Canceled) || there || ran[n].Load() {
				t.Errorf("call %d was cancelled while waiting: error %v, there %v, ran %v", n, err, there, ran[n].Load())
			}
		}
	}
}

func TestWhenTheCommitFailsTheWholeGroupHears(t *testing.T) {
	d := shop(t)
	if err := d.Update(ctx, func(tx db.Tx) error {
		// A deferred reference is checked at COMMIT: a way to make one fail.
		_, err := tx.ExecContext(ctx, "CREATE TABLE late (sku TEXT REFERENCES shop_stock (sku) DEFERRABLE INITIALLY DEFERRED)")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	release := hold(t, d)
	var wg sync.WaitGroup
	var told, saved atomic.Int64
	for n := range 10 {
		wg.Go(func() {
			err := d.Update(ctx, func(tx db.Tx) error {
				if n == 5 {
					_, err := tx.ExecContext(ctx, "INSERT INTO late VALUES ('gone')")
					return err
				}
				return take(tx, "ring", 1)
			})
			switch {
			case err == nil:
				saved.Add(1) // it came into another group
			case fault.Is(err, fault.CodeUnavailable) && strings.Contains(err.Error(), "rolled back together with others"):
				told.Add(1)
			default:
				t.Errorf("call %d: %v", n, err)
			}
		})
	}
	time.Sleep(50 * time.Millisecond)
	release()
	wg.Wait()
	if told.Load() == 0 || told.Load()+saved.Load() != 10 {
		t.Errorf("%d were told, %d saved", told.Load(), saved.Load())
	}
	if got := stock(t, d, "ring"); got != 100-saved.Load() {
		t.Errorf("%d left, %d were saved", got, saved.Load())
	}
	put(t, d, "ring", 3) // the writer lives on
}

// SQLite answers an interrupt in the middle of a write by rolling back the whole transaction, which is the group's.
func TestACancelledCallDoesNotTakeItsGroupAlong(t *testing.T) {
	d := shop(t)
	release := hold(t, d)
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			if err := d.Update(ctx, func(tx db.Tx) error { return take(tx, "ring", 1) }); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			short, cancel := context.WithCancel(ctx)
			defer cancel()
			err := d.Update(short, func(tx db.Tx) error {
				time.AfterFunc(time.Millisecond, cancel)
				_, err := tx.ExecContext(short, `WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 20000)
					INSERT INTO shop_stock SELECT 'many' || n, n FROM c WHERE TRUE ON CONFLICT (sku) DO UPDATE SET qty = excluded.qty`)
				return err
			})
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("the cancelled call: %v", err)
			}
		})
	}
	time.Sleep(50 * time.Millisecond)
	release()
	wg.Wait()
	if got := stock(t, d, "ring"); got != 90 {
		t.Errorf("%d left, want 90", got)
	}
}

func TestALoneCallDoesNotWaitForCompany(t *testing.T) {
	d := shop(t)
	began := time.Now()
	for range 20 {
		put(t, d, "ring", 1)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("20 calls took %v", took)
	}
}

func TestALimitOfOneCommitsEachCallAlone(t *testing.T) {
	d := shop(t, db.WithGroupLimit(1))
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if err := d.Update(ctx, func(tx db.Tx) error { return take(tx, "ring", 1) }); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := stock(t, d, "ring"); got != 80 {
		t.Errorf("%d left, want 80", got)
	}
}

func TestMoreDistinctQueriesThanAreKept(t *testing.T) {
	d := shop(t)
	if err := d.Update(ctx, func(tx db.Tx) error {
		for n := range 1500 {
			var got int
			if err := tx.QueryRowContext(ctx, fmt.Sprintf("SELECT %d", n)).Scan(&got); err != nil || got != n {
				return fmt.Errorf("query %d gave %d: %w", n, got, err)
			}
		}
		return take(tx, "ring", 1)
	}); err != nil {
		t.Fatal(err)
	}
}

// A kept statement must notice that its table changed.
func TestKeptStatementsSurviveAMigration(t *testing.T) {
	d := shop(t)
	count := func() (n int) {
		t.Helper()
		if err := d.View(ctx, func(tx db.Tx) error {
			rows, err := tx.QueryContext(ctx, "SELECT * FROM shop_stock")
			if err != nil {
				return err
			}
			defer rows.Close()
			columns, err := rows.Columns()
			n = len(columns)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if got := count(); got != 2 {
		t.Fatalf("%d columns", got)
	}
	files := shopFiles()
	files["schema/00002_more.sql"] = file("-- +goose Up\nALTER TABLE shop_stock ADD COLUMN place TEXT;\n")
	if err := d.Migrate(ctx, "shop", files); err != nil {
		t.Fatal(err)
	}
	if got := count(); got != 3 {
		t.Errorf("%d columns after the migration, want 3", got)
	}
}

func TestOddFileNames(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"with space.db", "what?.db", "100%.db", "a#b.db", "小集.db", "a&b=c.db"} {
		path := filepath.Join(folder, name)
		d := testkit.Open(t, "sqlite:"+path)
		if err := d.Ping(ctx); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%s is elsewhere: %v", name, err)
		}
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "letter.txt"), []byte(strings.Repeat("Dear Sir, ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ url, says string }{
		{"", "want sqlite:FILE or postgres://"},
		{"mysql://root:secret@host/x", `cannot open "mysql"`},
		{"sqlite:", "without a file name"},
		{"sqlite:" + filepath.Join(folder, "no", "such", "x.db"), "its folder"},
		{"sqlite:" + filepath.Join(folder, "letter.txt"), "file is not a database"},
		{"sqlite:" + folder, "cannot open " + folder},
		{"postgres://u:secret@127.0.0.1:1/x?connect_timeout=2", "cannot reach postgres at 127.0.0.1:1, database x"},
		{"postgres://u:secret@host:port/x", "cannot understand the postgres URL"},
	}
	for _, tt := range tests {
		d, err := db.Open(ctx, tt.url)
		if err == nil {
			d.Close()
			t.Errorf("%s opened", tt.url)
			continue
		}
		if !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, want it to say %q", tt.url, err, tt.says)
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("the error shows the password: %v", err)
		}
	}
}

func TestATemporaryDatabaseLeavesNothing(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	d, err := db.Open(ctx, "sqlite::memory:")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(ctx, "shop", shopFiles()); err != nil {
		t.Error(err)
	}
	put(t, d, "ring", 1)
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	left, err := os.ReadDir(os.TempDir())
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestAfterCloseTheOneFileIsTheWholeDatabase(t *testing.T) {
	folder := t.TempDir()
	d, err := db.Open(ctx, "sqlite:"+filepath.Join(folder, "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(ctx, "shop", shopFiles()); err != nil {
		t.Fatal(err)
	}
	// SQLite tidies up by itself when nobody has the file open any more. Here somebody has.
	other := testkit.Open(t, "sqlite:"+filepath.Join(folder, "a.db"))
	if err := other.Ping(ctx); err != nil {
		t.Fatal(err)
	}
	put(t, d, "ring", 42)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(filepath.Join(folder, "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	if err := os.WriteFile(copied, body, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := stock(t, testkit.Open(t, "sqlite:"+copied), "ring"); got != 42 {
		t.Errorf("the copy has %d", got)
	}
}

// TestAcknowledgedWritesSurviveAKill runs this test binary again as a writer, kills it under load, several times over on
// one file, and looks for every write that it acknowledged.
func TestAcknowledgedWritesSurviveAKill(t *testing.T) {
	if path := os.Getenv("DB_TEST_WRITER"); path != "" {
		writeUntilKilled(path)
		return
	}
	path := filepath.Join(t.TempDir(), "killed.db")
	acknowledged := map[string]bool{}
	for round := range 3 {
		child := exec.Command(os.Args[0], "-test.run=^TestAcknowledgedWritesSurviveAKill$")
		child.Env = append(os.Environ(), "DB_TEST_WRITER="+path, fmt.Sprint("DB_TEST_ROUND=", round))
		child.Stderr = os.Stderr
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; n < 500 && lines.Scan(); n++ {
			acknowledged[lines.Text()] = true
		}
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		rest, _ := io.ReadAll(out) // what it had said before it died counts as well; a last half line does not
		for line := range strings.Lines(string(rest)) {
			if strings.HasSuffix(line, "\n") {
				acknowledged[strings.TrimSuffix(line, "\n")] = true
			}
		}
		_ = child.Wait() // it was killed
	}
	if len(acknowledged) < 1500 {
		t.Fatalf("only %d writes were acknowledged", len(acknowledged))
	}
	d := testkit.Open(t, "sqlite:"+path)
	if err := d.View(ctx, func(tx db.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT a.id FROM first a JOIN second b ON b.id = a.id")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return err
			}
			delete(acknowledged, id)
		}
		var halves int64
		if err := errors.Join(rows.Err(), tx.QueryRowContext(ctx, "SELECT (SELECT COUNT(*) FROM first) - (SELECT COUNT(*) FROM second)").Scan(&halves)); err != nil {
			return err
		}
		if halves != 0 {
			t.Errorf("%d transactions are there by half", halves)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(acknowledged) != 0 {
		t.Errorf("%d acknowledged writes are lost", len(acknowledged))
	}
}

func writeUntilKilled(path string) {
	d, err := db.Open(ctx, "sqlite:"+path)
	if err != nil {
		panic(err)
	}
	if err := d.Update(ctx, func(tx db.Tx) error {
		for _, table := range []string{"first", "second"} {
			if _, err := tx.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS "+table+" (id TEXT PRIMARY KEY)"); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		panic(err)
	}
	for g := range 16 {
		go func() {
			for n := 0; ; n++ {
				id := fmt.Sprintf("%s-%d-%d", os.Getenv("DB_TEST_ROUND"), g, n)
				if err := d.Update(ctx, func(tx db.Tx) error {
					if _, err := tx.ExecContext(ctx, "INSERT INTO first VALUES ($1)", id); err != nil {
						return err
					}
					_, err := tx.ExecContext(ctx, "INSERT INTO second VALUES ($1)", id)
					return err
				}); err != nil {
					panic(err)
				}
				os.Stdout.WriteString(id + "\n") // one write system call: lines do not mix
			}
		}()
	}
	time.Sleep(time.Minute) // killed long before
}
