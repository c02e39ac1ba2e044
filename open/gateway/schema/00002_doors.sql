-- +goose Up
-- How far ahead of time somebody is who guesses secrets; see doors.go.
CREATE TABLE gateway_guess (
  bucket  TEXT PRIMARY KEY, -- a hash of whose secret is guessed and from where
  full_at BIGINT NOT NULL   -- unix ms at which it will be full again: such a row says nothing any more
);
CREATE INDEX gateway_guess_old ON gateway_guess (full_at);

-- +goose Down
DROP TABLE gateway_guess;
