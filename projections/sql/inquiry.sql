-- name: definition
CREATE TABLE inquiry (
    inquiry_id      text PRIMARY KEY,
    case_id         text NOT NULL,
    cause           text NOT NULL,
    because_of      text,
    opened_on       date NOT NULL,
    opened_by       text NOT NULL,
    took_part       jsonb NOT NULL,
    findings        integer NOT NULL,
    outcome         text,
    concluded_on    date,
    opened_position bigint NOT NULL
);
CREATE TABLE inquiry_nominee (
    case_id      text NOT NULL,
    candidate_id text NOT NULL,
    person       text NOT NULL,
    PRIMARY KEY (case_id, candidate_id)
);
CREATE TABLE inquiry_office (
    case_id        text PRIMARY KEY,
    candidate_id   text NOT NULL,
    issued_on      date NOT NULL,
    reviewed_from  text NOT NULL
);
CREATE TABLE inquiry_doubt (
    case_id      text NOT NULL,
    cause        text NOT NULL,
    because_of   text NOT NULL,
    candidate_id text,
    PRIMARY KEY (case_id, because_of)
);
-- What a verification rests on: entries of the candidate's training file.
CREATE TABLE inquiry_counted (
    case_id      text NOT NULL,
    candidate_id text NOT NULL,
    entry        integer NOT NULL,
    PRIMARY KEY (case_id, candidate_id, entry)
);
CREATE TABLE inquiry_sanction (
    sanction_id         text PRIMARY KEY,
    person              text NOT NULL,
    severity            text NOT NULL,
    wrongdoing_from_on  date NOT NULL
);

-- name: indexes
CREATE INDEX inquiry_recent ON inquiry (opened_position DESC);
CREATE INDEX inquiry_cause ON inquiry (case_id, because_of);
CREATE INDEX inquiry_nominee_person ON inquiry_nominee (person);

-- name: open
INSERT INTO inquiry VALUES ($1, $2, $3, $4, $5, $6, $7, 0, NULL, NULL, $8) ON CONFLICT DO NOTHING;

-- name: found
UPDATE inquiry SET findings = findings + 1 WHERE inquiry_id = $1;

-- name: conclude
UPDATE inquiry SET outcome = $2, concluded_on = $3 WHERE inquiry_id = $1;

-- name: nominee
INSERT INTO inquiry_nominee VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: office
INSERT INTO inquiry_office VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING;

-- name: doubt
INSERT INTO inquiry_doubt (case_id, cause, because_of) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: counted
INSERT INTO inquiry_counted SELECT $1, $2, unnest($3::int[]) ON CONFLICT DO NOTHING;

-- name: corrected
INSERT INTO inquiry_doubt (case_id, cause, because_of, candidate_id)
SELECT c.case_id, $3, $4, c.candidate_id
FROM inquiry_counted c JOIN inquiry_nominee n USING (case_id, candidate_id)
WHERE n.person = $1 AND c.entry = $2 ON CONFLICT DO NOTHING;

-- name: judged
DELETE FROM inquiry_doubt WHERE case_id = $1 AND because_of = $2;

-- name: ended
DELETE FROM inquiry_counted c WHERE case_id = $1 AND NOT EXISTS (
    SELECT FROM inquiry_office o WHERE o.case_id = c.case_id AND o.candidate_id = c.candidate_id);

-- name: ended_in_doubt
DELETE FROM inquiry_doubt d WHERE case_id = $1 AND candidate_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM inquiry_office o WHERE o.case_id = d.case_id AND o.candidate_id = d.candidate_id);

-- name: sanction
INSERT INTO inquiry_sanction VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING;

-- name: missing
SELECT o.case_id, 'sanction' AS cause, 'sanction/' || s.sanction_id AS because_of, s.severity, o.reviewed_from,
    NULL AS to_hold
FROM read_model.inquiry_sanction s
JOIN read_model.inquiry_nominee n ON n.person = s.person
JOIN read_model.inquiry_office o ON o.case_id = n.case_id AND o.candidate_id = n.candidate_id
WHERE s.wrongdoing_from_on < o.issued_on
    AND NOT EXISTS (SELECT FROM read_model.inquiry i
                    WHERE i.case_id = o.case_id AND i.because_of = 'sanction/' || s.sanction_id)
UNION ALL
SELECT d.case_id, d.cause, d.because_of, NULL, NULL, CASE WHEN o.case_id IS NULL THEN d.candidate_id END
FROM read_model.inquiry_doubt d LEFT JOIN read_model.inquiry_office o USING (case_id)
WHERE (d.candidate_id IS NULL OR o.case_id IS NULL OR o.candidate_id = d.candidate_id) AND NOT EXISTS (SELECT FROM read_model.inquiry i WHERE i.case_id = d.case_id AND i.because_of = d.because_of)
ORDER BY case_id, because_of;

-- name: page
SELECT i.* FROM read_model.inquiry i
WHERE opened_position < $1 AND ($2::text IS NULL OR case_id = $2)
    AND ($3::boolean IS NULL OR (outcome IS NULL) = $3)
    AND NOT EXISTS (SELECT FROM jsonb_array_elements(i.took_part) p WHERE p ->> 'officer' = ANY($5::text[]))
    AND NOT EXISTS (SELECT FROM read_model.inquiry_nominee n WHERE n.case_id = i.case_id AND n.person = ANY($5::text[]))
ORDER BY opened_position DESC LIMIT $4;
