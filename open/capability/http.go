package capability

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"minimart/platform/access"
	"minimart/platform/clock"
	"minimart/platform/fault"
	"minimart/platform/httpapi"
)

// ConsoleRoutes add the capability centre to the consoles' door.
func (s *Service) ConsoleRoutes(console huma.API, who access.Who) {
	const ofApp, forOperator = "/apps/{app}/capabilities", "/operator/apps/{app}/capabilities/{capability}"
	desk := access.Desk{Console: console, Who: who, Tag: "console", MaxBody: 256 << 10} // 20 answers of 2,000 characters
	access.Route(desk, "list-capabilities", "GET", ofApp, "All capabilities, and how an app stands with each", s.listStandings)
	access.Route(desk, "apply-for-capability", "POST", ofApp+"/{capability}/application", "Apply for a capability", s.apply)
	access.Route(desk, "withdraw-application", "DELETE", ofApp+"/{capability}/application", "Withdraw the application", s.withdraw)

	access.Route(desk, "capability-catalogue", "GET", "/operator/capabilities", "All capabilities, and how much they are asked for", s.listCatalogue)
	access.Route(desk, "list-applications", "GET", "/operator/applications", "Applications; those that wait come in the order they came in", s.listApplications)
	access.Route(desk, "application", "GET", "/operator/applications/{application}", "An application with its answers", s.showApplication)
	access.Route(desk, "decide-application", "POST", "/operator/applications/{application}/decision", "Approve or reject it", s.decide)
	access.Route(desk, "list-grants", "GET", "/operator/grants", "Which app has, had or will have what", s.listGrants)
	access.Route(desk, "revoke-capability", "POST", forOperator+"/revocation", "Take a capability away from an app, at once", s.revoke)
	access.Route(desk, "invite-to-beta", "PUT", forOperator+"/invitation", "Let an app apply for a closed beta", s.invite)
	access.Route(desk, "uninvite-from-beta", "DELETE", forOperator+"/invitation", "Withdraw the invitation", s.uninvite)
}

type questionView struct {
	Key      string `json:"key"`
	Words    Words  `json:"words"`
	Required bool   `json:"required"`
	Max      int    `json:"max" doc:"Characters"`
}

type limitsView struct {
	CallsPerDay     map[string]int64 `json:"callsPerDay" doc:"By scope of the open API; a scope that is not there has no limit"`
	ConsumersPerDay int64            `json:"consumersPerDay" doc:"Different consumers, 0 for no limit"`
}

func viewLimits(l Limits) limitsView {
	if l.CallsPerDay == nil {
		l.CallsPerDay = map[string]int64{}
	}
	return limitsView(l)
}

// specView is a capability as it is declared.
type specView struct {
	Name       string         `json:"name"`
	Title      Words          `json:"title"`
	Summary    Words          `json:"summary"`
	Opens      Words          `json:"opens" doc:"What works with it that does not without"`
	APIs       []string       `json:"apis" doc:"Names in JavaScript, without jd. and wx."`
	Components []string       `json:"components"`
	Scopes     []string       `json:"scopes" doc:"Of the open API"`
	Form       []questionView `json:"form" doc:"What is asked of applications"`
	Admission  Admission      `json:"admission" enum:"open,closed-beta,special"`
	Verified   bool           `json:"verified" doc:"Whether only verified organisations may apply"`
	Privacy    string         `json:"privacy" doc:"Kind of privacy statement a version that uses it must have, empty for none"`
	Quota      limitsView     `json:"quota" doc:"What a grant gives when the reviewer says nothing else"`
	Stage      Stage          `json:"stage" enum:"live,announced"`
}

func viewSpec(c Capability) specView {
	some := func(s []string) []string { return append([]string{}, s...) }
	return specView{
		Name: c.Name, Title: c.Title, Summary: c.Summary, Opens: c.Opens, APIs: some(c.APIs), Components: some(c.Components), Scopes: some(c.Scopes),
		Form: httpapi.Each(c.form(), func(q Question) questionView { return questionView(q) }), Admission: c.Admission, Verified: c.Verified, Privacy: c.Privacy,
		Quota: viewLimits(c.Quota), Stage: c.Stage,
	}
}

// ownApplication is an application as the app's people see it.
type ownApplication struct {
	ID        string            `json:"id"`
	State     State             `json:"state" enum:"applied,approved,rejected,withdrawn"`
	Answers   map[string]string `json:"answers" doc:"By the keys of the form"`
	Reason    string            `json:"reason" doc:"What the reviewer says"`
	AppliedBy string            `json:"appliedBy"`
	AppliedAt int64             `json:"appliedAt" doc:"Unix ms"`
	DecidedAt int64             `json:"decidedAt" doc:"Unix ms, 0 until then"`
}

