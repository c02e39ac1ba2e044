-- Apps belong to organisations; versions are reviewed; releases go out in stages; trials, previews, suspension, history.
-- +goose Up
ALTER TABLE release_app ADD COLUMN org_id TEXT NOT NULL DEFAULT '';            -- "" until somebody adopts it
ALTER TABLE release_app ADD COLUMN privacy TEXT NOT NULL DEFAULT '{}';         -- JSON, kind to statement
ALTER TABLE release_app ADD COLUMN last_record BIGINT NOT NULL DEFAULT 0;      -- of release_record
ALTER TABLE release_app ADD COLUMN trial_version TEXT NOT NULL DEFAULT '';     -- "" for no trial
ALTER TABLE release_app ADD COLUMN suspended_at BIGINT NOT NULL DEFAULT 0;     -- unix ms, 0 when it is not
ALTER TABLE release_app ADD COLUMN suspension_reason TEXT NOT NULL DEFAULT '';
CREATE INDEX release_app_org ON release_app (org_id, id);

ALTER TABLE release_version ADD COLUMN uploaded_by TEXT NOT NULL DEFAULT '';   -- person or key, "" for the platform itself
ALTER TABLE release_version ADD COLUMN source_bytes BIGINT NOT NULL DEFAULT 0; -- of the source package's zip; 0: none is kept
ALTER TABLE release_version ADD COLUMN moves BIGINT NOT NULL DEFAULT 0;        -- how often its state changed
ALTER TABLE release_version ADD COLUMN out_at BIGINT NOT NULL DEFAULT 0;       -- when everybody got it first, unix ms; 0: never
-- What could be promoted before there was a review has passed it.
UPDATE release_version SET state = 'approved' WHERE state = 'ready';
UPDATE release_version SET state = 'released', out_at = (SELECT p.released_at FROM release_pointer p WHERE p.version_id = release_version.id)
WHERE id IN (SELECT version_id FROM release_pointer);

CREATE TABLE release_rollout (
  id         TEXT PRIMARY KEY,
  app_id     TEXT NOT NULL,
  version_id TEXT NOT NULL,
  share      BIGINT NOT NULL, -- ppm of devices
  state      TEXT NOT NULL,   -- active, complete, stopped
  created_at BIGINT NOT NULL, -- unix ms
  changed_at BIGINT NOT NULL  -- unix ms
);
CREATE UNIQUE INDEX release_rollout_active ON release_rollout (app_id) WHERE state = 'active';

-- What happened to the releases of an app, one row a step.
CREATE TABLE release_record (
  id          TEXT PRIMARY KEY,
  app_id      TEXT NOT NULL,
  number      BIGINT NOT NULL, -- 1, 2, 3 … within the app
  step        TEXT NOT NULL,
  version_id  TEXT NOT NULL,   -- "" when it is about the app
  previous_id TEXT NOT NULL,   -- version that everybody had, "" for none
  rollout_id  TEXT NOT NULL,
  share       BIGINT NOT NULL, -- ppm
  reason      TEXT NOT NULL,
  actor       TEXT NOT NULL,   -- person, "" for the platform itself
  at          BIGINT NOT NULL, -- unix ms
  UNIQUE (app_id, number)
);

CREATE TABLE release_tester (
  id         TEXT PRIMARY KEY,
  app_id     TEXT NOT NULL,
  phone      TEXT NOT NULL,   -- +8613800138000
  name       TEXT NOT NULL,
  created_at BIGINT NOT NULL, -- unix ms
  UNIQUE (app_id, phone)
);

-- Links that open the trial version, or in a preview one version. Of the token only the SHA-256 is here.
CREATE TABLE release_ticket (
  hash       TEXT PRIMARY KEY,
  app_id     TEXT NOT NULL,
  version_id TEXT NOT NULL,   -- "" for the trial, whichever version that is
  operator   BOOLEAN NOT NULL,
  made_by    TEXT NOT NULL,
  created_at BIGINT NOT NULL, -- unix ms
  used_at    BIGINT NOT NULL, -- unix ms, to the day
  expires_at BIGINT NOT NULL  -- unix ms, 0 for never
);
CREATE INDEX release_ticket_app ON release_ticket (app_id, version_id, used_at);
CREATE INDEX release_ticket_expiry ON release_ticket (expires_at);

-- +goose Down
DROP TABLE release_ticket;
DROP TABLE release_tester;
DROP TABLE release_record;
DROP TABLE release_rollout;
ALTER TABLE release_version DROP COLUMN out_at;
ALTER TABLE release_version DROP COLUMN moves;
ALTER TABLE release_version DROP COLUMN source_bytes;
ALTER TABLE release_version DROP COLUMN uploaded_by;
DROP INDEX release_app_org;
ALTER TABLE release_app DROP COLUMN suspension_reason;
ALTER TABLE release_app DROP COLUMN suspended_at;
ALTER TABLE release_app DROP COLUMN trial_version;
ALTER TABLE release_app DROP COLUMN last_record;
ALTER TABLE release_app DROP COLUMN privacy;
ALTER TABLE release_app DROP COLUMN org_id;
