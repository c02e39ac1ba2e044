package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"minimart/platform/blob"
	"minimart/platform/bus"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/httpapi"
	"minimart/platform/outbox"
	"minimart/platform/timer"
	"minimart/program/deliver"
	"minimart/program/relay"
	"minimart/program/release"
	"minimart/web"
)

// Platform is everything that runs, put together.
type Platform struct {
	log      *slog.Logger
	db       *db.DB
	outbox   *outbox.Outbox
	bus      *bus.Bus
	timers   *timer.Timers
	blobs    *blob.Store
	api      *httpapi.API
	Releases *release.Service
}

// NewPlatform opens the database, the bus and the files, brings the tables up to date and builds the routes. upstreams
// are domains that programs reach without leaving the process. Close the platform when done with it.
func NewPlatform(ctx context.Context, f platformFlags, upstreams map[string]http.Handler, log *slog.Logger) (_ *Platform, err error) {
	p := &Platform{log: log}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.Close())
		}
	}()
	if p.db, err = openDatabase(ctx, f); err != nil {
		return nil, err
	}
	p.outbox = outbox.New(p.db, clock.System)
	p.db.AttachOutbox(p.outbox)
	p.timers = timer.New(p.db, clock.System)
	keepHouse(p.db, p.timers, clock.System)
	if err := startHousekeeping(ctx, p.db, clock.System); err != nil {
		return nil, fmt.Errorf("daily housekeeping: %w", err)
	}
	if p.bus, err = bus.Open(ctx, busConfig(f)); err != nil {
		if f.Bus == "" {
			return nil, fmt.Errorf("event bus: %w; choose another folder with --data, or a cluster that several share with --bus", err)
		}
		return nil, fmt.Errorf("event bus: %w; --bus says where it is", err)
	}
	if p.blobs, err = blob.Open(ctx, f.blobsURL()); err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	p.Releases = release.New(p.db, p.blobs, clock.System)

	mux := http.NewServeMux()
	p.api = httpapi.New(mux, httpapi.Options{
		Title: "Minimart", Version: Version, Log: log,
		Ready: map[string]func(context.Context) error{"database": p.db.Ping, "bus": p.bus.Ping, "files": p.blobs.Ping},
	})
	programs := deliver.Released(p.Releases)
	deliver.Routes(p.api, mux, deliver.Config{Programs: programs, Files: deliver.Stored(p.blobs), Runtime: runtimes(), PublicURL: f.PublicURL})
	relay.Routes(mux, relay.New(relay.Config{Domains: p.Releases, Upstreams: upstreams}))
	hostRoutes(mux)
	return p, nil
}

// Run serves on l, relays events and runs timers until ctx ends, then finishes what is under way.
func (p *Platform) Run(ctx context.Context, l net.Listener) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return p.api.Serve(ctx, l) })
	group.Go(func() error { return p.outbox.Relay(ctx, p.bus) })
	group.Go(func() error { return p.timers.Run(ctx) })
	return group.Wait()
}

// Close lets go of everything, in the reverse order of opening. It may be called on a platform that was half opened.
func (p *Platform) Close() error {
	var errs []error
	if p.blobs != nil {
		errs = append(errs, p.blobs.Close())
	}
	if p.bus != nil {
		errs = append(errs, p.bus.Close())
	}
	if p.db != nil {
		errs = append(errs, p.db.Close())
	}
	return errors.Join(errs...)
}

func openDatabase(ctx context.Context, f platformFlags) (*db.DB, error) {
	if err := os.MkdirAll(f.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w; choose another with --data", err)
	}
	d, err := db.Open(ctx, f.databaseURL())
	if err != nil {
		return nil, fmt.Errorf("database %s: %w", redactURL(f.databaseURL()), err)
	}
	if err := migrate(ctx, d); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// migrate brings the tables of every room up to date.
func migrate(ctx context.Context, d *db.DB) error {
	for _, room := range []struct {
		name string
		run  func() error
	}{
		{"outbox", func() error { return outbox.New(d, clock.System).Migrate(ctx) }},
		{"timer", func() error { return timer.New(d, clock.System).Migrate(ctx) }},
		{"bus", func() error { return bus.Migrate(ctx, d) }},
		{"release", func() error { return d.Migrate(ctx, "release", release.Schema) }},
	} {
		if err := room.run(); err != nil {
			return fmt.Errorf("tables of %s: %w", room.name, err)
		}
	}
	return nil
}

func busConfig(f platformFlags) bus.Config {
	if f.Bus != "" {
		return bus.Config{URL: f.Bus}
	}
	return bus.Config{Dir: filepath.Join(f.Data, "bus")}
}

func runtimes() deliver.Runtime {
	return deliver.Runtime{View: web.ViewRuntime(), Worker: web.WorkerRuntime(), Builtins: web.Builtins()}
}
