package testkit

import (
	"context"
	"io/fs"
	"path/filepath"
	"testing"

	"minimart/platform/db"
)

// Engine is one of the databases that every room runs on.
type Engine struct {
	Name string // for t.Run
	// URL makes an empty database and says where it is, for tests that open it more than once.
	URL func(t testing.TB) string
}

// Open opens a new, empty database and closes it when the test ends.
func (e Engine) Open(t testing.TB, options ...db.Option) *db.DB {
	t.Helper()
	return Open(t, e.URL(t), options...)
}

// Engines are all engines. Where one cannot run here, its URL and Open skip the test.
func Engines(testing.TB) []Engine {
	return []Engine{{Name: "sqlite", URL: SQLiteURL}, {Name: "postgres", URL: PostgresURL}}
}

// SQLite is a new SQLite database in a temporary folder, closed when the test ends.
func SQLite(t testing.TB, options ...db.Option) *db.DB {
	t.Helper()
	return Open(t, SQLiteURL(t), options...)
}

// SQLiteURL is where a new SQLite database may be made.
func SQLiteURL(t testing.TB) string {
	return "sqlite:" + filepath.Join(t.TempDir(), "test.db")
}

// Open opens the database at url and closes it when the test ends. It may be called twice with one url, as two processes
// would.
func Open(t testing.TB, url string, options ...db.Option) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), url, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("closing the database: %v", err)
		}
	})
	return d
}

// Migrate makes the tables of rooms: by name, their migrations.
func Migrate(t testing.TB, d *db.DB, rooms map[string]fs.FS) {
	t.Helper()
	for room, schema := range rooms {
		if err := d.Migrate(t.Context(), room, schema); err != nil {
			t.Fatal(err)
		}
	}
}
