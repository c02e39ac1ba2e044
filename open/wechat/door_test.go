package wechat_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"minimart/open/gateway"
	"minimart/open/wechat"
	"minimart/platform/fault/faulttest"
	"minimart/platform/testkit"
)

func TestEveryFaultSpeaksChinese(t *testing.T) { faulttest.Translated(t) }

const login = "/sns/jscode2session?appid=app_mina&secret=SECRET&grant_type=authorization_code&js_code="

// Every call as the documentation has it, and in the ways clients are known to make it.
func TestCallsAreAnsweredByTheLetterOfTheDocumentation(t *testing.T) {
	asJSON, form := []string{"Content-Type", "application/json"}, []string{"Content-Type", "application/x-www-form-urlencoded"}
	tests := []struct {
		name, method, target, body string
		header                     []string
		code                       int
		field, want                string
	}{
		{"a login code", "GET", login + "c0de", "", nil, 0, "openid", "oLi"},
		{"its session key", "GET", login + "c0de", "", nil, 0, "session_key", "HyVFkGl5F5OQWJZZaNzBBg=="},
		{"its unionid", "GET", login + "c0de", "", nil, 0, "unionid", "uLi"},
		{"by POST, in a form", "POST", "/sns/jscode2session", "appid=app_mina&secret=SECRET&grant_type=authorization_code&js_code=c0de", form, 0, "openid", "oLi"},
		{"by POST, in the query", "POST", login + "c0de", "", nil, 0, "openid", "oLi"},
		{"beside parameters that are not read", "GET", login + "c0de&access_token=x&neededText=", "", nil, 0, "openid", "oLi"},
		{"a code with a semicolon", "GET", login + "a;b", "", nil, 40029, "errmsg", "invalid code"},
		{"an unknown code", "GET", login + "nothing", "", nil, 40029, "errmsg", "invalid code"},
		{"a code of another app", "GET", login + "theirs", "", nil, 40029, "errmsg", "invalid code"},
		{"a code with a line break", "GET", login + "a%0ab", "", nil, 40029, "errmsg", "invalid code"},
		{"no code", "GET", login, "", nil, 41008, "errmsg", "missing code"},
		{"a consumer who is shut out", "GET", login + "bl0cked", "", nil, 40226, "", ""},
		{"no appid", "GET", "/sns/jscode2session?secret=SECRET&js_code=c0de&grant_type=authorization_code", "", nil, 41002, "errmsg", "appid missing"},
		{"no secret", "GET", "/sns/jscode2session?appid=app_mina&js_code=c0de&grant_type=authorization_code", "", nil, 41004, "errmsg", "appsecret missing"},
		{"an app that is not there", "GET", "/sns/jscode2session?appid=app_none&secret=SECRET&js_code=c0de&grant_type=authorization_code", "", nil, 40013, "errmsg", "invalid appid"},
		{"another secret", "GET", "/sns/jscode2session?appid=app_mina&secret=mms_other&js_code=c0de&grant_type=authorization_code", "", nil, 40125, "errmsg", "invalid appsecret"},
		{"the app of a neighbour", "GET", "/sns/jscode2session?appid=app_wang&secret=SECRET&js_code=theirs&grant_type=authorization_code", "", nil, 40125, "", ""},
		{"another grant type", "GET", "/sns/jscode2session?appid=app_mina&secret=SECRET&js_code=c0de&grant_type=password", "", nil, 40002, "errmsg", "invalid grant_type"},
		{"a broken query", "GET", login + "c0de&x=%zz", "", nil, 47001, "", ""},

		{"a token", "GET", "/cgi-bin/token?grant_type=client_credential&appid=app_mina&secret=SECRET", "", nil, 0, "access_token", "mmw_"},
		{"a token by POST", "POST", "/cgi-bin/token", "grant_type=client_credential&appid=app_mina&secret=SECRET", form, 0, "access_token", "mmw_"},
		{"a token with another secret", "GET", "/cgi-bin/token?grant_type=client_credential&appid=app_mina&secret=no", "", nil, 40125, "", ""},
		{"a token without a grant type", "GET", "/cgi-bin/token?appid=app_mina&secret=SECRET", "", nil, 40002, "", ""},

		{"a stable token", "POST", "/cgi-bin/stable_token", `{"grant_type":"client_credential","appid":"app_mina","secret":"SECRET"}`, asJSON, 0, "access_token", "mmw_"},
		{"its refresh not forced", "POST", "/cgi-bin/stable_token", `{"grant_type":"client_credential","appid":"app_mina","secret":"SECRET","force_refresh":false}`, nil, 0, "access_token", "mmw_"},
		{"its refresh forced", "POST", "/cgi-bin/stable_token", `{"grant_type":"client_credential","appid":"app_mina","secret":"SECRET","force_refresh":true}`, asJSON, 0, "access_token", "mmw_"},
		{"its refresh forced in a form", "POST", "/cgi-bin/stable_token", "grant_type=client_credential&appid=app_mina&secret=SECRET&force_refresh=true", form, 0, "access_token", "mmw_"},
		{"its refresh forced somehow", "POST", "/cgi-bin/stable_token", `{"grant_type":"client_credential","appid":"app_mina","secret":"SECRET","force_refresh":"maybe"}`, asJSON, 40097, "", ""},
		{"a stable token by GET", "GET", "/cgi-bin/stable_token?grant_type=client_credential&appid=app_mina&secret=SECRET", "", nil, 43002, "errmsg", "require POST method"},
		{"a stable token from no JSON", "POST", "/cgi-bin/stable_token", `{"grant_type":`, asJSON, 47001, "errmsg", "data format error"},
		{"a stable token from nothing", "POST", "/cgi-bin/stable_token", "", asJSON, 44002, "errmsg", "empty post data"},
		{"a stable token from too much", "POST", "/cgi-bin/stable_token", `{"x":"` + strings.Repeat("x", 17<<10) + `"}`, asJSON, 45002, "", ""},
		{"a stable token from far too much", "POST", "/cgi-bin/stable_token", `{"x":"` + strings.Repeat("x", 2<<20) + `"}`, asJSON, 45002, "", ""},
		{"a parameter that is too long", "POST", "/cgi-bin/stable_token", `{"x":"` + strings.Repeat("x", 5<<10) + `"}`, asJSON, 40097, "", ""},

		{"a phone number", "POST", "/wxa/business/getuserphonenumber?access_token=TOKEN", `{"code":"ph0ne"}`, asJSON, 0, "phone_info", "map[countryCode:86 phoneNumber:13800138000 purePhoneNumber:13800138000 watermark:map[appid:app_mina timestamp:1.7817408e+09]]"},
		{"a phone number from abroad", "POST", "/wxa/business/getuserphonenumber?access_token=TOKEN", `{"code":"abr0ad"}`, nil, 0, "phone_info", "map[countryCode:44 phoneNumber:+447911123456 purePhoneNumber:7911123456"},
		{"a phone number, asked for in JSON that is called text", "POST", "/wxa/business/getuserphonenumber?access_token=TOKEN", `{"code":"ph0ne"}`, []string{"Content-Type", "text/plain; charset=utf-8"}, 0, "phone_info", "map[countryCode:86"},
		{"a phone number, asked for in JSON that is called a form", "POST", "/wxa/business/getuserphonenumber?access_token=TOKEN", "\ufeff{\"code\":\"ph0ne\"}\n", form, 0, "phone_info", "map[countryCode:86"},
		{"a phone number, asked for in a form", "POST", "/wxa/business/getuserphonenumber?access_token=TOKEN", "code=ph0ne", form, 0, "phone_info", "map[countryCode:86"},
		{"a phone number by GET", "GET", "/wxa/business/getuserphonenumber?access_token=TOKEN&code=ph0ne", "", nil, 43002, "", ""},
		{"an unknown phone code", "POST", "/wxa/business/getuserphonenumber?access_token=TOKEN", `{"code":"nothing"}`, asJSON, 40029, "", ""},
		{"a phone number without a code", "POST", "/wxa/business/getuserphonenumber?access_token=TOKEN", `{}`, asJSON, 41008, "", ""},
		{"a phone number without a token", "POST", "/wxa/business/getuserphonenumber", `{"code":"ph0ne"}`, asJSON, 41001, "errmsg", "access_token missing"},
		{"a token in the body", "POST", "/wxa/business/getuserphonenumber", `{"code":"ph0ne","access_token":"TOKEN"}`, asJSON, 41001, "", ""},
		{"a token that is none", "POST", "/wxa/business/getuserphonenumber?access_token=mmw_x", `{"code":"ph0ne"}`, asJSON, 40001, "errmsg", "invalid credential, access_token is invalid or not latest"},
		{"a token that is much too long", "POST", "/wxa/business/getuserphonenumber?access_token=" + strings.Repeat("x", 600), `{"code":"ph0ne"}`, asJSON, 40001, "", ""},

		{"a session that holds", "GET", "/wxa/checksession?access_token=TOKEN&openid=oLi&sig_method=hmac_sha256&signature=SIGNATURE", "", nil, 0, "errmsg", "ok"},
		{"a session, with the appid beside", "GET", "/wxa/checksession?appid=app_mina&sig_method=hmac_sha256&signature=SIGNATURE&openid=oLi&access_token=TOKEN", "", nil, 0, "errmsg", "ok"},
		{"a session, in the body as the newer documentation has it", "POST", "/wxa/checksession?access_token=TOKEN", `{"openid":"oLi","sig_method":"hmac_sha256","signature":"SIGNATURE"}`, asJSON, 0, "errmsg", "ok"},
		{"a session with another signature", "GET", "/wxa/checksession?access_token=TOKEN&openid=oLi&sig_method=hmac_sha256&signature=" + strings.Repeat("0", 64), "", nil, 87009, "errmsg", "invalid signature"},
		{"a session signed otherwise", "GET", "/wxa/checksession?access_token=TOKEN&openid=oLi&sig_method=md5&signature=SIGNATURE", "", nil, 87008, "", ""},
		{"a session of nobody", "GET", "/wxa/checksession?access_token=TOKEN&openid=oNobody&sig_method=hmac_sha256&signature=SIGNATURE", "", nil, 40003, "", ""},
		{"a session without an openid", "GET", "/wxa/checksession?access_token=TOKEN&sig_method=hmac_sha256&signature=SIGNATURE", "", nil, 41009, "", ""},
		{"a session of the neighbour's consumer", "GET", "/wxa/checksession?access_token=TOKEN&openid=oWang&sig_method=hmac_sha256&signature=SIGNATURE", "", nil, 40003, "", ""},
		{"a session reset", "GET", "/wxa/resetusersessionkey?access_token=TOKEN&openid=oLi&sig_method=hmac_sha256&signature=SIGNATURE", "", nil, 0, "session_key", "tiihtNczf5v6AKRyjwEUhQ=="},
		{"whose", "GET", "/wxa/resetusersessionkey?access_token=TOKEN&openid=oLi&sig_method=hmac_sha256&signature=SIGNATURE", "", nil, 0, "openid", "oLi"},
		{"a session reset with another signature", "GET", "/wxa/resetusersessionkey?access_token=TOKEN&openid=oLi&sig_method=hmac_sha256&signature=" + strings.Repeat("0", 64), "", nil, 87009, "", ""},

		{"subscription messages", "POST", "/cgi-bin/message/subscribe/send?access_token=TOKEN", `{"touser":"oLi"}`, asJSON, 48001, "errmsg", "api unauthorized: this platform does not offer /cgi-bin/message/subscribe/send"},
		{"customer service messages", "POST", "/cgi-bin/message/custom/send?access_token=TOKEN", `{"touser":"oLi"}`, asJSON, 48001, "", ""},
		{"analytics", "POST", "/datacube/getweanalysisappiddailysummarytrend?access_token=TOKEN", `{}`, asJSON, 48001, "errmsg", "api unauthorized: this platform does not offer /datacube/"},
		{"something else", "GET", "/wxa/get%22%0a%3cscript%3e", "", nil, 48001, "errmsg", "api unauthorized: this platform does not offer /wxa/getscript;"},
		{"another method", "DELETE", login + "c0de", "", nil, 43001, "", ""},
	}
	s := newDoor(t, testkit.Engines(t)[0])
	s.newKey(t, wang, gateway.KeySpec{})
	var token string
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s.mu.Lock()
			s.codes["app_mina c0de"], s.codes["app_mina ph0ne"] = "oLi", "86 13800138000"
			s.keys["app_mina oLi"] = "HyVFkGl5F5OQWJZZaNzBBg=="
			s.mu.Unlock()
			s.clock.Advance(31 * time.Second) // nothing is too soon after what came before
			token = s.tokenOf(t, s.key)
			fill := strings.NewReplacer("TOKEN", token, "SIGNATURE", signatureOf("HyVFkGl5F5OQWJZZaNzBBg=="))
			a := s.ask(t, tt.method, fill.Replace(tt.target), fill.Replace(tt.body), tt.header...)
			if a.code() != tt.code || !strings.HasPrefix(fmt.Sprint(a[tt.field]), tt.want) && tt.want != "" {
				t.Errorf("%v", a)
			}
			if tt.code != 0 && !strings.Contains(a.text("errmsg"), " rid: req_") {
				t.Errorf("no request id: %v", a)
			}
			if strings.Contains(fmt.Sprint(a), s.key.Secret) {
				t.Errorf("the answer tells the secret: %v", a)
			}
		})
	}
	for _, secret := range []string{s.key.Secret, "mms_", token, "mmw_", "c0de", "13800138000"} {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log tells %s", secret)
		}
	}
}

