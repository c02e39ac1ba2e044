package bus

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go"

	"minimart/platform/db"
)

// Headers of a message. The event's identity travels on its own, apart from Nats-Msg-Id: that one is for the
// deduplication of sending, and a second delivery must not be taken for a duplicate.
const (
	headerID     = "Event-Id"
	headerTopic  = "Event-Topic"
	headerKey    = "Event-Key"
	headerAt     = "Event-At"
	headerReason = "Dead-Reason"
	headerTries  = "Dead-Tries"
	headerSince  = "Dead-At"
)

func message(subject string, e db.Event) *nats.Msg {
	m := nats.NewMsg(subject)
	m.Data = e.Payload
	m.Header.Set(headerID, e.ID)
	m.Header.Set(headerTopic, e.Topic)
	m.Header.Set(headerKey, e.Key)
	m.Header.Set(headerAt, strconv.FormatInt(e.At, 10))
	return m
}

// event reads a message. A cluster may be shared, so the message may be anybody's.
func event(h nats.Header, data []byte) (db.Event, error) {
	e := db.Event{ID: h.Get(headerID), Topic: h.Get(headerTopic), Key: h.Get(headerKey), Payload: json.RawMessage(data)}
	if err := db.CheckTopic(e.Topic); err != nil {
		return e, fmt.Errorf("not an event: header %s: %w", headerTopic, err)
	}
	if e.Key == "" || e.ID != db.EventID(e.Topic, e.Key) {
		return e, fmt.Errorf("not an event: header %s is %.300q, want %.300q", headerID, e.ID, db.EventID(e.Topic, e.Key))
	}
	var err error
	if e.At, err = strconv.ParseInt(h.Get(headerAt), 10, 64); err != nil {
		return e, fmt.Errorf("not an event: header %s is %.40q, want unix milliseconds", headerAt, h.Get(headerAt))
	}
	if !json.Valid(data) {
		return e, fmt.Errorf("event %s: the payload is not JSON", e.ID)
	}
	return e, nil
}
