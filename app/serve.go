package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strings"

	"minimart/program/deliver"
)

type serveCommand struct {
	platformFlags
}

type migrateCommand struct {
	platformFlags
}

func (c serveCommand) Run(ctx context.Context, s streams) error {
	log := newLogger(s.err, c.LogFormat, slog.LevelInfo)
	return runPlatform(ctx, c.platformFlags, world{}, log, func(ctx context.Context, p *Platform, address string) error {
		log.Info("minimart is up", "address", address, "data", c.Data)
		if there, err := p.accounts.HasOperator(ctx); err != nil || there {
			return err
		}
		log.Warn("nobody runs this platform yet: make the operator with minimart operator --login LOGIN --name NAME")
		return nil
	})
}

func (c migrateCommand) Run(ctx context.Context, s streams) error {
	d, err := openDatabase(ctx, c.platformFlags)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "the tables in %s are up to date\n", redactURL(c.databaseURL()))
	return d.Close()
}

// runPlatform opens the platform, listens, calls ready with the address to open in a browser, and serves until ctx ends.
func runPlatform(ctx context.Context, f platformFlags, w world, log *slog.Logger, ready func(context.Context, *Platform, string) error) (err error) {
	if f.PublicURL != "" {
		if err := deliver.CheckPublicURL(f.PublicURL); err != nil {
			return fmt.Errorf("--public-url: %w", err)
		}
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", f.Listen)
	if err != nil {
		return fmt.Errorf("%w; choose another address with --listen", err)
	}
	defer l.Close()
	w.origin = cmp.Or(strings.TrimSuffix(f.PublicURL, "/"), "http://"+browserAddress(l.Addr()))
	p, err := NewPlatform(ctx, f, w, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	if err := ready(ctx, p, browserAddress(l.Addr())); err != nil {
		return err
	}
	return p.Run(ctx, l)
}

// browserAddress is where a browser on this machine finds a listener: one on all addresses is on localhost too.
func browserAddress(a net.Addr) string {
	address, err := netip.ParseAddrPort(a.String())
	if err != nil || !address.Addr().IsUnspecified() {
		return a.String()
	}
	return fmt.Sprintf("localhost:%d", address.Port())
}
