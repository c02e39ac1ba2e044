package gateway_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"minimart/open/gateway"
	"minimart/platform/access"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/testkit"
)

func TestAKeyIsMadeAndItsSecretIsShownOnce(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *stall) {
		k := s.key(t, mina, gateway.KeySpec{Name: " 仓库服务器 ", Scopes: []string{"orders:write", "orders:read", "orders:read"}, Networks: []string{"10.1.2.3/8", "203.0.113.7", "203.0.113.7/32"}})
		if len(k.Secret) != 47 || !strings.HasPrefix(k.Secret, "mms_") || k.Key.Name != "仓库服务器" || k.Key.Org != "org_app_mina" || k.Key.CreatedBy != "usr_app_mina" {
			t.Errorf("%+v", k)
		}
		if !slices.Equal(k.Key.Scopes, []string{"orders:read", "orders:write"}) || !slices.Equal(k.Key.Networks, []string{"10.0.0.0/8", "203.0.113.7/32"}) {
			t.Errorf("%+v", k.Key)
		}
		read, err := s.Key(t.Context(), member{reads: "app_mina"}, "app_mina", k.Key.ID)
		if err != nil || read.Name != k.Key.Name || read.State(0) != gateway.KeyLive {
			t.Errorf("%+v, %v", read, err)
		}
		var rows string
		if err := testkit.Open(t, s.url).View(t.Context(), func(tx db.Tx) error {
			return tx.QueryRowContext(t.Context(), "SELECT secret FROM gateway_key").Scan(&rows)
		}); err != nil || strings.Contains(rows, k.Secret[4:20]) || rows == "" {
			t.Errorf("stored as %q, %v", rows, err)
		}
		if second := s.key(t, mina, gateway.KeySpec{}); second.Secret == k.Secret {
			t.Error("two keys, one secret")
		}
		if got := s.diary.actions(); !slices.Equal(got, []string{"key.created", "key.created"}) {
			t.Errorf("%v", got)
		}
		first := s.diary.entries[0]
		if first.Actor != "usr_app_mina" || first.Org != "org_app_mina" || first.Target != k.Key.ID || first.IP != "192.0.2.1" || first.Detail["app"] != "app_mina" || first.Detail["scopes"] != "orders:read orders:write" {
			t.Errorf("%+v", first)
		}
		if text := fmt.Sprint(s.diary.entries); strings.Contains(text, k.Secret) {
			t.Errorf("the audit log tells the secret: %s", text)
		}
	})
}

func TestEverythingThatIsWrongWithAKeyIsSaidAtOnce(t *testing.T) {
	s := newTown(t, testkit.Engines(t)[0]).open(t)
	_, err := s.CreateKey(t.Context(), mina, "app_mina", gateway.KeySpec{
		Name: "a\u202eb", Scopes: []string{"orders:read", "orders:all"}, Networks: []string{"10.0.0.0/8", "everywhere", "::ffff:1.2.3.4/120", "fe80::1%eth0", "1.2.3.4/33"},
	})
	f := fault.Of(err)
	if f == nil || f.Code != fault.CodeInvalid {
		t.Fatal(err)
	}
	var fields []string
	for _, w := range f.Fields {
		fields = append(fields, w.Name)
	}
	if want := []string{"name", "scopes[1]", "networks[1]", "networks[2]", "networks[3]", "networks[4]"}; !slices.Equal(fields, want) {
		t.Errorf("%v: %v", fields, err)
	}
	_, err = s.CreateKey(t.Context(), mina, "app_mina", gateway.KeySpec{Name: strings.Repeat("长", 61)})
	if !fault.Is(err, fault.CodeInvalid) || !strings.Contains(err.Error(), "61 characters") || !strings.Contains(err.Error(), "at least one scope") {
		t.Error(err)
	}
}

