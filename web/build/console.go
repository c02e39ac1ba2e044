package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// console bundles the consoles: one application in pieces. What every page needs is fetched at once, the pages of an area
// and the charts when they are opened. The library the pages are drawn with is an entry point of its own, so that it stays
// in files that a change of our pages leaves alone.
func (b *builder) console(t *tree) error {
	const entry, library = "console/src/main.tsx", "console/src/library.ts"
	if !b.exists(entry) {
		b.note("web/%s is not there: no consoles in this build", entry)
		return nil
	}
	if err := b.needs("the console", "react", "react-dom", "antd", "echarts", "qrcode-generator"); err != nil {
		return err
	}
	options := b.options(api.FormatESModule, entry, library, "console/src/console.css")
	options.Splitting = true
	options.Outdir = filepath.Join(b.web, "dist", "console", "assets") // never written; names in the answer are below it
	options.EntryNames, options.ChunkNames, options.AssetNames = "[name].[hash]", "[name].[hash]", "[name].[hash]"
	options.JSX = api.JSXAutomatic
	options.Define = map[string]string{"process.env.NODE_ENV": `"production"`}
	options.Metafile = true
	result := api.Build(options)
	if err := b.failed(entry, result); err != nil {
		return err
	}
	var meta struct {
		Outputs map[string]struct {
			EntryPoint string `json:"entryPoint"`
			Imports    []struct {
				Path string `json:"path"`
				Kind string `json:"kind"`
			} `json:"imports"`
		} `json:"outputs"`
	}
	if err := json.Unmarshal([]byte(result.Metafile), &meta); err != nil {
		return fmt.Errorf("esbuild's account of the console: %w", err)
	}
	const below = "dist/console/assets/"
	names := map[string]string{} // entry point → file
	for output, is := range meta.Outputs {
		if is.EntryPoint != "" {
			names[is.EntryPoint] = output
		}
	}
	unused := names[library] // nothing but re-exports: the page asks for what is in it by name
	for _, f := range result.OutputFiles {
		rel, err := filepath.Rel(b.web, f.Path)
		if err != nil {
			return err
		}
		if name := filepath.ToSlash(rel); name != unused {
			t.addNamed(strings.TrimPrefix(name, "dist/"), "console", f.Contents)
		}
	}
	ahead := map[string]bool{} // all that must be there before the first page can be drawn
	var follow func(string)
	follow = func(output string) {
		for _, i := range meta.Outputs[output].Imports {
			if i.Kind == "import-statement" && !ahead[i.Path] {
				ahead[i.Path] = true
				follow(i.Path)
			}
		}
	}
	follow(names[entry])
	var links strings.Builder
	for _, name := range slices.Sorted(maps.Keys(ahead)) {
		fmt.Fprintf(&links, "<link rel=\"modulepreload\" href=\"/console/assets/%s\">\n", strings.TrimPrefix(name, below))
	}
	return b.page(t, "console", map[string]string{
		"{{script}}":     strings.TrimPrefix(names[entry], below),
		"{{style}}":      strings.TrimPrefix(names["console/src/console.css"], below),
		"{{preloads}}\n": links.String(),
	})
}

// failed makes one error of what a bundler said, and notes its warnings.
func (b *builder) failed(source string, result api.BuildResult) error {
	if len(result.Errors) > 0 {
		lines := api.FormatMessages(result.Errors, api.FormatMessagesOptions{Kind: api.ErrorMessage})
		return fmt.Errorf("bundling web/%s:\n%s", source, strings.Join(lines, ""))
	}
	for _, line := range api.FormatMessages(result.Warnings, api.FormatMessagesOptions{Kind: api.WarningMessage}) {
		b.note("%s", strings.TrimSpace(line))
	}
	return nil
}

func (b *builder) exists(path string) bool {
	_, err := os.Stat(filepath.Join(b.web, filepath.FromSlash(path)))
	return err == nil
}
