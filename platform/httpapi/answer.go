package httpapi

// Answer is an answer with a body, for handlers of huma.
type Answer[T any] struct{ Body T }

// List is a body that holds things.
type List[T any] struct {
	Items []T `json:"items" nullable:"false"`
}

// Page is a piece of a long list.
type Page[T any] struct {
	Items []T    `json:"items" nullable:"false"`
	Next  string `json:"next" doc:"Cursor of the next page, empty at the end"`
}

// ListAnswer and PageAnswer are answers with many things.
type (
	ListAnswer[T any] = Answer[List[T]]
	PageAnswer[T any] = Answer[Page[T]]
)

// Body is the answer with v as its body.
func Body[T any](v T) *Answer[T] { return &Answer[T]{v} }

// Listed answers items in the shape they have on the wire, or err.
func Listed[A, B any](items []A, err error, shape func(A) B) (*ListAnswer[B], error) {
	return Body(List[B]{Each(items, shape)}), err
}

// Paged is Listed for a page, with the cursor of the next one.
func Paged[A, B any](items []A, next string, err error, shape func(A) B) (*PageAnswer[B], error) {
	return Body(Page[B]{Each(items, shape), next}), err
}

// Each is every item in another shape; never nil.
func Each[A, B any](items []A, shape func(A) B) []B {
	out := make([]B, len(items))
	for i, a := range items {
		out[i] = shape(a)
	}
	return out
}
