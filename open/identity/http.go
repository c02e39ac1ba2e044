package identity

import (
	"context"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"minimart/open/host"
	"minimart/platform/access"
	"minimart/platform/fault"
	"minimart/platform/httpapi"
)

// Plus says how a consumer's membership stands: level "none" or "plus", and until when in unix ms. open/membership does.
type Plus interface {
	Level(ctx context.Context, consumer string) (level string, until int64, err error)
}

// HostRoutes adds the room's routes to the door of the host apps, see host.Guard.
func (s *Service) HostRoutes(api huma.API, plus Plus) {
	r := &hostRoutes{s, plus}

	anybody(api, "start-sign-in", "POST", "/sign-in/codes", "Send a code to a phone", r.startSignIn)
	anybody(api, "finish-sign-in", "POST", "/session", "Sign in with a code", r.finishSignIn)
	anybody(api, "sign-in-by-assertion", "POST", "/session/assertion", "Sign in a user of the host app", r.assertion)
	anybody(api, "sign-out", "DELETE", "/session", "Sign out", r.signOut)
	anybody(api, "list-avatars", "GET", "/avatars", "The pictures a consumer may show", r.avatars)

	signedIn(api, "me", "GET", "/me", "Who one is", r.me)
	signedIn(api, "set-profile", "PATCH", "/me", "Change nickname and picture", r.setProfile)
	signedIn(api, "add-phone", "POST", "/me/phone", "Add a phone number, proved by a code", r.addPhone)
	signedIn(api, "list-sessions", "GET", "/me/sessions", "Where one is signed in", r.sessions)
	signedIn(api, "end-other-sessions", "DELETE", "/me/sessions", "Sign out everywhere else", r.endOthers)
	signedIn(api, "end-session", "DELETE", "/me/sessions/{session}", "Sign out somewhere else", r.endSession)
	signedIn(api, "list-consents", "GET", "/me/consents", "What one agreed to", r.consents)
	signedIn(api, "withdraw-consent", "DELETE", "/me/consents/{app}/{kind}", "Take a consent back", r.withdraw)
	signedIn(api, "list-disclosures", "GET", "/me/disclosures", "What programs learned, and when", r.disclosures)
	signedIn(api, "list-known-apps", "GET", "/me/apps", "Programs one has logged in to", r.apps)
	signedIn(api, "forget-app", "DELETE", "/me/apps/{app}", "Withdraw everything from a program", r.forget)

	signedIn(api, "login", "POST", "/programs/{app}/login", "A code for the program's server: jd.login", r.login)
	signedIn(api, "check-login", "GET", "/programs/{app}/login", "Whether the session key holds: jd.checkSession", r.checkLogin)
	signedIn(api, "consent-sheet", "GET", "/programs/{app}/consents/{kind}", "What to show before asking", r.sheet)
	signedIn(api, "agree", "POST", "/programs/{app}/consents/{kind}", "The consumer agreed on the sheet", r.agree)
	signedIn(api, "disclose", "POST", "/programs/{app}/disclosures/{kind}", "Use a consent that was given before", r.disclose)
}

// OpenRoutes adds the exchange of codes to the open API.
func (s *Service) OpenRoutes(api huma.API, door access.Door) {
	exchange := func(name, path, summary string) huma.Operation {
		return huma.Operation{OperationID: "open-" + name, Method: "POST", Path: "/open/v1" + path, Summary: summary, Tags: []string{"identity"}, MaxBodyBytes: maxBody}
	}
	huma.Register(api, door.Guard(exchange("exchange-login-code", "/login-codes/exchange", "What a code of jd.login stands for"), ExchangeScope), s.exchangeLogin)
	huma.Register(api, door.Guard(exchange("exchange-phone-code", "/phone-codes/exchange", "The phone number a code stands for"), PhoneScope), s.exchangePhone)
}

// ConsoleRoutes adds the operator's routes to the consoles' door.
func (s *Service) ConsoleRoutes(console huma.API, who access.Who) {
	r, desk := operatorRoutes{s}, access.Desk{Console: console, Who: who, Tag: "operator", MaxBody: maxBody}
	access.Route(desk, "list-consumers", "GET", "/operator/consumers", "Consumers, or the one with a phone or an id", r.find)
	access.Route(desk, "consumer", "GET", "/operator/consumers/{consumer}", "One consumer; looking is recorded", r.open)
	access.Route(desk, "suspend-consumer", "POST", "/operator/consumers/{consumer}/suspension", "Shut a consumer out", r.suspend)
	access.Route(desk, "reinstate-consumer", "DELETE", "/operator/consumers/{consumer}/suspension", "Let a consumer in again", r.reinstate)
	access.Route(desk, "end-consumer-sessions", "DELETE", "/operator/consumers/{consumer}/sessions", "End all its sessions", r.endSessions)
}

