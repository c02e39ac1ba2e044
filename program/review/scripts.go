package review

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/go-sourcemap/sourcemap"
	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/js"

	"minimart/program/diag"
	"minimart/program/script"
)

// maxDepth is how deep into a syntax tree the reader goes; honest code stays below 200.
const maxDepth = 2000

// largeConstant is how many bytes a value written down in a script may have before it is told: it is parsed on every start, and
// setData would carry it to the page whole.
const largeConstant = 256 << 10

// script reads a script of the package.
func (g *gatherer) script(file string) {
	src := g.pkg.Files[file]
	s := newSpot(file, src)
	if strings.HasSuffix(file, ".ts") || !g.code(string(src), s.at) {
		g.lowered(file)
	}
}

// lowered reads a script that the parser does not understand as it is written, TypeScript above all, as the build compiles it.
func (g *gatherer) lowered(file string) {
	module, _ := script.Transform(g.pkg, file, script.Options{Map: true})
	whole := Place{File: file}
	if module == nil {
		g.missed(file)
		return
	}
	lines := diag.NewLines([]byte(module.Code))
	consumer, err := sourcemap.Parse("", module.Map)
	at := func(offset int) Place {
		if err != nil {
			return whole
		}
		line, column := lines.At(offset)
		source, _, line, column, ok := consumer.Source(line, column-1)
		if !ok || source != file {
			return whole
		}
		return Place{file, line, column + 1}
	}
	if !g.code(module.Code, at) {
		g.missed(file)
	}
}

// code reads JavaScript; at says where an offset in it is in the package. It answers whether the code could be parsed.
func (g *gatherer) code(src string, at func(offset int) Place) bool {
	input := parse.NewInputString(src)
	base := input.Bytes()
	ast, err := js.Parse(input, js.Options{})
	if err != nil {
		return false
	}
	r := &reader{gatherer: g, base: base, at: at, aliases: map[*js.Var]string{}, keys: map[int]string{}}
	// Names of the API object may be given before or after they are used: once to learn them, once to read.
	js.Walk(&walker{enter: r.learn}, ast)
	w := &walker{enter: r.enter, exit: r.exit}
	js.Walk(w, ast)
	if w.cut { // what lies deeper was not looked into, and somebody should know
		g.missed(at(0).File)
	}
	return true
}

// walker visits a syntax tree down to maxDepth.
type walker struct {
	enter func(js.INode)
	exit  func(js.INode)
	depth int
	cut   bool // something lies deeper
}

func (w *walker) Enter(n js.INode) js.IVisitor {
	if w.depth++; w.depth > maxDepth {
		w.depth--
		w.cut = true
		return nil
	}
	w.enter(n)
	return w
}

func (w *walker) Exit(n js.INode) {
	w.depth--
	if w.exit != nil {
		w.exit(n)
	}
}

// reader reads one script.
type reader struct {
	*gatherer
	base    []byte
	at      func(int) Place
	aliases map[*js.Var]string // variables that hold the API object (""), or a member of it
	keys    map[int]string     // offset of a string to the property or variable it is the value of
	sum     int                // nested in a value that was measured
	chain   int                // nested in a sum that was read
}

// offset is where a piece of the parser's input stands. The syntax tree has no positions, but its pieces are parts of the
// input.
func (r *reader) offset(piece []byte) int {
	if len(piece) == 0 || len(r.base) == 0 {
		return 0
	}
	first := uintptr(unsafe.Pointer(unsafe.SliceData(r.base)))
	here := uintptr(unsafe.Pointer(unsafe.SliceData(piece)))
	if here < first || here >= first+uintptr(len(r.base)) {
		return 0
	}
	return int(here - first)
}

func variable(x js.INode) *js.Var {
	v, ok := x.(*js.Var)
	if !ok {
		return nil
	}
	for v.Link != nil {
		v = v.Link
	}
	return v
}

