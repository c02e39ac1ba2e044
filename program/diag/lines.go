package diag

import (
	"bytes"
	"sort"
	"unicode/utf8"
)

// stride is the distance in bytes between two remembered character counts. It
// bounds the work of one lookup also in a minified file that is a single line.
const stride = 512

// Lines answers which line and column a byte offset is at. It is built in one
// pass; a lookup is a binary search and a count over at most two strides.
type Lines struct {
	src    []byte
	starts []int // byte offset at which each line starts
	runes  []int // characters before byte k*stride
}

// NewLines indexes src. Lines end with \n, \r\n or a lone \r. A leading byte
// order mark belongs to no column. The index keeps src and does not change it.
func NewLines(src []byte) *Lines {
	l := &Lines{src: src, starts: []int{0}, runes: make([]int, 0, len(src)/stride+1)}
	if bytes.HasPrefix(src, []byte("\xef\xbb\xbf")) {
		l.starts[0] = 3
	}
	count := 0
	for i, c := range src {
		if i%stride == 0 {
			l.runes = append(l.runes, count)
		}
		if leads(c) {
			count++
		}
		if c == '\n' || c == '\r' && (i+1 == len(src) || src[i+1] != '\n') {
			l.starts = append(l.starts, i+1)
		}
	}
	return l
}

// At returns the 1-based line and column of the byte at offset; the column
// counts characters. Offsets outside the source are moved to its nearest end.
func (l *Lines) At(offset int) (line, column int) {
	offset = min(max(offset, 0), len(l.src))
	// In the middle of a character: its start is what is meant. Stray
	// continuation bytes, as in a GBK file, stand for themselves.
	for back := 1; back < utf8.UTFMax && back <= offset && offset < len(l.src) && !leads(l.src[offset]); back++ {
		if _, size := utf8.DecodeRune(l.src[offset-back:]); size > back {
			offset -= back
			break
		}
	}
	line = sort.SearchInts(l.starts, offset+1)
	if line == 0 {
		return 1, 1 // inside the byte order mark
	}
	return line, l.before(offset) - l.before(l.starts[line-1]) + 1
}

// Count is the number of lines; an empty source has one.
func (l *Lines) Count() int { return len(l.starts) }

// Offset is the way back: the byte offset of a 1-based line and a column that
// counts characters, moved into the line where it lies outside.
func (l *Lines) Offset(line, column int) int {
	line = min(max(line, 1), len(l.starts))
	at, end := l.starts[line-1], len(l.src)
	if line < len(l.starts) {
		end = l.starts[line] - 1
	}
	for ; column > 1 && at < end; column-- {
		at++
		for at < end && !leads(l.src[at]) {
			at++
		}
	}
	return at
}

// before counts the characters that start before offset.
func (l *Lines) before(offset int) int {
	if len(l.runes) == 0 {
		return 0
	}
	k := min(offset/stride, len(l.runes)-1)
	count := l.runes[k]
	for _, c := range l.src[k*stride : offset] {
		if leads(c) {
			count++
		}
	}
	return count
}

// leads reports whether a byte starts a character in UTF-8.
func leads(c byte) bool { return c&0xC0 != 0x80 }

// Position is At for a single lookup.
func Position(src []byte, offset int) (line, column int) {
	return NewLines(src).At(offset)
}
