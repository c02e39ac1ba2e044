package webhook

import (
	"context"

	"minimart/open/gateway/gatewaydb"
	"minimart/platform/access"
	"minimart/platform/db"
)

// TopicDisabled is emitted when an endpoint is disabled because it is gone or has failed for days: somebody must be told. Its
// payload is [EndpointDisabled], its key the endpoint and how often it was disabled: "whe_01J…:d1".
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

// audit writes into the audit log, in the transaction that makes it true, what somebody did with an endpoint.
func (s *Service) audit(ctx context.Context, tx db.Tx, actor access.Actor, action string, row gatewaydb.GatewayEndpoint, detail map[string]string) error {
	return s.log.Record(ctx, tx, access.Done(actor, row.OrgID, action, row.ID, described(row, detail)))
}

func described(row gatewaydb.GatewayEndpoint, detail map[string]string) map[string]string {
	out := map[string]string{"app": row.AppID, "url": row.Url}
	for k, v := range detail {
		out[k] = v
	}
	return out
}
