package jos

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"minimart/platform/fault"
)

// Routes adds the door to mux, at the paths JOS has.
func (s *Service) Routes(mux *http.ServeMux) {
	mux.HandleFunc("/routerjson", s.router)
	mux.HandleFunc("/oauth2/to_login", s.toLogin)
	mux.HandleFunc("/oauth2/access_token", s.accessToken)
	mux.HandleFunc("/oauth2/refresh_token", s.refreshToken)
	// As JD had it before: client_id and client_secret, and one path for both kinds of tokens.
	mux.HandleFunc("/oauth/authorize", s.toLogin)
	mux.HandleFunc("/oauth/token", s.token)
}

// router answers calls of methods. The status is 200 in any case: JD's clients take another one for a broken connection.
func (s *Service) router(w http.ResponseWriter, r *http.Request) {
	name, answer, err := s.call(w, r)
	if err != nil {
		write(w, map[string]refusal{"error_response": answerOf(r.Context(), err)})
		return
	}
	write(w, map[string]any{envelope(name): map[string]any{"code": "0", "result": answer}})
}

func write(w http.ResponseWriter, answer any) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(answer); err != nil {
		panic(err) // texts and numbers: cannot happen
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(bytes.TrimSuffix(b.Bytes(), []byte("\n"))) // the reader may be gone
}

// call is one call from its parameters to its answer.
func (s *Service) call(w http.ResponseWriter, r *http.Request) (name string, answer any, err error) {
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		return "", nil, badCall.because(fault.Invalid("", onlyGetAndPost))
	}
	params, err := readParams(r)
	if err != nil {
		return "", nil, err
	}
	name = params["method"]
	m, until, err := s.check(params)
	if err != nil {
		return "", nil, err
	}
	key, sign := params["app_key"], params["sign"]
	by, err := s.keys.Verify(r.Context(), r, key, func(secret string) bool { return matches(secret, params, sign) })
	if fault.Is(err, fault.CodeUnauthenticated) {
		return "", nil, badSign.because(fault.Unauthenticated(signedNames, printable(key), strings.Join(names(params), " ")))
	}
	if err != nil {
		return "", nil, ofProof(err)
	}
	c := by
	if token := params["access_token"]; token != "" {
		if c, err = s.actingFor(r.Context(), by, token); err != nil {
			return "", nil, err
		}
	}
	in, err := readFields(paramsOf(params))
	if err != nil {
		return "", nil, err
	}
	if err := s.keys.Charge(r.Context(), w.Header(), c, m.scope); err != nil {
		return "", nil, ofAny(err)
	}
	if m.changes {
		first, err := s.seen(r.Context(), key, strings.ToUpper(sign), until)
		if err != nil {
			return "", nil, err
		}
		if !first {
			return "", nil, badCall.because(fault.Conflict(madeBefore))
		}
	}
	answer, err = m.do(r.Context(), c, by, in)
	return name, answer, err
}

// paramsOf is the text of a method's parameters: where version 2.0 has it, or where 1.0 does.
func paramsOf(params map[string]string) string {
	if text, there := params[paramJSON]; there {
		return text
	}
	return params["param_json"]
}

// names are the parameters that are signed, as far as they can be shown.
func names(params map[string]string) []string {
	var out []string
	for name := range params {
		if name != "sign" {
			out = append(out, printable(name))
		}
	}
	slices.Sort(out)
	return out
}
