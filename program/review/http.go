package review

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"minimart/platform/access"
	"minimart/platform/httpapi"
	"minimart/program/release"
	"minimart/program/safety"
)

// ConsoleRoutes adds the room's routes to the consoles: console is the group under /api/console/v1. Who may do what is decided
// in the service.
func (s *Service) ConsoleRoutes(console huma.API, who access.Who) {
	r, desk := routes{s}, access.Desk{Console: console, Who: who, Tag: "console", MaxBody: maxBody}

	access.Route(desk, "submit-version", "POST", "/apps/{app}/versions/{version}/submission", "Hand a version to the operator", r.submit, takesLong)
	access.Route(desk, "withdraw-version", "DELETE", "/apps/{app}/versions/{version}/submission", "Take a submission back", r.withdraw)
	access.Route(desk, "review-of-version", "GET", "/apps/{app}/versions/{version}/review", "The newest review of a version, with findings and reasons", r.latest)

	access.Route(desk, "list-reviews", "GET", "/operator/reviews", "The queue: pending ones oldest first, others newest first", r.queue)
	access.Route(desk, "waiting-reviews", "GET", "/operator/reviews/waiting", "How many are pending, and since when", r.waiting)
	access.Route(desk, "review", "GET", "/operator/reviews/{review}", "A review with all that was found and what is new", r.review)
	access.Route(desk, "review-file", "GET", "/operator/reviews/{review}/file", "A file of the version under review", r.file)
	access.Route(desk, "decide-review", "POST", "/operator/reviews/{review}/decision", "Approve or reject a version", r.decide)
}

type routes struct{ service *Service }

// maxBody fits fifty reasons of 500 characters.
const maxBody = 256 << 10

// submitTime is how long a submission may take: a turn is waited for, and a large package takes some seconds to look over.
const submitTime = 2 * time.Minute

func takesLong(op *huma.Operation) {
	op.Middlewares = huma.Middlewares{func(ctx huma.Context, next func(huma.Context)) {
		request, _ := humago.Unwrap(ctx)
		httpapi.Extend(request, submitTime)
		next(ctx)
	}}
}

// What goes over the wire. Times are unix milliseconds. Nothing is embedded: huma passes over embedded inputs.

type versionInput struct {
	App     string `path:"app" maxLength:"64"`
	Version string `path:"version" maxLength:"64"`
}

type submitInput struct {
	App     string `path:"app" maxLength:"64"`
	Version string `path:"version" maxLength:"64"`
	Body    struct {
		Note string `json:"note,omitempty" doc:"For the reviewer: what is new, how to try it, what proves a claim; at most 500 characters"`
	}
}

type queueInput struct {
	State  string `query:"state" doc:"pending, approved, rejected or withdrawn; empty for any"`
	Query  string `query:"query" maxLength:"480" doc:"Part of the program's name or the version's label, or an id"`
	Cursor string `query:"cursor" maxLength:"64"`
	Limit  int    `query:"limit" default:"20" minimum:"1" maximum:"100"`
}

type reviewInput struct {
	Review string `path:"review" maxLength:"64"`
}

type fileInput struct {
	Review string `path:"review" maxLength:"64"`
	Path   string `query:"path" required:"true" maxLength:"512" doc:"In the package"`
}

type decideInput struct {
	Review string `path:"review" maxLength:"64"`
	Body   struct {
		Verdict State    `json:"verdict" doc:"approved or rejected"`
		Reasons []Reason `json:"reasons,omitempty" nullable:"false" doc:"Up to 50; a rejection needs one"`
	}
}

type consoleReview struct {
	ID           string   `json:"id"`
	Organisation string   `json:"organisation"`
	App          string   `json:"app"`
	AppName      string   `json:"appName" doc:"When it was submitted"`
	Version      string   `json:"version"`
	Number       int64    `json:"number" doc:"Of the version"`
	Label        string   `json:"label" doc:"Of the version"`
	Round        int64    `json:"round" doc:"1 for the first submission of the version"`
	Note         string   `json:"note" doc:"Of the developer"`
	State        State    `json:"state" enum:"pending,approved,rejected,withdrawn"`
	Rules        string   `json:"rules" doc:"Version of the safety rules it was looked over by"`
	Counts       counts   `json:"counts" doc:"Findings"`
	SubmittedBy  string   `json:"submittedBy" doc:"Person"`
	SubmittedAt  int64    `json:"submittedAt" doc:"Unix ms"`
	EndedBy      string   `json:"endedBy" doc:"Person who decided or withdrew it, empty while it is pending"`
	EndedAt      int64    `json:"endedAt" doc:"Unix ms, 0 while it is pending"`
	Reasons      []Reason `json:"reasons" nullable:"false"`
}

type counts struct {
	High   int64 `json:"high"`
	Medium int64 `json:"medium"`
	Low    int64 `json:"low"`
}

func shape(r Review) consoleReview {
	return consoleReview{
		ID: r.ID, Organisation: r.Org, App: r.App, AppName: r.AppName, Version: r.Version, Number: r.Number, Label: r.Label, Round: r.Round, Note: r.Note,
		State: r.State, Rules: r.Rules, Counts: counts{r.High, r.Medium, r.Low}, SubmittedBy: r.SubmittedBy, SubmittedAt: r.SubmittedAt,
		EndedBy: r.EndedBy, EndedAt: r.EndedAt, Reasons: r.Reasons,
	}
}

