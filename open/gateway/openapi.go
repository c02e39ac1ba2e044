package gateway

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"minimart/platform/httpapi"
)

const (
	// OpenPrefix begins the paths of the open API.
	OpenPrefix = "/open/v1/"
	// DocumentPath is where the document of the open API is.
	DocumentPath = "/open/v1/openapi.json"
)

// Document is the OpenAPI 3.1 document of the operations under /open/v1 that are registered with api by now: their paths,
// the schemas and security schemes they name, and nothing of the rest of the program. The same operations give the same bytes.
func Document(api huma.API) ([]byte, error) {
	whole, err := json.Marshal(api.OpenAPI())
	if err != nil {
		return nil, err
	}
	var doc struct {
		OpenAPI    string                                `json:"openapi"`
		Info       json.RawMessage                       `json:"info"`
		Paths      map[string]json.RawMessage            `json:"paths"`
		Components map[string]map[string]json.RawMessage `json:"components"`
	}
	if err := json.Unmarshal(whole, &doc); err != nil {
		return nil, err
	}
	components := map[string]map[string]json.RawMessage{}
	for path, item := range doc.Paths {
		if !strings.HasPrefix(path, OpenPrefix) {
			delete(doc.Paths, path)
			continue
		}
		if err := needs(item, doc.Components, components); err != nil {
			return nil, err
		}
	}
	doc.Components = components
	return json.Marshal(doc)
}

// needs adds to found what a part of a document refers to, and what that refers to.
func needs(part json.RawMessage, all, found map[string]map[string]json.RawMessage) error {
	var tree any
	if err := json.Unmarshal(part, &tree); err != nil {
		return err
	}
	need := func(kind, name string) error {
		if _, known := found[kind][name]; known {
			return nil
		}
		it, there := all[kind][name]
		if !there {
			return fmt.Errorf("gateway: the document refers to %s %s, which is not in it", kind, name)
		}
		if found[kind] == nil {
			found[kind] = map[string]json.RawMessage{}
		}
		found[kind][name] = it
		return needs(it, all, found)
	}
	var walk func(v any) error
	walk = func(v any) error {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				if err := walk(e); err != nil {
					return err
				}
			}
		case map[string]any:
			for key, e := range v {
				var err error
				ref, isText := e.(string)
				list, isList := e.([]any)
				switch {
				case key == "$ref" && isText:
					kind, name, _ := strings.Cut(strings.TrimPrefix(ref, "#/components/"), "/")
					err = need(kind, name)
				case key == "security" && isList:
					for _, one := range list {
						schemes, _ := one.(map[string]any)
						for name := range schemes {
							if err = need("securitySchemes", name); err != nil {
								return err
							}
						}
					}
				default:
					err = walk(e)
				}
				if err != nil {
					return err
				}
			}
		}
		return nil
	}
	return walk(tree)
}

// Publish serves the document of the open API at /open/v1/openapi.json, to anybody. It is made when it is first asked for:
// all operations must be registered by then.
func Publish(mux *http.ServeMux, api huma.API) {
	type published struct {
		body []byte
		tag  string
	}
	document := sync.OnceValues(func() (published, error) {
		body, err := Document(api)
		sum := sha256.Sum256(body)
		return published{body, `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}, err
	})
	mux.Handle("GET "+DocumentPath, httpapi.HandlerFunc(func(w http.ResponseWriter, r *http.Request) error {
		d, err := document()
		if err != nil {
			return err
		}
		h := w.Header()
		h.Set("ETag", d.tag)
		h.Set("Cache-Control", "public, max-age=300")
		h.Set("Access-Control-Allow-Origin", "*") // it is public, and tools in browsers read it
		if matches(r.Header.Get("If-None-Match"), d.tag) {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
		h.Set("Content-Type", "application/openapi+json;version=3.1")
		h.Set("Content-Length", strconv.Itoa(len(d.body)))
		_, _ = w.Write(d.body) // the reader may be gone
		return nil
	}))
}

// matches compares weakly, as RFC 9110 has it for If-None-Match: the edge compresses, and weakens the tag then.
func matches(header, tag string) bool {
	return slices.ContainsFunc(strings.Split(header, ","), func(t string) bool {
		t = strings.TrimSpace(t)
		return t == "*" || strings.TrimPrefix(t, "W/") == tag
	})
}
