package release_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/andybalholm/brotli"

	"minimart/platform/access/accesstest"
	"minimart/platform/blob"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/fault/faulttest"
	"minimart/platform/id"
	"minimart/platform/testkit"
	"minimart/program/build"
	"minimart/program/release"
)

var opening = time.Date(2026, 6, 18, 0, 0, 0, 0, time.UTC)

// diary is an outbox that notes events. Like the real one it refuses two different events with one id. It notes those of
// transactions that fail as well, so tests look at it only where nothing was retried.
type diary struct {
	mu     sync.Mutex
	events []db.Event
}

func (d *diary) Append(_ context.Context, _ db.Tx, e db.Event) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, had := range d.events {
		if had.ID == e.ID && !bytes.Equal(had.Payload, e.Payload) {
			return fault.Conflict("two events %s", e.ID)
		}
	}
	d.events = append(d.events, e)
	return nil
}
func (d *diary) Committed() {}

type shop struct {
	*release.Service
	db    *db.DB
	blobs *blob.Store
	clock *clock.Fake
	diary *diary
	log   *accesstest.Log
}

func newShop(t *testing.T, e testkit.Engine) *shop {
	t.Helper()
	s := &shop{db: e.Open(t), clock: clock.NewFake(opening), diary: &diary{}, log: &accesstest.Log{}}
	if err := s.db.Migrate(t.Context(), "release", release.Schema); err != nil {
		t.Fatal(err)
	}
	s.db.AttachOutbox(s.diary)
	var err error
	if s.blobs, err = blob.Open(t.Context(), "file:"+filepath.Join(t.TempDir(), "blobs")); err != nil {
		t.Fatal(err)
	}
	s.Service = release.New(s.db, s.blobs, s.clock, release.WithLog(s.log))
	return s
}

// onlyTheFirst are the migrations as they were before there was a second.
func onlyTheFirst(t *testing.T) fs.FS {
	b, err := release.Schema.ReadFile("schema/00001_release.sql")
	if err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{"schema/00001_release.sql": {Data: b}}
}

func onEveryEngine(t *testing.T, test func(*testing.T, *shop)) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) { test(t, newShop(t, e)) })
	}
}

func file(ext, content string) build.File {
	sum := sha256.Sum256([]byte(content))
	f := build.File{Name: hex.EncodeToString(sum[:16]) + ext, ContentType: "text/javascript", Bytes: []byte(content)}
	var packed bytes.Buffer
	w := brotli.NewWriter(&packed)
	if _, err := w.Write(f.Bytes); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	f.Brotli = packed.Bytes()
	return f
}

