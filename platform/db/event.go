package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Event is something that happened, as it goes from Emit through the outbox and the bus to its consumers.
type Event struct {
	ID      string          // topic and key, see EventID; consumers are idempotent by it
	Topic   string          // what happened: "order.paid"
	Key     string          // to what: "ord_01J…"
	Payload json.RawMessage // the emitting room's own event type
	At      int64           // when it was emitted, unix ms
}

// Outbox is where Emit puts events. platform/outbox is the one for the program; it attaches itself.
type Outbox interface {
	// Append stores e in tx and sets e.At. It follows the rules of Tx.Emit about events that are there already.
	Append(ctx context.Context, tx Tx, e Event) error
	// Committed is called after the commit of one or more transactions that appended. It must not block.
	Committed()
}

// AttachOutbox sets where Emit puts events. It is called once, before the first Emit.
func (d *DB) AttachOutbox(o Outbox) { d.outbox.Store(&o) }

// Limits of an event. The bus carries messages of a megabyte at most, headers included.
const (
	maxTopic   = 100
	maxKey     = 200
	maxPayload = 512 << 10
)

// EventID is the identity of an event. A topic has no colon, so two different events never share one.
func EventID(topic, key string) string { return topic + ":" + key }

func (t *txn) Emit(ctx context.Context, topic, key string, payload any) error {
	if t.readOnly {
		return fmt.Errorf("db: Emit %s: %w", topic, errReadOnly)
	}
	if err := CheckTopic(topic); err != nil {
		return fmt.Errorf("db: Emit: %w", err)
	}
	if err := checkKey(key); err != nil {
		return fmt.Errorf("db: Emit %s: %w", topic, err)
	}
	o := t.db.outbox.Load()
	if o == nil {
		return fmt.Errorf("db: Emit %s: no outbox: call outbox.New with this database first", topic)
	}
	body, err := json.Marshal(payload)
	if err != nil {
		return fmt.Errorf("db: Emit %s %s: payload does not become JSON: %w", topic, key, err)
	}
	if len(body) > maxPayload {
		return fmt.Errorf("db: Emit %s %s: payload is %d bytes, at most %d go; put the bulk into a blob and its name into the event", topic, key, len(body), maxPayload)
	}
	if err := (*o).Append(ctx, t, Event{ID: EventID(topic, key), Topic: topic, Key: key, Payload: body}); err != nil {
		return err
	}
	t.mu.Lock()
	t.emitted = true
	t.mu.Unlock()
	return nil
}

// CheckTopic is nil if topic is well formed: words of a-z, 0-9, - and _ with dots between, 100 characters at most. The
// bus routes by these words.
func CheckTopic(topic string) error {
	if topic == "" || len(topic) > maxTopic {
		return fmt.Errorf("topic %.120q has %d characters, want 1 to %d", topic, len(topic), maxTopic)
	}
	fresh := true // at the beginning of a word
	for i := 0; i < len(topic); i++ {
		switch c := topic[i]; {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-' || c == '_':
			fresh = false
		case c == '.' && !fresh:
			fresh = true
		default:
			return fmt.Errorf("topic %q: character %d is %q, want words of a-z, 0-9, - and _ with single dots between, like order.paid", topic, i+1, c)
		}
	}
	if fresh {
		return fmt.Errorf("topic %q ends in a dot", topic)
	}
	return nil
}

func checkKey(key string) error {
	if key == "" {
		return errors.New("the key is empty: it says what the event happened to, and makes it unique")
	}
	if len(key) > maxKey {
		return fmt.Errorf("key %.40q… has %d characters, at most %d go", key, len(key), maxKey)
	}
	for i := 0; i < len(key); i++ {
		if key[i] <= ' ' || key[i] > '~' {
			return fmt.Errorf("key %q: character %d is %q, want printable ASCII without spaces", key, i+1, key[i])
		}
	}
	return nil
}
