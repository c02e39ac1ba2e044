package shopserver

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func call(t testing.TB, method, target, body string) (int, map[string]any) {
	t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if method == "POST" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	New().ServeHTTP(w, r)
	var got map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatalf("%s %s: the answer is not a JSON object: %v\n%s", method, target, err, w.Body)
	}
	wantType := "application/json; charset=utf-8"
	if w.Code >= 400 {
		wantType = "application/problem+json; charset=utf-8"
	}
	if got := w.Header().Get("Content-Type"); got != wantType {
		t.Errorf("%s %s: Content-Type %q, want %q", method, target, got, wantType)
	}
	return w.Code, got
}

func ids(t testing.TB, got map[string]any) (out []string) {
	t.Helper()
	for _, it := range got["items"].([]any) {
		out = append(out, it.(map[string]any)["id"].(string))
	}
	return out
}

func TestTheShopsDataHoldsTogether(t *testing.T) {
	s, err := readShop(shopJSON)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, p := range s.Products {
		if seen[p.ID] {
			t.Errorf("two products are called %s", p.ID)
		}
		seen[p.ID] = true
		c := s.category(p.Category)
		if c == nil || !slices.ContainsFunc(c.Groups, func(g group) bool { return g.ID == p.Group }) {
			t.Errorf("%s stands in %s/%s, which is not a category and its group", p.ID, p.Category, p.Group)
		}
		if p.PriceFen <= 0 || p.WasFen != 0 && p.WasFen <= p.PriceFen {
			t.Errorf("%s costs %d fen and was %d", p.ID, p.PriceFen, p.WasFen)
		}
		if len(p.Spec.Options) == 0 || p.Spec.Options[0].AddFen != 0 {
			t.Errorf("%s: the listed price must be that of its first option", p.ID)
		}
		if len(p.Finishes) == 0 || len(p.Facts) == 0 || len(p.Story) == 0 {
			t.Errorf("%s misses finishes, facts or a story", p.ID)
		}
		for _, f := range p.Finishes {
			if s.Finishes[f] == "" {
				t.Errorf("%s comes in %q, which has no name", p.ID, f)
			}
			inPackage(t, p.image(f))
		}
	}
	for _, b := range s.Banners {
		if s.product(b.Product) == nil {
			t.Errorf("banner %q leads to %q, which is not sold", b.Title, b.Product)
		}
		inPackage(t, b.Image)
	}
	for _, c := range s.Categories {
		inPackage(t, "/assets/channel/"+c.ID+".svg")
	}
}

// inPackage checks that the mini program carries the picture that the server speaks of.
func inPackage(t *testing.T, path string) {
	t.Helper()
	if _, err := os.Stat(filepath.Join("..", "taro-shop", "src", filepath.FromSlash(path))); err != nil {
		t.Error(err)
	}
}

func TestPagesLaidEndToEndHoldEveryProductOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := url.Values{}
		set := func(name string, values ...string) {
			if v := rapid.SampledFrom(append(values, "")).Draw(t, name); v != "" {
				q.Set(name, v)
			}
		}
		set("category", "tea", "home", "nowhere")
		set("q", "壶", "奶白", "usb", "杯")
		set("sort", "price-up", "price-down")
		s, _ := readShop(shopJSON)
		all, wrong := s.find(search{Category: q.Get("category"), Text: q.Get("q"), Sort: q.Get("sort"), Limit: 1000})
		if wrong != nil {
			t.Fatal(wrong.Detail)
		}
		limit := rapid.IntRange(1, mostLimit).Draw(t, "limit")
		var got []string
		cursor := ""
		for {
			p, wrong := s.find(search{Category: q.Get("category"), Text: q.Get("q"), Sort: q.Get("sort"), Limit: limit, Cursor: cursor})
			if wrong != nil {
				t.Fatal(wrong.Detail)
			}
			if p.Total != len(all.Items) {
				t.Fatalf("total %d, want %d", p.Total, len(all.Items))
			}
			for _, it := range p.Items {
				got = append(got, it.ID)
			}
			if p.Next == "" {
				break
			}
			cursor = p.Next
		}
		var want []string
		for _, it := range all.Items {
			want = append(want, it.ID)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("pages of %d give %v, want %v", limit, got, want)
		}
	})
}

func TestAListIsNarrowedAndSortedAsAsked(t *testing.T) {
	for _, c := range []struct {
		name, query string
		first       string
		total       float64
	}{
		{"everything, in the shop's own order", "", "mug-morning", 24},
		{"one category", "?category=tea", "teapot-clay", 4},
		{"one group", "?group=pen", "pen-study", 2},
		{"words of a name", "?q=" + url.QueryEscape("笔记本"), "notebook-linen", 2},
		{"a colour", "?q=" + url.QueryEscape("雾蓝") + "&category=digital", "headphones-lite", 2},
		{"letters in any case, spaces around", "?q=" + url.QueryEscape("  阳台 "), "mug-camp", 1},
		{"cheapest first", "?sort=price-up", "notebook-linen", 24},
		{"dearest first", "?sort=price-down", "headphones-quiet", 24},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, got := call(t, "GET", "/api/products"+c.query, "")
			if status != 200 || got["total"] != c.total || ids(t, got)[0] != c.first {
				t.Errorf("%d, total %v, first %s; want 200, %v, %s", status, got["total"], ids(t, got)[0], c.total, c.first)
			}
		})
	}
}

