package gateway_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"minimart/open/gateway"
	"minimart/platform/fault"
	"minimart/platform/testkit"
)

// from is a request from an address.
func from(address string) *http.Request {
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("X-Test-From", address)
	return r
}

func TestASecretShownInTheClearLetsItsAppIn(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *stall) {
		first, second := s.key(t, mina, gateway.KeySpec{}), s.key(t, mina, gateway.KeySpec{Scopes: []string{"files:read"}, Networks: []string{"203.0.113.0/24"}})
		theirs := s.key(t, wang, gateway.KeySpec{})
		other := s.open(t)
		at := from("203.0.113.9")
		for _, p := range []*stall{s, other} {
			for _, k := range []gateway.IssuedKey{first, second} {
				c, err := p.Present(t.Context(), at, "app_mina", k.Secret)
				if err != nil || c.App != "app_mina" || c.Org != "org_app_mina" || c.Key != k.Key.ID || !slices.Equal(c.Scopes, k.Key.Scopes) {
					t.Errorf("%+v, %v", c, err)
				}
			}
		}
		if k, err := s.Key(t.Context(), mina, "app_mina", first.Key.ID); err != nil || k.LastUsedAt != opening.UnixMilli() || k.LastUsedFrom != "203.0.113.9" {
			t.Errorf("its use is noted: %+v, %v", k, err)
		}
		for name, tt := range map[string]struct {
			from, app, secret string
			code              fault.Code
		}{
			"a neighbour's secret":      {"203.0.113.9", "app_mina", theirs.Secret, fault.CodeUnauthenticated},
			"a neighbour's app":         {"203.0.113.9", "app_wang", first.Secret, fault.CodeUnauthenticated},
			"no secret":                 {"203.0.113.9", "app_mina", "", fault.CodeUnauthenticated},
			"half a secret":             {"203.0.113.9", "app_mina", first.Secret[:46], fault.CodeUnauthenticated},
			"an app without keys":       {"203.0.113.9", "app_none", first.Secret, fault.CodeNotFound},
			"an address not among them": {"203.0.114.9", "app_mina", second.Secret, fault.CodeDenied},
		} {
			if c, err := s.Present(t.Context(), from(tt.from), tt.app, tt.secret); !fault.Is(err, tt.code) || strings.Contains(err.Error(), "mms_") {
				t.Errorf("%s: %+v, %v", name, c, err)
			}
		}
		if _, err := s.RevokeKey(t.Context(), mina, "app_mina", first.Key.ID); err != nil {
			t.Fatal(err)
		}
		fresh, err := s.RotateKey(t.Context(), mina, "app_mina", second.Key.ID, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		s.clock.Advance(30 * time.Minute)
		for _, p := range []*stall{s, other} {
			if _, err := p.Present(t.Context(), at, "app_mina", first.Secret); !fault.Is(err, fault.CodeUnauthenticated) {
				t.Errorf("revoked: %v", err)
			}
			for _, secret := range []string{second.Secret, fresh.Secret} {
				if _, err := p.Present(t.Context(), at, "app_mina", secret); err != nil {
					t.Errorf("while it is rotated: %v", err)
				}
			}
		}
		s.clock.Advance(30 * time.Minute)
		if _, err := other.Present(t.Context(), at, "app_mina", second.Secret); !fault.Is(err, fault.CodeUnauthenticated) {
			t.Errorf("after it was rotated: %v", err)
		}
	})
}

