package expr

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/evanw/esbuild/pkg/api"
)

func TestAnExpressionBecomesCodeThatKnowsWhatItReads(t *testing.T) {
	for _, c := range []struct{ src, value, changed, subtree string }{
		{`{{title}}`, `f.d.title`, `R.u1(f.u,"title")`, `R.g1(f.u,"title")`},
		{`{{node.st}}`, `f.d.node?.st`, `R.u2(f.u,"node","st")`, `R.gn(f.u,["node","st"])`},
		{`{{a.b.c}}`, `f.d.a?.b?.c`, `R.un(f.u,["a","b","c"])`, `R.gn(f.u,["a","b","c"])`},
		{`{{a?.b[0]['x']}}`, `f.d.a?.b?.[0]?.x`, `R.un(f.u,["a","b",0,"x"])`, `R.gn(f.u,["a","b",0,"x"])`},
		{`{{item}}`, `f.v`, `f.w`, `f.w`},
		{`{{item.label}}`, `f.v?.label`, `R.u1(f.w,"label")`, `R.g1(f.w,"label")`},
		{`{{index}}`, `f.k`, `f.x`, `f.x`},
		{`{{outer.a}}`, `f.p.v?.a`, `R.u1(f.p.w,"a")`, `R.g1(f.p.w,"a")`},
		{`row {{item.name}}`, `"row "+R.y(f.v?.name)`, `R.u1(f.w,"name")`, `R.u1(f.w,"name")?!0:void 0`},
		{`{{a}}{{b}}`, `""+R.y(f.d.a)+R.y(f.d.b)`, `R.u1(f.u,"a")||R.u1(f.u,"b")`, `R.u1(f.u,"a")||R.u1(f.u,"b")?!0:void 0`},
		{`{{m.id(a, item.n)}}`, `M0?.id?.(f.d.a,f.v?.n)`, `R.u1(f.u,"a")||R.u1(f.w,"n")`, `R.u1(f.u,"a")||R.u1(f.w,"n")?!0:void 0`},
		{`{{m.b(i.p4,!1)}}`, `M0?.b?.(f.p.k?.p4,!1)`, `f.p.x`, `f.p.x?!0:void 0`},
		{`{{a.list || []}}`, `f.d.a?.list||[]`, `R.u2(f.u,"a","list")`, `R.gn(f.u,["a","list"])`},
		{`{{a || [1]}}`, `f.d.a||[1]`, `R.u1(f.u,"a")`, `R.u1(f.u,"a")?!0:void 0`},
		{`{{a.length > 3}}`, `f.d.a?.length>3`, `R.u1(f.u,"a")`, `R.u1(f.u,"a")?!0:void 0`},
		{`{{list[index]}}`, `G(f.d.list,f.k)`, `R.u1(f.u,"list")||f.x`, `f.x?!0:typeof f.k=="number"?R.g1(R.g1(f.u,"list"),f.k):R.u1(f.u,"list")?!0:void 0`},
		{`{{a ? a.b : b}}`, `f.d.a?f.d.a?.b:f.d.b`, `R.u1(f.u,"a")||R.u1(f.u,"b")`, `R.u1(f.u,"a")||R.u1(f.u,"b")?!0:void 0`},
		{`{{-(-a) - -1}}`, `- -f.d.a- -1`, `R.u1(f.u,"a")`, `R.u1(f.u,"a")?!0:void 0`},
		{`{{(a + b) * c}}`, `(f.d.a+f.d.b)*f.d.c`, `R.u1(f.u,"a")||R.u1(f.u,"b")||R.u1(f.u,"c")`, `R.u1(f.u,"a")||R.u1(f.u,"b")||R.u1(f.u,"c")?!0:void 0`},
		{`{{a ?? (b && c)}}`, `f.d.a??(f.d.b&&f.d.c)`, `R.u1(f.u,"a")||R.u1(f.u,"b")||R.u1(f.u,"c")`, `R.u1(f.u,"a")||R.u1(f.u,"b")||R.u1(f.u,"c")?!0:void 0`},
		{`{{ {a, 'x-y': 1, ...b} }}`, `{a:f.d.a,"x-y":1,...f.d.b}`, `R.u1(f.u,"a")||R.u1(f.u,"b")`, `((R.g1(f.u,"b"))===!0)||{a:R.g1(f.u,"a"),...R.g1(f.u,"b")}`},
		{`{{color: c, size: 2}}`, `{color:f.d.c,size:2}`, `R.u1(f.u,"c")`, `{color:R.g1(f.u,"c")}`},
		{`{{{a:{b:1}}}}`, `{a:{b:1}}`, ``, ``},
		{`{{[1, ...a]}}`, `[1,...A(f.d.a)]`, `R.u1(f.u,"a")`, `R.u1(f.u,"a")?!0:void 0`},
		{`{{'}}'}} and {{"a\"b"}}`, `""+"}}"+" and "+"a\"b"`, ``, ``},
		{`{{+a}}px {{-a}} {{a ? 1 : 'x'}} {{a * 2}} {{a && 1}} {{null}}`, `""+ +f.d.a+"px "+-f.d.a+" "+(f.d.a?1:"x")+" "+f.d.a*2+" "+R.y(f.d.a&&1)+" "+R.y(null)`, `R.u1(f.u,"a")`, `R.u1(f.u,"a")?!0:void 0`},
		{`{{价格}}`, `f.d["价格"]`, `R.u1(f.u,"价格")`, `R.g1(f.u,"价格")`},
		{`{{window}}`, `f.d.window`, `R.u1(f.u,"window")`, `R.g1(f.u,"window")`},
		{`{{new}}`, `f.d.new`, `R.u1(f.u,"new")`, `R.g1(f.u,"new")`},
		{`{{typeof}}`, `f.d.typeof`, `R.u1(f.u,"typeof")`, `R.g1(f.u,"typeof")`},
		{`{{typeof a}}`, `typeof f.d.a`, `R.u1(f.u,"a")`, `R.u1(f.u,"a")?!0:void 0`},
		{`{{a?.5:1}}`, `f.d.a?0.5:1`, `R.u1(f.u,"a")`, `R.u1(f.u,"a")?!0:void 0`},
		{`plain`, `"plain"`, ``, ``},
		{``, `""`, ``, ``},
	} {
		text, problems := ParseText(c.src, Options{})
		code := CompileText(text, page{})
		if len(problems) > 0 || code.Value != c.value || code.Changed() != c.changed || code.Subtree() != c.subtree {
			t.Errorf("%s\n value   %s\n want    %s\n changed %s\n want    %s\n subtree %s\n want    %s\n %v",
				c.src, code.Value, c.value, code.Changed(), c.changed, code.Subtree(), c.subtree, problems)
		}
	}
}

