package jos_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"minimart/open/gateway"
	"minimart/open/jos"
	"minimart/platform/fault"
	"minimart/platform/testkit"
)

const callback = "https://erp.example/jd/callback?shop=7"

// toLogin is the address a merchant's browser is sent to.
func toLogin(key, redirect string, more ...string) string {
	q := url.Values{"app_key": {key}, "response_type": {"code"}, "redirect_uri": {redirect}, "state": {"st&te=1"}, "scope": {"snsapi_base"}}
	for i := 0; i < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return "/oauth2/to_login?" + q.Encode()
}

// letIn is a key of a builder of programs that has been let in by mina, and the code it got.
func (s *door) letIn(t *testing.T, spec gateway.KeySpec) (k gateway.IssuedKey, code string) {
	t.Helper()
	k = s.newKey(t, isv, spec)
	if _, err := s.SetRedirects(t.Context(), isv, "app_isv", k.Key.ID, []string{callback}); err != nil {
		t.Fatal(err)
	}
	return k, s.agree(t, k)
}

func (s *door) agree(t *testing.T, k gateway.IssuedKey) (code string) {
	t.Helper()
	to, err := s.Authorize(t.Context(), mina, "app_mina", k.Key.ID, callback, "st&te=1")
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(to)
	if err != nil || u.Query().Get("state") != "st&te=1" || u.Query().Get("shop") != "7" || !strings.HasPrefix(to, "https://erp.example/jd/callback?") {
		t.Fatalf("%s, %v", to, err)
	}
	return u.Query().Get("code")
}

func (s *door) exchange(t *testing.T, k gateway.IssuedKey, code string) answer {
	t.Helper()
	return s.ask(t, "GET", "/oauth2/access_token?"+encode(map[string]string{"app_key": k.Key.ID, "app_secret": k.Secret, "grant_type": "authorization_code", "code": code}), "")
}

func (s *door) refresh(t *testing.T, k gateway.IssuedKey, token string) answer {
	t.Helper()
	return s.ask(t, "POST", "/oauth2/refresh_token", encode(map[string]string{"app_key": k.Key.ID, "app_secret": k.Secret, "grant_type": "refresh_token", "refresh_token": token}))
}

func text(v any) string { s, _ := v.(string); return s }

func TestAMerchantLetsABuilderOfProgramsIn(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *door) {
		k, code := s.letIn(t, gateway.KeySpec{})
		// What the browser and the console's page see.
		a := s.ask(t, "GET", toLogin(k.Key.ID, callback), "")
		if a["status"] != 302.0 || !strings.HasPrefix(text(a["location"]), "/console/authorise?app_key="+k.Key.ID) || !strings.Contains(text(a["location"]), url.QueryEscape("st&te=1")) {
			t.Errorf("%v", a)
		}
		q := s.ask(t, "GET", "/api/console/v1/jos-question?"+encode(map[string]string{"app_key": k.Key.ID, "redirect_uri": callback}), "")
		if q["status"] != 200.0 || q["app"] != "app_isv" || q["organisation"] != "org_app_isv" || q["keyName"] != "server" || !strings.Contains(fmt.Sprint(q["scopes"]), "换取登录凭证") {
			t.Errorf("%v", q)
		}

		got := s.exchange(t, k, code)
		access := text(got["access_token"])
		if got["code"] != 0.0 || !strings.HasPrefix(access, "joa_") || got["expires_in"] != 86400.0 || got["token_type"] != "bearer" || got["xid"] != "app_mina" || text(got["open_id"]) == "" || got["scope"] != "identity:exchange program:upload" || got["time"] != float64(opening.UnixMilli()) {
			t.Fatalf("%v", got)
		}
		// With the token it acts for mina's app, without for its own.
		r := s.call(t, s.params(k, mixUserInfo, `{"code":"c0de"}`, "access_token", access))
		if r.at("jingdong_miniapp_mixUserInfo"+spelled+".result.mixUserInfo.openId") != "oLi" {
			t.Errorf("%v", r)
		}
		r = s.call(t, s.params(k, mixUserInfo, `{"code":"c0de"}`))
		if r.at("jingdong_miniapp_mixUserInfo"+spelled+".result.code") != 10102.0 {
			t.Errorf("for its own app: %v", r)
		}
		s.call(t, s.params(k, "jingdong.miniapp.isv.commitMiniAppDevVersion", `{"appId":"app_mina","IsvAppId":"app_isv","packageId":"ver_9"}`, "access_token", access))
		if !slices.Contains(s.done, "commit app_mina from org_app_isv app_isv ver_9  ") {
			t.Errorf("its own template: %q", s.done)
		}
		list := s.ask(t, "GET", "/api/console/v1/apps/app_mina/jos-authorizations", "")
		items, _ := list["items"].([]any)
		if len(items) != 1 || items[0].(map[string]any)["key"] != k.Key.ID || items[0].(map[string]any)["usedAt"] != float64(opening.UnixMilli()) {
			t.Fatalf("%v", list)
		}
		id := text(items[0].(map[string]any)["id"])
		if e := s.diary.of("jos.authorized"); len(e) != 1 || e[0].Target != id || e[0].Org != "org_app_mina" || e[0].Detail["key"] != k.Key.ID || strings.Contains(fmt.Sprint(e), "joc_") {
			t.Errorf("%+v", e)
		}
		if gone := s.ask(t, "DELETE", "/api/console/v1/apps/app_mina/jos-authorizations/"+id, ""); gone["status"] != 204.0 {
			t.Errorf("%v", gone)
		}
		if r = s.call(t, s.params(k, mixUserInfo, `{"code":"c0de"}`, "access_token", access)); r.refused() != "19" {
			t.Errorf("after it was withdrawn: %v", r)
		}
		if e := s.diary.of("jos.withdrawn"); len(e) != 1 {
			t.Errorf("%+v", e)
		}
		for _, secret := range []string{k.Secret, access, code, text(got["refresh_token"])} {
			if strings.Contains(s.log.String(), secret) {
				t.Errorf("the log tells %s", secret)
			}
		}
	})
}

