package review_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"minimart/platform/access"
	"minimart/platform/access/accesstest"
	"minimart/platform/blob"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/fault/faulttest"
	"minimart/platform/testkit"
	"minimart/program/build"
	"minimart/program/pkgfile"
	"minimart/program/release"
	"minimart/program/review"
	"minimart/program/safety"
)

var opening = time.Date(2026, 6, 18, 9, 0, 0, 0, time.UTC)

// diary is an outbox that notes events.
type diary struct {
	mu     sync.Mutex
	events []db.Event
}

func (d *diary) Append(_ context.Context, _ db.Tx, e db.Event) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.events = append(d.events, e)
	return nil
}
func (d *diary) Committed() {}

// last is the payload of the newest event of a topic.
func (d *diary) last(t *testing.T, topic string) string {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, e := range slices.Backward(d.events) {
		if e.Topic == topic {
			return string(e.Payload)
		}
	}
	t.Fatalf("no event %s", topic)
	return ""
}

// grants are capabilities: phone numbers are gated.
type grants struct{ granted map[string]bool }

func (g *grants) Needed(use string) (string, bool) {
	if use == "getPhoneNumber" {
		return "phone-number", true
	}
	return "", false
}

func (g *grants) Allowed(_ context.Context, _, capability string) (bool, error) {
	return g.granted[capability], nil
}

// standing lets all organisations submit but those in it.
type standing map[string]error

func (s standing) MaySubmit(_ context.Context, org, _ string) error { return s[org] }

// office is the room, with what it stands on.
type office struct {
	*review.Service
	releases *release.Service
	clock    *clock.Fake
	diary    *diary
	log      *accesstest.Log
	grants   *grants
	standing standing
	mina     accesstest.Actor // developer
	rita     accesstest.Actor // reviewer
	app      string
}

func openOffice(t *testing.T, e testkit.Engine) *office {
	t.Helper()
	o := &office{clock: clock.NewFake(opening), diary: &diary{}, log: &accesstest.Log{}, grants: &grants{map[string]bool{}}, standing: standing{}}
	d := e.Open(t)
	for room, schema := range map[string]any{"release": release.Schema, "review": review.Schema} {
		var err error
		switch room {
		case "release":
			err = d.Migrate(t.Context(), room, release.Schema)
		case "review":
			err = d.Migrate(t.Context(), room, review.Schema)
		}
		if err != nil {
			t.Fatal(schema, err)
		}
	}
	d.AttachOutbox(o.diary)
	blobs, err := blob.Open(t.Context(), "file:"+filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	o.releases = release.New(d, blobs, o.clock)
	o.Service = review.New(review.Config{DB: d, Releases: o.releases, Capabilities: o.grants, Standing: o.standing, Log: o.log, Clock: o.clock})
	a := must(o.releases.CreateApp(t.Context(), release.NewApp{Name: "拾光家居", Org: "org_mina", Domains: release.Domains{Request: []string{"https://api.shop.example"}}}))
	o.app = a.ID
	o.mina = accesstest.Actor{ID: "usr_mina", Org: "org_mina", Apps: []string{a.ID}}
	o.rita = accesstest.Actor{ID: "usr_rita", Operator: true}
	return o
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func onEveryEngine(t *testing.T, test func(*testing.T, *office)) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) { test(t, openOffice(t, e)) })
	}
}