func viewOwn(a Application) ownApplication {
	return ownApplication{a.ID, a.State, a.Answers, a.Reason, a.AppliedBy, a.AppliedAt, a.DecidedAt}
}

// ownGrant is a grant as the app's people see it.
type ownGrant struct {
	State     GrantState `json:"state" enum:"scheduled,live,expired,revoked"`
	Limits    limitsView `json:"limits"`
	From      int64      `json:"from" doc:"Unix ms"`
	Until     int64      `json:"until" doc:"Unix ms, 0 for no end"`
	RevokedAt int64      `json:"revokedAt" doc:"Unix ms, 0 when it was not"`
	Reason    string     `json:"reason" doc:"Why it was revoked"`
}

type standingView struct {
	Capability  specView        `json:"capability"`
	Granted     bool            `json:"granted" doc:"Whether the app may use it now"`
	Application *ownApplication `json:"application,omitempty" doc:"The latest"`
	Grant       *ownGrant       `json:"grant,omitempty" doc:"The one that is live, or will be, or the last that was"`
	Invited     bool            `json:"invited" doc:"To a closed beta"`
	MayApply    bool            `json:"mayApply"`
	Obstacle    Obstacle        `json:"obstacle" enum:",announced,not-invited,not-verified,applied" doc:"Why it may not, empty when it may"`
}

type ofApp struct {
	App string `path:"app" maxLength:"64" doc:"Id of the app"`
}

type ofBoth struct {
	App        string `path:"app" maxLength:"64" doc:"Id of the app"`
	Capability string `path:"capability" maxLength:"64"`
}

func (s *Service) listStandings(ctx context.Context, by access.Actor, in *ofApp) (*httpapi.ListAnswer[standingView], error) {
	found, err := s.Standings(ctx, by, in.App)
	now := clock.Millis(s.clock)
	return httpapi.Listed(found, err, func(st Standing) standingView {
		v := standingView{Capability: viewSpec(st.Capability), Invited: st.Invited, MayApply: st.Obstacle == NoObstacle, Obstacle: st.Obstacle}
		if st.Application != nil {
			a := viewOwn(*st.Application)
			v.Application = &a
		}
		if g := st.Grant; g != nil {
			v.Grant = &ownGrant{g.State(now), viewLimits(g.Limits), g.From, g.Until, g.RevokedAt, g.Reason}
			v.Granted = st.Capability.Stage == Live && v.Grant.State == GrantLive
		}
		return v
	})
}

type applyInput struct {
	App        string `path:"app" maxLength:"64" doc:"Id of the app"`
	Capability string `path:"capability" maxLength:"64"`
	Body       struct {
		Answers map[string]string `json:"answers" nullable:"false" doc:"By the keys of the form"`
	}
}

func (s *Service) apply(ctx context.Context, by access.Actor, in *applyInput) (*httpapi.Answer[ownApplication], error) {
	a, err := s.Apply(ctx, by, in.App, in.Capability, in.Body.Answers)
	return httpapi.Body(viewOwn(a)), err
}

func (s *Service) withdraw(ctx context.Context, by access.Actor, in *ofBoth) (*httpapi.Answer[ownApplication], error) {
	a, err := s.Withdraw(ctx, by, in.App, in.Capability)
	return httpapi.Body(viewOwn(a)), err
}

type countedView struct {
	Capability specView `json:"capability"`
	Applied    int64    `json:"applied" doc:"Open applications"`
	Granted    int64    `json:"granted" doc:"Apps that have it now"`
}

func (s *Service) listCatalogue(ctx context.Context, by access.Actor, _ *struct{}) (*httpapi.ListAnswer[countedView], error) {
	found, err := s.Catalogue(ctx, by)
	return httpapi.Listed(found, err, func(c Counted) countedView { return countedView{viewSpec(c.Capability), c.Applied, c.Granted} })
}

