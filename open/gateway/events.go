package gateway

// Events about keys. The payload of each is [KeyEvent], the key the id and which change of it this is: "key_01J…:r3".
const (
	TopicKeyCreated = "gateway.key.created"
	TopicKeyChanged = "gateway.key.changed"
	TopicKeyRotated = "gateway.key.rotated"
	TopicKeyRevoked = "gateway.key.revoked"
)

// KeyEvent says what happened to a key, and who did it.
type KeyEvent struct {
	App       string `json:"app"`
	Org       string `json:"org"`
	Key       string `json:"key"`
	Name      string `json:"name"`
	Successor string `json:"successor,omitempty"` // of a rotated key
	Actor     string `json:"actor"`
	At        int64  `json:"at"` // unix ms
}

// This room consumes no events; see open/gateway/webhook for those that leave for merchants.
