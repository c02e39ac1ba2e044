package review

import (
	"html"
	"regexp"
	"strings"

	"minimart/program/pkgfile/jsonc"
)

// shownAttributes are those whose values people read.
var shownAttributes = map[string]bool{
	"placeholder": true, "title": true, "alt": true, "aria-label": true, "confirm-text": true, "cancel-text": true, "label": true,
	"content": true, "text": true, "value": true, "header": true, "desc": true, "description": true, "name": true, "tip": true,
}

// generated finds the templates that frameworks write for every program alike: Taro's base holds each component once, whatever
// the program uses.
var generated = regexp.MustCompile(`<template name="tmpl_0_`)

// template reads a template file. The compiler has parsed it properly when it was built; here it is enough to see tags,
// attributes and texts, and to go on whatever stands there.
func (g *gatherer) template(file string) {
	src := string(g.pkg.Files[file])
	m := &markup{gatherer: g, src: src, spot: newSpot(file, g.pkg.Files[file]), sure: !generated.MatchString(src)}
	m.read()
}

type markup struct {
	*gatherer
	spot
	src  string
	pos  int
	sure bool
}

func (m *markup) read() {
	for m.pos < len(m.src) {
		rest := m.src[m.pos:]
		switch {
		case strings.HasPrefix(rest, "<!--"):
			m.skip("-->")
		case strings.HasPrefix(rest, "<!"), strings.HasPrefix(rest, "<?"), strings.HasPrefix(rest, "</"):
			m.skip(">")
		case len(rest) > 1 && rest[0] == '<' && nameByte(rest[1]):
			m.tag()
		default:
			m.chars()
		}
	}
}

func (m *markup) skip(end string) {
	if i := strings.Index(m.src[m.pos:], end); i >= 0 {
		m.pos += i + len(end)
	} else {
		m.pos = len(m.src)
	}
}

func nameByte(c byte) bool {
	return c == '_' || c == '-' || c == ':' || c == '.' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }

// chars reads up to the next tag; a '<' inside {{ }} is none.
func (m *markup) chars() {
	start := m.pos
	m.pos++ // whatever it is, it begins no tag
	if strings.HasPrefix(m.src[start:], "{{") {
		m.pos = start
	}
	for m.pos < len(m.src) {
		stop := strings.IndexAny(m.src[m.pos:], "<{")
		if stop < 0 {
			m.pos = len(m.src)
			break
		}
		m.pos += stop
		if m.src[m.pos] == '<' {
			break
		}
		m.pos = afterBraces(m.src, m.pos)
	}
	m.say(m.src[start:m.pos], start, "", true)
}

// widest is how far the end of {{ }} is searched for.
const widest = 4096

// afterBraces is behind the }} that closes what opens at i, or one on where nothing does.
func afterBraces(s string, i int) int {
	if strings.HasPrefix(s[i:], "{{") {
		if end := strings.Index(s[i:min(len(s), i+widest)], "}}"); end >= 0 {
			return i + end + 2
		}
	}
	return i + 1
}

func (m *markup) tag() {
	m.pos++
	start := m.pos
	for m.pos < len(m.src) && nameByte(m.src[m.pos]) {
		m.pos++
	}
	tag := m.src[start:m.pos]
	m.note(m.components, tag, m.sure, m.at(start))
	for m.pos < len(m.src) {
		c := m.src[m.pos]
		switch {
		case c == '>':
			m.pos++
			if tag == m.pkg.Dialect.Tag && m.src[m.pos-2] != '/' {
				m.module(tag)
			}
			return
		case c == '<':
			return
		case blank(c) || c == '/' || c == '=' || c == '"' || c == '\'':
			m.pos++
		default:
			m.attribute(tag)
		}
	}
}

func (m *markup) attribute(tag string) {
	start := m.pos
	for m.pos < len(m.src) && !blank(m.src[m.pos]) && strings.IndexByte("=/><\"'", m.src[m.pos]) < 0 {
		m.pos++
	}
	name := m.src[start:m.pos]
	after := m.pos
	for after < len(m.src) && blank(m.src[after]) {
		after++
	}
	value, at := "", start
	if after < len(m.src) && m.src[after] == '=' {
		m.pos = after + 1
		for m.pos < len(m.src) && blank(m.src[m.pos]) {
			m.pos++
		}
		value, at = m.value()
	}
	place := m.at(start)
	m.note(m.components, tag+"."+name, m.sure, place)
	if value != "" && len(value) <= 60 && !strings.Contains(value, "{{") {
		m.note(m.components, tag+"."+name+"="+value, m.sure, place)
	}
	if strings.HasPrefix(name, m.pkg.Dialect.Prefix) || strings.HasPrefix(name, "bind") || strings.HasPrefix(name, "catch") || name == "class" || name == "style" {
		return
	}
	m.say(value, at, name, shownAttributes[name])
}

