package webhook

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"minimart/open/gateway"
	"minimart/open/gateway/gatewaydb"
	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
	"minimart/platform/timer"
)

// pauses are between attempts, as Standard Webhooks 1.0 proposes them: about three days in all.
var pauses = []time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

// longestPause is the most an endpoint can ask for with Retry-After.
const longestPause = 24 * time.Hour

// maxPayload is how many bytes a delivery's body may have.
const maxPayload = 256 << 10

// Event is something that happened to an app, as outsiders may know it.
type Event struct {
	ID   string // of the event; the same event is delivered once
	App  string
	Type string // one of Options.Types
	At   time.Time
	Data json.RawMessage
}

// DeliveryState is how far a delivery is.
type DeliveryState string

// The states of a delivery.
const (
	Pending   DeliveryState = "pending"   // waits for its first or next attempt
	Delivered DeliveryState = "delivered" // was answered with 2xx
	Failed    DeliveryState = "failed"    // all attempts were used up
	Stopped   DeliveryState = "stopped"   // its endpoint was disabled or removed
)

// Delivery is one event on its way to one endpoint. Times are unix ms, 0 for never.
type Delivery struct {
	ID         string // the webhook-id
	Event      string
	Type       string
	State      DeliveryState
	Attempts   int
	NextAt     int64
	LastStatus int // HTTP, 0 when there was no answer
	LastError  string
	CreatedAt  int64
	DoneAt     int64
}

// Attempt is one try at a delivery.
type Attempt struct {
	Number    int
	StartedAt int64 // unix ms
	Took      int64 // ms
	Status    int   // HTTP, 0 when there was no answer
	Error     string
	Response  string // the first 2 KiB
}

// Deliver has an event delivered to the endpoints of its app that ask for its type. It returns once that is written down;
// calling it again with the same event does nothing more. It is for the consumer of a bus.
// Errors: a type that is not among Options.Types; data that is too large or no JSON; unavailable.
func (s *Service) Deliver(ctx context.Context, e Event) error {
	if _, ok := s.types[e.Type]; !ok {
		return fmt.Errorf("webhook: event %s has the type %q, which is not among Options.Types", e.ID, e.Type)
	}
	body, err := payload(e)
	if err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx db.Tx) error {
		rows, err := gatewaydb.New(tx).Endpoints(ctx, e.App)
		if err != nil {
			return err
		}
		for _, r := range rows {
			endpoint, err := endpointOf(r)
			if err != nil {
				return err
			}
			if endpoint.State != Enabled || !slices.Contains(endpoint.Types, e.Type) && !slices.Contains(endpoint.Types, AllTypes) {
				continue
			}
			if _, err := s.create(ctx, tx, endpoint, e, body); err != nil {
				return err
			}
		}
		return nil
	})
}

// payload is the body of a delivery.
func payload(e Event) (string, error) {
	body, err := json.Marshal(struct {
		Type      string          `json:"type"`
		Timestamp string          `json:"timestamp"`
		App       string          `json:"app"`
		Data      json.RawMessage `json:"data"`
	}{e.Type, e.At.UTC().Format("2006-01-02T15:04:05.000Z"), e.App, e.Data})
	if err != nil {
		return "", fmt.Errorf("webhook: the data of event %s is no JSON: %w", e.ID, err)
	}
	if len(body) > maxPayload {
		return "", fmt.Errorf("webhook: the body for event %s has %d bytes, at most %d go; name things rather than holding them", e.ID, len(body), maxPayload)
	}
	return string(body), nil
}

func (s *Service) create(ctx context.Context, tx db.Tx, endpoint Endpoint, e Event, body string) (delivery string, err error) {
	delivery = id.New(MessagePrefix)
	now := s.clock.Now()
	n, err := gatewaydb.New(tx).CreateDelivery(ctx, gatewaydb.CreateDeliveryParams{
		ID: delivery, AppID: e.App, EndpointID: endpoint.ID, EventID: e.ID, Type: e.Type, Payload: body, NextAt: now.UnixMilli(),
	})
	if err != nil || n == 0 {
		return "", err // 0: this event is on its way already
	}
	return delivery, timer.Set(ctx, tx, room, delivery, now, nil)
}