// upload adds a version with one page, and further files.
func (o *office) upload(t *testing.T, label string, more map[string]string) release.Version {
	t.Helper()
	files := map[string][]byte{
		"app.json": []byte(`{"pages":["pages/home/home"]}`), "app.js": []byte("App({})"),
		"pages/home/home.js": []byte("Page({})"), "pages/home/home.jxml": []byte("<view>" + label + "</view>"),
	}
	for name, content := range more {
		files[name] = []byte(content)
	}
	pkg, list := pkgfile.Read(memory(files), pkgfile.Limits{})
	if list.HasErrors() {
		t.Fatal(list.String())
	}
	built := build.Build(pkg, build.Options{})
	if built.Diagnostics.HasErrors() {
		t.Fatal(built.Diagnostics.String())
	}
	v, err := o.releases.AddVersion(t.Context(), release.NewVersion{App: o.app, Label: label, Manifest: built.Manifest, Files: built.Files, Source: pkg.Files})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (o *office) state(t *testing.T, version string) release.State {
	t.Helper()
	return must(o.releases.Version(t.Context(), o.app, version)).State
}

func codes(f review.Findings) (out []review.Code) {
	for _, one := range f.Items {
		out = append(out, one.Code)
	}
	return out
}

func refused(t *testing.T, err error, code fault.Code, says string) {
	t.Helper()
	if !fault.Is(err, code) || !strings.Contains(err.Error(), says) {
		t.Errorf("%v, want %s: …%s…", err, code, says)
	}
}

func TestAVersionIsRejectedMendedAndApproved(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		// Mina uploads a version that asks for phone numbers and promises too much, and submits it.
		first := o.upload(t, "1.0", map[string]string{"pages/home/home.js": "Page({\n  ask() { jd.getPhoneNumber({}) }\n})", "pages/home/home.json": `{"navigationBarTitleText":"全国销量第一"}`})
		sent := must(o.Submit(ctx, o.mina, o.app, first.ID, "  初次提交\n体验账号见备注 "))
		if sent.State != review.Pending || sent.Round != 1 || sent.Number != 1 || sent.Note != "初次提交\n体验账号见备注" || sent.AppName != "拾光家居" || sent.Rules != "2026.1" || sent.High != 2 || sent.Medium != 1 {
			t.Errorf("%+v", sent)
		}
		if o.state(t, first.ID) != release.StateInReview {
			t.Error("the version is not in review")
		}
		if e := o.diary.last(t, review.TopicSubmitted); !strings.Contains(e, sent.ID) || !strings.Contains(e, `"round":1`) {
			t.Error(e)
		}
		// Rita finds it in the queue, and what is doubtful in it.
		queue, next, err := o.Queue(ctx, o.rita, review.Filter{State: review.Pending}, "", 20)
		if err != nil || next != "" || len(queue) != 1 || queue[0].ID != sent.ID {
			t.Fatalf("%+v %q %v", queue, next, err)
		}
		full := must(o.Review(ctx, o.rita, sent.ID))
		if got := codes(full.Findings); !slices.Equal(got, []review.Code{review.CapabilityMissing, review.PrivacyUndeclared, review.ContentSafety}) {
			t.Errorf("%v", got)
		}
		if full.Diff.Against != nil || !slices.Equal(full.Diff.Pages.Added, []string{"pages/home/home"}) || full.Subject.ID != first.ID || full.Changed {
			t.Errorf("%+v", full)
		}
		// She reads the file, and says what is wrong where.
		if f := must(o.File(ctx, o.rita, sent.ID, "pages/home/home.js")); !strings.Contains(f.Text, "getPhoneNumber") {
			t.Errorf("%+v", f)
		}
		reasons := []review.Reason{{File: "pages/home/home.js", Line: 2, Text: " 请先申请手机号能力 "}, {Text: "标题含绝对化用语"}}
		rejected := must(o.Decide(ctx, o.rita, sent.ID, review.Decision{Verdict: review.Rejected, Reasons: reasons}))
		if rejected.State != review.Rejected || rejected.Reasons[0].Text != "请先申请手机号能力" || o.state(t, first.ID) != release.StateRejected {
			t.Errorf("%+v", rejected)
		}
		if e := o.diary.last(t, review.TopicDecided); !strings.Contains(e, `"state":"rejected"`) || !strings.Contains(e, "绝对化用语") {
			t.Error(e)
		}
		// Mina reads why. The capability and the statement lie outside of the version, so she submits the same one again.
		told := must(o.Latest(ctx, o.mina, o.app, first.ID))
		if told.State != review.Rejected || len(told.Reasons) != 2 || told.Reasons[0].Line != 2 || len(told.Findings.Items) != 3 {
			t.Errorf("%+v", told)
		}
		o.grants.granted["phone-number"] = true
		must(o.releases.Describe(ctx, o.mina, o.app, release.Described{Privacy: map[string]string{"phone-number": "联系收货"}}))
		again := must(o.Submit(ctx, o.mina, o.app, first.ID, "标题的依据见官网"))
		full = must(o.Review(ctx, o.rita, again.ID))
		if got := codes(full.Findings); again.Round != 2 || !slices.Equal(got, []review.Code{review.ContentSafety}) || len(full.Diff.Privacy) != 1 || full.Privacy["phone-number"] != "联系收货" {
			t.Errorf("%+v", full)
		}
		must(o.Decide(ctx, o.rita, again.ID, review.Decision{Verdict: review.Approved}))
		if o.state(t, first.ID) != release.StateApproved {
			t.Error("the version is not approved")
		}
		if want := []string{"version.submitted", "version.rejected", "version.submitted", "version.approved"}; !slices.Equal(o.log.Actions(), want) {
			t.Errorf("%v", o.log.Actions())
		}
		if e := o.log.Entries()[1]; e.Actor != "usr_rita" || e.Org != "org_mina" || e.Target != first.ID || e.Detail["review"] != sent.ID || e.Detail["reasons"] != "2" {
			t.Errorf("%+v", e)
		}
		// It goes out. The next version is held against it.
		must(o.releases.Release(ctx, o.mina, o.app, first.ID, 1_000_000))
		must(o.releases.SetDomains(ctx, o.mina, o.app, release.Domains{Request: []string{"https://api.shop.example", "https://new.shop.example"}}))
		second := o.upload(t, "1.1", map[string]string{"pages/home/home.js": "Page({})\njd.login()", "art/new.png": "picture"})
		full = must(o.Review(ctx, o.rita, must(o.Submit(ctx, o.mina, o.app, second.ID, "")).ID))
		d := full.Diff
		if d.Against == nil || d.Against.ID != first.ID || len(d.Pages.Added) != 0 || len(d.Privacy) != 0 || !slices.Equal(d.Request.Added, []string{"https://new.shop.example"}) || len(d.Images) != 1 || d.Missing {
			t.Errorf("%+v", d)
		}
		if len(d.APIs.Added) != 1 || d.APIs.Added[0].Name != "login" || len(d.APIs.Removed) != 1 || d.APIs.Removed[0].Name != "getPhoneNumber" {
			t.Errorf("%+v", d.APIs)
		}
	})
}

