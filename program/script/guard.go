package script

import (
	"strings"

	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/js"
)

// esbuild walks a script by recursion, and Go ends the whole program when a
// stack passes one gigabyte: a file of a few hundred kilobytes that nests
// without end (a=>a=>a=>…) would take the server down, and nothing can catch
// that. So every script passes a parser first that counts how deep it goes.
const (
	// maxDepth is for syntax trees; honest code stays below 200.
	maxDepth = 2000
	// maxSequenceCost bounds the sum of the squares of the lengths of all
	// a,b,c,… expressions: esbuild takes quadratic time over one. Minifiers
	// write sequences of up to 200.
	maxSequenceCost = 200_000_000
	// A script that the counting parser cannot read, such as TypeScript, must be
	// small enough for any nesting in it to be harmless.
	maxUncounted       = 64 << 10
	maxUncountedDepth  = 1500
	maxUncountedCommas = 3000
)

// guard reports whether the script may be given to esbuild.
func (t *transformer) guard() bool {
	if len(t.src) <= 4<<10 {
		return true // too short to nest deep enough
	}
	if strings.HasSuffix(t.file, ".ts") {
		return t.guardUncounted()
	}
	ast, err := js.Parse(parse.NewInputString(string(t.src)), js.Options{})
	if err != nil {
		if strings.Contains(err.Error(), "nested") {
			t.fail(0, "split it into smaller parts", "the script nests too deep")
			return false
		}
		return t.guardUncounted() // perhaps newer syntax than the counting parser knows
	}
	d := &depthVisitor{}
	js.Walk(d, ast)
	switch {
	case d.tooDeep:
		t.fail(0, "split it into smaller parts", "the script nests more than %d deep", maxDepth)
	case d.sequences > maxSequenceCost:
		t.fail(0, "write statements instead", "the script joins too many expressions by commas")
	default:
		return true
	}
	return false
}

// guardUncounted takes every bracket and comma for one, wherever it stands.
func (t *transformer) guardUncounted() bool {
	if len(t.src) > maxUncounted {
		t.fail(0, "split it, or compile it to ES2022 before packing", "the script is larger than %d KiB and uses syntax that cannot be checked", maxUncounted>>10)
		return false
	}
	depth, commas := 0, 0
	for i, c := range t.src {
		switch c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth = max(depth-1, 0)
		case ',':
			commas++
		}
		if c == ';' || c == '{' || c == '}' {
			commas = 0
		}
		if depth > maxUncountedDepth {
			t.fail(i, "split it into smaller parts", "the script nests more than %d deep", maxUncountedDepth)
			return false
		}
		if commas > maxUncountedCommas {
			t.fail(i, "write statements instead", "more than %d commas in one statement", maxUncountedCommas)
			return false
		}
	}
	return true
}

// depthVisitor measures a syntax tree without going deeper than allowed.
type depthVisitor struct {
	depth     int
	tooDeep   bool
	sequences int
}

func (d *depthVisitor) Enter(n js.INode) js.IVisitor {
	if d.depth++; d.depth > maxDepth || d.tooDeep {
		d.tooDeep = true
		d.depth--
		return nil
	}
	if list, ok := n.(*js.CommaExpr); ok {
		d.sequences += len(list.List) * len(list.List)
	}
	return d
}

func (d *depthVisitor) Exit(js.INode) { d.depth-- }
