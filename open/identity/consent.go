package identity

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"minimart/open/identity/identitydb"
	"minimart/platform/access"
	"minimart/platform/allowance"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
)

// Kind is something a consumer may agree to let an app know.
type Kind string

// The kinds there are.
const (
	ProfileKind    Kind = "profile"      // 昵称、头像
	PhoneNumber    Kind = "phone-number" // 手机号
	MembershipKind Kind = "membership"   // 会员等级与到期日
)

// Kinds are all of them.
var Kinds = []Kind{ProfileKind, PhoneNumber, MembershipKind}

// rules of a kind: the capability an app must have at each call, "" for none, what it learns, and whether a consent stands
// until it is withdrawn or is asked for anew each time.
var rules = map[Kind]struct {
	capability string
	fields     []string
	stands     bool
}{
	ProfileKind:    {"", []string{"nickName", "avatarUrl"}, true},
	PhoneNumber:    {phoneCapability, []string{"phoneNumber", "countryCode"}, false},
	MembershipKind: {membershipCapability, []string{"level", "until"}, true},
}

// The capabilities that kinds need. This room declares the first, open/membership the other.
const (
	phoneCapability      = "phone-number"
	membershipCapability = "plus-membership"
)

// Sheet is what a host shows before it asks: what an app wants, and whether it may ask.
type Sheet struct {
	App     App
	Kind    Kind
	Purpose string // what the app says it needs it for
	// Given says that the consumer agreed before, to this purpose, so that no sheet is needed. Never for a phone number.
	Given bool
	// Refusal is why the app may not have it at all, whoever agrees; nil when it may.
	Refusal *fault.Fault
}

// may says whether an app may know something of consumers who agree.
// Errors: invalid, field kind; denied, with the way out.
func (s *Service) may(ctx context.Context, app App, kind Kind) error {
	rule, known := rules[kind]
	if !known {
		return fault.Invalid("kind", noKind, fault.Cut(string(kind), 20))
	}
	if strings.TrimSpace(app.Privacy[kind]) == "" {
		return fault.Denied(noStatement, string(kind))
	}
	return s.granted(ctx, app.ID, rule.capability)
}

// granted asks for a capability, as each call must: what is revoked is shut.
// Errors: denied; unavailable.
func (s *Service) granted(ctx context.Context, app, capability string) error {
	if capability == "" {
		return nil
	}
	ok, err := s.Grants.Allowed(ctx, app, capability)
	if err == nil && !ok {
		err = fault.Denied(noCapability, capability)
	}
	return err
}

// use counts what is disclosed against the app's quota.
func (s *Service) use(ctx context.Context, tx db.Tx, app, capability, consumer string) error {
	if capability == "" {
		return nil
	}
	return s.Grants.Use(ctx, tx, app, capability, consumer)
}

// Sheet is what the host shows the visitor of ctx before it asks on behalf of a program.
// Errors: invalid, field kind; unauthenticated; not_found; unavailable.
func (s *Service) Sheet(ctx context.Context, app, ticket string, kind Kind) (Sheet, error) {
	v, found, err := s.program(ctx, app, ticket)
	if err != nil {
		return Sheet{}, err
	}
	out := Sheet{App: found, Kind: kind, Purpose: fault.Cut(found.Privacy[kind], maxStored)}
	if err := s.may(ctx, found, kind); fault.Is(err, fault.CodeDenied) {
		out.Refusal = fault.Of(err)
	} else if err != nil {
		return Sheet{}, err
	}
	err = s.DB.View(ctx, func(tx db.Tx) error {
		if _, err := mustBeActive(ctx, tx, v.Consumer); err != nil || !rules[kind].stands {
			return err
		}
		_, out.Given, err = s.consent(ctx, tx, found.ID, v.Consumer, kind, out.Purpose)
		return err
	})
	if err != nil {
		return Sheet{}, err
	}
	return out, nil
}

// consent finds a consent that holds, for the purpose it was given to. purpose "" is any.
func (s *Service) consent(ctx context.Context, tx db.Tx, app, consumer string, kind Kind, purpose string) (identitydb.IdentityConsent, bool, error) {
	c, err := identitydb.New(tx).Consent(ctx, identitydb.ConsentParams{AppID: app, ConsumerID: consumer, Kind: string(kind)})
	if errors.Is(err, sql.ErrNoRows) {
		return c, false, nil
	}
	return c, err == nil && (purpose == "" || c.Purpose == purpose), err
}

