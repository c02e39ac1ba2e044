package wechat

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"

	"minimart/platform/access"
)

// Routes adds the door to mux, at the paths WeChat has.
func (s *Service) Routes(mux *http.ServeMux) {
	sessions, phones := s.parts.Sessions != nil, s.parts.Phones != nil
	handle(mux, "/cgi-bin/token", true, anyMethod, s.token)
	handle(mux, "/cgi-bin/stable_token", true, post, s.stable)
	handle(mux, "/sns/jscode2session", sessions, anyMethod, s.login)
	handle(mux, "/wxa/checksession", sessions, anyMethod, s.checkSession)
	handle(mux, "/wxa/resetusersessionkey", sessions, anyMethod, s.resetSession)
	handle(mux, "/wxa/business/getuserphonenumber", phones, post, s.phone)
	// What WeChat offers beside these is refused in its own words, so that a client says what is the matter.
	for _, rest := range []string{"/cgi-bin/", "/sns/", "/wxa/", "/wxaapi/", "/datacube/", "/tcb/", "/cv/", "/xpay/", "/product/", "/shop/"} {
		handle(mux, rest, false, anyMethod, nil)
	}
}

type method int

const (
	anyMethod method = iota // GET or POST
	post
)

// operation answers a call. What it returns is the answer, or a refusal.
type operation func(w http.ResponseWriter, r *http.Request, in fields) (any, error)

func handle(mux *http.ServeMux, path string, offered bool, m method, do operation) {
	mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
		answer, err := run(w, r, offered, m, do)
		if err != nil {
			answer = answerOf(r.Context(), err)
		}
		write(w, answer)
	})
}

func run(w http.ResponseWriter, r *http.Request, offered bool, m method, do operation) (any, error) {
	if !offered {
		return nil, notAuthorized.because("this platform does not offer " + printable(r.URL.Path, 100) + "; see docs/moving.md for what it does")
	}
	switch {
	case m == post && r.Method != http.MethodPost:
		return nil, wantsPost.is()
	case r.Method != http.MethodGet && r.Method != http.MethodPost:
		return nil, wantsGet.is()
	}
	in, err := readFields(r)
	if err != nil {
		return nil, err
	}
	if m == post && r.ContentLength == 0 {
		return nil, emptyBody.is()
	}
	return do(w, r, in)
}

// write answers with 200 in any case: clients look at errcode, and many take another status for a broken connection.
func write(w http.ResponseWriter, answer any) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // WeChat does not, and some compare texts
	if err := e.Encode(answer); err != nil {
		panic(err) // texts and numbers: cannot happen
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(bytes.TrimSuffix(b.Bytes(), []byte("\n"))) // the reader may be gone
}

// printable is a text from outside that may stand in an answer: its first n visible ASCII characters.
func printable(text string, n int) string {
	return strings.Map(func(c rune) rune {
		if c <= ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' {
			return -1
		}
		return c
	}, text[:min(len(text), n)])
}

// byToken lets in who calls with an access token and charges the call to it.
func (s *Service) byToken(w http.ResponseWriter, r *http.Request, scope string) (access.Caller, error) {
	// In the query alone, as WeChat has it.
	c, err := s.callerWith(r, r.URL.Query().Get("access_token"))
	if err != nil {
		return c, err
	}
	if err := s.keys.Charge(r.Context(), w.Header(), c, scope); err != nil {
		return c, ofAny(err)
	}
	return c, nil
}

// bySecret lets in who shows an app and a secret and charges the call to it.
func (s *Service) bySecret(w http.ResponseWriter, r *http.Request, in fields, scope string) (access.Caller, error) {
	app, secret := in["appid"], in["secret"]
	switch {
	case app == "":
		return access.Caller{}, missingAppID.is()
	case secret == "":
		return access.Caller{}, missingSecret.is()
	case len(app) > 64:
		return access.Caller{}, badAppID.is()
	case len(secret) > 128:
		return access.Caller{}, badSecret.is()
	}
	c, err := s.keys.Present(r.Context(), r, app, secret)
	if err != nil {
		return c, ofSecret(err)
	}
	if err := s.keys.Charge(r.Context(), w.Header(), c, scope); err != nil {
		return c, ofAny(err)
	}
	return c, nil
}

type tokenAnswer struct {
	Token   string `json:"access_token"`
	Expires int64  `json:"expires_in"` // seconds
}

// GET /cgi-bin/token?grant_type=client_credential&appid&secret
func (s *Service) token(w http.ResponseWriter, r *http.Request, in fields) (any, error) {
	if in["grant_type"] != "client_credential" {
		return nil, badGrantType.is()
	}
	c, err := s.bySecret(w, r, in, "")
	if err != nil {
		return nil, err
	}
	t, err := s.plainToken(r.Context(), c)
	if err != nil {
		return nil, err
	}
	return tokenAnswer{t.text, int64(t.life.Seconds())}, nil
}

