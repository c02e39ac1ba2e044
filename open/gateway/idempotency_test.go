package gateway_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"minimart/open/gateway"
	"minimart/open/gateway/seal"
	"minimart/platform/db"
	"minimart/platform/testkit"
)

func TestACallWithAnIdempotencyKeyHasItsEffectOnce(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *stall) {
		other := s.open(t)
		k := s.key(t, mina, gateway.KeySpec{})
		order := func(p *stall, key, sku string) told {
			return send(t, p.sign(t, k, "POST", "/open/v1/orders", fmt.Sprintf(`{"sku":%q}`, sku), "Idempotency-Key", key))
		}
		first := order(s, "order-1", "cup")
		if first.status != 201 || first.header.Get("Idempotency-Replayed") != "" || !strings.Contains(first.body, `"key":"order-1"`) {
			t.Fatalf("%+v", first)
		}
		for _, again := range []told{order(s, "order-1", "cup"), order(s, `"order-1"`, "cup"), order(other, "order-1", "cup")} {
			if again.status != 201 || again.body != first.body || again.header.Get("ETag") != first.header.Get("ETag") || again.header.Get("Content-Type") != first.header.Get("Content-Type") ||
				again.header.Get("Idempotency-Replayed") != "true" || again.header.Get("X-Request-Id") == first.header.Get("X-Request-Id") {
				t.Errorf("%+v, first %+v", again, first)
			}
		}
		order(s, "order-1", "jar").want(t, "another body", 409, "order-1 came with another call")
		send(t, s.sign(t, k, "POST", "/open/v1/orders?x=1", `{"sku":"cup"}`, "Idempotency-Key", "order-1")).want(t, "another query", 409, "another call")
		if n := s.served.Load() + other.served.Load(); n != 1 {
			t.Errorf("served %d times", n)
		}
		if got := order(s, "order-2", "cup"); got.status != 201 || got.body == first.body {
			t.Errorf("another key: %+v", got)
		}
		// A rotated key is the same app; another app's keys are its own.
		fresh, err := s.RotateKey(t.Context(), mina, "app_mina", k.Key.ID, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		if got := send(t, s.sign(t, fresh, "POST", "/open/v1/orders", `{"sku":"cup"}`, "Idempotency-Key", "order-1")); got.body != first.body {
			t.Errorf("with the successor: %+v", got)
		}
		theirs := s.key(t, wang, gateway.KeySpec{})
		if got := send(t, s.sign(t, theirs, "POST", "/open/v1/files/x", "theirs", "Idempotency-Key", "order-1")); got.body != "theirs" {
			t.Errorf("another app: %+v", got)
		}
		// After a day the key is free.
		s.clock.Advance(24*time.Hour - time.Second)
		k = s.key(t, mina, gateway.KeySpec{})
		if err := s.Forget(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := order(s, "order-1", "cup"); got.body != first.body {
			t.Errorf("within a day: %+v", got)
		}
		s.clock.Advance(2 * time.Second)
		if got := order(s, "order-1", "jar"); got.status != 201 || got.body == first.body {
			t.Errorf("after a day: %+v", got)
		}
	})
}

func TestWhatFailedMayBeTriedAgainUnderItsKey(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *stall) {
		k := s.key(t, mina, gateway.KeySpec{})
		order := func(sku string) told {
			return send(t, s.sign(t, k, "POST", "/open/v1/orders", fmt.Sprintf(`{"sku":%q}`, sku), "Idempotency-Key", "k"))
		}
		for _, tt := range []struct {
			sku    string
			status int
		}{{"sold-out", 409}, {"broken", 500}, {"panic", 500}, {strings.Repeat("x", 30), 422}, {"sold-out", 409}, {"cup", 201}, {"cup", 201}, {"jar", 409}} {
			if got := order(tt.sku); got.status != tt.status {
				t.Errorf("%s: %+v", tt.sku, got)
			}
		}
		if n := s.served.Load(); n != 5 {
			t.Errorf("served %d times", n)
		}
	})
}

func TestASecondCallWhileTheFirstIsOnIsToldToWait(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *stall) {
		other := s.open(t)
		k := s.key(t, mina, gateway.KeySpec{})
		order := func(p *stall) told {
			return send(t, p.sign(t, k, "POST", "/open/v1/orders", `{"sku":"cup"}`, "Idempotency-Key", "k"))
		}
		s.hold = make(chan struct{})
		first := make(chan told)
		go func() { first <- order(s) }()
		<-s.arrive
		for _, p := range []*stall{s, other} {
			got := order(p)
			got.want(t, "meanwhile", 409, "still under way")
			if got.header.Get("Retry-After") != "1" {
				t.Errorf("Retry-After %q", got.header.Get("Retry-After"))
			}
		}
		close(s.hold)
		done := <-first
		if done.status != 201 {
			t.Fatalf("%+v", done)
		}
		if got := order(other); got.body != done.body {
			t.Errorf("afterwards: %+v", got)
		}
	})
}