// ungroup takes the brackets, and the (0, x) bundlers write, off an expression.
func ungroup(x js.IExpr) js.IExpr {
	for range 20 {
		switch g := x.(type) {
		case *js.GroupExpr:
			x = g.X
			continue
		case *js.CommaExpr:
			if len(g.List) > 0 {
				x = g.List[len(g.List)-1]
				continue
			}
		}
		break
	}
	return x
}

// free says whether x is a name that no scope of the script declares.
func free(x js.IExpr, names ...string) bool {
	v := variable(x)
	if v == nil || v.Decl != js.NoDecl {
		return false
	}
	for _, n := range names {
		if string(v.Data) == n {
			return true
		}
	}
	return false
}

// api says which member of the API object x is: "" for the object itself, "login", "cloud.uploadFile".
func (r *reader) api(x js.IExpr) (name string, ok bool) { return r.apiWithin(x, 6) }

// apiWithin is api of at most so many steps: a().b().c()… may be as long as a file.
func (r *reader) apiWithin(x js.IExpr, steps int) (name string, ok bool) {
	if steps == 0 {
		return "", false
	}
	x = ungroup(x)
	if free(x, "jd", "wx") {
		return "", true
	}
	if v := variable(x); v != nil {
		name, ok = r.aliases[v]
		return name, ok
	}
	if b, isBinary := x.(*js.BinaryExpr); isBinary && (b.Op == js.OrToken || b.Op == js.NullishToken) { // wx || jd
		if name, ok = r.apiWithin(b.X, steps-1); ok {
			return name, ok
		}
		return r.apiWithin(b.Y, steps-1)
	}
	object, member, _ := parted(x)
	if object == nil || member == "" {
		return "", false
	}
	if outer, ok := r.apiWithin(object, steps-1); ok {
		if outer == "" {
			return member, true
		}
		return outer + "." + member, true
	}
	return "", false
}

// parted takes object.member or object["member"] apart; at is the member as written.
func parted(x js.IExpr) (object js.IExpr, member string, at []byte) {
	switch x := x.(type) {
	case *js.DotExpr:
		switch y := x.Y.(type) {
		case js.LiteralExpr:
			return x.X, string(y.Data), y.Data
		case *js.LiteralExpr:
			return x.X, string(y.Data), y.Data
		}
	case *js.IndexExpr:
		if y, ok := x.Y.(*js.LiteralExpr); ok && y.TokenType == js.StringToken {
			return x.X, decodeString(y.Data), y.Data
		}
	}
	return nil, "", nil
}

// learn finds what else the API object and its members are called: const api = wx, const { login } = jd.
func (r *reader) learn(n js.INode) {
	d, ok := n.(*js.VarDecl)
	if !ok {
		return
	}
	for _, e := range d.List {
		if e.Default == nil || e.Binding == nil {
			continue
		}
		name, ok := r.api(e.Default)
		if !ok {
			continue
		}
		switch b := e.Binding.(type) {
		case *js.Var:
			if v := variable(b); v != nil {
				r.aliases[v] = name
			}
		case *js.BindingObject:
			for _, item := range b.List {
				v := variable(item.Value.Binding)
				if v == nil {
					continue
				}
				member := string(v.Data)
				if item.Key != nil && len(item.Key.Literal.Data) > 0 {
					member = propertyName(item.Key)
				}
				if name != "" {
					member = name + "." + member
				}
				r.aliases[v] = member
				r.noteAPI(member, true, r.offset(v.Data))
			}
		}
	}
}

func propertyName(p *js.PropertyName) string {
	if p == nil || p.Computed != nil {
		return ""
	}
	if p.Literal.TokenType == js.StringToken {
		return decodeString(p.Literal.Data)
	}
	return string(p.Literal.Data)
}

func (r *reader) noteAPI(name string, sure bool, offset int) {
	r.note(r.apis, name, sure, r.at(offset))
}

