package release

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
	"minimart/program/build"
	"minimart/program/release/releasedb"
)

// Current is what everybody gets of an app.
type Current struct {
	App        App
	Version    Version
	Manifest   *build.Manifest // shared: do not change it
	ReleasedAt int64           // unix ms
}

// Promote makes version the one everybody gets, and says so with the event release.promoted. Promoting an earlier version
// rolls back; promoting the one that is out already changes nothing. The operator may call it, and the app's developer once
// review has passed.
// Errors: not_found for the app or the version; conflict when the version is not ready; unavailable.
func (s *Service) Promote(ctx context.Context, app, version string) error {
	return s.db.Update(ctx, func(tx db.Tx) error {
		q := releasedb.New(tx)
		if _, err := q.App(ctx, app); err != nil {
			return orNotFound(err, noApp, app)
		}
		v, err := q.Version(ctx, releasedb.VersionParams{AppID: app, ID: version})
		if err != nil {
			return orNotFound(err, noVersion, app, version)
		}
		if State(v.State) != StateReady {
			return fault.Conflict(notReady, v.Number, v.State)
		}
		before, err := q.Pointer(ctx, app)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if before.VersionID == version {
			return nil
		}
		now, sequence := clock.Millis(s.clock), before.Sequence+1
		if err := q.SetPointer(ctx, releasedb.SetPointerParams{AppID: app, VersionID: version, Sequence: sequence, ReleasedAt: now}); err != nil {
			return err
		}
		return tx.Emit(ctx, TopicPromoted, fmt.Sprintf("%s:r%d", app, sequence),
			Promoted{App: app, Version: version, Number: v.Number, Previous: before.VersionID, At: now})
	})
}

// Released is what everybody gets of an app now. Anybody may call it.
// Errors: not_found when there is no such app or nothing of it is out; unavailable.
func (s *Service) Released(ctx context.Context, app string) (Current, error) {
	var row releasedb.ReleasedRow
	err := s.db.View(ctx, func(tx db.Tx) (err error) {
		row, err = releasedb.New(tx).Released(ctx, app)
		return orNotFound(err, notReleased, app)
	})
	if err != nil {
		return Current{}, err
	}
	a := row.ReleaseApp
	out := Current{ReleasedAt: row.ReleasedAt, Version: Version{
		ID: row.VersionID, App: app, Number: row.Number, Label: row.Label, Notes: row.Notes, ContentHash: row.ContentHash,
		Bytes: row.Bytes, State: State(row.State), CreatedAt: row.VersionCreatedAt,
	}}
	out.App, err = appOf(releasedb.AppRow{ID: a.ID, Name: a.Name, Icon: a.Icon, Summary: a.Summary, Domains: a.Domains, CreatedAt: a.CreatedAt, ChangedAt: a.ChangedAt})
	if err != nil {
		return Current{}, err
	}
	if out.Manifest, err = s.Manifest(ctx, row.VersionID); err != nil {
		return Current{}, err
	}
	return out, nil
}

// RequestDomains are the origins the app's released program may send requests to.
// Errors: not_found when there is no such app or nothing of it is out; unavailable.
func (s *Service) RequestDomains(ctx context.Context, app string) ([]string, error) {
	c, err := s.Released(ctx, app)
	return c.App.Domains.Request, err
}

// Listing is a released app in a list.
type Listing struct {
	App        string
	Name       string
	Icon       string // name of a delivered file, "" for none
	Summary    string
	Version    string
	Number     int64
	Label      string
	ReleasedAt int64 // unix ms
}

// List pages through the released apps whose name contains query, in any case and width; the newest app first. It answers
// up to limit (1 to 100) of them, and the cursor of the next page, "" at the end. Anybody may call it.
// Errors: invalid for a cursor that List did not give; unavailable.
func (s *Service) List(ctx context.Context, query, cursor string, limit int) (page []Listing, next string, err error) {
	if cursor != "" {
		if id.Check(AppPrefix, cursor) != nil {
			return nil, "", fault.Invalid("cursor", badCursor, cut(cursor))
		}
	}
	if len(query) > 4*maxName {
		return nil, "", nil // longer than any name
	}
	limit = clamp(limit)
	var rows []releasedb.ListReleasedRow
	err = s.db.View(ctx, func(tx db.Tx) (err error) {
		rows, err = releasedb.New(tx).ListReleased(ctx, releasedb.ListReleasedParams{Before: cursor, Pattern: likePattern(query), Most: int32(limit + 1)})
		return err
	})
	if err != nil {
		return nil, "", err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	for _, r := range rows {
		page = append(page, Listing{App: r.ID, Name: r.Name, Icon: r.Icon, Summary: r.Summary, Version: r.VersionID, Number: r.Number, Label: r.Label, ReleasedAt: r.ReleasedAt})
	}
	return page, next, nil
}

// orNotFound makes "no rows" a fault.
func orNotFound(err error, format string, args ...any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.NotFound(format, args...)
	}
	return err
}
