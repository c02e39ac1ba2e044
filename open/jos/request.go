package jos

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"minimart/platform/fault"
)

// Limits of what comes in.
const (
	maxBody   = 256 << 10
	maxQuery  = 64 << 10
	maxParams = 40
	maxName   = 64
	maxFields = 40 // of 360buy_param_json
	maxField  = 10 << 10
)

// Parameters that the gateway reads itself.
const (
	paramJSON = "360buy_param_json"
	paramFile = "360buy_file"
)

// readParams reads the parameters of a call out of query and form, decoded. JD's clients put the system's parameters into the
// one and the method's into the other. A name that comes twice is refused, because what is signed would not be what is read;
// the same value in both places is not.
// Errors: refusals.
func readParams(r *http.Request) (map[string]string, error) {
	params := map[string]string{}
	if len(r.URL.RawQuery) > maxQuery {
		return nil, badFormat.because(fault.Invalid("", queryTooLong, maxQuery))
	}
	if err := addParams(params, r.URL.RawQuery); err != nil {
		return nil, err
	}
	if r.Body == nil || r.Body == http.NoBody {
		return params, nil
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if strings.HasPrefix(kind, "multipart/") {
		return nil, badFormat.because(fault.Invalid("", noUploads))
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) || len(body) > maxBody {
		return nil, badFormat.because(fault.Invalid("", bodyTooLarge, maxBody))
	}
	if err != nil {
		return nil, badFormat.because(fault.Invalid("", bodyBroken))
	}
	form := map[string]string{}
	if err := addParams(form, string(body)); err != nil {
		return nil, err
	}
	for name, value := range form {
		if before, there := params[name]; there && before != value {
			return nil, badFormat.because(fault.Invalid("", comesTwice, printable(name)))
		}
		params[name] = value
	}
	if _, there := params[paramFile]; there {
		return nil, badFormat.because(fault.Invalid("", noUploads))
	}
	return params, nil
}

func addParams(params map[string]string, text string) error {
	// A client from npm sends its JSON as it is: a semicolon in it is one.
	values, err := url.ParseQuery(strings.ReplaceAll(text, ";", "%3B"))
	if err != nil {
		return badFormat.because(fault.Invalid("", notEncoded))
	}
	if len(values) > maxParams {
		return badFormat.because(fault.Invalid("", tooManyParams, len(values), maxParams))
	}
	for name, all := range values {
		if len(name) > maxName || !utf8.ValidString(name) || !utf8.ValidString(all[0]) {
			return badFormat.because(fault.Invalid("", notText, printable(name)))
		}
		if len(all) > 1 {
			return badFormat.because(fault.Invalid("", comesTwice, printable(name)))
		}
		params[name] = all[0]
	}
	return nil
}

// fields are the parameters of a method: texts, numbers and truth values as texts, the rest as it came.
type fields map[string]string

// readFields reads 360buy_param_json. None is the same as an empty object.
func readFields(text string) (fields, error) {
	out := fields{}
	if strings.TrimSpace(text) == "" {
		return out, nil
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var object map[string]json.RawMessage
	if err := d.Decode(&object); err != nil || object == nil {
		return nil, badJSON.because(fault.Invalid("", noObject, paramJSON))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, badJSON.because(fault.Invalid("", noObject, paramJSON))
	}
	if len(object) > maxFields {
		return nil, badJSON.because(fault.Invalid("", tooManyParams, len(object), maxFields))
	}
	for name, raw := range object {
		raw = bytes.TrimSpace(raw)
		value := string(raw)
		switch {
		case raw[0] == '"':
			if err := json.Unmarshal(raw, &value); err != nil {
				return nil, badJSON.because(fault.Invalid("", noObject, paramJSON))
			}
		case value == "null":
			continue
		}
		if len(value) > maxField || strings.ContainsRune(value, 0) {
			return nil, badValue.because(fault.Invalid("", fieldTooLong, printable(name), maxField))
		}
		out[name] = value
	}
	return out, nil
}

// id is a field that names something.
func (f fields) id(name string) (string, error) {
	v := strings.TrimSpace(f[name])
	if v == "" || len(v) > 128 || printable(v) != v {
		return "", badValue.because(fault.Invalid("", fieldMissing, name))
	}
	return v, nil
}

// printable is a text from outside that may stand in an answer: its first 128 visible ASCII characters.
func printable(text string) string {
	return strings.Map(func(c rune) rune {
		if c <= ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' {
			return -1
		}
		return c
	}, text[:min(len(text), 128)])
}