func TestNothingLeadsFromAValueToCode(t *testing.T) {
	for _, src := range []string{
		`a.constructor`, `a['constructor']`, `a["__proto__"]`, `constructor`, `__proto__`, `a.prototype`, `m.constructor`, `m.id.constructor`,
		`a.__defineGetter__`, `a.constructor.constructor`, `''['constructor']`, `[].constructor`, `a['const' + 'ructor']`, `a[['constructor']]`, `item.constructor('x')`,
		`constructor.constructor('x')()`, `a.b.c('x')`, `a['b']('x')`, `''.a('x')`,
	} {
		e, problem := Parse(src, 0)
		if problem != nil {
			t.Fatal(src, problem)
		}
		code := Compile(e, page{}).Value
		for _, bad := range []string{".constructor", ".__proto__", ".prototype", "__defineGetter__", `?.["constructor"]`, "f.d(", ")("} {
			if strings.Contains(code, bad) {
				t.Errorf("%s compiles to %s", src, code)
			}
		}
		if strings.Contains(src, "'x'") && code != "void 0" {
			t.Errorf("%s calls something: %s", src, code)
		}
	}
	js := startEngine(t, strings.Replace(prelude, "HELPERS", helpersJS(), 1)+`answer(q => ({values: q.map(js => show(run(js, {d: {a: {b: [1]}}, v: {}}))) }));`)
	var code []string
	keys := []string{"constructor", "__proto__", "prototype", "__defineGetter__", "__lookupSetter__", "__lookupGetter__", "__defineSetter__"}
	for _, key := range keys {
		for _, form := range []string{`a['%s' + '']`, `a[['%s']]`, `m.id[a.x || '%s']`, `(a || b)['%s'+'']`} {
			e, problem := Parse(fmt.Sprintf(form, key), 0)
			if problem != nil {
				t.Fatal(problem)
			}
			code = append(code, Compile(e, page{}).Value)
		}
	}
	var reply struct{ Values []string }
	js.ask(t, code, &reply)
	if len(reply.Values) != len(code) {
		t.Fatal(reply)
	}
	for i, v := range reply.Values {
		if v != "undefined" {
			t.Errorf("%s reaches %s", code[i], v)
		}
	}
}

