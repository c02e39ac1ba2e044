package app

import (
	"fmt"
	"testing"
	"time"

	"minimart/platform/testkit/browser"
)

// slides moves a slider to a share of its way, 0 to 1.
func (v *visitor) slides(selector string, to float64) {
	v.t.Helper()
	var width float64
	if err := v.program.Eval(fmt.Sprintf("document.querySelector(%q).getBoundingClientRect().width", selector), &width); err != nil {
		v.t.Fatal(err)
	}
	v.program.Drag(selector, (to-0.5)*width, 0)
}

func TestTheJewellersHomeShowsAndLeadsOn(t *testing.T) {
	for _, c := range screens {
		t.Run(c.name, func(t *testing.T) {
			v := enter(t, c.screen, jewellery)
			v.on("砚光 YANGUANG")
			v.reads("墨研开，水面有光")
			v.reads("1 / 3")
			v.reads("新作")
			v.shows("jewel-home")
			if c.screen.Touch {
				v.program.Swipe(".slides", -200, 0)
			} else {
				v.program.Drag(".slides", -200, 0)
			}
			v.reads("2 / 3")
			v.scrollsTo("店主挑的")
			v.reads("¥16,800")
			v.scrollsTo("工作台上")
			v.shows("jewel-home-middle")
			v.scrollsTo("写一句，刻上去")
			v.reads("可刻 14 字")
			v.touch(`"预约到店"`)
			v.on("预约到店")
			v.goesBack()
			v.on("砚光 YANGUANG")
			v.touch(`"戒指"`)
			v.on("系列")
			v.reads("4 件作品")
		})
	}
}

// scrollsTo scrolls until words lie within the screen.
func (v *visitor) scrollsTo(words string) {
	v.t.Helper()
	for range 30 {
		var near bool
		if err := v.program.Eval(fmt.Sprintf(`[...document.querySelectorAll("mm-layer:not([mm-off]) mm-page *")].some(el => el.childElementCount === 0 && el.textContent.includes(%[1]q) && el.getBoundingClientRect().bottom < innerHeight - 40) ||
			[...document.querySelectorAll("mm-layer:not([mm-off]) mm-page *")].some(el => [...el.childNodes].some(n => n.nodeType === 3 && n.data.includes(%[1]q)) && el.getBoundingClientRect().bottom < innerHeight - 40)`, words), &near); err != nil {
			v.t.Fatal(err)
		}
		if near {
			return
		}
		v.scrolls()
		time.Sleep(150 * time.Millisecond)
	}
	v.t.Fatalf("scrolling never brought %q into view", words)
}

func TestTheJewellersHomeRefreshesWhenPulled(t *testing.T) {
	v := enter(t, browser.Phone, jewellery)
	v.on("砚光 YANGUANG")
	v.program.Swipe(".cover", 0, 260)
	v.program.Await(`document.querySelector("mm-pull[mm-busy]")`)
	v.program.Await(`!document.querySelector("mm-pull[mm-busy]") && document.querySelector("mm-page").getBoundingClientRect().top === 0`)
	v.reads("新作")
}

func TestTheCollectionIsFilteredAndSorted(t *testing.T) {
	for _, c := range screens {
		t.Run(c.name, func(t *testing.T) {
			v := enter(t, c.screen, jewellery)
			v.on("砚光 YANGUANG")
			v.tab("系列")
			v.on("系列")
			v.reads("12 件作品")
			v.reads("落在锁骨之间") // kinds have a line each
			v.shows("jewel-collection")
			v.touch(`.filter >>> "项链"`)
			v.reads("4 件作品")
			v.reads("小太阳")
			v.missing("双星")
			v.touch("mm-switch")
			v.reads("2 件作品") // can be engraved
			v.touch(`.filter >>> "全部"`)
			v.reads("5 件作品")
			v.touch("mm-switch")
			v.reads("12 件作品")

			v.touch(`"店主的顺序 ▾"`)
			v.turns(0, "价格从低到高")
			v.touch(`mm-picker-sheet >>> "确定"`)
			v.reads("价格从低到高 ▾")
			const prices = `[...document.querySelectorAll(".group-list mm-text")].map(e => e.innerText).filter(s => /^¥/.test(s)).map(s => Number(s.replace(/[¥,]/g, "")))`
			v.program.Await(fmt.Sprintf(`(p => p.length === 12 && p.every((n, i) => i === 0 || n >= p[i - 1]))(%s)`, prices))

			v.slides("mm-slider", 0.2)
			v.program.Await(fmt.Sprintf(`(p => p.length > 0 && p.length < 12 && p.every(n => n <= 7000))(%s)`, prices))
			v.shows("jewel-collection-cheap")
			v.slides("mm-slider", 0)
			v.reads("0 件作品")
			v.reads("没有这样的作品")
			v.shows("jewel-collection-none")
			v.touch(`"放宽一点"`)
			v.reads("12 件作品")
			v.reads("不限")
			v.reads("店主的顺序 ▾")

			v.touch(`"初光"`)
			v.on("初光")
			v.goesBackInBrowser()
			v.on("系列")
		})
	}
}

