-- +goose Up
CREATE TABLE account_person (
  id            TEXT PRIMARY KEY,
  login         TEXT NOT NULL UNIQUE,  -- in the one spelling of ParseLogin
  name          TEXT NOT NULL,
  language      TEXT NOT NULL,
  password_hash TEXT NOT NULL,         -- argon2id in PHC form, with its cost
  created_at    BIGINT NOT NULL,       -- unix ms, as all times here
  changed_at    BIGINT NOT NULL
);

CREATE TABLE account_organisation (
  id          TEXT PRIMARY KEY,
  name        TEXT NOT NULL,
  search_name TEXT NOT NULL,           -- folded by the program, alike on every engine
  kind        TEXT NOT NULL,
  state       TEXT NOT NULL,
  reason      TEXT NOT NULL,           -- why it was rejected, "" otherwise
  submission  BIGINT NOT NULL,         -- how often it was submitted: a decision names the one it is about
  sequence    BIGINT NOT NULL,         -- how often the state changed: the key of its events
  created_at  BIGINT NOT NULL,
  changed_at  BIGINT NOT NULL
);
CREATE INDEX account_organisation_state ON account_organisation (state, id);
-- There is one operator.
CREATE UNIQUE INDEX account_operator ON account_organisation (kind) WHERE kind = 'operator';

CREATE TABLE account_document (
  id           TEXT PRIMARY KEY,
  org_id       TEXT NOT NULL,
  kind         TEXT NOT NULL,
  name         TEXT NOT NULL,
  content_type TEXT NOT NULL,
  bytes        BIGINT NOT NULL,
  uploaded_by  TEXT NOT NULL,          -- person
  created_at   BIGINT NOT NULL
);
CREATE INDEX account_document_org ON account_document (org_id, id);

CREATE TABLE account_member (
  id        TEXT PRIMARY KEY,
  org_id    TEXT NOT NULL,
  person_id TEXT NOT NULL,
  role      TEXT NOT NULL,
  changes   BIGINT NOT NULL,           -- how often the role changed: the key of its events
  joined_at BIGINT NOT NULL,
  UNIQUE (org_id, person_id)
);
CREATE INDEX account_member_person ON account_member (person_id);

CREATE TABLE account_invitation (
  id          TEXT PRIMARY KEY,
  org_id      TEXT NOT NULL,
  login       TEXT NOT NULL,
  role        TEXT NOT NULL,
  token_hash  TEXT NOT NULL UNIQUE,
  invited_by  TEXT NOT NULL,           -- person
  created_at  BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL,
  accepted_at BIGINT NOT NULL          -- 0 until then
);
CREATE INDEX account_invitation_org ON account_invitation (org_id, id);

CREATE TABLE account_session (
  id         TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  person_id  TEXT NOT NULL,
  address    TEXT NOT NULL,            -- where it was begun
  agent      TEXT NOT NULL,            -- the browser, as it calls itself
  created_at BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL,          -- to the minute
  expires_at BIGINT NOT NULL
);
CREATE INDEX account_session_person ON account_session (person_id, id);

-- A code on its way to a login, to prove that it is the sender's.
CREATE TABLE account_challenge (
  id         TEXT PRIMARY KEY,
  purpose    TEXT NOT NULL,
  login      TEXT NOT NULL,
  language   TEXT NOT NULL,
  code_hash  TEXT NOT NULL,            -- "" where no code can be right
  attempts   BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);

-- How far ahead of time a login or an address is; see limit.go.
CREATE TABLE account_bucket (
  bucket_key TEXT PRIMARY KEY,
  full_at    BIGINT NOT NULL           -- when it will be full again: such a row says nothing any more
);

CREATE TABLE account_audit (
  id        TEXT PRIMARY KEY,          -- in the order of time
  org_id    TEXT NOT NULL,             -- "" for what concerns a person alone
  person_id TEXT NOT NULL,             -- who did it, "" for the platform itself
  action    TEXT NOT NULL,
  target    TEXT NOT NULL,
  detail    TEXT NOT NULL,             -- JSON object of strings
  address   TEXT NOT NULL,
  at        BIGINT NOT NULL
);
CREATE INDEX account_audit_org ON account_audit (org_id, id);
CREATE INDEX account_audit_person ON account_audit (person_id, id);

-- +goose Down
DROP TABLE account_audit;
DROP TABLE account_bucket;
DROP TABLE account_challenge;
DROP TABLE account_session;
DROP TABLE account_invitation;
DROP TABLE account_member;
DROP TABLE account_document;
DROP TABLE account_organisation;
DROP TABLE account_person;
