-- name: append
SELECT * FROM log.append($1, $2, $3, $4, $5, $6, $7, $8);
