package account

import (
	"net/http"

	"minimart/platform/fault"
)

// What goes over the wire. Times are unix milliseconds. Nothing is embedded: huma passes over embedded inputs.

type consolePerson struct {
	ID        string `json:"id"`
	Login     string `json:"login" doc:"E-mail address or phone number"`
	Name      string `json:"name"`
	Language  string `json:"language" enum:"zh,en"`
	CreatedAt int64  `json:"createdAt" doc:"Unix ms"`
}

type consoleMembership struct {
	Organisation string       `json:"organisation"`
	Name         string       `json:"name"`
	Kind         Kind         `json:"kind" enum:"merchant,isv,operator"`
	State        State        `json:"state" enum:"new,submitted,verified,rejected"`
	Role         Role         `json:"role" enum:"owner,developer,operations,finance,readonly"`
	Permissions  []Permission `json:"permissions" doc:"What the role may do there"`
	JoinedAt     int64        `json:"joinedAt" doc:"Unix ms"`
}

type consoleSession struct {
	ID        string `json:"id"`
	Address   string `json:"address" doc:"Where it was begun"`
	Agent     string `json:"agent" doc:"The browser, as it calls itself"`
	Current   bool   `json:"current" doc:"Whether it is the one of this request"`
	CreatedAt int64  `json:"createdAt" doc:"Unix ms"`
	SeenAt    int64  `json:"seenAt" doc:"Unix ms, to the minute"`
	ExpiresAt int64  `json:"expiresAt" doc:"Unix ms, at the latest"`
}

type consoleOrganisation struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Kind       Kind   `json:"kind" enum:"merchant,isv,operator"`
	State      State  `json:"state" enum:"new,submitted,verified,rejected"`
	Reason     string `json:"reason" doc:"Why it was rejected, empty otherwise"`
	Submission int64  `json:"submission" doc:"How often it was submitted; a decision names it"`
	CreatedAt  int64  `json:"createdAt" doc:"Unix ms"`
	ChangedAt  int64  `json:"changedAt" doc:"Unix ms"`
}

func shapeOrganisation(o Organisation) consoleOrganisation { return consoleOrganisation(o) }

type consoleMember struct {
	Person   string `json:"person"`
	Login    Login  `json:"login"`
	Name     string `json:"name"`
	Role     Role   `json:"role" enum:"owner,developer,operations,finance,readonly"`
	JoinedAt int64  `json:"joinedAt" doc:"Unix ms"`
}

func shapeMember(m Member) consoleMember { return consoleMember(m) }

type consoleInvitation struct {
	ID        string `json:"id"`
	Login     Login  `json:"login" doc:"Who may accept it"`
	Role      Role   `json:"role" enum:"owner,developer,operations,finance,readonly"`
	InvitedBy string `json:"invitedBy" doc:"Person"`
	CreatedAt int64  `json:"createdAt" doc:"Unix ms"`
	ExpiresAt int64  `json:"expiresAt" doc:"Unix ms"`
}

func shapeInvitation(i Invitation) consoleInvitation { return consoleInvitation(i) }

type consoleDocument struct {
	ID          string       `json:"id"`
	Kind        DocumentKind `json:"kind" enum:"business-licence,representative,authorisation,other"`
	Name        string       `json:"name"`
	ContentType string       `json:"contentType" enum:"application/pdf,image/png,image/jpeg"`
	Bytes       int64        `json:"bytes"`
	UploadedBy  string       `json:"uploadedBy" doc:"Person"`
	CreatedAt   int64        `json:"createdAt" doc:"Unix ms"`
}

func shapeDocument(d Document) consoleDocument { return consoleDocument(d) }

type consoleEntry struct {
	ID        string            `json:"id"`
	Actor     string            `json:"actor" doc:"Person, empty for the platform itself"`
	ActorName string            `json:"actorName" doc:"As it is called today"`
	Org       string            `json:"organisation" doc:"Empty for what concerns a person alone"`
	Action    string            `json:"action" example:"member.removed"`
	Target    string            `json:"target" doc:"Id of what it happened to"`
	Detail    map[string]string `json:"detail"`
	IP        string            `json:"address"`
	At        int64             `json:"at" doc:"Unix ms"`
}

func shapeEntry(r Recorded) consoleEntry {
	return consoleEntry{ID: r.ID, Actor: r.Actor, ActorName: r.ActorName, Org: r.Org, Action: r.Action, Target: r.Target, Detail: r.Detail, IP: r.IP, At: r.At}
}

// signedOn is an answer that begins or ends a session.
type signedOn struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      struct {
		Session string `json:"session"`
		Person  string `json:"person"`
	}
}

type noInput struct{}

type codeInput struct {
	AcceptLanguage string `header:"Accept-Language"`
	Body           struct {
		Login    string         `json:"login" doc:"E-mail address or phone number" example:"li@shop.example"`
		Language fault.Language `json:"language,omitempty" enum:"zh,en" doc:"Of the message; default is the language of the request"`
	}
}

