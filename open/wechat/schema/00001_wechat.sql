-- +goose Up
-- Access tokens. A token itself is not kept: of one from /cgi-bin/token only the caller has it, and one from
-- /cgi-bin/stable_token is derived from the key's secret, which the caller shows each time.
CREATE TABLE wechat_token (
  hash       TEXT PRIMARY KEY, -- SHA-256, hexadecimal
  app_id     TEXT NOT NULL,
  key_id     TEXT NOT NULL,    -- the key of the open API it stands for, and dies with
  kind       TEXT NOT NULL,    -- plain, stable
  salt       TEXT NOT NULL,    -- what a stable token is derived from beside the secret, "" for a plain one
  issued_at  BIGINT NOT NULL,  -- unix ms
  expires_at BIGINT NOT NULL   -- unix ms; earlier than its time when another one took its place
);
CREATE INDEX wechat_token_key ON wechat_token (key_id, kind, issued_at);
CREATE INDEX wechat_token_old ON wechat_token (expires_at);

-- How often a key had a token made today.
CREATE TABLE wechat_issued (
  key_id  TEXT NOT NULL,
  kind    TEXT NOT NULL,   -- plain, forced
  app_id  TEXT NOT NULL,
  day     BIGINT NOT NULL, -- days since 1970 in China
  times   BIGINT NOT NULL, -- on that day
  last_at BIGINT NOT NULL, -- unix ms
  PRIMARY KEY (key_id, kind)
);
CREATE INDEX wechat_issued_old ON wechat_issued (last_at);

-- +goose Down
DROP TABLE wechat_issued;
DROP TABLE wechat_token;