func TestANeighboursKeyIsNotFound(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *stall) {
		theirs := s.key(t, wang, gateway.KeySpec{}).Key.ID
		for _, app := range []string{"app_mina", "app_wang"} { // under her own app, and under theirs
			for name, try := range map[string]func() error{
				"show": func() error { _, err := s.Key(t.Context(), mina, app, theirs); return err },
				"change": func() error {
					_, err := s.ChangeKey(t.Context(), mina, app, theirs, gateway.KeySpec{Name: "x", Scopes: []string{"orders:read"}})
					return err
				},
				"rotate": func() error { _, err := s.RotateKey(t.Context(), mina, app, theirs, 0); return err },
				"revoke": func() error { _, err := s.RevokeKey(t.Context(), mina, app, theirs); return err },
			} {
				if err := try(); !fault.Is(err, fault.CodeNotFound) {
					t.Errorf("%s under %s: %v", name, app, err)
				}
			}
		}
		if _, err := s.Keys(t.Context(), mina, "app_wang"); !fault.Is(err, fault.CodeNotFound) {
			t.Error(err)
		}
		if mine, err := s.Keys(t.Context(), mina, "app_mina"); err != nil || len(mine) != 0 {
			t.Errorf("%v, %v", mine, err)
		}
		if k, err := s.Key(t.Context(), wang, "app_wang", theirs); err != nil || k.RevokedAt != 0 || k.ReplacedBy != "" {
			t.Errorf("%+v, %v", k, err)
		}
		looker := member{reads: "app_wang"}
		if _, err := s.RevokeKey(t.Context(), looker, "app_wang", theirs); !fault.Is(err, fault.CodeDenied) {
			t.Errorf("one who may only look: %v", err)
		}
	})
}

func TestAKeyIsRotatedWithOverlap(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *stall) {
		old := s.key(t, mina, gateway.KeySpec{Networks: []string{"198.51.100.0/24"}})
		works := func(k gateway.IssuedKey) bool {
			return send(t, s.sign(t, k, "GET", "/open/v1/orders", "")).status == 200
		}
		if !works(old) {
			t.Fatal("not even the first")
		}
		fresh, err := s.RotateKey(t.Context(), mina, "app_mina", old.Key.ID, time.Hour)
		if err != nil || fresh.Secret == old.Secret || fresh.Key.ID == old.Key.ID || !slices.Equal(fresh.Key.Scopes, old.Key.Scopes) || !slices.Equal(fresh.Key.Networks, old.Key.Networks) {
			t.Fatalf("%+v, %v", fresh, err)
		}
		s.clock.Advance(59 * time.Minute)
		if !works(old) || !works(fresh) {
			t.Error("during the overlap both work")
		}
		if _, err := s.RotateKey(t.Context(), mina, "app_mina", old.Key.ID, time.Hour); !fault.Is(err, fault.CodeConflict) || !strings.Contains(err.Error(), fresh.Key.ID) {
			t.Errorf("rotated twice: %v", err)
		}
		s.clock.Advance(time.Minute)
		if works(old) || !works(fresh) {
			t.Error("after it the old one is dead")
		}
		send(t, s.sign(t, old, "GET", "/open/v1/orders", "")).want(t, "the old one", 401, "expired at 2026-06-18T01:00:00Z")
		if _, err := s.RotateKey(t.Context(), mina, "app_mina", old.Key.ID, 0); !fault.Is(err, fault.CodeConflict) {
			t.Errorf("an expired key was rotated: %v", err)
		}
		next, err := s.RotateKey(t.Context(), mina, "app_mina", fresh.Key.ID, 0)
		if err != nil || works(fresh) || !works(next) {
			t.Errorf("without overlap: %v", err)
		}
		for _, d := range []time.Duration{-1, gateway.MaxKeyOverlap + 1} {
			if _, err := s.RotateKey(t.Context(), mina, "app_mina", next.Key.ID, d); !fault.Is(err, fault.CodeInvalid) {
				t.Errorf("%s: %v", d, err)
			}
		}
		if got := s.diary.actions(); !slices.Equal(got, []string{"key.created", "key.rotated", "key.rotated"}) || s.diary.entries[1].Detail["successor"] != fresh.Key.ID {
			t.Errorf("%v", got)
		}
	})
}

