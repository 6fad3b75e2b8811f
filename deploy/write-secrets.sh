#!/bin/sh
# Writes the secrets that docker-compose.yml reads, each into a file of its own, once.
# The folder is closed to others; the files are readable because the containers' users read them.
set -eu
cd "$(dirname "$0")/.."

if [ -e secrets ]; then
    echo "secrets/ exists already and is left as it is" >&2
    exit 1
fi
umask 077
mkdir secrets

word() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
keep() { printf '%s' "$2" > "secrets/$1"; chmod 444 "secrets/$1"; }

owner=$(word)
app=$(word)
keys=$(word)
keep postgres_password "$(word)"
keep keystore_password "$(word)"
keep temporal_password "$(word)"
keep owner_password "$owner"
keep app_password "$app"
keep keys_password "$keys"
keep master_key "$(head -c 32 /dev/urandom | base64 | tr -d '\n')"
keep investiture_database_url "postgresql://investiture_app:$app@postgres/investiture"
keep investiture_database_owner_url "postgresql://investiture_owner:$owner@postgres/investiture"
keep investiture_keys_url "postgresql://investiture_keys:$keys@keystore/investiture_keys"
echo "secrets/ is written; keep a copy of secrets/master_key apart from every backup of the databases"
