package jsonc

import (
	"bytes"
	"encoding/json"
)

// Kind is the type of a value.
type Kind uint8

// The kinds. The zero value of a Value is null.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

// String names the kind with its article, as used in messages.
func (k Kind) String() string {
	return [...]string{"null", "a boolean", "a number", "a string", "an array", "an object"}[k]
}

// Value is one value of a document. Offset and End are byte offsets into the
// source. Methods may be called on a nil Value, which stands for "not there".
type Value struct {
	Kind        Kind
	Offset, End int
	Truth       bool     // Bool
	Text        string   // String: decoded. Number: as written
	Items       []*Value // Array
	Members     []Member // Object, in source order; a repeated key keeps its last value
}

// Member is one key and its value.
type Member struct {
	Key       string
	KeyOffset int
	Value     *Value
}

// Get returns the value of key, or nil if v is no object or has no such key.
func (v *Value) Get(key string) *Value {
	if v == nil || v.Kind != Object {
		return nil
	}
	for i := range v.Members {
		if v.Members[i].Key == key {
			return v.Members[i].Value
		}
	}
	return nil
}

// Is reports whether the value is there and of kind k.
func (v *Value) Is(k Kind) bool { return v != nil && v.Kind == k }

// Keys lists the keys of an object in source order.
func (v *Value) Keys() []string {
	if v == nil {
		return nil
	}
	keys := make([]string, len(v.Members))
	for i := range v.Members {
		keys[i] = v.Members[i].Key
	}
	return keys
}

// JSON renders the value as strict JSON without spaces; a nil value is null.
// Keys keep their order.
func (v *Value) JSON() json.RawMessage {
	var b bytes.Buffer
	v.write(&b)
	return b.Bytes()
}

func (v *Value) write(b *bytes.Buffer) {
	if v == nil {
		b.WriteString("null")
		return
	}
	switch v.Kind {
	case Null:
		b.WriteString("null")
	case Bool:
		if v.Truth {
			b.WriteString("true")
		} else {
			b.WriteString("false")
		}
	case Number:
		b.WriteString(v.Text)
	case String:
		writeString(b, v.Text)
	case Array:
		b.WriteByte('[')
		for i, item := range v.Items {
			if i > 0 {
				b.WriteByte(',')
			}
			item.write(b)
		}
		b.WriteByte(']')
	case Object:
		b.WriteByte('{')
		for i, m := range v.Members {
			if i > 0 {
				b.WriteByte(',')
			}
			writeString(b, m.Key)
			b.WriteByte(':')
			m.Value.write(b)
		}
		b.WriteByte('}')
	}
}

func writeString(b *bytes.Buffer, s string) {
	quoted, err := json.Marshal(s)
	if err != nil { // cannot happen: every string can be marshalled
		panic(err)
	}
	b.Write(quoted)
}

// merge adds a member; a repeated key takes the later value, in the earlier place.
func (v *Value) merge(m Member, index map[string]int) {
	if at, repeated := index[m.Key]; repeated {
		v.Members[at] = m
		return
	}
	index[m.Key] = len(v.Members)
	v.Members = append(v.Members, m)
}
