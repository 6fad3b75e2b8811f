-- name: to_tell
SELECT * FROM read_model.public_notice WHERE changed_at_position > $1 OR closes_on >= $2 ORDER BY position;

-- name: projected_up_to
SELECT position FROM read_model.projection WHERE name = 'public_notice';