func TestTokensAreGoodForAWhileAndARefreshForOnce(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *door) {
		k, code := s.letIn(t, gateway.KeySpec{})
		works := func(access string) bool {
			s.clock.Advance(time.Second)
			return s.call(t, s.params(k, mixUserInfo, `{"code":"nothing"}`, "access_token", access)).refused() == ""
		}
		first := s.exchange(t, k, code)
		if !works(text(first["access_token"])) {
			t.Fatalf("%v", first)
		}
		second := s.refresh(t, k, text(first["refresh_token"]))
		if second["code"] != 0.0 || second["open_id"] != first["open_id"] || second["access_token"] == first["access_token"] || second["refresh_token"] == first["refresh_token"] {
			t.Fatalf("%v", second)
		}
		if works(text(first["access_token"])) || !works(text(second["access_token"])) {
			t.Error("the former access token is void, the new one is not")
		}
		s.clock.Advance(24 * time.Hour)
		if works(text(second["access_token"])) {
			t.Error("after a day it is over")
		}
		third := s.refresh(t, k, text(second["refresh_token"]))
		if !works(text(third["access_token"])) {
			t.Errorf("%v", third)
		}
		// Somebody else has the second refresh token: nobody knows who of the two is right.
		if stolen := s.refresh(t, k, text(second["refresh_token"])); stolen["code"] != 402.0 || text(stolen["msg"]) == "" || !strings.HasPrefix(text(stolen["requestId"]), "req_") {
			t.Errorf("%v", stolen)
		}
		if works(text(third["access_token"])) || s.refresh(t, k, text(third["refresh_token"]))["code"] != 402.0 {
			t.Error("a refresh token that came twice voids all")
		}
		// Asked again, the merchant agrees again: it is the same authorization.
		again := s.exchange(t, k, s.agree(t, k))
		if again["open_id"] != first["open_id"] || !works(text(again["access_token"])) {
			t.Errorf("%v", again)
		}
		s.clock.Advance(31 * 24 * time.Hour)
		if s.refresh(t, k, text(again["refresh_token"]))["code"] != 402.0 {
			t.Error("after a month a refresh token is over")
		}
		if err := s.Forget(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestACodeIsGoodOnceForItsKeyAndForFiveMinutes(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *door) {
		k, code := s.letIn(t, gateway.KeySpec{})
		for name, tt := range map[string]struct {
			change func(url.Values)
			code   float64
		}{
			"another key":           {func(q url.Values) { q.Set("app_key", s.key.Key.ID); q.Set("app_secret", s.key.Secret) }, 402},
			"another secret":        {func(q url.Values) { q.Set("app_secret", "mms_x") }, 401},
			"an unknown key":        {func(q url.Values) { q.Set("app_key", "key_none") }, 401},
			"another grant type":    {func(q url.Values) { q.Set("grant_type", "password") }, 400},
			"no code":               {func(q url.Values) { q.Del("code") }, 400},
			"another code":          {func(q url.Values) { q.Set("code", "joc_x") }, 402},
			"a refresh token there": {func(q url.Values) { q.Set("code", "jor_x") }, 402},
			"another redirect_uri":  {func(q url.Values) { q.Set("redirect_uri", "https://evil.example/") }, 402},
		} {
			q := url.Values{"app_key": {k.Key.ID}, "app_secret": {k.Secret}, "grant_type": {"authorization_code"}, "code": {code}}
			tt.change(q)
			if a := s.ask(t, "GET", "/oauth2/access_token?"+q.Encode(), ""); a["code"] != tt.code || a["access_token"] != nil {
				t.Errorf("%s: %v", name, a)
			}
		}
		var mu sync.Mutex
		good := 0
		var tokens []string
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				a := s.exchange(t, k, code)
				mu.Lock()
				defer mu.Unlock()
				if a["code"] == 0.0 {
					good++
					tokens = append(tokens, text(a["access_token"]))
				}
			})
		}
		wg.Wait()
		if good != 1 {
			t.Errorf("%d of 4 at once", good)
		}
		if a := s.call(t, s.params(k, mixUserInfo, `{"code":"x"}`, "access_token", tokens[0])); a.refused() != "19" {
			t.Errorf("a code that came twice voids its tokens: %v", a)
		}
		late := s.agree(t, k)
		s.clock.Advance(5 * time.Minute)
		if a := s.exchange(t, k, late); a["code"] != 402.0 {
			t.Errorf("after five minutes: %v", a)
		}
	})
}

