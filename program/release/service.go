package release

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/maypok86/otter/v2"

	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
	"minimart/program/build"
	"minimart/program/release/releasedb"
)

// Schema are the room's migrations: db.Migrate(ctx, "release", release.Schema).
//
//go:embed schema/*.sql
var Schema embed.FS

// Blobs is where files go. *blob.Store is one.
type Blobs interface {
	Put(ctx context.Context, key string, data []byte, contentType string) error
}

// Service is the operations of the room. It is safe for concurrent use.
type Service struct {
	db    *db.DB
	blobs Blobs
	clock clock.Clock
	// manifests of versions, which never change, by version id
	manifests *otter.Cache[string, *build.Manifest]
}

// manifestsKept is how many bytes of manifests, as JSON, stay in memory: some hundred programs.
const manifestsKept = 32 << 20

// New is the service over a database that was migrated with Schema.
func New(d *db.DB, blobs Blobs, c clock.Clock) *Service {
	return &Service{db: d, blobs: blobs, clock: c, manifests: otter.Must(&otter.Options[string, *build.Manifest]{
		MaximumWeight: manifestsKept,
		Weigher:       func(_ string, m *build.Manifest) uint32 { return manifestWeight(m) },
	})}
}

// manifestWeight is about how many bytes a manifest takes.
func manifestWeight(m *build.Manifest) uint32 {
	n := 1024 + len(m.App)
	for path, p := range m.Pages {
		n += len(path) + 64 + 50*len(p.View)
	}
	for path := range m.Assets {
		n += len(path) + 64
	}
	return uint32(min(n, manifestsKept))
}

// CreateApp makes an app without any version. Any developer may call it.
// Errors: invalid with every field that is wrong; conflict when the given id is taken; unavailable.
func (s *Service) CreateApp(ctx context.Context, in NewApp) (App, error) {
	in, icon, err := in.check()
	if err != nil {
		return App{}, err
	}
	if icon.Name != "" {
		if err := s.putFiles(ctx, []build.File{icon}); err != nil {
			return App{}, err
		}
	}
	now := clock.Millis(s.clock)
	app := App{ID: in.ID, Name: in.Name, Icon: icon.Name, Summary: in.Summary, Domains: in.Domains, CreatedAt: now, ChangedAt: now}
	if app.ID == "" {
		app.ID = id.New(AppPrefix)
	}
	domains, err := json.Marshal(in.Domains)
	if err != nil {
		return App{}, err
	}
	err = s.db.Update(ctx, func(tx db.Tx) error {
		n, err := releasedb.New(tx).CreateApp(ctx, releasedb.CreateAppParams{
			ID: app.ID, Name: app.Name, SearchName: fold(app.Name), Icon: app.Icon, Summary: app.Summary, Domains: string(domains), CreatedAt: now,
		})
		if err == nil && n == 0 {
			err = fault.Conflict(appTaken, app.ID)
		}
		return err
	})
	if err != nil {
		return App{}, err
	}
	return app, nil
}

// App finds an app. Anybody may know what an app is called.
// Errors: not_found; unavailable.
func (s *Service) App(ctx context.Context, app string) (App, error) {
	var row releasedb.AppRow
	err := s.db.View(ctx, func(tx db.Tx) (err error) {
		row, err = releasedb.New(tx).App(ctx, app)
		return orNotFound(err, noApp, app)
	})
	if err != nil {
		return App{}, err
	}
	return appOf(row)
}

// SetDomains says which places outside the app's programs may use, in place of what was said before. It holds at once for
// requests, and for pages when they are opened next. The app's developer may call it.
// Errors: invalid with every domain that is wrong; not_found; unavailable.
func (s *Service) SetDomains(ctx context.Context, app string, domains Domains) error {
	domains, err := domains.Validate()
	if err != nil {
		return fault.Of(err).Under("domains")
	}
	text, err := json.Marshal(domains)
	if err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx db.Tx) error {
		n, err := releasedb.New(tx).SetDomains(ctx, releasedb.SetDomainsParams{ID: app, Domains: string(text), ChangedAt: clock.Millis(s.clock)})
		if err == nil && n == 0 {
			err = fault.NotFound(noApp, app)
		}
		return err
	})
}

