-- name: definition
CREATE TABLE joint_meeting (
    meeting_id         text PRIMARY KEY,
    kind               text NOT NULL,
    held_on            date NOT NULL,
    place              text NOT NULL,
    chair              text NOT NULL,
    members            jsonb NOT NULL,
    period             text,
    agenda_frozen_on   date NOT NULL,
    state              text NOT NULL,
    pack_id            text NOT NULL,
    items              integer NOT NULL DEFAULT 0,
    findings           integer NOT NULL DEFAULT 0,
    resolutions        integer NOT NULL DEFAULT 0,
    unsigned_overdue   boolean NOT NULL DEFAULT false,
    convened_position  bigint NOT NULL
);
CREATE TABLE joint_meeting_item (
    meeting_id text NOT NULL,
    item_id    text NOT NULL,
    state      text NOT NULL,
    placed     jsonb NOT NULL,
    PRIMARY KEY (meeting_id, item_id)
);
CREATE TABLE joint_meeting_problem (
    problem_id text PRIMARY KEY,
    meeting_id text NOT NULL,
    event      text NOT NULL,
    opened     boolean NOT NULL
);

-- name: indexes
CREATE INDEX joint_meeting_recent ON joint_meeting (convened_position DESC);
CREATE INDEX joint_meeting_coming ON joint_meeting (held_on) WHERE state = 'convened';

-- name: convene
INSERT INTO joint_meeting (meeting_id, kind, held_on, place, chair, members, period, agenda_frozen_on, state, pack_id,
    convened_position)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'convened', $9, $10) ON CONFLICT DO NOTHING;

-- name: state
UPDATE joint_meeting SET state = $2 WHERE meeting_id = $1;

-- name: place
INSERT INTO joint_meeting_item VALUES ($1, $2, 'standing', $3) ON CONFLICT DO NOTHING;

-- name: count_item
UPDATE joint_meeting SET items = items + 1 WHERE meeting_id = $1;

-- name: found
UPDATE joint_meeting SET findings = $2 WHERE meeting_id = $1;

-- name: resolved
UPDATE joint_meeting SET resolutions = $2 WHERE meeting_id = $1;

-- name: problem
INSERT INTO joint_meeting_problem VALUES ($1, $2, $3, false) ON CONFLICT DO NOTHING;

-- name: problem_opened
UPDATE joint_meeting_problem SET opened = true WHERE problem_id = $1;

-- name: close_items
UPDATE joint_meeting_item SET state = CASE WHEN item_id = ANY ($2::text[]) THEN 'left' ELSE 'dealt_with' END
WHERE meeting_id = $1;

-- name: unsigned
UPDATE joint_meeting SET unsigned_overdue = true WHERE meeting_id = $1;

-- name: page
SELECT * FROM read_model.joint_meeting
WHERE convened_position < $1 AND ($2::text IS NULL OR kind = $2) AND ($3::text IS NULL OR state = $3)
ORDER BY convened_position DESC LIMIT $4;

-- name: next_meeting
SELECT * FROM read_model.joint_meeting WHERE state = 'convened' AND pack_id = $1 ORDER BY held_on, meeting_id LIMIT 1;

-- name: items
SELECT item_id, state FROM read_model.joint_meeting_item;

-- name: left_items
SELECT meeting_id, item_id, placed FROM read_model.joint_meeting_item
WHERE state = 'left' AND placed ->> 'kind' = 'placed' ORDER BY meeting_id, item_id;

-- name: not_carried
SELECT problem_id, meeting_id FROM read_model.joint_meeting_problem WHERE NOT opened ORDER BY problem_id;

-- name: names
SELECT officer, name FROM read_model.officer WHERE officer = ANY ($1) AND name IS NOT NULL;

-- name: duties_of
SELECT count(*)::integer AS duties, count(*) FILTER (WHERE done_on IS NULL AND dropped_on IS NULL)::integer AS still_open,
    count(*) FILTER (WHERE done_on IS NULL AND dropped_on IS NULL AND due_on < $2)::integer AS overdue,
    count(*) FILTER (WHERE silence)::integer AS met_with_silence
FROM read_model.duty_register WHERE organ = $1;

-- name: problems_of
SELECT count(*)::integer AS problems, count(*) FILTER (WHERE mended_on IS NULL)::integer AS still_open,
    count(*) FILTER (WHERE mended_on IS NULL AND overdue)::integer AS overdue,
    coalesce(sum(times_overdue), 0)::integer AS times_overdue
FROM read_model.supervision_problem WHERE owner = $1;

-- name: causes
SELECT 'escalated_problem' AS kind, 'problem/' || problem_id AS cause, 'problem' AS about, problem_id AS id,
    ARRAY[opened_position] AS evidence
FROM read_model.supervision_problem WHERE mended_on IS NULL AND escalated
UNION ALL
SELECT CASE WHEN type IN ('index_fallen', 'index_low') THEN 'index_fallen' ELSE 'overdue_problem' END,
    'problem/' || problem_id, 'problem', problem_id, ARRAY[opened_position]
FROM read_model.supervision_problem
WHERE mended_on IS NULL AND NOT escalated AND (overdue OR type IN ('index_fallen', 'index_low'))
UNION ALL
SELECT 'case_due', 'case/' || case_id, 'case', case_id, array_agg(began_position ORDER BY began_position)
FROM read_model.duty_register WHERE done_on IS NULL AND dropped_on IS NULL AND due_on < $1 GROUP BY case_id
UNION ALL
SELECT 'deviation', kind || '/' || case_id || '/' || entry_id, 'case', case_id, ARRAY[position]
FROM read_model.exception_register WHERE kind IN ('deviation', 'exception', 'breach')
UNION ALL
SELECT 'inquiry_finding', 'inquiry/' || inquiry_id, 'inquiry', inquiry_id, ARRAY[opened_position]
FROM read_model.inquiry WHERE outcome IN ('shortcomings', 'referred')
UNION ALL
SELECT 'unanswered_request', 'request/' || request_id, 'request', request_id, ARRAY[asked_position]
FROM read_model.organ_request WHERE overdue AND settled_on IS NULL
ORDER BY kind, evidence, cause;

-- name: has_cases
SELECT EXISTS (SELECT FROM read_model.case_board WHERE pack_id = $1);