func TestAMistakeIsNamedWithItsPlaceAndTheWayOut(t *testing.T) {
	for _, c := range []struct {
		src    string
		offset int
		want   string
	}{
		{`{{a = 1}}`, 4, `'=' assigns, did you mean '=='?`},
		{`{{a += 1}}`, 4, `'+=' changes a value, an expression only reads; call setData`},
		{`{{a++}}`, 3, `'++' changes a value, an expression only reads; call setData`},
		{`{{() => 1}}`, 2, `functions cannot be written here, put it in a script module`},
		{`{{x => x}}`, 4, `functions cannot be written here, put it in a script module`},
		{`{{(x, y) => x}}`, 4, `unexpected ',', only one expression fits between {{ and }}`},
		{`{{function(){}}}`, 2, `functions cannot be written here, put it in a script module`},
		{`{{function f(){}}}`, 11, `functions cannot be written here, put it in a script module`},
		{`{{new Date()}}`, 6, `objects cannot be made with new here, put it in a script module`},
		{"{{`a`}}", 2, `a string in backquotes is not understood here, join with + or use single quotes`},
		{`{{/x/}}`, 2, `regular expressions cannot be written here, put it in a script module`},
		{`{{a; b}}`, 3, `';' ends a statement, only one expression fits between {{ and }}`},
		{`{{a, b}}`, 3, `unexpected ',', only one expression fits between {{ and }}`},
		{`{{a b}}`, 4, `unexpected name b, an operator is missing before it`},
		{`{{a and b}}`, 4, `unknown operator and, did you mean &&?`},
		{`{{a.0}}`, 3, `unexpected number .0, write [0] for an item of a list`},
		{`{{a.}}`, 4, `a name is missing behind '.'`},
		{`{{a +}}`, 5, `the expression ends too early, a value is missing here`},
		{`{{a ? b}}`, 7, `the conditional has no ':', write condition ? yes : no`},
		{`{{(a}}`, 4, `'(' is not closed, write ')'`},
		{`{{a[1}}`, 5, `'[' is not closed, write ']'`},
		{`{{m.id(a}}`, 8, `'(' is not closed, write ')'`},
		{`{{ {a: 1 }}`, 10, `a single '}', write }} to close the expression`},
		{`{{a`, 0, `'{{' is not closed, write }} behind the expression`},
		{`x {{a} y`, 2, `'{{' is not closed, write }} behind the expression`},
		{`{{'abc}}`, 2, `the string is not closed, close it with '`},
		{`{{a，b}}`, 3, `full-width ， is no part of an expression, did you mean ,?`},
		{`{{“a”}}`, 2, `full-width “ is no part of an expression, did you mean "?`},
		{`{{a # b}}`, 4, `unexpected character '#'`},
		{`{{1a}}`, 2, `a name cannot start with a digit`},
		{`{{01}}`, 2, `a number cannot start with 0, remove the leading 0`},
		{`{{'\u12'}}`, 3, `a broken escape in a string, write \uXXXX with four hexadecimal digits`},
		{`{{a ?? b || c}}`, 4, `'??' beside '&&' or '||' could mean two things, put one of them in brackets`},
		{`{{-a ** 2}}`, 5, `'**' after a sign could mean two things, put the left side in brackets`},
		{`{{ {[a]: 1} }}`, 4, `a computed key is not understood here, build the object in a script module`},
		{`{{ {f() {}} }}`, 4, `functions cannot be written here, put it in a script module`},
		{`{{ {a b} }}`, 6, `':' is missing behind the key a, write a: value`},
		{`好 {{a = 1}}`, 8, `'=' assigns, did you mean '=='?`},
		{`{{` + strings.Repeat("(", 300) + `a}}`, 2 + maxNesting/2, `the expression is nested more than 200 deep, move it into a script module`},
	} {
		_, problems := ParseText(c.src, Options{})
		if len(problems) != 1 {
			t.Errorf("%s: %d problems %v", c.src, len(problems), problems)
			continue
		}
		if p := problems[0]; p.Error() != c.want || p.Offset != c.offset && len(c.src) < 100 {
			t.Errorf("%s\ngot  %d: %s\nwant %d: %s", c.src, p.Offset, p.Error(), c.offset, c.want)
		}
	}
}