func TestASearchThatFindsNothingIsAnEmptyListAndNoNull(t *testing.T) {
	w := httptest.NewRecorder()
	New().ServeHTTP(w, httptest.NewRequest("GET", "/api/products?q=zzz", nil))
	if got, want := w.Body.String(), `{"items":[],"next":"","total":0}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestEveryListedProductCanBeOpened(t *testing.T) {
	_, list := call(t, "GET", "/api/products?limit=50", "")
	for _, it := range list["items"].([]any) {
		c := it.(map[string]any)
		status, got := call(t, "GET", "/api/products/"+c["id"].(string), "")
		if status != 200 || got["name"] != c["name"] || got["priceFen"] != c["priceFen"] {
			t.Errorf("%s: %d %v", c["id"], status, got)
		}
		if n := len(got["palette"].([]any)); float64(n) != c["colours"] {
			t.Errorf("%s: %d colours in its palette, %v in the list", c["id"], n, c["colours"])
		}
	}
}

func TestHomeAndCategoriesLeadToProducts(t *testing.T) {
	_, home := call(t, "GET", "/api/home", "")
	for _, b := range home["banners"].([]any) {
		if status, _ := call(t, "GET", "/api/products/"+b.(map[string]any)["product"].(string), ""); status != 200 {
			t.Errorf("banner %v leads nowhere", b)
		}
	}
	_, got := call(t, "GET", "/api/categories", "")
	n := 0
	for _, c := range got["categories"].([]any) {
		for _, g := range c.(map[string]any)["groups"].([]any) {
			n += len(g.(map[string]any)["products"].([]any))
		}
	}
	if n != 24 {
		t.Errorf("the categories hold %d products, want 24", n)
	}
}

func TestAQuestionThatMakesNoSenseIsAnsweredWithWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		target string
		status int
		field  string
		detail string
	}{
		{"/api/products?limit=0", 400, "limit", "1 到 50"},
		{"/api/products?limit=51", 400, "limit", "51"},
		{"/api/products?limit=many", 400, "limit", "many"},
		{"/api/products?sort=best", 400, "sort", "best"},
		{"/api/products?cursor=%21", 400, "cursor", "第一页"},
		{"/api/products?cursor=" + strings.Repeat("A", 4096), 400, "cursor", "第一页"},
		{"/api/products?category=tea&cursor=" + writeCursor("pen-study"), 400, "cursor", "不属于这个查询"},
		{"/api/products?q=" + strings.Repeat("a", 41), 400, "q", "41"},
		{"/api/products/nothing", 404, "", "nothing"},
		{"/api/elsewhere", 404, "", "/api/elsewhere"},
	} {
		status, got := call(t, "GET", c.target, "")
		if status != c.status || !strings.Contains(got["detail"].(string), c.detail) {
			t.Errorf("%.60s: %d %v, want %d with %q", c.target, status, got["detail"], c.status, c.detail)
		}
		if c.field != "" && !slices.Equal(wrongFields(got), []string{c.field}) {
			t.Errorf("%.60s blames %v, want %s", c.target, wrongFields(got), c.field)
		}
	}
}

func wrongFields(got map[string]any) (out []string) {
	list, _ := got["fields"].([]any)
	for _, f := range list {
		out = append(out, f.(map[string]any)["field"].(string))
	}
	return out
}

const goodAddress = `{"name":" 林晚 ","phone":"138 0013 8000","region":["浙江省","杭州市","西湖区"],"detail":"龙井路 1 号","label":"家","default":true,"note":""}`

func TestAnAddressIsTidiedAndGetsAnIDThatStaysTheSame(t *testing.T) {
	status, got := call(t, "POST", "/api/addresses", goodAddress)
	if status != 201 || got["name"] != "林晚" || got["phone"] != "13800138000" || got["default"] != true {
		t.Fatalf("%d %v", status, got)
	}
	_, again := call(t, "POST", "/api/addresses", goodAddress)
	if got["id"] != again["id"] || !strings.HasPrefix(got["id"].(string), "adr_") {
		t.Errorf("ids %v and %v, want the same adr_…", got["id"], again["id"])
	}
	_, other := call(t, "POST", "/api/addresses", strings.Replace(goodAddress, "1 号", "2 号", 1))
	if other["id"] == got["id"] {
		t.Errorf("two addresses share the id %v", got["id"])
	}
}

func TestAFormComesBackWithEveryWrongFieldAtOnce(t *testing.T) {
	for _, c := range []struct {
		name, path, body string
		fields           []string
	}{
		{"an empty address", "/api/addresses", `{}`, []string{"name", "phone", "region", "detail", "label"}},
		{"half a region", "/api/addresses", strings.Replace(goodAddress, `,"西湖区"`, "", 1), []string{"region"}},
		{"a blank in the region", "/api/addresses", strings.Replace(goodAddress, "西湖区", "  ", 1), []string{"region"}},
		{"a landline", "/api/addresses", strings.Replace(goodAddress, "138 0013 8000", "0571-8888", 1), []string{"phone"}},
		{"a name of one character", "/api/addresses", strings.Replace(goodAddress, "林晚", "林", 1), []string{"name"}},
		{"a name with a control character", "/api/addresses", strings.Replace(goodAddress, "林晚", `林\u0007晚`, 1), []string{"name"}},
		{"a detail without end", "/api/addresses", strings.Replace(goodAddress, "1 号", strings.Repeat("长", 121), 1), []string{"detail"}},
		{"an unknown label", "/api/addresses", strings.Replace(goodAddress, `"家"`, `"仓库"`, 1), []string{"label"}},
		{"an empty feedback", "/api/feedback", `{"score":11}`, []string{"topics", "score", "content"}},
		{"a topic twice", "/api/feedback", `{"topics":["商品","商品"],"score":8,"content":"杯子很好用"}`, []string{"topics"}},
		{"an unknown topic", "/api/feedback", `{"topics":["天气"],"score":8,"content":"杯子很好用"}`, []string{"topics"}},
		{"a wrong number", "/api/feedback", `{"topics":["商品"],"score":8,"content":"杯子很好用","phone":"12"}`, []string{"phone"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, got := call(t, "POST", c.path, c.body)
			if status != 422 || !slices.Equal(wrongFields(got), c.fields) {
				t.Errorf("%d %v, want 422 %v", status, wrongFields(got), c.fields)
			}
		})
	}
}

func TestFeedbackGetsAReceipt(t *testing.T) {
	status, got := call(t, "POST", "/api/feedback", `{"topics":["商品","小程序"],"score":9,"content":"杯子很好用，页面也顺"}`)
	if id, _ := got["id"].(string); status != 201 || !strings.HasPrefix(id, "fbk_") {
		t.Errorf("%d %v", status, got)
	}
}

func TestABodyThatCannotBeReadIsRefused(t *testing.T) {
	for _, c := range []struct {
		name, body string
		status     int
		detail     string
	}{
		{"nothing", ``, 400, "JSON"},
		{"half an object", `{"name":`, 400, "JSON"},
		{"two objects", goodAddress + `{}`, 400, "多余"},
		{"a list", `[]`, 400, "JSON"},
		{"a number for a name", `{"name":5}`, 400, "name"},
		{"too much", `{"note":"` + strings.Repeat("a", bodyLimit) + `"}`, 413, fmt.Sprint(bodyLimit)},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, got := call(t, "POST", "/api/addresses", c.body)
			if status != c.status || !strings.Contains(got["detail"].(string), c.detail) {
				t.Errorf("%d %v, want %d with %q", status, got["detail"], c.status, c.detail)
			}
		})
	}
	r := httptest.NewRequest("POST", "/api/addresses", strings.NewReader(goodAddress))
	w := httptest.NewRecorder()
	New().ServeHTTP(w, r)
	if w.Code != http.StatusUnsupportedMediaType {
		t.Errorf("without a content type: %d, want 415", w.Code)
	}
}

func FuzzReadCursor(f *testing.F) {
	f.Add(writeCursor("pen-study"))
	f.Add("")
	f.Add("YWZ0ZXI6")
	f.Add("!!!")
	f.Add("YWZ0ZXI6000\n0")
	f.Fuzz(func(t *testing.T, s string) {
		if id, ok := readCursor(s); ok && writeCursor(id) != s {
			t.Errorf("%q reads as %q, which is written %q", s, id, writeCursor(id))
		}
	})
}

func FuzzForms(f *testing.F) {
	f.Add("/api/addresses", goodAddress)
	f.Add("/api/feedback", `{"topics":["商品"],"score":8,"content":"杯子很好用"}`)
	f.Add("/api/addresses", `{"region":[null,1,{}]}`)
	f.Add("/api/feedback", "\xff\xfe")
	f.Fuzz(func(t *testing.T, path, body string) {
		if path != "/api/addresses" && path != "/api/feedback" {
			t.Skip()
		}
		status, got := call(t, "POST", path, body)
		switch status {
		case 201:
			if id, _ := got["id"].(string); len(id) != 20 {
				t.Errorf("accepted without an id: %v", got)
			}
		case 400, 413, 422:
			if d, _ := got["detail"].(string); d == "" {
				t.Errorf("refused without a word: %v", got)
			}
		default:
			t.Errorf("status %d", status)
		}
	})
}
