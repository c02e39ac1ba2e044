-- +goose Up
CREATE TABLE settings_platform (
  id           TEXT PRIMARY KEY,  -- 'platform': there is one row
  name         TEXT NOT NULL,
  name_en      TEXT NOT NULL,
  support      TEXT NOT NULL,
  terms_url    TEXT NOT NULL,
  privacy_url  TEXT NOT NULL,
  self_sign_up BOOLEAN NOT NULL,
  revision     BIGINT NOT NULL,   -- counts changes, so that two who change at once notice
  changed_at   BIGINT NOT NULL    -- unix ms
);

-- +goose Down
DROP TABLE settings_platform;
