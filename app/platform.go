package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"minimart/open/account"
	"minimart/open/capability"
	"minimart/open/gateway"
	"minimart/open/host"
	"minimart/open/identity"
	"minimart/open/jos"
	"minimart/open/membership"
	"minimart/open/settings"
	"minimart/open/wechat"
	"minimart/platform/allowance"
	"minimart/platform/blob"
	"minimart/platform/bus"
	"minimart/platform/clock"
	"minimart/platform/courier"
	"minimart/platform/db"
	"minimart/platform/httpapi"
	"minimart/platform/outbox"
	"minimart/platform/timer"
	"minimart/program/deliver"
	"minimart/program/release"
	"minimart/program/review"
	"minimart/web"
)

// engines are what the rooms stand on.
type engines struct {
	db     *db.DB
	outbox *outbox.Outbox
	bus    *bus.Bus
	timers *timer.Timers
	blobs  *blob.Store
}

// checks are whether they answer, by name.
func (e engines) checks() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{"database": e.db.Ping, "bus": e.bus.Ping, "files": e.blobs.Ping}
}

// world is what a platform meets that is not its own.
type world struct {
	origin    string                  // as browsers reach the platform: "https://mall.example"
	upstreams map[string]http.Handler // domains that programs reach without leaving the process
	screen    *courier.Screen         // where the messages of a demo go; nil for a platform in earnest
}

// Platform is everything that runs, put together.
type Platform struct {
	engines
	*rooms
	log *slog.Logger
	api *httpapi.API
}

// NewPlatform opens the database, the bus and the files, brings the tables up to date, and builds the rooms and their routes.
// Close the platform when done with it.
func NewPlatform(ctx context.Context, f platformFlags, w world, log *slog.Logger) (_ *Platform, err error) {
	p := &Platform{log: log}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.Close())
		}
	}()
	if err := p.open(ctx, f); err != nil {
		return nil, err
	}
	proxies, err := f.proxies()
	if err != nil {
		return nil, err
	}
	if p.rooms, err = newRooms(p.engines, f, proxies, w); err != nil {
		return nil, err
	}
	p.members.Attach(p.timers)
	keepHouse(p.db, p.timers, clock.System, p.accounts.Sweep, p.hosts.Sweep, p.capabilities.Sweep, p.consumers.Sweep)
	if err := startHousekeeping(ctx, p.db, clock.System); err != nil {
		return nil, fmt.Errorf("housekeeping: %w", err)
	}
	builtin, err := p.hosts.EnsureBuiltin(ctx)
	if err != nil {
		return nil, fmt.Errorf("the platform's own host app: %w", err)
	}
	mux := http.NewServeMux()
	p.api = httpapi.New(mux, httpapi.Options{Title: "Minimart", Version: Version, Log: log, Ready: p.checks()})
	p.routes(p.api, mux, f, proxies, w, builtin.PublishableKey)
	return p, nil
}

// open opens the engines.
func (e *engines) open(ctx context.Context, f platformFlags) (err error) {
	if e.db, err = openDatabase(ctx, f); err != nil {
		return err
	}
	e.outbox = outbox.New(e.db, clock.System)
	e.db.AttachOutbox(e.outbox)
	e.timers = timer.New(e.db, clock.System)
	if e.bus, err = bus.Open(ctx, busConfig(f)); err != nil {
		if f.Bus == "" {
			return fmt.Errorf("event bus: %w; choose another folder with --data, or a cluster that several share with --bus", err)
		}
		return fmt.Errorf("event bus: %w; --bus says where it is", err)
	}
	if e.blobs, err = blob.Open(ctx, f.blobsURL()); err != nil {
		return fmt.Errorf("files: %w", err)
	}
	return nil
}

// Run serves on l, relays events and runs timers until ctx ends, then finishes what is under way.
func (p *Platform) Run(ctx context.Context, l net.Listener) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return p.api.Serve(ctx, l) })
	group.Go(func() error { return p.outbox.Relay(ctx, p.bus) })
	group.Go(func() error { return p.timers.Run(ctx) })
	group.Go(func() error { return p.gateway.Run(ctx) })
	group.Go(func() error { return p.webhooks.Run(ctx) })
	group.Go(func() error { return p.wechat.Run(ctx) })
	group.Go(func() error { return p.jos.Run(ctx) })
	group.Go(func() error { return p.subscribe(ctx) })
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
	} {
		if err := room.run(); err != nil {
			return fmt.Errorf("tables of %s: %w", room.name, err)
		}
	}
	for room, schema := range schemas {
		if err := d.Migrate(ctx, room, schema); err != nil {
			return fmt.Errorf("tables of %s: %w", room, err)
		}
	}
	return nil
}

// schemas are the tables of the rooms. Each has its own, so the order does not matter.
var schemas = map[string]fs.FS{
	"account": account.Schema, "allowance": allowance.Schema, "capability": capability.Schema, "gateway": gateway.Schema, "host": host.Schema, "identity": identity.Schema,
	"jos": jos.Schema, "membership": membership.Schema, "release": release.Schema, "review": review.Schema, "settings": settings.Schema, "wechat": wechat.Schema,
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
