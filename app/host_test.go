package app

import (
	"fmt"
	"testing"
)

func TestTheHostSpeaksEnglishInTheDark(t *testing.T) {
	for _, c := range screens {
		t.Run(c.name, func(t *testing.T) {
			v := arriveAt(t, c.screen, "/app/")
			v.AwaitText(home("main"), "全部小程序")
			v.shows("host-home")
			v.touchHost(home("#language"))
			v.AwaitText(home("main"), "All mini programs")
			v.touchHost(home("#theme"))
			v.touchHost(home("#theme"))
			v.Await(`document.documentElement.dataset.theme === "dark"`)
			v.shows("host-home-en-dark")
			v.touchHost(home(fmt.Sprintf("a[data-app=%q]", jewellery)))
			v.enterProgram()
			v.on("砚光 YANGUANG")
			v.shows("host-program-en-dark")
			v.touchHost(bar("#menu"))
			v.AwaitText(over(".sheet"), "Favourite")
			v.shows("host-menu-en-dark")
			v.touchHost(over(`[data-choice="favourite"]`))
			v.AwaitText(over(".toast"), "avourite")
			v.touchHost(bar("#menu"))
			v.touchHost(over(`[data-choice="about"]`))
			v.AwaitText(over(".about"), "Release")
			v.shows("host-about-en-dark")
			v.chooses("Close")
			v.tab("心愿单") // the program's own words stay what they are
			v.on("心愿单")
			v.touch(`"偏好与关于 ›"`)
			v.on("偏好与关于")
			v.touch(`"清除本机数据"`)
			v.AwaitText(over(".modal"), "Cancel")
			v.shows("host-modal-en-dark")
			v.answers("心愿单、预约和偏好都会清空", "Cancel")
			v.touchHost(bar("#close"))
			v.AwaitText(home("main"), "Favourites")
			v.AwaitText(home("main"), "Recent")
			v.Fill(home("input"), "优品")
			v.AwaitText(home("main"), "Results for “优品”")
			v.AwaitText(home(".tiles"), "小集优品")
			v.shows("host-search-en-dark")
		})
	}
}
