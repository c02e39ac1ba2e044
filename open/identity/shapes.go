package identity

import (
	"net/http"

	"minimart/platform/fault"
)

// What goes over the wire. Times are unix milliseconds.

type identityPlus struct {
	Level string `json:"level" enum:"none,plus"`
	Until int64  `json:"until" doc:"Unix ms, 0 for none"`
}

type identityMe struct {
	ID        string       `json:"id"`
	Phone     string       `json:"phone" doc:"Masked, empty when none was proved" example:"138****8000"`
	Nickname  string       `json:"nickname"`
	Avatar    string       `json:"avatar" doc:"Key of a built-in picture"`
	AvatarURL string       `json:"avatarUrl"`
	Plus      identityPlus `json:"plus"`
	CreatedAt int64        `json:"createdAt" doc:"Unix ms"`
}

type identityChallenge struct {
	Challenge string `json:"challenge" doc:"To be sent back with the code"`
	ExpiresAt int64  `json:"expiresAt" doc:"Unix ms"`
}

type identitySignedIn struct {
	Consumer  string `json:"consumer"`
	New       bool   `json:"new" doc:"Whether the consumer is new"`
	Token     string `json:"token,omitempty" doc:"For Authorization: Bearer; only when tokens was asked for"`
	ExpiresAt int64  `json:"expiresAt" doc:"Unix ms, when the session ends unless it is used before"`
}

type identitySession struct {
	ID        string `json:"id"`
	Host      string `json:"host" doc:"Id of the host app"`
	Address   string `json:"address" doc:"Where it was begun"`
	Agent     string `json:"agent" doc:"The browser or host app, as it calls itself"`
	Current   bool   `json:"current" doc:"Whether it is the one of this request"`
	CreatedAt int64  `json:"createdAt" doc:"Unix ms"`
	SeenAt    int64  `json:"seenAt" doc:"Unix ms, to ten minutes"`
	ExpiresAt int64  `json:"expiresAt" doc:"Unix ms, unless it is used before"`
}

type identityAvatar struct {
	Key string `json:"key"`
	URL string `json:"url"`
}

type identityConsent struct {
	App        string `json:"app"`
	AppName    string `json:"appName"`
	Icon       string `json:"icon" doc:"Address, empty for none"`
	Kind       Kind   `json:"kind" enum:"profile,phone-number,membership"`
	Purpose    string `json:"purpose" doc:"What the sheet said"`
	GivenAt    int64  `json:"givenAt" doc:"Unix ms"`
	LastUsedAt int64  `json:"lastUsedAt" doc:"Unix ms, 0 before"`
}

type identityApp struct {
	App     string `json:"app"`
	AppName string `json:"appName"`
	Icon    string `json:"icon" doc:"Address, empty for none"`
	FirstAt int64  `json:"firstAt" doc:"Unix ms, of the first login"`
	LastAt  int64  `json:"lastAt" doc:"Unix ms, of the last login"`
}

type identityDisclosure struct {
	ID      string   `json:"id"`
	App     string   `json:"app"`
	AppName string   `json:"appName"`
	Icon    string   `json:"icon" doc:"Address, empty for none"`
	Kind    string   `json:"kind" enum:"login,profile,phone-number,membership"`
	Fields  []string `json:"fields" nullable:"false" doc:"What the app learned"`
	At      int64    `json:"at" doc:"Unix ms"`
	LastAt  int64    `json:"lastAt" doc:"Unix ms; the same within an hour is one disclosure"`
	Times   int64    `json:"times"`
}

type identityCode struct {
	Code      string `json:"code" doc:"For the developer's server; good once"`
	ExpiresAt int64  `json:"expiresAt" doc:"Unix ms"`
}

type identitySheet struct {
	App          string `json:"app"`
	AppName      string `json:"appName"`
	Organisation string `json:"organisation" doc:"Whose program it is"`
	Kind         Kind   `json:"kind" enum:"profile,phone-number,membership"`
	Purpose      string `json:"purpose" doc:"What the program says it needs it for"`
	Given        bool   `json:"given" doc:"Agreed to before, so that no sheet is needed; never for a phone number"`
	Allowed      bool   `json:"allowed" doc:"Whether the program may have it of those who agree"`
	Reason       string `json:"reason,omitempty" doc:"Why it may not"`
}

// identityShown holds what its kind has: nickName and avatarUrl, or code and expiresAt, or level and until.
type identityShown struct {
	NickName  string `json:"nickName,omitempty"`
	AvatarURL string `json:"avatarUrl,omitempty"`
	Code      string `json:"code,omitempty"`
	ExpiresAt int64  `json:"expiresAt,omitempty" doc:"Unix ms"`
	Level     string `json:"level,omitempty" enum:"none,plus"`
	Until     *int64 `json:"until,omitempty" doc:"Unix ms, 0 for none"`
}

type identityLogin struct {
	OpenID     string `json:"openid" doc:"The consumer in this app"`
	UnionID    string `json:"unionid" doc:"The consumer in all apps of the organisation; empty for an app of none"`
	SessionKey string `json:"sessionKey" doc:"16 bytes in base64; keep it on the server"`
}

