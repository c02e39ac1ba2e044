-- +goose Up
CREATE TABLE timer (
  room       TEXT NOT NULL,
  timer_key  TEXT NOT NULL,
  due_at     BIGINT NOT NULL,   -- unix ms: when it was to run
  ready_at   BIGINT NOT NULL,   -- unix ms: when it may be taken; past due_at while somebody runs it, or after a failure
  payload    TEXT NOT NULL,     -- JSON
  ticket     TEXT NOT NULL,     -- changes whenever the timer is set or taken: only its last holder may finish it
  attempts   BIGINT NOT NULL,   -- how often it was taken since it was set
  last_error TEXT NOT NULL,     -- '' if it did not fail
  PRIMARY KEY (room, timer_key)
);
CREATE INDEX timer_ready ON timer (room, ready_at);

-- +goose Down
DROP TABLE timer;
