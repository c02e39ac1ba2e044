package wechat

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// Limits of what comes in.
const (
	maxBody   = 16 << 10
	maxFields = 50
	maxField  = 4 << 10 // bytes of a value
)

// fields are the parameters of a call, from the query and from the body. Of a name that comes twice the first value counts, and
// the query comes before the body.
type fields map[string]string

// readFields reads the parameters of a call. The body is JSON when it begins like an object, whatever its type says: most
// clients do not set one.
// Errors: refusals for what cannot be read or is too large.
func readFields(r *http.Request) (fields, error) {
	in := fields{}
	if err := in.addForm(r.URL.RawQuery); err != nil {
		return nil, err
	}
	if r.Body == nil || r.Body == http.NoBody {
		return in, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) || len(body) > maxBody {
		return nil, bodyTooLarge.is()
	}
	if err != nil {
		return nil, badBody.because("the body broke off")
	}
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	switch {
	case len(body) == 0:
		return in, nil
	case body[0] == '{':
		return in, in.addJSON(body)
	case strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/"):
		return nil, badBody.because("send JSON or a form that is URL-encoded")
	}
	return in, in.addForm(string(body))
}

func (f fields) addForm(text string) error {
	values, err := url.ParseQuery(strings.ReplaceAll(text, ";", "%3B")) // a semicolon separates nothing
	if err != nil {
		return badBody.because("the parameters are not URL-encoded")
	}
	if len(values) > maxFields {
		return badBody.because("there are too many parameters")
	}
	for name, all := range values {
		if err := f.add(name, all[0]); err != nil {
			return err
		}
	}
	return nil
}

func (f fields) addJSON(body []byte) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(body, &object); err != nil {
		return badBody.because("the body is no JSON object")
	}
	if len(object) > maxFields {
		return badBody.because("there are too many parameters")
	}
	for name, raw := range object {
		var text string
		switch {
		case raw[0] == '"':
			if err := json.Unmarshal(raw, &text); err != nil {
				return badBody.because("the body is no JSON object")
			}
		case string(raw) == "null", raw[0] == '{', raw[0] == '[':
			continue // nothing that is read here
		default: // a number, true, false
			text = string(raw)
		}
		if err := f.add(name, text); err != nil {
			return err
		}
	}
	return nil
}

func (f fields) add(name, value string) error {
	if len(value) > maxField || !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
		return badArgs.because("a parameter is too long or no text")
	}
	if _, there := f[name]; !there {
		f[name] = value
	}
	return nil
}
