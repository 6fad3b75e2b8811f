-- name: definition
CREATE TABLE trend_fact (
    case_id  text NOT NULL,
    fact     text NOT NULL,
    kind     text NOT NULL,
    code     text NOT NULL,
    on_day   date NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (case_id, fact)
);

-- name: indexes
CREATE INDEX trend_fact_days ON trend_fact (on_day);

-- name: enter
INSERT INTO trend_fact VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (case_id, fact) DO NOTHING;

-- name: change
UPDATE trend_fact SET code = $3 WHERE case_id = $1 AND fact = $2;

-- name: facts
-- A tie that a cross-check found is counted among the ties; one that supervision put under a prohibition, there.
-- A waived rule stands for a deviation, a clock for a missed day; what breaks conformance is told from its first day on.
SELECT f.case_id, b.unit, f.kind, f.code, f.on_day
FROM read_model.trend_fact f JOIN read_model.case_board b ON b.case_id = f.case_id
WHERE f.on_day BETWEEN $1 AND $2
UNION ALL
SELECT r.case_id, b.unit,
    CASE WHEN r.entry_id LIKE 'undeclared/%' THEN 'kin_tie' WHEN r.kind = 'delay' THEN 'missed' ELSE r.kind END,
    CASE WHEN r.entry_id LIKE 'undeclared/%' THEN $3 WHEN r.kind = 'deviation' THEN r.rule
        WHEN r.kind IN ('breach', 'delay') THEN r.pack_id || '/' || r.code ELSE r.code END,
    r.entered_on
FROM read_model.exception_register r JOIN read_model.case_board b ON b.case_id = r.case_id
WHERE r.kind IN ('exception', 'deviation', 'breach', 'delay') AND r.entered_on <= $2
    AND (r.entered_on >= $1 OR b.closed_on IS NULL OR b.closed_on >= $1);

-- name: stages
-- A stage that began once more is told twice, as it was gone through twice.
SELECT b.pack_id || '/' || split_part(split_part(d.duty, ':', 2), '/', 1) AS name, d.began_on, d.done_on, d.due_on
FROM read_model.duty_register d JOIN read_model.case_board b ON b.case_id = d.case_id
WHERE d.duty LIKE 'stage:%' AND d.dropped_on IS NULL AND d.began_on <= $2 AND (d.done_on IS NULL OR d.done_on >= $1);

-- name: cases
SELECT b.case_id, b.unit, b.pack_id, b.pack_version, d.began_on, b.closed_on
FROM read_model.case_board b
JOIN (SELECT case_id, min(began_on) AS began_on FROM read_model.duty_register GROUP BY case_id) d USING (case_id)
WHERE d.began_on <= $2 AND (b.closed_on IS NULL OR b.closed_on >= $1)
ORDER BY b.case_id;

-- name: services
SELECT person_id, unit, pack, rank, since_on, until_on FROM read_model.in_service
WHERE unit IN (SELECT unit FROM read_model.in_service WHERE until_on BETWEEN $1 AND $2);

-- name: first_day
SELECT min(began_on) FROM read_model.duty_register;
