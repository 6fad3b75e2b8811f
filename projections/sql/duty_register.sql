-- name: definition
CREATE TABLE duty_register (
    case_id         text NOT NULL,
    duty            text NOT NULL,
    began_position  bigint NOT NULL,
    stage           text NOT NULL,
    role            text NOT NULL,
    organ           text,
    officer         text,
    assigned        boolean NOT NULL,
    began_on        date NOT NULL,
    due_on          date,
    done_on         date,
    silence         boolean NOT NULL,
    dropped_on      date,
    post_title      text NOT NULL,
    timezone        text NOT NULL,
    PRIMARY KEY (case_id, duty)
);

-- name: indexes
CREATE INDEX duty_register_recent ON duty_register (began_position DESC);
CREATE INDEX duty_register_open ON duty_register (role, organ, due_on) WHERE done_on IS NULL AND dropped_on IS NULL;

-- name: upsert
INSERT INTO duty_register
SELECT * FROM unnest(
    $1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::boolean[], $9::date[],
    $10::date[], $11::date[], $12::boolean[], $13::date[], $14::text[], $15::text[])
ON CONFLICT (case_id, duty) DO UPDATE SET
    began_position = excluded.began_position, stage = excluded.stage, role = excluded.role,
    began_on = excluded.began_on, organ = excluded.organ, officer = excluded.officer, assigned = excluded.assigned, due_on = excluded.due_on,
    done_on = excluded.done_on, silence = excluded.silence, dropped_on = excluded.dropped_on;

-- name: page
SELECT d.*, o.name AS officer_name
FROM read_model.duty_register d LEFT JOIN read_model.officer o ON o.officer = d.officer
WHERE d.began_position < $1
    AND ($2::text IS NULL OR d.case_id = $2) AND ($3::text IS NULL OR d.role = $3)
    AND ($4::text IS NULL OR d.organ = $4) AND ($5::text IS NULL OR d.officer = $5)
    AND ($6::boolean IS NULL OR (d.done_on IS NULL AND d.dropped_on IS NULL) = $6)
    AND ($7::boolean IS NULL OR d.silence = $7)
    AND ($8::text IS NULL OR d.officer = $8
         OR (d.officer IS NULL AND d.role = ANY ($9::text[]) AND (d.organ IS NULL OR d.organ = $10)))
ORDER BY d.began_position DESC LIMIT $11;
