// Package wechat is a door for servers that were written for WeChat mini programs: the same paths, parameters, answers and
// error codes as api.weixin.qq.com has them, so that such a server moves here by changing a base URL.
//
//	err = d.Migrate(ctx, "wechat", wechat.Schema)
//	door := wechat.New(d, clock.System, gateway, wechat.Parts{Sessions: identity, Phones: identity})
//	door.Routes(mux)
//	go door.Run(ctx) // forgets tokens that have expired
//
//	GET /sns/jscode2session?appid=app_01J…&secret=mms_…&js_code=…&grant_type=authorization_code
//	{"openid":"o…","session_key":"…","unionid":"u…"}
//
// The appid is the id of an app here, the secret that of one of its live keys of the open API. README.md says what there is.
package wechat
