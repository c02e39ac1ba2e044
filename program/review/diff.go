package review

import (
	"bytes"
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	linediff "github.com/rogpeppe/go-internal/diff"

	"minimart/program/release"
)

// Limits of a diff, so that it can be stored and shown. What is beyond them is counted.
const (
	maxDiffTexts   = 300
	maxDiffText    = 200 // characters
	maxDiffFiles   = 500
	maxDiffSource  = 512 << 10 // bytes of a file that is compared line by line
	maxDiffLines   = 20_000
	maxPatch       = 32 << 10
	maxPatches     = 512 << 10 // of all files
	maxDiffNames   = 500
	longestLine    = 2000 // a line beyond this in a file of long lines: minified
	averageAllowed = 400
)

// VersionRef names a version.
type VersionRef struct {
	ID     string `json:"id"`
	Number int64  `json:"number"`
	Label  string `json:"label"`
}

// Names are what came and what went.
type Names struct {
	Added   []string `json:"added" nullable:"false"`
	Removed []string `json:"removed" nullable:"false"`
}

// PackageSize is the main package, "", or a subpackage.
type PackageSize struct {
	Root   string `json:"root" doc:"Empty for the main package"`
	Before int64  `json:"before" doc:"Bytes, 0 when it is new"`
	After  int64  `json:"after" doc:"Bytes, 0 when it is gone"`
}

// Used is an API and a place where it is used.
type Used struct {
	Name  string `json:"name"`
	Sure  bool   `json:"sure" doc:"False where it was inferred from how frameworks write calls"`
	Place Place  `json:"place"`
}

// Uses are the APIs that came and went.
type Uses struct {
	Added   []Used `json:"added" nullable:"false"`
	Removed []Used `json:"removed" nullable:"false"`
}

// Said is a text people may read, and where it stands.
type Said struct {
	Text  string `json:"text"`
	Place Place  `json:"place"`
}

// Texts are the texts that came and went.
type Texts struct {
	Added       []Said `json:"added" nullable:"false"`
	Removed     []Said `json:"removed" nullable:"false"`
	MoreAdded   int    `json:"moreAdded" doc:"Not shown"`
	MoreRemoved int    `json:"moreRemoved" doc:"Not shown"`
}

