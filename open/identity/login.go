package identity

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"minimart/open/identity/identitydb"
	"minimart/platform/access"
	"minimart/platform/allowance"
	"minimart/platform/db"
	"minimart/platform/fault"
)

// Why a code is refused. errors.Is finds them in what ExchangeLogin and ExchangePhone return, for doors that tell them apart
// in numbers of their own; the faults around them say it to people.
var (
	ErrMalformed = errors.New("the code is malformed")             // in a fault invalid
	ErrUnknown   = errors.New("there is no such code")             // in a fault not_found; also when what it was for is gone
	ErrOtherApp  = errors.New("the code was given to other hands") // in a fault not_found: one app learns nothing of another's codes
	ErrExpired   = errors.New("the code is too old")               // in a fault invalid
	ErrUsed      = errors.New("the code was used before")          // in a fault conflict
)

// Code is what a mini program hands to its server.
type Code struct {
	Code      string // 43 characters; only its hash is stored
	ExpiresAt int64  // unix ms
}

// Kinds of codes, in identity_code.
const (
	loginCode = "login"
	phoneCode = "phone-number"
)

const (
	codeHolds   = 5 * time.Minute
	programIdle = 3 * 24 * time.Hour // a session key holds so long without use of the program
	usedEvery   = time.Minute
)

// Login is what a developer's server learns of a consumer who logged in.
type Login struct {
	OpenID     string // the consumer in this app: "o" and 27 characters
	UnionID    string // the consumer in all apps of the organisation: "u" and 27 characters; "" for an app of none
	SessionKey string // 16 bytes in base64: shared by the server and the platform, never with the program
}

// program finds an app for a visitor who must have signed in.
// Errors: unauthenticated; not_found.
func (s *Service) program(ctx context.Context, app, ticket string) (access.Visitor, App, error) {
	v, ok := access.VisitorOf(ctx)
	if !ok || v.Consumer == "" {
		return v, App{}, fault.Unauthenticated(notSignedIn)
	}
	found, err := s.Apps.Open(ctx, app, ticket)
	found.Name = fault.Cut(found.Name, maxStored)
	return v, found, err
}

// Login gives the visitor of ctx a code for a program that is open to it: jd.login. ticket is the one it was opened with, ""
// for a program that is out.
// Errors: unauthenticated; not_found; exhausted; unavailable.
func (s *Service) Login(ctx context.Context, app, ticket string) (Code, error) {
	v, found, err := s.program(ctx, app, ticket)
	if err != nil {
		return Code{}, err
	}
	var code Code
	var refused *fault.Fault
	err = s.DB.Update(ctx, func(tx db.Tx) error {
		if _, err := mustBeActive(ctx, tx, v.Consumer); err != nil {
			return err
		}
		refused, err = allowance.Take(ctx, tx, s.now(), loginsPerConsumer.Of(v.Consumer+found.ID))
		if err != nil || refused != nil {
			return err
		}
		if err := s.usedProgram(ctx, tx, found.ID, v.Consumer); err != nil {
			return err
		}
		code, err = s.newCode(ctx, tx, loginCode, found, v.Consumer)
		return err
	})
	if err != nil {
		return Code{}, err
	}
	if refused != nil {
		return Code{}, refused
	}
	return code, nil
}

func (s *Service) newCode(ctx context.Context, tx db.Tx, kind string, app App, consumer string) (Code, error) {
	now := s.now()
	c := Code{Code: newSecret(s.Random), ExpiresAt: now + codeHolds.Milliseconds()}
	return c, identitydb.New(tx).AddCode(ctx, identitydb.AddCodeParams{
		CodeHash: hashSecret(c.Code), Kind: kind, AppID: app.ID, OrgID: app.Org, AppName: app.Name, ConsumerID: consumer, CreatedAt: now, ExpiresAt: c.ExpiresAt,
	})
}

