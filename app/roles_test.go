package app

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"minimart/open/account"
	"minimart/platform/access"
)

// door is which rule lets callers through to a route.
type door int

const (
	public   door = iota // anybody
	signedIn             // whoever has signed in to the consoles
	inside               // members of the organisation in the path, or that owns the app in it, whose role has the action
	platform             // members of the operator's organisation whose role has the action
)

// callers are who comes to each route of the consoles: those who may not first, for what is done changes what is there.
var callers = []string{"anonymous", "owner elsewhere", "operator", "operator readonly", "readonly", "finance", "operations", "developer", "owner"}

// roleOf is the role of a caller, in the organisation of the stage or in the operator's.
var roleOf = map[string]account.Role{
	"readonly": account.ReadOnly, "finance": account.Finance, "operations": account.Operations, "developer": account.Developer, "owner": account.Owner,
	"operator": account.Owner, "operator readonly": account.ReadOnly,
}

// passes says what a caller hears: 0 for the operation's own answer, or the status of the refusal.
func (d door) refusal(who string, action access.Action) int {
	outsider := strings.HasPrefix(who, "operator") || who == "owner elsewhere"
	switch {
	case d == public:
		return 0
	case who == "anonymous":
		return http.StatusUnauthorized
	case d == signedIn:
		return 0
	case d == inside && outsider:
		return http.StatusNotFound // a neighbour must not learn that there is such a thing; the operator has its own routes
	case d == platform && !strings.HasPrefix(who, "operator"), !account.Can(roleOf[who], action):
		return http.StatusForbidden
	}
	return 0
}

// entry is a route: its door, the action, what is sent, and what the first who may is answered when that is not 2xx.
type entry struct {
	route  string
	door   door
	action access.Action
	body   string
	answer int
}

