-- name: AddSession :exec
INSERT INTO account_session (id, token_hash, person_id, address, agent, created_at, seen_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $6, $7);

-- name: SessionByToken :one
SELECT id, person_id, address, agent, created_at, seen_at, expires_at FROM account_session WHERE token_hash = $1;

-- name: Sessions :many
SELECT id, person_id, address, agent, created_at, seen_at, expires_at FROM account_session
WHERE person_id = sqlc.arg(person_id) ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: TouchSession :exec
UPDATE account_session SET seen_at = $2 WHERE id = $1;

-- name: EndSession :execrows
DELETE FROM account_session WHERE id = $1 AND person_id = $2;

-- name: EndSessions :execrows
DELETE FROM account_session WHERE person_id = $1;

-- name: EndOtherSessions :execrows
DELETE FROM account_session WHERE person_id = sqlc.arg(person_id) AND id <> sqlc.arg(keep);

-- name: SweepSessions :execrows
DELETE FROM account_session WHERE expires_at <= sqlc.arg(now) OR seen_at <= sqlc.arg(idle_since);

-- name: AddChallenge :exec
INSERT INTO account_challenge (id, purpose, login, language, code_hash, attempts, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, 0, $6, $7);

-- name: TryChallenge :one
UPDATE account_challenge SET attempts = attempts + 1
WHERE id = sqlc.arg(id) AND purpose = sqlc.arg(purpose) AND attempts < sqlc.arg(most) AND expires_at > sqlc.arg(now)
RETURNING login, language, code_hash;

-- name: TakeChallenge :execrows
DELETE FROM account_challenge WHERE id = $1;

-- name: SweepChallenges :execrows
DELETE FROM account_challenge WHERE expires_at <= $1;
