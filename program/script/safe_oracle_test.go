package script

import (
	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/js"
)

// freeNames reads code with a parser that has nothing to do with ours and lists
// what a safe script must not have: free names, members that lead to machinery.
func freeNames(code string) []string {
	ast, err := js.Parse(parse.NewInputString(code), js.Options{})
	if err != nil {
		return nil // esbuild, which has accepted it, knows more
	}
	v := &oracle{}
	for _, variable := range ast.Undeclared {
		switch name := string(variable.Name()); name {
		case "undefined", "NaN", "Infinity", "arguments":
		default:
			v.bad = append(v.bad, name)
		}
	}
	js.Walk(v, ast)
	return v.bad
}

type oracle struct{ bad []string }

func (v *oracle) Enter(n js.INode) js.IVisitor {
	switch n := n.(type) {
	case *js.DotExpr:
		if name := n.Y.String(); name == "constructor" || blocked[name] {
			v.bad = append(v.bad, "."+name)
		}
	case *js.NewExpr, *js.WithStmt, *js.ClassDecl, *js.TemplateExpr:
		v.bad = append(v.bad, n.String())
	case *js.IndexExpr:
		if literal, ok := n.Y.(*js.LiteralExpr); ok && literal.TokenType == js.StringToken {
			if value, ok := stringValue(literal.Data); ok && (value == "constructor" || blocked[value]) {
				v.bad = append(v.bad, "["+value+"]")
			}
		}
	}
	return v
}

func (v *oracle) Exit(js.INode) {}
