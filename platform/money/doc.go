// Package money counts in fen, the hundredth of a yuan, in whole numbers, and refuses to lose any.
//
//	line, err := price.Times(quantity)                      // ¥33.00 × 3
//	fee, err := money.Rate(50_000).Of(line)                 // 5 %, half up: ¥4.95
//	shares, err := money.Allocate(coupon, lines)            // adds up exactly, no share above its line
//	fmt.Println(line)                                       // ¥99.00
//
// There are no floats and no silent overflow: every operation that can go over the range of an int64 returns an error.
package money
