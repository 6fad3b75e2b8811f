-- What the master key of this store gives for a constant, so that another key is noticed before anything is made with it.
CREATE TABLE master_key_check (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    value    bytea NOT NULL
);
