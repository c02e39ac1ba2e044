// Package courier brings short messages to people: by e-mail, by SMS, or, where nothing else is set up, to a screen.
//
//	mail, err := courier.NewMail("smtps://user:password@mail.example", "Minimart <no-reply@mall.example>")
//	sms, err := courier.NewSMS("https://sms.example/send", secret)
//	err = courier.ByKind{Mail: mail, Phone: sms}.Deliver(ctx, courier.Message{To: "13800138000", Text: "…", Code: "123456"})
//
// A message is handed over when Deliver returns; whether it arrives is for the mail server or the SMS provider to see.
package courier
