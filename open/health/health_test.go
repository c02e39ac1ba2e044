package health_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"minimart/open/health"
	"minimart/platform/access"
	"minimart/platform/access/accesstest"
	"minimart/platform/bus"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/httpapi"
	"minimart/platform/outbox"
	"minimart/platform/testkit"
	"minimart/platform/timer"
)

// ward is a platform with a bus, on SQLite, and its health.
type ward struct {
	api    http.Handler
	db     *db.DB
	outbox *outbox.Outbox
	bus    *bus.Bus
	log    *accesstest.Log
	broken error // what the check "files" says
}

func openWard(t *testing.T) *ward {
	t.Helper()
	w := &ward{db: testkit.SQLite(t), log: &accesstest.Log{}}
	w.outbox = outbox.New(w.db, clock.System)
	w.db.AttachOutbox(w.outbox)
	timers := timer.New(w.db, clock.System)
	if err := errors.Join(w.outbox.Migrate(t.Context()), timers.Migrate(t.Context()), bus.Migrate(t.Context(), w.db)); err != nil {
		t.Fatal(err)
	}
	var err error
	if w.bus, err = bus.Open(t.Context(), bus.Config{Dir: filepath.Join(t.TempDir(), "bus")}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.bus.Close() })
	s := health.New(health.Config{
		Checks: map[string]func(context.Context) error{"database": w.db.Ping, "files": func(context.Context) error { return w.broken }},
		Outbox: w.outbox, Timers: timers, Letters: w.bus, DB: w.db, Log: w.log,
	})
	api := httpapi.New(http.NewServeMux(), httpapi.Options{})
	who, enter := accesstest.As(map[string]access.Actor{
		"root": accesstest.Actor{ID: "usr_root", Operator: true},
		"look": accesstest.Actor{ID: "usr_look", Operator: true, Only: []access.Action{health.Read}},
		"mina": accesstest.Actor{ID: "usr_mina", Org: "org_mina"},
	})
	s.ConsoleRoutes(huma.NewGroup(api, "/api/console/v1"), who)
	w.api = enter(api)
	return w
}

func (w *ward) ask(who, method, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/api/console/v1/operator"+path, nil)
	r.Header.Set("X-Actor", who)
	out := httptest.NewRecorder()
	w.api.ServeHTTP(out, r)
	return out
}

func TestAPartThatDoesNotAnswerIsShownAndHidesNothingElse(t *testing.T) {
	w := openWard(t)
	if err := w.db.Update(t.Context(), func(tx db.Tx) error { return tx.Emit(t.Context(), "test.happened", "one", struct{}{}) }); err != nil {
		t.Fatal(err)
	}
	w.broken = errors.New("bucket: 403")
	r := w.ask("look", "GET", "/health")
	for _, part := range []string{`{"name":"database","ok":true}`, `{"name":"files","ok":false}`, `{"name":"events","ok":true}`, `{"name":"timers","ok":true}`, `"pending":1`} {
		if !strings.Contains(r.Body.String(), part) {
			t.Errorf("%d %s lacks %s", r.Code, r.Body, part)
		}
	}
	if strings.Contains(r.Body.String(), "bucket") {
		t.Errorf("the cause left the log: %s", r.Body)
	}
}

func TestADeadLetterIsDeliveredAgainOrDiscardedAndRecorded(t *testing.T) {
	w := openWard(t)
	ctx, cancel := context.WithCancel(t.Context())
	relayed := make(chan struct{})
	go func() { defer close(relayed); _ = w.outbox.Relay(ctx, w.bus) }()
	t.Cleanup(func() { cancel(); <-relayed })
	refuse, got := true, make(chan string, 8)
	err := w.bus.Subscribe(ctx, "stubborn", []string{"test.happened"}, func(_ context.Context, e db.Event) error {
		got <- e.ID
		if refuse {
			return bus.GiveUp(errors.New("cannot read it"))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"one", "two"} {
		if err := w.db.Update(ctx, func(tx db.Tx) error { return tx.Emit(ctx, "test.happened", key, struct{}{}) }); err != nil {
			t.Fatal(err)
		}
		<-got
	}
	var body string
	for deadline := time.Now().Add(20 * time.Second); strings.Count(body, `"consumer":"stubborn"`) < 2; time.Sleep(20 * time.Millisecond) {
		if body = w.ask("look", "GET", "/dead-letters").Body.String(); time.Now().After(deadline) {
			t.Fatalf("the letters did not come: %s", body)
		}
	}
	if !strings.Contains(body, "cannot read it") || !strings.Contains(body, `"topic":"test.happened"`) {
		t.Errorf("the letters say %s", body)
	}
	refuse = false
	for _, c := range []struct {
		who, method, path string
		status            int
	}{
		{"", "GET", "/health", 401}, {"mina", "GET", "/health", 403},
		{"", "GET", "/dead-letters", 401}, {"mina", "GET", "/dead-letters", 403},
		{"", "POST", "/dead-letters/1/redelivery", 401}, {"mina", "POST", "/dead-letters/1/redelivery", 403}, {"look", "POST", "/dead-letters/1/redelivery", 403},
		{"", "DELETE", "/dead-letters/2", 401}, {"mina", "DELETE", "/dead-letters/2", 403}, {"look", "DELETE", "/dead-letters/2", 403},
		{"root", "POST", "/dead-letters/1/redelivery", 204}, {"root", "DELETE", "/dead-letters/2", 204}, {"root", "DELETE", "/dead-letters/99", 404},
	} {
		if r := w.ask(c.who, c.method, c.path); r.Code != c.status {
			t.Errorf("%s %s by %q: %d %s, want %d", c.method, c.path, c.who, r.Code, r.Body, c.status)
		}
	}
	select {
	case <-got:
	case <-time.After(20 * time.Second):
		t.Error("the letter did not come again")
	}
	if want := []string{"dead-letter.redelivered", "dead-letter.discarded", "dead-letter.discarded"}; !slices.Equal(w.log.Actions(), want) {
		t.Errorf("recorded: %v, want %v", w.log.Actions(), want)
	}
}
