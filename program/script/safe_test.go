package script

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"minimart/program/diag"
)

func compileSafe(code string) (*Safe, diag.List) {
	return CompileSafe(pkgOf(map[string]string{"lib/a.jds": code, "lib/other.jds": "", "util.jds": "", "lib/x.js": ""}), Source{File: "lib/a.jds", Code: code})
}

func TestJDSIsCompiledForTheLibrary(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain code stays", "var a = 1;\nmodule.exports = { a: a }", "var a = 1;\nmodule.exports = { a: a }"},
		{"globals come from the library", "var x = Math.floor(parseInt('1')) + NaN", "var x = $lib.Math.floor($lib.parseInt('1')) + NaN"},
		{"a variable of the same name is the script's own", "function f(Math){ return Math.x } var JSON = 1; JSON", "function f(Math){ return Math.x } var JSON = 1; JSON"},
		{"dates and regular expressions", "getRegExp('a', 'g').test(getDate().getTime())", "$lib.getRegExp('a', 'g').test($lib.getDate().getTime())"},
		{"patterns keep their backslashes", `getRegExp('^-?\d+(\.\d+)?$'); getRegExp("\\d\'\n\u0041\bé\\", 'g'); getRegExp('\d' + 'x'); '\d'`,
			`$lib.getRegExp('^-?\\d+(\\.\\d+)?$'); $lib.getRegExp("\\d\'\n\u0041\\bé\\", 'g'); $lib.getRegExp('\d' + 'x'); '\d'`},
		{"constructor is a text", "var a = []; a.constructor === 'Array'", "var a = []; $lib.ctor(a) === 'Array'"},
		{"constructor of a chain", "var a; a.b.c().constructor.length", "var a; $lib.ctor(a.b.c()).length"},
		{"constructor by a text", "var a; a['constructor']", "var a; $lib.ctor(a)"},
		{"constructor on a line of its own", "var a; a\n .constructor", "var a; $lib.ctor(a)\n"},
		{"an unknown key is looked at", "var a, k = 'x'; a[k]", "var a, k = 'x'; $lib.get(a,(k))"},
		{"keys inside keys", "function f(a, b, c) { return a[b][c[b]] }", "function f(a, b, c) { return $lib.get($lib.get(a,(b)),($lib.get(c,(b)))) }"},
		{"a comma in a key", "function f(a, b, c) { return a[b, c] }", "function f(a, b, c) { return $lib.get(a,(b, c)) }"},
		{"a key on a global", "function f(k) { return Math[k] }", "function f(k) { return $lib.get($lib.Math,(k)) }"},
		{"literal keys stay", "var a; a[0]; a['b']; a[-1]", "var a; a[0]; a['b']; a[-1]"},
		{"counters are numbers", "var a = [], s = 0; for (var i = 0; i < 9; i++) s += a[i] + a[i + 1] + a[i * 2 | 0]", "var a = [], s = 0; for (var i = 0; i < 9; i++) s += a[i] + a[i + 1] + a[i * 2 | 0]"},
		{"a counter that is given a text is none", "var a, i = 0; i = 'x'; a[i]", "var a, i = 0; i = 'x'; $lib.get(a,(i))"},
		{"a counter that text is added to is none", "var a, i = 0, t = 'x'; i += t; a[i]", "var a, i = 0, t = 'x'; i += t; $lib.get(a,(i))"},
		{"a key of for in is a text", "var o; for (var k in o) o[k]", "var o; for (var k in o) $lib.get(o,(k))"},
		{"a parameter may be anything", "function f(a, i) { i = 1; return a[i] }", "function f(a, i) { i = 1; return $lib.get(a,(i)) }"},
		{"targets keep their place", "function f(a, k) { a[k] = 1; a[k] += 2; a[k]++; --a[k]; delete a[k] }",
			"function f(a, k) { a[$lib.key((k),1)] = 1; a[$lib.key((k),1)] += 2; a[$lib.key((k),1)]++; --a[$lib.key((k),1)]; delete a[$lib.key((k),1)] }"},
		{"a called member keeps its object", "function f(a, k) { return a[k](1) }", "function f(a, k) { return a[$lib.key((k))](1) }"},
		{"this in functions", "module.exports = { f: function () { return this.x } }", "module.exports = { f: function () { return this.x } }"},
		{"a function that calls itself by name", "var f = function g(n) { return n ? g(n - 1) : 0 }", "var f = function g(n) { return n ? g(n - 1) : 0 }"},
		{"requires", "var o = require('./other'), u = require('../util.jds'), v = require('/util.jds')", `var o = require("/lib/other.jds"), u = require("/util.jds"), v = require("/util.jds")`},
		{"missing semicolons", "var a = 1\nvar b = 2\na\n++b\nif (a) b\nelse a", "var a = 1\nvar b = 2\na\n++b\nif (a) b\nelse a"},
		{"division is no regular expression", "var a = 4, b = 2; a / b / 2; (a) / b", "var a = 4, b = 2; a / b / 2; (a) / b"},
		{"all statements", "do { if (1) continue; else break } while (0) switch (1) { case 1: break; default: ; } for (;;) { break } for (var i in {}) {} while (0);",
			"do { if (1) continue; else break } while (0) switch (1) { case 1: break; default: ; } for (;;) { break } for (var i in {}) {} while (0);"},
		{"let and const", "let a = 1; const b = 2; { let a = 3 }", "let a = 1; const b = 2; { let a = 3 }"},
		{"a line end of Unicode", "var a // x\u2028a = 1", "var a // x\u2028a = 1"},
		{"exports and arguments", "exports.a = function () { return arguments.length }", "exports.a = function () { return arguments.length }"},
		{"short properties, which scripts in use have", "var a, o = {a, Math, b: 1}", "var a, o = {a, Math:$lib.Math, b: 1}"},
		{"default values, which scripts in use have", "function f(a, b = 'x', c = b + a) { return c }", "function f(a, b = 'x', c = b + a) { return c }"},
		{"a default value on a global", "function f(a = Math.PI) { var Math = 1; return a + Math }", "function f(a = $lib.Math.PI) { var Math = 1; return a + Math }"},
		{"a variable that starts with its parameter's value", "function f(o, k = 1) { var k; return o[k] }", "function f(o, k = 1) { var k; return $lib.get(o,(k)) }"},
		{"a trailing comma and holes", "var a = [, 1, , 2,], b = {a: 1,}", "var a = [, 1, , 2,], b = {a: 1,}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			safe, list := compileSafe(c.in)
			if list.Len() > 0 {
				t.Fatal(list)
			}
			if got, want := uncounted(safe.Code), `"use strict";`+c.want; got != want {
				t.Errorf("\ngot  %s\nwant %s", got, want)
			}
		})
	}
}

