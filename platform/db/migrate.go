package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
)

// Migrate brings a room's tables up to date. files holds goose migrations (00001_name.sql with "-- +goose Up"), either at
// its top or in a folder schema, as //go:embed schema/*.sql gives it; one set of files serves both engines. Each room has a
// version table of its own, <room>_migration. Several processes may migrate at once.
//
// Errors name the room and the migration that failed; what it had done is rolled back.
func (d *DB) Migrate(ctx context.Context, room string, files fs.FS) error {
	if insideTurn() {
		return fmt.Errorf("db: Migrate %w", errNested)
	}
	if err := checkRoom(room); err != nil {
		return err
	}
	if _, err := fs.Stat(files, "schema"); err == nil {
		if files, err = fs.Sub(files, "schema"); err != nil {
			return fmt.Errorf("db: migrating %s: %w", room, err)
		}
	}
	handle, release, err := d.engine.migration(ctx)
	if err != nil {
		return fmt.Errorf("db: migrating %s: %w", room, err)
	}
	dialect := goose.DialectSQLite3
	if d.Engine() == PostgreSQL {
		dialect = goose.DialectPostgres
	}
	p, err := goose.NewProvider(dialect, handle, files,
		goose.WithTableName(room+"_migration"), goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err == nil {
		err = upTogether(ctx, p)
	}
	var partial *goose.PartialError
	if errors.As(err, &partial) && partial.Failed != nil {
		err = fmt.Errorf("%s: %w", partial.Failed.Source.Path, partial.Err)
	}
	if err = errors.Join(err, release()); err != nil {
		return fmt.Errorf("db: migrating %s: %w", room, err)
	}
	return nil
}

// upTogether applies what is missing. Where another process is at the same migrations, one of the two finds a table there
// already; its transaction is rolled back, and when it looks again there is nothing left to do. That needs no lock, which
// the engines would each want in their own way.
func upTogether(ctx context.Context, p *goose.Provider) error {
	const attempts = 5
	for n := 1; ; n++ {
		_, err := p.Up(ctx)
		if err == nil || n == attempts || ctx.Err() != nil {
			return err
		}
		select {
		case <-time.After(time.Duration(n) * 50 * time.Millisecond):
		case <-ctx.Done():
			return err
		}
	}
}

func checkRoom(room string) error {
	for i, c := range room {
		if letter := c >= 'a' && c <= 'z'; !letter && (i == 0 || c != '_' && (c < '0' || c > '9')) {
			return fmt.Errorf("db: room %q: want a lower-case letter, then letters, digits and _", room)
		}
	}
	if room == "" || len(room) > 40 {
		return fmt.Errorf("db: room %q has %d characters, want 1 to 40", room, len(room))
	}
	return nil
}
