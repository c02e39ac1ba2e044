package capability

// Capabilities whose room is not built yet. The catalogue shows them, nobody can apply for them, and the APIs behind them are
// shut. When a room takes one over, its declaration moves there.

var _ = Declare("messages", Spec{
	Stage:   Announced,
	Title:   Words{Zh: "订阅消息", En: "Subscribed messages"},
	Summary: Words{Zh: "向同意订阅的消费者发送服务通知，如发货与取餐提醒。", En: "Service notices to consumers who agreed to them: sent, ready for pick-up."},
	Opens:   Words{Zh: "requestSubscribeMessage 接口，以及服务端发送接口 messages:send。", En: "The API requestSubscribeMessage, and sending from a server with the scope messages:send."},
	APIs:    []string{"requestSubscribeMessage"}, Scopes: []string{"messages:send"},
})

var _ = Declare("customer-service", Spec{
	Stage:   Announced,
	Title:   Words{Zh: "客服会话", En: "Customer service"},
	Summary: Words{Zh: "消费者在小程序内联系客服，商家在控制台或自有系统接待。", En: "Consumers write to the desk from inside a program; the merchant answers in the console or in a system of its own."},
	Opens:   Words{Zh: "openCustomerServiceChat 接口、button 的 open-type=contact，以及服务端客服消息接口。", En: "The API openCustomerServiceChat, buttons with open-type=contact, and the desk's messages for servers."},
	APIs:    []string{"openCustomerServiceChat"}, Components: []string{"button.open-type=contact"}, Scopes: []string{"customer-service:send"},
})

var _ = Declare("advertising", Spec{
	Stage:    Announced,
	Verified: true,
	Title:    Words{Zh: "流量主广告", En: "Advertising"},
	Summary:  Words{Zh: "在小程序内展示平台广告并获得分成。", En: "Ads of the platform inside a program, for a share of what they earn."},
	Opens:    Words{Zh: "ad 组件，以及激励视频与插屏广告接口。", En: "The component ad, and the APIs of rewarded videos and interstitials."},
	APIs:     []string{"createRewardedVideoAd", "createInterstitialAd"}, Components: []string{"ad"},
})

var _ = Declare("trade", Spec{
	Stage: Announced, Admission: ClosedBeta,
	Verified: true,
	Title:    Words{Zh: "交易组件", En: "Trade"},
	Summary:  Words{Zh: "使用平台的商品、结算与收银台完成交易。邀请内测。", En: "Selling with the platform's products, checkout and cashier. A closed beta, by invitation."},
	Opens:    Words{Zh: "requestPayment 与结算接口，以及服务端订单读写接口。", En: "The APIs requestPayment and checkout, and reading and writing orders from a server."},
	APIs:     []string{"requestPayment", "trade.checkout"}, Scopes: []string{"orders:read", "orders:write"},
})

var _ = Declare("order-centre", Spec{
	Stage: Announced, Admission: Special,
	Verified: true,
	Title:    Words{Zh: "订单中心同步", En: "Order centre"},
	Summary:  Words{Zh: "将商家自有订单同步到消费者的订单中心。需特批。", En: "A merchant's own orders in the consumers' order centre. Needs special approval."},
	Opens:    Words{Zh: "服务端订单同步接口 order-centre:write。", En: "Handing orders over from a server with the scope order-centre:write."},
	Scopes:   []string{"order-centre:write"},
})

var _ = Declare("cloud-storage", Spec{
	Stage:   Announced,
	Title:   Words{Zh: "云存储", En: "Cloud storage"},
	Summary: Words{Zh: "在平台上存放小程序的文件，无需自建服务器。", En: "Files of a program kept on the platform, without a server of one's own."},
	Opens:   Words{Zh: "cloud.uploadFile 与 cloud.downloadFile 接口。", En: "The APIs cloud.uploadFile and cloud.downloadFile."},
	APIs:    []string{"cloud.uploadFile", "cloud.downloadFile"},
})
