-- name: definition
CREATE TABLE officer (
    officer text PRIMARY KEY,
    organ   text NOT NULL,
    name    text
);

-- name: upsert
INSERT INTO officer (officer, organ, name) VALUES ($1, $2, $3)
ON CONFLICT (officer) DO UPDATE SET organ = excluded.organ, name = excluded.name;
