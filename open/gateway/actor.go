package gateway

import (
	"context"

	"minimart/platform/access"
)

// What somebody in a console must be allowed to do.
const (
	ReadKeys      access.Action = "key.read"
	WriteKeys     access.Action = "key.manage"
	ReadWebhooks  access.Action = "webhook.read"
	WriteWebhooks access.Action = "webhook.manage"
)

// Grants knows what an app has been granted. It is asked at each call, so it answers from memory.
type Grants interface {
	// Allowed says whether app may use capability now.
	Allowed(ctx context.Context, app, capability string) (bool, error)
}

// Scope is a part of the open API that a key may be good for.
type Scope = access.Scope
