package template

import (
	"fmt"
	"strings"
	"testing"
)

func findings(files pack, dialect Dialect) []string {
	var out []string
	for _, d := range New(files, dialect).File("a" + dialect.templateEnding()).Diags.All() {
		text := d.Error()
		if d.Severity != 0 {
			text = "warning: " + text
		}
		out = append(out, text)
	}
	return out
}

func TestEachMistakeIsNamedWithItsPlaceAndTheWayOut(t *testing.T) {
	other := pack{
		"b.jxml":        `<template name="card">x</template>`,
		"m.jds":         "",
		"loop/1.jxml":   `<include src="2.jxml"/>`,
		"loop/2.jxml":   `<view><include src="/loop/1.jxml"/></view>`,
		"import/1.jxml": `<import src="2"/>`,
		"import/2.jxml": `<import src="1"/>`,
	}
	for _, c := range []struct{ src, want string }{
		// tags
		{"<view>", "a.jxml:1:1: <view> is not closed, write </view> or <view … />"},
		{"<view>\n <text>\n</view>", "a.jxml:3:1: </view> does not close <text>, opened at 2:2, write </text> before it"},
		{"<view></text></view>", "a.jxml:1:7: </text> does not close <view>, opened at 1:1, write </view> before it"},
		{"</view>", "a.jxml:1:1: </view> closes nothing, remove it"},
		{"<view", "a.jxml:1:1: the tag <view is not closed, write > or />"},
		{"<view <text/></view>", "a.jxml:1:1: the tag <view is not closed, write > or /> before the next tag"},
		{"<view></view", "a.jxml:1:7: </view is not closed, write </view>"},
		{"<view></>", "a.jxml:1:1: <view> is not closed, write </view> or <view … />\na.jxml:1:7: an end tag without a name"},
		{"a < b", "a.jxml:1:3: '<' starts no tag here, write &lt; for the character"},
		{"<!-- x", "a.jxml:1:1: the comment is not closed, write -->"},
		{"<![CDATA[x]]>", "a.jxml:1:1: CDATA is not understood in templates, write the text itself, with &lt; for <"},
		{"<?xml version='1.0'?><view/>", "warning: a.jxml:1:1: a declaration has no meaning in a template, remove it"},
		{"<view><input></view>", "warning: a.jxml:1:7: <input> is not closed, write <input … />"},
		{"<input><view/>", "warning: a.jxml:1:1: <input> is not closed, write <input … />"},
		{"<input/></input>", ""},
		{"好<view>\xff</view>", "a.jxml:1:8: the file is not valid UTF-8, save it as UTF-8"},
		{strings.Repeat("<view>", 600), "a.jxml:1:3001: elements are nested more than 500 deep, split the page into components"},
		// attributes
		{`<view class="a/>`, "a.jxml:1:13: the value of class is not closed, write \" at its end"},
		{`<view class=/>`, "a.jxml:1:7: the attribute class has no value behind '=', write class=\"…\""},
		{`<view ="a"/>`, "a.jxml:1:7: unexpected = in the tag <view, an attribute is written name=\"value\"\na.jxml:1:8: unexpected \" in the tag <view, an attribute is written name=\"value\"\na.jxml:1:10: unexpected \" in the tag <view, an attribute is written name=\"value\""},
		{`<view a / b/>`, "a.jxml:1:9: '/' is not followed by '>', write /> to close the tag"},
		{`<view class="a" class="b"/>`, "warning: a.jxml:1:17: the attribute class is given twice, the first one counts"},
		{`<audio id="{{i.p2}}" src="x" id="{{i.uid||i.sid}}"/>`, ""},
		{`<view bindtap="a" bind:tap="b"/>`, "warning: a.jxml:1:19: tap is bound twice, the first one counts"},
		{`<view bindtap="go(1)"/>`, "warning: a.jxml:1:7: bindtap takes the name of a method, not a call, pass values in data- attributes"},
		{`<view @click="go"/>`, "warning: a.jxml:1:7: @click binds nothing here, did you mean bindclick?"},
		{`<view onTap="go"/>`, "warning: a.jxml:1:7: onTap binds nothing here, did you mean bindtap?"},
		{`<view marc:a="go"/>`, "warning: a.jxml:1:7: unknown attribute marc:a, did you mean mark?"},
		{`<input model:value="{{a + 1}}"/>`, "warning: a.jxml:1:8: model:value needs a field of the data, as in {{form.name}}, it is passed in one direction only"},
		{`<x-y generic:a="{{b}}"/>`, "a.jxml:1:6: generic:a needs the fixed name of a component, write generic:a=\"tag-name\""},
		{`<view class=a id='b'style="c" data-x={{y}}/>`, ""},
		{`<view class="{{a ? "x" : "y"}}" id="{{b["c"]}}"/>`, ""},
		// directives
		{`<view jd.if="{{a}}"/>`, "a.jxml:1:7: unknown directive jd.if, did you mean jd:if?"},
		{`<view wx:for="{{a}}"/>`, "a.jxml:1:7: unknown directive wx:for, did you mean jd:for?"},
		{`<view jd:iff="{{a}}"/>`, "a.jxml:1:7: unknown directive jd:iff, did you mean jd:if?"},
		{`<view jd：if="{{a}}"/>`, "a.jxml:1:7: a full-width colon in jd：if, did you mean jd:if?"},
		{`<view v-if="a"/>`, "a.jxml:1:7: unknown directive v-if, did you mean jd:if?"},
		{`<view jd-for="{{a}}"/>`, "a.jxml:1:7: unknown directive jd-for, did you mean jd:for?"},
		{`<view jd:elif="{{a}}"/>`, "a.jxml:1:7: jd:elif does not follow an element with jd:if or jd:elif, put it on the element right behind one"},
		{`<view jd:if="{{a}}"/><view/><view jd:else/>`, "a.jxml:1:35: jd:else does not follow an element with jd:if or jd:elif, put it on the element right behind one"},
		{`<view jd:if="{{a}}" jd:else/>`, "a.jxml:1:7: one element cannot carry both jd:if and its alternative, keep one of them"},
		{`<view jd:if="a"/>`, "warning: a.jxml:1:7: jd:if has the text \"a\", which is always true, did you mean {{a}}?"},
		{`<view jd:if=" {{a}} "/>`, "warning: a.jxml:1:7: space between the quotes and {{ }} would make jd:if a text, remove it"},
		{`<view jd:for-item="x"/>`, "a.jxml:1:7: jd:for-item needs jd:for on the same element, add jd:for=\"{{…}}\""},
		{`<view jd:for="{{a}}" jd:key="id" jd:for-item="a b"/>`, "a.jxml:1:34: jd:for-item needs the name of a variable, not \"a b\", write jd:for-item=\"item\""},
		{`<view jd:for="list" jd:key="id"/>`, "warning: a.jxml:1:7: jd:for iterates the characters of the text \"list\", did you mean {{list}}?"},
		{`<view jd:for="{{a}}"/><view jd:for="{{b}}"/>`, "warning: a.jxml:1:7: a list without jd:key keeps state by position, name a property that tells items apart: jd:key=\"id\""},
		{`<view jd:for="{{a}}" jd:key="{{item.id}}"/>`, "warning: a.jxml:1:22: jd:key takes the name of a property, not an expression, write it without {{ }}\nwarning: a.jxml:1:22: jd:key names a property of the item itself, write jd:key=\"id\""},
		{`<view jd:key="id"/>`, "warning: a.jxml:1:7: jd:key without jd:for has no meaning"},
		// expressions
		{"<view\n  class=\"好 {{a = 1}}\"/>", "a.jxml:2:16: '=' assigns, did you mean '=='?"},
		{"<view class=\"&lt;&gt;{{a &amp; = b}}\"/>", "a.jxml:1:32: '=' assigns, did you mean '=='?"},
		{"<view>{{a</view>", "a.jxml:1:7: '{{' is not closed, write }} behind the expression"},
		{"<view>{{a < b}}{{'</view>'}}</view>", ""},
		{"<view>{{() => 1}}</view>", "a.jxml:1:9: functions cannot be written here, put it in a .jds module"},
		{"<view>{{a.toFixed(2)}}</view>", "warning: a.jxml:1:9: only functions of a script module can be called; this is always undefined, put it in a .jds module"},
		// templates, imports, includes, modules
		{`<template/>`, "a.jxml:1:1: a template needs name or is, write <template name=\"…\"> to define one, <template is=\"…\"/> to use one"},
		{`<template name="a" is="b"/>`, "a.jxml:1:1: a template has either name or is, name defines it, is uses it"},
		{`<template name="a"/><template name="a"/>`, "a.jxml:1:21: the template a is defined already at 1:1, give one of them another name"},
		{`<template name="card"/><template is="cart"/>`, "warning: a.jxml:1:24: there is no template cart here or in the imported files, did you mean card?"},
		{`<template name="a"><template is="a"/></template>`, "a.jxml:1:20: the template a uses itself without end: a → a, put the call under jd:if or jd:for"},
		{`<template name="a"><view><template is="b"/></view></template><template name="b"><template is="a"/></template>`, "a.jxml:1:81: the template a uses itself without end: a → b → a, put the call under jd:if or jd:for"},
		{`<template name="a"><template is="a" jd:if="{{x}}"/></template>`, ""},
		{`<template name="a"/><template is="a" data="x"/>`, "a.jxml:1:44: data takes one {{ }} and nothing else, write data=\"{{name: value, other}}\""},
		{`<template name="a"/><template is="a" data="{{x.y}}"/>`, "a.jxml:1:46: this is no object, write name: value, or ...value to pass on all its fields"},
		{`<import src="/c.jxml"/>`, "a.jxml:1:9: the file c.jxml is missing, did you mean /a.jxml?"},
		{`<import/>`, "a.jxml:1:1: <import> does not say which file, write src=\"…\""},
		{`<import src="../x.jxml"/>`, "a.jxml:1:9: the file ../x.jxml is missing, the path leaves the package"},
		{`<include src="{{x}}"/>`, "a.jxml:1:10: src cannot depend on data, write the path of the file"},
		{`<include src="./a.jxml"/>`, "a.jxml:1:1: include goes in a circle: a.jxml → a.jxml, take one of them out"},
		{`<include src="loop/1.jxml"/>`, "loop/2.jxml:1:7: include goes in a circle: loop/1.jxml → loop/2.jxml → loop/1.jxml, take one of them out"},
		{`<import src="a"/>`, "a.jxml:1:1: import goes in a circle: a.jxml → a.jxml, move what both need into a third file"},
		{`<jds src="m.jds"/>`, "a.jxml:1:1: <jds> needs the name of a variable in module, write module=\"name\""},
		{`<jds src="m.jds" module="m"/><jds module="m">x</jds>`, "a.jxml:1:35: the module m is declared twice, give one of them another name"},
		{`<jds src="n.jds" module="n"/>`, "a.jxml:1:6: the file n.jds is missing, did you mean /m.jds?"},
		{`<wxs src="m.wxs" module="m"/>`, "a.jxml:1:1: <wxs> is not known here, did you mean <jds>?"},
		{`<jds module="m">`, "a.jxml:1:1: <jds> is not closed, write </jds>\nwarning: a.jxml:1:1: the module m is empty, write src=\"…\" or code inside <jds>"},
		{`<slot>x</slot>`, "warning: a.jxml:1:1: the content of <slot> is never shown, a slot has no content of its own"},
		{`<x-y><view slot="{{a}}"/></x-y>`, "warning: a.jxml:1:18: the name of a slot has to be a fixed text here, the content goes to the slot without a name"},
	} {
		files := pack{"a.jxml": c.src}
		for path, content := range other {
			files[path] = content
		}
		if got := strings.Join(findings(files, JD), "\n"); got != c.want {
			t.Errorf("%.80s\ngot  %s\nwant %s", c.src, got, c.want)
		}
	}
}

