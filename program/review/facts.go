package review

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"slices"
	"strings"
	"unicode"

	"minimart/program/diag"
	"minimart/program/pkgfile"
)

// Place is where something stands in a package. Line and Column are 1-based, and 0 for a file as a whole.
type Place struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

func comparePlaces(a, b Place) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

// use is one name a package uses, an API or a component, and where.
type use struct {
	name string
	// sure is whether it is written so that it means this name: jd.login(…), and not something().login(…), as bundlers write it.
	sure   bool
	places []Place
}

// origin is where a text comes from.
type origin string

const (
	inTemplate origin = "template"
	inScript   origin = "script"
	inConfig   origin = "json"
)

// text is something a package says, or may say.
type text struct {
	value string
	place Place
	from  origin
	key   string // of the property or attribute it is the value of, "" for none
	// visible is whether people see it, as far as that can be told.
	visible bool
}

// facts are what a package holds, as far as a reviewer asks.
type facts struct {
	pkg        *pkgfile.Package
	apis       map[string]*use
	components map[string]*use // "camera", "button.open-type=getPhoneNumber"
	texts      []text
	logs       []Place // console.log(…)
	debuggers  []Place
	byName     []Place // jd[name]
	constants  []constant
	unread     []Place // files that could not be read, or not as a whole
	requires   map[string][]string
	computed   bool // some require is worked out at run time
}

// constant is a large value written down in a script.
type constant struct {
	place Place
	bytes int
}

// Limits of what is taken in of one package, so that a hostile one costs no more than a large one.
const (
	maxTexts     = 200_000
	maxTextBytes = 16 << 20
	maxUses      = 20_000 // names
	maxPlaces    = 20     // of one name
)

// gather reads everything in a package. known says which names are APIs beside those of apis.go.
func gather(pkg *pkgfile.Package, known func(api string) bool) *facts {
	f := &facts{pkg: pkg, apis: map[string]*use{}, components: map[string]*use{}, requires: map[string][]string{}}
	g := &gatherer{facts: f, known: known}
	for _, name := range pkg.Names {
		switch ext := path.Ext(name); ext {
		case ".js", ".ts", pkg.Dialect.Script:
			g.script(name)
		case pkg.Dialect.Template:
			g.template(name)
		case ".json":
			g.json(name)
		}
	}
	for _, uses := range []map[string]*use{f.apis, f.components} {
		for _, u := range uses {
			slices.SortFunc(u.places, comparePlaces)
		}
	}
	slices.SortStableFunc(f.texts, func(a, b text) int { return comparePlaces(a.place, b.place) })
	return f
}

type gatherer struct {
	*facts
	known func(string) bool
	bytes int // of texts so far
}

func (g *gatherer) text(t text) {
	if strings.TrimSpace(t.value) == "" {
		return
	}
	if len(g.texts) >= maxTexts || g.bytes+len(t.value) > maxTextBytes {
		g.missed(t.place.File)
		return
	}
	g.bytes += len(t.value)
	g.texts = append(g.texts, t)
}

// missed notes that something in a file was not taken in. A reviewer is told: what is full may have been filled to hide
// something behind.
func (g *gatherer) missed(file string) {
	if at := (Place{File: file}); !slices.Contains(g.unread, at) {
		g.unread = append(g.unread, at)
	}
}

// note enters a use of a name. A use that is sure makes the name sure.
func (g *gatherer) note(uses map[string]*use, name string, sure bool, at Place) {
	u := uses[name]
	if u == nil {
		if len(name) > 100 {
			return // no name of anything that is asked for
		}
		if len(uses) >= maxUses {
			g.missed(at.File)
			return
		}
		u = &use{name: name}
		uses[name] = u
	}
	if sure && !u.sure {
		u.sure, u.places = true, nil // those that were only likely say less
	}
	if sure == u.sure && len(u.places) < maxPlaces && !slices.Contains(u.places, at) {
		u.places = append(u.places, at)
	}
}

// spot finds places in one file.
type spot struct {
	file  string
	lines *diag.Lines
}

func newSpot(file string, src []byte) spot { return spot{file, diag.NewLines(src)} }

func (s spot) at(offset int) Place {
	line, column := s.lines.At(offset)
	return Place{s.file, line, column}
}

// han says whether a text holds a Chinese character.
func han(s string) bool {
	for _, r := range s {
		if r >= 0x2E80 && unicode.Is(unicode.Han, r) {
			return true
		}
	}
	return false
}

// hashOf is the content of a file in short: 32 hexadecimal digits, as the build names files.
func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// shorten keeps a text to a number of characters.
func shorten(s string, most int) string {
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return s
}
