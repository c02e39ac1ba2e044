package build

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"minimart/program/pkgfile"
	"minimart/program/script"
	"minimart/program/template"
)

// moduleParams are the parameters of every module's wrapper, in the order of MODULE_PARAMS in
// web/runtime/src/shared/protocol.ts (a test holds the two together). Those that the runtime passes nothing for hide the
// browser's globals from the program.
var moduleParams = []string{
	"module", "exports", "require", "jd", "wx", "App", "Page", "Component", "Behavior", "getApp", "getCurrentPages",
	"requirePlugin", "console", "setTimeout", "clearTimeout", "setInterval", "clearInterval", "Function",
	"window", "document", "self", "globalThis", "global", "location", "navigator", "requestAnimationFrame", "cancelAnimationFrame",
	"localStorage", "indexedDB", "fetch", "XMLHttpRequest", "WebSocket", "EventSource", "Worker", "SharedWorker",
	"importScripts", "postMessage", "onmessage", "addEventListener", "removeEventListener", "dispatchEvent", "close", "caches",
}

// bundleLogic writes one logic bundle per package root: its modules, its units, the skeletons of its templates.
func (b *builder) bundleLogic() {
	packs := map[string]*bundleText{}
	pack := func(file string) *bundleText {
		root := b.pkg.SubpackageOf(file)
		if packs[root] == nil {
			packs[root] = &bundleText{}
		}
		return packs[root]
	}
	pack("app.js") // there is a main package, even an empty one
	for _, sub := range b.pkg.App.Subpackages {
		pack(sub.Root + "/")
	}
	for _, m := range b.modules {
		out := pack(m.file)
		// The inner function keeps the module's own declarations apart from the parameters, so that a module may say
		// `const location = …`. The code begins on a line of its own: its source map counts from there.
		out.add("$D("+string(mustJSON(m.name))+",function("+strings.Join(moduleParams, ",")+"){(function(){\n", nil)
		out.add(m.code, m.sourceMap)
		if len(m.packages) > 0 {
			out.add("}).call(exports)},"+string(mustJSON(m.packages))+");\n", nil)
		} else {
			out.add("}).call(exports)});\n", nil)
		}
	}
	pack("app.js").add(registration("app", b.appLogic()), nil)
	for _, u := range b.units() {
		pack(u.Path+"/").add(registration(u.Path, b.unitLogic(u)), nil)
	}
	registered := map[*bundleText]map[string]bool{} // template modules a bundle has
	for _, name := range slices.Sorted(maps.Keys(b.pieces)) {
		if file, ok := strings.CutPrefix(name, "template "); ok {
			out := pack(file)
			if registered[out] == nil {
				registered[out] = map[string]bool{}
			}
			b.addSkeleton(out, registered[out], b.templates.File(file))
		}
	}
	for root, text := range packs {
		name := b.addFile(".js", javascript, []byte(text.text.String()))
		b.result.Manifest.Packages[root] = Pack{Logic: name, Independent: b.independent(root), Bytes: b.packBytes(root)}
		if sourceMap := text.sourceMap(); sourceMap != nil {
			b.result.SourceMaps[name] = sourceMap
		}
	}
}

// module is a script as it goes into a bundle.
type module struct {
	file      string
	name      string // what it is registered as: requires leave the ending out, so TypeScript is called .js
	code      string
	sourceMap []byte
	packages  map[string]string // npm packages it requires, by the name it has for them, to what they are registered as
}

// computedRequire finds a require whose module is only known when it runs. Then any script of the package may be meant.
var computedRequire = regexp.MustCompile(`\brequire\(\s*[^'"\x60\s)]`)

