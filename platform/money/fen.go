package money

import (
	"math"
	"math/bits"
	"strconv"
	"strings"

	"minimart/platform/fault"
)

// Fen is an amount of money in hundredths of a yuan. Negative amounts are owed. It is stored as BIGINT and written in
// JSON as a whole number.
type Fen int64

// Yuan is 100 fen.
const Yuan Fen = 100

// Add is f + g. Error: invalid when the sum does not fit.
func (f Fen) Add(g Fen) (Fen, error) {
	sum := f + g
	if (f > 0 && g > 0 && sum <= 0) || (f < 0 && g < 0 && sum >= 0) {
		return 0, tooLarge()
	}
	return sum, nil
}

// Sub is f − g. Error: invalid when the difference does not fit.
func (f Fen) Sub(g Fen) (Fen, error) {
	if g == math.MinInt64 {
		if f >= 0 {
			return 0, tooLarge()
		}
		return f - g, nil
	}
	return f.Add(-g)
}

// Times is f × n, for a quantity. Error: invalid when the product does not fit.
func (f Fen) Times(n int64) (Fen, error) {
	product := f * Fen(n)
	if f != 0 && (product/f != Fen(n) || (f == -1 && n == math.MinInt64)) {
		return 0, tooLarge()
	}
	return product, nil
}

// Sum adds amounts up. Error: invalid when the sum does not fit.
func Sum(amounts ...Fen) (Fen, error) {
	var sum Fen
	var err error
	for _, a := range amounts {
		if sum, err = sum.Add(a); err != nil {
			return 0, err
		}
	}
	return sum, nil
}

// String is the amount as people read it: "¥99.00", "-¥0.05".
func (f Fen) String() string {
	sign := ""
	if f < 0 {
		sign = "-"
	}
	abs := magnitude(int64(f))
	cents := abs % 100
	out := make([]byte, 0, 24)
	out = append(out, sign...)
	out = append(out, "¥"...)
	out = strconv.AppendUint(out, abs/100, 10)
	return string(append(out, '.', byte('0'+cents/10), byte('0'+cents%10)))
}

// Parse reads an amount in yuan as people write it: "99", "99.5", "¥99.00", "￥99.00", "-¥0.05". There are at most two
// places after the point, no thousands separators and no exponents: an amount is not a place to guess.
// Error: invalid, saying what was read.
func Parse(s string) (Fen, error) {
	rest, negative := strings.CutPrefix(s, "-")
	for _, sign := range []string{"¥", "￥"} {
		if r, ok := strings.CutPrefix(rest, sign); ok {
			rest = r
			break
		}
	}
	yuan, places, pointed := strings.Cut(rest, ".")
	if !digits(yuan) || (pointed && (!digits(places) || len(places) > 2)) {
		return 0, fault.Invalid("", notAmount, short(s))
	}
	n, err := strconv.ParseUint(yuan+(places + "00")[:2], 10, 64)
	limit := uint64(math.MaxInt64)
	if negative {
		limit++
	}
	if err != nil || n > limit {
		return 0, tooLarge()
	}
	if negative {
		return Fen(-n), nil // wraps exactly to the negative, down to the least
	}
	return Fen(n), nil
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// short keeps what came from outside from filling an error.
func short(s string) string {
	const most = 40
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// scaled is f × a ÷ b rounded half up away from zero, for 0 ≤ a and 0 < b, without losing a bit on the way.
func scaled(f Fen, a, b uint64) (Fen, error) {
	hi, lo := bits.Mul64(magnitude(int64(f)), a)
	lo, carry := bits.Add64(lo, b/2, 0)
	hi += carry
	if hi >= b {
		return 0, tooLarge()
	}
	// For an odd b, b/2 is half a unit short; that changes nothing, since then no remainder is exactly a half.
	q, _ := bits.Div64(hi, lo, b)
	if q > math.MaxInt64 {
		return 0, tooLarge()
	}
	if f < 0 {
		return -Fen(q), nil
	}
	return Fen(q), nil
}
