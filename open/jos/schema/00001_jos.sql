-- +goose Up
-- Signatures of calls that change something, for as long as their timestamp is good: each is taken once.
CREATE TABLE jos_seen (
  hash       TEXT PRIMARY KEY, -- of the key and the signature
  expires_at BIGINT NOT NULL   -- unix ms
);
CREATE INDEX jos_seen_old ON jos_seen (expires_at);

-- Where a browser may be sent after somebody has agreed.
CREATE TABLE jos_redirect (
  key_id TEXT NOT NULL,
  uri    TEXT NOT NULL,
  app_id TEXT NOT NULL, -- of the key
  PRIMARY KEY (key_id, uri)
);

-- That an app lets a key of somebody else act for it.
CREATE TABLE jos_authorization (
  id         TEXT PRIMARY KEY,
  app_id     TEXT NOT NULL,   -- for which the key may act
  org_id     TEXT NOT NULL,   -- of the app
  key_id     TEXT NOT NULL,
  key_app_id TEXT NOT NULL,   -- of the key
  key_org_id TEXT NOT NULL,
  scopes     TEXT NOT NULL,   -- JSON, sorted
  given_by   TEXT NOT NULL,   -- person
  given_at   BIGINT NOT NULL, -- unix ms
  used_at    BIGINT NOT NULL, -- unix ms, to the minute, 0 for never
  UNIQUE (app_id, key_id)
);

-- Codes and tokens of an authorization. They go when it goes.
CREATE TABLE jos_token (
  hash             TEXT PRIMARY KEY, -- SHA-256, hexadecimal
  authorization_id TEXT NOT NULL,
  key_id           TEXT NOT NULL,
  kind             TEXT NOT NULL,    -- code, access, refresh
  redirect_uri     TEXT NOT NULL,    -- of a code
  expires_at       BIGINT NOT NULL,  -- unix ms
  used_at          BIGINT NOT NULL   -- unix ms, of a code or a refresh token, 0 for not
);
CREATE INDEX jos_token_authorization ON jos_token (authorization_id, kind);
CREATE INDEX jos_token_old ON jos_token (expires_at);

-- +goose Down
DROP TABLE jos_token;
DROP TABLE jos_authorization;
DROP TABLE jos_redirect;
DROP TABLE jos_seen;
