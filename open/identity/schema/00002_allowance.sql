-- +goose Up

-- How often something may be tried is counted by platform/allowance, in a table of its own.
DROP TABLE identity_bucket;

-- +goose Down
CREATE TABLE identity_bucket (
  bucket_key TEXT PRIMARY KEY,
  full_at    BIGINT NOT NULL
);