func TestTemplateDataIsAnObjectWithoutBraces(t *testing.T) {
	for _, c := range []struct{ src, value, problem string }{
		{`a: 1, b, ...c`, `{a:1,b:f.d.b,...f.d.c}`, ``},
		{`item`, `{item:f.v}`, ``},
		{`...item`, `{...f.v}`, ``},
		{`i:item,c:c+1,l:m.f(l,item.nn)`, `{i:f.v,c:f.d.c+1,l:M0?.f?.(f.d.l,f.v?.nn)}`, ``},
		{`{a: 1}`, `{a:1}`, ``},
		{`a: 1,`, `{a:1}`, ``},
		{``, `{}`, ``},
		{`true, a`, `{true:!0,a:f.d.a}`, ``},
		{`__proto__: a`, `{["__proto__"]:f.d.a}`, ``},
		{`item.a`, ``, `this is no object, write name: value, or ...value to pass on all its fields`},
		{`a = b`, ``, `this is no object, write name: value, or ...value to pass on all its fields`},
		{`a: 1 b`, ``, `unexpected name b, an operator is missing before it`},
	} {
		o, problem := ParseObject(c.src, 0)
		if c.problem != "" {
			if problem == nil || problem.Error() != c.problem {
				t.Errorf("%s: got %v, want %s", c.src, problem, c.problem)
			}
			continue
		}
		if problem != nil {
			t.Errorf("%s: %v", c.src, problem)
			continue
		}
		if got := Compile(o, page{}).Value; got != c.value {
			t.Errorf("%s: got %s, want %s", c.src, got, c.value)
		}
	}
}

func TestManyPartsAreJudgedOneByOne(t *testing.T) {
	text, problems := ParseText(`a {{b = 1}} c {{d}} {{}} {{e f}}`, Options{Base: 100})
	if len(problems) != 3 || problems[0].Offset != 106 || !problems[1].Warning || problems[2].Offset != 129 {
		t.Errorf("%+v", problems)
	}
	if got := CompileText(text, page{}).Value; got != `"a "+" c "+R.y(f.d.d)+" "+R.y(void 0)+" "` {
		t.Error(got)
	}
	for _, part := range text.Parts {
		if part.Start < 100 || part.End > 132 {
			t.Errorf("part outside the text: %+v", part.Span)
		}
	}
}

func TestOnlyAPlainDataPathCanBeWrittenBack(t *testing.T) {
	for src, want := range map[string]string{`a`: "a", `a.b['c'][0]`: "a,b,c,0", `item.a`: "", `index`: "", `a + b`: "", `m.id`: "", `a[b]`: "", `a.constructor`: ""} {
		e, problem := Parse(src, 0)
		if problem != nil {
			t.Fatal(problem)
		}
		path, ok := Path(e, page{})
		if got := strings.Join(path, ","); got != want || ok != (want != "") {
			t.Errorf("%s: %q %v", src, got, ok)
		}
	}
}

func TestNumbersReadAndLookAsInJavaScript(t *testing.T) {
	for _, c := range []struct {
		f    float64
		want string
	}{{0, "0"}, {1e21, "1e+21"}, {123456789012345680000, "123456789012345680000"}, {1e-7, "1e-7"}, {0.000001, "0.000001"}, {1.5e-10, "1.5e-10"}, {100, "100"}, {-0.5, "-0.5"}, {5e-324, "5e-324"}} {
		if got := FormatNumber(c.f); got != c.want {
			t.Errorf("%g: %s, want %s", c.f, got, c.want)
		}
	}
	for src, want := range map[string]string{"0x1F": "31", "0b101": "5", "0o17": "15", ".5": "0.5", "1e3": "1000", "1.": "1", "0xFFFFFFFFFFFFFFFFF": "295147905179352830000", "1e999": "Infinity"} {
		e, problem := Parse(src, 0)
		if problem != nil {
			t.Fatal(src, problem)
		}
		if v, _ := Eval(e, Fields{}); ToString(v) != want {
			t.Errorf("%s: %v, want %s", src, ToString(v), want)
		}
	}
}

func TestEvaluationHasABudget(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	e, problem := Parse(`a+a+a+a+a+a+a+a+a+a`, 0)
	if problem != nil {
		t.Fatal(problem)
	}
	if _, err := Eval(e, Fields{"a": long}); !errors.Is(err, ErrTooCostly) {
		t.Errorf("a text of many megabytes: %v", err)
	}
	if _, problem := Parse(strings.Repeat("a+", 6000)+"a", 0); problem == nil || !strings.Contains(problem.Message, "more than 5000 parts") {
		t.Errorf("an endless sum: %v", problem)
	}
}

