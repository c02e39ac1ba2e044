package expr

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
	"pgregory.net/rapid"
)

// engine is a real JavaScript engine that answers one line of JSON for each line of JSON.
type engine struct {
	in  io.Writer
	out *bufio.Reader
}

// startEngine starts node with the runtime's own change trees. Without node the test is skipped, but not in CI.
func startEngine(t *testing.T, program string) *engine {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("node is needed in CI: ", err)
		}
		t.Skip("node is not installed")
	}
	change, err := os.ReadFile("../../web/runtime/src/shared/change.ts")
	if err != nil {
		t.Fatal(err)
	}
	r := api.Transform(string(change), api.TransformOptions{Loader: api.LoaderTS, Format: api.FormatIIFE, GlobalName: "change"})
	if len(r.Errors) > 0 {
		t.Fatal(r.Errors)
	}
	cmd := exec.Command("node", "-e", string(r.Code)+program)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	return &engine{in, bufio.NewReaderSize(out, 1<<20)}
}

func (e *engine) ask(t interface{ Fatal(...any) }, question, answer any) {
	line, err := json.Marshal(question)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintf(e.in, "%s\n", line); err != nil {
		t.Fatal(err)
	}
	reply, err := e.out.ReadBytes('\n')
	if err != nil {
		t.Fatal("the engine died: ", err)
	}
	if err := json.Unmarshal(reply, answer); err != nil {
		t.Fatal(string(reply), err)
	}
}

// prelude defines show, which writes a value so that nothing is lost, and run, which evaluates compiled code.
const prelude = `
const R = {...change, y: v => v === null || v === undefined ? "" : v};
const M0 = {id: x => x, pair: (a, b) => [a, b], none: () => undefined};
const helpers = HELPERS;
function show(v) {
  if (v === undefined) return "undefined";
  if (typeof v === "number") return Object.is(v, -0) ? "-0" : String(v);
  if (Array.isArray(v)) return "[" + Array.from(v, show).join(",") + "]";
  if (v && typeof v === "object") return "{" + Object.keys(v).sort().map(k => JSON.stringify(k) + ":" + show(v[k])).join(",") + "}";
  if (typeof v === "function") return "function";
  return JSON.stringify(v);
}
const compiled = js => new Function("R", "M0", "f", '"use strict";' + helpers + "return (" + js + ")");
const run = (js, f) => compiled(js)(R, M0, f);
const answer = fn => require("readline").createInterface({input: process.stdin}).on("line", line => {
  let reply;
  try { reply = fn(JSON.parse(line)); } catch (e) { reply = {error: String(e && e.stack || e)}; }
  process.stdout.write(JSON.stringify(reply) + "\n");
});
`

func helpersJS() string {
	js, _ := json.Marshal((UsesGet | UsesItems).HelperJS())
	return string(js)
}

// show is the same in Go.
func show(v Value) string {
	switch v := v.(type) {
	case Undefined:
		return "undefined"
	case float64:
		if v == 0 && fmt.Sprint(v) == "-0" {
			return "-0"
		}
		return FormatNumber(v)
	case *List:
		parts := make([]string, len(v.Items))
		for i, item := range v.Items {
			parts[i] = show(item)
		}
		return "[" + strings.Join(parts, ",") + "]"
	case *Record:
		keys := append([]string{}, v.Keys...)
		sortUnits(keys)
		parts := make([]string, len(keys))
		for i, k := range keys {
			parts[i] = jsonText(k) + ":" + show(v.Fields[k])
		}
		return "{" + strings.Join(parts, ",") + "}"
	case Func:
		return "function"
	}
	return jsonText(v)
}

func sortUnits(keys []string) {
	for i := range keys {
		for j := i; j > 0 && compareUnits(keys[j-1], keys[j]) > 0; j-- {
			keys[j-1], keys[j] = keys[j], keys[j-1]
		}
	}
}

func jsonText(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err)
	}
	// JSON.stringify leaves these two as they are.
	return strings.NewReplacer(`\u2028`, "\u2028", `\u2029`, "\u2029").Replace(strings.TrimSuffix(b.String(), "\n"))
}

// fromJSON makes a Value of decoded JSON.
func fromJSON(v any) Value {
	switch v := v.(type) {
	case []any:
		l := &List{}
		for _, item := range v {
			l.Items = append(l.Items, fromJSON(item))
		}
		return l
	case map[string]any:
		r := NewRecord()
		for k, item := range v {
			r.Set(k, fromJSON(item))
		}
		return r
	}
	return v
}

// page is a place in a template: data, a loop's item and index inside another loop, and a module.
type page struct{}