// Some clients do not say how long a body is, and some read no answer that does not say it or is compressed.
func TestABodyOfUnknownLengthIsRead(t *testing.T) {
	s := newDoor(t, testkit.Engines(t)[0])
	for name, tt := range map[string]struct {
		body string
		code int
	}{"a body": {`{"grant_type":"client_credential","appid":"app_mina","secret":"` + s.key.Secret + `"}`, 0}, "none": {"", 40002}} {
		r, err := http.NewRequest("POST", s.site.URL+"/cgi-bin/stable_token", io.MultiReader(strings.NewReader(tt.body)))
		if err != nil {
			t.Fatal(err)
		}
		r.ContentLength = -1
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var a answer
		if err := json.NewDecoder(resp.Body).Decode(&a); err != nil || a.code() != tt.code || resp.ContentLength <= 0 || resp.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s: %v, %v, %v", name, a, err, resp.Header)
		}
	}
}

func (s *door) phoneWith(t testing.TB, token string, header ...string) answer {
	t.Helper()
	return s.ask(t, "POST", "/wxa/business/getuserphonenumber?access_token="+token, `{"code":"nothing"}`, header...)
}

// good is what the phone route answers to an unknown code, once the caller was let in.
const good = 40029

func TestACodeIsExchangedOnce(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *door) {
		if a := s.ask(t, "GET", login+"c0de", ""); a.code() != 0 {
			t.Fatalf("%v", a)
		}
		if a := s.ask(t, "GET", login+"c0de", ""); a.code() != 40163 || !strings.HasPrefix(a.text("errmsg"), "code been used") {
			t.Errorf("%v", a)
		}
	})
}