// A process that died in the middle blocks its key for a while, not for ever.
func TestAKeyOfAProcessThatDiedIsFreeAfterAWhile(t *testing.T) {
	s := newTown(t, testkit.Engines(t)[0]).open(t)
	other := s.open(t)
	k := s.key(t, mina, gateway.KeySpec{})
	order := func(p *stall) told {
		return send(t, p.sign(t, k, "POST", "/open/v1/orders", `{"sku":"cup"}`, "Idempotency-Key", "k"))
	}
	s.hold = make(chan struct{}) // as good as dead
	first := make(chan told)
	go func() { first <- order(s) }()
	<-s.arrive
	s.clock.Advance(119 * time.Second)
	order(other).want(t, "too early", 409, "under way")
	s.clock.Advance(time.Second)
	taken := order(other)
	taken.want(t, "later", 201, "")
	// Should it come back to life, its caller gets its answer, but what is kept is the other's.
	close(s.hold)
	if late := <-first; late.status != 201 {
		t.Errorf("%+v", late)
	}
	if got := order(other); got.body != taken.body || got.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("%+v, want %s", got, taken.body)
	}
}

func TestAnAnswerTooLargeToKeepIsGivenOnce(t *testing.T) {
	s := newTown(t, testkit.Engines(t)[0]).open(t)
	k := s.key(t, mina, gateway.KeySpec{})
	ask := func(times int, key string) told {
		return send(t, s.sign(t, k, "POST", fmt.Sprintf("/open/v1/files/x?times=%d", times), strings.Repeat("\xff\x00", 4096), "Idempotency-Key", key))
	}
	if got := ask(32, "fits"); got.status != 200 || len(got.body) != 32*8192 {
		t.Errorf("%d, %d bytes", got.status, len(got.body))
	}
	if got := ask(32, "fits"); got.status != 200 || got.body != strings.Repeat(strings.Repeat("\xff\x00", 4096), 32) || got.header.Get("Idempotency-Replayed") == "" {
		t.Errorf("%d, %d bytes", got.status, len(got.body))
	}
	if got := ask(33, "large"); got.status != 200 || len(got.body) != 33*8192 {
		t.Errorf("%d, %d bytes", got.status, len(got.body))
	}
	ask(33, "large").want(t, "again", 409, "was done; its answer was too large")
}

func TestAKeyThatIsNoneIsRefused(t *testing.T) {
	s := newTown(t, testkit.Engines(t)[0]).open(t)
	k := s.key(t, mina, gateway.KeySpec{})
	for _, key := range []string{`""`, "a b", `a"b`, `a\b`, "钥匙", strings.Repeat("x", 201)} {
		send(t, s.sign(t, k, "POST", "/open/v1/orders", `{"sku":"cup"}`, "Idempotency-Key", key)).want(t, key, 422, "visible ASCII")
	}
	if s.served.Load() != 0 {
		t.Error("one was served")
	}
	// Reading is idempotent by itself.
	if got := send(t, s.sign(t, k, "GET", "/open/v1/orders", "", "Idempotency-Key", "a b")); got.status != 200 {
		t.Errorf("%+v", got)
	}
}

// The answer to an exchange of a login code holds a session key, and lies in the database for a day.
func TestAKeptAnswerShowsNothingInTheDatabase(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *stall) {
		const secret = "session-key-5f1c9a77e0"
		d := testkit.Open(t, s.url)
		row := func() (header, body string) {
			t.Helper()
			if err := d.View(t.Context(), func(tx db.Tx) error {
				return tx.QueryRowContext(t.Context(), "SELECT header, body FROM gateway_idempotency WHERE app_id = 'app_mina' AND idem_key = 'login/1'").Scan(&header, &body)
			}); err != nil {
				t.Fatal(err)
			}
			return header, body
		}
		set := func(header, body string) {
			t.Helper()
			if err := d.Update(t.Context(), func(tx db.Tx) error {
				_, err := tx.ExecContext(t.Context(), "UPDATE gateway_idempotency SET header = $1, body = $2", header, body)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		k := s.key(t, mina, gateway.KeySpec{})
		login := func() told {
			return send(t, s.sign(t, k, "POST", "/open/v1/files/x", secret, "Idempotency-Key", "login/1"))
		}
		if got := login(); got.status != 200 || got.body != secret {
			t.Fatalf("%+v", got)
		}
		header, body := row()
		if !seal.IsSealed(header) || !seal.IsSealed(body) {
			t.Errorf("kept in the clear: %s %s", header, body)
		}
		plain := base64.StdEncoding.EncodeToString([]byte(secret))
		for _, text := range []string{secret, secret[:8], plain[:8], base64.RawURLEncoding.EncodeToString([]byte(secret))[:8], "text/plain"} {
			if strings.Contains(header+body, text) {
				t.Errorf("%q is in the table: %s %s", text, header, body)
			}
		}
		if got := login(); got.body != secret || got.header.Get("Idempotency-Replayed") != "true" || !strings.HasPrefix(got.header.Get("Content-Type"), "text/plain") {
			t.Errorf("sealed and given again: %+v", got)
		}
		// A row that was kept before answers were sealed is given again as it was.
		set(`{"Content-Type":["text/old"]}`, plain)
		if got := login(); got.body != secret || got.header.Get("Content-Type") != "text/old" || got.header.Get("Idempotency-Replayed") != "true" {
			t.Errorf("an old row: %+v", got)
		}
		// Header and body are bound to their places: what was moved is not given to anybody.
		set(body, header)
		if got := login(); got.status != 500 || strings.Contains(got.body, secret) {
			t.Errorf("moved: %+v", got)
		}
		if n := s.served.Load(); n != 1 {
			t.Errorf("served %d times", n)
		}
	})
}
