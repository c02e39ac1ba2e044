// Package faulttest checks in a room's tests that all its fault messages are translated:
//
//	func TestEveryFaultSpeaksChinese(t *testing.T) { faulttest.Translated(t) }
package faulttest
