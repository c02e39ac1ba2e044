package db

import "runtime"

// Every function passed to View or Update runs on its caller's goroutine, inside runTurn. That makes a nested call
// visible: its own stack has runTurn below it. The check costs about a microsecond, a small part of any transaction, and
// finds the mistake at once and on both engines, instead of as a deadlock under load on one of them.

//go:noinline
func runTurn(fn func(Tx) error, tx Tx) error { return fn(tx) }

// turnPC is where fn returns to in runTurn. There is one such place, so a stack can be searched for this number alone.
var turnPC = func() (found uintptr) {
	_ = runTurn(func(Tx) error {
		var pcs [8]uintptr
		for _, pc := range pcs[:runtime.Callers(1, pcs[:])] {
			if f := runtime.FuncForPC(pc - 1); f != nil && f.Name() == "minimart/platform/db.runTurn" {
				found = pc
			}
		}
		return nil
	}, nil)
	if found == 0 {
		panic("db: runTurn does not show on its own stack")
	}
	return found
}()

// nestingDepth is how far up insideTurn looks. Code between a transaction and a call that it must not make is
// shallower than this by far.
const nestingDepth = 128

func insideTurn() bool {
	var pcs [nestingDepth]uintptr
	for _, pc := range pcs[:runtime.Callers(2, pcs[:])] {
		if pc == turnPC {
			return true
		}
	}
	return false
}
