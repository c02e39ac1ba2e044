package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// builder bundles what it finds in web/. note tells the person at the terminal what was left out.
type builder struct {
	web  string
	note func(format string, args ...any)
}

func (b *builder) build() (*tree, error) {
	t := &tree{files: map[string]*file{}, manifest: manifest{Builtins: map[string]string{}, Files: map[string]sizes{}}}
	if err := b.runtime(t, "view", "runtime/src/view/main.ts", &t.manifest.View); err != nil {
		return nil, err
	}
	if err := b.runtime(t, "worker", "runtime/src/worker/main.ts", &t.manifest.Worker); err != nil {
		return nil, err
	}
	if err := b.builtins(t); err != nil {
		return nil, err
	}
	if err := b.host(t); err != nil {
		return nil, err
	}
	if err := b.console(t); err != nil {
		return nil, err
	}
	return t, t.seal()
}

// runtime bundles one of the two runtimes that boot with every program.
func (b *builder) runtime(t *tree, role, source string, into *string) error {
	if !b.exists(source) {
		b.note("web/%s is not there: no %s runtime in this build", source, role)
		return nil
	}
	code, err := b.script(source, api.FormatIIFE)
	if err != nil {
		return err
	}
	*into = t.add("runtime/"+role, ".js", role, code)
	return nil
}

// builtins bundles each file directly in runtime/src/builtins as a module of its own, named like the file: what the view
// asks the host for with {need: name}. Files whose names begin with "_" and folders hold what the groups share.
func (b *builder) builtins(t *tree) error {
	dir := "runtime/src/builtins"
	entries, err := os.ReadDir(filepath.Join(b.web, dir))
	if os.IsNotExist(err) {
		b.note("web/%s is not there: no built-in modules in this build", dir)
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".ts")
		if e.IsDir() || !ok || strings.HasPrefix(name, "_") || strings.Contains(name, ".") {
			continue
		}
		code, err := b.script(dir+"/"+e.Name(), api.FormatIIFE)
		if err != nil {
			return err
		}
		t.manifest.Builtins[name] = t.add("builtins/"+name, ".js", "builtin", code)
	}
	return nil
}

// needs says which of a part's dependencies are not installed.
func (b *builder) needs(part string, deps ...string) error {
	for _, dep := range deps {
		if !b.exists("node_modules/" + dep) {
			return fmt.Errorf("web/node_modules/%s is missing: %s needs it; run `npm ci` in web/", dep, part)
		}
	}
	return nil
}

// host bundles the host app: one script, one style sheet, and the entry page that names both.
func (b *builder) host(t *tree) error {
	if err := b.needs("the host app", "lit"); err != nil {
		return err
	}
	script, err := b.script("host/src/main.ts", api.FormatESModule)
	if err != nil {
		return err
	}
	style, err := b.script("host/src/host.css", api.FormatDefault)
	if err != nil {
		return err
	}
	return b.page(t, "host", map[string]string{
		"{{script}}": strings.TrimPrefix(t.add("host/assets/host", ".js", "host", script), "host/assets/"),
		"{{style}}":  strings.TrimPrefix(t.add("host/assets/host", ".css", "host", style), "host/assets/"),
	})
}

// page adds the entry page of a part, with the names of its files in the places that wait for them.
func (b *builder) page(t *tree, part string, names map[string]string) error {
	page, err := os.ReadFile(filepath.Join(b.web, part, "index.html"))
	if err != nil {
		return err
	}
	html := string(page)
	for name, value := range names {
		if strings.Count(html, name) != 1 {
			return fmt.Errorf("web/%s/index.html must contain %s exactly once", part, name)
		}
		html = strings.Replace(html, name, value, 1)
	}
	t.addNamed(part+"/index.html", part, []byte(html))
	return nil
}

// private are names of members that only the worker runtime's own objects have: neither programs, nor messages, nor the
// browser know them. They are shortened, which is worth about 150 bytes of the budget.
const private = "^(queuedProps|queued|newborn|draining|attaching|slotAt|destroyBlock|tellPage|addTemplate|guard|uncaught|rejected|fromHost|fromView|" +
	"toHost|toView|definition|tabIndex|onApp|outer|dirty|born|acked|gone|blocks|links|idOf|pageLife|receive|stays|told|answered|inst|patch|busy|shown|life)$"

// script bundles and minifies one entry point and returns its text.
func (b *builder) script(source string, format api.Format) ([]byte, error) {
	var mangled string
	if strings.HasPrefix(source, "runtime/src/worker/") {
		mangled = private
	}
	options := b.options(format, source)
	options.MangleProps = mangled
	result := api.Build(options)
	if err := b.failed(source, result); err != nil {
		return nil, err
	}
	if len(result.OutputFiles) != 1 {
		var names []string
		for _, f := range result.OutputFiles {
			names = append(names, filepath.Base(f.Path))
		}
		sort.Strings(names)
		return nil, fmt.Errorf("bundling web/%s gave %v: one file is wanted, so import styles and data as text", source, names)
	}
	return result.OutputFiles[0].Contents, nil
}

// options every bundle is made with.
func (b *builder) options(format api.Format, sources ...string) api.BuildOptions {
	return api.BuildOptions{
		AbsWorkingDir:     b.web,
		EntryPoints:       sources,
		Outdir:            "out", // never written; esbuild wants to know
		Bundle:            true,
		Format:            format,
		Platform:          api.PlatformBrowser,
		Target:            api.ES2022,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsEndOfFile, // licences ask to be kept
		Conditions:        []string{"production"},
		TsconfigRaw:       `{"compilerOptions":{"useDefineForClassFields":true,"verbatimModuleSyntax":true}}`,
		Write:             false,
		LogLevel:          api.LogLevelSilent,
	}
}
