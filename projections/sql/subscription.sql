-- name: definition
CREATE TABLE subscription (
    subscriber_id text PRIMARY KEY,
    often         text NOT NULL,
    requested_at  timestamptz NOT NULL,
    requested     bigint NOT NULL,
    mailed        bigint NOT NULL DEFAULT -1,
    confirmed_at  timestamptz,
    told_on       date,
    over          bigint
);

-- name: indexes
CREATE INDEX subscription_waiting ON subscription (requested_at) WHERE over IS NULL AND (confirmed_at IS NULL OR mailed < requested);
CREATE INDEX subscription_told ON subscription (often, subscriber_id) WHERE over IS NULL AND confirmed_at IS NOT NULL;
CREATE INDEX subscription_over ON subscription (over) WHERE over IS NOT NULL;

-- name: request
INSERT INTO subscription (subscriber_id, often, requested_at, requested) VALUES ($1, $2, $3, $4)
ON CONFLICT (subscriber_id) DO UPDATE SET requested_at = excluded.requested_at, requested = excluded.requested;

-- name: mailed
UPDATE subscription SET mailed = $2 WHERE subscriber_id = $1;

-- name: confirm
UPDATE subscription SET confirmed_at = $2 WHERE subscriber_id = $1;

-- name: told
UPDATE subscription SET told_on = $2 WHERE subscriber_id = $1;

-- name: over
UPDATE subscription SET over = coalesce(over, $2) WHERE subscriber_id = $1;

-- name: to_be_asked
SELECT subscriber_id FROM read_model.subscription
WHERE over IS NULL AND mailed < requested ORDER BY requested_at LIMIT $1;

-- name: unconfirmed
SELECT subscriber_id FROM read_model.subscription
WHERE over IS NULL AND confirmed_at IS NULL AND requested_at < $1 ORDER BY requested_at LIMIT $2;

-- name: to_be_told
SELECT subscriber_id FROM read_model.subscription
WHERE over IS NULL AND often = $1 AND confirmed_at < $2 AND (told_on IS NULL OR told_on < $3) AND subscriber_id > $4
ORDER BY subscriber_id LIMIT $5;

-- name: over_and_kept
SELECT s.subscriber_id FROM read_model.subscription s
WHERE s.over IS NOT NULL AND NOT EXISTS (SELECT FROM log.destruction d WHERE d.approval = s.over) ORDER BY s.over LIMIT $1;
