package app

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"minimart/platform/testkit/browser"
)

// The screens on which a task must be possible. A phone is used with a finger, a desk with a mouse.
var screens = []struct {
	name   string
	screen browser.Screen
}{{"phone", browser.Phone}, {"desk", browser.Desk}}

// adds puts a product into the cart from the page of the product: the sheet's choices are touched one after the other.
func (v *visitor) adds(choices ...string) {
	v.t.Helper()
	v.touch("#add")
	for _, c := range choices {
		v.touch(fmt.Sprintf(".sheet-panel >>> %q", c))
	}
	v.touch(".sheet-confirm")
	v.toast("已加入购物车")
}

func TestAShopIsBrowsedFromHomeToTheLastProduct(t *testing.T) {
	for _, c := range screens {
		t.Run(c.name, func(t *testing.T) {
			v := enter(t, c.screen, taroShop)
			v.on("小集优品")
			v.reads("本季好物")
			v.program.Await(`document.querySelectorAll("[id^=product-]").length === 8`)
			v.shows("taro-home")
			v.scrollsUntil("就这些了，下次再来看看")
			v.program.Await(`document.querySelectorAll("[id^=product-]").length === 24`)
			v.program.Await(`new Set([...document.querySelectorAll("[id^=product-]")].map(p => p.id)).size === 24`)
			v.shows("taro-home-end")
		})
	}
}

func TestPullingDownRefreshesTheShop(t *testing.T) {
	v := enter(t, browser.Phone, taroShop)
	v.on("小集优品")
	v.reads("本季好物")
	v.scrollsUntil("就这些了，下次再来看看")
	if err := v.program.Eval(`document.querySelector("mm-page").scrollTop = 0`, nil); err != nil {
		t.Fatal(err)
	}
	v.program.Swipe(".home-search", 0, 260)
	v.program.Await(`document.querySelectorAll("[id^=product-]").length === 8`) // the first page again
	v.program.Await(`!document.querySelector("mm-pull[mm-busy]") && document.querySelector("mm-page").getBoundingClientRect().top === 0`)
}

func TestTheBannerTurnsByItselfAndByFinger(t *testing.T) {
	v := enter(t, browser.Phone, taroShop)
	v.on("小集优品")
	v.sees(".home-stage", "早上好，先喝杯水")
	on := func(n int) string {
		return fmt.Sprintf(`[...document.querySelectorAll(".home-dots > *")].findIndex(d => d.classList.contains("home-dot-on")) === %d`, n)
	}
	v.program.Await(on(0))
	v.program.Swipe(".home-stage mm-swiper", -220, 0)
	v.program.Await(on(1))
	v.program.Await(on(2)) // by itself, 4.5 s later
	v.program.Await(on(0)) // and round
}

func TestAProductIsLookedAtChosenAndPutIntoTheCart(t *testing.T) {
	for _, c := range screens {
		t.Run(c.name, func(t *testing.T) {
			v := enter(t, c.screen, taroShop)
			v.on("小集优品")
			v.touch("#product-mug-morning")
			v.on("早安马克杯")
			v.reads("杯底留了一圈素胎")
			v.reads("奶白，300 毫升，1 件")
			v.shows("taro-detail")

			// The gallery and the chosen colour follow each other.
			if c.screen.Touch {
				v.program.Swipe(".detail-swiper", -220, 0)
			} else {
				v.program.Drag(".detail-swiper", -220, 0)
			}
			v.reads("青灰，300 毫升，1 件")
			v.sees(".detail-counter", "2 / 2")

			v.touch("#choose")
			v.sees(".sheet-panel", "库存 120 件")
			v.touch(`.sheet-panel >>> "420 毫升"`)
			v.sees(".sheet-panel", "库存 64 件")
			v.sees(".sheet-panel .price", "69")
			v.touch(`.sheet-panel >>> "+"`)
			v.touch(`.sheet-panel >>> "+"`)
			v.touch(`.sheet-panel >>> "−"`)
			v.sees(".sheet-panel .stepper-value", "2")
			v.shows("taro-spec")
			v.touch(".sheet-confirm")
			v.toast("已加入购物车")
			v.reads("青灰，420 毫升，2 件")
			v.sees(".detail-bar-badge", "2")

			v.touch("#to-cart")
			v.on("购物车")
			v.AwaitText(bar("#tabs .badge"), "2")
			v.reads("青灰，420 毫升")
			v.sees(".cart-sum", "150") // twice 69, and 12 for the post
			v.sees("#postage", "¥12")
			v.reads("再买 ¥61 包邮")
			v.shows("taro-cart")
		})
	}
}