func TestABrowserIsSentNowhereThatIsNotTheKeys(t *testing.T) {
	s := newDoor(t, testkit.Engines(t)[0])
	k, _ := s.letIn(t, gateway.KeySpec{})
	for name, target := range map[string]string{
		"another host":       toLogin(k.Key.ID, "https://evil.example/"),
		"a longer path":      toLogin(k.Key.ID, callback+"/../evil"),
		"nowhere":            toLogin(k.Key.ID, ""),
		"much too long":      toLogin(k.Key.ID, "https://erp.example/"+strings.Repeat("x", 600)),
		"no key":             toLogin("key_none", callback),
		"a key without any":  toLogin(s.key.Key.ID, callback),
		"a token at once":    toLogin(k.Key.ID, callback, "response_type", "token"),
		"a state of a novel": toLogin(k.Key.ID, callback, "state", strings.Repeat("x", 1025)),
	} {
		if a := s.ask(t, "GET", target, ""); a["location"] != "" || a["status"].(float64) < 400 {
			t.Errorf("%s: %v", name, a)
		}
	}
	if _, err := s.Authorize(t.Context(), mina, "app_mina", k.Key.ID, "https://evil.example/", ""); !fault.Is(err, fault.CodeInvalid) {
		t.Error(err)
	}
	if _, err := s.Authorize(t.Context(), isv, "app_isv", k.Key.ID, callback, ""); !fault.Is(err, fault.CodeInvalid) {
		t.Errorf("its own app: %v", err)
	}
	bad := []string{"http://erp.example/", "javascript:alert(1)", "https://erp.example/#x", "https://user@erp.example/", "//erp.example", "https://erp.example/a b", "https://erp.example/<script>", "erp.example"}
	_, err := s.SetRedirects(t.Context(), isv, "app_isv", k.Key.ID, bad)
	if f := fault.Of(err); f == nil || len(f.Fields) != len(bad) {
		t.Errorf("%v", err)
	}
	if _, err := s.SetRedirects(t.Context(), isv, "app_isv", k.Key.ID, []string{"http://localhost:8080/cb", "http://127.0.0.1/cb", "https://erp.example/"}); err != nil {
		t.Error(err)
	}
	if _, err := s.SetRedirects(t.Context(), isv, "app_isv", k.Key.ID, make([]string, 11)); !fault.Is(err, fault.CodeInvalid) {
		t.Error(err)
	}
}

