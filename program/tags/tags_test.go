package tags

import (
	"slices"
	"testing"
)

func TestTagsAreBuiltInStructuralOrDeclared(t *testing.T) {
	for _, c := range []struct {
		tag                 string
		builtIn, structural bool
		element             string
	}{
		{"view", true, false, "mm-view"},
		{"scroll-view", true, false, "mm-scroll-view"},
		{"block", false, true, "mm-block"},
		{"jds", false, true, "mm-jds"},
		{"page", false, false, "mm-page"},
		{"custom-wrapper", false, false, "x-custom-wrapper"},
		{"price-tag", false, false, "x-price-tag"},
		{"View", false, false, "x-View"},
		{"script", false, false, "x-script"},
	} {
		if IsBuiltIn(c.tag) != c.builtIn || IsStructural(c.tag) != c.structural || Element(c.tag) != c.element {
			t.Errorf("%s: built-in %v, structural %v, element %s", c.tag, IsBuiltIn(c.tag), IsStructural(c.tag), Element(c.tag))
		}
	}
}

func TestTheListIsSortedAndNamesEachTagOnce(t *testing.T) {
	if !slices.IsSorted(RuntimeTags) || len(slices.Compact(slices.Clone(RuntimeTags))) != len(RuntimeTags) {
		t.Error(RuntimeTags)
	}
	for _, tag := range RuntimeTags {
		if IsBuiltIn(tag) == IsStructural(tag) {
			t.Errorf("%s must be either built in or structural", tag)
		}
	}
}