func TestWhatIsOutOfStockCannotBeChosen(t *testing.T) {
	v := enter(t, browser.Phone, taroShop+"?path=pages%2Fdetail%2Findex%3Fid%3Dnotebook-linen")
	v.on("布面笔记本")
	v.touch("#choose")
	v.touch(`.sheet-panel >>> "空白"`) // there are none
	v.sees(".sheet-panel", "库存 200 件")
	v.touch(`.sheet-panel >>> "方格"`)
	v.sees(".sheet-panel", "库存 160 件")
	v.touch(".sheet-close")
	v.reads("墨黑，方格，1 件")
}

func TestTheCartAddsUpAndIsKept(t *testing.T) {
	v := enter(t, browser.Phone, taroShop)
	v.on("小集优品")
	v.tab("购物车")
	v.on("购物车")
	v.reads("购物车还是空的")
	v.shows("taro-cart-empty")
	v.touch(`"去逛逛"`)
	v.on("小集优品")
	v.touch("#product-mug-morning")
	v.on("早安马克杯")
	v.adds()
	v.goesBack()
	v.on("小集优品")
	v.AwaitText(bar("#tabs .badge"), "1")
	v.touch("#product-kettle-drip")
	v.on("细嘴手冲壶")
	v.adds("奶白", "900 毫升")
	v.goesBackInBrowser()
	v.on("小集优品")
	v.tab("购物车")
	v.on("购物车")
	v.reads("共 2 种商品")
	v.sees(".cart-sum", "368") // 59 + 309, and no post from 199 on
	v.sees("#postage", "包邮")

	v.touch(".cart-line:nth-child(2) .cart-check")
	v.sees(".cart-sum", "309")
	v.touch(".cart-line:nth-child(1) .cart-check")
	v.sees(".cart-sum", "0")
	v.touch(".cart-all")
	v.sees(".cart-sum", "368")
	v.touch(".cart-all")
	v.sees(".cart-sum", "0")
	v.touch("#settle")
	v.toast("请先选择商品")
	v.touch(".cart-line:nth-child(2) .cart-check")
	v.sees(".cart-sum", "71")
	v.touch(`.cart-line:nth-child(2) >>> "+"`)
	v.sees(".cart-sum", "130")
	v.AwaitText(bar("#tabs .badge"), "3")
	v.touch(".cart-block mm-switch")
	v.program.Await(`document.querySelector(".cart-block [role=switch]").getAttribute("aria-checked") === "true"`)

	// Closed and opened again, and the whole page loaded anew, it is as it was.
	v.touchHost(bar("#close"))
	v.AwaitText(home(".row"), "小集优品")
	v.touchHost(home(fmt.Sprintf("a[data-app=%q]", taroShop)))
	v.enterProgram()
	v.on("小集优品")
	v.AwaitText(bar("#tabs .badge"), "3")
	v.reloads()
	v.on("小集优品")
	v.AwaitText(bar("#tabs .badge"), "3")
	v.tab("购物车")
	v.on("购物车")
	v.sees(".cart-sum", "130")
	v.program.Await(`document.querySelector(".cart-block [role=switch]").getAttribute("aria-checked") === "true"`)

	// Taking things out asks first.
	v.touch(`.cart-line:nth-child(1) >>> "−"`)
	v.answers("移出「细嘴手冲壶」？", "取消")
	v.reads("共 2 种商品")
	v.program.Hold(".cart-line:nth-child(1) .cart-image", 600*time.Millisecond)
	v.answers("移出「细嘴手冲壶」？", "移出")
	v.reads("共 1 种商品")
	v.touch("#edit")
	v.touch(".cart-button")
	v.answers("移出选中的 1 种商品？", "移出")
	v.reads("购物车还是空的")
	v.Await(`!document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot.querySelector("#tabs .badge")`)
}