// AddVersion stores a build as the app's next version. Its files are in the store before there is a row. Adding the same
// build again answers the version that is there already, with the label and notes it was given first. The app's developer
// may call it.
// Errors: invalid with every field that is wrong; exhausted when the manifest is too large; not_found for the app; unavailable.
func (s *Service) AddVersion(ctx context.Context, in NewVersion) (Version, error) {
	in.Label, in.Notes = strings.TrimSpace(in.Label), strings.TrimSpace(in.Notes)
	manifest, hash, size, err := in.check()
	if err != nil {
		return Version{}, err
	}
	if _, err := s.App(ctx, in.App); err != nil { // before megabytes are stored for nothing
		return Version{}, err
	}
	if err := s.putFiles(ctx, in.Files); err != nil {
		return Version{}, err
	}
	version := id.New(VersionPrefix)
	var out Version
	err = s.db.Update(ctx, func(tx db.Tx) error {
		q := releasedb.New(tx)
		if _, err := q.App(ctx, in.App); err != nil {
			return orNotFound(err, noApp, in.App)
		}
		same, err := q.VersionByContent(ctx, releasedb.VersionByContentParams{AppID: in.App, ContentHash: hash})
		if err == nil {
			out = versionOf(releasedb.VersionRow(same))
			return nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		number, err := q.NextNumber(ctx, in.App)
		if err != nil {
			return err
		}
		out = Version{
			ID: version, App: in.App, Number: number, Label: in.Label, Notes: in.Notes, ContentHash: hash, Bytes: size,
			State: StateReady, CreatedAt: clock.Millis(s.clock),
		}
		return q.AddVersion(ctx, releasedb.AddVersionParams{
			ID: out.ID, AppID: out.App, Number: out.Number, Label: out.Label, Notes: out.Notes, ContentHash: hash,
			Manifest: string(manifest), Bytes: size, State: string(out.State), CreatedAt: out.CreatedAt,
		})
	})
	if err != nil {
		return Version{}, err
	}
	return out, nil
}

// Version finds one version of an app. The app's developer may call it.
// Errors: not_found; unavailable.
func (s *Service) Version(ctx context.Context, app, version string) (Version, error) {
	var row releasedb.VersionRow
	err := s.db.View(ctx, func(tx db.Tx) (err error) {
		row, err = releasedb.New(tx).Version(ctx, releasedb.VersionParams{AppID: app, ID: version})
		return orNotFound(err, noVersion, app, version)
	})
	if err != nil {
		return Version{}, err
	}
	return versionOf(row), nil
}

// Versions lists up to limit (1 to 100) versions of an app, the newest first, with numbers below before; 0 begins at the
// newest. An app without versions, or none at all, has an empty list. The app's developer may call it.
// Errors: unavailable.
func (s *Service) Versions(ctx context.Context, app string, before int64, limit int) ([]Version, error) {
	if before <= 0 {
		before = 1 << 62
	}
	var out []Version
	err := s.db.View(ctx, func(tx db.Tx) error {
		rows, err := releasedb.New(tx).Versions(ctx, releasedb.VersionsParams{AppID: app, Before: before, Most: int32(clamp(limit))})
		out = make([]Version, len(rows))
		for i, r := range rows {
			out[i] = versionOf(releasedb.VersionRow(r))
		}
		return err
	})
	return out, err
}

// Manifest is what a version consists of. It is shared: do not change it.
// Errors: not_found; unavailable.
func (s *Service) Manifest(ctx context.Context, version string) (*build.Manifest, error) {
	if m, ok := s.manifests.GetIfPresent(version); ok {
		return m, nil
	}
	var text string
	err := s.db.View(ctx, func(tx db.Tx) (err error) {
		text, err = releasedb.New(tx).Manifest(ctx, version)
		return orNotFound(err, noSuchVersion, version)
	})
	if err != nil {
		return nil, err
	}
	m := new(build.Manifest)
	if err := json.Unmarshal([]byte(text), m); err != nil {
		return nil, fmt.Errorf("release: the manifest of %s cannot be read: %w", version, err)
	}
	s.manifests.Set(version, m)
	return m, nil
}

func appOf(r releasedb.AppRow) (App, error) {
	app := App{ID: r.ID, Name: r.Name, Icon: r.Icon, Summary: r.Summary, CreatedAt: r.CreatedAt, ChangedAt: r.ChangedAt}
	if err := json.Unmarshal([]byte(r.Domains), &app.Domains); err != nil {
		return App{}, fmt.Errorf("release: the domains of %s cannot be read: %w", r.ID, err)
	}
	return app, nil
}

func versionOf(r releasedb.VersionRow) Version {
	return Version{
		ID: r.ID, App: r.AppID, Number: r.Number, Label: r.Label, Notes: r.Notes, ContentHash: r.ContentHash, Bytes: r.Bytes,
		State: State(r.State), CreatedAt: r.CreatedAt,
	}
}

func clamp(limit int) int { return max(1, min(limit, 100)) }
