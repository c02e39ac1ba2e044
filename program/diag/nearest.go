package diag

import (
	"strings"
	"unicode/utf8"
)

// These bound the work of Nearest, whatever words a package brings: longer words
// are not typing slips, more than four slips are another word, and after so many
// compared characters the search ends with what it has.
const (
	longestWord = 256
	mostSlips   = 4
	mostWork    = 1 << 20
)

// Nearest returns the candidate that was likely meant by word, or "" when none
// is close. Distance is the number of inserted, dropped, changed or swapped
// characters, letter case ignored; about one slip per three characters, at
// most four, is accepted. Among equals the alphabetically first wins, so the answer does not
// depend on the order of candidates.
func Nearest(word string, candidates []string) string {
	if word == "" || len(word) > longestWord {
		return ""
	}
	want := []rune(strings.ToLower(word))
	limit := min(max(1, len(want)/3), mostSlips)
	work := 0
	best, bestDistance := "", limit+1
	for _, c := range candidates {
		if c == "" || c == word || len(c) > longestWord {
			continue
		}
		if diff := utf8.RuneCountInString(c) - len(want); diff > limit || -diff > limit {
			continue
		}
		have := []rune(strings.ToLower(c))
		d, cells := distance(want, have, limit)
		if work += cells; work > mostWork {
			break
		}
		// Two different words of equal length with nothing in common are not a slip.
		if d >= len(want) && d >= len(have) {
			continue
		}
		if d < bestDistance || d == bestDistance && c < best {
			best, bestDistance = c, d
		}
	}
	return best
}

// DidYouMean returns "did you mean X?" for the nearest candidate, or "".
func DidYouMean(word string, candidates []string) string {
	if near := Nearest(word, candidates); near != "" {
		return "did you mean " + near + "?"
	}
	return ""
}

// distance is the optimal string alignment distance of a and b, or limit+1 as
// soon as it is known to be larger than limit; cells is the work it took.
func distance(a, b []rune, limit int) (d, cells int) {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	lastBest := 0 // a swap looks two rows back, so two rows must be over the limit
	for i := 1; i <= len(a); i++ {
		row[0] = i
		best := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			best = min(best, row[j])
		}
		cells += len(b)
		if best > limit && lastBest > limit {
			return limit + 1, cells
		}
		lastBest = best
		before, last, row = last, row, before
	}
	return last[len(b)], cells
}
