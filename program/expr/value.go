package expr

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
)

// Value is a JavaScript value: Undefined, nil (null), bool, float64, string, *List, *Record or Func.
//
// Strings are UTF-8 here and UTF-16 there: lengths and positions count UTF-16 units as in JavaScript, but half a
// surrogate pair becomes U+FFFD.
type Value any

// Undefined is the value of what is missing.
type Undefined struct{}

// List is an array; two lists are === when they are the same pointer.
type List struct{ Items []Value }

// Record is an object with its keys in the order they were set.
type Record struct {
	Keys   []string
	Fields map[string]Value
}

// Func is a function of a script module.
type Func func(args []Value) Value

// NewRecord returns an empty object.
func NewRecord() *Record { return &Record{Fields: map[string]Value{}} }

// Set adds or replaces a field.
func (r *Record) Set(key string, v Value) {
	if _, have := r.Fields[key]; !have {
		r.Keys = append(r.Keys, key)
	}
	r.Fields[key] = v
}

// Unsafe reports whether a member of this name could lead from a value to code: such members are always undefined.
func Unsafe(name string) bool {
	switch name {
	case "constructor", "prototype", "__proto__", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__":
		return true
	}
	return false
}

// Truthy is ToBoolean.
func Truthy(v Value) bool {
	switch v := v.(type) {
	case nil, Undefined:
		return false
	case bool:
		return v
	case float64:
		return v != 0 && !math.IsNaN(v)
	case string:
		return v != ""
	}
	return true
}

// ToString is String(v) for the values of this language.
func ToString(v Value) string { return toString(v, 0) }

func toString(v Value, depth int) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case Undefined:
		return "undefined"
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return FormatNumber(v)
	case string:
		return v
	case *List:
		if depth > maxNesting {
			return ""
		}
		parts := make([]string, len(v.Items))
		for i, item := range v.Items {
			switch item.(type) {
			case nil, Undefined:
			default:
				parts[i] = toString(item, depth+1)
			}
		}
		return strings.Join(parts, ",")
	case Func:
		return "function () { [native code] }"
	}
	return "[object Object]"
}

// FormatNumber writes a number as JavaScript does.
func FormatNumber(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0:
		return "0"
	}
	sign := ""
	if f < 0 {
		sign, f = "-", -f
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	digits := strings.Replace(mantissa, ".", "", 1)
	exp, _ := strconv.Atoi(exponent)
	// Number::toString: digits × 10^(n−k), k digits.
	k, n := len(digits), exp+1
	switch {
	case k <= n && n <= 21:
		return sign + digits + strings.Repeat("0", n-k)
	case 0 < n && n <= 21:
		return sign + digits[:n] + "." + digits[n:]
	case -6 < n && n <= 0:
		return sign + "0." + strings.Repeat("0", -n) + digits
	}
	out := digits[:1]
	if k > 1 {
		out += "." + digits[1:]
	}
	if n-1 < 0 {
		return sign + out + "e-" + strconv.Itoa(1-n)
	}
	return sign + out + "e+" + strconv.Itoa(n-1)
}

// ToNumber is Number(v).
func ToNumber(v Value) float64 {
	switch v := v.(type) {
	case nil:
		return 0
	case bool:
		if v {
			return 1
		}
		return 0
	case float64:
		return v
	case string:
		return parseNumber(v)
	case *List:
		return parseNumber(ToString(v))
	}
	return math.NaN()
}

func parseNumber(s string) float64 {
	s = strings.TrimFunc(s, func(r rune) bool { return r != 0x85 && unicode.IsSpace(r) || r == '\ufeff' })
	if s == "" {
		return 0
	}
	if len(s) > 2 && s[0] == '0' {
		radix := map[byte]int{'x': 16, 'o': 8, 'b': 2}[s[1]|0x20]
		if radix != 0 {
			for i := 2; i < len(s); i++ {
				if hexDigit(s[i]) >= radix {
					return math.NaN()
				}
			}
			f, err := strconv.ParseFloat("0x"+hexOf(s[2:], radix)+"p0", 64)
			if err != nil && !math.IsInf(f, 0) {
				return math.NaN()
			}
			return f
		}
	}
	switch s {
	case "Infinity", "+Infinity":
		return math.Inf(1)
	case "-Infinity":
		return math.Inf(-1)
	}
	// ParseFloat also takes hexadecimal floats, underscores, "inf" and "nan", which are no numbers in JavaScript.
	for i := 0; i < len(s); i++ {
		if c := s[i]; !digit(c) && c != '.' && c != 'e' && c != 'E' && c != '+' && c != '-' {
			return math.NaN()
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		return math.NaN()
	}
	return f
}

func toInt32(v Value) int32 { return int32(toUint32(v)) }

func toUint32(v Value) uint32 {
	f := ToNumber(v)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	m := math.Mod(math.Trunc(f), 1<<32)
	if m < 0 {
		m += 1 << 32
	}
	return uint32(m)
}

// toPrimitive is what + and the comparisons do with a list or an object first.
func toPrimitive(v Value) Value {
	switch v.(type) {
	case *List, *Record, Func:
		return ToString(v)
	}
	return v
}

func strictEqual(a, b Value) bool {
	switch a := a.(type) {
	case Func:
		return false // identity of functions cannot be compared in Go
	case float64:
		b, ok := b.(float64)
		return ok && a == b
	}
	if _, isFunc := b.(Func); isFunc {
		return false
	}
	return a == b
}

func isMissing(v Value) bool {
	switch v.(type) {
	case nil, Undefined:
		return true
	}
	return false
}

func isObject(v Value) bool {
	switch v.(type) {
	case *List, *Record, Func:
		return true
	}
	return false
}

func looseEqual(a, b Value) bool {
	switch {
	case isMissing(a) || isMissing(b):
		return isMissing(a) && isMissing(b)
	case isObject(a) && isObject(b):
		return strictEqual(a, b)
	}
	a, b = toPrimitive(a), toPrimitive(b)
	as, aString := a.(string)
	bs, bString := b.(string)
	if aString && bString {
		return as == bs
	}
	return ToNumber(a) == ToNumber(b)
}

// compare orders two values; ok is false when one is not a number.
func compare(a, b Value) (order int, ok bool) {
	a, b = toPrimitive(a), toPrimitive(b)
	if as, isString := a.(string); isString {
		if bs, isString := b.(string); isString {
			return compareUnits(as, bs), true
		}
	}
	x, y := ToNumber(a), ToNumber(b)
	switch {
	case math.IsNaN(x) || math.IsNaN(y):
		return 0, false
	case x < y:
		return -1, true
	case x > y:
		return 1, true
	}
	return 0, true
}

// compareUnits compares by UTF-16 units, which is not the order of UTF-8 bytes beyond U+FFFF.
func compareUnits(a, b string) int {
	x, y := utf16.Encode([]rune(a)), utf16.Encode([]rune(b))
	for i := 0; i < len(x) && i < len(y); i++ {
		if x[i] != y[i] {
			return int(x[i]) - int(y[i])
		}
	}
	return len(x) - len(y)
}
