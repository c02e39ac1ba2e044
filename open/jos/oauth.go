package jos

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"minimart/open/jos/josdb"
	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/httpapi"
)

// What codes and tokens begin with: scanners of source code find a leaked one by it.
const (
	CodePrefix    = "joc_"
	AccessPrefix  = "joa_"
	RefreshPrefix = "jor_"
)

// How long they live.
const (
	codeLife    = 5 * time.Minute
	accessLife  = 24 * time.Hour
	refreshLife = 30 * 24 * time.Hour
)

const (
	kindCode    = "code"
	kindAccess  = "access"
	kindRefresh = "refresh"
	maxState    = 1024
	maxToken    = 128
	usedEvery   = time.Minute // how often it is noted that an authorization is in use
)

func newToken(prefix string) string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return prefix + base64.RawURLEncoding.EncodeToString(b[:])
}

// actingFor is a caller that acts for the app which let it in, as its token says.
func (s *Service) actingFor(ctx context.Context, c access.Caller, token string) (access.Caller, error) {
	if len(token) > maxToken {
		return c, badToken.is()
	}
	now := clock.Millis(s.clock)
	var given josdb.JosAuthorization
	err := s.db.View(ctx, func(tx db.Tx) error {
		q := josdb.New(tx)
		row, err := q.Token(ctx, josdb.TokenParams{Hash: hashOf(token), Kind: kindAccess})
		if err != nil {
			return err
		}
		if row.KeyID != c.Key || row.ExpiresAt <= now {
			return sql.ErrNoRows
		}
		given, err = q.Authorization(ctx, row.AuthorizationID)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return c, badToken.because(fault.Unauthenticated(tokenUnknown))
	}
	if err != nil {
		return c, err
	}
	var scopes []string
	if err := json.Unmarshal([]byte(given.Scopes), &scopes); err != nil {
		return c, fmt.Errorf("jos: the scopes of %s cannot be read: %w", given.ID, err)
	}
	if given.UsedAt <= now-usedEvery.Milliseconds() {
		if err := s.db.Update(ctx, func(tx db.Tx) error {
			return josdb.New(tx).AuthorizationUsed(ctx, josdb.AuthorizationUsedParams{ID: given.ID, UsedAt: now})
		}); err != nil {
			return c, err
		}
	}
	return access.Caller{App: given.AppID, Org: given.OrgID, Key: c.Key, Scopes: both(c.Scopes, scopes)}, nil
}

// both are what two sorted lists have in common.
func both(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool {
		_, there := slices.BinarySearch(b, s)
		return !there
	})
}

// asked is what /oauth2/to_login asks for, once it is in order.
type asked struct {
	caller   access.Caller
	name     string // of the key
	redirect string
}

// ask checks a key and where it wants the browser back. An address that is not registered is nowhere redirected to.
// Errors: not_found for the key; invalid; unavailable.
func (s *Service) ask(ctx context.Context, key, redirect string) (asked, error) {
	c, name, err := s.keys.WhoHas(ctx, key)
	if fault.Is(err, fault.CodeNotFound) {
		return asked{}, fault.NotFound(keyNotAsked, printable(key))
	}
	if err != nil {
		return asked{}, err
	}
	if len(redirect) > maxRedirect {
		return asked{}, fault.Invalid("redirect_uri", redirectUnknown, c.Key)
	}
	var n int64
	if err := s.db.View(ctx, func(tx db.Tx) (err error) {
		n, err = josdb.New(tx).HasRedirect(ctx, josdb.HasRedirectParams{KeyID: c.Key, Uri: redirect})
		return err
	}); err != nil {
		return asked{}, err
	}
	if n == 0 {
		return asked{}, fault.Invalid("redirect_uri", redirectUnknown, c.Key)
	}
	return asked{c, name, redirect}, nil
}