// program is a build with one page, whose code is content.
func program(app, label, content string) release.NewVersion {
	logic, view, picture := file(".js", "logic "+content), file(".js", "view "+content), file(".png", "picture")
	picture.Brotli = nil
	return release.NewVersion{
		App: app, Label: label, Notes: "first\nsecond",
		Manifest: build.Manifest{
			Format: build.FormatVersion, Dialect: "jd", Entry: "pages/index/index", App: json.RawMessage(`{"pages":["pages/index/index"]}`),
			Pages:    map[string]build.Page{"pages/index/index": {View: []string{view.Name}}},
			Packages: map[string]build.Pack{"": {Logic: logic.Name, Bytes: 10}},
			Assets:   map[string]string{"a.png": picture.Name},
		},
		Files: []build.File{logic, view, picture},
	}
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestAPackageComesOutAndIsRolledBack(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *shop) {
		app := must[release.App](t)(s.CreateApp(t.Context(), release.NewApp{
			Name: " 拾光家居 ", Summary: "好物", Icon: []byte("\x89PNG\r\n\x1a\n...."), Domains: release.Domains{Request: []string{"HTTPS://Shop.Example:443/"}},
		}))
		if app.Name != "拾光家居" || id.Check("app", app.ID) != nil || app.Domains.Request[0] != "https://shop.example" {
			t.Errorf("%+v", app)
		}
		if b, err := s.blobs.Get(t.Context(), release.BlobKey(app.Icon)); err != nil || !strings.HasSuffix(app.Icon, ".png") || len(b) != 12 {
			t.Errorf("icon %s: %d bytes, %v", app.Icon, len(b), err)
		}
		if _, err := s.Released(t.Context(), app.ID); !fault.Is(err, fault.CodeNotFound) {
			t.Errorf("released before any version: %v", err)
		}

		in := program(app.ID, "1.0.0", "one")
		one := must[release.Version](t)(s.AddVersion(t.Context(), in))
		if one.Number != 1 || one.State != release.StateDevelopment || one.Bytes != int64(len("logic one")+len("view one")+len("picture")) {
			t.Errorf("%+v", one)
		}
		for _, f := range in.Files {
			if b, err := s.blobs.Get(t.Context(), release.BlobKey(f.Name)); err != nil || !bytes.Equal(b, f.Bytes) {
				t.Errorf("%s: %v", f.Name, err)
			}
			if b, err := s.blobs.Get(t.Context(), release.BlobKey(f.Name)+".br"); f.Brotli != nil && (err != nil || !bytes.Equal(b, f.Brotli)) {
				t.Errorf("%s.br: %v", f.Name, err)
			}
		}
		again := in
		again.Label = "1.0.1"
		if v := must[release.Version](t)(s.AddVersion(t.Context(), again)); v != one {
			t.Errorf("the same build again is %+v", v)
		}
		s.clock.Advance(time.Hour)
		two := must[release.Version](t)(s.AddVersion(t.Context(), program(app.ID, "2.0.0", "two")))
		if two.Number != 2 {
			t.Errorf("%+v", two)
		}

		for i, step := range []release.Version{one, one, two, one} { // out, again, on, back
			s.clock.Advance(time.Minute)
			if err := s.Promote(t.Context(), app.ID, step.ID); err != nil {
				t.Fatal(err)
			}
			got := must[release.Current](t)(s.Released(t.Context(), app.ID))
			if got.Version.ID != step.ID || got.Version.State != release.StateReleased || got.Version.OutAt == 0 || got.App.Name != app.Name || got.Manifest.Entry != "pages/index/index" {
				t.Errorf("step %d: %+v", i, got)
			}
		}
		var told []string
		for _, e := range s.diary.events {
			if e.Topic != release.TopicPromoted {
				continue
			}
			var p release.Promoted
			if err := json.Unmarshal(e.Payload, &p); err != nil {
				t.Fatalf("%+v, %v", e, err)
			}
			told = append(told, fmt.Sprintf("%s %d after %t", strings.TrimPrefix(e.Key, app.ID), p.Number, p.Previous != ""))
		}
		if want := []string{":r1 1 after false", ":r2 2 after true", ":r3 1 after true"}; !slices.Equal(told, want) {
			t.Errorf("told %v, want %v", told, want)
		}
		versions := must[[]release.Version](t)(s.Versions(t.Context(), app.ID, 0, 10))
		if len(versions) != 2 || versions[0].ID != two.ID || versions[1].ID != one.ID {
			t.Errorf("%+v", versions)
		}
		if rest := must[[]release.Version](t)(s.Versions(t.Context(), app.ID, 2, 10)); len(rest) != 1 || rest[0] != versions[1] {
			t.Errorf("%+v", rest)
		}
		if v := must[release.Version](t)(s.Version(t.Context(), app.ID, two.ID)); v != versions[0] {
			t.Errorf("%+v", v)
		}
	})
}

