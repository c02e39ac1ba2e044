package style

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/css"

	"minimart/program/diag"
	"minimart/program/pkgfile"
)

func pkgOf(files map[string]string) *pkgfile.Package {
	all := map[string][]byte{}
	for n, c := range files {
		all[n] = []byte(c)
	}
	return pkgfile.New(pkgfile.JD, all)
}

var (
	app       = Scope{Kind: App}
	page      = Scope{Kind: Page, Prefix: "p3--"}
	component = Scope{Kind: Component, Prefix: "c4--"}
	shared    = Scope{Kind: Component, Host: "c4--"}
)

func compileIn(t testing.TB, scope Scope, src string) (string, diag.List) {
	t.Helper()
	out, _, list := Compile(pkgOf(map[string]string{"a/a.jxss": src}), "a/a.jxss", Options{Scope: scope})
	return out, list
}

func TestSelectorsReachTheirUnitOnly(t *testing.T) {
	for _, c := range []struct {
		name  string
		scope Scope
		in    string
		want  string
	}{
		{"a class in a page", page, ".row", ".p3--row"},
		{"a class in the app", app, ".row", ".row"},
		{"a class in a component", component, ".row", ".c4--row"},
		{"a class in a shared component", shared, ".row", ".row"},
		{"several classes and a tag", page, "view.row.on", "mm-view.p3--row.p3--on"},
		{"an escaped class", page, `.w-1\/2.\31 0`, `.p3--w-1\/2.p3--\31 0`},
		{"a Chinese class", page, ".价格", ".p3--价格"},
		{"a class that starts with --", page, ".--x", ".p3----x"},
		{"built-in tags", app, "view,text,scroll-view", "mm-view,mm-text,mm-scroll-view"},
		{"a custom tag", app, "price-tag>view", "x-price-tag>mm-view"},
		{"a tag that HTML knows too", app, "div", "x-div"},
		{"the universal selector", app, "*", "*"},
		{"page in the app", app, "page", "mm-page"},
		{"page in a page", page, "page", "mm-page:where(.p3--)"},
		{"page in front in a page", page, "page view", "mm-page:where(.p3--) mm-view"},
		{"page with a class in a page", page, "page.dark .row", "mm-page:where(.p3--).p3--dark .p3--row"},
		{"page in a component", component, "page .row", "mm-page .c4--row"},
		{"the root in a page", page, ":root", "mm-page:where(.p3--)"},
		{"the root in the app", app, ":root", ":root"},
		{"no class in a page", page, "view text", ":where(.p3--) mm-view mm-text"},
		{"an id in a page", page, "#cart", ":where(.p3--) #cart"},
		{"everything in a page", page, "*", ":where(.p3--) *"},
		{"an attribute in a page", page, `[data-a="1"]`, `:where(.p3--) [data-a="1"]`},
		{"some of a list without a class", page, ".a, view", ".p3--a,:where(.p3--) mm-view"},
		{"combinators", page, ".a > .b+.c ~ view   .d", ".p3--a>.p3--b+.p3--c~mm-view .p3--d"},
		{"classes inside :not", page, ".a:not(.b, view)", ".p3--a:not(.p3--b,mm-view)"},
		{"a class only inside :not does not hold", page, "view:not(.b)", ":where(.p3--) mm-view:not(.p3--b)"},
		{"a class in every alternative of :is holds", page, ":is(.a,.b) text", ":is(.p3--a,.p3--b) mm-text"},
		{"a class in one alternative of :is does not", page, ":is(.a,view)", ":where(.p3--) :is(.p3--a,mm-view)"},
		{":has with a combinator", page, ".a:has(> .b)", ".p3--a:has(>.p3--b)"},
		{":nth-child", page, ".a:nth-child( 2n + 1 )", ".p3--a:nth-child(2n + 1)"},
		{":nth-child of", page, ".a:nth-child(odd of .b)", ".p3--a:nth-child(odd of .p3--b)"},
		{"before and after", page, ".a::before,.a:after", ".p3--a::before,.p3--a:after"},
		{"hover and friends", page, ".a:hover:first-child", ".p3--a:hover:first-child"},
		{":lang", page, ".a:lang(zh)", ".p3--a:lang(zh)"},
		{"the host", component, ":host", ".c4--"},
		{"the host with a class", component, ":host(.big) .a", ".c4--.c4--big .c4--a"},
		{"the host with alternatives", component, ":host(.big, .wide)", ".c4--:is(.c4--big,.c4--wide)"},
		{"the host of a shared component", shared, ":host .a", ".c4-- .a"},
		{"attribute operators", app, `[a],[a=b],[a~="b"],[a|=b],[a^=b],[a$=b],[a*=b i]`, `[a],[a=b],[a~="b"],[a|=b],[a^=b],[a$=b],[a*=b i]`},
		{"icon fonts", page, `[class^="icon-"],[class*=" icon-"]`, `[class*="p3--icon-"],[class*="p3--icon-"]`},
		{"a class as an attribute", page, `[class~=a]`, `[class~="p3--a"]`},
		{"a comment in a selector", page, ".a/* x */.b", ".p3--a .p3--b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, list := compileIn(t, c.scope, c.in+"{top:0}")
			if list.Len() > 0 {
				t.Error(list)
			}
			if want := c.want + "{top:0}"; out != want {
				t.Errorf("\n in   %s\n got  %s\n want %s", c.in, out, want)
			}
		})
	}
}

