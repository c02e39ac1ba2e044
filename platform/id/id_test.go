package id_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"minimart/platform/clock"
	"minimart/platform/id"
)

var noon = time.Date(2026, 6, 18, 12, 0, 0, 0, time.UTC)

func seeded() *rand.ChaCha8 { return rand.NewChaCha8([32]byte{1, 2, 3}) }

func TestAnIDTellsItsKindAndItsBirth(t *testing.T) {
	s := id.NewSource(clock.NewFake(noon.Add(123*time.Millisecond)), seeded())
	got := s.New("app")
	p, err := id.Parse(got)
	if err != nil {
		t.Fatal(err)
	}
	if p.Prefix != "app" || !p.At.Equal(noon.Add(123*time.Millisecond)) {
		t.Errorf("%s came apart as %+v", got, p)
	}
}

func TestTheSameClockAndRandomnessGiveTheSameIDs(t *testing.T) {
	a, b := id.NewSource(clock.NewFake(noon), seeded()), id.NewSource(clock.NewFake(noon), seeded())
	for range 10 {
		if x, y := a.New("ord"), b.New("ord"); x != y {
			t.Fatalf("%s and %s", x, y)
		}
	}
}

func TestIDsSortInTheOrderTheyWereMade(t *testing.T) {
	tests := map[string]func(f *clock.Fake, i int){
		"within one millisecond":         func(*clock.Fake, int) {},
		"as time goes on":                func(f *clock.Fake, i int) { f.Advance(time.Millisecond) },
		"while the clock is set back":    func(f *clock.Fake, i int) { f.Advance(-time.Second) },
		"while the clock jumps about":    func(f *clock.Fake, i int) { f.Advance(time.Duration(i%7-3) * time.Hour) },
		"before the beginning of counts": func(f *clock.Fake, i int) { f.Set(time.UnixMilli(-5)) },
	}
	for name, move := range tests {
		t.Run(name, func(t *testing.T) {
			f := clock.NewFake(noon)
			s := id.NewSource(f, seeded())
			var made []string
			for i := range 5000 {
				made = append(made, s.New("ord"))
				move(f, i)
			}
			if !slices.IsSorted(made) {
				t.Error("out of order")
			}
			if n := len(slices.Compact(slices.Clone(made))); n != len(made) {
				t.Errorf("only %d of %d differ", n, len(made))
			}
		})
	}
}

// ones is randomness at its worst: every bit set, so that counting on runs over at once.
type ones struct{}

func (ones) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 0xff
	}
	return len(p), nil
}

func TestOrderSurvivesTheCarry(t *testing.T) {
	s := id.NewSource(clock.NewFake(noon), ones{})
	last := ""
	for range 200_000 {
		next := s.New("x")
		if next <= last {
			t.Fatalf("%s after %s", next, last)
		}
		last = next
	}
	if _, err := id.Parse(last); err != nil {
		t.Error(err)
	}
}

func TestManyGoroutinesNeverMakeTheSameID(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]bool{}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 1000 {
				x := id.New("evt")
				mu.Lock()
				if seen[x] {
					t.Errorf("%s twice", x)
				}
				seen[x] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	good := id.NewSource(clock.NewFake(noon), seeded()).New("app")
	body := strings.TrimPrefix(good, "app_")
	tests := []struct{ name, in, want string }{
		{"empty", "", "has no prefix"},
		{"no prefix", body, "has no prefix"},
		{"empty prefix", "_" + body, "want 1 to 16"},
		{"long prefix", strings.Repeat("a", 17) + "_" + body, "want 1 to 16"},
		{"upper-case prefix", "App_" + body, "lower-case"},
		{"digit first", "1app_" + body, "lower-case"},
		{"too short", good[:len(good)-1], "has 25 characters after app_"},
		{"too long", good + "0", "has 27 characters"},
		{"lower case", strings.ToLower(good), "character 7 is 'k'"},
		{"a letter that is not in the alphabet", "app_01I" + body[3:], "character 7 is 'I'"},
		{"past the end of time", "app_8" + body[1:], "at most 7"},
		{"not text", "app_\xff\x00" + body[2:], "want one of"},
		{"a second underscore", "app_x_" + body, "has 28 characters"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := id.Parse(tt.in)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Parse(%q) = %v, want it to say %q", tt.in, err, tt.want)
			}
		})
	}
	if _, err := id.Parse("app_" + strings.Repeat("x", 1<<20)); err == nil || len(err.Error()) > 500 {
		t.Errorf("a megabyte of id must give a short error")
	}
}

func TestCheckInsistsOnTheKind(t *testing.T) {
	good := id.New("shop")
	if err := id.Check("shop", good); err != nil {
		t.Error(err)
	}
	if err := id.Check("app", good); err == nil || !strings.Contains(err.Error(), `want a "app"`) {
		t.Errorf("a shop passed for an app: %v", err)
	}
}

type dry struct{}

func (dry) Read([]byte) (int, error) { return 0, errors.New("dry") }

func TestNewRefusesRatherThanMakeABadID(t *testing.T) {
	panics := func(f func()) (p any) {
		defer func() { p = recover() }()
		f()
		return nil
	}
	for _, prefix := range []string{"", "App", "a_b", "1a", strings.Repeat("a", 17)} {
		if panics(func() { id.New(prefix) }) == nil {
			t.Errorf("prefix %q was taken", prefix)
		}
	}
	if panics(func() { id.NewSource(clock.NewFake(noon), dry{}).New("app") }) == nil {
		t.Error("an id without randomness was made")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("app_01JZ4T8K5N3Q0V9W2X7Y6R1M4C")
	f.Add("_")
	f.Add("a_7ZZZZZZZZZZZZZZZZZZZZZZZZZ")
	f.Add("app_01jz4t8k5n3q0v9w2x7y6r1m4c")
	f.Add("\xff_00000000000000000000000000")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := id.Parse(s)
		if err != nil {
			return
		}
		if len(s) != len(p.Prefix)+27 || !strings.HasPrefix(s, p.Prefix+"_") {
			t.Errorf("%q came apart as %+v", s, p)
		}
		if p.At.UnixMilli() < 0 || p.At.UnixMilli() >= 1<<48 {
			t.Errorf("%q was made at %v", s, p.At)
		}
	})
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		id.New("evt")
	}
}
