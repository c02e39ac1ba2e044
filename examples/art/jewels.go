package main

import (
	"fmt"
	"math"
	"strings"
)

// A jewel is drawn on a 600 by 600 sheet, once per metal. The gem keeps its own colour.
type jewel struct {
	name   string
	metals []string
	draw   func(m metal) string
}

type metal struct{ light, base, dark string }

var metals = map[string]metal{
	"gold":     {"#fbeccb", "#dcb878", "#a67c3d"},
	"rose":     {"#fde3d8", "#dfa68e", "#ab6d58"},
	"platinum": {"#ffffff", "#cfd2d6", "#8e949c"},
}

var every = []string{"gold", "rose", "platinum"}

var jewels = []jewel{
	{"ring-solitaire", every, drawSolitaire},
	{"ring-halo", []string{"platinum", "rose"}, drawHalo},
	{"ring-band", every, drawBand},
	{"ring-trio", []string{"gold", "rose"}, drawTrio},
	{"necklace-drop", []string{"gold", "platinum"}, drawDrop},
	{"necklace-bar", every, drawBar},
	{"necklace-pearl", []string{"gold"}, drawPearls},
	{"necklace-coin", []string{"gold", "rose"}, drawCoin},
	{"earring-stud", []string{"platinum", "gold"}, drawStuds},
	{"earring-drop", []string{"gold", "rose"}, drawEarDrops},
	{"earring-hoop", every, drawHoops},
	{"bracelet-bangle", every, drawBangle},
}

func addJewels(files map[string][]byte, dir string) {
	for _, j := range jewels {
		for _, name := range j.metals {
			m := metals[name]
			files[dir+j.name+"-"+name+".svg"] = sheet(600, 600, jewelDefs(m), backdrop(600, 600)+j.draw(m))
		}
	}
	for name, m := range metals {
		files[dir+"engrave-"+name+".svg"] = sheet(690, 420, jewelDefs(m), backdrop(690, 420)+engraving(m))
	}
	gold := metals["gold"]
	files[dir+"cover-light.svg"] = sheet(750, 900, jewelDefs(gold), cover(gold))
	files[dir+"cover-hands.svg"] = sheet(750, 560, jewelDefs(gold), bench(gold))
	files[dir+"cover-pair.svg"] = sheet(750, 560, jewelDefs(gold), pair())
}

// jewelDefs names what is shared: m and n the metal lit from the left and from above, s the sheet, g, e and p a white
// stone, a green stone and a pearl.
func jewelDefs(m metal) string {
	return fmt.Sprintf(`<linearGradient id="m"><stop offset="0" stop-color="%[3]s"/><stop offset=".22" stop-color="%[1]s"/><stop offset=".5" stop-color="%[2]s"/>`+
		`<stop offset=".72" stop-color="%[3]s"/><stop offset=".88" stop-color="%[1]s"/><stop offset="1" stop-color="%[2]s"/></linearGradient>`+
		`<linearGradient id="n" x2="0" y2="1"><stop offset="0" stop-color="%[1]s"/><stop offset=".55" stop-color="%[2]s"/><stop offset="1" stop-color="%[3]s"/></linearGradient>`+
		`<radialGradient id="s" cx=".5" cy=".38" r=".8"><stop offset="0" stop-color="#fdfbf7"/><stop offset="1" stop-color="#ece4d8"/></radialGradient>`+
		`<linearGradient id="g" x2="1" y2="1"><stop offset="0" stop-color="#fff"/><stop offset=".5" stop-color="#dfeaf2"/><stop offset="1" stop-color="#b9cddd"/></linearGradient>`+
		`<linearGradient id="e" x2="1" y2="1"><stop offset="0" stop-color="#9fd0b4"/><stop offset=".5" stop-color="#3f8d6b"/><stop offset="1" stop-color="#1f5a45"/></linearGradient>`+
		`<radialGradient id="p" cx=".36" cy=".32" r=".75"><stop offset="0" stop-color="#fff"/><stop offset=".55" stop-color="#f4ece2"/><stop offset="1" stop-color="#cdbfae"/></radialGradient>`,
		m.light, m.base, m.dark)
}

