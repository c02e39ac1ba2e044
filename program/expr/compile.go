package expr

import (
	"strings"
)

// Kind says what a name stands for.
type Kind uint8

const (
	// Data is a field of the instance's data, or of the data of a template call.
	Data Kind = iota
	// Item is the item of a loop, Index its index or key.
	Item
	Position
	// Module holds the exports of a script module.
	Module
)

// Ref is what a Resolver makes of a name.
type Ref struct {
	Kind Kind
	// Up is how many loops lie between the innermost one and the one whose variable it is.
	Up int
	// JS is the variable that holds a Module's exports.
	JS string
}

// Resolver says what the names of an expression stand for, at the place where it stands.
type Resolver interface{ Resolve(name string) Ref }

// Helpers used by compiled code beside those on R; a file whose code Uses one declares it with HelperJS.
type Helpers uint8

const (
	// UsesGet is G(o,k): the member of a computed name.
	UsesGet Helpers = 1 << iota
	// UsesItems is A(x): what can be spread into an array.
	UsesItems
)

// HelperJS declares the helpers in use, as statements.
func (h Helpers) HelperJS() string {
	js := ""
	if h&UsesGet != 0 {
		js += `const G=(o,k)=>{if(o!=null){if(typeof k!="number")k=""+k;return k==="constructor"||k==="prototype"||/^__(proto|(define|lookup)[GS]etter)__$/.test(k)?void 0:o[k]}};`
	}
	if h&UsesItems != 0 {
		js += `const A=x=>Array.isArray(x)||typeof x=="string"?x:[];`
	}
	return js
}

// Code is a compiled expression.
type Code struct {
	// Value is a JavaScript expression that can stand as an argument. It does not throw for missing values.
	Value string
	// Deps is what Value depends on; none for a constant.
	Deps Deps
	// Uses are the helpers that Value needs.
	Uses Helpers
	// Problems are warnings about what the expression means.
	Problems []Problem
	// subtree is the change tree below the value, or "" when only yes or no is known.
	subtree string
}

// Constant reports whether the value never changes.
func (c Code) Constant() bool { return len(c.Deps) == 0 }

// Changed is a JavaScript condition that is true whenever the value may have changed; "" for a constant.
func (c Code) Changed() string { return c.Deps.Changed() }

// Subtree is JavaScript for the change tree below the value: undefined for nothing, true for everything, else an
// object. It is "" for a constant.
func (c Code) Subtree() string {
	if c.subtree != "" {
		return c.subtree
	}
	if c.Constant() {
		return ""
	}
	return c.Changed() + "?!0:void 0"
}

// Path is the data path when the expression is a plain a.b.c of the instance's data, as two-way bindings need it.
func Path(e Expr, r Resolver) ([]string, bool) {
	c := &compiler{resolver: r}
	base, keys, ok := c.path(e)
	if !ok || base.kind != Data {
		return nil, false
	}
	return keys, true
}

// Compile compiles one expression.
func Compile(e Expr, r Resolver) Code {
	c := &compiler{resolver: r}
	out := c.print(e, precArgument)
	code := Code{Value: out, Deps: c.deps.reduced(), Uses: c.uses, Problems: c.problems}
	code.subtree = c.subtreeOf(e)
	return code
}

// CompileText compiles the value of an attribute or text node: a lone expression keeps its type, else the parts are
// joined to a string in which missing values are "".
func CompileText(t *Text, r Resolver) Code {
	if e, ok := t.Lone(); ok {
		return Compile(e, r)
	}
	c := &compiler{resolver: r}
	var b strings.Builder
	for i, part := range t.Parts {
		if part.Expr == nil {
			if i > 0 {
				b.WriteByte('+')
			}
			b.WriteString(Quote(part.Text))
			continue
		}
		if i == 0 {
			b.WriteString(`""`) // numbers would be added up: the sum has to start as a string
		}
		if present(part.Expr) {
			js := c.print(part.Expr, printPowers["*"])
			if js[0] == '+' {
				js = " " + js // two signs would be one operator
			}
			b.WriteString("+" + js)
		} else {
			b.WriteString("+R.y(" + c.print(part.Expr, precArgument) + ")")
		}
	}
	if len(t.Parts) == 0 {
		b.WriteString(`""`)
	}
	return Code{Value: b.String(), Deps: c.deps.reduced(), Uses: c.uses, Problems: c.problems}
}

