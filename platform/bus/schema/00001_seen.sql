-- +goose Up
CREATE TABLE bus_seen (
  consumer TEXT NOT NULL,
  event_id TEXT NOT NULL,
  seen_at  BIGINT NOT NULL,     -- unix ms
  PRIMARY KEY (consumer, event_id)
);
CREATE INDEX bus_seen_at ON bus_seen (seen_at);

-- +goose Down
DROP TABLE bus_seen;
