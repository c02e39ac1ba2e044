-- +goose Up
CREATE TABLE gateway_key (
  id             TEXT PRIMARY KEY,
  app_id         TEXT NOT NULL,
  org_id         TEXT NOT NULL,
  name           TEXT NOT NULL,
  secret         TEXT NOT NULL,   -- sealed
  scopes         TEXT NOT NULL,   -- JSON, sorted
  networks       TEXT NOT NULL,   -- JSON, CIDR; [] for everywhere
  revision       BIGINT NOT NULL, -- counts changes: what was decided from memory is checked against it
  replaced_by    TEXT NOT NULL,   -- the key that came by rotation, "" for none
  created_by     TEXT NOT NULL,
  created_at     BIGINT NOT NULL, -- unix ms
  expires_at     BIGINT NOT NULL, -- unix ms, 0 for never
  revoked_at     BIGINT NOT NULL, -- unix ms, 0 for not
  last_used_at   BIGINT NOT NULL, -- unix ms, 0 for never; to the minute
  last_used_from TEXT NOT NULL    -- address
);
CREATE INDEX gateway_key_app ON gateway_key (app_id, id);

-- What was admitted. The time comes first: new rows go to the end of the table, and old ones leave from its beginning.
CREATE TABLE gateway_nonce (
  signed_at BIGINT NOT NULL, -- unix seconds
  digest    TEXT NOT NULL,   -- of key and nonce
  PRIMARY KEY (signed_at, digest)
);

-- A quota is one number: the time at which the bucket will be full again.
CREATE TABLE gateway_quota (
  app_id  TEXT NOT NULL,
  scope   TEXT NOT NULL,   -- "" for all of the app's calls together
  full_at BIGINT NOT NULL, -- unix ns
  PRIMARY KEY (app_id, scope)
);

CREATE TABLE gateway_idempotency (
  app_id      TEXT NOT NULL,
  idem_key    TEXT NOT NULL,
  fingerprint TEXT NOT NULL,   -- of method, path, query and body
  attempt     TEXT NOT NULL,   -- who works on it
  busy_until  BIGINT NOT NULL, -- unix ms, 0 when it is done
  status      BIGINT NOT NULL, -- HTTP, 0 while it is not done
  header      TEXT NOT NULL,   -- JSON
  body        TEXT NOT NULL,   -- base64
  expires_at  BIGINT NOT NULL, -- unix ms
  PRIMARY KEY (app_id, idem_key)
);
CREATE INDEX gateway_idempotency_old ON gateway_idempotency (expires_at);

CREATE TABLE gateway_endpoint (
  id              TEXT PRIMARY KEY,
  app_id          TEXT NOT NULL,
  org_id          TEXT NOT NULL,
  url             TEXT NOT NULL,
  description     TEXT NOT NULL,
  types           TEXT NOT NULL,   -- JSON, sorted; ["*"] for all
  secret          TEXT NOT NULL,   -- sealed
  previous_secret TEXT NOT NULL,   -- sealed, "" for none
  previous_until  BIGINT NOT NULL, -- unix ms
  state           TEXT NOT NULL,   -- enabled, disabled
  disabled_reason TEXT NOT NULL,   -- by_hand, gone, failing; "" while enabled
  disabled_count  BIGINT NOT NULL, -- how often it was disabled
  failing_since   BIGINT NOT NULL, -- unix ms of the first failure after the last success, 0 for none
  created_at      BIGINT NOT NULL, -- unix ms
  changed_at      BIGINT NOT NULL  -- unix ms
);
CREATE INDEX gateway_endpoint_app ON gateway_endpoint (app_id, id);

CREATE TABLE gateway_delivery (
  id          TEXT PRIMARY KEY,   -- the webhook-id
  app_id      TEXT NOT NULL,
  endpoint_id TEXT NOT NULL,
  event_id    TEXT NOT NULL,
  type        TEXT NOT NULL,
  payload     TEXT NOT NULL,      -- the body, the same at each attempt
  state       TEXT NOT NULL,      -- pending, delivered, failed, stopped
  attempts    BIGINT NOT NULL,    -- in all
  tries       BIGINT NOT NULL,    -- since it was created or sent again by hand
  next_at     BIGINT NOT NULL,    -- unix ms of the next attempt, 0 for none
  last_status BIGINT NOT NULL,    -- HTTP, 0 when there was no answer
  last_error  TEXT NOT NULL,
  created_at  BIGINT NOT NULL,    -- unix ms
  done_at     BIGINT NOT NULL,    -- unix ms, 0 while pending
  UNIQUE (endpoint_id, event_id)
);
CREATE INDEX gateway_delivery_log ON gateway_delivery (app_id, endpoint_id, id);
CREATE INDEX gateway_delivery_old ON gateway_delivery (created_at);

CREATE TABLE gateway_attempt (
  delivery_id TEXT NOT NULL,
  number      BIGINT NOT NULL, -- 1, 2, 3 … within the delivery
  started_at  BIGINT NOT NULL, -- unix ms
  took        BIGINT NOT NULL, -- ms
  status      BIGINT NOT NULL, -- HTTP, 0 when there was no answer
  error       TEXT NOT NULL,
  response    TEXT NOT NULL,   -- its beginning
  PRIMARY KEY (delivery_id, number)
);

-- +goose Down
DROP TABLE gateway_attempt;
DROP TABLE gateway_delivery;
DROP TABLE gateway_endpoint;
DROP TABLE gateway_idempotency;
DROP TABLE gateway_quota;
DROP TABLE gateway_nonce;
DROP TABLE gateway_key;
