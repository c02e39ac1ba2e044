-- +goose Up
-- What was admitted, with 64 bits of the digest as a number: half as many pages to write as with 128 bits of text. That two
-- calls of one second share them happens once in some ten thousand years at 5000 calls a second, and then one is refused.
DROP TABLE gateway_nonce;
CREATE TABLE gateway_nonce (
  signed_at BIGINT NOT NULL, -- unix seconds
  digest    BIGINT NOT NULL, -- of key and nonce
  PRIMARY KEY (signed_at, digest)
);

-- +goose Down
DROP TABLE gateway_nonce;
CREATE TABLE gateway_nonce (
  signed_at BIGINT NOT NULL,
  digest    TEXT NOT NULL,
  PRIMARY KEY (signed_at, digest)
);
