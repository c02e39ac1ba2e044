package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/andybalholm/brotli"
)

// tree is web/dist before it is written: slash-separated names under dist, and what is in them.
type tree struct {
	files    map[string]*file
	manifest manifest
}

type file struct {
	bytes  []byte
	brotli int    // size when compressed
	role   string // what the size budgets go by
}

// manifest is dist/manifest.json; package web reads it. Names are relative to dist.
type manifest struct {
	View     string            `json:"view,omitempty"`
	Worker   string            `json:"worker,omitempty"`
	Builtins map[string]string `json:"builtins"`
	Files    map[string]sizes  `json:"files"`
}

type sizes struct {
	Raw    int `json:"raw"`
	Brotli int `json:"brotli"`
}

const manifestName = "manifest.json"

// add stores bytes under a name that says what they are: stem, ten characters of their SHA-256, ending.
func (t *tree) add(stem, ending, role string, content []byte) string {
	sum := sha256.Sum256(content)
	hash := strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:10]
	name := stem + "." + hash + ending
	t.addNamed(name, role, content)
	return name
}

func (t *tree) addNamed(name, role string, content []byte) {
	var packed bytes.Buffer
	w := brotli.NewWriterLevel(&packed, brotli.BestCompression)
	_, _ = w.Write(content) // writes to a bytes.Buffer do not fail
	_ = w.Close()
	t.files[name] = &file{bytes: content, brotli: packed.Len(), role: role}
}

// seal adds the manifest, once everything else is there.
func (t *tree) seal() error {
	for name, f := range t.files {
		t.manifest.Files[name] = sizes{Raw: len(f.bytes), Brotli: f.brotli}
	}
	text, err := json.MarshalIndent(t.manifest, "", "  ")
	if err != nil {
		return err
	}
	t.addNamed(manifestName, "manifest", append(text, '\n'))
	return nil
}

func (t *tree) names() []string {
	names := make([]string, 0, len(t.files))
	for name := range t.files {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// write makes dir hold this tree and nothing else. Files are written before old ones go, and the manifest last, so that a
// program compiled in between finds a whole tree.
func (t *tree) write(dir string) error {
	names := t.names()
	sort.SliceStable(names, func(i, j int) bool { return names[j] == manifestName && names[i] != manifestName })
	for _, name := range names {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, t.files[name].bytes) {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, t.files[name].bytes, 0o644); err != nil {
			return err
		}
	}
	surplus, err := t.surplus(dir)
	if err != nil {
		return err
	}
	for _, name := range surplus {
		if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			return err
		}
	}
	return nil
}

// compare says in which files dir is not this tree.
func (t *tree) compare(dir string) error {
	var errs []error
	for _, name := range t.names() {
		old, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			errs = append(errs, fmt.Errorf("web/dist/%s is missing", name))
		case err != nil:
			return err
		case !bytes.Equal(old, t.files[name].bytes):
			errs = append(errs, fmt.Errorf("web/dist/%s differs", name))
		}
	}
	surplus, err := t.surplus(dir)
	if err != nil {
		return err
	}
	for _, name := range surplus {
		errs = append(errs, fmt.Errorf("web/dist/%s is left over", name))
	}
	if len(errs) > 0 {
		errs = append(errs, errors.New("the bundles are not what the sources say: run `go run ./web/build` and commit web/dist"))
	}
	return errors.Join(errs...)
}

// surplus lists files in dir that are not in the tree.
func (t *tree) surplus(dir string) ([]string, error) {
	var names []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if name := filepath.ToSlash(rel); !d.IsDir() && t.files[name] == nil {
			names = append(names, name)
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return names, err
}