func TestOfTwoReviewersOneDecides(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, o *office) {
		v := o.upload(t, "1.0", nil)
		r := must(o.Submit(t.Context(), o.mina, o.app, v.ID, ""))
		verdicts := []review.Decision{{Verdict: review.Approved}, {Verdict: review.Rejected, Reasons: []review.Reason{{Text: "不行"}}}}
		var wg sync.WaitGroup
		errs := make([]error, 6)
		for i := range errs {
			wg.Go(func() { _, errs[i] = o.Decide(context.Background(), o.rita, r.ID, verdicts[i%2]) })
		}
		wg.Wait()
		won := 0
		for i, err := range errs {
			if err == nil {
				won++
				if got := o.state(t, v.ID); string(got) != string(verdicts[i%2].Verdict) {
					t.Errorf("%s was decided, the version is %s", verdicts[i%2].Verdict, got)
				}
				continue
			}
			refused(t, err, fault.CodeConflict, "already")
		}
		if won != 1 {
			t.Errorf("%d decided", won)
		}
	})
}

func TestADeveloperTakesASubmissionBack(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		v := o.upload(t, "1.0", nil)
		_, err := o.Withdraw(ctx, o.mina, o.app, v.ID)
		refused(t, err, fault.CodeConflict, "not in review")
		r := must(o.Submit(ctx, o.mina, o.app, v.ID, ""))
		_, err = o.Submit(ctx, o.mina, o.app, v.ID, "")
		refused(t, err, fault.CodeConflict, "in-review")
		if w := must(o.Withdraw(ctx, o.mina, o.app, v.ID)); w.State != review.Withdrawn || w.EndedBy != "usr_mina" || o.state(t, v.ID) != release.StateDevelopment {
			t.Errorf("%+v", w)
		}
		if e := o.diary.last(t, review.TopicWithdrawn); !strings.Contains(e, r.ID) {
			t.Error(e)
		}
		// Whoever had it open cannot decide it any more.
		_, err = o.Decide(ctx, o.rita, r.ID, review.Decision{Verdict: review.Approved})
		refused(t, err, fault.CodeConflict, "withdrawn")
		if o.state(t, v.ID) != release.StateDevelopment {
			t.Error("a decision on a withdrawn review moved the version")
		}
		must(o.Submit(ctx, o.mina, o.app, v.ID, ""))
	})
}

func TestAVersionThatChangedStateIsNotApproved(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, o *office) {
		v := o.upload(t, "1.0", nil)
		r := must(o.Submit(t.Context(), o.mina, o.app, v.ID, ""))
		if err := o.releases.Promote(t.Context(), o.app, v.ID); err != nil { // by the platform, past the review
			t.Fatal(err)
		}
		_, err := o.Decide(t.Context(), o.rita, r.ID, review.Decision{Verdict: review.Approved})
		refused(t, err, fault.CodeConflict, "released")
		if got := must(o.Review(t.Context(), o.rita, r.ID)); got.State != review.Pending {
			t.Errorf("half a decision was kept: %+v", got.Review)
		}
	})
}

