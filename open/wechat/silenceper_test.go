package wechat_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	sdk "github.com/silenceper/wechat/v2"
	"github.com/silenceper/wechat/v2/cache"
	"github.com/silenceper/wechat/v2/credential"
	"github.com/silenceper/wechat/v2/miniprogram"
	"github.com/silenceper/wechat/v2/miniprogram/business"
	"github.com/silenceper/wechat/v2/miniprogram/config"
	"github.com/silenceper/wechat/v2/miniprogram/message"
	"github.com/silenceper/wechat/v2/miniprogram/subscribe"
	"github.com/silenceper/wechat/v2/util"

	"minimart/open/gateway"
	"minimart/open/wechat"
	"minimart/platform/testkit"
)

// moved sends what is meant for api.weixin.qq.com to this platform: the base URL that was changed.
type moved struct {
	t  *testing.T
	to string
}

func (m moved) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host != "api.weixin.qq.com" {
		m.t.Errorf("a call to %s", r.URL.Host)
	}
	to, err := url.Parse(m.to)
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = to.Scheme, to.Host, to.Host
	return http.DefaultTransport.RoundTrip(r)
}

// client is github.com/silenceper/wechat, as it is, for an app.
func client(t *testing.T, s *door, k gateway.IssuedKey) *miniprogram.MiniProgram {
	t.Helper()
	wc := sdk.NewWechat()
	wc.SetHTTPClient(&http.Client{Transport: moved{t, s.site.URL}})
	return wc.GetMiniProgram(&config.Config{AppID: k.Key.App, AppSecret: k.Secret, Cache: cache.NewMemory()})
}

// errcode is the code in an error of the SDK.
func errcode(err error) int64 {
	var common *util.CommonError
	if errors.As(err, &common) {
		return common.ErrCode
	}
	return 0
}

func TestSilencepersClientSpeaksToTheDoor(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *door) {
		mini := client(t, s, s.key)
		auth := mini.GetAuth()

		session, err := auth.Code2Session("c0de")
		if err != nil || session.OpenID != "oLi" || session.UnionID != "uLi" || session.SessionKey != "HyVFkGl5F5OQWJZZaNzBBg==" {
			t.Errorf("%+v, %v", session, err)
		}
		if _, err = auth.Code2Session("c0de"); err == nil || !strings.Contains(err.Error(), "errcode=40163") {
			t.Errorf("a code twice: %v", err)
		}

		token, err := mini.GetContext().GetAccessToken()
		if err != nil || !strings.HasPrefix(token, wechat.TokenPrefix) {
			t.Errorf("%q, %v", token, err)
		}
		if again, err := mini.GetContext().GetAccessToken(); err != nil || again != token {
			t.Errorf("from its cache: %q, %v", again, err)
		}

		phone, err := auth.GetPhoneNumber("ph0ne")
		if err != nil || phone.PhoneInfo.PhoneNumber != "13800138000" || phone.PhoneInfo.PurePhoneNumber != "13800138000" || phone.PhoneInfo.CountryCode != "86" ||
			phone.PhoneInfo.WaterMark.AppID != "app_mina" || phone.PhoneInfo.WaterMark.Timestamp != opening.Unix() {
			t.Errorf("%+v, %v", phone, err)
		}
		abroad, err := mini.GetBusiness().GetPhoneNumber(&business.GetPhoneNumberRequest{Code: "abr0ad"})
		if err != nil || abroad.PhoneNumber != "+447911123456" || abroad.PurePhoneNumber != "7911123456" || abroad.CountryCode != "44" {
			t.Errorf("%+v, %v", abroad, err)
		}
		if _, err := auth.GetPhoneNumber("ph0ne"); errcode(err) != 40163 {
			t.Errorf("a phone code twice: %v", err)
		}

		// What is not offered says so, in a way the client understands.
		if _, err := auth.CheckEncryptedData("0123"); errcode(err) != 48001 {
			t.Errorf("%v", err)
		}
		if err := mini.GetSubscribe().Send(&subscribe.Message{ToUser: "oLi", TemplateID: "t", Data: map[string]*subscribe.DataItem{}}); errcode(err) != 48001 || !strings.Contains(err.Error(), "does not offer") {
			t.Errorf("%v", err)
		}
		if err := mini.GetCustomerMessage().Send(message.NewCustomerTextMessage("oLi", "hello")); errcode(err) != 48001 {
			t.Errorf("%v", err)
		}
		if _, err := mini.GetSubscribe().ListTemplates(); errcode(err) != 48001 {
			t.Errorf("%v", err)
		}
	})
}

