package upload

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"minimart/platform/access"
	"minimart/platform/fault"
	"minimart/platform/httpapi"
	"minimart/program/diag"
	"minimart/program/release"
)

// ScopeUpload is what a key of the open API needs to upload.
const ScopeUpload = "program:upload"

// Scopes are those of the room.
var Scopes = []access.Scope{{Name: ScopeUpload, Title: "Upload versions of the program, and see them", TitleZh: "上传和查看小程序版本"}}

// uploadTime is what an upload may take from its first byte to its answer: 20 MiB over a slow line, a turn, a compilation.
const uploadTime = 4 * time.Minute

// ConsoleRoutes adds uploading to the consoles: console is the group under /api/console/v1.
func (u *Uploads) ConsoleRoutes(console huma.API, who access.Who) {
	huma.Register(console, takesLong(huma.Operation{
		OperationID: "console-upload-version", Method: http.MethodPost, Path: "/apps/{app}/versions", Tags: []string{"console"}, DefaultStatus: http.StatusCreated,
		Summary: "Upload a package: it is compiled and becomes a version", Description: refusal, MaxBodyBytes: MaxArchive,
	}), func(ctx context.Context, in *consoleUpload) (*uploadAnswer, error) {
		actor, err := who(ctx)
		if err != nil {
			return nil, err
		}
		org, err := actor.InApp(ctx, in.App, release.ActionUpload)
		if err != nil {
			return nil, err
		}
		return u.take(ctx, release.ByActor(actor, org), Package{App: in.App, Label: in.Label, Notes: in.Notes, Zip: in.RawBody}, in.Trial, in.Language)
	})
}

// OpenRoutes adds uploading to the open API.
func (u *Uploads) OpenRoutes(api huma.API, door access.Door) {
	huma.Register(api, takesLong(door.Guard(huma.Operation{
		OperationID: "open-upload-version", Method: http.MethodPost, Path: "/open/v1/versions", Tags: []string{"Versions"}, DefaultStatus: http.StatusCreated,
		Summary: "Upload a package: it is compiled, becomes a version of the key's program, and goes on trial", MaxBodyBytes: MaxArchive,
		Description: "Uploading the same content again answers the version it became first. " + refusal,
	}, ScopeUpload)), func(ctx context.Context, in *openUpload) (*uploadAnswer, error) {
		caller, err := callerOf(ctx)
		if err != nil {
			return nil, err
		}
		if in.App != "" && in.App != caller.App {
			return nil, fault.Invalid("app", keyOfAnother, caller.Key, in.App)
		}
		return u.take(ctx, release.ByCaller(caller), Package{App: caller.App, Label: in.Label, Notes: in.Notes, Zip: in.RawBody}, in.Trial, in.Language)
	})
	huma.Register(api, door.Guard(huma.Operation{
		OperationID: "open-list-versions", Method: http.MethodGet, Path: "/open/v1/versions", Tags: []string{"Versions"},
		Summary: "The versions of the key's program, the newest first",
	}, ScopeUpload), u.openVersions)
	huma.Register(api, door.Guard(huma.Operation{
		OperationID: "open-version", Method: http.MethodGet, Path: "/open/v1/versions/{version}", Tags: []string{"Versions"},
		Summary: "One version of the key's program",
	}, ScopeUpload), u.openVersion)
}

const refusal = "A package that cannot be compiled is answered with status 422: a problem (RFC 9457) with all findings in its member diagnostics."

// takesLong gives an operation its time before anything of the body is read.
func takesLong(op huma.Operation) huma.Operation {
	op.Middlewares = append(huma.Middlewares{func(ctx huma.Context, next func(huma.Context)) {
		r, _ := humago.Unwrap(ctx)
		httpapi.Extend(r, uploadTime)
		next(ctx)
	}}, op.Middlewares...)
	op.Errors = append(op.Errors, http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge, http.StatusServiceUnavailable)
	return op
}

