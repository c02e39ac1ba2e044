// Package safety finds words in a text that a mini program must not say, however they are disguised: spelled with other
// characters, in the other script, with digits for letters, with signs or nothing visible in between.
//
//	report := safety.Default().Check(text)
//	for _, h := range report.Hits {
//		fmt.Println(h.Rule, h.Category, h.Line, text[h.Start:h.End]) // contact-wechat contact 3 加 薇 芯
//	}
//	report.Rules // "2026.1", to be stored with whatever was decided on it
//
// A hit is a reason for a person to look, never a decision. Pictures are not looked into: people do that, and a review shows
// them which pictures are new.
package safety
