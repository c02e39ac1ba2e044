package gateway_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"minimart/open/gateway"
	"minimart/open/gateway/signing"
	"minimart/platform/fault/faulttest"
	"minimart/platform/testkit"
)

func TestEveryFaultSpeaksChinese(t *testing.T) { faulttest.Translated(t) }

func TestASignedCallReachesItsOperation(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *stall) {
		k := s.key(t, mina, gateway.KeySpec{})
		got := send(t, s.sign(t, k, "GET", "/open/v1/orders?state=paid&q=%E5%B0%8F%20x+y", ""))
		if got.status != 200 || !strings.Contains(got.body, `"app":"app_mina"`) || !strings.Contains(got.body, `"org":"org_app_mina"`) || !strings.Contains(got.body, k.Key.ID) {
			t.Errorf("%+v", got)
		}
		got = send(t, s.sign(t, k, "POST", "/open/v1/orders", `{"sku":"杯子"}`))
		if got.status != 201 || !strings.Contains(got.body, `"sku":"杯子"`) || got.header.Get("ETag") != `"2"` {
			t.Errorf("%+v", got)
		}
		if got = send(t, s.sign(t, k, "POST", "/open/v1/files/a%2Fb%20c", "bytes")); got.status != 200 || got.body != "bytes" {
			t.Errorf("%+v", got)
		}
		// The operation's own checks still hold.
		send(t, s.sign(t, k, "POST", "/open/v1/orders", `{"sku":"`+strings.Repeat("x", 30)+`"}`)).want(t, "a long sku", 422, "length")
	})
}

func TestACallThatIsNotRightlySignedIsRefused(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *stall) {
		k, other := s.key(t, mina, gateway.KeySpec{}), s.key(t, wang, gateway.KeySpec{})
		good := func() *http.Request { return s.sign(t, k, "POST", "/open/v1/orders?a=1&b=2&b=3", `{"sku":"cup"}`) }
		if got := send(t, good()); got.status != 201 {
			t.Fatalf("the good one: %+v", got)
		}
		served := s.served.Load()
		at := s.clock.Now()
		for _, tt := range []struct {
			name   string
			change func(*http.Request) *http.Request
			says   string
		}{
			{"no signature", func(r *http.Request) *http.Request { r.Header.Del("Authorization"); return r }, "must be signed"},
			{"another scheme", func(r *http.Request) *http.Request { r.Header.Set("Authorization", "Bearer x"); return r }, "must be signed"},
			{"half a header", func(r *http.Request) *http.Request {
				r.Header.Set("Authorization", r.Header.Get("Authorization")[:60])
				return r
			}, "cannot be read"},
			{"another method", func(r *http.Request) *http.Request { r.Method = "PUT"; r.URL.Path = "/open/v1/orders"; return r }, ""},
			{"another path", func(r *http.Request) *http.Request { r.URL.Path = "/open/v1/files/x"; return r }, "signature is not that"},
			{"another value in the query", func(r *http.Request) *http.Request { r.URL.RawQuery = "a=2&b=2&b=3"; return r }, "signature is not that"},
			{"one parameter more", func(r *http.Request) *http.Request { r.URL.RawQuery += "&c=1"; return r }, "signature is not that"},
			{"another order of values", func(r *http.Request) *http.Request { r.URL.RawQuery = "a=1&b=3&b=2"; return r }, "signature is not that"},
			{"a broken query", func(r *http.Request) *http.Request { r.URL.RawQuery = "a=%zz"; return r }, "cannot be signed"},
			{"another body", func(r *http.Request) *http.Request { return withBody(r, `{"sku":"jar"}`) }, "the body is not the one"},
			{"no body", func(r *http.Request) *http.Request { return withBody(r, "") }, "the body is not the one"},
			{"another body with its hash", func(r *http.Request) *http.Request {
				r = withBody(r, `{"sku":"jar"}`)
				old := signing.HashBody([]byte(`{"sku":"cup"}`))
				r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), old, signing.HashBody([]byte(`{"sku":"jar"}`)), 1))
				return r
			}, "signature is not that"},
			{"another nonce", func(r *http.Request) *http.Request {
				r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "nonce=", "nonce=x", 1))
				return r
			}, "signature is not that"},
			{"another time", func(r *http.Request) *http.Request {
				was, is := strconv.FormatInt(at.Unix(), 10), strconv.FormatInt(at.Unix()+1, 10)
				r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), was, is, 1))
				return r
			}, "signature is not that"},
			{"another's key", func(r *http.Request) *http.Request {
				r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), k.Key.ID, other.Key.ID, 1))
				return r
			}, "signature is not that"},
			{"an unknown key", func(r *http.Request) *http.Request {
				r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), k.Key.ID, "key_00000000000000000000000000", 1))
				return r
			}, "signature is not that"},
			{"a forged signature", func(r *http.Request) *http.Request {
				h := r.Header.Get("Authorization")
				r.Header.Set("Authorization", h[:len(h)-64]+strings.Repeat("0", 64))
				return r
			}, "signature is not that"},
		} {
			got := send(t, tt.change(good()))
			if tt.name == "another method" {
				if got.status != 405 {
					t.Errorf("%s: %+v", tt.name, got)
				}
				continue
			}
			got.want(t, tt.name, 401, tt.says)
		}
		wrong := k
		wrong.Secret = other.Secret
		send(t, s.sign(t, wrong, "GET", "/open/v1/orders", "")).want(t, "another's secret", 401, "signature is not that")
		if s.served.Load() != served {
			t.Errorf("%d calls got through", s.served.Load()-served)
		}
	})
}

