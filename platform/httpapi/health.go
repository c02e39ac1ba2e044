package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// readyTime is how long one readiness check may take.
const readyTime = 2 * time.Second

// health says that the process is alive, and nothing about what it stands on: restarting it would not mend that.
func (a *API) health(w http.ResponseWriter, _ *http.Request) {
	WriteJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

// readiness says whether this process should get requests: every check passes and it is not about to stop.
func (a *API) readiness(w http.ResponseWriter, r *http.Request) {
	answer := struct {
		Status string            `json:"status"`
		Checks map[string]string `json:"checks"`
	}{"ready", map[string]string{}}
	status := http.StatusOK

	ctx, cancel := context.WithTimeout(r.Context(), readyTime)
	defer cancel()
	var mu sync.Mutex
	var wg sync.WaitGroup
	for name, check := range a.options.Ready {
		wg.Go(func() {
			err := within(ctx, check)
			mu.Lock()
			defer mu.Unlock()
			answer.Checks[name] = "ok"
			if err != nil {
				answer.Checks[name] = "failed"
				answer.Status, status = "not ready", http.StatusServiceUnavailable
				Log(r.Context()).WarnContext(r.Context(), "not ready", "check", name, "error", err.Error())
			}
		})
	}
	wg.Wait()
	select {
	case <-a.draining:
		answer.Status, status = "stopping", http.StatusServiceUnavailable
	default:
	}
	WriteJSON(w, status, answer)
}

// within runs a check that may not listen to its context, or panic.
func within(ctx context.Context, check func(context.Context) error) error {
	done := make(chan error, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				done <- fmt.Errorf("the check panicked: %v", p)
			}
		}()
		done <- check(ctx)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// WriteJSON answers with v as JSON that is not to be kept.
func WriteJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // plain values; the reader may be gone
}
