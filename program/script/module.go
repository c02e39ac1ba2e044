package script

import (
	"encoding/base64"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/evanw/esbuild/pkg/api"

	"minimart/program/diag"
	"minimart/program/pkgfile"
	"minimart/program/pkgfile/jsonc"
)

// Options say how modules are written.
type Options struct {
	Minify bool // leave out spaces and comments; names stay, so that errors can be read
	Map    bool // make a source map
}

// Module is a script as CommonJS: Code is the body of a
// function(require, module, exports) with the globals of a mini program around.
type Module struct {
	File string
	Code string
	// Map leads from Code to File, or through the map that came with File to the
	// source it was made from. It is a version 3 source map; nil when not asked for.
	Map []byte
	// Requires are the modules the code names, one for each place, in order.
	// A require of something that is not a text is left to the run and not listed.
	Requires []Require
	// APIs are the members of the API object (jd, wx) the code uses, in order.
	APIs []API
}

// Require is one place where a module names another. Line and Column are where
// it stands in the file.
type Require struct {
	Specifier    string
	Resolved     string // file, or "" when there is none
	Async        bool   // require.async(…): the module may lie in another subpackage
	Line, Column int
}

// API is one use of a member of the API object: jd.request is "request".
type API struct {
	Name         string
	Line, Column int
}

// Target is the language the code is lowered to.
const target = api.ES2019

// Transform turns one script of the package into a Module. The module is nil
// when the script cannot be used; the list then has the reason. A script that
// names a module that is not there is an error when it names a path, and a
// warning when it names a package or does so inside try.
func Transform(pkg *pkgfile.Package, file string, o Options) (*Module, diag.List) {
	t := &transformer{pkg: pkg, file: file, options: o}
	src, ok := pkg.Files[file]
	if !ok {
		t.list.Add(diag.Diagnostic{File: file, Message: "does not exist", Hint: diag.DidYouMean(file, pkg.Names)})
		return nil, t.list
	}
	t.src = src
	t.lines = diag.NewLines(src)
	if path.Ext(file) == ".json" {
		return t.json(), t.list
	}
	return t.script(), t.list
}

type transformer struct {
	pkg     *pkgfile.Package
	file    string
	options Options
	src     []byte
	lines   *diag.Lines
	list    diag.List
}

