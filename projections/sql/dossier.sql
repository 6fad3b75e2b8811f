-- name: of_unit
SELECT case_id FROM read_model.case_board WHERE unit = $1 AND opened_position < $2 ORDER BY opened_position DESC LIMIT $3;

-- name: of_body
SELECT d.case_id FROM read_model.duty_register d JOIN read_model.case_board b ON b.case_id = d.case_id
WHERE d.role = 'decision_body' AND d.organ = ANY($1::text[]) AND b.opened_position < $2
GROUP BY d.case_id, b.opened_position ORDER BY b.opened_position DESC LIMIT $3;

-- name: departures
SELECT r.case_id, r.position, r.kind, r.code, r.rule, r.entered_on
FROM read_model.exception_register r JOIN read_model.case_board b ON b.case_id = r.case_id
WHERE b.unit = $1 AND r.case_id <> $2 AND r.position <= $3
ORDER BY r.position DESC, r.entry_id LIMIT $4;