func TestAllMistakesAreReportedAtOnce(t *testing.T) {
	got := findings(pack{"a.jxml": "<view jd.if=\"{{a}}\">\n<text>{{b = 1}}</view>\n<view jd:else/>\n<template is=\"{{}}\"/>\n</block>"}, JD)
	if len(got) != 7 {
		t.Errorf("%d findings:\n%s", len(got), strings.Join(got, "\n"))
	}
}

func TestTheImportCircleIsNamedWithItsFiles(t *testing.T) {
	c := New(pack{"x.jxml": `<import src="y"/>`, "y.jxml": `<import src="x"/>`}, JD)
	c.File("x.jxml")
	if got := c.File("y.jxml").Diags.String(); got != "y.jxml:1:1: import goes in a circle: x.jxml → y.jxml → x.jxml, move what both need into a third file\n" {
		t.Error(got)
	}
}

func TestTheOtherDialectHasItsOwnPrefixAndScriptTag(t *testing.T) {
	src := `<wxs module="m">module.exports = {f: function(){ return "</view>" < 1 }}</wxs><view wx:if="{{m.f(a)}}" wx:for="{{b}}" wx:key="*this"/>`
	c := New(pack{"a.wxml": src}, WX)
	out := c.File("a.wxml")
	if out.Diags.Len() != 0 {
		t.Error(out.Diags)
	}
	if len(out.Modules) != 1 || out.Modules[0].ID != "a.wxml#m" || !out.Modules[0].Inline || out.Modules[0].Column != 17 || !strings.HasPrefix(out.Modules[0].Code, "module.exports") {
		t.Errorf("%+v", out.Modules)
	}
	if got := findings(pack{"a.wxml": `<view jd:if="{{a}}"/>`}, WX); len(got) != 1 || got[0] != "a.wxml:1:7: unknown directive jd:if, did you mean wx:if?" {
		t.Error(got)
	}
}

