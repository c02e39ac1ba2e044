package httpapi

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Serve answers requests from l until ctx ends. Then it takes no new ones, tells streams to end (see [Draining]), fails
// /readyz, and gives the requests under way Options.Grace to finish; what is not done by then is cut off and reported as an
// error. Serve closes l. It can be called once.
func (a *API) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler:           a,
		ReadHeaderTimeout: 10 * time.Second,
		WriteTimeout:      a.options.Timeout + answerTime, // until a handler calls Extend
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(a.options.Log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("cannot serve on %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	close(a.draining)
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.options.Grace)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		_ = server.Close()
		if errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("requests still ran %s after the server was told to stop; they were cut off", a.options.Grace)
		}
		return fmt.Errorf("stopping the server: %w", err)
	}
	return nil
}
