-- name: onwards
SELECT * FROM read_model.public_notice
WHERE (changed_at_position, position) > ($1, $2) ORDER BY changed_at_position, position LIMIT $3;

-- name: latest_first
SELECT * FROM read_model.public_notice
WHERE (changed_at_position, position) < ($1, $2) AND (cardinality($3::text[]) = 0 OR notice::text ILIKE ALL ($3))
ORDER BY changed_at_position DESC, position DESC LIMIT $4;

-- name: newest
SELECT coalesce(max(changed_at_position), -1) FROM read_model.public_notice;

-- name: state
SELECT coalesce(max(changed_at_position), -1) AS newest, count(*) AS notices,
    coalesce(array_agg(DISTINCT timezone ORDER BY timezone), '{}') AS timezones
FROM read_model.public_notice;
