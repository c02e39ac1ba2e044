-- +goose Up
CREATE TABLE identity_consumer (
  id         TEXT PRIMARY KEY,
  phone      TEXT NOT NULL,            -- E.164, in the one spelling of ParsePhone; "" when none was proved
  nickname   TEXT NOT NULL,
  avatar     TEXT NOT NULL,            -- key of a built-in picture
  state      TEXT NOT NULL,            -- active, suspended
  reason     TEXT NOT NULL,            -- why it is suspended, "" otherwise
  changes    BIGINT NOT NULL,          -- how often the state changed: the key of its events
  created_at BIGINT NOT NULL,          -- unix ms, as all times here
  changed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX identity_consumer_phone ON identity_consumer (phone) WHERE phone <> '';

-- Who a consumer is in a host app that signs its users in itself.
CREATE TABLE identity_link (
  host_id     TEXT NOT NULL,
  subject     TEXT NOT NULL,           -- the host's name for its user
  consumer_id TEXT NOT NULL,
  created_at  BIGINT NOT NULL,
  PRIMARY KEY (host_id, subject)
);
CREATE INDEX identity_link_consumer ON identity_link (consumer_id);

CREATE TABLE identity_session (
  id          TEXT PRIMARY KEY,
  token_hash  TEXT NOT NULL UNIQUE,
  consumer_id TEXT NOT NULL,
  host_id     TEXT NOT NULL,
  address     TEXT NOT NULL,           -- where it was begun
  agent       TEXT NOT NULL,           -- the browser or host app, as it calls itself
  created_at  BIGINT NOT NULL,
  seen_at     BIGINT NOT NULL          -- to ten minutes
);
CREATE INDEX identity_session_consumer ON identity_session (consumer_id, id);

-- A code on its way to a phone, to prove that it is the sender's.
CREATE TABLE identity_challenge (
  id         TEXT PRIMARY KEY,
  host_id    TEXT NOT NULL,
  phone      TEXT NOT NULL,
  code_hash  TEXT NOT NULL,
  attempts   BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);

-- How far ahead of time a phone or an address is; see limit.go.
CREATE TABLE identity_bucket (
  bucket_key TEXT PRIMARY KEY,
  full_at    BIGINT NOT NULL           -- when it will be full again: such a row says nothing any more
);

-- A consumer as one mini program knows it.
CREATE TABLE identity_user (
  app_id       TEXT NOT NULL,
  consumer_id  TEXT NOT NULL,
  openid       TEXT NOT NULL,
  session_key  TEXT NOT NULL,          -- sealed; "" when there is none
  used_at      BIGINT NOT NULL,        -- when the consumer last used the program, to the minute
  logins       BIGINT NOT NULL,        -- how often a server learned of a login
  first_at     BIGINT NOT NULL,        -- of the first of them, 0 before
  last_at      BIGINT NOT NULL,
  app_name     TEXT NOT NULL,          -- as it was called at the last login
  forgotten_at BIGINT NOT NULL,        -- 0 unless the consumer has forgotten it and not logged in since
  PRIMARY KEY (app_id, consumer_id)
);
CREATE UNIQUE INDEX identity_user_openid ON identity_user (app_id, openid);
CREATE INDEX identity_user_consumer ON identity_user (consumer_id, app_id);

-- A consumer as one organisation knows it in all its mini programs.
CREATE TABLE identity_union (
  org_id      TEXT NOT NULL,
  consumer_id TEXT NOT NULL,
  unionid     TEXT NOT NULL,
  PRIMARY KEY (org_id, consumer_id)
);
CREATE UNIQUE INDEX identity_union_unionid ON identity_union (org_id, unionid);

-- Codes that a mini program hands to its server, kind login or phone-number.
CREATE TABLE identity_code (
  code_hash   TEXT PRIMARY KEY,
  kind        TEXT NOT NULL,
  app_id      TEXT NOT NULL,
  org_id      TEXT NOT NULL,
  app_name    TEXT NOT NULL,
  consumer_id TEXT NOT NULL,
  created_at  BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL,
  used_at     BIGINT NOT NULL          -- 0 until then
);
CREATE INDEX identity_code_consumer ON identity_code (consumer_id, app_id);
CREATE INDEX identity_code_expires ON identity_code (expires_at);

CREATE TABLE identity_consent (
  id           TEXT PRIMARY KEY,
  app_id       TEXT NOT NULL,
  consumer_id  TEXT NOT NULL,
  kind         TEXT NOT NULL,
  purpose      TEXT NOT NULL,          -- what the sheet said
  app_name     TEXT NOT NULL,
  times        BIGINT NOT NULL,        -- how often it was given: the key of its events
  given_at     BIGINT NOT NULL,        -- the last time
  used_at      BIGINT NOT NULL,        -- 0 before
  withdrawn_at BIGINT NOT NULL         -- 0 while it holds
);
CREATE UNIQUE INDEX identity_consent_holds ON identity_consent (app_id, consumer_id, kind) WHERE withdrawn_at = 0;
CREATE INDEX identity_consent_consumer ON identity_consent (consumer_id, id);

-- What an app learned. The same thing learned again within an hour is counted, not written again.
CREATE TABLE identity_disclosure (
  id          TEXT PRIMARY KEY,
  consumer_id TEXT NOT NULL,
  app_id      TEXT NOT NULL,
  app_name    TEXT NOT NULL,
  kind        TEXT NOT NULL,
  slot        TEXT NOT NULL,           -- the hour, or the id where each is written
  fields      TEXT NOT NULL,           -- names, with commas between
  times       BIGINT NOT NULL,
  at          BIGINT NOT NULL,         -- the first time
  last_at     BIGINT NOT NULL,
  UNIQUE (consumer_id, app_id, kind, slot)
);
CREATE INDEX identity_disclosure_consumer ON identity_disclosure (consumer_id, id);

-- +goose Down
DROP TABLE identity_disclosure;
DROP TABLE identity_consent;
DROP TABLE identity_code;
DROP TABLE identity_union;
DROP TABLE identity_user;
DROP TABLE identity_bucket;
DROP TABLE identity_challenge;
DROP TABLE identity_session;
DROP TABLE identity_link;
DROP TABLE identity_consumer;
