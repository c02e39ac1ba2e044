package review_test

import (
	"io/fs"
	"testing/fstest"
)

// memory is a package that lies in memory.
func memory(files map[string][]byte) fs.FS {
	m := fstest.MapFS{}
	for name, content := range files {
		m[name] = &fstest.MapFile{Data: content}
	}
	return m
}