func (page) Resolve(name string) Ref {
	switch name {
	case "item":
		return Ref{Kind: Item}
	case "index":
		return Ref{Kind: Position}
	case "outer":
		return Ref{Kind: Item, Up: 1}
	case "i":
		return Ref{Kind: Position, Up: 1}
	case "m":
		return Ref{Kind: Module, JS: "M0"}
	}
	return Ref{Kind: Data}
}

var (
	genNumber = rapid.SampledFrom([]float64{0, 1, 2, 3, -1, 0.5, 1e21, 1e-7, 123456789, 4294967296, -2147483649, 0.1})
	genString = rapid.SampledFrom([]string{"", "a", "b", "12", " 7 ", "0x1f", "1e3", "length", "中文", "é", "it's", `"`, "-", "Infinity", "\u2028"})
)

// genData makes JSON data.
func genData(depth int) *rapid.Generator[any] {
	leaf := rapid.OneOf(
		rapid.Map(genNumber, func(f float64) any { return f }),
		rapid.Map(genString, func(s string) any { return s }),
		rapid.SampledFrom([]any{true, false, nil}),
	)
	if depth == 0 {
		return leaf
	}
	return rapid.OneOf(leaf,
		rapid.Map(rapid.SliceOfN(genData(depth-1), 0, 3), func(l []any) any {
			if l == nil {
				l = []any{}
			}
			return l
		}),
		rapid.Map(rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "c", "x-y", "1"}), genData(depth-1), 0, 3), func(m map[string]any) any { return m }),
	)
}

// genGroup makes something that holds more, or nothing: what changes below it matters most.
func genGroup(depth int) *rapid.Generator[any] {
	return rapid.OneOf(
		rapid.Just[any](nil),
		rapid.Map(rapid.SliceOfN(genData(depth-1), 1, 3), func(l []any) any { return l }),
		rapid.Map(rapid.SliceOfN(genData(depth-1), 3, 3), func(l []any) any { return map[string]any{"a": l[0], "b": l[1], "c": l[2]} }),
	)
}

var names = []string{"a", "b", "c", "item", "outer", "index", "i", "missing", "window", "constructor", "new"}

// genSource writes an expression.
func genSource(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		if depth == 0 {
			switch rapid.IntRange(0, 3).Draw(t, "leaf") {
			case 0:
				return FormatNumber(rapid.SampledFrom([]float64{0, 1, 2, 0.5, 1e21, 31}).Draw(t, "n"))
			case 1:
				return Quote(genString.Draw(t, "s"))
			case 2:
				return rapid.SampledFrom([]string{"true", "false", "null", "undefined", "[]", "{}"}).Draw(t, "word")
			}
			return rapid.SampledFrom(names).Draw(t, "name")
		}
		sub := func() string { return genSource(depth-1).Draw(t, "sub") }
		operand := func() string { // as an operand, with the brackets a writer would put, or without where they do not matter
			s := sub()
			if rapid.Bool().Draw(t, "brackets") || strings.ContainsAny(s, "?&|*{") {
				return "(" + s + ")"
			}
			return s
		}
		switch rapid.IntRange(0, 12).Draw(t, "form") {
		case 0:
			return rapid.SampledFrom(names).Draw(t, "name")
		case 1, 2:
			return "(" + sub() + ")" + rapid.SampledFrom([]string{".a", ".b", "?.c", ".length", "[0]", `["x-y"]`, "[1]", ".constructor", `["__proto__"]`}).Draw(t, "member")
		case 3:
			return rapid.SampledFrom([]string{"a", "item", "outer"}).Draw(t, "name") + "." + rapid.SampledFrom([]string{"a", "b", "c.a", "length", "a.b.c", "b[1]"}).Draw(t, "path")
		case 4:
			return "(" + sub() + ")[" + sub() + "]"
		case 5:
			return rapid.SampledFrom([]string{"!", "-", "+", "~", "typeof "}).Draw(t, "op") + "(" + sub() + ")"
		case 6, 7:
			op := rapid.SampledFrom([]string{"+", "-", "*", "/", "%", "==", "!=", "===", "!==", "<", ">", "<=", ">=", "&&", "||", "&", "|", "^", "<<", ">>", ">>>"}).Draw(t, "op")
			return operand() + " " + op + " " + operand()
		case 8:
			return "(" + sub() + ") ?? (" + sub() + ")"
		case 9:
			return "(" + sub() + ") ? " + sub() + " : " + sub()
		case 10:
			return "[" + sub() + ", ..." + sub() + "]"
		case 11:
			return "{a: " + sub() + ", ...(" + sub() + "), 'x-y': " + sub() + ", c}"
		}
		return rapid.SampledFrom([]string{"m.id(" + sub() + ")", "m.pair(" + sub() + ", " + sub() + ")", "m.none()", "m.gone(" + sub() + ")", "a.b(" + sub() + ")"}).Draw(t, "call")
	})
}

