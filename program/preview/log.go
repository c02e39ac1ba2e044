package preview

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"unicode"
)

// record is one console line or error of the program, as the page sends it.
type record struct {
	Level string `json:"level"` // debug, info, log, warn, error
	Text  string `json:"text"`
	Stack string `json:"stack"`
	Code  string `json:"code"` // how the function begins that the record is about, when there is no stack
}

// limits of one batch.
const (
	maxBatchBytes = 1 << 20
	maxRecords    = 500
	maxText       = 8 << 10
)

// log is POST /api/preview/v1/log: {"logs": [record…]}.
func (p *Preview) log(w http.ResponseWriter, r *http.Request) {
	// Only the host page's own script can send JSON here: any other site would need a preflight, which is not answered.
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		http.Error(w, "send application/json", http.StatusUnsupportedMediaType)
		return
	}
	var batch struct {
		Logs []record `json:"logs"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBatchBytes)).Decode(&batch); err != nil {
		http.Error(w, fmt.Sprintf("body: %v", err), http.StatusBadRequest)
		return
	}
	if len(batch.Logs) > maxRecords {
		batch.Logs = batch.Logs[len(batch.Logs)-maxRecords:]
	}
	for _, rec := range batch.Logs {
		p.print(rec)
	}
	w.WriteHeader(http.StatusNoContent)
}

// print writes a record to the terminal and hands it to the pages.
func (p *Preview) print(rec record) {
	switch rec.Level {
	case "debug", "info", "warn", "error":
	default:
		rec.Level = "log"
	}
	if len(rec.Text) > maxText {
		rec.Text = rec.Text[:maxText] + "…"
	}
	text, where := p.sources().locate(rec.Text) // a program may log an error's stack itself
	stack, thrown := p.sources().locate(rec.Stack)
	if thrown != "" {
		where = thrown
	} else if where == "" {
		where = p.sources().find(rec.Code)
	}
	first, rest, more := strings.Cut(clean(text), "\n")
	line := fmt.Sprintf("%-5s %s", rec.Level, first)
	if where != "" {
		line += "  (" + clean(where) + ")"
	}
	if more {
		line += "\n" + rest
	}
	if rec.Level == "error" && !more {
		for s := range strings.Lines(stack) {
			if s = strings.TrimSpace(s); strings.HasPrefix(s, "at ") {
				line += "\n        " + clean(s)
			}
		}
	}
	p.say("%s", line)
	p.audience.tell(event{Type: "log", Level: rec.Level, Text: text, Where: where, Stack: stack})
}

// clean keeps a program from writing escape sequences to the developer's terminal.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || unicode.IsPrint(r) {
			return r
		}
		return -1
	}, s)
}