func TestSelectorsThatLeakOrMeanNothingAreWarnedAbout(t *testing.T) {
	for _, c := range []struct {
		name      string
		scope     Scope
		in        string
		want      string
		wantFault string
	}{
		{"a tag in a component", component, ".a,\nview", ".c4--a,mm-view", "a/a.jxss:2:1: the selector mm-view has no class and reaches outside its component, use a class"},
		{"the piercing combinator", page, ".a >>> .b", ".p3--a .p3--b", "a/a.jxss:1:4: >>> is no CSS and is taken for a descendant, write a space"},
		{"the deep combinator", page, ".a /deep/ .b", ".p3--a .p3--b", "a/a.jxss:1:4: /deep/ is no CSS and is taken for a descendant, write a space"},
		{"the host in a page", page, ":host", ":where(.p3--) :not(*)", "a/a.jxss:1:1: :host means nothing here and matches nothing, use it in the style of a component"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, list := compileIn(t, c.scope, c.in+"{top:0}")
			if !slices.ContainsFunc(list.Warnings(), func(d diag.Diagnostic) bool { return d.Error() == c.wantFault }) {
				t.Errorf("got %s\nwant %s", list, c.wantFault)
			}
			if !strings.Contains(c.want, ":not(*)") && out != c.want+"{top:0}" {
				t.Errorf("got %s want %s", out, c.want)
			}
		})
	}
}

func TestRpxBecomesViewportUnitsEverywhereALengthMayStand(t *testing.T) {
	const vw = "calc(100vw / 750 * "
	for _, c := range []struct{ in, want string }{
		{"top:20rpx", "top:" + vw + "20)"},
		{"margin:-20rpx +.5rpx 1e2rpx 2.25RPX", "margin:" + vw + "-20) " + vw + ".5) " + vw + "1e2) " + vw + "2.25)"},
		{"margin:0rpx -0.0rpx", "margin:0px 0px"},
		{"width:calc(100% - 20rpx)", "width:calc(100% - " + vw + "20))"},
		{"font:400 28rpx/1.5 a,b", "font:400 " + vw + "28)/1.5 a,b"},
		{"transform:translate( -5rpx , 5rpx )", "transform:translate(" + vw + "-5)," + vw + "5))"},
		{"--gap:20rpx", "--gap:" + vw + "20)"},
		{"top:var(--x, 3rpx)", "top:var(--x," + vw + "3))"},
		{"top:env(safe-area-inset-top)", "top:env(safe-area-inset-top)"},
		{"top:constant(safe-area-inset-top)", "top:constant(safe-area-inset-top)"},
		{`content:"20rpx"`, `content:"20rpx"`},
		{"background:url(https://x/20rpx.png)", `background:url("https://x/20rpx.png")`},
		{"color:red;/* 20rpx */top:0", "color:red;top:0"},
		{"top:20r\\70 x", "top:" + vw + "20)"},
		{"width:20px", "width:20px"},
		{"border:1rpx solid#eee", "border:" + vw + "1) solid#eee"},
		{"top:1px!important", "top:1px!important"},
		{"top:1rpx !IMPORTANT", "top:" + vw + "1)!IMPORTANT"},
		{"filter:progid:DXImageTransform.Microsoft.gradient(startColorstr='#80000000')", "filter:progid:DXImageTransform.Microsoft.gradient(startColorstr='#80000000')"},
		{"grid-template-columns:[a] 1fr [b] minmax(10rpx, 1fr)", "grid-template-columns:[a] 1fr [b] minmax(" + vw + "10),1fr)"},
		{"--empty: ;top:0", "--empty: ;top:0"},
		{"--block:{a:b; c:2rpx}", "--block:{a:b; c:" + vw + "2)}"},
		{"a:b/**/c", "a:b c"},
		{"_height:1px;*zoom:1;top:0", "_height:1px;top:0"},
	} {
		out, list := compileIn(t, page, ".a{"+c.in+"}")
		if list.HasErrors() {
			t.Errorf("%s: %s", c.in, list)
		}
		if want := ".p3--a{" + c.want + "}"; out != want {
			t.Errorf("\n in   %s\n got  %s\n want %s", c.in, out, want)
		}
	}
}

