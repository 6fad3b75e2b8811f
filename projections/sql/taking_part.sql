-- name: definition
CREATE TABLE taking_part_entry (
    entry_id         text PRIMARY KEY,
    kind             text NOT NULL,
    case_id          text NOT NULL,
    notice_id        text,
    receipt_hash     text,
    received_on      date NOT NULL,
    attachments      integer NOT NULL,
    awaits_admission boolean NOT NULL,
    moderate_by      date,
    acknowledge_by   date,
    answer_by        date NOT NULL,
    acknowledged_on  date,
    admitted_on      date,
    ended_on         date,
    outcome          text,
    reason           text,
    reasons_version  integer,
    late             integer NOT NULL,
    public_text      text,
    public_answer    text,
    position         bigint NOT NULL
);
-- Files go before their entry, so that their count cannot stand in its row.
CREATE TABLE taking_part_conversation (
    entry_id       text PRIMARY KEY,
    files          integer NOT NULL,
    messages       integer NOT NULL,
    question_waits boolean NOT NULL
);
CREATE TABLE taking_part_case (
    case_id   text PRIMARY KEY,
    notice_id text,
    ended_on  date
);

-- name: indexes
CREATE INDEX taking_part_receipt ON taking_part_entry (receipt_hash);
CREATE INDEX taking_part_of_case ON taking_part_entry (case_id, position);
CREATE INDEX taking_part_of_notice ON taking_part_entry (notice_id, position);
CREATE INDEX taking_part_open ON taking_part_entry (answer_by) WHERE ended_on IS NULL;

-- name: noticed
INSERT INTO taking_part_case VALUES ($1, $2, NULL)
ON CONFLICT (case_id) DO UPDATE SET notice_id = excluded.notice_id;

-- name: case_ended
INSERT INTO taking_part_case VALUES ($1, NULL, $2)
ON CONFLICT (case_id) DO UPDATE SET ended_on = excluded.ended_on;

-- name: lodged
INSERT INTO taking_part_entry
VALUES ($1, 'objection', $2, (SELECT notice_id FROM taking_part_case WHERE case_id = $2), $3, $4, $5, $6, $7, $8, $9,
        NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, $10)
ON CONFLICT DO NOTHING;

-- name: received
INSERT INTO taking_part_entry
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, $10, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, $11)
ON CONFLICT DO NOTHING;

-- name: acknowledged
UPDATE taking_part_entry SET acknowledged_on = $2, awaits_admission = false, late = late + $3 WHERE entry_id = $1;

-- name: admitted
UPDATE taking_part_entry SET admitted_on = $2, awaits_admission = false, public_text = $3 WHERE entry_id = $1;

-- name: rejected
UPDATE taking_part_entry
SET ended_on = $2, outcome = 'rejected', reason = $3, reasons_version = $4, awaits_admission = false
WHERE entry_id = $1;

-- name: answered
UPDATE taking_part_entry
SET ended_on = $2, outcome = $3, public_answer = $4, late = late + ($2 > answer_by)::integer, awaits_admission = false
WHERE entry_id = $1;

-- name: due
UPDATE taking_part_entry SET answer_by = $2 WHERE entry_id = $1;

-- name: said
INSERT INTO taking_part_conversation VALUES ($1, $2, $3, coalesce($4, false))
ON CONFLICT (entry_id) DO UPDATE
SET files = taking_part_conversation.files + excluded.files,
    messages = taking_part_conversation.messages + excluded.messages,
    question_waits = coalesce($4, taking_part_conversation.question_waits);

-- name: by_receipt
SELECT e.*, coalesce(t.files, 0) AS files, coalesce(t.messages, 0) AS messages,
       coalesce(t.question_waits, false) AS question_waits, c.ended_on AS case_ended_on
FROM read_model.taking_part_entry e
LEFT JOIN read_model.taking_part_conversation t USING (entry_id)
LEFT JOIN read_model.taking_part_case c ON c.case_id = e.case_id
WHERE e.receipt_hash = $1 ORDER BY e.position LIMIT 1;

-- name: by_id
SELECT e.*, coalesce(t.files, 0) AS files, coalesce(t.messages, 0) AS messages,
       coalesce(t.question_waits, false) AS question_waits, c.ended_on AS case_ended_on
FROM read_model.taking_part_entry e
LEFT JOIN read_model.taking_part_conversation t USING (entry_id)
LEFT JOIN read_model.taking_part_case c ON c.case_id = e.case_id
WHERE e.entry_id = $1;

-- name: inbox
SELECT e.*, coalesce(t.files, 0) AS files, coalesce(t.messages, 0) AS messages,
       coalesce(t.question_waits, false) AS question_waits, c.ended_on AS case_ended_on
FROM read_model.taking_part_entry e
LEFT JOIN read_model.taking_part_conversation t USING (entry_id)
LEFT JOIN read_model.taking_part_case c ON c.case_id = e.case_id
WHERE e.ended_on IS NULL AND e.kind = ANY ($1::text[])
    AND (e.kind <> 'objection' OR c.ended_on IS NULL) AND (e.kind = 'objection' OR NOT e.awaits_admission)
ORDER BY CASE WHEN e.kind = 'objection' AND e.acknowledged_on IS NULL THEN e.acknowledge_by ELSE e.answer_by END,
         e.position
OFFSET $2 LIMIT $3;

-- name: queue
SELECT e.*, coalesce(t.files, 0) AS files, coalesce(t.messages, 0) AS messages,
       coalesce(t.question_waits, false) AS question_waits, c.ended_on AS case_ended_on
FROM read_model.taking_part_entry e
LEFT JOIN read_model.taking_part_conversation t USING (entry_id)
LEFT JOIN read_model.taking_part_case c ON c.case_id = e.case_id
WHERE e.ended_on IS NULL AND e.awaits_admission AND (e.kind <> 'objection' OR c.ended_on IS NULL)
ORDER BY e.moderate_by, e.position
OFFSET $1 LIMIT $2;