func TestAFileTooLargeIsRefused(t *testing.T) {
	got := findings(pack{"a.jxml": strings.Repeat(" ", MaxFileBytes+1)}, JD)
	if len(got) != 1 || !strings.Contains(got[0], "the template has 2097153 bytes, more than 2097152") {
		t.Error(got)
	}
	got = findings(pack{"a.jxml": strings.Repeat("<view/>", MaxNodes+1)}, JD)
	if len(got) != 1 || !strings.Contains(got[0], "more than 100000 elements and texts") {
		t.Error(got)
	}
	// Ten files that include the next one ten times each.
	files := pack{"9.jxml": "<view/>"}
	for i := range 9 {
		files[fmt.Sprintf("%d.jxml", i)] = strings.Repeat(fmt.Sprintf(`<include src="%d.jxml"/>`, i+1), 10)
	}
	files["a.jxml"] = `<include src="0.jxml"/>`
	got = findings(files, JD)
	if len(got) != 1 || !strings.Contains(got[0], "with all that is included, the template has more than 100000") {
		t.Error(got)
	}
}

func TestUndeclaredComponentsAreReportedPerUnit(t *testing.T) {
	files := pack{
		"a.jxml": `<import src="b"/><price-tag/><prise-tag/><div/><view generic:x="y"/><card generic:icon="star-icon"/><template is="used"/><include src="c.jxml"/>`,
		"b.jxml": `<template name="used"><from-b/></template><template name="unused"><not-reached/></template>`,
		"c.jxml": "\n<from-c/>",
		"d.jxml": `<import src="b"/><template is="{{x}}"/>`,
	}
	c := New(files, JD)
	list := c.CheckUnit(Unit{Path: "a", File: "a.jxml", Using: []string{"price-tag"}, Generics: []string{"card"}})
	var got []string
	for _, d := range list.All() {
		got = append(got, d.Error())
	}
	want := []string{
		"a.jxml:1:30: the component <prise-tag> is not declared by a, did you mean <price-tag>?",
		"a.jxml:1:42: <div> is no tag of mini programs, and no component declared by a, did you mean <view>?",
		"a.jxml:1:75: the component <star-icon> is not declared by a, add it to usingComponents in a.json",
		"b.jxml:1:23: the component <from-b> is not declared by a, add it to usingComponents in a.json",
		"c.jxml:2:1: the component <from-c> is not declared by a, add it to usingComponents in a.json",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	list = c.CheckUnit(Unit{Path: "d", File: "d.jxml"})
	if list.HasErrors() || len(list.Warnings()) != 2 {
		t.Errorf("what only a computed name reaches is a warning:\n%s", list)
	}
	list = c.CheckUnit(Unit{Path: "d", File: "d.jxml", Elsewhere: map[string]bool{"from-b": true}})
	if got := list.String(); strings.Contains(got, "from-b") || !strings.Contains(got, "not-reached") {
		t.Errorf("a part of a shared template that is another unit's business is nobody's mistake:\n%s", got)
	}
	list = c.CheckUnit(Unit{Path: "a", File: "a.jxml", Using: []string{"price-tag"}, Elsewhere: map[string]bool{"from-c": true}})
	if !strings.Contains(list.String(), "from-c") {
		t.Errorf("what a unit certainly uses it declares itself, whoever else does:\n%s", list)
	}
}