// SendTest sends an endpoint a message of the type webhook.test and answers its id. Who may write webhooks may call it.
// Errors: not_found; denied; conflict when the endpoint is disabled; unavailable.
func (s *Service) SendTest(ctx context.Context, actor access.Actor, app, endpoint string) (delivery string, err error) {
	if _, err := actor.InApp(ctx, app, gateway.WriteWebhooks); err != nil {
		return "", err
	}
	e := Event{ID: TypeTest + ":" + id.New(MessagePrefix), App: app, Type: TypeTest, At: s.clock.Now(), Data: json.RawMessage(`{}`)}
	body, err := payload(e)
	if err != nil {
		return "", err
	}
	err = s.db.Update(ctx, func(tx db.Tx) error {
		row, to, err := enabledEndpoint(ctx, tx, app, endpoint)
		if err != nil {
			return err
		}
		if delivery, err = s.create(ctx, tx, to, e, body); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, "webhook.tested", row, map[string]string{"delivery": delivery})
	})
	return delivery, err
}

// Redeliver sends a delivery again now, with the same webhook-id, and if that fails again at the usual pauses. Who may write
// webhooks may call it.
// Errors: not_found; denied; conflict when the endpoint is disabled; unavailable.
func (s *Service) Redeliver(ctx context.Context, actor access.Actor, app, endpoint, delivery string) error {
	if _, err := actor.InApp(ctx, app, gateway.WriteWebhooks); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx db.Tx) error {
		to, _, err := enabledEndpoint(ctx, tx, app, endpoint)
		if err != nil {
			return err
		}
		q := gatewaydb.New(tx)
		row, err := q.Delivery(ctx, gatewaydb.DeliveryParams{AppID: app, EndpointID: endpoint, ID: delivery})
		if err != nil {
			return noDeliveryIfNone(err, delivery)
		}
		now := s.clock.Now()
		row.State, row.Tries, row.NextAt, row.DoneAt = string(Pending), 0, now.UnixMilli(), 0
		if err := settle(ctx, q, row); err != nil {
			return err
		}
		if err := timer.Set(ctx, tx, room, delivery, now, nil); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, "webhook.redelivered", to, map[string]string{"delivery": delivery})
	})
}

func enabledEndpoint(ctx context.Context, tx db.Tx, app, endpoint string) (gatewaydb.GatewayEndpoint, Endpoint, error) {
	row, err := gatewaydb.New(tx).Endpoint(ctx, gatewaydb.EndpointParams{AppID: app, ID: endpoint})
	if err != nil {
		return row, Endpoint{}, noEndpointIfNone(err, endpoint)
	}
	e, err := endpointOf(row)
	if err == nil && e.State != Enabled {
		err = fault.Conflict(endpointDisabled, e.ID)
	}
	return row, e, err
}