func callerOf(ctx context.Context) (access.Caller, error) {
	c, ok := access.CallerOf(ctx)
	if !ok {
		return c, fault.Unauthenticated(noCaller)
	}
	return c, nil
}

type consoleUpload struct {
	App      string `path:"app" maxLength:"64"`
	Label    string `query:"label" doc:"What you call the version, as 1.0.3: 1 to 40 characters" required:"true"`
	Notes    string `query:"notes" doc:"What is new: at most 1000 characters"`
	Trial    bool   `query:"trial" doc:"Whether to put it on trial"`
	Language string `header:"Accept-Language"`
	RawBody  []byte `contentType:"application/zip"`
}

type openUpload struct {
	App      string `query:"app" maxLength:"64" doc:"The program that is meant: a key of another one is refused. None trusts the key."`
	Label    string `query:"label" doc:"What you call the version, as 1.0.3: 1 to 40 characters" required:"true"`
	Notes    string `query:"notes" doc:"What is new: at most 1000 characters"`
	Trial    bool   `query:"trial" default:"true" doc:"Whether to put it on trial"`
	Language string `header:"Accept-Language"`
	RawBody  []byte `contentType:"application/zip"`
}

// Diagnostic is a diagnostic as it goes over the wire.
type Diagnostic struct {
	Severity string `json:"severity" enum:"error,warning"`
	File     string `json:"file" doc:"Path in the package; empty for the package as a whole"`
	Line     int    `json:"line" doc:"From 1; 0 for the file as a whole"`
	Column   int    `json:"column" doc:"In characters, from 1"`
	Message  string `json:"message"`
	Hint     string `json:"hint" doc:"The way out, empty when none is known"`
}

func findings(l diag.List) []Diagnostic {
	out := []Diagnostic{}
	for _, d := range l.All() {
		out = append(out, Diagnostic{Severity: d.Severity.String(), File: d.File, Line: d.Line, Column: d.Column, Message: d.Message, Hint: d.Hint})
	}
	return out
}

// UploadedVersion is what an upload is answered.
type UploadedVersion struct {
	Version     string        `json:"version" doc:"Id"`
	Number      int64         `json:"number" doc:"1, 2, 3 … within the program"`
	Label       string        `json:"label"`
	State       release.State `json:"state" enum:"development,in-review,approved,rejected,released"`
	Again       bool          `json:"again" doc:"Whether the same content was uploaded before: then it is that version, with its label and notes"`
	TrialLink   string        `json:"trialLink,omitempty" doc:"Where testers open it; a path when the platform does not know its address. Shown this once; links from before stay good."`
	Diagnostics []Diagnostic  `json:"diagnostics" nullable:"false"`
}

type uploadAnswer struct {
	CacheControl string `header:"Cache-Control"` // the link stays out of caches
	Body         UploadedVersion
}

// take uploads and puts on trial.
func (u *Uploads) take(ctx context.Context, by release.By, p Package, trial bool, language string) (*uploadAnswer, error) {
	up, err := u.Upload(ctx, by, p)
	if err != nil {
		return nil, problem(ctx, err, language)
	}
	out := &uploadAnswer{CacheControl: "no-store", Body: UploadedVersion{
		Version: up.Version.ID, Number: up.Version.Number, Label: up.Version.Label, State: up.Version.State, Again: up.Again, Diagnostics: findings(up.Diagnostics),
	}}
	if trial {
		link, err := u.releases.Try(ctx, by, p.App, up.Version.ID)
		if err != nil {
			return nil, err
		}
		out.Body.TrialLink = u.address(link.Path())
	}
	return out, nil
}

func (u *Uploads) address(path string) string {
	base, err := url.Parse(u.options.PublicURL)
	if err != nil || base.Host == "" {
		return path
	}
	return base.Scheme + "://" + base.Host + path
}

