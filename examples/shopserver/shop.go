package shopserver

import (
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

//go:embed shop.json
var shopJSON []byte

// shop is everything the server knows. It is read once and never changes.
type shop struct {
	Banners    []banner          `json:"banners"`
	Notice     string            `json:"notice"`
	Finishes   map[string]string `json:"finishes"` // name of a finish by its id
	Categories []category        `json:"categories"`
	Products   []product         `json:"products"` // in the order the shop likes to show them
}

type banner struct {
	Image   string `json:"image"` // a path inside the mini program's package
	Title   string `json:"title"`
	Line    string `json:"line"`
	Product string `json:"product"`
}

type category struct {
	ID     string  `json:"id"`
	Name   string  `json:"name"`
	Line   string  `json:"line"`
	Groups []group `json:"groups"`
}

type group struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type product struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Tagline  string   `json:"tagline"`
	Category string   `json:"category"`
	Group    string   `json:"group"`
	Badge    string   `json:"badge"`
	PriceFen int64    `json:"priceFen"`
	WasFen   int64    `json:"wasFen"` // price before a reduction, 0 when there is none
	Finishes []string `json:"finishes"`
	Spec     spec     `json:"spec"`
	Facts    []fact   `json:"facts"`
	Story    []string `json:"story"`
}

type spec struct {
	Name    string   `json:"name"`
	Options []option `json:"options"`
}

type option struct {
	Name   string `json:"name"`
	AddFen int64  `json:"addFen"` // on top of the product's price
	Stock  int    `json:"stock"`
}

type fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func readShop(data []byte) (*shop, error) {
	s := new(shop)
	if err := json.Unmarshal(data, s); err != nil {
		return nil, fmt.Errorf("shop.json: %w", err)
	}
	return s, nil
}

// image is where the mini program's package keeps the picture of a product in one finish.
func (p *product) image(finish string) string {
	return "/assets/p/" + p.Group + "-" + finish + ".svg"
}

func (p *product) stock() (n int) {
	for _, o := range p.Spec.Options {
		n += o.Stock
	}
	return n
}

func (s *shop) product(id string) *product {
	i := slices.IndexFunc(s.Products, func(p product) bool { return p.ID == id })
	if i < 0 {
		return nil
	}
	return &s.Products[i]
}

func (s *shop) category(id string) *category {
	i := slices.IndexFunc(s.Categories, func(c category) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return &s.Categories[i]
}

// A search asks for one page of products. Empty fields do not narrow it.
type search struct {
	Category, Group, Text string
	Sort                  string // "", "price-up" or "price-down"
	Limit                 int
	Cursor                string
}

type page struct {
	Items []*product
	Next  string // cursor of the page after this one, empty on the last
	Total int    // of all pages
}

// find answers a search. The order is total, so that pages laid end to end hold every product once.
func (s *shop) find(q search) (page, *problem) {
	var found []*product
	text := strings.ToLower(strings.TrimSpace(q.Text))
	for i := range s.Products {
		p := &s.Products[i]
		if q.Category != "" && p.Category != q.Category || q.Group != "" && p.Group != q.Group {
			continue
		}
		if text != "" && !strings.Contains(s.words(p), text) {
			continue
		}
		found = append(found, p)
	}
	switch q.Sort {
	case "":
	case "price-up":
		slices.SortStableFunc(found, func(a, b *product) int { return int(a.PriceFen - b.PriceFen) })
	case "price-down":
		slices.SortStableFunc(found, func(a, b *product) int { return int(b.PriceFen - a.PriceFen) })
	default:
		return page{}, invalid("sort", "排序只能是 price-up 或 price-down，收到 %q", q.Sort)
	}

	start := 0
	if q.Cursor != "" {
		last, ok := readCursor(q.Cursor)
		if !ok {
			return page{}, invalid("cursor", "游标无法识别，请从第一页重新取")
		}
		at := slices.IndexFunc(found, func(p *product) bool { return p.ID == last })
		if at < 0 {
			return page{}, invalid("cursor", "游标不属于这个查询，请从第一页重新取")
		}
		start = at + 1
	}
	end := min(start+q.Limit, len(found))
	out := page{Items: found[start:end], Total: len(found)}
	if end < len(found) {
		out.Next = writeCursor(found[end-1].ID)
	}
	return out, nil
}

// words is what a search looks through, in lower case.
func (s *shop) words(p *product) string {
	parts := []string{p.Name, p.Tagline}
	if c := s.category(p.Category); c != nil {
		parts = append(parts, c.Name)
		for _, g := range c.Groups {
			if g.ID == p.Group {
				parts = append(parts, g.Name)
			}
		}
	}
	for _, f := range p.Finishes {
		parts = append(parts, s.Finishes[f])
	}
	return strings.ToLower(strings.Join(parts, "\n"))
}

// A cursor names the last product of the page before. The prefix leaves room to change that later.
const cursorPrefix = "after:"

func writeCursor(id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(cursorPrefix + id))
}

func readCursor(s string) (id string, ok bool) {
	if len(s) > 128 {
		return "", false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil {
		return "", false
	}
	id, ok = strings.CutPrefix(string(raw), cursorPrefix)
	return id, ok && writeCursor(id) == s // the decoder skips line breaks; a cursor has one spelling
}
