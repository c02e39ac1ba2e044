package pkgfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"minimart/program/diag"
)

// entry is a file that may be read; its name has been checked.
type entry struct {
	name     string
	declared int64 // what the folder or archive says its size is
	open     func() (io.ReadCloser, error)
}

// source is where files come from. list returns the files below a folder; it
// adds what is wrong to the diagnostics and returns false when the package
// cannot be read at all.
type source interface {
	has(name string) bool
	read(name string, limit int64) ([]byte, error)
	list(root string, list *diag.List) ([]entry, bool)
	rootHint() string
}

// errTooLarge marks a file whose real size is over the limit it was read with.
var errTooLarge = errors.New("too large")

// readLimited reads at most limit bytes: declared sizes are claims, not facts.
func readLimited(open func() (io.ReadCloser, error), limit int64) ([]byte, error) {
	r, err := open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }() // read-only: nothing is lost
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, errTooLarge
	}
	return data, nil
}

// folderSource reads a package from a file system.
type folderSource struct {
	fsys   fs.FS
	limits Limits
}

func (s folderSource) has(name string) bool {
	info, err := fs.Stat(s.fsys, name)
	return err == nil && info.Mode().IsRegular()
}

func (s folderSource) read(name string, limit int64) ([]byte, error) {
	return readLimited(func() (io.ReadCloser, error) { return s.fsys.Open(name) }, limit)
}

// rootHint looks one folder down for an app.json that was perhaps meant.
func (s folderSource) rootHint() string {
	dirs, err := fs.ReadDir(s.fsys, ".")
	if err != nil {
		return ""
	}
	for _, d := range dirs {
		if d.IsDir() && s.has(path.Join(d.Name(), "app.json")) {
			return "there is one in " + d.Name() + "/: give that folder, or name it as miniprogramRoot in the project file"
		}
	}
	return ""
}

func (s folderSource) list(root string, list *diag.List) ([]entry, bool) {
	book := newNameBook(s.limits, list)
	var entries []entry
	count, whole := 0, true
	err := fs.WalkDir(s.fsys, root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			list.Add(diag.Diagnostic{File: name, Message: "cannot be read: " + err.Error()})
			return nil //nolint:nilerr // it is in the list; the walk goes on, so that every error is told
		}
		if name == root {
			return nil
		}
		inside := name
		if root != "." {
			inside = strings.TrimPrefix(name, root+"/")
		}
		if ignored(inside) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if count++; count > s.limits.Entries {
			list.Add(diag.Diagnostic{Message: fmt.Sprintf("the package has more than %d files and folders", s.limits.Entries)})
			whole = false
			return fs.SkipAll
		}
		if d.IsDir() {
			if strings.Count(inside, "/") >= s.limits.Depth {
				list.Add(diag.Diagnostic{File: inside, Message: fmt.Sprintf("lies deeper than %d folders", s.limits.Depth)})
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() {
			refuseIrregular(inside, d.Type(), list)
			return nil
		}
		taken, ok := book.take(inside)
		if !ok {
			return nil
		}
		var declared int64
		if info, err := d.Info(); err == nil {
			declared = info.Size()
		}
		entries = append(entries, entry{taken, declared, func() (io.ReadCloser, error) { return s.fsys.Open(name) }})
		return nil
	})
	if err != nil { // the callback returns none: the root itself could not be walked
		list.Add(diag.Diagnostic{Message: "the folder cannot be read: " + err.Error()})
		return nil, false
	}
	return entries, whole
}

func refuseIrregular(name string, mode fs.FileMode, list *diag.List) {
	d := diag.Diagnostic{File: name, Message: "is not a regular file (" + mode.Type().String() + ")", Hint: "remove it from the package"}
	if mode&fs.ModeSymlink != 0 {
		d.Message, d.Hint = "is a symbolic link", "put the file itself into the package"
	}
	list.Add(d)
}

// ReadDir reads the package in a folder of this machine. Paths cannot leave the
// folder, whatever links lie in it.
func ReadDir(dir string, limits Limits) (*Package, diag.List) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		var list diag.List
		list.Add(diag.Diagnostic{Message: "the folder cannot be opened: " + err.Error()})
		return nil, list
	}
	defer func() { _ = root.Close() }()
	return Read(root.FS(), limits)
}

// Read reads the package in a file system. The package is nil when nothing
// useful could be read; when the list has errors it may be incomplete.
func Read(fsys fs.FS, limits Limits) (*Package, diag.List) {
	limits = limits.orDefault()
	return readFrom(folderSource{fsys, limits}, "", limits)
}

// readFrom is the common part of all ways in: find the root, list, read, understand.
func readFrom(src source, base string, limits Limits) (*Package, diag.List) {
	var list diag.List
	root, project, ok := findRoot(src, base, &list)
	if !ok {
		return nil, list
	}
	entries, ok := src.list(root, &list)
	if !ok {
		return nil, list
	}
	files, ok := readFiles(entries, limits, &list)
	if !ok {
		return nil, list
	}
	pkg := New(detectDialect(sortedNames(files), project.File, &list), files)
	pkg.Project = project
	pkg.understand(limits, &list)
	return pkg, list
}

// readFiles reads every file, within the limits that hold for one file and for
// all. It refuses by declared sizes first, so that a bomb is not even opened,
// and then counts what really comes.
func readFiles(entries []entry, limits Limits, list *diag.List) (map[string][]byte, bool) {
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	tooLarge := func(total int64) bool {
		if total <= limits.Total {
			return false
		}
		list.Add(diag.Diagnostic{
			Message: fmt.Sprintf("the package is larger than %s unpacked", size(limits.Total)),
			Hint:    "largest: " + largest(entries),
		})
		return true
	}
	var declared, total int64
	for _, e := range entries {
		declared += e.declared
		if declared < 0 || tooLarge(declared) { // negative: the claims overflow
			return nil, false
		}
	}
	files := make(map[string][]byte, len(entries))
	for _, e := range entries {
		own := limits.forFile(e.name)
		data, err := readLimited(e.open, min(own, limits.Total-total))
		switch {
		case errors.Is(err, errTooLarge) && limits.Total-total < own:
			tooLarge(limits.Total + 1)
			return nil, false
		case errors.Is(err, errTooLarge):
			refuseLarge(e.name, own, list)
			continue
		case err != nil:
			list.Add(diag.Diagnostic{File: e.name, Message: "cannot be read: " + err.Error()})
			continue
		}
		total += int64(len(data))
		files[e.name] = data
	}
	return files, true
}

func refuseLarge(name string, limit int64, list *diag.List) {
	list.Add(diag.Diagnostic{File: name, Message: "is larger than " + size(limit), Hint: "put large files on a server or into cloud storage"})
}

// largest names the three largest files.
func largest(entries []entry) string {
	bySize := slices.Clone(entries)
	slices.SortStableFunc(bySize, func(a, b entry) int { return int(min(max(b.declared-a.declared, -1), 1)) })
	var parts []string
	for _, e := range bySize[:min(3, len(bySize))] {
		parts = append(parts, fmt.Sprintf("%s (%s)", e.name, size(e.declared)))
	}
	return strings.Join(parts, ", ")
}

func sortedNames(files map[string][]byte) []string {
	names := make([]string, 0, len(files))
	for n := range files {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
