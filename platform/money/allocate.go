package money

import (
	"cmp"
	"math/bits"
	"slices"

	"minimart/platform/fault"
)

// Allocate divides total among lines in proportion to their amounts, by largest remainder: the shares add up to total
// exactly, each is within a fen of its exact part, and none is above its line, so that a discount never makes a line
// negative. On equal remainders the earlier line gets the fen.
// Errors: invalid when a line or the total is negative, or the total is more than all lines together.
func Allocate(total Fen, lines []Fen) ([]Fen, error) {
	for i, l := range lines {
		if l < 0 {
			return nil, fault.Invalid("lines", lineNegative, i, l)
		}
	}
	sum, err := Sum(lines...)
	if err != nil {
		return nil, err
	}
	if total < 0 {
		return nil, fault.Invalid("total", totalNegative, total)
	}
	if total > sum {
		return nil, fault.Invalid("total", totalAbove, total, sum)
	}
	shares := make([]Fen, len(lines))
	if sum == 0 {
		return shares, nil
	}
	remainders := make([]uint64, len(lines))
	left := total
	for i, l := range lines {
		// total ≤ sum, so the quotient is at most the line and Div64 cannot overflow.
		hi, lo := bits.Mul64(uint64(total), uint64(l))
		q, r := bits.Div64(hi, lo, uint64(sum))
		shares[i], remainders[i] = Fen(q), r
		left -= Fen(q)
	}
	order := make([]int, len(lines))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(remainders[b], remainders[a]) })
	// Fewer fen are left than there are lines with a remainder, and such a line's share was rounded down below the line:
	// one more fen fits.
	for _, i := range order[:left] {
		shares[i]++
	}
	return shares, nil
}
