package db_test

import (
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"minimart/platform/db"
	"minimart/platform/testkit"
)

func file(body string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(body)} }

func TestMigrationsRunOnceAndInOrder(t *testing.T) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			d := e.Open(t)
			files := fstest.MapFS{
				"00001_one.sql": file("-- +goose Up\nCREATE TABLE step (n BIGINT PRIMARY KEY);\nINSERT INTO step VALUES (1);\n"),
				"00002_two.sql": file("-- +goose Up\nINSERT INTO step SELECT MAX(n) + 1 FROM step;\n"),
			}
			for range 2 {
				if err := d.Migrate(ctx, "steps", files); err != nil {
					t.Fatal(err)
				}
			}
			files["00003_three.sql"] = file("-- +goose Up\nINSERT INTO step SELECT MAX(n) + 1 FROM step;\n")
			if err := d.Migrate(ctx, "steps", files); err != nil {
				t.Fatal(err)
			}
			if got := steps(t, d); got != 3 {
				t.Errorf("%d steps were taken, want 3", got)
			}
			// Another room has its own count.
			if err := d.Migrate(ctx, "other", fstest.MapFS{"00001_one.sql": file("-- +goose Up\nCREATE TABLE other (n BIGINT);\n")}); err != nil {
				t.Error(err)
			}
		})
	}
}

func steps(t *testing.T, d *db.DB) (n int64) {
	t.Helper()
	if err := d.View(ctx, func(tx db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM step").Scan(&n)
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAFailedMigrationIsNamedAndLeavesNothing(t *testing.T) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			d := e.Open(t)
			files := fstest.MapFS{
				"00001_one.sql": file("-- +goose Up\nCREATE TABLE step (n BIGINT PRIMARY KEY);\n"),
				"00002_two.sql": file("-- +goose Up\nINSERT INTO step VALUES (1);\nINSERT INTO stepp VALUES (2);\n"),
			}
			err := d.Migrate(ctx, "steps", files)
			if err == nil || !strings.Contains(err.Error(), "migrating steps") || !strings.Contains(err.Error(), "00002_two.sql") {
				t.Fatalf("got %v", err)
			}
			if got := steps(t, d); got != 0 {
				t.Errorf("%d steps of the failed migration are there", got)
			}
			files["00002_two.sql"] = file("-- +goose Up\nINSERT INTO step VALUES (1);\n")
			if err := d.Migrate(ctx, "steps", files); err != nil || steps(t, d) != 1 {
				t.Errorf("after mending the file: %v, %d steps", err, steps(t, d))
			}
		})
	}
}

func TestSeveralProcessesMayMigrateAtOnce(t *testing.T) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			url := e.URL(t)
			var open []*db.DB
			for range 4 {
				open = append(open, testkit.Open(t, url))
			}
			var wg sync.WaitGroup
			for _, d := range open {
				wg.Go(func() {
					if err := d.Migrate(ctx, "shop", shopFiles()); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			put(t, open[0], "ring", 5)
			if got := stock(t, open[3], "ring"); got != 5 {
				t.Errorf("the last sees %d", got)
			}
		})
	}
}

func TestMigrateRefusesWhatItCannotDo(t *testing.T) {
	d := testkit.SQLite(t)
	for room, says := range map[string]string{
		"":                      "want 1 to 40",
		"Shop":                  "lower-case",
		"shop; DROP TABLE x":    "lower-case",
		"1shop":                 "lower-case",
		strings.Repeat("x", 41): "want 1 to 40",
	} {
		if err := d.Migrate(ctx, room, shopFiles()); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("room %q: %v", room, err)
		}
	}
	if err := d.Migrate(ctx, "empty", fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), "migrating empty") {
		t.Errorf("no files: %v", err)
	}
}