// takeCode uses a code of an app up. It answers what it was for, or a fault for the caller: then the transaction must commit.
func (s *Service) takeCode(ctx context.Context, tx db.Tx, kind, app, code string) (identitydb.UseCodeRow, *fault.Fault, error) {
	q, now := identitydb.New(tx), s.now()
	refuse := func(f *fault.Fault) (identitydb.UseCodeRow, *fault.Fault, error) {
		// Only what is refused is counted: nobody can shut an app out of exchanging good codes.
		over, err := allowance.Take(ctx, tx, now, failuresPerApp.Of(app))
		if over != nil {
			f = over
		}
		return identitydb.UseCodeRow{}, f, err
	}
	if !wellFormedSecret(code) {
		return refuse(fault.Invalid("code", codeBroken).WithCause(ErrMalformed))
	}
	hash := hashSecret(code)
	row, err := q.UseCode(ctx, identitydb.UseCodeParams{CodeHash: hash, Kind: kind, AppID: app, Now: now})
	if errors.Is(err, sql.ErrNoRows) {
		there, err := q.Code(ctx, identitydb.CodeParams{CodeHash: hash, Kind: kind})
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return refuse(fault.NotFound(codeUnknown).WithCause(ErrUnknown))
		case err != nil:
			return identitydb.UseCodeRow{}, nil, err
		case there.AppID != app:
			return refuse(fault.NotFound(codeUnknown).WithCause(ErrOtherApp))
		case there.UsedAt != 0:
			return refuse(fault.Conflict(codeUsed).WithCause(ErrUsed))
		}
		return refuse(fault.Invalid("code", codeExpired).WithCause(ErrExpired))
	}
	return row, nil, err
}

// ExchangeLogin is what a code of [Service.Login] stands for. The server of app may call it: app is that of its key. Each code
// is good once, for the app it was made for; each exchange makes a new session key and ends the one before.
// Errors: invalid, not_found and conflict for codes that are good for nothing, see [ErrMalformed] and the others; exhausted
// after too many of them; denied while the app is suspended; unavailable.
func (s *Service) ExchangeLogin(ctx context.Context, app, code string) (Login, error) {
	if err := s.InService(ctx, app); err != nil {
		return Login{}, err
	}
	key := newSessionKey(s.Random)
	var out Login
	var refused *fault.Fault
	err := s.DB.Update(ctx, func(tx db.Tx) error {
		meant, no, err := s.takeCode(ctx, tx, loginCode, app, code)
		if refused = no; err != nil || no != nil {
			return err
		}
		out = Login{SessionKey: key}
		user, err := s.user(ctx, tx, app, meant.ConsumerID, meant.AppName)
		if err != nil {
			return err
		}
		out.OpenID = user.Openid
		if out.UnionID, err = s.union(ctx, tx, meant.OrgID, meant.ConsumerID); err != nil {
			return err
		}
		if user.Logins == 0 {
			learned := []string{"openid", "unionid"}
			if out.UnionID == "" {
				learned = learned[:1]
			}
			if err := s.disclosed(ctx, tx, app, meant.AppName, meant.ConsumerID, loginCode, false, learned...); err != nil {
				return err
			}
		}
		return identitydb.New(tx).LogUserIn(ctx, identitydb.LogUserInParams{
			AppID: app, ConsumerID: meant.ConsumerID, SessionKey: s.Sealer.Seal(keyPlace(app, meant.ConsumerID), key), Now: s.now(), AppName: meant.AppName,
		})
	})
	if err != nil {
		return Login{}, err
	}
	if refused != nil {
		return Login{}, refused
	}
	return out, nil
}

func keyPlace(app, consumer string) string { return "identity_user/" + app + "/" + consumer }

// user is a consumer as an app knows it; the first time it gets its openid.
func (s *Service) user(ctx context.Context, tx db.Tx, app, consumer, appName string) (identitydb.IdentityUser, error) {
	q := identitydb.New(tx)
	row, err := q.User(ctx, identitydb.UserParams{AppID: app, ConsumerID: consumer})
	if !errors.Is(err, sql.ErrNoRows) {
		return row, err
	}
	row = identitydb.IdentityUser{AppID: app, ConsumerID: consumer, Openid: newOpaque(s.Random, "o"), AppName: appName}
	return row, q.AddUser(ctx, identitydb.AddUserParams{AppID: app, ConsumerID: consumer, Openid: row.Openid, AppName: appName})
}

// union is a consumer as an organisation knows it; the first time it gets its unionid. Programs of no organisation have nothing
// in common and get none.
func (s *Service) union(ctx context.Context, tx db.Tx, org, consumer string) (string, error) {
	if org == "" {
		return "", nil
	}
	q := identitydb.New(tx)
	u, err := q.Union(ctx, identitydb.UnionParams{OrgID: org, ConsumerID: consumer})
	if !errors.Is(err, sql.ErrNoRows) {
		return u, err
	}
	u = newOpaque(s.Random, "u")
	return u, q.AddUnion(ctx, identitydb.AddUnionParams{OrgID: org, ConsumerID: consumer, Unionid: u})
}

