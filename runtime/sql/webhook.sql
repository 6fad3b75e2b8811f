-- name: begin
INSERT INTO log.webhook (webhook_id, position) VALUES ($1, $2) ON CONFLICT (webhook_id) DO NOTHING;

-- name: taken
UPDATE log.webhook
SET position = $2, status = $3, delivered_at = $4, attempts = 0, failing_since = NULL, next_at = NULL
WHERE webhook_id = $1;

-- name: passed
UPDATE log.webhook SET position = $2 WHERE webhook_id = $1;

-- name: failed
UPDATE log.webhook
SET position = $2, attempts = $3, failing_since = $4, next_at = $5, status = $6 WHERE webhook_id = $1;

-- name: tried
UPDATE log.webhook SET tested = $2, status = $3 WHERE webhook_id = $1;
