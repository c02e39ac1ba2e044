package jos_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"minimart/open/gateway"
	"minimart/open/jos"
	"minimart/platform/access"
	"minimart/platform/fault"
	"minimart/platform/fault/faulttest"
	"minimart/platform/testkit"
)

func TestEveryFaultSpeaksChinese(t *testing.T) { faulttest.Translated(t) }

// spelled ends the name an answer is under, with JD's c, in two parts for the sake of spelling checkers.
const spelled = "_respon" + "ce"

const mixUserInfo = "jingdong.miniapp.mixUserInfo"

// vectors were made by testdata/vectors.py.
func vectors(t testing.TB) (out []struct {
	Name   string
	Params map[string]string
	Text   string
	Sign   string
}) {
	t.Helper()
	b, err := os.ReadFile("testdata/vectors.json")
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

const vectorSecret = "mms_3q2-7wAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBk"

// oneKey is a key with the vectors' secret.
type oneKey struct{ proved bool }

func (k *oneKey) Verify(_ context.Context, _ *http.Request, key string, check func(string) bool) (access.Caller, error) {
	if k.proved = check(vectorSecret); !k.proved {
		return access.Caller{}, fault.Unauthenticated("it is not")
	}
	return access.Caller{App: "app_mina", Org: "org_mina", Key: key, Scopes: []string{jos.ScopeIdentity}}, nil
}

func (k *oneKey) WhoHas(context.Context, string) (access.Caller, string, error) {
	return access.Caller{}, "", fault.NotFound("nobody")
}

func (k *oneKey) Charge(context.Context, http.Header, access.Caller, string) error { return nil }

func TestSignaturesAreThoseComputedElsewhere(t *testing.T) {
	s := newDoor(t, testkit.Engines(t)[0])
	for _, v := range vectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			keys := &oneKey{}
			door := jos.New(nil, s.clock, keys, nil, jos.Options{Parts: jos.Parts{Sessions: s.town}})
			mux := http.NewServeMux()
			door.Routes(mux)
			try := func(method, query, form string) {
				t.Helper()
				keys.proved = false
				r := httptest.NewRequest(method, "/routerjson?"+query, strings.NewReader(form))
				if form != "" {
					r.Header.Set("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8")
				}
				w := httptest.NewRecorder()
				mux.ServeHTTP(w, r)
				if v.Params["access_token"] == "" && !keys.proved {
					t.Errorf("%s: %s", v.Text, w.Body)
				}
			}
			signed := maps.Clone(v.Params)
			signed["sign"] = v.Sign
			if v.Params["access_token"] != "" { // is looked up in the database: here its signature alone
				if got := jos.Sign(vectorSecret, v.Params); got != v.Sign {
					t.Errorf("%s, want %s", got, v.Sign)
				}
				return
			}
			try("GET", encode(signed), "")
			try("POST", "", encode(signed))
			signed["sign"] = strings.ToLower(v.Sign)
			try("GET", encode(signed), "")
			// JD's Java client: the system's parameters in the query, the method's in the form.
			form := map[string]string{}
			for _, name := range []string{"360buy_param_json", "param_json", "other"} {
				if value, there := signed[name]; there {
					form[name] = value
					delete(signed, name)
				}
			}
			try("POST", encode(signed), encode(form))
			// JD's PHP client: an ampersand at the end.
			try("POST", encode(signed)+"&", encode(form))
		})
	}
}

