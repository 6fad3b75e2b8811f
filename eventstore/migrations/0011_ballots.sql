-- Ballots are no events: the place of an event in the log, and its moment, would say who answered what.
CREATE SCHEMA ballot;

-- One row a survey whose box takes ballots. Casting holds it shared, so that counting waits for whoever is casting.
CREATE TABLE ballot.box (
    survey text PRIMARY KEY,
    shut   boolean NOT NULL DEFAULT false
);

-- What is kept of the codes that were given out: casting reads this table and never writes it.
CREATE TABLE ballot.code (
    survey      text NOT NULL,
    code_hash   bytea NOT NULL,
    voter_class text NOT NULL,
    batch       text NOT NULL,
    PRIMARY KEY (survey, code_hash)
);

-- What was cast, under a keyed hash of its code whose key is destroyed with the box. No time, no number, no address.
CREATE TABLE ballot.cast (
    survey      text NOT NULL,
    voter_class text NOT NULL,
    nullifier   bytea NOT NULL,
    sealed      bytea NOT NULL,
    PRIMARY KEY (survey, nullifier)
);

-- How many came in a minute, for the flag of bursts: beside the ballots, and about none of them.
CREATE TABLE ballot.minute (
    survey      text NOT NULL,
    voter_class text NOT NULL,
    minute      timestamptz NOT NULL,
    ballots     integer NOT NULL,
    PRIMARY KEY (survey, voter_class, minute)
);

GRANT USAGE ON SCHEMA ballot TO investiture_app;
GRANT SELECT, INSERT, DELETE ON ballot.code, ballot.cast TO investiture_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ballot.box, ballot.minute TO investiture_app;