func TestATokenOfCgiBinTokenLeavesTheFormerFiveMinutes(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *door) {
		first := s.tokenOf(t, s.key)
		s.clock.Advance(time.Hour)
		second := s.tokenOf(t, s.key)
		if first == second {
			t.Fatal("the same token twice")
		}
		s.clock.Advance(5*time.Minute - time.Second)
		if a, b := s.phoneWith(t, first).code(), s.phoneWith(t, second).code(); a != good || b != good {
			t.Errorf("within five minutes: %d, %d", a, b)
		}
		s.clock.Advance(time.Second)
		if a, b := s.phoneWith(t, first), s.phoneWith(t, second).code(); a.code() != 40001 || b != good {
			t.Errorf("after five minutes: %v, %d", a, b)
		}
		s.clock.Advance(2*time.Hour - 5*time.Minute - time.Second)
		if a := s.phoneWith(t, second).code(); a != good {
			t.Errorf("just before its end: %d", a)
		}
		s.clock.Advance(time.Second)
		if a := s.phoneWith(t, second); a.code() != 42001 || !strings.HasPrefix(a.text("errmsg"), "access_token expired") {
			t.Errorf("at its end: %v", a)
		}
		s.clock.Advance(25 * time.Hour)
		if err := s.Forget(t.Context()); err != nil {
			t.Fatal(err)
		}
		if a := s.phoneWith(t, second); a.code() != 40001 {
			t.Errorf("once it is forgotten: %v", a)
		}
	})
}