// uncounted is code without the counting of its steps, which a test of its own is about.
func uncounted(code string) string {
	return strings.NewReplacer("$lib.step(),true", "", "$lib.step(),", "", "$lib.step();", "").Replace(code)
}

func TestWhatMayRunForEverCountsItsSteps(t *testing.T) {
	for in, want := range map[string]string{
		"while (a) a--":                          "while ($lib.step(),a) a--",
		"while ((a)) a--":                        "while ($lib.step(),(a)) a--",
		"do a--; while (a, a)":                   "do a--; while ($lib.step(),a, a)",
		"for (;;) { break }":                     "for (;$lib.step(),true;) { break }",
		"for (a = 0; a < 9; a++) ;":              "for (a = 0; $lib.step(),a < 9; a++) ;",
		"for (; Math.abs(a);) a--":               "for (; $lib.step(),$lib.Math.abs(a);) a--",
		"function f() { return f() }":            "function f() {$lib.step(); return f() }",
		"a = { f: function () { } }":             "a = { f: function () {$lib.step(); } }",
		"for (a in {}) { while (true) break }":   "for (a in {}) { while ($lib.step(),true) break }",
		"while (a)\n  while (a.constructor) a--": "while ($lib.step(),a)\n  while ($lib.step(),$lib.ctor(a)) a--",
	} {
		safe, list := compileSafe("var a; " + in)
		if list.Len() > 0 {
			t.Fatal(list)
		}
		if got := strings.TrimPrefix(safe.Code, `"use strict";var a; `); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", in, got, want)
		}
	}
}

