package account

import (
	"context"
	"mime"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"minimart/platform/httpapi"
)

// Routes adds the room's routes to the consoles' door, see [Guard]. Who may do what is decided in the service, in the
// transaction of what is done.
func Routes(console huma.API, s *Service) {
	r := &routes{console, s}

	anybody(r, "start-sign-up", "POST", "/sign-ups", "Send a code to a login that wants an account", r.startSignUp)
	anybody(r, "finish-sign-up", "POST", "/sign-ups/{challenge}/answer", "Make the account and sign in", r.finishSignUp)
	anybody(r, "start-reset", "POST", "/password-resets", "Send a code to a login that forgot its password", r.startReset)
	anybody(r, "finish-reset", "POST", "/password-resets/{challenge}/answer", "Set another password and sign in", r.finishReset)
	anybody(r, "sign-in", "POST", "/session", "Sign in", r.signIn)

	signedIn(r, "sign-out", "DELETE", "/session", "Sign out", r.signOut)
	signedIn(r, "list-sessions", "GET", "/sessions", "Where one is signed in", r.sessions)
	signedIn(r, "sign-out-everywhere", "DELETE", "/sessions", "Sign out everywhere", r.signOutEverywhere)
	signedIn(r, "me", "GET", "/me", "Who one is, and what one may do where", r.me)
	signedIn(r, "set-profile", "PATCH", "/me", "Change name and language", r.setProfile)
	signedIn(r, "change-password", "PUT", "/me/password", "Change the password; other sessions end", r.changePassword)
	signedIn(r, "own-audit", "GET", "/me/audit", "What one did", r.ownAudit)
	signedIn(r, "list-roles", "GET", "/roles", "What each role may do in a merchant's organisation", r.roles)
	signedIn(r, "create-organisation", "POST", "/organisations", "Make an organisation and own it", r.createOrganisation)
	signedIn(r, "accept-invitation", "POST", "/invitations/acceptance", "Join the organisation an invitation is for", r.accept)

	signedIn(r, "organisation", "GET", "/organisations/{org}", "One organisation", r.organisation)
	signedIn(r, "rename-organisation", "PATCH", "/organisations/{org}", "Give it another name", r.rename)
	signedIn(r, "submit-organisation", "POST", "/organisations/{org}/submission", "Hand its documents to the operator", r.submit)
	signedIn(r, "list-documents", "GET", "/organisations/{org}/documents", "Its documents", r.documents)
	upload(r, "add-document", "POST", "/organisations/{org}/documents", "Upload a document", r.addDocument)
	signedIn(r, "open-document", "GET", "/organisations/{org}/documents/{document}", "Download a document", r.openDocument)
	signedIn(r, "delete-document", "DELETE", "/organisations/{org}/documents/{document}", "Delete a document", r.dropDocument)
	signedIn(r, "list-members", "GET", "/organisations/{org}/members", "Who belongs to it", r.members)
	signedIn(r, "set-role", "PATCH", "/organisations/{org}/members/{person}", "Give a member another role", r.setRole)
	signedIn(r, "remove-member", "DELETE", "/organisations/{org}/members/{person}", "Remove a member, or leave", r.remove)
	signedIn(r, "list-invitations", "GET", "/organisations/{org}/invitations", "Its open invitations", r.invitations)
	signedIn(r, "invite", "POST", "/organisations/{org}/invitations", "Invite a login", r.invite)
	signedIn(r, "withdraw-invitation", "DELETE", "/organisations/{org}/invitations/{invitation}", "Withdraw an invitation", r.withdraw)
	signedIn(r, "organisation-audit", "GET", "/organisations/{org}/audit", "What happened in it", r.audit)

	signedIn(r, "list-organisations", "GET", "/operator/organisations", "All organisations", r.organisations)
	signedIn(r, "qualification", "GET", "/operator/organisations/{org}", "An organisation with its documents and members", r.qualification)
	signedIn(r, "review-document", "GET", "/operator/organisations/{org}/documents/{document}", "Download a document of any organisation", r.reviewDocument)
	signedIn(r, "decide-organisation", "POST", "/operator/organisations/{org}/decision", "Verify or reject an organisation", r.decide)
	signedIn(r, "platform-audit", "GET", "/operator/audit", "Everything that happened", r.platformAudit)
}

