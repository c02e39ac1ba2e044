package webhook

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
