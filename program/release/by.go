package release

import (
	"cmp"
	"context"

	"minimart/platform/access"
	"minimart/platform/db"
)

// By is who does something, once it is known that they may. The zero value is the platform itself.
type By struct {
	Person  string // id, "" for a server
	Key     string // id of the server's key
	Org     string // organisation it is done in
	Address string // where the request came from
}

// ByActor is somebody in a console.
func ByActor(a access.Actor, org string) By {
	return By{Person: a.ActorID(), Org: org, Address: a.Address()}
}

// ByCaller is a server with a key.
func ByCaller(c access.Caller) By { return By{Key: c.Key, Org: c.Org} }

// id is what is kept about who did it.
func (b By) id() string { return cmp.Or(b.Person, b.Key) }

// entry is something done, for the audit log.
func (b By) entry(action, target string, detail map[string]string) access.Entry {
	if b.Key != "" {
		with := map[string]string{"key": b.Key}
		for k, v := range detail {
			with[k] = v
		}
		detail = with
	}
	return access.Entry{Actor: b.Person, Org: b.Org, Action: action, Target: target, Detail: detail, IP: b.Address}
}

// note writes an audit entry in the transaction that makes it true.
func (s *Service) note(ctx context.Context, tx db.Tx, b By, action, target string, detail map[string]string) error {
	if s.log == nil {
		return nil
	}
	return s.log.Record(ctx, tx, b.entry(action, target, detail))
}
