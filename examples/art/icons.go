package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"strconv"
)

// Tab bar icons must be bitmaps in the JD and WeChat dialects, so they are rasterised here: a stroke is a polyline on a
// 24 by 24 grid, and a pixel's opacity is how far the stroke's edge reaches into it.

const iconSize = 81 // pixels, the size both dialects recommend

type point struct{ x, y float64 }

type stroke []point

type icon struct {
	name    string
	strokes []stroke
}

var shopIcons = []icon{
	{"home", []stroke{
		{{3.5, 11}, {12, 3.8}, {20.5, 11}},
		{{5.6, 9.6}, {5.6, 20}, {18.4, 20}, {18.4, 9.6}},
		{{10, 20}, {10, 14.5}, {14, 14.5}, {14, 20}},
	}},
	{"category", []stroke{
		box(3.8, 3.8, 6.6, 1.6), box(13.6, 3.8, 6.6, 1.6), box(3.8, 13.6, 6.6, 1.6),
		arc(16.9, 16.9, 3.3, 0, 360),
	}},
	{"cart", []stroke{
		{{2.6, 4}, {5.2, 4}, {7.4, 15.4}, {18.4, 15.4}, {20.8, 7.2}, {5.9, 7.2}},
		arc(9, 19.4, 1.1, 0, 360), arc(17, 19.4, 1.1, 0, 360),
	}},
	{"mine", []stroke{
		arc(12, 8, 4.2, 0, 360),
		append(arc(12, 21.2, 7.6, 180, 360), point{4.4, 21.2}),
	}},
}

var jewelIcons = []icon{
	{"home", []stroke{
		{{7.2, 4.6}, {16.8, 4.6}, {21, 9.8}, {12, 20.4}, {3, 9.8}, {7.2, 4.6}},
		{{3, 9.8}, {21, 9.8}},
		{{7.2, 4.6}, {9, 9.8}, {12, 20.4}, {15, 9.8}, {16.8, 4.6}},
	}},
	{"collection", []stroke{
		arc(12, 15, 6.4, 0, 360),
		{{9.6, 3.4}, {14.4, 3.4}, {16, 5.6}, {12, 8.6}, {8, 5.6}, {9.6, 3.4}},
	}},
	{"heart", []stroke{heart()}},
}

func addIcons(files map[string][]byte, dir string, icons []icon, idle, chosen string) {
	for _, ic := range icons {
		files[dir+ic.name+".png"] = ic.png(idle)
		files[dir+ic.name+"-on.png"] = ic.png(chosen)
	}
}

// arc is the part of a circle from one angle to another, in degrees clockwise from three o'clock.
func arc(cx, cy, r, from, to float64) stroke {
	const steps = 48
	s := make(stroke, 0, steps+1)
	for i := 0; i <= steps; i++ {
		a := (from + (to-from)*float64(i)/steps) * math.Pi / 180
		s = append(s, point{cx + r*math.Cos(a), cy + r*math.Sin(a)})
	}
	return s
}

// box is a square with rounded corners.
func box(x, y, side, r float64) stroke {
	var s stroke
	s = append(s, arc(x+side-r, y+r, r, 270, 360)...)
	s = append(s, arc(x+side-r, y+side-r, r, 0, 90)...)
	s = append(s, arc(x+r, y+side-r, r, 90, 180)...)
	s = append(s, arc(x+r, y+r, r, 180, 270)...)
	return append(s, s[0])
}

// heart is the classic x = 16 sin³t curve, scaled to the grid.
func heart() stroke {
	var s stroke
	for i := 0; i <= 96; i++ {
		t := float64(i) / 96 * 2 * math.Pi
		sin := math.Sin(t)
		s = append(s, point{
			12 + 8.4*sin*sin*sin,
			11.4 - 0.54*(13*math.Cos(t)-5*math.Cos(2*t)-2*math.Cos(3*t)-math.Cos(4*t)),
		})
	}
	return s
}

func (ic icon) png(hex string) []byte {
	const scale = float64(iconSize) / 24
	const half = 0.68 // half the stroke's width on the grid
	ink := rgb(hex)
	img := image.NewNRGBA(image.Rect(0, 0, iconSize, iconSize))
	for y := range iconSize {
		for x := range iconSize {
			p := point{(float64(x) + 0.5) / scale, (float64(y) + 0.5) / scale}
			near := math.Inf(1)
			for _, s := range ic.strokes {
				for i := 1; i < len(s); i++ {
					near = min(near, distance(p, s[i-1], s[i]))
				}
			}
			cover := max(0, min(1, 0.5-(near-half)*scale))
			img.SetNRGBA(x, y, color.NRGBA{ink.R, ink.G, ink.B, uint8(cover*255 + 0.5)})
		}
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, img); err != nil {
		panic(err) // a bytes.Buffer takes every write
	}
	return out.Bytes()
}

// distance from p to the segment between a and b.
func distance(p, a, b point) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	t := 0.0
	if l := dx*dx + dy*dy; l > 0 {
		t = max(0, min(1, ((p.x-a.x)*dx+(p.y-a.y)*dy)/l))
	}
	return math.Hypot(p.x-a.x-t*dx, p.y-a.y-t*dy)
}

func rgb(hex string) color.NRGBA {
	v, err := strconv.ParseUint(hex[1:], 16, 32)
	if err != nil {
		panic("art: not a colour: " + hex)
	}
	return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
}