func TestAPieceIsLookedAtFromAllSides(t *testing.T) {
	for _, c := range screens {
		t.Run(c.name, func(t *testing.T) {
			v := enter(t, c.screen, jewellery+"?path=pages%2Fdetail%2Fdetail%3Fid%3Dfirst-light")
			v.on("初光")
			v.reads("¥12,800")
			v.reads("可刻 8 个字")
			v.shows("jewel-detail")
			chosen := func(name string) string {
				return fmt.Sprintf(`[...document.querySelectorAll("[class*='--chip-on']")].some(e => e.innerText === %q)`, name)
			}
			slide := func(n int) string {
				return fmt.Sprintf(`[...document.querySelectorAll(".gallery-dots > *")].findIndex(d => d.classList.contains("gallery-dot-on")) === %d`, n)
			}
			v.program.Await(chosen("18K 黄金"))
			if c.screen.Touch {
				v.program.Swipe(".gallery-swiper", -220, 0)
			} else {
				v.program.Drag(".gallery-swiper", -220, 0)
			}
			v.program.Await(slide(1))
			v.program.Await(chosen("18K 玫瑰金"))
			v.touch(`"铂 950"`)
			v.program.Await(slide(2))

			v.reads("内径 16.6，周长 52 毫米")
			v.touch(`"12 号 ▾"`)
			v.turns(0, "15 号")
			v.touch(`mm-picker-sheet >>> "确定"`)
			v.reads("内径 17.6，周长 55 毫米")
			v.touch(`"怎么量"`)
			v.reads("用一条纸绕手指一圈")
			v.program.Await(`document.querySelector("#papers").getBoundingClientRect().top < 60`)
			v.program.Await(`document.querySelector(".table-on").innerText.startsWith("15")`)
			v.shows("jewel-detail-sizes")
			v.touch(`"保养"`)
			v.reads("摘戴时拿住金属，不要捏石头。")
			v.missing("用一条纸绕手指一圈")
			v.touch(`"规格"`)
			v.reads("圆形明亮式切割")

			v.touch("#wish")
			v.toast("已放进心愿单")
			v.touch(`"分享"`)
			v.AwaitText(over(".share"), "初光：一颗主石，六爪托起")
			v.shows("jewel-share")
			v.chooses("取消")

			v.scrollsTo("放在一起看")
			v.touch(`"年轮"`)
			v.on("年轮")
			v.touch("#book")
			v.on("预约到店")
			v.reads("想看的作品：年轮")
			v.goesBack()
			v.on("年轮")
			v.goesBack()
			v.on("初光")
			v.touchHost(bar("#home"))
			v.on("砚光 YANGUANG")
		})
	}
}

func TestAPieceThatIsNotMadeIsSaidSo(t *testing.T) {
	v := enter(t, browser.Phone, jewellery+"?path=pages%2Fdetail%2Fdetail%3Fid%3Dnothing")
	v.answers("它可能已经不再制作了。", "确定")
	v.on("砚光 YANGUANG")
}

func TestWordsAreEngravedWhileOneTypes(t *testing.T) {
	for _, c := range screens {
		t.Run(c.name, func(t *testing.T) {
			v := enter(t, c.screen, jewellery+"?path=pages%2Fdetail%2Fdetail%3Fid%3Done-line")
			v.on("一画")
			v.touch(".lettering")
			v.on("刻字")
			v.reads("写点什么，会刻在这里")
			letters := func(want string) string {
				return fmt.Sprintf(`[...document.querySelectorAll("mm-layer:not([mm-off]) [class*='--letter ']")].map(e => e.textContent).join("") === %q`, want)
			}
			v.fills("名字、日子，或一句短话", "林晚∞周野")
			v.program.Await(letters("林晚∞周野"))
			v.sees(".left", "7") // of twelve
			v.shows("jewel-engrave")
			v.touch(`"2026.11.25"`)
			v.program.Await(letters("2026.11.25"))
			v.program.Await(`document.querySelector("mm-input input").value === "2026.11.25"`)
			v.fills("名字、日子，或一句短话", "一二三四五六七八九十一二三四")
			v.sees(".left", "-2")
			v.touch(`"就这样刻"`)
			v.toast("多了 2 个字")
			v.fills("名字、日子，或一句短话", "慢慢来")
			v.touch(`"楷体"`)
			v.program.Await(`document.querySelector("mm-layer:not([mm-off]) [class*='--face-kai']")`)
			v.slides("mm-layer:not([mm-off]) mm-slider", 1)
			v.program.Await(`parseFloat(getComputedStyle(document.querySelector("mm-layer:not([mm-off]) [class*='--letter ']")).fontSize) > 30`)
			v.shows("jewel-engrave-big")
			v.touch(`"就这样刻"`)
			v.on("一画")
			v.reads("已写：慢慢来")
			v.program.Await(letters("慢慢来"))
			v.touch(".lettering")
			v.on("刻字")
			v.program.Await(`document.querySelector("mm-input input").value === "慢慢来"`) // through the event channel
			v.sees(".left", "9")
		})
	}
}

