// Package tags is the one list of the tags that exist without being declared:
// the built-in components, and the structural tags the compiler itself resolves.
//
//	tags.IsBuiltIn("scroll-view")  // true: a built-in component, <mm-scroll-view> on the page
//	tags.IsStructural("block")     // true: leaves no element behind
//	tags.IsBuiltIn("price-tag")    // false: must be declared in usingComponents
//	tags.Element("view")           // "mm-view"
//	tags.Element("price-tag")      // "x-price-tag"
package tags
