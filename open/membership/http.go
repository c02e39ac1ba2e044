package membership

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"minimart/open/host"
	"minimart/platform/access"
	"minimart/platform/fault"
	"minimart/platform/httpapi"
	"minimart/platform/money"
)

// HostRoutes adds the room's routes to the door of the host apps, see host.Guard.
func (s *Service) HostRoutes(api huma.API) {
	r := &hostRoutes{s}
	op := hostOperation
	huma.Register(api, op("list-membership-plans", "GET", "/membership/plans", "The plans on offer"), r.plans)
	huma.Register(api, host.SignedIn(op("membership", "GET", "/membership", "How one's membership stands")), access.ByConsumer(r.own))
	huma.Register(api, host.SignedIn(op("membership-history", "GET", "/membership/history", "What became of it")), access.ByConsumer(r.history))
	huma.Register(api, host.SignedIn(op("join-membership", "POST", "/membership", "Join by a plan that costs nothing")), access.ByConsumer(r.join))
	huma.Register(api, host.SignedIn(op("renew-membership", "POST", "/membership/renewal", "Extend it from its end")), access.ByConsumer(r.renew))
	huma.Register(api, host.SignedIn(op("set-membership-renewal", "PUT", "/membership/renewal", "Whether it renews itself")), access.ByConsumer(r.setAuto))
	huma.Register(api, host.SignedIn(op("program-membership", "GET", "/programs/{app}/membership", "What a program learns: jd.getPlusStatus")), access.ByConsumer(r.status))
}

// OpenRoutes adds the membership behind an openid to the open API.
func (s *Service) OpenRoutes(api huma.API, door access.Door) {
	op := huma.Operation{
		OperationID: "open-membership", Method: "GET", Path: "/open/v1/consumers/{openid}/membership", Tags: []string{"membership"},
		Summary: "The membership of a consumer who agreed to it",
	}
	huma.Register(api, door.Guard(op, ReadScope), s.openStatus)
}

// ConsoleRoutes adds the operator's routes to the consoles' door.
func (s *Service) ConsoleRoutes(console huma.API, who access.Who) {
	r, desk := operatorRoutes{s}, access.Desk{Console: console, Who: who, Tag: "operator", MaxBody: maxBody}
	const one = "/operator/consumers/{consumer}/membership"
	access.Route(desk, "membership-plans", "GET", "/operator/membership/plans", "The plans on offer", r.plans)
	access.Route(desk, "set-membership-plans", "PUT", "/operator/membership/plans", "Replace the list of plans", r.setPlans)
	access.Route(desk, "consumer-membership", "GET", one, "How a consumer's membership stands, and what became of it", r.look)
	access.Route(desk, "grant-membership", "POST", one, "Give a consumer days", r.grant)
	access.Route(desk, "remove-membership", "DELETE", one, "End a consumer's membership", r.remove)
}

const maxBody = 16 << 10

func hostOperation(name, method, path, summary string) huma.Operation {
	return huma.Operation{OperationID: "host-" + name, Method: method, Path: path, Summary: summary, Tags: []string{"membership"}, MaxBodyBytes: maxBody}
}

type membershipName struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

type membershipPlan struct {
	Code  string         `json:"code" example:"plus-month"`
	Name  membershipName `json:"name"`
	Days  int64          `json:"days"`
	Price int64          `json:"price" doc:"Fen"`
}

type membershipOffer struct {
	Code     string         `json:"code"`
	Name     membershipName `json:"name"`
	Days     int64          `json:"days"`
	Price    int64          `json:"price" doc:"Fen"`
	Joinable bool           `json:"joinable" doc:"Whether it can be joined now"`
	Note     string         `json:"note,omitempty" doc:"Why not yet"`
}

type membershipOwn struct {
	Level string `json:"level" enum:"none,plus"`
	Until int64  `json:"until" doc:"Unix ms, 0 for none"`
	State State  `json:"state" enum:"none,active,expired,removed"`
	Plan  string `json:"plan" doc:"Code, empty when the platform gave it"`
	Since int64  `json:"since" doc:"Unix ms, of the present stretch; 0 for none"`
	Ends  int64  `json:"ends" doc:"Unix ms, the end also when it is past; 0 for none"`
	Auto  bool   `json:"auto" doc:"Whether it renews itself"`
}

