package build

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func set(pieces ...string) map[string]bool {
	out := map[string]bool{}
	for _, p := range pieces {
		out[p] = true
	}
	return out
}

func TestPiecesGoWithWhoeverNeedsThem(t *testing.T) {
	bundles, loads := partition([]pageNeeds{
		{page: "home", needs: set("home", "card", "price")},
		{page: "list", needs: set("list", "card")},
		{page: "sub/a", pack: "sub", needs: set("sub/a", "price", "step")},
		{page: "sub/b", pack: "sub", needs: set("sub/b", "step")},
		{page: "alone/a", pack: "alone", independent: true, needs: set("alone/a", "price")},
		{page: "alone/b", pack: "alone", independent: true, needs: set("alone/b", "price")},
	})
	want := []bundle{
		{"pack:", []string{"card", "price"}}, // two pages of main; pages of main and sub
		{"pack:alone", []string{"price"}},    // an independent package has a copy of its own
		{"pack:sub", []string{"step"}},
		{"page:alone/a", []string{"alone/a"}},
		{"page:alone/b", []string{"alone/b"}},
		{"page:home", []string{"home"}},
		{"page:list", []string{"list"}},
		{"page:sub/a", []string{"sub/a"}},
		{"page:sub/b", []string{"sub/b"}},
	}
	if diff := cmp.Diff(want, bundles, cmp.AllowUnexported(bundle{})); diff != "" {
		t.Error(diff)
	}
	wantLoads := map[string][]string{
		"home": {"pack:", "page:home"}, "list": {"pack:", "page:list"},
		"sub/a": {"pack:", "pack:sub", "page:sub/a"}, "sub/b": {"pack:", "pack:sub", "page:sub/b"},
		"alone/a": {"pack:alone", "page:alone/a"}, "alone/b": {"pack:alone", "page:alone/b"},
	}
	if diff := cmp.Diff(wantLoads, loads); diff != "" {
		t.Error(diff)
	}
}
