package wechat

import (
	"context"
	"embed"
	"log/slog"
	"time"

	"minimart/platform/clock"
	"minimart/platform/db"
)

// Schema are the room's migrations: db.Migrate(ctx, "wechat", wechat.Schema).
//
//go:embed schema/*.sql
var Schema embed.FS

// Service is the door. It is safe for concurrent use; several processes may run on one database.
type Service struct {
	db    *db.DB
	clock clock.Clock
	keys  Keys
	parts Parts
}

// New is the door to parts, over a database that was migrated with Schema.
func New(d *db.DB, c clock.Clock, keys Keys, parts Parts) *Service {
	return &Service{db: d, clock: c, keys: keys, parts: parts}
}

// Run forgets tokens that have expired, until ctx ends, and returns nil.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(10 * time.Minute)
	defer tick.Stop()
	for {
		if err := s.Forget(ctx); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "wechat: forgetting expired tokens failed, will try again", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}