// applicationView is an application as reviewers see it.
type applicationView struct {
	ID               string `json:"id"`
	App              string `json:"app"`
	AppName          string `json:"appName"`
	Organisation     string `json:"organisation"`
	OrganisationName string `json:"organisationName"`
	Capability       string `json:"capability"`
	State            State  `json:"state" enum:"applied,approved,rejected,withdrawn"`
	Special          bool   `json:"special" doc:"Whether it asks for special approval: the decision must confirm that"`
	AppliedBy        string `json:"appliedBy"`
	AppliedAt        int64  `json:"appliedAt" doc:"Unix ms"`
	DecidedBy        string `json:"decidedBy"`
	DecidedAt        int64  `json:"decidedAt" doc:"Unix ms, 0 until then"`
	Reason           string `json:"reason"`
}

// names are what things are called, asked once each.
type names struct {
	of   Names
	apps map[string]string
	orgs map[string]string
}

func (s *Service) newNames() *names { return &names{s.names, map[string]string{}, map[string]string{}} }

// about is what an app and its organisation are called; "" for what is not there any more.
func (n *names) about(ctx context.Context, app, org string) (appName, orgName string, err error) {
	if n.of == nil {
		return "", "", nil
	}
	if appName, err = once(ctx, n.apps, app, n.of.AppName); err != nil {
		return "", "", err
	}
	orgName, err = once(ctx, n.orgs, org, n.of.OrganisationName)
	return appName, orgName, err
}

func once(ctx context.Context, known map[string]string, id string, ask func(context.Context, string) (string, error)) (string, error) {
	if name, ok := known[id]; ok {
		return name, nil
	}
	name, err := ask(ctx, id)
	if fault.Is(err, fault.CodeNotFound) {
		name, err = "", nil
	}
	known[id] = name
	return name, err
}

func viewApplication(ctx context.Context, n *names, a Application) (applicationView, error) {
	app, org, err := n.about(ctx, a.App, a.Org)
	return applicationView{
		ID: a.ID, App: a.App, AppName: app, Organisation: a.Org, OrganisationName: org, Capability: a.Capability, State: a.State, Special: a.Special,
		AppliedBy: a.AppliedBy, AppliedAt: a.AppliedAt, DecidedBy: a.DecidedBy, DecidedAt: a.DecidedAt, Reason: a.Reason,
	}, err
}

