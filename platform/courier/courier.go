package courier

import (
	"context"
	"strings"
	"sync"
	"time"

	"minimart/platform/fault"
)

// Message is one message to one person. Code and Link are secrets of its reader: they belong into no log.
type Message struct {
	To      string // e-mail address, or phone number with its country: "+8613800138000"
	Subject string // of an e-mail
	Text    string // all of it, in the reader's language
	Code    string // the code in it, for providers that want it apart; "" for none
	Link    string // where to go on, "" for none; it stands below the text
}

// Courier brings messages. It is safe for concurrent use.
type Courier interface {
	// Deliver hands m over.
	// Errors: unavailable, with the cause.
	Deliver(ctx context.Context, m Message) error
}

// isMail says what an address is.
func isMail(to string) bool { return strings.Contains(to, "@") }

// body is the text with its link.
func (m Message) body() string {
	if m.Link == "" {
		return m.Text
	}
	return m.Text + "\n\n" + m.Link
}

// ByKind sends e-mails by one courier and messages to phones by another. A kind that has none is unavailable.
type ByKind struct{ Mail, Phone Courier }

// Deliver hands m to the courier of its kind.
func (b ByKind) Deliver(ctx context.Context, m Message) error {
	switch mail := isMail(m.To); {
	case mail && b.Mail == nil:
		return fault.Unavailable(noMail)
	case mail:
		return b.Mail.Deliver(ctx, m)
	case b.Phone == nil:
		return fault.Unavailable(noPhone)
	}
	return b.Phone.Deliver(ctx, m)
}

// Shown is a message that went to a screen.
type Shown struct {
	Message
	At time.Time
}

// Screen keeps messages to be shown, the last 200 of the last hour: for a demo and for developing, where nothing is sent.
type Screen struct {
	Now func() time.Time // default time.Now

	mu    sync.Mutex
	shown []Shown
}

const screenHolds, screenFor = 200, time.Hour

// Deliver keeps m.
func (s *Screen) Deliver(_ context.Context, m Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shown = append(s.shown, Shown{m, s.now()})
	s.shown = s.shown[max(0, len(s.shown)-screenHolds):]
	return nil
}

// To are the messages to an address, the newest first.
func (s *Screen) To(address string) []Shown {
	s.mu.Lock()
	defer s.mu.Unlock()
	out, oldest := []Shown{}, s.now().Add(-screenFor)
	for i := len(s.shown) - 1; i >= 0; i-- {
		if m := s.shown[i]; m.To == address && m.At.After(oldest) {
			out = append(out, m)
		}
	}
	return out
}

func (s *Screen) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}
