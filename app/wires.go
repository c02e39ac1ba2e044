package app

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"minimart/open/account"
	"minimart/open/capability"
	"minimart/open/gateway"
	"minimart/open/identity"
	"minimart/open/membership"
	"minimart/open/wechat"
	"minimart/platform/access"
	"minimart/platform/courier"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/httpapi"
	"minimart/program/deliver"
	"minimart/program/release"
	"minimart/program/upload"
)

// What stands here lets one room ask another in its own words. Nothing is decided here.

// auditLog is the log of the accounts, for rooms that are built before them.
type auditLog struct{ accounts *account.Service }

func (l *auditLog) Record(ctx context.Context, tx db.Tx, e access.Entry) error {
	return l.accounts.Record(ctx, tx, e)
}

// phoneBook knows the numbers of consumers, for the room of releases, which is built before them.
type phoneBook struct{ consumers *identity.Service }

func (p *phoneBook) PhoneOf(ctx context.Context, consumer string) (string, error) {
	return p.consumers.PhoneOf(ctx, consumer)
}

// names are what apps and organisations are called.
type names struct {
	releases *release.Service
	*account.Service
}

func (n names) AppName(ctx context.Context, app string) (string, error) {
	a, err := n.releases.App(ctx, app)
	return a.Name, err
}

// consumerMessages brings codes to the phones of consumers.
type consumerMessages struct{ courier courier.Courier }

func (c consumerMessages) Send(ctx context.Context, m identity.Message) error {
	return c.courier.Deliver(ctx, courier.Message{To: string(m.Phone), Text: m.Text, Code: m.Code})
}

// consumerApps are the programs consumers sign in to.
type consumerApps struct {
	programs deliver.Programs
	releases *release.Service
	accounts *account.Service
}

func (c consumerApps) Open(ctx context.Context, app, ticket string) (identity.App, error) {
	v, _ := access.VisitorOf(ctx)
	p, err := c.programs.Program(ctx, v, app, ticket)
	if err != nil {
		return identity.App{}, err
	}
	out := identity.App{ID: app, Name: p.Name, Icon: deliver.FileAddress(p.Icon), Org: p.Org, Privacy: map[identity.Kind]string{}}
	for kind, statement := range p.Privacy {
		out.Privacy[identity.Kind(kind)] = statement
	}
	out.Organisation, err = c.organisation(ctx, p.Org)
	return out, err
}

func (c consumerApps) Known(ctx context.Context, apps []string) (map[string]identity.App, error) {
	out := map[string]identity.App{}
	for _, app := range slices.Compact(slices.Sorted(slices.Values(apps))) {
		a, err := c.releases.App(ctx, app)
		if fault.Is(err, fault.CodeNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		organisation, err := c.organisation(ctx, a.Org)
		if err != nil {
			return nil, err
		}
		out[app] = identity.App{ID: app, Name: a.Name, Icon: deliver.FileAddress(a.Icon), Org: a.Org, Organisation: organisation}
	}
	return out, nil
}

// organisation is what an organisation is called, "" for programs of none.
func (c consumerApps) organisation(ctx context.Context, org string) (string, error) {
	if org == "" {
		return "", nil
	}
	return c.accounts.OrganisationName(ctx, org)
}

// inService says whether an app's server may learn of consumers: a program that the operator took off keeps its keys, so that
// its developers can put it right, but learns of nobody meanwhile.
func inService(releases *release.Service) func(context.Context, string) error {
	return func(ctx context.Context, app string) error {
		a, err := releases.App(ctx, app)
		if err == nil && a.SuspendedAt != 0 {
			err = fault.Denied(appSuspended, app)
		}
		return err
	}
}

const appSuspended = "the operator has suspended %s: it learns nothing of consumers until that ends; ask the operator"

var _ = fault.Chinese(map[string]string{appSuspended: "小程序 %s 已被平台暂停，期间不能获取任何用户信息；请联系平台"})

// openScopes are the parts of the open API, by the rooms that answer there.
func openScopes() []gateway.Scope {
	return slices.Concat(upload.Scopes, identity.Scopes, membership.Scopes)
}

// everyAppsQuota is what an app may call in all, with all its keys together.
var everyAppsQuota = gateway.Quota{Limit: 6000, Window: time.Minute}

// grantedQuotas are what an app may call: in all, what everybody may; with a scope, what was granted with its capability.
type grantedQuotas struct{ capabilities *capability.Service }

func (g grantedQuotas) Quota(ctx context.Context, app, scope string) (gateway.Quota, error) {
	if scope == "" {
		return everyAppsQuota, nil
	}
	q, err := g.capabilities.QuotaFor(ctx, app, scope)
	return gateway.Quota(q), err
}

// callerAddress is where a call to the open API comes from, when proxies stand in between.
func callerAddress(proxies []netip.Prefix) func(*http.Request) netip.Addr {
	return func(r *http.Request) netip.Addr { return httpapi.ClientAddress(r, proxies) }
}

// hooksAllowed lets the webhooks of a demo reach servers on the same machine, unless others can reach the demo: whoever signs
// up there could look around on it.
func hooksAllowed(f platformFlags, w world) []netip.Prefix {
	listen, err := netip.ParseAddrPort(f.Listen)
	if w.screen == nil || err != nil || !listen.Addr().IsLoopback() {
		return nil
	}
	return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
}

// exchanged is why a code was not exchanged, as the doors for moved servers read it: conflict for one that was used, not_found
// for any other that is good for nothing.
func exchanged(err error) error {
	var code fault.Code
	switch {
	case errors.Is(err, identity.ErrUsed):
		code = fault.CodeConflict
	case errors.Is(err, identity.ErrExpired), errors.Is(err, identity.ErrUnknown), errors.Is(err, identity.ErrOtherApp), errors.Is(err, identity.ErrMalformed):
		code = fault.CodeNotFound
	default:
		return err
	}
	f := *fault.Of(err)
	f.Code = code
	return &f
}

// wechatSessions and wechatPhones are the consumers, for servers that speak to WeChat.
type wechatSessions struct{ *identity.Service }

func (w wechatSessions) ExchangeLogin(ctx context.Context, app, code string) (wechat.Login, error) {
	l, err := w.Service.ExchangeLogin(ctx, app, code)
	return wechat.Login(l), exchanged(err)
}

func (w wechatSessions) ResetSession(ctx context.Context, app, openid, signature string) (wechat.Login, error) {
	l, err := w.Service.ResetSession(ctx, app, openid, signature)
	return wechat.Login(l), err
}

type wechatPhones struct{ *identity.Service }

func (w wechatPhones) ExchangePhone(ctx context.Context, app, code string) (wechat.Phone, error) {
	p, err := w.Service.ExchangePhone(ctx, app, code)
	return wechat.Phone{Number: p.PurePhoneNumber, Country: p.CountryCode, At: p.At}, exchanged(err)
}
