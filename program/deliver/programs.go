package deliver

import (
	"context"
	"io"

	"minimart/program/build"
	"minimart/program/release"
)

// Program is a version of an app, ready to be opened.
type Program struct {
	App, Version string // ids
	VersionType  VersionType
	Label        string // what the developer calls the version
	Name         string
	Icon         string // file name, "" for none
	Summary      string
	Domains      release.Domains
	Manifest     *build.Manifest
}

// VersionType says who gets a version. Programs can ask for it, and storage is kept apart by it.
type VersionType string

// The types of versions.
const (
	ReleaseVersion VersionType = "release" // everybody
	TrialVersion   VersionType = "trial"   // those who were asked to try it
	DevelopVersion VersionType = "develop" // the developer, in a preview
)

// Listed is a program in a list.
type Listed struct {
	App, Version, Label, Name, Icon, Summary string
}

// Programs is where programs come from.
type Programs interface {
	// List answers up to limit programs whose name contains query, and the cursor of the next page, "" at the end.
	// Errors: invalid for a cursor that List did not give; unavailable.
	List(ctx context.Context, query, cursor string, limit int) (page []Listed, next string, err error)
	// Program finds a version of an app; "" is the one everybody gets.
	// Errors: not_found; unavailable.
	Program(ctx context.Context, app, version string) (Program, error)
}

// Files is where built files come from.
type Files interface {
	// Open answers the file called name, plain or, with encoding "br", in brotli.
	// Errors: not_found when there is none, or none in that encoding; unavailable.
	Open(ctx context.Context, name, encoding string) (io.ReadSeekCloser, error)
}

// Released are the programs that a release service has released.
func Released(s *release.Service) Programs { return released{s} }

type released struct{ releases *release.Service }

func (r released) List(ctx context.Context, query, cursor string, limit int) ([]Listed, string, error) {
	rows, next, err := r.releases.List(ctx, release.Wanted{Query: query}, cursor, limit)
	page := make([]Listed, len(rows))
	for i, l := range rows {
		page[i] = Listed{App: l.App, Version: l.Version, Label: l.Label, Name: l.Name, Icon: l.Icon, Summary: l.Summary}
	}
	return page, next, err
}

func (r released) Program(ctx context.Context, app, version string) (Program, error) {
	current, err := r.releases.Released(ctx, app)
	if err != nil {
		return Program{}, err
	}
	p := Program{
		App: app, Version: current.Version.ID, VersionType: ReleaseVersion, Label: current.Version.Label,
		Name: current.App.Name, Icon: current.App.Icon, Summary: current.App.Summary, Domains: current.App.Domains,
		Manifest: current.Manifest,
	}
	if version == "" || version == p.Version {
		return p, nil
	}
	// Another version of a program that is out: one that was out when the host asked for the launch manifest, a moment
	// ago. The program it belongs to opens as well.
	other, err := r.releases.Version(ctx, app, version)
	if err != nil {
		return Program{}, err
	}
	p.Version, p.Label = other.ID, other.Label
	p.Manifest, err = r.releases.Manifest(ctx, other.ID)
	return p, err
}
