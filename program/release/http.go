package release

import (
	"context"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"minimart/platform/access"
	"minimart/platform/fault"
)

// ConsoleRoutes adds the room's routes to the consoles: console is the group under /api/console/v1. Who may do what is decided
// in the service. Uploads are those of program/upload.
func (s *Service) ConsoleRoutes(console huma.API, who access.Who) {
	r := &routes{s, console, who}

	on(r, "create-app", "POST", "/organisations/{org}/apps", "Make a mini program", r.create)
	on(r, "list-apps", "GET", "/organisations/{org}/apps", "The mini programs of an organisation", r.apps)
	on(r, "app", "GET", "/apps/{app}", "A mini program, and where its releases stand", r.app)
	on(r, "change-app", "PATCH", "/apps/{app}", "Change its name, summary and privacy statements", r.describe)
	on(r, "set-icon", "PUT", "/apps/{app}/icon", "Give it another icon", r.setIcon)
	on(r, "set-domains", "PUT", "/apps/{app}/domains", "Say which places outside it may use", r.setDomains)
	on(r, "list-privacy-kinds", "GET", "/privacy-kinds", "What a privacy statement can be about", r.privacyKinds)

	on(r, "list-versions", "GET", "/apps/{app}/versions", "Its versions, the newest first", r.versions)
	on(r, "version", "GET", "/apps/{app}/versions/{version}", "One version", r.version)
	on(r, "preview-version", "POST", "/apps/{app}/versions/{version}/preview", "A link that opens a version for an hour", r.preview)

	on(r, "set-trial", "PUT", "/apps/{app}/trial", "Put a version on trial; its link is in this answer alone", r.setTrial)
	on(r, "end-trial", "DELETE", "/apps/{app}/trial", "End the trial; its links are void", r.endTrial)
	on(r, "list-testers", "GET", "/apps/{app}/testers", "Who may open the trial version", r.testers)
	on(r, "add-tester", "POST", "/apps/{app}/testers", "Let somebody open the trial version", r.addTester)
	on(r, "remove-tester", "DELETE", "/apps/{app}/testers/{tester}", "Take that back", r.removeTester)

	on(r, "start-rollout", "POST", "/apps/{app}/rollout", "Release a version, to a share or to everybody", r.release)
	on(r, "raise-rollout", "PUT", "/apps/{app}/rollout", "Give a staged release a larger share", r.raise)
	on(r, "stop-rollout", "DELETE", "/apps/{app}/rollout", "Stop a staged release", r.stop)
	on(r, "roll-back", "POST", "/apps/{app}/rollback", "Bring an earlier release back", r.rollBack)
	on(r, "list-releases", "GET", "/apps/{app}/releases", "What happened to its releases", r.history)

	on(r, "all-apps", "GET", "/operator/apps", "All mini programs", r.allApps)
	on(r, "inspect-app", "GET", "/operator/apps/{app}", "Any mini program", r.inspect)
	on(r, "preview-any", "POST", "/operator/apps/{app}/versions/{version}/preview", "A link that opens any version for an hour", r.previewAny)
	on(r, "suspend-app", "POST", "/operator/apps/{app}/suspension", "Take a mini program off at once", r.suspend)
	on(r, "resume-app", "DELETE", "/operator/apps/{app}/suspension", "End that", r.resume)
}

type routes struct {
	service *Service
	console huma.API
	who     access.Who
}

// maxBody is the body of everything but icons: fifty domains of each kind are the most.
const maxBody = 64 << 10

// on registers an operation whose handler is given the actor who asks.
func on[I, O any](r *routes, name, method, path, summary string, handle func(context.Context, access.Actor, *I) (*O, error)) {
	op := huma.Operation{OperationID: "console-" + name, Method: method, Path: path, Summary: summary, Tags: []string{"console"}, MaxBodyBytes: maxBody}
	switch name {
	case "set-icon":
		op.MaxBodyBytes = maxIcon
	case "create-app":
		op.MaxBodyBytes = maxBody + maxIcon*4/3 // the icon comes in base64
	}
	huma.Register(r.console, op, func(ctx context.Context, in *I) (*O, error) {
		actor, err := r.who(ctx)
		if err != nil {
			return nil, err
		}
		return handle(ctx, actor, in)
	})
}

