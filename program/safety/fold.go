package safety

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

//go:embed traditional.txt
var traditionalPairs string

// confusable are letters of other scripts that look like Latin ones, in lower case.
var confusable = pairs("аa вb еe кk мm нh оo рp сc тt уy хx ѕs іi јj ԁd ԛq ԝw һh ѵv αa βb εe ηn ικ νv οo ρp τt υu χx κk γy ıi ɑa ɡg ʏy ʙb")

// homophones are characters that are written in place of another of the same sound, or look, because that one is looked
// for. Rules and texts are folded alike, so a character that is common otherwise costs nothing but an exception in the rule
// it disturbs: 增加威信 is not 加微信.
var homophones = pairs("薇微 溦微 葳微 徽微 嶶微 癓微 威微 崴微 伩信 訫信 阠信 睹赌 搏博 愽博 毐毒 蕞最 樶最 嶵最 壹一 弌一 贰二 弍二 叁三 囗口 俬私")

// lookalikes are digits and signs that stand for letters in Latin words. Letters that one sign may stand for become one:
// 1 is an i or an l. All of it is a class of shapes, not a spelling.
var lookalikes = map[rune]rune{'0': 'o', '1': 'i', 'l': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't'}

// signs stand for letters too, but only between letters; elsewhere they are signs.
var signs = map[rune]rune{'@': 'a', '$': 's', '!': 'i', '|': 'i'}

func pairs(list string) map[rune]rune {
	m := map[rune]rune{}
	for pair := range strings.FieldsSeq(list) {
		r := []rune(pair)
		if len(r) != 2 {
			panic(fmt.Sprintf("safety: %q is no pair", pair))
		}
		if r[0] != r[1] {
			m[r[0]] = r[1]
		}
	}
	return m
}

// folding is what each character becomes on its way to be compared.
type folding struct {
	one   []rune          // of the basic plane: what it becomes, gone for nothing, several for more than one
	many  map[rune][]rune // those that become several
	light bool
}

const (
	gone    rune = -1
	several rune = -2
)

// full is the folding that texts and words are compared in; light leaves homophones and digits as they are: exceptions
// count only where they are written as they are.
var (
	full  = sync.OnceValue(func() *folding { return newFolding(false) })
	light = sync.OnceValue(func() *folding { return newFolding(true) })
)

var traditional = sync.OnceValue(func() map[rune]rune { return pairs(traditionalPairs) })

func newFolding(lightly bool) *folding {
	f := &folding{one: make([]rune, 0x10000), many: map[rune][]rune{}, light: lightly}
	for r := range rune(0x10000) {
		switch to := f.settle(r); len(to) {
		case 0:
			f.one[r] = gone
		case 1:
			f.one[r] = to[0]
		default:
			f.one[r], f.many[r] = several, to
		}
	}
	return f
}

// settle folds until nothing changes any more, so that folding twice is folding once.
func (f *folding) settle(r rune) []rune {
	out := f.step(r)
	for range 8 {
		var next []rune
		for _, c := range out {
			next = append(next, f.step(c)...)
		}
		if string(next) == string(out) {
			break
		}
		out = next
	}
	return out
}

// step is one round: the compatibility form without accents, lower case, Latin, simplified, and, in full, what homophones and
// digits stand for. The compatibility form is taken apart (NFKD) where NFKC would put it together again: with its marks gone
// it is the same, and a text cannot hide behind them.
func (f *folding) step(r rune) []rune {
	if utf8.RuneLen(r) < 0 || r == utf8.RuneError {
		return nil
	}
	var out []rune
	for _, c := range norm.NFKD.String(string(r)) {
		c = unicode.ToLower(c)
		if to, ok := confusable[c]; ok {
			c = to
		}
		if to, ok := traditional()[c]; ok {
			c = to
		}
		if !f.light {
			if to, ok := homophones[c]; ok {
				c = to
			}
			if to, ok := lookalikes[c]; ok {
				c = to
			}
		}
		if unicode.IsLetter(c) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, c) || unicode.IsDigit(c) {
			out = append(out, c)
		}
	}
	return out
}

// fold is what r becomes; single avoids a slice where one character becomes one.
func (f *folding) fold(r rune) (single rune, more []rune) {
	if r >= 0x10000 || r < 0 {
		to := f.settle(r)
		switch len(to) {
		case 0:
			return gone, nil
		case 1:
			return to[0], nil
		}
		return several, to
	}
	single = f.one[r]
	if single == several {
		return several, f.many[r]
	}
	return single, nil
}

// symbol is a character of the folded text and where it was written.
type symbol struct {
	r          rune
	start, end int32
}

// text folds a whole text. What is no letter and no digit is gone, with these exceptions: "+" before a way to be reached is
// 加, "%" behind a digit is 百, and signs between letters are letters.
func (f *folding) text(s string, into []symbol) []symbol {
	before := rune(-1) // the character before, as written
	for at := 0; at < len(s); {
		r, size := rune(s[at]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[at:])
			if r == utf8.RuneError && size == 1 {
				at++
				continue
			}
		}
		start, end := int32(at), int32(at+size)
		at += size
		one, more := f.fold(r)
		if one == gone {
			one = f.sign(r, before, s[at:])
		}
		before = r
		switch one {
		case gone:
		case several:
			for _, c := range more {
				into = append(into, symbol{c, start, end})
			}
		default:
			into = append(into, symbol{one, start, end})
		}
	}
	return into
}

// sign is what a sign means where it stands, or gone.
func (f *folding) sign(r, before rune, rest string) rune {
	switch r {
	case '%', '％':
		if before >= '0' && before <= '9' || before >= '０' && before <= '９' {
			return '百'
		}
	case '+', '＋', '➕':
		for i, next := range rest {
			if i > 8 {
				break
			}
			one, _ := f.fold(next)
			if one == gone {
				continue
			}
			if strings.ContainsRune("vwq微扣", one) || f.light && strings.ContainsRune("薇威", one) {
				return '加'
			}
			break
		}
	default:
		to, ok := signs[r]
		if !ok || f.light || !latin(before) {
			break
		}
		if next, _ := utf8.DecodeRuneInString(rest); latin(next) {
			return to
		}
	}
	return gone
}

func latin(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0xC0 && r <= 0x24F && unicode.IsLetter(r)
}

// Normalise is the text as rules see it: compatibility forms, lower case, simplified characters, homophones, digits and letters
// of other scripts brought to one spelling, and nothing in between. Normalising twice is normalising once.
func Normalise(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, sym := range full().text(s, nil) {
		b.WriteRune(sym.r)
	}
	return b.String()
}
