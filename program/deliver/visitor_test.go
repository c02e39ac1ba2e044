package deliver_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"minimart/platform/access"
	"minimart/platform/access/accesstest"
	"minimart/platform/blob"
	"minimart/platform/clock"
	"minimart/platform/fault"
	"minimart/platform/httpapi"
	"minimart/platform/testkit"
	"minimart/program/build"
	"minimart/program/deliver"
	"minimart/program/release"
)

// town is a platform with two host apps, one organisation and one program.
type town struct {
	http.Handler
	releases *release.Service
	clock    *clock.Fake
	mina     accesstest.Actor
	root     accesstest.Actor
	app      string
	versions []string
	granted  []string
	owner    string
}

type hosts map[string][]string

func (h hosts) Programs(_ context.Context, host string) (bool, []string, error) {
	if host == "hst_shut" {
		return false, nil, fault.Denied("the host app is suspended")
	}
	apps, limited := h[host]
	return !limited, apps, nil
}

type phones map[string]string

func (p phones) PhoneOf(_ context.Context, consumer string) (string, error) {
	if n, ok := p[consumer]; ok {
		return n, nil
	}
	return "", fault.NotFound("there is no consumer %s", consumer)
}

func (w *town) Granted(context.Context, string) ([]string, error) { return w.granted, nil }
func (w *town) Gates() map[string]string                          { return map[string]string{"getPhoneNumber": "phone-number"} }
func (w *town) OrganisationName(_ context.Context, org string) (string, error) {
	if org != "org_mina" {
		return "", fault.NotFound("there is no organisation %s", org)
	}
	return w.owner, nil
}

