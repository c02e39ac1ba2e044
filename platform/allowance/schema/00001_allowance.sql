-- +goose Up

-- How far ahead of its time somebody is.
CREATE TABLE allowance (
  bucket_key TEXT PRIMARY KEY,
  full_at    BIGINT NOT NULL           -- when it will be full again: such a row says nothing any more
);

-- +goose Down
DROP TABLE allowance;
