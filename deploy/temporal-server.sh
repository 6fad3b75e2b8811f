#!/bin/sh
# The server reads its database password from the environment only, so that it is put there inside the container.
set -eu
POSTGRES_PWD=$(cat /run/secrets/temporal_password)
export POSTGRES_PWD
exec /etc/temporal/entrypoint.sh
