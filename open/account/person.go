package account

import (
	"minimart/open/account/accountdb"
	"minimart/platform/fault"
)

// Prefixes of the ids of this room.
const (
	PersonPrefix       = "per"
	OrganisationPrefix = "org"
	MemberPrefix       = "mem"
	InvitationPrefix   = "inv"
	DocumentPrefix     = "doc"
	SessionPrefix      = "ses"
	ChallengePrefix    = "cha"
	AuditPrefix        = "aud"
)

// Person is somebody who can sign in.
type Person struct {
	ID        string
	Login     Login
	Name      string
	Language  fault.Language
	CreatedAt int64 // unix ms
}

// Visitor is where a request comes from. It goes into sessions and the audit log.
type Visitor struct {
	Address string // IP address, "" when the request did not come over the network
	Agent   string // the browser, as it calls itself
}

// NewPerson is what [Service.Enrol] needs.
type NewPerson struct {
	Login    string
	Name     string // 1 to 40 characters
	Password string // 10 to 128 characters, none of the commonest
	Language fault.Language
}

// check answers the input in the spelling it is kept in.
func (in NewPerson) check() (NewPerson, Login, error) {
	var c fault.Checks
	login, err := ParseLogin(in.Login)
	c.Include("", err)
	in.Name = checkPersonName(&c, in.Name)
	checkPassword(&c, in.Password, login)
	in.Language = checkLanguage(&c, in.Language)
	return in, login, c.Err()
}

func checkPersonName(c *fault.Checks, name string) string {
	name = c.Line("name", name, maxPersonName)
	c.Require(name != "", "name", personNameMissing)
	return name
}

func checkLanguage(c *fault.Checks, l fault.Language) fault.Language {
	switch l {
	case fault.Zh, fault.En:
	case "":
		return fault.En
	default:
		c.Add("language", noLanguage, fault.Cut(string(l), 20))
	}
	return l
}

func personOf(r accountdb.AccountPerson) Person {
	return Person{ID: r.ID, Login: Login(r.Login), Name: r.Name, Language: fault.Language(r.Language), CreatedAt: r.CreatedAt}
}