// consoleTold hides who decided: the operator decides, not one of its people.
type consoleTold struct {
	Review   consoleReview `json:"review" doc:"endedBy is empty where the operator ended it"`
	Findings Findings      `json:"findings"`
}

type consoleWaiting struct {
	Pending int64 `json:"pending"`
	Oldest  int64 `json:"oldest" doc:"Unix ms of the oldest submission, 0 for none"`
}

type consoleSubject struct {
	ID         string        `json:"id"`
	Number     int64         `json:"number"`
	Label      string        `json:"label"`
	Notes      string        `json:"notes"`
	State      release.State `json:"state" enum:"development,in-review,approved,rejected,released"`
	Bytes      int64         `json:"bytes" doc:"Of all built files"`
	UploadedBy string        `json:"uploadedBy" doc:"Person or key"`
	CreatedAt  int64         `json:"createdAt" doc:"Unix ms"`
}

type consoleFull struct {
	Review     consoleReview     `json:"review"`
	Version    consoleSubject    `json:"version"`
	Findings   Findings          `json:"findings"`
	Diff       Diff              `json:"diff"`
	Statements map[string]string `json:"statements" nullable:"false" doc:"Privacy statements by kind, as they were when it was submitted"`
	Domains    release.Domains   `json:"domains" doc:"As they were when it was submitted"`
	Changed    bool              `json:"changed" doc:"Domains or statements are others now"`
	Suspended  bool              `json:"suspended" doc:"The program is, now"`
	SafetyOf   []consoleRule     `json:"safetyRules" nullable:"false" doc:"The rules that hit"`
}

type consoleRule struct {
	ID       string          `json:"id"`
	Category safety.Category `json:"category"`
	Severity safety.Severity `json:"severity"`
	Why      Words           `json:"why"`
}

type consoleFile struct {
	Path      string `json:"path"`
	Bytes     int64  `json:"bytes"`
	Text      string `json:"text" doc:"Empty when the file is no text"`
	Cut       bool   `json:"cut" doc:"Only the first 512 KiB are here"`
	Delivered string `json:"delivered" doc:"For pictures: /p/ and this name shows it; empty otherwise"`
}

func reviewed(r Review, err error) (*httpapi.Answer[consoleReview], error) {
	return httpapi.Body(shape(r)), err
}

func (r routes) submit(ctx context.Context, by access.Actor, in *submitInput) (*httpapi.Answer[consoleReview], error) {
	return reviewed(r.service.Submit(ctx, by, in.App, in.Version, in.Body.Note))
}

func (r routes) withdraw(ctx context.Context, by access.Actor, in *versionInput) (*httpapi.Answer[consoleReview], error) {
	return reviewed(r.service.Withdraw(ctx, by, in.App, in.Version))
}

func (r routes) latest(ctx context.Context, by access.Actor, in *versionInput) (*httpapi.Answer[consoleTold], error) {
	t, err := r.service.Latest(ctx, by, in.App, in.Version)
	if err != nil {
		return nil, err
	}
	out := consoleTold{shape(t.Review), t.Findings}
	if t.State == Approved || t.State == Rejected {
		out.Review.EndedBy = ""
	}
	return httpapi.Body(out), nil
}

func (r routes) queue(ctx context.Context, by access.Actor, in *queueInput) (*httpapi.PageAnswer[consoleReview], error) {
	found, next, err := r.service.Queue(ctx, by, Filter{State: State(in.State), Query: in.Query}, in.Cursor, in.Limit)
	return httpapi.Paged(found, next, err, shape)
}

func (r routes) waiting(ctx context.Context, by access.Actor, _ *struct{}) (*httpapi.Answer[consoleWaiting], error) {
	pending, oldest, err := r.service.Waiting(ctx, by)
	return httpapi.Body(consoleWaiting{pending, oldest}), err
}

func (r routes) review(ctx context.Context, by access.Actor, in *reviewInput) (*httpapi.Answer[consoleFull], error) {
	f, err := r.service.Review(ctx, by, in.Review)
	if err != nil {
		return nil, err
	}
	v := f.Subject
	out := consoleFull{
		Review: shape(f.Review), Findings: f.Findings, Diff: f.Diff, Statements: f.Privacy, Domains: f.Domains, Changed: f.Changed, Suspended: f.Suspended,
		Version: consoleSubject{v.ID, v.Number, v.Label, v.Notes, v.State, v.Bytes, v.UploadedBy, v.CreatedAt}, SafetyOf: []consoleRule{},
	}
	if out.Statements == nil {
		out.Statements = map[string]string{}
	}
	told := map[string]bool{}
	for _, one := range f.Findings.Items {
		if rule, ok := r.service.with.Safety.Rule(one.Rule); ok && !told[one.Rule] {
			told[one.Rule] = true
			out.SafetyOf = append(out.SafetyOf, consoleRule{rule.ID, rule.Category, rule.Severity, Words{rule.Zh, rule.En}})
		}
	}
	return httpapi.Body(out), nil
}

func (r routes) file(ctx context.Context, by access.Actor, in *fileInput) (*httpapi.Answer[consoleFile], error) {
	f, err := r.service.File(ctx, by, in.Review, in.Path)
	return httpapi.Body(consoleFile(f)), err
}

func (r routes) decide(ctx context.Context, by access.Actor, in *decideInput) (*httpapi.Answer[consoleReview], error) {
	return reviewed(r.service.Decide(ctx, by, in.Review, Decision{in.Body.Verdict, in.Body.Reasons}))
}
