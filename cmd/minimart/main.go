// Command minimart is the platform and the developer's tool in one program: see minimart --help.
package main

import (
	"os"

	"minimart/app"
)

func main() {
	os.Exit(app.Main(os.Args[1:], os.Stdout, os.Stderr))
}