func TestTheEndOfAnExpressionIsFoundBehindStringsAndBraces(t *testing.T) {
	for src, want := range map[string]int{`{{a}}`: 5, `{{'}}'}} x`: 8, `{{ {a:{}} }}`: 12, `{{it's}} {{b}}`: 8, `{{a`: -1, `{{"a}}`: 6, `{{a}`: -1, "{{'\n'}}": 7} {
		if got := NewEnds(src).After(2); got != want {
			t.Errorf("%s: %d, want %d", src, got, want)
		}
	}
}

func TestHostileTextIsReadInLinearTime(t *testing.T) {
	for _, piece := range []string{"{{", "{{{}}", "{{'}}", "{{'\"}}", "{{{", "{{a}", "{{[", "{{a.", "{{(}}", "{{\\", "{{'\\", "{{a+", "{{...{"} {
		src := strings.Repeat(piece, 300_000/len(piece))
		start := time.Now()
		ParseText(src, Options{})
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%q, repeated: %v", piece, took)
		}
	}
}

func TestTheCodeOfAnExpressionIsNotMuchLongerThanIt(t *testing.T) {
	for _, src := range []string{
		strings.Repeat("{...", 60) + "a" + strings.Repeat(",b}", 60), strings.Repeat("{a:", 60) + "a" + strings.Repeat("}", 60),
		strings.Repeat("a[", 60) + "a" + strings.Repeat("]", 60), "{..." + strings.Repeat("a[", 60) + "a" + strings.Repeat("]", 60) + "}",
		strings.Repeat("(", 60) + "a" + strings.Repeat("||[])", 60), strings.Repeat("[...", 60) + "a" + strings.Repeat("]", 60), "a" + strings.Repeat(".a[b]", 300),
	} {
		e, problem := Parse(src, 0)
		if problem != nil {
			t.Fatal(problem)
		}
		code := Compile(e, page{})
		if n := len(code.Value) + len(code.Changed()) + len(code.Subtree()); n > 100*len(src) {
			t.Errorf("%.20s…: %d bytes of code for %d bytes", src, n, len(src))
		}
	}
}

func FuzzExpressions(f *testing.F) {
	for _, s := range []string{
		"a", "a.b[c]?.d", "{{a}} b {{ {c:1} }}", "'\\u{1F600}\\x41\\ud83d\\ude00'", "a?b:c", "...a, b:1", "((((", "{{'", "{{{{}}}}", "a ?? (b||c)", "-a**2", "\xff", "{{a\x00}}",
		"0x", "1e", "1..a", "a?.[0]?.(1)", "m.f(...a)", "{a:1,", "[,]", "typeof typeof a", "{{“}}", "//", "a/**/b", "0b", "\\", "{{}}}}", "{{a}}}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 10_000 {
			return
		}
		judge := func(p Problem) {
			if p.Offset < 0 || p.Offset > len(src) || p.Message == "" {
				t.Fatalf("problem outside the source: %+v", p)
			}
		}
		if e, problem := Parse(src, 0); problem != nil {
			judge(*problem)
		} else {
			code := Compile(e, page{})
			mustBeJavaScript(t, "x=["+code.Value+","+or(code.Changed())+","+or(code.Subtree())+"]")
			if _, err := Eval(e, Fields{"a": &List{[]Value{1.0, "x"}}}); err != nil && !errors.Is(err, ErrTooCostly) {
				t.Fatal(err)
			}
		}
		if o, problem := ParseObject(src, 0); problem != nil {
			judge(*problem)
		} else {
			_ = Compile(o, page{}).Subtree()
		}
		text, problems := ParseText(src, Options{})
		for _, p := range problems {
			judge(p)
		}
		end := 0
		for _, part := range text.Parts {
			if part.Start < end || part.End < part.Start || part.End > len(src) {
				t.Fatalf("part outside the source: %+v", part.Span)
			}
			end = part.End
		}
		mustBeJavaScript(t, "x="+CompileText(text, page{}).Value)
	})
}

func or(js string) string {
	if js == "" {
		return "0"
	}
	return js
}

func mustBeJavaScript(t *testing.T, js string) {
	t.Helper()
	if r := api.Transform(js, api.TransformOptions{LogLevel: api.LogLevelSilent}); len(r.Errors) > 0 {
		t.Fatalf("%s: %s", r.Errors[0].Text, js)
	}
}