func (in *codeInput) language() fault.Language {
	if in.Body.Language != "" {
		return in.Body.Language
	}
	return fault.Match(in.AcceptLanguage)
}

type consoleChallenge struct {
	ID        string `json:"id"`
	ExpiresAt int64  `json:"expiresAt" doc:"Unix ms"`
}

type signUpAnswer struct {
	Challenge string `path:"challenge" maxLength:"100"`
	Body      struct {
		Code     string `json:"code" doc:"Eight digits from the message"`
		Name     string `json:"name" doc:"1 to 40 characters"`
		Password string `json:"password" doc:"10 to 128 characters, none of the commonest"`
	}
}

type resetAnswer struct {
	Challenge string `path:"challenge" maxLength:"100"`
	Body      struct {
		Code     string `json:"code" doc:"Eight digits from the message"`
		Password string `json:"password" doc:"10 to 128 characters, none of the commonest"`
	}
}

type signInInput struct {
	Body struct {
		Login    string `json:"login"`
		Password string `json:"password"`
	}
}

type profileInput struct {
	Body struct {
		Name     string         `json:"name" doc:"1 to 40 characters"`
		Language fault.Language `json:"language" enum:"zh,en"`
	}
}

type passwordInput struct {
	Body struct {
		Current  string `json:"current"`
		Password string `json:"password" doc:"10 to 128 characters, none of the commonest"`
	}
}

type pageInput struct {
	Cursor string `query:"cursor" maxLength:"100" doc:"From the answer before: where to go on"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type orgInput struct {
	Org string `path:"org" maxLength:"100"`
}

type orgPageInput struct {
	Org    string `path:"org" maxLength:"100"`
	Cursor string `query:"cursor" maxLength:"100" doc:"From the answer before: where to go on"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type newOrganisationInput struct {
	Body struct {
		Name string `json:"name" doc:"2 to 60 characters"`
		Kind Kind   `json:"kind" doc:"merchant or isv"`
	}
}

type renameInput struct {
	Org  string `path:"org" maxLength:"100"`
	Body struct {
		Name string `json:"name" doc:"2 to 60 characters"`
	}
}

type uploadInput struct {
	Org     string       `path:"org" maxLength:"100"`
	Kind    DocumentKind `query:"kind" required:"true" doc:"business-licence, representative, authorisation or other"`
	Name    string       `query:"name" required:"true" doc:"Name of the file"`
	RawBody []byte       `contentType:"application/octet-stream" doc:"The file: PDF, PNG or JPEG of at most 10 MiB"`
}

type documentInput struct {
	Org      string `path:"org" maxLength:"100"`
	Document string `path:"document" maxLength:"100"`
}

// fileAnswer is a file to save, never to show: what strangers uploaded must not run as a page of this host.
type fileAnswer struct {
	ContentType        string `header:"Content-Type"`
	ContentDisposition string `header:"Content-Disposition"`
	Policy             string `header:"Content-Security-Policy"`
	Body               []byte
}

type memberInput struct {
	Org    string `path:"org" maxLength:"100"`
	Person string `path:"person" maxLength:"100"`
}

type roleInput struct {
	Org    string `path:"org" maxLength:"100"`
	Person string `path:"person" maxLength:"100"`
	Body   struct {
		Role Role `json:"role" doc:"owner, developer, operations, finance or readonly"`
	}
}

type inviteInput struct {
	Org  string `path:"org" maxLength:"100"`
	Body struct {
		Login string `json:"login" doc:"E-mail address or phone number"`
		Role  Role   `json:"role" doc:"owner, developer, operations, finance or readonly"`
	}
}

type consoleInvited struct {
	ID        string `json:"id"`
	Login     Login  `json:"login" doc:"Who may accept it"`
	Role      Role   `json:"role" enum:"owner,developer,operations,finance,readonly"`
	ExpiresAt int64  `json:"expiresAt" doc:"Unix ms"`
	Token     string `json:"token" doc:"For the invited login only; told once"`
	Delivered bool   `json:"delivered" doc:"Whether the message was handed over"`
}

type invitationInput struct {
	Org        string `path:"org" maxLength:"100"`
	Invitation string `path:"invitation" maxLength:"100"`
}

type acceptInput struct {
	Body struct {
		Token string `json:"token"`
	}
}

type filterInput struct {
	Cursor string `query:"cursor" maxLength:"100" doc:"From the answer before: where to go on"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
	State  State  `query:"state" doc:"new, submitted, verified or rejected; empty for all"`
	Query  string `query:"query" maxLength:"200" doc:"Part of a name"`
}

type decisionInput struct {
	Org  string `path:"org" maxLength:"100"`
	Body struct {
		Submission int64  `json:"submission" doc:"Which submission was looked at"`
		Verdict    State  `json:"verdict" doc:"verified or rejected"`
		Reason     string `json:"reason,omitempty" doc:"1 to 500 characters when rejected: the organisation reads it"`
	}
}
