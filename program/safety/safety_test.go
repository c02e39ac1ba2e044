package safety_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"minimart/program/safety"
)

// found names the rules that hit, with what was written.
func found(text string) []string {
	out := []string{}
	for _, h := range safety.Default().Check(text).Hits {
		out = append(out, h.Rule+":"+h.Written)
	}
	return out
}

func TestAWordIsFoundHoweverItIsDisguised(t *testing.T) {
	for _, c := range []struct{ name, text, rule string }{
		{"plain", "欢迎来到赌场", "gambling"},
		{"traditional characters", "歡迎來到賭場", "gambling"},
		{"full width", "Ｃａｓｉｎｏ", "gambling"},
		{"upper case", "CASINO", "gambling"},
		{"digits for letters", "best c4s1n0 here", "gambling"},
		{"a sign for a letter", "the c@sino", "gambling"},
		{"letters of Cyrillic", "саsіnо", "gambling"},
		{"letters of mathematics", "𝐜𝐚𝐬𝐢𝐧𝐨", "gambling"},
		{"accents", "cásìnö", "gambling"},
		{"letters apart", "c a s i n o", "gambling"},
		{"letters starred", "c*sin*o c.a.s.i.n.o", "gambling"},
		{"nothing visible between", "赌\u200b\u200d\u2060博", "gambling"},
		{"a soft hyphen between Latin letters", "cas\u00adino", "gambling"},
		{"blanks between", "赌 博", "gambling"},
		{"dots between", "赌·博", "gambling"},
		{"stacked marks", "赌\u0308\u0338博\u0308", "gambling"},
		{"a homophone", "网上睹搏", "gambling"},
		{"a picture between", "加❤️微❤️信", "contact-wechat"},
		{"commas between all", "加，微，信", "contact-wechat"},
		{"written downwards", "加\n微\n信\n", "contact-wechat"},
		{"a homophone for a product", "加薇信领券", "contact-wechat"},
		{"one letter for it", "加V：abc123", "contact-wechat"},
		{"plus for it", "＋v 领优惠", "contact-wechat"},
		{"mixed scripts", "加 V X", "contact-wechat"},
		{"pinyin", "jiaweixin 888", "contact-wechat"},
		{"circled digits", "销量第①", "ad-rank"},
		{"an elaborate numeral", "销量第壹", "ad-rank"},
		{"full-width per cent", "１００％有效", "ad-promise"},
		{"a replaced superlative", "蕞佳选择", "ad-absolute"},
		{"a claim to heal", "三天根治，永不复发", "medical-cure"},
		{"a phrase of several words", "Add  me on\tWeChat", "contact-wechat"},
		{"compatibility characters", "毒⼤⿇", "drugs"}, // Kangxi radicals
	} {
		t.Run(c.name, func(t *testing.T) {
			hits := safety.Default().Check(c.text).Hits
			if !slices.ContainsFunc(hits, func(h safety.Hit) bool { return h.Rule == c.rule }) {
				t.Errorf("%q: found %v, normalised %q", c.text, found(c.text), safety.Normalise(c.text))
			}
		})
	}
}

func TestWhatOnlyLooksLikeAWordIsLeftAlone(t *testing.T) {
	for _, text := range []string{
		"第一步：选择商品", "这是第一次购买", "第10页", "第i个商品", "第一人民医院", "no.15", "the top10",
		"增加威信", "参加微信小程序大会", "加微波炉配件", "加vip会员", "加Q弹的珍珠",
		"他很赌。博物馆在左边", "我们是国家，级别不高", "目睹博物馆的变迁",
		"Scunthorpe", "isAdultContent", "casinoRoyaleClassName", "as in our other shops", "4片装", "5号电池",
		"请阅读以下注意事项", "点击下注册账号", "请投注意力", "谨防刷单诈骗", "远离毒品", "大麻哈鱼", "消毒品", "手枪钻", "水弹",
		"用户唯一标识", "最好在保质期内食用", "顶级域名", "治愈系插画", "满100 有效期七天",
		"const MAX = 100; // C++ vector", "1+1=2", "price: $5", "https://shop.example/casinos-not", "鼠标移入", "拼搏", "疯抢中", "徽章", "威风",
		"", " ", "\xff\xfe", "🎉🎉🎉",
	} {
		if hits := found(text); len(hits) > 0 {
			t.Errorf("%q: %v", text, hits)
		}
	}
}