// Shown is what an app learns through the program. Which parts are set depends on the kind.
type Shown struct {
	Consumer  string // not for the program
	Nickname  string // kind profile
	AvatarURL string // likewise
	Code      Code   // kind phone-number: for the developer's server, see [Service.ExchangePhone]
}

// Agree notes that the visitor of ctx agreed on the host's sheet, and discloses. The host's own page alone may call it; that
// it is the host's is for the door to tell.
// Errors: invalid, field kind; unauthenticated; not_found; denied without a statement of what it is for, or without the
// capability; conflict for the phone of somebody who has none; exhausted; unavailable.
func (s *Service) Agree(ctx context.Context, app, ticket string, kind Kind) (Shown, error) {
	return s.disclose(ctx, app, ticket, kind, true, "")
}

// AgreeTo is Agree to the purpose that the sheet said: the developer may have changed it while the consumer read. "" comes from
// hosts that do not tell.
// Errors: as Agree; conflict when the purpose is another one now.
func (s *Service) AgreeTo(ctx context.Context, app, ticket string, kind Kind, purpose string) (Shown, error) {
	return s.disclose(ctx, app, ticket, kind, true, purpose)
}

// Disclose is for what the visitor of ctx agreed to before: no sheet is shown. A phone number is never had this way.
// Errors: as Agree; denied when the consent is not there, not any more, or was given to another purpose.
func (s *Service) Disclose(ctx context.Context, app, ticket string, kind Kind) (Shown, error) {
	return s.disclose(ctx, app, ticket, kind, false, "")
}

func (s *Service) disclose(ctx context.Context, app, ticket string, kind Kind, agreed bool, shown string) (Shown, error) {
	v, found, err := s.program(ctx, app, ticket)
	if err != nil {
		return Shown{}, err
	}
	if err := s.may(ctx, found, kind); err != nil {
		return Shown{}, err
	}
	rule := rules[kind]
	if !agreed && !rule.stands {
		return Shown{}, fault.Denied(asksAnew)
	}
	purpose := fault.Cut(found.Privacy[kind], maxStored)
	if shown != "" && shown != purpose {
		return Shown{}, fault.Conflict(purposeChanged)
	}
	var out Shown
	var refused *fault.Fault
	err = s.DB.Update(ctx, func(tx db.Tx) error {
		out, refused = Shown{Consumer: v.Consumer}, nil
		c, err := mustBeActive(ctx, tx, v.Consumer)
		if err != nil {
			return err
		}
		if kind == PhoneNumber {
			if c.Phone == "" {
				return fault.Conflict(noPhone)
			}
			refused, err = allowance.Take(ctx, tx, s.now(), phonesPerConsumer.Of(v.Consumer+found.ID))
			if err != nil || refused != nil {
				return err
			}
		}
		consent, given, err := s.consent(ctx, tx, found.ID, v.Consumer, kind, purpose)
		if err != nil {
			return err
		}
		switch {
		case agreed && (!given || !rule.stands): // not a second time for one that holds
			if consent, err = s.give(ctx, tx, found, v.Consumer, kind, purpose, consent); err != nil {
				return err
			}
		case !given:
			return fault.Denied(notAgreed, string(kind))
		}
		if err := s.usedProgram(ctx, tx, found.ID, v.Consumer); err != nil {
			return err
		}
		switch kind {
		case ProfileKind:
			out.Nickname, out.AvatarURL = c.Nickname, s.avatarURL(c.Avatar)
		case PhoneNumber: // the app learns it when its server exchanges the code
			out.Code, err = s.newCode(ctx, tx, phoneCode, found, v.Consumer)
			return err
		}
		return s.learned(ctx, tx, found.ID, found.Name, v.Consumer, kind, consent.ID)
	})
	if err != nil {
		return Shown{}, err
	}
	if refused != nil {
		return Shown{}, refused
	}
	return out, nil
}