func newTown(t *testing.T, e testkit.Engine) *town {
	t.Helper()
	d := e.Open(t)
	if err := d.Migrate(t.Context(), "release", release.Schema); err != nil {
		t.Fatal(err)
	}
	d.AttachOutbox(quiet{})
	store, err := blob.Open(t.Context(), "file:"+filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	w := &town{clock: clock.NewFake(time.Date(2026, 6, 18, 0, 0, 0, 0, time.UTC)), owner: "米娜的店", granted: []string{"trade", "phone-number"}}
	w.releases = release.New(d, store, w.clock, release.WithPhones(phones{"csm_tester": "+8613800138000", "csm_other": "+8613900139000"}))
	app, err := w.releases.CreateApp(t.Context(), release.NewApp{Org: "org_mina", Name: "小店", Domains: release.Domains{Request: []string{"https://api.example"}}})
	if err != nil {
		t.Fatal(err)
	}
	w.app = app.ID
	w.mina = accesstest.Actor{ID: "usr_mina", Org: "org_mina", Apps: []string{app.ID}}
	w.root = accesstest.Actor{ID: "usr_root", Operator: true}
	for _, label := range []string{"1", "2", "3"} {
		content := real("App({})//"+label+"\n", 3)
		v, err := w.releases.AddVersion(t.Context(), release.NewVersion{App: app.ID, Label: label, Files: []build.File{content}, Manifest: build.Manifest{
			Format: build.FormatVersion, Dialect: "jd", Entry: "pages/a", App: json.RawMessage(`{}`),
			Pages: map[string]build.Page{"pages/a": {}}, Packages: map[string]build.Pack{"": {Logic: content.Name}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		w.versions = append(w.versions, v.ID)
	}
	mux := http.NewServeMux()
	api := httpapi.New(mux, httpapi.Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	delivery := deliver.New(deliver.Config{
		Programs: deliver.ReleasedTo(hosts{"hst_few": {app.ID}, "hst_none": {}}, w.releases), Files: deliver.Stored(store), Runtime: runtime,
		Capabilities: w, Owners: w,
	})
	group := huma.NewGroup(api, "/api/host/v1")
	group.UseMiddleware(func(ctx huma.Context, next func(huma.Context)) { // the door of host apps
		if host := ctx.Header("X-Host"); host != "" {
			ctx = huma.WithContext(ctx, access.WithVisitor(ctx.Context(), access.Visitor{Host: host, Device: ctx.Header("X-Device"), Consumer: ctx.Header("X-Consumer")}))
		}
		next(ctx)
	})
	delivery.HostRoutes(group)
	delivery.FileRoutes(mux)
	w.Handler = api
	return w
}

// open asks for the launch manifest and answers its status, version, type and words.
func (w *town) open(t *testing.T, ticket string, header ...string) (status int, version string, kind deliver.VersionType, says string) {
	t.Helper()
	got := get(w, "/api/host/v1/programs/"+w.app+"/launch?ticket="+ticket, header...)
	if got.Code != 200 {
		return got.Code, "", "", got.Body.String()
	}
	var l deliver.Launch
	if err := json.Unmarshal(got.Body.Bytes(), &l); err != nil {
		t.Fatal(err)
	}
	return got.Code, l.Version, l.VersionType, ""
}

func (w *town) listed(t *testing.T, header ...string) int {
	t.Helper()
	got := get(w, "/api/host/v1/programs", header...)
	var l struct{ Items []deliver.ListedProgram }
	if err := json.Unmarshal(got.Body.Bytes(), &l); err != nil || got.Code != 200 {
		t.Fatalf("%d %s", got.Code, got.Body)
	}
	return len(l.Items)
}

func TestHostAppsOpenWhatIsReleasedToThem(t *testing.T) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			w := newTown(t, e)
			if err := w.releases.Promote(t.Context(), w.app, w.versions[0]); err != nil {
				t.Fatal(err)
			}
			for host, there := range map[string]bool{"hst_all": true, "hst_few": true, "hst_none": false} {
				status, _, _, says := w.open(t, "", "X-Host", host)
				if there != (status == 200) || !there && (status != 404 || !strings.Contains(says, "not released to this app")) {
					t.Errorf("%s: %d %s", host, status, says)
				}
				if n := w.listed(t, "X-Host", host); there != (n == 1) {
					t.Errorf("%s lists %d", host, n)
				}
			}
			if status, _, _, says := w.open(t, "", "X-Host", "hst_shut"); status != 403 {
				t.Errorf("a suspended host: %d %s", status, says)
			}
			if status, _, _, says := w.open(t, ""); status != 403 || !strings.Contains(says, "Minimart-Host") {
				t.Errorf("no host: %d %s", status, says)
			}
		})
	}
}

func TestLinksOpenWhatIsNotOut(t *testing.T) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			w := newTown(t, e)
			ctx := t.Context()
			trial, err := w.releases.SetTrial(ctx, w.mina, w.app, w.versions[1])
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.releases.AddTester(ctx, w.mina, w.app, "138 0013-8000", "小雨"); err != nil {
				t.Fatal(err)
			}
			preview, err := w.releases.Preview(ctx, w.mina, w.app, w.versions[2])
			if err != nil {
				t.Fatal(err)
			}
			review, err := w.releases.PreviewAny(ctx, w.root, w.app, w.versions[0])
			if err != nil {
				t.Fatal(err)
			}
			in := []string{"X-Host", "hst_none"} // links open in any host app
			as := func(consumer string) []string { return append(slices.Clone(in), "X-Consumer", consumer) }
			check := func(what, ticket string, header []string, status int, version string, kind deliver.VersionType, says string) {
				t.Helper()
				gotStatus, gotVersion, gotKind, gotSays := w.open(t, ticket, header...)
				if gotStatus != status || gotVersion != version || gotKind != kind || !strings.Contains(gotSays, says) {
					t.Errorf("%s: %d %s %s %s", what, gotStatus, gotVersion, gotKind, gotSays)
				}
			}
			check("a tester", trial.Token, as("csm_tester"), 200, w.versions[1], deliver.TrialVersion, "")
			check("nobody", trial.Token, in, 401, "", "", "sign in to try")
			check("somebody else", trial.Token, as("csm_other"), 403, "", "", "not among the testers")
			check("somebody unknown", trial.Token, as("csm_nobody"), 403, "", "", "not among the testers")
			check("a made-up ticket", strings.Repeat("x", 43), as("csm_tester"), 404, "", "", "ask the developer for a new one")
			check("a preview", preview.Token, in, 200, w.versions[2], deliver.DevelopVersion, "")
			check("a review", review.Token, in, 200, w.versions[0], deliver.DevelopVersion, "")

			// A newer trial takes the place of the older one, and the link from before opens it.
			again, err := w.releases.SetTrial(ctx, w.mina, w.app, w.versions[2])
			if err != nil {
				t.Fatal(err)
			}
			w.clock.Advance(30 * time.Hour)
			for _, link := range []string{trial.Token, again.Token} {
				check("the next trial", link, as("csm_tester"), 200, w.versions[2], deliver.TrialVersion, "")
			}
			check("an old preview", preview.Token, in, 403, "", "", "this preview is over")

			// Suspended, nothing opens but the operator's own preview.
			review, err = w.releases.PreviewAny(ctx, w.root, w.app, w.versions[0])
			if err != nil {
				t.Fatal(err)
			}
			own, err := w.releases.Preview(ctx, w.mina, w.app, w.versions[0])
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.releases.Suspend(ctx, w.root, w.app, "假货"); err != nil {
				t.Fatal(err)
			}
			check("a suspended trial", trial.Token, as("csm_tester"), 404, "", "", "suspended")
			check("a suspended preview", own.Token, in, 404, "", "", "suspended")
			check("a review of what is suspended", review.Token, in, 200, w.versions[0], deliver.DevelopVersion, "")
			if _, err := w.releases.Resume(ctx, w.root, w.app); err != nil {
				t.Fatal(err)
			}
			check("a preview again", own.Token, in, 200, w.versions[0], deliver.DevelopVersion, "")
			if err := w.releases.EndTrial(ctx, w.mina, w.app); err != nil {
				t.Fatal(err)
			}
			check("a trial that ended", trial.Token, as("csm_tester"), 404, "", "", "ask the developer")
		})
	}
}

