-- name: open_box
INSERT INTO ballot.box (survey) VALUES ($1) ON CONFLICT (survey) DO NOTHING;

-- name: keep_codes
INSERT INTO ballot.code (survey, code_hash, voter_class, batch)
SELECT $1, hash, $3, $4 FROM unnest($2::bytea[]) AS hash ORDER BY hash;

-- name: drop_batch
DELETE FROM ballot.code WHERE survey = $1 AND batch = $2;

-- name: hold_box
SELECT NOT shut FROM ballot.box WHERE survey = $1 FOR SHARE;

-- name: class_of
SELECT voter_class FROM ballot.code WHERE survey = $1 AND code_hash = $2 AND batch = ANY ($3);

-- name: cast
INSERT INTO ballot.cast (survey, voter_class, nullifier, sealed) VALUES ($1, $2, $3, $4)
ON CONFLICT (survey, nullifier) DO NOTHING RETURNING true;

-- name: cast_before
SELECT sealed FROM ballot.cast WHERE survey = $1 AND nullifier = $2;

-- name: one_more
INSERT INTO ballot.minute AS m (survey, voter_class, minute, ballots) VALUES ($1, $2, date_trunc('minute', $3::timestamptz), 1)
ON CONFLICT (survey, voter_class, minute) DO UPDATE SET ballots = m.ballots + 1;

-- name: shut
UPDATE ballot.box SET shut = true WHERE survey = $1;

-- name: in_box
SELECT voter_class, sealed FROM ballot.cast WHERE survey = $1 ORDER BY nullifier;

-- name: minutes
SELECT voter_class, minute, ballots FROM ballot.minute WHERE survey = $1;

-- name: destroy
WITH codes AS (DELETE FROM ballot.code WHERE survey = $1),
    minutes AS (DELETE FROM ballot.minute WHERE survey = $1)
DELETE FROM ballot.cast WHERE survey = $1;