func TestWhoMayNotSubmit(t *testing.T) {
	o := openOffice(t, testkit.Engines(t)[0])
	ctx := t.Context()
	v := o.upload(t, "1.0", nil)
	neighbour := accesstest.Actor{ID: "usr_n", Org: "org_n", Apps: []string{"app_n"}}
	_, err := o.Submit(ctx, neighbour, o.app, v.ID, "")
	refused(t, err, fault.CodeNotFound, o.app)
	reader := o.mina
	reader.Only = []access.Action{"program.read"}
	_, err = o.Submit(ctx, reader, o.app, v.ID, "")
	refused(t, err, fault.CodeDenied, "version.submit")
	_, err = o.Submit(ctx, o.mina, o.app, "ver_01JZ4T8K5N3Q0V9W2X7Y6R1M4C", "")
	refused(t, err, fault.CodeNotFound, "")
	_, err = o.Submit(ctx, o.mina, o.app, v.ID, strings.Repeat("长", 501))
	refused(t, err, fault.CodeInvalid, "501")
	_, err = o.Submit(ctx, o.mina, o.app, v.ID, "a\u202eb")
	refused(t, err, fault.CodeInvalid, "U+202E")

	o.standing["org_mina"] = fault.Denied("your organisation is not verified")
	_, err = o.Submit(ctx, o.mina, o.app, v.ID, "")
	refused(t, err, fault.CodeDenied, "verified")
	delete(o.standing, "org_mina")

	must(o.releases.Suspend(ctx, o.rita, o.app, "投诉"))
	_, err = o.Submit(ctx, o.mina, o.app, v.ID, "")
	refused(t, err, fault.CodeConflict, "suspended")
	must(o.releases.Resume(ctx, o.rita, o.app))

	for i := range 30 {
		must(o.Submit(ctx, o.mina, o.app, v.ID, ""))
		must(o.Withdraw(ctx, o.mina, o.app, v.ID))
		_ = i
	}
	_, err = o.Submit(ctx, o.mina, o.app, v.ID, "")
	refused(t, err, fault.CodeExhausted, "30 times")
	o.clock.Advance(25 * time.Hour)
	must(o.Submit(ctx, o.mina, o.app, v.ID, ""))
}

func TestADecisionSaysEverythingThatIsWrongWithIt(t *testing.T) {
	o := openOffice(t, testkit.Engines(t)[0])
	ctx := t.Context()
	r := must(o.Submit(ctx, o.mina, o.app, o.upload(t, "1.0", nil).ID, ""))
	for _, c := range []struct {
		d    review.Decision
		says string
	}{
		{review.Decision{}, "no verdict"},
		{review.Decision{Verdict: review.Withdrawn}, "no verdict"},
		{review.Decision{Verdict: review.Rejected}, "reasons: say why"},
		{review.Decision{Verdict: review.Rejected, Reasons: []review.Reason{{Text: " "}}}, "reasons[0].text: say why"},
		{review.Decision{Verdict: review.Rejected, Reasons: []review.Reason{{Text: "a"}, {Text: strings.Repeat("长", 501), Line: 3}}}, "reasons[1].text: this has 501 characters, at most 500 fit; reasons[1].line"},
		{review.Decision{Verdict: review.Rejected, Reasons: make([]review.Reason, 51)}, "51 reasons"},
		{review.Decision{Verdict: review.Rejected, Reasons: []review.Reason{{Text: "a", File: "../etc/passwd"}}}, "reasons[0].file: the version has no file"},
		{review.Decision{Verdict: review.Rejected, Reasons: []review.Reason{{Text: "a\x1b[31m"}}}, "U+001B"},
	} {
		_, err := o.Decide(ctx, o.rita, r.ID, c.d)
		refused(t, err, fault.CodeInvalid, c.says)
	}
	_, err := o.Decide(ctx, o.rita, "rev_01JZ4T8K5N3Q0V9W2X7Y6R1M4C", review.Decision{Verdict: review.Approved})
	refused(t, err, fault.CodeNotFound, "no review")
	if got := must(o.Review(ctx, o.rita, r.ID)); got.State != review.Pending {
		t.Errorf("%+v", got.Review)
	}
}

