package shopserver

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// address is where an order would go.
type address struct {
	Name    string   `json:"name"`
	Phone   string   `json:"phone"`
	Region  []string `json:"region"` // province, city, district
	Detail  string   `json:"detail"`
	Label   string   `json:"label"`
	Default bool     `json:"default"`
	Note    string   `json:"note"`
}

// feedback is what a visitor says about the shop.
type feedback struct {
	Topics  []string `json:"topics"`
	Score   int      `json:"score"` // 0 to 10
	Content string   `json:"content"`
	Phone   string   `json:"phone"` // optional
}

var (
	phoneNumber    = regexp.MustCompile(`^1[3-9][0-9]{9}$`) // mainland mobile numbers
	addressLabels  = []string{"家", "公司", "学校"}
	feedbackTopics = []string{"商品", "包装", "物流", "客服", "小程序"}
)

// check tidies the address in place and answers with it and its id, or with every field that is wrong.
func (a *address) check() (any, []fieldError) {
	var w wrongs
	w.text("name", "收货人", &a.Name, 2, 20)
	a.Phone = strings.ReplaceAll(strings.TrimSpace(a.Phone), " ", "")
	if !phoneNumber.MatchString(a.Phone) {
		w.add("phone", "手机号须为 11 位大陆号码")
	}
	if len(a.Region) != 3 {
		w.add("region", "请选择省、市、区")
	} else {
		for i := range a.Region {
			a.Region[i] = strings.TrimSpace(a.Region[i])
			if n := utf8.RuneCountInString(a.Region[i]); n < 1 || n > 20 {
				w.add("region", "请选择省、市、区")
				break
			}
		}
	}
	w.text("detail", "详细地址", &a.Detail, 4, 120)
	if !slices.Contains(addressLabels, a.Label) {
		w.add("label", "标签只能是 %s", strings.Join(addressLabels, "、"))
	}
	w.text("note", "备注", &a.Note, 0, 100)
	if len(w) > 0 {
		return nil, w
	}
	return struct {
		ID string `json:"id"`
		*address
	}{receipt("adr", a), a}, nil
}

// check answers with a receipt, or with every field that is wrong.
func (f *feedback) check() (any, []fieldError) {
	var w wrongs
	if len(f.Topics) == 0 {
		w.add("topics", "请至少选择一个话题")
	}
	for i, t := range f.Topics {
		if !slices.Contains(feedbackTopics, t) {
			w.add("topics", "话题只能是 %s", strings.Join(feedbackTopics, "、"))
			break
		}
		if slices.Contains(f.Topics[:i], t) {
			w.add("topics", "话题 %s 选了两次", t)
			break
		}
	}
	if f.Score < 0 || f.Score > 10 {
		w.add("score", "评分须在 0 到 10 之间")
	}
	w.text("content", "反馈内容", &f.Content, 5, 500)
	f.Phone = strings.TrimSpace(f.Phone)
	if f.Phone != "" && !phoneNumber.MatchString(f.Phone) {
		w.add("phone", "手机号须为 11 位大陆号码，或留空")
	}
	if len(w) > 0 {
		return nil, w
	}
	return map[string]string{"id": receipt("fbk", f)}, nil
}

// wrongs gathers every wrong field, so that a form is corrected in one go.
type wrongs []fieldError

func (w *wrongs) add(field, format string, args ...any) {
	*w = append(*w, fieldError{field, fmt.Sprintf(format, args...)})
}

// text trims a field and checks its length in characters.
func (w *wrongs) text(field, name string, v *string, least, most int) {
	*v = strings.TrimSpace(*v)
	n := utf8.RuneCountInString(*v)
	switch {
	case n < least && n == 0:
		w.add(field, "请填写%s", name)
	case n < least:
		w.add(field, "%s至少 %d 个字", name, least)
	case n > most:
		w.add(field, "%s最多 %d 个字，现在有 %d 个", name, most, n)
	case strings.ContainsFunc(*v, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }):
		w.add(field, "%s含有不可见的控制字符", name)
	}
}

// receipt derives an id from the form itself: nothing is stored, and sending a form twice makes no second one.
func receipt(kind string, form any) string {
	body, err := json.Marshal(form)
	if err != nil {
		panic(err) // forms are plain structs
	}
	sum := sha256.Sum256(body)
	return kind + "_" + hex.EncodeToString(sum[:8])
}