func TestVariablesThatNobodyDeclaredStayInside(t *testing.T) {
	safe, list := compileSafe("function f(o) {\n  total = 1; key = 'a'; return total + o[key]\n}")
	if want := "warning: lib/a.jds:2:3: the variable total is not declared, write var total\n"; list.HasErrors() || !strings.Contains(list.String(), want) {
		t.Errorf("got %s", list)
	}
	if !strings.HasPrefix(safe.Code, `"use strict";var key,total;function`) || !strings.Contains(safe.Code, "$lib.get(o,(key))") {
		t.Error(safe.Code)
	}
}

func TestExportsAndRequiresAreListed(t *testing.T) {
	safe, list := compileSafe("var o = require('./other.jds');\nmodule.exports = { b: o.b, 'a': 1 };\nexports.c = 2; module.exports.d = 3; o.exports.x = 1")
	if list.Len() > 0 {
		t.Fatal(list)
	}
	if want := []string{"a", "b", "c", "d"}; !slices.Equal(safe.Exports, want) {
		t.Errorf("exports %v", safe.Exports)
	}
	if d := cmp.Diff([]Require{{"./other.jds", "lib/other.jds", false, 1, 17}}, safe.Requires); d != "" {
		t.Error(d)
	}
}

func TestScriptsThatReachOutAreRefused(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"window.x", "1:1: window cannot be reached from JDS and WXS, pass in what it needs"},
		{"var a;\n  a = document", "2:7: document cannot be reached from JDS and WXS, pass in what it needs"},
		{"globalThis", "1:1: globalThis cannot be reached from JDS and WXS, pass in what it needs"},
		{"Function('x')()", "1:1: Function cannot be reached from JDS and WXS, code cannot be made from text here"},
		{"eval('x')", "1:1: eval cannot be reached from JDS and WXS, code cannot be made from text here"},
		{"var x = self", "1:9: self cannot be reached from JDS and WXS, pass in what it needs"},
		{"setTimeout(1)", "1:1: setTimeout cannot be reached from JDS and WXS, use a timer in the page's script"},
		{"jd.request()", "1:1: jd cannot be reached from JDS and WXS, do it in the page's script"},
		{"window = 1", "1:1: window cannot be reached from JDS and WXS, pass in what it needs"},
		{"Mat.floor(1)", "1:1: Mat is not defined, did you mean Math?"},
		{"var price = 1; prise", "1:16: prise is not defined, did you mean price?"},
		{"this.x", "1:1: this means nothing outside of a function, write exports"},
		{"arguments", "1:1: arguments means nothing outside of a function"},
		{"Math = 1", "1:1: Math cannot be assigned, declare a variable"},
		{"undefined = 1", "1:1: undefined cannot be assigned"},
		{"const a = 1; a = 2", "1:14: the constant a cannot be assigned, declare it with var"},
		{"var a; a.__proto__", "1:10: __proto__ is no part of JDS and WXS"},
		{"var a; a['__proto__']", "1:10: __proto__ is no part of JDS and WXS"},
		{"var a; a['\\x5f_proto__']", "1:10: __proto__ is no part of JDS and WXS"},
		{"var a; a.prototype.x = 1", "1:10: prototype is no part of JDS and WXS"},
		{"var a; a.__defineGetter__('x', a)", "1:10: __defineGetter__ is no part of JDS and WXS"},
		{"var a; a.constructor = 1", "1:9: constructor cannot be assigned, use another name"},
		{"''.replace.call = 1", "1:12: call cannot be assigned, use another name"},
		{"[].push['apply'] = 1", "1:9: apply cannot be assigned, use another name"},
		{"var a = {__proto__: 1}", "1:10: __proto__ cannot be a key, use another key"},
		{"var a; a.c\\u006fnstructor", "1:11: escapes in names are no part of JDS and WXS, write the letter itself"},
		{"var \\u0061", "1:5: escapes in names are no part of JDS and WXS, write the letter itself"},
		{"var a = 1 <!-- /*\nwindow.x\n/* */", "1:11: <!-- starts a comment in browsers, write < ! --"},
		{"var a = 1\n--> /*\nwindow.x\n/* */", "2:1: --> starts a comment in browsers, write -- >"},
		{"// \u2028window", "1:5: window cannot be reached from JDS and WXS, pass in what it needs"},
		{"require", `1:1: require can only be called, write require("./file.jds")`},
		{"var a; require(a)", `1:8: require takes one text, known before the script runs, write require("./file.jds")`},
		{"require('other')", `1:9: require takes a relative path, found "other", write ./other`},
		{"require('./othr.jds')", `1:9: the script "./othr.jds" does not exist, did you mean lib/other.jds?`},
		{"require('./x.js')", "1:9: lib/x.js is no JDS script"},
		{"require('../../../etc/passwd')", `1:9: the script "../../../etc/passwd" does not exist`},
		{"var r = /a[/]b/g.test('x')", `1:9: the regular expression /a[/]b/g is no part of JDS and WXS, write getRegExp("…", "…")`},
		{"new Date()", "1:1: new is no part of JDS and WXS, for a date write getDate(…), for a regular expression getRegExp(…)"},
		{"var f = () => 1", "1:10: expected a value, found \")\""},
		{"var f = a => 1", "1:11: arrow functions are no part of JDS and WXS, write function (…) { return … }"},
		{"var a = `x`", "1:9: template strings are no part of JDS and WXS, join texts with +"},
		{"var a = b?.c", "1:10: ?. is no part of JDS and WXS, write a && a.b"},
		{"try { } catch (e) { }", "1:1: try is no part of JDS and WXS, there are no exceptions here"},
		{"throw 1", "1:1: throw is no part of JDS and WXS, there are no exceptions here"},
		{"with (Math) { }", "1:1: with is no part of JDS and WXS"},
		{"class A { }", "1:1: class is no part of JDS and WXS, write functions that return objects"},
		{"import a from 'b'", "1:1: import is no part of JDS and WXS, use require"},
		{"var {a} = b", "1:5: taking values apart is no part of JDS and WXS, write one variable after the other"},
		{"var o = {window}", "1:10: window cannot be reached from JDS and WXS, pass in what it needs"},
		{"var o = {this}", "1:10: this cannot stand for a value"},
		{"var o = {a() { }}", "1:10: short methods are no part of JDS and WXS, write a: function (…) { … }"},
		{"var o = {get a() { return 1 }}", "1:10: getters and setters are no part of JDS and WXS"},
		{"function f(a = window) { var window = 1 }", "1:16: window cannot be reached from JDS and WXS, pass in what it needs"},
		{"function f(a = b) { var b = 1 }", "1:16: b is not defined"},
		{"function f(...a) { }", "1:12: spreading is no part of JDS and WXS"},
		{"function f(a, a) { }", "1:15: two parameters are called a, rename one of them"},
		{"for (var a of []) ;", "1:12: for … of is no part of JDS and WXS, count an index"},
		{"x: for (;;) ;", "1:1: labels are no part of JDS and WXS"},
		{"return 1", "1:1: return stands outside of a function, use module.exports"},
		{"break", "1:1: break stands outside of a loop"},
		{"var a = 010", "1:9: a number does not start with 0, write it in decimal or with 0x"},
		{`var a = "\01"`, `1:10: escapes by octal numbers are no part of JDS and WXS, write \x… or \u…`},
		{"var 价格 = ;", `1:10: expected a value, found ";"`},
		{"var a = 'x\n'", "1:9: the string that starts here is not closed on its line, add the missing quote"},
		{"function f() {", "1:14: the block that starts here is never closed, add the missing }"},
		{"var a b", `1:7: unexpected "b", add a ; in front`},
		{"}) (function () {", `1:1: expected a value, found "}"`},
		{"var $lib = 1", "1:5: the name $lib is taken, choose another name"},
		{"$lib.x", "1:1: $lib is not defined"},
		{"var eval = 1", "1:5: eval cannot be the name of a variable, choose another name"},
		{"let a = 1; let a = 2", `1:16: The symbol "a" has already been declared`},
		{"var a = '\xb5'", "1:10: the script is not UTF-8, save the file as UTF-8"},
		{"1 = 2", "1:3: nothing can be assigned to what stands here"},
		{"delete a", "1:1: delete takes a member of an object"},
		{"/* x", "1:1: the comment that starts here is never closed, end it with */"},
		{strings.Repeat("(", 1000), "1:150: the script nests more than 300 deep, split it into functions"},
		{"1" + strings.Repeat("+1", 10000), "1:1: the expression is chained more than 3000 long, split it into several statements"},
		{strings.Repeat(" ", maxSafeSize+1), "1:1: the script is larger than 1024 KiB, split it"},
	} {
		safe, list := compileSafe(c.in)
		got := list.Errors()
		if safe != nil || !slices.ContainsFunc(got, func(d diag.Diagnostic) bool { return d.Error() == "lib/a.jds:"+c.want }) {
			t.Errorf("%.60q\ngot  %s\nwant lib/a.jds:%s", c.in, list, c.want)
		}
	}
}