type routes struct {
	console huma.API
	service *Service
}

// maxBody is the body of everything but uploads: the longest text is a reason of 500 characters.
const maxBody = 16 << 10

func operation(name, method, path, summary string) huma.Operation {
	return huma.Operation{OperationID: "console-" + name, Method: method, Path: path, Summary: summary, Tags: []string{"console"}, MaxBodyBytes: maxBody}
}

func anybody[I, O any](r *routes, name, method, path, summary string, handle func(context.Context, Visitor, *I) (*O, error)) {
	huma.Register(r.console, Public(operation(name, method, path, summary)), func(ctx context.Context, in *I) (*O, error) {
		return handle(ctx, VisitorOf(ctx), in)
	})
}

func signedIn[I, O any](r *routes, name, method, path, summary string, handle func(context.Context, Session, *I) (*O, error)) {
	register(r, operation(name, method, path, summary), handle)
}

func upload[I, O any](r *routes, name, method, path, summary string, handle func(context.Context, Session, *I) (*O, error)) {
	op := operation(name, method, path, summary)
	op.MaxBodyBytes = MaxDocument
	register(r, op, handle)
}

func register[I, O any](r *routes, op huma.Operation, handle func(context.Context, Session, *I) (*O, error)) {
	huma.Register(r.console, op, func(ctx context.Context, in *I) (*O, error) {
		by, err := Caller(ctx)
		if err != nil {
			return nil, err
		}
		return handle(ctx, by, in)
	})
}

func begin(ctx context.Context, b Begun, err error) (*signedOn, error) {
	if err != nil {
		return nil, err
	}
	out := &signedOn{SetCookie: cookie(ctx, b.Token)}
	out.Body.Session, out.Body.Person = b.ID, b.Person
	return out, nil
}

// goneOn is the answer after a session ended.
type goneOn struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

func (r *routes) startSignUp(ctx context.Context, from Visitor, in *codeInput) (*httpapi.Answer[consoleChallenge], error) {
	c, err := r.service.StartSignUp(ctx, in.Body.Login, in.language(), from)
	return httpapi.Body(consoleChallenge(c)), err
}

func (r *routes) finishSignUp(ctx context.Context, from Visitor, in *signUpAnswer) (*signedOn, error) {
	b, err := r.service.FinishSignUp(ctx, Answer{Challenge: in.Challenge, Code: in.Body.Code, Name: in.Body.Name, Password: in.Body.Password}, from)
	return begin(ctx, b, err)
}

func (r *routes) startReset(ctx context.Context, from Visitor, in *codeInput) (*httpapi.Answer[consoleChallenge], error) {
	c, err := r.service.StartReset(ctx, in.Body.Login, in.language(), from)
	return httpapi.Body(consoleChallenge(c)), err
}

func (r *routes) finishReset(ctx context.Context, from Visitor, in *resetAnswer) (*signedOn, error) {
	b, err := r.service.FinishReset(ctx, Answer{Challenge: in.Challenge, Code: in.Body.Code, Password: in.Body.Password}, from)
	return begin(ctx, b, err)
}

func (r *routes) signIn(ctx context.Context, from Visitor, in *signInInput) (*signedOn, error) {
	b, err := r.service.SignIn(ctx, in.Body.Login, in.Body.Password, from)
	return begin(ctx, b, err)
}

func (r *routes) signOut(ctx context.Context, by Session, _ *noInput) (*goneOn, error) {
	return &goneOn{cookie(ctx, "")}, r.service.SignOut(ctx, by)
}

func (r *routes) signOutEverywhere(ctx context.Context, by Session, _ *noInput) (*goneOn, error) {
	return &goneOn{cookie(ctx, "")}, r.service.SignOutEverywhere(ctx, by)
}

func (r *routes) sessions(ctx context.Context, by Session, _ *noInput) (*httpapi.ListAnswer[consoleSession], error) {
	found, err := r.service.Sessions(ctx, by)
	return httpapi.Listed(found, err, func(s Session) consoleSession {
		return consoleSession{
			ID: s.ID, Address: s.From.Address, Agent: s.From.Agent, Current: s.ID == by.ID, CreatedAt: s.CreatedAt, SeenAt: s.SeenAt, ExpiresAt: s.ExpiresAt,
		}
	})
}

