package app

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"

	"minimart/examples"
	"minimart/examples/shopserver"
	"minimart/platform/courier"
	"minimart/platform/fault"
	"minimart/program/build"
	"minimart/program/pkgfile"
	"minimart/program/release"
)

type demoCommand struct {
	platformFlags
}

// shopDomain is where the Taro example finds its shop. The name resolves nowhere; the relay maps it to the handler inside
// this process, as an operator would map a merchant's internal address.
const shopDomain = "https://shop.minimart.example"

// The ids of the official cases are the same everywhere, so that links to them hold.
const (
	taroShop  = "app_01M1N1MART0000000TARSHP0P1"
	jewellery = "app_01M1N1MART0000000JEWE11ERY"
)

// officialCase is an example that the demo publishes.
type officialCase struct {
	files fs.FS
	icon  string // file in the package
	app   release.NewApp
}

func officialCases() []officialCase {
	return []officialCase{
		{examples.TaroShop(), "assets/p/teapot-clay.svg", release.NewApp{
			ID: taroShop, Name: "小集优品", Summary: "用 Taro 和 React 写的商城：分页、购物车、表单、分包",
			Domains: release.Domains{Request: []string{shopDomain}},
		}},
		{examples.Jewellery(), "art/ring-solitaire-gold.svg", release.NewApp{
			ID: jewellery, Name: "砚光珠宝", Summary: "手写的原生小程序：自定义组件、插槽、JDS、刻字预览",
		}},
	}
}

func (c demoCommand) Run(ctx context.Context, s streams) error {
	w := world{upstreams: map[string]http.Handler{shopDomain: shopserver.New()}, screen: &courier.Screen{}}
	// The terminal is for people here: requests that went well are not worth a line.
	log := newLogger(s.err, c.LogFormat, slog.LevelWarn)
	return runPlatform(ctx, c.platformFlags, w, log, func(ctx context.Context, p *Platform, address string) error {
		people, err := settle(ctx, p.accounts, c.Data)
		if err != nil {
			return fmt.Errorf("the demo's people: %w", err)
		}
		var names []string
		for _, example := range officialCases() {
			if err := publish(ctx, p.releases, people.org, example); err != nil {
				return err
			}
			names = append(names, example.app.Name)
		}
		if err := introduce(ctx, p.rooms, people); err != nil {
			return fmt.Errorf("what the demo offers: %w", err)
		}
		if err := people.leave(ctx, p.accounts); err != nil {
			return err
		}
		password := people.password
		if password == "" {
			password = "yours; forgotten ones are reset at sign-in, and the code appears there"
		}
		fmt.Fprintf(s.out, `
  小集 Minimart is running.

  Open       http://%[1]s/app/
  Click      %[2]s
  Consoles   http://%[1]s/console/
             %[3]s (merchant), %[4]s (operator)
             password: %[5]s
  Language   中 / EN at the top of each page
  Codes      nothing is really sent: codes by SMS and e-mail appear on the page that asks for them
  Data       %[6]s
  Health     http://%[1]s/readyz   http://%[1]s/metrics

  Ctrl-C stops it and loses nothing.

`, address, strings.Join(names, ", "), demoMerchant, demoOperator, password, c.Data)
		return nil
	})
}

// publish builds an official case of an organisation and releases it. Doing it again changes nothing, unless the case itself has changed.
func publish(ctx context.Context, releases *release.Service, org string, example officialCase) error {
	pkg, found := pkgfile.Read(example.files, pkgfile.DefaultLimits())
	var result build.Result
	if pkg != nil {
		result = build.Build(pkg, build.Options{Minify: true, Compress: demoCompression})
		found.Append(result.Diagnostics)
	}
	if err := found.Err(); err != nil {
		return fmt.Errorf("%s: %w", example.app.Name, err)
	}
	if example.icon != "" {
		icon, err := fs.ReadFile(example.files, example.icon)
		if err != nil {
			return fmt.Errorf("icon of %s: %w", example.app.Name, err)
		}
		example.app.Icon = icon
	}
	example.app.Org = org
	if _, err := releases.CreateApp(ctx, example.app); err != nil && fault.Of(err).Code != fault.CodeConflict {
		return fmt.Errorf("%s: %w", example.app.Name, err)
	}
	if err := releases.Adopt(ctx, example.app.ID, org); org != "" && err != nil {
		return fmt.Errorf("%s: %w", example.app.Name, err)
	}
	version, err := releases.AddVersion(ctx, release.NewVersion{App: example.app.ID, Label: "1.0.0", Manifest: result.Manifest, Files: result.Files, Source: pkg.Files})
	if err != nil {
		return fmt.Errorf("%s: %w", example.app.Name, err)
	}
	return releases.Promote(ctx, example.app.ID, version.ID)
}

// demoCompression packs nearly as well as the best quality in a tenth of its time: a demo is started often.
const demoCompression = 7
