package account

// Limits on what people write, in characters.
const (
	maxPersonName = 40
	maxOrgName    = 60
	maxFileName   = 100
	maxReason     = 500
)