// consoleTable is every route of the consoles. What stands in braces is made for the row, see the stage.
var consoleTable = []entry{
	{route: "GET /settings", door: public},
	{route: "POST /sign-ups", door: public, body: `{"login":"new-{n}@shop.example"}`},
	{route: "POST /sign-ups/{challenge}/answer", door: public, body: `{"code":"12345678","name":"x","password":"{password}"}`, answer: 422},
	{route: "POST /password-resets", door: public, body: `{"login":"new-{n}@shop.example"}`},
	{route: "POST /password-resets/{challenge}/answer", door: public, body: `{"code":"12345678","password":"{password}"}`, answer: 422},
	{route: "POST /session", door: public, body: `{"login":"owner@shop.example","password":"{password}"}`},

	{route: "GET /me", door: signedIn},
	{route: "PATCH /me", door: signedIn, body: `{"name":"x","language":"zh"}`},
	{route: "GET /me/audit", door: signedIn},
	{route: "GET /sessions", door: signedIn},
	{route: "PUT /me/password", door: signedIn, body: `{"current":"{password}","password":"{password}"}`},
	{route: "POST /organisations", door: signedIn, body: `{"name":"Another","kind":"isv"}`},
	{route: "POST /invitations/acceptance", door: signedIn, body: `{"token":"mmi_0000000000000000000000000000000000000000000"}`, answer: 404},
	{route: "GET /privacy-kinds", door: signedIn},
	{route: "GET /roles", door: signedIn},

	{route: "GET /organisations/{org}", door: inside, action: "organisation.read"},
	{route: "PATCH /organisations/{org}", door: inside, action: "organisation.write", body: `{"name":"Another"}`, answer: 409},
	{route: "POST /organisations/{org}/submission", door: inside, action: "organisation.write", answer: 409},
	{route: "GET /organisations/{org}/documents", door: inside, action: "document.read"},
	{route: "POST /organisations/{org}/documents?kind=other&name=a.pdf", door: inside, action: "organisation.write", body: demoLicence, answer: 409},
	{route: "GET /organisations/{org}/documents/{document}", door: inside, action: "document.read"},
	{route: "DELETE /organisations/{org}/documents/{document}", door: inside, action: "organisation.write", answer: 409},
	{route: "GET /organisations/{org}/members", door: inside, action: "member.read"},
	{route: "PATCH /organisations/{org}/members/{person}", door: inside, action: "member.manage", body: `{"role":"finance"}`},
	{route: "GET /organisations/{org}/invitations", door: inside, action: "member.manage"},
	{route: "POST /organisations/{org}/invitations", door: inside, action: "member.manage", body: `{"login":"x@shop.example","role":"owner"}`},
	{route: "DELETE /organisations/{org}/invitations/{invitation}", door: inside, action: "member.manage"},
	{route: "GET /organisations/{org}/audit", door: inside, action: "audit.read"},
	{route: "GET /organisations/{org}/apps", door: inside, action: "program.read"},
	{route: "POST /organisations/{org}/apps", door: inside, action: "program.write", body: `{"name":"Another {n}"}`},
	{route: "DELETE /organisations/{org}/members/{person}", door: inside, action: "member.manage"},

	{route: "GET /apps/{app}", door: inside, action: "program.read"},
	{route: "PATCH /apps/{app}", door: inside, action: "program.write", body: `{"summary":"x"}`},
	{route: "PUT /apps/{app}/icon", door: inside, action: "program.write", body: `<svg xmlns="http://www.w3.org/2000/svg"/>`},
	{route: "PUT /apps/{app}/domains", door: inside, action: "program.write", body: `{"request":["https://shop.example"],"media":[]}`},
	{route: "GET /apps/{app}/versions", door: inside, action: "program.read"},
	{route: "POST /apps/{app}/versions?label=2.0", door: inside, action: "version.upload", body: "{package}", answer: 201},
	{route: "GET /apps/{app}/versions/{version}", door: inside, action: "program.read"},
	{route: "POST /apps/{app}/versions/{version}/preview", door: inside, action: "program.read"},
	{route: "GET /apps/{app}/versions/{inreview}/review", door: inside, action: "program.read"},
	{route: "DELETE /apps/{app}/versions/{inreview}/submission", door: inside, action: "version.submit"},
	{route: "POST /apps/{app}/versions/{version}/submission", door: inside, action: "version.submit", body: `{}`},
	{route: "PUT /apps/{app}/trial", door: inside, action: "version.upload", body: `{"version":"{version}"}`},
	{route: "GET /apps/{app}/testers", door: inside, action: "program.read"},
	{route: "POST /apps/{app}/testers", door: inside, action: "version.upload", body: `{"name":"Li","phone":"1380013{n}"}`},
	{route: "DELETE /apps/{app}/testers/{tester}", door: inside, action: "version.upload"},
	{route: "DELETE /apps/{app}/trial", door: inside, action: "version.upload"},
	{route: "GET /apps/{app}/releases", door: inside, action: "program.read"},
	{route: "POST /apps/{app}/rollout", door: inside, action: "version.release", body: `{"version":"{approved}","share":100000}`},
	{route: "PUT /apps/{app}/rollout", door: inside, action: "version.release", body: `{"share":200000}`},
	{route: "DELETE /apps/{app}/rollout", door: inside, action: "version.release"},
	{route: "POST /apps/{app}/rollback", door: inside, action: "version.release", body: `{"version":"{released}"}`},

	{route: "GET /apps/{app}/capabilities", door: inside, action: "program.read"},
	{route: "POST /apps/{freshapp}/capabilities/{capability}/application", door: inside, action: "capability.apply", body: `{"answers":{answers}}`},
	{route: "DELETE /apps/{applied}/capabilities/{capability}/application", door: inside, action: "capability.apply"},

	{route: "GET /apps/{app}/keys", door: inside, action: "key.read"},
	{route: "GET /apps/{app}/key-scopes", door: inside, action: "key.read"},
	{route: "POST /apps/{app}/keys", door: inside, action: "key.manage", body: `{"name":"x","scopes":["program:upload"]}`},
	{route: "GET /apps/{app}/keys/{key}", door: inside, action: "key.read"},
	{route: "PUT /apps/{app}/keys/{key}", door: inside, action: "key.manage", body: `{"name":"y","scopes":["program:upload"]}`},
	{route: "GET /apps/{app}/keys/{key}/jos-redirects", door: inside, action: "key.read"},
	{route: "PUT /apps/{app}/keys/{key}/jos-redirects", door: inside, action: "key.manage", body: `{"items":["https://isv.example/back"]}`},
	{route: "POST /apps/{app}/keys/{key}/rotate", door: inside, action: "key.manage", body: `{"overlapSeconds":60}`},
	{route: "DELETE /apps/{app}/keys/{key}", door: inside, action: "key.manage"},
	{route: "GET /jos-question?app_key={redirected}&redirect_uri=https://isv.example/back", door: signedIn},
	{route: "GET /apps/{app}/jos-authorizations", door: inside, action: "key.read"},
	{route: "POST /apps/{app}/jos-authorizations", door: inside, action: "key.manage", body: `{"appKey":"{redirected}","redirectUri":"https://isv.example/back"}`},
	{route: "DELETE /apps/{app}/jos-authorizations/{authorization}", door: inside, action: "key.manage"},

	{route: "GET /apps/{app}/webhook-types", door: inside, action: "webhook.read"},
	{route: "GET /apps/{app}/webhooks", door: inside, action: "webhook.read"},
	{route: "POST /apps/{app}/webhooks", door: inside, action: "webhook.manage", body: `{"url":"https://shop.example/{n}","types":["*"]}`},
	{route: "GET /apps/{app}/webhooks/{endpoint}", door: inside, action: "webhook.read"},
	{route: "PUT /apps/{app}/webhooks/{endpoint}", door: inside, action: "webhook.manage", body: `{"url":"https://shop.example/y","types":["*"]}`},
	{route: "POST /apps/{app}/webhooks/{endpoint}/disable", door: inside, action: "webhook.manage"},
	{route: "POST /apps/{app}/webhooks/{endpoint}/enable", door: inside, action: "webhook.manage"},
	{route: "POST /apps/{app}/webhooks/{endpoint}/rotate", door: inside, action: "webhook.manage", body: `{"overlapSeconds":60}`},
	{route: "POST /apps/{app}/webhooks/{endpoint}/test", door: inside, action: "webhook.manage"},
	{route: "GET /apps/{app}/webhooks/{endpoint}/deliveries", door: inside, action: "webhook.read"},
	{route: "GET /apps/{app}/webhooks/{told}/deliveries/{delivery}", door: inside, action: "webhook.read"},
	{route: "POST /apps/{app}/webhooks/{told}/deliveries/{delivery}/redeliver", door: inside, action: "webhook.manage"},
	{route: "DELETE /apps/{app}/webhooks/{endpoint}", door: inside, action: "webhook.manage"},

	{route: "GET /operator/organisations", door: platform, action: "platform.read"},
	{route: "GET /operator/organisations/{org}", door: platform, action: "organisation.review"},
	{route: "GET /operator/organisations/{org}/documents/{document}", door: platform, action: "organisation.review"},
	{route: "POST /operator/organisations/{waitingorg}/decision", door: platform, action: "organisation.review", body: `{"submission":1,"verdict":"verified"}`},
	{route: "GET /operator/audit", door: platform, action: "platform.audit"},
	{route: "GET /operator/apps", door: platform, action: "platform.read"},
	{route: "GET /operator/apps/{app}", door: platform, action: "platform.read"},
	{route: "POST /operator/apps/{app}/versions/{version}/preview", door: platform, action: "version.review"},
	{route: "POST /operator/apps/{app}/suspension", door: platform, action: "version.review", body: `{"reason":"x"}`},
	{route: "DELETE /operator/apps/{app}/suspension", door: platform, action: "version.review"},
	{route: "GET /operator/reviews", door: platform, action: "platform.read"},
	{route: "GET /operator/reviews/waiting", door: platform, action: "platform.read"},
	{route: "GET /operator/reviews/{review}", door: platform, action: "platform.read"},
	{route: "GET /operator/reviews/{review}/file?path=app.js", door: platform, action: "platform.read"},
	{route: "POST /operator/reviews/{review}/decision", door: platform, action: "version.review", body: `{"verdict":"approved"}`},
	{route: "GET /operator/capabilities", door: platform, action: "platform.read"},
	{route: "GET /operator/applications", door: platform, action: "capability.review"},
	{route: "GET /operator/applications/{application}", door: platform, action: "capability.review"},
	{route: "POST /operator/applications/{application}/decision", door: platform, action: "capability.review", body: `{"verdict":"approved"}`},
	{route: "GET /operator/grants", door: platform, action: "platform.read"},
	{route: "PUT /operator/apps/{app}/capabilities/{closed}/invitation", door: platform, action: "capability.review"},
	{route: "DELETE /operator/apps/{app}/capabilities/{closed}/invitation", door: platform, action: "capability.review"},
	{route: "POST /operator/apps/{grantedapp}/capabilities/{capability}/revocation", door: platform, action: "capability.review", body: `{"reason":"x"}`},
	{route: "GET /operator/hosts", door: platform, action: "host.manage"},
	{route: "POST /operator/hosts", door: platform, action: "host.manage", body: `{"name":"App {n}","kind":"android"}`},
	{route: "GET /operator/hosts/{host}", door: platform, action: "host.manage"},
	{route: "PATCH /operator/hosts/{host}", door: platform, action: "host.manage", body: `{"name":"Other"}`},
	{route: "POST /operator/hosts/{host}/keys/rotation", door: platform, action: "host.manage", body: `{"overlapSeconds":60}`},
	{route: "PUT /operator/hosts/{host}/programs", door: platform, action: "host.manage", body: `{"all":true,"apps":[]}`},
	{route: "POST /operator/hosts/{host}/suspension", door: platform, action: "host.manage", body: `{"reason":"x"}`},
	{route: "DELETE /operator/hosts/{suspendedhost}/suspension", door: platform, action: "host.manage"},
	{route: "GET /operator/consumers", door: platform, action: "consumer.manage"},
	{route: "GET /operator/consumers/{consumer}", door: platform, action: "consumer.manage"},
	{route: "DELETE /operator/consumers/{consumer}/sessions", door: platform, action: "consumer.manage"},
	{route: "GET /operator/consumers/{consumer}/membership", door: platform, action: "consumer.manage"},
	{route: "POST /operator/consumers/{consumer}/membership", door: platform, action: "consumer.manage", body: `{"days":30,"reason":"x"}`},
	{route: "DELETE /operator/consumers/{member}/membership?reason=x", door: platform, action: "consumer.manage"},
	{route: "POST /operator/consumers/{consumer}/suspension", door: platform, action: "consumer.manage", body: `{"reason":"x"}`},
	{route: "DELETE /operator/consumers/{shutout}/suspension", door: platform, action: "consumer.manage"},
	{route: "GET /operator/membership/plans", door: platform, action: "platform.read"},
	{route: "PUT /operator/membership/plans", door: platform, action: "platform.configure", body: `{"items":[]}`},
	{route: "GET /operator/settings", door: platform, action: "platform.read"},
	{route: "PUT /operator/settings", door: platform, action: "platform.configure",
		body: `{"name":"x","nameEn":"x","support":"","termsUrl":"","privacyUrl":"","selfSignUp":true,"revision":0}`},
	{route: "GET /operator/health", door: platform, action: "platform.read"},
	{route: "GET /operator/dead-letters", door: platform, action: "platform.read"},
	{route: "POST /operator/dead-letters/999/redelivery", door: platform, action: "platform.configure", answer: 404},
	{route: "DELETE /operator/dead-letters/999", door: platform, action: "platform.configure", answer: 404},

	{route: "DELETE /sessions", door: signedIn},
	{route: "DELETE /session", door: signedIn},
}

