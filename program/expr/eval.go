package expr

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
)

// Scope gives names their values. A name it does not know is Undefined{}.
type Scope interface{ Lookup(name string) Value }

// Fields is a Scope made of a map.
type Fields map[string]Value

// Lookup returns the value of name.
func (f Fields) Lookup(name string) Value {
	if v, ok := f[name]; ok {
		return v
	}
	return Undefined{}
}

// Limits of one evaluation: steps taken, and bytes of strings made, so that 'a'+a+a… in a template cannot fill memory.
const (
	maxSteps = 100_000
	maxBytes = 8 << 20
)

// ErrTooCostly is returned by Eval when an expression goes beyond its limits.
var ErrTooCostly = errors.New("the expression takes too many steps or makes too much text")

// Eval evaluates e as JavaScript would. The only error is ErrTooCostly: missing values are Undefined, not errors.
func Eval(e Expr, scope Scope) (v Value, err error) {
	ev := &evaluator{scope: scope}
	defer func() {
		if r := recover(); r == any(ErrTooCostly) {
			v, err = Undefined{}, ErrTooCostly
		} else if r != nil {
			panic(r)
		}
	}()
	return ev.eval(e), nil
}

// EvalText evaluates a text: a lone expression keeps its type, else everything is joined and missing values are "".
func EvalText(t *Text, scope Scope) (Value, error) {
	if e, ok := t.Lone(); ok {
		return Eval(e, scope)
	}
	var b strings.Builder
	for _, part := range t.Parts {
		if part.Expr == nil {
			b.WriteString(part.Text)
			continue
		}
		v, err := Eval(part.Expr, scope)
		if err != nil {
			return Undefined{}, err
		}
		if !isMissing(v) {
			b.WriteString(ToString(v))
		}
		if b.Len() > maxBytes {
			return Undefined{}, ErrTooCostly
		}
	}
	return b.String(), nil
}

type evaluator struct {
	scope        Scope
	steps, bytes int
}

func (ev *evaluator) cost(steps, bytes int) {
	ev.steps += steps
	ev.bytes += bytes
	if ev.steps > maxSteps || ev.bytes > maxBytes {
		panic(ErrTooCostly)
	}
}

func (ev *evaluator) eval(e Expr) Value {
	ev.cost(1, 0)
	switch e := e.(type) {
	case *Literal:
		return e.Value
	case *Name:
		if Unsafe(e.Name) {
			return Undefined{}
		}
		return ev.scope.Lookup(e.Name)
	case *Member:
		return get(ev.eval(e.Object), e.Name)
	case *Index:
		object, key := ev.eval(e.Object), ev.eval(e.Key)
		if isMissing(object) {
			return Undefined{}
		}
		return get(object, ev.text(key))
	case *Call:
		f, callable := ev.eval(e.Func).(Func)
		args := ev.items(e.Args)
		if !callable {
			return Undefined{}
		}
		return f(args)
	case *Unary:
		return unary(e.Op, ev.eval(e.X))
	case *Binary:
		x := ev.eval(e.X)
		switch e.Op {
		case "&&":
			if !Truthy(x) {
				return x
			}
			return ev.eval(e.Y)
		case "||":
			if Truthy(x) {
				return x
			}
			return ev.eval(e.Y)
		case "??":
			if !isMissing(x) {
				return x
			}
			return ev.eval(e.Y)
		}
		return ev.binary(e.Op, x, ev.eval(e.Y))
	case *Conditional:
		if Truthy(ev.eval(e.If)) {
			return ev.eval(e.Then)
		}
		return ev.eval(e.Else)
	case *Array:
		return &List{ev.items(e.Items)}
	case *Object:
		r := NewRecord()
		for _, f := range e.Fields {
			if s, ok := f.Value.(*Spread); ok {
				ev.spreadInto(r, ev.eval(s.X))
			} else {
				r.Set(f.Key, ev.eval(f.Value))
			}
		}
		return r
	}
	return Undefined{}
}

func (ev *evaluator) text(v Value) string {
	s := ToString(v)
	ev.cost(0, len(s))
	return s
}