func TestTheManifestSaysWhatAProgramMayDoAndWhoseItIs(t *testing.T) {
	w := newTown(t, testkit.Engines(t)[0])
	ctx := t.Context()
	if err := w.releases.Promote(ctx, w.app, w.versions[0]); err != nil {
		t.Fatal(err)
	}
	if _, err := w.releases.Describe(ctx, w.mina, w.app, release.Described{Privacy: map[string]string{"location": "找到最近的门店", "camera": " "}}); err != nil {
		t.Fatal(err)
	}
	address := "/api/host/v1/programs/" + w.app + "/launch"
	got := get(w, address, "X-Host", "hst_all")
	var l deliver.Launch
	if err := json.Unmarshal(got.Body.Bytes(), &l); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(l.Capabilities, []string{"phone-number", "trade"}) || l.Gates["getPhoneNumber"] != "phone-number" || l.Organisation != "米娜的店" ||
		len(l.Privacy) != 1 || l.Privacy["location"] != "找到最近的门店" {
		t.Errorf("%s", got.Body)
	}
	changes := []struct {
		what string
		do   func() error
	}{
		{"a capability is revoked", func() error { w.granted = w.granted[:1]; return nil }},
		{"another owner's name", func() error { w.owner = "米娜"; return nil }},
		{"a statement", func() error {
			_, err := w.releases.Describe(ctx, w.mina, w.app, release.Described{Privacy: map[string]string{}})
			return err
		}},
		{"a version", func() error { return w.releases.Promote(ctx, w.app, w.versions[1]) }},
	}
	for _, change := range changes {
		tag := got.Header().Get("ETag")
		if same := get(w, address, "X-Host", "hst_all", "If-None-Match", tag); same.Code != 304 {
			t.Errorf("before %s: %d", change.what, same.Code)
		}
		if err := change.do(); err != nil {
			t.Fatal(err)
		}
		if got = get(w, address, "X-Host", "hst_all", "If-None-Match", tag); got.Code != 200 {
			t.Errorf("after %s: %d", change.what, got.Code)
		}
	}
}

func TestAProgramHasANetworkOnlyWhileSomebodyCanOpenIt(t *testing.T) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			w := newTown(t, e)
			ctx := t.Context()
			reachable := func(what string, want bool) {
				t.Helper()
				d, err := w.releases.RequestDomains(ctx, w.app)
				if (err == nil) != want || want && !slices.Equal(d, []string{"https://api.example"}) || err != nil && !fault.Is(err, fault.CodeNotFound) {
					t.Errorf("%s: %v %v", what, d, err)
				}
			}
			do := func(_ any, err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			reachable("nobody can open it", false)
			do(w.releases.Preview(ctx, w.mina, w.app, w.versions[0]))
			reachable("in a preview", true)
			w.clock.Advance(2 * time.Hour)
			reachable("after the preview", false)
			do(w.releases.SetTrial(ctx, w.mina, w.app, w.versions[0]))
			reachable("on trial", true)
			do(nil, w.releases.EndTrial(ctx, w.mina, w.app))
			reachable("after the trial", false)
			do(nil, w.releases.Promote(ctx, w.app, w.versions[0]))
			reachable("out", true)
			do(w.releases.Suspend(ctx, w.root, w.app, "假货"))
			reachable("suspended", false)
			do(w.releases.PreviewAny(ctx, w.root, w.app, w.versions[0]))
			reachable("suspended, in the operator's preview", false)
			do(w.releases.Resume(ctx, w.root, w.app))
			reachable("again", true)
		})
	}
}