func TestSilencepersClientUsesAStableToken(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *door) {
		mini := client(t, s, s.key)
		one := credential.NewStableAccessToken("app_mina", s.key.Secret, "one", cache.NewMemory())
		two := credential.NewStableAccessToken("app_mina", s.key.Secret, "two", cache.NewMemory())
		a, err := one.GetAccessToken()
		if err != nil {
			t.Fatal(err)
		}
		if b, err := two.GetAccessToken(); err != nil || a != b {
			t.Errorf("two servers, two tokens: %q, %q, %v", a, b, err)
		}
		mini.SetAccessTokenHandle(one)
		if _, err := mini.GetAuth().GetPhoneNumber("ph0ne"); err != nil {
			t.Error(err)
		}
		forced, err := two.(*credential.StableAccessToken).GetAccessTokenDirectly(context.Background(), true)
		if err != nil || forced.AccessToken == a || forced.ExpiresIn != 7200 {
			t.Errorf("%+v, %v", forced, err)
		}
		if _, err := mini.GetAuth().GetPhoneNumber("abr0ad"); errcode(err) != 40001 {
			t.Errorf("with the former: %v", err)
		}
	})
}

func TestSilencepersClientReadsWhyItIsRefused(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, s *door) {
		bad := s.key
		bad.Secret = "mms_wrong"
		if _, err := client(t, s, bad).GetContext().GetAccessToken(); err == nil || !strings.Contains(err.Error(), "errcode=40125") {
			t.Errorf("%v", err)
		}
		nobody := s.key
		nobody.Key.App = "app_none"
		if _, err := client(t, s, nobody).GetAuth().Code2Session("c0de"); err == nil || !strings.Contains(err.Error(), "errcode=40013") {
			t.Errorf("%v", err)
		}
		theirs := s.newKey(t, wang, gateway.KeySpec{})
		mini := client(t, s, theirs)
		if _, err := mini.GetAuth().GetPhoneNumber("ph0ne"); errcode(err) != 48001 {
			t.Errorf("without the capability: %v", err)
		}
		if _, err := mini.GetAuth().Code2Session("c0de"); err == nil || !strings.Contains(err.Error(), "errcode=40029") {
			t.Errorf("another app's code: %v", err)
		}
		s.clock.Advance(3 * time.Hour)
		if _, err := mini.GetAuth().GetPhoneNumber("ph0ne"); errcode(err) != 42001 {
			t.Errorf("with an expired token: %v", err)
		}
	})
}

func FuzzWhateverComesInIsAnsweredInWeChatsWords(f *testing.F) {
	f.Add("appid=app_mina&secret=x&js_code=y&grant_type=authorization_code", "", "")
	f.Add("access_token=x", `{"code":"x","n":1,"deep":{"a":[1]}}`, "application/json")
	f.Add("%zz", "\ufeff{", "multipart/form-data; boundary=x")
	f.Add("a=1&a=2&\x00", `{"a":"\u0000"}`, "text/plain")
	s := newDoor(f, testkit.Engine{Name: "sqlite", URL: testkit.SQLiteURL})
	paths := []string{"/sns/jscode2session", "/cgi-bin/token", "/cgi-bin/stable_token", "/wxa/business/getuserphonenumber", "/wxa/checksession", "/wxa/resetusersessionkey", "/wxa/x"}
	f.Fuzz(func(t *testing.T, query, body, kind string) {
		for _, path := range paths {
			for _, method := range []string{"GET", "POST"} {
				r, err := http.NewRequest(method, "http://door"+path, strings.NewReader(body))
				if err != nil {
					t.Fatal(err)
				}
				r.URL.RawQuery = query
				r.RemoteAddr = "198.51.100.1:1"
				r.Header.Set("Content-Type", kind)
				w := &told{header: http.Header{}}
				s.site.Config.Handler.ServeHTTP(w, r)
				var a map[string]any
				if err := json.Unmarshal(w.body, &a); err != nil || w.status != 200 || a["errcode"] == nil && a["access_token"] == nil {
					t.Errorf("%s %s %q: %d %s %v", method, path, query, w.status, w.body, err)
				}
			}
		}
	})
}

// told is a response in memory.
type told struct {
	header http.Header
	status int
	body   []byte
}

func (w *told) Header() http.Header    { return w.header }
func (w *told) WriteHeader(status int) { w.status = status }
func (w *told) Write(p []byte) (int, error) {
	w.body = append(w.body, p...)
	return len(p), nil
}
