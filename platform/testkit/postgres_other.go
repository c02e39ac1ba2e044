//go:build !unix

package testkit

import "errors"

// startPostgres cannot: the guard that ends the server with the test process is a shell script.
func startPostgres() (string, error) {
	return "", errors.Join(errNoPostgres, errors.New("on this system tests do not start PostgreSQL themselves: name a server in MINIMART_TEST_POSTGRES"))
}
