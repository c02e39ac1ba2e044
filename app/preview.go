package app

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"minimart/examples/shopserver"
	"minimart/platform/httpapi"
	"minimart/program/deliver"
	"minimart/program/preview"
	"minimart/program/relay"
	"minimart/program/release"
	"minimart/web"
)

type previewCommand struct {
	Dir     string   `arg:"" help:"Folder of the mini program, the one that holds app.json or a project file." type:"existingdir"`
	Listen  string   `help:"Address to listen on." default:"127.0.0.1:8090"`
	Domains []string `name:"domain" help:"Origin the program may send requests to: https://host. Repeat it for more." placeholder:"ORIGIN"`
}

func (c previewCommand) Run(ctx context.Context, s streams) error {
	domains, err := release.Domains{Request: append([]string{shopDomain}, c.Domains...)}.Validate()
	if err != nil {
		return fmt.Errorf("--domain: %w", err)
	}
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("%w; choose another address with --listen", err)
	}
	programs := deliver.NewMemory()
	p := preview.New(dir, domains, programs, s.out)
	api := previewAPI(p, programs, s)
	p.Build()
	fmt.Fprintf(s.out, "preview of %s: http://%s/app/%s?preview=1\n", dir, browserAddress(l.Addr()), preview.App)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return api.Serve(ctx, l) })
	group.Go(func() error { return p.Watch(ctx) })
	return group.Wait()
}

// previewAPI is the part of the platform that one program needs: no database, no bus.
func previewAPI(p *preview.Preview, programs *deliver.Memory, s streams) *httpapi.API {
	mux := http.NewServeMux()
	api := httpapi.New(mux, httpapi.Options{Title: "Minimart preview", Version: Version, Log: newLogger(s.err, "text", slog.LevelWarn)})
	deliver.Routes(api, mux, deliver.Config{Programs: programs, Files: programs, Runtime: runtimes()})
	// The official Taro case runs in a preview as it does in the demo.
	mux.Handle(relay.Route, relay.New(relay.Config{Domains: programs, Upstreams: map[string]http.Handler{shopDomain: shopserver.New()}}))
	mux.Handle("GET /{$}", http.RedirectHandler("/app/", http.StatusFound))
	mux.Handle("/app/", web.HostHandler())
	p.Routes(mux)
	return api
}
