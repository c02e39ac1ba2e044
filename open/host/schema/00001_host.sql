-- +goose Up
CREATE TABLE host_app (
  id              TEXT PRIMARY KEY,
  name            TEXT NOT NULL,
  kind            TEXT NOT NULL,
  origins         TEXT NOT NULL,        -- JSON list of origins, sorted
  publishable_key TEXT NOT NULL UNIQUE, -- no secret: it stands in pages and apps
  builtin         BOOLEAN NOT NULL,     -- the platform's own web host
  all_programs    BOOLEAN NOT NULL,
  suspended_at    BIGINT NOT NULL,      -- unix ms, as all times here; 0 when it is not
  reason          TEXT NOT NULL,        -- why it was suspended
  created_by      TEXT NOT NULL,        -- person, "" for the platform itself
  created_at      BIGINT NOT NULL,
  changed_at      BIGINT NOT NULL,
  revision        BIGINT NOT NULL       -- how often it changed: the key of its events
);
-- There is one of the platform's own.
CREATE UNIQUE INDEX host_builtin ON host_app (builtin) WHERE builtin = TRUE;

CREATE TABLE host_secret (
  id         TEXT PRIMARY KEY,
  host_id    TEXT NOT NULL,
  secret     TEXT NOT NULL,             -- sealed
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL            -- 0 for the one that is not replaced yet
);
CREATE INDEX host_secret_host ON host_secret (host_id, id);

CREATE TABLE host_program (
  host_id TEXT NOT NULL,
  app_id  TEXT NOT NULL,
  PRIMARY KEY (host_id, app_id)
);

-- Assertions that were used. A row is needed as long as the assertion would be good.
CREATE TABLE host_assertion (
  host_id    TEXT NOT NULL,
  jti_hash   TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (host_id, jti_hash)
);
CREATE INDEX host_assertion_expiry ON host_assertion (expires_at);

-- +goose Down
DROP TABLE host_assertion;
DROP TABLE host_program;
DROP TABLE host_secret;
DROP TABLE host_app;
