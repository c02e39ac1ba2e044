// Package testkit gives tests real databases: SQLite files, and a throw-away PostgreSQL that starts on first use.
//
//	func TestStockIsNeverOversold(t *testing.T) {
//		for _, engine := range testkit.Engines(t) {
//			t.Run(engine.Name, func(t *testing.T) {
//				d := engine.Open(t) // empty, closed when the test ends
//				…
//			})
//		}
//	}
//
// Where PostgreSQL is not installed its tests are skipped and say what to install; with CI=true in the environment they
// fail. MINIMART_TEST_POSTGRES names a server to use instead of starting one.
package testkit
