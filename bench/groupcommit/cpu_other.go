//go:build !unix

package main

import "time"

// processTime is not measured on this system.
func processTime() time.Duration { return 0 }
