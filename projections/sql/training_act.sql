-- name: definition
CREATE TABLE training_act (
    act_id      text PRIMARY KEY,
    kind        text NOT NULL,
    organ       text NOT NULL,
    recorded_at timestamptz NOT NULL,
    position    bigint NOT NULL,
    year        integer,
    organs      text[] NOT NULL,
    plan_id     text,
    still_open  boolean,
    said        jsonb NOT NULL
);
CREATE TABLE training_target (
    plan_id          text NOT NULL,
    year             integer NOT NULL,
    pack             text NOT NULL,
    unit             text NOT NULL,
    coverage_percent integer,
    quality_percent  integer,
    adopted_position bigint NOT NULL,
    PRIMARY KEY (plan_id, unit)
);
CREATE TABLE training_need (
    plan_id text NOT NULL,
    year    integer NOT NULL,
    name    text NOT NULL,
    places  integer NOT NULL,
    PRIMARY KEY (plan_id, name)
);

-- name: indexes
CREATE INDEX training_act_recent ON training_act (kind, position DESC);

-- name: act
INSERT INTO training_act VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (act_id) DO UPDATE SET said = training_act.said || excluded.said;

-- name: say
UPDATE training_act SET said = said || $2, still_open = $3 WHERE act_id = $1;

-- name: drop_targets
DELETE FROM training_target WHERE plan_id = $1;

-- name: drop_needs
DELETE FROM training_need WHERE plan_id = $1;

-- name: target
INSERT INTO training_target VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: need
INSERT INTO training_need VALUES ($1, $2, $3, $4);

-- name: page
SELECT act_id, organ, recorded_at, position, still_open, said FROM read_model.training_act
WHERE kind = $1 AND position < $2
    AND ($3::integer IS NULL OR year = $3)
    AND ($4::text IS NULL OR $4 = ANY(organs))
    AND ($5::text IS NULL OR plan_id = $5)
    AND ($6::boolean IS NULL OR still_open = $6)
ORDER BY position DESC LIMIT $7;

-- name: targets
SELECT DISTINCT ON (year, unit) year, unit, plan_id, coverage_percent, quality_percent
FROM read_model.training_target ORDER BY year, unit, adopted_position DESC;

-- name: needs
SELECT plan_id, year, name, places FROM read_model.training_need ORDER BY year, name, plan_id;