func (r *reader) enter(n js.INode) {
	switch n := n.(type) {
	case *js.CallExpr:
		r.call(n)
	case *js.DotExpr, *js.IndexExpr:
		r.member(n.(js.IExpr))
	case *js.Var:
		if name := r.aliases[variable(n)]; name != "" {
			r.noteAPI(name, true, r.offset(n.Data))
		}
	case *js.LiteralExpr:
		if n.TokenType == js.StringToken {
			r.literal(n.Data, decodeString(n.Data))
		}
	case *js.TemplateExpr:
		r.template(n)
	case *js.Property:
		if n.Name != nil {
			r.property(n)
		}
	case *js.VarDecl:
		for _, e := range n.List {
			if v, ok := e.Binding.(*js.Var); ok {
				if l, ok := e.Default.(*js.LiteralExpr); ok && l.TokenType == js.StringToken {
					r.keys[r.offset(l.Data)] = string(v.Data)
				}
			}
		}
	case *js.ImportStmt:
		r.require(n.Module)
	case *js.ExportStmt:
		r.require(n.Module)
	case *js.DebuggerStmt:
		if len(r.debuggers) < maxPlaces {
			r.debuggers = append(r.debuggers, Place{File: r.at(0).File}) // the parser keeps no place of it
		}
	case *js.BinaryExpr:
		if n.Op == js.AddToken {
			if r.chain == 0 {
				r.added(n)
			}
			r.chain++
		}
	case *js.ArrayExpr, *js.ObjectExpr:
		if r.sum == 0 {
			r.measure(n.(js.IExpr))
		}
		r.sum++
	}
}

func (r *reader) exit(n js.INode) {
	switch n := n.(type) {
	case *js.BinaryExpr:
		if n.Op == js.AddToken {
			r.chain--
		}
	case *js.ArrayExpr, *js.ObjectExpr:
		r.sum--
	}
}

// member enters jd.login, whether it is called or handed on.
func (r *reader) member(x js.IExpr) {
	_, _, written := parted(x)
	if written == nil {
		if i, ok := x.(*js.IndexExpr); ok && len(r.byName) < maxPlaces {
			if name, ok := r.api(i.X); ok && name == "" {
				r.byName = append(r.byName, r.at(r.offset(first(i.X))))
			}
		}
		return
	}
	// webpack keeps its list of chunks there.
	if name, ok := r.api(x); ok && name != "" && !strings.HasPrefix(name, "webpackJsonp") {
		r.noteAPI(name, true, r.offset(written))
	}
}

// first is a piece of the input at the beginning of an expression, nil where there is none to be had.
func first(x js.IExpr) []byte {
	for range 6 {
		switch y := ungroup(x).(type) {
		case *js.Var:
			return y.Data
		case *js.DotExpr:
			x = y.X
		case *js.IndexExpr:
			x = y.X
		case *js.BinaryExpr:
			x = y.X
		default:
			return nil
		}
	}
	return nil
}

func (r *reader) call(n *js.CallExpr) {
	callee := ungroup(n.X)
	if v := variable(callee); v != nil {
		if free(callee, "require") && len(n.Args.List) > 0 {
			if l, ok := n.Args.List[0].Value.(*js.LiteralExpr); ok && l.TokenType == js.StringToken {
				r.require(l.Data)
			} else {
				r.computed = true
			}
		}
		return
	}
	object, member, written := parted(callee)
	if member == "" {
		return
	}
	if free(object, "require") && member == "async" && len(n.Args.List) > 0 {
		if l, ok := n.Args.List[0].Value.(*js.LiteralExpr); ok && l.TokenType == js.StringToken {
			r.require(l.Data)
		}
		return
	}
	if free(object, "console") {
		switch member {
		case "log", "info", "debug", "trace", "table", "dir":
			r.logs = append(r.logs, r.at(r.offset(written)))
		}
		return
	}
	if _, ok := r.api(object); ok {
		return // member has entered it
	}
	if r.likely(object, member) {
		r.noteAPI(member, false, r.offset(written))
	}
}

