#!/bin/sh
# Brings the engine's own tables to the version of its server; does nothing when they are.
set -eu
SQL_PASSWORD=$(cat /run/secrets/temporal_password)
export SQL_PASSWORD

bring_up_to_date() {
    at="--plugin postgres12 --ep postgres --port 5432 --user temporal --db $1"
    # shellcheck disable=SC2086
    temporal-sql-tool $at setup-schema -v 0.0
    # shellcheck disable=SC2086
    temporal-sql-tool $at update-schema -d "/etc/temporal/schema/postgresql/v12/$2/versioned"
}
bring_up_to_date temporal temporal
bring_up_to_date temporal_visibility visibility
