// Package conformance holds the component model against a second opinion: the same WeChat-dialect program runs in this
// project's compiler and runtime and in glass-easel, the framework WeChat published, and after every step the two must show
// the same tree and have called the same program code. The cases are in cases/*.ts, one of them random with fixed seeds.
//
//	go test ./web/runtime/test/conformance                     # all, in Chromium
//	go test ./web/runtime/test/conformance -run 'Conformance/slots'
package conformance
