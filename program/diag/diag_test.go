package diag

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestADiagnosticReadsAsOneLineThatNamesPlaceFaultAndWayOut(t *testing.T) {
	for _, c := range []struct {
		name string
		d    Diagnostic
		want string
	}{
		{"place and hint", Diagnostic{File: "pages/cart/index.jxml", Line: 14, Column: 9, Message: "unknown directive jd.if", Hint: "did you mean jd:if?"},
			"pages/cart/index.jxml:14:9: unknown directive jd.if, did you mean jd:if?"},
		{"whole file", Diagnostic{File: "app.json", Message: "is empty"}, "app.json: is empty"},
		{"whole package", Diagnostic{Message: "not a zip file"}, "not a zip file"},
		{"a line without a column", Diagnostic{File: "a.js", Line: 2, Message: "m"}, "a.js:2:1: m"},
		{"a name that tries to fake a line and colours", Diagnostic{File: "a\nb.js", Line: 1, Column: 1, Message: "x\x1b[31m\u202e\xff"},
			`a\nb.js:1:1: x\x1b[31m\u202e\xff`},
		{"Chinese stays Chinese", Diagnostic{File: "页面/首页.jxml", Line: 1, Column: 2, Message: "未知"}, "页面/首页.jxml:1:2: 未知"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.d.Error(); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestAListSortsAndKeepsEachFindingOnce(t *testing.T) {
	var l List
	l.Errorf("b.js", 1, 1, "second")
	l.Errorf("a.js", 9, 1, "first, later line")
	l.Errorf("a.js", 2, 7, "first, later column")
	l.Errorf("a.js", 2, 3, "first")
	l.Errorf("a.js", 2, 3, "first")
	l.Warnf("a.js", 1, 1, "a warning")
	var got []string
	for _, d := range l.All() {
		got = append(got, d.Severity.String()+" "+d.Error())
	}
	want := []string{
		"error a.js:2:3: first", "error a.js:2:7: first, later column", "error a.js:9:1: first, later line",
		"error b.js:1:1: second", "warning a.js:1:1: a warning",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if l.Len() != 5 || !l.HasErrors() {
		t.Errorf("Len %d, HasErrors %v", l.Len(), l.HasErrors())
	}
}

func TestAListKeepsTwoHundredErrorsAndCountsTheRest(t *testing.T) {
	var a, b List
	for i := range 1000 {
		a.Errorf("a.js", i+1, 1, "wrong")
		b.Warnf("b.js", i+1, 1, "odd")
	}
	a.Append(b)
	errs, warns := a.Errors(), a.Warnings()
	if len(errs) != Cap+1 || errs[Cap].Message != "… and 800 more errors" {
		t.Errorf("%d errors, last %q", len(errs), errs[len(errs)-1].Message)
	}
	if len(warns) != Cap+1 || warns[Cap].Message != "… and 800 more warnings" {
		t.Errorf("%d warnings, last %q", len(warns), warns[len(warns)-1].Message)
	}
	if a.Len() != 2000 {
		t.Errorf("Len %d", a.Len())
	}
}

func TestAListSpeaksJSONAndIsAnError(t *testing.T) {
	var l List
	if l.Err() != nil {
		t.Fatal("an empty list is no error")
	}
	l.Warnf("a.js", 1, 2, "odd")
	if l.Err() != nil {
		t.Fatal("warnings alone are no error")
	}
	raw, err := json.Marshal(l)
	if err != nil || string(raw) != `{"errors":[],"warnings":[{"file":"a.js","line":1,"column":2,"message":"odd","hint":""}]}` {
		t.Errorf("%s %v", raw, err)
	}
	l.Errorf("b.js", 3, 4, "wrong")
	var d Diagnostic
	if !errors.As(l.Err(), &d) || d.File != "b.js" {
		t.Errorf("errors.As found %+v", d)
	}
}

func TestColumnsCountCharactersAndLinesEndInAnyStyle(t *testing.T) {
	src := []byte("\xef\xbb\xbfone\r\n二三 x\rfour\n\nlast")
	for _, c := range []struct {
		at           string
		line, column int
	}{{"one", 1, 1}, {"二", 2, 1}, {"三", 2, 2}, {"x", 2, 4}, {"four", 3, 1}, {"\nlast", 4, 1}, {"last", 5, 1}, {"st", 5, 3}} {
		line, column := Position(src, strings.Index(string(src), c.at))
		if line != c.line || column != c.column {
			t.Errorf("%q is at %d:%d, want %d:%d", c.at, line, column, c.line, c.column)
		}
	}
	for _, c := range []struct{ offset, line, column int }{{-5, 1, 1}, {0, 1, 1}, {999, 5, 5}} {
		if line, column := Position(src, c.offset); line != c.line || column != c.column {
			t.Errorf("offset %d is at %d:%d, want %d:%d", c.offset, line, column, c.line, c.column)
		}
	}
}

func TestTheIndexAgreesWithCountingByHand(t *testing.T) {
	src := []byte(strings.Repeat("价格 = ￥128；\n", 40) + strings.Repeat("长", 3000) + "\nend")
	lines := NewLines(src)
	line, column := 1, 1
	for i := 0; i < len(src); {
		gotLine, gotColumn := lines.At(i)
		if gotLine != line || gotColumn != column {
			t.Fatalf("offset %d: got %d:%d want %d:%d", i, gotLine, gotColumn, line, column)
		}
		if back := lines.Offset(line, column); back != i {
			t.Fatalf("%d:%d is offset %d, want %d", line, column, back, i)
		}
		r, size := utf8.DecodeRune(src[i:])
		if i += size; r == '\n' {
			line, column = line+1, 1
		} else {
			column++
		}
	}
}

func TestTheNearestNameIsASlipAwayNotAGuess(t *testing.T) {
	directives := []string{"jd:if", "jd:elif", "jd:else", "jd:for", "jd:key"}
	for _, c := range []struct{ word, want string }{
		{"jd.if", "jd:if"}, {"jd:fi", "jd:if"}, {"JD:IF", "jd:if"}, {"jd:keys", "jd:key"},
		{"onclick", ""}, {"", ""}, {"jd:for", ""}, {strings.Repeat("x", 500), ""},
	} {
		if got := Nearest(c.word, directives); got != c.want {
			t.Errorf("Nearest(%q) = %q, want %q", c.word, got, c.want)
		}
	}
	if got := Nearest("x", []string{"y", "z"}); got != "" {
		t.Errorf("one letter for another is no slip, got %q", got)
	}
	if got := DidYouMean("jd.if", directives); got != "did you mean jd:if?" {
		t.Error(got)
	}
}

func FuzzLinesNeverLeaveTheSource(f *testing.F) {
	f.Add([]byte("a\r\n二\rb"), 3)
	f.Add([]byte("\xef\xbb\xbf"), 1)
	f.Add([]byte("\x80\x80\x80\x80\x80"), 4)
	f.Add([]byte{}, -1)
	f.Fuzz(func(t *testing.T, src []byte, offset int) {
		lines := NewLines(src)
		line, column := lines.At(offset)
		if line < 1 || line > lines.Count() || column < 1 || column > len(src)+1 {
			t.Fatalf("%d:%d of %d lines, %d bytes", line, column, lines.Count(), len(src))
		}
		if at := lines.Offset(line, column); at < 0 || at > len(src) {
			t.Fatalf("offset %d of %d", at, len(src))
		}
	})
}

func ExampleList() {
	src := []byte("<view>\n  <text jd.if=\"{{a}}\"/>\n</view>")
	line, column := NewLines(src).At(15)
	var list List
	list.Add(Diagnostic{
		File: "pages/cart/index.jxml", Line: line, Column: column,
		Message: "unknown directive jd.if", Hint: DidYouMean("jd.if", []string{"jd:if"}),
	})
	fmt.Print(list)
	// Output: pages/cart/index.jxml:2:9: unknown directive jd.if, did you mean jd:if?
}
