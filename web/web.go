package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
)

//go:embed all:dist
var dist embed.FS

var bundles = read()

// contents of dist, read once: names of files, by what they are for.
type contents struct {
	View     string            `json:"view"`
	Worker   string            `json:"worker"`
	Builtins map[string]string `json:"builtins"`
}

// read panics when dist does not hold what its manifest names: the program was compiled from a broken tree, and would
// otherwise show blank pages.
func read() contents {
	var c contents
	text, err := dist.ReadFile("dist/manifest.json")
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	if err != nil {
		panic(fmt.Sprintf("web/dist/manifest.json: %v: run `go run ./web/build`", err))
	}
	for name := range c.Builtins {
		c.Builtins[name] = source(c.Builtins[name])
	}
	c.View, c.Worker = source(c.View), source(c.Worker)
	return c
}

func source(name string) string {
	if name == "" {
		return ""
	}
	text, err := dist.ReadFile("dist/" + name)
	if err != nil {
		panic(fmt.Sprintf("web/dist: the manifest names %s, which is not there: run `go run ./web/build`", name))
	}
	return string(text)
}

// ViewRuntime is the script of the sandboxed frame. It may contain "</script" only inside strings that were escaped by the
// bundler, so it can be inlined in a script element.
func ViewRuntime() string { return bundles.View }

// WorkerRuntime is the script of the logic worker. The host hands its text to the frame, which starts it from a blob.
func WorkerRuntime() string { return bundles.Worker }

// Builtins are the built-in modules by the name the view asks for them with ("form", "media", …): their scripts.
func Builtins() map[string]string { return maps.Clone(bundles.Builtins) }

// Host is the host app: index.html and assets/.
func Host() fs.FS { return below("host") }

// Console is the consoles: index.html and assets/.
func Console() fs.FS { return below("console") }

func below(name string) fs.FS {
	part, err := fs.Sub(dist, "dist/"+name)
	if err != nil {
		panic(err) // the name is a constant, and valid
	}
	return part
}
