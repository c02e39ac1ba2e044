//go:build !unix

package bus

import "os"

// lockFile opens the file. There is no lock on this system that ends with the process: that nobody else uses the folder
// is up to whoever starts the program.
func lockFile(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
}
