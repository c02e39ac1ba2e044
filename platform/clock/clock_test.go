package clock_test

import (
	"sync"
	"testing"
	"time"

	"minimart/platform/clock"
)

func TestFakeStandsStillUntilMoved(t *testing.T) {
	start := time.Date(2026, 6, 18, 0, 0, 0, 0, time.UTC)
	f := clock.NewFake(start)
	for range 2 {
		if got := f.Now(); !got.Equal(start) {
			t.Fatalf("the clock moved on its own: %v", got)
		}
	}
	if got := f.Advance(90 * time.Second); !got.Equal(start.Add(90 * time.Second)) {
		t.Errorf("after 90 s: %v", got)
	}
	f.Set(start.Add(-time.Hour))
	if !f.Now().Equal(start.Add(-time.Hour)) {
		t.Errorf("set back by an hour: %v", f.Now())
	}
}

func TestFakeMayBeMovedWhileOthersRead(t *testing.T) {
	f := clock.NewFake(time.UnixMilli(0))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				f.Advance(time.Millisecond)
				_ = f.Now()
			}
		})
	}
	wg.Wait()
	if got := clock.Millis(f); got != 800 {
		t.Errorf("800 steps of a millisecond gave %d", got)
	}
}

func TestMillisAndTimeAreInverse(t *testing.T) {
	for _, ms := range []int64{0, 1, 1_750_000_000_123, -5} {
		if got := clock.Time(ms).UnixMilli(); got != ms {
			t.Errorf("Time(%d) came back as %d", ms, got)
		}
		if zone, _ := clock.Time(ms).Zone(); zone != "UTC" {
			t.Errorf("Time(%d) is in %s", ms, zone)
		}
	}
}

func TestSystemFollowsTheMachine(t *testing.T) {
	before := time.Now()
	got := clock.System.Now()
	if got.Before(before) || time.Since(got) > time.Minute {
		t.Errorf("System says %v, the machine %v", got, before)
	}
}