func TestALoginCodeIsExchangedAsJDAnswers(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *door) {
		a := s.call(t, s.params(s.key, mixUserInfo, `{"code":"c0de"}`))
		const at = "jingdong_miniapp_mixUserInfo" + spelled
		if a.at(at+".code") != "0" || a.at(at+".result.code") != "0" || a.at(at+".result.mixUserInfo.openId") != "oLi" || a.at(at+".result.mixUserInfo.xId") != "uLi" {
			t.Errorf("%v", a)
		}
		for _, code := range []string{"c0de", "nothing", "theirs"} {
			s.clock.Advance(time.Second)
			a = s.call(t, s.params(s.key, mixUserInfo, `{"code":"`+code+`"}`))
			if a.at(at+".code") != "0" || a.at(at+".result.code") != 10102.0 || a.at(at+".result.error") != "code已过期" {
				t.Errorf("%s: %v", code, a)
			}
		}
		s.refuse = fault.Denied("the consumer is suspended")
		if a = s.call(t, s.params(s.key, mixUserInfo, `{"code":"c0de"}`)); a.at(at+".result.code") != "403" {
			t.Errorf("%v", a)
		}
		s.refuse = errors.New("dial tcp 10.0.0.5: password wrong")
		if a = s.call(t, s.params(s.key, mixUserInfo, `{"code":"c0de"}`)); a.refused() != "43" || strings.Contains(fmt.Sprint(a), "password") || !strings.Contains(s.log.String(), "password wrong") {
			t.Errorf("%v", a)
		}
		s.refuse = fault.Unavailable("not now")
		if a = s.call(t, s.params(s.key, mixUserInfo, `{"code":"c0de"}`)); a.refused() != "66" {
			t.Errorf("%v", a)
		}
		for _, secret := range []string{s.key.Secret, "c0de"} {
			if strings.Contains(s.log.String(), secret) {
				t.Errorf("the log tells %s", secret)
			}
		}
	})
}

// Clients that were read or run, and what is their own about how they write a call.
func TestCallsAreTakenAsClientsWriteThem(t *testing.T) {
	s := newDoor(t, testkit.Engines(t)[0])
	const form = "application/x-www-form-urlencoded"
	at := func(params map[string]string) string { return "/routerjson?" + encode(params) }
	for name, tt := range map[string]struct {
		more  []string // parameters
		write func(params map[string]string) (method, target, kind, body string)
	}{
		"Python: POST without a body, the zone of the machine": {
			[]string{"timestamp", opening.Format("2006-01-02 15:04:05.000-0700")},
			func(p map[string]string) (string, string, string, string) { return "POST", at(p), "", "" },
		},
		"Python: the address in the request line": {nil, func(p map[string]string) (string, string, string, string) { return "POST", s.site.URL + at(p), "", "" }},
		"PHP: GET, an ampersand at the end, the zone of the shop": {
			[]string{"timestamp", opening.In(time.FixedZone("", 8*3600)).Format("2006-01-02 15:04:05.000-0700")},
			func(p map[string]string) (string, string, string, string) { return "GET", at(p) + "&", "", "" },
		},
		"PHP: all in a form": {nil, func(p map[string]string) (string, string, string, string) {
			return "POST", "/routerjson", form, encode(p)
		}},
		"Go: GET that says it has JSON": {
			[]string{"format", "json"},
			func(p map[string]string) (string, string, string, string) {
				return "GET", at(p), "application/json", ""
			},
		},
		"npm: the JSON in the form as it is": {
			[]string{"format", "json", "360buy_param_json", `{"code":"c0de","note":"茶;水"}`},
			func(p map[string]string) (string, string, string, string) {
				json := p["360buy_param_json"]
				delete(p, "360buy_param_json")
				return "POST", at(p), form, "360buy_param_json=" + json
			},
		},
		"npm: version 1.0, POST that says it has JSON": {
			[]string{"v", "1.0", "sign_method", "md5", "param_json", `{"code":"c0de"}`},
			func(p map[string]string) (string, string, string, string) {
				delete(p, "360buy_param_json")
				p["sign"] = jos.Sign(s.key.Secret, p)
				return "POST", at(p), "application/json", ""
			},
		},
	} {
		s.mu.Lock()
		s.codes["app_mina c0de"] = "oLi"
		s.mu.Unlock()
		method, target, kind, body := tt.write(s.params(s.key, mixUserInfo, `{"code":"c0de"}`, tt.more...))
		r := httptest.NewRequest(method, target, strings.NewReader(body))
		if kind != "" {
			r.Header.Set("Content-Type", kind)
		}
		w := httptest.NewRecorder()
		s.site.Config.Handler.ServeHTTP(w, r)
		a := answer{}
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || a.at("jingdong_miniapp_mixUserInfo"+spelled+".result.mixUserInfo.openId") != "oLi" || len(a) != 1 {
			t.Errorf("%s: %s, %v", name, w.Body, err)
		}
	}
}

