-- +goose Up
CREATE TABLE membership_plan (
  code       TEXT PRIMARY KEY,
  name_zh    TEXT NOT NULL,
  name_en    TEXT NOT NULL,
  days       BIGINT NOT NULL,
  price      BIGINT NOT NULL,          -- fen
  offered    BOOLEAN NOT NULL,         -- false once it is no longer on the list: those who have it keep it until it ends
  place      BIGINT NOT NULL,          -- in the list
  changed_at BIGINT NOT NULL           -- unix ms, as all times here
);

CREATE TABLE membership_membership (
  id          TEXT PRIMARY KEY,
  consumer_id TEXT NOT NULL UNIQUE,
  state       TEXT NOT NULL,           -- active, expired, removed
  plan        TEXT NOT NULL,           -- code, "" when the operator gave it
  since       BIGINT NOT NULL,         -- of the present stretch without a gap
  until       BIGINT NOT NULL,         -- the end, exclusive
  auto        BOOLEAN NOT NULL,        -- whether it renews itself
  sequence    BIGINT NOT NULL,         -- how often it moved: the key of its events
  created_at  BIGINT NOT NULL
);

CREATE TABLE membership_history (
  id            TEXT PRIMARY KEY,      -- in the order of time
  consumer_id   TEXT NOT NULL,
  step          TEXT NOT NULL,         -- joined, renewed, granted, expired, cancelled
  plan          TEXT NOT NULL,
  until         BIGINT NOT NULL,       -- afterwards
  by_whom       TEXT NOT NULL,         -- consumer, operator, clock
  reason        TEXT NOT NULL,
  at            BIGINT NOT NULL
);
CREATE INDEX membership_history_consumer ON membership_history (consumer_id, id);

-- +goose Down
DROP TABLE membership_history;
DROP TABLE membership_membership;
DROP TABLE membership_plan;