// present reports whether e is certainly a string, a number or a boolean: nothing that R.y would turn into "".
func present(e Expr) bool {
	switch e := e.(type) {
	case *Literal:
		return !isMissing(e.Value)
	case *Unary:
		return true
	case *Binary:
		switch e.Op {
		case "&&", "||", "??":
			return present(e.X) && present(e.Y)
		}
		return true
	case *Conditional:
		return present(e.Then) && present(e.Else)
	}
	return false
}

type compiler struct {
	resolver Resolver
	deps     Deps
	uses     Helpers
	problems []Problem
}

// Precedences of JavaScript, as far as they matter here.
const (
	precArgument    = 1
	precConditional = 2
	precCoalesce    = 3
	precUnary       = 15
	precMember      = 18
)

var printPowers = map[string]int{
	"??": precCoalesce, "||": 3, "&&": 4, "|": 5, "^": 6, "&": 7,
	"==": 8, "!=": 8, "===": 8, "!==": 8, "<": 9, ">": 9, "<=": 9, ">=": 9,
	"<<": 10, ">>": 10, ">>>": 10, "+": 11, "-": 11, "*": 12, "/": 12, "%": 12, "**": 13,
}

func (c *compiler) need(d Dep) {
	c.deps = append(c.deps, d)
}

func wrap(js string, prec, least int) string {
	if prec < least {
		return "(" + js + ")"
	}
	return js
}

// print compiles e and records what it depends on. least is the precedence its surroundings ask for.
func (c *compiler) print(e Expr, least int) string {
	if base, keys, ok := c.path(e); ok {
		if base.kind == Module {
			return access(base.js, keys)
		}
		c.need(dependency(base, keys))
		return access(base.js, keys)
	}
	switch e := e.(type) {
	case *Literal:
		js, prec := literal(e.Value)
		return wrap(js, prec, least)
	case *Name: // only unsafe names are no path
		return wrap("void 0", precUnary, least)
	case *Member:
		if Unsafe(e.Name) {
			return wrap("void 0", precUnary, least)
		}
		return access(c.print(e.Object, precMember), []string{e.Name})
	case *Index:
		if key, ok := constantKey(e.Key); ok {
			if Unsafe(key) {
				return wrap("void 0", precUnary, least)
			}
			return access(c.print(e.Object, precMember), []string{key})
		}
		c.uses |= UsesGet
		return "G(" + c.print(e.Object, precArgument) + "," + c.print(e.Key, precArgument) + ")"
	case *Call:
		if !c.ofModule(e.Func) {
			c.problems = append(c.problems, Problem{Offset: e.Start, Warning: true,
				Message: "only functions of a script module can be called; this is always undefined", Hint: "put it in a script module"})
			return wrap("void 0", precUnary, least)
		}
		return c.print(e.Func, precMember) + "?.(" + c.list(e.Args) + ")"
	case *Unary:
		x := c.print(e.X, precUnary)
		if e.Op == "typeof" {
			return wrap("typeof "+x, precUnary, least)
		}
		if strings.HasPrefix(x, e.Op) && e.Op != "!" && e.Op != "~" {
			x = " " + x // - -x is not --x
		}
		return wrap(e.Op+x, precUnary, least)
	case *Binary:
		prec := printPowers[e.Op]
		left, right := prec, prec+1
		switch e.Op {
		case "**":
			left, right = precMember, prec // a sign on the left must stand in brackets
		case "??":
			left, right = precCoalesce+2, precCoalesce+2 // and so must && and ||
			if x, ok := e.X.(*Binary); ok && x.Op == "??" {
				left = precCoalesce
			} else if ok && x.Op == "&&" {
				left = precMember
			}
			if y, ok := e.Y.(*Binary); ok && y.Op == "&&" {
				right = precMember
			}
		case "||", "&&":
			if x, ok := e.X.(*Binary); ok && x.Op == "??" {
				left = precMember
			}
			if y, ok := e.Y.(*Binary); ok && y.Op == "??" {
				right = precMember
			}
		}
		x, y := c.print(e.X, left), c.print(e.Y, right)
		if (e.Op == "+" || e.Op == "-") && strings.HasPrefix(y, e.Op) {
			y = " " + y
		}
		return wrap(x+e.Op+y, prec, least)
	case *Conditional:
		js := c.print(e.If, precConditional+1) + "?" + c.print(e.Then, precArgument) + ":" + c.print(e.Else, precArgument)
		return wrap(js, precConditional, least)
	case *Array:
		return "[" + c.list(e.Items) + "]"
	case *Object:
		return wrap(c.object(e), precUnary, least)
	}
	return "void 0"
}

