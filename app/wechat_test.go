package app

import (
	"fmt"
	"os"
	"testing"

	"minimart/platform/testkit/browser"
	"minimart/program/preview"
	"minimart/program/release"
)

// TestAWeChatProgramRunsUnchanged drives testdata/wechat, written as for WeChat: .wxml .wxss .wxs, wx, app.json as it is.
func TestAWeChatProgramRunsUnchanged(t *testing.T) {
	url, out := serve(t, "testdata/wechat", release.Domains{})
	r := &rehearsal{browser.Open(t, browser.Phone, url+"/app/"+preview.App+"?preview=1"), t, url, out}
	tap := func(selector string) { t.Helper(); r.program().Click(selector) }
	shows := func(selector, words string) { t.Helper(); r.program().AwaitText(selector, words) }
	is := func(expression string) { t.Helper(); r.program().Await(expression) }
	tab := func(n int) { t.Helper(); r.Click(inRunner(fmt.Sprintf(`#tabs [data-tab="%d"]`, n))) }

	// The list: for, if, templates, include, WXS, storage, the title bar.
	shows("#summary", "3 种，共 ¥315.50，第 1 次 是否")
	r.AwaitText(inRunner("#bar h1"), "今日茶单")
	shows("#longjing", "1 龙井 绿茶")
	shows("#longjing", "¥99.00")
	shows("#longjing", "仅剩 3")
	shows("#puer", "售罄")
	shows("#puer", "到货通知")
	shows("#tieguanyin", "充足")
	shows("#foot", "没有页脚")
	is(`[...document.querySelectorAll("#object")].map((e) => e.innerText).join("") === "a=1;b=2;"`)
	is(`getComputedStyle(document.querySelector("#longjing")).borderLeftColor === "rgb(122, 75, 30)" && getComputedStyle(document.querySelector("#puer")).borderLeftColor === "rgb(200, 180, 150)"`)
	tap("#add-longjing")
	shows("#basket", "龙井")
	shows("#longjing", "仅剩 2")
	r.AwaitText(inDialog(".toast"), "已加入")
	tap("#shuffle")
	shows("#tieguanyin", "1 铁观音")
	is(`getComputedStyle(document.querySelector("#tieguanyin")).borderLeftColor === "rgb(122, 75, 30)"`)

	// A page of a subpackage, with a query and an event channel.
	tap("#name-longjing")
	shows("#detail", "longjing 茶 & 器 龙井")
	r.AwaitText(inRunner("#bar h1"), "详情")
	tap("#buy")
	shows("#foot", "买了 2")

	// The form: fields of our own, two-way bindings, external classes, events that exclude one another.
	tab(1)
	is(`document.querySelector("#stars").innerText.startsWith("★★★☆☆")`)
	is(`getComputedStyle(document.querySelector("#stars").querySelector("[class*=star] > *")).color === "rgb(214, 158, 46)"`)
	r.program().Fill("#who input, input#who", "陆羽")
	shows("#mirror", "陆羽|3")
	var at [2]float64
	if err := r.program().Eval(`(e => { const b = [...e.querySelectorAll("*")].filter((x) => x.innerText === "☆").pop(); b.id = "fifth"; return [0, 0] })(document.querySelector("#stars"))`, &at); err != nil {
		t.Fatal(err)
	}
	tap("#fifth")
	shows("#mirror", "陆羽|5")
	shows("#heard", "score 5;")
	tap("#cup-1")
	tap("#honey")
	tap("#gift")
	r.program().Fill("#note textarea, textarea#note", "少糖")
	tap("#submit")
	for _, want := range []string{`"who":"陆羽"`, `"score":5`, `"cup":"紫砂"`, `"extra":["honey"]`, `"gift":true`, `"note":"少糖"`} {
		shows("#sent", want)
	}
	tap("#inner")
	shows("#heard", "score 5;inner;outer;")
	tap("#caught")
	shows("#heard", "score 5;inner;outer;captured;caught;")
	tap("#reset")
	shows("#sent", "reset")

	// Components: slots, behaviors, observers, generics, relations, recursion, lifetimes.
	tab(2)
	shows("#panel", "甲头")
	shows("#panel", "0/behavior/甲:0")
	shows("#inside", "里 甲")
	shows("#footing", "脚")
	shows("#panel", "★★☆☆☆")
	tap("#head")
	shows("#said", "head of the page")
	shows("#panel", "5/behavior/甲:5")
	tap("#rename")
	shows("#panel", "乙头5/behavior/乙:5")
	tap("#toggle")
	is(`!document.querySelector("#inside")`)
	tap("#toggle")
	shows("#inside", "里 乙")
	tap("#ask")
	shows("#said", "created,attached,show,ready >甲,甲>乙 | component | 5 | 2 | true | tabs")
	shows("#tabs", "一* 二")
	is(`document.querySelector("#body-一").getClientRects().length > 0 && document.querySelector("#body-二").getClientRects().length === 0`)
	tap("#more")
	shows("#tabs", "一* 二 三")
	tap("#fewer")
	shows("#tabs", "二* 三")
	is(`document.querySelector("#body-二").getClientRects().length > 0`)
	is(`document.querySelector("#tree").innerText.replace(/\s/g, "") === "茶(绿(龙井())红())"`)
	tap("#watch")
	shows("#watcher", "看见 true")
	tap("#remove")
	shows("#said", "detached 1")
	r.Screenshot(os.Getenv("MINIMART_SHOTS"), "wechat-parts")

	if errs := r.Errors(); len(errs) > 0 {
		t.Errorf("errors: %q", errs)
	}
	if t.Failed() {
		t.Log(out)
	}
}
