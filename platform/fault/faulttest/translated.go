package faulttest

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"minimart/platform/fault"
)

// formatAt says which argument of a function or method of package fault is the format of a message.
var formatAt = map[string]int{
	"Invalid": 1, "Unauthenticated": 0, "Denied": 0, "NotFound": 0, "Conflict": 0, "Exhausted": 0, "Unavailable": 0,
	"Checks.Add": 1, "Checks.Require": 2,
}

// Translated fails the test for every message in the package under test (the test's working directory) that has no
// Chinese words. The package's own tables must be in the catalog, so it has to be imported by the test, or be the same
// package.
func Translated(t *testing.T) {
	t.Helper()
	missing, err := Missing(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range missing {
		t.Error(m)
	}
}

// Missing lists "file:line: message has no Chinese words" for the Go files of one directory, test files left out.
func Missing(dir string) ([]string, error) {
	fset := token.NewFileSet()
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, e := range entries {
		if !goFile(e) {
			continue
		}
		f, err := parser.ParseFile(fset, filepath.Join(dir, e.Name()), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	// Other packages are not needed: constants and the names of the package's own variables are enough, so whatever
	// the checker cannot resolve is ignored.
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	config := types.Config{Importer: nothing{}, Error: func(error) {}}
	_, _ = config.Check("room", fset, files, info)

	var out []string
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			at, ok := formatArgument(call)
			if !ok || at >= len(call.Args) {
				return true
			}
			v := info.Types[call.Args[at]].Value
			if v == nil || v.Kind() != constant.String {
				return true // passes a format on
			}
			if _, ok := fault.Translation(constant.StringVal(v)); !ok {
				out = append(out, fmt.Sprintf("%s: %q has no Chinese words: add it to the room's fault.Chinese table",
					fset.Position(call.Pos()), constant.StringVal(v)))
			}
			return true
		})
	}
	return out, nil
}

func goFile(e fs.DirEntry) bool {
	return !e.IsDir() && strings.HasSuffix(e.Name(), ".go") && !strings.HasSuffix(e.Name(), "_test.go")
}

func formatArgument(call *ast.CallExpr) (int, bool) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return 0, false
	}
	if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "fault" {
		at, ok := formatAt[sel.Sel.Name]
		return at, ok
	}
	// Methods of Checks are told by their name and shape: Add(field, format, …) and Require(ok, field, format, …).
	at, ok := formatAt["Checks."+sel.Sel.Name]
	return at, ok
}

// nothing imports no package.
type nothing struct{}

func (nothing) Import(path string) (*types.Package, error) {
	return nil, fmt.Errorf("%s is not needed here", path)
}
