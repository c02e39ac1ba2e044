package testkit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // registers "pgx"
)

// errNoPostgres means that PostgreSQL's programs are not on this machine.
var errNoPostgres = errors.New("PostgreSQL is not installed: apt-get install postgresql (or brew install postgresql), or name a server in MINIMART_TEST_POSTGRES")

// server is the PostgreSQL of this test process, started on first use.
var server = sync.OnceValues(func() (*sql.DB, error) {
	at := os.Getenv("MINIMART_TEST_POSTGRES")
	if at == "" {
		var err error
		if at, err = startPostgres(); err != nil {
			return nil, err
		}
	}
	serverURL = at
	return sql.Open("pgx", at)
})

var (
	serverURL string // set by server
	schemas   atomic.Int64
)

// PostgresURL is an empty schema on a real PostgreSQL, dropped when the test ends.
func PostgresURL(t testing.TB) string {
	t.Helper()
	admin, err := server()
	if errors.Is(err, errNoPostgres) && os.Getenv("CI") != "true" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	// The process id keeps test processes that share a server apart.
	schema := fmt.Sprintf("t%d_%d", os.Getpid(), schemas.Add(1))
	if _, err := admin.ExecContext(context.Background(), "CREATE SCHEMA "+schema); err != nil {
		t.Fatalf("making a schema for the test: %v", err)
	}
	t.Cleanup(func() {
		if _, err := admin.ExecContext(context.Background(), "DROP SCHEMA "+schema+" CASCADE"); err != nil {
			t.Errorf("dropping the test's schema: %v", err)
		}
	})
	u, err := url.Parse(serverURL)
	if err != nil {
		t.Fatalf("MINIMART_TEST_POSTGRES: %v", err)
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

// binaries is the folder of the newest PostgreSQL here.
func binaries() (string, error) {
	var found []string
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin"} {
		folders, _ := filepath.Glob(pattern) // the patterns are well formed
		found = append(found, folders...)
	}
	slices.SortFunc(found, func(a, b string) int { return version(b) - version(a) })
	for _, f := range found {
		if _, err := os.Stat(filepath.Join(f, "initdb")); err == nil {
			return f, nil
		}
	}
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p), nil
	}
	return "", errNoPostgres
}

func version(folder string) int {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, folder)
	n, _ := strconv.Atoi(digits) // 0 where the folder has no version in its name
	return n
}