func TestCompiledCodeAndGoAgreeOnEveryValue(t *testing.T) {
	js := startEngine(t, strings.Replace(prelude, "HELPERS", helpersJS(), 1)+`
answer(q => ({values: q.code.map(js => { try { return show(run(js, q.frame)); } catch (e) { return "threw " + e; } })}));`)
	modules := NewRecord()
	modules.Set("id", Func(func(a []Value) Value { return append(a, Undefined{})[0] }))
	modules.Set("pair", Func(func(a []Value) Value { return &List{a[:2]} }))
	modules.Set("none", Func(func([]Value) Value { return Undefined{} }))
	rapid.Check(t, func(rt *rapid.T) {
		sources := rapid.SliceOfN(genSource(3), 1, 40).Draw(rt, "sources")
		data := map[string]any{"a": genData(3).Draw(rt, "a"), "b": genData(2).Draw(rt, "b"), "c": genData(1).Draw(rt, "c")}
		item, outer := genData(2).Draw(rt, "item"), genData(2).Draw(rt, "outer")
		scope := Fields{"item": fromJSON(item), "outer": fromJSON(outer), "index": 1.0, "i": "b", "m": modules}
		for k, v := range data {
			scope[k] = fromJSON(v)
		}
		var code, want []string
		for _, src := range sources {
			e, problem := Parse(src, 0)
			if problem != nil {
				rt.Fatalf("%s: %v", src, problem)
			}
			code = append(code, Compile(e, page{}).Value)
			v, err := Eval(e, scope)
			if err != nil {
				rt.Fatalf("%s: %v", src, err)
			}
			want = append(want, show(v))
			text, problems := ParseText("{{ "+src+" }}px {{ "+src+" }}", Options{})
			if len(problems) > 0 {
				rt.Fatalf("%s: %v", src, problems)
			}
			code = append(code, CompileText(text, page{}).Value)
			if v, err = EvalText(text, scope); err != nil {
				rt.Fatalf("%s: %v", src, err)
			}
			want = append(want, show(v))
		}
		var reply struct {
			Values []string
			Error  string
		}
		js.ask(rt, map[string]any{"code": code, "frame": map[string]any{
			"d": data, "v": item, "k": 1, "p": map[string]any{"v": outer, "k": "b"}}}, &reply)
		if reply.Error != "" {
			rt.Fatal(reply.Error)
		}
		for i, got := range reply.Values {
			if got != want[i] {
				rt.Fatalf("%s\ncompiled %s\nJavaScript says %s\nGo says         %s", sources[i/2], code[i], got, want[i])
			}
		}
	})
}

// A page where outer is one of the rows and item one of the outer's list, both read in place, as loops do.
const soundness = `
const at = (o, p) => p.reduce((v, k) => v === null || v === undefined ? undefined : v[k], o);
answer(q => {
  const wrong = [];
  const frame = (u, fresh) => {
    const outer = q.rows[fresh ? q.now[0] : q.was[0]], k = fresh ? q.now[1] : q.was[1];
    const list = at(q.d, ["rows", outer]);
    const moved = fresh && q.now[0] !== q.was[0], shifted = fresh && (moved || q.now[1] !== q.was[1]);
    const ow = moved ? true : change.gn(u, ["rows", outer]);
    return {d: q.d, u, v: at(list, ["list", k]), k, w: shifted ? true : change.gn(ow, ["list", k]), x: fresh && q.now[1] !== q.was[1] || undefined,
      p: {v: list, k: outer, w: ow, x: moved || undefined, d: q.d, u}};
  };
  const snap = v => show(v);
  const before = q.cases.map(c => { const v = run(c.value, frame(undefined, false)); return {shown: snap(v), parts: parts(v)}; });
  let u;
  for (const [path, value] of q.sets) { if (value === null) change.setAt(q.d, path, undefined); else change.setAt(q.d, path, value); u = change.mark(u, path); }
  const f = frame(u, true);
  q.cases.forEach((c, i) => {
    const v = run(c.value, f), now = snap(v);
    const changed = c.changed === "" ? false : run(c.changed, f);
    const tree = c.subtree === "" ? undefined : run(c.subtree, f);
    if (now === before[i].shown) return;
    if (!changed) wrong.push("not noticed: " + c.src + "\n  " + c.value + "\n  changed " + c.changed + "\n  " + before[i].shown + " -> " + now);
    if (tree === undefined) wrong.push("no subtree: " + c.src + "\n  " + c.subtree + "\n  " + before[i].shown + " -> " + now);
    const was = before[i].parts, is = parts(v);
    for (const k in was) if (k in is && was[k] !== is[k] && change.g1(tree, k) === undefined)
      wrong.push("part " + k + " not in the subtree: " + c.src + "\n  " + c.subtree + "\n  " + before[i].shown + " -> " + now);
  });
  return {wrong};
});
function parts(v) {
  const out = Object.create(null);
  if (v && typeof v === "object") for (const k of Object.keys(v)) out[k] = show(v[k]);
  return out;
}`