// stage is an organisation with a member of each role, a neighbour, and an operator with two.
type stage struct {
	*town
	org, app, released string
	isv                string            // an app of the neighbour's
	made               map[string]string // what stands in braces in this row
}

func newStage(t *testing.T) *stage { return stageIn(t, newTown(t)) }

func stageIn(t *testing.T, w *town) *stage {
	t.Helper()
	if _, _, err := w.accounts.Bootstrap(t.Context(), "Operator", account.NewPerson{Login: "operator@shop.example", Name: "Root", Password: w.password}); err != nil {
		t.Fatal(err)
	}
	w.signIn("operator", "operator@shop.example")
	for _, who := range []string{"owner elsewhere", "operator readonly", "readonly", "finance", "operations", "developer", "owner", "target"} {
		w.enter(who)
	}
	operator := at(w.console("operator", "GET", "/me", ""), "memberships.0.organisation")
	w.join("operator", "operator readonly", operator, account.ReadOnly)
	s := &stage{town: w, org: w.verified("owner", "砚光文化")}
	for _, role := range account.Roles {
		if role != account.Owner {
			w.join("owner", string(role), s.org, role)
		}
	}
	elsewhere := w.verified("owner elsewhere", "Elsewhere")
	s.isv = at(w.console("owner elsewhere", "POST", "/organisations/"+elsewhere+"/apps", `{"name":"ISV"}`), "id")
	s.app = s.newApp()
	s.released = w.approved("owner", s.app)
	w.console("owner", "POST", "/apps/"+s.app+"/rollout", `{"version":"`+s.released+`","share":1000000}`)
	next := w.approved("owner", s.app) // so that there is something to roll back from
	w.console("owner", "POST", "/apps/"+s.app+"/rollout", `{"version":"`+next+`","share":1000000}`)
	return s
}