func TestAllThatIsWrongIsToldAtOnce(t *testing.T) {
	_, list := compileSafe("window.a;\nvar r = /x/;\ndocument.b;\nvar o; o.__proto__")
	if n := len(list.Errors()); n != 4 {
		t.Errorf("%d errors: %s", n, list)
	}
}

func TestPlacesOfInlineScriptsAreThoseOfTheTemplate(t *testing.T) {
	_, list := CompileSafe(pkgOf(nil), Source{File: "pages/a.jxml", Code: " window;\n document", Line: 7, Column: 20})
	want := "pages/a.jxml:7:21: window cannot be reached from JDS and WXS, pass in what it needs\npages/a.jxml:8:2: document cannot be reached from JDS and WXS, pass in what it needs\n"
	if list.String() != want {
		t.Errorf("got %s want %s", list, want)
	}
}

func TestTheScriptOfTaroCompiles(t *testing.T) {
	src, err := os.ReadFile("testdata/taro-utils.jds")
	if err != nil {
		t.Fatal(err)
	}
	safe, list := compileSafe(string(src))
	if list.Len() > 0 {
		t.Fatal(list)
	}
	if want := []string{"a", "b", "c", "d", "e", "f"}; !slices.Equal(safe.Exports, want) || strings.Contains(uncounted(safe.Code), "$lib") {
		t.Errorf("exports %v\n%s", safe.Exports, safe.Code)
	}
}

