#!/bin/sh
# Runs once, when the volume of the key store's PostgreSQL is empty.
set -eu
psql --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set keys="$(cat /run/secrets/keys_password)" <<'SQL'
CREATE ROLE investiture_keys LOGIN PASSWORD :'keys';
CREATE DATABASE investiture_keys OWNER investiture_keys;
REVOKE ALL ON DATABASE investiture_keys FROM PUBLIC;
SQL
