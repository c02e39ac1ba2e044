package app

import (
	"net/netip"

	"minimart/open/account"
	"minimart/open/capability"
	"minimart/open/gateway"
	"minimart/open/gateway/seal"
	"minimart/open/gateway/webhook"
	"minimart/open/health"
	"minimart/open/host"
	"minimart/open/identity"
	"minimart/open/jos"
	"minimart/open/membership"
	"minimart/open/settings"
	"minimart/open/wechat"
	"minimart/platform/clock"
	"minimart/program/deliver"
	"minimart/program/relay"
	"minimart/program/release"
	"minimart/program/review"
	"minimart/program/upload"
)

// rooms are the rooms of the house, each built once.
type rooms struct {
	settings     *settings.Service
	accounts     *account.Service
	hosts        *host.Service
	releases     *release.Service
	capabilities *capability.Service
	consumers    *identity.Service
	members      *membership.Service
	gateway      *gateway.Gateway
	webhooks     *webhook.Service
	wechat       *wechat.Service
	jos          *jos.Service
	uploads      *upload.Uploads
	reviews      *review.Service
	programs     deliver.Programs
	delivery     *deliver.Delivery
	relay        *relay.Relay
	health       *health.Service
}

// newRooms builds the rooms, those first that others stand on.
func newRooms(e engines, f platformFlags, proxies []netip.Prefix, w world) (*rooms, error) {
	box, err := seal.Open(f.secretsFile())
	if err != nil {
		return nil, err
	}
	messages, err := newCourier(f, w.screen)
	if err != nil {
		return nil, err
	}
	r, now := &rooms{}, clock.System

	// The settings are recorded in the log of the accounts, which ask the settings who may sign up.
	log := &auditLog{}
	r.settings = settings.New(e.db, log, now)
	r.accounts = account.New(account.Config{DB: e.db, Blobs: e.blobs, Courier: consoleMessages{messages, w.origin + consolePath}, SelfSignUp: r.settings.SelfSignUp})
	log.accounts = r.accounts

	r.hosts = host.New(host.Config{DB: e.db, Box: box, Log: log, PublicURL: f.PublicURL})
	// A trial asks whether a consumer is a tester, and signing in asks which program a consumer has open.
	phones := &phoneBook{}
	r.releases = release.New(e.db, e.blobs, now, release.WithLog(log), release.WithPhones(phones))
	r.programs = deliver.ReleasedTo(r.hosts, r.releases)
	r.capabilities = capability.New(capability.Config{DB: e.db, Log: log, Organisations: r.accounts, Apps: r.releases, Names: names{r.releases, r.accounts}})
	r.consumers = identity.New(identity.Config{
		DB: e.db, Sender: consumerMessages{messages}, Apps: consumerApps{r.programs, r.releases, r.accounts}, Grants: r.capabilities,
		Assertions: r.hosts, Sealer: box, Log: log, PublicURL: f.PublicURL, InService: inService(r.releases),
	})
	phones.consumers = r.consumers
	r.members = membership.New(membership.Config{DB: e.db, Consumers: r.consumers, Disclosures: r.consumers, Log: log})

	r.gateway = gateway.New(e.db, box, now, log, gateway.Options{
		Scopes: openScopes(), Grants: r.capabilities, Quotas: grantedQuotas{r.capabilities}, CallerAddress: callerAddress(proxies), BodyLimit: upload.MaxArchive,
	})
	r.webhooks = webhook.New(e.db, box, e.timers, now, log, webhook.Options{Types: webhookTypes, Allow: hooksAllowed(f, w)})
	r.wechat = wechat.New(e.db, now, r.gateway, wechat.Parts{Sessions: wechatSessions{r.consumers}, Phones: wechatPhones{r.consumers}})

	r.uploads = upload.New(r.releases, upload.Options{PublicURL: w.origin})
	r.reviews = review.New(review.Config{DB: e.db, Releases: r.releases, Capabilities: r.capabilities, Standing: r.accounts, Log: log, Clock: now})
	r.jos = jos.New(e.db, now, r.gateway, log, jos.Options{
		Scopes: openScopes(), ConsentPage: consolePath + "authorise",
		Parts: jos.Parts{Sessions: josSessions{r.consumers}, Versions: josVersions{r.releases, r.uploads}, Reviews: josReviews{r.releases, r.reviews}},
	})
	r.delivery = deliver.New(deliver.Config{
		Programs: r.programs, Files: deliver.Stored(e.blobs), Runtime: runtimes(), Capabilities: r.capabilities, Owners: r.accounts, PublicURL: f.PublicURL,
	})
	r.relay = relay.New(relay.Config{Domains: r.releases, Upstreams: w.upstreams})
	r.health = health.New(health.Config{Checks: e.checks(), Outbox: e.outbox, Timers: e.timers, Letters: e.bus, DB: e.db, Log: log})
	return r, nil
}