func TestAtRulesAreKept(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"media", "@media screen and (min-width: 600rpx){.a{top:0}}", "@media screen and (min-width:calc(100vw / 750 * 600)){.p3--a{top:0}}"},
		{"supports", "@supports (display: grid){.a{top:0}}", "@supports (display:grid){.p3--a{top:0}}"},
		{"container", "@container side (width > 10rpx){.a{top:0}}", "@container side (width > calc(100vw / 750 * 10)){.p3--a{top:0}}"},
		{"layers", "@layer base, top;@layer base{.a{top:0}}", "@layer base,top;@layer base{.p3--a{top:0}}"},
		{"charset", `@charset "utf-8";.a{top:0}`, ".p3--a{top:0}"},
		{"font-face", "@font-face{font-family:x;src:url(data:font/woff2;base64,AA==)}", `@font-face{font-family:x;src:url("data:font/woff2;base64,AA==")}`},
		{"keyframes", "@keyframes spin{from{top:0}50%,60%{top:1rpx}to{top:0}}.a{animation:spin 1s,fade 2s;animation-name:spin}",
			"@keyframes p3--spin{from{top:0}50%,60%{top:calc(100vw / 750 * 1)}to{top:0}}.p3--a{animation:p3--spin 1s,fade 2s;animation-name:p3--spin}"},
		{"an animation before its keyframes, with vendor names", ".a{-webkit-animation:spin 1s}@-webkit-keyframes spin{0%{top:0}}",
			".p3--a{-webkit-animation:p3--spin 1s}@-webkit-keyframes p3--spin{0%{top:0}}"},
		{"keyframes named by a string", `@keyframes "my spin"{to{top:0}}.a{animation-name:"my spin"}`, `@keyframes "p3--my spin"{to{top:0}}.p3--a{animation-name:"p3--my spin"}`},
		{"a word that happens to name keyframes", "@keyframes a{to{top:0}}.a{color:a;transition:a 1s}", "@keyframes p3--a{to{top:0}}.p3--a{color:a;transition:a 1s}"},
		{"nested rules", ".a{top:0;.b &{left:0}&:hover{left:1rpx}@media print{top:1px}}", ".p3--a{top:0;.p3--b &{left:0}&:hover{left:calc(100vw / 750 * 1)}@media print{top:1px}}"},
		{"rules that say nothing", ".a{}@media print{.b{}}.c{;;}", ""},
		{"property", "@property --x{syntax:'<length>';inherits:true;initial-value:0px}", "@property --x{syntax:'<length>';inherits:true;initial-value:0px}"},
		{"an HTML comment mark", "<!-- .a{top:0} -->", ".p3--a{top:0}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, list := compileIn(t, page, c.in)
			if list.Len() > 0 {
				t.Error(list)
			}
			if out != c.want {
				t.Errorf("\n got  %s\n want %s", out, c.want)
			}
		})
	}
}

