package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"minimart/program/build"
	"minimart/program/diag"
	"minimart/program/pkgfile"
)

type buildCommand struct {
	Dir  string `arg:"" help:"Folder or zip of the mini program." type:"path"`
	Out  string `short:"o" help:"Folder to write the built files to; it must be empty or a build's." type:"path"`
	JSON bool   `help:"Print one JSON object instead of text."`
}

// report is what --json prints.
type report struct {
	Pages      int               `json:"pages"`
	Components int               `json:"components"`
	Files      int               `json:"files"`
	Bytes      int64             `json:"bytes"`
	Millis     int64             `json:"millis"`
	Errors     []diag.Diagnostic `json:"errors"`
	Warnings   []diag.Diagnostic `json:"warnings"`
}

func (c buildCommand) Run(s streams) error {
	start := time.Now()
	pkg, found, err := readPackage(c.Dir)
	if err != nil {
		return err
	}
	var result build.Result
	if pkg != nil {
		result = build.Build(pkg, build.Options{Minify: true})
		found.Append(result.Diagnostics)
	}
	r := report{Millis: time.Since(start).Milliseconds(), Errors: found.Errors(), Warnings: found.Warnings()}
	if pkg != nil {
		r.Pages, r.Components, r.Files, r.Bytes = len(pkg.Pages), len(pkg.Components), len(pkg.Files), pkg.Bytes
	}
	if c.Out != "" && !found.HasErrors() {
		if err := writeBuild(c.Out, result); err != nil {
			return err
		}
	}
	if c.JSON {
		if err := json.NewEncoder(s.out).Encode(r); err != nil {
			return err
		}
	} else {
		printReport(s.out, r, c.Out)
	}
	if found.HasErrors() {
		return exitError(1)
	}
	return nil
}

// readPackage reads a folder or a zip. The error is about the path itself; what is wrong inside is in the list, and then
// the package may be nil.
func readPackage(path string) (*pkgfile.Package, diag.List, error) {
	stat, err := os.Stat(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, diag.List{}, fmt.Errorf("%s does not exist; give the folder that holds app.json, or a zip of it", path)
		}
		return nil, diag.List{}, err
	}
	if stat.IsDir() {
		pkg, found := pkgfile.ReadDir(path, pkgfile.DefaultLimits())
		return pkg, found, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, diag.List{}, err
	}
	defer file.Close()
	pkg, found := pkgfile.ReadZip(file, stat.Size(), pkgfile.DefaultLimits())
	return pkg, found, nil
}

func printReport(w io.Writer, r report, out string) {
	for _, d := range r.Warnings {
		fmt.Fprintf(w, "warning: %v\n", d)
	}
	for _, d := range r.Errors {
		fmt.Fprintln(w, d)
	}
	if n := len(r.Errors); n > 0 {
		fmt.Fprintf(w, "not built: %s\n", count(n, "error"))
		return
	}
	fmt.Fprintf(w, "built %s, %s from %s (%.1f kB) in %d ms", count(r.Pages, "page"), count(r.Components, "component"),
		count(r.Files, "file"), float64(r.Bytes)/1000, r.Millis)
	if out != "" {
		fmt.Fprintf(w, " into %s", out)
	}
	fmt.Fprintln(w)
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

const manifestName = "manifest.json"

// writeBuild writes the files and the manifest. It refuses a folder that holds something else, so that a slip of the
// pen (-o .) never mixes built files into a source tree.
func writeBuild(dir string, result build.Result) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(entries) > 0 {
		if _, err := os.Stat(filepath.Join(dir, manifestName)); err != nil {
			return fmt.Errorf("%s is not empty and holds no %s of a build; choose another folder for -o", dir, manifestName)
		}
	}
	manifest, err := json.MarshalIndent(result.Manifest, "", "  ")
	if err != nil {
		return fmt.Errorf("manifest: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	keep := map[string]bool{manifestName: true}
	for _, f := range result.Files {
		keep[f.Name] = true
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Bytes, 0o644); err != nil {
			return err
		}
	}
	for name, sourceMap := range result.SourceMaps {
		keep[name+".map"] = true
		if err := os.WriteFile(filepath.Join(dir, name+".map"), sourceMap, 0o644); err != nil {
			return err
		}
	}
	// Files of an earlier build have hashes for names; nothing else is removed.
	for _, e := range entries {
		base, _, _ := strings.Cut(e.Name(), ".")
		if !keep[e.Name()] && len(base) == 32 && strings.Trim(base, "0123456789abcdef") == "" {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return os.WriteFile(filepath.Join(dir, manifestName), append(manifest, '\n'), 0o644)
}
