-- name: Put :exec
INSERT INTO timer (room, timer_key, due_at, ready_at, payload, ticket, attempts, last_error)
VALUES (sqlc.arg(room), sqlc.arg(timer_key), sqlc.arg(due_at), sqlc.arg(due_at), sqlc.arg(payload), sqlc.arg(ticket), 0, '')
ON CONFLICT (room, timer_key) DO UPDATE SET due_at = excluded.due_at, ready_at = excluded.ready_at,
  payload = excluded.payload, ticket = excluded.ticket, attempts = 0, last_error = '';

-- name: Remove :execrows
DELETE FROM timer WHERE room = $1 AND timer_key = $2;

-- name: Ready :many
SELECT timer_key, ticket FROM timer
WHERE room = $1 AND ready_at <= $2 ORDER BY ready_at, timer_key LIMIT $3;

-- name: Take :one
UPDATE timer SET ready_at = sqlc.arg(until), ticket = sqlc.arg(new_ticket), attempts = attempts + 1
WHERE room = sqlc.arg(room) AND timer_key = sqlc.arg(timer_key) AND ticket = sqlc.arg(ticket) AND ready_at <= sqlc.arg(at)
RETURNING room, timer_key, due_at, payload, ticket, attempts;

-- name: Finish :execrows
DELETE FROM timer WHERE room = $1 AND timer_key = $2 AND ticket = $3;

-- name: Fail :execrows
UPDATE timer SET ready_at = sqlc.arg(ready_at), last_error = sqlc.arg(last_error)
WHERE room = sqlc.arg(room) AND timer_key = sqlc.arg(timer_key) AND ticket = sqlc.arg(ticket);

-- name: Failing :many
SELECT room, timer_key, due_at, ready_at, attempts, last_error FROM timer
WHERE last_error <> '' AND attempts >= $1 ORDER BY attempts DESC, room, timer_key LIMIT $2;

-- name: Find :one
SELECT due_at, ready_at, payload, attempts, last_error FROM timer WHERE room = $1 AND timer_key = $2;