func TestAnAddressIsWrittenCheckedAndKept(t *testing.T) {
	for _, c := range screens {
		t.Run(c.name, func(t *testing.T) {
			v := enter(t, c.screen, taroShop)
			v.on("小集优品")
			v.tab("我的")
			v.on("我的")
			v.reads("还没有留下地址")
			v.touch(`"收货地址"`)
			v.on("收货地址")
			v.touch(`"保存"`)
			v.toast("请填写收货人")
			v.reads("手机号须为 11 位大陆号码")
			v.reads("请选择省、市、区")
			v.reads("请把街道和门牌写完整")
			v.shows("taro-address-wrong")

			v.fills("怎么称呼", "林")
			v.fills("11 位手机号", "13800138000")
			v.touch("#region")
			v.turns(0, "浙江省")
			v.turns(1, "绍兴市")
			v.turns(2, "上虞区")
			v.shows("taro-region")
			v.touch(`mm-picker-sheet >>> "确定"`)
			v.sees("#region", "浙江省 绍兴市 上虞区")
			v.fills("街道、楼栋、门牌", "百官街道 7 号")
			v.touch(`"公司"`)
			v.touch("mm-switch")
			v.fills("给快递员留句话，比如“放在门口的柜子里”", "放门口就好")
			v.reads("5 / 100")
			v.shows("taro-address")
			v.touch(`"保存"`)
			// The server knows better: a name has at least two characters.
			v.answers("没有保存成功", "确定")
			v.reads("收货人至少 2 个字")
			v.fills("怎么称呼", "林晚")
			v.touch(`"保存"`)
			v.toast("已保存")
			v.on("我的")
			v.reads("林晚")
			v.reads("常用地址 · 公司")
			v.reads("绍兴市")
			v.shows("taro-mine")

			v.touch(`"收货地址"`)
			v.on("收货地址")
			v.program.Await(`document.querySelector('input[aria-label="怎么称呼"]').value === "林晚"`)
			v.sees("#region", "浙江省 绍兴市 上虞区")
			v.touch(`"清空"`)
			v.program.Await(`document.querySelector('input[aria-label="怎么称呼"]').value === ""`)
			v.sees("#region", "省、市、区")
		})
	}
}

// fills types into the field with this placeholder, replacing what is there.
func (v *visitor) fills(placeholder, text string) {
	v.t.Helper()
	field := fmt.Sprintf(`[aria-label=%q]`, placeholder) // a hint drawn by the runtime names the field
	v.program.Fill("mm-page "+field+":is(input, textarea)", text)
	v.program.Await(fmt.Sprintf("[...document.querySelectorAll('%s')].some(f => f.value === %q)", field, text))
}

func TestTheSettlementGoesThroughTheAddress(t *testing.T) {
	v := enter(t, browser.Phone, taroShop+"?path=pages%2Fdetail%2Findex%3Fid%3Dteapot-clay")
	v.on("朱泥小壶")
	v.touch("#buy")
	v.touch(`"去购物车结算"`)
	v.on("购物车")
	v.touch("#settle")
	v.on("收货地址")
	v.fills("怎么称呼", "周野")
	v.fills("11 位手机号", "13900139000")
	v.touch("#region")
	v.touch(`mm-picker-sheet >>> "确定"`)
	v.sees("#region", "北京市 北京市 东城区")
	v.fills("街道、楼栋、门牌", "胡同 1 号院")
	v.touch(`"保存"`)
	v.toast("已保存")
	v.on("购物车")
	v.touch("#settle")
	v.answers("这是演示小店，不会收款，也不会发货。", "知道了")
	v.on("购物车")
}

func TestProductsAreSearchedSortedAndRemembered(t *testing.T) {
	v := enter(t, browser.Phone, taroShop)
	v.on("小集优品")
	v.touch(".home-search")
	v.on("搜索")
	v.reads("试试这些")
	v.shows("taro-search")
	v.fills("想找点什么", "壶")
	v.Press(kb.Enter)
	v.reads("找到 ")
	v.reads("细嘴手冲壶")
	v.touch(`"推荐顺序 ▾"`)
	v.turns(0, "价格从低到高")
	v.touch(`mm-picker-sheet >>> "确定"`)
	v.reads("价格从低到高 ▾")
	v.program.Await(`(p => p.length > 1 && p.every((n, i) => i === 0 || n >= p[i - 1]))([...document.querySelectorAll(".search-list .price-number")].map(e => Number(e.textContent)))`)
	v.shows("taro-search-found")
	v.fills("想找点什么", "飞机")
	v.touch("#go")
	v.reads("没有找到相关的商品")
	v.fills("想找点什么", "")
	v.reads("最近搜过")
	v.touch(`"壶"`)
	v.reads("细嘴手冲壶")
	v.goesBack()
	v.on("小集优品")
	v.touch(".home-search")
	v.on("搜索")
	v.reads("最近搜过")
	v.reads("飞机")
	v.touch("#forget")
	v.reads("试试这些")
}

