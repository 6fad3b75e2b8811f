-- name: definition
CREATE TABLE unit_balance (
    unit      text PRIMARY KEY,
    nominated integer NOT NULL,
    appointed integer NOT NULL
);

-- name: add
INSERT INTO unit_balance (unit, nominated, appointed) VALUES ($1, 1, $2::int)
ON CONFLICT (unit) DO UPDATE
SET nominated = unit_balance.nominated + 1, appointed = unit_balance.appointed + excluded.appointed;

-- name: all
SELECT unit, nominated, appointed FROM read_model.unit_balance ORDER BY unit;
