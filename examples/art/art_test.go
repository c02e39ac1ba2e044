package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCommittedPicturesAreWhatTheDrawingsProduce(t *testing.T) {
	for name, want := range pictures() {
		got, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(name)))
		if err != nil {
			t.Errorf("%v; run go run ./examples/art", err)
			continue
		}
		if !bytes.Equal(got, want) {
			t.Errorf("examples/%s differs from its drawing; run go run ./examples/art", name)
		}
	}
}

func TestNoPictureIsLeftOverFromAnOlderDrawing(t *testing.T) {
	drawn := pictures()
	for _, dir := range []string{"taro-shop/src/assets", "jewellery/art"} {
		err := filepath.WalkDir(filepath.Join("..", dir), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			rel, err := filepath.Rel("..", path)
			if err != nil {
				return err
			}
			if _, ok := drawn[filepath.ToSlash(rel)]; !ok {
				t.Errorf("examples/%s is drawn by nothing; delete it", filepath.ToSlash(rel))
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func TestEveryPictureIsWellFormedAndSmall(t *testing.T) {
	const most = 8 << 10 // a package holds all of them, so each stays small
	for name, data := range pictures() {
		if len(data) > most {
			t.Errorf("%s is %d bytes, more than %d", name, len(data), most)
		}
		if strings.HasSuffix(name, ".png") {
			img, err := png.Decode(bytes.NewReader(data))
			if err != nil {
				t.Errorf("%s: %v", name, err)
			} else if s := img.Bounds().Size(); s.X != iconSize || s.Y != iconSize {
				t.Errorf("%s is %v, want %d by %d", name, s, iconSize, iconSize)
			}
			continue
		}
		dec, tags := xml.NewDecoder(bytes.NewReader(data)), 0
		for {
			tok, err := dec.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
			if _, ok := tok.(xml.StartElement); ok {
				tags++
			}
		}
		if tags < 2 {
			t.Errorf("%s has %d elements: nothing is drawn on the sheet", name, tags)
		}
	}
}