func TestAStableTokenStaysUntilItIsForced(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *door) {
		get := func(force bool) answer {
			return s.ask(t, "POST", "/cgi-bin/stable_token", fmt.Sprintf(`{"grant_type":"client_credential","appid":"app_mina","secret":"SECRET","force_refresh":%v}`, force))
		}
		plain := s.tokenOf(t, s.key)
		first := get(false)
		s.clock.Advance(time.Hour)
		again := get(false)
		if first.text("access_token") == "" || again.text("access_token") != first.text("access_token") || first["expires_in"] != 7200.0 || again["expires_in"] != 3600.0 {
			t.Fatalf("%v, then %v", first, again)
		}
		if a, b := s.phoneWith(t, plain).code(), s.phoneWith(t, first.text("access_token")).code(); a != good || b != good {
			t.Errorf("the two kinds are apart: %d, %d", a, b)
		}
		forced := get(true)
		if forced.text("access_token") == first.text("access_token") || forced["expires_in"] != 7200.0 {
			t.Errorf("%v", forced)
		}
		if a, b := s.phoneWith(t, first.text("access_token")).code(), s.phoneWith(t, forced.text("access_token")).code(); a != 40001 || b != good {
			t.Errorf("the former ends at once: %d, %d", a, b)
		}
		s.clock.Advance(29 * time.Second)
		if soon := get(true); soon.text("access_token") != forced.text("access_token") {
			t.Errorf("within 30 s nothing is refreshed: %v", soon)
		}
		for i := range 19 {
			s.clock.Advance(30 * time.Second)
			if a := get(true); a.code() != 0 {
				t.Fatalf("force %d: %v", i+2, a)
			}
		}
		s.clock.Advance(30 * time.Second)
		if a := get(true); a.code() != 45009 {
			t.Errorf("the 21st on a day: %v", a)
		}
		if a := get(false); a.code() != 0 {
			t.Errorf("without force: %v", a)
		}
		s.clock.Set(opening.Add(16 * time.Hour)) // midnight in China
		if a := get(true); a.code() != 0 {
			t.Errorf("on the next day: %v", a)
		}
		// Within five minutes of its end there is a new one, and the old one is good as long.
		s.clock.Advance(2*time.Hour - 5*time.Minute - time.Second)
		old := get(false)
		s.clock.Advance(time.Second)
		renewed := get(false)
		if renewed.text("access_token") == old.text("access_token") || renewed["expires_in"] != 7200.0 {
			t.Errorf("%v, then %v", old, renewed)
		}
		s.clock.Advance(4 * time.Minute)
		if a, b := s.phoneWith(t, old.text("access_token")).code(), s.phoneWith(t, renewed.text("access_token")).code(); a != good || b != good {
			t.Errorf("both are good: %d, %d", a, b)
		}
	})
}