func TestAChangeOfAKeyHoldsAtOnceInEveryProcess(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *stall) {
		other := s.open(t)
		k := s.key(t, mina, gateway.KeySpec{Scopes: []string{"orders:read"}})
		at := func(p *stall, method, body string) told {
			return send(t, p.sign(t, k, method, "/open/v1/orders", body))
		}
		for _, p := range []*stall{s, other} { // both have the key in memory now
			at(p, "GET", "").want(t, "before", 200, "")
			at(p, "POST", `{"sku":"cup"}`).want(t, "before", 403, "lacks the scope")
		}
		if _, err := s.ChangeKey(t.Context(), mina, "app_mina", k.Key.ID, gateway.KeySpec{Name: "x", Scopes: []string{"orders:write"}}); err != nil {
			t.Fatal(err)
		}
		at(s, "POST", `{"sku":"cup"}`).want(t, "a scope more, here", 201, "")
		at(other, "GET", "").want(t, "a scope less, elsewhere", 403, "lacks the scope")
		s.clock.Advance(2 * time.Second)
		at(other, "POST", `{"sku":"cup"}`).want(t, "a scope more, elsewhere", 201, "")
		if _, err := s.RevokeKey(t.Context(), mina, "app_mina", k.Key.ID); err != nil {
			t.Fatal(err)
		}
		for _, p := range []*stall{other, s} {
			at(p, "POST", `{"sku":"cup"}`).want(t, "revoked", 401, "was revoked at 2026-06-18T00:00:02Z")
		}
		for name, err := range map[string]error{
			"revoke": func() error { _, err := s.RevokeKey(t.Context(), mina, "app_mina", k.Key.ID); return err }(),
			"rotate": func() error { _, err := s.RotateKey(t.Context(), mina, "app_mina", k.Key.ID, 0); return err }(),
			"change": func() error {
				_, err := s.ChangeKey(t.Context(), mina, "app_mina", k.Key.ID, gateway.KeySpec{Name: "x", Scopes: []string{"orders:read"}})
				return err
			}(),
		} {
			if !fault.Is(err, fault.CodeConflict) {
				t.Errorf("%s a revoked key: %v", name, err)
			}
		}
	})
}

func TestLastUseIsNotedOnceAMinute(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *stall) {
		k := s.key(t, mina, gateway.KeySpec{})
		used := func() (int64, string) {
			key, err := s.Key(t.Context(), mina, "app_mina", k.Key.ID)
			if err != nil {
				t.Fatal(err)
			}
			return key.LastUsedAt, key.LastUsedFrom
		}
		if at, _ := used(); at != 0 {
			t.Errorf("used before its first use: %d", at)
		}
		for _, step := range []struct {
			after time.Duration
			from  string
			at    time.Duration // noted, after the first
			noted string
		}{{0, "203.0.113.1", 0, "203.0.113.1"}, {59 * time.Second, "203.0.113.2", 0, "203.0.113.1"}, {time.Second, "203.0.113.3", time.Minute, "203.0.113.3"}} {
			s.clock.Advance(step.after)
			send(t, s.sign(t, k, "GET", "/open/v1/orders", "", "X-Test-From", step.from)).want(t, step.from, 200, "")
			if at, from := used(); at != opening.Add(step.at).UnixMilli() || from != step.noted {
				t.Errorf("%+v: %d from %s", step, at, from)
			}
		}
		before, _ := used()
		s.clock.Advance(time.Hour)
		bad := k
		bad.Secret = "mms_wrong"
		send(t, s.sign(t, bad, "GET", "/open/v1/orders", ""))
		if at, _ := used(); at != before {
			t.Error("a forged call counts as use")
		}
	})
}

func TestAnAppHasSoManyLiveKeys(t *testing.T) {
	s := newTown(t, testkit.Engines(t)[0]).open(t)
	var last gateway.IssuedKey
	for range 20 {
		last = s.key(t, mina, gateway.KeySpec{})
	}
	more := func() error {
		_, err := s.CreateKey(t.Context(), mina, "app_mina", gateway.KeySpec{Name: "x", Scopes: []string{"orders:read"}})
		return err
	}
	if err := more(); !fault.Is(err, fault.CodeExhausted) {
		t.Error(err)
	}
	if _, err := s.RotateKey(t.Context(), mina, "app_mina", last.Key.ID, time.Hour); !fault.Is(err, fault.CodeExhausted) {
		t.Errorf("rotating with overlap makes one more: %v", err)
	}
	if _, err := s.RotateKey(t.Context(), mina, "app_mina", last.Key.ID, 0); err != nil {
		t.Errorf("rotating without overlap does not: %v", err)
	}
	if _, err := s.CreateKey(t.Context(), wang, "app_wang", gateway.KeySpec{Name: "x", Scopes: []string{"orders:read"}}); err != nil {
		t.Errorf("another app: %v", err)
	}
}