func (s *stage) newApp() string {
	s.n++
	app := at(s.console("owner", "POST", "/organisations/"+s.org+"/apps", fmt.Sprintf(`{"name":"App %d"}`, s.n)), "id")
	s.console("owner", "PATCH", "/apps/"+app, `{"privacy":{"phone-number":"to tell you when it ships","membership":"to show your price"}}`)
	return app
}

// capability is one that may be applied for, and closedBeta one that needs an invitation.
const capabilityName, closedBeta, answers = "phone-number", "trade", `{"purpose":"to tell consumers when their order ships","storage":"nowhere"}`

// apply makes an application for the capability.
func (s *stage) apply(app string) string {
	r := s.send("owner", "POST", "/api/console/v1/apps/"+app+"/capabilities/"+capabilityName+"/application", `{"answers":`+s.answers()+`}`)
	return at(s.good(r, "applying"), "id")
}

// answers fill in every question of the capability's form.
func (s *stage) answers() string {
	var out []string
	for _, item := range s.console("owner", "GET", "/apps/"+s.app+"/capabilities", "")["items"].([]any) {
		c := item.(map[string]any)["capability"].(map[string]any)
		if c["name"] != capabilityName {
			continue
		}
		for _, q := range c["form"].([]any) {
			out = append(out, fmt.Sprintf(`%q:"because"`, q.(map[string]any)["key"]))
		}
	}
	return "{" + strings.Join(out, ",") + "}"
}

