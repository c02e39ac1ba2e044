package bus

import (
	"encoding/json"
	"testing"

	"github.com/nats-io/nats.go"

	"minimart/platform/db"
)

func TestAMessageReadsBackAsItsEvent(t *testing.T) {
	e := db.Event{ID: "order.paid:o1", Topic: "order.paid", Key: "o1", Payload: json.RawMessage(`{"名":"戒指"}`), At: 1_750_000_000_123}
	m := message("ev.order.paid", e)
	got, err := event(m.Header, m.Data)
	if err != nil || got.ID != e.ID || got.Topic != e.Topic || got.Key != e.Key || string(got.Payload) != string(e.Payload) || got.At != e.At {
		t.Errorf("read back %+v, %v", got, err)
	}
}

func FuzzEvent(f *testing.F) {
	f.Add("order.paid:o1", "order.paid", "o1", "1750000000123", []byte(`{}`))
	f.Add("", "", "", "", []byte(""))
	f.Add("a:b", "a", "b", "-1", []byte(`{"a":`))
	f.Add("a:b:c", "a", "b:c", "9223372036854775808", []byte(`null`))
	f.Add("a.:b", "a.", "b", "1", []byte(`1`))
	f.Add("a:\x00", "a", "\x00", "1", []byte("\xff"))
	f.Fuzz(func(t *testing.T, id, topic, key, at string, data []byte) {
		h := nats.Header{}
		h.Set(headerID, id)
		h.Set(headerTopic, topic)
		h.Set(headerKey, key)
		h.Set(headerAt, at)
		e, err := event(h, data)
		if err != nil {
			if len(err.Error()) > 10_000 {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
			return
		}
		if e.ID != db.EventID(e.Topic, e.Key) || db.CheckTopic(e.Topic) != nil || !json.Valid(e.Payload) {
			t.Errorf("passed: %+v", e)
		}
		again := message("ev."+e.Topic, e)
		if back, err := event(again.Header, again.Data); err != nil || back.ID != e.ID || back.At != e.At {
			t.Errorf("%+v read back as %+v, %v", e, back, err)
		}
	})
}