// POST /cgi-bin/stable_token {"grant_type":"client_credential","appid","secret","force_refresh"}
func (s *Service) stable(w http.ResponseWriter, r *http.Request, in fields) (any, error) {
	if in["grant_type"] != "client_credential" {
		return nil, badGrantType.is()
	}
	var force bool
	switch in["force_refresh"] {
	case "", "false", "0":
	case "true", "1":
		force = true
	default:
		return nil, badArgs.because("force_refresh is true or false")
	}
	c, err := s.bySecret(w, r, in, "")
	if err != nil {
		return nil, err
	}
	t, err := s.stableToken(r.Context(), c, in["secret"], force)
	if err != nil {
		return nil, err
	}
	return tokenAnswer{t.text, int64(t.life.Seconds())}, nil
}

type loginAnswer struct {
	SessionKey string `json:"session_key"`
	OpenID     string `json:"openid"`
	UnionID    string `json:"unionid,omitempty"`
}

// codeOf is a one-time code, if it can be one.
func codeOf(text string) (string, error) {
	switch {
	case text == "":
		return "", missingCode.is()
	case len(text) > 128 || printable(text, 128) != text:
		return "", badCode.is()
	}
	return text, nil
}

// GET /sns/jscode2session?appid&secret&js_code&grant_type=authorization_code
func (s *Service) login(w http.ResponseWriter, r *http.Request, in fields) (any, error) {
	if in["grant_type"] != "authorization_code" {
		return nil, badGrantType.is()
	}
	code, err := codeOf(in["js_code"])
	if err != nil {
		return nil, err
	}
	c, err := s.bySecret(w, r, in, ScopeIdentity)
	if err != nil {
		return nil, err
	}
	l, err := s.parts.Sessions.ExchangeLogin(r.Context(), c.App, code)
	if err != nil {
		return nil, ofCode(err)
	}
	return loginAnswer{l.SessionKey, l.OpenID, l.UnionID}, nil
}

// signed are openid, signature and sig_method of a call about a session. The documentation has had them in the query and in
// the body.
func signed(in fields) (openid, signature string, err error) {
	openid, signature = in["openid"], in["signature"]
	switch {
	case openid == "":
		err = missingOpenID.is()
	case len(openid) > 64 || printable(openid, 64) != openid:
		err = badOpenID.is()
	case in["sig_method"] != "hmac_sha256":
		err = badSignatureKind.is()
	case len(signature) != 64:
		err = badSignature.is()
	}
	return openid, strings.ToLower(signature), err
}

// GET /wxa/checksession?access_token&openid&signature&sig_method=hmac_sha256
func (s *Service) checkSession(w http.ResponseWriter, r *http.Request, in fields) (any, error) {
	c, err := s.byToken(w, r, ScopeIdentity)
	if err != nil {
		return nil, err
	}
	openid, signature, err := signed(in)
	if err != nil {
		return nil, err
	}
	right, err := s.parts.Sessions.CheckSession(r.Context(), c.App, openid, signature)
	if err != nil {
		return nil, ofSession(err)
	}
	if !right {
		return nil, badSignature.is()
	}
	return refusal{0, "ok"}, nil
}

type resetAnswer struct {
	refusal
	OpenID     string `json:"openid"`
	SessionKey string `json:"session_key"`
}

// GET /wxa/resetusersessionkey?access_token&openid&signature&sig_method=hmac_sha256
func (s *Service) resetSession(w http.ResponseWriter, r *http.Request, in fields) (any, error) {
	c, err := s.byToken(w, r, ScopeIdentity)
	if err != nil {
		return nil, err
	}
	openid, signature, err := signed(in)
	if err != nil {
		return nil, err
	}
	l, err := s.parts.Sessions.ResetSession(r.Context(), c.App, openid, signature)
	if err != nil {
		return nil, ofSession(err)
	}
	return resetAnswer{refusal{0, "ok"}, l.OpenID, l.SessionKey}, nil
}

type phoneAnswer struct {
	refusal
	Phone phoneInfo `json:"phone_info"`
}

type phoneInfo struct {
	Number    string    `json:"phoneNumber"` // with the country's code unless that is China's
	Pure      string    `json:"purePhoneNumber"`
	Country   string    `json:"countryCode"`
	Watermark watermark `json:"watermark"`
}

type watermark struct {
	At  int64  `json:"timestamp"` // unix seconds
	App string `json:"appid"`
}

// POST /wxa/business/getuserphonenumber?access_token {"code"}
func (s *Service) phone(w http.ResponseWriter, r *http.Request, in fields) (any, error) {
	c, err := s.byToken(w, r, ScopePhone)
	if err != nil {
		return nil, err
	}
	code, err := codeOf(in["code"])
	if err != nil {
		return nil, err
	}
	p, err := s.parts.Phones.ExchangePhone(r.Context(), c.App, code)
	if err != nil {
		return nil, ofCode(err)
	}
	number := p.Number
	if p.Country != "86" {
		number = "+" + p.Country + p.Number
	}
	return phoneAnswer{refusal{0, "ok"}, phoneInfo{number, p.Number, p.Country, watermark{p.At / 1000, c.App}}}, nil
}
