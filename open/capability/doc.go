// Package capability is the capability centre: what an app may be granted beside what every app has, who applied for it, who
// decided, until when, and the answer at every door.
//
// A capability is declared once, in the room that owns it:
//
//	var PhoneNumber = capability.Declare("phone-number", capability.Spec{
//		Title:   capability.Words{Zh: "手机号快速验证", En: "Phone number"},
//		Summary: capability.Words{Zh: "…", En: "…"},
//		Opens:   capability.Words{Zh: "…", En: "…"},
//		APIs:    []string{"getPhoneNumber"}, Components: []string{"button.open-type=getPhoneNumber"}, Scopes: []string{"phone-number:read"},
//		Form:    []capability.Question{{Key: "purpose", Words: capability.Words{Zh: "用途", En: "What for"}, Required: true, Max: 500}},
//		Verified: true, Privacy: "phone-number", Quota: capability.Limits{CallsPerDay: map[string]int64{"phone-number:read": 10_000}},
//	})
//
// The doors ask:
//
//	centre := capability.New(capability.Config{DB: db, Log: accounts, Organisations: accounts})
//	ok, err := centre.Allowed(ctx, app, "phone-number") // from memory; the gateway's Grants
//	gates := centre.Gates()                             // JS API → capability, for launch manifests
//	err = centre.Use(ctx, tx, app, "phone-number", consumer) // in the transaction of what is disclosed
package capability
