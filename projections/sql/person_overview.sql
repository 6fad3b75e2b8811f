-- name: cases
SELECT n.case_id, b.stage, b.outcome, b.closed_on,
    ARRAY(SELECT d.cause FROM read_model.inquiry_doubt d
          WHERE d.case_id = n.case_id AND (d.candidate_id IS NULL OR d.candidate_id = n.candidate_id) ORDER BY 1) AS doubts
FROM read_model.inquiry_nominee n LEFT JOIN read_model.case_board b ON b.case_id = n.case_id
WHERE n.person = $1 ORDER BY n.case_id;

-- name: inquiries
SELECT i.inquiry_id, i.case_id, i.cause, i.outcome,
    EXISTS (SELECT FROM read_model.inquiry_nominee n WHERE n.case_id = i.case_id AND n.person = $1) AS as_candidate
FROM read_model.inquiry i
WHERE (EXISTS (SELECT FROM read_model.inquiry_nominee n WHERE n.case_id = i.case_id AND n.person = $1)
       OR i.took_part @> jsonb_build_array(jsonb_build_object('officer', $1::text)))
    AND NOT EXISTS (SELECT FROM jsonb_array_elements(i.took_part) p WHERE p ->> 'officer' = ANY ($2::text[]))
    AND NOT EXISTS (SELECT FROM read_model.inquiry_nominee n WHERE n.case_id = i.case_id AND n.person = ANY ($2::text[]))
ORDER BY i.opened_position;

-- name: sanctions
SELECT sanction_id, severity FROM read_model.inquiry_sanction WHERE person = $1 ORDER BY sanction_id;

-- name: watches
SELECT w.watch_id, w.subject_kind, w.subject_id, w.outcome
FROM read_model.supervision_watch_person p JOIN read_model.supervision_watch w USING (watch_id)
WHERE p.person = $1 ORDER BY w.position;

-- name: inputs
SELECT input_id, voice, status FROM read_model.supervision_input WHERE person = $1 ORDER BY position;