func backdrop(w, h float64) string { return rect(0, 0, w, h, 0, "url(#s)") }

// hoop is a ring of metal seen at an angle: an outer and an inner ellipse, with an edge for its depth.
func hoop(cx, cy, rx, ry, thick float64) string {
	return fmt.Sprintf(`<ellipse cx="%[1]g" cy="%[2]g" rx="%[3]g" ry="%[4]g" fill="none" stroke="url(#m)" stroke-width="%[5]g"/>`+
		`<ellipse cx="%[1]g" cy="%[2]g" rx="%[6]g" ry="%[7]g" fill="none" stroke="#fff" stroke-width="%[8]g" opacity=".45"/>`,
		cx, cy, rx, ry, thick, rx+thick*0.22, ry+thick*0.22, thick*0.1)
}

// brilliant is a round stone seen from above, with eight table facets.
func brilliant(cx, cy, r float64, fill string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<circle cx="%g" cy="%g" r="%g" fill="%s"/>`, cx, cy, r, fill)
	if r < 12 { // facets would be finer than a pixel
		fmt.Fprintf(&b, `<circle cx="%g" cy="%g" r="%.1f" fill="#fff" opacity=".8"/>`, cx, cy, r*0.5)
		return b.String()
	}
	var table, rays strings.Builder
	for i := range 8 {
		a := float64(i)*math.Pi/4 + math.Pi/8
		x, y := cx+r*0.56*math.Cos(a), cy+r*0.56*math.Sin(a)
		letter := "L"
		if i == 0 {
			letter = "M"
		}
		fmt.Fprintf(&table, "%s%.1f %.1f", letter, x, y)
		fmt.Fprintf(&rays, "M%.1f %.1fL%.1f %.1f", x, y, cx+r*math.Cos(a+math.Pi/8), cy+r*math.Sin(a+math.Pi/8))
		fmt.Fprintf(&rays, "M%.1f %.1fL%.1f %.1f", x, y, cx+r*math.Cos(a-math.Pi/8), cy+r*math.Sin(a-math.Pi/8))
	}
	fmt.Fprintf(&b, `<path d="%sZ" fill="#fff" opacity=".5"/><path d="%s" stroke="#fff" stroke-width="%.1f" opacity=".7" fill="none"/>`, table.String(), rays.String(), max(0.6, r*0.03))
	fmt.Fprintf(&b, `<circle cx="%g" cy="%g" r="%g" fill="none" stroke="#7f93a3" stroke-opacity=".45" stroke-width="%.1f"/>`, cx, cy, r, max(0.7, r*0.03))
	return b.String()
}

// spark is a four-pointed glint.
func spark(x, y, r float64) string {
	return fmt.Sprintf(`<path d="M%[1]g %[3]gQ%[1]g %[2]g %[4]g %[2]gQ%[1]g %[2]g %[1]g %[5]gQ%[1]g %[2]g %[6]g %[2]gQ%[1]g %[2]g %[1]g %[3]gZ" fill="#fff"/>`, x, y, y-r, x+r, y+r, x-r)
}

func ground(x, y, rx float64) string {
	return oval(x, y, rx, rx*0.09, "#5b4630\" opacity=\".10") + oval(x, y, rx*0.7, rx*0.05, "#5b4630\" opacity=\".12")
}

func drawSolitaire(m metal) string {
	return ground(300, 520, 120) + hoop(300, 372, 132, 132, 20) +
		area("M268 248 276 212h48l8 36q-32 16-64 0z", "url(#n)") +
		brilliant(300, 186, 62, "url(#g)") +
		line("M252 148l12 14M348 148l-12 14M256 232l14-16M344 232l-14-16", m.dark, 7) +
		line("M252 148l12 14M348 148l-12 14M256 232l14-16M344 232l-14-16", m.light, 4) + spark(330, 156, 22)
}

func drawHalo(m metal) string {
	var b strings.Builder
	b.WriteString(ground(300, 520, 120) + hoop(300, 376, 130, 130, 18))
	b.WriteString(oval(300, 200, 92, 92, "url(#n)"))
	for i := range 20 {
		a := float64(i) / 20 * 2 * math.Pi
		b.WriteString(brilliant(math.Round(300+78*math.Cos(a)), math.Round(200+78*math.Sin(a)), 10.5, "url(#g)"))
	}
	b.WriteString(brilliant(300, 200, 60, "url(#e)") + spark(326, 172, 20))
	for _, s := range []float64{-1, 1} {
		for i := range 4 {
			a := (-90 + s*(40+float64(i)*9)) * math.Pi / 180
			b.WriteString(brilliant(math.Round(300+130*math.Cos(a)), math.Round(376+130*math.Sin(a)), 6.5, "url(#g)"))
		}
	}
	return b.String()
}

// drawBand is a wide plain band standing a little turned, the inside visible above.
func drawBand(m metal) string {
	return ground(300, 478, 150) +
		area("M130 270a170 78 0 0 1 340 0v110a170 78 0 0 1-340 0z", "url(#m)") +
		oval(300, 270, 170, 78, m.light) + oval(300, 272, 156, 68, m.dark) +
		area("M144 272a156 68 0 0 1 312 0q0 20-40 34a156 58 0 0 0-232 0q-40-14-40-34z", "url(#n)") +
		sheen("M146 320q30 70 154 78", 4, .5) + sheen("M150 396a154 64 0 0 0 130 46", 3, .4)
}

func drawTrio(m metal) string {
	return ground(300, 500, 150) +
		`<g transform="rotate(-14 300 330)">` + hoop(264, 340, 128, 128, 13) + `</g>` + hoop(336, 340, 128, 128, 13) + hoop(300, 322, 128, 128, 13) +
		brilliant(300, 188, 20, "url(#g)") + brilliant(266, 196, 13, "url(#g)") + brilliant(334, 196, 13, "url(#g)") + spark(312, 176, 13)
}

// chain hangs from the top edge of the sheet and meets at (300, y).
func chain(m metal, y float64) string {
	d := fmt.Sprintf("M150 0C170 %g 250 %g 300 %gM450 0C430 %g 350 %g 300 %g", y*0.6, y*0.92, y, y*0.6, y*0.92, y)
	return line(d, m.dark, 4.5) + fmt.Sprintf(`<path d="%s" fill="none" stroke="%s" stroke-width="3.4" stroke-dasharray="7 5" stroke-linecap="round"/>`, d, m.light)
}

func drawDrop(m metal) string {
	return chain(m, 300) + fmt.Sprintf(`<circle cx="300" cy="314" r="13" fill="none" stroke="%s" stroke-width="6"/>`, m.base) +
		area("M300 330C330 376 366 408 366 450a66 66 0 0 1-132 0C234 408 270 376 300 330Z", "url(#n)") +
		area("M300 352C324 390 350 416 350 450a50 50 0 0 1-100 0C250 416 276 390 300 352Z", "url(#e)") +
		`<path d="M300 352 276 436h48zM276 436l-24 26M324 436l24 26M276 436l24 62 24-62" fill="none" stroke="#fff" stroke-width="1.6" opacity=".5"/>` +
		sheen("M268 430q6-22 18-38", 5, .6) + spark(328, 420, 16)
}

func drawBar(m metal) string {
	d := "M136 0C150 180 168 300 186 352M464 0C450 180 432 300 414 352"
	return line(d, m.dark, 4.5) + fmt.Sprintf(`<path d="%s" fill="none" stroke="%s" stroke-width="3.4" stroke-dasharray="7 5" stroke-linecap="round"/>`, d, m.light) +
		fmt.Sprintf(`<circle cx="186" cy="362" r="11" fill="none" stroke="%[1]s" stroke-width="5"/><circle cx="414" cy="362" r="11" fill="none" stroke="%[1]s" stroke-width="5"/>`, m.base) +
		rect(190, 346, 220, 44, 10, m.dark) + rect(190, 344, 220, 42, 10, "url(#m)") + sheen("M206 354h186", 3, .6)
}

func drawPearls(m metal) string {
	var b strings.Builder
	// Pearls touch: each side is walked from the clasp point in steps of the two neighbours' radii.
	for _, side := range []float64{1, -1} {
		for t, r := 0.0, 23.0; t < 1; {
			x, y := strand(t)
			fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="%.1f" fill="url(#p)"/>`, 300+side*x, y, r)
			next := r - 0.9
			for u := t; ; u += 0.001 {
				if ux, uy := strand(u); math.Hypot(ux-x, uy-y) >= r+next || u >= 1 {
					t, r = u, next
					break
				}
			}
		}
	}
	return b.String() + rect(289, 436, 22, 14, 4, "url(#n)") + brilliant(300, 468, 20, "url(#g)") + spark(310, 458, 12)
}

