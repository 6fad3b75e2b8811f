-- name: definition
CREATE TABLE supervision_point (
    case_id     text NOT NULL,
    stage       text NOT NULL,
    point       text NOT NULL,
    role        text NOT NULL,
    began_on    date NOT NULL,
    passed_on   date,
    attended_on date,
    dropped_on  date,
    PRIMARY KEY (case_id, stage, point)
);

-- name: indexes
CREATE INDEX supervision_point_open ON supervision_point (role, began_on)
    WHERE attended_on IS NULL AND dropped_on IS NULL;
CREATE INDEX supervision_point_passed ON supervision_point (role, passed_on) WHERE passed_on IS NOT NULL;

-- name: begin
-- A stage that begins once more has the points that it had: what was seen at them was seen.
INSERT INTO supervision_point (case_id, stage, point, role, began_on)
SELECT $1, $2, point, $4, $5 FROM unnest($3::text[]) AS point
ON CONFLICT DO NOTHING;

-- name: pass_by
UPDATE supervision_point SET passed_on = $3
WHERE case_id = $1 AND stage = $2 AND attended_on IS NULL AND passed_on IS NULL;

-- name: attend
UPDATE supervision_point SET attended_on = $4 WHERE case_id = $1 AND stage = $2 AND point = $3;

-- name: drop
UPDATE supervision_point SET dropped_on = $2 WHERE case_id = $1 AND attended_on IS NULL;