func TestCategoriesScrollBesideTheirMenu(t *testing.T) {
	for _, c := range screens {
		t.Run(c.name, func(t *testing.T) {
			v := enter(t, c.screen, taroShop)
			v.on("小集优品")
			v.touch(`"影音"`) // the channel on the home page
			v.on("分类")
			on := func(id string) string {
				return fmt.Sprintf(`document.querySelector("#menu-%s").classList.contains("category-entry-on")`, id)
			}
			at := func(id string) string {
				return fmt.Sprintf(`Math.abs(document.querySelector("#section-%s").getBoundingClientRect().top - document.querySelector(".category-shelves").getBoundingClientRect().top) < 4`, id)
			}
			v.program.Await(on("digital"))
			v.program.Await(at("digital"))
			v.shows("taro-category")
			v.touch("#menu-tea")
			v.program.Await(on("tea"))
			v.program.Await(at("tea"))
			time.Sleep(700 * time.Millisecond) // the menu leads for a while
			for range 4 {
				if c.screen.Touch {
					v.program.Swipe(".category-shelves", 0, -300)
				} else {
					v.program.Roll(".category-shelves", 0, 400)
				}
				time.Sleep(250 * time.Millisecond)
			}
			v.program.Await(`!` + on("tea")) // the shelves lead now
			v.touch("#section-home .category-product")
			v.program.Await(`document.querySelectorAll("mm-layer").length === 2`)
			v.goesBack()
			v.on("分类")
		})
	}
}

func TestAFavouriteIsKeptSharedAndFoundAgain(t *testing.T) {
	v := enter(t, browser.Phone, taroShop+"?path=pages%2Fdetail%2Findex%3Fid%3Dlamp-fold")
	v.on("折臂阅读灯")
	v.touch("#like")
	v.toast("已收藏")
	v.touch("#share")
	v.AwaitText(over(".share"), "折臂阅读灯｜两节灯臂，光落在书页上")
	v.Await(`document.querySelector("mm-host").shadowRoot.querySelector("mm-runner").shadowRoot.querySelector("mm-overlays").shadowRoot.querySelector(".share input").value.endsWith("/app/` + taroShop + `?path=pages%2Fdetail%2Findex%3Fid%3Dlamp-fold")`)
	v.shows("taro-share")
	v.chooses("取消")
	v.touch("#more")
	v.AwaitText(over(".sheet"), "反馈这件商品")
	v.shows("taro-actions")
	v.chooses("取消")
	v.touch("#more")
	v.chooses("回到首页")
	v.on("小集优品")
	v.tab("我的")
	v.on("我的")
	v.reads("折臂阅读灯")
	v.touch(".mine-like")
	v.on("折臂阅读灯")
	v.touch("#more")
	v.chooses("取消收藏")
	v.toast("已取消收藏")
	v.goesBack()
	v.on("我的")
	v.reads("在商品页点一下心形")
	v.touch("#forget")
	v.answers("清除本机数据", "清除")
	v.toast("已清除")
}

func TestAProductThatDoesNotExistIsSaidSo(t *testing.T) {
	v := enter(t, browser.Phone, taroShop+"?path=pages%2Fdetail%2Findex%3Fid%3Dnothing")
	v.reads("没有找到这件商品")
	v.reads("可能已经下架")
	v.touchHost(bar("#home"))
	v.on("小集优品")
}

func TestFeedbackIsSentFromTheSubpackage(t *testing.T) {
	v := enter(t, browser.Phone, taroShop+"?path=pages%2Fdetail%2Findex%3Fid%3Dpen-iron")
	v.program.Await(`document.querySelector("#more, .notice-title")`)
	v.touchHost(bar("#home"))
	v.on("小集优品")
	v.touch("#product-mug-morning")
	v.on("早安马克杯")
	v.touch("#more")
	v.chooses("反馈这件商品")
	v.reads("关于「早安马克杯」")
	v.touch(`"提交"`)
	v.toast("反馈内容")
	v.reads("请填写反馈内容")
	v.shows("taro-feedback-wrong")
	v.touch(`"包装"`)
	v.fills("哪里好，哪里不好，都可以写", "盒子很结实，杯子也好用。")
	v.program.Drag("mm-slider >>> .mm-knob, mm-slider [role=slider]", 160, 0)
	v.sees(".feedback-number", "10")
	v.fills("想要回音就留一个，可不填", "123")
	v.touch(`"提交"`)
	v.reads("手机号须为 11 位大陆号码，或留空")
	v.fills("想要回音就留一个，可不填", "13700137000")
	v.shows("taro-feedback")
	v.touch(`"提交"`)
	v.answers("回执号 fbk_", "确定")
	v.on("早安马克杯")
}

func TestTheAboutPageMeasuresItselfAndLeadsOn(t *testing.T) {
	v := enter(t, browser.Phone, taroShop)
	v.on("小集优品")
	v.tab("我的")
	v.on("我的")
	v.touch(`"关于小集优品"`)
	v.reads("一间不大的店")
	v.reads("拿去改成自己的店")
	v.sees(".about", "390 × 800，2 倍")
	v.program.Await(`Number([...document.querySelectorAll(".about .cell")][1].innerText.replace(/\D/g, "")) > 500`)
	v.shows("taro-about")
	v.touch(`"有话想说"`) // in place of this page
	v.reads("愿意推荐给朋友吗")
	v.goesBack()
	v.on("我的")
}
