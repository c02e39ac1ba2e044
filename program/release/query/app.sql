-- name: CreateApp :execrows
INSERT INTO release_app (id, name, search_name, icon, summary, domains, last_number, created_at, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $7)
ON CONFLICT (id) DO NOTHING;

-- name: App :one
SELECT id, name, icon, summary, domains, created_at, changed_at FROM release_app WHERE id = $1;

-- name: SetDomains :execrows
UPDATE release_app SET domains = $2, changed_at = $3 WHERE id = $1;

-- name: NextNumber :one
UPDATE release_app SET last_number = last_number + 1 WHERE id = $1 RETURNING last_number;
