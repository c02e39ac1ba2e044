package style

// Kind is what a style belongs to; the rules for its selectors differ.
type Kind uint8

// The kinds of styles.
const (
	App Kind = iota
	Page
	Component
)

// Scope says which elements a style may reach. The runtime puts the prefixed
// class names on the elements of the unit, and the class Host on its root.
type Scope struct {
	Kind   Kind
	Prefix string // in front of class and keyframe names: "p3--"; "" for the app and for shared styles
	Host   string // class of the page root or host element; "" means the same as Prefix
}

func (s Scope) host() string {
	if s.Host != "" {
		return s.Host
	}
	return s.Prefix
}
