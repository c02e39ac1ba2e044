-- +goose Up
CREATE TABLE outbox (
  id         TEXT PRIMARY KEY,  -- topic:key
  seq        BIGINT NOT NULL,   -- the order of emission within one process; between processes the order of their clocks
  topic      TEXT NOT NULL,
  event_key  TEXT NOT NULL,
  payload    TEXT NOT NULL,     -- JSON
  emitted_at BIGINT NOT NULL,   -- unix ms
  sent_at    BIGINT             -- unix ms; NULL while the event waits
);
CREATE INDEX outbox_pending ON outbox (seq) WHERE sent_at IS NULL;
CREATE INDEX outbox_sent ON outbox (sent_at) WHERE sent_at IS NOT NULL;

-- One relay at a time sends, in order; others stand by.
CREATE TABLE outbox_lease (
  name       TEXT PRIMARY KEY,
  holder     TEXT NOT NULL,
  held_until BIGINT NOT NULL    -- unix ms
);

-- +goose Down
DROP TABLE outbox_lease;
DROP TABLE outbox;