// libraryForTests is what $lib must offer, as the README says.
const libraryForTests = `
const typeName = (x) => x === undefined || x === null ? undefined : Object.prototype.toString.call(x).slice(8, -1);
const bad = new Set(["__proto__", "prototype", "constructor", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__"]);
const carried = new Set(["call", "apply", "bind"]);
const key = (k, writing) => { if (typeof k === "number") return k; k = String(k); return bad.has(k) || writing && carried.has(k) ? "\0" + k : k };
const get = (o, k) => { if (typeof k !== "number") { k = String(k); if (k === "constructor") return typeName(o); if (bad.has(k)) return undefined } return o[k] };
const copy = (from, names) => Object.freeze(Object.assign(Object.create(null), Object.fromEntries(names.map((n) => [n, from[n]]))));
const $lib = Object.freeze({ __proto__: null, ctor: typeName, key, get, step: () => {},
  Math: copy(Math, ["floor", "max"]), JSON: copy(JSON, ["parse", "stringify"]), Object: copy(Object, ["keys"]), Array: copy(Array, ["isArray"]),
  parseInt, getRegExp: (p, f) => new RegExp(p, f), getDate: (...a) => new Date(...a) });
`

// runSafe runs compiled scripts in Node and returns what each exports as r.
func runSafe(t *testing.T, codes []string) []string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("needs node to run the result")
	}
	var b strings.Builder
	b.WriteString(libraryForTests + "const out = [];\n")
	for _, code := range codes {
		fmt.Fprintf(&b, "try { const module = {exports: {}}; (function(module, exports, require, $lib){%s\n})(module, module.exports, null, $lib); out.push(String(module.exports.r)) } catch (e) { out.push(e.name) }\n", code)
	}
	b.WriteString("console.log(JSON.stringify(out))")
	cmd := exec.Command(node, "-")
	cmd.Stdin = strings.NewReader(b.String())
	raw, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCompiledScriptsDoWhatTheyShouldAndReachNothing(t *testing.T) {
	cases := []struct{ name, in, want string }{
		{"arithmetic", "exports.r = 1 + 2 * 3", "7"},
		{"a sum over a list", "var a = [1, 2, 3], s = 0; for (var i = 0; i < a.length; i++) s += a[i]; exports.r = s", "6"},
		{"keys", "var o = {a: 1, b: 2}, s = ''; for (var k in o) s += k + o[k]; exports.r = s", "a1b2"},
		{"writing by key", "var o = {}, k = 'x'; o[k] = 1; o[k] += 2; o[k]++; exports.r = o.x; ", "4"},
		{"deleting by key", "var o = {x: 1}, k = 'x'; delete o[k]; exports.r = o.x", "undefined"},
		{"calling by key keeps this", "var o = {v: 5, f: function () { return this.v }}, k = 'f'; exports.r = o[k]()", "5"},
		{"the constructor is a text", "exports.r = [].constructor + ({}).constructor + (1).constructor + ''.constructor + (function () {}).constructor", "ArrayObjectNumberStringFunction"},
		{"the constructor by key", "var k = 'constructor'; exports.r = [][k]", "Array"},
		{"regular expressions", "exports.r = getRegExp('^a+$').test('aaa')", "true"},
		{"a pattern as it is written", `exports.r = getRegExp('^\d+\.\d$').test('12.5') && !getRegExp('^\w\b').test('dd') && getRegExp("^\\s").test(' ')`, "true"},
		{"a variable nobody declared", "function f() { n = 3 } f(); exports.r = n", "3"},
		{"the escape by constructor", "exports.r = (function () {}).constructor('return 1')()", "TypeError"},
		{"the escape by a built key", "var k = 'con' + 'structor'; exports.r = typeof [][k]", "string"},
		{"the escape by a call with a built key", "var k = 'con' + 'structor'; exports.r = (function () {})[k]('return 1')()", "TypeError"},
		{"the escape by an object as key", "var n = 0, k = {toString: function () { return n++ ? 'constructor' : 'x' }}; var v = (function () {})[k]; exports.r = typeof v + n", "undefined1"},
		{"the escape by an array as key", "var k = ['constructor']; exports.r = typeof (function () {})[k]", "string"},
		{"the escape by writing an object as key", "var n = 0, o = {}, k = {toString: function () { return n++ ? '__proto__' : 'x' }}; o[k] = 1; exports.r = n + '' + o.x", "11"},
		{"the escape by __proto__ as key", "var o = {}, k = '__pro' + 'to__'; o[k] = {y: 1}; exports.r = o.y", "undefined"},
		{"reading __proto__ by key", "var k = '__pro' + 'to__'; exports.r = ({})[k]", "undefined"},
		{"the escape by this", "exports.r = (function () { return this })()", "undefined"},
		{"the escape by call", "exports.r = (function () { return this }).call(null)", "null"},
		{"the escape by arguments", "exports.r = (function () { return arguments.callee })()", "TypeError"},
		{"bending a function of the realm", "var k = 'ca' + 'll'; ''.replace[k] = function () { return 'stolen' }; exports.r = ''.trim.call(' x ')", "x"},
		{"calling by call", "var k = 'ca' + 'll'; exports.r = (function () { return this.x })[k]({x: 1})", "1"},
		{"bending the library", "Math.floor = 1; exports.r = 1", "TypeError"},
		{"a compound assignment reads no function", "var o = function () {}, k = 'con' + 'structor'; exports.r = typeof (o[k] += '')", "string"},
		{"the escape by a counter that is none", "var f = function () {}; for (var i = 0; i < 1; i++) { var j = i; j = j + 'x' } exports.r = typeof f[j]", "undefined"},
	}
	var codes []string
	for _, c := range cases {
		safe, list := compileSafe(c.in)
		if safe == nil {
			t.Fatalf("%s: %s", c.name, list)
		}
		codes = append(codes, safe.Code)
	}
	for i, got := range runSafe(t, codes) {
		if got != cases[i].want {
			t.Errorf("%s: got %s, want %s\n%s", cases[i].name, got, cases[i].want, codes[i])
		}
	}
}