type consoleMe struct {
	Person      consolePerson       `json:"person"`
	Memberships []consoleMembership `json:"memberships"`
}

func (r *routes) me(ctx context.Context, by Session, _ *noInput) (*httpapi.Answer[consoleMe], error) {
	p, of, err := r.service.Me(ctx, by)
	return httpapi.Body(consoleMe{
		Person: consolePerson{ID: p.ID, Login: string(p.Login), Name: p.Name, Language: string(p.Language), CreatedAt: p.CreatedAt},
		Memberships: httpapi.Each(of, func(m Membership) consoleMembership {
			return consoleMembership{
				Organisation: m.Organisation, Name: m.Name, Kind: m.Kind, State: m.State, Role: m.Role, Permissions: PermissionsOf(m.Role, m.Kind), JoinedAt: m.JoinedAt,
			}
		}),
	}), err
}

type consoleRole struct {
	Role        Role         `json:"role" enum:"owner,developer,operations,finance,readonly"`
	Permissions []Permission `json:"permissions" nullable:"false" doc:"What it may do"`
}

// roles is the table of permission.go for people who read: the same for everybody.
func (r *routes) roles(context.Context, Session, *noInput) (*httpapi.ListAnswer[consoleRole], error) {
	return httpapi.Listed(Roles, nil, func(role Role) consoleRole { return consoleRole{role, PermissionsOf(role, Merchant)} })
}

func (r *routes) setProfile(ctx context.Context, by Session, in *profileInput) (*noInput, error) {
	return nil, r.service.SetProfile(ctx, by, in.Body.Name, in.Body.Language)
}

func (r *routes) changePassword(ctx context.Context, by Session, in *passwordInput) (*noInput, error) {
	return nil, r.service.ChangePassword(ctx, by, in.Body.Current, in.Body.Password)
}

func (r *routes) ownAudit(ctx context.Context, by Session, in *pageInput) (*httpapi.PageAnswer[consoleEntry], error) {
	items, next, err := r.service.OwnAudit(ctx, by, in.Cursor, in.Limit)
	return httpapi.Paged(items, next, err, shapeEntry)
}

func (r *routes) audit(ctx context.Context, by Session, in *orgPageInput) (*httpapi.PageAnswer[consoleEntry], error) {
	items, next, err := r.service.Audit(ctx, by, in.Org, in.Cursor, in.Limit)
	return httpapi.Paged(items, next, err, shapeEntry)
}

func (r *routes) platformAudit(ctx context.Context, by Session, in *pageInput) (*httpapi.PageAnswer[consoleEntry], error) {
	items, next, err := r.service.PlatformAudit(ctx, by, in.Cursor, in.Limit)
	return httpapi.Paged(items, next, err, shapeEntry)
}

func (r *routes) createOrganisation(ctx context.Context, by Session, in *newOrganisationInput) (*httpapi.Answer[consoleOrganisation], error) {
	o, err := r.service.CreateOrganisation(ctx, by, NewOrganisation{Name: in.Body.Name, Kind: in.Body.Kind})
	return httpapi.Body(shapeOrganisation(o)), err
}

func (r *routes) organisation(ctx context.Context, by Session, in *orgInput) (*httpapi.Answer[consoleOrganisation], error) {
	o, err := r.service.Organisation(ctx, by, in.Org)
	return httpapi.Body(shapeOrganisation(o)), err
}

func (r *routes) rename(ctx context.Context, by Session, in *renameInput) (*httpapi.Answer[consoleOrganisation], error) {
	o, err := r.service.Rename(ctx, by, in.Org, in.Body.Name)
	return httpapi.Body(shapeOrganisation(o)), err
}

func (r *routes) submit(ctx context.Context, by Session, in *orgInput) (*httpapi.Answer[consoleOrganisation], error) {
	o, err := r.service.Submit(ctx, by, in.Org)
	return httpapi.Body(shapeOrganisation(o)), err
}

func (r *routes) documents(ctx context.Context, by Session, in *orgInput) (*httpapi.ListAnswer[consoleDocument], error) {
	found, err := r.service.Documents(ctx, by, in.Org)
	return httpapi.Listed(found, err, shapeDocument)
}