func TestANeighboursKeyAndAuthorizationAreNotFound(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *door) {
		k, _ := s.letIn(t, gateway.KeySpec{})
		given, err := s.Authorizations(t.Context(), mina, "app_mina")
		if err != nil || len(given) != 1 {
			t.Fatalf("%v, %v", given, err)
		}
		for name, try := range map[string]func() error{
			"their redirects":            func() error { _, err := s.Redirects(t.Context(), mina, "app_mina", k.Key.ID); return err },
			"their redirects, there":     func() error { _, err := s.Redirects(t.Context(), mina, "app_isv", k.Key.ID); return err },
			"setting them":               func() error { _, err := s.SetRedirects(t.Context(), mina, "app_mina", k.Key.ID, nil); return err },
			"setting them, there":        func() error { _, err := s.SetRedirects(t.Context(), mina, "app_isv", k.Key.ID, nil); return err },
			"an authorization":           func() error { return s.Service.Withdraw(t.Context(), isv, "app_isv", given[0].ID) },
			"an authorization, there":    func() error { return s.Service.Withdraw(t.Context(), isv, "app_mina", given[0].ID) },
			"the list":                   func() error { _, err := s.Authorizations(t.Context(), isv, "app_mina"); return err },
			"agreeing for somebody else": func() error { _, err := s.Authorize(t.Context(), isv, "app_mina", k.Key.ID, callback, ""); return err },
			"a key that is not there":    func() error { _, err := s.Question(t.Context(), "key_none", callback); return err },
		} {
			if err := try(); !fault.Is(err, fault.CodeNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		looker := member{reads: "app_mina"}
		if _, err := s.Authorize(t.Context(), looker, "app_mina", k.Key.ID, callback, ""); !fault.Is(err, fault.CodeDenied) {
			t.Error(err)
		}
		if err := s.Service.Withdraw(t.Context(), looker, "app_mina", given[0].ID); !fault.Is(err, fault.CodeDenied) {
			t.Error(err)
		}
		if _, err := s.Authorizations(t.Context(), looker, "app_mina"); err != nil {
			t.Error(err)
		}
	})
}

// The console's routes, as the builder of programs and as mina.
func TestTheConsoleWalksThroughAnAuthorization(t *testing.T) {
	s := newDoor(t, testkit.Engines(t)[0])
	k := s.newKey(t, isv, gateway.KeySpec{})
	json := []string{"Content-Type", "application/json"}
	s.actor = isv
	path := "/api/console/v1/apps/app_isv/keys/" + k.Key.ID + "/jos-redirects"
	if a := s.ask(t, "PUT", path, `{"items":["`+callback+`"]}`, json...); a["status"] != 200.0 || fmt.Sprint(a["items"]) != "["+callback+"]" {
		t.Errorf("%v", a)
	}
	if a := s.ask(t, "PUT", path, `{"items":["http://x.example"]}`, json...); a["status"] != 422.0 {
		t.Errorf("%v", a)
	}
	if a := s.ask(t, "GET", path, ""); fmt.Sprint(a["items"]) != "["+callback+"]" {
		t.Errorf("%v", a)
	}
	if e := s.diary.of("jos.redirects-changed"); len(e) != 1 || e[0].Target != k.Key.ID || e[0].Detail["addresses"] != callback {
		t.Errorf("%+v", e)
	}
	s.actor = mina
	body := `{"appKey":"` + k.Key.ID + `","redirectUri":"` + callback + `","state":"x"}`
	a := s.ask(t, "POST", "/api/console/v1/apps/app_mina/jos-authorizations", body, json...)
	u, err := url.Parse(text(a["redirect"]))
	if err != nil || a["status"] != 200.0 || u.Host != "erp.example" || !strings.HasPrefix(u.Query().Get("code"), jos.CodePrefix) || u.Query().Get("state") != "x" {
		t.Errorf("%v", a)
	}
	if a := s.ask(t, "POST", "/api/console/v1/apps/app_isv/jos-authorizations", body, json...); a["status"] != 404.0 {
		t.Errorf("%v", a)
	}
	if a := s.ask(t, http.MethodGet, "/api/console/v1/jos-question?app_key="+k.Key.ID+"&redirect_uri=https://evil.example/", ""); a["status"] != 422.0 {
		t.Errorf("%v", a)
	}
}
