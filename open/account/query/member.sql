-- name: AddMember :execrows
INSERT INTO account_member (id, org_id, person_id, role, changes, joined_at)
VALUES ($1, $2, $3, $4, 0, $5)
ON CONFLICT (org_id, person_id) DO NOTHING;

-- name: Standing :one
SELECT m.id, m.role, m.changes, m.joined_at, o.kind, o.state
FROM account_member m JOIN account_organisation o ON o.id = m.org_id
WHERE m.org_id = $1 AND m.person_id = $2;

-- name: OperatorStanding :one
SELECT o.id, m.role
FROM account_member m JOIN account_organisation o ON o.id = m.org_id
WHERE o.kind = 'operator' AND m.person_id = $1;

-- name: Members :many
SELECT m.person_id, m.role, m.joined_at, p.login, p.name
FROM account_member m JOIN account_person p ON p.id = m.person_id
WHERE m.org_id = $1 ORDER BY m.id;

-- name: Memberships :many
SELECT m.org_id, m.role, m.joined_at, o.name, o.kind, o.state
FROM account_member m JOIN account_organisation o ON o.id = m.org_id
WHERE m.person_id = $1 ORDER BY m.id;

-- name: CountMembers :one
SELECT COUNT(*) FROM account_member WHERE org_id = $1;

-- name: CountMemberships :one
SELECT COUNT(*) FROM account_member WHERE person_id = $1;

-- name: CountOtherOwners :one
SELECT COUNT(*) FROM account_member WHERE org_id = $1 AND role = 'owner' AND person_id <> $2;

-- name: SetRole :one
UPDATE account_member SET role = $3, changes = changes + 1 WHERE org_id = $1 AND person_id = $2 RETURNING changes;

-- name: DropMember :execrows
DELETE FROM account_member WHERE org_id = $1 AND person_id = $2;

-- name: AddInvitation :exec
INSERT INTO account_invitation (id, org_id, login, role, token_hash, invited_by, created_at, expires_at, accepted_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0);

-- name: InvitationByToken :one
SELECT i.id, i.org_id, i.login, i.role, i.expires_at, i.accepted_at, o.name AS org_name
FROM account_invitation i JOIN account_organisation o ON o.id = i.org_id
WHERE i.token_hash = $1;

-- name: Invitations :many
SELECT id, login, role, invited_by, created_at, expires_at FROM account_invitation
WHERE org_id = sqlc.arg(org_id) AND accepted_at = 0 AND expires_at > sqlc.arg(now) ORDER BY id DESC;

-- name: CountInvitations :one
SELECT COUNT(*) FROM account_invitation WHERE org_id = sqlc.arg(org_id) AND accepted_at = 0 AND expires_at > sqlc.arg(now);

-- name: AcceptInvitation :execrows
UPDATE account_invitation SET accepted_at = $2 WHERE id = $1 AND accepted_at = 0;

-- name: DropInvitation :execrows
DELETE FROM account_invitation WHERE org_id = $1 AND id = $2 AND accepted_at = 0;

-- name: DropInvitationsBy :execrows
DELETE FROM account_invitation WHERE org_id = $1 AND invited_by = $2 AND accepted_at = 0;

-- name: SweepInvitations :execrows
DELETE FROM account_invitation WHERE expires_at <= $1;

-- name: CountInvitationsTo :one
SELECT COUNT(*) FROM account_invitation WHERE login = sqlc.arg(login) AND accepted_at = 0 AND expires_at > sqlc.arg(now);
