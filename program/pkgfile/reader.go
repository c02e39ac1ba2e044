package pkgfile

import (
	"fmt"

	"minimart/program/diag"
	"minimart/program/pkgfile/jsonc"
)

// reader reads typed values out of one JSON file and tells what has the wrong
// type at its place.
type reader struct {
	file  string
	src   []byte
	lines *diag.Lines // built at the first finding
	list  *diag.List
}

func newReader(file string, src []byte, list *diag.List) *reader {
	return &reader{file: file, src: src, list: list}
}

// parse returns the object in the file, or nil after telling why there is none.
func (r *reader) parse() *jsonc.Value {
	v, problem := jsonc.Parse(r.src)
	if problem != nil {
		r.at(problem.Offset, diag.SeverityError, problem.Message, problem.Hint)
		return nil
	}
	if v.Kind != jsonc.Object {
		r.fail(v, "", "expected an object, found %s", v.Kind)
		return nil
	}
	return v
}

func (r *reader) at(offset int, severity diag.Severity, message, hint string) {
	if r.lines == nil {
		r.lines = diag.NewLines(r.src)
	}
	line, column := r.lines.At(offset)
	r.list.Add(diag.Diagnostic{File: r.file, Line: line, Column: column, Message: message, Hint: hint, Severity: severity})
}

func (r *reader) fail(v *jsonc.Value, hint, format string, args ...any) {
	r.at(v.Offset, diag.SeverityError, fmt.Sprintf(format, args...), hint)
}

func (r *reader) warn(v *jsonc.Value, hint, format string, args ...any) {
	r.at(v.Offset, diag.SeverityWarning, fmt.Sprintf(format, args...), hint)
}

// get returns the value of key when it has the kind; null counts as absent.
func (r *reader) get(object *jsonc.Value, key string, kind jsonc.Kind) *jsonc.Value {
	v := object.Get(key)
	if v == nil || v.Kind == jsonc.Null {
		return nil
	}
	if v.Kind != kind {
		r.fail(v, "", "%s must be %s, found %s", key, kind, v.Kind)
		return nil
	}
	return v
}

func (r *reader) text(object *jsonc.Value, key string) string {
	if v := r.get(object, key, jsonc.String); v != nil {
		return v.Text
	}
	return ""
}

func (r *reader) truth(object *jsonc.Value, key string) bool {
	v := r.get(object, key, jsonc.Bool)
	return v != nil && v.Truth
}

// texts returns the string items of an array; other items are told.
func (r *reader) texts(object *jsonc.Value, key string) []*jsonc.Value {
	list := r.get(object, key, jsonc.Array)
	if list == nil {
		return nil
	}
	out := make([]*jsonc.Value, 0, len(list.Items))
	for i, item := range list.Items {
		if item.Kind != jsonc.String {
			r.fail(item, "", "%s[%d] must be a string, found %s", key, i, item.Kind)
			continue
		}
		out = append(out, item)
	}
	return out
}

// guess returns a "did you mean" hint while there is room to show one.
func (r *reader) guess(word string, candidates []string) string {
	if r.list.Full() {
		return ""
	}
	return diag.DidYouMean(word, candidates)
}
