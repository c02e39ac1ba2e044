package access

import (
	"context"

	"minimart/platform/db"
)

// Action is what somebody wants to do: "program.write". A room declares those it asks for; the table of roles says who may.
type Action string

// Actor is who asks in a console, for the time of one request. Each question reads the roles anew.
type Actor interface {
	// ActorID names the actor in the audit log: "usr_01J…".
	ActorID() string
	// Address is where the request came from, "" when that is unknown.
	Address() string
	// InApp is the organisation that owns app, if the actor may do a there.
	// Errors: not_found when app is not among those the actor can see; denied when the actor's role does not allow it.
	InApp(ctx context.Context, app string, a Action) (org string, err error)
	// InOrganisation says whether the actor may do a in org. Errors: as InApp.
	InOrganisation(ctx context.Context, org string, a Action) error
	// OnPlatform says whether the actor may do a as the operator. Errors: denied.
	OnPlatform(ctx context.Context, a Action) error
}

// Who finds out who asks in a console.
// Errors: unauthenticated.
type Who func(ctx context.Context) (Actor, error)

// Entry is one thing somebody did, for the audit log.
type Entry struct {
	Actor  string            // person, "" for the platform itself
	Org    string            // organisation it concerns, "" for what concerns the actor alone
	Action string            // what happened, in words of a-z with dots and hyphens: "member.removed"
	Target string            // id of what it happened to
	Detail map[string]string // what a reader needs to know besides: "from", "to", "reason". No secrets.
	IP     string            // where the request came from, "" for none
}

// Done is the entry of what an actor did.
func Done(a Actor, org, action, target string, detail map[string]string) Entry {
	return Entry{Actor: a.ActorID(), Org: org, Action: action, Target: target, Detail: detail, IP: a.Address()}
}

// Log is the audit log.
type Log interface {
	// Record writes an entry in the transaction that makes it true.
	Record(ctx context.Context, tx db.Tx, e Entry) error
}
