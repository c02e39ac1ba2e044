// Package outside makes connections to servers that somebody else has named: public addresses, and nothing inside.
//
//	client := &http.Client{Transport: outside.Transport(&outside.Dialer{})}
//	_, err := client.Get("https://shop.example/hook")
//	var inside *outside.NotPublicError
//	if errors.As(err, &inside) { … } // shop.example leads to 10.0.0.7
//
// A name is resolved here, once per connection, and the connection is made to the very address that was checked, so a name
// that changes its address in between (DNS rebinding) gains nothing. Which scheme and host a request may have, and whether
// redirects are followed, is for the room that sends it.
package outside