func TestACallThatIsNotInOrderIsRefusedWithJDsCodes(t *testing.T) {
	s := newDoor(t, testkit.Engines(t)[0])
	good := func() map[string]string { return s.params(s.key, mixUserInfo, `{"code":"nothing"}`) }
	if a := s.call(t, good()); a.refused() != "" {
		t.Fatalf("the good one: %v", a)
	}
	resign := func(p map[string]string) map[string]string {
		delete(p, "sign")
		p["sign"] = jos.Sign(s.key.Secret, p)
		return p
	}
	set := func(name, value string) func(map[string]string) map[string]string {
		return func(p map[string]string) map[string]string { p[name] = value; return resign(p) }
	}
	without := func(name string) func(map[string]string) map[string]string {
		return func(p map[string]string) map[string]string { delete(p, name); return p }
	}
	for _, tt := range []struct {
		name   string
		change func(map[string]string) map[string]string
		code   string
		en     string
	}{
		{"no method", without("method"), "14", "Missing Method"},
		{"no app_key", without("app_key"), "20", "Missing App Key"},
		{"no version", without("v"), "4", "Missing Version"},
		{"no timestamp", without("timestamp"), "7", "Missing Timestamp"},
		{"no signature", without("sign"), "11", "Missing Signature"},
		{"another version", set("v", "3.0"), "5", "Unsupported Version"},
		{"an unknown method", set("method", "jingdong.miniapp.order.created"), "15", "Invalid Method: jingdong.miniapp.order.created is not offered by this platform; it offers jingdong.miniapp.isv.commitMiniAppCheckVersion, "},
		{"a method with a line break", set("method", "a\n<b>"), "15", "Invalid Method: ab is not offered"},
		{"an unknown key", set("app_key", "key_none"), "21", "Invalid App Key"},
		{"a key that is much too long", set("app_key", strings.Repeat("x", 65)), "21", ""},
		{"another way to sign", set("sign_method", "hmacsha256"), "12", "Invalid Signature: sign_method is md5"},
		{"another format", set("format", "xml"), "13", ""},
		{"a timestamp of another form", set("timestamp", "18.06.2026 08:00"), "8", "Invalid Timestamp: timestamp is written as"},
		{"six minutes old", set("timestamp", "2026-06-18 07:54:00"), "", ""},
		{"a second older", set("timestamp", "2026-06-18 07:53:59"), "8", "Invalid Timestamp: timestamp is 361 s from the server's clock, which shows 2026-06-18 08:00:00"},
		{"six minutes ahead", set("timestamp", "2026-06-18 08:06:00"), "", ""},
		{"a second more", set("timestamp", "2026-06-18 08:06:01"), "8", ""},
		{"in the time of Greenwich, which is eight hours off", set("timestamp", "2026-06-18 00:00:00"), "8", ""},
		{"another parameter than was signed", func(p map[string]string) map[string]string { p["360buy_param_json"] = `{"code":"c0de"}`; return p }, "12", "Invalid Signature: the signature is not that of the secret of the key"},
		{"a parameter more", func(p map[string]string) map[string]string { p["x"] = "y"; return p }, "12", "360buy_param_json app_key method timestamp v x"},
		{"a parameter less", without("360buy_param_json"), "12", ""},
		{"half a signature", func(p map[string]string) map[string]string { p["sign"] = p["sign"][:16]; return p }, "12", ""},
		{"no JSON", set("360buy_param_json", `{"code":`), "63", "Invalid JSON"},
		{"a list", set("360buy_param_json", `[]`), "63", ""},
		{"more after the object", set("360buy_param_json", `{} {}`), "63", ""},
		{"null", set("360buy_param_json", `null`), "63", ""},
		{"a code that is missing", set("360buy_param_json", `{}`), "61", "Invalid Parameter Value: the field code is missing"},
		{"a code that is a number", set("360buy_param_json", `{"code":9007199254740993}`), "", ""},
		{"a field that is too long", set("360buy_param_json", `{"code":"`+strings.Repeat("x", 11<<10)+`"}`), "61", ""},
		{"an access token that is none", set("access_token", "joa_x"), "19", "Invalid Access Token"},
		{"a file", set("360buy_file", "x"), "13", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.clock.Advance(0)
			a := s.ask(t, "POST", "/routerjson", encode(tt.change(good())), "X-Test-From", fmt.Sprintf("203.0.113.%d", len(tt.name)))
			en, _ := a.at("error_response.en_desc").(string)
			zh, _ := a.at("error_response.zh_desc").(string)
			if a.refused() != tt.code || !strings.Contains(en, tt.en) || (tt.code != "" && zh == "") || strings.ContainsAny(en, "\n<") {
				t.Errorf("%v", a)
			}
		})
	}
}

