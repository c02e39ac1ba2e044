// Package examples holds the official cases: mini programs that the demo publishes and that the browser tests drive.
//
//	app, err := fs.ReadFile(examples.TaroShop(), "app.json")
//
// Each is a package as a developer would upload it: a tree with app.json at its root.
package examples

import (
	"embed"
	"io/fs"
)

//go:embed all:taro-shop/dist all:jewellery
var packages embed.FS

// TaroShop is what the Taro CLI builds from taro-shop for the JD dialect.
func TaroShop() fs.FS { return under("taro-shop/dist") }

// Jewellery is a program written by hand in the JD dialect.
func Jewellery() fs.FS { return under("jewellery") }

func under(dir string) fs.FS {
	sub, err := fs.Sub(packages, dir)
	if err != nil {
		panic(err) // only a malformed dir, and both are literals
	}
	return sub
}
