package deliver

import (
	"context"
	"io"
	"slices"

	"minimart/platform/access"
	"minimart/platform/fault"
	"minimart/program/build"
	"minimart/program/release"
)

// Program is a version of an app, ready to be opened.
type Program struct {
	App, Version string // ids
	Org          string // organisation it belongs to, "" for none
	VersionType  VersionType
	Label        string // what the developer calls the version
	Name         string
	Icon         string // file name, "" for none
	Summary      string
	Domains      release.Domains
	Privacy      map[string]string // statements by kind
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
	// List answers up to limit programs a visitor can open whose name contains query, and the cursor of the next page, "" at
	// the end.
	// Errors: invalid for a cursor that List did not give; denied for a request of no host app; unavailable.
	List(ctx context.Context, v access.Visitor, query, cursor string, limit int) (page []Listed, next string, err error)
	// Program is the version of an app that a visitor gets: the one a ticket opens, or with "" the one that is out for them.
	// Errors: not_found; unauthenticated and denied for a ticket that opens nothing for this visitor; unavailable.
	Program(ctx context.Context, v access.Visitor, app, ticket string) (Program, error)
	// Domains are those of an app with such a version.
	// Errors: not_found; unavailable.
	Domains(ctx context.Context, app, version string) (release.Domains, error)
}

// Files is where built files come from.
type Files interface {
	// Open answers the file called name, plain or, with encoding "br", in brotli.
	// Errors: not_found when there is none, or none in that encoding; unavailable.
	Open(ctx context.Context, name, encoding string) (io.ReadSeekCloser, error)
}

// Hosts knows which programs a host app may open. open/host is one.
type Hosts interface {
	// Programs are the apps released to a host app: all, or those.
	// Errors: not_found; denied for a host app that is suspended; unavailable.
	Programs(ctx context.Context, host string) (all bool, apps []string, err error)
}

// Released are the programs of a release service: for each visitor what is out for their device, and what their tickets open.
func Released(s *release.Service) Programs { return released{s, nil} }

// ReleasedTo is Released with each visitor in a host app that may open some programs only.
func ReleasedTo(hosts Hosts, s *release.Service) Programs { return released{s, hosts} }

type released struct {
	releases *release.Service
	hosts    Hosts
}

// among are the apps released to a visitor's host app; nil for all.
func (r released) among(ctx context.Context, v access.Visitor) ([]string, error) {
	if r.hosts == nil {
		return nil, nil
	}
	if v.Host == "" {
		return nil, fault.Denied(noHost)
	}
	all, apps, err := r.hosts.Programs(ctx, v.Host)
	if err != nil || all {
		return nil, err
	}
	return append([]string{}, apps...), nil
}

func (r released) List(ctx context.Context, v access.Visitor, query, cursor string, limit int) ([]Listed, string, error) {
	among, err := r.among(ctx, v)
	if err != nil {
		return nil, "", err
	}
	rows, next, err := r.releases.List(ctx, release.Wanted{Query: query, Device: v.Device, Among: among}, cursor, limit)
	page := make([]Listed, len(rows))
	for i, l := range rows {
		page[i] = Listed{App: l.App, Version: l.Version, Label: l.Label, Name: l.Name, Icon: l.Icon, Summary: l.Summary}
	}
	return page, next, err
}

func (r released) Program(ctx context.Context, v access.Visitor, app, ticket string) (Program, error) {
	if ticket != "" {
		// Whoever was given a link may follow it in any host app.
		opened, err := r.releases.Open(ctx, app, ticket, v.Consumer)
		if err != nil {
			return Program{}, err
		}
		kind := TrialVersion
		if opened.Preview {
			kind = DevelopVersion
		}
		return programOf(opened.App, opened.Version, opened.Manifest, kind), nil
	}
	among, err := r.among(ctx, v)
	if err != nil {
		return Program{}, err
	}
	if among != nil && !slices.Contains(among, app) {
		return Program{}, fault.NotFound(notHere, short(app))
	}
	current, err := r.releases.ReleasedTo(ctx, app, v.Device)
	if err != nil {
		return Program{}, err
	}
	return programOf(current.App, current.Version, current.Manifest, ReleaseVersion), nil
}

func programOf(a release.App, v release.Version, m *build.Manifest, kind VersionType) Program {
	return Program{
		App: a.ID, Version: v.ID, Org: a.Org, VersionType: kind, Label: v.Label, Name: a.Name, Icon: a.Icon, Summary: a.Summary,
		Domains: a.Domains, Privacy: a.Privacy, Manifest: m,
	}
}

func (r released) Domains(ctx context.Context, app, version string) (release.Domains, error) {
	return r.releases.Frame(ctx, app, version)
}
