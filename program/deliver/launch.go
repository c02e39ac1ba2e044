package deliver

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"minimart/platform/access"
	"minimart/platform/fault"
)

// Launch is the launch manifest: what a host needs to open a program. web/host/src/runner/launch.ts reads it; config becomes
// Env.config of web/runtime/src/shared/protocol.ts.
type Launch struct {
	App         string                   `json:"app"`
	Version     string                   `json:"version"`
	VersionType VersionType              `json:"versionType" enum:"release,trial,develop"`
	Label       string                   `json:"label,omitempty" doc:"What the developer calls the version"`
	Name        string                   `json:"name"`
	Icon        string                   `json:"icon" doc:"Address of a picture, empty for none"`
	Summary     string                   `json:"summary,omitempty"`
	Dialect     string                   `json:"dialect" enum:"jd,wx"`
	Entry       string                   `json:"entry" doc:"Page shown first"`
	Config      json.RawMessage          `json:"config" doc:"app.json, normalised"`
	Pages       map[string]LaunchPage    `json:"pages" doc:"By path"`
	Packages    map[string]LaunchPackage `json:"packages" doc:"By root; the main package has root \"\""`
	Assets      map[string]string        `json:"assets" doc:"Path in the package to file name"`
	Base        string                   `json:"base" doc:"Where files are" example:"/p/"`
	Domains     LaunchDomains            `json:"domains"`
	Limits      Limits                   `json:"limits"`
	Frame       string                   `json:"frame" doc:"Address of the sandbox document"`
	Runtime     LaunchRuntime            `json:"runtime"`

	Organisation string            `json:"organisation" doc:"Name of who stands behind the program; empty when nobody does"`
	Capabilities []string          `json:"capabilities" nullable:"false" doc:"What the program has been granted"`
	Gates        map[string]string `json:"gates" doc:"JavaScript API to the capability it needs; what is not named needs none"`
	Privacy      map[string]string `json:"privacy" doc:"What the program does with something about the consumer, by kind"`
}

// LaunchPage is a page: which package it lies in, and the view bundles it needs, in the order to run them.
type LaunchPage struct {
	Package string   `json:"package"`
	View    []string `json:"view"`
}

// LaunchPackage is a package: its logic bundle, and whether it runs without the main package's.
type LaunchPackage struct {
	Logic       string `json:"logic"`
	Independent bool   `json:"independent,omitempty"`
}

// LaunchDomains are the origins a program may send requests to, and those its pictures and sounds may come from besides, so
// that the host can say no without asking the server.
type LaunchDomains struct {
	Request []string `json:"request"`
	Media   []string `json:"media"`
}

// Limits of a running program.
type Limits struct {
	Storage int `json:"storage" doc:"Bytes of storage"`
	Flush   int `json:"flush" doc:"Bytes one update of the view may carry"`
}

// LaunchRuntime is where the parts of the runtime are.
type LaunchRuntime struct {
	Worker   string            `json:"worker"`
	Builtins map[string]string `json:"builtins" doc:"Built-in modules of the view by name"`
}

// launch is the manifest of p.
func (d *Delivery) launch(ctx context.Context, p Program) (*Launch, error) {
	m := p.Manifest
	l := &Launch{
		App: p.App, Version: p.Version, VersionType: p.VersionType, Label: p.Label,
		Name: p.Name, Icon: FileAddress(p.Icon), Summary: p.Summary,
		Dialect: m.Dialect, Entry: m.Entry, Config: m.App,
		Pages: make(map[string]LaunchPage, len(m.Pages)), Packages: make(map[string]LaunchPackage, len(m.Packages)), Assets: m.Assets,
		Base: fileBase, Domains: LaunchDomains{Request: orEmpty(p.Domains.Request), Media: orEmpty(p.Domains.Media)}, Limits: d.limits,
		Frame:   "/run/" + url.PathEscape(p.App) + "/" + url.PathEscape(p.Version) + "/frame",
		Runtime: d.runtime, Capabilities: []string{}, Gates: map[string]string{}, Privacy: map[string]string{},
	}
	maps.Copy(l.Privacy, p.Privacy)
	if d.capabilities != nil {
		granted, err := d.capabilities.Granted(ctx, p.App)
		if err != nil {
			return nil, err
		}
		l.Capabilities = slices.Sorted(slices.Values(granted)) // in one order, for the ETag
		if l.Capabilities == nil {
			l.Capabilities = []string{}
		}
		maps.Copy(l.Gates, d.capabilities.Gates())
	}
	if d.owners != nil && p.Org != "" {
		name, err := d.owners.OrganisationName(ctx, p.Org)
		if err != nil && !fault.Is(err, fault.CodeNotFound) {
			return nil, err
		}
		l.Organisation = name
	}
	for path, page := range m.Pages {
		l.Pages[path] = LaunchPage{Package: page.Package, View: orEmpty(page.View)}
	}
	for root, pack := range m.Packages {
		l.Packages[root] = LaunchPackage{Logic: pack.Logic, Independent: pack.Independent}
	}
	if l.Assets == nil {
		l.Assets = map[string]string{}
	}
	return l, nil
}

