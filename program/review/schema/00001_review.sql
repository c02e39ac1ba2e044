-- +goose Up
CREATE TABLE review_review (
  id           TEXT PRIMARY KEY,  -- in the order of submission
  org_id       TEXT NOT NULL,
  app_id       TEXT NOT NULL,
  app_name     TEXT NOT NULL,     -- as it was called when it was submitted
  search_text  TEXT NOT NULL,     -- name and label as they are searched: folded by the program, alike on every engine
  version_id   TEXT NOT NULL,
  number       BIGINT NOT NULL,   -- of the version
  label        TEXT NOT NULL,     -- of the version
  round        BIGINT NOT NULL,   -- 1 for the first submission of this version
  note         TEXT NOT NULL,     -- of the developer
  state        TEXT NOT NULL,     -- pending, approved, rejected, withdrawn
  rules        TEXT NOT NULL,     -- version of the safety rules it was looked over by
  high         BIGINT NOT NULL,   -- findings of each severity
  medium       BIGINT NOT NULL,
  low          BIGINT NOT NULL,
  submitted_by TEXT NOT NULL,     -- person
  submitted_at BIGINT NOT NULL,   -- unix ms
  ended_by     TEXT NOT NULL,     -- who decided or withdrew it, "" while it is pending
  ended_at     BIGINT NOT NULL,   -- unix ms, 0 while it is pending
  reasons      TEXT NOT NULL      -- JSON, see Reason
);
CREATE UNIQUE INDEX review_review_pending ON review_review (version_id) WHERE state = 'pending';
CREATE INDEX review_review_state ON review_review (state, id);
CREATE INDEX review_review_version ON review_review (app_id, version_id, id);

-- What was found when a version was submitted. It is never changed.
CREATE TABLE review_report (
  review_id TEXT PRIMARY KEY,
  app_id    TEXT NOT NULL,
  settings  TEXT NOT NULL, -- JSON, domains and privacy statements at the time
  findings  TEXT NOT NULL, -- JSON, see Findings
  diff      TEXT NOT NULL  -- JSON, see Diff
);

-- +goose Down
DROP TABLE review_report;
DROP TABLE review_review;