type applicationsInput struct {
	State      State  `query:"state" doc:"applied, approved, rejected or withdrawn; empty for all"`
	Capability string `query:"capability" maxLength:"64" doc:"Empty for all"`
	Cursor     string `query:"cursor" maxLength:"100" doc:"From the answer before: where to go on"`
	Limit      int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

func (s *Service) listApplications(ctx context.Context, by access.Actor, in *applicationsInput) (*httpapi.PageAnswer[applicationView], error) {
	found, next, err := s.Applications(ctx, by, Wanted{in.State, in.Capability}, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := httpapi.Body(httpapi.Page[applicationView]{Items: make([]applicationView, len(found)), Next: next})
	known := s.newNames()
	for i, a := range found {
		if out.Body.Items[i], err = viewApplication(ctx, known, a); err != nil {
			return nil, err
		}
	}
	return out, nil
}

type ofApplication struct {
	Application string `path:"application" maxLength:"64"`
}

type answerView struct {
	Key    string `json:"key"`
	Words  Words  `json:"words" doc:"What was asked"`
	Answer string `json:"answer"`
}

type applicationDetail struct {
	Application applicationView `json:"application"`
	Capability  specView        `json:"capability"`
	Answers     []answerView    `json:"answers" doc:"In the order of the form"`
}

func (s *Service) showApplication(ctx context.Context, by access.Actor, in *ofApplication) (*httpapi.Answer[applicationDetail], error) {
	a, c, err := s.Application(ctx, by, in.Application)
	if err != nil {
		return nil, err
	}
	v, err := viewApplication(ctx, s.newNames(), a)
	return httpapi.Body(applicationDetail{v, viewSpec(c), inOrder(c, a.Answers)}), err
}

// inOrder are the answers to a form, and after them those to questions that it has no more.
func inOrder(c Capability, answers map[string]string) []answerView {
	out := []answerView{}
	asked := map[string]bool{}
	for _, q := range c.form() {
		asked[q.Key] = true
		if text := answers[q.Key]; text != "" {
			out = append(out, answerView{q.Key, q.Words, text})
		}
	}
	for _, key := range sortedKeys(answers) {
		if !asked[key] {
			out = append(out, answerView{key, Words{Zh: key, En: key}, answers[key]})
		}
	}
	return out
}

type decisionInput struct {
	Application string `path:"application" maxLength:"64"`
	Body        struct {
		Verdict State  `json:"verdict" doc:"approved or rejected"`
		Reason  string `json:"reason,omitempty" doc:"Up to 500 characters, needed when rejected: the app's people read it"`
		Limits  struct {
			CallsPerDay     map[string]int64 `json:"callsPerDay,omitempty" nullable:"false" doc:"By scope; 0 or left out for the usual, -1 for no limit"`
			ConsumersPerDay int64            `json:"consumersPerDay,omitempty" doc:"0 for the usual, -1 for no limit"`
		} `json:"limits,omitempty"`
		From           int64 `json:"from,omitempty" doc:"Unix ms, 0 for now"`
		Until          int64 `json:"until,omitempty" doc:"Unix ms, 0 for no end"`
		ConfirmSpecial bool  `json:"confirmSpecial,omitempty" doc:"Must be true to approve what asks for special approval"`
	}
}

func (s *Service) decide(ctx context.Context, by access.Actor, in *decisionInput) (*httpapi.Answer[applicationView], error) {
	a, err := s.Decide(ctx, by, in.Application, Decision{
		Verdict: in.Body.Verdict, Reason: in.Body.Reason, Limits: Limits(in.Body.Limits), From: in.Body.From, Until: in.Body.Until, ConfirmSpecial: in.Body.ConfirmSpecial,
	})
	if err != nil {
		return nil, err
	}
	v, err := viewApplication(ctx, s.newNames(), a)
	return httpapi.Body(v), err
}

type grantView struct {
	ID               string     `json:"id" doc:"Of the application"`
	App              string     `json:"app"`
	AppName          string     `json:"appName"`
	Organisation     string     `json:"organisation"`
	OrganisationName string     `json:"organisationName"`
	Capability       string     `json:"capability"`
	State            GrantState `json:"state" enum:"scheduled,live,expired,revoked"`
	Limits           limitsView `json:"limits"`
	From             int64      `json:"from" doc:"Unix ms"`
	Until            int64      `json:"until" doc:"Unix ms, 0 for no end"`
	GrantedBy        string     `json:"grantedBy"`
	GrantedAt        int64      `json:"grantedAt" doc:"Unix ms"`
	RevokedBy        string     `json:"revokedBy"`
	RevokedAt        int64      `json:"revokedAt" doc:"Unix ms, 0 when it was not"`
	Reason           string     `json:"reason" doc:"Why it was revoked"`
}

type grantsInput struct {
	App        string `query:"app" maxLength:"64" doc:"Empty for all"`
	Capability string `query:"capability" maxLength:"64" doc:"Empty for all"`
	Cursor     string `query:"cursor" maxLength:"100" doc:"From the answer before: where to go on"`
	Limit      int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

func (s *Service) listGrants(ctx context.Context, by access.Actor, in *grantsInput) (*httpapi.PageAnswer[grantView], error) {
	found, next, err := s.Grants(ctx, by, in.App, in.Capability, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := httpapi.Body(httpapi.Page[grantView]{Items: make([]grantView, len(found)), Next: next})
	known, now := s.newNames(), clock.Millis(s.clock)
	for i, g := range found {
		app, org, err := known.about(ctx, g.App, g.Org)
		if err != nil {
			return nil, err
		}
		out.Body.Items[i] = grantView{
			ID: g.ID, App: g.App, AppName: app, Organisation: g.Org, OrganisationName: org, Capability: g.Capability, State: g.State(now), Limits: viewLimits(g.Limits),
			From: g.From, Until: g.Until, GrantedBy: g.GrantedBy, GrantedAt: g.GrantedAt, RevokedBy: g.RevokedBy, RevokedAt: g.RevokedAt, Reason: g.Reason,
		}
	}
	return out, nil
}

type revokeInput struct {
	App        string `path:"app" maxLength:"64" doc:"Id of the app"`
	Capability string `path:"capability" maxLength:"64"`
	Body       struct {
		Reason string `json:"reason" doc:"1 to 500 characters: the app's people read it"`
	}
}

type nothing struct{}

func (s *Service) revoke(ctx context.Context, by access.Actor, in *revokeInput) (*nothing, error) {
	return nil, s.Revoke(ctx, by, in.App, in.Capability, in.Body.Reason)
}

func (s *Service) invite(ctx context.Context, by access.Actor, in *ofBoth) (*nothing, error) {
	return nil, s.Invite(ctx, by, in.App, in.Capability)
}

func (s *Service) uninvite(ctx context.Context, by access.Actor, in *ofBoth) (*nothing, error) {
	return nil, s.Uninvite(ctx, by, in.App, in.Capability)
}