// launchTag names the content of a launch manifest. What comes from the build is named by the version, which never
// changes, so it need not be gone through.
func launchTag(l *Launch) (string, error) {
	rest := *l
	rest.Config, rest.Pages, rest.Packages, rest.Assets = nil, nil, nil, nil
	b, err := json.Marshal(rest)
	if err != nil {
		return "", err
	}
	return contentTag(b), nil
}

func contentTag(b []byte) string {
	sum := sha256.Sum256(b)
	return `"` + hex.EncodeToString(sum[:16]) + `"`
}

// sameTag says whether an If-None-Match header names tag. The edge may have compressed the answer and weakened its tag.
func sameTag(ifNoneMatch, tag string) bool {
	for part := range strings.SplitSeq(ifNoneMatch, ",") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if part == tag || part == "*" {
			return true
		}
	}
	return false
}

const fileBase = "/p/"

// FileAddress is where the file called name is, "" for "".
func FileAddress(name string) string {
	if name == "" {
		return ""
	}
	return fileBase + name
}

func orEmpty(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

// ListedProgram is a released program in the answer of the list.
type ListedProgram struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Icon    string `json:"icon" doc:"Address of a picture, empty for none"`
	Summary string `json:"summary"`
	Version string `json:"version"`
	Label   string `json:"label" doc:"What the developer calls the version"`
}

type listInput struct {
	Query  string `query:"query" maxLength:"100" doc:"Part of a name"`
	Cursor string `query:"cursor" maxLength:"100" doc:"From the answer before: where to go on"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

type listOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Items []ListedProgram `json:"items" nullable:"false"`
		Next  string          `json:"next" doc:"Cursor of the next page, empty at the end"`
	}
}

type launchInput struct {
	App         string `path:"app" maxLength:"100"`
	Ticket      string `query:"ticket" maxLength:"100" doc:"From a link to a version that is not out: /app/{app}?ticket=…"`
	IfNoneMatch string `header:"If-None-Match" maxLength:"1000"`
}

type launchOutput struct {
	Status       int
	CacheControl string `header:"Cache-Control"`
	ETag         string `header:"ETag"`
	Body         *Launch
}

// forThisVisitor keeps answers that differ by host app, device and consumer out of shared caches.
const forThisVisitor = "private, no-cache"

// HostRoutes adds what host apps ask for: host is the group under /api/host/v1, whose door knows the visitor.
func (d *Delivery) HostRoutes(host huma.API) {
	huma.Register(host, huma.Operation{
		OperationID: "host-list-programs", Method: http.MethodGet, Path: "/programs",
		Summary: "Released programs", Tags: []string{"host"},
	}, func(ctx context.Context, in *listInput) (*listOutput, error) {
		visitor, _ := access.VisitorOf(ctx)
		page, next, err := d.programs.List(ctx, visitor, strings.TrimSpace(in.Query), in.Cursor, in.Limit)
		if err != nil {
			return nil, err
		}
		out := &listOutput{CacheControl: forThisVisitor}
		out.Body.Items = make([]ListedProgram, len(page))
		for i, p := range page {
			out.Body.Items[i] = ListedProgram{ID: p.App, Name: p.Name, Icon: FileAddress(p.Icon), Summary: p.Summary, Version: p.Version, Label: p.Label}
		}
		out.Body.Next = next
		return out, nil
	})
	huma.Register(host, huma.Operation{
		OperationID: "host-launch-program", Method: http.MethodGet, Path: "/programs/{app}/launch",
		Summary: "What a host needs to open a program", Tags: []string{"host"},
	}, func(ctx context.Context, in *launchInput) (*launchOutput, error) {
		visitor, _ := access.VisitorOf(ctx)
		p, err := d.programs.Program(ctx, visitor, in.App, in.Ticket)
		if err != nil {
			return nil, err
		}
		if p.Manifest == nil {
			return nil, fault.Unavailable(notBuilt, p.Name)
		}
		l, err := d.launch(ctx, p)
		if err != nil {
			return nil, err
		}
		tag, err := launchTag(l)
		if err != nil {
			return nil, err
		}
		out := &launchOutput{Status: http.StatusOK, CacheControl: forThisVisitor, ETag: tag, Body: l}
		if sameTag(in.IfNoneMatch, tag) {
			out.Status, out.Body = http.StatusNotModified, nil
		}
		return out, nil
	})
}