func (t *transformer) fail(offset int, hint, format string, args ...any) {
	line, column := t.lines.At(offset)
	t.list.Add(diag.Diagnostic{File: t.file, Line: line, Column: column, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// json makes a module of a configuration or data file.
func (t *transformer) json() *Module {
	v, problem := jsonc.Parse(t.src)
	if problem != nil {
		t.fail(problem.Offset, problem.Hint, "%s", problem.Message)
		return nil
	}
	code := strings.NewReplacer("\u2028", `\u2028`, "\u2029", `\u2029`).Replace(string(v.JSON()))
	return &Module{File: t.file, Code: "module.exports=" + code + ";\n"}
}

func (t *transformer) script() *Module {
	if !utf8.Valid(t.src) {
		t.fail(invalidAt(t.src), "save the file as UTF-8", "the script is not UTF-8")
		return nil
	}
	if !t.guard() {
		return nil
	}
	plain, input := t.inputMap()
	result := t.esbuild(plain)
	if !t.tell(result) {
		return nil
	}
	m := &Module{File: t.file, Code: string(result.Code)}
	refs := readReferences(m.Code, t.pkg.Dialect.Global)
	back := newBackMap(result.Map)
	for _, r := range refs.requires {
		m.Requires = append(m.Requires, t.resolve(r, back))
	}
	for _, a := range refs.apis {
		line, column := back.position(m.Code, a.offset)
		m.APIs = append(m.APIs, API{a.name, line, column})
	}
	if t.options.Map {
		m.Map = result.Map
		if input != "" {
			// esbuild follows a map that stands in the file, so the map goes there.
			// A broken one makes the map lead to the file itself.
			if chained := t.esbuild(plain + "\n//# sourceMappingURL=" + input); len(chained.Errors) == 0 && len(chained.Map) > 0 {
				m.Map = chained.Map
			}
		}
	}
	return m
}

func (t *transformer) esbuild(src string) api.TransformResult {
	loader := api.LoaderJS
	if path.Ext(t.file) == ".ts" {
		loader = api.LoaderTS
	}
	return api.Transform(src, api.TransformOptions{
		Loader: loader, Format: api.FormatCommonJS, Target: target, Platform: api.PlatformNeutral, Charset: api.CharsetUTF8,
		MinifyWhitespace: t.options.Minify, LegalComments: api.LegalCommentsInline, TreeShaking: api.TreeShakingFalse,
		Sourcemap: api.SourceMapExternal, Sourcefile: t.file, SourcesContent: api.SourcesContentInclude, LogLevel: api.LogLevelSilent,
		// tsconfig.json is no part of a package, and must not be looked for on this machine.
		TsconfigRaw: "{}",
	})
}

// tell reports what esbuild found; false means there is no code.
func (t *transformer) tell(result api.TransformResult) bool {
	for i, all := range [][]api.Message{result.Errors, result.Warnings} {
		for _, m := range all {
			d := diag.Diagnostic{File: t.file, Message: m.Text, Severity: diag.Severity(i)}
			if l := m.Location; l != nil {
				d.Line, d.Column = t.lines.At(t.lines.Offset(l.Line, 1) + l.Column)
				if l.Suggestion != "" {
					d.Hint = "write " + l.Suggestion
				}
			}
			t.list.Add(d)
		}
	}
	return len(result.Errors) == 0
}

// mapComment is the comment at the end of a file that names its source map.
var mapComment = regexp.MustCompile(`(?:^|\n)[ \t]*//[#@][ \t]*(sourceMappingURL)=(\S+)\s*$`)

const mostMap = 16 << 20

// inputMap finds the map that came with the file: inline, or beside it. It
// returns the source without that comment, lines and columns unchanged, and the
// map as a data: address, or "".
func (t *transformer) inputMap() (src, dataURL string) {
	src = string(t.src)
	name := path.Base(t.file) + ".map"
	if m := mapComment.FindStringSubmatchIndex(src); m != nil {
		name = src[m[4]:m[5]]
		src = src[:m[2]] + strings.Repeat("-", m[3]-m[2]) + src[m[3]:]
	}
	if strings.HasPrefix(name, "data:") {
		if len(name) > mostMap {
			return src, ""
		}
		return src, name
	}
	data, ok := t.pkg.Files[path.Join(path.Dir(t.file), name)]
	if !ok || len(data) > mostMap {
		return src, ""
	}
	return src, "data:application/json;base64," + base64.StdEncoding.EncodeToString(data)
}

// endings are what may be left out when a module is named.
var endings = []string{"", ".js", ".ts", ".json"}

// resolve finds the file a require means.
func (t *transformer) resolve(r reference, back *backMap) Require {
	line, column := back.position(r.in, r.offset)
	out := Require{Specifier: r.name, Async: r.async, Line: line, Column: column}
	found, ok := t.pkg.Lookup(t.file, r.name, endings...)
	if ok && slices.Contains(endings[1:], path.Ext(found)) {
		out.Resolved = found
		return out
	}
	d := diag.Diagnostic{File: t.file, Line: line, Column: column, Message: fmt.Sprintf("the module %q does not exist", short(r.name))}
	isPath := strings.HasPrefix(r.name, ".") || strings.HasPrefix(r.name, "/")
	switch {
	case ok:
		d.Message, d.Hint = fmt.Sprintf("%s is no script", found), "require .js, .ts or .json files"
	case !isPath:
		d.Severity = diag.SeverityWarning
		d.Message = fmt.Sprintf("the module %q is neither a file nor in miniprogram_npm", short(r.name))
	case !t.list.Full():
		d.Hint = t.nearest(r.name)
	}
	if r.inTry {
		d.Severity = diag.SeverityWarning
	}
	t.list.Add(d)
	return out
}

// nearest looks for the script that a path was likely meant to name.
func (t *transformer) nearest(specifier string) string {
	meant := path.Join(path.Dir(t.file), specifier)
	if strings.HasPrefix(specifier, "/") {
		meant = strings.TrimLeft(specifier, "/")
	}
	bare := strings.HasSuffix(meant, ".js") || strings.HasSuffix(meant, ".json") || strings.HasSuffix(meant, ".ts")
	var candidates []string
	for _, n := range t.pkg.Names {
		if !slices.Contains(endings[1:], path.Ext(n)) {
			continue
		}
		if !bare {
			n = strings.TrimSuffix(n, path.Ext(n))
		}
		candidates = append(candidates, n)
	}
	if near := diag.Nearest(meant, candidates); near != "" {
		return "did you mean /" + near + "?"
	}
	return ""
}

func invalidAt(src []byte) int {
	for i := 0; i < len(src); {
		r, size := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(src)
}

func short(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}
