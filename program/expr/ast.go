package expr

// Span is where a piece of source stands: byte offsets, End exclusive. They are relative to the start of the file when
// the parser was given the right base.
type Span struct{ Start, End int }

// Pos returns the span; embedding it makes a struct an Expr.
func (s Span) Pos() Span { return s }

// Expr is a node of the syntax tree: one of the pointer types below.
type Expr interface{ Pos() Span }

type (
	// Literal is a number (float64), string, bool, nil for null or Undefined.
	Literal struct {
		Span
		Value Value
	}
	// Name is a loop variable, a script module or a data field: the Resolver says which.
	Name struct {
		Span
		Name string
	}
	// Member is o.name; an optional o?.name means the same, since a missing o is never an error.
	Member struct {
		Span
		Object Expr
		Name   string
	}
	// Index is o[key].
	Index struct {
		Span
		Object, Key Expr
	}
	// Call is f(args…). Only functions of script modules can be called; see Compile.
	Call struct {
		Span
		Func Expr
		Args []Expr
	}
	// Unary is an operator before its operand: ! + - ~ typeof.
	Unary struct {
		Span
		Op string
		X  Expr
	}
	// Binary is X Op Y, the logical operators && || ?? among them.
	Binary struct {
		Span
		Op   string
		X, Y Expr
	}
	// Conditional is If ? Then : Else.
	Conditional struct {
		Span
		If, Then, Else Expr
	}
	// Array is [items…]; an item may be a Spread.
	Array struct {
		Span
		Items []Expr
	}
	// Object is {fields…}, or the same without braces as in data="{{a: 1, b, ...c}}".
	Object struct {
		Span
		Fields []Field
	}
	// Spread is ...X, only inside an Array, an Object or the arguments of a Call.
	Spread struct {
		Span
		X Expr
	}
)

// Field is one entry of an Object; Key is "" with a Spread as Value.
type Field struct {
	Key   string
	Value Expr
}

// Text is the value of an attribute or a text node: literal text and expressions by turns.
type Text struct {
	Span
	Parts []Part
}

// Part is literal text, or an expression when Expr is not nil.
type Part struct {
	Span
	Text string
	Expr Expr
}

// Lone returns the expression when the text is one {{ }} and nothing else: its value then keeps its type.
func (t *Text) Lone() (Expr, bool) {
	if len(t.Parts) == 1 && t.Parts[0].Expr != nil {
		return t.Parts[0].Expr, true
	}
	return nil, false
}

// Literal returns the text when there is no expression in it.
func (t *Text) Literal() (string, bool) {
	switch {
	case len(t.Parts) == 0:
		return "", true
	case len(t.Parts) == 1 && t.Parts[0].Expr == nil:
		return t.Parts[0].Text, true
	}
	return "", false
}

// Problem is something wrong (or, with Warning, odd) at a byte offset of the source.
type Problem struct {
	Offset        int
	Message, Hint string
	Warning       bool
}

// Error renders the problem without its place.
func (p Problem) Error() string {
	if p.Hint == "" {
		return p.Message
	}
	return p.Message + ", " + p.Hint
}
