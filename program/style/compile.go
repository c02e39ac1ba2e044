package style

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/tdewolff/parse/v2/css"

	"minimart/program/diag"
	"minimart/program/pkgfile"
)

// Limits of one style with all its imports. They stop files that import each
// other so often that a few lines become gigabytes.
const (
	maxImportDepth = 32
	maxImports     = 1000
	maxOutput      = 16 << 20
	maxNesting     = 32
)

// Options say for which unit a style is compiled.
type Options struct {
	Scope Scope
	// Asset returns the address under which a file of the package is delivered.
	// Without it, and where it returns false, the address is "/" and the path.
	Asset func(file string) (url string, ok bool)
}

// Compile compiles one style file of the package with everything it imports.
// It returns CSS, the files of the package the CSS refers to (sorted), and what
// was found on the way. Broken rules are told and left out; the rest compiles.
func Compile(pkg *pkgfile.Package, file string, opts Options) (out string, assets []string, list diag.List) {
	c := &compiler{pkg: pkg, opts: opts, keyframes: map[string]bool{}, assets: map[string]bool{}, sheets: map[string]*sheet{}}
	src, ok := pkg.Files[file]
	if !ok {
		c.list.Add(diag.Diagnostic{File: file, Message: "does not exist", Hint: diag.DidYouMean(file, pkg.Names)})
		return "", nil, c.list
	}
	main := c.load(file, src)
	c.collect(main, map[string]bool{file: true})
	c.chain = []string{file}
	c.sheet(main)
	return string(c.out), slices.Sorted(maps.Keys(c.assets)), c.list
}

type compiler struct {
	pkg       *pkgfile.Package
	opts      Options
	list      diag.List
	out       []byte
	keyframes map[string]bool // names defined anywhere in the unit
	assets    map[string]bool
	sheets    map[string]*sheet
	chain     []string // files being inlined, outermost first
	imports   int
	stopped   bool // a limit was passed
}

func (c *compiler) fail(s *sheet, at int, hint, format string, args ...any) {
	c.add(s, at, diag.SeverityError, hint, format, args...)
}

func (c *compiler) warn(s *sheet, at int, hint, format string, args ...any) {
	c.add(s, at, diag.SeverityWarning, hint, format, args...)
}

func (c *compiler) add(s *sheet, at int, severity diag.Severity, hint, format string, args ...any) {
	line, column := s.position(at)
	c.list.Add(diag.Diagnostic{File: s.file, Line: line, Column: column, Message: fmt.Sprintf(format, args...), Hint: hint, Severity: severity})
}

// load tokenizes a file once, however often it is imported.
func (c *compiler) load(file string, src []byte) *sheet {
	if s, ok := c.sheets[file]; ok {
		return s
	}
	s := tokenize(file, src, &c.list)
	c.sheets[file] = s
	return s
}

// collect gathers the names of all keyframes in a file and its imports: an
// animation may stand before the keyframes it names.
func (c *compiler) collect(s *sheet, seen map[string]bool) {
	for i, t := range s.tokens {
		if t.kind != css.AtKeywordToken {
			continue
		}
		var next token
		for j := i + 1; j < len(s.tokens); j++ {
			if next = s.tokens[j]; next.kind != css.WhitespaceToken {
				break
			}
		}
		switch {
		case isKeyframes(t.text):
			if name, ok := keyframesName(next); ok {
				c.keyframes[name] = true
			}
		case strings.EqualFold(t.text, "@import"):
			if spec, ok := importSpec(next); ok {
				if file, ok := c.find(s, spec); ok && !seen[file] {
					seen[file] = true
					c.collect(c.load(file, c.pkg.Files[file]), seen)
				}
			}
		}
	}
}

func isKeyframes(keyword string) bool {
	return strings.HasSuffix(strings.ToLower(keyword), "keyframes") && (len(keyword) == len("@keyframes") || keyword[1] == '-')
}

// keyframesName is the name of keyframes, written as a word or as a string.
func keyframesName(t token) (string, bool) {
	switch {
	case t.name():
		return unescape(t.text), true
	case t.kind == css.StringToken:
		return unescape(t.text[1 : len(t.text)-1]), true
	}
	return "", false
}

func importSpec(t token) (string, bool) {
	switch t.kind {
	case css.StringToken:
		return unescape(t.text[1 : len(t.text)-1]), true
	case css.URLToken:
		return urlText(t.text), true
	}
	return "", false
}

func (c *compiler) find(s *sheet, spec string) (string, bool) {
	if spec == "" || remote(spec) {
		return "", false
	}
	return c.pkg.Lookup(s.file, spec, "", c.pkg.Dialect.Style, ".css")
}

// sheet compiles a whole file.
func (c *compiler) sheet(s *sheet) {
	p := &parser{c: c, s: s}
	p.rules(false, 0)
}

// importFile inlines an imported file where the @import stands.
func (c *compiler) importFile(s *sheet, t token, spec string) {
	file, ok := c.find(s, spec)
	switch {
	case remote(spec):
		c.fail(s, t.at, "put the file into the package", "cannot import %s from the network", shorten(spec))
		return
	case !ok:
		hint := ""
		if !c.list.Full() {
			hint = diag.DidYouMean(path.Join(path.Dir(s.file), spec), c.pkg.Names)
		}
		c.fail(s, t.at, hint, "the imported file %s does not exist", shorten(spec))
		return
	}
	if i := slices.Index(c.chain, file); i >= 0 {
		c.fail(s, t.at, "remove one of the imports", "the imports go in a circle: %s", strings.Join(append(slices.Clone(c.chain[i:]), file), " → "))
		return
	}
	if len(c.chain) > maxImportDepth {
		c.fail(s, t.at, "", "imports nested more than %d deep: %s → … → %s", maxImportDepth, c.chain[0], file)
		return
	}
	if c.imports++; c.imports > maxImports {
		c.stop(s, t.at, "more than %d imports, files imported several times counted each time", maxImports)
		return
	}
	c.chain = append(c.chain, file)
	c.sheet(c.load(file, c.pkg.Files[file]))
	c.chain = c.chain[:len(c.chain)-1]
}

// stop ends the compilation: a limit was passed, and going on would cost more.
func (c *compiler) stop(s *sheet, at int, format string, args ...any) {
	if !c.stopped {
		c.stopped = true
		c.fail(s, at, "", format, args...)
	}
}