func TestBrokenStylesAreToldWithTheirPlaceAndTheRestCompiles(t *testing.T) {
	for _, c := range []struct {
		name, in, want string // want: the finding
		out            string
	}{
		{"a block that never ends", ".a{top:0}\n.b{left:0", "a/a.jxss:2:3: the block that starts here is never closed, add the missing }", ".p3--a{top:0}.p3--b{left:0}"},
		{"a brace too many", ".a{top:0}}\n.b{left:0}", "a/a.jxss:1:10: } closes nothing, remove it", ".p3--a{top:0}.p3--b{left:0}"},
		{"a comment that never ends", ".a{top:0}/* x", "a/a.jxss:1:10: the comment that starts here is never closed, end it with */", ".p3--a{top:0}"},
		{"a string that never ends", ".a{content:\"x\n;top:0}.b{left:0}", "a/a.jxss:1:12: the string that starts here is not closed on its line, add the missing quote", ".p3--a{top:0}.p3--b{left:0}"},
		{"a string at the end", `.a{content:"x`, "a/a.jxss:1:12: the string that starts here is never closed, add the missing quote", ""},
		{"a broken url", `.a{background:url(a"b);top:0}.b{left:0}`, `a/a.jxss:1:15: the url( that starts here is broken, put the address in quotes: url("…")`, ".p3--a{top:0}.p3--b{left:0}"},
		{"a selector without a name", "价. {top:0}.b{left:0}", "a/a.jxss:1:2: broken selector: expected a class name after the dot, the rule is left out", ".p3--b{left:0}"},
		{"an empty selector", ".a,,.b{top:0}.b{left:0}", "a/a.jxss:1:4: broken selector: a selector is missing here, the rule is left out", ".p3--b{left:0}"},
		{"no selector", "{top:0}.b{left:0}", "a/a.jxss:1:1: broken selector: a selector is missing here, the rule is left out", ".p3--b{left:0}"},
		{"a number as a class", ".5a{top:0}.b{left:0}", `a/a.jxss:1:1: broken selector: unexpected ".5a", the rule is left out`, ".p3--b{left:0}"},
		{"an open attribute", "[a{top:0}.b{left:0}", "a/a.jxss:1:1: broken selector: the [ that starts here is never closed, the rule is left out", ".p3--b{left:0}"},
		{"an open :not", ":not(.a{top:0}.b{left:0}", "a/a.jxss:1:2: broken selector: the parenthesis that starts here is never closed, the rule is left out", ".p3--b{left:0}"},
		{"a namespace", "svg|a{top:0}.b{left:0}", `a/a.jxss:1:4: broken selector: unexpected "|", the rule is left out`, ".p3--b{left:0}"},
		{"a value that never closes", ".a{top:calc(1px;left:0}", `a/a.jxss:1:13: "calc" is never closed, add the missing bracket`, ".p3--a{left:0}"},
		{"a bracket too many", ".a{top:1px);left:0}", `a/a.jxss:1:11: unexpected ")" in a value`, ".p3--a{left:0}"},
		{"a line comment", "// no\n.a{top:0}.b{left:0}", `a/a.jxss:1:1: broken selector: unexpected "/", the rule is left out`, ".p3--b{left:0}"},
		{"a line comment at the end", ".b{left:0} // no", `a/a.jxss:1:12: expected { after "// no", CSS knows only /* … */ comments`, ".p3--b{left:0}"},
		{"keyframes without a name", "@keyframes {to{top:0}}.b{left:0}", "a/a.jxss:1:1: broken @keyframes, write @keyframes name { … }", ".p3--b{left:0}"},
		{"keyframes with a number", "@keyframes 5{to{top:0}}.b{left:0}", `a/a.jxss:1:12: "5" cannot be the name of keyframes`, ".p3--b{left:0}"},
		{"an import in a rule", ".a{@import 'x';left:0}", "a/a.jxss:1:4: @import cannot stand inside a rule, move it to the top of the file", ".p3--a{left:0}"},
		{"an import of nothing", "@import ;.b{left:0}", `a/a.jxss:1:1: @import names no file, write @import "file";`, ".p3--b{left:0}"},
		{"an import of a word", "@import x;.b{left:0}", `a/a.jxss:1:9: @import takes a string or url(…), found "x", write @import "file";`, ".p3--b{left:0}"},
		{"an import from the network", "@import 'https://x/a.css';.b{left:0}", "a/a.jxss:1:9: cannot import https://x/a.css from the network, put the file into the package", ".p3--b{left:0}"},
		{"an import that is not there", "@import './b';.b{left:0}", "a/a.jxss:1:9: the imported file ./b does not exist", ".p3--b{left:0}"},
		{"a backslash at the end", ".a{top:0}.b{left:\\", "a/a.jxss:1:18: the backslash escapes nothing, remove it", ".p3--a{top:0}"},
		{"what is no UTF-8", ".a{content:'\xb5\xe3'}", "a/a.jxss:1:13: the file is not UTF-8, save the file as UTF-8", ""},
		{"blocks nested without end", strings.Repeat("@media a{", 100), "a/a.jxss:1:297: blocks nested more than 32 deep", ""},
		{"pseudo-classes nested without end", strings.Repeat(":is(", 100) + "{}", "a/a.jxss:1:66: broken selector: pseudo-classes nested more than 16 deep, the rule is left out", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, list := compileIn(t, page, c.in)
			if !slices.ContainsFunc(list.Errors(), func(d diag.Diagnostic) bool { return d.Error() == c.want }) {
				t.Errorf("got\n%s\nwant\n%s", list, c.want)
			}
			if out != c.out {
				t.Errorf("got %s want %s", out, c.out)
			}
		})
	}
	for _, c := range []struct{ name, in, want, out string }{
		{"a declaration without a colon", ".a{top 0;left:0}", `a/a.jxss:1:4: "top 0" is no declaration and is left out, write name: value`, ".p3--a{left:0}"},
		{"a declaration without a value", ".a{top:;left:0}", "a/a.jxss:1:4: the property top has no value", ".p3--a{left:0}"},
		{"a line comment among declarations", ".a{// no\ntop:0;left:0}", `a/a.jxss:1:4: "// no top:0" is no declaration and is left out, CSS knows only /* … */ comments`, ".p3--a{left:0}"},
		{"an unknown at-rule", "@tailwind base;.a{top:0}", "a/a.jxss:1:1: unknown at-rule @tailwind, kept as it is", "@tailwind base;.p3--a{top:0}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, list := compileIn(t, page, c.in)
			if list.HasErrors() || !slices.ContainsFunc(list.Warnings(), func(d diag.Diagnostic) bool { return d.Error() == c.want }) {
				t.Errorf("got\n%s\nwant\n%s", list, c.want)
			}
			if out != c.out {
				t.Errorf("got %s want %s", out, c.out)
			}
		})
	}
}

