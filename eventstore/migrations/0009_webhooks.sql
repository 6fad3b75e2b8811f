-- How far each webhook is, and since when it fails: memory of whoever delivers, which may be lost. Then everything since
-- its registration goes out again under the same ids, and receivers know that they have it.
CREATE TABLE log.webhook (
    webhook_id    text PRIMARY KEY,
    position      bigint NOT NULL,
    tested        bigint NOT NULL DEFAULT -1,
    attempts      integer NOT NULL DEFAULT 0,
    failing_since timestamptz,
    next_at       timestamptz,
    status        integer,
    delivered_at  timestamptz
);
GRANT SELECT, INSERT, UPDATE, DELETE ON log.webhook TO investiture_app;
