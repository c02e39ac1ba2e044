package script

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unsafe"

	"github.com/go-sourcemap/sourcemap"
	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/js"

	"minimart/program/diag"
)

// reference is a place in code that names a module or a member of the API.
type reference struct {
	name   string
	in     string // the code it was found in
	offset int
	async  bool
	inTry  bool
}

type references struct {
	requires []reference
	apis     []reference
}

const mostReferences = 20_000

// readReferences finds require("…"), require.async("…") and jd.… in CommonJS
// code, knowing scopes: a parameter called require is not the require.
func readReferences(code, global string) references {
	input := parse.NewInputString(code)
	base := input.Bytes()
	ast, err := js.Parse(input, js.Options{})
	if err != nil {
		return scanReferences(code, global)
	}
	v := &referenceVisitor{code: code, base: base, global: global}
	js.Walk(v, ast)
	byOffset := func(a, b reference) int { return a.offset - b.offset }
	slices.SortStableFunc(v.found.requires, byOffset)
	slices.SortStableFunc(v.found.apis, byOffset)
	return v.found
}

type referenceVisitor struct {
	code   string
	base   []byte
	global string
	tries  int
	found  references
}

func (v *referenceVisitor) Enter(n js.INode) js.IVisitor {
	switch n := n.(type) {
	case *js.TryStmt:
		v.tries++
	case *js.CallExpr:
		v.call(n)
	case *js.DotExpr:
		if name, ok := n.Y.(js.LiteralExpr); ok && v.free(n.X, v.global) {
			v.api(name.Data, string(name.Data))
		} else if name, ok := n.Y.(*js.LiteralExpr); ok && v.free(n.X, v.global) {
			v.api(name.Data, string(name.Data))
		}
	case *js.IndexExpr:
		if literal, ok := n.Y.(*js.LiteralExpr); ok && literal.TokenType == js.StringToken && v.free(n.X, v.global) {
			if name, ok := stringValue(literal.Data); ok {
				v.api(literal.Data, name)
			}
		}
	}
	return v
}

func (v *referenceVisitor) Exit(n js.INode) {
	if _, ok := n.(*js.TryStmt); ok {
		v.tries--
	}
}

func (v *referenceVisitor) api(at []byte, name string) {
	if len(v.found.apis) < mostReferences {
		v.found.apis = append(v.found.apis, reference{name: name, in: v.code, offset: v.offset(at)})
	}
}

func (v *referenceVisitor) call(n *js.CallExpr) {
	async := false
	switch x := n.X.(type) {
	case *js.DotExpr:
		if !v.free(x.X, "require") || x.Y.String() != "async" {
			return
		}
		async = true
	default:
		if !v.free(n.X, "require") {
			return
		}
	}
	if len(n.Args.List) == 0 || len(v.found.requires) >= mostReferences {
		return
	}
	literal, ok := n.Args.List[0].Value.(*js.LiteralExpr)
	if !ok || literal.TokenType != js.StringToken {
		return // worked out at run time
	}
	if name, ok := stringValue(literal.Data); ok {
		v.found.requires = append(v.found.requires, reference{name, v.code, v.offset(literal.Data), async, v.tries > 0})
	}
}

// free reports whether an expression is a variable of this name that no scope
// of the script declares.
func (v *referenceVisitor) free(x js.IExpr, name string) bool {
	variable, ok := x.(*js.Var)
	if !ok {
		return false
	}
	for variable.Link != nil {
		variable = variable.Link
	}
	return variable.Decl == js.NoDecl && string(variable.Data) == name
}

// offset is where a piece of the parser's input stands. The syntax tree has no
// positions, but its pieces are parts of the input.
func (v *referenceVisitor) offset(piece []byte) int {
	if len(piece) == 0 || len(v.base) == 0 {
		return 0
	}
	first := uintptr(unsafe.Pointer(unsafe.SliceData(v.base)))
	here := uintptr(unsafe.Pointer(unsafe.SliceData(piece)))
	if here < first || here >= first+uintptr(len(v.base)) {
		return 0
	}
	return int(here - first)
}

var (
	requirePattern = regexp.MustCompile(`(?:^|[^.\w$])require(\.async)?\(\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')\s*[,)]`)
	namePattern    = regexp.MustCompile(`^[\w$]+`)
)

// scanReferences is for code the parser cannot read: it looks at the text only
// and may find too much, never too little of what is written plainly.
func scanReferences(code, global string) references {
	var out references
	for _, m := range requirePattern.FindAllStringSubmatchIndex(code, mostReferences) {
		if name, ok := stringValue([]byte(code[m[4]:m[5]])); ok {
			out.requires = append(out.requires, reference{name: name, in: code, offset: m[4], async: m[2] >= 0, inTry: true})
		}
	}
	search := global + "."
	for at := 0; len(out.apis) < mostReferences; {
		i := strings.Index(code[at:], search)
		if i < 0 {
			break
		}
		at += i + len(search)
		before := at - len(search) - 1
		if before >= 0 && (namePattern.MatchString(code[before:before+1]) || code[before] == '.') {
			continue
		}
		if name := namePattern.FindString(code[at:]); name != "" {
			out.apis = append(out.apis, reference{name: name, in: code, offset: at})
		}
	}
	return out
}

// stringValue is the value of a string literal.
func stringValue(literal []byte) (string, bool) {
	if len(literal) < 2 {
		return "", false
	}
	inner := literal[1 : len(literal)-1]
	if bytes.IndexByte(inner, '\\') < 0 {
		return string(inner), true
	}
	// The escapes of JavaScript that JSON and Go know as well are all that paths need.
	quoted := `"` + string(bytes.ReplaceAll(bytes.ReplaceAll(inner, []byte(`\'`), []byte(`'`)), []byte(`"`), []byte(`\"`))) + `"`
	var value string
	if err := json.Unmarshal([]byte(quoted), &value); err == nil {
		return value, true
	}
	value, err := strconv.Unquote(quoted)
	return value, err == nil
}

// backMap leads from code back to the file it was made of.
type backMap struct {
	consumer *sourcemap.Consumer
	code     string
	index    *diag.Lines // of code
}

func newBackMap(raw []byte) *backMap {
	b := &backMap{}
	if consumer, err := sourcemap.Parse("", raw); err == nil {
		b.consumer = consumer
	}
	return b
}

// position is the line and column in the file of an offset in the code; 1:1
// when the map has nothing to say. Source maps count columns in UTF-16 units,
// here they are taken for characters: after an emoji in the same line the column
// is one too far.
func (b *backMap) position(code string, offset int) (line, column int) {
	if b.consumer == nil {
		return 1, 1
	}
	if b.index == nil || b.code != code {
		b.code, b.index = code, diag.NewLines([]byte(code))
	}
	codeLine, codeColumn := b.index.At(offset)
	_, _, line, column, ok := b.consumer.Source(codeLine, codeColumn-1)
	if !ok {
		return 1, 1
	}
	return line, column + 1
}
