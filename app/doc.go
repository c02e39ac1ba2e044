// Package app puts the rooms together, and is the only package that knows them all: plain constructor calls, top to
// bottom, in platform.go; the commands in the files named after them.
package app
