package host_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"minimart/open/gateway/seal"
	"minimart/open/host"
	"minimart/platform/access"
	"minimart/platform/access/accesstest"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/fault/faulttest"
	"minimart/platform/testkit"
)

var opening = time.Date(2026, 6, 18, 9, 0, 0, 0, time.UTC)

const app = "app_01JZ4T8K5N3Q0V9W2X7Y6R1M4C"

var root = accesstest.Actor{ID: "usr_root", Operator: true}

// diary is an outbox that notes topics. It refuses two different events with one id, as the real one does.
type diary struct {
	mu     sync.Mutex
	topics []string
	ids    map[string]string
}

func (d *diary) Append(_ context.Context, _ db.Tx, e db.Event) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if had, ok := d.ids[e.ID]; ok && had != string(e.Payload) {
		return fault.Conflict("two events %s", e.ID)
	}
	if d.ids == nil {
		d.ids = map[string]string{}
	}
	d.ids[e.ID] = string(e.Payload)
	d.topics = append(d.topics, e.Topic)
	return nil
}
func (d *diary) Committed() {}

type street struct {
	*host.Service
	url     string
	keyFile string
	db      *db.DB
	clock   *clock.Fake
	diary   *diary
	log     *accesstest.Log
}

func newStreet(t testing.TB, e testkit.Engine) *street {
	t.Helper()
	s := &street{url: e.URL(t), keyFile: filepath.Join(t.TempDir(), "key"), clock: clock.NewFake(opening), diary: &diary{}, log: &accesstest.Log{}}
	s.Service = s.open(t)
	return s
}

// open is another process on the same database.
func (s *street) open(t testing.TB) *host.Service {
	t.Helper()
	s.db = testkit.Open(t, s.url)
	if err := s.db.Migrate(t.Context(), "host", host.Schema); err != nil {
		t.Fatal(err)
	}
	s.db.AttachOutbox(s.diary)
	box, err := seal.Open(s.keyFile)
	if err != nil {
		t.Fatal(err)
	}
	return host.New(host.Config{DB: s.db, Box: box, Log: s.log, PublicURL: "https://mini.example/", Clock: s.clock})
}

func onEveryEngine(t *testing.T, test func(*testing.T, *street)) {
	for _, e := range testkit.Engines(t) {
		t.Run(e.Name, func(t *testing.T) { test(t, newStreet(t, e)) })
	}
}

func onSQLite(t testing.TB) *street { return newStreet(t, testkit.Engines(t)[0]) }

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func wants(t *testing.T, what string, err error, code fault.Code, says string) {
	t.Helper()
	if err == nil || !fault.Is(err, code) || !strings.Contains(err.Error(), says) {
		t.Errorf("%s: %v, want %s and %q", what, err, code, says)
	}
}

func fields(err error) string {
	f := fault.Of(err)
	if f == nil {
		return ""
	}
	out := make([]string, len(f.Fields))
	for i, field := range f.Fields {
		out[i] = field.Name
	}
	return strings.Join(out, " ")
}

func (s *street) register(t testing.TB, name string, origins ...string) host.Issued {
	t.Helper()
	return must[host.Issued](t)(s.Register(t.Context(), root, host.NewHost{Name: name, Kind: host.Web, Origins: origins}))
}