// fill replaces what stands in braces by things that are made for the row when they are asked for.
func (s *stage) fill(text string) string {
	makers := map[string]func() string{
		"org": func() string { return s.org }, "app": func() string { return s.app }, "released": func() string { return s.released },
		"password": func() string { return s.password }, "challenge": func() string { return "cha_01JZ4T8K5N3Q0V9W2X7Y6R1M4C" },
		"capability": func() string { return capabilityName }, "closed": func() string { return s.closedCapability() },
		"answers":  s.answers,
		"version":  func() string { return s.upload("owner", s.app) },
		"approved": func() string { return s.approved("owner", s.app) },
		"inreview": func() string { v := s.upload("owner", s.app); s.review("owner", s.app, v); return v },
		"review":   func() string { return s.review("owner", s.app, s.upload("owner", s.app)) },
		"package": func() string {
			s.n++
			return pack(s.t, map[string]string{"pages/index/index.jxml": fmt.Sprint("<view>", s.n, "</view>")})
		},
		"document": func() string {
			return at(s.console("owner", "GET", "/organisations/"+s.org+"/documents", ""), "items.0.id")
		},
		"person": func() string {
			member := func() string {
				for _, m := range s.console("owner", "GET", "/organisations/"+s.org+"/members", "")["items"].([]any) {
					if at(m, "login") == "target@shop.example" {
						return at(m, "person")
					}
				}
				return ""
			}
			if there := member(); there != "" {
				return there
			}
			s.join("owner", "target", s.org, account.Developer)
			return member()
		},
		"invitation": func() string {
			s.n++
			return at(s.console("owner", "POST", "/organisations/"+s.org+"/invitations", fmt.Sprintf(`{"login":"guest-%d@shop.example","role":"readonly"}`, s.n)), "id")
		},
		"tester": func() string {
			s.n++
			return at(s.console("owner", "POST", "/apps/"+s.app+"/testers", fmt.Sprintf(`{"name":"Li","phone":"1390013%04d"}`, s.n%10_000)), "id")
		},
		"freshapp": s.newApp,
		"applied":  func() string { app := s.newApp(); s.apply(app); return app },
		"application": func() string {
			return s.apply(s.newApp())
		},
		"grantedapp": func() string {
			app := s.newApp()
			s.console("operator", "POST", "/operator/applications/"+s.apply(app)+"/decision", `{"verdict":"approved"}`)
			return app
		},
		"key": func() string { return s.key("owner", s.app) },
		"redirected": func() string {
			key := s.key("owner elsewhere", s.isv)
			s.console("owner elsewhere", "PUT", "/apps/"+s.isv+"/keys/"+key+"/jos-redirects", `{"items":["https://isv.example/back"]}`)
			return key
		},
		"authorization": func() string {
			key := s.fill("{redirected}")
			s.console("owner", "POST", "/apps/"+s.app+"/jos-authorizations", `{"appKey":"`+key+`","redirectUri":"https://isv.example/back"}`)
			return at(s.console("owner", "GET", "/apps/"+s.app+"/jos-authorizations", ""), "items.0.id")
		},
		"endpoint": func() string {
			s.n++
			return at(s.console("owner", "POST", "/apps/"+s.app+"/webhooks", fmt.Sprintf(`{"url":"https://shop.example/%d","types":["*"]}`, s.n)), "id")
		},
		"told": func() string { return s.fill("{endpoint}") },
		"delivery": func() string {
			return at(s.console("owner", "POST", "/apps/"+s.app+"/webhooks/"+s.fill("{told}")+"/test", ""), "delivery")
		},
		"host": func() string {
			return at(s.console("operator", "POST", "/operator/hosts", `{"name":"App","kind":"android"}`), "host.id")
		},
		"suspendedhost": func() string {
			host := at(s.console("operator", "POST", "/operator/hosts", `{"name":"App","kind":"android"}`), "host.id")
			s.console("operator", "POST", "/operator/hosts/"+host+"/suspension", `{"reason":"x"}`)
			return host
		},
		"waitingorg": func() string { return s.submitted("owner elsewhere", "Waiting") },
		"member": func() string {
			consumer := s.fill("{consumer}")
			s.console("operator", "POST", "/operator/consumers/"+consumer+"/membership", `{"days":30,"reason":"x"}`)
			return consumer
		},
		"shutout": func() string {
			consumer := s.fill("{consumer}")
			s.console("operator", "POST", "/operator/consumers/"+consumer+"/suspension", `{"reason":"x"}`)
			return consumer
		},
		"consumer": func() string { s.n++; return s.consumer("visitor", fmt.Sprintf("1370013%04d", s.n%10_000)) },
	}
	for name, make := range makers {
		if !strings.Contains(text, "{"+name+"}") {
			continue
		}
		if _, there := s.made[name]; !there {
			s.made[name] = make()
			if s.made[name] == "" {
				s.t.Fatalf("no %s", name)
			}
		}
		text = strings.ReplaceAll(text, "{"+name+"}", s.made[name])
	}
	return text
}

