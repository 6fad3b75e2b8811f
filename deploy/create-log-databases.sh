#!/bin/sh
# Runs once, when the volume of the log's PostgreSQL is empty: the roles and databases of the log and of the engine.
set -eu
psql --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set owner="$(cat /run/secrets/owner_password)" \
    --set app="$(cat /run/secrets/app_password)" \
    --set engine="$(cat /run/secrets/temporal_password)" <<'SQL'
CREATE ROLE investiture_owner LOGIN PASSWORD :'owner';
CREATE ROLE investiture_app LOGIN PASSWORD :'app';
CREATE DATABASE investiture OWNER investiture_owner;
REVOKE ALL ON DATABASE investiture FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE investiture TO investiture_app;

CREATE ROLE temporal LOGIN PASSWORD :'engine';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
REVOKE ALL ON DATABASE temporal, temporal_visibility FROM PUBLIC;
SQL
