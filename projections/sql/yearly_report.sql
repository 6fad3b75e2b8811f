-- name: opened
SELECT count(*)::int FROM read_model.audit_trail
WHERE type = 'case_opened' AND recorded_at >= $1::date AND recorded_at < $2::date + 1;

-- name: endings
SELECT outcome AS name, '' AS detail, count(*) FILTER (WHERE closed_on >= $1)::int AS n,
    count(*) FILTER (WHERE closed_on < $1)::int AS before
FROM read_model.case_board WHERE closed_on BETWEEN $3 AND $2 AND outcome IS NOT NULL GROUP BY 1 ORDER BY 1;

-- name: letters
SELECT b.pack_id AS name, b.rank AS detail, count(*) FILTER (WHERE t.recorded_at >= $1::date)::int AS n,
    count(*) FILTER (WHERE t.recorded_at < $1::date)::int AS before
FROM read_model.audit_trail t JOIN read_model.case_board b USING (case_id)
WHERE t.type = 'appointment_issued' AND t.recorded_at >= $3::date AND t.recorded_at < $2::date + 1
GROUP BY 1, 2 ORDER BY 1, 2;

-- name: objections
-- The outcome is public in the log's entry.
SELECT coalesce(j.data ->> 'outcome', 'rejected') AS name, '' AS detail,
    count(*) FILTER (WHERE t.recorded_at >= $1::date)::int AS n,
    count(*) FILTER (WHERE t.recorded_at < $1::date)::int AS before
FROM read_model.audit_trail t JOIN log.event e ON e.position = t.position,
LATERAL (SELECT convert_from(e.entry, 'UTF8')::jsonb -> 'data' AS data OFFSET 0) j
WHERE t.type IN ('objection_disposed', 'objection_rejected')
    AND t.recorded_at >= $3::date AND t.recorded_at < $2::date + 1
GROUP BY 1 ORDER BY 1;

-- name: exceptions
SELECT kind AS name, code AS detail, count(*) FILTER (WHERE entered_on >= $1)::int AS n,
    count(*) FILTER (WHERE entered_on < $1)::int AS before
FROM read_model.exception_register WHERE entered_on BETWEEN $3 AND $2 GROUP BY 1, 2 ORDER BY 1, 2;

-- name: recorded
SELECT type AS name, '' AS detail, count(*) FILTER (WHERE recorded_at >= $1::date)::int AS n,
    count(*) FILTER (WHERE recorded_at < $1::date)::int AS before
FROM read_model.audit_trail
WHERE type = ANY ($4) AND recorded_at >= $3::date AND recorded_at < $2::date + 1
GROUP BY 1 ORDER BY 1;

-- name: policy
SELECT pack_id AS pack, version, effective_from, reason FROM read_model.pack_adoption
WHERE effective_from BETWEEN $1 AND $2 ORDER BY effective_from, pack_id, version;

-- name: problems
-- Of this year, and of the years before those that were still open when it began.
SELECT problem_id, type, severity, finding, owner, opened_on, due_on, state, mended_on,
    jsonb_array_length(remedies) AS remedies, opened_on >= $1 AS of_this_year
FROM read_model.supervision_problem
WHERE opened_on <= $2 AND (opened_on >= $1 OR mended_on IS NULL OR mended_on >= $1)
ORDER BY opened_on, opened_position;
