-- name: definition
CREATE TABLE webhook (
    webhook_id text PRIMARY KEY,
    organ      text NOT NULL,
    host       text NOT NULL,
    kinds      text[] NOT NULL,
    state      text NOT NULL DEFAULT 'active',
    registered bigint NOT NULL,
    test_asked bigint NOT NULL DEFAULT -1
);
CREATE TABLE notice_news (
    position    bigint PRIMARY KEY,
    case_id     text NOT NULL,
    notice_id   text NOT NULL,
    kind        text NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX notice_news_case ON notice_news (case_id, position DESC);

-- name: indexes
CREATE INDEX webhook_latest ON webhook (registered DESC);

-- name: register
INSERT INTO webhook (webhook_id, organ, host, kinds, registered) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (webhook_id) DO NOTHING;

-- name: ask_for_test
UPDATE webhook SET test_asked = $2 WHERE webhook_id = $1;

-- name: set_state
UPDATE webhook SET state = $2 WHERE webhook_id = $1;

-- name: tell
INSERT INTO notice_news VALUES ($1, $2, $3, $4, $5) ON CONFLICT (position) DO NOTHING;

-- name: tell_of_standing
INSERT INTO notice_news
SELECT $1::bigint, $2, last.notice_id, $3::text, $4
FROM (SELECT notice_id, kind FROM notice_news WHERE case_id = $2 ORDER BY position DESC LIMIT 1) AS last
WHERE last.kind NOT IN ('notice_closed', 'notice_withdrawn')
ON CONFLICT (position) DO NOTHING;

-- name: every
SELECT w.webhook_id, w.organ, w.host, w.kinds, w.state, w.registered, w.test_asked,
    d.position, d.tested, d.attempts, d.failing_since, d.next_at, d.status, d.delivered_at
FROM read_model.webhook w LEFT JOIN log.webhook d USING (webhook_id) ORDER BY w.registered DESC;

-- name: active
SELECT w.webhook_id, w.organ, w.host, w.kinds, w.state, w.registered, w.test_asked,
    d.position, d.tested, d.attempts, d.failing_since, d.next_at, d.status, d.delivered_at
FROM read_model.webhook w LEFT JOIN log.webhook d USING (webhook_id) WHERE w.state = 'active' ORDER BY w.webhook_id;

-- name: news
SELECT * FROM read_model.notice_news WHERE position > $1 ORDER BY position LIMIT $2;

-- name: by_state
SELECT count(*) FILTER (WHERE w.state = 'active' AND d.failing_since IS NULL) AS active,
    count(*) FILTER (WHERE w.state = 'active' AND d.failing_since IS NOT NULL) AS failing,
    count(*) FILTER (WHERE w.state = 'disabled') AS disabled
FROM read_model.webhook w LEFT JOIN log.webhook d USING (webhook_id);