func TestAnExceptionIsNoWayAround(t *testing.T) {
	// The phrase counts where it is written as it is, not where another spelling makes it.
	if hits := found("目赌博"); len(hits) != 1 {
		t.Errorf("%v", hits)
	}
	// And only for the word it explains.
	if hits := found("第一步，本店销量第一"); !slices.Equal(hits, []string{"ad-rank:第一"}) {
		t.Errorf("%v", hits)
	}
}

func TestAHitSaysWhereItIsInTheTextAsWritten(t *testing.T) {
	text := "第一行没有问题\r\n  欢迎加\u200b薇 信，\n<b>100％有效</b>\n"
	report := safety.Default().Check(text)
	if report.Rules != "2026.1" || report.Cut || report.More != 0 || len(report.Hits) != 2 {
		t.Fatalf("%+v", report)
	}
	wechat, promise := report.Hits[0], report.Hits[1]
	if wechat.Written != "加\u200b薇 信" || wechat.Line != 2 || wechat.EndLine != 2 || text[wechat.Start:wechat.End] != wechat.Written || wechat.Word != "加微信" {
		t.Errorf("%+v", wechat)
	}
	if promise.Written != "100％有效" || promise.Line != 3 || promise.Severity != safety.Low || promise.Category != safety.Advertising {
		t.Errorf("%+v", promise)
	}
	rule, ok := safety.Default().Rule(promise.Rule)
	if !ok || rule.Zh == "" || rule.En == "" {
		t.Errorf("%+v", rule)
	}
	if _, ok := safety.Default().Rule("nothing"); ok {
		t.Error("a rule that is not there was found")
	}
}

func TestOneRuleTellsTheLongestWordOnce(t *testing.T) {
	if hits := found("信用卡套现"); !slices.Equal(hits, []string{"fraud-finance:信用卡套现"}) {
		t.Errorf("%v", hits)
	}
}

func TestALongTextIsCutAndManyHitsAreCounted(t *testing.T) {
	report := safety.Default().Check(strings.Repeat("赌博。", safety.MaxHits+20))
	if len(report.Hits) != safety.MaxHits || report.More != 20 {
		t.Errorf("%d hits and %d more", len(report.Hits), report.More)
	}
	long := strings.Repeat("国", safety.MaxText/3+1) + "赌博"
	if report := safety.Default().Check(long); !report.Cut || len(report.Hits) != 0 {
		t.Errorf("cut %v, %d hits", report.Cut, len(report.Hits))
	}
}

func TestEveryWordOfTheRulesIsFoundByItself(t *testing.T) {
	for _, rule := range safety.DefaultRules().Rules {
		for _, w := range rule.Words {
			excepted := slices.ContainsFunc(rule.Except, func(e string) bool { return strings.Contains(w, e) })
			hits := safety.Default().Check(w).Hits
			if !excepted && !slices.ContainsFunc(hits, func(h safety.Hit) bool { return h.Rule == rule.ID }) {
				t.Errorf("%s: %s is not found: %+v", rule.ID, w, hits)
			}
			if excepted {
				t.Errorf("%s: the exceptions hide the word %s", rule.ID, w)
			}
		}
		for _, e := range rule.Except {
			if slices.ContainsFunc(safety.Default().Check(e).Hits, func(h safety.Hit) bool { return h.Rule == rule.ID }) {
				t.Errorf("%s: the exception %s is found", rule.ID, e)
			}
		}
	}
}

