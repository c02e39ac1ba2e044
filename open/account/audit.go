package account

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"

	"minimart/open/account/accountdb"
	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
)

// Entry is one thing somebody did. Entries are never changed or deleted.
type Entry = access.Entry

// maxDetail is how large the detail of an entry may be, in bytes of JSON.
const maxDetail = 8 << 10

// Record writes an entry in the transaction that makes it true. Rooms that change something of an organisation call it.
// Errors: of an entry that cannot be written, which is a mistake of the caller's code; of the database.
func (s *Service) Record(ctx context.Context, tx db.Tx, e Entry) error {
	if err := db.CheckTopic(e.Action); err != nil {
		return fmt.Errorf("account: audit action: %w", err)
	}
	if len(e.Target) > 200 {
		return fmt.Errorf("account: audit entry %s: the target has %d bytes, at most 200 fit", e.Action, len(e.Target))
	}
	if e.Detail == nil {
		e.Detail = map[string]string{}
	}
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return err
	}
	if len(detail) > maxDetail {
		return fmt.Errorf("account: audit entry %s: the detail has %d bytes, at most %d fit", e.Action, len(detail), maxDetail)
	}
	if _, err := netip.ParseAddr(e.IP); err != nil {
		e.IP = ""
	}
	return accountdb.New(tx).AddAudit(ctx, accountdb.AddAuditParams{
		ID: id.New(AuditPrefix), OrgID: e.Org, PersonID: e.Actor, Action: e.Action, Target: e.Target, Detail: string(detail), Address: e.IP, At: clock.Millis(s.clock),
	})
}

// Recorded is an entry in the log.
type Recorded struct {
	Entry
	ID        string
	ActorName string // as it is called today
	At        int64  // unix ms
}

// auditTop sorts after every id.
const auditTop = AuditPrefix + "_Z"

// Audit pages through what happened in an organisation, the newest first: up to limit (1 to 100) entries, and the cursor of
// the next page, "" at the end. Its owners may call it.
// Errors: invalid for a cursor that Audit did not give; not_found; denied; unavailable.
func (s *Service) Audit(ctx context.Context, by Session, org, cursor string, limit int) ([]Recorded, string, error) {
	return s.audit(ctx, cursor, limit, func(tx db.Tx, before string, most int32) ([]accountdb.AuditOfAllRow, error) {
		if err := s.AuthorizeIn(ctx, tx, by, org, AuditRead); err != nil {
			return nil, err
		}
		rows, err := accountdb.New(tx).AuditOfOrganisation(ctx, accountdb.AuditOfOrganisationParams{OrgID: org, Before: before, Most: most})
		return convert(rows, func(r accountdb.AuditOfOrganisationRow) accountdb.AuditOfAllRow { return accountdb.AuditOfAllRow(r) }), err
	})
}

// OwnAudit pages through what the person of a session did, as [Service.Audit] does.
// Errors: invalid for a cursor; unavailable.
func (s *Service) OwnAudit(ctx context.Context, by Session, cursor string, limit int) ([]Recorded, string, error) {
	return s.audit(ctx, cursor, limit, func(tx db.Tx, before string, most int32) ([]accountdb.AuditOfAllRow, error) {
		rows, err := accountdb.New(tx).AuditOfPerson(ctx, accountdb.AuditOfPersonParams{PersonID: by.Person, Before: before, Most: most})
		return convert(rows, func(r accountdb.AuditOfPersonRow) accountdb.AuditOfAllRow { return accountdb.AuditOfAllRow(r) }), err
	})
}

// PlatformAudit pages through everything that happened, as [Service.Audit] does. The operator may call it.
// Errors: invalid for a cursor; denied; unavailable.
func (s *Service) PlatformAudit(ctx context.Context, by Session, cursor string, limit int) ([]Recorded, string, error) {
	return s.audit(ctx, cursor, limit, func(tx db.Tx, before string, most int32) ([]accountdb.AuditOfAllRow, error) {
		if _, err := s.AuthorizeOperatorIn(ctx, tx, by, PlatformAudit); err != nil {
			return nil, err
		}
		return accountdb.New(tx).AuditOfAll(ctx, accountdb.AuditOfAllParams{Before: before, Most: most})
	})
}

func (s *Service) audit(ctx context.Context, cursor string, limit int, read func(tx db.Tx, before string, most int32) ([]accountdb.AuditOfAllRow, error)) (page []Recorded, next string, err error) {
	before := auditTop
	if cursor != "" {
		if id.Check(AuditPrefix, cursor) != nil {
			return nil, "", fault.Invalid("cursor", badCursor, fault.Cut(cursor, 40))
		}
		before = cursor
	}
	limit = clamp(limit)
	var rows []accountdb.AuditOfAllRow
	err = s.db.View(ctx, func(tx db.Tx) (err error) {
		rows, err = read(tx, before, int32(limit+1))
		return err
	})
	if err != nil {
		return nil, "", err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	page = make([]Recorded, len(rows))
	for i, r := range rows {
		page[i] = Recorded{ID: r.ID, ActorName: r.PersonName, At: r.At, Entry: Entry{Actor: r.PersonID, Org: r.OrgID, Action: r.Action, Target: r.Target, IP: r.Address}}
		if err := json.Unmarshal([]byte(r.Detail), &page[i].Detail); err != nil {
			return nil, "", fmt.Errorf("account: the detail of %s cannot be read: %w", r.ID, err)
		}
	}
	return page, next, nil
}

func clamp(limit int) int { return max(1, min(limit, 100)) }

func convert[A, B any](in []A, one func(A) B) []B {
	out := make([]B, len(in))
	for i, a := range in {
		out[i] = one(a)
	}
	return out
}
