package release

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/maypok86/otter/v2"

	"minimart/platform/access"
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
	// Errors: not_found; unavailable.
	Get(ctx context.Context, key string) ([]byte, error)
}

// Phones knows the phone numbers of consumers. open/identity is one.
type Phones interface {
	// PhoneOf is the number a consumer signed in with: "+8613800138000".
	// Errors: not_found when there is no such consumer, or none is known; unavailable.
	PhoneOf(ctx context.Context, consumer string) (string, error)
}

// Service is the operations of the room. It is safe for concurrent use.
type Service struct {
	db     *db.DB
	blobs  Blobs
	clock  clock.Clock
	log    access.Log // nil keeps none
	phones Phones     // nil knows nobody: no trial opens
	// manifests of versions, which never change, by version id
	manifests *otter.Cache[string, *build.Manifest]
}

// manifestsKept is how many bytes of manifests, as JSON, stay in memory: some hundred programs.
const manifestsKept = 32 << 20

// Option connects the service to other rooms.
type Option func(*Service)

// WithLog has everything that somebody does recorded in the audit log.
func WithLog(log access.Log) Option { return func(s *Service) { s.log = log } }

// WithPhones lets testers be recognised by the number they sign in with. Without it no trial opens.
func WithPhones(p Phones) Option { return func(s *Service) { s.phones = p } }

// New is the service over a database that was migrated with Schema.
func New(d *db.DB, blobs Blobs, c clock.Clock, options ...Option) *Service {
	s := &Service{db: d, blobs: blobs, clock: c, manifests: otter.Must(&otter.Options[string, *build.Manifest]{
		MaximumWeight: manifestsKept,
		Weigher:       func(_ string, m *build.Manifest) uint32 { return manifestWeight(m) },
	})}
	for _, o := range options {
		o(s)
	}
	return s
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

// CreateApp makes an app without any version, for programs that come with the platform: nobody is asked. What members of an
// organisation make, [Service.Create] makes.
// Errors: invalid with every field that is wrong; conflict when the given id is taken; unavailable.
func (s *Service) CreateApp(ctx context.Context, in NewApp) (App, error) {
	return s.create(ctx, By{Org: in.Org}, in)
}

func (s *Service) create(ctx context.Context, by By, in NewApp) (App, error) {
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
	app := App{ID: in.ID, Org: in.Org, Name: in.Name, Icon: icon.Name, Summary: in.Summary, Domains: in.Domains, Privacy: map[string]string{}, CreatedAt: now, ChangedAt: now}
	if app.ID == "" {
		app.ID = id.New(AppPrefix)
	}
	domains, err := json.Marshal(in.Domains)
	if err != nil {
		return App{}, err
	}
	err = s.db.Update(ctx, func(tx db.Tx) error {
		q := releasedb.New(tx)
		if by.Person != "" {
			have, err := q.CountApps(ctx, app.Org)
			if err != nil {
				return err
			}
			if have >= MostApps {
				return fault.Exhausted(tooManyApps, have)
			}
		}
		n, err := q.CreateApp(ctx, releasedb.CreateAppParams{
			ID: app.ID, OrgID: app.Org, Name: app.Name, SearchName: db.Fold(app.Name), Icon: app.Icon, Summary: app.Summary, Domains: string(domains), CreatedAt: now,
		})
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Conflict(appTaken, app.ID)
		}
		return s.note(ctx, tx, by, "app.created", app.ID, map[string]string{"name": app.Name})
	})
	if err != nil {
		return App{}, err
	}
	return app, nil
}

// Adopt gives an app that belongs to nobody to an organisation: programs that came with the platform before there were
// organisations. An app that belongs to somebody stays there. For the platform itself.
// Errors: unavailable.
func (s *Service) Adopt(ctx context.Context, app, org string) error {
	if org == "" {
		return nil
	}
	return s.db.Update(ctx, func(tx db.Tx) error {
		n, err := releasedb.New(tx).Adopt(ctx, releasedb.AdoptParams{ID: app, OrgID: org, ChangedAt: clock.Millis(s.clock)})
		if err != nil || n == 0 {
			return err
		}
		return s.note(ctx, tx, By{Org: org}, "app.adopted", app, nil)
	})
}

// OrgOf is the organisation an app belongs to. The door of the consoles calls it.
// Errors: not_found, also for an app that belongs to nobody; unavailable.
func (s *Service) OrgOf(ctx context.Context, app string) (org string, err error) {
	err = s.db.View(ctx, func(tx db.Tx) (err error) {
		org, err = releasedb.New(tx).OrgOf(ctx, app)
		return orNotFound(err, noApp, fault.Cut(app, 60))
	})
	if err == nil && org == "" {
		err = fault.NotFound(noApp, fault.Cut(app, 60))
	}
	return org, err
}

// App finds an app. Anybody may know what an app is called.
// Errors: not_found; unavailable.
func (s *Service) App(ctx context.Context, app string) (out App, err error) {
	err = s.db.View(ctx, func(tx db.Tx) (err error) {
		out, err = findApp(ctx, tx, app)
		return err
	})
	return out, err
}

func findApp(ctx context.Context, tx db.Tx, app string) (App, error) {
	row, err := releasedb.New(tx).App(ctx, app)
	if err != nil {
		return App{}, orNotFound(err, noApp, fault.Cut(app, 60))
	}
	return appOf(row)
}

func findVersion(ctx context.Context, tx db.Tx, app, version string) (Version, error) {
	row, err := releasedb.New(tx).Version(ctx, releasedb.VersionParams{AppID: app, ID: version})
	if err != nil {
		return Version{}, orNotFound(err, noVersion, fault.Cut(app, 60), fault.Cut(version, 60))
	}
	return versionOf(row), nil
}