func TestRulesThatCannotWorkAreRefused(t *testing.T) {
	good := safety.Rule{ID: "a", Category: "c", Severity: safety.Low, Zh: "因为", En: "because", Words: []string{"词"}}
	with := func(change func(*safety.Rule)) []safety.Rule {
		r := good
		change(&r)
		return []safety.Rule{r}
	}
	for name, r := range map[string]safety.Rules{
		"no version":          {Rules: []safety.Rule{good}},
		"an id with blanks":   {Version: "1", Rules: with(func(r *safety.Rule) { r.ID = "a b" })},
		"twice the same id":   {Version: "1", Rules: []safety.Rule{good, good}},
		"no such severity":    {Version: "1", Rules: with(func(r *safety.Rule) { r.Severity = "urgent" })},
		"no category":         {Version: "1", Rules: with(func(r *safety.Rule) { r.Category = "" })},
		"one language":        {Version: "1", Rules: with(func(r *safety.Rule) { r.En = "" })},
		"no words":            {Version: "1", Rules: with(func(r *safety.Rule) { r.Words = nil })},
		"a word of signs":     {Version: "1", Rules: with(func(r *safety.Rule) { r.Words = []string{"!!"} })},
		"an endless word":     {Version: "1", Rules: with(func(r *safety.Rule) { r.Words = []string{strings.Repeat("长", 65)} })},
		"a word in no UTF-8":  {Version: "1", Rules: with(func(r *safety.Rule) { r.Words = []string{"词\xff"} })},
		"an empty exception":  {Version: "1", Rules: with(func(r *safety.Rule) { r.Except = []string{""} })},
		"more rules than fit": {Version: "1", Rules: make([]safety.Rule, 1001)},
	} {
		if _, err := safety.Compile(r); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	if _, err := safety.Compile(safety.Rules{Version: "1", Rules: []safety.Rule{good}}); err != nil {
		t.Error(err)
	}
	if _, err := safety.Parse([]byte("{")); err == nil {
		t.Error("half a file was read")
	}
}

func TestAnOperatorsRulesStandBesideTheOthers(t *testing.T) {
	rules := safety.DefaultRules()
	rules.Version += "-shop.3"
	rules.Rules = append(rules.Rules, safety.Rule{ID: "shop-rival", Category: "rival", Severity: safety.Low, Zh: "不得提及竞争对手", En: "do not name rivals", Words: []string{"某某商城"}})
	c, err := safety.Compile(rules)
	if err != nil {
		t.Fatal(err)
	}
	r := c.Check("比某某商城更好，赌博")
	if len(r.Hits) != 2 || r.Hits[0].Rule != "shop-rival" || r.Rules != "2026.1-shop.3" {
		t.Errorf("%+v", r)
	}
}

// alphabet is what random texts are made of: words, what disguises them, and what lies in between.
var alphabet = []string{"赌", "博", "睹", "搏", "加", "微", "薇", "信", "v", "V", "c", "a", "s", "i", "n", "o", "4", "1", "0", "@", "$", "+", "%", "100", "第", "一", "步", " ", "\n", "\u200b", "，", "*", "㎏", "ﬁ", "İ", "ß", "各", "\u0301", "😀", "\xff", "\xe8"}

func TestWhateverIsWrittenRangesAreThoseOfTheText(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		var b strings.Builder
		for range random.IntN(40) {
			b.WriteString(alphabet[random.IntN(len(alphabet))])
		}
		holds(t, b.String())
	}
}

func FuzzCheck(f *testing.F) {
	for _, s := range []string{"加 薇 信", "c4s1no", "第一步", "赌\u200b博\n\n", "\xff\xe8赌博", "100％有效", "+v", strings.Join(alphabet, "")} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { holds(t, text) })
}

func holds(t *testing.T, text string) {
	t.Helper()
	once := safety.Normalise(text)
	if twice := safety.Normalise(once); twice != once {
		t.Fatalf("%q normalises to %q, and that to %q", text, once, twice)
	}
	end := -1
	for _, h := range safety.Default().Check(text).Hits {
		if h.Start < 0 || h.Start >= h.End || h.End > len(text) || text[h.Start:h.End] != h.Written {
			t.Fatalf("%q: %+v", text, h)
		}
		if !utf8.RuneStart(text[h.Start]) || h.End < len(text) && !utf8.RuneStart(text[h.End]) && utf8.ValidString(text) {
			t.Fatalf("%q: %+v cuts a character", text, h)
		}
		if h.Start < end {
			t.Fatalf("%q: %+v comes before what was told", text, h)
		}
		end = h.Start
		if want := 1 + strings.Count(text[:h.Start], "\n"); h.Line != want || h.EndLine < h.Line {
			t.Fatalf("%q: %+v is on line %d", text, h, want)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	chinese := strings.Repeat("本店手工制作的纯银项链，附赠礼盒与贺卡，七天无理由退换，全场满两百减三十。", 1<<20/111)
	latin := strings.Repeat("The quick brown fox jumps over the lazy dog, and then buys 24 silver rings. ", 1<<20/76)
	hostile := strings.Repeat("加 薇 c 4 第 一 赌 ", 1<<20/27)
	for name, text := range map[string]string{"chinese": chinese, "latin": latin, "hostile": hostile, "hits": strings.Repeat("赌博加微信", 1<<20/15)} {
		b.Run(fmt.Sprintf("%s-%dKB", name, len(text)>>10), func(b *testing.B) {
			safety.Default()
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				safety.Default().Check(text)
			}
		})
	}
}
