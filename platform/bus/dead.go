package bus

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
)

const (
	noDeadLetter = "there is no dead letter %d; it may have been delivered again or discarded"
	badLimit     = "ask for 1 to %d dead letters at a time"
)

var _ = fault.Chinese(map[string]string{
	noDeadLetter: "没有编号为 %d 的死信；可能已重新投递或已丢弃",
	badLimit:     "每次可查询 1 到 %d 条死信",
})

// mostDead is how many dead letters one call lists.
const mostDead = 1000

// DeadLetter is an event that a consumer could not handle.
type DeadLetter struct {
	Number   uint64 // names it for Redeliver and Discard, ascending in time
	Consumer string
	Event    db.Event  // as far as it could be read
	Reason   string    // the last error
	Tries    int       // how often it was given out
	At       time.Time // when it was given up
}

// bury stores a message as a dead letter. Its number in the stream makes storing it twice impossible.
func (b *Bus) bury(ctx context.Context, consumer string, m jetstream.Msg, sequence uint64, tries int, reason error) error {
	d := nats.NewMsg(deadPrefix + consumer)
	d.Data = m.Data()
	for _, h := range []string{headerID, headerTopic, headerKey, headerAt} {
		d.Header.Set(h, fault.OneLine(m.Headers().Get(h), 400))
	}
	d.Header.Set(headerReason, fault.OneLine(reason.Error(), 2000))
	d.Header.Set(headerTries, strconv.Itoa(tries))
	d.Header.Set(headerSince, strconv.FormatInt(clock.Millis(clock.System), 10))
	storing, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	_, err := b.js.PublishMsg(storing, d, jetstream.WithMsgID(fmt.Sprintf("%s/%d", consumer, sequence)))
	return err
}

// DeadLetters lists dead letters with numbers greater than after, oldest first, at most limit (1 to 1000). consumer "" means
// those of all.
func (b *Bus) DeadLetters(ctx context.Context, consumer string, after uint64, limit int) ([]DeadLetter, error) {
	if limit < 1 || limit > mostDead {
		return nil, fault.Invalid("limit", badLimit, mostDead)
	}
	subject := deadPrefix + ">"
	if consumer != "" {
		if err := checkName(consumer); err != nil {
			return nil, err
		}
		subject = deadPrefix + consumer
	}
	found := []DeadLetter{}
	for len(found) < limit {
		m, err := b.dead.GetMsg(ctx, after+1, jetstream.WithGetMsgSubject(subject))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("bus: listing dead letters: %w", err)
		}
		found = append(found, deadLetter(m))
		after = m.Sequence
	}
	return found, nil
}

func deadLetter(m *jetstream.RawStreamMsg) DeadLetter {
	d := DeadLetter{Number: m.Sequence, Consumer: strings.TrimPrefix(m.Subject, deadPrefix), Reason: m.Header.Get(headerReason)}
	d.Event, _ = event(m.Header, m.Data)                 // it may be dead because it is no event
	d.Tries, _ = strconv.Atoi(m.Header.Get(headerTries)) // 0 where somebody else wrote it
	if at, err := strconv.ParseInt(m.Header.Get(headerSince), 10, 64); err == nil {
		d.At = clock.Time(at)
	}
	return d
}

// Redeliver gives a dead letter to its consumer once more, with a new count of tries, and removes it.
//
// Errors: NotFound.
func (b *Bus) Redeliver(ctx context.Context, number uint64) error {
	m, err := b.deadMessage(ctx, number)
	if err != nil {
		return err
	}
	again := nats.NewMsg(againPrefix + strings.TrimPrefix(m.Subject, deadPrefix))
	again.Data = m.Data
	for _, h := range []string{headerID, headerTopic, headerKey, headerAt} {
		again.Header.Set(h, m.Header.Get(h))
	}
	if _, err := b.js.PublishMsg(ctx, again, jetstream.WithMsgID(fmt.Sprintf("again/%d", number))); err != nil {
		return fmt.Errorf("bus: delivering dead letter %d again: %w", number, err)
	}
	return b.Discard(ctx, number)
}

// Discard removes a dead letter for good.
//
// Errors: NotFound.
func (b *Bus) Discard(ctx context.Context, number uint64) error {
	if _, err := b.deadMessage(ctx, number); err != nil {
		return err
	}
	if err := b.dead.DeleteMsg(ctx, number); err != nil {
		return fmt.Errorf("bus: removing dead letter %d: %w", number, err)
	}
	return nil
}

func (b *Bus) deadMessage(ctx context.Context, number uint64) (*jetstream.RawStreamMsg, error) {
	if number == 0 {
		return nil, fault.NotFound(noDeadLetter, number)
	}
	m, err := b.dead.GetMsg(ctx, number)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, fault.NotFound(noDeadLetter, number)
	}
	if err != nil {
		return nil, fmt.Errorf("bus: reading dead letter %d: %w", number, err)
	}
	return m, nil
}
