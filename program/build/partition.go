package build

import (
	"cmp"
	"slices"
	"strings"
)

// pageNeeds is a page as the partition sees it: which package it lies in and the pieces of view code it needs.
type pageNeeds struct {
	page        string
	pack        string
	independent bool
	needs       map[string]bool
}

// bundle is a set of pieces that load together.
type bundle struct {
	owner  string // "page:" + page, or "pack:" + package root
	pieces []string
}

// partition distributes pieces over view bundles so that no page loads what only others need, and nothing is loaded twice:
// what one page needs goes with the page, what several pages of one package need goes with the package, what pages of
// several packages need goes with the main package. An independent package shares with no other.
// It returns the bundles, and for each page the owners of those it loads, in order.
func partition(pages []pageNeeds) (bundles []bundle, loads map[string][]string) {
	owners := map[string]map[string]string{} // realm → piece → owner
	realm := func(p pageNeeds) string {
		if p.independent {
			return p.pack
		}
		return ""
	}
	for _, p := range pages {
		r := realm(p)
		if owners[r] == nil {
			owners[r] = map[string]string{}
		}
		for piece := range p.needs {
			switch owner, taken := owners[r][piece]; {
			case !taken:
				owners[r][piece] = "page:" + p.page
			case owner == "pack:"+r:
			case packOf(owner, pages) == p.pack:
				owners[r][piece] = "pack:" + p.pack
			default:
				owners[r][piece] = "pack:" + r
			}
		}
	}
	contents := map[[2]string][]string{} // realm, owner → pieces
	for r, pieces := range owners {
		for piece, owner := range pieces {
			contents[[2]string{r, owner}] = append(contents[[2]string{r, owner}], piece)
		}
	}
	merged := map[string][]string{}
	for key, pieces := range contents {
		merged[key[1]] = append(merged[key[1]], pieces...)
	}
	for owner, pieces := range merged {
		slices.Sort(pieces)
		bundles = append(bundles, bundle{owner, pieces})
	}
	slices.SortFunc(bundles, func(a, b bundle) int { return cmp.Compare(a.owner, b.owner) })
	loads = map[string][]string{}
	for _, p := range pages {
		for _, owner := range slices.Compact([]string{"pack:" + realm(p), "pack:" + p.pack, "page:" + p.page}) {
			if _, ok := merged[owner]; ok {
				loads[p.page] = append(loads[p.page], owner)
			}
		}
	}
	return bundles, loads
}

// packOf an owner: the package it belongs to.
func packOf(owner string, pages []pageNeeds) string {
	if root, ok := strings.CutPrefix(owner, "pack:"); ok {
		return root
	}
	name, _ := strings.CutPrefix(owner, "page:")
	for _, p := range pages {
		if p.page == name {
			return p.pack
		}
	}
	return ""
}
