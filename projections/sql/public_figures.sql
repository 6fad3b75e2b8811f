-- name: first_day
SELECT min(began_on) FROM read_model.duty_register;

-- name: stages
-- A stage that was late is told with what it waited for: what others owed in the case between its day and its end.
SELECT b.pack_id || '/' || split_part(split_part(d.duty, ':', 2), '/', 1) AS name, d.done_on - d.began_on AS days,
    d.due_on - d.began_on AS limit_days,
    CASE WHEN d.due_on IS NULL OR d.done_on <= d.due_on THEN NULL
    ELSE coalesce(
        (SELECT min(split_part(w.duty, ':', 1)) FROM read_model.duty_register w
         WHERE w.case_id = d.case_id AND split_part(w.duty, ':', 1) IN ('objection', 'opinion', 'query')
             AND w.began_on <= d.done_on AND coalesce(w.done_on, w.dropped_on, d.done_on) > d.due_on),
        (SELECT 'stated' FROM read_model.exception_register r
         WHERE r.case_id = d.case_id AND r.kind = 'delay' AND r.state = 'stated' LIMIT 1),
        'not_stated') END AS cause
FROM read_model.duty_register d JOIN read_model.case_board b ON b.case_id = d.case_id
WHERE d.duty LIKE 'stage:%' AND d.done_on BETWEEN $1 AND $2;

-- name: endings
SELECT outcome AS name, NULL::int AS days, NULL::int AS limit_days, NULL AS cause FROM read_model.case_board
WHERE closed_on BETWEEN $1 AND $2 AND outcome IS NOT NULL;

-- name: exceptions
SELECT kind AS name, NULL::int AS days, NULL::int AS limit_days, NULL AS cause FROM read_model.exception_register
WHERE entered_on BETWEEN $1 AND $2;

-- name: objections
-- The outcome is public in the log's entry; the register of duties has when it was lodged and due.
SELECT coalesce(j.data ->> 'outcome', 'rejected') AS name, coalesce(d.done_on, d.dropped_on) - d.began_on AS days,
    d.due_on - d.began_on AS limit_days, NULL AS cause
FROM read_model.audit_trail t
JOIN log.event e ON e.position = t.position,
LATERAL (SELECT convert_from(e.entry, 'UTF8')::jsonb -> 'data' AS data OFFSET 0) j
JOIN read_model.duty_register d ON d.duty = 'objection:' || (j.data ->> 'objection_id')
WHERE t.type IN ('objection_disposed', 'objection_rejected') AND d.case_id = t.case_id
    AND coalesce(d.done_on, d.dropped_on) BETWEEN $1 AND $2;

-- name: units
SELECT coalesce(max(unit), unit_key) AS unit, sum(nominated)::int AS nominated, sum(appointed)::int AS appointed
FROM read_model.unit_balance WHERE quarter >= $1 AND quarter < $2 GROUP BY unit_key ORDER BY 1;