func TestManyServersThatAskAtOnceGetOneStableToken(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *door) {
		var mu sync.Mutex
		seen := map[string]bool{}
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				a := s.ask(t, "POST", "/cgi-bin/stable_token", `{"grant_type":"client_credential","appid":"app_mina","secret":"SECRET"}`)
				mu.Lock()
				defer mu.Unlock()
				seen[a.text("access_token")] = true
			})
		}
		wg.Wait()
		if len(seen) != 1 || seen[""] {
			t.Errorf("%v", seen)
		}
	})
}

func TestATokenDiesWithItsKey(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *door) {
		old := s.tokenOf(t, s.key)
		other := s.newKey(t, mina, gateway.KeySpec{})
		kept := s.tokenOf(t, other)
		if a, b := s.phoneWith(t, old).code(), s.phoneWith(t, kept).code(); a != good || b != good {
			t.Errorf("two keys are two servers: %d, %d", a, b)
		}
		if _, err := s.gateway.RevokeKey(t.Context(), mina, "app_mina", s.key.Key.ID); err != nil {
			t.Fatal(err)
		}
		if a, b := s.phoneWith(t, old), s.phoneWith(t, kept).code(); a.code() != 40001 || b != good {
			t.Errorf("after one is revoked: %v, %d", a, b)
		}
		if a := s.ask(t, "GET", login+"c0de", ""); a.code() != 40125 {
			t.Errorf("with its secret: %v", a)
		}
	})
}

