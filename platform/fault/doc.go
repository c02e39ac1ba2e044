// Package fault says what went wrong: to programs by a code and fields, to people by a message in their language.
//
//	const nameTooLong = "the name has %d characters, at most %d fit"
//
//	var _ = fault.Chinese(map[string]string{
//		nameTooLong: "名称有 %d 个字，最多 %d 个",
//	})
//
//	func (in CreateApp) Validate() error {
//		var c fault.Checks
//		c.Require(in.Name != "", "name", "give the program a name")
//		if n := utf8.RuneCountInString(in.Name); n > 30 {
//			c.Add("name", nameTooLong, n, 30)
//		}
//		return c.Err() // nil, or one fault that names every field that is wrong
//	}
//
// A room returns faults for all that a caller can do something about and passes other errors on as they are. At the edge
// [Of] turns any error into a fault: an unknown one becomes "internal", and its text goes to the log, never to the caller.
package fault