func TestImportsAreInlinedForTheUnitThatImports(t *testing.T) {
	pkg := pkgOf(map[string]string{
		"pages/a.jxss":           `@import "../style/base.jxss";@import url("/style/more");@import 'sub/own.jxss' screen;.a{animation:spin 1s}`,
		"style/base.jxss":        "@import './deep/bottom.jxss';.base{background:url(./b.png)}",
		"style/deep/bottom.jxss": ".bottom{background:url('../b.png?v=1#x')}@keyframes spin{to{top:0}}",
		"style/more.jxss":        ".more{top:0}",
		"pages/sub/own.jxss":     ".own{top:0}",
		"style/b.png":            "png",
	})
	out, assets, list := Compile(pkg, "pages/a.jxss", Options{Scope: page, Asset: func(file string) (string, bool) { return "/asset/" + strings.ReplaceAll(file, "/", "_"), true }})
	if list.Len() > 0 {
		t.Error(list)
	}
	want := `.p3--bottom{background:url("/asset/style_b.png?v=1#x")}@keyframes p3--spin{to{top:0}}.p3--base{background:url("/asset/style_b.png")}` +
		`.p3--more{top:0}@media screen{.p3--own{top:0}}.p3--a{animation:p3--spin 1s}`
	if out != want {
		t.Errorf("\ngot  %s\nwant %s", out, want)
	}
	if !slices.Equal(assets, []string{"style/b.png"}) {
		t.Errorf("assets %v", assets)
	}
}

