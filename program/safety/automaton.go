package safety

import "slices"

// automaton finds many words in one pass over a text (Aho and Corasick, 1975). It is built of runes, not bytes: a step is a
// character. Most states have one way on, so ways are short sorted lists, but for the root, where nearly every character of a
// text that is fine leads: that is a table.
type automaton struct {
	plane  []int32        // from the root, characters of the basic plane; 0 for none
	beyond map[rune]int32 // the others
	states []state
}

type state struct {
	on   []edge
	fail int32
	word int32 // that ends here, -1 for none
	next int32 // the next state on the way of failures in which a word ends, 0 for none
	deep int32 // characters from the root
}

type edge struct {
	r  rune
	to int32
}

// newAutomaton looks for words; where several are the same, the first stands for all.
func newAutomaton(words [][]rune) *automaton {
	a := &automaton{plane: make([]int32, 0x10000), beyond: map[rune]int32{}, states: []state{{word: -1}}}
	for i, w := range words {
		at := int32(0)
		for _, r := range w {
			at = a.grow(at, r)
		}
		if at != 0 && a.states[at].word < 0 {
			a.states[at].word = int32(i)
		}
	}
	for i := range a.states {
		slices.SortFunc(a.states[i].on, func(x, y edge) int { return int(x.r) - int(y.r) })
	}
	a.link()
	return a
}

func (a *automaton) grow(from int32, r rune) int32 {
	if to, ok := a.way(from, r); ok {
		return to
	}
	to := int32(len(a.states))
	a.states = append(a.states, state{word: -1, deep: a.states[from].deep + 1})
	switch {
	case from == 0 && r < 0x10000:
		a.plane[r] = to
	case from == 0:
		a.beyond[r] = to
	default:
		a.states[from].on = append(a.states[from].on, edge{r, to})
	}
	return to
}

func (a *automaton) way(from int32, r rune) (int32, bool) {
	if from == 0 {
		if r < 0x10000 {
			to := a.plane[r]
			return to, to != 0
		}
		to, ok := a.beyond[r]
		return to, ok
	}
	for _, e := range a.states[from].on {
		if e.r == r {
			return e.to, true
		}
	}
	return 0, false
}

// link gives each state, from the root outwards, the longest other state that is an end of it.
func (a *automaton) link() {
	var queue []int32
	for i := range a.states {
		if a.states[i].deep == 1 {
			queue = append(queue, int32(i))
		}
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, e := range a.states[at].on {
			queue = append(queue, e.to)
			fail := a.step(a.states[at].fail, e.r)
			a.states[e.to].fail = fail
			if a.states[fail].word >= 0 {
				a.states[e.to].next = fail
			} else {
				a.states[e.to].next = a.states[fail].next
			}
		}
	}
}

// step is the state behind one more character.
func (a *automaton) step(at int32, r rune) int32 {
	for {
		if to, ok := a.way(at, r); ok {
			return to
		}
		if at == 0 {
			return 0
		}
		at = a.states[at].fail
	}
}
