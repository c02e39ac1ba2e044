package money

import "minimart/platform/fault"

// Rate is a share in parts per million: 50_000 is 5 %.
type Rate int64

// Whole is 100 %.
const Whole Rate = 1_000_000

// Of is the rate's share of f, rounded to the fen, half up. The share of a negative amount is the negative of the share,
// so that taking back what was charged comes out even.
// Errors: invalid when the rate is negative or the share does not fit.
func (r Rate) Of(f Fen) (Fen, error) {
	if r < 0 {
		return 0, fault.Invalid("rate", rateNegative, int64(r))
	}
	return scaled(f, uint64(r), uint64(Whole))
}

// Portion is fee × done ÷ total, rounded half up: what has fallen due of a fee when done of total is through. Taking
// Portion(fee, done+now, total) − Portion(fee, done, total) for each part gives shares that end exactly at the fee,
// however the parts are cut.
// Errors: invalid unless 0 ≤ done ≤ total and total > 0.
func Portion(fee, done, total Fen) (Fen, error) {
	if total <= 0 || done < 0 || done > total {
		return 0, fault.Invalid("done", portionOutside, done, total)
	}
	return scaled(fee, uint64(done), uint64(total))
}
