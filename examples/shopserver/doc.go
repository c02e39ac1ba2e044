// Package shopserver is the developer's own server of the taro-shop example: the products it sells and the forms it takes,
// as an http.Handler over embedded data. It stands for any server that a mini program calls with request, so it knows
// nothing of the platform, keeps nothing between calls and gives the same answer to the same question.
//
//	mux.Handle("shop.minimart.example/", shopserver.New())
//
// Prices are in fen. A failure is application/problem+json with a code for programs, a detail for people and, for forms,
// one entry per wrong field.
package shopserver