func TestWishesAreKept(t *testing.T) {
	v := enter(t, browser.Phone, jewellery)
	v.on("砚光 YANGUANG")
	v.tab("心愿单")
	v.on("心愿单")
	v.reads("看到喜欢的，点一下心形")
	v.shows("jewel-wishlist-empty")
	v.touch(`"去看看系列"`)
	v.on("系列")
	v.touch(`.filter >>> "手镯"`)
	v.reads("1 件作品")
	v.touch(`.group-list >>> "♡"`) // the heart does not open the piece
	v.touch(`.filter >>> "戒指"`)
	v.reads("4 件作品")
	v.touch(`.group-list >>> "♡"`)
	v.on("系列")
	v.tab("心愿单")
	v.on("心愿单")
	v.reads("2 件，共 ¥21,700")
	v.reads("河湾")
	v.shows("jewel-wishlist")

	v.touchHost(bar("#close"))
	v.touchHost(home(fmt.Sprintf("a[data-app=%q]", jewellery)))
	v.enterProgram()
	v.on("砚光 YANGUANG")
	v.reloads()
	v.tab("心愿单")
	v.on("心愿单")
	v.reads("2 件，共 ¥21,700")

	v.touch(`"♥"`)
	v.toast("已移出心愿单")
	v.reads("河湾，¥8,900")
	v.tab("系列")
	v.on("系列")
	v.touch(`.filter >>> "戒指"`)
	v.reads("4 件作品")
	v.touch(`.group-list >>> "♡"`)
	v.tab("心愿单")
	v.on("心愿单")
	v.touch(`"清空"`)
	v.answers("2 件作品都会移出。", "清空")
	v.reads("还没有心愿")
}

func TestAVisitIsBookedAndCancelled(t *testing.T) {
	for _, c := range screens {
		t.Run(c.name, func(t *testing.T) {
			v := enter(t, c.screen, jewellery+"?path=pages%2Fbooking%2Fbooking%3Fpiece%3Dmoss")
			v.on("预约到店")
			v.reads("想看的作品：苔痕")
			dots := func(want string) string {
				return fmt.Sprintf(`[...document.querySelectorAll("[class*='--dot']")].map(d => d.innerText).join("") === %q`, want)
			}
			v.program.Await(dots("123"))
			v.shows("jewel-booking")
			v.touch(`"预约"`)
			v.toast("请选择门店")
			v.reads("请选择日期和时间")
			v.reads("请写下称呼")
			v.reads("至少选一项")
			v.shows("jewel-booking-wrong")

			v.touch(`"选一家"`)
			v.turns(0, "梧桐店")
			v.touch(`mm-picker-sheet >>> "确定"`)
			v.reads("梧桐店，上海 · 武康路")
			v.program.Await(dots("✓23"))
			v.touch(`"明天起三十天内"`)
			tomorrow := time.Now().AddDate(0, 0, 1)
			v.program.Await(fmt.Sprintf(`document.querySelectorAll("mm-picker-sheet .mm-wheel")[2].children[0].textContent === "%02d日"`, tomorrow.Day()))
			v.shows("jewel-date")
			v.touch(`mm-picker-sheet >>> "确定"`)
			v.reads(fmt.Sprintf("%d 月 %d 日 %s", tomorrow.Month(), tomorrow.Day(), []string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}[tomorrow.Weekday()]))
			v.touch(`"10:00 至 20:00"`)
			v.turns(0, "16")
			v.turns(1, "02")
			v.shows("jewel-time")
			v.touch(`mm-picker-sheet >>> "确定"`)
			v.reads("16:02")
			v.program.Await(dots("✓✓3"))
			v.touch(`"+"`)
			v.reads("3 位")
			v.touch(`"+"`)
			v.reads("4 位")
			v.touch(`"+"`) // no more than four
			v.touch(`"−"`)
			v.reads("3 位")
			v.fills("怎么称呼您", "林晚")
			v.fills("预约有变时联系", "13800138000")
			v.touch(`"刻字"`)
			v.touch(`"保养"`)
			v.touch(`"开车"`)
			v.touch("mm-switch")
			v.fills("还有什么想说的", "第一次来")
			v.shows("jewel-booking-filled")
			v.touch(`"预约"`)
			v.answers(fmt.Sprintf("梧桐店，%s 16:02，3 位。", tomorrow.Format("2006-01-02")), "知道了")
			v.on("心愿单")
			v.reads("16:02，3 位")
			v.reads("预约，长按可取消")
			if c.screen.Touch {
				v.shows("jewel-booked")
				v.program.Hold(`"梧桐店"`, 700*time.Millisecond)
				v.chooses("取消")
				v.reads("16:02，3 位")
				v.program.Hold(`"梧桐店"`, 700*time.Millisecond)
				v.chooses("取消这次预约")
				v.missing("16:02，3 位")
			}
		})
	}
}

