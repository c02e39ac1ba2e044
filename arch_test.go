package minimart_test

import (
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// floors, from the ground up: a room imports rooms on lower floors, never on higher ones.
var floors = map[string]int{
	"platform": 0,
	"web":      0, // embedded bundles, no code of the business
	"examples": 0, // embedded programs and their demo server
	"program":  1,
	"open":     1,
	"trade":    2,
	"growth":   3,
	"scene":    3,
	"partner":  4,
	"app":      5,
	"cmd":      6,
	"bench":    6, // stands outside the house and may look into every window
}

// arrows reads what a wing's README draws between its rooms: lines like "outbox → bus, clock, db". Wings next to each
// other on one floor (program and open, growth and scene) do not import each other at all.
func arrows(t *testing.T, wing string) map[string]bool {
	t.Helper()
	drawn := map[string]bool{}
	text, err := os.ReadFile(filepath.Join(wing, "README.md"))
	if err != nil {
		t.Errorf("a wing with rooms beside each other needs a README that draws their arrows: %v", err)
		return drawn
	}
	for line := range strings.Lines(string(text)) {
		from, to, ok := strings.Cut(strings.TrimSpace(line), " → ")
		if !ok || strings.Contains(from, " ") {
			continue
		}
		for room := range strings.SplitSeq(to, ",") {
			drawn[wing+"/"+from+" → "+wing+"/"+strings.TrimSpace(room)] = true
		}
	}
	return drawn
}

// TestImportsKeepTheFloors reads the import graph of everything that is built, tests aside.
func TestImportsKeepTheFloors(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	drawn := map[string]map[string]bool{}
	for _, wing := range []string{"platform", "program", "open"} {
		drawn[wing] = arrows(t, wing)
	}
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var pkg struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&pkg); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		from, ok := strings.CutPrefix(pkg.ImportPath, "minimart/")
		if !ok {
			continue
		}
		for _, imp := range pkg.Imports {
			if to, ok := strings.CutPrefix(imp, "minimart/"); ok {
				checkArrow(t, drawn, from, to)
			}
		}
	}
}

func checkArrow(t *testing.T, drawn map[string]map[string]bool, from, to string) {
	t.Helper()
	fromRoom, toRoom := room(from), room(to)
	if fromRoom == toRoom {
		return
	}
	fromWing, toWing := wing(from), wing(to)
	fromFloor, known := floors[fromWing]
	if !known {
		t.Errorf("%s: wing %q has no floor; add it to floors in arch_test.go", from, fromWing)
		return
	}
	toFloor := floors[toWing]
	switch {
	case toFloor > fromFloor:
		t.Errorf("%s imports %s: that arrow runs upward", from, to)
	case toFloor == fromFloor && fromWing != toWing:
		t.Errorf("%s imports %s: wings on one floor do not import each other", from, to)
	case fromWing == toWing && drawn[fromWing] != nil && !drawn[fromWing][fromRoom+" → "+toRoom]:
		t.Errorf("%s imports %s: %s/README.md draws no arrow %s → %s", from, to, fromWing, path.Base(fromRoom), path.Base(toRoom))
	}
}

func wing(pkg string) string { first, _, _ := strings.Cut(pkg, "/"); return first }

// room of a package: the first two path elements; what lies deeper belongs to the room.
func room(pkg string) string {
	parts := strings.Split(pkg, "/")
	if len(parts) > 2 {
		parts = parts[:2]
	}
	return path.Join(parts...)
}