func TestAProofByAnotherPlatformsRulesLetsAKeyIn(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *stall) {
		k := s.key(t, mina, gateway.KeySpec{Networks: []string{"203.0.113.0/24"}})
		right := func(secret string) bool { return secret == k.Secret }
		at := from("203.0.113.9")
		c, err := s.Verify(t.Context(), at, k.Key.ID, right)
		if err != nil || c.Key != k.Key.ID || c.App != "app_mina" {
			t.Errorf("%+v, %v", c, err)
		}
		if c, err = s.Recall(t.Context(), at, k.Key.ID); err != nil || c.Key != k.Key.ID {
			t.Errorf("%+v, %v", c, err)
		}
		for name, tt := range map[string]struct {
			code fault.Code
			try  func() error
		}{
			"a wrong proof": {fault.CodeUnauthenticated, func() error {
				_, err := s.Verify(t.Context(), at, k.Key.ID, func(string) bool { return false })
				return err
			}},
			"a key that is not there": {fault.CodeNotFound, func() error {
				_, err := s.Verify(t.Context(), at, "key_none", func(string) bool { return true })
				return err
			}},
			"recalling one that is not there": {fault.CodeUnauthenticated, func() error { _, err := s.Recall(t.Context(), at, "key_none"); return err }},
		} {
			if err := tt.try(); !fault.Is(err, tt.code) {
				t.Errorf("%s: %v", name, err)
			}
		}
		away := from("198.51.100.9")
		if _, err := s.Verify(t.Context(), away, k.Key.ID, right); !fault.Is(err, fault.CodeDenied) {
			t.Error(err)
		}
		if _, err := s.Recall(t.Context(), away, k.Key.ID); !fault.Is(err, fault.CodeDenied) {
			t.Error(err)
		}
		if c, name, err := s.WhoHas(t.Context(), k.Key.ID); err != nil || c.App != "app_mina" || name != "server" {
			t.Errorf("%+v %s %v", c, name, err)
		}
		if _, _, err := s.WhoHas(t.Context(), "key_none"); !fault.Is(err, fault.CodeNotFound) {
			t.Error(err)
		}
		other := s.open(t)
		if _, err := other.Recall(t.Context(), at, k.Key.ID); err != nil {
			t.Error(err)
		}
		if _, err := s.RevokeKey(t.Context(), mina, "app_mina", k.Key.ID); err != nil {
			t.Fatal(err)
		}
		for _, p := range []*stall{s, other} {
			if _, err := p.Recall(t.Context(), at, k.Key.ID); !fault.Is(err, fault.CodeUnauthenticated) {
				t.Errorf("recalled a revoked key: %v", err)
			}
			if _, err := p.Verify(t.Context(), at, k.Key.ID, right); !fault.Is(err, fault.CodeNotFound) {
				t.Errorf("verified a revoked key: %v", err)
			}
		}
	})
}