func TestWhatIsNotThereIsNamed(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *shop) {
		mine := must[release.App](t)(s.CreateApp(t.Context(), release.NewApp{Name: "mine"}))
		other := must[release.App](t)(s.CreateApp(t.Context(), release.NewApp{Name: "other"}))
		theirs := must[release.Version](t)(s.AddVersion(t.Context(), program(other.ID, "1", "x")))
		_, addErr := s.AddVersion(t.Context(), program("app_nobody", "1", "x"))
		_, appErr := s.App(t.Context(), "app_nobody")
		_, versionErr := s.Version(t.Context(), mine.ID, theirs.ID)
		_, manifestErr := s.Manifest(t.Context(), "ver_nothing")
		_, setErr := s.SetDomains(t.Context(), accesstest.Actor{Apps: []string{"app_nobody"}}, "app_nobody", release.Domains{})
		_, domainErr := s.RequestDomains(t.Context(), mine.ID)
		for name, err := range map[string]error{
			"adding to no app":          addErr,
			"no app":                    appErr,
			"another's version":         versionErr,
			"no manifest":               manifestErr,
			"domains of nothing":        domainErr,
			"promoting of no app":       s.Promote(t.Context(), "app_nobody", theirs.ID),
			"promoting another's":       s.Promote(t.Context(), mine.ID, theirs.ID),
			"domains of no app":         setErr,
			"promoting no version":      s.Promote(t.Context(), mine.ID, "ver_nothing"),
			"promoting with a wild key": s.Promote(t.Context(), mine.ID, strings.Repeat("x", 5000)),
		} {
			if !fault.Is(err, fault.CodeNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if len(s.diary.events) != 0 {
			t.Errorf("told %v", s.diary.events)
		}
	})
}

func TestAnAppWithAGivenIDIsMadeOnce(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *shop) {
		in := release.NewApp{ID: "app_01JZ4T8K5N3Q0V9W2X7Y6R1M4C", Name: "demo"}
		must[release.App](t)(s.CreateApp(t.Context(), in))
		if _, err := s.CreateApp(t.Context(), in); !fault.Is(err, fault.CodeConflict) {
			t.Errorf("%v", err)
		}
	})
}

func TestManyUploadsAtOnceCountWithoutGaps(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *shop) {
		app := must[release.App](t)(s.CreateApp(t.Context(), release.NewApp{Name: "busy"}))
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				for range 2 { // each build twice
					if _, err := s.AddVersion(t.Context(), program(app.ID, "x", fmt.Sprint(i))); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		var numbers []int64
		for _, v := range must[[]release.Version](t)(s.Versions(t.Context(), app.ID, 0, 100)) {
			numbers = append(numbers, v.Number)
		}
		if !slices.Equal(numbers, []int64{6, 5, 4, 3, 2, 1}) {
			t.Errorf("%v", numbers)
		}
	})
}

