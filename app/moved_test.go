package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"minimart/open/jos"
	"minimart/platform/db"
)

// movedKey is a key of an app, with the scopes of everything a moved server does.
func (s *stage) movedKey(who, app string) (id, secret string) {
	s.t.Helper()
	k := s.console(who, "POST", "/apps/"+app+"/keys", `{"name":"moved","scopes":["identity:exchange","phone-number:read","program:upload"]}`)
	return at(k, "id"), at(k, "secret")
}

// serverAsks sends a call as a moved server does: no cookie, no header of ours.
func (s *stage) serverAsks(method, target, body string) map[string]any {
	s.t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.RemoteAddr = "192.0.2.7:99"
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	out := httptest.NewRecorder()
	s.api.ServeHTTP(out, r)
	answer := map[string]any{}
	if err := json.Unmarshal(out.Body.Bytes(), &answer); err != nil || out.Code != http.StatusOK {
		s.t.Fatalf("%s %s: %d %s", method, target, out.Code, out.Body)
	}
	return answer
}

// codeFor makes a code in the host app: of login, or for the phone number.
func (s *stage) codeFor(kind string) string {
	s.t.Helper()
	path := "/api/host/v1/programs/" + s.app + "/" + kind
	return at(s.good(s.send("visitor", "POST", path, "{}"), path), "code")
}

