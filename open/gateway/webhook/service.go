package webhook

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"minimart/open/gateway"
	"minimart/open/gateway/gatewaydb"
	"minimart/open/gateway/seal"
	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
	"minimart/platform/outside"
	"minimart/platform/timer"
)

// Options of webhooks.
type Options struct {
	Types []Type // all there are
	// Allow are blocks of addresses that endpoints may lead to beside public ones, over plain http too: the loopback block
	// of a demo.
	Allow    []netip.Prefix
	Resolver outside.Resolver // default net.DefaultResolver
	Roots    *x509.CertPool   // certificate authorities; default the system's

	Timeout      time.Duration  // of one attempt, default 15 s; below the lease of the timers
	DisableAfter time.Duration  // of failures without a success, default 5 days
	KeepLog      time.Duration  // of deliveries, default 30 days
	PerEndpoint  int            // attempts at one endpoint at once, in this process; default 4
	Jitter       func() float64 // from 0 to 1; spreads what would come all at once. Default random.
}

// Service is the operations of webhooks. It is safe for concurrent use; several processes may run on one database.
type Service struct {
	db        *db.DB
	box       *seal.Box
	clock     clock.Clock
	log       access.Log
	options   Options
	types     map[string]Type
	transport *http.Transport
	client    *http.Client

	mu   sync.Mutex
	busy map[string]int // attempts under way, by endpoint
}

// room is what our timers are called.
const room = "webhook"