// Deliveries pages through the deliveries to an endpoint, the newest first, those in one state or in any (""). It answers up
// to limit (1 to 100) of them, and the cursor of the next page, "" at the end. Who may read webhooks may call it.
// Errors: invalid for the state or the cursor; not_found; denied; unavailable.
func (s *Service) Deliveries(ctx context.Context, actor access.Actor, app, endpoint string, state DeliveryState, cursor string, limit int) (page []Delivery, next string, err error) {
	if _, err := s.Endpoint(ctx, actor, app, endpoint); err != nil {
		return nil, "", err
	}
	if cursor != "" && id.Check(MessagePrefix, cursor) != nil {
		return nil, "", fault.Invalid("cursor", badCursor, cut(cursor, 60))
	}
	if state != "" && state != Pending && state != Delivered && state != Failed && state != Stopped {
		return nil, "", fault.Invalid("state", badState, cut(string(state), 60))
	}
	limit = max(1, min(limit, 100))
	var rows []gatewaydb.DeliveriesRow
	err = s.db.View(ctx, func(tx db.Tx) (err error) {
		rows, err = gatewaydb.New(tx).Deliveries(ctx, gatewaydb.DeliveriesParams{AppID: app, EndpointID: endpoint, Before: cursor, State: string(state), Most: int32(limit + 1)})
		return err
	})
	if err != nil {
		return nil, "", err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	page = make([]Delivery, len(rows))
	for i, r := range rows {
		page[i] = Delivery{ID: r.ID, Event: r.EventID, Type: r.Type, State: DeliveryState(r.State), Attempts: int(r.Attempts), NextAt: r.NextAt,
			LastStatus: int(r.LastStatus), LastError: r.LastError, CreatedAt: r.CreatedAt, DoneAt: r.DoneAt}
	}
	return page, next, nil
}

// Delivery is one delivery with its body and its last 100 attempts, the newest first. Who may read webhooks may call it.
// Errors: not_found; denied; unavailable.
func (s *Service) Delivery(ctx context.Context, actor access.Actor, app, endpoint, delivery string) (d Delivery, body string, attempts []Attempt, err error) {
	if _, err := s.Endpoint(ctx, actor, app, endpoint); err != nil {
		return Delivery{}, "", nil, err
	}
	err = s.db.View(ctx, func(tx db.Tx) error {
		q := gatewaydb.New(tx)
		r, err := q.Delivery(ctx, gatewaydb.DeliveryParams{AppID: app, EndpointID: endpoint, ID: delivery})
		if err != nil {
			return noDeliveryIfNone(err, delivery)
		}
		d = Delivery{ID: r.ID, Event: r.EventID, Type: r.Type, State: DeliveryState(r.State), Attempts: int(r.Attempts), NextAt: r.NextAt,
			LastStatus: int(r.LastStatus), LastError: r.LastError, CreatedAt: r.CreatedAt, DoneAt: r.DoneAt}
		body = r.Payload
		rows, err := q.Attempts(ctx, delivery)
		attempts = make([]Attempt, len(rows))
		for i, a := range rows {
			attempts[i] = Attempt{Number: int(a.Number), StartedAt: a.StartedAt, Took: a.Took, Status: int(a.Status), Error: a.Error, Response: a.Response}
		}
		return err
	})
	return d, body, attempts, err
}

func noDeliveryIfNone(err error, delivery string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.NotFound(noDelivery, cut(delivery, 60))
	}
	return err
}

func settle(ctx context.Context, q *gatewaydb.Queries, row gatewaydb.GatewayDelivery) error {
	return q.SettleDelivery(ctx, gatewaydb.SettleDeliveryParams{ID: row.ID, State: row.State, Attempts: row.Attempts, Tries: row.Tries, NextAt: row.NextAt,
		LastStatus: row.LastStatus, LastError: row.LastError, DoneAt: row.DoneAt})
}

// attempt is what timers call when a delivery is due.
func (s *Service) attempt(ctx context.Context, due timer.Due) error {
	var delivery gatewaydb.GatewayDelivery
	var endpoint gatewaydb.GatewayEndpoint
	err := s.db.View(ctx, func(tx db.Tx) (err error) {
		q := gatewaydb.New(tx)
		if delivery, err = q.DeliveryByID(ctx, due.Key); err != nil {
			return err
		}
		endpoint, err = q.EndpointByID(ctx, delivery.EndpointID)
		if errors.Is(err, sql.ErrNoRows) {
			err = nil // its state is "" then
		}
		return err
	})
	if errors.Is(err, sql.ErrNoRows) || err == nil && delivery.State != string(Pending) {
		return nil // removed, or settled by an attempt that outlived its timer
	}
	if err != nil {
		return err
	}
	if endpoint.State != string(Enabled) {
		return s.stop(ctx, due)
	}
	if !s.enter(endpoint.ID) {
		return s.postpone(ctx, due)
	}
	result, err := s.send(ctx, endpoint, delivery)
	s.leave(endpoint.ID)
	if err != nil {
		return err
	}
	return s.record(ctx, due, result)
}

// stop ends a delivery whose endpoint wants none.
func (s *Service) stop(ctx context.Context, due timer.Due) error {
	return s.db.Update(ctx, func(tx db.Tx) error {
		ours, err := due.Finish(ctx, tx)
		if err != nil || !ours {
			return err
		}
		q := gatewaydb.New(tx)
		row, err := q.DeliveryByID(ctx, due.Key)
		if err != nil {
			return err
		}
		row.State, row.NextAt, row.DoneAt = string(Stopped), 0, clock.Millis(s.clock)
		return settle(ctx, q, row)
	})
}

// postpone waits for a turn at an endpoint that has its hands full.
func (s *Service) postpone(ctx context.Context, due timer.Due) error {
	return s.db.Update(ctx, func(tx db.Tx) error {
		ours, err := due.Finish(ctx, tx)
		if err != nil || !ours {
			return err
		}
		return timer.Set(ctx, tx, room, due.Key, s.clock.Now().Add(time.Second), nil)
	})
}

