-- A destroyed key leaves its owner's row, without the key: no process can make another one in its place.
ALTER TABLE owner_key ALTER COLUMN wrapped DROP NOT NULL;

-- How many people were forgotten: a process that keeps pseudonyms in memory drops them when the number has changed.
CREATE TABLE forgotten (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    people   bigint NOT NULL DEFAULT 0
);
INSERT INTO forgotten DEFAULT VALUES;
