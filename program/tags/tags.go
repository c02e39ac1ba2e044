package tags

import "slices"

// RuntimeTags lists, sorted, every tag the runtime or the compiler knows
// without a declaration in usingComponents, structural ones included.
// custom-wrapper is not among them: Taro ships it as a component of the package.
var RuntimeTags = sorted(append(slices.Clone(components), structural...))

// components are the tags that become an element on the page.
var components = []string{
	"ad", "audio", "button", "camera", "canvas", "checkbox", "checkbox-group", "cover-image", "cover-view", "editor",
	"form", "functional-page-navigator", "icon", "image", "input", "keyboard-accessory", "label", "live-player",
	"live-pusher", "map", "match-media", "movable-area", "movable-view", "native-slot", "navigation-bar", "navigator",
	"official-account", "open-data", "page-container", "page-meta", "picker", "picker-view", "picker-view-column",
	"progress", "radio", "radio-group", "rich-text", "root-portal", "scroll-view", "share-element", "slider", "swiper",
	"swiper-item", "switch", "text", "textarea", "video", "view", "web-view",
}

// structural tags steer the compiler and leave no element of their own.
var structural = []string{"block", "import", "include", "jds", "slot", "template", "wxs"}

var builtIn = set(components)
var steering = set(structural)

// IsBuiltIn reports whether tag is a built-in component. Tag names are compared
// as written: mini-program markup is case-sensitive.
func IsBuiltIn(tag string) bool { return builtIn[tag] }

// IsStructural reports whether tag is resolved by the compiler: block, import,
// include, slot, template and the script tags jds and wxs.
func IsStructural(tag string) bool { return steering[tag] }

// Known reports whether tag needs no declaration.
func Known(tag string) bool { return builtIn[tag] || steering[tag] }

// Element is the name of the element that stands for tag on the page, the same
// in compiled templates and compiled styles: mm-view for a built-in view,
// x-price-tag for a declared component, mm-page for the page root. The prefixes
// keep package tags from ever naming a real HTML element.
func Element(tag string) string {
	if tag == "page" || Known(tag) {
		return "mm-" + tag
	}
	return "x-" + tag
}

func set(names []string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[n] = true
	}
	return m
}

func sorted(names []string) []string {
	slices.Sort(names)
	return names
}