func TestALargeScriptCompilesInLinearTime(t *testing.T) {
	line := "function f%d(a, k) { var s = 0; for (var i = 0; i < 10; i++) { s += a[i] + a[k].length } return s.constructor + Math.max(s, i) }\n"
	var b strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&b, line, i)
	}
	start := time.Now()
	if safe, list := compileSafe(b.String()); safe == nil {
		t.Fatal(list)
	}
	if took := time.Since(start); took > 15*time.Second {
		t.Errorf("%d KiB took %v", b.Len()>>10, took)
	}
}

func TestTheSecondOpinionIsAbleToObject(t *testing.T) {
	for code, want := range map[string]string{
		"window.x": "window", "var a; a.constructor": ".constructor", "var a; a['\\x63onstructor']": "[constructor]", "var a; new a": "(new a)", "$lib.x; module; exports; require": "$lib",
	} {
		if bad := freeNames(code); len(bad) == 0 || !slices.Contains(bad, want) {
			t.Errorf("%s: %v", code, bad)
		}
	}
}

func FuzzCompileSafe(f *testing.F) {
	for _, seed := range []string{
		"var a = [1, 2], k = 'x'; for (var i in a) a[i][k] = a.constructor", "module.exports = { f: function g(a, b) { return a ? g(b) : this.x } }",
		"a = 1 / 2 / 3; /x/.test(a)", "do { if (a) break; else continue } while (b)", "switch (a) { case 1: default: }", "var r = require('./other.jds')", "a <!-- b", "a\n--> b",
		"let a = 1; const b = 2; { let a }", "x = y = z, w", "a[b](c)[d]++", "\"\\u0061\\x62\\\n\"", "// x\u2028y", "if (a) ; else if (b) {}", "for (;;) ;", "delete a[b]", "var a\n++a\n(b)",
		"function f(){return\n1}", "a?.5:1", "0x1f.5", "({get:1, set:2, a:{}})", "typeof void 0 instanceof a in b", "(function(){'use strict'})()",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, code string) {
		safe, list := compileSafe(code)
		if safe == nil {
			if !list.HasErrors() {
				t.Fatal("no code and no reason")
			}
			for _, d := range list.Errors() {
				if d.Line < 1 || d.Column < 1 {
					t.Fatalf("%+v", d)
				}
			}
			return
		}
		if got, want := strings.Count(safe.Code, "\n"), strings.Count(code, "\n"); got != want {
			t.Fatalf("%d lines became %d: %q → %q", want, got, code, safe.Code)
		}
		// A second opinion: an independent parser must find no free name beyond
		// what the function is given, and no way to a constructor.
		if bad := freeNames("(function(module,exports,require,$lib){" + safe.Code + "\n})"); len(bad) > 0 {
			t.Fatalf("%q reaches %v as %q", code, bad, safe.Code)
		}
	})
}