// The console's routes, as mina.
func TestTheConsoleWalksThroughALifeOfAKey(t *testing.T) {
	s := newTown(t, testkit.Engines(t)[0]).open(t)
	theirs := s.key(t, wang, gateway.KeySpec{}).Key.ID
	ask := func(method, path, body string) (int, map[string]any, http.Header) {
		req, err := http.NewRequest(method, s.site.URL+"/api/console/v1/apps/"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		text, _ := io.ReadAll(resp.Body)
		var out map[string]any
		if err := json.Unmarshal(text, &out); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return resp.StatusCode, out, resp.Header
	}
	status, made, header := ask("POST", "app_mina/keys", `{"name":"server","scopes":["orders:read"]}`)
	key, _ := made["id"].(string)
	secret, _ := made["secret"].(string)
	if status != 200 || key == "" || secret == "" || header.Get("Cache-Control") != "no-store" || made["state"] != "live" || made["createdAt"] != float64(opening.UnixMilli()) || made["expiresAt"] != nil {
		t.Fatalf("%d %v %v", status, made, header)
	}
	for _, tt := range []struct {
		method, path, body string
		status             int
		field              string
		want               any
	}{
		{"GET", "app_mina/keys/" + key, "", 200, "name", "server"},
		{"GET", "app_mina/keys/" + key, "", 200, "secret", nil},
		{"PUT", "app_mina/keys/" + key, `{"name":"warehouse","scopes":["orders:write"],"networks":["10.0.0.1"]}`, 200, "name", "warehouse"},
		{"PUT", "app_mina/keys/" + key, `{"name":"","scopes":[]}`, 422, "code", "invalid"},
		{"POST", "app_mina/keys/" + key + "/rotate", `{"overlapSeconds":9223372036854775807}`, 422, "code", "invalid"},
		{"POST", "app_mina/keys/" + key + "/rotate", `{"overlapSeconds":3600}`, 200, "name", "warehouse"},
		{"DELETE", "app_mina/keys/" + key, "", 200, "state", "revoked"},
		{"DELETE", "app_mina/keys/" + key, "", 409, "code", "conflict"},
		{"GET", "app_mina/keys/" + theirs, "", 404, "code", "not_found"},
		{"PUT", "app_mina/keys/" + theirs, `{"name":"x","scopes":["orders:read"]}`, 404, "code", "not_found"},
		{"POST", "app_mina/keys/" + theirs + "/rotate", `{"overlapSeconds":0}`, 404, "code", "not_found"},
		{"DELETE", "app_mina/keys/" + theirs, "", 404, "code", "not_found"},
		{"GET", "app_wang/keys", "", 404, "code", "not_found"},
		{"POST", "app_wang/keys", `{"name":"x","scopes":["orders:read"]}`, 404, "code", "not_found"},
		{"GET", "app_wang/keys/" + theirs, "", 404, "code", "not_found"},
		{"GET", "app_wang/key-scopes", "", 404, "code", "not_found"},
	} {
		if status, got, _ := ask(tt.method, tt.path, tt.body); status != tt.status || got[tt.field] != tt.want {
			t.Errorf("%s %s: %d %v", tt.method, tt.path, status, got)
		}
	}
	_, list, _ := ask("GET", "app_mina/keys", "")
	if keys, _ := list["items"].([]any); len(keys) != 2 {
		t.Errorf("%v", list)
	}
	_, scopes, _ := ask("GET", "app_mina/key-scopes", "")
	if all, _ := scopes["items"].([]any); len(all) != 3 || all[1].(map[string]any)["titleZh"] != "写订单" {
		t.Errorf("%v", scopes)
	}
}

func TestOptionsThatContradictThemselvesStopTheProgram(t *testing.T) {
	s := newTown(t, testkit.Engines(t)[0]).open(t)
	for name, try := range map[string]func(){
		"a scope twice": func() {
			gateway.New(nil, nil, s.clock, nil, gateway.Options{Scopes: []gateway.Scope{{Name: "a"}, {Name: "a"}}})
		},
		"a scope without a name": func() { gateway.New(nil, nil, s.clock, nil, gateway.Options{Scopes: []gateway.Scope{{}}}) },
		"nobody to ask for grants": func() {
			gateway.New(nil, nil, s.clock, nil, gateway.Options{Scopes: []gateway.Scope{{Name: "a", Capability: "b"}}})
		},
		"requiring what is not there": func() { s.Require("orders:all") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was taken", name)
				}
			}()
			try()
		}()
	}
	if _, ok := access.CallerOf(context.Background()); ok {
		t.Error("somebody calls from nowhere")
	}
}