type ok[T any] struct{ Body T }

func answer[S, T any](shape func(S) T, v S, err error) (*ok[T], error) {
	if err != nil {
		return nil, err
	}
	return &ok[T]{shape(v)}, nil
}

func (r *routes) create(ctx context.Context, by access.Actor, in *createInput) (*ok[consoleApp], error) {
	a, err := r.service.Create(ctx, by, in.Org, NewApp{
		Name: in.Body.Name, Summary: in.Body.Summary, Icon: in.Body.Icon, Domains: in.Body.Domains.domains(),
	})
	return answer(shapeApp, Standing{App: a}, err)
}

func (r *routes) apps(ctx context.Context, by access.Actor, in *orgInput) (*ok[list[consoleApp]], error) {
	apps, err := r.service.AppsOf(ctx, by, in.Org)
	return answer(shapeList(shapeApp), apps, err)
}

func (r *routes) app(ctx context.Context, by access.Actor, in *appInput) (*ok[consoleApp], error) {
	a, err := r.service.Look(ctx, by, in.App)
	return answer(shapeApp, a, err)
}

func (r *routes) describe(ctx context.Context, by access.Actor, in *describeInput) (*ok[consoleApp], error) {
	a, err := r.service.Describe(ctx, by, in.App, Described{Name: in.Body.Name, Summary: in.Body.Summary, Privacy: in.Body.Privacy})
	return answer(shapeApp, a, err)
}

func (r *routes) setIcon(ctx context.Context, by access.Actor, in *iconInput) (*ok[consoleApp], error) {
	a, err := r.service.SetIcon(ctx, by, in.App, in.RawBody)
	return answer(shapeApp, a, err)
}

func (r *routes) setDomains(ctx context.Context, by access.Actor, in *domainsInput) (*ok[consoleApp], error) {
	a, err := r.service.SetDomains(ctx, by, in.App, in.Body.domains())
	return answer(shapeApp, a, err)
}

func (r *routes) privacyKinds(context.Context, access.Actor, *struct{}) (*ok[list[consolePrivacyKind]], error) {
	return answer(shapeList(shapePrivacyKind), PrivacyKinds(), nil)
}

func (r *routes) versions(ctx context.Context, by access.Actor, in *pageInput) (*ok[list[consoleVersion]], error) {
	before, err := parseCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	versions, err := r.service.LookAtVersions(ctx, by, in.App, before, in.Limit)
	out, err := answer(shapeList(shapeVersion), versions, err)
	if n := len(versions); err == nil && n == in.Limit && versions[n-1].Number > 1 {
		out.Body.Next = strconv.FormatInt(versions[n-1].Number, 10)
	}
	return out, err
}

func (r *routes) version(ctx context.Context, by access.Actor, in *versionInput) (*ok[consoleVersion], error) {
	v, err := r.service.LookAtVersion(ctx, by, in.App, in.Version)
	return answer(shapeVersion, v, err)
}

func (r *routes) preview(ctx context.Context, by access.Actor, in *versionInput) (*ok[consoleLink], error) {
	l, err := r.service.Preview(ctx, by, in.App, in.Version)
	return answer(shapeLink, l, err)
}

func (r *routes) setTrial(ctx context.Context, by access.Actor, in *trialInput) (*ok[consoleLink], error) {
	l, err := r.service.SetTrial(ctx, by, in.App, in.Body.Version)
	return answer(shapeLink, l, err)
}

func (r *routes) endTrial(ctx context.Context, by access.Actor, in *appInput) (*struct{}, error) {
	return nil, r.service.EndTrial(ctx, by, in.App)
}

