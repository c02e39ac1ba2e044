package shopserver

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
)

const (
	bodyLimit    = 16 << 10
	defaultLimit = 8
	mostLimit    = 50
	longestText  = 40 // runes of a search
)

// New serves the shop's API. It panics when the embedded data is broken, which the package's tests rule out.
func New() http.Handler {
	s, err := readShop(shopJSON)
	if err != nil {
		panic("shopserver: " + err.Error())
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/home", s.serveHome)
	mux.HandleFunc("GET /api/categories", s.serveCategories)
	mux.HandleFunc("GET /api/products", s.serveProducts)
	mux.HandleFunc("GET /api/products/{id}", s.serveProduct)
	mux.HandleFunc("POST /api/addresses", serveForm((*address).check))
	mux.HandleFunc("POST /api/feedback", serveForm((*feedback).check))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		answerProblem(w, &problem{Status: http.StatusNotFound, Code: "not-found", Detail: "没有这个接口：" + r.Method + " " + r.URL.Path})
	})
	return mux
}

// problem is a failure as RFC 9457 writes it, with a code and the wrong fields added.
type problem struct {
	Status int          `json:"status"`
	Code   string       `json:"code"`
	Detail string       `json:"detail"`
	Fields []fieldError `json:"fields,omitempty"`
}

type fieldError struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

func invalid(field, format string, args ...any) *problem {
	msg := fmt.Sprintf(format, args...)
	return &problem{Status: http.StatusBadRequest, Code: "invalid", Detail: msg, Fields: []fieldError{{field, msg}}}
}

// card is a product as a list shows it.
type card struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Tagline  string `json:"tagline"`
	Badge    string `json:"badge,omitempty"`
	PriceFen int64  `json:"priceFen"`
	WasFen   int64  `json:"wasFen,omitempty"`
	Image    string `json:"image"`
	Colours  int    `json:"colours"`
}

func cardOf(p *product) card {
	return card{p.ID, p.Name, p.Tagline, p.Badge, p.PriceFen, p.WasFen, p.image(p.Finishes[0]), len(p.Finishes)}
}

func (s *shop) serveHome(w http.ResponseWriter, r *http.Request) {
	type channel struct {
		ID    string `json:"id"`
		Name  string `json:"name"`
		Image string `json:"image"`
	}
	channels := make([]channel, len(s.Categories))
	for i, c := range s.Categories {
		channels[i] = channel{c.ID, c.Name, "/assets/channel/" + c.ID + ".svg"}
	}
	answer(w, http.StatusOK, map[string]any{"banners": s.Banners, "channels": channels, "notice": s.Notice})
}

func (s *shop) serveCategories(w http.ResponseWriter, r *http.Request) {
	type shelf struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		Products []card `json:"products"`
	}
	type section struct {
		ID     string  `json:"id"`
		Name   string  `json:"name"`
		Line   string  `json:"line"`
		Groups []shelf `json:"groups"`
	}
	sections := make([]section, 0, len(s.Categories))
	for _, c := range s.Categories {
		sec := section{ID: c.ID, Name: c.Name, Line: c.Line}
		for _, g := range c.Groups {
			sh := shelf{ID: g.ID, Name: g.Name}
			for i := range s.Products {
				if s.Products[i].Group == g.ID {
					sh.Products = append(sh.Products, cardOf(&s.Products[i]))
				}
			}
			sec.Groups = append(sec.Groups, sh)
		}
		sections = append(sections, sec)
	}
	answer(w, http.StatusOK, map[string]any{"categories": sections})
}