// give stores a consent, or that one is given again.
func (s *Service) give(ctx context.Context, tx db.Tx, app App, consumer string, kind Kind, purpose string, had identitydb.IdentityConsent) (identitydb.IdentityConsent, error) {
	q, now, times := identitydb.New(tx), s.now(), int64(1)
	var err error
	if had.ID == "" {
		had.ID = id.New(ConsentPrefix)
		err = q.AddConsent(ctx, identitydb.AddConsentParams{
			ID: had.ID, AppID: app.ID, ConsumerID: consumer, Kind: string(kind), Purpose: purpose, AppName: app.Name, GivenAt: now,
		})
	} else {
		times, err = q.GiveConsentAgain(ctx, identitydb.GiveConsentAgainParams{ID: had.ID, GivenAt: now, Purpose: purpose, AppName: app.Name})
	}
	if err != nil {
		return had, err
	}
	user, err := s.user(ctx, tx, app.ID, consumer, app.Name)
	if err != nil {
		return had, err
	}
	key := fmt.Sprintf("%s:n%d", had.ID, times)
	return had, tx.Emit(ctx, TopicConsentGiven, key, ConsentMoved{App: app.ID, OpenID: user.Openid, Kind: kind, At: now})
}

// learned counts and notes what an app learns under a consent.
func (s *Service) learned(ctx context.Context, tx db.Tx, app, appName, consumer string, kind Kind, consent string) error {
	rule := rules[kind]
	if err := s.use(ctx, tx, app, rule.capability, consumer); err != nil {
		return err
	}
	if err := identitydb.New(tx).UseConsent(ctx, identitydb.UseConsentParams{ID: consent, UsedAt: s.now()}); err != nil {
		return err
	}
	return s.disclosed(ctx, tx, app, appName, consumer, string(kind), rule.stands, rule.fields...)
}

// disclosed notes that an app learned something. What may be learned often is counted by the hour.
func (s *Service) disclosed(ctx context.Context, tx db.Tx, app, appName, consumer, kind string, hourly bool, fields ...string) error {
	d := identitydb.DiscloseParams{ID: id.New(DisclosurePrefix), ConsumerID: consumer, AppID: app, AppName: appName, Kind: kind, Fields: strings.Join(fields, ","), At: s.now()}
	d.Slot = d.ID
	if hourly {
		d.Slot = fmt.Sprint(d.At / time.Hour.Milliseconds())
	}
	return identitydb.New(tx).Disclose(ctx, d)
}

// ShownPhone is a phone number as a developer's server learns it.
type ShownPhone struct {
	PhoneNumber     string // "13800138000"; outside the mainland with its country: "+85291234567"
	PurePhoneNumber string // without a country
	CountryCode     string // "86"
	App             string // what it was disclosed to
	At              int64  // unix ms, when
}

// ExchangePhone is the phone number that a code of [Service.Agree] stands for. The server of app may call it: app is that of
// its key. Each code is good once, for the app it was made for, while the app has the capability and the consent holds.
// Errors: denied without the capability and while the app is suspended; as [Service.ExchangeLogin] for codes that are good for nothing, those whose consent
// was withdrawn among them; exhausted over the app's quota; unavailable.
func (s *Service) ExchangePhone(ctx context.Context, app, code string) (ShownPhone, error) {
	if err := s.InService(ctx, app); err != nil {
		return ShownPhone{}, err
	}
	if err := s.granted(ctx, app, phoneCapability); err != nil {
		return ShownPhone{}, err
	}
	var out ShownPhone
	var refused *fault.Fault
	err := s.DB.Update(ctx, func(tx db.Tx) error {
		meant, no, err := s.takeCode(ctx, tx, phoneCode, app, code)
		if refused = no; err != nil || no != nil {
			return err
		}
		// Withdrawing, forgetting and suspending take the codes away too; here it is for sure.
		c, err := findConsumer(ctx, tx, meant.ConsumerID)
		if err != nil {
			return err
		}
		consent, given, err := s.consent(ctx, tx, app, meant.ConsumerID, PhoneNumber, "")
		if err != nil {
			return err
		}
		if !given || c.State != Active || c.Phone == "" {
			refused = fault.NotFound(codeUnknown).WithCause(ErrUnknown)
			return nil
		}
		country, national := c.Phone.Split()
		out = ShownPhone{PhoneNumber: national, PurePhoneNumber: national, CountryCode: country, App: app, At: s.now()}
		if country != "86" {
			out.PhoneNumber = string(c.Phone)
		}
		return s.learned(ctx, tx, app, meant.AppName, meant.ConsumerID, PhoneNumber, consent.ID)
	})
	if err != nil {
		return ShownPhone{}, err
	}
	if refused != nil {
		return ShownPhone{}, refused
	}
	return out, nil
}