// StatementChange is a privacy statement before and after; "" for none.
type StatementChange struct {
	Kind   string `json:"kind"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// ChangeKind is what happened to a file.
type ChangeKind string

// The kinds of change.
const (
	Added   ChangeKind = "added"
	Changed ChangeKind = "changed"
	Removed ChangeKind = "removed"
)

// ImageChange is a picture that came, changed or went. The names are those of delivered files: /p/NAME shows them.
type ImageChange struct {
	Path        string     `json:"path"`
	Change      ChangeKind `json:"change" enum:"added,changed,removed"`
	Before      string     `json:"before" doc:"Name of the delivered file, empty when it is new"`
	After       string     `json:"after" doc:"Name of the delivered file, empty when it is gone"`
	BytesBefore int64      `json:"bytesBefore"`
	BytesAfter  int64      `json:"bytesAfter"`
}

// FileChange is a file other than a picture.
type FileChange struct {
	Path        string     `json:"path"`
	Change      ChangeKind `json:"change" enum:"added,changed,removed"`
	BytesBefore int64      `json:"bytesBefore"`
	BytesAfter  int64      `json:"bytesAfter"`
	// Shown says why there is a patch or none.
	Shown Shown  `json:"shown" enum:"lines,cut,binary,minified,large,bounded,new"`
	Patch string `json:"patch" doc:"Unified, three lines around each change"`
	Plus  int    `json:"plus" doc:"Lines added, in the patch shown"`
	Minus int    `json:"minus" doc:"Lines removed, in the patch shown"`
}

// Shown is how much of a changed file a diff shows.
type Shown string

// What a diff shows of a file.
const (
	ShownLines    Shown = "lines"    // all changed lines
	ShownCut      Shown = "cut"      // the first of them
	ShownBinary   Shown = "binary"   // no text
	ShownMinified Shown = "minified" // lines too long to be compared by a reader
	ShownLarge    Shown = "large"    // the file is too large to be compared
	ShownBounded  Shown = "bounded"  // the diff as a whole is full
	ShownNew      Shown = "new"      // there is nothing to compare it with
)

// Diff is what is new in a version against the one that is out.
type Diff struct {
	Against *VersionRef `json:"against" doc:"Nothing when no version is out"`
	// Missing is set when the source of the version that is out was not kept: all is new then, as far as can be told.
	Missing   bool              `json:"missing"`
	Pages     Names             `json:"pages"`
	Packages  []PackageSize     `json:"packages" nullable:"false"`
	APIs      Uses              `json:"apis"`
	Request   Names             `json:"request" doc:"Domains for requests"`
	Media     Names             `json:"media" doc:"Domains for pictures, sounds and fonts"`
	Hosts     Names             `json:"hosts" doc:"Hosts of addresses in code and templates, documentation of libraries aside"`
	Privacy   []StatementChange `json:"privacy" nullable:"false"`
	Texts     Texts             `json:"texts"`
	Images    []ImageChange     `json:"images" nullable:"false"`
	Files     []FileChange      `json:"files" nullable:"false"`
	MoreFiles int               `json:"moreFiles" doc:"Not shown"`
}

// settings are what an app had set when a version was looked over: domains and statements hold for all its versions.
type settings struct {
	Domains release.Domains   `json:"domains"`
	Privacy map[string]string `json:"privacy"`
}

func settingsOf(a release.App) settings { return settings{a.Domains, a.Privacy} }

// compare works out what is new. before is nil when nothing is out or its source was not kept.
func compare(before, after *facts, had, has settings) Diff {
	d := Diff{
		Request: namesOf(had.Domains.Request, has.Domains.Request), Media: namesOf(had.Domains.Media, has.Domains.Media),
		Privacy: []StatementChange{}, Packages: []PackageSize{}, Images: []ImageChange{}, Files: []FileChange{},
	}
	kinds := map[string]bool{}
	for _, statements := range []map[string]string{had.Privacy, has.Privacy} {
		for kind := range statements {
			kinds[kind] = true
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		if had.Privacy[kind] != has.Privacy[kind] {
			d.Privacy = append(d.Privacy, StatementChange{kind, had.Privacy[kind], has.Privacy[kind]})
		}
	}
	first := before == nil
	if first {
		before = &facts{}
	}
	d.Pages = namesOf(before.pages(), after.pages())
	sizesBefore, sizesAfter := before.sizes(), after.sizes()
	roots := maps.Clone(sizesAfter)
	maps.Copy(roots, sizesBefore)
	for _, root := range slices.Sorted(maps.Keys(roots)) {
		d.Packages = append(d.Packages, PackageSize{root, sizesBefore[root], sizesAfter[root]})
	}
	d.APIs = Uses{usedOnly(after.apis, before.apis), usedOnly(before.apis, after.apis)}
	d.Hosts = namesOf(before.hosts(), after.hosts())
	d.Texts.Added, d.Texts.MoreAdded = saidOnly(after.texts, before.texts)
	d.Texts.Removed, d.Texts.MoreRemoved = saidOnly(before.texts, after.texts)
	d.files(before, after, first)
	return d
}

func (f *facts) pages() []string {
	var out []string
	if f.pkg != nil {
		for _, p := range f.pkg.Pages {
			out = append(out, p.Path)
		}
	}
	return out
}

func (f *facts) sizes() map[string]int64 {
	if f.pkg == nil {
		return map[string]int64{}
	}
	return packageSizes(f.pkg)
}

// hosts are those of the addresses a package names.
func (f *facts) hosts() []string {
	seen := map[string]bool{}
	for _, t := range f.texts {
		if !strings.Contains(t.value, "://") {
			continue
		}
		for _, address := range addressPattern.FindAllString(t.value, 50) {
			_, rest, _ := strings.Cut(address, "://")
			host, _, _ := strings.Cut(strings.ToLower(rest), "/")
			host, _, _ = strings.Cut(host, "?")
			if host != "" && len(host) < 200 && !documentation[host] && !strings.ContainsAny(host, "$%*\\") {
				seen[host] = true
			}
		}
	}
	return slices.Collect(maps.Keys(seen))
}

// namesOf are the names in one list alone, sorted, a bounded number of them.
func namesOf(before, after []string) Names {
	only := func(these, those []string) []string {
		known := map[string]bool{}
		for _, s := range those {
			known[s] = true
		}
		out := []string{}
		for _, s := range these {
			if !known[s] {
				out = append(out, s)
			}
		}
		slices.Sort(out)
		return out[:min(len(out), maxDiffNames)]
	}
	return Names{only(after, before), only(before, after)}
}

func usedOnly(these, those map[string]*use) []Used {
	out := []Used{}
	for _, name := range slices.Sorted(maps.Keys(these)) {
		if u := these[name]; those[name] == nil && len(u.places) > 0 && len(out) < maxDiffNames {
			out = append(out, Used{name, u.sure, u.places[0]})
		}
	}
	return out
}

func saidOnly(these, those []text) (out []Said, more int) {
	known := map[string]bool{}
	for _, t := range those {
		if t.visible {
			known[t.value] = true
		}
	}
	out = []Said{}
	for _, t := range these {
		if !t.visible || known[t.value] {
			continue
		}
		known[t.value] = true
		if len(out) >= maxDiffTexts {
			more++
			continue
		}
		out = append(out, Said{shorten(t.value, maxDiffText), t.place})
	}
	return out, more
}

// delivered is the name a file of the package has when it is built.
func delivered(name string, content []byte) string {
	return hashOf(content) + strings.ToLower(path.Ext(name))
}

// files compares file by file; templates and scripts come first, for that is what a reviewer reads.
func (d *Diff) files(before, after *facts, first bool) {
	was, is := map[string][]byte{}, after.pkg.Files
	if before.pkg != nil {
		was = before.pkg.Files
	}
	names := maps.Clone(is)
	maps.Copy(names, was)
	order := slices.SortedFunc(maps.Keys(names), func(a, b string) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b)) })
	spent := 0
	for _, name := range order {
		old, had := was[name]
		now, has := is[name]
		change := Changed
		switch {
		case had && has && bytes.Equal(old, now) || path.Ext(name) == ".map":
			continue
		case !had:
			change = Added
		case !has:
			change = Removed
		}
		if image(name) {
			c := ImageChange{Path: name, Change: change, BytesBefore: int64(len(old)), BytesAfter: int64(len(now))}
			if had {
				c.Before = delivered(name, old)
			}
			if has {
				c.After = delivered(name, now)
			}
			if len(d.Images) < maxDiffFiles {
				d.Images = append(d.Images, c)
			} else {
				d.MoreFiles++
			}
			continue
		}
		if len(d.Files) >= maxDiffFiles {
			d.MoreFiles++
			continue
		}
		c := FileChange{Path: name, Change: change, BytesBefore: int64(len(old)), BytesAfter: int64(len(now)), Shown: ShownNew}
		if !first {
			c.lines(old, now, &spent)
		}
		d.Files = append(d.Files, c)
	}
}

func rank(name string) int {
	switch path.Ext(name) {
	case ".jxml", ".wxml", ".json":
		return 0
	case ".js", ".ts", ".jds", ".wxs":
		return 1
	case ".jxss", ".wxss":
		return 2
	}
	return 3
}

// lines works out the patch of a file, if a reader can make anything of it.
func (c *FileChange) lines(old, now []byte, spent *int) {
	switch {
	case !readable(old) || !readable(now):
		c.Shown = ShownBinary
	case minified(old) || minified(now):
		c.Shown = ShownMinified
	case len(old) > maxDiffSource || len(now) > maxDiffSource || bytes.Count(old, []byte("\n")) > maxDiffLines || bytes.Count(now, []byte("\n")) > maxDiffLines:
		c.Shown = ShownLarge
	case *spent >= maxPatches:
		c.Shown = ShownBounded
	default:
		patch := linediff.Diff("a", old, "b", now)
		// The first three lines say what is compared, which is known.
		for range 3 {
			_, patch, _ = bytes.Cut(patch, []byte("\n"))
		}
		c.Shown = ShownLines
		if len(patch) > maxPatch {
			c.Shown = ShownCut
			patch = patch[:bytes.LastIndexByte(patch[:maxPatch], '\n')+1]
		}
		for line := range bytes.Lines(patch) {
			switch line[0] {
			case '+':
				c.Plus++
			case '-':
				c.Minus++
			}
		}
		c.Patch = string(patch)
		*spent += len(patch)
	}
}

func readable(b []byte) bool { return utf8.Valid(b) && bytes.IndexByte(b, 0) < 0 }

// minified says whether a text has lines nobody reads.
func minified(b []byte) bool {
	longest, lines := 0, 0
	for line := range bytes.Lines(b) {
		longest = max(longest, len(line))
		lines++
	}
	return longest > longestLine && len(b)/max(lines, 1) > averageAllowed || longest > maxPatch/2
}
