package web_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"minimart/platform/testkit/browser"
	"minimart/web"
)

// server is what the host app talks to, with programs that are written down in the test: the host is tested against the
// messages of web/runtime/src/shared/protocol.ts, whatever runtime speaks them.
type server struct {
	*httptest.Server
	t        *testing.T
	mu       sync.Mutex
	programs []program
	logs     []string         // what programs logged, through the preview's door
	fetched  []string         // what came to the relay: "GET https://… body"
	events   []chan string    // open event streams
	listing  http.HandlerFunc // instead of the list of programs
	launched map[string]int   // how often each launch manifest was asked for
	accounts *accounts        // nil: a host without accounts, as in a preview
}

type program struct {
	id, name, summary string
	logic, view       string         // scripts
	sub               string         // logic of subpackage "sub", with page sub/pages/x
	config            map[string]any // app.json
	frame             string         // instead of the sandbox document
	develop           bool           // a development version, as a preview serves
	organisation      string
	capabilities      []string          // granted
	privacy           map[string]string // statements by kind
	ticket            string            // opens a trial of it; without it there is nothing to open
}

const framePolicy = "default-src 'none'; script-src 'unsafe-inline' blob:; worker-src blob:; style-src 'unsafe-inline'; img-src 'self' https: data:; connect-src 'none'"

func newServer(t *testing.T, programs ...program) *server {
	t.Helper()
	return serve(t, nil, programs)
}

func serve(t *testing.T, accounts *accounts, programs []program) *server {
	t.Helper()
	s := &server{t: t, programs: programs, launched: map[string]int{}, accounts: accounts}
	mux := http.NewServeMux()
	if accounts == nil {
		mux.Handle("/app/", web.HostHandler())
	} else {
		mux.Handle("/app/", web.HostHandler(web.WithHostKey(func(context.Context) string { return hostKey })))
		accounts.routes(mux, s)
	}
	mux.HandleFunc("GET /api/host/v1/programs", s.list)
	mux.HandleFunc("GET /api/host/v1/programs/{app}/launch", s.launch)
	mux.HandleFunc("POST /api/host/v1/programs/{app}/fetch", s.relay)
	mux.HandleFunc("GET /run/{app}/frame", s.frame)
	mux.HandleFunc("GET /p/{file}", s.file)
	mux.HandleFunc("POST /api/preview/v1/log", s.log)
	mux.HandleFunc("GET /api/preview/v1/events", s.stream)
	mux.HandleFunc("GET /echo", s.echo)
	s.Server = httptest.NewServer(s.door(mux))
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s
}

func (s *server) find(id string) (program, bool) {
	i := slices.IndexFunc(s.programs, func(p program) bool { return p.id == id })
	if i < 0 {
		return program{}, false
	}
	return s.programs[i], true
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v)
}

func (s *server) list(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	instead := s.listing
	s.mu.Unlock()
	if instead != nil {
		instead(w, r)
		return
	}
	list := []map[string]string{}
	for _, p := range s.programs {
		if strings.Contains(p.name+p.summary, r.URL.Query().Get("query")) {
			list = append(list, map[string]string{"id": p.id, "name": p.name, "summary": p.summary})
		}
	}
	answer(w, map[string]any{"programs": list})
}

