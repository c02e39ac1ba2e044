package access

import (
	"context"

	"github.com/danielgtaylor/huma/v2"
)

// Scope is a part of the open API that a key may be good for.
type Scope struct {
	Name       string // "orders:read"
	Capability string // what the app must have been granted beside; "" for nothing
	Title      string // in English, for consoles
	TitleZh    string // in Chinese
}

// Door lets servers in that sign their calls. open/gateway is one.
type Door interface {
	// Guard is op behind the door, described in the OpenAPI document: for keys with the scope, of apps that were granted what
	// the scope needs.
	Guard(op huma.Operation, scope string) huma.Operation
}

// Caller is the server that calls the open API.
type Caller struct {
	App    string
	Org    string
	Key    string   // id
	Scopes []string // of the key, sorted; not to be changed
}

type callerKey struct{}

// WithCaller is ctx of a call that was let in.
func WithCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// CallerOf is who made the call ctx belongs to. ok is false for what did not come through a door.
func CallerOf(ctx context.Context) (c Caller, ok bool) {
	c, ok = ctx.Value(callerKey{}).(Caller)
	return c, ok
}