// value reads the value of an attribute. A quote inside {{ }} ends it only where the braces stay open otherwise.
func (m *markup) value() (value string, at int) {
	if m.pos >= len(m.src) {
		return "", m.pos
	}
	quote := m.src[m.pos]
	if quote != '"' && quote != '\'' {
		at = m.pos
		for m.pos < len(m.src) && !blank(m.src[m.pos]) && m.src[m.pos] != '>' {
			if m.src[m.pos] == '{' {
				m.pos = min(afterBraces(m.src, m.pos), len(m.src))
				continue
			}
			m.pos++
		}
		return m.src[at:m.pos], at
	}
	m.pos++
	at = m.pos
	for m.pos < len(m.src) && m.src[m.pos] != quote {
		if m.src[m.pos] == '{' {
			m.pos = min(afterBraces(m.src, m.pos), len(m.src))
			continue
		}
		m.pos++
	}
	value = m.src[at:min(m.pos, len(m.src))]
	m.pos = min(m.pos+1, len(m.src))
	return value, at
}

// module reads the code of <jds> or <wxs>.
func (m *markup) module(tag string) {
	start := m.pos
	end := strings.Index(m.src[start:], "</"+tag)
	if end < 0 {
		end = len(m.src) - start
	}
	m.pos = start + end
	m.code(m.src[start:m.pos], func(offset int) Place { return m.at(start + offset) })
}

// say enters a text with what its expressions may say: the fixed parts joined, since a reader sees no seam, and each string
// inside {{ }}.
func (m *markup) say(raw string, at int, key string, visible bool) {
	if strings.TrimSpace(raw) == "" {
		return
	}
	if !strings.Contains(raw, "{{") {
		lead := len(raw) - len(strings.TrimLeft(raw, " \t\r\n\f"))
		m.text(text{value: strings.TrimSpace(html.UnescapeString(raw)), place: m.at(at + lead), from: inTemplate, key: key, visible: visible})
		return
	}
	var fixed strings.Builder
	first := -1
	for i := 0; i < len(raw); {
		open := strings.Index(raw[i:], "{{")
		end := -1
		if open >= 0 {
			end = afterBraces(raw, i+open)
		}
		if open < 0 || end < i+open+4 {
			if first < 0 {
				first = i
			}
			fixed.WriteString(raw[i:])
			break
		}
		if open > 0 {
			if first < 0 && strings.TrimSpace(raw[i:i+open]) != "" {
				first = i
			}
			fixed.WriteString(raw[i : i+open])
		}
		m.strings(raw[i+open+2:end-2], at+i+open+2, key, visible)
		i = end
	}
	if s := strings.TrimSpace(html.UnescapeString(fixed.String())); s != "" {
		m.text(text{value: s, place: m.at(at + max(first, 0)), from: inTemplate, key: key, visible: visible})
	}
}

// strings enters the string literals of an expression.
func (m *markup) strings(expr string, at int, key string, visible bool) {
	for i := 0; i < len(expr); i++ {
		quote := expr[i]
		if quote != '"' && quote != '\'' {
			continue
		}
		end := i + 1
		for end < len(expr) && expr[end] != quote {
			if expr[end] == '\\' {
				end++
			}
			end++
		}
		if end >= len(expr) {
			return
		}
		if value := unescape([]byte(expr[i+1 : end])); len(value) > 1 {
			m.text(text{value: value, place: m.at(at + i), from: inTemplate, key: key, visible: visible && han(value)})
		}
		i = end
	}
}

// shownKeys are the keys of configuration whose values people read.
var shownKeys = map[string]bool{
	"navigationBarTitleText": true, "text": true, "title": true, "desc": true, "description": true, "name": true, "label": true,
	"placeholder": true, "content": true, "summary": true, "subtitle": true,
}

// json reads a configuration or data file.
func (g *gatherer) json(file string) {
	src := g.pkg.Files[file]
	root, problem := jsonc.Parse(src)
	if problem != nil {
		return // the compiler tells what is wrong with those it reads
	}
	if len(src) > largeConstant {
		g.constants = append(g.constants, constant{Place{File: file}, len(src)})
	}
	s := newSpot(file, src)
	var walk func(v *jsonc.Value, key string, depth int)
	walk = func(v *jsonc.Value, key string, depth int) {
		if depth > 200 {
			return
		}
		switch v.Kind {
		case jsonc.String:
			if len(v.Text) > 1 && !strings.HasPrefix(v.Text, "data:") {
				g.text(text{value: v.Text, place: s.at(v.Offset), from: inConfig, key: key, visible: han(v.Text) || shownKeys[key]})
			}
		case jsonc.Array:
			for _, item := range v.Items {
				walk(item, key, depth+1)
			}
		case jsonc.Object:
			for _, member := range v.Members {
				walk(member.Value, member.Key, depth+1)
			}
		}
	}
	walk(root, "", 0)
}