func TestTheQueueIsWorkedThroughFromTheOldest(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		var sent []string
		for i := range 5 {
			o.clock.Advance(time.Minute)
			sent = append(sent, must(o.Submit(ctx, o.mina, o.app, o.upload(t, fmt.Sprintf("2.%d", i), nil).ID, "")).ID)
		}
		page := func(f review.Filter, cursor string, limit int) ([]string, string) {
			t.Helper()
			found, next, err := o.Queue(ctx, o.rita, f, cursor, limit)
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, r := range found {
				ids = append(ids, r.ID)
			}
			return ids, next
		}
		one, next := page(review.Filter{State: review.Pending}, "", 3)
		two, end := page(review.Filter{State: review.Pending}, next, 3)
		if !slices.Equal(append(one, two...), sent) || next == "" || end != "" {
			t.Errorf("%v then %v", one, two)
		}
		must(o.Decide(ctx, o.rita, sent[1], review.Decision{Verdict: review.Approved}))
		must(o.Decide(ctx, o.rita, sent[3], review.Decision{Verdict: review.Approved}))
		if got, _ := page(review.Filter{State: review.Approved}, "", 10); !slices.Equal(got, []string{sent[3], sent[1]}) {
			t.Errorf("decided: %v", got)
		}
		if got, next := page(review.Filter{}, "", 2); !slices.Equal(got, []string{sent[4], sent[3]}) || next == "" {
			t.Errorf("all: %v", got)
		}
		for query, want := range map[string]int{"拾光": 5, "2.4": 1, o.app: 5, "org_mina": 5, "ORG": 0, "%": 0, "nobody": 0} {
			if got, _ := page(review.Filter{Query: query}, "", 10); len(got) != want {
				t.Errorf("%q finds %d, want %d", query, len(got), want)
			}
		}
		pending, oldest, err := o.Waiting(ctx, o.rita)
		if err != nil || pending != 3 || oldest != opening.Add(time.Minute).UnixMilli() {
			t.Errorf("%d since %d, %v", pending, oldest, err)
		}
		_, _, err = o.Queue(ctx, o.rita, review.Filter{State: "lost"}, "x", 10)
		refused(t, err, fault.CodeInvalid, "lost")
	})
}

func TestAReviewerSeesThatSettingsChangedSince(t *testing.T) {
	o := openOffice(t, testkit.Engines(t)[0])
	ctx := t.Context()
	r := must(o.Submit(ctx, o.mina, o.app, o.upload(t, "1.0", nil).ID, ""))
	must(o.releases.SetDomains(ctx, o.mina, o.app, release.Domains{Request: []string{"https://elsewhere.example"}}))
	if full := must(o.Review(ctx, o.rita, r.ID)); !full.Changed || full.Domains.Request[0] != "https://api.shop.example" {
		t.Errorf("%+v", full)
	}
}

func TestAVersionWithoutItsSourceIsSaidToBeUnread(t *testing.T) {
	o := openOffice(t, testkit.Engines(t)[0])
	ctx := t.Context()
	pkg, _ := pkgfile.Read(memory(map[string][]byte{"app.json": []byte(`{"pages":["a/a"]}`), "a/a.js": []byte("Page({})"), "a/a.jxml": []byte("<view/>")}), pkgfile.Limits{})
	built := build.Build(pkg, build.Options{})
	v := must(o.releases.AddVersion(ctx, release.NewVersion{App: o.app, Label: "0.9", Manifest: built.Manifest, Files: built.Files}))
	full := must(o.Review(ctx, o.rita, must(o.Submit(ctx, o.mina, o.app, v.ID, "")).ID))
	if got := codes(full.Findings); !slices.Equal(got, []review.Code{review.PackageUnread}) || !full.Diff.Missing {
		t.Errorf("%+v", full)
	}
	_, err := o.File(ctx, o.rita, full.ID, "a/a.js")
	refused(t, err, fault.CodeNotFound, "")
}

func TestWhatWasFoundIsKeptAsItWas(t *testing.T) {
	o := openOffice(t, testkit.Engines(t)[0])
	ctx := t.Context()
	v := o.upload(t, "1.0", map[string]string{"pages/home/home.js": "jd.getPhoneNumber()"})
	r := must(o.Submit(ctx, o.mina, o.app, v.ID, ""))
	before := must(json.Marshal(must(o.Review(ctx, o.rita, r.ID)).Findings))
	o.grants.granted["phone-number"] = true
	if after := must(json.Marshal(must(o.Review(ctx, o.rita, r.ID)).Findings)); string(before) != string(after) {
		t.Error("findings of a submission changed afterwards")
	}
	if _, ok := safety.Default().Rule("gambling"); !ok {
		t.Error("no rule about gambling")
	}
}

func TestEveryFaultSpeaksChinese(t *testing.T) { faulttest.Translated(t) }
