-- name: MarkSeen :execrows
INSERT INTO bus_seen (consumer, event_id, seen_at) VALUES ($1, $2, $3)
ON CONFLICT (consumer, event_id) DO NOTHING;

-- name: SeenBefore :many
SELECT consumer, event_id FROM bus_seen WHERE seen_at < $1 ORDER BY seen_at LIMIT $2;

-- name: Forget :exec
DELETE FROM bus_seen WHERE consumer = $1 AND event_id = $2;
