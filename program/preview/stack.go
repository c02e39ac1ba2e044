package preview

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-sourcemap/sourcemap"

	"minimart/program/build"
)

// position is a place in a bundle as a browser's stack names it. Bundles carry their file name as sourceURL.
var position = regexp.MustCompile(`([0-9a-f]{32}\.js):(\d+):(\d+)`)

// limits of what one stack may make us do.
const (
	maxStack     = 16 << 10
	maxPositions = 100
)

// sources finds the source line of a place in a bundle.
type sources struct {
	maps    map[string]*sourcemap.Consumer
	bundles map[string]string // text of the bundles that have a map
}

func newSources(raw map[string][]byte, files []build.File) sources {
	s := sources{maps: map[string]*sourcemap.Consumer{}, bundles: map[string]string{}}
	for name, text := range raw {
		if c, err := sourcemap.Parse("", text); err == nil {
			s.maps[name] = c
		}
	}
	for _, f := range files {
		if s.maps[f.Name] != nil {
			s.bundles[f.Name] = string(f.Bytes)
		}
	}
	return s
}

// minCode is how long the beginning of a function must be to say which one it is.
const minCode = 8

// find answers the source place of code, as a function's text begins, when it is in the bundles exactly once.
func (s sources) find(code string) string {
	if len(code) < minCode {
		return ""
	}
	var place string
	for name, text := range s.bundles {
		at := strings.Index(text, code)
		if at < 0 {
			continue
		}
		if place != "" || strings.Contains(text[at+1:], code) {
			return ""
		}
		before := text[:at]
		line := strings.Count(before, "\n") + 1
		column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
		place, _ = s.source(name, strconv.Itoa(line), strconv.Itoa(column))
	}
	return place
}

// locate turns every place of a stack into a source place and returns the first that is in the program's own code.
func (s sources) locate(stack string) (mapped, where string) {
	if len(stack) > maxStack {
		stack = stack[:maxStack]
	}
	left := maxPositions
	mapped = position.ReplaceAllStringFunc(stack, func(place string) string {
		if left--; left < 0 {
			return place
		}
		m := position.FindStringSubmatch(place)
		source, ok := s.source(m[1], m[2], m[3])
		if !ok {
			return place
		}
		if where == "" {
			where = source
		}
		return source
	})
	return tidy(mapped), where
}

func (s sources) source(bundle, lineText, columnText string) (place string, ok bool) {
	c := s.maps[bundle]
	line, err1 := strconv.Atoi(lineText)
	column, err2 := strconv.Atoi(columnText)
	if c == nil || err1 != nil || err2 != nil {
		return "", false
	}
	// A program may bring its own source maps, and the library indexes by what they say.
	defer func() {
		if recover() != nil {
			place, ok = "", false
		}
	}()
	file, _, sourceLine, sourceColumn, found := c.Source(line, column-1)
	if !found || file == "" || strings.HasPrefix(file, "(") {
		return "", false
	}
	return fmt.Sprintf("%s:%d:%d", file, sourceLine, sourceColumn+1), true
}

// tidy drops the lines of a stack that are the runtime's own, when others remain.
func tidy(stack string) string {
	var own []string
	for line := range strings.Lines(stack) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(strings.TrimSpace(line), "at ") && (strings.Contains(line, "blob:") || position.MatchString(line)) {
			continue
		}
		own = append(own, line)
	}
	return strings.Join(own, "\n")
}