type membershipStep struct {
	Step  Step   `json:"step" enum:"joined,renewed,granted,expired,cancelled"`
	Plan  string `json:"plan"`
	Until int64  `json:"until" doc:"Unix ms, the end afterwards"`
	By    string `json:"by" enum:"consumer,operator,clock"`
	At    int64  `json:"at" doc:"Unix ms"`
}

type membershipOperatorStep struct {
	Step   Step   `json:"step" enum:"joined,renewed,granted,expired,cancelled"`
	Plan   string `json:"plan"`
	Until  int64  `json:"until" doc:"Unix ms, the end afterwards"`
	By     string `json:"by" enum:"consumer,operator,clock"`
	Reason string `json:"reason"`
	At     int64  `json:"at" doc:"Unix ms"`
}

type membershipStatus struct {
	Level string `json:"level" enum:"none,plus"`
	Until int64  `json:"until" doc:"Unix ms, 0 for none"`
}

type membershipFile struct {
	Membership membershipOwn            `json:"membership"`
	History    []membershipOperatorStep `json:"history" nullable:"false" doc:"The newest hundred steps"`
}

type noInput struct{}

type languageInput struct {
	AcceptLanguage string `header:"Accept-Language"`
}

type pageInput struct {
	Cursor string `query:"cursor" maxLength:"64"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"100"`
}

type joinInput struct {
	Body struct {
		Plan string `json:"plan" doc:"Code"`
		Auto bool   `json:"auto,omitempty" doc:"Whether it is to renew itself"`
	}
}

type renewInput struct {
	Body struct {
		Plan  string `json:"plan,omitempty" doc:"Code; default the one it has"`
		Until int64  `json:"until" doc:"The end as it was shown: a second click extends nothing"`
	}
}

type autoInput struct {
	Body struct {
		Auto bool `json:"auto"`
	}
}

type programInput struct {
	App    string `path:"app" maxLength:"64"`
	Ticket string `query:"ticket" maxLength:"200" doc:"The one the program was opened with, if any"`
}

type openidInput struct {
	OpenID string `path:"openid" maxLength:"64"`
}

type plansInput struct {
	Body struct {
		Items []membershipPlan `json:"items" nullable:"false"`
	}
}

type consumerInput struct {
	Consumer string `path:"consumer" maxLength:"64"`
}

type grantInput struct {
	Consumer string `path:"consumer" maxLength:"64"`
	Body     struct {
		Days   int64  `json:"days"`
		Reason string `json:"reason"`
	}
}

type removeInput struct {
	Consumer string `path:"consumer" maxLength:"64"`
	Reason   string `query:"reason" doc:"For operators; 1 to 500 characters"`
}

type hostRoutes struct{ *Service }

func (r *hostRoutes) plans(ctx context.Context, in *languageInput) (*httpapi.PageAnswer[membershipOffer], error) {
	plans, err := r.Plans(ctx)
	note := fault.Conflict(waitsForCashier).In(fault.Match(in.AcceptLanguage))
	return httpapi.Paged(plans, "", err, func(p Plan) membershipOffer {
		o := membershipOffer{Code: p.Code, Name: membershipName{p.Zh, p.En}, Days: p.Days, Price: int64(p.Price), Joinable: p.Free()}
		if !o.Joinable {
			o.Note = note
		}
		return o
	})
}

func (s *Service) shape(m Membership) membershipOwn {
	level, until := m.LevelAt(s.Clock.Now().UnixMilli())
	return membershipOwn{Level: level, Until: until, State: m.State, Plan: m.Plan, Since: m.Since, Ends: m.Until, Auto: m.Auto}
}

func (s *Service) shaped(m Membership, err error) (*httpapi.Answer[membershipOwn], error) {
	return httpapi.Body(s.shape(m)), err
}

func (r *hostRoutes) own(ctx context.Context, v access.Visitor, _ *noInput) (*httpapi.Answer[membershipOwn], error) {
	return r.shaped(r.Of(ctx, v.Consumer))
}

