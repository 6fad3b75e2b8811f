-- name: definition
CREATE TABLE pack_adoption (
    pack_id        text NOT NULL,
    version        integer NOT NULL,
    digest         text NOT NULL,
    effective_from date NOT NULL,
    adopted_at     timestamptz NOT NULL,
    reason         text NOT NULL,
    officer        text NOT NULL,
    organ          text NOT NULL,
    position       bigint NOT NULL,
    PRIMARY KEY (pack_id, version)
);

-- name: insert
INSERT INTO pack_adoption VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING;

-- name: all
SELECT adoption.*, officer.name AS officer_name
FROM read_model.pack_adoption AS adoption LEFT JOIN read_model.officer AS officer USING (officer)
ORDER BY pack_id, version OFFSET $1 LIMIT $2;

-- name: packs
SELECT DISTINCT pack_id FROM read_model.pack_adoption ORDER BY pack_id LIMIT 1000;
