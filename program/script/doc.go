// Package script turns the scripts of a package into code the runtime can load:
// modules (.js, .ts, .json) into CommonJS, and JDS and WXS, the small language
// of templates, into functions that cannot reach anything but what they are
// given. It reads scripts and never runs them.
//
//	module, list := script.Transform(pkg, "pages/cart/index.js", script.Options{Minify: true})
//	for _, r := range module.Requires {
//		fmt.Println(r.Specifier, "→", r.Resolved) // ../../lib/price → lib/price.js
//	}
//
//	safe, list := script.CompileSafe(pkg, script.Source{File: "lib/money.jds", Code: src})
//	// register as function(module, exports, require, $lib){ safe.Code }
package script