func (r *routes) testers(ctx context.Context, by access.Actor, in *appInput) (*ok[list[consoleTester]], error) {
	testers, err := r.service.Testers(ctx, by, in.App)
	return answer(shapeList(shapeTester), testers, err)
}

func (r *routes) addTester(ctx context.Context, by access.Actor, in *testerInput) (*ok[consoleTester], error) {
	t, err := r.service.AddTester(ctx, by, in.App, in.Body.Phone, in.Body.Name)
	return answer(shapeTester, t, err)
}

func (r *routes) removeTester(ctx context.Context, by access.Actor, in *oneTesterInput) (*struct{}, error) {
	return nil, r.service.RemoveTester(ctx, by, in.App, in.Tester)
}

func (r *routes) release(ctx context.Context, by access.Actor, in *releaseInput) (*ok[consoleRollout], error) {
	out, err := r.service.Release(ctx, by, in.App, in.Body.Version, in.Body.Share)
	return answer(shapeRollout, out, err)
}

func (r *routes) raise(ctx context.Context, by access.Actor, in *raiseInput) (*ok[consoleRollout], error) {
	out, err := r.service.Raise(ctx, by, in.App, in.Body.Share)
	return answer(shapeRollout, out, err)
}

func (r *routes) stop(ctx context.Context, by access.Actor, in *appInput) (*ok[consoleRollout], error) {
	out, err := r.service.Stop(ctx, by, in.App)
	return answer(shapeRollout, out, err)
}

func (r *routes) rollBack(ctx context.Context, by access.Actor, in *trialInput) (*ok[consoleVersion], error) {
	v, err := r.service.RollBack(ctx, by, in.App, in.Body.Version)
	return answer(shapeVersion, v, err)
}

func (r *routes) history(ctx context.Context, by access.Actor, in *pageInput) (*ok[list[consoleRecord]], error) {
	before, err := parseCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	records, err := r.service.History(ctx, by, in.App, before, in.Limit)
	out, err := answer(shapeList(shapeRecord), records, err)
	if n := len(records); err == nil && n == in.Limit && records[n-1].Number > 1 {
		out.Body.Next = strconv.FormatInt(records[n-1].Number, 10)
	}
	return out, err
}

func (r *routes) allApps(ctx context.Context, by access.Actor, in *allAppsInput) (*ok[list[consoleOverview]], error) {
	page, next, err := r.service.AllApps(ctx, by, in.Query, in.State, in.Cursor, in.Limit)
	out, err := answer(shapeList(shapeOverview), page, err)
	if err == nil {
		out.Body.Next = next
	}
	return out, err
}

func (r *routes) inspect(ctx context.Context, by access.Actor, in *appInput) (*ok[consoleApp], error) {
	a, err := r.service.Inspect(ctx, by, in.App)
	return answer(shapeApp, a, err)
}

func (r *routes) previewAny(ctx context.Context, by access.Actor, in *versionInput) (*ok[consoleLink], error) {
	l, err := r.service.PreviewAny(ctx, by, in.App, in.Version)
	return answer(shapeLink, l, err)
}

func (r *routes) suspend(ctx context.Context, by access.Actor, in *suspendInput) (*ok[consoleApp], error) {
	a, err := r.service.Suspend(ctx, by, in.App, in.Body.Reason)
	return answer(shapeApp, a, err)
}

func (r *routes) resume(ctx context.Context, by access.Actor, in *appInput) (*ok[consoleApp], error) {
	a, err := r.service.Resume(ctx, by, in.App)
	return answer(shapeApp, a, err)
}

// parseCursor reads the number that a page ended with; "" begins at the newest.
func parseCursor(cursor string) (int64, error) {
	if cursor == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(cursor, 10, 64)
	if err != nil || n < 1 {
		return 0, fault.Invalid("cursor", badCursor, fault.Cut(cursor, 60))
	}
	return n, nil
}