func withBody(r *http.Request, body string) *http.Request {
	out, err := http.NewRequest(r.Method, r.URL.String(), strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	out.Header = r.Header
	return out
}

func TestTheHintOfAWrongSignatureIsTheTextTheServerSigned(t *testing.T) {
	s := newTown(t, testkit.Engines(t)[0]).open(t)
	k := s.key(t, mina, gateway.KeySpec{})
	k.Secret += "x"
	req := s.sign(t, k, "GET", "/open/v1/orders?b=1&a=2", "")
	a, err := signing.Parse(req.Header.Get("Authorization"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := signing.Request{Method: "GET", Path: "/open/v1/orders", Query: "b=1&a=2", BodyHash: a.BodyHash, Timestamp: a.Timestamp, Nonce: a.Nonce, Key: a.Key}.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	send(t, req).want(t, "hint", 401, signing.HashBody([]byte(text)))
	req.Header.Set("Accept-Language", "zh")
	send(t, req).want(t, "提示", 401, "签名与其密钥值不符")
}

func TestTimestampsHoldForFiveMinutesEitherWay(t *testing.T) {
	s := newTown(t, testkit.Engines(t)[0]).open(t)
	k := s.key(t, mina, gateway.KeySpec{})
	for _, tt := range []struct {
		skew   time.Duration // of the caller's clock
		status int
		says   string
	}{
		{-300 * time.Second, 200, ""}, {300 * time.Second, 200, ""},
		{-301 * time.Second, 401, "301 s behind the server's clock, which shows 1781740800"}, {301 * time.Second, 401, "301 s ahead"},
		{-24 * time.Hour, 401, "behind"}, {1000 * 24 * time.Hour, 401, "ahead"},
	} {
		s.clock.Set(opening.Add(tt.skew))
		req := s.sign(t, k, "GET", "/open/v1/orders", "")
		s.clock.Set(opening)
		send(t, req).want(t, tt.skew.String(), tt.status, tt.says)
	}
}

func TestACallIsAdmittedOnce(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *stall) {
		k := s.key(t, mina, gateway.KeySpec{})
		read, write := s.sign(t, k, "GET", "/open/v1/orders", ""), s.sign(t, k, "POST", "/open/v1/orders", `{"sku":"cup"}`)
		for _, req := range []*http.Request{read, write} {
			if got := send(t, req); got.status >= 300 {
				t.Fatalf("%+v", got)
			}
			send(t, req).want(t, "replayed at once", 401, "was made before")
			s.clock.Set(opening.Add(4 * time.Minute))
			send(t, req).want(t, "replayed later", 401, "was made before")
			s.clock.Set(opening)
		}
		// Neither a restart nor another process forgets.
		restarted := s.open(t)
		for _, req := range []*http.Request{read, write} {
			again := req.Clone(context.Background())
			again.URL.Host = strings.TrimPrefix(restarted.site.URL, "http://")
			again.Host = again.URL.Host
			send(t, again).want(t, "replayed after a restart", 401, "was made before")
		}
		if n := restarted.served.Load(); n != 0 {
			t.Errorf("%d replays got through", n)
		}
		// What is forgotten is too old anyway, and only that.
		early := s.sign(t, k, "GET", "/open/v1/orders", "")
		s.clock.Advance(5 * time.Minute)
		if got := send(t, early); got.status != 200 {
			t.Fatalf("%+v", got)
		}
		if err := s.Forget(t.Context()); err != nil {
			t.Fatal(err)
		}
		again := s.open(t)
		replay := early.Clone(context.Background())
		replay.URL.Host, replay.Host = strings.TrimPrefix(again.site.URL, "http://"), ""
		send(t, replay).want(t, "at the end of its time", 401, "was made before")
		s.clock.Advance(7 * time.Minute)
		if err := s.Forget(t.Context()); err != nil {
			t.Fatal(err)
		}
		send(t, replay).want(t, "forgotten", 401, "behind the server's clock")
	})
}

// Calls that come together are stored together. Those among them that were made before are found, and harm no other.
func TestReplaysInACrowdAreFoundAndTheOthersAdmitted(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *stall) {
		k := s.key(t, mina, gateway.KeySpec{})
		const fresh, replays = 70, 10
		var crowd []*http.Request
		for range replays {
			made := s.sign(t, k, "GET", "/open/v1/orders", "")
			if got := send(t, made); got.status != 200 {
				t.Fatalf("%+v", got)
			}
			crowd = append(crowd, made)
		}
		for range fresh {
			once := s.sign(t, k, "GET", "/open/v1/orders", "")
			crowd = append(crowd, once, once) // and its twin
		}
		another := s.open(t) // whose memory is empty
		statuses := make([]int, len(crowd))
		var wg sync.WaitGroup
		for i, req := range crowd {
			wg.Go(func() {
				req := req.Clone(context.Background())
				req.URL.Host, req.Host = strings.TrimPrefix(another.site.URL, "http://"), ""
				statuses[i] = send(t, req).status
			})
		}
		wg.Wait()
		for i, status := range statuses[:replays] {
			if status != 401 {
				t.Errorf("replay %d: %d", i, status)
			}
		}
		for i := replays; i < len(statuses); i += 2 {
			if a, b := statuses[i], statuses[i+1]; a+b != 200+401 {
				t.Errorf("call %d and its twin: %d and %d", i, a, b)
			}
		}
		if n := another.served.Load(); n != fresh {
			t.Errorf("%d were served, want %d", n, fresh)
		}
	})
}