// maxBody fits the longest body: an assertion of 8 KiB.
const maxBody = 16 << 10

type agentKey struct{}

// noteAgent keeps how the sender calls itself, for the list of sessions.
func noteAgent(ctx huma.Context, next func(huma.Context)) {
	r, _ := humago.Unwrap(ctx)
	next(huma.WithValue(ctx, agentKey{}, r.UserAgent()))
}

func agentOf(ctx context.Context) string {
	agent, _ := ctx.Value(agentKey{}).(string)
	return agent
}

func hostOperation(name, method, path, summary string) huma.Operation {
	return huma.Operation{
		OperationID: "host-" + name, Method: method, Path: path, Summary: summary, Tags: []string{"consumer"}, MaxBodyBytes: maxBody,
		Middlewares: huma.Middlewares{noteAgent},
	}
}

type visited[I, O any] func(context.Context, access.Visitor, *I) (*O, error)

func anybody[I, O any](api huma.API, name, method, path, summary string, handle visited[I, O]) {
	huma.Register(api, hostOperation(name, method, path, summary), func(ctx context.Context, in *I) (*O, error) {
		v, inHost := access.VisitorOf(ctx)
		if !inHost {
			return nil, fault.Denied(notInHost)
		}
		return handle(ctx, v, in)
	})
}

func signedIn[I, O any](api huma.API, name, method, path, summary string, handle visited[I, O]) {
	huma.Register(api, host.SignedIn(hostOperation(name, method, path, summary)), access.ByConsumer(handle))
}

type hostRoutes struct {
	*Service
	plus Plus
}

func (r *hostRoutes) startSignIn(ctx context.Context, v access.Visitor, in *phoneInput) (*httpapi.Answer[identityChallenge], error) {
	l := in.Body.Language
	if l == "" {
		l = fault.Match(in.AcceptLanguage)
	}
	c, err := r.StartSignIn(ctx, v, in.Body.Phone, l)
	return httpapi.Body(identityChallenge{c.ID, c.ExpiresAt}), err
}

func begun(ctx context.Context, b Begun, err error, tokens bool) (*signedOn, error) {
	if err != nil {
		return nil, err
	}
	out := &signedOn{Body: identitySignedIn{Consumer: b.Consumer, New: b.New, ExpiresAt: b.ExpiresAt()}}
	if tokens {
		out.Body.Token = b.Token
	} else {
		out.SetCookie = host.Cookies(ctx, b.Token, b.ExpiresAt())
	}
	return out, nil
}

func (r *hostRoutes) finishSignIn(ctx context.Context, v access.Visitor, in *answerInput) (*signedOn, error) {
	b, err := r.FinishSignIn(ctx, v, agentOf(ctx), in.Body.Challenge, in.Body.Code)
	return begun(ctx, b, err, in.Body.Tokens)
}

func (r *hostRoutes) assertion(ctx context.Context, v access.Visitor, in *assertionInput) (*signedOn, error) {
	b, err := r.SignInByAssertion(ctx, v, agentOf(ctx), in.Body.Assertion)
	return begun(ctx, b, err, in.Body.Tokens)
}

// signOut also takes the cookie away from somebody whose session is over.
func (r *hostRoutes) signOut(ctx context.Context, v access.Visitor, _ *noInput) (*signedOff, error) {
	if v.Consumer != "" {
		if err := r.SignOut(ctx, v); err != nil {
			return nil, err
		}
	}
	return &signedOff{host.Cookies(ctx, "", 0)}, nil
}

func (r *hostRoutes) avatars(context.Context, access.Visitor, *noInput) (*httpapi.PageAnswer[identityAvatar], error) {
	return httpapi.Paged(avatarKeys, "", nil, func(k string) identityAvatar { return identityAvatar{k, r.avatarURL(k)} })
}

func (r *hostRoutes) shapeMe(ctx context.Context, c Consumer) (identityMe, error) {
	level, until, err := r.plus.Level(ctx, c.ID)
	return identityMe{
		ID: c.ID, Phone: c.Phone.Masked(), Nickname: c.Nickname, Avatar: c.Avatar, AvatarURL: r.avatarURL(c.Avatar), Plus: identityPlus{level, until}, CreatedAt: c.CreatedAt,
	}, err
}

