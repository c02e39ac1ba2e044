package jsonc

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"minimart/program/diag"
)

func TestHandWrittenJSONIsAccepted(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"strict", `{"a":[1,-2.5e3,"x",true,false,null]}`, `{"a":[1,-2.5e3,"x",true,false,null]}`},
		{"a byte order mark", "\xef\xbb\xbf{}", `{}`},
		{"line and block comments", "// pages\n{ /* all */ \"a\": 1 // one\n}\r\n// end", `{"a":1}`},
		{"a comment that ends with a lone carriage return", "// x\r{}", `{}`},
		{"trailing commas", `{"a":[1,2,],"b":{},}`, `{"a":[1,2],"b":{}}`},
		{"a raw tab in a string", "\"a\tb\"", `"a\tb"`},
		{"what looks like a comment in a string", `{"u":"https://x"}`, `{"u":"https://x"}`},
		{"escapes and surrogates", `"\u4e2d\ud83d\ude00\n\/"`, `"中😀\n/"`},
		{"half a surrogate", `["\ud83d","\ud83d\u0041","\udc00"]`, `["�","�A","�"]`},
		{"a repeated key: the last wins", `{"a":1,"b":2,"a":3,"b":4}`, `{"a":3,"b":4}`},
		{"a scalar", ` 0 `, `0`},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, problem := Parse([]byte(c.src))
			if problem != nil {
				t.Fatal(problem)
			}
			if got := string(v.JSON()); got != c.want {
				t.Errorf("got %s want %s", got, c.want)
			}
		})
	}
}

func TestBrokenJSONSaysWhereAndWhat(t *testing.T) {
	for _, c := range []struct {
		src          string
		line, column int
		want         string
	}{
		{"", 1, 1, "the file holds no JSON value"},
		{"  // nothing\n", 2, 1, "the file holds no JSON value"},
		{"{\n  \"a\": 1\n  \"b\": 2\n}", 2, 9, "a comma is missing here"},
		{"{\n \"a\" 1}", 2, 6, `expected ':' after the key "a", found '1'`},
		{"{'a': 1}", 1, 2, "keys in JSON stand in double quotes"},
		{"{pages: []}", 1, 2, `keys in JSON stand in double quotes, write "pages"`},
		{"{\"a\": 'x'}", 1, 7, "strings in JSON stand in double quotes"},
		{"{\"a\": undefined}", 1, 7, `unexpected word "undefined"`},
		{"{\"a\": [1, 2", 1, 7, "the array that starts here is never closed"},
		{"{\"中\": 1", 1, 1, "the object that starts here is never closed"},
		{"{\"中文\": \"abc\n\"}", 1, 8, "not closed on its line"},
		{"{\"a\": \"abc", 1, 7, "never closed"},
		{"{} x", 1, 4, "after the end of the JSON value"},
		{"{,}", 1, 2, "expected a key or '}'"},
		{"[,]", 1, 2, "expected a value, found ','"},
		{"[1,,2]", 1, 4, "expected a value, found ','"},
		{"[01]", 1, 2, "a number does not start with 0"},
		{"[1.]", 1, 4, "expected a digit"},
		{"[1e]", 1, 4, "expected a digit"},
		{"[-]", 1, 3, "expected a digit"},
		{`["\x"]`, 1, 3, "unknown escape"},
		{`["\u12"]`, 1, 3, "four hexadecimal digits"},
		{"/* never", 1, 1, "the comment that starts here is never closed"},
		{"[\"\x01\"]", 1, 3, "control character 0x01"},
		{"[\"a\xff\"]", 1, 4, "invalid UTF-8 byte 0xff"},
		{"\xff\xfe{\x00", 1, 1, "the file is UTF-16"},
		{strings.Repeat("[", 100), 1, 65, "nested more than 64 deep"},
		{"[" + strings.Repeat("1,", MaxValues) + "1]", 1, 2 * MaxValues, "more than 200000 values"},
	} {
		v, problem := Parse([]byte(c.src))
		if problem == nil || v != nil {
			t.Errorf("%.40q was accepted", c.src)
			continue
		}
		line, column := diag.Position([]byte(c.src), problem.Offset)
		if line != c.line || column != c.column || !strings.Contains(problem.Error(), c.want) {
			t.Errorf("%.40q\ngot  %d:%d: %s\nwant %d:%d: %s", c.src, line, column, problem, c.line, c.column, c.want)
		}
	}
}

func TestValuesKnowWhereTheyStand(t *testing.T) {
	src := `{ "pages": [ "a" ] }`
	v, problem := Parse([]byte(src))
	if problem != nil {
		t.Fatal(problem)
	}
	page := v.Get("pages").Items[0]
	if got := src[page.Offset:page.End]; got != `"a"` {
		t.Errorf("the page stands at %q", got)
	}
	if v.Get("pages").Get("x") != nil || v.Get("nothing").Get("x") != nil {
		t.Error("what is not there is nil")
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,-2.5e3,"x\n\u4e2d",true,false,null,],}`, "\xef\xbb\xbf// c\n{/**/}", `{"a":1,"a":2}`, "[[[[", `"\ud83d`, "{'a'",
		"-", "/", "\"\\", "[1 2]", "\xff\xfe", `{"a":{"b":{"c":[{}]}}}`, `{"\ud83d\u0041":0}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		v, problem := Parse(src)
		if problem != nil {
			if problem.Offset < 0 || problem.Offset > len(src) || problem.Message == "" {
				t.Fatalf("%+v", problem)
			}
			if json.Valid(src) && utf8.Valid(src) && len(src) < 60 {
				t.Fatalf("valid JSON refused: %s", problem)
			}
			return
		}
		strict := v.JSON()
		var first, second any
		if err := json.Unmarshal(strict, &first); err != nil {
			t.Fatalf("%s: %v", strict, err)
		}
		again, problem := Parse(strict)
		if problem != nil {
			t.Fatalf("own output refused: %s: %v", strict, problem)
		}
		if err := json.Unmarshal(again.JSON(), &second); err != nil || !reflect.DeepEqual(first, second) {
			t.Fatalf("reading back changed %s into %s", strict, again.JSON())
		}
		if json.Valid(src) {
			if err := json.Unmarshal(src, &second); err != nil || !reflect.DeepEqual(first, second) {
				t.Fatalf("%s reads as %v in encoding/json, as %v here", src, second, first)
			}
		}
	})
}
