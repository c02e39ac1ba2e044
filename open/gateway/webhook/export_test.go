package webhook

// CheckURLForTest is checkURL without anything the operator allows.
func CheckURLForTest(text string) (string, error) { return checkURL(text, nil) }