// likely says whether something().login(…) is a call of the API, as it looks when a framework stands between: Taro's object is
// called whatever the bundler calls it. Names that are common elsewhere count only on what a bundler's import looks like.
func (r *reader) likely(object js.IExpr, member string) bool {
	switch knownAPI(member) {
	case noAPI:
		if !r.known(member) {
			return false
		}
	case commonName:
		return imported(object)
	}
	v := variable(object)
	if v == nil {
		return true
	}
	switch string(v.Data) {
	case "this", "that", "self", "_this", "me", "vm", "page", "ctx", "instance": // a method of the program's own that has the name
		return false
	}
	return true
}

// imported says whether x is how bundlers write an import: n(), n.default, Taro.
func imported(x js.IExpr) bool {
	switch x := ungroup(x).(type) {
	case *js.CallExpr:
		return len(x.Args.List) == 0 && variable(x.X) != nil
	case *js.DotExpr:
		_, member, _ := parted(x)
		return variable(x.X) != nil && (member == "default" || member == "A" || member == "Ay")
	case *js.Var:
		return string(x.Data) == "Taro" || string(x.Data) == "_Taro" || string(x.Data) == "uni"
	}
	return false
}

func (r *reader) require(literal []byte) {
	if len(literal) < 2 {
		return
	}
	file := r.at(0).File
	r.requires[file] = append(r.requires[file], decodeString(literal))
}

// property remembers what a string is the value of, and enters what a compiled template asks of a component.
func (r *reader) property(p *js.Property) {
	name := propertyName(p.Name)
	l, ok := p.Value.(*js.LiteralExpr)
	if !ok || l.TokenType != js.StringToken || name == "" {
		return
	}
	r.keys[r.offset(l.Data)] = name
	if name == "openType" || name == "open-type" {
		r.note(r.components, "button.open-type="+decodeString(l.Data), true, r.at(r.offset(l.Data)))
	}
}

func (r *reader) literal(at []byte, value string) {
	offset := r.offset(at)
	if len(value) > largeConstant && r.sum == 0 {
		r.constants = append(r.constants, constant{r.at(offset), len(value)})
	}
	if len(value) < 2 || strings.HasPrefix(value, "data:") {
		return
	}
	r.text(text{value: value, place: r.at(offset), from: inScript, key: r.keys[offset], visible: han(value)})
}

// template reads `…${…}…`: its fixed parts, joined, as people would read them.
func (r *reader) template(n *js.TemplateExpr) {
	var b strings.Builder
	first := -1
	for _, part := range n.List {
		if first < 0 {
			first = r.offset(part.Value)
		}
		b.WriteString(decodeTemplate(part.Value))
		if b.Len() > largeConstant {
			break
		}
	}
	if first < 0 {
		first = r.offset(n.Tail)
	}
	b.WriteString(decodeTemplate(n.Tail))
	if value := b.String(); len(value) > 1 {
		r.text(text{value: value, place: r.at(first), from: inScript, visible: han(value)})
	}
}

// added reads "a" + x + "b" as one text, if at least two of its parts are fixed. The parts are read by themselves as well.
func (r *reader) added(n *js.BinaryExpr) {
	var parts [][]byte
	var x js.IExpr = n
	for range maxDepth {
		b, ok := x.(*js.BinaryExpr)
		if !ok || b.Op != js.AddToken {
			break
		}
		if l, ok := b.Y.(*js.LiteralExpr); ok && l.TokenType == js.StringToken {
			parts = append(parts, l.Data)
		}
		x = b.X
	}
	if l, ok := x.(*js.LiteralExpr); ok && l.TokenType == js.StringToken {
		parts = append(parts, l.Data)
	}
	if len(parts) < 2 {
		return
	}
	var b strings.Builder
	for i := len(parts) - 1; i >= 0 && b.Len() < largeConstant; i-- {
		b.WriteString(decodeString(parts[i]))
	}
	r.text(text{value: b.String(), place: r.at(r.offset(parts[len(parts)-1])), from: inScript})
}

