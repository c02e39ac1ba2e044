package script

// binding is a variable. numeric means that every value it is ever given is a
// number: then it can be an index without being looked at.
type binding struct {
	name    string
	op      string // var, let, const, function, param
	numeric bool
}

// scope holds the variables of a function or a block.
type scope struct {
	parent   *scope
	function bool
	names    map[string]*binding
}

func (s *scope) find(name string) *binding {
	for ; s != nil; s = s.parent {
		if b := s.names[name]; b != nil {
			return b
		}
	}
	return nil
}

func (s *scope) declare(name, op string) {
	if s.names[name] != nil && (op == "var" || op == "function") {
		s.names[name].numeric = s.names[name].numeric && op == "var"
		return // declared again, which is legal for these
	}
	if s.names == nil {
		s.names = map[string]*binding{}
	}
	s.names[name] = &binding{name: name, op: op, numeric: op == "var" || op == "let" || op == "const"}
}

func (s *scope) outer() *scope {
	for !s.function {
		s = s.parent
	}
	return s
}

// declareAll gives every function and block its scope and enters what is
// declared in it: var in the function, the rest in the block, as strict code
// has it.
func declareAll(n *node, in *scope) {
	switch n.kind {
	case nProgram:
		n.scope = &scope{function: true}
	case nFunction:
		if n.text != "" {
			if n.op == "declare" {
				in.declare(n.text, "function")
			} else {
				in = &scope{parent: in, function: true}
				in.declare(n.text, "function")
			}
		}
		n.scope = &scope{parent: in, function: true}
		for _, p := range n.params {
			n.scope.declare(p.text, "param")
		}
	case nBlock, nFor, nForIn:
		n.scope = &scope{parent: in}
		if n.op == "body" {
			// A scope of its own, as the language has it, in which a variable called like a parameter starts with its value.
			n.scope.function = true
			for name := range in.names {
				n.scope.declare(name, "param")
			}
		}
	case nVar:
		to := in
		if n.op == "var" {
			to = in.outer()
		}
		for _, d := range n.kids {
			to.declare(d.text, n.op)
		}
	}
	if n.scope != nil {
		in = n.scope
	}
	for _, k := range n.kids {
		declareAll(k, in)
	}
}

// given is one place where a variable gets a value.
type given struct {
	to    *binding
	op    string
	value *node // nil: something that is no number
}

// resolver binds names to variables and collects what they are given.
type resolver struct {
	given []given
	// loose are names that are assigned without being declared anywhere.
	loose map[string]*node
}

func (r *resolver) resolve(n *node, in *scope) {
	if n.scope != nil {
		in = n.scope
	}
	switch n.kind {
	case nName:
		n.bound = in.find(n.text)
	case nDeclare:
		if len(n.kids) == 1 {
			r.given = append(r.given, given{in.find(n.text), "=", n.kids[0]})
		}
	case nAssign:
		r.assigned(n.kids[0], n.op, n.kids[1], in)
	case nUpdate:
		r.assigned(n.kids[0], "-=", nil, in)
	case nForIn:
		target := n.kids[0]
		if target.kind == nVar {
			r.given = append(r.given, given{in.find(target.kids[0].text), "=", nil})
		} else {
			r.assigned(target, "=", nil, in)
		}
	}
	for _, k := range n.kids {
		r.resolve(k, in)
	}
}

func (r *resolver) assigned(target *node, op string, value *node, in *scope) {
	if target.kind != nName {
		return
	}
	if b := in.find(target.text); b != nil {
		r.given = append(r.given, given{b, op, value})
	} else if r.loose[target.text] == nil {
		if r.loose == nil {
			r.loose = map[string]*node{}
		}
		r.loose[target.text] = target
	}
}

// settle works out which variables are numeric: all are taken to be, until
// nothing shows otherwise any more.
func (r *resolver) settle() {
	for changed := true; changed; {
		changed = false
		for _, g := range r.given {
			if g.to == nil || !g.to.numeric {
				continue
			}
			fits := true
			switch g.op {
			case "=", "+=":
				fits = g.value != nil && numeric(g.value)
			}
			if !fits {
				g.to.numeric, changed = false, true
			}
		}
	}
}

// numeric reports whether an expression is a number whatever happens; undefined
// counts, since a member of that name does no harm.
func numeric(n *node) bool {
	switch n.kind {
	case nNumber, nUpdate:
		return true
	case nName:
		return n.bound != nil && n.bound.numeric
	case nGroup:
		return numeric(n.kids[0])
	case nUnary:
		return n.op == "+" || n.op == "-" || n.op == "~"
	case nBinary:
		switch n.op {
		case "-", "*", "/", "%", "&", "|", "^", "<<", ">>", ">>>":
			return true
		case "+":
			return numeric(n.kids[0]) && numeric(n.kids[1])
		}
	case nCond:
		return numeric(n.kids[1]) && numeric(n.kids[2])
	case nComma:
		return numeric(n.kids[len(n.kids)-1])
	case nAssign:
		switch n.op {
		case "=":
			return numeric(n.kids[1])
		case "+=":
			return numeric(n.kids[0]) && numeric(n.kids[1])
		}
		return true
	}
	return false
}
