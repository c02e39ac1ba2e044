package main

import (
	"fmt"
	"strings"
)

// A good is one product drawing on a 400 by 400 sheet. It is drawn once and coloured by a finish.
type good struct {
	name     string
	finishes []string
	draw     func(f finish) string
}

// finish is one colour of a product: the sheet behind it and the tones of its surface.
type finish struct{ sheet, light, base, dark string }

var finishes = map[string]finish{
	"sand":  {"#f3eee6", "#ece0cc", "#d9c7ab", "#b59c78"},
	"ink":   {"#ececee", "#5d5d63", "#3b3b3f", "#232326"},
	"sage":  {"#edf1ea", "#c3d1bf", "#9fb29c", "#768e78"},
	"clay":  {"#f6ebe5", "#e4a98e", "#cb7b5d", "#a2573c"},
	"mist":  {"#e9eff4", "#bbcedd", "#90abc1", "#63839e"},
	"cream": {"#efece6", "#ffffff", "#f8f5ee", "#d5cebf"},
}

var goods = []good{
	{"headphones", []string{"cream", "ink", "sage", "mist"}, drawHeadphones},
	{"speaker", []string{"sand", "ink", "clay", "mist"}, drawSpeaker},
	{"lamp", []string{"cream", "ink", "clay", "sage"}, drawLamp},
	{"clock", []string{"cream", "ink", "sage", "clay"}, drawClock},
	{"mug", []string{"cream", "sage", "clay", "mist"}, drawMug},
	{"kettle", []string{"ink", "cream", "sand", "sage"}, drawKettle},
	{"teapot", []string{"clay", "ink", "cream", "sage"}, drawTeapot},
	{"caddy", []string{"sage", "sand", "ink", "mist"}, drawCaddy},
	{"notebook", []string{"ink", "clay", "sage", "sand"}, drawNotebook},
	{"pen", []string{"ink", "mist", "clay", "cream"}, drawPen},
	{"backpack", []string{"mist", "ink", "sand", "sage"}, drawBackpack},
	{"bottle", []string{"cream", "mist", "ink", "clay"}, drawBottle},
}

func addGoods(files map[string][]byte, dir string) {
	for _, g := range goods {
		for _, name := range g.finishes {
			f := finishes[name]
			files[dir+"p/"+g.name+"-"+name+".svg"] = sheet(400, 400, f.gradients(), rect(0, 0, 400, 400, 0, f.sheet)+g.draw(f))
		}
	}
	for name, b := range banners {
		files[dir+"banner/"+name+".svg"] = b()
	}
	for name, d := range signs {
		files[dir+"ui/"+name+".svg"] = sheet(48, 48, "", line(d, "#1d1d1f", 2.6))
	}
	files[dir+"ui/heart-on.svg"] = sheet(48, 48, "", `<path d="`+signs["heart"]+`" fill="#c8402a" stroke="#c8402a" stroke-width="2.6" stroke-linejoin="round"/>`)
	for _, c := range channels {
		files[dir+"channel/"+c.name+".svg"] = channelIcon(c)
	}
}

// gradients names the finish's surfaces: c for something round seen from the side, v for something lit from above.
func (f finish) gradients() string {
	return fmt.Sprintf(`<linearGradient id="c"><stop offset="0" stop-color="%[2]s"/><stop offset=".3" stop-color="%[1]s"/>`+
		`<stop offset=".62" stop-color="%[2]s"/><stop offset="1" stop-color="%[3]s"/></linearGradient>`+
		`<linearGradient id="v" x2="0" y2="1"><stop offset="0" stop-color="%[1]s"/><stop offset=".5" stop-color="%[2]s"/>`+
		`<stop offset="1" stop-color="%[3]s"/></linearGradient>`, f.light, f.base, f.dark)
}

