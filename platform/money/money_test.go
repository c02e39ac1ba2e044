package money_test

import (
	"encoding/json"
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"minimart/platform/fault"
	"minimart/platform/fault/faulttest"
	"minimart/platform/money"
)

func anyFen() *rapid.Generator[money.Fen] {
	return rapid.Custom(func(t *rapid.T) money.Fen {
		edges := []int64{math.MinInt64, math.MinInt64 + 1, -1, 0, 1, math.MaxInt64 - 1, math.MaxInt64}
		if rapid.Bool().Draw(t, "edge") {
			return money.Fen(rapid.SampledFrom(edges).Draw(t, "fen"))
		}
		return money.Fen(rapid.Int64().Draw(t, "fen"))
	})
}

// agrees checks an operation against the same one on numbers without end.
func agrees(t *rapid.T, name string, got money.Fen, err error, want *big.Int) {
	switch {
	case want.IsInt64() && (err != nil || int64(got) != want.Int64()):
		t.Fatalf("%s = %d, %v; want %s", name, int64(got), err, want)
	case !want.IsInt64() && !fault.Is(err, fault.CodeInvalid):
		t.Fatalf("%s = %d, %v; want an error for %s", name, int64(got), err, want)
	}
}

func TestArithmeticIsExactOrRefuses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyFen().Draw(t, "a"), anyFen().Draw(t, "b")
		x, y := big.NewInt(int64(a)), big.NewInt(int64(b))
		sum, err := a.Add(b)
		agrees(t, "add", sum, err, new(big.Int).Add(x, y))
		diff, err := a.Sub(b)
		agrees(t, "sub", diff, err, new(big.Int).Sub(x, y))
		product, err := a.Times(int64(b))
		agrees(t, "times", product, err, new(big.Int).Mul(x, y))
	})
}

// halfUp is a × n ÷ d rounded half up, away from zero below it.
func halfUp(a, n, d *big.Int) *big.Int {
	p := new(big.Int).Mul(new(big.Int).Abs(a), n)
	p.Lsh(p, 1).Add(p, d).Div(p, new(big.Int).Lsh(d, 1))
	if a.Sign() < 0 {
		p.Neg(p)
	}
	return p
}

func TestARateRoundsHalfUp(t *testing.T) {
	tests := []struct {
		rate money.Rate
		of   money.Fen
		want money.Fen
	}{
		{50_000, 9900, 495},   // 5 % commission of ¥99.00
		{6_000, 9900, 59},     // 0.6 % channel fee: 59.4
		{500_000, 1, 1},       // exactly a half goes up
		{499_999, 1, 0},       // just below does not
		{500_000, -1, -1},     // what was charged comes back
		{1_000_000, 777, 777}, // all of it
		{0, 9900, 0},
		{2_000_000, 9900, 19800},
	}
	for _, tt := range tests {
		if got, err := tt.rate.Of(tt.of); err != nil || got != tt.want {
			t.Errorf("%d ppm of %s = %s, %v; want %s", tt.rate, tt.of, got, err, tt.want)
		}
	}
	if _, err := money.Rate(-1).Of(1); !fault.Is(err, fault.CodeInvalid) {
		t.Errorf("a negative rate: %v", err)
	}
	rapid.Check(t, func(t *rapid.T) {
		f, r := anyFen().Draw(t, "fen"), rapid.Int64Range(0, math.MaxInt64).Draw(t, "ppm")
		got, err := money.Rate(r).Of(f)
		want := halfUp(big.NewInt(int64(f)), big.NewInt(r), big.NewInt(1_000_000))
		if want.IsInt64() && want.Int64() == math.MinInt64 {
			return // the one amount whose magnitude does not fit: refused, not rounded wrong
		}
		agrees(t, "rate", got, err, want)
	})
}

func TestSharesAddUpAndNoneIsAboveItsLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.SampledFrom([]int64{3, 1000, math.MaxInt64 / 20}).Draw(t, "most")
		raw := rapid.SliceOfN(rapid.Int64Range(0, most), 0, 20).Draw(t, "lines")
		lines := make([]money.Fen, len(raw))
		for i, r := range raw {
			lines[i] = money.Fen(r)
		}
		sum, err := money.Sum(lines...)
		if err != nil {
			t.Fatal(err)
		}
		total := money.Fen(rapid.Int64Range(0, int64(sum)).Draw(t, "total"))
		shares, err := money.Allocate(total, lines)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := money.Sum(shares...); got != total {
			t.Fatalf("shares add up to %s, not %s", got, total)
		}
		for i, s := range shares {
			if s < 0 || s > lines[i] {
				t.Fatalf("share %d is %s of a line of %s", i, s, lines[i])
			}
			// |share × sum − total × line| < sum: less than a fen away from the exact part
			off := new(big.Int).Mul(big.NewInt(int64(s)), big.NewInt(int64(sum)))
			off.Sub(off, new(big.Int).Mul(big.NewInt(int64(total)), big.NewInt(int64(lines[i])))).Abs(off)
			if sum > 0 && off.Cmp(big.NewInt(int64(sum))) >= 0 {
				t.Fatalf("share %d is %s, a fen or more from its exact part", i, s)
			}
		}
	})
}