// me also lets the cookie live as long again as the session does.
func (r *hostRoutes) me(ctx context.Context, v access.Visitor, _ *noInput) (*meAnswer, error) {
	c, err := r.Me(ctx, v)
	if err != nil {
		return nil, err
	}
	out := &meAnswer{}
	if token := host.Token(ctx); token != "" {
		out.SetCookie = host.Cookies(ctx, token, r.now()+sessionIdle.Milliseconds())
	}
	out.Body, err = r.shapeMe(ctx, c)
	return out, err
}

func (r *hostRoutes) setProfile(ctx context.Context, v access.Visitor, in *profileInput) (*httpapi.Answer[identityMe], error) {
	c, err := r.SetProfile(ctx, v, Profile(in.Body))
	if err != nil {
		return nil, err
	}
	me, err := r.shapeMe(ctx, c)
	return httpapi.Body(me), err
}

func (r *hostRoutes) addPhone(ctx context.Context, v access.Visitor, in *addPhoneInput) (*noInput, error) {
	return nil, r.AddPhone(ctx, v, in.Body.Challenge, in.Body.Code)
}

func shapeSession(s Session) identitySession {
	return identitySession{ID: s.ID, Host: s.Host, Address: s.Address, Agent: s.Agent, CreatedAt: s.CreatedAt, SeenAt: s.SeenAt, ExpiresAt: s.ExpiresAt()}
}

func (r *hostRoutes) sessions(ctx context.Context, v access.Visitor, _ *noInput) (*httpapi.PageAnswer[identitySession], error) {
	found, err := r.Sessions(ctx, v)
	return httpapi.Paged(found, "", err, func(s Session) identitySession {
		one := shapeSession(s)
		one.Current = s.ID == v.Session
		return one
	})
}

func (r *hostRoutes) endOthers(ctx context.Context, v access.Visitor, _ *noInput) (*noInput, error) {
	return nil, r.EndOtherSessions(ctx, v)
}

func (r *hostRoutes) endSession(ctx context.Context, v access.Visitor, in *sessionInput) (*noInput, error) {
	return nil, r.EndSession(ctx, v, in.Session)
}

func (r *hostRoutes) consents(ctx context.Context, v access.Visitor, in *pageInput) (*httpapi.PageAnswer[identityConsent], error) {
	items, next, err := r.Consents(ctx, v, in.Cursor, in.Limit)
	return httpapi.Paged(items, next, err, func(c Consent) identityConsent {
		return identityConsent{c.App, c.AppName, c.Icon, c.Kind, c.Purpose, c.GivenAt, c.LastUsedAt}
	})
}

func (r *hostRoutes) withdraw(ctx context.Context, v access.Visitor, in *consentInput) (*noInput, error) {
	return nil, r.Withdraw(ctx, v, in.App, in.Kind)
}

func (r *hostRoutes) disclosures(ctx context.Context, v access.Visitor, in *disclosuresInput) (*httpapi.PageAnswer[identityDisclosure], error) {
	items, next, err := r.Disclosures(ctx, v, in.App, in.Cursor, in.Limit)
	return httpapi.Paged(items, next, err, func(d Disclosure) identityDisclosure { return identityDisclosure(d) })
}

func (r *hostRoutes) apps(ctx context.Context, v access.Visitor, in *pageInput) (*httpapi.PageAnswer[identityApp], error) {
	items, next, err := r.AppsOf(ctx, v, in.Cursor, in.Limit)
	return httpapi.Paged(items, next, err, func(a KnownApp) identityApp { return identityApp{a.App, a.Name, a.Icon, a.FirstAt, a.LastAt} })
}

func (r *hostRoutes) forget(ctx context.Context, v access.Visitor, in *appInput) (*noInput, error) {
	return nil, r.Forget(ctx, v, in.App)
}

func (r *hostRoutes) login(ctx context.Context, _ access.Visitor, in *programInput) (*httpapi.Answer[identityCode], error) {
	c, err := r.Login(ctx, in.App, in.Ticket)
	return httpapi.Body(identityCode(c)), err
}

type identityValid struct {
	Valid bool `json:"valid"`
}

func (r *hostRoutes) checkLogin(ctx context.Context, _ access.Visitor, in *programInput) (*httpapi.Answer[identityValid], error) {
	good, err := r.LoginHolds(ctx, in.App, in.Ticket)
	return httpapi.Body(identityValid{good}), err
}

func (r *hostRoutes) sheet(ctx context.Context, _ access.Visitor, in *kindInput) (*httpapi.Answer[identitySheet], error) {
	found, err := r.Sheet(ctx, in.App, in.Ticket, in.Kind)
	if err != nil {
		return nil, err
	}
	out := identitySheet{
		App: found.App.ID, AppName: found.App.Name, Organisation: found.App.Organisation, Kind: found.Kind, Purpose: found.Purpose, Given: found.Given, Allowed: found.Refusal == nil,
	}
	if found.Refusal != nil {
		out.Reason = found.Refusal.In(fault.Match(in.AcceptLanguage))
	}
	return httpapi.Body(out), nil
}

