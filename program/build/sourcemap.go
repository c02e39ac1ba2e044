package build

import (
	"encoding/json"
	"strings"
)

// bundleText collects the text of a bundle and the source maps of its parts: an index map (Source Map v3, "sections").
type bundleText struct {
	text     strings.Builder
	line     int // lines written so far
	sections []section
}

type section struct {
	Offset offset          `json:"offset"`
	Map    json.RawMessage `json:"map"`
}

type offset struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// add writes text as whole lines; sourceMap, when there is one, is that of the text.
func (s *bundleText) add(text string, sourceMap []byte) {
	if text == "" {
		return
	}
	if len(sourceMap) > 0 {
		s.sections = append(s.sections, section{Offset: offset{Line: s.line}, Map: sourceMap})
	}
	s.text.WriteString(text)
	s.line += strings.Count(text, "\n")
	if !strings.HasSuffix(text, "\n") {
		s.text.WriteByte('\n')
		s.line++
	}
	if len(sourceMap) > 0 {
		// Close the section, so that what follows is not taken for the last line of this source.
		s.sections = append(s.sections, section{Offset: offset{Line: s.line}, Map: emptyMap})
	}
}

// noSource is the name a position has that comes from no source file.
const noSource = "(bundle)"

var emptyMap = json.RawMessage(`{"version":3,"sources":["` + noSource + `"],"names":[],"mappings":"AAAA"}`)

// sourceMap returns the index map, nil when no part has one.
func (s *bundleText) sourceMap() []byte {
	if len(s.sections) == 0 {
		return nil
	}
	out, err := json.Marshal(struct {
		Version  int       `json:"version"`
		Sections []section `json:"sections"`
	}{3, s.sections})
	if err != nil {
		return nil // a part's map was not JSON; the bundle then has none
	}
	return out
}