func (s *shop) serveProducts(w http.ResponseWriter, r *http.Request) {
	v := r.URL.Query()
	q := search{Category: v.Get("category"), Group: v.Get("group"), Text: v.Get("q"), Sort: v.Get("sort"), Cursor: v.Get("cursor"), Limit: defaultLimit}
	if l := v.Get("limit"); l != "" {
		n, err := strconv.Atoi(l)
		if err != nil || n < 1 || n > mostLimit {
			answerProblem(w, invalid("limit", "limit 须在 1 到 %d 之间，收到 %q", mostLimit, l))
			return
		}
		q.Limit = n
	}
	if n := len([]rune(q.Text)); n > longestText {
		answerProblem(w, invalid("q", "搜索词最多 %d 个字，收到 %d 个", longestText, n))
		return
	}
	found, wrong := s.find(q)
	if wrong != nil {
		answerProblem(w, wrong)
		return
	}
	cards := make([]card, len(found.Items))
	for i, p := range found.Items {
		cards[i] = cardOf(p)
	}
	answer(w, http.StatusOK, map[string]any{"items": cards, "next": found.Next, "total": found.Total})
}

func (s *shop) serveProduct(w http.ResponseWriter, r *http.Request) {
	p := s.product(r.PathValue("id"))
	if p == nil {
		answerProblem(w, &problem{Status: http.StatusNotFound, Code: "not-found", Detail: fmt.Sprintf("没有编号为 %q 的商品，可能已经下架", r.PathValue("id"))})
		return
	}
	type colour struct {
		ID    string `json:"id"`
		Name  string `json:"name"`
		Image string `json:"image"`
	}
	colours := make([]colour, len(p.Finishes))
	for i, f := range p.Finishes {
		colours[i] = colour{f, s.Finishes[f], p.image(f)}
	}
	answer(w, http.StatusOK, struct {
		card
		Category string   `json:"category"`
		Palette  []colour `json:"palette"`
		Spec     spec     `json:"spec"`
		Facts    []fact   `json:"facts"`
		Story    []string `json:"story"`
		Stock    int      `json:"stock"`
	}{cardOf(p), p.Category, colours, p.Spec, p.Facts, p.Story, p.stock()})
}

// serveForm reads one JSON object into a T and answers with what check makes of it.
func serveForm[T any](check func(*T) (any, []fieldError)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
			answerProblem(w, &problem{Status: http.StatusUnsupportedMediaType, Code: "unsupported", Detail: "请用 Content-Type: application/json 提交"})
			return
		}
		form := new(T)
		if wrong := readForm(http.MaxBytesReader(w, r.Body, bodyLimit), form); wrong != nil {
			answerProblem(w, wrong)
			return
		}
		receipt, wrong := check(form)
		if len(wrong) > 0 {
			answerProblem(w, &problem{Status: http.StatusUnprocessableEntity, Code: "invalid", Detail: wrong[0].Message, Fields: wrong})
			return
		}
		answer(w, http.StatusCreated, receipt)
	}
}

func readForm(body io.Reader, into any) *problem {
	dec := json.NewDecoder(body)
	err := dec.Decode(into)
	if err == nil && dec.More() {
		err = errors.New("内容后面还有多余的数据")
	}
	var (
		tooBig  *http.MaxBytesError
		badType *json.UnmarshalTypeError
	)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &tooBig):
		return &problem{Status: http.StatusRequestEntityTooLarge, Code: "too-large", Detail: fmt.Sprintf("提交内容最多 %d 字节", bodyLimit)}
	case errors.As(err, &badType) && badType.Field != "":
		return invalid(badType.Field, "%s 的类型不对：应为 %s，收到 %s", badType.Field, badType.Type, badType.Value)
	default:
		return &problem{Status: http.StatusBadRequest, Code: "malformed", Detail: "提交内容不是一个完整的 JSON 对象：" + err.Error()}
	}
}

func answer(w http.ResponseWriter, status int, v any) {
	answerAs(w, "application/json; charset=utf-8", status, v)
}

func answerProblem(w http.ResponseWriter, p *problem) {
	answerAs(w, "application/problem+json; charset=utf-8", p.Status, p)
}

func answerAs(w http.ResponseWriter, kind string, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil { // only our own plain structs come here
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(body)
}