func (r *hostRoutes) shown(ctx context.Context, kind Kind, shown Shown, err error) (*httpapi.Answer[identityShown], error) {
	if err != nil {
		return nil, err
	}
	out := identityShown{NickName: shown.Nickname, AvatarURL: shown.AvatarURL, Code: shown.Code.Code, ExpiresAt: shown.Code.ExpiresAt}
	if kind == MembershipKind {
		level, until, err := r.plus.Level(ctx, shown.Consumer)
		if err != nil {
			return nil, err
		}
		out.Level, out.Until = level, &until
	}
	return httpapi.Body(out), nil
}

func (r *hostRoutes) agree(ctx context.Context, _ access.Visitor, in *agreeInput) (*httpapi.Answer[identityShown], error) {
	purpose := ""
	if in.Body != nil {
		purpose = in.Body.Purpose
	}
	shown, err := r.AgreeTo(ctx, in.App, in.Ticket, in.Kind, purpose)
	return r.shown(ctx, in.Kind, shown, err)
}

func (r *hostRoutes) disclose(ctx context.Context, _ access.Visitor, in *kindInput) (*httpapi.Answer[identityShown], error) {
	shown, err := r.Disclose(ctx, in.App, in.Ticket, in.Kind)
	return r.shown(ctx, in.Kind, shown, err)
}

// appOf is the app of the key that calls.
func appOf(ctx context.Context) (string, error) {
	caller, ok := access.CallerOf(ctx)
	if !ok {
		return "", fault.Unauthenticated(notSignedIn)
	}
	return caller.App, nil
}

// secretAnswer stays out of caches.
type secretAnswer[T any] struct {
	CacheControl string `header:"Cache-Control"`
	Body         T
}

func (s *Service) exchangeLogin(ctx context.Context, in *codeInput) (*secretAnswer[identityLogin], error) {
	app, err := appOf(ctx)
	if err != nil {
		return nil, err
	}
	l, err := s.ExchangeLogin(ctx, app, in.Body.Code)
	return &secretAnswer[identityLogin]{"no-store", identityLogin(l)}, err
}

func (s *Service) exchangePhone(ctx context.Context, in *codeInput) (*secretAnswer[identityPhone], error) {
	app, err := appOf(ctx)
	if err != nil {
		return nil, err
	}
	p, err := s.ExchangePhone(ctx, app, in.Body.Code)
	return &secretAnswer[identityPhone]{"no-store", identityPhone{p.PhoneNumber, p.PurePhoneNumber, p.CountryCode, identityWatermark{p.App, p.At}}}, err
}

type operatorRoutes struct{ *Service }

func (r operatorRoutes) shape(c Consumer) identityConsumer {
	return identityConsumer{c.ID, c.Phone.Masked(), c.Nickname, r.avatarURL(c.Avatar), c.State, c.Reason, c.CreatedAt}
}

func (r operatorRoutes) find(ctx context.Context, by access.Actor, in *findInput) (*httpapi.PageAnswer[identityConsumer], error) {
	items, next, err := r.FindConsumers(ctx, by, in.Query, in.Cursor, in.Limit)
	return httpapi.Paged(items, next, err, r.shape)
}

func (r operatorRoutes) open(ctx context.Context, by access.Actor, in *consumerInput) (*httpapi.Answer[identityFile], error) {
	f, err := r.OpenFile(ctx, by, in.Consumer)
	return httpapi.Body(identityFile{r.shape(f.Consumer), httpapi.Each(f.Sessions, shapeSession), httpapi.Each(f.Links, func(l Link) identityLink { return identityLink(l) })}), err
}

func (r operatorRoutes) suspend(ctx context.Context, by access.Actor, in *suspendInput) (*httpapi.Answer[identityConsumer], error) {
	c, err := r.Suspend(ctx, by, in.Consumer, in.Body.Reason)
	return httpapi.Body(r.shape(c)), err
}

func (r operatorRoutes) reinstate(ctx context.Context, by access.Actor, in *consumerInput) (*httpapi.Answer[identityConsumer], error) {
	c, err := r.Reinstate(ctx, by, in.Consumer)
	return httpapi.Body(r.shape(c)), err
}

func (r operatorRoutes) endSessions(ctx context.Context, by access.Actor, in *consumerInput) (*noInput, error) {
	return nil, r.EndSessionsOf(ctx, by, in.Consumer)
}
