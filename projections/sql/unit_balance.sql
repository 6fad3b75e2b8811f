-- name: definition
CREATE TABLE unit_balance (
    unit_key  text NOT NULL,
    quarter   date NOT NULL,
    nominated integer NOT NULL,
    appointed integer NOT NULL,
    PRIMARY KEY (unit_key, quarter)
);
CREATE TABLE unit_name (
    unit_key text PRIMARY KEY,
    unit     text NOT NULL
);

-- name: add
INSERT INTO unit_balance (unit_key, quarter, nominated, appointed) VALUES ($1, $2, 1, $3::int)
ON CONFLICT (unit_key, quarter) DO UPDATE
SET nominated = unit_balance.nominated + 1, appointed = unit_balance.appointed + excluded.appointed;

-- name: counted
SELECT sum(nominated)::int AS nominated, sum(appointed)::int AS appointed FROM unit_balance WHERE unit_key = $1;

-- name: named
INSERT INTO unit_name (unit_key, unit) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: until
SELECT coalesce(unit, unit_key) AS unit, sum(nominated)::int AS nominated, sum(appointed)::int AS appointed
FROM read_model.unit_balance LEFT JOIN read_model.unit_name USING (unit_key)
WHERE quarter <= $1
GROUP BY 1 ORDER BY 1;