func TestThePlatformsOwnHostIsMadeOnce(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *street) {
		var wg sync.WaitGroup
		made := make([]host.Host, 6)
		services := []*host.Service{s.Service, s.open(t), s.open(t)}
		for i := range made {
			wg.Go(func() {
				var err error
				if made[i], err = services[i%3].EnsureBuiltin(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, h := range made {
			if h.ID == "" || h.ID != made[0].ID || !h.Builtin || !h.AllPrograms || !strings.HasPrefix(h.PublishableKey, "hpk_") {
				t.Errorf("%+v", h)
			}
		}
		h := must[host.Host](t)(s.ByKey(t.Context(), made[0].PublishableKey))
		if h.ID != made[0].ID {
			t.Errorf("%+v", h)
		}
		_, err := s.Suspend(t.Context(), root, h.ID, "x")
		wants(t, "suspending it", err, fault.CodeConflict, "own web host")
		_, err = s.Rotate(t.Context(), root, h.ID, 0)
		wants(t, "a secret for it", err, fault.CodeConflict, "no secret")
		if s.log.Actions()[0] != "host.created" {
			t.Errorf("%v", s.log.Actions())
		}
	})
}

func TestAHostAppLivesAndIsChangedAndShutOut(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *street) {
		ctx := t.Context()
		second := s.open(t)
		i := must[host.Issued](t)(s.Register(ctx, root, host.NewHost{Name: " Café  ", Kind: host.Web, Origins: []string{"https://Shop.Example:443", "https://shop.example", "https://a.example/"}}))
		h := i.Host
		if h.Name != "Café" || !slices.Equal(h.Origins, []string{"https://a.example", "https://shop.example"}) || len(i.Secret) != 47 || !strings.HasPrefix(i.Secret, "hss_") || h.AllPrograms {
			t.Errorf("%+v", i)
		}
		all, apps, err := s.Programs(ctx, h.ID)
		if err != nil || all || len(apps) != 0 {
			t.Errorf("%v %v %v", all, apps, err)
		}
		must[host.Host](t)(second.ByKey(ctx, h.PublishableKey))

		must[host.Host](t)(s.Release(ctx, root, h.ID, false, []string{app, app}))
		if ok := must[bool](t)(s.Releases(ctx, h.ID, app)); !ok {
			t.Error("not released")
		}
		if ok := must[bool](t)(s.Releases(ctx, h.ID, "app_x")); ok {
			t.Error("released")
		}
		must[host.Host](t)(s.Release(ctx, root, h.ID, true, nil))
		if all, _, _ := s.Programs(ctx, h.ID); !all {
			t.Error("not all")
		}
		k := must[host.Known](t)(s.Host(ctx, root, h.ID))
		if len(k.Programs) != 0 || len(k.Secrets) != 1 || k.Secrets[0].ExpiresAt != 0 {
			t.Errorf("%+v", k)
		}
		name, origins := "Tea", []string{"https://tea.example"}
		h = must[host.Host](t)(s.Change(ctx, root, h.ID, host.Change{Name: &name}))
		if h.Name != "Tea" || len(h.Origins) != 2 {
			t.Errorf("%+v", h)
		}
		must[host.Host](t)(s.Change(ctx, root, h.ID, host.Change{Origins: &origins}))
		if o := must[[]string](t)(s.Origins(ctx)); !slices.Equal(o, origins) {
			t.Errorf("%v", o)
		}

		must[host.Host](t)(s.Suspend(ctx, root, h.ID, "sells data"))
		_, err = s.ByKey(ctx, h.PublishableKey)
		wants(t, "suspended", err, fault.CodeDenied, "sells data")
		if all, _, err := s.Programs(ctx, h.ID); all || err != nil {
			t.Error("it still shows programs", err)
		}
		if o := must[[]string](t)(s.Origins(ctx)); len(o) != 0 {
			t.Errorf("%v", o)
		}
		if _, err := second.ByKey(ctx, h.PublishableKey); err != nil { // from memory
			t.Error(err)
		}
		s.clock.Advance(2 * time.Second)
		_, err = second.ByKey(ctx, h.PublishableKey)
		wants(t, "suspended elsewhere", err, fault.CodeDenied, "suspended")
		_, err = s.Suspend(ctx, root, h.ID, "again")
		wants(t, "twice", err, fault.CodeConflict, "already")
		must[host.Host](t)(s.Resume(ctx, root, h.ID))
		_, err = s.Resume(ctx, root, h.ID)
		wants(t, "resuming twice", err, fault.CodeConflict, "not suspended")
		must[host.Host](t)(s.ByKey(ctx, h.PublishableKey))
		_, err = second.ByKey(ctx, h.PublishableKey)
		wants(t, "still remembered", err, fault.CodeDenied, "suspended")
		second.Forget()
		must[host.Host](t)(second.ByKey(ctx, h.PublishableKey))

		want := []string{"host.created", "host.released", "host.released", "host.changed", "host.changed", "host.suspended", "host.resumed"}
		if !slices.Equal(s.diary.topics, want) || !slices.Equal(s.log.Actions(), want) {
			t.Errorf("%v %v", s.diary.topics, s.log.Actions())
		}
		for _, e := range s.log.Entries() {
			if strings.Contains(fmt.Sprint(e), i.Secret) || e.Actor != "usr_root" || e.Target != h.ID {
				t.Errorf("%+v", e)
			}
		}
	})
}

func TestKeysThatNobodyHas(t *testing.T) {
	s := onSQLite(t)
	i := s.register(t, "A")
	for _, key := range []string{"", "hpk_", i.Secret, i.Host.ID, i.Host.PublishableKey + "x", strings.ToLower(i.Host.PublishableKey), "hpk_" + strings.Repeat("A", 32), "hpk_" + strings.Repeat("A", 1<<20), "hpk_" + strings.Repeat("\n", 32)} {
		_, err := s.ByKey(t.Context(), key)
		wants(t, fmt.Sprintf("%.60q", key), err, fault.CodeDenied, "no host app with this key")
	}
	for _, id := range []string{"", "hst_x", app, "hst_01JZ4T8K5N3Q0V9W2X7Y6R1M4C"} {
		_, err := s.Host(t.Context(), root, id)
		wants(t, id, err, fault.CodeNotFound, "no host app")
		if all, apps, err := s.Programs(t.Context(), id); all || apps != nil || err != nil {
			t.Errorf("%s: %v %v %v", id, all, apps, err)
		}
	}
}

