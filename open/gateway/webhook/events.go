package webhook

import (
	"context"

	"minimart/platform/access"
	"minimart/platform/db"
	"minimart/platform/id"
)

// Events about what people do with endpoints. The payload of each is [EndpointEvent]; the key is the endpoint and an id of
// its own.
const (
	TopicCreated = "gateway.webhook.created"
	TopicChanged = "gateway.webhook.changed"
	TopicRotated = "gateway.webhook.rotated"
	TopicEnabled = "gateway.webhook.enabled"
	TopicStopped = "gateway.webhook.stopped" // disabled by hand
	TopicRemoved = "gateway.webhook.removed"
	TopicResent  = "gateway.webhook.resent" // a delivery was sent again by hand
)

// EndpointEvent says what somebody did with an endpoint.
type EndpointEvent struct {
	App      string `json:"app"`
	Org      string `json:"org"`
	Endpoint string `json:"endpoint"`
	URL      string `json:"url,omitempty"`
	Delivery string `json:"delivery,omitempty"` // that was sent again
	Actor    string `json:"actor"`
	At       int64  `json:"at"` // unix ms
}

func (s *Service) emit(ctx context.Context, tx db.Tx, topic string, actor access.Actor, e EndpointEvent) error {
	e.Actor, e.At = actor.ActorID(), s.clock.Now().UnixMilli()
	return tx.Emit(ctx, topic, e.Endpoint+":"+id.New("evt"), e)
}

// TopicDisabled is emitted when an endpoint is disabled because it is gone or has failed for days. Its payload is
// [EndpointDisabled], its key the endpoint and how often it was disabled: "whe_01J…:d1".
const TopicDisabled = "gateway.webhook.disabled"

// EndpointDisabled says which endpoint is told nothing any more.
type EndpointDisabled struct {
	App          string `json:"app"`
	Org          string `json:"org"`
	Endpoint     string `json:"endpoint"`
	URL          string `json:"url"`
	Reason       string `json:"reason"`        // gone, failing
	FailingSince int64  `json:"failing_since"` // unix ms
	At           int64  `json:"at"`            // unix ms
}
