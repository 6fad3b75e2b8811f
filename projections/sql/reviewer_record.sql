-- name: known
-- The organ and name under which they stand on the log, and the roles in which they acted last.
SELECT o.organ, o.name, ARRAY(SELECT jsonb_array_elements_text(convert_from(e.entry, 'UTF8')::jsonb #> '{actor,roles}')
    FROM log.event e WHERE e.position = (SELECT max(position) FROM read_model.audit_trail WHERE officer = $1)) AS roles
FROM read_model.officer o WHERE o.officer = $1;

-- name: acts
SELECT type, count(*)::int AS acts, min(recorded_at) AS first_at, max(recorded_at) AS last_at
FROM read_model.audit_trail WHERE officer = $1 AND kind <> ALL ($2::text[]) GROUP BY type ORDER BY acts DESC, type;

-- name: due
-- What waits for an officer by themselves, and what waits for their organ, which any of its officers may take up.
SELECT split_part(duty, ':', 1) AS what, duty AS id, case_id, began_on, due_on, officer IS NOT NULL AS own
FROM read_model.duty_register
WHERE done_on IS NULL AND dropped_on IS NULL
    AND (officer = $1 OR (officer IS NULL AND role = ANY ($3) AND (organ IS NULL OR organ = $2)))
UNION ALL
SELECT 'query_asked', d.duty, d.case_id, d.began_on, d.due_on, true
FROM read_model.duty_register d JOIN read_model.audit_trail t ON t.position = d.began_position
WHERE d.duty LIKE 'query:%' AND d.done_on IS NULL AND d.dropped_on IS NULL AND t.officer = $1
UNION ALL
SELECT 'hold_placed', 'hold:' || h.id, t.case_id, h.placed_on, NULL, true
FROM read_model.audit_trail t
JOIN read_model.case_board b ON b.case_id = t.case_id AND b.status <> 'closed'
JOIN log.event e ON e.position = t.position,
LATERAL (SELECT d ->> 'hold_id' AS id, (d ->> 'placed_on')::date AS placed_on
    FROM (SELECT convert_from(e.entry, 'UTF8')::jsonb -> 'data' AS d OFFSET 0) j) h
WHERE t.type = 'hold_placed' AND t.officer = $1 AND NOT EXISTS (
    SELECT FROM read_model.audit_trail u JOIN log.event l ON l.position = u.position
    WHERE u.case_id = t.case_id AND u.type = 'hold_lifted'
        AND convert_from(l.entry, 'UTF8')::jsonb #>> '{data,hold_id}' = h.id)
UNION ALL
SELECT 'problem_to_mend', problem_id, NULL, opened_on, due_on, false FROM read_model.supervision_problem
WHERE owner = $2 AND mended_on IS NULL AND NOT awaits_acceptance
UNION ALL
SELECT 'remedy_to_judge', problem_id, NULL, opened_on, due_on, false FROM read_model.supervision_problem
WHERE accepting = $2 AND awaits_acceptance
UNION ALL
SELECT 'request_to_answer', request_id, case_id, asked_on, due_on, false FROM read_model.organ_request
WHERE asked = $2 AND settled_on IS NULL
ORDER BY due_on NULLS LAST, began_on, id LIMIT $4;

-- name: missed
-- A day that passed in silence stays counted, also when the act came after all.
SELECT split_part(duty, ':', 1) AS what, duty AS id, case_id, due_on, done_on, officer IS NOT NULL AS own
FROM read_model.duty_register
WHERE silence AND (officer = $1 OR (officer IS NULL AND role = ANY ($3) AND (organ IS NULL OR organ = $2)))
UNION ALL
SELECT 'problem_to_mend', problem_id, NULL, due_on, mended_on, false FROM read_model.supervision_problem
WHERE owner = $2 AND times_overdue > 0
UNION ALL
SELECT 'request_to_answer', request_id, case_id, due_on, settled_on, false FROM read_model.organ_request
WHERE asked = $2 AND overdue
ORDER BY due_on DESC NULLS LAST, id LIMIT $4;

-- name: due_points
-- The points of a stage are its watching organ's, and no officer's.
SELECT 'point' AS what, 'point:' || stage || ':' || point AS id, case_id, began_on, passed_on AS due_on, false AS own
FROM read_model.supervision_point
WHERE attended_on IS NULL AND dropped_on IS NULL AND role = ANY ($1)
ORDER BY passed_on NULLS LAST, began_on, case_id, id LIMIT $2;

-- name: missed_points
SELECT 'point' AS what, 'point:' || stage || ':' || point AS id, case_id, passed_on AS due_on, attended_on AS done_on,
    false AS own
FROM read_model.supervision_point
WHERE passed_on IS NOT NULL AND role = ANY ($1)
ORDER BY passed_on DESC, case_id, id LIMIT $2;

-- name: packs
SELECT case_id, pack_id, pack_version FROM read_model.case_board WHERE case_id = ANY ($1);
