package template

import (
	"os"
	"strings"
	"testing"
)

// taro is a page as the Taro CLI writes it, with a part of its 178 templates.
func taro(t testing.TB) *Compiler {
	base, err := os.ReadFile("testdata/taro/base.jxml")
	if err != nil {
		t.Fatal(err)
	}
	return New(pack{
		"base.jxml":              string(base),
		"utils.jds":              "",
		"pages/index/index.jxml": "<import src=\"../../base.jxml\"/>\n<template is=\"taro_tmpl\" data=\"{{root:root}}\" />",
		"comp.jxml":              `<import src="./base.jxml" /><jds src="./utils.jds" module="xs" /><template is="{{'tmpl_0_' + i.nn}}" data="{{i:i,c:1,l:xs.f('',i.nn)}}" />`,
	}, JD)
}

func TestCopiesAmongGeneratedTemplatesAreWrittenOnce(t *testing.T) {
	out := taro(t).File("base.jxml")
	if out.Diags.Len() > 0 {
		t.Error(out.Diags)
	}
	mustBeJavaScript(t, out.View+out.Skeleton)
	block := func(js, name string) string {
		_, rest, ok := strings.Cut(js, name+`":`)
		if !ok {
			_, rest, ok = strings.Cut(js, name+`:`)
		}
		if !ok {
			t.Fatalf("%s is not in\n%s", name, js)
		}
		return rest[:strings.IndexAny(rest, ",}")]
	}
	for _, js := range []string{out.View, out.Skeleton} {
		if a, b := block(js, "tmpl_1_0"), block(js, "tmpl_2_0"); a != b || a == "0" {
			t.Errorf("copies became %s and %s", a, b)
		}
		if a, b := block(js, "tmpl_1_0"), block(js, "tmpl_14_0"); a == b {
			t.Error("what differs became one")
		}
	}
}

func TestTheSkeletonLeavesOutWhatHoldsNoComponent(t *testing.T) {
	c := taro(t)
	out := c.File("base.jxml")
	if !strings.Contains(out.Skeleton, "tmpl_0_22:0") {
		t.Errorf("an icon concerns the view alone:\n%s", out.Skeleton)
	}
	for _, word := range []string{"hover-class", "mm-view", "R.t(", "R.c(", "R.d("} {
		if strings.Contains(out.Skeleton, word) {
			t.Errorf("%s in the skeleton:\n%s", word, out.Skeleton)
		}
	}
	if page := c.File("pages/index/index.jxml"); !strings.Contains(page.Skeleton, "taro_tmpl") {
		t.Error("the page reaches components through its import:", page.Skeleton)
	}
	plain := New(pack{"a.jxml": `<view jd:for="{{x}}" jd:key="id" bindtap="t">{{item.y}}<input/></view>`}, JD).File("a.jxml")
	if plain.Skeleton != "" || plain.View == "" {
		t.Errorf("a page of plain elements has a skeleton: %q", plain.Skeleton)
	}
}

func TestTheUnitsOfTaroNeedTheirTwoComponents(t *testing.T) {
	c := taro(t)
	if list := c.CheckUnit(Unit{Path: "pages/index/index", File: "pages/index/index.jxml", Using: []string{"comp", "custom-wrapper"}}); list.Len() > 0 {
		t.Error(list)
	}
	list := c.CheckUnit(Unit{Path: "comp", File: "comp.jxml", Using: []string{"comp"}})
	if list.HasErrors() || len(list.Warnings()) != 1 || !strings.Contains(list.String(), "<custom-wrapper> is not declared by comp") {
		t.Error(list)
	}
}

func BenchmarkTaro(b *testing.B) {
	for b.Loop() {
		taro(b).File("pages/index/index.jxml")
	}
}