func TestReleasedProgramsAreFoundPageByPage(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *shop) {
		names := []string{"拾光家居", "Coffee 100%", "ＣＯＦＦＥＥ二号", "coffee_club", "珠宝"}
		for i, name := range names {
			app := must[release.App](t)(s.CreateApp(t.Context(), release.NewApp{Name: name}))
			v := must[release.Version](t)(s.AddVersion(t.Context(), program(app.ID, "1", fmt.Sprint(i))))
			if err := s.Promote(t.Context(), app.ID, v.ID); err != nil {
				t.Fatal(err)
			}
		}
		must[release.App](t)(s.CreateApp(t.Context(), release.NewApp{Name: "coffee, not released"}))
		for query, want := range map[string][]string{
			"":                        {"珠宝", "coffee_club", "ＣＯＦＦＥＥ二号", "Coffee 100%", "拾光家居"},
			"COFFEE":                  {"coffee_club", "ＣＯＦＦＥＥ二号", "Coffee 100%"},
			"光":                       {"拾光家居"},
			"%":                       {"Coffee 100%"},
			"_":                       {"coffee_club"},
			`\`:                       nil,
			"'; --":                   nil,
			strings.Repeat("x", 1000): nil,
		} {
			for _, size := range []int{1, 2, 100} {
				var got []string
				cursor := ""
				for pages := 0; ; pages++ {
					page, next, err := s.List(t.Context(), release.Wanted{Query: query}, cursor, size)
					if err != nil || len(page) > size || pages > 10 {
						t.Fatalf("%q: %d, %v", query, len(page), err)
					}
					for _, l := range page {
						if l.Number != 1 || l.ReleasedAt != opening.UnixMilli() {
							t.Errorf("%+v", l)
						}
						got = append(got, l.Name)
					}
					if next == "" {
						break
					}
					cursor = next
				}
				if !slices.Equal(got, want) {
					t.Errorf("%.10q by %d: %v, want %v", query, size, got, want)
				}
			}
		}
		if _, _, err := s.List(t.Context(), release.Wanted{}, "x' OR 1=1", 5); !fault.Is(err, fault.CodeInvalid) {
			t.Errorf("%v", err)
		}
	})
}

func TestDomainsHoldAtOnce(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *shop) {
		app := must[release.App](t)(s.CreateApp(t.Context(), release.NewApp{Name: "x", Domains: release.Domains{Request: []string{"https://old.example"}}}))
		keeper := accesstest.Actor{ID: "usr_mina", Org: "org_mina", Apps: []string{app.ID}}
		v := must[release.Version](t)(s.AddVersion(t.Context(), program(app.ID, "1", "x")))
		if err := s.Promote(t.Context(), app.ID, v.ID); err != nil {
			t.Fatal(err)
		}
		_, err := s.SetDomains(t.Context(), keeper, app.ID, release.Domains{Request: []string{"https://new.example", "https://NEW.example/"}, Media: []string{"https://img.example:8443"}})
		if err != nil {
			t.Fatal(err)
		}
		got := must[release.Current](t)(s.Released(t.Context(), app.ID)).App.Domains
		if !slices.Equal(got.Request, []string{"https://new.example"}) || !slices.Equal(got.Media, []string{"https://img.example:8443"}) {
			t.Errorf("%+v", got)
		}
		if d := must[[]string](t)(s.RequestDomains(t.Context(), app.ID)); !slices.Equal(d, got.Request) {
			t.Errorf("%v", d)
		}
		_, err = s.SetDomains(t.Context(), keeper, app.ID, release.Domains{Request: []string{"https://ok.example", "http://x.example"}, Media: []string{"*"}})
		if f := fault.Of(err); len(f.Fields) != 2 || f.Fields[0].Name != "request[1]" || f.Fields[1].Name != "media[0]" {
			t.Errorf("%v", err)
		}
	})
}

func TestBadInputIsNamedFieldByField(t *testing.T) {
	s := newShop(t, testkit.Engines(t)[0])
	app := must[release.App](t)(s.CreateApp(t.Context(), release.NewApp{Name: "x"}))
	create := func(in release.NewApp) error { _, err := s.CreateApp(t.Context(), in); return err }
	add := func(change func(*release.NewVersion)) error {
		in := program(app.ID, "1", "x")
		change(&in)
		_, err := s.AddVersion(t.Context(), in)
		return err
	}
	bomb := file(".js", strings.Repeat("\x00", 1<<20))
	tests := []struct {
		name   string
		err    error
		fields []string
		says   string
	}{
		{"an app without anything", create(release.NewApp{}), []string{"name"}, "give the program a name"},
		{"an app with everything wrong", create(release.NewApp{
			ID: "app_1", Name: strings.Repeat("字", 31), Summary: "a\u202eb", Icon: []byte("<html>"), Domains: release.Domains{Request: []string{"ftp://x"}},
		}), []string{"id", "name", "summary", "icon", "domains.request[0]"}, "31 characters"},
		{"a name with a line end", create(release.NewApp{Name: "a\nb"}), []string{"name"}, "U+000A"},
		{"a name that is no text", create(release.NewApp{Name: "a\xff"}), []string{"name"}, "UTF-8"},
		{"an icon that is too large", create(release.NewApp{Name: "x", Icon: make([]byte, 300<<10)}), []string{"icon"}, "307200 bytes"},
		{"too many domains", create(release.NewApp{Name: "x", Domains: release.Domains{Media: make([]string, 51)}}), []string{"domains.media"}, "51 domains"},
		{"a version without anything", func() error { _, err := s.AddVersion(t.Context(), release.NewVersion{}); return err }(),
			[]string{"app", "label", "manifest.format", "manifest.dialect", "manifest.entry", "manifest.app"}, "build it again"},
		{"a file that is missing", add(func(v *release.NewVersion) { v.Files = v.Files[1:] }), []string{"manifest.packages[].logic"}, "was not added"},
		{"a file twice", add(func(v *release.NewVersion) { v.Files = append(v.Files, v.Files[0]) }), []string{"files[3]"}, "twice"},
		{"a file under another's name", add(func(v *release.NewVersion) { v.Files[0].Bytes = []byte("evil") }), []string{"files[0]"}, "not what its name says"},
		{"a brotli form that says something else", add(func(v *release.NewVersion) { v.Files[0].Brotli = v.Files[1].Brotli }), []string{"files[0]"}, "compressed form"},
		{"a brotli bomb", add(func(v *release.NewVersion) { v.Files[0].Brotli = bomb.Brotli }), []string{"files[0]"}, "compressed form"},
		{"a brotli form cut short", add(func(v *release.NewVersion) { v.Files[0].Brotli = v.Files[0].Brotli[:4] }), []string{"files[0]"}, "compressed form"},
		{"a file name that climbs", add(func(v *release.NewVersion) { v.Files = append(v.Files, build.File{Name: "../../etc/passwd"}) }), []string{"files[3]"}, "no name of a built file"},
		{"notes that are too long", add(func(v *release.NewVersion) { v.Notes = strings.Repeat("x", 1001) }), []string{"notes"}, "1001 characters"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := fault.Of(tt.err)
			if f == nil || f.Code != fault.CodeInvalid || !strings.Contains(f.Message, tt.says) {
				t.Fatalf("%v", tt.err)
			}
			var fields []string
			for _, w := range f.Fields {
				fields = append(fields, w.Name)
			}
			if !slices.Equal(fields, tt.fields) {
				t.Errorf("fields %v, want %v", fields, tt.fields)
			}
			if zh := f.In(fault.Zh); zh == f.Message {
				t.Errorf("no Chinese: %s", zh)
			}
		})
	}
	if v := must[[]release.Version](t)(s.Versions(t.Context(), app.ID, 0, 100)); len(v) != 0 {
		t.Errorf("%d versions came of it", len(v))
	}
}

// brokenStore fails after some files.
type brokenStore struct {
	mu   sync.Mutex
	left int
}

func (b *brokenStore) Put(context.Context, string, []byte, string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left--; b.left < 0 {
		return fault.Unavailable("the store is full").WithCause(errors.New("ENOSPC"))
	}
	return nil
}

func (b *brokenStore) Get(context.Context, string) ([]byte, error) {
	return nil, fault.Unavailable("the store is broken")
}

func TestNoVersionWithoutItsFiles(t *testing.T) {
	s := newShop(t, testkit.Engines(t)[0])
	app := must[release.App](t)(s.CreateApp(t.Context(), release.NewApp{Name: "x"}))
	broken := release.New(s.db, &brokenStore{left: 3}, s.clock)
	if _, err := broken.AddVersion(t.Context(), program(app.ID, "1", "x")); !fault.Is(err, fault.CodeUnavailable) {
		t.Errorf("%v", err)
	}
	if v := must[[]release.Version](t)(s.Versions(t.Context(), app.ID, 0, 100)); len(v) != 0 {
		t.Errorf("%d versions came of it", len(v))
	}
	v := must[release.Version](t)(s.AddVersion(t.Context(), program(app.ID, "1", "x"))) // trying again works
	if v.Number != 1 {
		t.Errorf("%+v", v)
	}
}

func TestEveryFaultSpeaksChinese(t *testing.T) { faulttest.Translated(t) }