// measure tells a large value that is written down.
func (r *reader) measure(x js.IExpr) {
	first := -1
	size := r.size(x, &first, 0)
	if size > largeConstant {
		r.constants = append(r.constants, constant{r.at(max(first, 0)), size})
	}
}

// size is how many bytes the strings and numbers in a literal have. Functions and what they hold do not count.
func (r *reader) size(x js.IExpr, first *int, depth int) (n int) {
	if depth > 200 {
		return 0
	}
	switch x := x.(type) {
	case *js.LiteralExpr:
		if *first < 0 {
			*first = r.offset(x.Data)
		}
		return len(x.Data)
	case *js.ArrayExpr:
		for _, e := range x.List {
			if e.Value != nil {
				n += r.size(e.Value, first, depth+1) + 1
			}
		}
	case *js.ObjectExpr:
		for _, p := range x.List {
			if p.Name != nil {
				n += len(p.Name.Literal.Data) + 2
			}
			if p.Value != nil {
				n += r.size(p.Value, first, depth+1)
			}
		}
	}
	return n
}

// decodeString is the value of a string literal with its quotes.
func decodeString(literal []byte) string {
	if len(literal) < 2 {
		return ""
	}
	return unescape(literal[1 : len(literal)-1])
}

// decodeTemplate is the value of a part of a template literal, without what opens and closes it.
func decodeTemplate(part []byte) string {
	part = bytes.TrimSuffix(bytes.TrimSuffix(part, []byte("`")), []byte("${"))
	if len(part) > 0 && (part[0] == '`' || part[0] == '}') {
		part = part[1:]
	}
	return unescape(part)
}

// unescape replaces the escapes of JavaScript. What is no escape stays as it is.
func unescape(s []byte) string {
	if bytes.IndexByte(s, '\\') < 0 {
		return string(s)
	}
	out := make([]byte, 0, len(s))
	var pending rune // the first half of a surrogate pair
	put := func(r rune) {
		if pending != 0 {
			if r >= 0xDC00 && r < 0xE000 {
				r = (pending-0xD800)<<10 + (r - 0xDC00) + 0x10000
			} else {
				out = utf8.AppendRune(out, utf8.RuneError)
			}
			pending = 0
		}
		if r >= 0xD800 && r < 0xDC00 {
			pending = r
			return
		}
		out = utf8.AppendRune(out, r) // half a pair becomes U+FFFD
	}
	for i := 0; i < len(s); {
		if s[i] != '\\' || i+1 >= len(s) {
			if pending != 0 {
				out, pending = utf8.AppendRune(out, utf8.RuneError), 0
			}
			out = append(out, s[i])
			i++
			continue
		}
		i++
		c := s[i]
		i++
		switch c {
		case 'n':
			put('\n')
		case 't':
			put('\t')
		case 'r':
			put('\r')
		case 'b', 'f', 'v', '0':
			put(' ')
		case '\n':
		case '\r':
			if i < len(s) && s[i] == '\n' {
				i++
			}
		case 'x':
			i += hexDigits(s[i:], 2, put)
		case 'u':
			if i < len(s) && s[i] == '{' {
				end := bytes.IndexByte(s[i:], '}')
				if n := end - 1; n >= 1 && n <= 8 && hexDigits(s[i+1:], n, put) == n {
					i += end + 1
				}
				continue
			}
			i += hexDigits(s[i:], 4, put)
		default:
			if pending != 0 {
				out, pending = utf8.AppendRune(out, utf8.RuneError), 0
			}
			out = append(out, c)
		}
	}
	if pending != 0 {
		out = utf8.AppendRune(out, utf8.RuneError)
	}
	return string(out)
}

// hexDigits reads n hexadecimal digits and answers how many bytes that took: n, or 0 where they are none.
func hexDigits(s []byte, n int, put func(rune)) int {
	if len(s) < n {
		return 0
	}
	v, err := strconv.ParseUint(string(s[:n]), 16, 32)
	if err != nil || v > utf8.MaxRune {
		return 0
	}
	put(rune(v))
	return n
}