// key makes a key of an app, in place of those it has: an app has twenty live ones at most.
func (s *stage) key(who, app string) string {
	for _, k := range s.console(who, "GET", "/apps/"+app+"/keys", "")["items"].([]any) {
		if at(k, "state") == "live" {
			s.console(who, "DELETE", "/apps/"+app+"/keys/"+at(k, "id"), "")
		}
	}
	return at(s.console(who, "POST", "/apps/"+app+"/keys", `{"name":"x","scopes":["program:upload"]}`), "id")
}

// closedCapability is one whose apps the operator invites.
func (s *stage) closedCapability() string {
	for _, item := range s.console("operator", "GET", "/operator/capabilities", "")["items"].([]any) {
		if c := item.(map[string]any)["capability"].(map[string]any); c["admission"] == "closed-beta" {
			return c["name"].(string)
		}
	}
	return ""
}

func TestEveryConsoleRouteAnswersEveryRoleAsTheTableSays(t *testing.T) {
	s := newStage(t)
	rows := map[string]bool{}
	for _, e := range consoleTable {
		path, _, _ := strings.Cut(e.route, "?")
		rows[path] = true
	}
	for _, o := range s.operations() {
		if method, path, ok := strings.Cut(o, " /api/console/v1"); ok && !rows[method+" "+same(path)] && !slices.ContainsFunc(slices.Collect(maps.Keys(rows)), func(r string) bool {
			return same(r) == same(method+" "+path)
		}) {
			t.Errorf("%s %s has no row: say who may call it", method, path)
		}
	}
	for _, e := range consoleTable {
		s.made = map[string]string{}
		method, path, _ := strings.Cut(e.route, " ")
		first := true
		for _, who := range callers {
			s.n++
			path, body := s.fill(path), strings.ReplaceAll(s.fill(e.body), "{n}", fmt.Sprintf("%04d", s.n%10_000))
			r := s.send(who, method, "/api/console/v1"+path, body)
			if refusal := e.door.refusal(who, e.action); refusal != 0 {
				if r.Code != refusal {
					t.Errorf("%s by %s: %d, want %d: %.200s", e.route, who, r.Code, refusal, r.Body)
				}
				continue
			}
			switch {
			case first && e.answer != 0 && r.Code != e.answer, first && e.answer == 0 && r.Code >= 300:
				t.Errorf("%s by %s, the first who may: %d, want %d (0 is 2xx): %.300s", e.route, who, r.Code, e.answer, r.Body)
			case r.Code == http.StatusUnauthorized, r.Code == http.StatusForbidden, r.Code >= 500:
				t.Errorf("%s by %s, who may: %d %.200s", e.route, who, r.Code, r.Body)
			}
			first = false
			if strings.HasPrefix(e.route, "DELETE /session") || e.route == "PUT /me/password" {
				s.signIn(who, strings.ReplaceAll(who, " ", "-")+"@shop.example")
			}
		}
	}
}

// same is a path with what stands in braces left out: the rows name it after how it is made.
func same(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if strings.HasPrefix(p, "{") || p == "999" {
			parts[i] = "{}"
		}
	}
	return strings.Join(parts, "/")
}