func TestConditionsOfAnImportBecomeBlocks(t *testing.T) {
	pkg := pkgOf(map[string]string{
		"a.jxss": `@import "b" layer(base) supports(display: grid) screen and (min-width: 1px);@import "b" layer;@import "empty" print;`,
		"b.jxss": ".b{top:0}", "empty.jxss": "",
	})
	out, _, list := Compile(pkg, "a.jxss", Options{Scope: app})
	if want := "@layer base{@supports (display:grid){@media screen and (min-width:1px){.b{top:0}}}}@layer{.b{top:0}}"; out != want || list.Len() > 0 {
		t.Errorf("got %s\n%s", out, list)
	}
}

func TestImportsThatGoInACircleNameTheChain(t *testing.T) {
	out, _, list := Compile(pkgOf(map[string]string{
		"a.jxss": "@import 'b';.a{top:0}", "b.jxss": "@import 'c';.b{top:0}", "c.jxss": "\n @import 'b';.c{top:0}",
	}), "a.jxss", Options{})
	if want := "c.jxss:2:10: the imports go in a circle: b.jxss → c.jxss → b.jxss, remove one of the imports\n"; list.String() != want {
		t.Errorf("got %s want %s", list, want)
	}
	if out != ".c{top:0}.b{top:0}.a{top:0}" {
		t.Error(out)
	}
}

func TestImportsThatMultiplyAreStopped(t *testing.T) {
	files := map[string]string{"f20.jxss": ".x{top:0}"}
	for i := range 20 {
		files[fmt.Sprintf("f%d.jxss", i)] = strings.Repeat(fmt.Sprintf("@import 'f%d';", i+1), 4)
	}
	_, _, list := Compile(pkgOf(files), "f0.jxss", Options{})
	if !strings.Contains(list.String(), "more than 1000 imports") {
		t.Error(list)
	}
	deep := map[string]string{}
	for i := range 100 {
		deep[fmt.Sprintf("f%d.jxss", i)] = fmt.Sprintf("@import 'f%d';", i+1)
	}
	_, _, list = Compile(pkgOf(deep), "f0.jxss", Options{})
	if !strings.Contains(list.String(), "imports nested more than 32 deep: f0.jxss → … → f33.jxss") {
		t.Error(list)
	}
	big := map[string]string{"b.jxss": strings.Repeat(".abcdefgh{top:0}", 70000)}
	big["a.jxss"] = strings.Repeat("@import 'b';", 100)
	out, _, list := Compile(pkgOf(big), "a.jxss", Options{})
	if !strings.Contains(list.String(), "the compiled style is larger than 16 MiB") || len(out) > maxOutput+1000 {
		t.Errorf("%d bytes, %s", len(out), list)
	}
}

func TestAddressesOfFilesAreReplaced(t *testing.T) {
	files := map[string]string{"a/i.png": "", "a/中 文.png": "", "img/i.png": ""}
	for _, c := range []struct{ in, want, warning string }{
		{"url(./i.png)", `url("/a/i.png")`, ""},
		{"url( 'i.png' )", `url("/a/i.png")`, ""},
		{"URL(../img/i.png)", `url("/img/i.png")`, ""},
		{"url(/img/i.png)", `url("/img/i.png")`, ""},
		{`url("中 文.png")`, `url("/a/中 文.png")`, ""},
		{"url(%E4%B8%AD%20%E6%96%87.png)", `url("/a/中 文.png")`, ""},
		{"url(i.png?#iefix)", `url("/a/i.png?#iefix")`, ""},
		{"url(#clip)", `url("#clip")`, ""},
		{"url()", `url("")`, ""},
		{"url(data:image/png;base64,AA==)", `url("data:image/png;base64,AA==")`, ""},
		{"url(https://x/a.png)", `url("https://x/a.png")`, ""},
		{"url(//x/a.png)", `url("//x/a.png")`, ""},
		{`image-set("i.png" 1x, url(i.png) 2x)`, `image-set("/a/i.png" 1x,url("/a/i.png") 2x)`, ""},
		{"url(j.png)", `url("j.png")`, "a/a.jxss:1:15: the file j.png does not exist, did you mean a/i.png?"},
		{"url(../../../etc/passwd)", `url("../../../etc/passwd")`, "a/a.jxss:1:15: the file ../../../etc/passwd does not exist"},
		{`url("</style>")`, `url("<\/style>")`, "a/a.jxss:1:15: the file </style> does not exist"},
		{`url("a\"b\a c")`, `url("a\"b\0a c")`, `a/a.jxss:1:15: the file a"b\nc does not exist`},
	} {
		files["a/a.jxss"] = ".a{background:" + c.in + "}"
		out, _, list := Compile(pkgOf(files), "a/a.jxss", Options{Scope: app})
		if want := ".a{background:" + c.want + "}"; out != want {
			t.Errorf("\n in   %s\n got  %s\n want %s", c.in, out, want)
		}
		if got := strings.TrimSuffix(strings.TrimPrefix(list.String(), "warning: "), "\n"); got != c.warning {
			t.Errorf("%s: got %q want %q", c.in, got, c.warning)
		}
	}
}

