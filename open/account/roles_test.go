package account_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"minimart/open/account"
)

// callers are who comes to each route, in the order of the columns below.
var callers = []string{"anonymous", "readonly", "finance", "operations", "developer", "owner", "owner elsewhere", "operator"}

// stage is an organisation with a member of each role, and strangers around it.
type stage struct {
	office  *office
	pages   map[string]*page
	replace *strings.Replacer
}

var stages int

func newStage(t *testing.T, o *office, state account.State) *stage {
	t.Helper()
	ctx := t.Context()
	stages++
	s := &stage{office: o, pages: map[string]*page{"anonymous": {office: o}}}
	sessions := map[string]account.Session{}
	come := func(who string) {
		login := fmt.Sprintf("%s-%d@shop.example", strings.ReplaceAll(who, " ", "-"), stages)
		sessions[who] = o.enter(t, login)
		s.pages[who] = o.in(t, login)
	}
	for _, who := range []string{"readonly", "finance", "operations", "developer", "owner", "owner elsewhere", "target"} {
		come(who)
	}
	s.pages["operator"] = o.in(t, "root@platform.example")
	org := o.organisation(t, sessions["owner"])
	must[account.Organisation](t)(o.CreateOrganisation(ctx, sessions["owner elsewhere"], account.NewOrganisation{Name: "Elsewhere", Kind: account.Merchant}))
	for _, role := range account.Roles {
		if role != account.Owner {
			o.join(t, sessions["owner"], sessions[string(role)], org.ID, role)
		}
	}
	o.join(t, sessions["owner"], sessions["target"], org.ID, account.Developer)
	doc := must[account.Document](t)(o.AddDocument(ctx, sessions["owner"], org.ID, account.NewDocument{Kind: account.BusinessLicence, Name: "a.pdf", Bytes: pdf}))
	inv := must[account.Invited](t)(o.Invite(ctx, sessions["owner"], org.ID, fmt.Sprintf("owner-elsewhere-%d@shop.example", stages), account.Finance))
	if state == account.StateSubmitted {
		must[account.Organisation](t)(o.Submit(ctx, sessions["owner"], org.ID))
	}
	s.replace = strings.NewReplacer("{org}", org.ID, "{document}", doc.ID, "{person}", sessions["target"].Person, "{invitation}", inv.ID,
		"{challenge}", "cha_01JZ4T8K5N3Q0V9W2X7Y6R1M4C", "{token}", inv.Token, "{login}", fmt.Sprintf("owner-%d@shop.example", stages), "{password}", goodPassword)
	return s
}

// row says what each caller is answered at a route.
type row struct {
	body, query string
	status      [8]int
	state       account.State // of the organisation
}

