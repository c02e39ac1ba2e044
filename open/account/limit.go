package account

import (
	"time"

	"minimart/platform/allowance"
)

// A guesser has ten guesses at one account and then one in five minutes, about 300 a day; an office behind one address has
// thirty wrong passwords to spare. A right password gives back what it took. Eight of the ten are for one network, and it gets
// new ones at half the pace: alone it can shut nobody out.
var (
	signInsPerPair      = allowance.Allowance{Name: "account sign-in pair", Burst: 8, Every: 10 * time.Minute}
	signInsPerLogin     = allowance.Allowance{Name: "account sign-in login", Burst: 10, Every: 5 * time.Minute}
	signInsPerAddress   = allowance.Allowance{Name: "account sign-in address", Burst: 30, Every: 20 * time.Second}
	codesPerLogin       = allowance.Allowance{Name: "account code login", Burst: 5, Every: 12 * time.Minute}
	codesPerAddress     = allowance.Allowance{Name: "account code address", Burst: 20, Every: 3 * time.Minute}
	answersPerAddress   = allowance.Allowance{Name: "account answer address", Burst: 40, Every: 15 * time.Second}
	passwordsPerPerson  = allowance.Allowance{Name: "account password person", Burst: 10, Every: 5 * time.Minute}
	invitationsPerOrg   = allowance.Allowance{Name: "account invitation org", Burst: 50, Every: time.Minute}
	acceptancePerPerson = allowance.Allowance{Name: "account acceptance person", Burst: 20, Every: time.Minute}
	organisationsPerWho = allowance.Allowance{Name: "account organisation person", Burst: 5, Every: time.Hour}
	documentsPerOrg     = allowance.Allowance{Name: "account document org", Burst: 60, Every: time.Minute}
)
