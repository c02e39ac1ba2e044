package pkgfile

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"minimart/program/diag"
)

// checkName says why a path from outside cannot be the path of a package file;
// ok is true when it can. The way out comes as the hint.
func checkName(name string, limits Limits) (reason, hint string, ok bool) {
	switch {
	case name == "":
		return "has no name", "", false
	case len(name) > limits.Name:
		return fmt.Sprintf("has a path of %d bytes, the limit is %d", len(name), limits.Name), "shorten its folders", false
	case !utf8.ValidString(name):
		return "has a name that is not UTF-8", "pack the files with UTF-8 names", false
	case strings.ContainsFunc(name, unicode.IsControl):
		return "has a control character in its name", "rename it", false
	case strings.Contains(name, `\`):
		return "has a backslash in its name", "separate folders with /", false
	case strings.HasPrefix(name, "/"), len(name) > 1 && name[1] == ':':
		return "has an absolute path", "pack the files with paths relative to the package", false
	}
	parts := strings.Split(name, "/")
	if len(parts)-1 > limits.Depth {
		return fmt.Sprintf("lies %d folders deep, the limit is %d", len(parts)-1, limits.Depth), "", false
	}
	for _, part := range parts {
		switch part {
		case "..":
			return "points outside the package", "remove .. from its path", false
		case "", ".":
			return "has an empty or . folder in its path", "", false
		}
	}
	return "", "", true
}

// ignored reports whether a path is no part of a program: what version control,
// package managers and operating systems leave lying around.
func ignored(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		switch {
		case strings.HasPrefix(part, "."), part == "node_modules", part == "__MACOSX", part == "Thumbs.db", part == "desktop.ini":
			return true
		}
	}
	return false
}

// folder brings names that a case-insensitive or normalising file system would
// take for one into the same form.
type folder struct{ fold cases.Caser }

func newFolder() folder { return folder{cases.Fold()} }

func (f folder) key(name string) string {
	return norm.NFC.String(f.fold.String(norm.NFC.String(name)))
}

// nameBook takes in the paths of a package and refuses what cannot stand
// together: bad names, repeated names, names that differ only in case, and a
// file that is also a folder.
type nameBook struct {
	limits  Limits
	list    *diag.List
	folder  folder
	files   map[string]string // folded path → path
	folders map[string]string // folded folder → a file in it
}

func newNameBook(limits Limits, list *diag.List) *nameBook {
	return &nameBook{limits, list, newFolder(), map[string]string{}, map[string]string{}}
}

// take returns the path in composed form (NFC), which is how references to it
// are typed, and whether it may be part of the package.
func (b *nameBook) take(name string) (string, bool) {
	if reason, hint, ok := checkName(name, b.limits); !ok {
		shown := name
		if len(shown) > 120 {
			shown = shown[:120] + "…"
		}
		b.list.Add(diag.Diagnostic{Message: fmt.Sprintf("the entry %q %s", shown, reason), Hint: hint})
		return "", false
	}
	name = norm.NFC.String(name)
	key := b.folder.key(name)
	if other, taken := b.files[key]; taken {
		d := diag.Diagnostic{File: name, Message: "stands in the package twice"}
		if other != name {
			d.Message, d.Hint = fmt.Sprintf("the names %q and %q differ only in case or form", other, name), "rename one of them: many systems take them for one file"
		}
		b.list.Add(d)
		return "", false
	}
	if inside, is := b.folders[key]; is {
		b.list.Add(diag.Diagnostic{File: name, Message: fmt.Sprintf("is a file, but %q lies in it as if it were a folder", inside)})
		return "", false
	}
	for i := 0; i < len(key); i++ {
		if key[i] != '/' {
			continue
		}
		if file, is := b.files[key[:i]]; is {
			b.list.Add(diag.Diagnostic{File: name, Message: fmt.Sprintf("lies in %q as if that file were a folder", file)})
			return "", false
		}
		b.folders[key[:i]] = name
	}
	b.files[key] = name
	return name, true
}