func (ev *evaluator) items(exprs []Expr) []Value {
	out := make([]Value, 0, len(exprs))
	for _, e := range exprs {
		s, ok := e.(*Spread)
		if !ok {
			out = append(out, ev.eval(e))
			continue
		}
		switch v := ev.eval(s.X).(type) {
		case *List:
			ev.cost(len(v.Items), 0)
			out = append(out, v.Items...)
		case string:
			ev.cost(len(v), 0)
			for _, r := range v {
				out = append(out, string(r))
			}
		}
	}
	return out
}

func (ev *evaluator) spreadInto(r *Record, v Value) {
	switch v := v.(type) {
	case *Record:
		ev.cost(len(v.Keys), 0)
		for _, k := range v.Keys {
			r.Set(k, v.Fields[k])
		}
	case *List:
		ev.cost(len(v.Items), 0)
		for i, item := range v.Items {
			r.Set(strconv.Itoa(i), item)
		}
	case string:
		ev.cost(len(v), 0)
		for i, u := range utf16.Encode([]rune(v)) {
			r.Set(strconv.Itoa(i), string(rune(u)))
		}
	}
}

// get reads a member. Methods of built-in types are not there: nothing in the language can call them.
func get(object Value, name string) Value {
	if Unsafe(name) {
		return Undefined{}
	}
	switch o := object.(type) {
	case *Record:
		if v, ok := o.Fields[name]; ok {
			return v
		}
	case *List:
		if name == "length" {
			return float64(len(o.Items))
		}
		if i, ok := position(name, len(o.Items)); ok {
			return o.Items[i]
		}
	case string:
		units := utf16.Encode([]rune(o))
		if name == "length" {
			return float64(len(units))
		}
		if i, ok := position(name, len(units)); ok {
			return string(rune(units[i]))
		}
	}
	return Undefined{}
}

// position reads a canonical array index below n.
func position(name string, n int) (int, bool) {
	i, err := strconv.Atoi(name)
	return i, err == nil && i >= 0 && i < n && strconv.Itoa(i) == name
}

func unary(op string, x Value) Value {
	switch op {
	case "!":
		return !Truthy(x)
	case "-":
		return -ToNumber(x)
	case "+":
		return ToNumber(x)
	case "~":
		return float64(^toInt32(x))
	}
	switch x.(type) { // typeof
	case Undefined:
		return "undefined"
	case bool:
		return "boolean"
	case float64:
		return "number"
	case string:
		return "string"
	case Func:
		return "function"
	}
	return "object"
}

func (ev *evaluator) binary(op string, x, y Value) Value {
	switch op {
	case "+":
		x, y = toPrimitive(x), toPrimitive(y)
		_, xs := x.(string)
		_, ys := y.(string)
		if xs || ys {
			return ev.text(ToString(x) + ToString(y))
		}
		return ToNumber(x) + ToNumber(y)
	case "-":
		return ToNumber(x) - ToNumber(y)
	case "*":
		return ToNumber(x) * ToNumber(y)
	case "/":
		return ToNumber(x) / ToNumber(y)
	case "%":
		return math.Mod(ToNumber(x), ToNumber(y))
	case "**":
		return power(ToNumber(x), ToNumber(y))
	case "===":
		return strictEqual(x, y)
	case "!==":
		return !strictEqual(x, y)
	case "==":
		return looseEqual(x, y)
	case "!=":
		return !looseEqual(x, y)
	case "<", ">", "<=", ">=":
		order, ok := compare(x, y)
		return ok && (op == "<" && order < 0 || op == ">" && order > 0 || op == "<=" && order <= 0 || op == ">=" && order >= 0)
	case "&":
		return float64(toInt32(x) & toInt32(y))
	case "|":
		return float64(toInt32(x) | toInt32(y))
	case "^":
		return float64(toInt32(x) ^ toInt32(y))
	case "<<":
		return float64(toInt32(x) << (toUint32(y) & 31))
	case ">>":
		return float64(toInt32(x) >> (toUint32(y) & 31))
	case ">>>":
		return float64(toUint32(x) >> (toUint32(y) & 31))
	}
	return Undefined{}
}

// power differs from math.Pow where C and JavaScript disagree: 1 to the power of NaN or Infinity is NaN.
func power(x, y float64) float64 {
	if math.IsNaN(y) || math.IsInf(y, 0) && math.Abs(x) == 1 {
		return math.NaN()
	}
	return math.Pow(x, y)
}