func TestParametersThatCannotBeReadAreRefused(t *testing.T) {
	s := newDoor(t, testkit.Engines(t)[0])
	p := encode(s.params(s.key, mixUserInfo, `{"code":"nothing"}`))
	form := []string{"Content-Type", "application/x-www-form-urlencoded"}
	for _, tt := range []struct {
		name, method, query, body string
		header                    []string
		code                      string
	}{
		{"the same in both places", "POST", p, p, form, ""},
		{"a name twice", "POST", p + "&v=2.0", "", nil, "13"},
		{"another value in the form", "POST", p, "v=1.0", form, "13"},
		{"multipart", "POST", p, "--x\r\n", []string{"Content-Type", "multipart/form-data; boundary=x"}, "13"},
		{"no URL encoding", "GET", p + "&x=%zz", "", nil, "13"},
		{"too many parameters", "GET", p + strings.Repeat("&x", 1) + manyParams(), "", nil, "13"},
		{"too large a form", "POST", p, "x=" + strings.Repeat("x", 257<<10), form, "13"},
		{"a name that is much too long", "GET", p + "&" + strings.Repeat("x", 65) + "=1", "", nil, "13"},
		{"no text", "GET", p + "&x=%ff", "", nil, "13"},
		{"another method", "PUT", p, "", nil, "50"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if a := s.ask(t, tt.method, "/routerjson?"+tt.query, tt.body, tt.header...); a.refused() != tt.code {
				t.Errorf("%v", a)
			}
		})
	}
}

func manyParams() string {
	var b strings.Builder
	for i := range 41 {
		fmt.Fprintf(&b, "&p%d=1", i)
	}
	return b.String()
}

func TestVersionsMoveThroughTheirLife(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *door) {
		for _, tt := range []struct{ method, body, at, want, done string }{
			{"jingdong.miniapp.isv.commitMiniAppDevVersion", `{"appId":"app_mina","packageId":"ver_1","description":"新版","versionName":"1.2.0"}`,
				"jingdong_miniapp_isv_commitMiniAppDevVersion" + spelled + ".result.devId", "ver_new", "commit app_mina from org_app_mina app_mina ver_1 1.2.0 新版"},
			{"jingdong.miniapp.isv.createdMiniAppExperVersion", `{"miniAppId":"app_mina","devId":"ver_new"}`,
				"jingdong_miniapp_isv_createdMiniAppExperVersion" + spelled + ".result.path", "/?trial=x", "try app_mina ver_new"},
			{"jingdong.miniapp.isv.commitMiniAppCheckVersion", `{"miniAppId":"app_mina","devId":"ver_new"}`,
				"jingdong_miniapp_isv_commitMiniAppCheckVersion" + spelled + ".result.code", "0", "submit app_mina ver_new"},
			{"jingdong.miniapp.isv.revokeMiniAppCheckVersion", `{"miniAppId":"app_mina"}`,
				"jingdong_miniapp_isv_revokeMiniAppCheckVersion" + spelled + ".result.code", "0", "withdraw app_mina"},
		} {
			p := s.params(s.key, tt.method, tt.body)
			a := s.call(t, p)
			if a.at(tt.at) != tt.want || len(s.done) == 0 || s.done[len(s.done)-1] != tt.done {
				t.Errorf("%s: %v, %v", tt.method, a, s.done)
			}
			n := len(s.done)
			p["sign"] = strings.ToLower(p["sign"])
			if again := s.call(t, p); again.refused() != "50" || len(s.done) != n {
				t.Errorf("%s once more: %v", tt.method, again)
			}
			s.clock.Advance(time.Second)
			if later := s.call(t, s.params(s.key, tt.method, tt.body)); later.refused() != "" || len(s.done) != n+1 {
				t.Errorf("%s signed anew: %v", tt.method, later)
			}
		}
		a := s.call(t, s.params(s.key, "jingdong.miniapp.isv.commitMiniAppDevVersion", `{"appId":"app_mina","packageId":"ver_gone"}`))
		if a.at("jingdong_miniapp_isv_commitMiniAppDevVersion"+spelled+".result.code") != "404" {
			t.Errorf("%v", a)
		}
		a = s.call(t, s.params(s.key, "jingdong.miniapp.isv.commitMiniAppCheckVersion", `{"miniAppId":"app_wang","devId":"ver_1"}`))
		if a.refused() != "61" || !strings.Contains(fmt.Sprint(a.at("error_response.en_desc")), "not for app_wang") {
			t.Errorf("a neighbour's app: %v", a)
		}
		s.clock.Advance(time.Hour)
		if err := s.Forget(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestAKeyOpensWhatItIsForFromWhereItMayBeUsed(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *door) {
		narrow := s.newKey(t, mina, gateway.KeySpec{Scopes: []string{jos.ScopeUpload}, Networks: []string{"203.0.113.0/24"}})
		p := s.params(narrow, mixUserInfo, `{"code":"c0de"}`)
		if a := s.call(t, p); a.refused() != "80" {
			t.Errorf("from elsewhere: %v", a)
		}
		if a := s.call(t, p, "X-Test-From", "203.0.113.7"); a.refused() != "88" {
			t.Errorf("without the scope: %v", a)
		}
		*s.limit = gateway.FixedQuotas{App: gateway.Quota{Limit: 1, Window: time.Minute}}
		s.call(t, s.params(s.key, mixUserInfo, `{"code":"x"}`))
		if a := s.call(t, s.params(s.key, mixUserInfo, `{"code":"x"}`)); a.refused() != "2" {
			t.Errorf("over the quota: %v", a)
		}
		if _, err := s.gateway.RevokeKey(t.Context(), mina, "app_mina", s.key.Key.ID); err != nil {
			t.Fatal(err)
		}
		if a := s.call(t, s.params(s.key, mixUserInfo, `{"code":"x"}`)); a.refused() != "21" {
			t.Errorf("revoked: %v", a)
		}
	})
}

