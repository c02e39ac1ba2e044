package host_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"minimart/open/host"
	"minimart/platform/fault"
)

// claims are those of a good assertion, with some changed; nil takes one out.
func (s *street) claims(changed map[string]any) jwt.MapClaims {
	now := s.clock.Now().Unix()
	c := jwt.MapClaims{"sub": "user-17", "iat": now, "exp": now + 300, "jti": rand.Text(), "aud": "minimart", "phone": "13800138000", "name": "李雷"}
	maps.Copy(c, changed)
	for k, v := range c {
		if v == nil {
			delete(c, k)
		}
	}
	return c
}

func sign(t testing.TB, secret string, c jwt.MapClaims, header ...string) string {
	t.Helper()
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, c)
	for i := 0; i < len(header); i += 2 {
		token.Header[header[i]] = header[i+1]
	}
	return must[string](t)(token.SignedString([]byte(secret)))
}

func TestAHostAppSaysWhoItHasSignedIn(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *street) {
		i := s.register(t, "Shop")
		a := must[host.Asserted](t)(s.Verify(t.Context(), i.Host.ID, sign(t, i.Secret, s.claims(nil))))
		if a != (host.Asserted{Host: i.Host.ID, Subject: "user-17", Phone: "13800138000", Name: "李雷", ExpiresAt: s.clock.Now().Unix()*1000 + 300_000}) {
			t.Errorf("%+v", a)
		}
		for name, changed := range map[string]map[string]any{
			"the least":             {"phone": nil, "name": nil},
			"to the platform":       {"aud": "https://mini.example"},
			"with a slash":          {"aud": "https://mini.example/"},
			"among others":          {"aud": []string{"https://other.example", "minimart"}},
			"a clock ahead":         {"iat": s.clock.Now().Unix() + 30},
			"fractions":             {"iat": float64(s.clock.Now().Unix()) + 0.5, "exp": float64(s.clock.Now().Unix()) + 10.25},
			"the longest":           {"sub": strings.Repeat("用", 128), "jti": strings.Repeat("a", 128)},
			"not before":            {"nbf": s.clock.Now().Unix()},
			"something else":        {"iss": "shop", "extra": map[string]any{"a": 1}},
			"a phone from abroad":   {"phone": "+85291234567"},
			"empty phone and name":  {"phone": "", "name": ""},
			"the shortest lifetime": {"exp": s.clock.Now().Unix() + 1},
		} {
			if _, err := s.Verify(t.Context(), i.Host.ID, sign(t, i.Secret, s.claims(changed))); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestAnAssertionThatDoesNotHold(t *testing.T) {
	s := onSQLite(t)
	i, other := s.register(t, "Shop"), s.register(t, "Other")
	now := s.clock.Now().Unix()
	builtin := must[host.Host](t)(s.EnsureBuiltin(t.Context()))
	b64 := base64.RawURLEncoding.EncodeToString
	good := sign(t, i.Secret, s.claims(nil))
	parts := strings.Split(good, ".")
	private := must[*rsa.PrivateKey](t)(rsa.GenerateKey(rand.Reader, 2048))
	public := string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: must[[]byte](t)(x509.MarshalPKIXPublicKey(&private.PublicKey))}))
	with := func(changed map[string]any) string { return sign(t, i.Secret, s.claims(changed)) }

	for _, tt := range []struct{ name, host, text, says string }{
		{"nothing", i.Host.ID, "", "three parts"},
		{"dots", i.Host.ID, "..", "three parts"},
		{"four parts", i.Host.ID, good + ".x", "three parts"},
		{"too long", i.Host.ID, with(map[string]any{"x": strings.Repeat("x", 9000)}), "three parts"},
		{"padding", i.Host.ID, parts[0] + "=." + parts[1] + "." + parts[2], "three parts"},
		{"null claims", i.Host.ID, parts[0] + "." + b64([]byte("null")) + "." + parts[2], "signature"},
		{"null header", i.Host.ID, b64([]byte("null")) + "." + parts[1] + "." + parts[2], "three parts"},
		{"no signature", i.Host.ID, parts[0] + "." + parts[1] + ".", "signature"},
		{"alg none", i.Host.ID, b64([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + parts[1] + ".", "alg must be HS256"},
		{"alg None", i.Host.ID, b64([]byte(`{"alg":"None"}`)) + "." + parts[1] + ".", "alg must be HS256"},
		{"alg none with the signature", i.Host.ID, b64([]byte(`{"alg":"none"}`)) + "." + parts[1] + "." + parts[2], "alg must be HS256"},
		{"no alg", i.Host.ID, b64([]byte(`{}`)) + "." + parts[1] + "." + parts[2], "alg must be HS256"},
		{"alg of another type", i.Host.ID, b64([]byte(`{"alg":1}`)) + "." + parts[1] + "." + parts[2], "alg must be HS256"},
		{"HS384", i.Host.ID, must[string](t)(jwt.NewWithClaims(jwt.SigningMethodHS384, s.claims(nil)).SignedString([]byte(i.Secret))), "alg must be HS256"},
		{"HS512", i.Host.ID, must[string](t)(jwt.NewWithClaims(jwt.SigningMethodHS512, s.claims(nil)).SignedString([]byte(i.Secret))), "alg must be HS256"},
		{"RS256", i.Host.ID, must[string](t)(jwt.NewWithClaims(jwt.SigningMethodRS256, s.claims(nil)).SignedString(private)), "alg must be HS256"},
		{"HS256 by a public key", i.Host.ID, sign(t, public, s.claims(nil)), "signature"},
		{"by the publishable key", i.Host.ID, sign(t, i.Host.PublishableKey, s.claims(nil)), "signature"},
		{"by the empty key", i.Host.ID, sign(t, "", s.claims(nil)), "signature"},
		{"by the secret without its prefix", i.Host.ID, sign(t, strings.TrimPrefix(i.Secret, "hss_"), s.claims(nil)), "signature"},
		{"by a neighbour", i.Host.ID, sign(t, other.Secret, s.claims(nil)), "signature"},
		{"for a neighbour", other.Host.ID, good, "signature"},
		{"for the platform's own host", builtin.ID, sign(t, "", s.claims(nil)), "signature"},
		{"a key of the token's own", i.Host.ID, sign(t, "mine", s.claims(nil), "jwk", "mine", "kid", "../../dev/null"), "signature"},
		{"an extension that must be understood", i.Host.ID, sign(t, i.Secret, s.claims(nil), "crit", "exp"), "alg must be HS256"},
		{"changed afterwards", i.Host.ID, parts[0] + "." + b64([]byte(`{"sub":"admin"}`)) + "." + parts[2], "signature"},
		{"expired", i.Host.ID, with(map[string]any{"iat": now - 300, "exp": now}), "exp is past"},
		{"from the future", i.Host.ID, with(map[string]any{"iat": now + 31, "exp": now + 60}), "exp at most 5 minutes"},
		{"too long a life", i.Host.ID, with(map[string]any{"exp": now + 301}), "exp at most 5 minutes"},
		{"for ever", i.Host.ID, with(map[string]any{"exp": 1e300}), "exp at most 5 minutes"},
		{"before it began", i.Host.ID, with(map[string]any{"iat": now + 20, "exp": now + 10}), "exp at most 5 minutes"},
		{"no exp", i.Host.ID, with(map[string]any{"exp": nil}), "exp at most 5 minutes"},
		{"no iat", i.Host.ID, with(map[string]any{"iat": nil}), "exp at most 5 minutes"},
		{"exp as text", i.Host.ID, with(map[string]any{"exp": fmt.Sprint(now + 60)}), "exp at most 5 minutes"},
		{"not yet", i.Host.ID, with(map[string]any{"nbf": now + 31}), "exp at most 5 minutes"},
		{"nbf as text", i.Host.ID, with(map[string]any{"nbf": "0"}), "exp at most 5 minutes"},
		{"no audience", i.Host.ID, with(map[string]any{"aud": nil}), "aud must be"},
		{"another audience", i.Host.ID, with(map[string]any{"aud": "https://mini.example.evil"}), "aud must be"},
		{"audience of another type", i.Host.ID, with(map[string]any{"aud": 7}), "aud must be"},
		{"audience of mixed types", i.Host.ID, with(map[string]any{"aud": []any{7, "minimart"}}), "aud must be"},
		{"nobody", i.Host.ID, with(map[string]any{"sub": ""}), "sub must have"},
		{"no sub", i.Host.ID, with(map[string]any{"sub": nil}), "sub must have"},
		{"a long sub", i.Host.ID, with(map[string]any{"sub": strings.Repeat("a", 129)}), "sub must have"},
		{"a sub of lines", i.Host.ID, with(map[string]any{"sub": "a\r\nb"}), "sub must have"},
		{"a sub with spaces around", i.Host.ID, with(map[string]any{"sub": " a"}), "sub must have"},
		{"sub as number", i.Host.ID, with(map[string]any{"sub": 17}), "sub must have"},
		{"no jti", i.Host.ID, with(map[string]any{"jti": nil}), "jti must have"},
		{"a short jti", i.Host.ID, with(map[string]any{"jti": "1234567"}), "jti must have"},
		{"an odd jti", i.Host.ID, with(map[string]any{"jti": "12345678\n"}), "jti must have"},
		{"no phone number", i.Host.ID, with(map[string]any{"phone": "+1-555-CALL"}), "phone must be"},
		{"phone as number", i.Host.ID, with(map[string]any{"phone": 13800138000}), "phone must be"},
		{"a name that turns round", i.Host.ID, with(map[string]any{"name": "a\u202eb"}), "name must have"},
		{"a long name", i.Host.ID, with(map[string]any{"name": strings.Repeat("a", 41)}), "name must have"},
	} {
		_, err := s.Verify(t.Context(), tt.host, tt.text)
		wants(t, tt.name, err, fault.CodeUnauthenticated, tt.says)
		if err != nil && strings.Contains(err.Error(), i.Secret) {
			t.Errorf("%s: the fault tells the secret", tt.name)
		}
	}
	_, err := s.Verify(t.Context(), "hst_01JZ4T8K5N3Q0V9W2X7Y6R1M4C", good)
	wants(t, "no such host", err, fault.CodeNotFound, "no host app")
	if _, err := s.Verify(t.Context(), i.Host.ID, good); err != nil { // none of this used it up
		t.Error(err)
	}
}

func TestAnAssertionIsGoodOnce(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *street) {
		i, other := s.register(t, "Shop"), s.register(t, "Other")
		services := []*host.Service{s.Service, s.open(t)}
		text := sign(t, i.Secret, s.claims(nil))
		var wg sync.WaitGroup
		var mu sync.Mutex
		done := 0
		for n := range 8 {
			wg.Go(func() {
				_, err := services[n%2].Verify(t.Context(), i.Host.ID, text)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					done++
				} else if !strings.Contains(err.Error(), "used already") && !fault.Is(err, fault.CodeUnavailable) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if done != 1 {
			t.Errorf("it was good %d times", done)
		}
		c := s.claims(map[string]any{"jti": "12345678"})
		must[host.Asserted](t)(s.Verify(t.Context(), i.Host.ID, sign(t, i.Secret, c)))
		must[host.Asserted](t)(s.Verify(t.Context(), other.Host.ID, sign(t, other.Secret, c))) // a neighbour counts for itself
		c["sub"] = "somebody-else"
		_, err := s.Verify(t.Context(), i.Host.ID, sign(t, i.Secret, c))
		wants(t, "the same jti", err, fault.CodeUnauthenticated, "used already")
		s.clock.Advance(299 * time.Second)
		_, _ = s.Sweep(t.Context())
		_, err = s.Verify(t.Context(), i.Host.ID, sign(t, i.Secret, c))
		wants(t, "after sweeping early", err, fault.CodeUnauthenticated, "used already")
		s.clock.Advance(2 * time.Minute)
		if n := must[int64](t)(s.Sweep(t.Context())); n != 3 {
			t.Errorf("swept %d", n)
		}
		_, err = s.Verify(t.Context(), i.Host.ID, sign(t, i.Secret, c))
		wants(t, "after sweeping", err, fault.CodeUnauthenticated, "exp is past")
	})
}

func TestSecretsAreRotatedWithAnOverlap(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *street) {
		ctx := t.Context()
		first := s.register(t, "Shop")
		h := first.Host.ID
		holds := func(secret string, want bool) {
			t.Helper()
			if _, err := s.Verify(ctx, h, sign(t, secret, s.claims(nil))); (err == nil) != want {
				t.Errorf("%v, want %v", err, want)
			}
		}
		second := must[host.Issued](t)(s.Rotate(ctx, root, h, 3600))
		if second.Secret == first.Secret || second.Host.PublishableKey != first.Host.PublishableKey {
			t.Errorf("%+v", second)
		}
		holds(first.Secret, true)
		holds(second.Secret, true)
		s.clock.Advance(time.Hour)
		holds(first.Secret, false)
		holds(second.Secret, true)
		third := must[host.Issued](t)(s.Rotate(ctx, root, h, 3600))
		fourth := must[host.Issued](t)(s.Rotate(ctx, root, h, 0)) // leaked: nothing lives on
		holds(second.Secret, false)
		holds(third.Secret, false)
		holds(fourth.Secret, true)
		if k := must[host.Known](t)(s.Host(ctx, root, h)); len(k.Secrets) != 1 {
			t.Errorf("%+v", k.Secrets)
		}
		must[host.Host](t)(s.Suspend(ctx, root, h, "x"))
		_, err := s.Verify(ctx, h, sign(t, fourth.Secret, s.claims(nil)))
		wants(t, "suspended", err, fault.CodeDenied, "suspended")
	})
}