func TestAllocateByExample(t *testing.T) {
	tests := []struct {
		name  string
		total money.Fen
		lines []money.Fen
		want  []money.Fen
		error string
	}{
		{"thirds", 100, []money.Fen{100, 100, 100}, []money.Fen{34, 33, 33}, ""},
		{"the largest remainder wins", 10, []money.Fen{1, 2, 8}, []money.Fen{1, 2, 7}, ""},
		{"a free line gets nothing", 5, []money.Fen{0, 10}, []money.Fen{0, 5}, ""},
		{"everything", 30, []money.Fen{10, 20}, []money.Fen{10, 20}, ""},
		{"nothing of nothing", 0, nil, []money.Fen{}, ""},
		{"more than there is", 31, []money.Fen{10, 20}, nil, "¥0.31 is more than all lines together (¥0.30)"},
		{"a negative line", 1, []money.Fen{10, -1}, nil, "line 1 is negative"},
		{"a negative total", -1, []money.Fen{10}, nil, "-¥0.01 is negative"},
		{"lines beyond counting", 1, []money.Fen{math.MaxInt64, 1}, nil, "too large to count"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := money.Allocate(tt.total, tt.lines)
			if tt.error != "" {
				if err == nil || !strings.Contains(err.Error(), tt.error) {
					t.Fatalf("got %v, want %q", err, tt.error)
				}
				return
			}
			if err != nil || len(got) != len(tt.want) {
				t.Fatalf("%v, %v", got, err)
			}
			for i := range got {
				if got[i] != tt.want[i] {
					t.Fatalf("got %v, want %v", got, tt.want)
				}
			}
		})
	}
}

func TestPartialRefundsGiveBackTheFeeExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(1, 1_000_000).Draw(t, "total")
		fee := money.Fen(rapid.Int64Range(0, total).Draw(t, "fee"))
		var back money.Fen
		for done := int64(0); done < total; {
			now := rapid.Int64Range(1, total-done).Draw(t, "part")
			before, err := money.Portion(fee, money.Fen(done), money.Fen(total))
			if err != nil {
				t.Fatal(err)
			}
			after, err := money.Portion(fee, money.Fen(done+now), money.Fen(total))
			if err != nil {
				t.Fatal(err)
			}
			if after < before {
				t.Fatalf("a refund of %d would take a fee of %s", now, after-before)
			}
			back += after - before
			done += now
		}
		if back != fee {
			t.Fatalf("%s of %s came back", back, fee)
		}
	})
	for _, bad := range [][2]money.Fen{{1, 0}, {-1, 5}, {6, 5}} {
		if _, err := money.Portion(10, bad[0], bad[1]); !fault.Is(err, fault.CodeInvalid) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

func TestAmountsAsPeopleWriteThem(t *testing.T) {
	tests := []struct {
		in   string
		want money.Fen
		out  string // "" when it is refused
	}{
		{"99", 9900, "¥99.00"},
		{"99.5", 9950, "¥99.50"},
		{"¥99.05", 9905, "¥99.05"},
		{"￥0.07", 7, "¥0.07"},
		{"-¥0.05", -5, "-¥0.05"},
		{"007", 700, "¥7.00"},
		{"92233720368547758.07", math.MaxInt64, "¥92233720368547758.07"},
		{"-92233720368547758.08", math.MinInt64, "-¥92233720368547758.08"},
		{"92233720368547758.08", 0, ""},
		{"99999999999999999999999", 0, ""},
		{"", 0, ""}, {"¥", 0, ""}, {".5", 0, ""}, {"5.", 0, ""}, {"1.234", 0, ""}, {"1,000", 0, ""}, {"1e3", 0, ""},
		{"+5", 0, ""}, {"--5", 0, ""}, {"¥¥5", 0, ""}, {" 5", 0, ""}, {"５", 0, ""}, {"0x10", 0, ""}, {"NaN", 0, ""}, {"1_0", 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			got, err := money.Parse(tt.in)
			if tt.out == "" {
				if !fault.Is(err, fault.CodeInvalid) {
					t.Errorf("read as %s, %v", got, err)
				}
				return
			}
			if err != nil || got != tt.want || got.String() != tt.out {
				t.Errorf("read as %s, %v", got, err)
			}
		})
	}
}

func TestJSONCarriesWholeFen(t *testing.T) {
	b, err := json.Marshal(struct{ Price money.Fen }{9900})
	if err != nil || string(b) != `{"Price":9900}` {
		t.Errorf("%s, %v", b, err)
	}
}

func TestEveryFaultSpeaksChinese(t *testing.T) { faulttest.Translated(t) }

func FuzzParse(f *testing.F) {
	for _, s := range []string{"99", "¥99.00", "-0.05", "92233720368547758.08", "1.234", "￥", "-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := money.Parse(s)
		if err != nil {
			if len(err.Error()) > 300 {
				t.Errorf("a long error: %s", err)
			}
			return
		}
		if again, err := money.Parse(got.String()); err != nil || again != got {
			t.Errorf("%q is %s, which reads as %s, %v", s, got, again, err)
		}
	})
}
