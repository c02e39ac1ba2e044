-- +goose Up
CREATE TABLE release_app (
  id          TEXT PRIMARY KEY,
  name        TEXT NOT NULL,
  search_name TEXT NOT NULL,   -- the name as it is searched: folded by the program, alike on every engine
  icon        TEXT NOT NULL,   -- file name, "" for none
  summary     TEXT NOT NULL,
  domains     TEXT NOT NULL,   -- JSON, see Domains
  last_number BIGINT NOT NULL, -- of a version; counted here so that two uploads at once meet at this row
  created_at  BIGINT NOT NULL, -- unix ms
  changed_at  BIGINT NOT NULL  -- unix ms
);

CREATE TABLE release_version (
  id           TEXT PRIMARY KEY,
  app_id       TEXT NOT NULL,
  number       BIGINT NOT NULL, -- 1, 2, 3 … within the app
  label        TEXT NOT NULL,
  notes        TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  manifest     TEXT NOT NULL,   -- JSON, build.Manifest
  bytes        BIGINT NOT NULL, -- of all files, plain
  state        TEXT NOT NULL,
  created_at   BIGINT NOT NULL, -- unix ms
  UNIQUE (app_id, number),
  UNIQUE (app_id, content_hash)
);

CREATE TABLE release_pointer (
  app_id      TEXT PRIMARY KEY,
  version_id  TEXT NOT NULL,
  sequence    BIGINT NOT NULL,  -- how often the app was promoted
  released_at BIGINT NOT NULL   -- unix ms
);

-- +goose Down
DROP TABLE release_pointer;
DROP TABLE release_version;
DROP TABLE release_app;