// holds says whether a session key is good at now.
func holds(u identitydb.IdentityUser, now int64) bool {
	return u.SessionKey != "" && now-u.UsedAt < programIdle.Milliseconds()
}

// usedProgram notes that a consumer uses a program: its session key lives on, unless it is over.
func (s *Service) usedProgram(ctx context.Context, tx db.Tx, app, consumer string) error {
	q, now := identitydb.New(tx), s.now()
	u, err := q.User(ctx, identitydb.UserParams{AppID: app, ConsumerID: consumer})
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil || !holds(u, now) || now-u.UsedAt < usedEvery.Milliseconds() && now >= u.UsedAt {
		return err
	}
	return q.TouchUser(ctx, identitydb.TouchUserParams{AppID: app, ConsumerID: consumer, UsedAt: now})
}

// LoginHolds says whether the session key of the visitor of ctx in a program is good: jd.checkSession. To ask is to use it.
// Errors: unauthenticated; not_found; unavailable.
func (s *Service) LoginHolds(ctx context.Context, app, ticket string) (good bool, err error) {
	v, found, err := s.program(ctx, app, ticket)
	if err != nil {
		return false, err
	}
	err = s.DB.Update(ctx, func(tx db.Tx) error {
		if _, err := mustBeActive(ctx, tx, v.Consumer); err != nil {
			return err
		}
		u, err := identitydb.New(tx).User(ctx, identitydb.UserParams{AppID: found.ID, ConsumerID: v.Consumer})
		if good = err == nil && holds(u, s.now()); errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		return s.usedProgram(ctx, tx, found.ID, v.Consumer)
	})
	return good, err
}

// CheckSession says whether signature is hex hmac_sha256(session key, "") under the present session key of a consumer, and the
// key still holds. The server of app may call it.
// Errors: invalid for what is no openid; not_found for an openid of another app; exhausted after too many wrong signatures;
// unavailable.
func (s *Service) CheckSession(ctx context.Context, app, openid, signature string) (good bool, err error) {
	if err := s.InService(ctx, app); err != nil {
		return false, err
	}
	var refused *fault.Fault
	err = s.DB.Update(ctx, func(tx db.Tx) error {
		_, good, refused, err = s.checkSession(ctx, tx, app, openid, signature)
		return err
	})
	if err != nil {
		return false, err
	}
	if refused != nil {
		return false, refused
	}
	return good, nil
}

func (s *Service) checkSession(ctx context.Context, tx db.Tx, app, openid, signature string) (u identitydb.IdentityUser, good bool, refused *fault.Fault, err error) {
	if u, err = findUser(ctx, tx, app, openid); err != nil {
		return u, false, nil, err
	}
	if holds(u, s.now()) {
		key, err := s.Sealer.Unseal(keyPlace(u.AppID, u.ConsumerID), u.SessionKey)
		if err != nil {
			return u, false, nil, err
		}
		if subtle.ConstantTimeCompare([]byte(signatureOf(key)), []byte(signature)) == 1 {
			return u, true, nil, nil
		}
	}
	refused, err = allowance.Take(ctx, tx, s.now(), signaturesPerAppID.Of(app+openid))
	return u, false, refused, err
}

// signatureOf is what a server that knows a session key shows, so that it need not send the key: the key is used as the text
// it was given as.
func signatureOf(key string) string {
	return hex.EncodeToString(hmac.New(sha256.New, []byte(key)).Sum(nil))
}

// ResetSession replaces the session key of a consumer, for a server that proves by a signature, as in CheckSession, that it
// knows the present one.
// Errors: as CheckSession; denied for a signature that is not that of the present key, or when the key is over.
func (s *Service) ResetSession(ctx context.Context, app, openid, signature string) (Login, error) {
	if err := s.InService(ctx, app); err != nil {
		return Login{}, err
	}
	key := newSessionKey(s.Random)
	var out Login
	var refused *fault.Fault
	err := s.DB.Update(ctx, func(tx db.Tx) error {
		u, good, no, err := s.checkSession(ctx, tx, app, openid, signature)
		if refused = no; err != nil || no != nil {
			return err
		}
		if !good {
			refused = fault.Denied(badSign)
			return nil
		}
		out = Login{OpenID: u.Openid, SessionKey: key}
		return identitydb.New(tx).SetSessionKey(ctx, identitydb.SetSessionKeyParams{AppID: app, ConsumerID: u.ConsumerID, SessionKey: s.Sealer.Seal(keyPlace(app, u.ConsumerID), key)})
	})
	if err != nil {
		return Login{}, err
	}
	if refused != nil {
		return Login{}, refused
	}
	return out, nil
}

