package gateway

import "context"

// Action is what somebody wants to do in a console.
type Action string

// The actions of this room. Whoever may write may read.
const (
	ReadKeys      Action = "keys.read"
	WriteKeys     Action = "keys.write"
	ReadWebhooks  Action = "webhooks.read"
	WriteWebhooks Action = "webhooks.write"
)

// Actor is who asks in a console: a member of an organisation, or an operator.
type Actor interface {
	// ActorID names the actor in events and so in the audit log: "usr_01J…".
	ActorID() string
	// Authorize is the organisation that owns app, if the actor may do action there.
	// Errors: not_found when app is not among those the actor can see; denied when the actor's role does not allow it.
	Authorize(ctx context.Context, app string, action Action) (org string, err error)
}

// Grants knows what an app has been granted. It is asked at each call, so it answers from memory.
type Grants interface {
	// Allowed says whether app may use capability now.
	Allowed(ctx context.Context, app, capability string) (bool, error)
}

// Scope is a part of the open API that a key may be good for.
type Scope struct {
	Name       string // "orders:read"
	Capability string // what the app must have been granted beside; "" for nothing
	Title      string // in English, for consoles
	TitleZh    string // in Chinese
}
