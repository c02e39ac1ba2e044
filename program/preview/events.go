package preview

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"minimart/program/diag"
)

// event is what the page is told. Type is "build", "reload" or "log"; the other fields belong to one of them.
type event struct {
	Type     string            `json:"type"`
	Errors   []diag.Diagnostic `json:"errors,omitempty"`
	Warnings []diag.Diagnostic `json:"warnings,omitempty"`
	Millis   int64             `json:"millis,omitempty"`
	Level    string            `json:"level,omitempty"`
	Text     string            `json:"text,omitempty"`
	Where    string            `json:"where,omitempty"` // "pages/cart/index.js:14:9", the first line of the program's own code
	Stack    string            `json:"stack,omitempty"`
}

// audience is the pages that listen.
type audience struct {
	mu        sync.Mutex
	listeners map[chan event]struct{}
}

// tell sends an event to everyone. A page that does not keep up misses events rather than holding up the program.
func (a *audience) tell(ev event) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for c := range a.listeners {
		select {
		case c <- ev:
		default:
		}
	}
}

func (a *audience) join() chan event {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.listeners == nil {
		a.listeners = map[chan event]struct{}{}
	}
	c := make(chan event, 256)
	a.listeners[c] = struct{}{}
	return c
}

func (a *audience) leave(c chan event) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.listeners, c)
}

// heartbeat keeps proxies and browsers from giving up on a quiet stream.
const heartbeat = 15 * time.Second

// stream is GET /api/preview/v1/events: server-sent events, first the state of the last build.
func (p *Preview) stream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	stopping := keepOpen(r)
	send := func(ev event) error {
		text, err := json.Marshal(ev)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "data: %s\n\n", text); err != nil {
			return err
		}
		return out.Flush()
	}
	events := p.audience.join()
	defer p.audience.leave(events)
	if send(p.lastBuild()) != nil {
		return
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-stopping:
			return
		case ev := <-events:
			if send(ev) != nil {
				return
			}
		case <-beat.C:
			if _, err := fmt.Fprint(w, ": still here\n\n"); err != nil || out.Flush() != nil {
				return
			}
		}
	}
}