// New is the webhooks of a database that was migrated with gateway.Schema. It takes over timers' room "webhook"; they should
// be its own, see the package's description. What people do with endpoints goes into log. It panics on a type that is named
// twice.
func New(d *db.DB, box *seal.Box, timers *timer.Timers, c clock.Clock, log access.Log, o Options) *Service {
	if o.Timeout <= 0 {
		o.Timeout = 15 * time.Second
	}
	if o.DisableAfter <= 0 {
		o.DisableAfter = 5 * 24 * time.Hour
	}
	if o.KeepLog <= 0 {
		o.KeepLog = 30 * 24 * time.Hour
	}
	if o.PerEndpoint <= 0 {
		o.PerEndpoint = 4
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	s := &Service{db: d, box: box, clock: c, log: log, options: o, types: map[string]Type{}, busy: map[string]int{}}
	for _, t := range o.Types {
		if _, twice := s.types[t.Name]; twice || t.Name == "" || t.Name == AllTypes || t.Name == TypeTest {
			panic(fmt.Sprintf("webhook: type %q is named twice, or cannot be one", t.Name))
		}
		s.types[t.Name] = t
	}
	s.transport = outside.Transport(&outside.Dialer{Resolver: o.Resolver, Allow: o.Allow})
	s.transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.Roots}
	s.client = &http.Client{
		Transport: s.transport, Timeout: o.Timeout,
		// A redirect would lead to a place nobody has checked, and lose the body on the way.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	timers.Handle(room, s.attempt)
	return s
}

// Types are all types there are, in the order they were given.
func (s *Service) Types() []Type { return s.options.Types }

// CreateEndpoint makes an endpoint. Its secret is shown this once. Who may write webhooks may call it.
// Errors: invalid with every field that is wrong; not_found; denied; exhausted when the app has too many; unavailable.
func (s *Service) CreateEndpoint(ctx context.Context, actor access.Actor, app string, spec EndpointSpec) (IssuedEndpoint, error) {
	org, err := actor.InApp(ctx, app, gateway.WriteWebhooks)
	if err != nil {
		return IssuedEndpoint{}, err
	}
	if spec, err = spec.check(s.types, s.options.Allow); err != nil {
		return IssuedEndpoint{}, err
	}
	types, err := json.Marshal(spec.Types)
	if err != nil {
		return IssuedEndpoint{}, err
	}
	now := clock.Millis(s.clock)
	out := IssuedEndpoint{Secret: newSecret(), Endpoint: Endpoint{
		ID: id.New(EndpointPrefix), App: app, Org: org, URL: spec.URL, Description: spec.Description, Types: spec.Types, State: Enabled, CreatedAt: now, ChangedAt: now,
	}}
	err = s.db.Update(ctx, func(tx db.Tx) error {
		q := gatewaydb.New(tx)
		n, err := q.CountEndpoints(ctx, app)
		if err != nil {
			return err
		}
		if n >= maxEndpoints {
			return fault.Exhausted(tooManyEndpoints, n)
		}
		if err := q.CreateEndpoint(ctx, gatewaydb.CreateEndpointParams{
			ID: out.Endpoint.ID, AppID: app, OrgID: org, Url: spec.URL, Description: spec.Description, Types: string(types),
			Secret: s.box.Seal(sealPlace(out.Endpoint.ID), out.Secret), CreatedAt: now,
		}); err != nil {
			return err
		}
		return s.log.Record(ctx, tx, access.Done(actor, org, "webhook.created", out.Endpoint.ID, map[string]string{"app": app, "url": spec.URL, "types": strings.Join(spec.Types, " ")}))
	})
	if err != nil {
		return IssuedEndpoint{}, err
	}
	return out, nil
}

// Endpoints are the endpoints of an app, the oldest first. Who may read webhooks may call it.
// Errors: not_found; denied; unavailable.
func (s *Service) Endpoints(ctx context.Context, actor access.Actor, app string) ([]Endpoint, error) {
	if _, err := actor.InApp(ctx, app, gateway.ReadWebhooks); err != nil {
		return nil, err
	}
	var rows []gatewaydb.GatewayEndpoint
	err := s.db.View(ctx, func(tx db.Tx) (err error) {
		rows, err = gatewaydb.New(tx).Endpoints(ctx, app)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := make([]Endpoint, len(rows))
	for i, r := range rows {
		if out[i], err = endpointOf(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Endpoint is one endpoint of an app. Who may read webhooks may call it.
// Errors: not_found, also for one of another app; denied; unavailable.
func (s *Service) Endpoint(ctx context.Context, actor access.Actor, app, endpoint string) (Endpoint, error) {
	if _, err := actor.InApp(ctx, app, gateway.ReadWebhooks); err != nil {
		return Endpoint{}, err
	}
	var row gatewaydb.GatewayEndpoint
	err := s.db.View(ctx, func(tx db.Tx) (err error) {
		row, err = gatewaydb.New(tx).Endpoint(ctx, gatewaydb.EndpointParams{AppID: app, ID: endpoint})
		return err
	})
	if err != nil {
		return Endpoint{}, noEndpointIfNone(err, endpoint)
	}
	return endpointOf(row)
}

// ChangeEndpoint gives an endpoint another URL, description and types. Deliveries that wait go to the new URL. Who may write
// webhooks may call it.
// Errors: invalid with every field that is wrong; not_found; denied; unavailable.
func (s *Service) ChangeEndpoint(ctx context.Context, actor access.Actor, app, endpoint string, spec EndpointSpec) (Endpoint, error) {
	if _, err := actor.InApp(ctx, app, gateway.WriteWebhooks); err != nil {
		return Endpoint{}, err
	}
	spec, err := spec.check(s.types, s.options.Allow)
	if err != nil {
		return Endpoint{}, err
	}
	types, err := json.Marshal(spec.Types)
	if err != nil {
		return Endpoint{}, err
	}
	return s.change(ctx, actor, "webhook.changed", endpoint, func(q *gatewaydb.Queries, now int64) (gatewaydb.GatewayEndpoint, error) {
		return q.ChangeEndpoint(ctx, gatewaydb.ChangeEndpointParams{AppID: app, ID: endpoint, Url: spec.URL, Description: spec.Description, Types: string(types), Now: now})
	})
}

// EnableEndpoint lets an endpoint be told again. What was not delivered meanwhile can be sent again by hand. Who may write
// webhooks may call it.
// Errors: not_found; denied; unavailable.
func (s *Service) EnableEndpoint(ctx context.Context, actor access.Actor, app, endpoint string) (Endpoint, error) {
	if _, err := actor.InApp(ctx, app, gateway.WriteWebhooks); err != nil {
		return Endpoint{}, err
	}
	return s.change(ctx, actor, "webhook.enabled", endpoint, func(q *gatewaydb.Queries, now int64) (gatewaydb.GatewayEndpoint, error) {
		return q.EnableEndpoint(ctx, gatewaydb.EnableEndpointParams{AppID: app, ID: endpoint, Now: now})
	})
}

// DisableEndpoint stops telling an endpoint; deliveries that wait are stopped when their time comes. One that is disabled
// stays as it is. Who may write webhooks may call it.
// Errors: not_found; denied; unavailable.
func (s *Service) DisableEndpoint(ctx context.Context, actor access.Actor, app, endpoint string) (Endpoint, error) {
	if _, err := actor.InApp(ctx, app, gateway.WriteWebhooks); err != nil {
		return Endpoint{}, err
	}
	return s.change(ctx, actor, "webhook.disabled", endpoint, func(q *gatewaydb.Queries, now int64) (gatewaydb.GatewayEndpoint, error) {
		row, err := q.DisableEndpoint(ctx, gatewaydb.DisableEndpointParams{AppID: app, ID: endpoint, Reason: ByHand, Now: now})
		if errors.Is(err, sql.ErrNoRows) {
			return q.Endpoint(ctx, gatewaydb.EndpointParams{AppID: app, ID: endpoint})
		}
		return row, err
	})
}

// RotateSecret gives an endpoint a new secret, shown this once. For overlap, at most MaxSecretOverlap, deliveries are signed
// with the one before too. Who may write webhooks may call it.
// Errors: invalid for the overlap; not_found; denied; unavailable.
func (s *Service) RotateSecret(ctx context.Context, actor access.Actor, app, endpoint string, overlap time.Duration) (IssuedEndpoint, error) {
	if _, err := actor.InApp(ctx, app, gateway.WriteWebhooks); err != nil {
		return IssuedEndpoint{}, err
	}
	if overlap < 0 || overlap > MaxSecretOverlap {
		return IssuedEndpoint{}, fault.Invalid("overlapSeconds", badOverlap, int64(MaxSecretOverlap/time.Second))
	}
	secret := newSecret()
	e, err := s.change(ctx, actor, "webhook.secret-rotated", endpoint, func(q *gatewaydb.Queries, now int64) (gatewaydb.GatewayEndpoint, error) {
		return q.RotateEndpoint(ctx, gatewaydb.RotateEndpointParams{AppID: app, ID: endpoint, Secret: s.box.Seal(sealPlace(endpoint), secret), PreviousUntil: now + overlap.Milliseconds(), Now: now})
	})
	if err != nil {
		return IssuedEndpoint{}, err
	}
	return IssuedEndpoint{Endpoint: e, Secret: secret}, nil
}

// DeleteEndpoint removes an endpoint. Deliveries that wait are stopped when their time comes. Who may write webhooks may
// call it.
// Errors: not_found; denied; unavailable.
func (s *Service) DeleteEndpoint(ctx context.Context, actor access.Actor, app, endpoint string) error {
	if _, err := actor.InApp(ctx, app, gateway.WriteWebhooks); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx db.Tx) error {
		row, err := gatewaydb.New(tx).DeleteEndpoint(ctx, gatewaydb.DeleteEndpointParams{AppID: app, ID: endpoint})
		if err != nil {
			return noEndpointIfNone(err, endpoint)
		}
		return s.audit(ctx, tx, actor, "webhook.deleted", row, nil)
	})
}

func (s *Service) change(ctx context.Context, actor access.Actor, action, endpoint string, update func(*gatewaydb.Queries, int64) (gatewaydb.GatewayEndpoint, error)) (Endpoint, error) {
	var out Endpoint
	err := s.db.Update(ctx, func(tx db.Tx) error {
		row, err := update(gatewaydb.New(tx), clock.Millis(s.clock))
		if err != nil {
			return noEndpointIfNone(err, endpoint)
		}
		if out, err = endpointOf(row); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, action, row, map[string]string{"types": strings.Join(out.Types, " ")})
	})
	if err != nil {
		return Endpoint{}, err
	}
	return out, nil
}

func noEndpointIfNone(err error, endpoint string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.NotFound(noEndpoint, cut(endpoint, 60))
	}
	return err
}

// Run removes old deliveries, until ctx ends, and returns nil.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		if err := s.Forget(ctx); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "webhook: forgetting old deliveries failed, will try again", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// Forget removes deliveries older than Options.KeepLog that no longer wait. Run calls it.
func (s *Service) Forget(ctx context.Context) error {
	const some = 200 // per transaction, so that nobody waits long
	before := s.clock.Now().Add(-s.options.KeepLog).UnixMilli()
	for {
		n := 0
		err := s.db.Update(ctx, func(tx db.Tx) error {
			q := gatewaydb.New(tx)
			old, err := q.OldDeliveries(ctx, gatewaydb.OldDeliveriesParams{CreatedAt: before, Limit: some})
			if err != nil {
				return err
			}
			for _, d := range old {
				if err := errors.Join(q.ForgetAttempts(ctx, d), q.ForgetDelivery(ctx, d)); err != nil {
					return err
				}
			}
			n = len(old)
			return nil
		})
		if err != nil || n < some {
			return err
		}
	}
}