func TestAKeyOpensWhatItIsForFromWhereItMayBeUsed(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *door) {
		narrow := s.newKey(t, mina, gateway.KeySpec{Scopes: []string{wechat.ScopePhone}, Networks: []string{"203.0.113.0/24"}})
		away := []string{"X-Test-From", "198.51.100.7"}
		home := []string{"X-Test-From", "203.0.113.7"}
		target := "/cgi-bin/token?grant_type=client_credential&appid=app_mina&secret=" + narrow.Secret
		if a := s.ask(t, "GET", target, "", away...); a.code() != 40164 || !strings.HasPrefix(a.text("errmsg"), "invalid ip") {
			t.Errorf("from elsewhere: %v", a)
		}
		token := s.ask(t, "GET", target, "", home...).text("access_token")
		if a := s.phoneWith(t, token, away...); a.code() != 40164 {
			t.Errorf("a token from elsewhere: %v", a)
		}
		if a := s.phoneWith(t, token, home...); a.code() != good {
			t.Errorf("%v", a)
		}
		if a := s.ask(t, "GET", strings.ReplaceAll(login, "SECRET", narrow.Secret)+"c0de", "", home...); a.code() != 48001 || !strings.Contains(a.text("errmsg"), "identity:exchange") {
			t.Errorf("without the scope: %v", a)
		}
		s.mu.Lock()
		s.granted["app_mina phone-number"] = false
		s.mu.Unlock()
		if a := s.phoneWith(t, token, home...); a.code() != 48001 || !strings.Contains(a.text("errmsg"), "phone-number") {
			t.Errorf("without the capability: %v", a)
		}
	})
}

func TestQuotasSpeakWeChatsWords(t *testing.T) {
	for window, code := range map[time.Duration]int{time.Minute: 45011, 24 * time.Hour: 45009} {
		s := newDoor(t, testkit.Engines(t)[0])
		*s.limit = gateway.FixedQuotas{EachScope: gateway.Quota{Limit: 1, Window: window}}
		s.ask(t, "GET", login+"x", "")
		if a := s.ask(t, "GET", login+"x", ""); a.code() != code {
			t.Errorf("%s: %v", window, a)
		}
	}
	s := newDoor(t, testkit.Engines(t)[0])
	for range 2000 {
		s.tokenOf(t, s.key)
	}
	if a := s.ask(t, "GET", "/cgi-bin/token?grant_type=client_credential&appid=app_mina&secret=SECRET", ""); a.code() != 45009 {
		t.Errorf("the 2001st token of a day: %v", a)
	}
}

func TestWhoGuessesSecretsIsToldToSlowDown(t *testing.T) {
	s := newDoor(t, testkit.Engines(t)[0])
	for range 20 {
		s.ask(t, "GET", "/cgi-bin/token?grant_type=client_credential&appid=app_mina&secret=mms_guess", "")
	}
	if a := s.ask(t, "GET", "/cgi-bin/token?grant_type=client_credential&appid=app_mina&secret=mms_guess", ""); a.code() != 45011 {
		t.Errorf("%v", a)
	}
	if a := s.ask(t, "GET", "/cgi-bin/token?grant_type=client_credential&appid=app_mina&secret=SECRET", "", "X-Test-From", "203.0.113.7"); a.code() != 0 {
		t.Errorf("another server: %v", a)
	}
}

func TestWhatGoesWrongHereSaysNothingOutside(t *testing.T) {
	s := newDoor(t, testkit.Engines(t)[0])
	s.broken = errors.New("dial tcp 10.0.0.5: password wrong")
	a := s.ask(t, "GET", login+"c0de", "")
	if a.code() != -1 || strings.Contains(fmt.Sprint(a), "password") || !strings.HasPrefix(a.text("errmsg"), "system error") {
		t.Errorf("%v", a)
	}
	if !strings.Contains(s.log.String(), "password wrong") || strings.Contains(s.log.String(), s.key.Secret) {
		t.Errorf("%s", s.log)
	}
}

func TestWhatIsNotBehindTheDoorIsNotOffered(t *testing.T) {
	s := newDoor(t, testkit.Engines(t)[0])
	mux := http.NewServeMux()
	wechat.New(nil, s.clock, s.gateway, wechat.Parts{}).Routes(mux)
	s.site.Config.Handler = mux
	for _, path := range []string{login + "c0de", "/wxa/business/getuserphonenumber?access_token=x", "/wxa/checksession"} {
		if a := s.ask(t, "POST", path, "{}"); a.code() != 48001 {
			t.Errorf("%s: %v", path, a)
		}
	}
}