func (s *Service) enter(endpoint string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy[endpoint] >= s.options.PerEndpoint {
		return false
	}
	s.busy[endpoint]++
	return true
}

func (s *Service) leave(endpoint string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy[endpoint]--; s.busy[endpoint] == 0 {
		delete(s.busy, endpoint)
	}
}

// record writes an attempt into the log and decides what comes next.
func (s *Service) record(ctx context.Context, due timer.Due, r result) error {
	jitter := s.options.Jitter()
	return s.db.Update(ctx, func(tx db.Tx) error {
		ours, err := due.Finish(ctx, tx)
		if err != nil {
			return err
		}
		q := gatewaydb.New(tx)
		row, err := q.DeliveryByID(ctx, due.Key)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		row.Attempts++
		row.LastStatus, row.LastError = int64(r.status), r.failure
		if err := q.AddAttempt(ctx, gatewaydb.AddAttemptParams{DeliveryID: row.ID, Number: row.Attempts, StartedAt: r.startedAt.UnixMilli(), Took: r.took.Milliseconds(),
			Status: int64(r.status), Error: r.failure, Response: r.response}); err != nil {
			return err
		}
		now := s.clock.Now()
		if r.failure == "" {
			row.State, row.NextAt, row.DoneAt = string(Delivered), 0, now.UnixMilli()
			// Should the delivery have been sent again by hand meanwhile, that is done with too.
			_, err := timer.Cancel(ctx, tx, room, row.ID)
			return errors.Join(err, q.EndpointWell(ctx, row.EndpointID), settle(ctx, q, row))
		}
		if !ours {
			return settle(ctx, q, row) // the attempt that overtook this one decides
		}
		disabled, err := s.failed(ctx, tx, row.EndpointID, r, now)
		if err != nil {
			return err
		}
		row.Tries++
		switch {
		case disabled:
			row.State, row.NextAt, row.DoneAt = string(Stopped), 0, now.UnixMilli()
		case int(row.Tries) > len(pauses):
			row.State, row.NextAt, row.DoneAt = string(Failed), 0, now.UnixMilli()
		default:
			pause := pauses[row.Tries-1]
			pause += time.Duration(jitter * float64(pause) / 10)
			next := now.Add(max(pause, min(r.retryAfter, longestPause)))
			row.NextAt = next.UnixMilli()
			if err := timer.Set(ctx, tx, room, row.ID, next, nil); err != nil {
				return err
			}
		}
		return settle(ctx, q, row)
	})
}

// failed notes that an endpoint failed, and disables it when it is gone or has failed for days.
func (s *Service) failed(ctx context.Context, tx db.Tx, endpoint string, r result, now time.Time) (disabled bool, err error) {
	q := gatewaydb.New(tx)
	if err := q.EndpointFailing(ctx, gatewaydb.EndpointFailingParams{ID: endpoint, FailingSince: now.UnixMilli()}); err != nil {
		return false, err
	}
	row, err := q.EndpointByID(ctx, endpoint)
	if errors.Is(err, sql.ErrNoRows) {
		return true, nil // removed while it was called
	}
	if err != nil || row.State != string(Enabled) {
		return err == nil, err
	}
	var reason string
	switch {
	case r.gone:
		reason = Gone
	case now.Sub(clock.Time(row.FailingSince)) >= s.options.DisableAfter:
		reason = Failing
	default:
		return false, nil
	}
	row, err = q.DisableEndpoint(ctx, gatewaydb.DisableEndpointParams{AppID: row.AppID, ID: row.ID, Reason: reason, Now: now.UnixMilli()})
	if err != nil {
		return false, err
	}
	entry := access.Entry{Org: row.OrgID, Action: "webhook.disabled", Target: row.ID, Detail: described(row, map[string]string{"reason": reason})}
	if err := s.log.Record(ctx, tx, entry); err != nil { // nobody did it: the platform itself
		return false, err
	}
	return true, tx.Emit(ctx, TopicDisabled, fmt.Sprintf("%s:d%d", row.ID, row.DisabledCount),
		EndpointDisabled{App: row.AppID, Org: row.OrgID, Endpoint: row.ID, URL: row.Url, Reason: reason, FailingSince: row.FailingSince, At: now.UnixMilli()})
}