// strand is one half of a necklace laid on a neck: t runs from the middle, 0, to where it leaves the sheet, 1.
func strand(t float64) (x, y float64) {
	return t * 200, 418 - math.Pow(t, 2.6)*400
}

func drawCoin(m metal) string {
	var rays strings.Builder
	for i := range 24 {
		a := float64(i) / 24 * 2 * math.Pi
		far := 66.0
		if i%2 == 1 {
			far = 54
		}
		fmt.Fprintf(&rays, "M%.1f %.1fL%.1f %.1f", 300+34*math.Cos(a), 410+34*math.Sin(a), 300+far*math.Cos(a), 410+far*math.Sin(a))
	}
	return chain(m, 286) + fmt.Sprintf(`<circle cx="300" cy="302" r="14" fill="none" stroke="%s" stroke-width="6"/>`, m.base) +
		oval(300, 412, 96, 96, m.dark) + oval(300, 408, 95, 95, "url(#n)") +
		fmt.Sprintf(`<circle cx="300" cy="410" r="82" fill="none" stroke="%s" stroke-width="2" stroke-dasharray="1 6" stroke-linecap="round"/>`, m.dark) +
		line(rays.String(), m.dark, 2.4) + brilliant(300, 410, 20, "url(#g)") + sheen("M226 380a80 80 0 0 1 44-46", 5, .6)
}

