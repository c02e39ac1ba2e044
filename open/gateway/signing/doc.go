// Package signing is how a request to the open API is signed and how a signature is read. It stands on the standard
// library alone, so that merchants can copy it; open/gateway/README.md has the rules in words and signing/vectors.json has
// test vectors for other languages.
//
//	req, _ := http.NewRequestWithContext(ctx, "POST", "https://open.example/open/v1/orders?page=2", body)
//	signed := signing.Request{Method: "POST", Path: req.URL.EscapedPath(), Query: req.URL.RawQuery, BodyHash: signing.HashBody(bytes),
//		Timestamp: now.Unix(), Nonce: signing.NewNonce(), Key: keyID}
//	header, err := signed.Sign(secret)
//	req.Header.Set("Authorization", header)
package signing