// compileModules compiles the scripts of the app and the units, and all that those require, sorted by file.
func (b *builder) compileModules() []module {
	compiled := map[string]*module{}
	var queue []string
	if b.pkg.Has("app.js") {
		queue = append(queue, "app.js")
	}
	for _, u := range b.units() {
		if u.Script != "" {
			queue = append(queue, u.Script)
		}
	}
	computed := false
	for len(queue) > 0 {
		file := queue[0]
		queue = queue[1:]
		if _, done := compiled[file]; done {
			continue
		}
		compiled[file] = nil
		m, found := script.Transform(b.pkg, file, script.Options{Minify: b.options.Minify, Map: true})
		b.result.Diagnostics.Append(found)
		if m == nil {
			continue
		}
		compiled[file] = &module{file: file, name: moduleName(file), code: m.Code, sourceMap: m.Map, packages: map[string]string{}}
		for _, r := range m.Requires {
			if r.Resolved == "" {
				continue
			}
			queue = append(queue, r.Resolved)
			// Each package may have packages of its own, so the same name means other files elsewhere.
			if !strings.HasPrefix(r.Specifier, ".") && !strings.HasPrefix(r.Specifier, "/") && strings.Contains("/"+r.Resolved, "/miniprogram_npm/") {
				compiled[file].packages[r.Specifier] = moduleName(r.Resolved)
			}
		}
		if !computed && computedRequire.MatchString(m.Code) {
			computed = true
			for _, name := range b.pkg.Names {
				if strings.HasSuffix(name, ".js") {
					queue = append(queue, name)
				}
			}
		}
	}
	var out []module
	for _, file := range slices.Sorted(maps.Keys(compiled)) {
		if m := compiled[file]; m != nil {
			out = append(out, *m)
		}
	}
	return out
}

func moduleName(file string) string {
	if bare, ok := strings.CutSuffix(file, ".ts"); ok {
		return bare + ".js"
	}
	return file
}

// addSkeleton adds the logic side of a template file, and the script modules its skeleton reads.
func (b *builder) addSkeleton(out *bundleText, registered map[string]bool, compiled *template.Compiled) {
	if compiled.Skeleton == "" {
		return
	}
	needs := map[string]bool{}
	for _, m := range compiled.Modules {
		b.closure("module "+m.ID, needs)
	}
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(needs)) {
		if !registered[name] {
			registered[name] = true
			text.WriteString(b.pieces[name].text + "\n")
		}
	}
	text.WriteString(compiled.Skeleton)
	out.add(b.minify(compiled.File, text.String()), nil)
}

func (b *builder) packBytes(root string) (total int64) {
	for _, name := range b.pkg.Names {
		if b.pkg.SubpackageOf(name) == root && !strings.HasSuffix(name, ".map") {
			total += int64(len(b.pkg.Files[name]))
		}
	}
	return total
}

func (b *builder) appLogic() map[string]any {
	app := map[string]any{"kind": "app", "json": map[string]any{}, "using": map[string]string{}}
	if b.pkg.Has("app.js") {
		app["js"] = "app.js"
	}
	return app
}

func (b *builder) unitLogic(u *pkgfile.Unit) map[string]any {
	logic := map[string]any{"kind": "component", "json": u.Config, "using": b.using(u)}
	if u.Kind == pkgfile.Page {
		logic["kind"], logic["json"] = "page", mergeJSON(b.pkg.App.Window, u.Config)
	}
	if u.Script != "" {
		logic["js"] = moduleName(u.Script)
	}
	if u.Template != "" {
		logic["tpl"] = u.Template
	}
	if len(u.Generics) > 0 {
		generics := map[string]string{}
		for _, g := range u.Generics {
			generics[g.Tag] = g.Default
		}
		logic["generics"] = generics
	}
	return logic
}

// mergeJSON lays the keys of one object over those of another.
func mergeJSON(under, over json.RawMessage) json.RawMessage {
	merged := map[string]json.RawMessage{}
	for _, raw := range []json.RawMessage{under, over} {
		if raw != nil {
			// pkgfile has checked that both are objects.
			_ = json.Unmarshal(raw, &merged)
		}
	}
	return mustJSON(merged)
}

// minify shortens code that the compiler made; what it cannot read is a bug in the compiler and is reported as such.
func (b *builder) minify(name, code string) string {
	if !b.options.Minify {
		return code
	}
	r := api.Transform(code, api.TransformOptions{MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, Target: api.ES2020, LogLevel: api.LogLevelSilent})
	if len(r.Errors) > 0 {
		b.result.Diagnostics.Errorf(name, 0, 0, "the compiler made code that does not parse: %s; please report this", r.Errors[0].Text)
		return code
	}
	return string(r.Code)
}