func TestOfManyReplaysAtOnceOneIsAdmitted(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *stall) {
		second := s.open(t)
		k := s.key(t, mina, gateway.KeySpec{})
		req := s.sign(t, k, "GET", "/open/v1/orders", "")
		var ok, refused atomic.Int64
		var wg sync.WaitGroup
		for i := range 24 {
			wg.Go(func() {
				r := req.Clone(context.Background())
				if i%2 == 1 {
					r.URL.Host, r.Host = strings.TrimPrefix(second.site.URL, "http://"), ""
				}
				switch got := send(t, r); got.status {
				case 200:
					ok.Add(1)
				case 401:
					refused.Add(1)
				default:
					t.Errorf("%+v", got)
				}
			})
		}
		wg.Wait()
		if ok.Load() != 1 || refused.Load() != 23 {
			t.Errorf("%d admitted, %d refused", ok.Load(), refused.Load())
		}
	})
}

func TestABodyIsReadUpToItsLimit(t *testing.T) {
	s := newTown(t, testkit.Engines(t)[0]).open(t)
	k := s.key(t, mina, gateway.KeySpec{})
	send(t, s.sign(t, k, "POST", "/open/v1/files/x", strings.Repeat("x", 100_001))).want(t, "too large", 413, "100000 bytes")
	if got := send(t, s.sign(t, k, "POST", "/open/v1/files/x", strings.Repeat("x", 100_000))); got.status != 200 || len(got.body) != 100_000 {
		t.Errorf("%d with %d bytes", got.status, len(got.body))
	}
}

func TestScopesNetworksAndGrantsAreEnforced(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *stall) {
		reader := s.key(t, mina, gateway.KeySpec{Scopes: []string{"orders:read"}, Networks: []string{"203.0.113.0/24", "2001:db8::7"}})
		call := func(k gateway.IssuedKey, from, method, body string) told {
			return send(t, s.sign(t, k, method, "/open/v1/orders", body, "X-Test-From", from))
		}
		for from, status := range map[string]int{"203.0.113.200": 200, "::ffff:203.0.113.9": 200, "2001:db8::7": 200, "203.0.114.1": 403, "2001:db8::8": 403, "::1": 403} {
			call(reader, from, "GET", "").want(t, from, status, map[int]string{200: "", 403: "may not be used from"}[status])
		}
		call(reader, "203.0.113.1", "POST", `{"sku":"cup"}`).want(t, "without the scope", 403, "lacks the scope orders:write")
		call(s.key(t, wang, gateway.KeySpec{}), "203.0.113.1", "POST", `{"sku":"cup"}`).want(t, "without the grant", 403, "not been granted the capability trade")
		writer := s.key(t, mina, gateway.KeySpec{})
		call(writer, "203.0.113.1", "POST", `{"sku":"cup"}`).want(t, "with both", 201, "")
		s.grants.mu.Lock()
		s.grants.revoked = true
		s.grants.mu.Unlock()
		call(writer, "203.0.113.1", "POST", `{"sku":"cup"}`).want(t, "after it was revoked", 403, "not been granted")
		call(writer, "203.0.113.1", "GET", "").want(t, "what needs no grant", 200, "")
	})
}
