package clock

import (
	"sync"
	"time"
)

// Clock says what time it is. Implementations are safe for concurrent use.
type Clock interface {
	Now() time.Time
}

// System is the clock of the machine.
var System Clock = systemClock{}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

// Millis is the present time of c as the database stores it: unix milliseconds.
func Millis(c Clock) int64 { return c.Now().UnixMilli() }

// Time turns unix milliseconds from the database back into a time, in UTC.
func Time(millis int64) time.Time { return time.UnixMilli(millis).UTC() }

// Fake is a clock for tests: it stands still until Set or Advance moves it.
type Fake struct {
	mu  sync.Mutex
	now time.Time
}

// NewFake is a fake clock that stands at start.
func NewFake(start time.Time) *Fake { return &Fake{now: start} }

// Now is the time the clock was last moved to.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// Set moves the clock to t, which may lie in the past: real clocks are set back too.
func (f *Fake) Set(t time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = t
}

// Advance moves the clock by d and returns the new time.
func (f *Fake) Advance(d time.Duration) time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
	return f.now
}