// The routes of the room. An outsider hears 404, inside it is 403: a neighbour must not learn that the organisation exists.
// For the operator's own routes an outsider hears 403 whatever the id, which tells nothing either.
var table = map[string]row{
	//                                                             anonymous readonly finance operations developer owner elsewhere operator
	"POST /sign-ups":                           {body: `{"login":"new-{n}@shop.example"}`, status: each(200)},
	"POST /sign-ups/{challenge}/answer":        {body: `{"code":"12345678","name":"x","password":"{password}"}`, status: each(422)},
	"POST /password-resets":                    {body: `{"login":"new-{n}@shop.example"}`, status: each(200)},
	"POST /password-resets/{challenge}/answer": {body: `{"code":"12345678","password":"{password}"}`, status: each(422)},
	"POST /session":                            {body: `{"login":"{login}","password":"{password}"}`, status: each(200)},

	"DELETE /session":              {status: signedIn(204)},
	"GET /sessions":                {status: signedIn(200)},
	"DELETE /sessions":             {status: signedIn(204)},
	"GET /me":                      {status: signedIn(200)},
	"PATCH /me":                    {body: `{"name":"x","language":"zh"}`, status: signedIn(204)},
	"PUT /me/password":             {body: `{"current":"{password}","password":"{password}"}`, status: signedIn(204)},
	"GET /me/audit":                {status: signedIn(200)},
	"GET /roles":                   {status: signedIn(200)},
	"POST /organisations":          {body: `{"name":"Another","kind":"isv"}`, status: signedIn(200)},
	"POST /invitations/acceptance": {body: `{"token":"{token}"}`, status: [8]int{401, 404, 404, 404, 404, 404, 200, 404}},

	"GET /organisations/{org}":                             {status: [8]int{401, 200, 200, 200, 200, 200, 404, 404}},
	"PATCH /organisations/{org}":                           {body: `{"name":"Another"}`, status: [8]int{401, 403, 403, 403, 403, 200, 404, 404}},
	"POST /organisations/{org}/submission":                 {status: [8]int{401, 403, 403, 403, 403, 200, 404, 404}},
	"GET /organisations/{org}/documents":                   {status: [8]int{401, 403, 200, 200, 403, 200, 404, 404}},
	"POST /organisations/{org}/documents":                  {query: "?kind=other&name=a.pdf", body: string(pdf), status: [8]int{401, 403, 403, 403, 403, 200, 404, 404}},
	"GET /organisations/{org}/documents/{document}":        {status: [8]int{401, 403, 200, 200, 403, 200, 404, 404}},
	"DELETE /organisations/{org}/documents/{document}":     {status: [8]int{401, 403, 403, 403, 403, 204, 404, 404}},
	"GET /organisations/{org}/members":                     {status: [8]int{401, 200, 200, 200, 200, 200, 404, 404}},
	"PATCH /organisations/{org}/members/{person}":          {body: `{"role":"owner"}`, status: [8]int{401, 403, 403, 403, 403, 204, 404, 404}},
	"DELETE /organisations/{org}/members/{person}":         {status: [8]int{401, 403, 403, 403, 403, 204, 404, 404}},
	"GET /organisations/{org}/invitations":                 {status: [8]int{401, 403, 403, 403, 403, 200, 404, 404}},
	"POST /organisations/{org}/invitations":                {body: `{"login":"x@shop.example","role":"owner"}`, status: [8]int{401, 403, 403, 403, 403, 200, 404, 404}},
	"DELETE /organisations/{org}/invitations/{invitation}": {status: [8]int{401, 403, 403, 403, 403, 204, 404, 404}},
	"GET /organisations/{org}/audit":                       {status: [8]int{401, 403, 403, 403, 403, 200, 404, 404}},

	"GET /operator/organisations":                            {status: [8]int{401, 403, 403, 403, 403, 403, 403, 200}},
	"GET /operator/organisations/{org}":                      {status: [8]int{401, 403, 403, 403, 403, 403, 403, 200}},
	"GET /operator/organisations/{org}/documents/{document}": {status: [8]int{401, 403, 403, 403, 403, 403, 403, 200}},
	"POST /operator/organisations/{org}/decision": {body: `{"submission":1,"verdict":"verified"}`, state: account.StateSubmitted,
		status: [8]int{401, 403, 403, 403, 403, 403, 403, 200}},
	"GET /operator/audit": {status: [8]int{401, 403, 403, 403, 403, 403, 403, 200}},
}

func each(status int) (out [8]int) {
	for i := range out {
		out[i] = status
	}
	return out
}

func signedIn(status int) [8]int {
	out := each(status)
	out[0] = http.StatusUnauthorized
	return out
}

// routesOf are "METHOD /path" of everything behind the consoles' door.
func routesOf(api huma.API) []string {
	var out []string
	for path, item := range api.OpenAPI().Paths {
		path, ok := strings.CutPrefix(path, "/api/console/v1")
		if !ok {
			continue
		}
		for method, op := range map[string]*huma.Operation{
			"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete, "HEAD": item.Head, "OPTIONS": item.Options, "TRACE": item.Trace,
		} {
			if op != nil {
				out = append(out, method+" "+path)
			}
		}
	}
	slices.Sort(out)
	return out
}

func TestEveryRouteAnswersEveryRoleAsTheTableSays(t *testing.T) {
	h := onSQLite(t)
	o := openOffice(h, account.Edge{})
	h.operator(t)
	routes := routesOf(o.api)
	for _, r := range routes {
		if _, ok := table[r]; !ok {
			t.Errorf("%s has no row: say who may call it", r)
		}
	}
	var from int
	for _, route := range slices.Sorted(maps.Keys(table)) {
		if !slices.Contains(routes, route) {
			t.Errorf("the row %s has no route", route)
			continue
		}
		row := table[route]
		method, path, _ := strings.Cut(route, " ")
		var s *stage
		for i, who := range callers {
			if s == nil {
				s = newStage(t, o, row.state)
			}
			p := s.pages[who]
			from++
			p.address = fmt.Sprintf("10.%d.%d.%d:99", from>>16&255, from>>8&255, from&255)
			r := p.send(method, s.replace.Replace(path)+row.query, strings.ReplaceAll(s.replace.Replace(row.body), "{n}", fmt.Sprint(from)))
			if r.Code != row.status[i] {
				t.Errorf("%s by %s: %d, want %d: %.200s", route, who, r.Code, row.status[i], r.Body)
			}
			if method != http.MethodGet && r.Code < 300 {
				s = nil // the stage is not what it was
			}
		}
	}
}