func TestABookingFormStartsAnew(t *testing.T) {
	v := enter(t, browser.Phone, jewellery+"?path=pages%2Fbooking%2Fbooking")
	v.on("预约到店")
	v.touch(`"选一家"`)
	v.touch(`mm-picker-sheet >>> "确定"`)
	v.reads("湖山店，杭州 · 北山街")
	v.fills("怎么称呼您", "林晚")
	v.touch(`"+"`)
	v.touch(`"试戴"`)
	v.touch(`"重填"`)
	v.reads("选一家")
	v.reads("2 位")
	v.program.Await(`[...document.querySelectorAll("input")].every(i => i.value === "")`)
	v.program.Await(`[...document.querySelectorAll("mm-checkbox")].every(c => c.getAttribute("aria-checked") === "false")`)
}

func TestTheStoryIsReadToItsEnd(t *testing.T) {
	for _, c := range screens {
		t.Run(c.name, func(t *testing.T) {
			v := enter(t, c.screen, jewellery)
			v.on("砚光 YANGUANG")
			v.touch(`"工作台上"`) // a subpackage, loaded now
			v.on("工作台上")
			v.reads("把光留住")
			v.reads("—— 工作台上的一张便条")
			v.reads("湖山店")
			v.shows("jewel-story")
			for range 30 {
				var read float64
				if err := v.program.Eval(`parseFloat(document.querySelector(".progress-bar").style.width)`, &read); err != nil {
					t.Fatal(err)
				}
				if read >= 99 {
					break
				}
				v.scrolls()
				time.Sleep(150 * time.Millisecond)
			}
			v.program.Await(`parseFloat(document.querySelector(".progress-bar").style.width) >= 99`)
			v.shows("jewel-story-end")
			v.touchHost(bar("#menu"))
			v.touchHost(over(`[data-choice="share"]`))
			v.AwaitText(over(".share"), "砚光 · 工作台上")
			v.chooses("取消")
			v.goesBack()
			v.on("砚光 YANGUANG")
		})
	}
}

func TestThePreferredMetalIsWornEverywhere(t *testing.T) {
	v := enter(t, browser.Phone, jewellery)
	v.on("砚光 YANGUANG")
	var before string
	if err := v.program.Eval(`document.querySelector(".kind-image img").src`, &before); err != nil {
		t.Fatal(err)
	}
	v.tab("心愿单")
	v.on("心愿单")
	v.touch(`"偏好与关于 ›"`)
	v.on("偏好与关于")
	v.reads("第 2 页 ›")
	v.reads("390 × 800")
	v.shows("jewel-settings")
	v.touch(`"铂 950"`)
	v.reads("1 项")
	v.program.Await(`document.querySelector("[class*='--on-platinum']")`)
	v.slides("mm-slider", 0.8)
	v.program.Await(`Number(document.querySelector("mm-slider").innerText) > 50`)
	v.shows("jewel-settings-platinum")
	v.touch(`"回到最初一页"`)
	v.on("心愿单")
	v.tab("砚光")
	v.on("砚光 YANGUANG")
	v.program.Await(fmt.Sprintf(`document.querySelector(".kind-image img").src !== %q`, before))
	v.reloads()
	v.on("砚光 YANGUANG")
	v.program.Await(fmt.Sprintf(`document.querySelector(".kind-image img").src !== %q`, before))
	v.tab("心愿单")
	v.on("心愿单")
	v.touch(`"偏好与关于 ›"`)
	v.on("偏好与关于")
	v.touch(`"清除本机数据"`)
	v.answers("心愿单、预约和偏好都会清空", "确定")
	v.on("砚光 YANGUANG")
	v.program.Await(fmt.Sprintf(`document.querySelector(".kind-image img").src === %q`, before))
}
