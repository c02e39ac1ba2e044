package relay

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/http/httpguts"
)

// wanted is what a program asks for.
type wanted struct {
	url    *url.URL
	method string
	header http.Header
}

var methods = map[string]bool{"GET": true, "POST": true, "PUT": true, "DELETE": true, "HEAD": true, "OPTIONS": true, "PATCH": true}

const maxMeta, maxURL, maxHeaders = 48 << 10, 8 << 10, 100

// ownHeaders are those a program cannot set: they belong to the connection, or say who asks, and that is us.
var ownHeaders = map[string]bool{
	"Host": true, "Content-Length": true, "Connection": true, "Keep-Alive": true, "Te": true, "Trailer": true,
	"Transfer-Encoding": true, "Upgrade": true, "Expect": true, "Accept-Encoding": true, "Origin": true, "Referer": true, "Via": true,
	"Forwarded": true,
}

func ownHeader(name string) bool {
	return ownHeaders[name] || strings.HasPrefix(name, "Proxy-") || strings.HasPrefix(name, "Sec-") || strings.HasPrefix(name, "X-Forwarded-") ||
		name == "X-Real-Ip"
}

// readWanted reads X-Minimart-Request.
func readWanted(text string) (*wanted, error) {
	if text == "" {
		return nil, badArgument("the header X-Minimart-Request is missing")
	}
	if len(text) > maxMeta {
		return nil, badArgument(fmt.Sprintf("the request's header has %d bytes, at most %d fit", len(text), maxMeta))
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
	if err != nil {
		return nil, badArgument("the header X-Minimart-Request is no base64url")
	}
	var in struct {
		URL    string
		Method string
		Header map[string]string
	}
	if err := json.Unmarshal(raw, &in); err != nil || !utf8.Valid(raw) {
		return nil, badArgument(`the header X-Minimart-Request is no JSON like {"url":"https://…","method":"GET","header":{}}`)
	}
	w := &wanted{method: strings.ToUpper(in.Method), header: http.Header{}}
	if w.method == "" {
		w.method = http.MethodGet
	}
	if !methods[w.method] {
		return nil, badArgument("method " + cut(in.Method, 20) + " is not supported")
	}
	if w.url, err = readURL(in.URL); err != nil {
		return nil, err
	}
	if len(in.Header) > maxHeaders {
		return nil, badArgument(fmt.Sprintf("%d header fields, at most %d fit", len(in.Header), maxHeaders))
	}
	for name, value := range in.Header {
		if !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value) {
			return nil, badArgument("the header field " + cut(fmt.Sprintf("%q", name), 60) + " is malformed")
		}
		if name = http.CanonicalHeaderKey(name); !ownHeader(name) {
			w.header.Add(name, value)
		}
	}
	// Cookies the program keeps itself are its own; the consumer's for this platform were never in here.
	if w.header.Get("User-Agent") == "" {
		w.header.Set("User-Agent", "Minimart-Relay/1")
	}
	return w, nil
}

func readURL(text string) (*url.URL, error) {
	if len(text) > maxURL {
		return nil, badURL(text)
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Hostname() == "" || u.Opaque != "" {
		return nil, badURL(text)
	}
	if u.User != nil {
		return nil, badArgument("url must not carry a user name or password")
	}
	if u.Scheme != "https" && u.Scheme != "http" {
		return nil, badURL(text)
	}
	if p := u.Port(); strings.HasSuffix(u.Host, ":") || p != "" && !validPort(p) {
		return nil, badURL(text)
	}
	u.Host = strings.ToLower(u.Host)
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

func validPort(p string) bool {
	n := 0
	for _, c := range p {
		if n = n*10 + int(c-'0'); n > 65535 {
			return false
		}
	}
	return n > 0
}

// replayable is how much of a body is kept, so that it can be sent again where a redirect says so (307, 308). A target that
// redirects a larger one gets its own redirect reported as the answer.
const replayable = 1 << 20

// request is the request to send, with the body of the incoming one.
func (w *wanted) request(ctx context.Context, body io.Reader) (*http.Request, error) {
	head, err := io.ReadAll(io.LimitReader(body, replayable+1))
	if err != nil {
		return nil, err
	}
	var content io.Reader = bytes.NewReader(head) // net/http knows how to read this one twice
	if len(head) > replayable {
		content = io.MultiReader(bytes.NewReader(head), body)
	} else if len(head) == 0 {
		content = nil
	}
	out, err := http.NewRequestWithContext(ctx, w.method, w.url.String(), content)
	if err != nil {
		return nil, badURL(w.url.String())
	}
	out.Header = w.header
	return out, nil
}

// hop are headers of an answer that are about the connection to the target, which the program does not have.
var hop = map[string]bool{
	"Connection": true, "Keep-Alive": true, "Proxy-Authenticate": true, "Proxy-Authorization": true, "Te": true, "Trailer": true,
	"Transfer-Encoding": true, "Upgrade": true, "Alt-Svc": true,
}

// answerMeta is X-Minimart-Response: the status and the header of the target. Cookies are in it as text: the target never
// sets one on this origin.
func answerMeta(resp *http.Response) (string, error) {
	header := map[string]any{}
	for name, values := range resp.Header {
		if hop[name] {
			continue
		}
		if len(values) == 1 {
			header[name] = strings.ToValidUTF8(values[0], "\uFFFD")
			continue
		}
		list := make([]string, len(values))
		for i, v := range values {
			list[i] = strings.ToValidUTF8(v, "\uFFFD")
		}
		header[name] = list
	}
	text, err := json.Marshal(map[string]any{"status": resp.StatusCode, "header": header})
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(text), nil
}

func cut(s string, n int) string {
	if len(s) > n {
		s = s[:n] + "…"
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
