package access

import "context"

// Visitor is who uses a host app.
type Visitor struct {
	Host     string // id of the host app
	Device   string // the installation, as the host app names it; "" when it does not
	Consumer string // id, "" for somebody who has not signed in
	Session  string // id of the consumer's session, "" likewise
	Address  string // where the request came from, "" when that is unknown
}

type visitorKey struct{}

// WithVisitor is ctx of a request that came from a host app.
func WithVisitor(ctx context.Context, v Visitor) context.Context {
	return context.WithValue(ctx, visitorKey{}, v)
}

// VisitorOf is who made the request ctx belongs to. ok is false for what did not come from a host app.
func VisitorOf(ctx context.Context) (v Visitor, ok bool) {
	v, ok = ctx.Value(visitorKey{}).(Visitor)
	return v, ok
}
