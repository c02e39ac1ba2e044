package template

import "minimart/program/expr"

// What a tree is lowered to before code is written: directives have become control flow, expressions are compiled,
// and template calls and component nodes have their numbers. View code and skeleton are both written from it, so that
// they name the same instance the same way.

// item is one of *element, *component, *textItem, *branch, *loop, *call, *outlet.
type item interface{}

// value of an attribute or text.
type value struct {
	// known: the value never changes and is lit (string, float64, bool, nil or Undefined)
	known bool
	lit   expr.Value
	// fixed: names and calls nothing, so that its code can run once for all blocks; known values are fixed
	fixed bool
	code  expr.Code
	// lone is the expression of a value that is one {{ }}
	lone expr.Expr
	// offset in src of the value
	at  int
	src *source
}

// js is the value as an argument.
func (v *value) js() string { return v.code.Value }

// text is a known value as a string.
func (v *value) text() string {
	switch v.lit.(type) {
	case nil, expr.Undefined:
		return ""
	}
	return expr.ToString(v.lit)
}

type named struct {
	name  string
	value *value
}

type event struct {
	// key is the type, "^tap" for a capturing handler
	key     string
	flags   int
	handler *value
}

const (
	flagCatch   = 1
	flagCapture = 2
	flagMut     = 4
)

type twoWay struct {
	name string
	path []string
}

// binds is all that can stand on an element or a component node.
type binds struct {
	id, class, style, hidden *value
	slot                     *value
	data, mark, attrs        []named
	events                   []event
	twoWay                   []twoWay
	generics                 [][2]string
}

type element struct {
	tag  string
	b    binds
	kids []item
}

type component struct {
	tag string
	no  int
	b   binds
	// slots are the content by slot name, in order of appearance
	slots []slotContent
	at    int
	src   *source
}

type slotContent struct {
	name string
	kids []item
}

type textItem struct {
	v *value
	// parts are kept so that texts that come to stand side by side can be joined
	parts []textPart
}

type textPart struct {
	lit  string
	expr expr.Expr
}

type branch struct {
	tests []*value // one per block; a nil test is the else
	kids  [][]item
}

type loop struct {
	list       *value
	key        string // JavaScript for the key argument
	kids       []item
	item, name string
}

type call struct {
	no   int
	name *value
	data string // JavaScript
	tree string
	deps expr.Deps
	// candidates are templates the name can mean; nil is any that is in scope
	candidates []string
	prefix     string
	slot       *value
	at         int
	src        *source
}

type outlet struct {
	name *value
	slot *value
}

// definition is the root block of a file or a named template.
type definition struct {
	name  string // "" for the root
	kids  []item
	calls int  // numbers handed out to template calls
	live  bool // is in the skeleton: holds, or may hold, a component or a slot
	uses  expr.Helpers
	// generics are the tags given in generic:name="tag"
	generics []use
}

// scope is where an expression stands: the loops around it and the modules of its file.
type scope struct {
	up          *scope
	item, index string
	modules     map[string]string // name → JavaScript variable
}

// Resolve says what a name means here.
func (s *scope) Resolve(name string) expr.Ref {
	up := 0
	for ; s.up != nil; s = s.up {
		// The item wins where item and index have one name.
		switch name {
		case s.item:
			return expr.Ref{Kind: expr.Item, Up: up}
		case s.index:
			return expr.Ref{Kind: expr.Position, Up: up}
		}
		up++
	}
	if js, ok := s.modules[name]; ok {
		return expr.Ref{Kind: expr.Module, JS: js}
	}
	return expr.Ref{Kind: expr.Data}
}

// use is a component tag at a place.
type use struct {
	tag string
	at  int
	src *source
}
