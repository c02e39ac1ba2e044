// Package settings keeps what the operator decides about the platform as a whole: what it is called, whom to ask, whether
// strangers may make accounts.
//
//	err := db.Migrate(ctx, "settings", settings.Schema)
//	s := settings.New(db, log, clock.System)
//	now, err := s.Current(ctx)
package settings