func TestBadInputIsNamedAllAtOnce(t *testing.T) {
	s := onSQLite(t)
	ctx := t.Context()
	for _, tt := range []struct {
		in     host.NewHost
		fields string
	}{
		{host.NewHost{}, "name kind"},
		{host.NewHost{Name: strings.Repeat("长", 41), Kind: "windows", Origins: []string{"x", "https://a.example"}}, "name kind origins[0]"},
		{host.NewHost{Name: "a\u202eb", Kind: host.Android, Origins: []string{"https://a.example"}}, "name origins"},
		{host.NewHost{Name: "\xff", Kind: host.Web, Origins: make([]string, 21)}, "name origins"},
	} {
		_, err := s.Register(ctx, root, tt.in)
		if got := fields(err); got != tt.fields {
			t.Errorf("%+v: %q, want %q", tt.in, got, tt.fields)
		}
	}
	h := s.register(t, "A").Host
	empty, none := "", []string{"ftp://x"}
	_, err := s.Change(ctx, root, h.ID, host.Change{Name: &empty, Origins: &none})
	if got := fields(err); got != "name origins[0]" {
		t.Errorf("%q", got)
	}
	_, err = s.Release(ctx, root, h.ID, true, []string{app, "x"})
	if got := fields(err); got != "apps apps[1]" {
		t.Errorf("%q", got)
	}
	_, err = s.Release(ctx, root, h.ID, false, make([]string, 501))
	wants(t, "too many", err, fault.CodeInvalid, "501 programs")
	for _, n := range []int64{-1, host.MaxOverlapSeconds + 1, 1<<63 - 1} {
		_, err = s.Rotate(ctx, root, h.ID, n)
		wants(t, "overlap", err, fault.CodeInvalid, "overlapSeconds")
	}
	_, err = s.Suspend(ctx, root, h.ID, "\u200b")
	wants(t, "an invisible reason", err, fault.CodeInvalid, "reason")
	_, _, err = s.Hosts(ctx, root, "x", 1)
	wants(t, "cursor", err, fault.CodeInvalid, "cursor")
}

func TestOnlyOperatorsManageHosts(t *testing.T) {
	s := onSQLite(t)
	h := s.register(t, "A").Host
	for _, by := range []access.Actor{accesstest.Actor{ID: "usr_x", Org: "org_x"}, accesstest.Actor{ID: "usr_y", Operator: true, Only: []access.Action{"platform.read"}}} {
		name := "x"
		_, e1 := s.Register(t.Context(), by, host.NewHost{Name: "B", Kind: host.Web})
		_, _, e2 := s.Hosts(t.Context(), by, "", 1)
		_, e3 := s.Host(t.Context(), by, h.ID)
		_, e4 := s.Change(t.Context(), by, h.ID, host.Change{Name: &name})
		_, e5 := s.Rotate(t.Context(), by, h.ID, 0)
		_, e6 := s.Release(t.Context(), by, h.ID, true, nil)
		_, e7 := s.Suspend(t.Context(), by, h.ID, "x")
		_, e8 := s.Resume(t.Context(), by, h.ID)
		for i, err := range []error{e1, e2, e3, e4, e5, e6, e7, e8} {
			wants(t, fmt.Sprint(i), err, fault.CodeDenied, "")
		}
	}
}

func TestHostsArePaged(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *street) {
		var want, got []string
		for i := range 5 {
			want = append([]string{s.register(t, fmt.Sprint("Host ", i)).Host.ID}, want...)
		}
		for cursor := ""; ; {
			page, next, err := s.Hosts(t.Context(), root, cursor, 2)
			if err != nil || len(page) > 2 {
				t.Fatal(len(page), err)
			}
			for _, h := range page {
				got = append(got, h.ID)
			}
			if cursor = next; next == "" {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	})
}

func TestNothingIsLetInWhenTheDatabaseIsAway(t *testing.T) {
	s := onSQLite(t)
	h := s.register(t, "A").Host
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.ByKey(gone, h.PublishableKey); err == nil || fault.Is(err, fault.CodeDenied) {
		t.Errorf("%v", err)
	}
	if _, err := s.Verify(gone, h.ID, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestEveryFaultSpeaksChinese(t *testing.T) { faulttest.Translated(t) }
