-- name: append
SELECT * FROM log.append($1, $2, $3);