// LearnMembership notes that an app's server learns how a consumer's membership stands, if it may. open/membership asks it
// before it answers; no route leads here.
// Errors: denied without the capability or the consent, and for a consumer or an app that is suspended; exhausted; unavailable.
func (s *Service) LearnMembership(ctx context.Context, app, consumer string) error {
	if err := s.InService(ctx, app); err != nil {
		return err
	}
	if err := s.granted(ctx, app, membershipCapability); err != nil {
		return err
	}
	return s.DB.Update(ctx, func(tx db.Tx) error {
		c, err := findConsumer(ctx, tx, consumer)
		if err != nil {
			return err
		}
		consent, given, err := s.consent(ctx, tx, app, consumer, MembershipKind, "")
		if err != nil {
			return err
		}
		if !given || c.State != Active {
			return fault.Denied(notAgreed, string(MembershipKind))
		}
		return s.learned(ctx, tx, app, consent.AppName, consumer, MembershipKind, consent.ID)
	})
}

// LearnMembershipInHost is LearnMembership for a program that the visitor of ctx uses: jd.getPlusStatus. It answers who that is.
// Errors: as Disclose.
func (s *Service) LearnMembershipInHost(ctx context.Context, app, ticket string) (consumer string, err error) {
	shown, err := s.Disclose(ctx, app, ticket, MembershipKind)
	return shown.Consumer, err
}

// Consent is something a consumer agreed to.
type Consent struct {
	ID         string
	App        string
	AppName    string
	Icon       string
	Kind       Kind
	Purpose    string // what the sheet said
	GivenAt    int64  // unix ms, the last time
	LastUsedAt int64  // unix ms, 0 before
}

// Consents pages through what the consumer of a visitor agreed to and has not withdrawn, the newest first.
// Errors: invalid for a cursor that Consents did not give; unavailable.
func (s *Service) Consents(ctx context.Context, v access.Visitor, cursor string, limit int) (page []Consent, next string, err error) {
	if cursor != "" && id.Check(ConsentPrefix, cursor) != nil {
		return nil, "", fault.Invalid("cursor", badCursor, fault.Cut(cursor, 40))
	}
	limit = clamp(limit)
	err = s.DB.View(ctx, func(tx db.Tx) error {
		rows, err := identitydb.New(tx).ConsentsOf(ctx, identitydb.ConsentsOfParams{ConsumerID: v.Consumer, Before: cursor, Most: int32(limit + 1)})
		page = convert(rows, func(r identitydb.IdentityConsent) Consent {
			return Consent{ID: r.ID, App: r.AppID, AppName: r.AppName, Kind: Kind(r.Kind), Purpose: r.Purpose, GivenAt: r.GivenAt, LastUsedAt: r.UsedAt}
		})
		return err
	})
	if err != nil {
		return nil, "", err
	}
	if len(page) > limit {
		page = page[:limit]
		next = page[limit-1].ID
	}
	err = s.nameApps(ctx, len(page), func(i int) (string, *string, *string) { return page[i].App, &page[i].AppName, &page[i].Icon })
	return page, next, err
}

// Withdraw takes a consent back. It holds at once: the next call of the program is refused, and codes of that kind that were
// not exchanged yet are worth nothing.
// Errors: invalid, field kind; not_found when there is no such consent; unavailable.
func (s *Service) Withdraw(ctx context.Context, v access.Visitor, app string, kind Kind) error {
	if _, known := rules[kind]; !known {
		return fault.Invalid("kind", noKind, fault.Cut(string(kind), 20))
	}
	return s.DB.Update(ctx, func(tx db.Tx) error {
		q, now := identitydb.New(tx), s.now()
		consent, err := q.WithdrawConsent(ctx, identitydb.WithdrawConsentParams{AppID: app, ConsumerID: v.Consumer, Kind: string(kind), Now: now})
		if errors.Is(err, sql.ErrNoRows) {
			return fault.NotFound(nothingToTake, fault.Cut(app, 40))
		}
		if err != nil {
			return err
		}
		if kind == PhoneNumber {
			if _, err := q.DropCodesOfKind(ctx, identitydb.DropCodesOfKindParams{ConsumerID: v.Consumer, AppID: app, Kind: phoneCode}); err != nil {
				return err
			}
		}
		return s.withdrawn(ctx, tx, app, v.Consumer, consent, kind, now)
	})
}