// GET /oauth2/to_login?app_key&response_type=code&redirect_uri&state&scope
// GET /oauth/authorize?client_id&response_type=code&redirect_uri&state&scope
func (s *Service) toLogin(w http.ResponseWriter, r *http.Request) {
	to, err := s.consentPage(r)
	if err != nil {
		httpapi.WriteProblem(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, to, http.StatusFound)
}

func (s *Service) consentPage(r *http.Request) (string, error) {
	if s.options.ConsentPage == "" {
		return "", fault.Unavailable(consentElsewhere)
	}
	q := r.URL.Query()
	if q.Get("response_type") != "code" {
		return "", fault.Invalid("response_type", responseType)
	}
	if n := len(q.Get("state")); n > maxState {
		return "", fault.Invalid("state", stateTooLong, n, maxState)
	}
	a, err := s.ask(r.Context(), cmp.Or(q.Get("app_key"), q.Get("client_id")), q.Get("redirect_uri"))
	if err != nil {
		return "", err
	}
	return s.options.ConsentPage + "?" + url.Values{"app_key": {a.caller.Key}, "redirect_uri": {a.redirect}, "state": {q.Get("state")}}.Encode(), nil
}

// granted is the answer of the OAuth paths.
type granted struct {
	Access  string `json:"access_token"`
	Expires int64  `json:"expires_in"` // seconds
	Refresh string `json:"refresh_token"`
	Scope   string `json:"scope"`
	OpenID  string `json:"open_id"` // the authorization: the same as long as the app does not withdraw it
	XID     string `json:"xid"`     // the app that let the key in
	UID     string `json:"uid"`     // the same, where clients of /oauth/token look
	Time    int64  `json:"time"`    // unix ms
	Type    string `json:"token_type"`
	Code    int    `json:"code"`
}

// ungranted is the answer of the OAuth paths when there is nothing to grant.
type ungranted struct {
	Code    int    `json:"code"`
	Message string `json:"msg"`
	Request string `json:"requestId"`
}

// The numbers of ungranted. JD publishes none; clients only look whether it is 0.
const (
	oauthWrong  = 400 // a parameter is missing or wrong
	oauthSecret = 401 // app_key or app_secret
	oauthCode   = 402 // code or refresh_token
	oauthBusy   = 429
	oauthFailed = 500
)

// trade is what a grant_type means.
type trade struct {
	holder   string // the parameter with what is turned into tokens
	exchange func(s *Service, ctx context.Context, c access.Caller, held, redirect string) (granted, error)
}

var trades = map[string]trade{"authorization_code": {"code", (*Service).exchange}, "refresh_token": {"refresh_token", (*Service).refresh}}

// GET /oauth2/access_token?app_key&app_secret&grant_type=authorization_code&code
func (s *Service) accessToken(w http.ResponseWriter, r *http.Request) {
	s.grant(w, r, "authorization_code")
}

// GET /oauth2/refresh_token?app_key&app_secret&grant_type=refresh_token&refresh_token
func (s *Service) refreshToken(w http.ResponseWriter, r *http.Request) {
	s.grant(w, r, "refresh_token")
}

// GET /oauth/token?client_id&client_secret&grant_type=authorization_code&code&redirect_uri&state
// GET /oauth/token?client_id&client_secret&grant_type=refresh_token&refresh_token
func (s *Service) token(w http.ResponseWriter, r *http.Request) {
	s.grant(w, r, "authorization_code", "refresh_token")
}

func (s *Service) grant(w http.ResponseWriter, r *http.Request, grantTypes ...string) {
	answer, err := func() (granted, error) {
		if r.Method != http.MethodGet && r.Method != http.MethodPost {
			return granted{}, fault.Invalid("", onlyGetAndPost)
		}
		in, err := readParams(r)
		if err != nil {
			return granted{}, fault.Invalid("", notEncoded)
		}
		if !slices.Contains(grantTypes, in["grant_type"]) {
			return granted{}, fault.Invalid("grant_type", grantTypeMissing, strings.Join(grantTypes, " / "))
		}
		to := trades[in["grant_type"]]
		in["app_key"], in["app_secret"] = cmp.Or(in["app_key"], in["client_id"]), cmp.Or(in["app_secret"], in["client_secret"])
		for _, name := range []string{"app_key", "app_secret", to.holder} {
			if in[name] == "" || len(in[name]) > maxToken {
				return granted{}, fault.Invalid(name, parameterRequired, name)
			}
		}
		c, err := s.keys.Verify(r.Context(), r, in["app_key"], func(secret string) bool {
			return subtle.ConstantTimeCompare([]byte(hashOf(secret)), []byte(hashOf(in["app_secret"]))) == 1
		})
		if fault.Is(err, fault.CodeUnauthenticated) || fault.Is(err, fault.CodeNotFound) {
			return granted{}, fault.Unauthenticated(secretWrong)
		}
		if err != nil {
			return granted{}, err
		}
		if err := s.keys.Charge(r.Context(), w.Header(), c, ""); err != nil {
			return granted{}, err
		}
		return to.exchange(s, r.Context(), c, in[to.holder], in["redirect_uri"])
	}()
	if err != nil {
		write(w, ungrantedOf(r, err))
		return
	}
	write(w, answer)
}

func ungrantedOf(r *http.Request, err error) ungranted {
	f, ctx := fault.Of(err), r.Context()
	code := oauthFailed
	switch f.Code {
	case fault.CodeInvalid:
		code = oauthWrong
	case fault.CodeUnauthenticated, fault.CodeDenied:
		code = oauthSecret
	case fault.CodeConflict:
		code = oauthCode
	case fault.CodeExhausted:
		code = oauthBusy
	default:
		httpapi.Log(ctx).ErrorContext(ctx, "jos: a token was not granted", "fault", f)
	}
	return ungranted{code, f.In(fault.Zh), httpapi.RequestID(ctx)}
}

// exchange turns a code into tokens, once. A code that comes again has fallen into other hands: then the tokens that were made
// for it are void.
func (s *Service) exchange(ctx context.Context, c access.Caller, code, redirect string) (granted, error) {
	return s.take(ctx, c, kindCode, code, fault.Conflict(codeUseless), func(row josdb.JosToken) bool { return redirect == "" || redirect == row.RedirectUri })
}

// refresh turns a refresh token into new tokens, once. The ones before are void; a refresh token that comes again voids all.
func (s *Service) refresh(ctx context.Context, c access.Caller, token, _ string) (granted, error) {
	return s.take(ctx, c, kindRefresh, token, fault.Conflict(refreshUseless), func(josdb.JosToken) bool { return true })
}

func (s *Service) take(ctx context.Context, c access.Caller, kind, text string, useless *fault.Fault, fits func(josdb.JosToken) bool) (granted, error) {
	out := granted{Access: newToken(AccessPrefix), Refresh: newToken(RefreshPrefix), Expires: int64(accessLife / time.Second), Type: "bearer"}
	taken := false
	err := s.db.Update(ctx, func(tx db.Tx) error {
		taken = false
		q, now, hash := josdb.New(tx), clock.Millis(s.clock), hashOf(text)
		row, err := q.Token(ctx, josdb.TokenParams{Hash: hash, Kind: kind})
		if errors.Is(err, sql.ErrNoRows) || err == nil && (row.KeyID != c.Key || row.ExpiresAt <= now || !fits(row)) {
			return nil
		}
		if err != nil {
			return err
		}
		n, err := q.UseToken(ctx, josdb.UseTokenParams{Hash: hash, UsedAt: now})
		if err != nil {
			return err
		}
		if n == 0 {
			return q.DropTokens(ctx, row.AuthorizationID)
		}
		given, err := q.Authorization(ctx, row.AuthorizationID)
		if err != nil {
			return err
		}
		if err := q.DropKind(ctx, josdb.DropKindParams{AuthorizationID: given.ID, Kind: kindAccess}); err != nil {
			return err
		}
		for _, t := range []struct {
			text, kind string
			life       time.Duration
		}{{out.Access, kindAccess, accessLife}, {out.Refresh, kindRefresh, refreshLife}} {
			if err := q.AddToken(ctx, josdb.AddTokenParams{Hash: hashOf(t.text), AuthorizationID: given.ID, KeyID: c.Key, Kind: t.kind, ExpiresAt: now + t.life.Milliseconds()}); err != nil {
				return err
			}
		}
		var scopes []string
		if err := json.Unmarshal([]byte(given.Scopes), &scopes); err != nil {
			return fmt.Errorf("jos: the scopes of %s cannot be read: %w", given.ID, err)
		}
		taken, out.Scope, out.OpenID, out.XID, out.UID, out.Time = true, join(scopes), given.ID, given.AppID, given.AppID, now
		return nil
	})
	if err == nil && !taken {
		err = useless
	}
	if err != nil {
		return granted{}, err
	}
	return out, nil
}
