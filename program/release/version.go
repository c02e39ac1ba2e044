package release

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"

	"minimart/platform/fault"
	"minimart/program/build"
)

// Version is one build of an app. Of it only the state and what follows from going out ever change.
type Version struct {
	ID          string
	App         string
	Number      int64 // 1, 2, 3 … within the app
	Label       string
	Notes       string
	ContentHash string
	Bytes       int64 // of all files, plain
	State       State
	UploadedBy  string // person or key, "" for the platform itself
	SourceBytes int64  // of the zip that [Service.Source] reads; 0 when no source is kept
	OutAt       int64  // when everybody got it first, unix ms; 0 for never
	CreatedAt   int64  // unix ms
}

// NewVersion is what AddVersion needs.
type NewVersion struct {
	App      string
	Label    string // what the developer calls it, as "1.0.3"; 1 to 40 characters
	Notes    string // what is new; at most 1000 characters
	Manifest build.Manifest
	Files    []build.File // all that the manifest names, and no other
	// Source is the package it was built from, by path: what review reads. nil keeps none.
	Source map[string][]byte
	By     By
}

// FileName says whether name is one of a built file, "<32 hex>.<ext>", and answers the ending without the point.
func FileName(name string) (ext string, ok bool) {
	hash, ext, found := strings.Cut(name, ".")
	if !found || len(hash) != 32 || ext == "" || len(ext) > 8 {
		return "", false
	}
	for i := 0; i < len(hash); i++ {
		if c := hash[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return "", false
		}
	}
	for i := 0; i < len(ext); i++ {
		if c := ext[i]; (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return "", false
		}
	}
	return ext, true
}

// BlobKey is where the file called name lies in the store, plain; its brotli form, if there is one, lies at BlobKey + ".br".
// Files of all apps lie together: their names are made from their content, so equal names are equal files.
func BlobKey(name string) string { return "program/" + name }

const maxFiles, maxManifest = 20_000, 8 << 20

// check answers the manifest as it is kept, the hash of the content and its size.
func (in *NewVersion) check() (manifest []byte, hash string, size int64, err error) {
	var c fault.Checks
	c.Require(in.App != "", "app", appMissing)
	in.Label, in.Notes = checkWords(&c, in.Label, in.Notes)

	m := in.Manifest
	c.Require(m.Format == build.FormatVersion, "manifest.format", wrongFormat, m.Format, build.FormatVersion)
	c.Require(m.Dialect == "jd" || m.Dialect == "wx", "manifest.dialect", wrongDialect, m.Dialect)
	_, there := m.Pages[m.Entry]
	c.Require(there, "manifest.entry", noSuchPage, m.Entry)
	c.Require(json.Valid(m.App), "manifest.app", notJSON)

	files := map[string]bool{}
	if c.Require(len(in.Files) <= maxFiles, "files", tooManyFiles, len(in.Files), maxFiles) {
		for i, f := range in.Files {
			field := "files[" + strconv.Itoa(i) + "]"
			_, ok := FileName(f.Name)
			switch {
			case !ok:
				c.Add(field, wrongFileName, fault.Cut(f.Name, 60))
			case files[f.Name]:
				c.Add(field, fileTwice, f.Name)
			case !strings.HasPrefix(f.Name, contentName(f.Bytes)+"."):
				// A file is shared by all apps that have it, so nobody may store one under the name of another.
				c.Add(field, wrongContent, f.Name)
			case f.Brotli != nil && !unpacksTo(f.Brotli, f.Bytes):
				c.Add(field, wrongBrotli, f.Name)
			}
			files[f.Name] = true
			size += int64(len(f.Bytes))
		}
	}
	for _, use := range uses(m) {
		c.Require(files[use.file], use.field, fileMissing, fault.Cut(use.file, 60))
	}
	if c.Failed() {
		return nil, "", 0, c.Err()
	}
	manifest, err = json.Marshal(m) // maps are written in the order of their keys: equal manifests are equal bytes
	if err != nil {
		return nil, "", 0, fault.Invalid("manifest.app", notJSON).WithCause(err)
	}
	if len(manifest) > maxManifest {
		return nil, "", 0, fault.Exhausted(manifestTooLarge, len(manifest), maxManifest)
	}
	h := sha256.New()
	h.Write(manifest)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		_, _ = io.WriteString(h, "\n"+name) // a hash takes everything
	}
	return manifest, hex.EncodeToString(h.Sum(nil)), size, nil
}

type use struct{ field, file string }

// uses are the files a manifest names, in a fixed order.
func uses(m build.Manifest) []use {
	var out []use
	for _, path := range slices.Sorted(maps.Keys(m.Pages)) {
		for _, f := range m.Pages[path].View {
			out = append(out, use{"manifest.pages[" + path + "].view", f})
		}
	}
	for _, root := range slices.Sorted(maps.Keys(m.Packages)) {
		if f := m.Packages[root].Logic; f != "" {
			out = append(out, use{"manifest.packages[" + root + "].logic", f})
		}
	}
	for _, path := range slices.Sorted(maps.Keys(m.Assets)) {
		out = append(out, use{"manifest.assets[" + path + "]", m.Assets[path]})
	}
	return out
}

var errDiffers = errors.New("not the same")

// unpacksTo says whether packed is plain in brotli. It stops at the first difference, so a bomb does not go off.
func unpacksTo(packed, plain []byte) bool {
	rest := plain
	_, err := io.Copy(writerFunc(func(p []byte) (int, error) {
		if len(p) > len(rest) || !bytes.Equal(p, rest[:len(p)]) {
			return 0, errDiffers
		}
		rest = rest[len(p):]
		return len(p), nil
	}), brotli.NewReader(bytes.NewReader(packed)))
	return err == nil && len(rest) == 0
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// CheckWords says what is wrong with what a developer calls a version and says about it, before there is one.
func CheckWords(label, notes string) error {
	var c fault.Checks
	checkWords(&c, label, notes)
	return c.Err()
}

func checkWords(c *fault.Checks, label, notes string) (keptLabel, keptNotes string) {
	label = c.Line("label", label, maxLabel)
	c.Require(label != "", "label", labelMissing)
	return label, c.Text("notes", notes, maxNotes)
}