func TestWhoGuessesSecretsIsShutOutAndNobodyElse(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *stall) {
		k := s.key(t, mina, gateway.KeySpec{})
		guesser, honest := from("203.0.113.66"), from("203.0.113.1")
		guess := func(p *stall) error {
			_, err := p.Present(t.Context(), guesser, "app_mina", "mms_guess")
			return err
		}
		other := s.open(t)
		for i := range 20 {
			if err := guess([]*stall{s, other}[i%2]); !fault.Is(err, fault.CodeUnauthenticated) {
				t.Fatalf("guess %d: %v", i, err)
			}
		}
		for _, p := range []*stall{s, other} {
			if err := guess(p); !fault.Is(err, fault.CodeExhausted) || fault.Of(err).RetryAfter != 10*time.Second {
				t.Errorf("one too many: %v", err)
			}
			if _, err := p.Present(t.Context(), guesser, "app_mina", k.Secret); !fault.Is(err, fault.CodeExhausted) {
				t.Errorf("a right guess after so many wrong ones: %v", err)
			}
			if _, err := p.Present(t.Context(), honest, "app_mina", k.Secret); err != nil {
				t.Errorf("the app's own server: %v", err)
			}
		}
		s.clock.Advance(10 * time.Second)
		if _, err := s.Present(t.Context(), guesser, "app_mina", k.Secret); err != nil {
			t.Errorf("after a while: %v", err)
		}
		// Many apps from one address, and from the neighbours of an address of IPv6.
		refused := 0
		for i := range 70 {
			_, err := s.Present(t.Context(), from("2001:db8::"+string(rune('1'+i%9))), "app_"+string(rune('a'+i%26)), "mms_guess")
			if fault.Is(err, fault.CodeExhausted) {
				refused++
			}
		}
		if refused < 9 {
			t.Errorf("%d of 70 were refused", refused)
		}
		s.clock.Advance(time.Hour)
		if err := s.Forget(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestADoorChargesItsCalls(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *stall) {
		s.quotas.Store(&gateway.FixedQuotas{App: gateway.Quota{Limit: 3, Window: time.Minute}})
		k, theirs := s.key(t, mina, gateway.KeySpec{Scopes: []string{"orders:read", "orders:write"}}), s.key(t, wang, gateway.KeySpec{})
		charge := func(k gateway.IssuedKey, app, scope string) (http.Header, error) {
			c, err := s.Present(context.Background(), from("203.0.113.1"), app, k.Secret)
			if err != nil {
				t.Fatal(err)
			}
			h := http.Header{}
			return h, s.Charge(t.Context(), h, c, scope)
		}
		if _, err := charge(k, "app_mina", "files:read"); !fault.Is(err, fault.CodeDenied) || !strings.Contains(err.Error(), "files:read") {
			t.Errorf("without the scope: %v", err)
		}
		if _, err := charge(theirs, "app_wang", "orders:write"); !fault.Is(err, fault.CodeDenied) || !strings.Contains(err.Error(), "trade") {
			t.Errorf("without the grant: %v", err)
		}
		for i, scope := range []string{"orders:read", "orders:write", ""} {
			if h, err := charge(k, "app_mina", scope); err != nil || h.Get("RateLimit-Limit") != "3" || h.Get("RateLimit-Remaining") != string(rune('2'-i)) {
				t.Errorf("%q: %v, %v", scope, h, err)
			}
		}
		if h, err := charge(k, "app_mina", ""); !fault.Is(err, fault.CodeExhausted) || h.Get("RateLimit-Remaining") != "0" {
			t.Errorf("one too many: %v, %v", h, err)
		}
		defer func() {
			if recover() == nil {
				t.Error("a scope that is not there was charged")
			}
		}()
		_, _ = charge(k, "app_mina", "orders:all")
	})
}

func TestTheDocumentOfTheOpenAPIHoldsTheOpenAPIAndNothingElse(t *testing.T) {
	s := newTown(t, testkit.Engines(t)[0]).open(t)
	get := func(tag, encoding string) *http.Response {
		req, err := http.NewRequest("GET", s.site.URL+gateway.DocumentPath, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("If-None-Match", tag)
		req.Header.Set("Accept-Encoding", encoding)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { resp.Body.Close() })
		return resp
	}
	first := get("", "identity")
	var doc struct {
		OpenAPI    string
		Info       map[string]any
		Paths      map[string]map[string]map[string]any
		Components map[string]map[string]any
	}
	decode(t, first.Body, &doc)
	if first.StatusCode != 200 || !strings.HasPrefix(doc.OpenAPI, "3.1") || doc.Info["title"] != "test" || !strings.Contains(first.Header.Get("Cache-Control"), "public") {
		t.Errorf("%d %v %+v", first.StatusCode, first.Header, doc.Info)
	}
	if len(doc.Paths) != 1 || doc.Paths["/open/v1/orders"]["post"]["operationId"] != "create-order" {
		t.Errorf("%v", doc.Paths)
	}
	if len(doc.Components["securitySchemes"]) != 1 || doc.Components["schemas"]["Problem"] == nil || doc.Components["schemas"]["Wrong"] == nil {
		t.Errorf("%v", doc.Components)
	}
	for name := range doc.Components["schemas"] {
		if strings.Contains(name, "Key") || strings.Contains(name, "Scope") {
			t.Errorf("the console's schema %s is in it", name)
		}
	}
	tag := first.Header.Get("ETag")
	packed := get("", "gzip")
	for _, t2 := range []string{tag, `"x", ` + tag, packed.Header.Get("ETag"), "*"} {
		if again := get(t2, "identity"); again.StatusCode != 304 || again.Header.Get("ETag") != tag {
			t.Errorf("%s: %d", t2, again.StatusCode)
		}
	}
	if other := get(`"other"`, "identity"); other.StatusCode != 200 || tag == "" {
		t.Errorf("%d", other.StatusCode)
	}
}
