package db_test

import (
	"testing"

	"minimart/platform/db"
	"minimart/platform/testkit"
)

func TestASearchFindsWhatIsWrittenAnotherWay(t *testing.T) {
	for _, engine := range testkit.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) {
			d := engine.Open(t)
			for _, tt := range []struct {
				text, query string
				found       bool
			}{
				{"Café 拾光家居", "CAFÉ", true}, {"ＡＢＣ", "abc", true}, {"拾光家居", "光家", true}, {"anything", "", true},
				{"100% wool", "0% w", true}, {"100 wool", "0% w", false}, {"snake_case", "e_c", true}, {"snakescase", "e_c", false}, {`a\b`, `a\b`, true}, {"ab", `a\b`, false},
			} {
				var n int
				err := d.View(t.Context(), func(tx db.Tx) error {
					return tx.QueryRowContext(t.Context(), `SELECT CASE WHEN CAST($1 AS TEXT) LIKE CAST($2 AS TEXT) ESCAPE '\' THEN 1 ELSE 0 END`, db.Fold(tt.text), db.Containing(tt.query)).Scan(&n)
				})
				if err != nil || (n == 1) != tt.found {
					t.Errorf("%q in %q: %d, %v", tt.query, tt.text, n, err)
				}
			}
		})
	}
}