// age lets every code that is on its way expire.
func (s *stage) age() {
	s.t.Helper()
	if err := s.db.Update(s.t.Context(), func(tx db.Tx) error {
		_, err := tx.ExecContext(s.t.Context(), "UPDATE identity_code SET expires_at = 1 WHERE used_at = 0")
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
}

func TestMovedServersAreToldWhyACodeIsGoodForNothing(t *testing.T) {
	s := newStage(t)
	if err := s.capabilities.Endow(t.Context(), s.app, "phone-number"); err != nil {
		t.Fatal(err)
	}
	if err := s.capabilities.Endow(t.Context(), s.isv, "phone-number"); err != nil {
		t.Fatal(err)
	}
	s.consumer("visitor", "13800138000")
	id, secret := s.movedKey("owner", s.app)
	_, theirs := s.movedKey("owner elsewhere", s.isv)

	login := func(app, secret, code string) map[string]any {
		return s.serverAsks("GET", "/sns/jscode2session?grant_type=authorization_code&appid="+app+"&secret="+secret+"&js_code="+code, "")
	}
	tokens := map[string]string{}
	phone := func(app, secret, code string) map[string]any {
		if tokens[app] == "" {
			tokens[app] = at(s.serverAsks("POST", "/cgi-bin/stable_token", `{"grant_type":"client_credential","appid":"`+app+`","secret":"`+secret+`"}`), "access_token")
		}
		return s.serverAsks("POST", "/wxa/business/getuserphonenumber?access_token="+tokens[app], `{"code":"`+code+`"}`)
	}
	mixed := func(code string) map[string]any {
		a := s.josCall(id, secret, "", "jingdong.miniapp.mixUserInfo", `{"code":"`+code+`"}`)
		inner, _ := a[josEnvelope("jingdong.miniapp.mixUserInfo")].(map[string]any)
		result, _ := inner["result"].(map[string]any)
		return result
	}
	is := func(name string, answer map[string]any, code float64, words string) {
		t.Helper()
		message, _ := answer["errmsg"].(string)
		if answer["errcode"] != code || !strings.HasPrefix(message, words) {
			t.Errorf("%s: %v, want %v %s", name, answer, code, words)
		}
	}
	for kind, exchange := range map[string]func(app, secret, code string) map[string]any{"login": login, "consents/phone-number": phone} {
		code := s.codeFor(kind)
		is(kind+": another app's", exchange(s.isv, theirs, code), 40029, "invalid code")
		if a := exchange(s.app, secret, code); a["errcode"] != nil && a["errcode"] != 0.0 {
			t.Errorf("%s: %v", kind, a)
		}
		is(kind+": used", exchange(s.app, secret, code), 40163, "code been used")
		late := s.codeFor(kind)
		s.age()
		is(kind+": expired", exchange(s.app, secret, late), 40029, "invalid code")
		is(kind+": unknown", exchange(s.app, secret, strings.Repeat("A", 43)), 40029, "invalid code")
		is(kind+": malformed", exchange(s.app, secret, "nothing"), 40029, "invalid code")
	}

	code := s.codeFor("login")
	if a := mixed(code); a["code"] != "0" {
		t.Errorf("%v", a)
	}
	late := s.codeFor("login")
	s.age()
	for name, useless := range map[string]string{"used": code, "expired": late, "unknown": strings.Repeat("B", 43), "malformed": "nothing"} {
		if a := mixed(useless); a["code"] != 10102.0 || a["error"] != "code已过期" {
			t.Errorf("mixUserInfo, %s: %v", name, a)
		}
	}

	for i := range 100 {
		a := login(s.app, secret, "guess"+fmt.Sprint(i))
		if a["errcode"] == 45011.0 {
			return
		}
		is("a guess", a, 40029, "invalid code")
	}
	t.Error("who guesses codes is not told to slow down")
}

func josEnvelope(method string) string {
	return strings.ReplaceAll(method, ".", "_") + "_respon" + "ce" // JD spells it so
}

// josCall calls JD's gateway with a key, for the app of access, "" for its own.
func (s *stage) josCall(key, secret, access, method, body string) map[string]any {
	s.t.Helper()
	params := map[string]string{
		"app_key": key, "v": "2.0", "method": method, "360buy_param_json": body,
		"timestamp": time.Now().In(time.FixedZone("China", 8*3600)).Format(time.DateTime),
	}
	if access != "" {
		params["access_token"] = access
	}
	params["sign"] = jos.Sign(secret, params)
	q := url.Values{}
	for name, value := range params {
		q.Set(name, value)
	}
	return s.serverAsks("GET", "/routerjson?"+q.Encode(), "")
}

// A merchant lets a builder of programs in at the page of the console, and the builder's server acts for the merchant's app.
func TestABuilderOfProgramsIsLetInAndActsForTheMerchantsApp(t *testing.T) {
	s := newStage(t)
	s.consumer("visitor", "13800138000")
	key, secret := s.movedKey("owner elsewhere", s.isv)
	const back = "https://isv.example/back"
	s.console("owner elsewhere", "PUT", "/apps/"+s.isv+"/keys/"+key+"/jos-redirects", `{"items":["`+back+`"]}`)

	for name, paths := range map[string]struct{ login, token, refresh, id, secret string }{
		"as JD has it":     {"/oauth2/to_login", "/oauth2/access_token", "/oauth2/refresh_token", "app_key", "app_secret"},
		"as JD had it":     {"/oauth/authorize", "/oauth/token", "/oauth/token", "client_id", "client_secret"},
		"as JD had it, on": {"/oauth/authorize", "/oauth2/access_token", "/oauth2/refresh_token", "app_key", "app_secret"},
	} {
		t.Run(name, func(t *testing.T) {
			ask := url.Values{paths.id: {key}, "response_type": {"code"}, "redirect_uri": {back}, "state": {"a&b"}, "scope": {"snsapi_base"}}
			if paths.login == "/oauth/authorize" {
				ask.Set("client_id", key)
			}
			sent := s.send("", "GET", paths.login+"?"+ask.Encode(), "")
			page, err := url.Parse(sent.Header().Get("Location"))
			if err != nil || sent.Code != http.StatusFound || page.Path != "/console/authorise" || page.Query().Get("app_key") != key {
				t.Fatalf("%d %s", sent.Code, sent.Header())
			}
			if r := s.send("owner", "GET", page.String(), ""); r.Code != http.StatusOK || !strings.Contains(r.Header().Get("Content-Type"), "text/html") {
				t.Errorf("the page: %d %s", r.Code, r.Header())
			}
			// What the page asks and says with the parameters it was given.
			question := s.console("owner", "GET", "/jos-question?app_key="+key+"&redirect_uri="+url.QueryEscape(page.Query().Get("redirect_uri")), "")
			if at(question, "app") != s.isv || at(question, "keyName") != "moved" {
				t.Errorf("%v", question)
			}
			agreed, err := json.Marshal(map[string]string{"appKey": key, "redirectUri": page.Query().Get("redirect_uri"), "state": page.Query().Get("state")})
			if err != nil {
				t.Fatal(err)
			}
			to, err := url.Parse(at(s.console("owner", "POST", "/apps/"+s.app+"/jos-authorizations", string(agreed)), "redirect"))
			if err != nil || to.Host != "isv.example" || to.Query().Get("state") != "a&b" {
				t.Fatalf("%v, %v", to, err)
			}

			got := s.serverAsks("GET", paths.token+"?"+url.Values{
				paths.id: {key}, paths.secret: {secret}, "grant_type": {"authorization_code"}, "code": {to.Query().Get("code")}, "redirect_uri": {back}, "state": {"a&b"},
			}.Encode(), "")
			if got["code"] != 0.0 || at(got, "xid") != s.app || at(got, "uid") != s.app || got["expires_in"] != 86400.0 {
				t.Fatalf("%v", got)
			}
			newer := s.serverAsks("POST", paths.refresh+"?"+url.Values{
				paths.id: {key}, paths.secret: {secret}, "grant_type": {"refresh_token"}, "refresh_token": {at(got, "refresh_token")},
			}.Encode(), "")
			if newer["code"] != 0.0 || at(newer, "open_id") != at(got, "open_id") || at(newer, "access_token") == at(got, "access_token") {
				t.Fatalf("%v", newer)
			}

			const method = "jingdong.miniapp.mixUserInfo"
			login := s.codeFor("login")
			for access, refused := range map[string]string{"joa_none": "19", at(got, "access_token"): "19"} {
				if a := s.josCall(key, secret, access, method, `{"code":"`+login+`"}`); at(a, "error_response.code") != refused {
					t.Errorf("%v", a)
				}
			}
			if a := s.josCall(key, secret, at(newer, "access_token"), method, `{"code":"`+login+`"}`); !strings.HasPrefix(at(a, josEnvelope(method)+".result.mixUserInfo.openId"), "o") {
				t.Errorf("%v", a)
			}
			for _, given := range s.console("owner", "GET", "/apps/"+s.app+"/jos-authorizations", "")["items"].([]any) {
				s.console("owner", "DELETE", "/apps/"+s.app+"/jos-authorizations/"+at(given, "id"), "")
			}
			if a := s.josCall(key, secret, at(newer, "access_token"), method, `{"code":"`+s.codeFor("login")+`"}`); at(a, "error_response.code") != "19" {
				t.Errorf("after it was withdrawn: %v", a)
			}
		})
	}
}
