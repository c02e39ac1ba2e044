// Command art draws every picture of the example programs: the goods of taro-shop, the pieces of jewellery and the tab bar
// icons of both. The pictures are committed; run it again after changing a drawing:
//
//	go run ./examples/art
//
// Nothing is random, so the same source always gives the same bytes, and a test holds the committed files to it.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	root := "examples"
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	if err := write(root, pictures()); err != nil {
		fmt.Fprintln(os.Stderr, "art:", err)
		os.Exit(1)
	}
}

// pictures gives every file by its slash-separated path under the examples folder.
func pictures() map[string][]byte {
	files := map[string][]byte{}
	addGoods(files, "taro-shop/src/assets/")
	addJewels(files, "jewellery/art/")
	addIcons(files, "taro-shop/src/assets/tab/", shopIcons, "#8e8e93", "#1d1d1f")
	addIcons(files, "jewellery/art/tab/", jewelIcons, "#a79d92", "#9a7442")
	return files
}

func write(root string, files map[string][]byte) error {
	for name, data := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
