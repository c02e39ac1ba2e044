package identity

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"minimart/open/identity/identitydb"
	"minimart/platform/access"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
)

// ManageConsumers is what the operator needs for all that stands here.
const ManageConsumers access.Action = "consumer.manage"

// FindConsumers pages through consumers, the newest first, or finds the one with a phone or an id. Parts of a phone find
// nobody: one cannot fish. The operator may call it.
// Errors: denied; invalid for a query that is neither, or a cursor that FindConsumers did not give; unavailable.
func (s *Service) FindConsumers(ctx context.Context, by access.Actor, query, cursor string, limit int) (page []Consumer, next string, err error) {
	if err := by.OnPlatform(ctx, ManageConsumers); err != nil {
		return nil, "", err
	}
	var wrong fault.Checks
	wrong.Require(cursor == "" || id.Check(ConsumerPrefix, cursor) == nil, "cursor", badCursor, fault.Cut(cursor, 40))
	query = strings.TrimSpace(query)
	phone, noPhone := ParsePhone(query)
	wrong.Require(query == "" || noPhone == nil || id.Check(ConsumerPrefix, query) == nil, "query", badQuery)
	if err := wrong.Err(); err != nil {
		return nil, "", err
	}
	limit = clamp(limit)
	err = s.DB.View(ctx, func(tx db.Tx) error {
		page, next = []Consumer{}, ""
		q := identitydb.New(tx)
		if query == "" {
			rows, err := q.Consumers(ctx, identitydb.ConsumersParams{Before: cursor, Most: int32(limit + 1)})
			if page = convert(rows, consumerOf); len(page) > limit {
				page = page[:limit]
				next = page[limit-1].ID
			}
			return err
		}
		var row identitydb.IdentityConsumer
		if noPhone == nil {
			row, err = q.ConsumerByPhone(ctx, string(phone))
		} else {
			row, err = q.Consumer(ctx, query)
		}
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		page = append(page, consumerOf(row))
		return err
	})
	if err != nil {
		return nil, "", err
	}
	return page, next, nil
}

// Link is who a consumer is in a host app that signs its users in itself.
type Link struct {
	Host  string
	Since int64 // unix ms
}

// File is what the operator sees of a consumer.
type File struct {
	Consumer Consumer
	Sessions []Session
	Links    []Link
}

// OpenFile shows a consumer. The operator may call it; that it did is recorded.
// Errors: denied; not_found; unavailable.
func (s *Service) OpenFile(ctx context.Context, by access.Actor, consumer string) (out File, err error) {
	if err := by.OnPlatform(ctx, ManageConsumers); err != nil {
		return File{}, err
	}
	err = s.DB.Update(ctx, func(tx db.Tx) error {
		if out.Consumer, err = findConsumer(ctx, tx, consumer); err != nil {
			return err
		}
		q, now := identitydb.New(tx), s.now()
		sessions, err := q.Sessions(ctx, identitydb.SessionsParams{ConsumerID: consumer, Most: maxSessions})
		if err != nil {
			return err
		}
		out.Sessions = slices.DeleteFunc(convert(sessions, sessionOf), func(one Session) bool { return now >= one.ExpiresAt() })
		links, err := q.LinksOf(ctx, consumer)
		if err != nil {
			return err
		}
		out.Links = convert(links, func(r identitydb.LinksOfRow) Link { return Link{Host: r.HostID, Since: r.CreatedAt} })
		return s.Log.Record(ctx, tx, access.Done(by, "", "consumer.viewed", consumer, nil))
	})
	if err != nil {
		return File{}, err
	}
	return out, nil
}

// Suspend shuts a consumer out, for a reason that operators read: sessions end at once, codes and session keys are worth
// nothing, and nothing is disclosed any more. The operator may call it.
// Errors: invalid, field reason; denied; not_found; conflict when it is suspended already; unavailable.
func (s *Service) Suspend(ctx context.Context, by access.Actor, consumer, reason string) (Consumer, error) {
	if err := by.OnPlatform(ctx, ManageConsumers); err != nil {
		return Consumer{}, err
	}
	var wrong fault.Checks
	reason = wrong.Text("reason", reason, maxReason)
	wrong.Require(reason != "", "reason", reasonMissing)
	if err := wrong.Err(); err != nil {
		return Consumer{}, err
	}
	return s.move(ctx, by, consumer, Suspended, reason)
}

// Reinstate lets a consumer in again; it signs in anew. The operator may call it.
// Errors: denied; not_found; conflict when it is not suspended; unavailable.
func (s *Service) Reinstate(ctx context.Context, by access.Actor, consumer string) (Consumer, error) {
	if err := by.OnPlatform(ctx, ManageConsumers); err != nil {
		return Consumer{}, err
	}
	return s.move(ctx, by, consumer, Active, "")
}

func (s *Service) move(ctx context.Context, by access.Actor, consumer string, to State, reason string) (c Consumer, err error) {
	err = s.DB.Update(ctx, func(tx db.Tx) error {
		if c, err = findConsumer(ctx, tx, consumer); err != nil {
			return err
		}
		if !slices.Contains(moves[c.State], to) {
			return fault.Conflict(noMove, string(c.State), string(to))
		}
		q, now := identitydb.New(tx), s.now()
		row, err := q.MoveConsumer(ctx, identitydb.MoveConsumerParams{ID: consumer, FromState: string(c.State), State: string(to), Reason: reason, ChangedAt: now})
		if err != nil {
			return err
		}
		c = consumerOf(row)
		action, topic := "consumer.reinstated", TopicReinstated
		if to == Suspended {
			action, topic = "consumer.suspended", TopicSuspended
			if err := endEverything(ctx, q, consumer); err != nil {
				return err
			}
		}
		if err := s.Log.Record(ctx, tx, access.Done(by, "", action, consumer, map[string]string{"reason": reason})); err != nil {
			return err
		}
		return tx.Emit(ctx, topic, fmt.Sprintf("%s:n%d", consumer, row.Changes), ConsumerMoved{Consumer: consumer, State: to, Reason: reason, At: now})
	})
	if err != nil {
		return Consumer{}, err
	}
	return c, nil
}

// endEverything takes away what a consumer could still use: sessions, codes on their way, session keys.
func endEverything(ctx context.Context, q *identitydb.Queries, consumer string) error {
	if _, err := q.EndSessions(ctx, consumer); err != nil {
		return err
	}
	if _, err := q.DropCodes(ctx, consumer); err != nil {
		return err
	}
	_, err := q.EndUserSessions(ctx, consumer)
	return err
}

// EndSessionsOf ends all sessions of a consumer, codes on their way and session keys: for a phone that was lost. The operator
// may call it.
// Errors: denied; not_found; unavailable.
func (s *Service) EndSessionsOf(ctx context.Context, by access.Actor, consumer string) error {
	if err := by.OnPlatform(ctx, ManageConsumers); err != nil {
		return err
	}
	return s.DB.Update(ctx, func(tx db.Tx) error {
		if _, err := findConsumer(ctx, tx, consumer); err != nil {
			return err
		}
		if err := endEverything(ctx, identitydb.New(tx), consumer); err != nil {
			return err
		}
		return s.Log.Record(ctx, tx, access.Done(by, "", "consumer.sessions-ended", consumer, nil))
	})
}