func TestWhatTaroBuildsCompiles(t *testing.T) {
	src, err := os.ReadFile("testdata/taro-app.jxss")
	if err != nil {
		t.Fatal(err)
	}
	out, list := compileIn(t, app, string(src))
	const want = "mm-page{background:#f5f5f5;font-size:calc(100vw / 750 * 28)}.row{border-bottom:calc(100vw / 750 * 1) solid #eee;display:-webkit-flex;display:-ms-flexbox;display:flex;padding:calc(100vw / 750 * 20)}"
	if out != want || list.Len() > 0 {
		t.Errorf("got %s\n%s", out, list)
	}
}

func FuzzCompile(f *testing.F) {
	for _, seed := range []string{
		".a{top:-20.5rpx;margin:calc(1px + 2RPX)}", "@import 'b';@import url(c) screen;", "page,view .a>>>.b:not(.c)::before{color:red!important}",
		"@media (min-width:2rpx){@keyframes x{from{top:1rpx}50%{top:2rpx}}}", "[class^='icon-'],:host(.a,.b){background:url(i.png)}",
		".a{--x:{a:b};--y: ;&:hover{top:1rpx}}", "@font-face{src:url('</style>')}", "/* x", ".a{content:\"\\", "@layer a,b;@charset 'x';",
		".a{top:20r\\70x}", "\xef\xbb\xbf.中{}", "a{b:c;d}e{f", "@x{{{", ".\\31 0{u:U+26,U+0-7F}", ":nth-child(2n of .a){}", "<!-- .a{} -->", ".a{top:@2rpx}",
		".a{b:</style>}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		for _, scope := range []Scope{app, page, component} {
			pkg := pkgOf(map[string]string{"a/a.jxss": src, "a/b.jxss": ".b{top:1rpx}", "a/c.jxss": "@import 'a';", "a/i.png": ""})
			out, _, list := Compile(pkg, "a/a.jxss", Options{Scope: scope})
			if strings.Contains(out, "</") {
				t.Fatalf("ends a style element: %q", out)
			}
			if !utf8.ValidString(out) {
				t.Fatalf("not UTF-8: %q", out)
			}
			lexer := css.NewLexer(parse.NewInputString(out))
			depth := 0
			for {
				kind, text := lexer.Next()
				switch kind {
				case css.ErrorToken:
					if depth != 0 {
						t.Fatalf("%d blocks open at the end of %q", depth, out)
					}
					// What was compiled compiles again, as a style of the app.
					again, _, more := Compile(pkgOf(map[string]string{"a/a.jxss": out}), "a/a.jxss", Options{})
					if more.HasErrors() {
						t.Fatalf("own output is refused: %q\n%s", out, more)
					}
					if !list.HasErrors() && scope.Kind == App && len(again) == 0 && len(out) > 0 {
						t.Fatalf("%q compiles to nothing", out)
					}
					goto next
				case css.LeftBraceToken:
					depth++
				case css.RightBraceToken:
					depth--
				case css.DimensionToken:
					if isRpx(string(text)) {
						t.Fatalf("rpx left in %q", out)
					}
				case css.BadStringToken, css.BadURLToken, css.CommentToken:
					t.Fatalf("%v in %q", kind, out)
				}
				if depth < 0 {
					t.Fatalf("a block closed twice in %q", out)
				}
			}
		next:
		}
	})
}
