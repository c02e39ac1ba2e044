package app

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"minimart/platform/testkit/browser"
)

// hostPicture is the picture at the top of the README: the host's home as a desk shows it, and beside it a program in a
// window of its own. MINIMART_SCREENSHOTS=1 takes it anew; without, the test only shows that it can be taken.
const hostPicture = "../docs/host.png"

// hostPictureLimit in bytes: a README is read over slow lines too.
const hostPictureLimit = 400_000

func TestThePictureOfTheReadmeCanBeTaken(t *testing.T) {
	const stillClock = `Date.prototype.toLocaleTimeString = () => "09:41"`
	dir := t.TempDir()
	take := func(name string, screen browser.Screen, pose func(*visitor)) image.Image {
		v := arriveAt(t, screen, "/app/", stillClock)
		v.AwaitText(home(".tiles"), "砚光珠宝")
		pose(v)
		time.Sleep(600 * time.Millisecond) // what moves has come to rest, pictures are there
		file, err := os.Open(v.Screenshot(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		picture, err := png.Decode(file)
		if err != nil {
			t.Fatal(err)
		}
		if got := picture.Bounds().Size(); got.X != int(screen.Width) || got.Y != int(screen.Height) {
			t.Fatalf("%s is %v, not %d × %d", name, got, screen.Width, screen.Height)
		}
		return picture
	}
	open := func(v *visitor, app string) {
		v.touchHost(home(fmt.Sprintf("a[data-app=%q]", app)))
		v.enterProgram()
		v.program.Await(`[...document.images].filter(i => i.getBoundingClientRect().top < innerHeight).every(i => i.complete)`)
	}
	desk := take("home", browser.Desk, func(v *visitor) {
		for _, app := range []string{taroShop, jewellery} { // so that the home has recent programs
			open(v, app)
			v.touchHost(bar("#close"))
			v.AwaitText(home(".tiles"), "砚光珠宝")
		}
		v.Run(chromedp.MouseEvent(chromedp.MouseMoved, 4, 4)) // off the buttons
	})
	window := take("program", browser.Screen{Width: 560, Height: 900}, func(v *visitor) {
		open(v, taroShop)
		v.reads("本季好物")
	})
	picture := sideBySide(desk, window)
	var file bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&file, picture); err != nil {
		t.Fatal(err)
	}
	if os.Getenv("MINIMART_SCREENSHOTS") == "" {
		return
	}
	if file.Len() > hostPictureLimit {
		t.Fatalf("the picture has %d bytes, more than %d", file.Len(), hostPictureLimit)
	}
	if err := os.MkdirAll(filepath.Dir(hostPicture), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(hostPicture, file.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// sideBySide lays windows of one height in a row, with some wall around each.
func sideBySide(windows ...image.Image) image.Image {
	const gap = 28
	size := image.Pt(gap, 0)
	for _, w := range windows {
		size.X += w.Bounds().Dx() + gap
		size.Y = max(size.Y, w.Bounds().Dy()+2*gap)
	}
	wall := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(wall, wall.Bounds(), image.NewUniform(color.RGBA{R: 0xc9, G: 0xcb, B: 0xd6, A: 0xff}), image.Point{}, draw.Src)
	at := image.Pt(gap, gap)
	for _, w := range windows {
		draw.Draw(wall, w.Bounds().Sub(w.Bounds().Min).Add(at), w, w.Bounds().Min, draw.Src)
		at.X += w.Bounds().Dx() + gap
	}
	return wall
}
