package template

import (
	"strings"
	"testing"
	"time"

	"minimart/program/diag"
)

// sound checks what must hold for every input: each finding lies in a file of the package, and what is emitted is
// JavaScript, where it is parsed.
func sound(t *testing.T, files pack, path string, parsed bool) {
	t.Helper()
	c := New(files, JD)
	out := c.File(path)
	list := c.CheckUnit(Unit{Path: "unit", File: path, Using: []string{"price-tag"}})
	for _, d := range append(out.Diags.All(), list.All()...) {
		if strings.HasPrefix(d.Message, "… and ") {
			continue
		}
		src, ok := files[d.File]
		if !ok || d.Message == "" {
			t.Fatalf("a finding outside the package: %+v", d)
		}
		if lines := diag.NewLines([]byte(src)); d.Line < 1 || d.Line > lines.Count() || d.Column < 1 || lines.Offset(d.Line, d.Column) > len(src) {
			t.Fatalf("%v: outside of a file of %d lines", d, lines.Count())
		}
	}
	if parsed {
		mustBeJavaScript(t, out.View+out.Skeleton)
	}
	for _, m := range out.Modules {
		if m.Inline && m.Code != "" && files[path][m.Offset:m.Offset+len(m.Code)] != m.Code {
			t.Fatalf("module %s is not at its place", m.Name)
		}
	}
}

func TestATemplateCutAnywhereIsAnsweredWithPlaces(t *testing.T) {
	files := rich(t)
	page := files["page.jxml"] + `<jds module="n">var a = "</view>"</jds><view a='b' c=d {{e}} f={{g}}/>&lt;&#20013;&bad;<!-- c --><text>中文 {{a}}</text>`
	step := 1
	if testing.Short() {
		step = 17
	}
	for cut := 0; cut <= len(page); cut += step {
		files["page.jxml"] = page[:cut]
		sound(t, files, "page.jxml", cut%16 == 0)
	}
}

func TestATemplateWithACharacterMissingOrDoubledIsAnsweredWithPlaces(t *testing.T) {
	files := rich(t)
	page := files["page.jxml"]
	for i := 0; i < len(page); i += 3 {
		files["page.jxml"] = page[:i] + page[i+1:]
		sound(t, files, "page.jxml", i%16 == 0)
		files["page.jxml"] = page[:i] + page[i:i+1] + page[i:]
		sound(t, files, "page.jxml", i%16 == 0)
	}
}

func TestHostileTemplatesAreReadInLinearTime(t *testing.T) {
	for _, piece := range []string{
		"<view a=\"{{\" ", "{{", "<", "</", "<a b=", "<a b='{{\"", "<view>", "<input>", "<!--", "&", "&#x", "<jds>", "<view a={{", "a<!---->", "{{a}}<!---->", "<block>a</block>", "<block>", "{{'}}<view/>", "{{{", "<template name='", "</view>",
		"<template is='a'/>", "<x-y><a slot='b'/>", "<block jd:if='{{a}}'>", "<text> ", "<template is=\"{{a}}\"/>", "<import src='a'/>",
	} {
		for _, head := range []string{"", "<view ", "<view a=\"", "<view>"} {
			src := head + strings.Repeat(piece, 100_000/len(piece))
			start := time.Now()
			out := New(pack{"a.jxml": src}, JD).File("a.jxml")
			if took := time.Since(start); took > 4*time.Second {
				t.Errorf("%q behind %q: %v, %d findings", piece, head, took, out.Diags.Len())
			}
		}
	}
}

func FuzzTemplates(f *testing.F) {
	files := rich(f)
	f.Add(files["page.jxml"])
	f.Add(files["parts.jxml"])
	f.Add(`<view jd:if="{{a}}">{{b}}</view><block jd:else><slot/></block>`)
	f.Add(`<input><view class='a{{b}}' jd:for="{{[1,{a:2}]}}" jd:key="*this">`)
	f.Add(`<jds module="m">x</jds><x-y a="{{m.f(b)}}"><view slot="a"/>t<view slot="b"/>u</x-y>`)
	f.Add(`<template name="__proto__"><template is="{{'__proto__'}}" data="{{__proto__: a, ...b}}"/></template>`)
	f.Add("<view a=\"\x00\u2028\">\x00&nbsp;\r</view>")
	f.Add(`<import src="parts"/><include src="/foot.jxml"/><include src="x"/>`)
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 20_000 {
			return
		}
		files := rich(t)
		files["page.jxml"] = src
		sound(t, files, "page.jxml", true)
	})
}
