package health

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"minimart/platform/access"
	"minimart/platform/bus"
	"minimart/platform/httpapi"
	"minimart/platform/timer"
)

// Check is one thing the platform stands on.
type Check struct {
	Name string `json:"name" example:"database"`
	OK   bool   `json:"ok"`
}

// FailingTimer is a timer that keeps failing.
type FailingTimer struct {
	Room     string `json:"room"`
	Key      string `json:"key"`
	DueAt    int64  `json:"dueAt" doc:"Unix ms"`
	NextAt   int64  `json:"nextAt" doc:"Unix ms, of the next try"`
	Attempts int    `json:"attempts"`
	Error    string `json:"error" doc:"The last one"`
}

// Shown is how the platform does.
type Shown struct {
	Checks []Check `json:"checks"`
	Outbox struct {
		Pending  int64 `json:"pending" doc:"Events that wait to be sent; -1 when that cannot be said"`
		OldestMs int64 `json:"oldestMs" doc:"How long the oldest has waited"`
	} `json:"outbox"`
	Timers []FailingTimer `json:"timers" doc:"Those that failed three times or more, the worst first"`
}

// Letter is an event that a consumer could not handle.
type Letter struct {
	Number   uint64 `json:"number"`
	Consumer string `json:"consumer"`
	Topic    string `json:"topic"`
	Event    string `json:"event" doc:"Id"`
	Reason   string `json:"reason" doc:"The last error"`
	Tries    int    `json:"tries"`
	At       int64  `json:"at" doc:"Unix ms, when it was given up"`
}

type none struct{}
type lettersInput struct {
	Cursor uint64 `query:"cursor" doc:"Number of the last one of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}
type letterInput struct {
	Number uint64 `path:"number"`
}

// ConsoleRoutes adds the room's routes to the consoles' door.
func (s *Service) ConsoleRoutes(console huma.API, who access.Who) {
	desk := access.Desk{Console: console, Who: who, Tag: "health", MaxBody: 1 << 10}
	access.Route(desk, "health", "GET", "/operator/health", "How the platform does", s.shown)
	access.Route(desk, "dead-letters", "GET", "/operator/dead-letters", "Events that a consumer could not handle", s.letters)
	access.Route(desk, "redeliver-dead-letter", "POST", "/operator/dead-letters/{number}/redelivery", "Give an event to its consumer again", func(ctx context.Context, a access.Actor, in *letterInput) (*none, error) {
		return nil, s.Redeliver(ctx, a, in.Number)
	})
	access.Route(desk, "discard-dead-letter", "DELETE", "/operator/dead-letters/{number}", "Throw an event away for good", func(ctx context.Context, a access.Actor, in *letterInput) (*none, error) {
		return nil, s.Discard(ctx, a, in.Number)
	})
}

func (s *Service) shown(ctx context.Context, actor access.Actor, _ *none) (*httpapi.Answer[Shown], error) {
	state, err := s.State(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := httpapi.Body(Shown{Checks: httpapi.Each(state.Parts, func(p Part) Check { return Check(p) })})
	out.Body.Timers = httpapi.Each(state.Failing, func(f timer.Failure) FailingTimer {
		return FailingTimer{f.Room, f.Key, f.At.UnixMilli(), f.Next.UnixMilli(), f.Attempts, f.Error}
	})
	out.Body.Outbox.Pending, out.Body.Outbox.OldestMs = state.Waiting, state.Oldest.Milliseconds()
	return out, nil
}

func (s *Service) letters(ctx context.Context, actor access.Actor, in *lettersInput) (*httpapi.ListAnswer[Letter], error) {
	found, err := s.DeadLetters(ctx, actor, in.Cursor, in.Limit)
	return httpapi.Listed(found, err, func(l bus.DeadLetter) Letter {
		return Letter{l.Number, l.Consumer, l.Event.Topic, l.Event.ID, l.Reason, l.Tries, l.At.UnixMilli()}
	})
}
