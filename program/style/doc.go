// Package style compiles JXSS and WXSS to CSS that a browser takes as it is:
// classes scoped to their page or component, rpx turned into viewport units,
// imports inlined, files of the package replaced by their addresses.
//
//	css, assets, list := style.Compile(pkg, "pages/cart/index.jxss", style.Options{
//		Scope: style.Scope{Kind: style.Page, Prefix: "p3--"},
//		Asset: func(file string) (string, bool) { return "/a/" + hash(file), true },
//	})
//	// .row{padding:20rpx}  →  .p3--row{padding:calc(100vw / 750 * 20)}
//
// The output may stand in a <style> element: it never contains "</".
package style