func (r *hostRoutes) history(ctx context.Context, v access.Visitor, in *pageInput) (*httpapi.PageAnswer[membershipStep], error) {
	items, next, err := r.History(ctx, v.Consumer, in.Cursor, in.Limit)
	return httpapi.Paged(items, next, err, func(e Event) membershipStep { return membershipStep{e.Step, e.Plan, e.Until, e.By, e.At} })
}

func (r *hostRoutes) join(ctx context.Context, v access.Visitor, in *joinInput) (*httpapi.Answer[membershipOwn], error) {
	return r.shaped(r.Join(ctx, v, in.Body.Plan, in.Body.Auto))
}

func (r *hostRoutes) renew(ctx context.Context, v access.Visitor, in *renewInput) (*httpapi.Answer[membershipOwn], error) {
	return r.shaped(r.Renew(ctx, v, in.Body.Plan, in.Body.Until))
}

func (r *hostRoutes) setAuto(ctx context.Context, v access.Visitor, in *autoInput) (*httpapi.Answer[membershipOwn], error) {
	return r.shaped(r.SetAuto(ctx, v, in.Body.Auto))
}

func (r *hostRoutes) status(ctx context.Context, _ access.Visitor, in *programInput) (*httpapi.Answer[membershipStatus], error) {
	level, until, err := r.StatusInHost(ctx, in.App, in.Ticket)
	return httpapi.Body(membershipStatus{level, until}), err
}

func (s *Service) openStatus(ctx context.Context, in *openidInput) (*httpapi.Answer[membershipStatus], error) {
	caller, through := access.CallerOf(ctx)
	if !through {
		return nil, fault.Unauthenticated(notSignedIn)
	}
	level, until, err := s.Status(ctx, caller.App, in.OpenID)
	return httpapi.Body(membershipStatus{level, until}), err
}

type operatorRoutes struct{ *Service }

func shapePlan(p Plan) membershipPlan {
	return membershipPlan{Code: p.Code, Name: membershipName{p.Zh, p.En}, Days: p.Days, Price: int64(p.Price)}
}

func (r operatorRoutes) plans(ctx context.Context, by access.Actor, _ *noInput) (*httpapi.PageAnswer[membershipPlan], error) {
	plans, err := r.ShowPlans(ctx, by)
	return httpapi.Paged(plans, "", err, shapePlan)
}

func (r operatorRoutes) setPlans(ctx context.Context, by access.Actor, in *plansInput) (*httpapi.PageAnswer[membershipPlan], error) {
	plans := make([]Plan, len(in.Body.Items))
	for i, p := range in.Body.Items {
		plans[i] = Plan{Code: p.Code, Zh: p.Name.Zh, En: p.Name.En, Days: p.Days, Price: money.Fen(p.Price)}
	}
	plans, err := r.SetPlans(ctx, by, plans)
	return httpapi.Paged(plans, "", err, shapePlan)
}

func (r operatorRoutes) look(ctx context.Context, by access.Actor, in *consumerInput) (*httpapi.Answer[membershipFile], error) {
	m, err := r.Look(ctx, by, in.Consumer)
	if err != nil {
		return nil, err
	}
	steps, _, err := r.History(ctx, in.Consumer, "", 100)
	out := membershipFile{Membership: r.shape(m), History: make([]membershipOperatorStep, len(steps))}
	for i, e := range steps {
		out.History[i] = membershipOperatorStep{e.Step, e.Plan, e.Until, e.By, e.Reason, e.At}
	}
	return httpapi.Body(out), err
}

func (r operatorRoutes) grant(ctx context.Context, by access.Actor, in *grantInput) (*httpapi.Answer[membershipOwn], error) {
	return r.shaped(r.Grant(ctx, by, in.Consumer, Gift(in.Body)))
}

func (r operatorRoutes) remove(ctx context.Context, by access.Actor, in *removeInput) (*httpapi.Answer[membershipOwn], error) {
	return r.shaped(r.Remove(ctx, by, in.Consumer, in.Reason))
}