// Refusal is the problem of a package that cannot be compiled.
type Refusal struct {
	Type        string       `json:"type" example:"urn:minimart:fault:invalid"`
	Title       string       `json:"title"`
	Status      int          `json:"status" example:"422"`
	Detail      string       `json:"detail"`
	Instance    string       `json:"instance,omitempty" doc:"The request id"`
	Code        string       `json:"code" example:"invalid"`
	Diagnostics []Diagnostic `json:"diagnostics"`
}

// GetStatus, Error and ContentType make it an answer of huma's.
func (r *Refusal) GetStatus() int { return r.Status }

// Error is the detail.
func (r *Refusal) Error() string { return r.Detail }

// ContentType is that of problems.
func (r *Refusal) ContentType(string) string { return "application/problem+json" }

// problem is err, with the findings if the package could not be compiled.
func problem(ctx context.Context, err error, language string) error {
	var not *NotBuilt
	if !errors.As(err, &not) {
		return err
	}
	l := fault.Match(language)
	title := "The package cannot be built"
	if l == fault.Zh {
		title = "无法构建此包"
	}
	return &Refusal{
		Type: "urn:minimart:fault:" + string(fault.CodeInvalid), Title: title, Status: http.StatusUnprocessableEntity, Detail: not.fault.In(l),
		Instance: httpapi.RequestID(ctx), Code: string(fault.CodeInvalid), Diagnostics: findings(not.Diagnostics),
	}
}

// OpenVersion is a version as merchants' servers see it.
type OpenVersion struct {
	ID        string        `json:"id"`
	Number    int64         `json:"number" doc:"1, 2, 3 … within the program"`
	Label     string        `json:"label"`
	Notes     string        `json:"notes"`
	State     release.State `json:"state" enum:"development,in-review,approved,rejected,released"`
	Bytes     int64         `json:"bytes" doc:"Of all its built files"`
	OutAt     int64         `json:"outAt" doc:"When everybody got it first, unix ms; 0 for never"`
	CreatedAt int64         `json:"createdAt" doc:"Unix ms"`
}

func shapeVersion(v release.Version) OpenVersion {
	return OpenVersion{v.ID, v.Number, v.Label, v.Notes, v.State, v.Bytes, v.OutAt, v.CreatedAt}
}

type versionsAnswer struct {
	Body struct {
		Items []OpenVersion `json:"items" nullable:"false"`
		Next  string        `json:"next" doc:"Cursor of the next page, empty at the end"`
	}
}

func (u *Uploads) openVersions(ctx context.Context, in *struct {
	Cursor string `query:"cursor" maxLength:"100" doc:"From the answer before: where to go on"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}) (*versionsAnswer, error) {
	caller, err := callerOf(ctx)
	if err != nil {
		return nil, err
	}
	var before int64
	if in.Cursor != "" {
		if before, err = strconv.ParseInt(in.Cursor, 10, 64); err != nil || before < 1 {
			return nil, fault.Invalid("cursor", badCursor, in.Cursor)
		}
	}
	versions, err := u.releases.Versions(ctx, caller.App, before, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &versionsAnswer{}
	out.Body.Items = []OpenVersion{}
	for _, v := range versions {
		out.Body.Items = append(out.Body.Items, shapeVersion(v))
	}
	if n := len(versions); n == in.Limit && versions[n-1].Number > 1 {
		out.Body.Next = strconv.FormatInt(versions[n-1].Number, 10)
	}
	return out, nil
}

func (u *Uploads) openVersion(ctx context.Context, in *struct {
	Version string `path:"version" maxLength:"64"`
}) (*struct{ Body OpenVersion }, error) {
	caller, err := callerOf(ctx)
	if err != nil {
		return nil, err
	}
	v, err := u.releases.Version(ctx, caller.App, in.Version)
	if err != nil {
		return nil, err
	}
	return &struct{ Body OpenVersion }{shapeVersion(v)}, nil
}