func (s *server) launch(w http.ResponseWriter, r *http.Request) {
	p, ok := s.find(r.PathValue("app"))
	if !ok {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusNotFound)
		json.NewEncoder(w).Encode(map[string]any{"code": "not_found", "detail": "“" + r.PathValue("app") + "”不存在，或者还没有发布"})
		return
	}
	if s.accounts != nil && !s.accounts.mayLaunch(w, r, p) {
		return
	}
	s.mu.Lock()
	s.launched[p.id]++
	capabilities := slices.Clone(p.capabilities)
	s.mu.Unlock()
	config := map[string]any{"pages": []string{"pages/a"}, "entry": "pages/a", "subPackages": []any{}, "window": map[string]any{"navigationBarTitleText": p.name}}
	for k, v := range p.config {
		config[k] = v
	}
	versionType := "release"
	if p.develop {
		versionType = "develop"
	}
	if p.ticket != "" {
		versionType = "trial"
	}
	answer(w, map[string]any{
		"app": p.id, "version": "1.0.0", "versionType": versionType, "name": p.name, "icon": "", "summary": p.summary, "dialect": "jd", "entry": "pages/a", "config": config,
		"pages":    map[string]any{"pages/a": map[string]any{"package": "", "view": []string{p.id + ".view.js"}}, "pages/b": map[string]any{"package": "", "view": []string{p.id + ".view.js"}}, "sub/pages/x": map[string]any{"package": "sub", "view": []string{p.id + ".view.js"}}},
		"packages": map[string]any{"": map[string]any{"logic": p.id + ".logic.js"}, "sub": map[string]any{"logic": p.id + ".sub.js"}},
		"assets":   map[string]string{"assets/a.svg": "a.svg"}, "base": "/p/",
		"domains": map[string]any{"request": []string{"https://api.example.com", s.URL}}, "limits": map[string]int{"storage": 10000, "flush": 1 << 20},
		"organisation": p.organisation, "capabilities": capabilities, "privacy": p.privacy,
		"gates": map[string]string{"getPhoneNumber": "phone-number", "getPlusStatus": "plus-membership"},
		"frame": "/run/" + p.id + "/frame", "runtime": map[string]any{"worker": "/p/worker.js", "builtins": map[string]string{"form": "/p/form.js"}},
	})
}

