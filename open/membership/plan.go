package membership

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"

	"minimart/open/membership/membershipdb"
	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/money"
)

// Plan is what a consumer may join.
type Plan struct {
	Code  string // "plus-month": 1 to 40 of a-z, 0-9 and hyphens
	Zh    string // name, 1 to 30 characters
	En    string
	Days  int64     // 1 to 3660
	Price money.Fen // 0 for plans that can be joined before there is a cashier; at most 1 000 000 yuan
}

// Free says whether the plan can be joined now.
func (p Plan) Free() bool { return p.Price == 0 }

const (
	maxPlans  = 20
	maxName   = 30
	maxDays   = 3660
	maxPrice  = 1_000_000 * money.Yuan
	maxReason = 500
)

var codePattern = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

func (p *Plan) check(c *fault.Checks, at string) {
	c.Require(codePattern.MatchString(p.Code) && len(p.Code) <= 40, at+".code", badCode)
	for _, name := range []struct {
		field string
		text  *string
	}{{at + ".name.zh", &p.Zh}, {at + ".name.en", &p.En}} {
		*name.text = c.Line(name.field, *name.text, maxName)
		c.Require(*name.text != "", name.field, nameMissing)
	}
	c.Require(p.Days >= 1 && p.Days <= maxDays, at+".days", badDays, maxDays)
	c.Require(p.Price >= 0 && p.Price <= maxPrice, at+".price", badPrice, int64(maxPrice))
}

// Plans are those on offer, in the operator's order. Anybody may call it.
// Errors: unavailable.
func (s *Service) Plans(ctx context.Context) (plans []Plan, err error) {
	err = s.DB.View(ctx, func(tx db.Tx) error {
		plans, err = offered(ctx, tx)
		return err
	})
	return plans, err
}

func offered(ctx context.Context, tx db.Tx) ([]Plan, error) {
	rows, err := membershipdb.New(tx).Plans(ctx)
	plans := make([]Plan, len(rows))
	for i, r := range rows {
		plans[i] = Plan{Code: r.Code, Zh: r.NameZh, En: r.NameEn, Days: r.Days, Price: money.Fen(r.Price)}
	}
	return plans, err
}

// ShowPlans are the plans on offer, for the operator.
// Errors: denied; unavailable.
func (s *Service) ShowPlans(ctx context.Context, by access.Actor) ([]Plan, error) {
	if err := by.OnPlatform(ctx, ReadPlans); err != nil {
		return nil, err
	}
	return s.Plans(ctx)
}

// SetPlans replaces the list of plans on offer. Who has a plan that is no longer on it stays a member until the end. The
// operator may call it.
// Errors: invalid with every field that is wrong; denied; unavailable.
func (s *Service) SetPlans(ctx context.Context, by access.Actor, plans []Plan) ([]Plan, error) {
	if err := by.OnPlatform(ctx, ConfigurePlans); err != nil {
		return nil, err
	}
	var c fault.Checks
	c.Require(len(plans) <= maxPlans, "items", tooManyPlans, len(plans), maxPlans)
	seen := map[string]bool{}
	if !c.Failed() {
		for i := range plans {
			at := fmt.Sprintf("items[%d]", i)
			plans[i].check(&c, at)
			c.Require(!seen[plans[i].Code], at+".code", codeTwice, fault.Cut(plans[i].Code, 40))
			seen[plans[i].Code] = true
		}
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	var out []Plan
	err := s.DB.Update(ctx, func(tx db.Tx) (err error) {
		q, now := membershipdb.New(tx), clock.Millis(s.Clock)
		if err := q.RetirePlans(ctx, now); err != nil {
			return err
		}
		detail := map[string]string{}
		for i, p := range plans {
			err := q.PutPlan(ctx, membershipdb.PutPlanParams{Code: p.Code, NameZh: p.Zh, NameEn: p.En, Days: p.Days, Price: int64(p.Price), Place: int64(i), ChangedAt: now})
			if err != nil {
				return err
			}
			detail[p.Code] = fmt.Sprintf("%d days, %s", p.Days, p.Price)
		}
		if out, err = offered(ctx, tx); err != nil {
			return err
		}
		return s.Log.Record(ctx, tx, access.Done(by, "", "membership.plans-changed", "plans", detail))
	})
	return out, err
}

// joinable finds a plan that can be had now.
// Errors: invalid, field plan, for one that is not on offer; conflict for one that has a price.
func joinable(ctx context.Context, tx db.Tx, code string) (Plan, error) {
	if !codePattern.MatchString(code) || len(code) > 40 {
		return Plan{}, fault.Invalid("plan", noPlan, fault.Cut(code, 40))
	}
	r, err := membershipdb.New(tx).Plan(ctx, code)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !r.Offered {
		return Plan{}, fault.Invalid("plan", noPlan, code)
	}
	p := Plan{Code: r.Code, Zh: r.NameZh, En: r.NameEn, Days: r.Days, Price: money.Fen(r.Price)}
	if err == nil && !p.Free() {
		err = fault.Conflict(opensWithCashier, p.Code, p.Price.String())
	}
	return p, err
}