// telling are expressions whose change is easily missed: lengths, computed members, fallbacks, objects made on the spot.
var telling = []string{
	"a.length", "a.b.length", "item.length", "outer.length", "outer.list.length", "a['length']", "b[i]", "a[index]", "a[b]", "a[item]", "a[c.length]", "a[c]", "b[c]",
	"outer[index]", "outer.list[index]", "outer[i]", "a || []", "a || [1, 2]", "a ?? {a: 1, b: 2}", "a.b || {}", "a[index].b", "a[1]", "item.a || 0",
	"{a: a, ...b}", "{...a, b}", "{...item, a: 1}", "{a: 1, ...item}", "{i: item, c: index + 1}", "{x: a[index], ...m.id(b)}", "[a, item]", "m.id(a)",
	"m.pair(item, i)", "a ? b : c", "index", "i", "item", "outer", "a", "rows", "rows.length", "rows[index]", "rows[i].list", "{...outer.list}", "{...(a || [])}",
}

func TestAChangedValueIsAlwaysNoticed(t *testing.T) {
	js := startEngine(t, strings.Replace(prelude, "HELPERS", helpersJS(), 1)+soundness)
	genPath := rapid.Custom(func(t *rapid.T) []any {
		path := []any{rapid.SampledFrom([]string{"a", "a", "b", "c", "rows"}).Draw(t, "field")}
		if path[0] == "rows" {
			path = append(path, rapid.IntRange(0, 1).Draw(t, "row"))
			if rapid.Bool().Draw(t, "inside") {
				path = append(path, rapid.SampledFrom([]string{"list", "a", "b", "c"}).Draw(t, "row field"))
			}
		}
		for range rapid.IntRange(0, 3).Draw(t, "depth") {
			if rapid.Bool().Draw(t, "number") {
				path = append(path, rapid.IntRange(0, 4).Draw(t, "position"))
			} else {
				path = append(path, rapid.SampledFrom([]string{"a", "b", "c", "1"}).Draw(t, "key"))
			}
		}
		return path
	})
	rapid.Check(t, func(rt *rapid.T) {
		type compiled struct {
			Src     string `json:"src"`
			Value   string `json:"value"`
			Changed string `json:"changed"`
			Subtree string `json:"subtree"`
		}
		var cases []compiled
		for _, src := range rapid.SliceOfN(rapid.OneOf(genSource(2), rapid.SampledFrom(telling)), 1, 40).Draw(rt, "sources") {
			e, problem := Parse(src, 0)
			if problem != nil {
				rt.Fatalf("%s: %v", src, problem)
			}
			c := Compile(e, page{})
			cases = append(cases, compiled{src, c.Value, c.Changed(), c.Subtree()})
		}
		row := func(label string) any {
			return map[string]any{"list": []any{genData(2).Draw(rt, label), genData(1).Draw(rt, label)}, "a": genData(2).Draw(rt, label), "b": genData(1).Draw(rt, label)}
		}
		var sets []any
		for range rapid.IntRange(1, 2).Draw(rt, "sets") {
			path := genPath.Draw(rt, "path")
			value := rapid.OneOf(genData(2), genGroup(2)).Draw(rt, "value")
			if len(path) == 1 && path[0] == "rows" {
				value = []any{row("new row"), row("new row")}
			}
			sets = append(sets, []any{path, value})
		}
		position := func(label string) []int {
			return []int{rapid.IntRange(0, 1).Draw(rt, label), rapid.IntRange(0, 1).Draw(rt, label)}
		}
		was := position("was")
		now := was
		if rapid.IntRange(0, 3).Draw(rt, "moved") == 0 {
			now = position("now")
		}
		var reply struct {
			Wrong []string
			Error string
		}
		js.ask(rt, map[string]any{
			"cases": cases, "sets": sets, "was": was, "now": now, "rows": []int{0, 1},
			"d": map[string]any{"a": genGroup(3).Draw(rt, "a"), "b": genGroup(2).Draw(rt, "b"), "c": rapid.OneOf(genData(2), rapid.SampledFrom([]any{"a", "length", 1})).Draw(rt, "c"), "rows": []any{row("row"), row("row")}},
		}, &reply)
		if reply.Error != "" {
			rt.Fatal(reply.Error)
		}
		if len(reply.Wrong) > 0 {
			rt.Fatalf("after %v:\n%s", sets, strings.Join(reply.Wrong, "\n"))
		}
	})
}
