package fault

import "fmt"

// Checks collects what is wrong with an input, so that a caller learns everything at once. The zero value is ready.
type Checks struct {
	fields []Field
}

// Add notes that a field is wrong.
func (c *Checks) Add(field, format string, args ...any) {
	c.fields = append(c.fields, Field{Name: field, Message: fmt.Sprintf(format, args...), text: text{format, args}})
}

// Require notes that a field is wrong unless ok, and answers ok.
func (c *Checks) Require(ok bool, field, format string, args ...any) bool {
	if !ok {
		c.fields = append(c.fields, Field{Name: field, Message: fmt.Sprintf(format, args...), text: text{format, args}})
	}
	return ok
}

// Include takes over the fields of an error that another check returned, below prefix ("" for none). An error that is
// not an invalid fault is noted as a field named prefix with the message the fault has for outsiders; nil is nothing.
func (c *Checks) Include(prefix string, err error) {
	f := Of(err)
	if f == nil {
		return
	}
	if f.Code == CodeInvalid && len(f.Fields) > 0 {
		c.fields = append(c.fields, f.Under(prefix).Fields...)
		return
	}
	c.fields = append(c.fields, Field{Name: prefix, Message: f.Message, text: f.text})
}

// Failed says whether anything is wrong so far.
func (c *Checks) Failed() bool { return len(c.fields) > 0 }

// Err is nil, or one fault with every field that is wrong.
func (c *Checks) Err() error {
	if len(c.fields) == 0 {
		return nil // not a nil *Fault: an error that is nil must compare as nil
	}
	return invalid(append([]Field(nil), c.fields...))
}
