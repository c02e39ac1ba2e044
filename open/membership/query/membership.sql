-- name: Plans :many
SELECT code, name_zh, name_en, days, price, offered FROM membership_plan WHERE offered = TRUE ORDER BY place, code;

-- name: Plan :one
SELECT code, name_zh, name_en, days, price, offered FROM membership_plan WHERE code = $1;

-- name: PutPlan :exec
INSERT INTO membership_plan (code, name_zh, name_en, days, price, offered, place, changed_at)
VALUES ($1, $2, $3, $4, $5, TRUE, $6, $7)
ON CONFLICT (code) DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en, days = excluded.days, price = excluded.price,
  offered = TRUE, place = excluded.place, changed_at = excluded.changed_at;

-- name: RetirePlans :exec
UPDATE membership_plan SET offered = FALSE, changed_at = $1 WHERE offered = TRUE;

-- name: OfConsumer :one
SELECT * FROM membership_membership WHERE consumer_id = $1;

-- name: ByID :one
SELECT * FROM membership_membership WHERE id = $1;

-- name: Add :exec
INSERT INTO membership_membership (id, consumer_id, state, plan, since, until, auto, sequence, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8);

-- name: Move :execrows
UPDATE membership_membership SET state = sqlc.arg(state), plan = sqlc.arg(plan), since = sqlc.arg(since), until = sqlc.arg(until), auto = sqlc.arg(auto), sequence = sequence + 1
WHERE id = sqlc.arg(id) AND sequence = sqlc.arg(before);

-- name: SetAuto :execrows
UPDATE membership_membership SET auto = $2 WHERE id = $1;

-- name: AddHistory :exec
INSERT INTO membership_history (id, consumer_id, step, plan, until, by_whom, reason, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: History :many
SELECT id, step, plan, until, by_whom, reason, at FROM membership_history
WHERE consumer_id = sqlc.arg(consumer_id) AND (CAST(sqlc.arg(before) AS TEXT) = '' OR id < CAST(sqlc.arg(before) AS TEXT))
ORDER BY id DESC LIMIT sqlc.arg(most);