func sheet(w, h int, defs, body string) []byte {
	if defs != "" {
		defs = "<defs>" + defs + "</defs>"
	}
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="%[2]d" viewBox="0 0 %[1]d %[2]d">%[3]s%[4]s</svg>`+"\n", w, h, defs, body)
}

func rect(x, y, w, h, r float64, fill string) string {
	return fmt.Sprintf(`<rect x="%g" y="%g" width="%g" height="%g" rx="%g" fill="%s"/>`, x, y, w, h, r, fill)
}

func oval(x, y, rx, ry float64, fill string) string {
	return fmt.Sprintf(`<ellipse cx="%g" cy="%g" rx="%g" ry="%g" fill="%s"/>`, x, y, rx, ry, fill)
}

func area(d, fill string) string { return `<path d="` + d + `" fill="` + fill + `"/>` }

func line(d, ink string, width float64) string {
	return fmt.Sprintf(`<path d="%s" fill="none" stroke="%s" stroke-width="%g" stroke-linecap="round" stroke-linejoin="round"/>`, d, ink, width)
}

// shadow is where the product stands.
func shadow(x, y, rx float64) string {
	return fmt.Sprintf(`<ellipse cx="%g" cy="%g" rx="%g" ry="%g" fill="#000" opacity=".07"/><ellipse cx="%g" cy="%g" rx="%g" ry="%g" fill="#000" opacity=".07"/>`,
		x, y, rx, rx*0.11, x, y, rx*0.8, rx*0.07)
}

// sheen is a soft highlight.
func sheen(d string, width, opacity float64) string {
	return fmt.Sprintf(`<path d="%s" fill="none" stroke="#fff" stroke-width="%g" stroke-linecap="round" opacity="%g"/>`, d, width, opacity)
}

func drawHeadphones(f finish) string {
	return shadow(200, 330, 110) +
		line("M104 232V206a96 96 0 0 1 192 0v26", f.dark, 20) +
		line("M104 228V206a96 96 0 0 1 192 0v22", f.base, 14) +
		sheen("M122 176a86 86 0 0 1 60-54", 5, .35) +
		rect(118, 214, 30, 104, 15, f.dark) + rect(252, 214, 30, 104, 15, f.dark) +
		rect(82, 208, 52, 116, 26, "url(#c)") + rect(266, 208, 52, 116, 26, "url(#c)") +
		sheen("M96 238v40", 5, .3) + sheen("M280 238v40", 5, .3) +
		oval(292, 304, 4, 4, f.light)
}

func drawSpeaker(f finish) string {
	var dots strings.Builder
	for y := 0; y < 9; y++ {
		for x := 0; x < 9; x++ {
			dx, dy := float64(x-4), float64(y-4)
			if dx*dx+dy*dy < 18 {
				dots.WriteString(oval(200+dx*14, 236+dy*14, 3.4, 3.4, f.dark))
			}
		}
	}
	return shadow(200, 334, 106) +
		rect(112, 84, 176, 248, 34, "url(#c)") +
		oval(200, 236, 68, 68, f.base) + dots.String() +
		oval(200, 126, 20, 20, f.dark) + oval(200, 126, 11, 11, f.base) +
		sheen("M132 118v150", 5, .28) +
		rect(150, 330, 24, 6, 3, f.dark) + rect(226, 330, 24, 6, 3, f.dark)
}

func drawLamp(f finish) string {
	return `<path d="M196 158 90 322h150z" fill="#ffd98a" opacity=".28"/>` +
		shadow(222, 334, 92) +
		line("M236 322 288 208 196 122", f.dark, 10) + line("M234 322 286 208 196 122", f.base, 6) +
		oval(287, 208, 11, 11, f.dark) + oval(287, 208, 5, 5, f.light) +
		`<g transform="rotate(-32 178 138)">` + area("M140 176q2-62 38-62t38 62z", "url(#c)") +
		oval(178, 176, 38, 8, f.dark) + oval(178, 176, 30, 5, "#fff1cf") + rect(170, 98, 16, 20, 6, f.dark) + `</g>` +
		area("M174 330q0-16 60-16t60 16z", "url(#c)") + rect(174, 328, 120, 6, 3, f.dark)
}

func drawClock(f finish) string {
	var ticks strings.Builder
	for i := 0; i < 12; i++ {
		w := 4
		if i%3 == 0 {
			w = 7
		}
		fmt.Fprintf(&ticks, `<path d="M200 116v12" stroke="#8a857c" stroke-width="%d" stroke-linecap="round" transform="rotate(%d 200 196)"/>`, w, i*30)
	}
	return shadow(200, 326, 96) +
		line("M142 292 126 322M258 292 274 322", f.dark, 13) +
		oval(200, 196, 116, 116, f.dark) + oval(200, 194, 114, 114, "url(#v)") +
		oval(200, 196, 96, 96, "#fdfcf9") + ticks.String() +
		line("M200 196 160 166", "#2b2a28", 8) + line("M200 196 246 152", "#2b2a28", 5) +
		line("M200 212V128", "#c8563a", 2.5) + oval(200, 196, 7, 7, "#2b2a28") + oval(200, 196, 2.5, 2.5, "#fff")
}

func drawMug(f finish) string {
	return shadow(192, 326, 104) +
		line("M272 182h18q34 0 34 40t-40 50h-18", f.dark, 20) + line("M272 180h18q32 0 32 40t-38 48h-18", f.base, 13) +
		area("M104 138h176v118q0 68-62 68h-52q-62 0-62-68z", "url(#c)") +
		oval(192, 138, 88, 19, f.light) + oval(192, 139, 78, 14, "#5b3a29") + oval(192, 143, 66, 9, "#6f4833") +
		sheen("M126 172v82", 7, .35) +
		line("M168 104q-10-14 0-27t0-27M206 100q-10-14 0-27t0-27", "#c9c3ba", 5)
}

func drawKettle(f finish) string {
	return shadow(196, 330, 112) +
		line("M134 262q-40-6-46-58t-26-70l-14-4", f.dark, 15) + line("M134 258q-38-6-44-56t-26-68l-14-4", f.base, 9) +
		line("M272 168q76-10 68 70-4 44-30 54", f.dark, 17) +
		area("M132 162h144l28 148q2 16-14 16H118q-16 0-14-16z", "url(#c)") +
		area("M142 162q6-28 62-28t62 28z", "url(#v)") + oval(204, 163, 64, 5, f.dark) +
		rect(196, 108, 16, 22, 4, f.dark) + oval(204, 106, 17, 10, "#a9794c") +
		sheen("M148 196 132 290", 7, .3)
}

func drawTeapot(f finish) string {
	return shadow(200, 314, 110) +
		line("M280 206q62-22 56 26t-64 42", f.dark, 17) + line("M280 204q60-22 54 24t-62 42", f.base, 11) +
		area("M120 228q-36-6-44-36-6-20-22-24l14-12q30 2 38 32 6 16 22 8z", "url(#v)") +
		oval(200, 240, 98, 72, "url(#c)") +
		area("M136 186q8-36 64-36t64 36q-64 16-128 0z", "url(#v)") + line("M136 187q64 16 128 0", f.dark, 4) +
		oval(200, 142, 15, 13, f.base) + sheen("M194 138q4-4 9-3", 4, .5) +
		sheen("M124 226q6-18 20-28", 7, .3) + area("M158 306h84l-6 8h-72z", f.dark)
}

func drawCaddy(f finish) string {
	return shadow(200, 332, 92) +
		area("M122 156h156v162q0 14-78 14t-78-14z", "url(#c)") +
		area("M116 104h168v58q0 12-84 12t-84-12z", "url(#c)") + oval(200, 104, 84, 17, f.light) + oval(200, 103, 62, 11, f.base) +
		line("M117 160q6 14 83 14t83-14", f.dark, 3) +
		rect(158, 206, 84, 84, 4, "#fbf8f1") + line("M176 228h48M176 244h48M176 260h26", "#b9b1a2", 4) +
		area("M216 276q-2-18 16-20 2 18-16 20z", "#7b9476") + sheen("M138 188v112", 6, .28)
}

func drawNotebook(f finish) string {
	return `<g transform="rotate(-8 200 200)"><rect x="112" y="80" width="190" height="256" rx="12" fill="#000" opacity=".08"/>` +
		rect(108, 70, 188, 256, 10, "#e9e4d9") + rect(104, 68, 186, 256, 10, f.dark) + rect(104, 68, 184, 252, 10, "url(#v)") +
		`<rect x="104" y="68" width="22" height="252" rx="8" fill="#000" opacity=".12"/>` +
		rect(258, 68, 9, 252, 0, f.dark) + rect(150, 118, 84, 50, 4, "#fbf8f1") + line("M164 136h56M164 150h34", "#b9b1a2", 4) +
		area("M196 320h14v34l-7-8-7 8z", "#c8563a") + `</g>`
}

func drawPen(f finish) string {
	return `<g transform="rotate(38 200 200)"><ellipse cx="214" cy="214" rx="20" ry="166" fill="#000" opacity=".06"/>` +
		rect(182, 40, 36, 132, 16, "url(#c)") + rect(182, 164, 36, 9, 0, "#d2b277") +
		area("M184 173h32l-2 96q0 10-14 10t-14-10z", "url(#c)") + rect(188, 272, 24, 18, 4, f.dark) +
		area("M190 290h20l-7 46q-3 14-6 0z", "#d2b277") + line("M200 300v34", "#8c6f3c", 2) + oval(200, 304, 2.6, 2.6, "#8c6f3c") +
		rect(211, 58, 8, 92, 4, "#d2b277") + rect(186, 46, 28, 5, 2, "#d2b277") + sheen("M191 66v190", 4, .4) + `</g>`
}

func drawBackpack(f finish) string {
	return shadow(200, 336, 110) +
		line("M176 90V72q0-16 24-16t24 16v18", f.dark, 10) +
		area("M98 236q-16 8-14 50t22 40zM302 236q16 8 14 50t-22 40z", f.dark) +
		area("M104 182q0-102 96-102t96 102v122q0 28-28 28H132q-28 0-28-28z", "url(#c)") +
		line("M124 178q0-74 76-74t76 74", f.dark, 4) +
		rect(126, 214, 148, 104, 22, f.base) + line("M126 250q74 24 148 0", f.dark, 4) + rect(126, 214, 148, 104, 22, `none" stroke="`+f.dark+`" stroke-width="4`) +
		rect(190, 246, 20, 26, 5, "#a9794c") + rect(178, 150, 44, 26, 5, "#a9794c") + line("M186 163h28", "#f3e3cf", 3) +
		sheen("M120 172q2-46 32-64", 6, .28)
}

func drawBottle(f finish) string {
	return shadow(200, 344, 66) +
		area("M148 160q0-28 22-40h60q22 12 22 40v160q0 22-22 22h-60q-22 0-22-22z", "url(#c)") +
		rect(168, 102, 64, 22, 4, f.dark) + rect(164, 56, 72, 52, 12, "url(#c)") + line("M166 92h68", f.dark, 3) +
		line("M184 56q0-18 16-18t16 18", f.dark, 8) +
		sheen("M166 170v126", 7, .36) + rect(190, 296, 20, 4, 2, f.dark)
}

// banners are the wide pictures of the home page's swiper; their words are set by the page, over the left half.
var banners = map[string]func() []byte{
	"morning": func() []byte {
		return banner("#f1e6da", "#e7d3bf", "cream", []placed{{drawMug, .56, 494, 112}, {drawKettle, .74, 322, 40}})
	},
	"desk": func() []byte {
		return banner("#e6ebe4", "#cfdacb", "sage", []placed{{drawLamp, .86, 410, -6}, {drawNotebook, .58, 290, 98}})
	},
	"road": func() []byte {
		return banner("#e4ebf1", "#c8d6e2", "mist", []placed{{drawBackpack, .84, 380, 6}, {drawBottle, .6, 300, 92}})
	},
}

type placed struct {
	draw        func(finish) string
	scale, x, y float64
}

func banner(from, to, name string, things []placed) []byte {
	f := finishes[name]
	var b strings.Builder
	b.WriteString(rect(0, 0, 702, 340, 0, "url(#b)"))
	b.WriteString(`<circle cx="560" cy="170" r="190" fill="#fff" opacity=".28"/>`)
	for _, t := range things {
		fmt.Fprintf(&b, `<g transform="translate(%g %g) scale(%g)">%s</g>`, t.x, t.y, t.scale, t.draw(f))
	}
	defs := fmt.Sprintf(`<linearGradient id="b"><stop offset="0" stop-color="%s"/><stop offset="1" stop-color="%s"/></linearGradient>`, from, to)
	return sheet(702, 340, defs+f.gradients(), b.String())
}

// signs are the line icons of buttons, on a 48 by 48 grid.
var signs = map[string]string{
	"search": "M21 8a13 13 0 1 0 0 26 13 13 0 0 0 0-26M31 31l9 9",
	"heart":  "M24 40S7 30 7 18.5C7 12.5 11.5 9 16 9c3.6 0 6.5 2 8 5 1.5-3 4.400-5 8-5 4.5 0 9 3.5 9 9.5C41 30 24 40 24 40Z",
	"share":  "M24 30V7M15.5 15 24 6.5 32.5 15M14 22h-4v19h28V22h-4",
	"cart":   "M6 9h5l4.5 22h21L41 15H13M19 39.5a1.5 1.5 0 1 0 0 .1M33 39.5a1.5 1.5 0 1 0 0 .1",
	"home":   "M7 22 24 8l17 14M11 19v21h26V19M20 40V29h8v11",
	"close":  "M13 13l22 22M35 13 13 35",
	"empty":  "M8 17 24 9l16 8v18l-16 8-16-8zM8 17l16 8 16-8M24 25v18",
}

type channel struct {
	name, finish string
	draw         func(finish) string
}

// channels are the round pictures of the category grid.
var channels = []channel{
	{"digital", "mist", drawHeadphones},
	{"home", "sage", drawLamp},
	{"kitchen", "cream", drawKettle},
	{"tea", "clay", drawTeapot},
	{"stationery", "sand", drawNotebook},
	{"travel", "mist", drawBackpack},
}

func channelIcon(c channel) []byte {
	f := finishes[c.finish]
	return sheet(120, 120, f.gradients(), `<circle cx="60" cy="60" r="60" fill="`+f.sheet+`"/><g transform="translate(12 10) scale(.24)">`+c.draw(f)+`</g>`)
}