func drawStuds(m metal) string {
	one := func(x, y float64) string {
		return ground(x, y+112, 60) + oval(x, y, 78, 78, "url(#n)") + brilliant(x, y, 64, "url(#g)") +
			line(fmt.Sprintf("M%g %gl14 14M%g %gl-14 14M%g %gl14-14M%g %gl-14-14", x-56, y-56, x+56, y-56, x-56, y+56, x+56, y+56), m.base, 9) + spark(x+26, y-28, 20)
	}
	return one(196, 318) + one(404, 268)
}

func drawEarDrops(m metal) string {
	one := func(x float64) string {
		return line(fmt.Sprintf("M%g 196q-6-70 26-70t20 62", x), m.base, 6) +
			brilliant(x, 212, 19, "url(#g)") + line(fmt.Sprintf("M%g 232v108", x), m.dark, 4) + line(fmt.Sprintf("M%g 232v108", x), m.light, 1.6) +
			area(fmt.Sprintf("M%g 336q22 0 22 20h-44q0-20 22-20z", x), "url(#n)") +
			fmt.Sprintf(`<circle cx="%g" cy="394" r="48" fill="url(#p)"/>`, x) + oval(x-16, 376, 9, 6, "#fff")
	}
	return one(204) + one(384)
}

func drawHoops(m metal) string {
	return ground(300, 500, 170) +
		`<g transform="rotate(8 210 330)">` + hoop(210, 330, 92, 142, 24) + `</g><g transform="rotate(-8 396 330)">` + hoop(396, 330, 92, 142, 24) + `</g>` +
		line("M206 176q-2-24 18-30M390 176q2-24-18-30", m.base, 6)
}

