package release

import (
	"context"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"minimart/platform/access"
	"minimart/platform/fault"
	"minimart/platform/httpapi"
)

// ConsoleRoutes adds the room's routes to the consoles: console is the group under /api/console/v1. Who may do what is decided
// in the service. Uploads are those of program/upload.
func (s *Service) ConsoleRoutes(console huma.API, who access.Who) {
	r, desk := routes{s}, access.Desk{Console: console, Who: who, Tag: "console", MaxBody: maxBody}

	access.Route(desk, "create-app", "POST", "/organisations/{org}/apps", "Make a mini program", r.create, longest(maxBody+maxIcon*4/3)) // the icon comes in base64
	access.Route(desk, "list-apps", "GET", "/organisations/{org}/apps", "The mini programs of an organisation", r.apps)
	access.Route(desk, "app", "GET", "/apps/{app}", "A mini program, and where its releases stand", r.app)
	access.Route(desk, "change-app", "PATCH", "/apps/{app}", "Change its name, summary and privacy statements", r.describe)
	access.Route(desk, "set-icon", "PUT", "/apps/{app}/icon", "Give it another icon", r.setIcon, longest(maxIcon))
	access.Route(desk, "set-domains", "PUT", "/apps/{app}/domains", "Say which places outside it may use", r.setDomains)
	access.Route(desk, "list-privacy-kinds", "GET", "/privacy-kinds", "What a privacy statement can be about", r.privacyKinds)

	access.Route(desk, "list-versions", "GET", "/apps/{app}/versions", "Its versions, the newest first", r.versions)
	access.Route(desk, "version", "GET", "/apps/{app}/versions/{version}", "One version", r.version)
	access.Route(desk, "preview-version", "POST", "/apps/{app}/versions/{version}/preview", "A link that opens a version for an hour", r.preview)

	access.Route(desk, "set-trial", "PUT", "/apps/{app}/trial", "Put a version on trial; its link is in this answer alone", r.setTrial)
	access.Route(desk, "end-trial", "DELETE", "/apps/{app}/trial", "End the trial; its links are void", r.endTrial)
	access.Route(desk, "list-testers", "GET", "/apps/{app}/testers", "Who may open the trial version", r.testers)
	access.Route(desk, "add-tester", "POST", "/apps/{app}/testers", "Let somebody open the trial version", r.addTester)
	access.Route(desk, "remove-tester", "DELETE", "/apps/{app}/testers/{tester}", "Take that back", r.removeTester)

	access.Route(desk, "start-rollout", "POST", "/apps/{app}/rollout", "Release a version, to a share or to everybody", r.release)
	access.Route(desk, "raise-rollout", "PUT", "/apps/{app}/rollout", "Give a staged release a larger share", r.raise)
	access.Route(desk, "stop-rollout", "DELETE", "/apps/{app}/rollout", "Stop a staged release", r.stop)
	access.Route(desk, "roll-back", "POST", "/apps/{app}/rollback", "Bring an earlier release back", r.rollBack)
	access.Route(desk, "list-releases", "GET", "/apps/{app}/releases", "What happened to its releases", r.history)

	access.Route(desk, "all-apps", "GET", "/operator/apps", "All mini programs", r.allApps)
	access.Route(desk, "inspect-app", "GET", "/operator/apps/{app}", "Any mini program", r.inspect)
	access.Route(desk, "preview-any", "POST", "/operator/apps/{app}/versions/{version}/preview", "A link that opens any version for an hour", r.previewAny)
	access.Route(desk, "suspend-app", "POST", "/operator/apps/{app}/suspension", "Take a mini program off at once", r.suspend)
	access.Route(desk, "resume-app", "DELETE", "/operator/apps/{app}/suspension", "End that", r.resume)
}

type routes struct{ service *Service }

// maxBody is the body of everything but icons: fifty domains of each kind are the most.
const maxBody = 64 << 10

func longest(body int64) func(*huma.Operation) {
	return func(op *huma.Operation) { op.MaxBodyBytes = body }
}

func (r routes) create(ctx context.Context, by access.Actor, in *createInput) (*httpapi.Answer[consoleApp], error) {
	a, err := r.service.Create(ctx, by, in.Org, NewApp{
		Name: in.Body.Name, Summary: in.Body.Summary, Icon: in.Body.Icon, Domains: in.Body.Domains.domains(),
	})
	return httpapi.Body(shapeApp(Standing{App: a})), err
}

func (r routes) apps(ctx context.Context, by access.Actor, in *orgInput) (*httpapi.PageAnswer[consoleApp], error) {
	apps, err := r.service.AppsOf(ctx, by, in.Org)
	return httpapi.Paged(apps, "", err, shapeApp)
}

func (r routes) app(ctx context.Context, by access.Actor, in *appInput) (*httpapi.Answer[consoleApp], error) {
	a, err := r.service.Look(ctx, by, in.App)
	return httpapi.Body(shapeApp(a)), err
}

func (r routes) describe(ctx context.Context, by access.Actor, in *describeInput) (*httpapi.Answer[consoleApp], error) {
	a, err := r.service.Describe(ctx, by, in.App, Described{Name: in.Body.Name, Summary: in.Body.Summary, Privacy: in.Body.Privacy})
	return httpapi.Body(shapeApp(a)), err
}

func (r routes) setIcon(ctx context.Context, by access.Actor, in *iconInput) (*httpapi.Answer[consoleApp], error) {
	a, err := r.service.SetIcon(ctx, by, in.App, in.RawBody)
	return httpapi.Body(shapeApp(a)), err
}