type identityWatermark struct {
	App       string `json:"app"`
	Timestamp int64  `json:"timestamp" doc:"Unix ms"`
}

type identityPhone struct {
	PhoneNumber     string            `json:"phoneNumber" doc:"Outside the mainland with its country"`
	PurePhoneNumber string            `json:"purePhoneNumber" doc:"Without a country"`
	CountryCode     string            `json:"countryCode" example:"86"`
	Watermark       identityWatermark `json:"watermark"`
}

type identityConsumer struct {
	ID        string `json:"id"`
	Phone     string `json:"phone" doc:"Masked, empty when none was proved"`
	Nickname  string `json:"nickname"`
	AvatarURL string `json:"avatarUrl"`
	State     State  `json:"state" enum:"active,suspended"`
	Reason    string `json:"reason" doc:"Why it is suspended"`
	CreatedAt int64  `json:"createdAt" doc:"Unix ms"`
}

type identityLink struct {
	Host  string `json:"host" doc:"Id of the host app"`
	Since int64  `json:"since" doc:"Unix ms"`
}

type identityFile struct {
	Consumer identityConsumer  `json:"consumer"`
	Sessions []identitySession `json:"sessions" nullable:"false"`
	Links    []identityLink    `json:"links" nullable:"false" doc:"Host apps that sign it in themselves"`
}

// signedOn is an answer that begins a session.
type signedOn struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      identitySignedIn
}

// signedOff is an answer that ends one.
type signedOff struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

type meAnswer struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      identityMe
}

type noInput struct{}

type phoneInput struct {
	AcceptLanguage string `header:"Accept-Language"`
	Body           struct {
		Phone    string         `json:"phone" example:"13800138000"`
		Language fault.Language `json:"language,omitempty" enum:"zh,en" doc:"Of the message; default is the language of the request"`
	}
}

type answerInput struct {
	Body struct {
		Challenge string `json:"challenge" maxLength:"64"`
		Code      string `json:"code" maxLength:"16"`
		Tokens    bool   `json:"tokens,omitempty" doc:"Answer a token instead of a cookie: for hosts that are no browser, or of another origin"`
	}
}

type assertionInput struct {
	Body struct {
		Assertion string `json:"assertion" maxLength:"8192" doc:"JWT of the host app's server"`
		Tokens    bool   `json:"tokens,omitempty" doc:"Answer a token instead of a cookie"`
	}
}

type profileInput struct {
	Body struct {
		Nickname *string `json:"nickname,omitempty"`
		Avatar   *string `json:"avatar,omitempty" doc:"Key of a built-in picture"`
	}
}

type addPhoneInput struct {
	Body struct {
		Challenge string `json:"challenge" maxLength:"64"`
		Code      string `json:"code" maxLength:"16"`
	}
}

type pageInput struct {
	Cursor string `query:"cursor" maxLength:"64"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"100"`
}

type disclosuresInput struct {
	App    string `query:"app" maxLength:"64" doc:"One program, or all"`
	Cursor string `query:"cursor" maxLength:"64"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"100"`
}

type sessionInput struct {
	Session string `path:"session" maxLength:"64"`
}

type appInput struct {
	App string `path:"app" maxLength:"64"`
}

type consentInput struct {
	App  string `path:"app" maxLength:"64"`
	Kind Kind   `path:"kind" maxLength:"40"`
}

type programInput struct {
	App    string `path:"app" maxLength:"64"`
	Ticket string `query:"ticket" maxLength:"200" doc:"The one the program was opened with, if any"`
}

type kindInput struct {
	AcceptLanguage string `header:"Accept-Language"`
	App            string `path:"app" maxLength:"64"`
	Kind           Kind   `path:"kind" maxLength:"40"`
	Ticket         string `query:"ticket" maxLength:"200" doc:"The one the program was opened with, if any"`
}

// agreeInput may say what the sheet said, so that nobody agrees to what was not shown.
type agreeInput struct {
	App    string `path:"app" maxLength:"64"`
	Kind   Kind   `path:"kind" maxLength:"40"`
	Ticket string `query:"ticket" maxLength:"200" doc:"The one the program was opened with, if any"`
	Body   *struct {
		Purpose string `json:"purpose,omitempty" maxLength:"2000" doc:"The purpose the sheet showed; when the program has changed it meanwhile the answer is 409: show the sheet again"`
	}
}

type codeInput struct {
	Body struct {
		Code string `json:"code" maxLength:"200"`
	}
}

type findInput struct {
	Query  string `query:"query" maxLength:"64" doc:"A whole phone number, or an id"`
	Cursor string `query:"cursor" maxLength:"64"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"100"`
}

type consumerInput struct {
	Consumer string `path:"consumer" maxLength:"64"`
}

type suspendInput struct {
	Consumer string `path:"consumer" maxLength:"64"`
	Body     struct {
		Reason string `json:"reason"`
	}
}
