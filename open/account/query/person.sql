-- name: AddPerson :execrows
INSERT INTO account_person (id, login, name, language, password_hash, created_at, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $6)
ON CONFLICT (login) DO NOTHING;

-- name: Person :one
SELECT id, login, name, language, password_hash, created_at, changed_at FROM account_person WHERE id = $1;

-- name: PersonByLogin :one
SELECT id, login, name, language, password_hash, created_at, changed_at FROM account_person WHERE login = $1;

-- name: SetProfile :execrows
UPDATE account_person SET name = $2, language = $3, changed_at = $4 WHERE id = $1;

-- name: SetPassword :execrows
UPDATE account_person SET password_hash = sqlc.arg(password_hash), changed_at = sqlc.arg(changed_at)
WHERE id = sqlc.arg(id) AND password_hash = sqlc.arg(before);