// AddVersion stores a build as the app's next version, in development. Its files are in the store before there is a row.
// Adding the same build again answers the version that is there already, with the label and notes it was given first; again
// says so. Callers have made sure that in.By may upload.
// Errors: invalid with every field that is wrong; exhausted when the manifest is too large; not_found for the app; unavailable.
func (s *Service) AddVersion(ctx context.Context, in NewVersion) (v Version, err error) {
	v, _, err = s.Add(ctx, in)
	return v, err
}

// Add is AddVersion, and says whether the same build was there already.
func (s *Service) Add(ctx context.Context, in NewVersion) (out Version, again bool, err error) {
	manifest, hash, size, err := in.check()
	if err != nil {
		return Version{}, false, err
	}
	same, there, err := s.versionByContent(ctx, in.App, hash) // before megabytes are stored for nothing
	if err != nil || there && (same.SourceBytes > 0 || in.Source == nil) {
		return same, there, err
	}
	version := id.New(VersionPrefix)
	if there {
		version = same.ID // it came when no sources were kept
	}
	sourceBytes, err := s.putSource(ctx, version, in.Source)
	if err != nil {
		return Version{}, false, err
	}
	if err := s.putFiles(ctx, in.Files); err != nil {
		return Version{}, false, err
	}
	err = s.db.Update(ctx, func(tx db.Tx) error {
		q := releasedb.New(tx)
		row, err := q.VersionByContent(ctx, releasedb.VersionByContentParams{AppID: in.App, ContentHash: hash})
		if err == nil {
			out, again = versionOf(releasedb.VersionRow(row)), true
			if out.ID != version || sourceBytes == 0 {
				return nil
			}
			out.SourceBytes = sourceBytes
			return q.KeepSource(ctx, releasedb.KeepSourceParams{AppID: in.App, ID: out.ID, SourceBytes: sourceBytes})
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		number, err := q.NextNumber(ctx, in.App)
		if err != nil {
			return orNotFound(err, noApp, fault.Cut(in.App, 60))
		}
		again = false
		out = Version{
			ID: version, App: in.App, Number: number, Label: in.Label, Notes: in.Notes, ContentHash: hash, Bytes: size,
			State: StateDevelopment, UploadedBy: in.By.id(), SourceBytes: sourceBytes, CreatedAt: clock.Millis(s.clock),
		}
		if err := q.AddVersion(ctx, releasedb.AddVersionParams{
			ID: out.ID, AppID: out.App, Number: out.Number, Label: out.Label, Notes: out.Notes, ContentHash: hash,
			Manifest: string(manifest), Bytes: size, State: string(out.State), UploadedBy: out.UploadedBy, SourceBytes: sourceBytes, CreatedAt: out.CreatedAt,
		}); err != nil {
			return err
		}
		return s.note(ctx, tx, in.By, "version.uploaded", out.ID, map[string]string{"app": out.App, "number": strconv.FormatInt(number, 10), "label": out.Label})
	})
	return out, again, err
}

// versionByContent finds a version by what it was built into.
// Errors: not_found for the app; unavailable.
func (s *Service) versionByContent(ctx context.Context, app, hash string) (v Version, there bool, err error) {
	err = s.db.View(ctx, func(tx db.Tx) error {
		q := releasedb.New(tx)
		if _, err := q.OrgOf(ctx, app); err != nil {
			return orNotFound(err, noApp, fault.Cut(app, 60))
		}
		row, err := q.VersionByContent(ctx, releasedb.VersionByContentParams{AppID: app, ContentHash: hash})
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		v, there = versionOf(releasedb.VersionRow(row)), true
		return err
	})
	return v, there && err == nil, err
}

// putSource stores the source package of a version and answers the size of its zip, 0 for none.
func (s *Service) putSource(ctx context.Context, version string, files map[string][]byte) (int64, error) {
	if files == nil {
		return 0, nil
	}
	packed, err := Pack(files)
	if err != nil {
		return 0, err
	}
	return int64(len(packed)), s.blobs.Put(ctx, sourceKey(version), packed, "application/zip")
}

// Version finds one version of an app. The app's members may know it, and the operator.
// Errors: not_found; unavailable.
func (s *Service) Version(ctx context.Context, app, version string) (out Version, err error) {
	err = s.db.View(ctx, func(tx db.Tx) (err error) {
		out, err = findVersion(ctx, tx, app, version)
		return err
	})
	return out, err
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
	app := App{
		ID: r.ID, Org: r.OrgID, Name: r.Name, Icon: r.Icon, Summary: r.Summary, Trial: r.TrialVersion,
		SuspendedAt: r.SuspendedAt, SuspensionReason: r.SuspensionReason, CreatedAt: r.CreatedAt, ChangedAt: r.ChangedAt,
	}
	if err := json.Unmarshal([]byte(r.Domains), &app.Domains); err != nil {
		return App{}, fmt.Errorf("release: the domains of %s cannot be read: %w", r.ID, err)
	}
	if err := json.Unmarshal([]byte(r.Privacy), &app.Privacy); err != nil {
		return App{}, fmt.Errorf("release: the privacy statements of %s cannot be read: %w", r.ID, err)
	}
	return app, nil
}

func versionOf(r releasedb.VersionRow) Version {
	return Version{
		ID: r.ID, App: r.AppID, Number: r.Number, Label: r.Label, Notes: r.Notes, ContentHash: r.ContentHash, Bytes: r.Bytes,
		State: State(r.State), UploadedBy: r.UploadedBy, SourceBytes: r.SourceBytes, OutAt: r.OutAt, CreatedAt: r.CreatedAt,
	}
}

func clamp(limit int) int { return max(1, min(limit, 100)) }