func (s *server) frame(w http.ResponseWriter, r *http.Request) {
	p, _ := s.find(r.PathValue("app"))
	page, err := os.ReadFile("testdata/frame.html")
	if err != nil {
		s.t.Error(err)
	}
	if p.frame != "" {
		page = []byte(p.frame)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", framePolicy)
	w.Write(page)
}

func (s *server) file(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	switch name {
	case "worker.js":
		http.ServeFile(w, r, "testdata/worker.js")
		return
	case "form.js":
		fmt.Fprint(w, `document.body.dataset.form = "loaded"`)
		return
	case "a.svg":
		w.Header().Set("Content-Type", "image/svg+xml")
		fmt.Fprint(w, `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><rect width="400" height="300" fill="#b9c7d6"/><circle cx="200" cy="150" r="90" fill="#c8321f"/></svg>`)
		return
	}
	id, kind, _ := strings.Cut(strings.TrimSuffix(name, ".js"), ".")
	p, ok := s.find(id)
	if !ok {
		http.NotFound(w, r)
		return
	}
	code := map[string]string{"logic": p.logic, "view": p.view, "sub": p.sub}[kind]
	fmt.Fprint(w, strings.ReplaceAll(code, "$HOST", r.Host)) // a script that needs this server's address writes $HOST
}

func (s *server) relay(w http.ResponseWriter, r *http.Request) {
	meta, err := base64.RawURLEncoding.DecodeString(r.Header.Get("X-Minimart-Request"))
	var req struct {
		URL, Method string
		Header      map[string]string
	}
	if err == nil {
		err = json.Unmarshal(meta, &req)
	}
	if err != nil {
		s.t.Errorf("relay: %v", err)
	}
	var body strings.Builder
	buf := make([]byte, 4096)
	for {
		n, err := r.Body.Read(buf)
		body.Write(buf[:n])
		if err != nil {
			break
		}
	}
	s.mu.Lock()
	s.fetched = append(s.fetched, req.Method+" "+req.URL+" "+body.String())
	s.mu.Unlock()
	if strings.HasSuffix(req.URL, "/slow") {
		select {
		case <-r.Context().Done():
		case <-time.After(10 * time.Second):
		}
		return
	}
	text, _ := json.Marshal(map[string]any{"status": 201, "header": map[string]string{"Content-Type": "application/json", "X-Ä": "中文"}})
	w.Header().Set("X-Minimart-Response", base64.RawURLEncoding.EncodeToString(text))
	fmt.Fprintf(w, `{"got":%q,"type":%q}`, body.String(), req.Header["Content-Type"])
}

func (s *server) log(w http.ResponseWriter, r *http.Request) {
	var batch struct {
		Logs []struct{ Level, Text, Stack string }
	}
	if err := json.NewDecoder(r.Body).Decode(&batch); err != nil {
		s.t.Errorf("log: %v", err)
	}
	for _, l := range batch.Logs {
		s.mu.Lock()
		s.logs = append(s.logs, l.Level+": "+l.Text)
		s.mu.Unlock()
		s.tell(map[string]any{"type": "log", "level": l.Level, "text": l.Text, "stack": l.Stack, "where": "pages/a.js:3:7"})
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *server) stream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	c := make(chan string, 100)
	s.mu.Lock()
	s.events = append(s.events, c)
	s.mu.Unlock()
	out := http.NewResponseController(w)
	fmt.Fprint(w, ": hello\n\n")
	out.Flush()
	for {
		select {
		case <-r.Context().Done():
			return
		case ev := <-c:
			fmt.Fprintf(w, "data: %s\n\n", ev)
			out.Flush()
		}
	}
}

// echo answers each WebSocket message with itself, and "bye" by closing.
func (s *server) echo(w http.ResponseWriter, r *http.Request) {
	c, err := websocket.Accept(w, r, nil)
	if err != nil {
		s.t.Errorf("echo: %v", err)
		return
	}
	defer c.CloseNow()
	for {
		kind, text, err := c.Read(r.Context())
		if err != nil {
			s.mu.Lock()
			s.fetched = append(s.fetched, "socket closed")
			s.mu.Unlock()
			return
		}
		if string(text) == "bye" {
			c.Close(4001, "as you wish")
			return
		}
		if err := c.Write(r.Context(), kind, text); err != nil {
			return
		}
	}
}

// tell sends an event to every open preview.
func (s *server) tell(v any) {
	text, _ := json.Marshal(v)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.events {
		select {
		case c <- string(text):
		default:
		}
	}
}

// awaitLog waits until the program has logged a line that contains the words.
func (s *server) awaitLog(words string) {
	s.t.Helper()
	s.await("a log line with "+words, func() bool {
		return slices.ContainsFunc(s.logs, func(l string) bool { return strings.Contains(l, words) })
	})
}

func (s *server) await(what string, ok func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(30 * time.Millisecond) {
		s.mu.Lock()
		done, logs := ok(), slices.Clone(s.logs)
		s.mu.Unlock()
		if done {
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("never came: %s; logged so far: %q", what, logs)
		}
	}
}

// in selects inside the runner's shadow root, over inside its dialogs, home inside the home screen.
func in(selector string) string   { return "mm-host >>> mm-runner >>> " + selector }
func over(selector string) string { return "mm-host >>> mm-runner >>> mm-overlays >>> " + selector }
func home(selector string) string { return "mm-host >>> mm-home >>> " + selector }

// open starts a program in preview, which is how its log comes to the test.
func (s *server) open(app string, screen browser.Screen) *browser.Page {
	s.t.Helper()
	p := browser.Open(s.t, screen, s.URL+"/app/"+app+"?preview=1")
	s.t.Cleanup(func() {
		for _, e := range p.Errors() {
			if strings.Contains(e, "inline style") || strings.Contains(e, "/app/assets/") {
				s.t.Errorf("the host does what its own policy refuses, or throws: %s", e)
			}
		}
	})
	return p
}

// shots is where screenshots go, for looking at them: MINIMART_SHOTS=/tmp/shots go test ./web
func shots() string { return os.Getenv("MINIMART_SHOTS") }
