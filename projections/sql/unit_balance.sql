-- name: definition
CREATE TABLE unit_balance (
    unit_key  text NOT NULL,
    quarter   date NOT NULL,
    nominated integer NOT NULL,
    appointed integer NOT NULL,
    unit      text,
    PRIMARY KEY (unit_key, quarter)
);

-- name: add
INSERT INTO unit_balance (unit_key, quarter, nominated, appointed) VALUES ($1, $2, 1, $3::int)
ON CONFLICT (unit_key, quarter) DO UPDATE
SET nominated = unit_balance.nominated + 1, appointed = unit_balance.appointed + excluded.appointed;

-- name: counted
SELECT sum(nominated)::int AS nominated, sum(appointed)::int AS appointed FROM unit_balance WHERE unit_key = $1;

-- name: named
UPDATE unit_balance SET unit = $2 WHERE unit_key = $1;

-- name: until
SELECT coalesce(max(unit), unit_key) AS unit, sum(nominated)::int AS nominated, sum(appointed)::int AS appointed
FROM read_model.unit_balance WHERE quarter <= $1 GROUP BY unit_key ORDER BY 1;
