-- name: definition
CREATE TABLE officer (
    officer text PRIMARY KEY,
    organ   text NOT NULL,
    name    text
);
-- The planner keeps samples of columns where no vacuum of ours reaches: of what names people it gets none.
ALTER TABLE officer ALTER COLUMN name SET STATISTICS 0;

-- name: upsert
INSERT INTO officer (officer, organ, name) VALUES ($1, $2, $3)
ON CONFLICT (officer) DO UPDATE SET organ = excluded.organ, name = excluded.name;
