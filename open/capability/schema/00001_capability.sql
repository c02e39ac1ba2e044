-- +goose Up
CREATE TABLE capability_application (
  id         TEXT PRIMARY KEY,          -- in the order of time
  app_id     TEXT NOT NULL,
  org_id     TEXT NOT NULL,
  capability TEXT NOT NULL,
  state      TEXT NOT NULL,
  special    BOOLEAN NOT NULL,          -- whether it asks for special approval
  answers    TEXT NOT NULL,             -- JSON object of strings, by the keys of the form
  applied_by TEXT NOT NULL,             -- person
  applied_at BIGINT NOT NULL,           -- unix ms, as all times here
  decided_by TEXT NOT NULL,             -- person who approved, rejected or withdrew it, "" until then
  decided_at BIGINT NOT NULL,           -- 0 until then
  reason     TEXT NOT NULL              -- what the reviewer says
);
-- One at a time.
CREATE UNIQUE INDEX capability_application_open ON capability_application (app_id, capability) WHERE state = 'applied';
CREATE INDEX capability_application_state ON capability_application (state, id);
CREATE INDEX capability_application_app ON capability_application (app_id, capability, id);

-- What an approval gave. It holds from from_at to until_at, unless it was revoked.
CREATE TABLE capability_grant (
  id         TEXT PRIMARY KEY,          -- of the application that was approved
  app_id     TEXT NOT NULL,
  org_id     TEXT NOT NULL,
  capability TEXT NOT NULL,
  limits     TEXT NOT NULL,             -- JSON, see Limits
  from_at    BIGINT NOT NULL,
  until_at   BIGINT NOT NULL,           -- 0 for no end
  granted_by TEXT NOT NULL,             -- person
  granted_at BIGINT NOT NULL,
  revoked_by TEXT NOT NULL,
  revoked_at BIGINT NOT NULL,           -- 0 when it was not
  reason     TEXT NOT NULL              -- why it was revoked
);
CREATE INDEX capability_grant_app ON capability_grant (app_id, capability, id);
CREATE INDEX capability_grant_capability ON capability_grant (capability, id);

CREATE TABLE capability_invitation (
  app_id     TEXT NOT NULL,
  capability TEXT NOT NULL,
  id         TEXT NOT NULL UNIQUE,      -- another one each time: the key of its events
  invited_by TEXT NOT NULL,
  invited_at BIGINT NOT NULL,
  PRIMARY KEY (app_id, capability)
);

-- Which consumers used a capability of an app on a day, where that is limited.
CREATE TABLE capability_consumer (
  app_id      TEXT NOT NULL,
  capability  TEXT NOT NULL,
  day         BIGINT NOT NULL,          -- days since 1970 in China Standard Time
  consumer_id TEXT NOT NULL,
  PRIMARY KEY (app_id, capability, day, consumer_id)
);
CREATE INDEX capability_consumer_day ON capability_consumer (day);

CREATE TABLE capability_day (
  app_id     TEXT NOT NULL,
  capability TEXT NOT NULL,
  day        BIGINT NOT NULL,
  consumers  BIGINT NOT NULL,
  PRIMARY KEY (app_id, capability, day)
);

-- +goose Down
DROP TABLE capability_day;
DROP TABLE capability_consumer;
DROP TABLE capability_invitation;
DROP TABLE capability_grant;
DROP TABLE capability_application;