func (r *routes) addDocument(ctx context.Context, by Session, in *uploadInput) (*httpapi.Answer[consoleDocument], error) {
	d, err := r.service.AddDocument(ctx, by, in.Org, NewDocument{Kind: in.Kind, Name: in.Name, Bytes: in.RawBody})
	return httpapi.Body(shapeDocument(d)), err
}

func (r *routes) openDocument(ctx context.Context, by Session, in *documentInput) (*fileAnswer, error) {
	d, b, err := r.service.OpenDocument(ctx, by, in.Org, in.Document)
	return fileOf(d, b), err
}

func fileOf(d Document, b []byte) *fileAnswer {
	return &fileAnswer{
		ContentType: d.ContentType, ContentDisposition: mime.FormatMediaType("attachment", map[string]string{"filename": d.Name}),
		Policy: "default-src 'none'; sandbox", Body: b,
	}
}

func (r *routes) dropDocument(ctx context.Context, by Session, in *documentInput) (*noInput, error) {
	return nil, r.service.DropDocument(ctx, by, in.Org, in.Document)
}

func (r *routes) members(ctx context.Context, by Session, in *orgInput) (*httpapi.ListAnswer[consoleMember], error) {
	found, err := r.service.Members(ctx, by, in.Org)
	return httpapi.Listed(found, err, shapeMember)
}

func (r *routes) setRole(ctx context.Context, by Session, in *roleInput) (*noInput, error) {
	return nil, r.service.SetRole(ctx, by, in.Org, in.Person, in.Body.Role)
}

func (r *routes) remove(ctx context.Context, by Session, in *memberInput) (*noInput, error) {
	return nil, r.service.Remove(ctx, by, in.Org, in.Person)
}

func (r *routes) invitations(ctx context.Context, by Session, in *orgInput) (*httpapi.ListAnswer[consoleInvitation], error) {
	found, err := r.service.Invitations(ctx, by, in.Org)
	return httpapi.Listed(found, err, shapeInvitation)
}

func (r *routes) invite(ctx context.Context, by Session, in *inviteInput) (*httpapi.Answer[consoleInvited], error) {
	i, err := r.service.Invite(ctx, by, in.Org, in.Body.Login, in.Body.Role)
	return httpapi.Body(consoleInvited{i.ID, i.Login, i.Role, i.ExpiresAt, i.Token, i.Delivered}), err
}

func (r *routes) withdraw(ctx context.Context, by Session, in *invitationInput) (*noInput, error) {
	return nil, r.service.Withdraw(ctx, by, in.Org, in.Invitation)
}

type consoleAccepted struct {
	Organisation string `json:"organisation"`
}

func (r *routes) accept(ctx context.Context, by Session, in *acceptInput) (*httpapi.Answer[consoleAccepted], error) {
	org, err := r.service.Accept(ctx, by, in.Body.Token)
	return httpapi.Body(consoleAccepted{org}), err
}

func (r *routes) organisations(ctx context.Context, by Session, in *filterInput) (*httpapi.PageAnswer[consoleOrganisation], error) {
	items, next, err := r.service.Organisations(ctx, by, Filter{State: in.State, Query: in.Query}, in.Cursor, in.Limit)
	return httpapi.Paged(items, next, err, shapeOrganisation)
}

type consoleQualification struct {
	Organisation consoleOrganisation `json:"organisation"`
	Documents    []consoleDocument   `json:"documents"`
	Members      []consoleMember     `json:"members"`
}

func (r *routes) qualification(ctx context.Context, by Session, in *orgInput) (*httpapi.Answer[consoleQualification], error) {
	q, err := r.service.Qualification(ctx, by, in.Org)
	return httpapi.Body(consoleQualification{shapeOrganisation(q.Organisation), httpapi.Each(q.Documents, shapeDocument), httpapi.Each(q.Members, shapeMember)}), err
}

func (r *routes) reviewDocument(ctx context.Context, by Session, in *documentInput) (*fileAnswer, error) {
	d, b, err := r.service.ReviewDocument(ctx, by, in.Org, in.Document)
	return fileOf(d, b), err
}

func (r *routes) decide(ctx context.Context, by Session, in *decisionInput) (*httpapi.Answer[consoleOrganisation], error) {
	o, err := r.service.Decide(ctx, by, in.Org, Decision{Submission: in.Body.Submission, Verdict: in.Body.Verdict, Reason: in.Body.Reason})
	return httpapi.Body(shapeOrganisation(o)), err
}
