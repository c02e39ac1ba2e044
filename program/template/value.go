package template

import (
	"strings"

	"minimart/program/diag"
	"minimart/program/expr"
)

// value compiles the value of an attribute; one without a value is true.
func (l *lowering) value(a *attr, src *source, sc *scope) *value {
	if a.bare {
		return &value{known: true, fixed: true, lit: true, code: expr.Code{Value: "!0"}, at: a.at, src: src}
	}
	return l.compile(&a.value, src, sc)
}

// compile parses and compiles literal text with {{ }} in it.
func (l *lowering) compile(d *decoded, src *source, sc *scope) *value {
	text, problems := expr.ParseText(d.text, expr.Options{})
	l.report(problems, d, src)
	v := l.compileText(text, sc, func(p expr.Problem) { l.report([]expr.Problem{p}, d, src) })
	v.at, v.src = d.base, src
	return v
}

func (l *lowering) compileText(text *expr.Text, sc *scope, report func(expr.Problem)) *value {
	v := &value{}
	if s, ok := text.Literal(); ok {
		v.known, v.fixed, v.lit, v.code = true, true, s, expr.Code{Value: expr.Quote(s)}
		return v
	}
	v.lone, _ = text.Lone()
	v.code = expr.CompileText(text, sc)
	l.def.uses |= v.code.Uses
	for _, p := range v.code.Problems {
		report(p)
	}
	if v.fixed = constant(text); v.fixed {
		if lit, err := expr.EvalText(text, expr.Fields{}); err == nil {
			switch lit.(type) {
			case *expr.List, *expr.Record:
			default:
				v.known, v.lit = true, lit
			}
		}
	}
	return v
}

func (l *lowering) report(problems []expr.Problem, d *decoded, src *source) {
	for _, p := range problems {
		severity := diag.SeverityError
		if p.Warning {
			severity = diag.SeverityWarning
		}
		hint := p.Hint
		if strings.HasSuffix(hint, "script module") {
			hint = strings.Replace(hint, "a script module", "a ."+l.c.dialect.scriptTag()+" module", 1)
		}
		src.add(d.offset(p.Offset), severity, p.Message, hint)
	}
}

// constant reports whether a text names nothing and calls nothing.
func constant(t *expr.Text) bool {
	for _, part := range t.Parts {
		if part.Expr != nil && !constantExpr(part.Expr) {
			return false
		}
	}
	return true
}

func constantExpr(e expr.Expr) bool {
	all := func(es []expr.Expr) bool {
		for _, e := range es {
			if !constantExpr(e) {
				return false
			}
		}
		return true
	}
	switch e := e.(type) {
	case *expr.Literal:
		return true
	case *expr.Unary:
		return constantExpr(e.X)
	case *expr.Binary:
		return constantExpr(e.X) && constantExpr(e.Y)
	case *expr.Conditional:
		return constantExpr(e.If) && constantExpr(e.Then) && constantExpr(e.Else)
	case *expr.Array:
		return all(e.Items)
	case *expr.Member:
		return constantExpr(e.Object)
	case *expr.Index:
		return constantExpr(e.Object) && constantExpr(e.Key)
	case *expr.Spread:
		return constantExpr(e.X)
	case *expr.Object:
		for _, f := range e.Fields {
			if !constantExpr(f.Value) {
				return false
			}
		}
		return true
	}
	return false
}

// candidates are the strings an expression can give, or the prefix they all have; known is false when it can give any.
func candidates(e expr.Expr) (names []string, prefix string, known bool) {
	switch e := e.(type) {
	case *expr.Literal:
		return []string{expr.ToString(e.Value)}, "", true
	case *expr.Conditional:
		a, _, okA := candidates(e.Then)
		b, _, okB := candidates(e.Else)
		return append(a, b...), "", okA && okB
	case *expr.Binary:
		if e.Op == "+" {
			return nil, leading(e), false
		}
	}
	return nil, "", false
}

// leading is the literal text a sum of strings starts with.
func leading(e expr.Expr) string {
	switch e := e.(type) {
	case *expr.Literal:
		s, _ := e.Value.(string)
		return s
	case *expr.Binary:
		if e.Op == "+" {
			return leading(e.X)
		}
	}
	return ""
}