func (r routes) setDomains(ctx context.Context, by access.Actor, in *domainsInput) (*httpapi.Answer[consoleApp], error) {
	a, err := r.service.SetDomains(ctx, by, in.App, in.Body.domains())
	return httpapi.Body(shapeApp(a)), err
}

func (r routes) privacyKinds(context.Context, access.Actor, *struct{}) (*httpapi.PageAnswer[consolePrivacyKind], error) {
	return httpapi.Paged(PrivacyKinds(), "", nil, shapePrivacyKind)
}

func (r routes) versions(ctx context.Context, by access.Actor, in *pageInput) (*httpapi.PageAnswer[consoleVersion], error) {
	before, err := parseCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	versions, err := r.service.LookAtVersions(ctx, by, in.App, before, in.Limit)
	next := ""
	if n := len(versions); n == in.Limit && versions[n-1].Number > 1 {
		next = strconv.FormatInt(versions[n-1].Number, 10)
	}
	return httpapi.Paged(versions, next, err, shapeVersion)
}

func (r routes) version(ctx context.Context, by access.Actor, in *versionInput) (*httpapi.Answer[consoleVersion], error) {
	v, err := r.service.LookAtVersion(ctx, by, in.App, in.Version)
	return httpapi.Body(shapeVersion(v)), err
}

func (r routes) preview(ctx context.Context, by access.Actor, in *versionInput) (*httpapi.Answer[consoleLink], error) {
	l, err := r.service.Preview(ctx, by, in.App, in.Version)
	return httpapi.Body(shapeLink(l)), err
}

func (r routes) setTrial(ctx context.Context, by access.Actor, in *trialInput) (*httpapi.Answer[consoleLink], error) {
	l, err := r.service.SetTrial(ctx, by, in.App, in.Body.Version)
	return httpapi.Body(shapeLink(l)), err
}

func (r routes) endTrial(ctx context.Context, by access.Actor, in *appInput) (*struct{}, error) {
	return nil, r.service.EndTrial(ctx, by, in.App)
}

func (r routes) testers(ctx context.Context, by access.Actor, in *appInput) (*httpapi.PageAnswer[consoleTester], error) {
	testers, err := r.service.Testers(ctx, by, in.App)
	return httpapi.Paged(testers, "", err, shapeTester)
}

func (r routes) addTester(ctx context.Context, by access.Actor, in *testerInput) (*httpapi.Answer[consoleTester], error) {
	t, err := r.service.AddTester(ctx, by, in.App, in.Body.Phone, in.Body.Name)
	return httpapi.Body(shapeTester(t)), err
}

func (r routes) removeTester(ctx context.Context, by access.Actor, in *oneTesterInput) (*struct{}, error) {
	return nil, r.service.RemoveTester(ctx, by, in.App, in.Tester)
}

func (r routes) release(ctx context.Context, by access.Actor, in *releaseInput) (*httpapi.Answer[consoleRollout], error) {
	out, err := r.service.Release(ctx, by, in.App, in.Body.Version, in.Body.Share)
	return httpapi.Body(shapeRollout(out)), err
}

func (r routes) raise(ctx context.Context, by access.Actor, in *raiseInput) (*httpapi.Answer[consoleRollout], error) {
	out, err := r.service.Raise(ctx, by, in.App, in.Body.Share)
	return httpapi.Body(shapeRollout(out)), err
}

func (r routes) stop(ctx context.Context, by access.Actor, in *appInput) (*httpapi.Answer[consoleRollout], error) {
	out, err := r.service.Stop(ctx, by, in.App)
	return httpapi.Body(shapeRollout(out)), err
}

func (r routes) rollBack(ctx context.Context, by access.Actor, in *trialInput) (*httpapi.Answer[consoleVersion], error) {
	v, err := r.service.RollBack(ctx, by, in.App, in.Body.Version)
	return httpapi.Body(shapeVersion(v)), err
}

func (r routes) history(ctx context.Context, by access.Actor, in *pageInput) (*httpapi.PageAnswer[consoleRecord], error) {
	before, err := parseCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	records, err := r.service.History(ctx, by, in.App, before, in.Limit)
	next := ""
	if n := len(records); n == in.Limit && records[n-1].Number > 1 {
		next = strconv.FormatInt(records[n-1].Number, 10)
	}
	return httpapi.Paged(records, next, err, shapeRecord)
}

func (r routes) allApps(ctx context.Context, by access.Actor, in *allAppsInput) (*httpapi.PageAnswer[consoleOverview], error) {
	page, next, err := r.service.AllApps(ctx, by, in.Query, in.State, in.Cursor, in.Limit)
	return httpapi.Paged(page, next, err, shapeOverview)
}

func (r routes) inspect(ctx context.Context, by access.Actor, in *appInput) (*httpapi.Answer[consoleApp], error) {
	a, err := r.service.Inspect(ctx, by, in.App)
	return httpapi.Body(shapeApp(a)), err
}

func (r routes) previewAny(ctx context.Context, by access.Actor, in *versionInput) (*httpapi.Answer[consoleLink], error) {
	l, err := r.service.PreviewAny(ctx, by, in.App, in.Version)
	return httpapi.Body(shapeLink(l)), err
}

func (r routes) suspend(ctx context.Context, by access.Actor, in *suspendInput) (*httpapi.Answer[consoleApp], error) {
	a, err := r.service.Suspend(ctx, by, in.App, in.Body.Reason)
	return httpapi.Body(shapeApp(a)), err
}

func (r routes) resume(ctx context.Context, by access.Actor, in *appInput) (*httpapi.Answer[consoleApp], error) {
	a, err := r.service.Resume(ctx, by, in.App)
	return httpapi.Body(shapeApp(a)), err
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