func drawBangle(m metal) string {
	return ground(300, 470, 190) +
		area("M92 300a208 112 0 0 1 416 0v42a208 112 0 0 1-416 0z", "url(#m)") +
		oval(300, 300, 208, 112, m.light) + oval(300, 301, 194, 100, m.dark) + oval(300, 308, 193, 94, "url(#s)") +
		area("M107 302a193 100 0 0 1 386 0q0 12-10 26a190 92 0 0 0-366 0q-10-14-10-26z", "url(#n)") +
		brilliant(300, 432, 11, "url(#g)") + brilliant(268, 430, 8, "url(#g)") + brilliant(332, 430, 8, "url(#g)")
}

// engraving is the inside of a ring laid flat: the strip that the engraved words are set on, by the page.
func engraving(m metal) string {
	return ground(345, 336, 290) +
		area("M45 150q300-64 600 0v116q-300 64-600 0z", m.dark) +
		area("M45 146q300-64 600 0v112q-300 64-600 0z", "url(#m)") +
		area("M45 156q300-64 600 0v92q-300 64-600 0z", "url(#n)\" opacity=\".55") +
		sheen("M60 152q285-58 570 0", 3, .7) +
		line("M45 164q300-62 600 0M45 240q300 62 600 0", m.dark+`" opacity=".35`, 1.4)
}

func cover(m metal) string {
	return `<linearGradient id="w" x2="0" y2="1"><stop offset="0" stop-color="#e9ddcb"/><stop offset=".6" stop-color="#f6f0e6"/><stop offset="1" stop-color="#e4d6c1"/></linearGradient>` +
		rect(0, 0, 750, 900, 0, "url(#w)") +
		`<path d="M0 90 750 0v250L0 430z" fill="#fff" opacity=".34"/><path d="M0 520 750 300v120L0 680z" fill="#fff" opacity=".26"/>` +
		`<ellipse cx="375" cy="800" rx="230" ry="44" fill="#cdb896" opacity=".55"/>` + rect(175, 690, 400, 110, 0, "#efe5d5") +
		`<ellipse cx="375" cy="800" rx="200" ry="34" fill="#e5d8c3"/><ellipse cx="375" cy="690" rx="200" ry="36" fill="#f8f2e8"/>` +
		`<g transform="translate(75 176)">` + drawSolitaire(m) + `</g>`
}

func bench(m metal) string {
	return rect(0, 0, 750, 560, 0, "#ded2c0") + `<path d="M0 360h750v200H0z" fill="#a78a68"/><path d="M0 360h750v16H0z" fill="#8d7252"/>` +
		`<path d="M460 0 750 0v360H250z" fill="#fff" opacity=".22"/>` +
		`<g transform="translate(330 130) scale(.62)">` + drawBand(m) + `</g>` +
		`<g transform="translate(40 104) scale(.6)">` + drawTrio(m) + `</g>` +
		line("M90 470 300 430", "#5f4a35", 14) + line("M296 431l70-13", "#c9ccd0", 8) +
		line("M470 500l190-26", "#5f4a35", 14) + line("M470 500l-56 8", "#c9ccd0", 6)
}

func pair() string {
	return rect(0, 0, 750, 560, 0, "#e7ddd0") + `<circle cx="375" cy="270" r="230" fill="#f7f1e8"/>` +
		`<ellipse cx="375" cy="452" rx="210" ry="18" fill="#5b4630" opacity=".12"/>` +
		hoop(310, 310, 128, 128, 20) + hoop(440, 310, 128, 128, 20) + brilliant(310, 178, 26, "url(#g)") + spark(324, 164, 14)
}
