// Package jos is a door for servers that were written for JD's open platform (京东开放平台, JOS): its gateway at /routerjson with
// MD5 signatures, and its OAuth. Such a server moves here by changing a base URL.
//
//	err = d.Migrate(ctx, "jos", jos.Schema)
//	door := jos.New(d, clock.System, gateway, auditLog, jos.Options{
//		Parts:       jos.Parts{Sessions: identity, Versions: versions, Reviews: reviews},
//		Scopes:      gateway.Scopes(),
//		ConsentPage: "/console/authorise",
//	})
//	door.Routes(mux)
//	door.ConsoleRoutes(console, who)
//	go door.Run(ctx) // forgets what has expired
//
//	POST /routerjson?method=jingdong.miniapp.mixUserInfo&app_key=key_01J…&timestamp=2026-06-18 08:00:00&v=2.0&sign=…
//	360buy_param_json={"code":"…"}
//
//	{"jingdong_miniapp_mixUserInfo_…":{"code":"0","result":{"code":"0","mixUserInfo":{"xId":"u…","openId":"o…"}}}}
//
// The app_key is the id of a key of the open API here, the app_secret its secret. README.md says what there is. MD5 lives in
// this room and nowhere else.
package jos
