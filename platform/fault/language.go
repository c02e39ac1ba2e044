package fault

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Language is a language the house speaks.
type Language string

const (
	En Language = "en"
	Zh Language = "zh"
)

// Languages are all of them, the default first.
var Languages = []Language{En, Zh}

// text is a message before it is put into words.
type text struct {
	format string
	args   []any
}

func (t text) in(l Language, english string) string {
	if l != Zh || t.format == "" {
		return english
	}
	zh, ok := Translation(t.format)
	if !ok {
		return english
	}
	return fmt.Sprintf(zh, t.args...)
}

// In is the message in language l, in English if there are no words for it in l.
func (f *Fault) In(l Language) string {
	if f.Code == CodeInvalid && len(f.Fields) > 0 {
		return sentence(f.Fields, func(f Field) string { return f.In(l) })
	}
	return f.text.in(l, f.Message)
}

// In is the field's message in language l, in English if there are no words for it in l.
func (f Field) In(l Language) string { return f.text.in(l, f.Message) }

var (
	catalogMu sync.RWMutex
	catalog   = map[string]string{}
)

// Chinese adds Chinese words to the catalog: the key of a message is its English format. It is meant for package
// variables, one table per room, and panics when a pair cannot work: the two formats must use the same verbs for the
// same arguments ("%[2]s" where Chinese puts them in another order), and one English text has one Chinese text.
// It answers the number of texts, only so that it can stand in a declaration: var _ = fault.Chinese(…).
func Chinese(words map[string]string) int {
	catalogMu.Lock()
	defer catalogMu.Unlock()
	for en, zh := range words {
		if a, b := verbs(en), verbs(zh); a != b {
			panic(fmt.Sprintf("fault.Chinese: %q formats %s, but %q formats %s", en, a, zh, b))
		}
		if had, ok := catalog[en]; ok && had != zh {
			panic(fmt.Sprintf("fault.Chinese: %q is both %q and %q", en, had, zh))
		}
		catalog[en] = zh
	}
	return len(words)
}

// Translation is the Chinese format for an English one.
func Translation(format string) (zh string, ok bool) {
	catalogMu.RLock()
	defer catalogMu.RUnlock()
	zh, ok = catalog[format]
	return zh, ok
}

// verbs lists the argument numbers and verbs of a format in argument order, for example "1d 2s".
func verbs(format string) string {
	var out []string
	next := 1
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		for i++; i < len(format) && strings.IndexByte("+-# 0123456789.[]*", format[i]) >= 0; i++ {
			if format[i] != '[' {
				continue
			}
			if end := strings.IndexByte(format[i:], ']'); end > 0 {
				if n, err := strconv.Atoi(format[i+1 : i+end]); err == nil {
					next = n
				}
				i += end
			}
		}
		if i >= len(format) || format[i] == '%' {
			continue
		}
		out = append(out, fmt.Sprintf("%d%c", next, format[i]))
		next++
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// maxAcceptLanguage is how much of the header is looked at: browsers send less than 100 bytes.
const maxAcceptLanguage = 512

// Match picks the language a reader wants from an Accept-Language header: the one with the highest weight among those
// the house speaks, the first on a tie, English when none matches. Any dialect of Chinese is Chinese.
func Match(acceptLanguage string) Language {
	if len(acceptLanguage) > maxAcceptLanguage {
		acceptLanguage = acceptLanguage[:maxAcceptLanguage]
	}
	best, bestWeight := En, 0.0
	for part := range strings.SplitSeq(acceptLanguage, ",") {
		tag, params, _ := strings.Cut(part, ";")
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			w, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
			if err != nil || !(w >= 0 && w <= 1) {
				continue
			}
			weight = w
		}
		primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		for _, l := range Languages {
			if primary == string(l) && weight > bestWeight {
				best, bestWeight = l, weight
			}
		}
	}
	return best
}
