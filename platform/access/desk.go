package access

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"minimart/platform/fault"
)

const notSignedIn = "sign in first"

var _ = fault.Chinese(map[string]string{notSignedIn: "请先登录"})

// Desk is where a room puts its routes for consoles.
type Desk struct {
	Console huma.API // the group under /api/console/v1
	Who     Who
	Tag     string // of the operations in the OpenAPI document
	MaxBody int64  // bytes of the longest body a request has
}

// Route adds an operation to a desk, "console-" and name in the OpenAPI document. Its handler is given the actor who asks; what
// the actor may do is decided in the service. Each of change may set what is special about the operation.
func Route[I, O any](d Desk, name, method, path, summary string, handle func(context.Context, Actor, *I) (*O, error), change ...func(*huma.Operation)) {
	op := huma.Operation{OperationID: "console-" + name, Method: method, Path: path, Summary: summary, Tags: []string{d.Tag}, MaxBodyBytes: d.MaxBody}
	for _, set := range change {
		set(&op)
	}
	huma.Register(d.Console, op, ByActor(d.Who, handle))
}

// ByActor gives a handler the actor who asks.
func ByActor[I, O any](who Who, handle func(context.Context, Actor, *I) (*O, error)) func(context.Context, *I) (*O, error) {
	return func(ctx context.Context, in *I) (*O, error) {
		actor, err := who(ctx)
		if err != nil {
			return nil, err
		}
		return handle(ctx, actor, in)
	}
}

// ByConsumer gives a handler of the host apps' routes the visitor, who is signed in.
func ByConsumer[I, O any](handle func(context.Context, Visitor, *I) (*O, error)) func(context.Context, *I) (*O, error) {
	return func(ctx context.Context, in *I) (*O, error) {
		v, ok := VisitorOf(ctx)
		if !ok || v.Consumer == "" {
			return nil, fault.Unauthenticated(notSignedIn)
		}
		return handle(ctx, v, in)
	}
}
