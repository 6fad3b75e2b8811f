-- name: definition
CREATE TABLE survey_method (
    method_id    text NOT NULL,
    number       integer NOT NULL,
    published_on date NOT NULL,
    position     bigint NOT NULL,
    method       jsonb NOT NULL,
    PRIMARY KEY (method_id, number)
);
CREATE TABLE survey (
    survey_id     text PRIMARY KEY,
    unit          text NOT NULL,
    status        text NOT NULL,
    method_id     text NOT NULL,
    method_number integer NOT NULL,
    opens_on      date NOT NULL,
    closes_on     date NOT NULL,
    follows       text,
    last_mended   integer NOT NULL,
    last_open     integer NOT NULL,
    position      bigint NOT NULL,
    counted_on    date,
    counted_at    bigint,
    digest        text,
    report        jsonb,
    codes         integer NOT NULL DEFAULT 0,
    uses          jsonb NOT NULL DEFAULT '[]',
    withdrawn_on  date,
    withdrawn_because text,
    method        jsonb NOT NULL
);
CREATE TABLE survey_batch (
    survey_id text NOT NULL,
    batch_id  text NOT NULL,
    codes     integer NOT NULL,
    PRIMARY KEY (survey_id, batch_id)
);

-- name: indexes
CREATE INDEX survey_recent ON survey (position DESC);

-- name: method
INSERT INTO survey_method VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING;

-- name: propose
INSERT INTO survey (survey_id, unit, status, method_id, method_number, opens_on, closes_on, follows, last_mended,
    last_open, position, method)
VALUES ($1, $2, 'proposed', $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING;

-- name: stand
UPDATE survey SET status = $2 WHERE survey_id = $1;

-- name: withdraw
UPDATE survey SET status = 'withdrawn', withdrawn_on = $2, withdrawn_because = $3 WHERE survey_id = $1;

-- name: batch
WITH gone AS (DELETE FROM survey_batch WHERE survey_id = $1 AND batch_id = $4)
INSERT INTO survey_batch VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: issued
UPDATE survey SET codes = (SELECT coalesce(sum(b.codes), 0) FROM survey_batch b WHERE b.survey_id = $1)
WHERE survey_id = $1;

-- name: count
UPDATE survey SET status = 'counted', counted_on = $2, counted_at = $3, digest = $4, report = $5 WHERE survey_id = $1;

-- name: use
UPDATE survey SET uses = uses || $2 WHERE survey_id = $1;

-- name: page
SELECT survey_id, unit, status, method_id, method_number, opens_on, closes_on, follows, last_mended, last_open,
    position, counted_on, counted_at, digest, report, codes, uses, withdrawn_on,
    withdrawn_because, method
FROM read_model.survey
WHERE position < $1 AND ($2::text IS NULL OR unit = $2) AND ($3::text IS NULL OR survey_id = $3)
ORDER BY position DESC LIMIT $4;

-- name: series
SELECT survey_id, unit, status, method_id, method_number, opens_on, closes_on, follows, last_mended, last_open,
    position, counted_on, counted_at, digest, report, codes, uses, withdrawn_on,
    withdrawn_because, method
FROM read_model.survey WHERE status = 'counted' ORDER BY unit, closes_on, position;

-- name: methods
SELECT method_id, number, published_on, position, method FROM read_model.survey_method
WHERE position < $1 AND ($2::text IS NULL OR method_id = $2) ORDER BY position DESC LIMIT $3;