func (s *Service) withdrawn(ctx context.Context, tx db.Tx, app, consumer, consent string, kind Kind, now int64) error {
	u, err := identitydb.New(tx).User(ctx, identitydb.UserParams{AppID: app, ConsumerID: consumer}) // made when the consent was given
	if err != nil {
		return err
	}
	return tx.Emit(ctx, TopicConsentWithdrawn, consent, ConsentMoved{App: app, OpenID: u.Openid, Kind: kind, At: now})
}

// Forget makes a program a stranger to the consumer of a visitor: all consents are withdrawn, its session key and the codes on
// their way are worth nothing. Should the consumer come back, it has the openid it had, so that what it bought is found.
// Errors: not_found when the consumer does not know the program; unavailable.
func (s *Service) Forget(ctx context.Context, v access.Visitor, app string) error {
	return s.DB.Update(ctx, func(tx db.Tx) error {
		q, now := identitydb.New(tx), s.now()
		n, err := q.ForgetUser(ctx, identitydb.ForgetUserParams{AppID: app, ConsumerID: v.Consumer, ForgottenAt: now})
		if err != nil {
			return err
		}
		dropped, err := q.DropCodesOfApp(ctx, identitydb.DropCodesOfAppParams{ConsumerID: v.Consumer, AppID: app})
		if err != nil {
			return err
		}
		if n+dropped == 0 {
			return fault.NotFound(nothingToTake, fault.Cut(app, 40))
		}
		rows, err := q.WithdrawConsents(ctx, identitydb.WithdrawConsentsParams{AppID: app, ConsumerID: v.Consumer, Now: now})
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := s.withdrawn(ctx, tx, app, v.Consumer, r.ID, Kind(r.Kind), now); err != nil {
				return err
			}
		}
		return nil
	})
}

// Disclosure is something an app learned of a consumer.
type Disclosure struct {
	ID      string
	App     string
	AppName string
	Icon    string
	Kind    string   // a Kind, or "login" for the openid
	Fields  []string // what it learned
	At      int64    // unix ms
	LastAt  int64    // unix ms: the same within an hour is one disclosure
	Times   int64    // how often
}

// Disclosures pages through what apps learned of the consumer of a visitor, one app or ("") all, the newest first.
// Errors: invalid for a cursor that Disclosures did not give; unavailable.
func (s *Service) Disclosures(ctx context.Context, v access.Visitor, app, cursor string, limit int) (page []Disclosure, next string, err error) {
	if cursor != "" && id.Check(DisclosurePrefix, cursor) != nil {
		return nil, "", fault.Invalid("cursor", badCursor, fault.Cut(cursor, 40))
	}
	if app != "" && !isID(app) {
		return []Disclosure{}, "", nil // there is none of that name, and it is not for the database to choke on
	}
	limit = clamp(limit)
	err = s.DB.View(ctx, func(tx db.Tx) error {
		rows, err := identitydb.New(tx).DisclosuresOf(ctx, identitydb.DisclosuresOfParams{ConsumerID: v.Consumer, AppID: app, Before: cursor, Most: int32(limit + 1)})
		page = convert(rows, func(r identitydb.DisclosuresOfRow) Disclosure {
			return Disclosure{ID: r.ID, App: r.AppID, AppName: r.AppName, Kind: r.Kind, Fields: strings.Split(r.Fields, ","), At: r.At, LastAt: r.LastAt, Times: r.Times}
		})
		return err
	})
	if err != nil {
		return nil, "", err
	}
	if len(page) > limit {
		page = page[:limit]
		next = page[limit-1].ID
	}
	err = s.nameApps(ctx, len(page), func(i int) (string, *string, *string) { return page[i].App, &page[i].AppName, &page[i].Icon })
	return page, next, err
}
