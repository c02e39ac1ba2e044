package id

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"minimart/platform/clock"
)

// alphabet is Crockford's base32: no I, L, O or U, so that nobody reads a 1 for an l. It is in ASCII order, which is
// what makes encoded ids sort like the numbers they stand for.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const (
	bodyLen   = 26 // characters of a ULID
	prefixMax = 16
	maxMillis = 1<<48 - 1
)

// Source makes ids. It is safe for concurrent use.
type Source struct {
	clock  clock.Clock
	random io.Reader

	mu     sync.Mutex
	millis uint64 // of the last id
	hi     uint16 // top 16 bits of the last id's randomness
	lo     uint64 // low 64 bits
}

// NewSource is a source that reads the time from c and its randomness from random, which must never fail: crypto/rand
// in the program, a seeded generator in tests.
func NewSource(c clock.Clock, random io.Reader) *Source {
	return &Source{clock: c, random: random}
}

var system = NewSource(clock.System, rand.Reader)

// New makes an id with the machine's clock and randomness. The prefix says what the id names; it is a constant of the
// calling room: 1 to 16 characters, a lower-case letter, then lower-case letters and digits. New panics on any other.
func New(prefix string) string { return system.New(prefix) }

// New makes the next id. It panics if the prefix is malformed or the source of randomness fails.
func (s *Source) New(prefix string) string {
	if err := checkPrefix(prefix); err != nil {
		panic("id.New: " + err.Error())
	}
	millis, hi, lo := s.next()
	out := make([]byte, 0, len(prefix)+1+bodyLen)
	out = append(out, prefix...)
	out = append(out, '_')
	return string(appendBody(out, millis, hi, lo))
}

// next takes the time and fresh randomness; within one millisecond, or when the clock is behind, it counts on from the
// last id by a random step instead, so that ids keep their order and the next one is not simply the last one plus one.
func (s *Source) next() (millis uint64, hi uint16, lo uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var fresh [10]byte
	if now := uint64(max(0, s.clock.Now().UnixMilli())); now > s.millis {
		s.read(fresh[:])
		// The top bit stays clear: it leaves 2^79 steps before the count could run over.
		s.millis, s.hi, s.lo = now, binary.BigEndian.Uint16(fresh[:2])&0x7fff, binary.BigEndian.Uint64(fresh[2:])
		return s.millis, s.hi, s.lo
	}
	s.read(fresh[:4])
	before := s.lo
	s.lo += 1 + uint64(binary.BigEndian.Uint32(fresh[:4]))
	if s.lo < before {
		s.hi++
		if s.hi == 0 {
			s.millis++
		}
	}
	return s.millis, s.hi, s.lo
}

func (s *Source) read(p []byte) {
	if _, err := io.ReadFull(s.random, p); err != nil {
		panic("id.New: no randomness: " + err.Error())
	}
}

// appendBody writes the 128 bits as 26 characters of five bits each, the first of which holds only three.
func appendBody(out []byte, millis uint64, hi uint16, lo uint64) []byte {
	top := millis<<16 | uint64(hi)
	var b [bodyLen]byte
	for i := bodyLen - 1; i >= 0; i-- {
		b[i] = alphabet[lo&31]
		lo = lo>>5 | top<<59
		top >>= 5
	}
	return append(out, b[:]...)
}

// Parsed is an id taken apart.
type Parsed struct {
	Prefix string
	At     time.Time // when it was made, to the millisecond, UTC
}

// Parse takes an id apart. It accepts exactly what New makes: one spelling per id, so that ids compare as strings.
func Parse(s string) (Parsed, error) {
	prefix, body, found := strings.Cut(s, "_")
	if !found {
		return Parsed{}, fmt.Errorf("id %s has no prefix, want something like app_%s", quote(s), strings.Repeat("0", bodyLen))
	}
	if err := checkPrefix(prefix); err != nil {
		return Parsed{}, fmt.Errorf("id %s: %w", quote(s), err)
	}
	if len(body) != bodyLen {
		return Parsed{}, fmt.Errorf("id %s has %d characters after %s_, want %d", quote(s), len(body), prefix, bodyLen)
	}
	var millis uint64
	for i := 0; i < bodyLen; i++ {
		v := strings.IndexByte(alphabet, body[i])
		if v < 0 {
			return Parsed{}, fmt.Errorf("id %s: character %d is %q, want one of %s", quote(s), len(prefix)+2+i, body[i], alphabet)
		}
		if i == 0 && v > 7 {
			return Parsed{}, fmt.Errorf("id %s is past the end of time, its first character after %s_ can be at most 7", quote(s), prefix)
		}
		if i < 10 { // the first ten characters are the 48 bits of time
			millis = millis<<5 | uint64(v)
		}
	}
	return Parsed{Prefix: prefix, At: clock.Time(int64(millis & maxMillis))}, nil
}

// Check is nil if s is a well-formed id with this prefix; otherwise it says what is wrong with it.
func Check(prefix, s string) error {
	p, err := Parse(s)
	if err != nil {
		return err
	}
	if p.Prefix != prefix {
		return fmt.Errorf("id %s names a %q, want a %q", quote(s), p.Prefix, prefix)
	}
	return nil
}

func checkPrefix(prefix string) error {
	if len(prefix) == 0 || len(prefix) > prefixMax {
		return fmt.Errorf("prefix %s has %d characters, want 1 to %d", quote(prefix), len(prefix), prefixMax)
	}
	for i := 0; i < len(prefix); i++ {
		letter := prefix[i] >= 'a' && prefix[i] <= 'z'
		digit := prefix[i] >= '0' && prefix[i] <= '9'
		if !letter && (!digit || i == 0) {
			return fmt.Errorf("prefix %s: want a lower-case letter, then lower-case letters and digits", quote(prefix))
		}
	}
	return nil
}

// quote shows a string that came from outside: escaped, and cut short so that an error stays one line.
func quote(s string) string {
	const most = 64
	if len(s) > most {
		return fmt.Sprintf("%q…", s[:most])
	}
	return fmt.Sprintf("%q", s)
}