func TestWhatIsNotBehindTheDoorIsNotOffered(t *testing.T) {
	s := newDoor(t, testkit.Engines(t)[0])
	if got := jos.New(nil, s.clock, s.gateway, nil, jos.Options{}).Methods(); got != "" {
		t.Errorf("%q", got)
	}
	if got := jos.New(nil, s.clock, s.gateway, nil, jos.Options{Parts: jos.Parts{Reviews: s.town}}).Methods(); !strings.Contains(got, "commitMiniAppCheckVersion") || strings.Contains(got, "mixUserInfo") {
		t.Errorf("%q", got)
	}
	mux := http.NewServeMux()
	jos.New(nil, s.clock, s.gateway, nil, jos.Options{}).Routes(mux)
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", "/oauth2/to_login?"+url.Values{"app_key": {s.key.Key.ID}}.Encode(), nil))
	if w.Code != 503 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func FuzzWhateverComesInIsAnsweredInJDsWords(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(encode(v.Params)+"&sign="+v.Sign, "", "application/x-www-form-urlencoded")
	}
	f.Add("method=jingdong.miniapp.mixUserInfo&app_key=k&v=2.0&timestamp=2026-06-18+08:00:00&sign=00000000000000000000000000000000", "360buy_param_json={\"code\":\"x\",\"deep\":{\"a\":[1]}}", "")
	f.Add("%zz", "--", "multipart/form-data")
	s := newDoor(f, testkit.Engine{Name: "sqlite", URL: testkit.SQLiteURL})
	mux := http.NewServeMux()
	jos.New(s.db, s.clock, &anyKey{}, nil, jos.Options{Parts: jos.Parts{Sessions: s.town, Reviews: s.town}}).Routes(mux)
	f.Fuzz(func(t *testing.T, query, body, kind string) {
		for _, path := range []string{"/routerjson", "/oauth2/access_token", "/oauth2/refresh_token"} {
			r := httptest.NewRequest("POST", path, strings.NewReader(body))
			r.URL.RawQuery = query
			r.Header.Set("Content-Type", kind)
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, r)
			var a answer
			if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != 200 || strings.ContainsAny(w.Body.String(), "\n\r") {
				t.Errorf("%q: %d %s %v", query, w.Code, w.Body, err)
			}
		}
	})
}

// anyKey takes every signature that was computed.
type anyKey struct{ oneKey }

func (*anyKey) Verify(_ context.Context, _ *http.Request, key string, check func(string) bool) (access.Caller, error) {
	check(vectorSecret)
	return access.Caller{App: "app_mina", Org: "org_mina", Key: key, Scopes: []string{jos.ScopeIdentity}}, nil
}
