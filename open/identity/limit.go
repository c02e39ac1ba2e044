package identity

import (
	"time"

	"minimart/platform/allowance"
)

// A code has six digits and five tries. A guesser who knows a phone gets five codes for it and then one in half an hour,
// fifty a day: 250 guesses in a million. That is also how many messages a day somebody can be pestered with.
var (
	codesPerPhone      = allowance.Allowance{Name: "identity code phone", Burst: 5, Every: 30 * time.Minute}
	codesPerAddress    = allowance.Allowance{Name: "identity code address", Burst: 20, Every: time.Minute}
	answersPerAddress  = allowance.Allowance{Name: "identity answer address", Burst: 40, Every: 15 * time.Second}
	loginsPerConsumer  = allowance.Allowance{Name: "identity login consumer", Burst: 60, Every: time.Second} // of one consumer in one program
	phonesPerConsumer  = allowance.Allowance{Name: "identity phone consumer", Burst: 10, Every: 30 * time.Second}
	failuresPerApp     = allowance.Allowance{Name: "identity exchange app", Burst: 60, Every: time.Second} // codes that were refused
	signaturesPerAppID = allowance.Allowance{Name: "identity signature openid", Burst: 60, Every: time.Second}
)