func (c *compiler) list(items []Expr) string {
	var b strings.Builder
	for i, e := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		if s, ok := e.(*Spread); ok {
			c.uses |= UsesItems
			b.WriteString("...A(" + c.print(s.X, precArgument) + ")")
		} else {
			b.WriteString(c.print(e, precArgument))
		}
	}
	return b.String()
}

func (c *compiler) object(o *Object) string {
	var b strings.Builder
	b.WriteByte('{')
	for i, f := range o.Fields {
		if i > 0 {
			b.WriteByte(',')
		}
		if s, ok := f.Value.(*Spread); ok {
			b.WriteString("..." + c.print(s.X, precArgument))
		} else {
			b.WriteString(Key(f.Key) + ":" + c.print(f.Value, precArgument))
		}
	}
	b.WriteByte('}')
	return b.String()
}

// ofModule reports whether a callee belongs to a script module or to what one returned.
func (c *compiler) ofModule(e Expr) bool {
	for {
		switch x := e.(type) {
		case *Name:
			return c.resolver.Resolve(x.Name).Kind == Module
		case *Member:
			e = x.Object
		case *Index:
			e = x.Object
		case *Call:
			e = x.Func
		default:
			return false
		}
	}
}

// root is the start of a path.
type root struct {
	kind Kind
	up   int
	js   string
}

// path sees an expression as a root and constant keys below it. For Data the first key is the field of the data.
func (c *compiler) path(e Expr) (base root, keys []string, ok bool) {
	switch e := e.(type) {
	case *Name:
		ref := c.resolver.Resolve(e.Name)
		switch ref.Kind {
		case Module:
			return root{Module, 0, ref.JS}, nil, true
		case Item:
			return root{Item, ref.Up, frame(ref.Up) + ".v"}, nil, true
		case Position:
			return root{Position, ref.Up, frame(ref.Up) + ".k"}, nil, true
		}
		if Unsafe(e.Name) {
			return root{}, nil, false
		}
		return root{Data, 0, "f.d"}, []string{e.Name}, true
	case *Member:
		if Unsafe(e.Name) {
			return root{}, nil, false
		}
		base, keys, ok = c.path(e.Object)
		return base, append(keys, e.Name), ok
	case *Index:
		key, constant := constantKey(e.Key)
		if !constant || Unsafe(key) {
			return root{}, nil, false
		}
		base, keys, ok = c.path(e.Object)
		return base, append(keys, key), ok
	}
	return root{}, nil, false
}

func frame(up int) string { return "f" + strings.Repeat(".p", up) }

func constantKey(e Expr) (string, bool) {
	if l, ok := e.(*Literal); ok {
		return ToString(l.Value), true
	}
	return "", false
}

// access reads keys below js, missing values along the way allowed. The data object itself is never missing.
func access(js string, keys []string) string {
	var b strings.Builder
	b.WriteString(js)
	for i, key := range keys {
		optional := i > 0 || js != "f.d"
		switch {
		case identifier(key) && optional:
			b.WriteString("?." + key)
		case identifier(key):
			b.WriteString("." + key)
		case optional:
			b.WriteString("?.[" + keyLiteral(key) + "]")
		default:
			b.WriteString("[" + keyLiteral(key) + "]")
		}
	}
	return b.String()
}

func keyLiteral(key string) string {
	if _, ok := position(key, 1<<31); ok {
		return key
	}
	return Quote(key)
}