// findUser finds a consumer by its openid in an app.
// Errors: invalid, field openid; not_found.
func findUser(ctx context.Context, tx db.Tx, app, openid string) (identitydb.IdentityUser, error) {
	if !wellFormedOpaque('o', openid) {
		return identitydb.IdentityUser{}, fault.Invalid("openid", badOpenID)
	}
	u, err := identitydb.New(tx).UserByOpenID(ctx, identitydb.UserByOpenIDParams{AppID: app, Openid: openid})
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.NotFound(noOpenID, openid)
	}
	return u, err
}

// Consumer is who an openid stands for in an app, for other rooms. No route leads here.
// Errors: invalid for what is no openid; not_found, also for one of another app; unavailable.
func (s *Service) Consumer(ctx context.Context, app, openid string) (consumer string, err error) {
	err = s.DB.View(ctx, func(tx db.Tx) error {
		u, err := findUser(ctx, tx, app, openid)
		consumer = u.ConsumerID
		return err
	})
	return consumer, err
}

// OpenID is what an app calls a consumer who has logged in to it, for other rooms. No route leads here.
// Errors: not_found when the consumer never logged in there; unavailable.
func (s *Service) OpenID(ctx context.Context, app, consumer string) (openid string, err error) {
	err = s.DB.View(ctx, func(tx db.Tx) error {
		u, err := identitydb.New(tx).User(ctx, identitydb.UserParams{AppID: app, ConsumerID: consumer})
		if errors.Is(err, sql.ErrNoRows) || err == nil && u.Logins == 0 {
			return fault.NotFound(noConsumer, fault.Cut(consumer, 40))
		}
		openid = u.Openid
		return err
	})
	return openid, err
}

// KnownApp is a program a consumer has logged in to.
type KnownApp struct {
	App     string
	Name    string
	Icon    string
	FirstAt int64 // unix ms, of the first login
	LastAt  int64 // unix ms, of the last
}

// AppsOf pages through the programs the consumer of a visitor has logged in to and not forgotten, by id.
// Errors: invalid for a cursor that AppsOf did not give; unavailable.
func (s *Service) AppsOf(ctx context.Context, v access.Visitor, cursor string, limit int) (page []KnownApp, next string, err error) {
	if cursor != "" && !isID(cursor) {
		return nil, "", fault.Invalid("cursor", badCursor, fault.Cut(cursor, 40))
	}
	limit = clamp(limit)
	err = s.DB.View(ctx, func(tx db.Tx) error {
		rows, err := identitydb.New(tx).UsersOf(ctx, identitydb.UsersOfParams{ConsumerID: v.Consumer, After: cursor, Most: int32(limit + 1)})
		page = convert(rows, func(r identitydb.UsersOfRow) KnownApp {
			return KnownApp{App: r.AppID, Name: r.AppName, FirstAt: r.FirstAt, LastAt: r.LastAt}
		})
		return err
	})
	if err != nil {
		return nil, "", err
	}
	if len(page) > limit {
		page = page[:limit]
		next = page[limit-1].App
	}
	err = s.nameApps(ctx, len(page), func(i int) (string, *string, *string) { return page[i].App, &page[i].Name, &page[i].Icon })
	return page, next, err
}

// nameApps writes today's names and icons of programs over those that were stored.
func (s *Service) nameApps(ctx context.Context, n int, at func(int) (app string, name, icon *string)) error {
	if n == 0 {
		return nil
	}
	apps := make([]string, n)
	for i := range n {
		apps[i], _, _ = at(i)
	}
	known, err := s.Apps.Known(ctx, apps)
	for i := range n {
		app, name, icon := at(i)
		if a, ok := known[app]; ok {
			*name, *icon = a.Name, a.Icon
		}
	}
	return err
}
